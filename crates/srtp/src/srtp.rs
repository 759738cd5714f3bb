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

    let iv = session.rtp_iv(packet.get_in(), header.ssrc, index);
    let (clear, payload) = split_clear(packet, clear_len(session, &header));
    let clear = clear.into_out_with_copied_in();
    let roc = index::roc(index).to_be_bytes();
    // Without authentication only in a build that has it, and where the options ask for it.
    match () {
        #[cfg(feature = "insecure")]
        () if session.options.unauthenticated_srtp() => cipher.crypt(&iv, payload),
        () => cipher.seal(&iv, clear, payload, suffix(session, &roc), trailer),
    }

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

    let iv = session.rtp_iv(packet.get_in(), header.ssrc, index);
    let (clear, payload) = split_clear(packet, clear_len(session, &header));
    let roc = index::roc(index).to_be_bytes();
    // Without authentication only in a build that has it, and where the options ask for it.
    match () {
        #[cfg(feature = "insecure")]
        () if session.options.unauthenticated_srtp() => cipher.crypt(&iv, payload),
        () => cipher
            .open(&iv, clear.get_in(), payload, suffix(session, &roc), trailer)
            .map_err(|_| Error::Authentication)?,
    }
    let _ = clear.into_out_with_copied_in();

    streams.accept_rtp(stream, index);
    Ok(Processed {
        len,
        notice: session.count(Rtp, LAST_RTP_INDEX - index),
    })
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
fn suffix<'r>(session: &Session<'_>, roc: &'r [u8; 4]) -> &'r [u8] {
    if session.profile.is_aead() { &[] } else { roc }
}
