// SPDX-License-Identifier: MIT OR Apache-2.0
//! Protection profiles and their parameters (RFC 3711 sections 5 and 8.2, RFC 7714 sections 12 and 13).

use core::ffi::CStr;

use sipseal_cipher::Construction;

use crate::Error;

/// Most octets that protection adds to any packet: SRTCP with a 128-bit tag.
pub const MAX_TRAILER_LEN: usize = 4 + 16;

/// Octets of the master salt of a counter-mode profile, and of the salt that key derivation works on.
pub(crate) const CM_SALT_LEN: usize = 14;

/// How packets are protected.
///
/// | profile | master key | master salt | SRTP tag | SRTCP tag |
/// | --- | --- | --- | --- | --- |
/// | `AES_CM_128_HMAC_SHA1_80` | 16 | 14 | 10 | 10 |
/// | `AES_CM_128_HMAC_SHA1_32` | 16 | 14 | 4 | 10 |
/// | `AEAD_AES_128_GCM` | 16 | 12 | 16 | 16 |
/// | `AEAD_AES_256_GCM` | 32 | 12 | 16 | 16 |
///
/// Lengths are in octets. An SRTCP packet grows by 4 more, for the E flag and index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// AES-128 in counter mode, HMAC-SHA1 with an 80-bit tag (RFC 3711, RFC 4568 section 6.2.1).
    AesCm128HmacSha1_80,
    /// The same with a 32-bit tag on SRTP; SRTCP keeps 80 bits (RFC 4568 section 6.2.2).
    AesCm128HmacSha1_32,
    /// AES-128 in Galois/counter mode with a 128-bit tag (RFC 7714).
    AeadAes128Gcm,
    /// AES-256 in Galois/counter mode with a 128-bit tag (RFC 7714).
    AeadAes256Gcm,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 4] = [
        Self::AesCm128HmacSha1_80,
        Self::AesCm128HmacSha1_32,
        Self::AeadAes128Gcm,
        Self::AeadAes256Gcm,
    ];

    /// The registered name of the crypto-suite (RFC 4568 section 6.2, RFC 7714 section 14.2), as a C string
    /// so that C programs can have it too.
    #[must_use]
    pub const fn name(self) -> &'static CStr {
        match self {
            Self::AesCm128HmacSha1_80 => c"AES_CM_128_HMAC_SHA1_80",
            Self::AesCm128HmacSha1_32 => c"AES_CM_128_HMAC_SHA1_32",
            Self::AeadAes128Gcm => c"AEAD_AES_128_GCM",
            Self::AeadAes256Gcm => c"AEAD_AES_256_GCM",
        }
    }

    /// The profile of a crypto-suite's name, in upper or lower case.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.name().to_bytes().eq_ignore_ascii_case(name))
    }

    /// The cipher that a [`Storage`](crate::Storage) for this profile holds.
    #[must_use]
    pub const fn construction(self) -> Construction {
        match self {
            Self::AesCm128HmacSha1_80 | Self::AesCm128HmacSha1_32 => Construction::AesCm128HmacSha1,
            Self::AeadAes128Gcm => Construction::Aes128Gcm,
            Self::AeadAes256Gcm => Construction::Aes256Gcm,
        }
    }

    /// Whether one algorithm encrypts and authenticates (RFC 7714).
    #[must_use]
    pub const fn is_aead(self) -> bool {
        matches!(self, Self::AeadAes128Gcm | Self::AeadAes256Gcm)
    }

    /// Octets of the master key, and of the session encryption keys.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::AeadAes256Gcm => 32,
            _ => 16,
        }
    }

    /// Octets of the master salt, and of the session salts.
    #[must_use]
    pub const fn salt_len(self) -> usize {
        if self.is_aead() { 12 } else { CM_SALT_LEN }
    }

    /// Octets of the session authentication keys: none for an AEAD.
    #[must_use]
    pub(crate) const fn auth_key_len(self) -> usize {
        if self.is_aead() { 0 } else { 20 }
    }

    /// Octets that protection adds to an RTP packet: the tag.
    #[must_use]
    pub const fn rtp_trailer_len(self) -> usize {
        match self {
            Self::AesCm128HmacSha1_80 => 10,
            Self::AesCm128HmacSha1_32 => 4,
            Self::AeadAes128Gcm | Self::AeadAes256Gcm => 16,
        }
    }

    /// Octets that protection adds to an RTCP packet: the E flag with the index, and the tag.
    #[must_use]
    pub const fn rtcp_trailer_len(self) -> usize {
        4 + if self.is_aead() { 16 } else { 10 }
    }
}

/// A master key and master salt, borrowed from the caller, who wipes them after use.
///
/// The secret that SDES and MIKEY carry is the one followed by the other; DTLS-SRTP exports them apart.
#[derive(Clone, Copy)]
pub struct MasterKey<'k> {
    pub(crate) key: &'k [u8],
    pub(crate) salt: &'k [u8],
}

impl<'k> MasterKey<'k> {
    /// A master key and a master salt. Their lengths are checked where a profile meets them.
    #[must_use]
    pub const fn new(key: &'k [u8], salt: &'k [u8]) -> Self {
        Self { key, salt }
    }

    /// A master key followed by its master salt, as `profile` divides them.
    ///
    /// # Errors
    ///
    /// [`Error::KeyLength`] if `key_and_salt` does not have the length of both together.
    pub fn from_concatenated(profile: Profile, key_and_salt: &'k [u8]) -> Result<Self, Error> {
        let (key, salt) = key_and_salt
            .split_at_checked(profile.key_len())
            .ok_or(Error::KeyLength)?;
        let master = Self { key, salt };
        master.check(profile)?;
        Ok(master)
    }

    /// Whether key and salt have the lengths that `profile` takes.
    ///
    /// # Errors
    ///
    /// [`Error::KeyLength`].
    pub fn check(&self, profile: Profile) -> Result<(), Error> {
        if self.key.len() == profile.key_len() && self.salt.len() == profile.salt_len() {
            Ok(())
        } else {
            Err(Error::KeyLength)
        }
    }
}

impl core::fmt::Debug for MasterKey<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("MasterKey { .. }")
    }
}
