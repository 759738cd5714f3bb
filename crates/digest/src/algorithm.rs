// SPDX-License-Identifier: MIT OR Apache-2.0
//! Algorithms and qualities of protection (RFC 7616 section 3.3, RFC 8760, RFC 3310 section 3.1, RFC 4169).

use sipseal_sip::ParamValue;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// MD5: for servers that know nothing better.
    Md5,
    /// SHA-256.
    Sha256,
    /// SHA-512/256.
    Sha512_256,
}

impl Hash {
    /// Octets of a digest in hexadecimal digits.
    #[must_use]
    pub const fn hex_len(self) -> usize {
        match self {
            Self::Md5 => 32,
            Self::Sha256 | Self::Sha512_256 => 64,
        }
    }
}

/// What a challenge asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// `MD5`, or no algorithm named.
    Md5,
    /// `MD5-sess`: the secret is hashed with nonce and cnonce once, and not needed again for that nonce.
    Md5Sess,
    /// `SHA-256`
    Sha256,
    /// `SHA-256-sess`
    Sha256Sess,
    /// `SHA-512-256`
    Sha512_256,
    /// `SHA-512-256-sess`
    Sha512_256Sess,
    /// `AKAv1-MD5` (RFC 3310).
    AkaV1Md5,
    /// `AKAv2-MD5` (RFC 4169).
    AkaV2Md5,
}

impl Algorithm {
    /// All of them, weakest first.
    pub const ALL: [Self; 8] = [
        Self::Md5,
        Self::Md5Sess,
        Self::AkaV1Md5,
        Self::AkaV2Md5,
        Self::Sha256,
        Self::Sha256Sess,
        Self::Sha512_256,
        Self::Sha512_256Sess,
    ];

    /// As it stands in header fields.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Md5Sess => "MD5-sess",
            Self::Sha256 => "SHA-256",
            Self::Sha256Sess => "SHA-256-sess",
            Self::Sha512_256 => "SHA-512-256",
            Self::Sha512_256Sess => "SHA-512-256-sess",
            Self::AkaV1Md5 => "AKAv1-MD5",
            Self::AkaV2Md5 => "AKAv2-MD5",
        }
    }

    /// The hash that it works with.
    #[must_use]
    pub const fn hash(self) -> Hash {
        match self {
            Self::Md5 | Self::Md5Sess | Self::AkaV1Md5 | Self::AkaV2Md5 => Hash::Md5,
            Self::Sha256 | Self::Sha256Sess => Hash::Sha256,
            Self::Sha512_256 | Self::Sha512_256Sess => Hash::Sha512_256,
        }
    }

    /// Whether it is one of the `-sess` algorithms.
    #[must_use]
    pub const fn is_session(self) -> bool {
        matches!(
            self,
            Self::Md5Sess | Self::Sha256Sess | Self::Sha512_256Sess
        )
    }

    /// Whether a SIM answers.
    #[must_use]
    pub const fn is_aka(self) -> bool {
        matches!(self, Self::AkaV1Md5 | Self::AkaV2Md5)
    }

    /// Of two that are allowed, the one of the higher rank is stronger. AKA lies between MD5, which it works with,
    /// and the others: its secret is used once.
    pub(crate) const fn rank(self) -> u8 {
        match self {
            Self::Md5 | Self::Md5Sess => 0,
            Self::AkaV1Md5 => 1,
            Self::AkaV2Md5 => 2,
            Self::Sha256 | Self::Sha256Sess => 3,
            Self::Sha512_256 | Self::Sha512_256Sess => 4,
        }
    }

    pub(crate) fn named(value: Option<ParamValue<'_>>) -> Option<Self> {
        let Some(value) = value else {
            return Some(Self::Md5);
        };
        Self::ALL.into_iter().find(|known| value.is(known.name()))
    }
}

/// A set of algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Algorithms(u16);

impl Algorithms {
    /// All that there are.
    pub const ALL: Self = Self(0xff);
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// All but those of MD5 alone: SHA-256, SHA-512/256 and AKA.
    pub const STRONG: Self = Self::ALL
        .without(Algorithm::Md5)
        .without(Algorithm::Md5Sess);

    /// A bit for each, in the order in which [`Algorithm`] names them: 1 is [`Algorithm::Md5`], 2
    /// [`Algorithm::Md5Sess`], 4 [`Algorithm::Sha256`], up to 128 for [`Algorithm::AkaV2Md5`]. `None` if there are
    /// others.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Option<Self> {
        if bits > Self::ALL.0 as u32 {
            return None;
        }
        #[allow(clippy::cast_possible_truncation)] // Compared above.
        Some(Self(bits as u16))
    }

    /// These and another.
    #[must_use]
    pub const fn with(self, algorithm: Algorithm) -> Self {
        Self(self.0 | 1 << algorithm as u16)
    }

    /// These but for one.
    #[must_use]
    pub const fn without(self, algorithm: Algorithm) -> Self {
        Self(self.0 & !(1 << algorithm as u16))
    }

    /// Whether it is one of these.
    #[must_use]
    pub const fn contains(self, algorithm: Algorithm) -> bool {
        self.0 & 1 << algorithm as u16 != 0
    }
}

/// Quality of protection: what a response protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qop {
    /// Method and URI.
    Auth,
    /// The body too.
    AuthInt,
}

impl Qop {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::AuthInt => "auth-int",
        }
    }
}
