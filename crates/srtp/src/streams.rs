// SPDX-License-Identifier: MIT OR Apache-2.0
//! The state of each stream, one per SSRC (RFC 3711 section 3.2.1).

use crate::replay::{self, PACKETS_PER_WORD};
use crate::{Error, index};

/// The state of one SSRC: its highest SRTP index with the ROC in it, and its SRTCP index.
///
/// Opaque: an array of these is part of a [`Storage`](crate::Storage).
#[derive(Clone, Copy, Debug, Default)]
pub struct Stream {
    rtp_highest: u64,
    ssrc: u32,
    rtcp_highest: u32,
    taken: bool,
    rtp_started: bool,
    rtcp_started: bool,
}

impl Stream {
    /// A stream that no SSRC has taken yet.
    pub const FREE: Self = Self {
        rtp_highest: 0,
        ssrc: 0,
        rtcp_highest: 0,
        taken: false,
        rtp_started: false,
        rtcp_started: false,
    };

    fn rtp_highest(&self) -> Option<u64> {
        self.rtp_started.then_some(self.rtp_highest)
    }

    fn rtcp_highest(&self) -> Option<u64> {
        self.rtcp_started.then_some(u64::from(self.rtcp_highest))
    }
}

/// All streams of a context, with their replay windows.
#[derive(Debug)]
pub(crate) struct Streams<'s> {
    streams: &'s mut [Stream],
    rtp_windows: &'s mut [u32],
    rtcp_windows: &'s mut [u32],
    words_per_window: usize,
}

/// A stream found for an SSRC: taken, or free to be taken once a packet has proven itself.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    position: usize,
    ssrc: u32,
}

impl<'s> Streams<'s> {
    /// Windows of equal size for all `streams`; `rtcp_windows` is empty for a sender, which counts up.
    pub(crate) fn new(
        streams: &'s mut [Stream],
        rtp_windows: &'s mut [u32],
        rtcp_windows: &'s mut [u32],
    ) -> Result<Self, Error> {
        let words_per_window = rtp_windows
            .len()
            .checked_div(streams.len())
            .ok_or(Error::Layout)?;
        let fits = |windows: &[u32]| windows.len() == words_per_window * streams.len();
        if !replay::is_valid_window(words_per_window * PACKETS_PER_WORD)
            || !fits(rtp_windows)
            || !(fits(rtcp_windows) || rtcp_windows.is_empty())
        {
            return Err(Error::Layout);
        }
        streams.fill(Stream::FREE);
        Ok(Self {
            streams,
            rtp_windows,
            rtcp_windows,
            words_per_window,
        })
    }

    /// The stream of `ssrc`, or a free one for it.
    pub(crate) fn find(&self, ssrc: u32) -> Result<Found, Error> {
        let mut free = None;
        for (position, stream) in self.streams.iter().enumerate() {
            if stream.taken && stream.ssrc == ssrc {
                return Ok(Found { position, ssrc });
            }
            if !stream.taken && free.is_none() {
                free = Some(position);
            }
        }
        free.map(|position| Found { position, ssrc })
            .ok_or(Error::StreamLimit)
    }

    /// The index of an SRTP packet to send. A sender knows where it is: what [`index::estimate`] puts ahead,
    /// because it would be below ROC 0, is old.
    pub(crate) fn next_rtp_index(&self, found: Found, sequence_number: u16) -> Result<u64, Error> {
        let index = self.new_rtp_index(found, sequence_number)?;
        match self.get(found)?.rtp_highest() {
            Some(highest) if index > highest + (1 << 15) => Err(Error::TooOld),
            _ => Ok(index),
        }
    }

    /// The index of an SRTP packet, estimated and not seen before.
    pub(crate) fn new_rtp_index(&self, found: Found, sequence_number: u16) -> Result<u64, Error> {
        let highest = self.get(found)?.rtp_highest();
        let index = index::estimate(highest, sequence_number).ok_or(Error::KeyExpired)?;
        replay::check(
            window(self.rtp_windows, found, self.words_per_window),
            highest,
            index,
        )?;
        Ok(index)
    }

