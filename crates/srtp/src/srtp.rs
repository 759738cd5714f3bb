// SPDX-License-Identifier: MIT OR Apache-2.0
//! SRTP (RFC 3711 sections 3.1 and 3.3; for AEAD, RFC 7714 section 8).
//!
//! ```text
//!   AES-CM  +-----------------------------+-------------------+-----+--------+
//!           | RTP header, CSRC, extension | payload           | MKI |  tag   |
//!           +-----------------------------+-------------------+-----+--------+
//!   AES-GCM +-----------------------------+-------------------+--------+-----+
//!           | RTP header, CSRC, extension | payload           |  tag   | MKI |
//!           +-----------------------------+-------------------+--------+-----+
//!           |        in clear             |     encrypted     |
//!           |<----------- authenticated, with the ROC ------->|
//! ```
//!
//! AES-CM appends the ROC to what it authenticates; for AEAD the ROC is in the initialisation vector.

use sipseal_cipher::{InOutBuf, split_clear};

use crate::buffers::Incoming;
use crate::ciphers::Protocol::Rtp;
#[cfg(feature = "rfc9335")]
use crate::cryptex;
use crate::index;
use crate::roc_transmission::{ROC_LEN, Tag};
use crate::rtp::Header;
use crate::session::Session;
use crate::streams::{Candidates, Streams};
use crate::{Admission, Buffers, Error, Processed};

/// Octets that unprotecting takes from `packet`; none if that cannot be read and will be refused.
pub(crate) fn shrinkage(session: &Session<'_>, packet: &[u8]) -> usize {
    Header::parse(packet).map_or(0, |header| {
        let tag = session.tag(header.sequence_number);
        session.rtp_trailer_len(tag)
    })
}

pub(crate) fn protect(
    session: &mut Session<'_>,
    streams: &mut Streams<'_>,
    buffers: Buffers<'_, '_>,
) -> Result<Processed, Error> {
    let Some(packet) = buffers.packet() else {
        let needed = buffers.grown_len(session.max_rtp_growth())?;
        return Err(Error::BufferTooSmall { needed });
    };
    let header = Header::parse(packet)?;
    let tag = session.tag(header.sequence_number);
    let trailer_len = session.rtp_trailer_len(tag);
    let gap = match () {
        #[cfg(feature = "rfc9335")]
        () => cryptex::gap(session.options, &header),
        #[cfg(not(feature = "rfc9335"))]
        () => 0,
    };
    let len = buffers.grown_len(gap + trailer_len)?;
    let stream = streams.find(header.ssrc, Admission::WhileFree)?;
    let retransmission = session.options.retransmission();
    let index = streams.next_rtp_index(&stream, header.sequence_number, retransmission)?;
    #[cfg(feature = "rfc9335")]
    let is_cryptex = cryptex::applies(session.options, packet, &header)?;
    if session.has_elements(&header) {
        Session::check_elements(packet, &header)?;
    }
    let position = session.key_to_send(Some(index))?;
    session.make_ready(position, Rtp, index)?;

    let key = session.ready_key(position, Rtp)?;
    let iv = session.rtp_iv(key.salt, packet, header.ssrc, index);
    let roc = index::roc(index).to_be_bytes();
    let suffix = suffix(session, &roc);
    // What a build leaves out, and what the options do not ask for.
    match () {
        #[cfg(feature = "rfc9335")]
        () if is_cryptex => {
            let at = header.extension_at;
            let (packet, trailer) = buffers.into_widened(at, gap, trailer_len)?;
            let mac = fill_trailer(session, position, tag, roc, trailer);
            cryptex::seal(key.cipher, &iv, packet, &header, suffix, mac);
        }
        () => {
            let (mut packet, trailer) = buffers.into_outgoing(trailer_len)?;
            let mac = fill_trailer(session, position, tag, roc, trailer);
            let clear_len = clear_len(session, &header);
            let (clear, _) = split_clear(packet.reborrow(), clear_len);
            let clear = clear.into_out_with_copied_in();
            if session.has_elements(&header) {
                session.crypt_elements(position, clear, &header, index);
            }
            match () {
                #[cfg(feature = "insecure")]
                () if tag.mac_len == 0 => key.cipher.crypt(&iv, split_clear(packet, clear_len).1),
                () => key.cipher.seal(&iv, packet, clear_len, suffix, mac),
            }
        }
    }

    streams.accept_rtp(&stream, index);
    Ok(Processed {
        len,
        notice: session.count(position, Rtp, index),
    })
}

