// SPDX-License-Identifier: MIT OR Apache-2.0
//! The state of each stream, one per SSRC (RFC 3711 section 3.2.1).

use crate::replay::{self, PACKETS_PER_WORD};
use crate::{Admission, Error, Notice, index};

/// The state of one SSRC: its highest SRTP index with the ROC in it, and its SRTCP index.
///
/// Opaque: an array of these is part of a [`Storage`](crate::Storage).
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // Independent of each other, and small.
pub struct Stream {
    rtp_highest: u64,
    ssrc: u32,
    rtcp_highest: u32,
    /// The ROC that was set and not yet used by a packet.
    roc: u32,
    /// When it was last used, by the context's count of packets.
    last_used: u32,
    taken: bool,
    /// Taken by its SSRC, not by a packet.
    listed: bool,
    rtp_started: bool,
    rtcp_started: bool,
    roc_is_set: bool,
    /// The SSRC is that of a sender of our own.
    own: bool,
}

impl Stream {
    /// A stream that no SSRC has taken yet.
    pub const FREE: Self = Self {
        rtp_highest: 0,
        ssrc: 0,
        rtcp_highest: 0,
        roc: 0,
        last_used: 0,
        taken: false,
        listed: false,
        rtp_started: false,
        rtcp_started: false,
        roc_is_set: false,
        own: false,
    };

    fn is_of(&self, ssrc: u32) -> bool {
        self.taken && self.ssrc == ssrc
    }

    fn rtp_highest(&self) -> Option<u64> {
        self.rtp_started.then_some(self.rtp_highest)
    }

    fn rtcp_highest(&self) -> Option<u64> {
        self.rtcp_started.then_some(u64::from(self.rtcp_highest))
    }

    /// The ROC that was set and not yet used by a packet.
    fn pending_roc(&self) -> Option<u32> {
        // Nothing sets one in a build without.
        let may_be_set = cfg!(any(feature = "streams", feature = "rfc4771"));
        (may_be_set && self.roc_is_set).then_some(self.roc)
    }

    /// The highest index that this one is held against: none if it is under the ROC that was set and that is
    /// back from where the stream is.
    fn highest_for(&self, index: u64) -> Option<u64> {
        let roc = index::roc(index);
        let goes_back = self.pending_roc() == Some(roc) && roc < index::roc(self.rtp_highest);
        self.rtp_highest().filter(|_| !goes_back)
    }

    /// The ROC that the next packet is expected to have, but for a wrap.
    fn roc(&self) -> u32 {
        self.pending_roc().unwrap_or(index::roc(self.rtp_highest))
    }
}

impl Stream {
    /// Sets the ROC of the next packet, if there is one to set.
    fn go_on_from(&mut self, roc: Option<u32>) {
        if let Some(roc) = roc {
            self.roc = roc;
            self.roc_is_set = true;
        }
    }
}

/// One stream of a context, as it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamStatus {
    /// Synchronisation source, in host byte order.
    pub ssrc: u32,
    /// The ROC: the one that was set, until a packet has used it, else that of the highest index.
    pub roc: u32,
}

/// All streams of a context, with their replay windows.
#[derive(Debug)]
pub(crate) struct Streams<'s> {
    streams: &'s mut [Stream],
    rtp_windows: &'s mut [u32],
    rtcp_windows: &'s mut [u32],
    words_per_window: usize,
    /// Packets so far, to know which stream has been silent longest.
    packets: u32,
}

/// The state of an SSRC, taken out of its place or to be put into one that it may take. It counts for nothing
/// until its packet has proven itself and is accepted.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    position: usize,
    stream: Stream,
}

