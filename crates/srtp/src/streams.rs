// SPDX-License-Identifier: MIT OR Apache-2.0
//! The state of each stream, one per SSRC (RFC 3711 section 3.2.1).

mod directory;

use crate::replay::{self, PACKETS_PER_WORD};
use crate::{Admission, Error, Notice, index};

/// The state of one SSRC: its highest SRTP index with the ROC in it, and its SRTCP index.
///
/// Opaque: an array of these is part of a [`Storage`](crate::Storage).
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // Independent of each other, and small.
pub struct Stream {
    rtp_highest: u64,
    rtcp_highest: u32,
    /// The ROC that was set and not yet used by a packet.
    roc: u32,
    /// When it was last used, by the context's count of packets.
    last_used: u32,
    rtp_started: bool,
    rtcp_started: bool,
    roc_is_set: bool,
    /// Taken by its SSRC, not by a packet.
    listed: bool,
    /// The SSRC is that of a sender of our own.
    own: bool,
    /// Beside that state, a line of the [`directory`], most often of another SSRC: whose it is, and where its
    /// state is.
    place: u16,
    ssrc: u32,
}

impl Stream {
    /// A stream that no SSRC has taken yet.
    pub const FREE: Self = Self {
        rtp_highest: 0,
        rtcp_highest: 0,
        roc: 0,
        last_used: 0,
        rtp_started: false,
        rtcp_started: false,
        roc_is_set: false,
        listed: false,
        own: false,
        place: 0,
        ssrc: 0,
    };

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

    /// The ROC that the next packet is expected to have, but for a wrap.
    fn roc(&self) -> u32 {
        self.pending_roc().unwrap_or(index::roc(self.rtp_highest))
    }

    /// The state of another SSRC, which begins; the line stays.
    fn restart(&mut self, state: Self) {
        *self = Self {
            place: self.place,
            ssrc: self.ssrc,
            ..state
        };
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

/// Most streams of a context: places are numbered in 16 bits.
const MAX_STREAMS: usize = u16::MAX as usize;
/// The place of an SSRC that has none: beyond the last of as many streams as there may be.
const NOWHERE: u16 = u16::MAX;

/// All streams of a context, with their replay windows.
#[derive(Debug)]
pub(crate) struct Streams<'s> {
    streams: &'s mut [Stream],
    rtp_windows: &'s mut [u32],
    rtcp_windows: &'s mut [u32],
    /// Packets so far, to know which stream has been silent longest.
    packets: u32,
    words_per_window: u16,
    /// Streams that have an SSRC, and those of them that are listed.
    taken: u16,
    listed: u16,
}

/// What is known of the SSRC of a packet. It counts for nothing until the packet has proven itself and is accepted:
/// until then an SSRC without a stream takes none.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    ssrc: u32,
    /// Where its state is, or [`NOWHERE`].
    place: u16,
    /// The SRTP index that it has reached.
    reached: Option<u64>,
    /// The ROC that was set and not yet used by a packet.
    pending_roc: Option<u32>,
}

/// The indices that a packet may have: the likely one, and perhaps the same number at ROC 1.
#[derive(Clone, Copy)]
pub(crate) struct Candidates {
    pub(crate) likely: u64,
    pub(crate) or_at_roc_1: bool,
}

impl<'s> Streams<'s> {
    /// Windows of equal size for all `streams`; `rtcp_windows` is empty for a sender, which counts up.
    pub(crate) fn new(
        streams: &'s mut [Stream],
        rtp_windows: &'s mut [u32],
        rtcp_windows: &'s mut [u32],
    ) -> Result<Self, Error> {
        let words = rtp_windows
            .len()
            .checked_div(streams.len())
            .ok_or(Error::Layout)?;
        let fits = |windows: &[u32]| windows.len() == words * streams.len();
        let words_per_window = u16::try_from(words).map_err(|_| Error::Layout)?;
        if streams.len() > MAX_STREAMS
            || !replay::is_valid_window(words * PACKETS_PER_WORD)
            || !fits(rtp_windows)
            || !(fits(rtcp_windows) || rtcp_windows.is_empty())
        {
            return Err(Error::Layout);
        }
        streams.fill(Stream::FREE);
        let mut streams = Self {
            streams,
            rtp_windows,
            rtcp_windows,
            packets: 0,
            words_per_window,
            taken: 0,
            listed: 0,
        };
        streams.clear_directory();
        Ok(streams)
    }

