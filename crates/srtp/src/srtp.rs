// SPDX-License-Identifier: MIT OR Apache-2.0
//! SRTP (RFC 3711 sections 3.1 and 3.3; for AEAD, RFC 7714 section 8).
//!
//! ```text
//!   +-----------------------------+-------------------+--------+
//!   | RTP header, CSRC, extension | payload           |  tag   |
//!   +-----------------------------+-------------------+--------+
//!   |        in clear             |     encrypted     |
//!   |<----------- authenticated, with the ROC ------->|
//! ```
//!
//! AES-CM appends the ROC to what it authenticates; for AEAD the ROC is in the initialisation vector.

use crate::buffers::{Incoming, Outgoing, split_clear};
use crate::index::{self, LAST_RTP_INDEX};
use crate::rtp::Header;
use crate::session::{Protocol::Rtp, Session};
use crate::streams::Streams;
use crate::{Error, Processed};

pub(crate) fn protect(
    session: &mut Session<'_>,
    streams: &mut Streams<'_>,
    outgoing: Outgoing<'_, '_>,
) -> Result<Processed, Error> {
    let Outgoing { packet, trailer } = outgoing;
    let header = Header::parse(packet.get_in())?;
    let cipher = session.cipher(Rtp)?;
    let stream = streams.find(header.ssrc)?;
    let index = streams.next_rtp_index(stream, header.sequence_number)?;
    let len = packet.len() + trailer.len();

    let (clear, payload) = split_clear(packet, header.len);
    let roc = index::roc(index).to_be_bytes();
    let suffix: &[u8] = if session.profile.is_aead() { &[] } else { &roc };
    let iv = session.iv(Rtp, header.ssrc, index);
    cipher.seal(
        &iv,
        clear.into_out_with_copied_in(),
        payload,
        suffix,
        trailer,
    );

    streams.accept_rtp(stream, index);
    Ok(Processed {
        len,
        notice: session.count(Rtp, LAST_RTP_INDEX - index),
    })
}

pub(crate) fn unprotect(
    session: &mut Session<'_>,
    streams: &mut Streams<'_>,
    incoming: Incoming<'_, '_>,
) -> Result<Processed, Error> {
    let Incoming { packet, trailer } = incoming;
    let header = Header::parse(packet.get_in())?;
    let cipher = session.cipher(Rtp)?;
    let stream = streams.find(header.ssrc)?;
    let index = streams.new_rtp_index(stream, header.sequence_number)?;
    let len = packet.len();

    let (clear, payload) = split_clear(packet, header.len);
    let roc = index::roc(index).to_be_bytes();
    let suffix: &[u8] = if session.profile.is_aead() { &[] } else { &roc };
    let iv = session.iv(Rtp, header.ssrc, index);
    cipher
        .open(&iv, clear.get_in(), payload, suffix, trailer)
        .map_err(|_| Error::Authentication)?;
    let _ = clear.into_out_with_copied_in();

    streams.accept_rtp(stream, index);
    Ok(Processed {
        len,
        notice: session.count(Rtp, LAST_RTP_INDEX - index),
    })
}
