// SPDX-License-Identifier: MIT OR Apache-2.0
//! SRTCP (RFC 3711 section 3.4; for AEAD, RFC 7714 section 9).
//!
//! ```text
//!             8 octets
//!   AES-CM  +-------------+------------------------+-+-------------+---------+
//!           | RTCP header | rest of compound packet|E| SRTCP index |   tag   |
//!           +-------------+------------------------+-+-------------+---------+
//!           |  in clear   |   encrypted if E       |
//!           |<------------------ authenticated ------------------->|
//!
//!   AES-GCM +-------------+------------------------+---------+-+-------------+
//!           | RTCP header | rest of compound packet|   tag   |E| SRTCP index |
//!           +-------------+------------------------+---------+-+-------------+
//!           |<------- authenticated -------------->|         |<authenticated>|
//! ```

use crate::buffers::{Incoming, Outgoing, split_clear};
use crate::index::LAST_RTCP_INDEX;
use crate::rtcp::{E_FLAG, HEADER_LEN, Header, INDEX_LEN};
use crate::session::{Protocol::Rtcp, Session};
use crate::streams::Streams;
use crate::{Error, Processed};

pub(crate) fn protect(
    session: &mut Session<'_>,
    streams: &mut Streams<'_>,
    outgoing: Outgoing<'_, '_>,
) -> Result<Processed, Error> {
    let Outgoing { packet, trailer } = outgoing;
    let header = Header::parse(packet.get_in())?;
    let cipher = session.cipher(Rtcp)?;
    let stream = streams.find(header.ssrc)?;
    let index = streams.next_rtcp_index(stream)?;
    let len = packet.len() + trailer.len();
    let encrypt = !session.options.insecure_unencrypted_srtcp;
    let flag_and_index = if encrypt { E_FLAG | index } else { index };
    let word = flag_and_index.to_be_bytes();

    let (tag, word_out) = if session.profile.is_aead() {
        trailer.split_at_mut_checked(trailer.len() - INDEX_LEN)
    } else {
        trailer
            .split_at_mut_checked(INDEX_LEN)
            .map(|(word, tag)| (tag, word))
    }
    .ok_or(Error::BufferTooSmall { needed: len })?;
    let iv = session.rtcp_iv(packet.get_in(), header.ssrc, flag_and_index);
    let (clear, payload) = split_clear(packet, clear_len(encrypt));
    cipher.seal(&iv, clear.into_out_with_copied_in(), payload, &word, tag);
    word_out.copy_from_slice(&word);

    streams.accept_rtcp(stream, index);
    Ok(Processed {
        len,
        notice: session.count(Rtcp, u64::from(LAST_RTCP_INDEX - index)),
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
    let (word, tag) = if session.profile.is_aead() {
        trailer
            .split_last_chunk::<INDEX_LEN>()
            .map(|(tag, word)| (word, tag))
    } else {
        trailer.split_first_chunk::<INDEX_LEN>()
    }
    .ok_or(Error::Truncated { offset: len })?;
    let flag_and_index = u32::from_be_bytes(*word);
    let index = flag_and_index & !E_FLAG;
    let cipher = session.cipher(Rtcp)?;
    let stream = streams.find(header.ssrc)?;
    streams.check_rtcp_index(stream, index)?;

    let iv = session.rtcp_iv(packet.get_in(), header.ssrc, flag_and_index);
    let (clear, payload) = split_clear(packet, clear_len(flag_and_index & E_FLAG != 0));
    cipher
        .open(&iv, clear.get_in(), payload, word, tag)
        .map_err(|_| Error::Authentication)?;
    let _ = clear.into_out_with_copied_in();

    streams.accept_rtcp(stream, index);
    Ok(Processed {
        len,
        notice: session.count(Rtcp, u64::from(LAST_RTCP_INDEX - index)),
    })
}

/// How much stays in clear: all of the packet if the E flag is off.
fn clear_len(encrypted: bool) -> usize {
    if encrypted { HEADER_LEN } else { usize::MAX }
}
