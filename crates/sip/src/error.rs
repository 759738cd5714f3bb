// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why a message is not read.

use core::fmt;

use crate::Name;

/// Why a message, or a part of one, is refused. Offsets count octets from the start of what was given to be
/// read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// What stands at `offset` does not follow the grammar.
    Syntax {
        /// Where.
        offset: usize,
    },
    /// The SIP version at `offset` is not 2.0.
    Version {
        /// Where.
        offset: usize,
    },
    /// The number at `offset` is outside its range.
    Range {
        /// Where.
        offset: usize,
    },
    /// The header field, which each message of this kind has, is not there.
    Missing {
        /// Which.
        name: Name,
    },
    /// The header field or parameter at `offset` may be there once, and is there again.
    Repeated {
        /// Where.
        offset: usize,
    },
    /// The CSeq at `offset` has another method than the request.
    Mismatch {
        /// Where.
        offset: usize,
    },
    /// The message ends before its body does.
    Truncated,
    /// The message is longer than [`MAX_MESSAGE_LEN`](crate::MAX_MESSAGE_LEN), or the session description than
    /// [`MAX_SDP_LEN`](crate::MAX_SDP_LEN).
    TooLong,
    /// More header fields than [`MAX_HEADER_FIELDS`](crate::MAX_HEADER_FIELDS), more parameters of a URI than
    /// [`MAX_URI_PARAMS`](crate::MAX_URI_PARAMS), or of digest authentication than
    /// [`MAX_AUTH_PARAMS`](crate::MAX_AUTH_PARAMS), at `offset`.
    TooMany {
        /// Where.
        offset: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax { .. } => "syntax error",
            Self::Version { .. } => "not SIP/2.0",
            Self::Range { .. } => "number out of range",
            Self::Missing { .. } => "required header field missing",
            Self::Repeated { .. } => "header field or parameter repeated",
            Self::Mismatch { .. } => "CSeq of another method",
            Self::Truncated => "body shorter than its Content-Length",
            Self::TooLong => "message too long",
            Self::TooMany { .. } => "too many header fields or parameters",
        })
    }
}

impl core::error::Error for Error {}
