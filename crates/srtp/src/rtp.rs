// SPDX-License-Identifier: MIT OR Apache-2.0
//! A view of an RTP packet (RFC 3550 sections 5.1 and 5.3.1).
//!
//! ```text
//!    0                   1                   2                   3
//!    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//!   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//!   |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//!   |                           timestamp                           |
//!   |                             SSRC                              |
//!   |                  CC times a contributing source               |
//!   +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
//!   | if X: defined by profile      |  length in 32-bit words       |
//!   |                  header extension ...                         |
//! ```

use crate::Error;

/// Octets of the fixed header.
pub const FIXED_HEADER_LEN: usize = 12;

/// The X bit, in the first octet.
pub(crate) const EXTENSION_FLAG: u8 = 0x10;

/// The fields of an RTP header that SRTP needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Synchronisation source, in host byte order.
    pub ssrc: u32,
    /// Sequence number.
    pub sequence_number: u16,
    /// Octets of the header without its extension: where that begins, if there is one.
    pub extension_at: usize,
    /// Whether there is a header extension.
    pub has_extension: bool,
    /// Octets of the whole header, with contributing sources and header extension: where the payload
    /// begins, and at most the length of the packet that was read.
    pub len: usize,
}

impl Header {
    /// Reads the header of an RTP or SRTP packet.
    ///
    /// The payload type and the padding bit are not looked at: padding is part of the encrypted payload.
    ///
    /// # Errors
    ///
    /// [`Error::Truncated`] or [`Error::Version`].
    #[inline]
    pub fn parse(packet: &[u8]) -> Result<Self, Error> {
        let fixed: &[u8; FIXED_HEADER_LEN] =
            packet.first_chunk().ok_or(Error::Truncated { offset: 0 })?;
        let [flags, _, s0, s1, _, _, _, _, ssrc @ ..] = *fixed;
        if flags >> 6 != 2 {
            return Err(Error::Version);
        }
        let extension_at = FIXED_HEADER_LEN + 4 * usize::from(flags & 0x0f);
        let has_extension = flags & EXTENSION_FLAG != 0;
        let mut len = extension_at;
        if has_extension {
            let extension = packet.get(len..).ok_or(Error::Truncated {
                offset: FIXED_HEADER_LEN,
            })?;
            let [_, _, w0, w1] = *extension
                .first_chunk()
                .ok_or(Error::Truncated { offset: len })?;
            len += 4 + 4 * usize::from(u16::from_be_bytes([w0, w1]));
        }
        let header = Self {
            ssrc: u32::from_be_bytes(ssrc),
            sequence_number: u16::from_be_bytes([s0, s1]),
            extension_at,
            has_extension,
            len,
        };
        header.check_fits(packet.len())?;
        Ok(header)
    }

    /// Whether a packet of `len` octets has all of the header.
    pub(crate) fn check_fits(&self, len: usize) -> Result<(), Error> {
        if self.len > len {
            let offset = if len < FIXED_HEADER_LEN {
                0
            } else {
                FIXED_HEADER_LEN
            };
            return Err(Error::Truncated { offset });
        }
        Ok(())
    }
}

/// The initialisation vector of f8 (RFC 3711 section 4.1.2.2): the fixed header without its first octet, and
/// the ROC.
///
/// ```text
///   octet  0   1    2    4     8      12
///         +---+----+----+-----+------+-----+
///         | 0 |M PT| SEQ| TS  | SSRC | ROC |
///         +---+----+----+-----+------+-----+
/// ```
pub(crate) fn f8_iv(header: &[u8; FIXED_HEADER_LEN], roc: u32) -> [u8; 16] {
    let [_, h @ ..] = *header;
    let [r0, r1, r2, r3] = roc.to_be_bytes();
    let [h1, h2, h3, h4, h5, h6, h7, h8, h9, h10, h11] = h;
    [
        0, h1, h2, h3, h4, h5, h6, h7, h8, h9, h10, h11, r0, r1, r2, r3,
    ]
}
