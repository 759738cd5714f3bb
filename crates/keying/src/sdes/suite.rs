// SPDX-License-Identifier: MIT OR Apache-2.0
//! Crypto-suites by name (RFC 4568 section 6.2, RFC 6188, RFC 7714 section 14.2).

use sipseal_srtp::Profile;

/// Other names for our profiles, as peers write them, and the registered ones.
///
/// The first two are ffmpeg's, which keeps its own reading of RFC 4568 under the registered name of the second. The
/// others are of the drafts before RFC 6188, and still FreeSWITCH's.
const OTHER_NAMES: [(&[u8], &[u8]); 6] = [
    (b"SRTP_AES128_CM_HMAC_SHA1_80", b"AES_CM_128_HMAC_SHA1_80"),
    (b"SRTP_AES128_CM_HMAC_SHA1_32", b"AES_CM_128_HMAC_SHA1_32"),
    (b"AES_CM_192_HMAC_SHA1_80", b"AES_192_CM_HMAC_SHA1_80"),
    (b"AES_CM_192_HMAC_SHA1_32", b"AES_192_CM_HMAC_SHA1_32"),
    (b"AES_CM_256_HMAC_SHA1_80", b"AES_256_CM_HMAC_SHA1_80"),
    (b"AES_CM_256_HMAC_SHA1_32", b"AES_256_CM_HMAC_SHA1_32"),
];

/// A crypto-suite that this build has, under the name that the peer has for it: an answer repeats that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suite {
    profile: Profile,
    /// Its place among the other names.
    other_name: Option<u8>,
}

impl Suite {
    /// The suite of a profile, under its registered name. The null cipher has none: nobody is to be talked into it.
    #[must_use]
    pub fn of(profile: Profile) -> Option<Self> {
        profile.is_encrypting().then_some(Self {
            profile,
            other_name: None,
        })
    }

    /// The suite with this name, in upper or lower case. Those of SEED (RFC 5669) and ARIA (RFC 8269) are not here.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        let others = OTHER_NAMES.iter().zip(0_u8..);
        let other = others
            .map(|((other, registered), position)| (other, registered, position))
            .find(|(other, ..)| other.eq_ignore_ascii_case(name));
        let registered = other.map_or(name, |(_, registered, _)| registered);
        Self::of(Profile::from_name(registered)?).map(|suite| Self {
            other_name: other.map(|(.., position)| position),
            ..suite
        })
    }

    /// How packets are protected.
    #[must_use]
    pub const fn profile(self) -> Profile {
        self.profile
    }

    /// The name in lines.
    #[must_use]
    pub fn name(self) -> &'static [u8] {
        let other = self.other_name.map(usize::from);
        other
            .and_then(|position| OTHER_NAMES.get(position))
            .map_or(self.profile.name().to_bytes(), |(other, _)| other)
    }

    /// Octets of the master key with its master salt.
    #[must_use]
    pub const fn secret_len(self) -> usize {
        self.profile.key_len() + self.profile.salt_len()
    }
}
