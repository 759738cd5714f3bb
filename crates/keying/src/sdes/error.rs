// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why a line, an offer or an answer was not taken.

use core::fmt;

/// Why a line is not acceptable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It does not follow the grammar (RFC 4568 section 9).
    Syntax,
    /// It is longer than [`MAX_LINE_LEN`](super::MAX_LINE_LEN).
    LineTooLong,
    /// The crypto-suite is not known, or not in this build.
    UnknownSuite,
    /// The crypto-suite is not among those of the policy.
    SuiteNotAllowed,
    /// The key method is none that we know: another than `inline` (section 6.1).
    KeyMethod,
    /// A key is not base64, or not as long as the crypto-suite says.
    Key,
    /// There are more keys than [`MAX_KEYS`](super::MAX_KEYS), or more octets of MKIs than
    /// [`MAX_MKIS_LEN`](super::MAX_MKIS_LEN).
    KeyLimit,
    /// A lifetime is 0 or above 2^48 (section 6.1).
    Lifetime,
    /// An MKI is 0, too large for its length, missing beside other keys, or the same as another; or its length is
    /// not 1 to 128, or not that of the others (section 6.1).
    Mki,
    /// A session parameter is not known and not marked as optional (section 6.3.7).
    UnknownParameter,
    /// A session parameter has a value that it may not have, or is there twice.
    ParameterValue,
    /// The policy does not allow the session parameter, or has nobody to honour it.
    ParameterNotAllowed,
    /// This build leaves out what a session parameter or an MKI asks for.
    Unsupported,
    /// Session parameters that cannot stand together, or not with the crypto-suite (RFC 7714 section 8.2).
    Contradiction,
    /// The key is one of our own (RFC 4568 section 7.1.2): it would protect both directions.
    KeyEchoed,
    /// The key is an earlier one, or twice in the line, where a new one has to be: with another crypto-suite or
    /// parameters, or from another address (section 7.1.4).
    KeyReused,
    /// Of an answer: no line with this tag was offered (section 5.1.3).
    TagNotOffered,
    /// Of an answer: the line with this tag was offered with another crypto-suite (section 5.1.3).
    OtherSuite,
    /// Of an answer: it has other negotiated session parameters than were offered (section 5.1.3).
    OtherParameters,
}

impl Reason {
    /// What is wrong, in a few words.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Syntax => "not a crypto attribute",
            Self::LineTooLong => "line too long",
            Self::UnknownSuite => "unknown crypto-suite",
            Self::SuiteNotAllowed => "crypto-suite not allowed",
            Self::KeyMethod => "unknown key method",
            Self::Key => "key of the wrong length or not in base64",
            Self::KeyLimit => "too many keys",
            Self::Lifetime => "lifetime out of range",
            Self::Mki => "MKI missing, repeated or out of range",
            Self::UnknownParameter => "unknown session parameter",
            Self::ParameterValue => "session parameter repeated or out of range",
            Self::ParameterNotAllowed => "session parameter not allowed",
            Self::Unsupported => "not in this build",
            Self::Contradiction => "session parameters that cannot stand together",
            Self::KeyEchoed => "key is one of our own",
            Self::KeyReused => "key was used before",
            Self::TagNotOffered => "tag was not offered",
            Self::OtherSuite => "crypto-suite was not offered under this tag",
            Self::OtherParameters => "session parameters differ from those offered",
        }
    }
}

/// What is wrong with a line, and where in it, in octets from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub reason: Reason,
    /// Where.
    pub offset: usize,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.text())
    }
}

impl core::error::Error for Fault {}

/// Why a line of an offer or answer was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Which of the `a=crypto` lines, the first being 0.
    pub line: usize,
    /// What is wrong with it.
    pub fault: Fault,
}

/// Why an offer or answer was not made or taken. All is then as it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The policy names no crypto-suite, one without encryption, one twice, or more lines or keys than there is
    /// room for; or its parameters are out of range, not in this build, or cannot stand together.
    Policy,
    /// There is no `a=crypto` line.
    NoLine,
    /// There are more than [`MAX_LINES`](super::MAX_LINES) such lines, or more than one in an answer.
    TooManyLines,
    /// The text is of more than one media description, or its `m=` line cannot be read.
    Media,
    /// The media stream was rejected: its port is 0 (RFC 3264 section 6).
    MediaRejected,
    /// The transport of the `m=` line is not one of RTP/SAVP and RTP/SAVPF, nor, where the policy is content with
    /// that, RTP/AVP and RTP/AVPF.
    Transport,
    /// None of the lines is acceptable. This is what is wrong with the first of them, or with the one of an answer;
    /// [`Negotiation::verdict`](super::Negotiation::verdict) tells of the others.
    Rejected(Rejection),
    /// Nothing was offered, so there is nothing that an answer could be to.
    NotOffered,
    /// Nothing is agreed on yet.
    NotAgreed,
    /// A sender was made with this key, here or in another branch of a forked call: another one would repeat its
    /// keystream. Go on with that sender, or agree on a new key.
    KeyInUse,
    /// The output has room for fewer than `needed` octets.
    BufferTooSmall {
        /// Octets that the lines need.
        needed: usize,
    },
    /// The random source failed.
    Random,
    /// The storage or the options of a sender or receiver are not for what was agreed on.
    Context(sipseal_srtp::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Policy => "policy cannot be offered or answered with",
            Self::NoLine => "no crypto attribute",
            Self::TooManyLines => "too many crypto attributes",
            Self::Media => "not one media description",
            Self::MediaRejected => "media stream rejected",
            Self::Transport => "not an SRTP transport",
            Self::Rejected(rejection) => rejection.fault.reason.text(),
            Self::NotOffered => "nothing was offered",
            Self::NotAgreed => "nothing is agreed on yet",
            Self::KeyInUse => "key has a sender already",
            Self::BufferTooSmall { .. } => "output buffer too small",
            Self::Random => "random source failed",
            Self::Context(error) => return error.fmt(f),
        })
    }
}

impl core::error::Error for Error {}