/// The indices that a packet may have, the likeliest first.
pub(crate) type Candidates = [Option<u64>; 2];

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
            packets: 0,
        })
    }

    /// The stream of `ssrc`, or one that it may take.
    pub(crate) fn find(&self, ssrc: u32, admission: Admission) -> Result<Found, Error> {
        let mut free = None;
        let mut oldest: Option<(usize, u32)> = None;
        for (position, stream) in self.streams.iter().enumerate() {
            if stream.is_of(ssrc) {
                let stream = *stream;
                return Ok(Found { position, stream });
            }
            if !stream.taken {
                free = free.or(Some(position));
            } else if admission == Admission::ReplacingOldest && !stream.listed {
                let silent = self.packets.wrapping_sub(stream.last_used);
                if oldest.is_none_or(|(_, longest)| silent > longest) {
                    oldest = Some((position, silent));
                }
            }
        }
        let position = match admission {
            Admission::ListedOnly => None,
            Admission::WhileFree => free,
            Admission::ReplacingOldest => free.or(oldest.map(|(position, _)| position)),
        };
        let stream = Stream {
            ssrc,
            taken: true,
            ..Stream::FREE
        };
        position
            .map(|position| Found { position, stream })
            .ok_or(Error::StreamLimit)
    }

    /// Takes a free stream for `ssrc`, at ROC 0, before any packet; does nothing if it has one.
    pub(crate) fn add(&mut self, ssrc: u32) -> Result<(), Error> {
        self.add_as(ssrc, false)
    }

    /// The same for the SSRC of a sender of our own: whoever else uses it collides with it.
    pub(crate) fn add_own(&mut self, ssrc: u32) -> Result<(), Error> {
        self.add_as(ssrc, true)
    }

    fn add_as(&mut self, ssrc: u32, own: bool) -> Result<(), Error> {
        let mut found = self.find(ssrc, Admission::WhileFree)?;
        found.stream.listed = true;
        found.stream.own |= own;
        self.put_back(found);
        Ok(())
    }

    /// Frees the stream of `ssrc`.
    pub(crate) fn remove(&mut self, ssrc: u32) -> Result<(), Error> {
        *self.get_mut(ssrc)? = Stream::FREE;
        Ok(())
    }

    pub(crate) fn list(&self) -> impl Iterator<Item = StreamStatus> {
        let taken = self.streams.iter().filter(|stream| stream.taken);
        taken.map(|stream| StreamStatus {
            ssrc: stream.ssrc,
            roc: stream.roc(),
        })
    }

    pub(crate) fn roc(&self, ssrc: u32) -> Result<u32, Error> {
        self.get(ssrc).map(Stream::roc)
    }

    /// Sets the ROC that the next packet of `ssrc` has. A sender does not go back behind what it has sent.
    pub(crate) fn set_roc(&mut self, ssrc: u32, roc: u32) -> Result<(), Error> {
        let sends = self.is_sending();
        let stream = self.get_mut(ssrc)?;
        if cfg!(not(feature = "streams")) {
            return Err(Error::Unsupported);
        }
        if sends && roc < index::roc(stream.rtp_highest) {
            return Err(Error::TooOld);
        }
        stream.go_on_from(Some(roc));
        Ok(())
    }

    /// Whether these are a sender's: it counts its SRTCP packets up, and needs no windows for them.
    fn is_sending(&self) -> bool {
        self.rtcp_windows.is_empty()
    }

    fn get(&self, ssrc: u32) -> Result<&Stream, Error> {
        let mut streams = self.streams.iter();
        let known = streams.find(|stream| stream.is_of(ssrc));
        known.ok_or(Error::UnknownStream)
    }

    fn get_mut(&mut self, ssrc: u32) -> Result<&mut Stream, Error> {
        let mut streams = self.streams.iter_mut();
        let known = streams.find(|stream| stream.is_of(ssrc));
        known.ok_or(Error::UnknownStream)
    }

    /// Every stream starts again at ROC 0 with empty windows, under another key. A sender's SRTCP index goes on
    /// (RFC 3711 section 3.4); a receiver takes whatever its peer does.
    pub(crate) fn reset(&mut self) {
        let sends = self.is_sending();
        for stream in self.streams.iter_mut() {
            *stream = Stream {
                ssrc: stream.ssrc,
                taken: stream.taken,
                listed: stream.listed,
                own: stream.own,
                last_used: stream.last_used,
                rtcp_highest: stream.rtcp_highest,
                rtcp_started: stream.rtcp_started && sends,
                ..Stream::FREE
            };
        }
    }

    /// The index of an SRTP packet to send, not used before unless it is to be sent again. A sender knows
    /// where it is: what [`index::estimate`] puts ahead, because it would be below ROC 0, is old.
    pub(crate) fn next_rtp_index(
        &self,
        found: &Found,
        sequence_number: u16,
        retransmission: bool,
    ) -> Result<u64, Error> {
        // A stream of one's own begins where it begins: the second guess is for receivers.
        let [index, _] = found.candidates(sequence_number)?;
        let index = index.ok_or(Error::KeyExpired)?;
        let stream = &found.stream;
        let is_behind = |highest: u64| index > highest + (1 << 15);
        if stream.pending_roc().is_none() && stream.rtp_highest().is_some_and(is_behind) {
            return Err(Error::TooOld);
        }
        match self.check_rtp_index(found, index) {
            Err(Error::Replayed) if retransmission => Ok(index),
            checked => checked.map(|()| index),
        }
    }

    /// Whether an SRTP index was not seen before.
    pub(crate) fn check_rtp_index(&self, found: &Found, index: u64) -> Result<(), Error> {
        let window = window(self.rtp_windows, found.position, self.words_per_window);
        replay::check(window, found.stream.highest_for(index), index)
    }

    /// Whether the SRTCP index of a received packet was not seen before.
    pub(crate) fn check_rtcp_index(&self, found: &Found, index: u32) -> Result<(), Error> {
        let window = window(self.rtcp_windows, found.position, self.words_per_window);
        replay::check(window, found.stream.rtcp_highest(), u64::from(index))
    }

    /// Commits an SRTP packet: takes the stream, marks the index, moves the ROC.
    pub(crate) fn accept_rtp(&mut self, mut found: Found, index: u64) {
        let stream = &mut found.stream;
        // A ROC that was set has proven itself: there the stream now is, also if that is back.
        let highest = stream.highest_for(index);
        let words = window_mut(self.rtp_windows, found.position, self.words_per_window);
        stream.rtp_highest = replay::mark(words, highest, index);
        stream.rtp_started = true;
        stream.roc_is_set = false;
        self.put_back(found);
    }

    /// Commits an SRTCP packet.
    pub(crate) fn accept_rtcp(&mut self, mut found: Found, index: u32) {
        let stream = &mut found.stream;
        let words = window_mut(self.rtcp_windows, found.position, self.words_per_window);
        let highest = replay::mark(words, stream.rtcp_highest(), u64::from(index));
        #[allow(clippy::cast_possible_truncation)] // The larger of two 31-bit indices.
        {
            stream.rtcp_highest = highest as u32;
        }
        stream.rtcp_started = true;
        self.put_back(found);
    }

    /// Puts the state of a stream into its place, as the latest in use.
    fn put_back(&mut self, found: Found) {
        self.packets = self.packets.wrapping_add(1);
        if let Some(place) = self.streams.get_mut(found.position) {
            *place = found.stream;
            place.last_used = self.packets;
        }
    }
}

