// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which place is whose: the SSRCs of a context in ascending order, found by halving.
//!
//! ```text
//!            0      1      2      3            line i is in element i, beside the state of place i:
//!   line  | 0x17 | 0x2a | 0xf0 |      |        in ascending order of SSRC, then the lines without
//!         |  -> 2|  -> 0|  -> 3|  -> 1|        one, which name the places that are free
//!   state |  2a  |      |  17  |  f0  |
//! ```
//!
//! A state, and with it its windows, stays in its place; what moves when an SSRC comes or goes are lines. A packet
//! of any SSRC, also a forged one, looks at no more lines than halving needs, whoever chose the SSRCs.

use super::{Stream, Streams};

impl Streams<'_> {
    /// Every place is free.
    pub(super) fn clear_directory(&mut self) {
        for (stream, place) in self.streams.iter_mut().zip(0..) {
            stream.place = place;
        }
        self.taken = 0;
    }

    /// The line of `ssrc`; or, as an error, the line where it belongs.
    pub(super) fn line_of(&self, ssrc: u32) -> Result<usize, usize> {
        self.lines().binary_search_by_key(&ssrc, |line| line.ssrc)
    }

    /// The lines with an SSRC.
    pub(super) fn lines(&self) -> &[Stream] {
        let taken = usize::from(self.taken);
        self.streams.get(..taken).unwrap_or_default()
    }

    /// Whether there is a free place.
    pub(super) fn has_room(&self) -> bool {
        usize::from(self.taken) < self.streams.len()
    }

    /// Writes an SSRC into `line`, which is where it belongs; none if no place is free.
    pub(super) fn insert_line(&mut self, line: usize, ssrc: u32) -> Option<u16> {
        let taken = usize::from(self.taken);
        let place = self.streams.get(taken)?.place;
        let mut moving = (ssrc, place);
        for stream in self.streams.get_mut(line..=taken)? {
            moving = stream.exchange_line(moving);
        }
        self.taken += 1;
        Some(place)
    }

    /// Removes a line; its place is free.
    pub(super) fn remove_line(&mut self, line: usize) {
        let taken = usize::from(self.taken);
        let Some(after) = self.streams.get_mut(line..taken) else {
            return;
        };
        let mut moving = after.first().map_or((0, 0), Stream::line);
        for stream in after.iter_mut().rev() {
            moving = stream.exchange_line(moving);
        }
        self.taken = self.taken.saturating_sub(1);
    }
}

impl Stream {
    fn line(&self) -> (u32, u16) {
        (self.ssrc, self.place)
    }

    fn exchange_line(&mut self, (ssrc, place): (u32, u16)) -> (u32, u16) {
        let old = self.line();
        (self.ssrc, self.place) = (ssrc, place);
        old
    }
}
