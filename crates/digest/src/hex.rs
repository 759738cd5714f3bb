// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hexadecimal digits, which may be secret: written and checked without a branch or a table.

use core::fmt;
use core::hint::black_box;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Hash;

/// Digits of the longest digest.
pub(crate) const MAX_HEX_LEN: usize = 64;

/// A digest in lower-case hexadecimal digits. It may be a secret: it is wiped when dropped, and prints nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct HexDigest {
    digits: [u8; MAX_HEX_LEN],
    len: usize,
}

impl HexDigest {
    pub(crate) const EMPTY: Self = Self {
        digits: [0; MAX_HEX_LEN],
        len: 0,
    };

    /// Digits of the length of a hash. `None` if they are of another length or not lower-case hexadecimal digits.
    #[must_use]
    pub fn from_hex(hash: Hash, text: &[u8]) -> Option<Self> {
        if !is_hex(hash, text) {
            return None;
        }
        let mut hex = Self::EMPTY;
        for (to, from) in hex.room(hash).iter_mut().zip(text) {
            *to = *from;
        }
        Some(hex)
    }

    /// As many digits as a hash has, to be written.
    pub(crate) fn room(&mut self, hash: Hash) -> &mut [u8] {
        self.len = hash.hex_len();
        self.digits.get_mut(..self.len).unwrap_or_default()
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

/// Whether these are lower-case hexadecimal digits, as many as a hash has. All of them are looked at alike.
#[inline(never)]
pub(crate) fn is_hex(hash: Hash, text: &[u8]) -> bool {
    let mut wrong = 0;
    for octet in text {
        wrong |= is_above(octet.wrapping_sub(b'0'), 9) & is_above(octet.wrapping_sub(b'a'), 5);
    }
    text.len() == hash.hex_len() && wrong == 0
}

/// The eight digits of a word.
#[inline(never)] // Once for all that is written.
pub(crate) fn digits(word: u32) -> [u8; 8] {
    let half = |value: u32| {
        // A nibble for each octet: first the pairs, then the nibbles of each pair are drawn apart.
        let pairs = (value | value << 8) & 0x00ff_00ff;
        let nibbles = (pairs | pairs << 4) & 0x0f0f_0f0f;
        // 1 in each octet that needs a letter.
        let letters = (nibbles + 0x0606_0606) >> 4 & 0x0101_0101;
        u64::from(nibbles + 0x3030_3030 + letters * 0x27)
    };
    (half(word >> 16) << 32 | half(word & 0xffff)).to_be_bytes()
}

/// 1 if a value is above a limit, 0 if not. Compilers would make a condition of a comparison.
fn is_above(value: u8, limit: u8) -> u8 {
    let difference = black_box(u16::from(limit).wrapping_sub(u16::from(value)));
    (difference >> 15) as u8
}

#[cfg(test)]
mod tests {
    #[test]
    fn digits_of_words() {
        for word in [0, 1, 0x0123_4567, 0x89ab_cdef, 0xdead_beef, u32::MAX] {
            let digits = super::digits(word);
            assert_eq!(&digits, std::format!("{word:08x}").as_bytes());
        }
    }
}
