// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an implementation says of a packet, in words that both share.

use sipseal_srtp::{Admission, Error, Options, Profile};
use srtp::sys;

use crate::random::Random;

/// SRTP or SRTCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    Rtp,
    Rtcp,
}

/// Why a packet was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Refusal {
    Authentication,
    Replayed,
    TooOld,
    /// Too short for its own header or for the trailer.
    Malformed,
    /// Not version 2.
    Version,
    /// The E flag is not what the receiver was set up for.
    EncryptionFlag,
    StreamLimit,
    TooLong,
    /// No key has the MKI.
    UnknownKey,
    /// A header extension without the form of RFC 8285.
    Extension,
    /// The cipher could not be run on the packet.
    CipherFailure,
    /// There is no such stream to change.
    UnknownStream,
    /// Not handed over: it would have been read beyond its end.
    NotTried,
    /// Nothing that a packet should bring about.
    Unexpected(&'static str),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Authentication => Self::Authentication,
            Error::Replayed => Self::Replayed,
            Error::TooOld => Self::TooOld,
            Error::Truncated { .. } => Self::Malformed,
            Error::Version => Self::Version,
            Error::StreamLimit => Self::StreamLimit,
            Error::PacketTooLong => Self::TooLong,
            Error::UnknownKey => Self::UnknownKey,
            Error::Extension => Self::Extension,
            Error::UnknownStream => Self::UnknownStream,
            _ => Self::Unexpected("an error that is not about the packet"),
        }
    }
}

impl Refusal {
    /// What libsrtp answers to a packet call.
    pub fn of_packet(status: sys::srtp_err_status_t) -> Result<(), Self> {
        Err(match status {
            sys::srtp_err_status_t_srtp_err_status_ok => return Ok(()),
            sys::srtp_err_status_t_srtp_err_status_auth_fail => Self::Authentication,
            sys::srtp_err_status_t_srtp_err_status_replay_fail => Self::Replayed,
            sys::srtp_err_status_t_srtp_err_status_replay_old
            | sys::srtp_err_status_t_srtp_err_status_pkt_idx_old => Self::TooOld,
            sys::srtp_err_status_t_srtp_err_status_bad_param
            | sys::srtp_err_status_t_srtp_err_status_parse_err => Self::Malformed,
            sys::srtp_err_status_t_srtp_err_status_cipher_fail => Self::CipherFailure,
            sys::srtp_err_status_t_srtp_err_status_cant_check => Self::EncryptionFlag,
            sys::srtp_err_status_t_srtp_err_status_bad_mki => Self::UnknownKey,
            sys::srtp_err_status_t_srtp_err_status_no_ctx => Self::StreamLimit,
            _ => Self::Unexpected("an error that is not about the packet"),
        })
    }

    /// What libsrtp answers to a change of one of its streams.
    pub fn of_change(status: sys::srtp_err_status_t) -> Result<(), Self> {
        Err(match status {
            sys::srtp_err_status_t_srtp_err_status_ok => return Ok(()),
            sys::srtp_err_status_t_srtp_err_status_bad_param
            | sys::srtp_err_status_t_srtp_err_status_no_ctx => Self::UnknownStream,
            _ => Self::Unexpected("an error that is not about a stream"),
        })
    }
}

/// A master key with its salt, and its MKI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedKey {
    pub mki: Vec<u8>,
    pub key_and_salt: Vec<u8>,
}

/// Something that happens to a session between packets.
#[derive(Clone, Debug)]
pub enum Change {
    /// From now on, packets are sent with the key of this MKI.
    UseKey(Vec<u8>),
    /// There are these keys, and no others. The ROCs stay.
    Keys(Vec<NamedKey>),
    /// The one key without MKI is replaced; the ROCs stay.
    Rekey(Vec<u8>),
    /// The same, and every stream starts again.
    Reset(Vec<u8>),
    AddStream(u32),
    RemoveStream(u32),
    /// The next packet of an SSRC has this ROC.
    SetRoc(u32, u32),
}

/// The answers of the sender and of the receiver.
pub type Both<T> = [Result<T, Refusal>; 2];

