// SPDX-License-Identifier: MIT OR Apache-2.0
//! Text as it is written. What does not fit is counted, so that the length needed is known.

/// Where text goes to.
#[derive(Debug)]
pub(super) struct Writer<'o> {
    out: &'o mut [u8],
    len: usize,
}

impl<'o> Writer<'o> {
    pub(super) fn new(out: &'o mut [u8]) -> Self {
        Self { out, len: 0 }
    }

    /// Octets of all that was put.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn put(&mut self, text: &[u8]) {
        let end = self.len.saturating_add(text.len());
        if let Some(place) = self.out.get_mut(self.len..end) {
            for (to, from) in place.iter_mut().zip(text) {
                *to = *from;
            }
        }
        self.len = end;
    }

    #[allow(clippy::cast_possible_truncation)] // A remainder by 10.
    pub(super) fn put_number(&mut self, number: u64) {
        let mut room = [0; 20];
        let mut left = number;
        let mut first = room.len();
        for (position, digit) in room.iter_mut().enumerate().rev() {
            *digit = b'0' + (left % 10) as u8;
            left /= 10;
            first = position;
            if left == 0 {
                break;
            }
        }
        self.put(room.get(first..).unwrap_or_default());
    }
}
