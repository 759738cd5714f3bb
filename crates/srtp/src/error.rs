// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a packet call answers.

use core::fmt;

/// Why a call failed. State is as it was before the call, and nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The master key or master salt does not have the length of the profile.
    KeyLength,
    /// The replay window is not a power of two from 64 to 32,768 packets, or there are no streams.
    Layout,
    /// The storage was made for the cipher of another profile.
    WrongStorage,
    /// The null cipher without [`Options`](crate::Options) that say unencrypted packets are meant.
    Insecure,
    /// Options that cannot stand together, or not with the profile.
    Contradiction,
    /// The output buffer is smaller than `needed` octets.
    BufferTooSmall {
        /// Octets that this packet needs.
        needed: usize,
    },
    /// The packet is longer than [`MAX_PACKET_LEN`](crate::MAX_PACKET_LEN) octets.
    PacketTooLong,
    /// The packet ends inside the field that begins at `offset`.
    Truncated {
        /// Octets from the start of the packet.
        offset: usize,
    },
    /// The version field, the first two bits, is not 2.
    Version,
    /// The packet is from an SSRC that has no stream, and all streams are taken.
    StreamLimit,
    /// The authentication tag is wrong: forged, damaged, or protected under another key or ROC.
    Authentication,
    /// A packet with this index was seen before (RFC 3711 section 3.3.2). From a sender: the index was
    /// used before, and using it again would reveal the keystream.
    Replayed,
    /// The index is below the replay window.
    TooOld,
    /// The key has protected all the packets that it may: 2^48 SRTP or 2^31 SRTCP (RFC 3711 section 9.2).
    KeyExpired,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyLength => "master key or salt of the wrong length",
            Self::Layout => "replay window or number of streams out of range",
            Self::WrongStorage => "storage made for the cipher of another profile",
            Self::Insecure => "null cipher without opting in to unencrypted packets",
            Self::Contradiction => "options that cannot stand together",
            Self::BufferTooSmall { .. } => "output buffer too small",
            Self::PacketTooLong => "packet too long",
            Self::Truncated { .. } => "packet truncated",
            Self::Version => "not RTP version 2",
            Self::StreamLimit => "unknown SSRC, and all streams are taken",
            Self::Authentication => "authentication failed",
            Self::Replayed => "index already used",
            Self::TooOld => "index below the replay window",
            Self::KeyExpired => "key has reached its lifetime",
        })
    }
}

impl core::error::Error for Error {}

/// A packet that was protected or unprotected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Processed {
    /// Octets written.
    pub len: usize,
    /// Something the application should act on, although the packet is good.
    pub notice: Option<Notice>,
}

/// What a successful packet call may add.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The key, or the stream of this packet under it, has at most 65,536 packets left: re-key now.
    KeyExpiring,
}
