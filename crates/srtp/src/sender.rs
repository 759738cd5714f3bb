// SPDX-License-Identifier: MIT OR Apache-2.0
//! The sending side of a session.

use core::ops::{Deref, DerefMut};

use crate::context::Context;
use crate::{Buffers, Error, MasterKey, Options, Parts, Processed, Profile, srtcp, srtp};

/// Protects the packets that leave.
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
/// Keys and streams are managed through the [`Context`] that it dereferences to. Dropping a sender wipes its
/// keys from the storage it borrowed.
#[derive(Debug)]
pub struct Sender<'s>(Context<'s>);

impl<'s> Sender<'s> {
    /// A sender with one master key, over storage in parts: what
    /// [`Storage::sender`](crate::Storage::sender) puts together.
    ///
    /// # Errors
    ///
    /// As [`Sender::without_key`], and [`Error::KeyLength`] or, if the options speak of several keys,
    /// [`Error::Contradiction`].
    pub fn new(
        profile: Profile,
        options: Options,
        master: &MasterKey<'_>,
        parts: Parts<'s>,
    ) -> Result<Self, Error> {
        let mut sender = Self::without_key(profile, options, parts)?;
        sender.set_key(master)?;
        Ok(sender)
    }

    /// A sender whose keys are yet to be [added](Context::add_key).
    ///
    /// # Errors
    ///
    /// What [`Options::check`] finds; [`Error::WrongStorage`] or [`Error::Layout`] if `parts` are not for this.
    pub fn without_key(
        profile: Profile,
        options: Options,
        parts: Parts<'s>,
    ) -> Result<Self, Error> {
        let parts = Parts {
            rtcp_windows: &mut [],
            ..parts
        };
        Context::new(profile, options, parts).map(Self)
    }

    /// Sends with the key of this MKI from now on.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`]; [`Error::KeyLength`] or [`Error::Contradiction`] for an MKI that no key here has.
    pub fn use_key(&mut self, mki: &[u8]) -> Result<(), Error> {
        self.session.use_key(mki)
    }

    /// Sets the ROC of the next packet of `ssrc`. Add the stream first.
    ///
    /// **Not to go on for another sender under its key**: SRTCP would start again at index 0, and which packets
    /// of this ROC it has sent is not known here. Both would give keystream away.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownStream`]; [`Error::TooOld`] if `roc` is below the ROC of a packet that was sent;
    /// [`Error::Unsupported`] in a build without streams under control.
    pub fn set_roc(&mut self, ssrc: u32, roc: u32) -> Result<(), Error> {
        self.streams.set_roc(ssrc, roc)
    }

    /// Protects an RTP packet into another buffer (RFC 3711 section 3.3).
    ///
    /// `output` needs [`rtp_trailer_len`](Context::rtp_trailer_len) octets more than `packet` has.
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`], [`Error::PacketTooLong`], [`Error::Truncated`], [`Error::Version`],
    /// [`Error::Extension`], [`Error::StreamLimit`], [`Error::Replayed`], [`Error::TooOld`],
    /// [`Error::UnknownKey`] or [`Error::KeyExpired`]. Nothing is then written and no state moves.
    pub fn protect(&mut self, packet: &[u8], output: &mut [u8]) -> Result<Processed, Error> {
        let input = packet;
        self.protect_in(Buffers::Disjoint { input, output })
    }

    /// Protects the RTP packet in the first `len` octets of `buffer`, where it grows.
    ///
    /// # Errors
    ///
    /// As [`Sender::protect`].
    pub fn protect_in_place(&mut self, buffer: &mut [u8], len: usize) -> Result<Processed, Error> {
        let cap = buffer.len();
        self.protect_in(Buffers::InPlace { buffer, len, cap })
    }

    /// Protects an RTP packet wherever it is.
    ///
    /// # Errors
    ///
    /// As [`Sender::protect`].
    pub fn protect_in(&mut self, buffers: Buffers<'_, '_>) -> Result<Processed, Error> {
        let Context { session, streams } = &mut self.0;
        srtp::protect(session, streams, buffers)
    }

    /// Protects an RTCP packet, compound or reduced-size, into another buffer (RFC 3711 section 3.4).
    ///
    /// `output` needs [`rtcp_trailer_len`](Context::rtcp_trailer_len) octets more than `packet` has.
    ///
    /// # Errors
    ///
    /// As [`Sender::protect`], except that an RTCP packet is never replayed or too old.
    pub fn protect_rtcp(&mut self, packet: &[u8], output: &mut [u8]) -> Result<Processed, Error> {
        let input = packet;
        self.protect_rtcp_in(Buffers::Disjoint { input, output })
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
        let cap = buffer.len();
        self.protect_rtcp_in(Buffers::InPlace { buffer, len, cap })
    }

    /// Protects an RTCP packet wherever it is.
    ///
    /// # Errors
    ///
    /// As [`Sender::protect_rtcp`].
    pub fn protect_rtcp_in(&mut self, buffers: Buffers<'_, '_>) -> Result<Processed, Error> {
        let Context { session, streams } = &mut self.0;
        srtcp::protect(session, streams, buffers)
    }
}

impl<'s> Deref for Sender<'s> {
    type Target = Context<'s>;

    fn deref(&self) -> &Context<'s> {
        &self.0
    }
}

impl<'s> DerefMut for Sender<'s> {
    fn deref_mut(&mut self) -> &mut Context<'s> {
        &mut self.0
    }
}
