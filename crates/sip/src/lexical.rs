// SPDX-License-Identifier: MIT OR Apache-2.0
//! The basic rules of RFC 3261 section 25.1: what is read from the front of a text, which is then shorter.

use crate::{Error, QuotedString, Text};

/// token
pub(crate) fn is_token(octet: u8) -> bool {
    // A bit for each octet: most of what is read of a message passes through here.
    #[allow(clippy::indexing_slicing)] // Done by the compiler, which checks it.
    static TOKENS: [u32; 8] = {
        let (mut bits, mut octet) = ([0; 8], 0);
        while octet < 128_u8 {
            if octet.is_ascii_alphanumeric()
                || matches!(
                    octet,
                    b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~'
                )
            {
                bits[octet as usize / 32] |= 1 << (octet % 32);
            }
            octet += 1;
        }
        bits
    };
    let bits = TOKENS.get(usize::from(octet >> 5));
    bits.is_some_and(|bits| bits >> (octet & 31) & 1 != 0)
}

/// word
pub(crate) fn is_word(octet: u8) -> bool {
    is_token(octet) || b"()<>:\\\"/[]?{}".contains(&octet)
}

/// unreserved
pub(crate) fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&octet)
}

/// WSP
pub(crate) fn is_space(octet: u8) -> bool {
    octet == b' ' || octet == b'\t'
}

/// Where a fold, CRLF and white space, ends that the text begins with.
pub(crate) fn fold_len(octets: &[u8]) -> Option<usize> {
    match octets {
        [b'\r', b'\n', space, ..] if is_space(*space) => Some(3),
        _ => None,
    }
}

impl<'a> Text<'a> {
    pub(crate) fn first(self) -> Option<u8> {
        self.octets().first().copied()
    }

    /// The first `len` octets, which go.
    pub(crate) fn take(&mut self, len: usize) -> Text<'a> {
        let (taken, rest) = self.split(len);
        *self = rest;
        taken
    }

    /// The octets of a kind that the text begins with, perhaps none.
    pub(crate) fn take_while(&mut self, kind: impl Fn(u8) -> bool) -> Text<'a> {
        let (taken, rest) = self.split_where(|octet| !kind(octet));
        *self = rest;
        taken
    }

    /// The same, and at least one.
    pub(crate) fn take_some(&mut self, kind: impl Fn(u8) -> bool) -> Result<Text<'a>, Error> {
        let taken = self.take_while(kind);
        if taken.is_empty() {
            return Err(self.syntax());
        }
        Ok(taken)
    }

    /// Whether the text begins with an octet, which goes.
    pub(crate) fn took(&mut self, octet: u8) -> bool {
        let is_there = self.first() == Some(octet);
        if is_there {
            self.take(1);
        }
        is_there
    }

    pub(crate) fn expect(&mut self, octet: u8) -> Result<(), Error> {
        if self.took(octet) {
            Ok(())
        } else {
            Err(self.syntax())
        }
    }

    /// [LWS], folds included.
    pub(crate) fn skip_space(&mut self) {
        loop {
            self.take_while(is_space);
            match fold_len(self.octets()) {
                Some(len) => self.take(len),
                None => return,
            };
        }
    }

    /// LWS, at least one.
    pub(crate) fn expect_space(&mut self) -> Result<(), Error> {
        let before = self.offset();
        self.skip_space();
        if self.offset() == before {
            return Err(self.syntax());
        }
        Ok(())
    }

    /// SEMI, EQUAL, SLASH, COMMA and so on: an octet, perhaps between spaces.
    pub(crate) fn took_separator(&mut self, octet: u8) -> bool {
        let before = *self;
        self.skip_space();
        if self.took(octet) {
            self.skip_space();
            return true;
        }
        *self = before;
        false
    }

    pub(crate) fn expect_separator(&mut self, octet: u8) -> Result<(), Error> {
        if self.took_separator(octet) {
            return Ok(());
        }
        self.skip_space();
        Err(self.syntax())
    }

    pub(crate) fn token(&mut self) -> Result<Text<'a>, Error> {
        self.take_some(is_token)
    }

    pub(crate) fn quoted_string(&mut self) -> Result<QuotedString<'a>, Error> {
        let quote = *self;
        self.expect(b'"')?;
        let start = *self;
        loop {
            // qdtext without folds.
            self.take_while(|octet| {
                octet != b'"'
                    && octet != b'\\'
                    && octet != 0x7f
                    && (octet >= b' ' || octet == b'\t')
            });
            match self.octets() {
                [b'"', ..] => {
                    let (contents, _) = start.split(self.offset() - start.offset());
                    self.take(1);
                    return Ok(QuotedString::new(contents));
                }
                // A quoted pair has any octet of ASCII but CR and LF.
                [b'\\', octet, ..] if octet.is_ascii() && !matches!(octet, b'\r' | b'\n') => {
                    self.take(2);
                }
                rest => match fold_len(rest) {
                    Some(len) => {
                        self.take(len);
                    }
                    // No end to be seen: it is the quote that is wrong.
                    None if rest.is_empty() => return Err(quote.syntax()),
                    None => return Err(self.syntax()),
                },
            }
        }
    }

    /// Nothing but space is left.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.skip_space();
        if self.is_empty() {
            Ok(())
        } else {
            Err(self.syntax())
        }
    }

    /// Without the space at its end.
    pub(crate) fn trim_end(self) -> Text<'a> {
        let is_end = |octet: &u8| !matches!(octet, b' ' | b'\t' | b'\r' | b'\n');
        let len = self
            .octets()
            .iter()
            .rposition(is_end)
            .map_or(0, |at| at + 1);
        self.split(len).0
    }
}
