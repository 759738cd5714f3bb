// SPDX-License-Identifier: MIT OR Apache-2.0
//! The receiving side of a session.

use crate::buffers::Incoming;
use crate::session::Session;
use crate::session_keys::SessionKeys;
use crate::streams::{Stream, Streams};
use crate::{CipherSlot, Error, MasterKey, Options, Processed, Profile, srtcp, srtp};

/// Checks and decrypts the packets that arrive under one master key.
///
/// Every SSRC has its own ROC and its own windows for SRTP and SRTCP. An authentic packet from a new SSRC
/// takes a free stream, at ROC 0; a forged one takes nothing.
///
/// Dropping a receiver wipes its keys from the storage it borrowed.
#[derive(Debug)]
pub struct Receiver<'s> {
    pub(crate) session: Session<'s>,
    pub(crate) streams: Streams<'s>,
    counters: Counters,
}

/// Packets that a receiver refused. The counters stop at their largest value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Packets with a wrong tag.
    pub authentication_failures: u32,
    /// Packets seen before, or below the replay window. They are refused before their tag is looked at, so
    /// anyone can make this grow.
    pub replays: u32,
    /// Packets of an SSRC without a stream, with all streams taken; refused unseen as well.
    pub without_stream: u32,
}

impl<'s> Receiver<'s> {
    /// A receiver over storage in parts: what [`Storage::receiver`](crate::Storage::receiver) puts together.
    ///
    /// `rtp_windows` and `rtcp_windows` each divide evenly among `streams`, into a valid window each (see
    /// [`replay`](crate::replay)).
    ///
    /// # Errors
    ///
    /// [`Error::KeyLength`], [`Error::Insecure`], [`Error::Contradiction`], [`Error::WrongStorage`] or
    /// [`Error::Layout`].
    pub fn new(
        profile: Profile,
        options: Options,
        master: &MasterKey<'_>,
        ciphers: &'s mut dyn CipherSlot,
        streams: &'s mut [Stream],
        rtp_windows: &'s mut [u32],
        rtcp_windows: &'s mut [u32],
    ) -> Result<Self, Error> {
        let keys = SessionKeys::derive(profile, master)?;
        Self::with_session_keys(
            profile,
            options,
            &keys,
            ciphers,
            streams,
            rtp_windows,
            rtcp_windows,
        )
    }

    pub(crate) fn with_session_keys(
        profile: Profile,
        options: Options,
        keys: &SessionKeys,
        ciphers: &'s mut dyn CipherSlot,
        streams: &'s mut [Stream],
        rtp_windows: &'s mut [u32],
        rtcp_windows: &'s mut [u32],
    ) -> Result<Self, Error> {
        if rtcp_windows.is_empty() {
            return Err(Error::Layout);
        }
        let streams = Streams::new(streams, rtp_windows, rtcp_windows)?;
        let session = Session::new(profile, options, keys, ciphers)?;
        Ok(Self {
            session,
            streams,
            counters: Counters::default(),
        })
    }

    /// The profile.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.session.profile
    }

    /// Octets that protection adds to an RTP packet.
    #[must_use]
    pub fn rtp_trailer_len(&self) -> usize {
        self.session.rtp_trailer_len()
    }

    /// Octets that protection adds to an RTCP packet.
    #[must_use]
    pub fn rtcp_trailer_len(&self) -> usize {
        self.session.rtcp_trailer_len()
    }

    /// How many packets were refused so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Unprotects an SRTP packet into another buffer (RFC 3711 section 3.3).
    ///
    /// `output` needs [`rtp_trailer_len`](Self::rtp_trailer_len) octets less than `packet` has.
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`], [`Error::PacketTooLong`], [`Error::Truncated`], [`Error::Version`],
    /// [`Error::StreamLimit`], [`Error::Replayed`], [`Error::TooOld`], [`Error::Authentication`] or
    /// [`Error::KeyExpired`]. `output` is then untouched, and ROC and windows have not moved.
    pub fn unprotect(&mut self, packet: &[u8], output: &mut [u8]) -> Result<Processed, Error> {
        let incoming = Incoming::disjoint(packet, output, self.session.rtp_trailer_len())?;
        let result = srtp::unprotect(&mut self.session, &mut self.streams, incoming);
        self.counted(result)
    }

    /// Unprotects the SRTP packet that fills `packet`, where it shrinks.
    ///
    /// # Errors
    ///
    /// As [`Receiver::unprotect`]; `packet` is then as it arrived.
    pub fn unprotect_in_place(&mut self, packet: &mut [u8]) -> Result<Processed, Error> {
        let incoming = Incoming::in_place(packet, self.session.rtp_trailer_len())?;
        let result = srtp::unprotect(&mut self.session, &mut self.streams, incoming);
        self.counted(result)
    }

    /// Unprotects an SRTCP packet into another buffer (RFC 3711 section 3.4).
    ///
    /// The packet says itself whether it was encrypted, under its tag; both kinds are taken. `output`
    /// needs [`rtcp_trailer_len`](Self::rtcp_trailer_len) octets less than `packet` has.
    ///
    /// # Errors
    ///
    /// As [`Receiver::unprotect`].
    pub fn unprotect_rtcp(&mut self, packet: &[u8], output: &mut [u8]) -> Result<Processed, Error> {
        let incoming = Incoming::disjoint(packet, output, self.session.rtcp_trailer_len())?;
        let result = srtcp::unprotect(&mut self.session, &mut self.streams, incoming);
        self.counted(result)
    }

    /// Unprotects the SRTCP packet that fills `packet`, where it shrinks.
    ///
    /// # Errors
    ///
    /// As [`Receiver::unprotect`]; `packet` is then as it arrived.
    pub fn unprotect_rtcp_in_place(&mut self, packet: &mut [u8]) -> Result<Processed, Error> {
        let incoming = Incoming::in_place(packet, self.session.rtcp_trailer_len())?;
        let result = srtcp::unprotect(&mut self.session, &mut self.streams, incoming);
        self.counted(result)
    }

    fn counted(&mut self, result: Result<Processed, Error>) -> Result<Processed, Error> {
        let counter = match result {
            Err(Error::Authentication) => &mut self.counters.authentication_failures,
            Err(Error::Replayed | Error::TooOld) => &mut self.counters.replays,
            Err(Error::StreamLimit) => &mut self.counters.without_stream,
            _ => return result,
        };
        *counter = counter.saturating_add(1);
        result
    }
}
