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

use sipseal_cipher::InOutBuf;

use crate::buffers::{Incoming, Outgoing, split_clear};
use crate::ciphers::Protocol::Rtp;
#[cfg(feature = "rfc9335")]
use crate::cryptex;
use crate::index;
use crate::roc_transmission::{ROC_LEN, Tag};
use crate::rtp::Header;
use crate::session::Session;
use crate::streams::Streams;
use crate::{Admission, Error, Processed};

/// Octets that protection adds to `packet`; the most, if that cannot be read and will not be protected.
pub(crate) fn growth(session: &Session<'_>, packet: Option<&[u8]>) -> usize {
    let Some(Ok(header)) = packet.map(Header::parse) else {
        return session.max_rtp_growth();
    };
    let trailer_len = session.rtp_trailer_len(header.sequence_number);
    match () {
        #[cfg(feature = "rfc9335")]
        () => trailer_len + cryptex::gap(session.options, &header),
        #[cfg(not(feature = "rfc9335"))]
        () => trailer_len,
    }
}

/// Octets that unprotecting takes from `packet`; none if that cannot be read and will be refused.
pub(crate) fn shrinkage(session: &Session<'_>, packet: &[u8]) -> usize {
    Header::parse(packet).map_or(0, |header| session.rtp_trailer_len(header.sequence_number))
}

pub(crate) fn protect(
    session: &mut Session<'_>,
    streams: &mut Streams<'_>,
    outgoing: Outgoing<'_, '_>,
) -> Result<Processed, Error> {
    let header = Header::parse(outgoing.packet())?;
    let stream = streams.find(header.ssrc, Admission::WhileFree)?;
    let retransmission = session.options.retransmission();
    let index = streams.next_rtp_index(&stream, header.sequence_number, retransmission)?;
    #[cfg(feature = "rfc9335")]
    let is_cryptex = cryptex::applies(session.options, outgoing.packet(), &header)?;
    session.check_elements(outgoing.packet(), &header)?;
    let key = session.key_to_send(Some(index))?;
    session.ready(key, Rtp, index)?;

    let cipher = session.cipher(key, Rtp)?;
    let iv = session.rtp_iv(key, outgoing.packet(), header.ssrc, index)?;
    let tag = session.tag(header.sequence_number);
    let roc = index::roc(index).to_be_bytes();
    let suffix = suffix(session, &roc);
    let len = outgoing.protected_len();
    // What a build leaves out, and what the options do not ask for.
    match () {
        #[cfg(feature = "rfc9335")]
        () if is_cryptex => {
            let gap = cryptex::gap(session.options, &header);
            let (packet, trailer) = outgoing.widen(header.extension_at, gap)?;
            let mac = fill_trailer(session, key, tag, roc, trailer);
            cryptex::seal(cipher, &iv, packet, &header, suffix, mac);
        }
        () => {
            let (packet, trailer) = outgoing.split()?;
            let mac = fill_trailer(session, key, tag, roc, trailer);
            let (clear, payload) = split_clear(packet, clear_len(session, &header));
            let clear = clear.into_out_with_copied_in();
            session.crypt_elements(key, clear, &header, index);
            match () {
                #[cfg(feature = "insecure")]
                () if tag.mac_len == 0 => cipher.crypt(&iv, payload),
                () => cipher.seal(&iv, clear, payload, suffix, mac),
            }
        }
    }

    streams.accept_rtp(stream, index);
    Ok(Processed {
        len,
        notice: session.count(key, Rtp, index),
    })
}

