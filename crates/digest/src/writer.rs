// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writing header fields into the caller's buffer.

use sipseal_core::Zeroize;

use crate::Error;

/// A text that grows. What does not fit is counted.
pub(crate) struct Writer<'o> {
    out: &'o mut [u8],
    len: usize,
}

impl<'o> Writer<'o> {
    pub(crate) fn new(out: &'o mut [u8]) -> Self {
        Self { out, len: 0 }
    }

    pub(crate) fn put(&mut self, text: impl AsRef<[u8]>) {
        self.put_octets(text.as_ref());
    }

    #[inline(never)] // Once for all that is written.
    fn put_octets(&mut self, text: &[u8]) {
        let end = self.len.saturating_add(text.len());
        if let Some(room) = self.out.get_mut(self.len..end) {
            for (to, from) in room.iter_mut().zip(text) {
                *to = *from;
            }
        }
        self.len = end;
    }

    /// A value that may stand between quotes as it is, behind a text that ends with a quote, and the other quote.
    #[inline(never)]
    pub(crate) fn put_raw(&mut self, before: &str, value: &[u8]) {
        self.put(before);
        self.put(value);
        self.put(b"\"");
    }

    /// The same with room for a value; `None` if there is none.
    #[inline(never)]
    pub(crate) fn put_room(&mut self, before: &str, len: usize) -> Option<&mut [u8]> {
        self.put(before);
        let start = self.len;
        self.len = start.saturating_add(len);
        self.put(b"\"");
        self.out.get_mut(start..)?.get_mut(..len)
    }

    /// The same of any value, with the backslashes that it needs.
    #[inline(never)]
    pub(crate) fn put_quoted(&mut self, before: &str, value: &[u8]) {
        self.put(before);
        let mut rest = value;
        while let Some(at) = rest.iter().position(|octet| matches!(octet, b'"' | b'\\')) {
            let (plain, after) = rest.split_at_checked(at).unwrap_or_default();
            let (special, after) = after.split_at_checked(1).unwrap_or_default();
            self.put(plain);
            self.put(b"\\");
            self.put(special);
            rest = after;
        }
        self.put(rest);
        self.put(b"\"");
    }

    /// Octets written; if they did not fit, or something failed, none of them stays.
    pub(crate) fn finish(self, failed: Option<Error>) -> Result<usize, Error> {
        let is_too_long = self.len > self.out.len();
        let too_small = is_too_long.then_some(Error::BufferTooSmall { needed: self.len });
        let Some(error) = failed.or(too_small) else {
            return Ok(self.len);
        };
        let written = self.len.min(self.out.len());
        self.out.get_mut(..written).unwrap_or_default().zeroize();
        Err(error)
    }
}