    /// Whether the SRTCP index of a received packet was not seen before.
    pub(crate) fn check_rtcp_index(&self, found: Found, index: u32) -> Result<(), Error> {
        let highest = self.get(found)?.rtcp_highest();
        let window = window(self.rtcp_windows, found, self.words_per_window);
        replay::check(window, highest, u64::from(index))
    }

    /// The SRTCP index of the next packet to send: from 0, up by 1 (RFC 3711 section 3.4).
    pub(crate) fn next_rtcp_index(&self, found: Found) -> Result<u32, Error> {
        let stream = self.get(found)?;
        match stream.rtcp_started {
            false => Ok(0),
            true if stream.rtcp_highest < index::LAST_RTCP_INDEX => Ok(stream.rtcp_highest + 1),
            true => Err(Error::KeyExpired),
        }
    }

    /// Commits an SRTP packet: takes the stream, marks the index, moves the ROC.
    pub(crate) fn accept_rtp(&mut self, found: Found, index: u64) {
        let Some(stream) = self.streams.get_mut(found.position) else {
            return;
        };
        let words = window_mut(self.rtp_windows, found, self.words_per_window);
        stream.rtp_highest = replay::mark(words, stream.rtp_highest(), index);
        stream.rtp_started = true;
        stream.take(found.ssrc);
    }

    /// Commits an SRTCP packet.
    pub(crate) fn accept_rtcp(&mut self, found: Found, index: u32) {
        let Some(stream) = self.streams.get_mut(found.position) else {
            return;
        };
        let words = window_mut(self.rtcp_windows, found, self.words_per_window);
        let highest = replay::mark(words, stream.rtcp_highest(), u64::from(index));
        #[allow(clippy::cast_possible_truncation)] // The larger of two 31-bit indices.
        {
            stream.rtcp_highest = highest as u32;
        }
        stream.rtcp_started = true;
        stream.take(found.ssrc);
    }

    fn get(&self, found: Found) -> Result<&Stream, Error> {
        self.streams.get(found.position).ok_or(Error::StreamLimit)
    }
}

impl Stream {
    fn take(&mut self, ssrc: u32) {
        self.taken = true;
        self.ssrc = ssrc;
    }
}

/// The window of a stream; empty where a sender keeps none.
fn window(windows: &[u32], found: Found, words: usize) -> &[u32] {
    let start = found.position * words;
    windows.get(start..start + words).unwrap_or_default()
}

fn window_mut(windows: &mut [u32], found: Found, words: usize) -> &mut [u32] {
    let start = found.position * words;
    windows.get_mut(start..start + words).unwrap_or_default()
}

/// Places a stream anywhere in its index space, which a test could not reach packet by packet.
#[cfg(test)]
impl Streams<'_> {
    pub(crate) fn place(&mut self, ssrc: u32, rtp_highest: u64, rtcp_highest: u32) {
        let found = self.find(ssrc).unwrap();
        self.accept_rtp(found, rtp_highest);
        self.accept_rtcp(found, rtcp_highest);
    }

    /// Unmarks an index, so that a test's sender may use the one it was placed at.
    pub(crate) fn forget(&mut self, ssrc: u32, index: u64) {
        let found = self.find(ssrc).unwrap();
        let words = window_mut(self.rtp_windows, found, self.words_per_window);
        let at = usize::try_from(index).unwrap() % (words.len() * PACKETS_PER_WORD);
        words[at / PACKETS_PER_WORD] &= !(1 << (at % PACKETS_PER_WORD));
    }

    pub(crate) fn snapshot(
        &self,
    ) -> (
        std::vec::Vec<Stream>,
        std::vec::Vec<u32>,
        std::vec::Vec<u32>,
    ) {
        (
            self.streams.to_vec(),
            self.rtp_windows.to_vec(),
            self.rtcp_windows.to_vec(),
        )
    }
}
