// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a session does beside its profile. The defaults are safe; what is not says so in its name.

use crate::roc_transmission::{RocMode, RocTransmission};
use crate::{Error, Profile};

/// Longest MKI in octets (RFC 4568 section 6.1).
pub const MAX_MKI_LEN: usize = 128;

/// Largest key derivation rate (RFC 3711 section 4.3.1).
pub const MAX_KEY_DERIVATION_RATE: u32 = 1 << 24;

/// Options of a [`Sender`](crate::Sender) or [`Receiver`](crate::Receiver). Both ends must agree on them.
///
/// All are there in every build; one whose Cargo feature was left out is [`Error::Unsupported`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Each stands for a parameter that is signalled by itself.
#[non_exhaustive]
pub struct Options {
    /// **Insecure**: SRTP payloads are authenticated but not encrypted, and anyone hears the call: the
    /// session parameter `UNENCRYPTED_SRTP` (RFC 4568 section 6.3.2). Not for an AEAD, which has no such
    /// SRTP packets (RFC 7714 section 8.2).
    pub insecure_unencrypted_srtp: bool,
    /// **Insecure**: SRTCP packets are authenticated but not encrypted: the session parameter
    /// `UNENCRYPTED_SRTCP`. A sender leaves the E flag off; a receiver takes either kind with or without
    /// this, since each packet says, under its tag, which it is.
    pub insecure_unencrypted_srtcp: bool,
    /// **Insecure**: SRTP packets are encrypted but not authenticated, and anyone can change them unseen,
    /// also their place in the stream, replay them, or put the stream so far ahead that its own packets are too
    /// old: the session parameter `UNAUTHENTICATED_SRTP` (RFC 4568 section 6.3.3). SRTCP stays authenticated.
    /// Not for an AEAD.
    pub insecure_unauthenticated_srtp: bool,
    /// What a receiver does with an authentic packet from an SSRC that has no stream.
    pub admission: Admission,
    /// A sender may protect a packet with an index that it has used before, within the replay window: to
    /// retransmit. **The packet must be the very same**: another one under the same index gives both away.
    pub retransmission: bool,
    /// Octets of the master key identifier in each packet, at most [`MAX_MKI_LEN`]; 0 for none. Keys are
    /// then added with their MKIs (RFC 3711 section 3.1).
    pub mki_len: u8,
    /// Each key is for a range of SRTP indices, `<From, To>` (RFC 3711 section 8.1.1), and none is named in
    /// packets: not with an MKI.
    pub from_to: bool,
    /// Packets after which session keys are derived anew: 0 for never, or a power of two up to
    /// [`MAX_KEY_DERIVATION_RATE`] (RFC 3711 section 4.3.1). The context then keeps the master key. A packet
    /// from elsewhere in the index space, also a forged one, costs the receiver a derivation.
    pub key_derivation_rate: u32,
    /// Elements of the RTP header extension are encrypted, those that are named one by one (RFC 6904).
    pub encrypted_elements: bool,
    /// Header extensions and contributing sources are encrypted, all of them (RFC 9335). A receiver also
    /// takes packets sent without.
    pub cryptex: bool,
    /// Packets carry the ROC, for those who join late (RFC 4771). Not for an AEAD.
    pub roc_transmission: Option<RocTransmission>,
}

/// What a receiver does with an authentic packet from an SSRC that has no stream.
///
/// The number of streams is fixed by the storage. Replacing or removing a stream forgets which of its packets were
/// seen: all of them could be played again, in order, and so take a stream from another SSRC, which cannot come
/// back by itself once it is past ROC 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Admission {
    /// It takes a free stream; with all streams taken it is refused.
    #[default]
    WhileFree,
    /// It is refused: streams are added by their SSRC.
    ListedOnly,
    /// It takes a free stream or, with all streams taken, that of the SSRC that has been silent longest,
    /// except those that were added by their SSRC.
    ReplacingOldest,
}

impl Options {
    /// The safe options: encrypted and authenticated, new SSRCs admitted while there are free streams.
    pub const SAFE: Self = Self {
        insecure_unencrypted_srtp: false,
        insecure_unencrypted_srtcp: false,
        insecure_unauthenticated_srtp: false,
        admission: Admission::WhileFree,
        retransmission: false,
        mki_len: 0,
        from_to: false,
        key_derivation_rate: 0,
        encrypted_elements: false,
        cryptex: false,
        roc_transmission: None,
    };

