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

use crate::buffers::{Incoming, Outgoing, split_clear};
use crate::ciphers::Protocol::Rtcp;
use crate::rtcp::{E_FLAG, HEADER_LEN, Header, INDEX_LEN};
use crate::session::Session;
use crate::streams::Streams;
use crate::{Admission, Error, Processed};

pub(crate) fn protect(
    session: &mut Session<'_>,
    streams: &mut Streams<'_>,
    outgoing: Outgoing<'_, '_>,
) -> Result<Processed, Error> {
    let header = Header::parse(outgoing.packet())?;
    let stream = streams.find(header.ssrc, Admission::WhileFree)?;
    let index = stream.next_rtcp_index()?;
    let encrypt = !session.options.insecure_unencrypted_srtcp;
    let flag_and_index = if encrypt { E_FLAG | index } else { index };
    let word = flag_and_index.to_be_bytes();
    let key = session.key_to_send(stream.rtp_reached())?;
    session.ready(key, Rtcp, u64::from(index))?;

    let cipher = session.cipher(key, Rtcp)?;
    let iv = session.rtcp_iv(key, outgoing.packet(), header.ssrc, flag_and_index)?;
    let len = outgoing.protected_len();
    let (packet, trailer) = outgoing.split()?;
    let (word_out, mki_out, tag) = split_mut(session, trailer).ok_or(Error::Layout)?;
    let (clear, payload) = split_clear(packet, clear_len(encrypt));
    cipher.seal(&iv, clear.into_out_with_copied_in(), payload, &word, tag);
    *word_out = word;
    for (to, from) in mki_out.iter_mut().zip(session.mki(key)) {
        *to = *from;
    }

    streams.accept_rtcp(stream, index);
    Ok(Processed {
        len,
        notice: session.count(key, Rtcp, u64::from(index)),
    })
}

pub(crate) fn unprotect(
    session: &mut Session<'_>,
    streams: &mut Streams<'_>,
    incoming: Incoming<'_, '_>,
) -> Result<Processed, Error> {
    let Incoming { packet, trailer } = incoming;
    let header = Header::parse(packet.get_in())?;
    let len = packet.len();
    let (word, mki, tag) = split(session, trailer).ok_or(Error::Truncated { offset: len })?;
    let flag_and_index = u32::from_be_bytes(*word);
    let index = flag_and_index & !E_FLAG;
    let stream = streams.find(header.ssrc, session.options.admission())?;
    streams.check_rtcp_index(&stream, index)?;
    let key = session.key_received(mki, stream.rtp_reached())?;
    session.ready(key, Rtcp, u64::from(index))?;

    let cipher = session.cipher(key, Rtcp)?;
    let iv = session.rtcp_iv(key, packet.get_in(), header.ssrc, flag_and_index)?;
    let (clear, payload) = split_clear(packet, clear_len(flag_and_index & E_FLAG != 0));
    cipher
        .open(&iv, clear.get_in(), payload, word, tag)
        .map_err(|_| Error::Authentication)?;
    let _ = clear.into_out_with_copied_in();

    streams.accept_rtcp(stream, index);
    let notice = session.count(key, Rtcp, u64::from(index));
    Ok(Processed {
        len,
        notice: stream.collision().or(notice),
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
    let (rest, tag) = if session.profile.is_aead() {
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
    let (rest, tag) = if session.profile.is_aead() {
        (tail, head)
    } else {
        (head, tail)
    };
    let (word, mki) = rest.split_first_chunk_mut()?;
    Some((word, mki, tag))
}

/// Octets of what comes first: the tag of an AEAD, else all but the tag.
fn head_len(session: &Session<'_>) -> usize {
    if session.profile.is_aead() {
        session.profile.rtcp_tag_len()
    } else {
        INDEX_LEN + usize::from(session.options.mki_len())
    }
}
