// SPDX-License-Identifier: MIT OR Apache-2.0
//! The receiving side of a session.

use core::ops::{Deref, DerefMut};

use crate::context::Context;
use crate::{Buffers, Error, MasterKey, Options, Parts, Processed, Profile, srtcp, srtp};

/// Checks and decrypts the packets that arrive.
///
/// Every SSRC has its own ROC and its own windows for SRTP and SRTCP. An authentic packet from a new SSRC
/// takes a free stream, at ROC 0; a forged one takes nothing.
///
/// Keys and streams are managed through the [`Context`] that it dereferences to. Dropping a receiver wipes its
/// keys from the storage it borrowed.
#[derive(Debug)]
pub struct Receiver<'s> {
    context: Context<'s>,
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
    /// Packets of an SSRC without a stream that was not given one; refused unseen as well.
    pub without_stream: u32,
}

impl<'s> Receiver<'s> {
    /// A receiver with one master key, over storage in parts: what
    /// [`Storage::receiver`](crate::Storage::receiver) puts together.
    ///
    /// # Errors
    ///
    /// As [`Receiver::without_key`], and [`Error::KeyLength`] or, if the options speak of several keys,
    /// [`Error::Contradiction`].
    pub fn new(
        profile: Profile,
        options: Options,
        master: &MasterKey<'_>,
        parts: Parts<'s>,
    ) -> Result<Self, Error> {
        let mut receiver = Self::without_key(profile, options, parts)?;
        receiver.set_key(master)?;
        Ok(receiver)
    }

    /// A receiver whose keys are yet to be [added](Context::add_key).
    ///
    /// # Errors
    ///
    /// What [`Options::check`] finds; [`Error::WrongStorage`] or [`Error::Layout`] if `parts` are not for this.
    pub fn without_key(
        profile: Profile,
        options: Options,
        parts: Parts<'s>,
    ) -> Result<Self, Error> {
        if parts.rtcp_windows.is_empty() {
            return Err(Error::Layout);
        }
        Ok(Self {
            context: Context::new(profile, options, parts)?,
            counters: Counters::default(),
        })
    }

    /// How many packets were refused so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Sets the ROC of the next packet of `ssrc`, as for one who joins late. Add the stream first.
    ///
    /// A packet that does not authenticate under it leaves it set; once one has, the stream goes on from
    /// there, even if that is back.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownStream`].
    pub fn set_roc(&mut self, ssrc: u32, roc: u32) -> Result<(), Error> {
        self.streams.set_roc(ssrc, roc)
    }

    /// Takes a stream for an SSRC that a sender of our own uses. An authentic packet from it brings
    /// [`Notice::SsrcCollision`](crate::Notice::SsrcCollision).
    ///
    /// # Errors
    ///
    /// [`Error::StreamLimit`].
    pub fn add_own_ssrc(&mut self, ssrc: u32) -> Result<(), Error> {
        self.streams.add_own(ssrc)
    }

    /// Whether to go by the local ROC, and not by the one in packets that nothing authenticates: for when the
    /// media make sense, so that nobody can move it (RFC 4771 section 3, mode 3).
    pub fn ignore_carried_roc(&mut self, ignore: bool) {
        self.session.ignores_carried_roc = ignore;
    }

    /// Octets of the RTP packet that an SRTP packet protects: what an output needs for it.
    #[must_use]
    pub fn unprotected_len(&self, packet: &[u8]) -> usize {
        let shrinkage = srtp::shrinkage(&self.session, packet);
        packet.len().saturating_sub(shrinkage)
    }