    /// Whether the options are in this build, in their range, and can stand together and with `profile`.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`], [`Error::Layout`], [`Error::Insecure`] or [`Error::Contradiction`].
    pub fn check(self, profile: Profile) -> Result<(), Error> {
        if self != self.of_this_build() {
            return Err(Error::Unsupported);
        }
        let rate = self.key_derivation_rate();
        if usize::from(self.mki_len()) > MAX_MKI_LEN
            || !(rate == 0 || rate.is_power_of_two() && rate <= MAX_KEY_DERIVATION_RATE)
        {
            return Err(Error::Layout);
        }
        let unencrypted = self.unencrypted_srtp();
        let opted_in = unencrypted && self.insecure_unencrypted_srtcp;
        if !profile.is_encrypting() && !opted_in {
            return Err(Error::Insecure);
        }
        let unauthenticated = self.unauthenticated_srtp();
        let hides_headers = self.encrypted_elements() || self.cryptex();
        let contradicts = profile.is_aead() && (unencrypted || unauthenticated)
            || self.mki_len() > 0 && self.selects_by_index()
            || self.encrypted_elements() && self.cryptex()
            || hides_headers && unencrypted
            || self.cryptex() && unauthenticated;
        if contradicts {
            return Err(Error::Contradiction);
        }
        if self.encrypted_elements() && profile.is_f8() {
            return Err(Error::Unsupported);
        }
        match self.roc_transmission() {
            Some(carried) => carried.check(profile, unauthenticated),
            None => Ok(()),
        }
    }

    /// The options without what was left out of the build.
    fn of_this_build(self) -> Self {
        Self {
            insecure_unencrypted_srtp: self.unencrypted_srtp(),
            insecure_unencrypted_srtcp: self.insecure_unencrypted_srtcp,
            insecure_unauthenticated_srtp: self.unauthenticated_srtp(),
            admission: self.admission(),
            retransmission: self.retransmission(),
            mki_len: self.mki_len(),
            from_to: self.selects_by_index(),
            key_derivation_rate: self.key_derivation_rate(),
            encrypted_elements: self.encrypted_elements(),
            cryptex: self.cryptex(),
            roc_transmission: self.roc_transmission(),
        }
    }
}

/// The options as the rest of the crate asks for them: what is left out of a build is constant here, and its
/// code goes with it.
impl Options {
    pub(crate) const fn unencrypted_srtp(self) -> bool {
        cfg!(feature = "insecure") && self.insecure_unencrypted_srtp
    }

    pub(crate) const fn unauthenticated_srtp(self) -> bool {
        cfg!(feature = "insecure") && self.insecure_unauthenticated_srtp
    }

    pub(crate) const fn admission(self) -> Admission {
        if cfg!(feature = "streams") {
            self.admission
        } else {
            Admission::WhileFree
        }
    }

    pub(crate) const fn retransmission(self) -> bool {
        cfg!(feature = "streams") && self.retransmission
    }

    pub(crate) const fn mki_len(self) -> u8 {
        if cfg!(feature = "rekeying") {
            self.mki_len
        } else {
            0
        }
    }

    pub(crate) const fn selects_by_index(self) -> bool {
        cfg!(feature = "rekeying") && self.from_to
    }

    pub(crate) const fn key_derivation_rate(self) -> u32 {
        if cfg!(feature = "rekeying") {
            self.key_derivation_rate
        } else {
            0
        }
    }

    pub(crate) const fn encrypted_elements(self) -> bool {
        cfg!(feature = "rfc6904") && self.encrypted_elements
    }

    pub(crate) const fn cryptex(self) -> bool {
        cfg!(feature = "rfc9335") && self.cryptex
    }

    pub(crate) fn roc_transmission(self) -> Option<RocTransmission> {
        self.roc_transmission.filter(|carried| {
            let built = cfg!(feature = "rfc4771");
            built && (cfg!(feature = "insecure") || carried.mode != RocMode::Unauthenticated)
        })
    }
}
