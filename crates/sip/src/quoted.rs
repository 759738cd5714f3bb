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

    /// What is meant: each quoted pair without its backslash, each fold as one space.
    pub fn unescaped(self) -> impl Iterator<Item = u8> + Clone + 'a {
        let mut rest = self.0.octets();
        core::iter::from_fn(move || {
            let (octet, after) = match rest {
                [b'\r', ..] => {
                    let len = fold_len(rest).unwrap_or(1);
                    let spaces = rest.iter().skip(len).take_while(|octet| is_space(**octet));
                    let len = len + spaces.count();
                    (b' ', rest.get(len..).unwrap_or_default())
                }
                [b'\\', octet, after @ ..] | [octet, after @ ..] => (*octet, after),
                [] => return None,
            };
            rest = after;
            Some(octet)
        })
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
