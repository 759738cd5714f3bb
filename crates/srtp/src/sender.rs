// SPDX-License-Identifier: MIT OR Apache-2.0
//! The sending side of a session.

use crate::buffers::Outgoing;
use crate::session::Session;
use crate::session_keys::SessionKeys;
use crate::streams::{Stream, Streams};
use crate::{CipherSlot, Error, MasterKey, Options, Processed, Profile, srtcp, srtp};

/// Protects the packets that leave under one master key.
///
/// Every SSRC has its own ROC, window and SRTCP index. The first packet of an SSRC takes a free stream
/// and starts at ROC 0; let its sequence number be below 32,768 (RFC 3711 section 3.3.1). Packets may come
/// out of order, as from a relay, within the replay window; this sender uses no index twice, since that
/// would give the keystream away.
///
/// A master key makes one sender, once. Another one under the same key would start at the same indices and
/// reveal both their packets: keep the sender as long as the key, and never send under a key that you
/// receive with.
///
/// Dropping a sender wipes its keys from the storage it borrowed.
#[derive(Debug)]
pub struct Sender<'s> {
    pub(crate) session: Session<'s>,
    pub(crate) streams: Streams<'s>,
}

impl<'s> Sender<'s> {
    /// A sender over storage in parts: what [`Storage::sender`](crate::Storage::sender) puts together.
    ///
    /// `windows` divides evenly among `streams`, into a valid window each (see [`replay`](crate::replay)).
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
        windows: &'s mut [u32],
    ) -> Result<Self, Error> {
        Self::with_session_keys(
            profile,
            options,
            &SessionKeys::derive(profile, master)?,
            ciphers,
            streams,
            windows,
        )
    }

    pub(crate) fn with_session_keys(
        profile: Profile,
        options: Options,
        keys: &SessionKeys,
        ciphers: &'s mut dyn CipherSlot,
        streams: &'s mut [Stream],
        windows: &'s mut [u32],
    ) -> Result<Self, Error> {
        let streams = Streams::new(streams, windows, &mut [])?;
        Ok(Self {
            session: Session::new(profile, options, keys, ciphers)?,
            streams,
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

    /// Protects an RTP packet into another buffer (RFC 3711 section 3.3).
    ///
    /// `output` needs [`rtp_trailer_len`](Self::rtp_trailer_len) octets more than `packet` has.
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`], [`Error::PacketTooLong`], [`Error::Truncated`], [`Error::Version`],
    /// [`Error::StreamLimit`], [`Error::Replayed`], [`Error::TooOld`] or [`Error::KeyExpired`]. Nothing
    /// is then written and no state moves.
    pub fn protect(&mut self, packet: &[u8], output: &mut [u8]) -> Result<Processed, Error> {
        let outgoing = Outgoing::disjoint(packet, output, self.session.rtp_trailer_len())?;
        srtp::protect(&mut self.session, &mut self.streams, outgoing)
    }

    /// Protects the RTP packet in the first `len` octets of `buffer`, where it grows.
    ///
    /// # Errors
    ///
    /// As [`Sender::protect`].
    pub fn protect_in_place(&mut self, buffer: &mut [u8], len: usize) -> Result<Processed, Error> {
        let outgoing = Outgoing::in_place(buffer, len, self.session.rtp_trailer_len())?;
        srtp::protect(&mut self.session, &mut self.streams, outgoing)
    }

    /// Protects an RTCP packet, compound or reduced-size, into another buffer (RFC 3711 section 3.4).
    ///
    /// `output` needs [`rtcp_trailer_len`](Self::rtcp_trailer_len) octets more than `packet` has.
    ///
    /// # Errors
    ///
    /// As [`Sender::protect`], except that an RTCP packet is never replayed or too old.
    pub fn protect_rtcp(&mut self, packet: &[u8], output: &mut [u8]) -> Result<Processed, Error> {
        let outgoing = Outgoing::disjoint(packet, output, self.session.rtcp_trailer_len())?;
        srtcp::protect(&mut self.session, &mut self.streams, outgoing)
    }

    /// Protects the RTCP packet in the first `len` octets of `buffer`, where it grows.
    ///
    /// # Errors
    ///
    /// As [`Sender::protect_rtcp`].
    pub fn protect_rtcp_in_place(
        &mut self,
        buffer: &mut [u8],
        len: usize,
    ) -> Result<Processed, Error> {
        let outgoing = Outgoing::in_place(buffer, len, self.session.rtcp_trailer_len())?;
        srtcp::protect(&mut self.session, &mut self.streams, outgoing)
    }
}
