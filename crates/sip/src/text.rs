// SPDX-License-Identifier: MIT OR Apache-2.0
//! A piece of a message.

use core::fmt;

use crate::Error;

/// Octets of a message, and where in it they stand.
#[derive(Clone, Copy, Default)]
pub struct Text<'a> {
    octets: &'a [u8],
    offset: usize,
}

impl<'a> Text<'a> {
    /// Octets that stand `offset` octets into a message.
    #[must_use]
    pub const fn new(octets: &'a [u8], offset: usize) -> Self {
        Self { octets, offset }
    }

    /// The octets.
    #[must_use]
    pub const fn octets(self) -> &'a [u8] {
        self.octets
    }

    /// Where the first octet stands.
    #[must_use]
    pub const fn offset(self) -> usize {
        self.offset
    }

    /// How many octets.
    #[must_use]
    pub const fn len(self) -> usize {
        self.octets.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.octets.is_empty()
    }

    /// Whether these are the same octets, in upper or lower case.
    #[must_use]
    pub fn is(self, other: impl AsRef<[u8]>) -> bool {
        self.octets.eq_ignore_ascii_case(other.as_ref())
    }

    /// A decimal number, leading zeros allowed.
    ///
    /// # Errors
    ///
    /// [`Error::Syntax`] if there is anything but digits, or nothing; [`Error::Range`] above `largest`.
    pub fn number(self, largest: u64) -> Result<u64, Error> {
        if self.is_empty() {
            return Err(self.syntax());
        }
        let mut number = Some(0_u64);
        for (at, octet) in self.octets.iter().enumerate() {
            if !octet.is_ascii_digit() {
                return Err(Error::Syntax {
                    offset: self.offset + at,
                });
            }
            number = number
                .and_then(|number| number.checked_mul(10)?.checked_add(u64::from(octet & 0x0f)));
        }
        number
            .filter(|number| *number <= largest)
            .ok_or(Error::Range {
                offset: self.offset,
            })
    }

    /// The first `len` octets and the others; all of them and none if there are fewer.
    #[must_use]
    pub(crate) fn split(self, len: usize) -> (Self, Self) {
        let (first, rest) = self
            .octets
            .split_at_checked(len)
            .unwrap_or((self.octets, &[]));
        (
            Self::new(first, self.offset),
            Self::new(rest, self.offset + first.len()),
        )
    }

    /// What stands in front of the first of these octets, and what begins with it.
    pub(crate) fn split_where(self, stop: impl Fn(u8) -> bool) -> (Self, Self) {
        let len = self.octets.iter().position(|octet| stop(*octet));
        self.split(len.unwrap_or(self.octets.len()))
    }

    pub(crate) const fn syntax(self) -> Error {
        Error::Syntax {
            offset: self.offset,
        }
    }
}

impl<'a> From<&'a [u8]> for Text<'a> {
    fn from(octets: &'a [u8]) -> Self {
        Self::new(octets, 0)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Text<'a> {
    fn from(octets: &'a [u8; N]) -> Self {
        Self::new(octets, 0)
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(text.as_bytes(), 0)
    }
}

impl AsRef<[u8]> for Text<'_> {
    fn as_ref(&self) -> &[u8] {
        self.octets
    }
}

impl PartialEq for Text<'_> {
    /// The same octets, wherever they stand.
    fn eq(&self, other: &Self) -> bool {
        self.octets == other.octets
    }
}

impl Eq for Text<'_> {}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"@{}", self.octets.escape_ascii(), self.offset)
    }
}