    /// The stream of `ssrc`, or that it may take one.
    pub(crate) fn find(&self, ssrc: u32, admission: Admission) -> Result<Found, Error> {
        let mut found = Found {
            ssrc,
            place: self.place_of(ssrc).unwrap_or(NOWHERE),
            reached: None,
            pending_roc: None,
        };
        if let Some(stream) = self.state_of(&found) {
            found.reached = stream.rtp_highest();
            found.pending_roc = stream.pending_roc();
        } else if !self.admits(admission) {
            return Err(Error::StreamLimit);
        }
        Ok(found)
    }

    /// Whether an SSRC without a stream may take one.
    fn admits(&self, admission: Admission) -> bool {
        match admission {
            Admission::ListedOnly => false,
            Admission::WhileFree => self.has_room(),
            Admission::ReplacingOldest => self.has_room() || self.listed < self.taken,
        }
    }

    /// The state in a place.
    fn state(&self, place: u16) -> Option<&Stream> {
        self.streams.get(usize::from(place))
    }

    /// The state of an SSRC, if it has one.
    fn state_of(&self, found: &Found) -> Option<&Stream> {
        self.state(found.place)
    }

    /// Where the state of an SSRC is, now the latest in use; it takes a stream if it has none.
    fn used(&mut self, found: &Found) -> Option<usize> {
        let place = match found.place {
            NOWHERE => self.take(found.ssrc)?,
            place => place,
        };
        let place = usize::from(place);
        self.packets = self.packets.wrapping_add(1);
        self.streams.get_mut(place)?.last_used = self.packets;
        Some(place)
    }

    /// Takes a free stream for an SSRC that was let in, or that of the one that has been silent longest.
    #[cold]
    fn take(&mut self, ssrc: u32) -> Option<u16> {
        // Nothing is let in without room in a build without.
        if cfg!(feature = "streams") && !self.has_room() {
            self.remove_line(self.oldest()?);
        }
        let line = self.line_of(ssrc).err()?;
        let place = self.insert_line(line, ssrc)?;
        self.streams
            .get_mut(usize::from(place))?
            .restart(Stream::FREE);
        Some(place)
    }

    /// The line of the SSRC that has been silent longest, of those that are not listed.
    fn oldest(&self) -> Option<usize> {
        let lines = self.lines().iter().enumerate();
        let silent = lines.filter_map(|(line, stream)| {
            let state = self.state(stream.place)?;
            (!state.listed).then(|| (self.packets.wrapping_sub(state.last_used), line))
        });
        silent.max().map(|(_, line)| line)
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
        let found = self.find(ssrc, Admission::WhileFree)?;
        let place = self.used(&found).ok_or(Error::StreamLimit)?;
        let stream = self.streams.get_mut(place).ok_or(Error::StreamLimit)?;
        self.listed += u16::from(!stream.listed);
        stream.listed = true;
        stream.own |= own;
        Ok(())
    }

    /// Frees the stream of `ssrc`.
    pub(crate) fn remove(&mut self, ssrc: u32) -> Result<(), Error> {
        let listed = self.get(ssrc)?.listed;
        let line = self.line_of(ssrc).map_err(|_| Error::UnknownStream)?;
        self.remove_line(line);
        self.listed -= u16::from(listed);
        Ok(())
    }

