// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hashing into hexadecimal digits.

use core::fmt;
use core::hint::black_box;

use md5::{Digest, Md5};
use sha2::{Sha256, Sha512_256};
use sipseal_sip::QuotedString;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Hash;

/// A digest in lower-case hexadecimal digits. It may be a secret: it is wiped when dropped, and prints nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct HexDigest {
    digits: [u8; 64],
    len: usize,
}

impl HexDigest {
    pub(crate) const EMPTY: Self = Self {
        digits: [0; 64],
        len: 0,
    };

    /// Digits of the length of a hash. `None` if they are of another length or not lower-case hexadecimal digits.
    #[must_use]
    pub fn from_hex(hash: Hash, text: &[u8]) -> Option<Self> {
        let mut hex = Self::EMPTY;
        hex.len = hash.hex_len();
        if text.len() != hex.len {
            return None;
        }
        let mut wrong = 0;
        for (to, from) in hex.digits.iter_mut().zip(text) {
            *to = *from;
            // All of them are looked at alike, since they may be secret.
            wrong |= is_above(from.wrapping_sub(b'0'), 9) & is_above(from.wrapping_sub(b'a'), 5);
        }
        (wrong == 0).then_some(hex)
    }

    /// As many digits as a hash has, to be written.
    pub(crate) fn zeros(hash: Hash) -> Self {
        Self {
            digits: [0; 64],
            len: hash.hex_len(),
        }
    }

    pub(crate) fn as_bytes_mut(&mut self) -> &mut [u8] {
        self.digits.get_mut(..self.len).unwrap_or_default()
    }

    pub(crate) fn of_octets(octets: &[u8]) -> Self {
        let mut hex = Self::EMPTY;
        let (pairs, _) = hex.digits.as_chunks_mut::<2>();
        for (pair, octet) in pairs.iter_mut().zip(octets) {
            *pair = [hex_digit(octet >> 4), hex_digit(octet & 0x0f)];
        }
        hex.len = octets.len().min(32) * 2;
        hex
    }

    /// The digits.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.digits.get(..self.len).unwrap_or_default()
    }
}

impl fmt::Debug for HexDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HexDigest { .. }")
    }
}

/// The digit of 0 to 15, without a branch or a table.
pub(crate) fn hex_digit(value: u8) -> u8 {
    value + b'0' + is_above(value, 9) * (b'a' - b'9' - 1)
}

/// 1 if a value is above a limit, 0 if not. Compilers would make a condition of a comparison.
pub(crate) fn is_above(value: u8, limit: u8) -> u8 {
    let difference = black_box(u16::from(limit).wrapping_sub(u16::from(value)));
    (difference >> 15) as u8
}

/// Parts that are hashed one after the other.
pub(crate) enum Hasher {
    Md5(Md5),
    Sha256(Sha256),
    Sha512_256(Sha512_256),
}

impl Hasher {
    pub(crate) fn new(hash: Hash) -> Self {
        match hash {
            Hash::Md5 => Self::Md5(Md5::new()),
            Hash::Sha256 => Self::Sha256(Sha256::new()),
            Hash::Sha512_256 => Self::Sha512_256(Sha512_256::new()),
        }
    }

    #[inline(never)] // Once for all that is hashed.
    pub(crate) fn update(&mut self, part: &[u8]) {
        match self {
            Self::Md5(md5) => md5.update(part),
            Self::Sha256(sha256) => sha256.update(part),
            Self::Sha512_256(sha512_256) => sha512_256.update(part),
        }
    }

    /// What a quoted string means.
    pub(crate) fn update_quoted(&mut self, part: QuotedString<'_>) {
        let raw = part.raw().octets();
        if !raw.iter().any(|octet| matches!(octet, b'\\' | b'\r')) {
            return self.update(raw);
        }
        for octet in part.unescaped() {
            self.update(&[octet]);
        }
    }

    #[inline(never)]
    pub(crate) fn finish(&mut self) -> HexDigest {
        let mut octets = [0; 32];
        let len = match self {
            Self::Md5(md5) => {
                if let Some(octets) = octets.first_chunk_mut::<16>() {
                    md5.finalize_into_reset(octets.into());
                }
                16
            }
            Self::Sha256(sha256) => {
                sha256.finalize_into_reset((&mut octets).into());
                32
            }
            Self::Sha512_256(sha512_256) => {
                sha512_256.finalize_into_reset((&mut octets).into());
                32
            }
        };
        let hex = HexDigest::of_octets(octets.get(..len).unwrap_or_default());
        octets.zeroize();
        hex
    }
}

/// The hash of octets.
#[inline(never)]
pub(crate) fn hash_one(hash: Hash, octets: &[u8]) -> HexDigest {
    let mut hasher = Hasher::new(hash);
    hasher.update(octets);
    hasher.finish()
}

/// H(A1) of a password, before any `-sess`: what a server or a phone can keep instead of it (RFC 7616 section 3.4.2).
#[must_use]
pub fn hash_a1(hash: Hash, username: &[u8], realm: &[u8], password: &[u8]) -> HexDigest {
    let mut hasher = Hasher::new(hash);
    hasher.update(username);
    hasher.update(b":");
    hasher.update(realm);
    hasher.update(b":");
    hasher.update(password);
    hasher.finish()
}

/// The hash of a user name, which stands for it where a server asks to hide it (RFC 7616 section 3.4.4).
#[must_use]
pub fn user_hash(hash: Hash, username: &[u8], realm: &[u8]) -> HexDigest {
    let mut hasher = Hasher::new(hash);
    hasher.update(username);
    hasher.update(b":");
    hasher.update(realm);
    hasher.finish()
}

/// The same, of a realm that may have backslashes.
#[inline(never)]
pub(crate) fn user_hash_quoted(hash: Hash, username: &[u8], realm: QuotedString<'_>) -> HexDigest {
    let mut hasher = Hasher::new(hash);
    hasher.update(username);
    hasher.update(b":");
    hasher.update_quoted(realm);
    hasher.finish()
}
