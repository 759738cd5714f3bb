// SPDX-License-Identifier: MIT OR Apache-2.0
//! Measures sipseal beside libsrtp and rtc-srtp, on the same packets.

pub mod batch;
pub mod peers;

pub use sipseal_srtp::Profile;

/// Octets of payload: a short frame of a low-rate codec, 20 ms of G.711, 40 ms of it, a video packet.
pub const PAYLOADS: [usize; 4] = [20, 160, 320, 1200];

/// The name of a profile in the RFCs.
pub fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::AesCm128HmacSha1_80 => "AES_CM_128_HMAC_SHA1_80",
        Profile::AesCm128HmacSha1_32 => "AES_CM_128_HMAC_SHA1_32",
        Profile::AeadAes128Gcm => "AEAD_AES_128_GCM",
        Profile::AeadAes256Gcm => "AEAD_AES_256_GCM",
        _ => "other",
    }
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