    /// Unprotects an SRTP packet into another buffer (RFC 3711 section 3.3).
    ///
    /// `output` needs [`unprotected_len`](Self::unprotected_len) octets.
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`], [`Error::PacketTooLong`], [`Error::Truncated`], [`Error::Version`],
    /// [`Error::Extension`], [`Error::StreamLimit`], [`Error::Replayed`], [`Error::TooOld`],
    /// [`Error::UnknownKey`], [`Error::Authentication`] or [`Error::KeyExpired`]. `output` is then untouched,
    /// and ROC and windows have not moved.
    pub fn unprotect(&mut self, packet: &[u8], output: &mut [u8]) -> Result<Processed, Error> {
        let input = packet;
        self.unprotect_in(Buffers::Disjoint { input, output }, None)
    }

    /// Unprotects the SRTP packet that fills `packet`, where it shrinks.
    ///
    /// # Errors
    ///
    /// As [`Receiver::unprotect`]; `packet` is then as it arrived.
    pub fn unprotect_in_place(&mut self, packet: &mut [u8]) -> Result<Processed, Error> {
        self.unprotect_in(in_place(packet), None)
    }

    /// Unprotects an SRTP packet under a ROC to try, in place of the estimate: after
    /// [`Error::Authentication`], for one who joins late or has missed more than half of the sequence
    /// numbers. If it is the right one, the stream goes on from there.
    ///
    /// # Errors
    ///
    /// As [`Receiver::unprotect`].
    pub fn unprotect_with_roc(
        &mut self,
        packet: &[u8],
        output: &mut [u8],
        roc: u32,
    ) -> Result<Processed, Error> {
        let input = packet;
        self.unprotect_in(Buffers::Disjoint { input, output }, Some(roc))
    }

    /// The same in the buffer that the packet fills, which stays as it is on failure.
    ///
    /// # Errors
    ///
    /// As [`Receiver::unprotect`].
    pub fn unprotect_with_roc_in_place(
        &mut self,
        packet: &mut [u8],
        roc: u32,
    ) -> Result<Processed, Error> {
        self.unprotect_in(in_place(packet), Some(roc))
    }

    /// Unprotects an SRTP packet wherever it is, under a ROC to try if there is one.
    ///
    /// # Errors
    ///
    /// As [`Receiver::unprotect`].
    pub fn unprotect_in(
        &mut self,
        buffers: Buffers<'_, '_>,
        roc: Option<u32>,
    ) -> Result<Processed, Error> {
        let Context { session, streams } = &mut self.context;
        let result = srtp::unprotect(session, streams, buffers, roc);
        self.counted(result)
    }

    /// Unprotects an SRTCP packet into another buffer (RFC 3711 section 3.4).
    ///
    /// The packet says itself whether it was encrypted, under its tag; both kinds are taken. `output`
    /// needs [`rtcp_trailer_len`](Context::rtcp_trailer_len) octets less than `packet` has.
    ///
    /// # Errors
    ///
    /// As [`Receiver::unprotect`].
    pub fn unprotect_rtcp(&mut self, packet: &[u8], output: &mut [u8]) -> Result<Processed, Error> {
        let input = packet;
        self.unprotect_rtcp_in(Buffers::Disjoint { input, output })
    }

    /// Unprotects the SRTCP packet that fills `packet`, where it shrinks.
    ///
    /// # Errors
    ///
    /// As [`Receiver::unprotect`]; `packet` is then as it arrived.
    pub fn unprotect_rtcp_in_place(&mut self, packet: &mut [u8]) -> Result<Processed, Error> {
        self.unprotect_rtcp_in(in_place(packet))
    }

    /// Unprotects an SRTCP packet wherever it is.
    ///
    /// # Errors
    ///
    /// As [`Receiver::unprotect`].
    pub fn unprotect_rtcp_in(&mut self, buffers: Buffers<'_, '_>) -> Result<Processed, Error> {
        let Context { session, streams } = &mut self.context;
        let result = srtcp::unprotect(session, streams, buffers);
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

fn in_place(packet: &mut [u8]) -> Buffers<'_, '_> {
    let len = packet.len();
    Buffers::InPlace {
        buffer: packet,
        len,
        cap: len,
    }
}

impl<'s> Deref for Receiver<'s> {
    type Target = Context<'s>;

    fn deref(&self) -> &Context<'s> {
        &self.context
    }
}

impl<'s> DerefMut for Receiver<'s> {
    fn deref_mut(&mut self) -> &mut Context<'s> {
        &mut self.context
    }
}
