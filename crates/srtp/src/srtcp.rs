// SPDX-License-Identifier: MIT OR Apache-2.0
//! SRTCP (RFC 3711 section 3.4; for AEAD, RFC 7714 section 9).
//!
//! ```text
//!             8 octets
//!   AES-CM  +-------------+------------------------+-+-------------+-----+---------+
//!           | RTCP header | rest of compound packet|E| SRTCP index | MKI |   tag   |
//!           +-------------+------------------------+-+-------------+-----+---------+
//!           |  in clear   |   encrypted if E       |
//!           |<------------------ authenticated ------------------->|
//!
//!   AES-GCM +-------------+------------------------+---------+-+-------------+-----+
//!           | RTCP header | rest of compound packet|   tag   |E| SRTCP index | MKI |
//!           +-------------+------------------------+---------+-+-------------+-----+
//!           |<------- authenticated -------------->|         |<authenticated>|
//! ```

use sipseal_cipher::split_clear;

use crate::buffers::Incoming;
use crate::ciphers::Protocol::Rtcp;
use crate::rtcp::{E_FLAG, HEADER_LEN, Header, INDEX_LEN};
use crate::session::Session;
use crate::streams::Streams;
use crate::{Admission, Buffers, Error, Processed};

pub(crate) fn protect(
    session: &mut Session<'_>,
    streams: &mut Streams<'_>,
    buffers: Buffers<'_, '_>,
) -> Result<Processed, Error> {
    let growth = session.rtcp_trailer_len();
    let len = buffers.grown_len(growth)?;
    let packet = buffers.packet();
    let packet = packet.ok_or(Error::BufferTooSmall { needed: len })?;
    let header = Header::parse(packet)?;
    let stream = streams.find(header.ssrc, Admission::WhileFree)?;
    let index = streams.next_rtcp_index(&stream)?;
    let encrypt = !session.options.insecure_unencrypted_srtcp;
    let flag_and_index = if encrypt { E_FLAG | index } else { index };
    let word = flag_and_index.to_be_bytes();
    let position = session.key_to_send(stream.rtp_reached())?;
    session.make_ready(position, Rtcp, u64::from(index))?;

    let key = session.ready_key(position, Rtcp)?;
    let iv = session.rtcp_iv(key.salt, packet, header.ssrc, flag_and_index);
    let (mut packet, trailer) = buffers.into_outgoing(growth)?;
    let (word_out, mki_out, tag) = split_mut(session, trailer).ok_or(Error::Layout)?;
    let clear_len = clear_len(encrypt);
    let (clear, _) = split_clear(packet.reborrow(), clear_len);
    let _ = clear.into_out_with_copied_in();
    key.cipher.seal(&iv, packet, clear_len, &word, tag);
    *word_out = word;
    for (to, from) in mki_out.iter_mut().zip(session.mki(position)) {
        *to = *from;
    }

    streams.accept_rtcp(&stream, index);
    Ok(Processed {
        len,
        notice: session.count(position, Rtcp, u64::from(index)),
    })
}

pub(crate) fn unprotect(
    session: &mut Session<'_>,
    streams: &mut Streams<'_>,
    buffers: Buffers<'_, '_>,
) -> Result<Processed, Error> {
    let Incoming {
        mut packet,
        trailer,
    } = buffers.into_incoming(session.rtcp_trailer_len())?;
    let header = Header::parse(packet.get_in())?;
    let len = packet.len();
    let (word, mki, tag) = split(session, trailer).ok_or(Error::Truncated { offset: len })?;
    let flag_and_index = u32::from_be_bytes(*word);
    let index = flag_and_index & !E_FLAG;
    let stream = streams.find(header.ssrc, session.options.admission())?;
    streams.check_rtcp_index(&stream, index)?;
    let position = session.key_received(mki, stream.rtp_reached())?;
    session.make_ready(position, Rtcp, u64::from(index))?;

    let key = session.ready_key(position, Rtcp)?;
    let iv = session.rtcp_iv(key.salt, packet.get_in(), header.ssrc, flag_and_index);
    let clear_len = clear_len(flag_and_index & E_FLAG != 0);
    key.cipher
        .open(&iv, packet.reborrow(), clear_len, word, tag)
        .map_err(|_| Error::Authentication)?;
    let (clear, _) = split_clear(packet, clear_len);
    let _ = clear.into_out_with_copied_in();

    streams.accept_rtcp(&stream, index);
    let notice = session.count(position, Rtcp, u64::from(index));
    Ok(Processed {
        len,
        notice: streams.collision(&stream).or(notice),
    })
}

/// How much stays in clear: all of the packet if the E flag is off.
fn clear_len(encrypted: bool) -> usize {
    if encrypted { HEADER_LEN } else { usize::MAX }
}

/// E flag with index, MKI and tag, behind a packet.
fn split<'t>(
    session: &Session<'_>,
    trailer: &'t [u8],
) -> Option<(&'t [u8; INDEX_LEN], &'t [u8], &'t [u8])> {
    let (head, tail) = trailer.split_at_checked(head_len(session))?;
    let (rest, tag) = if session.form.is_aead() {
        (tail, head)
    } else {
        (head, tail)
    };
    let (word, mki) = rest.split_first_chunk()?;
    Some((word, mki, tag))
}

/// The same, to be written.
fn split_mut<'t>(
    session: &Session<'_>,
    trailer: &'t mut [u8],
) -> Option<(&'t mut [u8; INDEX_LEN], &'t mut [u8], &'t mut [u8])> {
    let (head, tail) = trailer.split_at_mut_checked(head_len(session))?;
    let (rest, tag) = if session.form.is_aead() {
        (tail, head)
    } else {
        (head, tail)
    };
    let (word, mki) = rest.split_first_chunk_mut()?;
    Some((word, mki, tag))
}

/// Octets of what comes first: the tag of an AEAD, else all but the tag.
fn head_len(session: &Session<'_>) -> usize {
    if session.form.is_aead() {
        session.profile.rtcp_tag_len()
    } else {
        INDEX_LEN + usize::from(session.options.mki_len())
    }
}
