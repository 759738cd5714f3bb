// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an implementation says of a packet, in words that both share.

use sipseal_srtp::{Error, Options, Profile};

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
    /// The cipher could not be run on the packet.
    CipherFailure,
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
            _ => Self::Unexpected("an error that is not about the packet"),
        }
    }
}

impl From<srtp::Error> for Refusal {
    fn from(error: srtp::Error) -> Self {
        match error {
            srtp::Error::AUTH_FAIL => Self::Authentication,
            srtp::Error::REPLAY_FAIL => Self::Replayed,
            srtp::Error::REPLAY_OLD => Self::TooOld,
            srtp::Error::BAD_PARAM | srtp::Error::PARSE_ERR => Self::Malformed,
            srtp::Error::CIPHER_FAIL => Self::CipherFailure,
            srtp::Error::CANT_CHECK => Self::EncryptionFlag,
            _ => Self::Unexpected("an error that is not about the packet"),
        }
    }
}

/// One end of a session: it sends under a key, and receives under the same key.
pub trait Endpoint {
    /// The protected packet.
    fn protect(&mut self, protocol: Protocol, packet: &[u8]) -> Result<Vec<u8>, Refusal>;

    /// The packet inside a protected one.
    fn unprotect(&mut self, protocol: Protocol, wire: &[u8]) -> Result<Vec<u8>, Refusal>;
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
    /// Replay window, in packets: 64, 128 or 1,024. That of SRTCP is always 128 in libsrtp.
    pub window: usize,
    pub options: Options,
}

impl Setup {
    /// A random key, a window of 128, and as much security as the profile has.
    pub fn new(random: &mut Random, profile: Profile) -> Self {
        let mut options = Options::SAFE;
        options.insecure_unencrypted_srtp = !profile.is_encrypting();
        options.insecure_unencrypted_srtcp = !profile.is_encrypting();
        Self {
            profile,
            key_and_salt: random.octets(profile.key_len() + profile.salt_len()),
            window: 128,
            options,
        }
    }
}