/// One end of a session: it sends under a key, and receives under the same key.
pub trait Endpoint {
    /// The protected packet.
    fn protect(&mut self, protocol: Protocol, packet: &[u8]) -> Result<Vec<u8>, Refusal>;

    /// The packet inside a protected one.
    fn unprotect(&mut self, protocol: Protocol, wire: &[u8]) -> Result<Vec<u8>, Refusal>;

    /// Changes sender and receiver.
    fn change(&mut self, change: &Change) -> Both<()>;

    /// The ROCs of an SSRC.
    fn roc(&mut self, ssrc: u32) -> Both<u32>;
}

/// What happens in a run, beside packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Each by itself, or any together.
pub struct Changes {
    /// Master keys are replaced while the ROCs go on.
    pub keys: bool,
    /// The master key is replaced and the ROCs start again.
    pub resets: bool,
    /// Streams are removed, and some added by their SSRC.
    pub streams: bool,
    /// ROCs are set.
    pub rocs: bool,
}

impl Changes {
    pub const NONE: Self = Self {
        keys: false,
        resets: false,
        streams: false,
        rocs: false,
    };
}

/// The profiles that libsrtp has too.
pub fn profiles() -> impl Iterator<Item = Profile> {
    Profile::ALL
        .iter()
        .copied()
        .filter(|profile| *profile != Profile::F8Aes128HmacSha1_80)
}

/// How both ends are set up.
#[derive(Clone, Debug)]
pub struct Setup {
    pub profile: Profile,
    /// Master key, then master salt.
    pub key_and_salt: Vec<u8>,
    /// The keys of a session with MKIs, in place of the one above.
    pub keys: Vec<NamedKey>,
    /// Replay window, in packets. That of SRTCP is always 128 in libsrtp.
    pub window: usize,
    pub options: Options,
    /// IDs of the header extension elements that are encrypted.
    pub element_ids: Vec<u8>,
    pub changes: Changes,
}

impl Setup {
    /// A random key, a window of 128, and as much security as the profile has.
    pub fn new(random: &mut Random, profile: Profile) -> Self {
        let mut options = Options::SAFE;
        options.insecure_unencrypted_srtp = !profile.is_encrypting();
        options.insecure_unencrypted_srtcp = !profile.is_encrypting();
        Self {
            profile,
            key_and_salt: key_and_salt(random, profile),
            keys: Vec::new(),
            window: 128,
            options,
            element_ids: Vec::new(),
            changes: Changes::NONE,
        }
    }

    /// Gives it `count` keys with MKIs of `mki_len` octets, in place of its one key.
    pub fn set_keys(&mut self, random: &mut Random, count: usize, mki_len: usize) {
        self.options.mki_len = u8::try_from(mki_len).unwrap();
        self.keys.clear();
        for _ in 0..count {
            let key = self.another_key(random);
            self.keys.push(key);
        }
    }

    /// A key with an MKI that no other has.
    pub fn another_key(&self, random: &mut Random) -> NamedKey {
        loop {
            let mki = random.octets(usize::from(self.options.mki_len));
            if self.keys.iter().all(|key| key.mki != mki) {
                let key_and_salt = key_and_salt(random, self.profile);
                return NamedKey { mki, key_and_salt };
            }
        }
    }

    /// Encrypts the header extension elements with these IDs.
    pub fn set_element_ids(&mut self, ids: &[u8]) {
        self.options.encrypted_elements = true;
        self.element_ids = ids.to_vec();
    }

    /// Whether streams are made by their SSRC only.
    pub fn is_listed_only(&self) -> bool {
        self.options.admission == Admission::ListedOnly
    }

    /// Octets of MKI in every packet.
    pub fn mki_len(&self) -> usize {
        usize::from(self.options.mki_len)
    }

    /// Octets of the tag of an SRTP packet.
    pub fn rtp_tag_len(&self) -> usize {
        if self.options.insecure_unauthenticated_srtp {
            0
        } else {
            self.profile.rtp_tag_len()
        }
    }
}

/// A random master key with its salt.
pub fn key_and_salt(random: &mut Random, profile: Profile) -> Vec<u8> {
    random.octets(profile.key_len() + profile.salt_len())
}