/// With `roc`, the packet is taken to have that ROC, whatever the estimate would be.
pub(crate) fn unprotect(
    session: &mut Session<'_>,
    streams: &mut Streams<'_>,
    buffers: Buffers<'_, '_>,
    roc: Option<u32>,
) -> Result<Processed, Error> {
    let needed = buffers.len();
    let packet = buffers.packet();
    let packet = packet.ok_or(Error::BufferTooSmall { needed })?;
    let header = Header::parse(packet)?;
    let tag = session.tag(header.sequence_number);
    let Incoming {
        mut packet,
        trailer,
    } = buffers.into_incoming(session.rtp_trailer_len(tag))?;
    // What was taken for the header may have been the trailer.
    header.check_fits(packet.len())?;
    let mut stream = streams.find(header.ssrc, session.options.admission())?;
    let (mki, tag_octets) = split_trailer(session, trailer);
    let carried = carried_roc(session, tag, tag_octets);
    if session.options.unauthenticated_srtp() {
        // Nothing vouches for where the stream is: it is wherever the packet says.
        stream.go_on_from(carried);
    }
    let candidates = match roc.or(carried) {
        Some(roc) => Candidates::only(index::join(roc, header.sequence_number)),
        None => stream.candidates(header.sequence_number)?,
    };
    if session.has_elements(&header) {
        Session::check_elements(packet.get_in(), &header)?;
    }
    let mac = tag_octets.get(tag.roc_len()..).unwrap_or_default();
    let trailer = Trailer { mki, mac, tag };

    let len = packet.len();
    let Candidates {
        likely: mut index,
        mut or_at_roc_1,
    } = candidates;
    let mut refused = Error::UnknownKey;
    let position = loop {
        let opened = streams
            .check_rtp_index(&stream, index)
            .and_then(|()| open(session, index, &header, packet.reborrow(), trailer));
        match opened {
            Ok(position) => break position,
            // There was a key for the likely index.
            Err(Error::UnknownKey) => (),
            Err(error) => refused = error,
        }
        if !or_at_roc_1 || !matches!(refused, Error::Authentication | Error::UnknownKey) {
            return Err(refused);
        }
        index = index::join(1, header.sequence_number);
        or_at_roc_1 = false;
    };

    streams.accept_rtp(&stream, index);
    let notice = session.count(position, Rtp, index);
    Ok(Processed {
        len,
        notice: streams.collision(&stream).or(notice),
    })
}

/// What is behind a packet, but for the ROC.
#[derive(Clone, Copy)]
struct Trailer<'t> {
    mki: &'t [u8],
    mac: &'t [u8],
    /// Whether there is to be a code, says this: that octets are missing is no reason to do without.
    tag: Tag,
}

