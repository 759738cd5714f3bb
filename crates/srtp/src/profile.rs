// SPDX-License-Identifier: MIT OR Apache-2.0
//! Protection profiles and their parameters (RFC 3711 sections 5 and 8.2, RFC 6188, RFC 7714 sections 12 and 13).

use core::ffi::CStr;

use sipseal_cipher::Construction;

use crate::Error;

/// Octets of the master salt of every profile but the AEADs, and of the salt that key derivation works on.
pub(crate) const MAX_SALT_LEN: usize = 14;

/// Octets of the longest master key.
pub(crate) const MAX_KEY_LEN: usize = 32;

/// How packets are protected.
///
/// | profile | master key | master salt | SRTP tag | SRTCP tag | RFC |
/// | --- | --- | --- | --- | --- | --- |
/// | `AES_CM_128_HMAC_SHA1_80` | 16 | 14 | 10 | 10 | 3711 |
/// | `AES_CM_128_HMAC_SHA1_32` | 16 | 14 | 4 | 10 | 3711 |
/// | `AES_192_CM_HMAC_SHA1_80` | 24 | 14 | 10 | 10 | 6188 |
/// | `AES_192_CM_HMAC_SHA1_32` | 24 | 14 | 4 | 10 | 6188 |
/// | `AES_256_CM_HMAC_SHA1_80` | 32 | 14 | 10 | 10 | 6188 |
/// | `AES_256_CM_HMAC_SHA1_32` | 32 | 14 | 4 | 10 | 6188 |
/// | `F8_128_HMAC_SHA1_80` | 16 | 14 | 10 | 10 | 3711 |
/// | `NULL_HMAC_SHA1_80` | 16 | 14 | 10 | 10 | 3711 |
/// | `NULL_HMAC_SHA1_32` | 16 | 14 | 4 | 10 | 3711 |
/// | `AEAD_AES_128_GCM` | 16 | 12 | 16 | 16 | 7714 |
/// | `AEAD_AES_256_GCM` | 32 | 12 | 16 | 16 | 7714 |
/// | `AEAD_AES_128_GCM_8` | 16 | 12 | 8 | 8 | - |
/// | `AEAD_AES_256_GCM_8` | 32 | 12 | 8 | 8 | - |
///
/// Lengths are in octets. An SRTCP packet grows by 4 more, for the E flag and index. Each family is a Cargo
/// feature; a build without it does not have the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// AES-128 in counter mode, HMAC-SHA1 with an 80-bit tag (RFC 3711, RFC 4568 section 6.2.1).
    AesCm128HmacSha1_80,
    /// The same with a 32-bit tag on SRTP; SRTCP keeps 80 bits (RFC 4568 section 6.2.2).
    AesCm128HmacSha1_32,
    /// AES-192 in counter mode, HMAC-SHA1 with an 80-bit tag (RFC 6188).
    #[cfg(feature = "rfc6188")]
    AesCm192HmacSha1_80,
    /// The same with a 32-bit tag on SRTP.
    #[cfg(feature = "rfc6188")]
    AesCm192HmacSha1_32,
    /// AES-256 in counter mode, HMAC-SHA1 with an 80-bit tag (RFC 6188).
    #[cfg(feature = "rfc6188")]
    AesCm256HmacSha1_80,
    /// The same with a 32-bit tag on SRTP.
    #[cfg(feature = "rfc6188")]
    AesCm256HmacSha1_32,
    /// AES-128 in f8 mode, HMAC-SHA1 with an 80-bit tag (RFC 3711, RFC 4568 section 6.2.3).
    #[cfg(feature = "f8")]
    F8Aes128HmacSha1_80,
    /// No encryption, HMAC-SHA1 with an 80-bit tag (RFC 3711, RFC 5764 section 4.1.2). Both
    /// [`Options::insecure_unencrypted_srtp`](crate::Options::insecure_unencrypted_srtp) and
    /// [`Options::insecure_unencrypted_srtcp`](crate::Options::insecure_unencrypted_srtcp) must be set.
    #[cfg(feature = "insecure")]
    NullHmacSha1_80,
    /// The same with a 32-bit tag on SRTP.
    #[cfg(feature = "insecure")]
    NullHmacSha1_32,
    /// AES-128 in Galois/counter mode with a 128-bit tag (RFC 7714).
    #[cfg(feature = "gcm")]
    AeadAes128Gcm,
    /// AES-256 in Galois/counter mode with a 128-bit tag (RFC 7714).
    #[cfg(feature = "gcm")]
    AeadAes256Gcm,
    /// AES-128 in Galois/counter mode with a 64-bit tag, as in drafts before RFC 7714, which gave it up: a forgery
    /// succeeds far sooner. For gateways that offer nothing else.
    #[cfg(feature = "gcm8")]
    AeadAes128Gcm8,
    /// The same with AES-256.
    #[cfg(feature = "gcm8")]
    AeadAes256Gcm8,
}

