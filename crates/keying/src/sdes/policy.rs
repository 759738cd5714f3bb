// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a phone offers and takes (RFC 4568 sections 5.1 and 7.1).

use sipseal_srtp::{Options, Profile};

use super::error::{Error, Reason};
use super::key_params::MAX_LIFETIME;
use super::session_params::{FecOrder, SessionParams};
use super::suite::Suite;
use super::{CryptoAttribute, MAX_KEYS, MAX_OFFERED_KEYS};

/// What to offer and what to take. The defaults are safe; what is not says so in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Each is decided on by itself.
#[non_exhaustive]
pub struct Policy<'p> {
    /// The crypto-suites to offer, the best first, and the only ones to take.
    pub suites: &'p [Profile],
    /// Take the best of ours that was offered, not the first of the other side's that is ours (section 5.1.2).
    pub own_preference: bool,
    /// **Insecure**: take lines with `UNENCRYPTED_SRTP`.
    pub insecure_unencrypted_srtp: bool,
    /// **Insecure**: take lines with `UNENCRYPTED_SRTCP`, which some phones send. Reports then tell who talks and
    /// how well it is heard; nobody can forge them.
    pub insecure_unencrypted_srtcp: bool,
    /// **Insecure**: take lines with `UNAUTHENTICATED_SRTP`.
    pub insecure_unauthenticated_srtp: bool,
    /// Take lines with `FEC_ORDER=SRTP_FEC`: the application then applies forward error correction to SRTP packets.
    pub srtp_fec: bool,
    /// Take `a=crypto` under RTP/AVP and RTP/AVPF, as phones do that encrypt where they can ("best effort"). Whoever
    /// can change the description can then take the lines away, unnoticed.
    pub plain_rtp: bool,
    /// Draw new keys of our own even where nothing else changes: to re-key, or because our address has changed (section 7.1.4).
    pub fresh_keys: bool,
    /// The address of the other side has changed: its key must be a new one (section 7.1.4).
    pub peer_moved: bool,
    /// Our master keys in each line: 1 to [`MAX_KEYS`], several only with MKIs. Lines times keys are at most
    /// [`MAX_OFFERED_KEYS`].
    pub keys: u8,
    /// Octets of the MKIs of our keys, up to 128; 0 for none.
    pub mki_len: u8,
    /// The lifetime of our keys, in packets, 2 to 2^48, to be written in our lines; the longest if there is none.
    pub lifetime: Option<u64>,
    /// Our session parameters. The negotiated ones are for offers alone: an answer has those of the offered line, which is
    /// taken as it is or not at all.
    pub params: SessionParams,
}

impl<'p> Policy<'p> {
    /// These suites, encrypted and authenticated, one key without lifetime, MKI or session parameters.
    #[must_use]
    pub const fn new(suites: &'p [Profile]) -> Self {
        Self {
            suites,
            own_preference: false,
            insecure_unencrypted_srtp: false,
            insecure_unencrypted_srtcp: false,
            insecure_unauthenticated_srtp: false,
            srtp_fec: false,
            plain_rtp: false,
            fresh_keys: false,
            peer_moved: false,
            keys: 1,
            mki_len: 0,
            lifetime: None,
            params: SessionParams::NONE,
        }
    }

    /// Whether lines can be written by it.
    pub(super) fn check(&self) -> Result<(), Error> {
        let keys = usize::from(self.keys);
        let has_room = (1..=MAX_KEYS).contains(&keys)
            && !self.suites.is_empty()
            && self.suites.len().saturating_mul(keys) <= MAX_OFFERED_KEYS
            && keys.saturating_mul(self.mki_len.into()) <= super::MAX_MKIS_LEN
            && (keys == 1 || self.mki_len > 0);
        let lifetime = self.lifetime.unwrap_or(MAX_LIFETIME);
        let mut is_valid = has_room
            && (2..=MAX_LIFETIME).contains(&lifetime)
            && self.params.is_valid()
            && self.opted_in(&self.params);
        let own = options(Options::SAFE, &self.params, self.mki_len);
        let mut left = self.suites;
        while let [profile, others @ ..] = left {
            is_valid = is_valid && profile.is_encrypting() && own.check(*profile).is_ok();
            is_valid = is_valid && !others.contains(profile);
            left = others;
        }
        is_valid.then_some(()).ok_or(Error::Policy)
    }

    /// Whether all these are allowed.
    fn opted_in(&self, params: &SessionParams) -> bool {
        (!params.unencrypted_srtp || self.insecure_unencrypted_srtp)
            && (!params.unencrypted_srtcp || self.insecure_unencrypted_srtcp)
            && (!params.unauthenticated_srtp || self.insecure_unauthenticated_srtp)
            && (params.fec_order != Some(FecOrder::SrtpFec) || self.srtp_fec)
    }

    /// Whether a line may be taken, and under which suite.
    pub(super) fn allows(&self, line: &CryptoAttribute<'_>) -> Result<Suite, Reason> {
        let known = (line.suite(), line.params());
        let (Some(suite), Some(params)) = known else {
            return Err(Reason::UnknownSuite);
        };
        let profile = suite.profile();
        if !self.suites.contains(&profile) {
            return Err(Reason::SuiteNotAllowed);
        }
        // There is no context for a stream of its own here.
        if !self.opted_in(&params) || line.has_fec_key() {
            return Err(Reason::ParameterNotAllowed);
        }
        let ours = self.params.with_negotiated(&params);
        for (params, mki_len) in [(&params, line.mki_len()), (&ours, self.mki_len)] {
            let checked = options(Options::SAFE, params, mki_len).check(profile);
            checked.map_err(|error| match error {
                sipseal_srtp::Error::Unsupported => Reason::Unsupported,
                _ => Reason::Contradiction,
            })?;
        }
        Ok(suite)
    }
}

/// The options of a sender or receiver under session parameters.
pub(super) fn options(base: Options, params: &SessionParams, mki_len: u8) -> Options {
    let mut options = base;
    options.insecure_unencrypted_srtp = params.unencrypted_srtp;
    options.insecure_unencrypted_srtcp = params.unencrypted_srtcp;
    options.insecure_unauthenticated_srtp = params.unauthenticated_srtp;
    options.mki_len = mki_len;
    options.from_to = false;
    options.key_derivation_rate = match params.kdr {
        0 => 0,
        kdr => 1_u32.checked_shl(kdr.into()).unwrap_or(0),
    };
    options
}
