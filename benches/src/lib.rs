// SPDX-License-Identifier: MIT OR Apache-2.0
//! Measures sipseal beside libsrtp and rtc-srtp, on the same packets.

pub mod batch;
pub mod peers;
pub mod report;

pub use sipseal_srtp::Profile;

/// Octets of payload: a short frame of a low-rate codec, 20 ms of G.711, 40 ms of it, a video packet.
pub const PAYLOADS: [usize; 4] = [20, 160, 320, 1200];

/// The profiles that all implementations have.
pub const PROFILES: [Profile; 4] = [
    Profile::AesCm128HmacSha1_80,
    Profile::AesCm128HmacSha1_32,
    Profile::AeadAes128Gcm,
    Profile::AeadAes256Gcm,
];

/// The name of a profile in the RFCs.
pub fn profile_name(profile: Profile) -> &'static str {
    profile.name().to_str().expect("a name is ASCII")
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Protect,
    Unprotect,
}

impl Operation {
    pub const BOTH: [Self; 2] = [Self::Protect, Self::Unprotect];

    pub fn name(self) -> &'static str {
        match self {
            Self::Protect => "protect",
            Self::Unprotect => "unprotect",
        }
    }
}
