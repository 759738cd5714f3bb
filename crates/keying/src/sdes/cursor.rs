// SPDX-License-Identifier: MIT OR Apache-2.0
//! A line as it is read, from left to right (RFC 4568 section 9).

use core::fmt;

use super::error::{Fault, Reason};

/// What is left of a line, and where in it that is.
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

    /// Takes this many octets, unseen.
    pub(super) fn take(&mut self, len: usize) -> Option<&'l [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        self.offset += len;
        Some(taken)
    }

    /// Takes the octets for which `accept` holds.
    pub(super) fn take_while(&mut self, accept: impl Fn(u8) -> bool) -> &'l [u8] {
        let len = self.rest.iter().position(|c| !accept(*c));
        self.take(len.unwrap_or(self.rest.len()))
            .unwrap_or_default()
    }

    /// Takes `text`, if it is next.
    pub(super) fn take_text(&mut self, text: &[u8]) -> bool {
        let is_next = self
            .rest
            .get(..text.len())
            .is_some_and(|next| next.eq_ignore_ascii_case(text));
        is_next && self.take(text.len()).is_some()
    }

    /// Takes `text`.
    pub(super) fn expect(&mut self, text: &[u8]) -> Result<(), Fault> {
        let fault = self.fault(Reason::Syntax);
        self.take_text(text).then_some(()).ok_or(fault)
    }

    pub(super) fn white_space(&mut self) -> Result<(), Fault> {
        let fault = self.fault(Reason::Syntax);
        let taken = self.take_while(is_white);
        (!taken.is_empty()).then_some(()).ok_or(fault)
    }

    /// Takes what names are made of: letters, digits and underscores.
    pub(super) fn name(&mut self) -> Result<&'l [u8], Fault> {
        let fault = self.fault(Reason::Syntax);
        let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == b'_');
        (!name.is_empty()).then_some(name).ok_or(fault)
    }

    /// Takes decimal digits that do not begin with a zero, or are one.
    pub(super) fn digits(&mut self, reason: Reason) -> Result<&'l [u8], Fault> {
        let fault = self.fault(reason);
        match self.take_while(|c| c.is_ascii_digit()) {
            [] | [b'0', _, ..] => Err(fault),
            digits => Ok(digits),
        }
    }

    /// Takes a decimal number up to `max`.
    pub(super) fn number(&mut self, max: u64, reason: Reason) -> Result<u64, Fault> {
        let fault = self.fault(reason);
        let number = self.digits(reason)?.iter().try_fold(0_u64, |number, c| {
            number
                .checked_mul(10)?
                .checked_add(u64::from(c.wrapping_sub(b'0')))
        });
        number.filter(|number| *number <= max).ok_or(fault)
    }
}