impl Found {
    /// The indices that an SRTP packet may have.
    ///
    /// One, as Appendix A of RFC 3711 estimates it. For the first packet of a stream that may have wrapped
    /// before anything was heard, sequence number 0 to 32,767, ROC 1 is a second guess: section 3.3.1 warns
    /// of the sender that starts just below 65,536.
    pub(crate) fn candidates(&self, sequence_number: u16) -> Result<Candidates, Error> {
        if let Some(roc) = self.stream.pending_roc() {
            return Ok([Some(index::join(roc, sequence_number)), None]);
        }
        let highest = self.stream.rtp_highest();
        let first = index::estimate(highest, sequence_number).ok_or(Error::KeyExpired)?;
        let may_have_wrapped = highest.is_none() && sequence_number < 1 << 15;
        Ok([
            Some(first),
            may_have_wrapped.then(|| index::join(1, sequence_number)),
        ])
    }

    /// The SRTCP index of the next packet to send: from 0, up by 1 (RFC 3711 section 3.4).
    pub(crate) fn next_rtcp_index(&self) -> Result<u32, Error> {
        match self.stream.rtcp_started {
            false => Ok(0),
            true if self.stream.rtcp_highest < index::LAST_RTCP_INDEX => {
                Ok(self.stream.rtcp_highest + 1)
            }
            true => Err(Error::KeyExpired),
        }
    }

    /// The SRTP index that the stream has reached.
    pub(crate) fn rtp_reached(&self) -> Option<u64> {
        self.stream.rtp_highest()
    }

    /// Sets the ROC of this packet, if there is one to set.
    pub(crate) fn go_on_from(&mut self, roc: Option<u32>) {
        self.stream.go_on_from(roc);
    }

    /// Whether its SSRC is one of our own (RFC 3550 section 8.2).
    pub(crate) fn collision(&self) -> Option<Notice> {
        (cfg!(feature = "streams") && self.stream.own).then_some(Notice::SsrcCollision)
    }
}

/// The window of a stream; empty where a sender keeps none.
fn window(windows: &[u32], position: usize, words: usize) -> &[u32] {
    let start = position * words;
    windows.get(start..start + words).unwrap_or_default()
}

fn window_mut(windows: &mut [u32], position: usize, words: usize) -> &mut [u32] {
    let start = position * words;
    windows.get_mut(start..start + words).unwrap_or_default()
}

/// Places a stream anywhere in its index space, which a test could not reach packet by packet.
#[cfg(test)]
impl Streams<'_> {
    pub(crate) fn place(&mut self, ssrc: u32, rtp_highest: u64, rtcp_highest: u32) {
        let found = self.find(ssrc, Admission::WhileFree).unwrap();
        self.accept_rtp(found, rtp_highest);
        let found = self.find(ssrc, Admission::WhileFree).unwrap();
        self.accept_rtcp(found, rtcp_highest);
    }

    /// Unmarks an index, so that a test's sender may use the one it was placed at.
    pub(crate) fn forget(&mut self, ssrc: u32, index: u64) {
        let found = self.find(ssrc, Admission::WhileFree).unwrap();
        let words = window_mut(self.rtp_windows, found.position, self.words_per_window);
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
