// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a packet call answers.

use core::fmt;

/// Why a call failed. State is as it was before the call, and nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The master key or master salt does not have the length of the profile, or the MKI that of the options.
    KeyLength,
    /// The storage has too few or too many of its parts, or a number in the options is out of its range.
    Layout,
    /// This build leaves out what the options ask for.
    Unsupported,
    /// The storage was made for the cipher of another profile.
    WrongStorage,
    /// Packets without encryption (the null cipher) or authentication (a ROC mode), and no
    /// [`Options`](crate::Options) that say this is meant.
    Insecure,
    /// Options that cannot stand together, or not with the profile; a key with an identity that the options do
    /// not speak of, or that another key has; the same master key again where ROCs are to be reset.
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
    /// The SSRC has no stream.
    UnknownStream,
    /// No key has the MKI of the packet, or serves its index, or was chosen to send with.
    UnknownKey,
    /// There is no room for another key.
    KeyLimit,
    /// The accelerator gives other results than software: it is not used, and there is now no key in the
    /// place of the new one.
    AcceleratorFailed,
    /// The header extension is malformed or, where Cryptex is to encrypt it, not one that begins with 0xbede or
    /// 0x1000.
    Extension,
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
            Self::KeyLength => "master key, salt or MKI of the wrong length",
            Self::Layout => "option or storage out of range",
            Self::Unsupported => "not in this build",
            Self::WrongStorage => "storage made for the cipher of another profile",
            Self::Insecure => "unencrypted or unauthenticated packets without opting in",
            Self::Contradiction => "options or keys that cannot stand together",
            Self::BufferTooSmall { .. } => "output buffer too small",
            Self::PacketTooLong => "packet too long",
            Self::Truncated { .. } => "packet truncated",
            Self::Version => "not RTP version 2",
            Self::StreamLimit => "unknown SSRC, and all streams are taken",
            Self::UnknownStream => "no stream for that SSRC",
            Self::AcceleratorFailed => "accelerator gives wrong results",
            Self::UnknownKey => "no key for that packet",
            Self::KeyLimit => "no room for another key",
            Self::Extension => "header extension malformed or of another kind",
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
    /// Someone else sends, under a key that we have, from an SSRC that was named as our own (RFC 3550 section
    /// 8.2): choose another.
    SsrcCollision,
}