/// With `roc`, the packet is taken to have that ROC, whatever the estimate would be.
pub(crate) fn unprotect(
    session: &mut Session<'_>,
    streams: &mut Streams<'_>,
    incoming: Incoming<'_, '_>,
    roc: Option<u32>,
) -> Result<Processed, Error> {
    let Incoming {
        mut packet,
        trailer,
    } = incoming;
    let header = Header::parse(packet.get_in())?;
    let mut stream = streams.find(header.ssrc, session.options.admission())?;
    let tag = session.tag(header.sequence_number);
    let (mki, tag_octets) = split_trailer(session, trailer);
    let carried = carried_roc(session, tag, tag_octets);
    if session.options.unauthenticated_srtp() {
        // Nothing vouches for where the stream is: it is wherever the packet says.
        stream.go_on_from(carried);
    }
    let candidates = match roc.or(carried) {
        Some(roc) => [Some(index::join(roc, header.sequence_number)), None],
        None => stream.candidates(header.sequence_number)?,
    };
    session.check_elements(packet.get_in(), &header)?;

    let len = packet.len();
    let mac = tag_octets
        .get(tag.len() - tag.mac_len..)
        .unwrap_or_default();
    let mut opened = Err(Error::KeyExpired);
    for index in candidates.into_iter().flatten() {
        let attempt = streams.check_rtp_index(&stream, index).and_then(|()| {
            let key = session.key_received(mki, Some(index))?;
            open(session, key, index, &header, packet.reborrow(), (tag, mac))?;
            Ok((key, index))
        });
        opened = match (opened, attempt) {
            // There was a key for the other guess.
            (Err(Error::Authentication), Err(Error::UnknownKey)) => opened,
            _ => attempt,
        };
        if !matches!(attempt, Err(Error::Authentication | Error::UnknownKey)) {
            break;
        }
    }
    let (key, index) = opened?;

    streams.accept_rtp(stream, index);
    let notice = session.count(key, Rtp, index);
    Ok(Processed {
        len,
        notice: stream.collision().or(notice),
    })
}

/// Checks and decrypts a packet as one of this index and key.
fn open(
    session: &mut Session<'_>,
    key: usize,
    index: u64,
    header: &Header,
    packet: InOutBuf<'_, '_, u8>,
    (tag, mac): (Tag, &[u8]),
) -> Result<(), Error> {
    debug_assert_eq!(mac.len(), tag.mac_len, "the trailer was split so");
    session.ready(key, Rtp, index)?;
    let cipher = session.cipher(key, Rtp)?;
    let iv = session.rtp_iv(key, packet.get_in(), header.ssrc, index)?;
    let roc = index::roc(index).to_be_bytes();
    let suffix = suffix(session, &roc);
    #[cfg(feature = "rfc9335")]
    if cryptex::is_applied(session.options, packet.get_in(), header) {
        return cryptex::open(cipher, &iv, packet, header, suffix, mac)
            .map_err(|_| Error::Authentication);
    }
    let (clear, payload) = split_clear(packet, clear_len(session, header));
    // Without authentication only in a build that has it, and where the options ask for it.
    match () {
        #[cfg(feature = "insecure")]
        () if tag.mac_len == 0 => cipher.crypt(&iv, payload),
        () => cipher
            .open(&iv, clear.get_in(), payload, suffix, mac)
            .map_err(|_| Error::Authentication)?,
    }
    let clear = clear.into_out_with_copied_in();
    session.crypt_elements(key, clear, header, index);
    Ok(())
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
    if session.profile.is_aead() { &[] } else { roc }
}

/// Writes MKI and ROC where there are any, and gives the place of the message authentication code.
fn fill_trailer<'t>(
    session: &Session<'_>,
    key: usize,
    tag: Tag,
    roc: [u8; ROC_LEN],
    trailer: &'t mut [u8],
) -> &'t mut [u8] {
    let mki = session.mki(key);
    let (mki_out, tag_out) = if session.profile.is_aead() {
        let (tag, mki_out) = trailer.split_at_mut(trailer.len() - mki.len().min(trailer.len()));
        (mki_out, tag)
    } else {
        trailer.split_at_mut(mki.len().min(trailer.len()))
    };
    let roc_len = tag.len() - tag.mac_len;
    let (roc_out, mac) = tag_out.split_at_mut(roc_len.min(tag_out.len()));
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
    if session.profile.is_aead() {
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
