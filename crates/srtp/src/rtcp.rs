// SPDX-License-Identifier: MIT OR Apache-2.0
//! A view of an RTCP packet, compound or reduced-size (RFC 3550 section 6.4, RFC 5506).
//!
//! ```text
//!    0                   1                   2                   3
//!    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//!   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//!   |V=2|P|  count  |      PT       |             length            |
//!   |                         SSRC of sender                        |
//!   +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
//!   |          the rest of this packet, and further ones ...        |
//! ```
//!
//! SRTCP leaves these eight octets in clear and encrypts the rest, whatever it is.

use crate::Error;

/// Octets that SRTCP leaves in clear.
pub const HEADER_LEN: usize = 8;

/// Octets of the word that SRTCP adds: the E flag and the index.
pub const INDEX_LEN: usize = 4;

/// The E flag, "encrypted": the first bit of that word; the 31-bit index is the rest.
pub const E_FLAG: u32 = 1 << 31;

/// The fields of the first RTCP header that SRTCP needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Synchronisation source of the sender, in host byte order.
    pub ssrc: u32,
}

impl Header {
    /// Reads the first header of an RTCP or SRTCP packet.
    ///
    /// # Errors
    ///
    /// [`Error::Truncated`] or [`Error::Version`].
    pub fn parse(packet: &[u8]) -> Result<Self, Error> {
        let header: &[u8; HEADER_LEN] =
            packet.first_chunk().ok_or(Error::Truncated { offset: 0 })?;
        let [flags, _, _, _, ssrc @ ..] = *header;
        if flags >> 6 != 2 {
            return Err(Error::Version);
        }
        Ok(Self {
            ssrc: u32::from_be_bytes(ssrc),
        })
    }
}

/// The initialisation vector of f8 (RFC 3711 section 4.1.2.3): the E flag with the index, and the header that
/// stays in clear.
///
/// ```text
///   octet  0      4           8                16
///         +------+-----------+-----------------+
///         |  0   | E, index  | first 8 octets  |
///         +------+-----------+-----------------+
/// ```
pub(crate) fn f8_iv(header: [u8; HEADER_LEN], word: u32) -> [u8; 16] {
    ((u128::from(word) << 64) | u128::from(u64::from_be_bytes(header))).to_be_bytes()
}