    /// In ascending order of SSRC.
    pub(crate) fn list(&self) -> impl Iterator<Item = StreamStatus> {
        self.lines().iter().map(|line| StreamStatus {
            ssrc: line.ssrc,
            roc: self.state(line.place).map_or(0, Stream::roc),
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
        (stream.roc, stream.roc_is_set) = (roc, true);
        Ok(())
    }

    /// Whether these are a sender's: it counts its SRTCP packets up, and needs no windows for them.
    fn is_sending(&self) -> bool {
        self.rtcp_windows.is_empty()
    }

    /// Where the state of `ssrc` is.
    fn place_of(&self, ssrc: u32) -> Option<u16> {
        let line = self.line_of(ssrc).ok()?;
        self.lines().get(line).map(|line| line.place)
    }

    fn get(&self, ssrc: u32) -> Result<&Stream, Error> {
        let place = self.place_of(ssrc).ok_or(Error::UnknownStream)?;
        self.state(place).ok_or(Error::UnknownStream)
    }

    fn get_mut(&mut self, ssrc: u32) -> Result<&mut Stream, Error> {
        let place = self.place_of(ssrc).ok_or(Error::UnknownStream)?;
        let stream = self.streams.get_mut(usize::from(place));
        stream.ok_or(Error::UnknownStream)
    }

    /// Every stream starts again at ROC 0 with empty windows, under another key. A sender's SRTCP index goes on
    /// (RFC 3711 section 3.4); a receiver takes whatever its peer does.
    pub(crate) fn reset(&mut self) {
        let sends = self.is_sending();
        for stream in self.streams.iter_mut() {
            stream.restart(Stream {
                listed: stream.listed,
                own: stream.own,
                last_used: stream.last_used,
                rtcp_highest: stream.rtcp_highest,
                rtcp_started: stream.rtcp_started && sends,
                ..Stream::FREE
            });
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
        // A stream of one's own begins where it begins: the other guess is for receivers.
        let index = found.candidates(sequence_number)?.likely;
        let is_behind = |highest: u64| index > highest + (1 << 15);
        if found.pending_roc.is_none() && found.reached.is_some_and(is_behind) {
            return Err(Error::TooOld);
        }
        match self.check_rtp_index(found, index) {
            Err(Error::Replayed) if retransmission => Ok(index),
            checked => checked.map(|()| index),
        }
    }

    /// Whether an SRTP index was not seen before.
    pub(crate) fn check_rtp_index(&self, found: &Found, index: u64) -> Result<(), Error> {
        let highest = found.highest_for(found.reached, index);
        replay::check(self.window(self.rtp_windows, found), highest, index)
    }

    /// The SRTCP index of the next packet to send: from 0, up by 1 (RFC 3711 section 3.4).
    pub(crate) fn next_rtcp_index(&self, found: &Found) -> Result<u32, Error> {
        match self.state_of(found).filter(|stream| stream.rtcp_started) {
            None => Ok(0),
            Some(stream) if stream.rtcp_highest < index::LAST_RTCP_INDEX => {
                Ok(stream.rtcp_highest + 1)
            }
            Some(_) => Err(Error::KeyExpired),
        }
    }

    /// Whether the SRTCP index of a received packet was not seen before.
    pub(crate) fn check_rtcp_index(&self, found: &Found, index: u32) -> Result<(), Error> {
        let highest = self.state_of(found).and_then(Stream::rtcp_highest);
        let window = self.window(self.rtcp_windows, found);
        replay::check(window, highest, u64::from(index))
    }

    /// Whether the SSRC is one of our own (RFC 3550 section 8.2).
    pub(crate) fn collision(&self, found: &Found) -> Option<Notice> {
        let stream = self.state_of(found)?;
        (cfg!(feature = "streams") && stream.own).then_some(Notice::SsrcCollision)
    }

    /// Commits an SRTP packet: takes the stream, marks the index, moves the ROC.
    #[inline]
    pub(crate) fn accept_rtp(&mut self, found: &Found, index: u64) {
        let Some(place) = self.used(found) else {
            return;
        };
        let window = window_mut(self.rtp_windows, place, self.words_per_window);
        if let Some(stream) = self.streams.get_mut(place) {
            // A ROC that was set has proven itself: there the stream now is, also if that is back.
            let highest = found.highest_for(stream.rtp_highest(), index);
            stream.rtp_highest = replay::mark(window, highest, index);
            stream.rtp_started = true;
            stream.roc_is_set = false;
        }
    }

    /// Commits an SRTCP packet.
    pub(crate) fn accept_rtcp(&mut self, found: &Found, index: u32) {
        let Some(place) = self.used(found) else {
            return;
        };
        let window = window_mut(self.rtcp_windows, place, self.words_per_window);
        if let Some(stream) = self.streams.get_mut(place) {
            let highest = replay::mark(window, stream.rtcp_highest(), u64::from(index));
            #[allow(clippy::cast_possible_truncation)] // The larger of two 31-bit indices.
            {
                stream.rtcp_highest = highest as u32;
            }
            stream.rtcp_started = true;
        }
    }

    /// The window of an SSRC; empty where there is none.
    fn window<'w>(&self, windows: &'w [u32], found: &Found) -> &'w [u32] {
        let words = usize::from(self.words_per_window);
        let start = usize::from(found.place) * words;
        windows.get(start..start + words).unwrap_or_default()
    }
}

impl Candidates {
    pub(crate) fn only(index: u64) -> Self {
        Self {
            likely: index,
            or_at_roc_1: false,
        }
    }
}

impl Found {
    /// The SRTP index that the stream has reached.
    pub(crate) fn rtp_reached(&self) -> Option<u64> {
        self.reached
    }

