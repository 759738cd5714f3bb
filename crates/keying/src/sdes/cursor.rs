// SPDX-License-Identifier: MIT OR Apache-2.0
//! A line as it is read, from left to right (RFC 4568 section 9).

use core::fmt;

use super::error::{Fault, Reason};

/// What is left of a line, and where in it that is. After a failure that is where the fault lies.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'l> {
    pub(super) rest: &'l [u8],
    pub(super) offset: usize,
}

/// Without the text, which may be a key.
impl fmt::Debug for Cursor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor")
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

pub(super) fn is_white(c: u8) -> bool {
    c == b' ' || c == b'\t'
}

fn is_of_names(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_'
}

fn is_digit(c: u8) -> bool {
    c.is_ascii_digit()
}

/// Digits of a number that 64 bits always hold.
const MAX_DIGITS: usize = 19;

impl<'l> Cursor<'l> {
    pub(super) fn new(line: &'l [u8]) -> Self {
        Self {
            rest: line,
            offset: 0,
        }
    }

    pub(super) fn fault(&self, reason: Reason) -> Fault {
        Fault {
            reason,
            offset: self.offset,
        }
    }

    pub(super) fn is_at(&self, c: u8) -> bool {
        self.rest.first() == Some(&c)
    }

    /// Whether a word has come to its end.
    pub(super) fn ends_word(&self) -> bool {
        self.rest.first().is_none_or(|c| is_white(*c))
    }

    /// Takes this many octets, unseen.
    pub(super) fn take(&mut self, len: usize) -> Option<&'l [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        self.offset += len;
        Some(taken)
    }

    /// Takes the octets that `accept` holds for.
    pub(super) fn take_while(&mut self, accept: fn(u8) -> bool) -> &'l [u8] {
        let len = self.rest.iter().take_while(|c| accept(**c)).count();
        self.take(len).unwrap_or_default()
    }

    /// Takes `text`, in upper or lower case, if it is next.
    pub(super) fn take_text(&mut self, text: &[u8]) -> bool {
        let mut after = *self;
        let is_next = after
            .take(text.len())
            .is_some_and(|next| next.eq_ignore_ascii_case(text));
        if is_next {
            *self = after;
        }
        is_next
    }

    /// Takes `text`.
    pub(super) fn expect(&mut self, text: &[u8]) -> Result<(), Reason> {
        self.take_text(text).then_some(()).ok_or(Reason::Syntax)
    }

    pub(super) fn white_space(&mut self) -> Result<(), Reason> {
        let taken = self.take_while(is_white);
        (!taken.is_empty()).then_some(()).ok_or(Reason::Syntax)
    }

    /// Takes what names are made of: letters, digits and underscores.
    pub(super) fn name(&mut self) -> Result<&'l [u8], Reason> {
        let name = self.take_while(is_of_names);
        (!name.is_empty()).then_some(name).ok_or(Reason::Syntax)
    }

    /// Takes decimal digits that do not begin with a zero, or are one.
    pub(super) fn digits(&mut self, reason: Reason) -> Result<&'l [u8], Reason> {
        let mut after = *self;
        match after.take_while(is_digit) {
            [] | [b'0', _, ..] => Err(reason),
            digits => {
                *self = after;
                Ok(digits)
            }
        }
    }

    /// Takes a decimal number up to `max`.
    pub(super) fn number(&mut self, max: u64, reason: Reason) -> Result<u64, Reason> {
        let mut after = *self;
        let digits = after.digits(reason)?;
        let number = digits.iter().fold(0_u64, |number, c| {
            number
                .wrapping_mul(10)
                .wrapping_add(c.wrapping_sub(b'0').into())
        });
        if digits.len() > MAX_DIGITS || number > max {
            return Err(reason);
        }
        *self = after;
        Ok(number)
    }
}
