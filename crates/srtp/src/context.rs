// SPDX-License-Identifier: MIT OR Apache-2.0
//! What senders and receivers share: master keys, streams and ROCs, to be managed while packets flow.

use crate::session::Session;
use crate::streams::{StreamStatus, Streams};
use crate::{Error, KeyId, MasterKey, Options, Parts, Profile, Rekeying};

/// The cryptographic context of one direction (RFC 3711 section 3.2): the part of a
/// [`Sender`](crate::Sender) or [`Receiver`](crate::Receiver) that is not about packets.
#[derive(Debug)]
pub struct Context<'s> {
    pub(crate) session: Session<'s>,
    pub(crate) streams: Streams<'s>,
}

impl<'s> Context<'s> {
    pub(crate) fn new(profile: Profile, options: Options, parts: Parts<'s>) -> Result<Self, Error> {
        let Parts {
            ciphers,
            keys,
            mkis,
            element_keys,
            streams,
            rtp_windows,
            rtcp_windows,
        } = parts;
        let streams = Streams::new(streams, rtp_windows, rtcp_windows)?;
        let session = Session::new(profile, options, ciphers, keys, mkis, element_keys)?;
        Ok(Self { session, streams })
    }

    /// The profile.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.session.profile
    }

    /// Whether packets derive session keys from the master key, every so often (RFC 3711 section 4.3.1).
    #[must_use]
    pub fn has_key_derivation_rate(&self) -> bool {
        self.session.options.key_derivation_rate() > 0
    }

    /// Most octets that protection adds to an RTP packet; most packets grow by as many.
    ///
    /// Fewer where [`Options::roc_transmission`](field@crate::Options::roc_transmission) leaves tags out, or a
    /// packet has no contributing sources for [`Options::cryptex`](field@crate::Options::cryptex) to announce.
    #[must_use]
    pub fn rtp_trailer_len(&self) -> usize {
        self.session.max_rtp_growth()
    }

    /// Octets that protection adds to an RTCP packet.
    #[must_use]
    pub fn rtcp_trailer_len(&self) -> usize {
        self.session.rtcp_trailer_len()
    }

    /// Sets the master key of a context that has one only, without MKI or range, and none yet.
    ///
    /// # Errors
    ///
    /// [`Error::KeyLength`]; [`Error::Contradiction`] in a context whose keys have identities or that has a key.
    pub fn set_key(&mut self, master: &MasterKey<'_>) -> Result<(), Error> {
        self.session.set_only_key(master)
    }

    /// Adds a master key, beside those that are there.
    ///
    /// Streams, their ROCs and windows stay as they are. A sender sends with the first key that was added until
    /// [`Sender::use_key`](crate::Sender::use_key), or by index.
    ///
    /// # Errors
    ///
    /// [`Error::KeyLength`]; [`Error::KeyLimit`] with all places for keys taken; [`Error::Contradiction`] if the
    /// [`Options`] do not speak of such identities, or another key has this MKI or an index of this range.
    pub fn add_key(&mut self, id: KeyId<'_>, master: &MasterKey<'_>) -> Result<(), Error> {
        self.session.add_key(id, master)
    }

    /// Removes and wipes a master key. A range is known by its first index.
    ///
    /// A sender that sent with it sends no more until [`Sender::use_key`](crate::Sender::use_key).
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`]; [`Error::KeyLength`] or [`Error::Contradiction`] for such an identity as no key
    /// here has.
    pub fn remove_key(&mut self, id: KeyId<'_>) -> Result<(), Error> {
        self.session.remove_key(id)
    }

    /// Lets a key process no more than this many packets of SRTP, and of SRTCP, where its profile would allow more: a
    /// lifetime that was agreed on (RFC 4568 section 6.1). `mki` is empty for the only key of a context.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`]; [`Error::KeyLength`] or [`Error::Contradiction`] for an MKI that no key here has.
    pub fn limit_key(&mut self, mki: &[u8], packets: u64) -> Result<(), Error> {
        self.session.limit_key(mki, packets)
    }

    /// Replaces the master key of a context that has one only, without MKI or range, or sets it.
    ///
    /// The same master key again, as a re-INVITE may bring it, changes nothing; its ROCs cannot be reset, since
    /// that would repeat its keystream. **Nor must a key come back after another with ROCs reset**: only the
    /// latest is known here.
    ///
    /// # Errors
    ///
    /// [`Error::KeyLength`]; [`Error::Contradiction`] in a context whose keys have identities, or for the same
    /// key with [`Rekeying::ResetRoc`]. The old key is then still there.
    pub fn rekey(&mut self, master: &MasterKey<'_>, roc: Rekeying) -> Result<(), Error> {
        let is_new = self.session.replace_key(master)?;
        match roc {
            Rekeying::ResetRoc if is_new => self.streams.reset(),
            Rekeying::ResetRoc => return Err(Error::Contradiction),
            Rekeying::KeepRoc => (),
        }
        Ok(())
    }

    /// Encrypts the elements of header extensions that have this ID (RFC 6904), 1 to 255: both ends agree on
    /// them. Needs [`Options::encrypted_elements`](field@crate::Options::encrypted_elements).
    ///
    /// # Errors
    ///
    /// [`Error::Contradiction`] without that option, or for ID 0, which is padding.
    pub fn encrypt_element(&mut self, id: u8) -> Result<(), Error> {
        self.session.encrypt_element(id)
    }

    /// Takes a free stream for `ssrc`, at ROC 0, before its first packet, and lists it as added. One that it has stays as it is.
    ///
    /// # Errors
    ///
    /// [`Error::StreamLimit`].
    pub fn add_stream(&mut self, ssrc: u32) -> Result<(), Error> {
        self.streams.add(ssrc)
    }

    /// Frees the stream of `ssrc`, for another.
    ///
    /// Its ROC is forgotten, and which of its packets were seen. **A sender must never send from this SSRC
    /// again under the same key**: its indices would start over, and each that was used before gives its
    /// keystream away. At a receiver, its packets could be played again, in order.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownStream`].
    pub fn remove_stream(&mut self, ssrc: u32) -> Result<(), Error> {
        self.streams.remove(ssrc)
    }

    /// The streams that are taken, in ascending order of SSRC.
    pub fn streams(&self) -> impl Iterator<Item = StreamStatus> {
        self.streams.list()
    }

    /// The ROC of `ssrc`: the one that was set, until a packet has used it, else that of its highest index,
    /// else 0.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownStream`].
    pub fn roc(&self, ssrc: u32) -> Result<u32, Error> {
        self.streams.roc(ssrc)
    }
}