    /// The indices that an SRTP packet may have.
    ///
    /// One, as Appendix A of RFC 3711 estimates it. For the first packet of a stream that may have wrapped
    /// before anything was heard, sequence number 0 to 32,767, ROC 1 is another guess: section 3.3.1 warns
    /// of the sender that starts just below 65,536.
    pub(crate) fn candidates(&self, sequence_number: u16) -> Result<Candidates, Error> {
        if let Some(roc) = self.pending_roc {
            return Ok(Candidates::only(index::join(roc, sequence_number)));
        }
        Ok(Candidates {
            likely: index::estimate(self.reached, sequence_number).ok_or(Error::KeyExpired)?,
            or_at_roc_1: self.reached.is_none() && sequence_number < 1 << 15,
        })
    }

    /// Sets the ROC of this packet, if there is one to set.
    pub(crate) fn go_on_from(&mut self, roc: Option<u32>) {
        self.pending_roc = roc.or(self.pending_roc);
    }

    /// The highest index that this one is held against: none if it is under the ROC that was set and that is
    /// back from where the stream is.
    fn highest_for(&self, highest: Option<u64>, index: u64) -> Option<u64> {
        let roc = index::roc(index);
        highest.filter(|highest| self.pending_roc != Some(roc) || roc >= index::roc(*highest))
    }
}

/// The same, to be written.
fn window_mut(windows: &mut [u32], place: usize, words: u16) -> &mut [u32] {
    let words = usize::from(words);
    let start = place * words;
    windows.get_mut(start..start + words).unwrap_or_default()
}

/// Places a stream anywhere in its index space, which a test could not reach packet by packet.
#[cfg(test)]
impl Streams<'_> {
    pub(crate) fn place(&mut self, ssrc: u32, rtp_highest: u64, rtcp_highest: u32) {
        let found = self.find(ssrc, Admission::WhileFree).unwrap();
        self.accept_rtp(&found, rtp_highest);
        let found = self.find(ssrc, Admission::WhileFree).unwrap();
        self.accept_rtcp(&found, rtcp_highest);
    }

    /// Unmarks an index, so that a test's sender may use the one it was placed at.
    pub(crate) fn forget(&mut self, ssrc: u32, index: u64) {
        let place = usize::from(self.place_of(ssrc).unwrap());
        let words = window_mut(self.rtp_windows, place, self.words_per_window);
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
