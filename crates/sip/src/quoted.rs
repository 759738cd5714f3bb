// SPDX-License-Identifier: MIT OR Apache-2.0
//! Quoted strings.

use crate::Text;
use crate::lexical::{fold_len, is_space};

/// The contents of a quoted-string (RFC 3261 section 25.1), as they stand between the quotes.
///
/// Octets of 0x80 and above are taken as they are: whether they are UTF-8 is not looked at.
#[derive(Clone, Copy, Debug)]
pub struct QuotedString<'a>(Text<'a>);

impl<'a> QuotedString<'a> {
    /// What stands between the quotes. Where it could not stand there, what is meant is what is next to it: nothing
    /// fails.
    #[must_use]
    pub const fn new(contents: Text<'a>) -> Self {
        Self(contents)
    }

    /// What stands between the quotes, with its backslashes and folds.
    #[must_use]
    pub const fn raw(self) -> Text<'a> {
        self.0
    }

    /// What is meant, if that is what stands there: there are no backslashes and no folds.
    #[must_use]
    #[inline(never)]
    pub fn plain(self) -> Option<&'a [u8]> {
        let raw = self.0.octets();
        // Four octets at a time: an octet of zero alone borrows from above without having a high bit itself.
        let has = |word: u32, octet: u8| {
            let zero = word ^ u32::from_ne_bytes([octet; 4]);
            zero.wrapping_sub(0x0101_0101) & !zero & 0x8080_8080 != 0
        };
        let (words, rest) = raw.as_chunks::<4>();
        for word in words {
            let word = u32::from_ne_bytes(*word);
            if has(word, b'\\') || has(word, b'\r') {
                return None;
            }
        }
        let is_special = |octet: &u8| matches!(octet, b'\\' | b'\r');
        (!rest.iter().any(is_special)).then_some(raw)
    }

    /// What is meant: each quoted pair without its backslash, each fold as one space.
    #[must_use]
    pub const fn unescaped(self) -> Unescaped<'a> {
        Unescaped(self.0.octets())
    }

    /// Whether this is what is meant.
    #[must_use]
    pub fn is(self, octets: &[u8]) -> bool {
        self.unescaped().eq(octets.iter().copied())
    }
}

impl PartialEq for QuotedString<'_> {
    /// The same is meant.
    fn eq(&self, other: &Self) -> bool {
        self.unescaped().eq(other.unescaped())
    }
}

impl Eq for QuotedString<'_> {}

/// What a quoted string means, octet for octet.
#[derive(Clone, Debug)]
pub struct Unescaped<'a>(&'a [u8]);

impl Iterator for Unescaped<'_> {
    type Item = u8;

    #[inline(never)] // Once for all that is read octet for octet.
    fn next(&mut self) -> Option<u8> {
        let (octet, after) = match self.0 {
            [b'\r', ..] => {
                let len = fold_len(self.0).unwrap_or(1);
                let spaces = self.0.iter().skip(len);
                let spaces = spaces.take_while(|octet| is_space(**octet));
                let len = len + spaces.count();
                (b' ', self.0.get(len..).unwrap_or_default())
            }
            [b'\\', octet, after @ ..] | [octet, after @ ..] => (*octet, after),
            [] => return None,
        };
        self.0 = after;
        Some(octet)
    }
}