impl Profile {
    /// Every profile of this build.
    pub const ALL: &[Self] = &[
        Self::AesCm128HmacSha1_80,
        Self::AesCm128HmacSha1_32,
        #[cfg(feature = "rfc6188")]
        Self::AesCm192HmacSha1_80,
        #[cfg(feature = "rfc6188")]
        Self::AesCm192HmacSha1_32,
        #[cfg(feature = "rfc6188")]
        Self::AesCm256HmacSha1_80,
        #[cfg(feature = "rfc6188")]
        Self::AesCm256HmacSha1_32,
        #[cfg(feature = "f8")]
        Self::F8Aes128HmacSha1_80,
        #[cfg(feature = "insecure")]
        Self::NullHmacSha1_80,
        #[cfg(feature = "insecure")]
        Self::NullHmacSha1_32,
        #[cfg(feature = "gcm")]
        Self::AeadAes128Gcm,
        #[cfg(feature = "gcm")]
        Self::AeadAes256Gcm,
        #[cfg(feature = "gcm8")]
        Self::AeadAes128Gcm8,
        #[cfg(feature = "gcm8")]
        Self::AeadAes256Gcm8,
    ];

    /// The registered name of the crypto-suite (RFC 4568 section 6.2, RFC 6188 section 4, RFC 7714 section
    /// 14.2), as a C string so that C programs can have it too. The null cipher has none in SDES; its name
    /// follows the others. Those of 64-bit AEAD tags were never registered; it is what gateways write.
    #[must_use]
    pub const fn name(self) -> &'static CStr {
        self.parameters().name
    }

    /// The profile of a crypto-suite's name, in upper or lower case.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|profile| profile.name().to_bytes().eq_ignore_ascii_case(name))
    }

    /// The cipher that a [`Storage`](crate::Storage) for this profile holds.
    #[must_use]
    pub const fn construction(self) -> Construction {
        self.parameters().construction
    }

    /// Whether one algorithm encrypts and authenticates (RFC 7714).
    #[must_use]
    pub const fn is_aead(self) -> bool {
        self.auth_key_len() == 0
    }

    /// Whether the cipher encrypts at all.
    #[must_use]
    pub const fn is_encrypting(self) -> bool {
        self.encryption_key_len() != 0
    }

    /// Whether the cipher is AES in f8 mode; never in a build without it.
    pub(crate) fn is_f8(self) -> bool {
        cfg!(feature = "f8") && self.construction() == Construction::F8Aes128HmacSha1
    }

    /// Octets of the master key.
    #[must_use]
    pub const fn key_len(self) -> usize {
        self.parameters().key_len as usize
    }

    /// Octets of the master salt, and of the session salts.
    #[must_use]
    pub const fn salt_len(self) -> usize {
        self.parameters().salt_len as usize
    }

    /// Octets of the session encryption keys: as many as of the master key, or none.
    pub(crate) const fn encryption_key_len(self) -> usize {
        self.parameters().encryption_key_len as usize
    }

    /// Octets of the session authentication keys: none for an AEAD.
    pub(crate) const fn auth_key_len(self) -> usize {
        self.parameters().auth_key_len as usize
    }

    /// Octets of the authentication tag of an SRTP packet.
    #[must_use]
    pub const fn rtp_tag_len(self) -> usize {
        self.parameters().rtp_tag_len as usize
    }

    /// Octets of the authentication tag of an SRTCP packet.
    #[must_use]
    pub const fn rtcp_tag_len(self) -> usize {
        self.parameters().rtcp_tag_len as usize
    }

    #[inline(never)] // One table, not one of each member wherever it is asked for.
    const fn parameters(self) -> &'static Parameters {
        match self {
            Self::AesCm128HmacSha1_80 => &CM_128_80,
            Self::AesCm128HmacSha1_32 => &CM_128_32,
            #[cfg(feature = "rfc6188")]
            Self::AesCm192HmacSha1_80 => &CM_192_80,
            #[cfg(feature = "rfc6188")]
            Self::AesCm192HmacSha1_32 => &CM_192_32,
            #[cfg(feature = "rfc6188")]
            Self::AesCm256HmacSha1_80 => &CM_256_80,
            #[cfg(feature = "rfc6188")]
            Self::AesCm256HmacSha1_32 => &CM_256_32,
            #[cfg(feature = "f8")]
            Self::F8Aes128HmacSha1_80 => &F8_128_80,
            #[cfg(feature = "insecure")]
            Self::NullHmacSha1_80 => &NULL_80,
            #[cfg(feature = "insecure")]
            Self::NullHmacSha1_32 => &NULL_32,
            #[cfg(feature = "gcm")]
            Self::AeadAes128Gcm => &GCM_128,
            #[cfg(feature = "gcm")]
            Self::AeadAes256Gcm => &GCM_256,
            #[cfg(feature = "gcm8")]
            Self::AeadAes128Gcm8 => &GCM_128_8,
            #[cfg(feature = "gcm8")]
            Self::AeadAes256Gcm8 => &GCM_256_8,
        }
    }
}

