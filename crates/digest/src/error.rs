// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why nothing is answered, and why nothing is let through.

use core::fmt;

/// Why a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The message or the header field does not follow its grammar.
    Syntax(sipseal_sip::Error),
    /// A method, URI, user name, realm or H(A1) that cannot be written as it is or is too long, an H(A1) for no realm,
    /// credentials for an ACK, which has those of its INVITE, or what is said to be sent credentials and is none.
    InvalidArgument,
    /// A challenge of no scheme, algorithm or qop that is known.
    Unsupported,
    /// Every challenge of a realm is weaker than the policy allows.
    Weak,
    /// No account is for the realm and what it asks for.
    NoAccount,
    /// The credentials were refused, as often as the policy lets them be, or for the same nonce again.
    Rejected,
    /// The response was right, and the server did not prove that it knows the secret as well, or failed to.
    ServerNotAuthentic,
    /// The SIM found that the network does not know its key.
    NetworkNotAuthentic,
    /// The callback that knows the secret failed.
    SecretUnavailable,
    /// Realm, nonce and opaque together are longer than [`MAX_CHALLENGE_LEN`](crate::MAX_CHALLENGE_LEN), or there
    /// are more challenges, or more Authentication-Info, than [`MAX_CHALLENGES`](crate::MAX_CHALLENGES).
    TooLong,
    /// Every space is taken by another realm, which has let a request through or is challenged by the same response.
    SpaceLimit,
    /// The nonce was used 2^32 - 1 times.
    NonceExhausted,
    /// The output has room for fewer than `needed` octets.
    BufferTooSmall {
        /// Octets that the text needs.
        needed: usize,
    },
    /// The random source failed.
    Random,
}

impl From<sipseal_sip::Error> for Error {
    fn from(error: sipseal_sip::Error) -> Self {
        Self::Syntax(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax(_) => "syntax error",
            Self::InvalidArgument => "argument that cannot be written",
            Self::Unsupported => "challenge of an unknown kind",
            Self::Weak => "challenge weaker than allowed",
            Self::NoAccount => "no account for the realm",
            Self::Rejected => "credentials rejected",
            Self::ServerNotAuthentic => "server not authentic",
            Self::NetworkNotAuthentic => "network not authentic",
            Self::SecretUnavailable => "secret unavailable",
            Self::TooLong => "challenge too long",
            Self::SpaceLimit => "no room for another realm",
            Self::NonceExhausted => "nonce used as often as can be",
            Self::BufferTooSmall { .. } => "output buffer too small",
            Self::Random => "random source failed",
        })
    }
}

impl core::error::Error for Error {}

/// Why a server does not let a request through. Answer with a challenge, [`Refusal::Malformed`] with 400, and
/// [`Refusal::Unchallengeable`] with nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// There are no credentials for the realm.
    Missing,
    /// The request or its credentials do not follow the grammar, or contradict themselves or what was asked for, and
    /// there are no others for the realm.
    Malformed,
    /// An ACK or a CANCEL (RFC 3261 section 22.1): let it through if its INVITE was.
    Unchallengeable,
    /// Unknown user, wrong secret, or a changed request. Which of them is not told.
    Wrong,
    /// The secret is right, and the nonce is expired, of another binding, or none of ours.
    Stale,
    /// The secret is right, and the nonce count was seen before.
    Replayed,
}

impl Refusal {
    /// Whether the challenge should say `stale=true`, so that the client tries again without asking its user.
    #[must_use]
    pub const fn is_stale(self) -> bool {
        matches!(self, Self::Stale | Self::Replayed)
    }
}

impl From<sipseal_sip::Error> for Refusal {
    fn from(_: sipseal_sip::Error) -> Self {
        Self::Malformed
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "no credentials",
            Self::Malformed => "malformed credentials",
            Self::Unchallengeable => "method that cannot be challenged",
            Self::Wrong => "wrong credentials",
            Self::Stale => "stale nonce",
            Self::Replayed => "nonce count seen before",
        })
    }
}

impl core::error::Error for Refusal {}