/// Checks and decrypts a packet as one of this index; which key it is under.
fn open(
    session: &mut Session<'_>,
    index: u64,
    header: &Header,
    mut packet: InOutBuf<'_, '_, u8>,
    Trailer { mki, mac, tag }: Trailer<'_>,
) -> Result<usize, Error> {
    debug_assert_eq!(mac.len(), tag.mac_len, "the trailer was split so");
    let position = session.key_received(mki, Some(index))?;
    session.make_ready(position, Rtp, index)?;
    let key = session.ready_key(position, Rtp)?;
    let iv = session.rtp_iv(key.salt, packet.get_in(), header.ssrc, index);
    let roc = index::roc(index).to_be_bytes();
    let suffix = suffix(session, &roc);
    #[cfg(feature = "rfc9335")]
    if cryptex::is_applied(session.options, packet.get_in(), header) {
        return match cryptex::open(key.cipher, &iv, packet, header, suffix, mac) {
            Ok(()) => Ok(position),
            Err(_) => Err(Error::Authentication),
        };
    }
    let clear_len = clear_len(session, header);
    // Without authentication only in a build that has it, and where the options ask for it.
    match () {
        #[cfg(feature = "insecure")]
        () if tag.mac_len == 0 => {
            let (_, payload) = split_clear(packet.reborrow(), clear_len);
            key.cipher.crypt(&iv, payload);
        }
        () => key
            .cipher
            .open(&iv, packet.reborrow(), clear_len, suffix, mac)
            .map_err(|_| Error::Authentication)?,
    }
    let (clear, _) = split_clear(packet, clear_len);
    let clear = clear.into_out_with_copied_in();
    if session.has_elements(header) {
        session.crypt_elements(position, clear, header, index);
    }
    Ok(position)
}

/// How much of a packet stays in clear.
fn clear_len(session: &Session<'_>, header: &Header) -> usize {
    if session.options.unencrypted_srtp() {
        usize::MAX
    } else {
        header.len
    }
}

/// What is authenticated beyond the packet: the ROC, where it is not in the initialisation vector.
fn suffix<'r>(session: &Session<'_>, roc: &'r [u8; ROC_LEN]) -> &'r [u8] {
    if session.form.is_aead() { &[] } else { roc }
}

/// Writes MKI and ROC where there are any, and gives the place of the message authentication code.
fn fill_trailer<'t>(
    session: &Session<'_>,
    position: usize,
    tag: Tag,
    roc: [u8; ROC_LEN],
    trailer: &'t mut [u8],
) -> &'t mut [u8] {
    if trailer.len() == tag.mac_len {
        return trailer;
    }
    fill_front(session, position, tag, roc, trailer)
}

#[cold]
fn fill_front<'t>(
    session: &Session<'_>,
    position: usize,
    tag: Tag,
    roc: [u8; ROC_LEN],
    trailer: &'t mut [u8],
) -> &'t mut [u8] {
    let mki = session.mki(position);
    let (mki_out, tag_out) = if session.form.is_aead() {
        let (tag, mki_out) = trailer.split_at_mut(trailer.len() - mki.len().min(trailer.len()));
        (mki_out, tag)
    } else {
        trailer.split_at_mut(mki.len().min(trailer.len()))
    };
    let (roc_out, mac) = tag_out.split_at_mut(tag.roc_len().min(tag_out.len()));
    for (to, from) in mki_out.iter_mut().zip(mki) {
        *to = *from;
    }
    for (to, from) in roc_out.iter_mut().zip(roc) {
        *to = from;
    }
    mac
}

/// MKI and tag.
fn split_trailer<'t>(session: &Session<'_>, trailer: &'t [u8]) -> (&'t [u8], &'t [u8]) {
    let mki_len = usize::from(session.options.mki_len()).min(trailer.len());
    if session.form.is_aead() {
        let (tag, mki) = trailer.split_at(trailer.len() - mki_len);
        (mki, tag)
    } else {
        trailer.split_at(mki_len)
    }
}

/// The ROC in a tag, where it carries one that the receiver goes by.
fn carried_roc(session: &Session<'_>, tag: Tag, octets: &[u8]) -> Option<u32> {
    let ignored = session.ignores_carried_roc && tag.mac_len == 0;
    octets
        .first_chunk()
        .filter(|_| tag.carries_roc && !ignored)
        .map(|roc| u32::from_be_bytes(*roc))
}