/// What a profile is made of; lengths in octets.
struct Parameters {
    name: &'static CStr,
    construction: Construction,
    key_len: u8,
    salt_len: u8,
    encryption_key_len: u8,
    auth_key_len: u8,
    rtp_tag_len: u8,
    rtcp_tag_len: u8,
}

const CM_128_80: Parameters = Parameters {
    name: c"AES_CM_128_HMAC_SHA1_80",
    construction: Construction::AesCm128HmacSha1,
    key_len: 16,
    salt_len: 14,
    encryption_key_len: 16,
    auth_key_len: 20,
    rtp_tag_len: 10,
    rtcp_tag_len: 10,
};
const CM_128_32: Parameters = Parameters {
    name: c"AES_CM_128_HMAC_SHA1_32",
    rtp_tag_len: 4,
    ..CM_128_80
};
#[cfg(feature = "rfc6188")]
const CM_192_80: Parameters = Parameters {
    name: c"AES_192_CM_HMAC_SHA1_80",
    construction: Construction::AesCm192HmacSha1,
    key_len: 24,
    encryption_key_len: 24,
    ..CM_128_80
};
#[cfg(feature = "rfc6188")]
const CM_192_32: Parameters = Parameters {
    name: c"AES_192_CM_HMAC_SHA1_32",
    rtp_tag_len: 4,
    ..CM_192_80
};
#[cfg(feature = "rfc6188")]
const CM_256_80: Parameters = Parameters {
    name: c"AES_256_CM_HMAC_SHA1_80",
    construction: Construction::AesCm256HmacSha1,
    key_len: 32,
    encryption_key_len: 32,
    ..CM_128_80
};
#[cfg(feature = "rfc6188")]
const CM_256_32: Parameters = Parameters {
    name: c"AES_256_CM_HMAC_SHA1_32",
    rtp_tag_len: 4,
    ..CM_256_80
};
#[cfg(feature = "f8")]
const F8_128_80: Parameters = Parameters {
    name: c"F8_128_HMAC_SHA1_80",
    construction: Construction::F8Aes128HmacSha1,
    ..CM_128_80
};
#[cfg(feature = "insecure")]
const NULL_80: Parameters = Parameters {
    name: c"NULL_HMAC_SHA1_80",
    construction: Construction::NullHmacSha1,
    encryption_key_len: 0,
    ..CM_128_80
};
#[cfg(feature = "insecure")]
const NULL_32: Parameters = Parameters {
    name: c"NULL_HMAC_SHA1_32",
    rtp_tag_len: 4,
    ..NULL_80
};
#[cfg(feature = "gcm")]
const GCM_128: Parameters = Parameters {
    name: c"AEAD_AES_128_GCM",
    construction: Construction::Aes128Gcm,
    key_len: 16,
    salt_len: 12,
    encryption_key_len: 16,
    auth_key_len: 0,
    rtp_tag_len: 16,
    rtcp_tag_len: 16,
};
#[cfg(feature = "gcm")]
const GCM_256: Parameters = Parameters {
    name: c"AEAD_AES_256_GCM",
    construction: Construction::Aes256Gcm,
    key_len: 32,
    encryption_key_len: 32,
    ..GCM_128
};

#[cfg(feature = "gcm8")]
const GCM_128_8: Parameters = Parameters {
    name: c"AEAD_AES_128_GCM_8",
    rtp_tag_len: 8,
    rtcp_tag_len: 8,
    ..GCM_128
};
#[cfg(feature = "gcm8")]
const GCM_256_8: Parameters = Parameters {
    name: c"AEAD_AES_256_GCM_8",
    rtp_tag_len: 8,
    rtcp_tag_len: 8,
    ..GCM_256
};

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
