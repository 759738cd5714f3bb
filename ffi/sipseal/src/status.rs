// SPDX-License-Identifier: MIT OR Apache-2.0
//! What C functions answer.

use core::ffi::{CStr, c_char};

use sipseal::digest;
use sipseal::keying::sdes;
use sipseal::srtp;

/// What a function answers: zero or a positive notice for success, negative for failure.
#[allow(non_camel_case_types)]
pub type sipseal_status = i32;

/// Done.
pub const SIPSEAL_OK: sipseal_status = 0;
/// Done, and the key, or the stream of this packet under it, has at most 65,536 packets left: agree on
/// a new key now.
pub const SIPSEAL_NOTICE_KEY_EXPIRING: sipseal_status = 1;
/// Done, and someone else sends, under a key of ours, from an SSRC that was named as our own: choose another
/// one (RFC 3550 section 8.2). Goes before SIPSEAL_NOTICE_KEY_EXPIRING.
pub const SIPSEAL_NOTICE_SSRC_COLLISION: sipseal_status = 2;
/// Not yet done: the request is to be sent again, with the credentials that are written now.
pub const SIPSEAL_NOTICE_SEND_AGAIN: sipseal_status = 3;
/// Not yet done: the response was a provisional one.
pub const SIPSEAL_NOTICE_PROVISIONAL: sipseal_status = 4;
/// Done, and the server has proven that it knows the secret.
pub const SIPSEAL_NOTICE_SERVER_PROVEN: sipseal_status = 5;
/// From the callback of a SIM: the sequence number was used before, and AUTS tells which comes next.
pub const SIPSEAL_NOTICE_SIM_RESYNC: sipseal_status = 6;

/// Usage: a pointer that must not be NULL is.
pub const SIPSEAL_NULL_POINTER: sipseal_status = -1;
/// Usage: an argument is out of its range.
pub const SIPSEAL_INVALID_ARGUMENT: sipseal_status = -2;
/// Usage: the object was never initialised, was wiped, or was moved since.
pub const SIPSEAL_NOT_INITIALISED: sipseal_status = -3;
/// Usage: the input and the output overlap without being the same pointer.
pub const SIPSEAL_OVERLAP: sipseal_status = -4;
/// Usage: the profile number is unknown.
pub const SIPSEAL_UNKNOWN_PROFILE: sipseal_status = -5;
/// Usage: the master key or master salt does not have the length of the profile, or the MKI that of the
/// layout.
pub const SIPSEAL_KEY_LENGTH: sipseal_status = -6;
/// Usage: this library, or this build of it, does not have the feature.
pub const SIPSEAL_UNSUPPORTED: sipseal_status = -7;
/// Usage: the header that the program was compiled with is not that of the library.
pub const SIPSEAL_HEADER_MISMATCH: sipseal_status = -8;

/// Usage: the profile leaves packets unencrypted, or the ROC mode leaves them unauthenticated, and no flags say that
/// this is meant.
pub const SIPSEAL_INSECURE: sipseal_status = -9;
/// Usage: flags, or keys, that cannot stand together, or flags not with the profile.
pub const SIPSEAL_CONTRADICTION: sipseal_status = -10;
/// Usage: an SDES policy names no profile, one without encryption, one twice, or more than there is room for; or what it
/// asks for is out of range, not in this build, or cannot stand together.
pub const SIPSEAL_POLICY: sipseal_status = -20;
/// Usage: nothing was offered, so there is nothing that an answer could be to.
pub const SIPSEAL_NOT_OFFERED: sipseal_status = -21;
/// Usage: nothing is agreed on yet.
pub const SIPSEAL_NOT_AGREED: sipseal_status = -22;

/// Buffer: the output has less room than the result needs.
pub const SIPSEAL_BUFFER_TOO_SMALL: sipseal_status = -100;
/// Buffer: the block is smaller than its `_block_len` function says.
pub const SIPSEAL_BLOCK_TOO_SMALL: sipseal_status = -101;

/// Authentication: the tag is wrong. The packet was forged, damaged, or protected with another key or ROC. Of a request:
/// its user is unknown, its secret wrong, or it was changed; challenge it.
pub const SIPSEAL_AUTHENTICATION_FAILED: sipseal_status = -200;
/// Replay: a packet with this index was seen before; from a sender, the index was used before. Of a request: its secret is
/// right, and its nonce count was seen before or is too old; challenge it with SIPSEAL_DIGEST_STALE.
pub const SIPSEAL_REPLAYED: sipseal_status = -201;
/// Replay: the index is below the replay window. A window of 64 takes a packet 63 behind the newest, and
/// refuses one 64 behind.
pub const SIPSEAL_TOO_OLD: sipseal_status = -202;
/// Lifetime: the key has processed all the packets that it may (2^48 SRTP or 2^31 SRTCP), or the stream has no index
/// left.
pub const SIPSEAL_KEY_EXPIRED: sipseal_status = -203;
/// Streams: the packet has an SSRC without a stream, and there is none for it.
pub const SIPSEAL_STREAM_LIMIT: sipseal_status = -204;
/// Streams: the SSRC has no stream.
pub const SIPSEAL_UNKNOWN_STREAM: sipseal_status = -205;
/// Keys: none has the MKI of the packet, serves its index, or was chosen to send with.
pub const SIPSEAL_UNKNOWN_KEY: sipseal_status = -206;
/// Keys: as many are there as the layout has room for.
pub const SIPSEAL_KEY_LIMIT: sipseal_status = -207;
/// Digest: every challenge of a realm is weaker than the policy allows.
pub const SIPSEAL_WEAK_CHALLENGE: sipseal_status = -208;
/// Digest: the credentials were refused, as often as the policy lets them be.
pub const SIPSEAL_CREDENTIALS_REJECTED: sipseal_status = -209;
/// Digest: no account is for the realm and what it asks for.
pub const SIPSEAL_NO_ACCOUNT: sipseal_status = -210;
/// Digest: the server did not prove that it knows the secret. Do not believe its response.
pub const SIPSEAL_SERVER_NOT_AUTHENTIC: sipseal_status = -211;
/// Digest: the SIM found that the network does not know its key.
pub const SIPSEAL_NETWORK_NOT_AUTHENTIC: sipseal_status = -212;
/// Digest: there is no room for another realm.
pub const SIPSEAL_REALM_LIMIT: sipseal_status = -213;
/// Digest: the request has no credentials for our realm. Challenge it.
pub const SIPSEAL_NO_CREDENTIALS: sipseal_status = -214;
/// Digest: the secret is right and the nonce is expired or not ours. Challenge it with SIPSEAL_DIGEST_STALE.
pub const SIPSEAL_STALE: sipseal_status = -215;
/// Digest: the nonce was used 2^32 - 1 times.
pub const SIPSEAL_NONCE_EXHAUSTED: sipseal_status = -216;
/// Keys: a sender was made with this key, so another one would repeat its keystream.
pub const SIPSEAL_KEY_IN_USE: sipseal_status = -217;

/// Parsing: the packet ends inside a field that it announces.
pub const SIPSEAL_TRUNCATED: sipseal_status = -300;
/// Parsing: the version of the packet is not 2.
pub const SIPSEAL_PACKET_VERSION: sipseal_status = -301;
/// Parsing: the packet or line is longer than any that is accepted.
pub const SIPSEAL_TOO_LONG: sipseal_status = -302;
/// Parsing: the text does not follow its grammar.
pub const SIPSEAL_SYNTAX: sipseal_status = -303;
/// Parsing: the crypto-suite is not one of ours.
pub const SIPSEAL_UNKNOWN_SUITE: sipseal_status = -304;
/// Parsing: the line asks for a session parameter, MKI or key method that is not known here, or not in this build.
pub const SIPSEAL_UNSUPPORTED_PARAMETER: sipseal_status = -305;
/// Parsing: the key in the line is not valid base64 or has the wrong length.
pub const SIPSEAL_INVALID_KEY: sipseal_status = -306;
/// Parsing: the header extension is malformed or, where Cryptex is to encrypt it, not one that begins with 0xBEDE
/// or 0x1000.
pub const SIPSEAL_EXTENSION: sipseal_status = -307;
/// Parsing: the challenge has a scheme, algorithm or qop that is not known.
pub const SIPSEAL_UNKNOWN_CHALLENGE: sipseal_status = -308;
/// Parsing: the crypto-suite is not in the policy.
pub const SIPSEAL_SUITE_NOT_ALLOWED: sipseal_status = -330;
/// Parsing: the policy does not allow a session parameter of the line, or nobody here could honour it (FEC_KEY).
pub const SIPSEAL_PARAMETER_NOT_ALLOWED: sipseal_status = -331;
/// Parsing: a lifetime, MKI or session parameter is out of its range, repeated or missing, or cannot stand with the others or
/// with the crypto-suite.
pub const SIPSEAL_INVALID_PARAMETER: sipseal_status = -332;
/// Parsing: the line has more than 4 keys, or more than 128 octets of MKIs.
pub const SIPSEAL_TOO_MANY_KEYS: sipseal_status = -333;
/// Parsing: the key in the line is one of our own.
pub const SIPSEAL_KEY_ECHOED: sipseal_status = -334;
/// Parsing: the key in the line was used before, where it must be a new one.
pub const SIPSEAL_KEY_REUSED: sipseal_status = -335;
/// Parsing: the answer has a tag, crypto-suite or negotiated session parameters that were not offered.
pub const SIPSEAL_OTHER_THAN_OFFERED: sipseal_status = -336;
/// Parsing: there is no `a=crypto` line, or not so many.
pub const SIPSEAL_NO_CRYPTO_LINE: sipseal_status = -337;
/// Parsing: there are more than 16 `a=crypto` lines, or more than one in an answer.
pub const SIPSEAL_TOO_MANY_LINES: sipseal_status = -338;
/// Parsing: the text is of more than one media description, or its `m=` line cannot be read.
pub const SIPSEAL_MEDIA: sipseal_status = -339;
/// Parsing: the media stream was rejected: its port is 0.
pub const SIPSEAL_MEDIA_REJECTED: sipseal_status = -340;
/// Parsing: the transport of the media stream is not RTP/SAVP or RTP/SAVPF.
pub const SIPSEAL_TRANSPORT: sipseal_status = -341;

/// Environment: the random callback failed.
pub const SIPSEAL_RANDOM_FAILED: sipseal_status = -400;
/// Environment: the accelerator gives other results than software. There is no key where one was to be added.
pub const SIPSEAL_ACCELERATOR_FAILED: sipseal_status = -401;
/// Environment: the callback that knows the secret failed.
pub const SIPSEAL_SECRET_UNAVAILABLE: sipseal_status = -402;

/// Internal: a known answer was not met. The library, its memory or the machine is damaged: do not go on.
pub const SIPSEAL_SELF_TEST_FAILED: sipseal_status = -900;
/// Internal: a state that should not exist. Please report it.
pub const SIPSEAL_INTERNAL: sipseal_status = -901;

/// A short English description of a status: static text, never NULL.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sipseal_status_str(status: sipseal_status) -> *const c_char {
    text(status).as_ptr()
}

fn text(status: sipseal_status) -> &'static CStr {
    match status {
        SIPSEAL_OK => c"done",
        SIPSEAL_NOTICE_KEY_EXPIRING => c"done, but the key is about to expire",
        SIPSEAL_NOTICE_SSRC_COLLISION => c"done, but another sender uses our SSRC",
        SIPSEAL_NOTICE_SEND_AGAIN => c"not done, send again with credentials",
        SIPSEAL_NOTICE_PROVISIONAL => c"not done, provisional response",
        SIPSEAL_NOTICE_SERVER_PROVEN => c"done, and the server is authentic",
        SIPSEAL_NOTICE_SIM_RESYNC => c"sequence number used before",
        SIPSEAL_NULL_POINTER => c"NULL pointer",
        SIPSEAL_INVALID_ARGUMENT => c"argument out of range",
        SIPSEAL_NOT_INITIALISED => c"object not initialised, wiped or moved",
        SIPSEAL_OVERLAP => c"input and output overlap",
        SIPSEAL_UNKNOWN_PROFILE => c"unknown profile",
        SIPSEAL_KEY_LENGTH => c"master key, salt or MKI of the wrong length",
        SIPSEAL_UNSUPPORTED => c"not supported by this library",
        SIPSEAL_HEADER_MISMATCH => c"header and library do not match",
        SIPSEAL_INSECURE => c"unencrypted or unauthenticated packets without opting in",
        SIPSEAL_CONTRADICTION => c"contradictory flags or keys",
        SIPSEAL_POLICY => c"policy out of range or contradictory",
        SIPSEAL_NOT_OFFERED => c"nothing was offered",
        SIPSEAL_NOT_AGREED => c"nothing is agreed on yet",
        SIPSEAL_BUFFER_TOO_SMALL => c"output buffer too small",
        SIPSEAL_BLOCK_TOO_SMALL => c"block too small",
        SIPSEAL_AUTHENTICATION_FAILED => c"authentication failed",
        SIPSEAL_REPLAYED => c"packet or nonce count replayed",
        SIPSEAL_TOO_OLD => c"packet older than the replay window",
        SIPSEAL_KEY_EXPIRED => c"key has reached its lifetime",
        SIPSEAL_STREAM_LIMIT => c"unknown SSRC, and all streams are taken",
        SIPSEAL_UNKNOWN_STREAM => c"no stream for that SSRC",
        SIPSEAL_UNKNOWN_KEY => c"no key for that packet",
        SIPSEAL_KEY_LIMIT => c"no room for another key",
        SIPSEAL_WEAK_CHALLENGE => c"challenge weaker than allowed",
        SIPSEAL_CREDENTIALS_REJECTED => c"credentials rejected",
        SIPSEAL_NO_ACCOUNT => c"no account for the realm",
        SIPSEAL_SERVER_NOT_AUTHENTIC => c"server not authentic",
        SIPSEAL_NETWORK_NOT_AUTHENTIC => c"network not authentic",
        SIPSEAL_REALM_LIMIT => c"no room for another realm",
        SIPSEAL_NO_CREDENTIALS => c"no credentials",
        SIPSEAL_STALE => c"stale nonce",
        SIPSEAL_NONCE_EXHAUSTED => c"nonce used as often as can be",
        SIPSEAL_KEY_IN_USE => c"key has a sender already",
        SIPSEAL_TRUNCATED => c"packet truncated",
        SIPSEAL_PACKET_VERSION => c"not version 2",
        SIPSEAL_TOO_LONG => c"packet or line too long",
        SIPSEAL_SYNTAX => c"syntax error",
        SIPSEAL_UNKNOWN_SUITE => c"unknown crypto-suite",
        SIPSEAL_UNSUPPORTED_PARAMETER => c"unsupported parameter",
        SIPSEAL_INVALID_KEY => c"invalid key",
        SIPSEAL_EXTENSION => c"header extension malformed or of another kind",
        SIPSEAL_UNKNOWN_CHALLENGE => c"unknown challenge",
        SIPSEAL_SUITE_NOT_ALLOWED => c"crypto-suite not allowed",
        SIPSEAL_PARAMETER_NOT_ALLOWED => c"session parameter not allowed",
        SIPSEAL_INVALID_PARAMETER => c"session parameter, lifetime or MKI invalid",
        SIPSEAL_TOO_MANY_KEYS => c"too many keys",
        SIPSEAL_KEY_ECHOED => c"key is one of our own",
        SIPSEAL_KEY_REUSED => c"key was used before",
        SIPSEAL_OTHER_THAN_OFFERED => c"answer to what was not offered",
        SIPSEAL_NO_CRYPTO_LINE => c"no crypto attribute",
        SIPSEAL_TOO_MANY_LINES => c"too many crypto attributes",
        SIPSEAL_MEDIA => c"not one media description",
        SIPSEAL_MEDIA_REJECTED => c"media stream rejected",
        SIPSEAL_TRANSPORT => c"not an SRTP transport",
        SIPSEAL_RANDOM_FAILED => c"random source failed",
        SIPSEAL_ACCELERATOR_FAILED => c"accelerator gives wrong results",
        SIPSEAL_SECRET_UNAVAILABLE => c"secret unavailable",
        SIPSEAL_SELF_TEST_FAILED => c"self-test failed",
        SIPSEAL_INTERNAL => c"internal error",
        _ => c"unknown status",
    }
}

pub(crate) fn of_srtp(error: srtp::Error) -> sipseal_status {
    use srtp::Error;
    match error {
        Error::KeyLength => SIPSEAL_KEY_LENGTH,
        Error::Insecure => SIPSEAL_INSECURE,
        Error::Contradiction => SIPSEAL_CONTRADICTION,
        Error::Layout => SIPSEAL_INVALID_ARGUMENT,
        Error::Unsupported => SIPSEAL_UNSUPPORTED,
        Error::BufferTooSmall { .. } => SIPSEAL_BUFFER_TOO_SMALL,
        Error::PacketTooLong => SIPSEAL_TOO_LONG,
        Error::Truncated { .. } => SIPSEAL_TRUNCATED,
        Error::Version => SIPSEAL_PACKET_VERSION,
        Error::StreamLimit => SIPSEAL_STREAM_LIMIT,
        Error::UnknownStream => SIPSEAL_UNKNOWN_STREAM,
        Error::UnknownKey => SIPSEAL_UNKNOWN_KEY,
        Error::KeyLimit => SIPSEAL_KEY_LIMIT,
        Error::AcceleratorFailed => SIPSEAL_ACCELERATOR_FAILED,
        Error::Extension => SIPSEAL_EXTENSION,
        Error::Authentication => SIPSEAL_AUTHENTICATION_FAILED,
        Error::Replayed => SIPSEAL_REPLAYED,
        Error::TooOld => SIPSEAL_TOO_OLD,
        Error::KeyExpired => SIPSEAL_KEY_EXPIRED,
        // Storage is carved here, for the profile at hand.
        _ => SIPSEAL_INTERNAL,
    }
}

#[inline(never)] // Once for all who ask.
pub(crate) fn of_sdes(error: sdes::Error) -> sipseal_status {
    use sdes::Error;
    match error {
        Error::Policy => SIPSEAL_POLICY,
        Error::NoLine => SIPSEAL_NO_CRYPTO_LINE,
        Error::TooManyLines => SIPSEAL_TOO_MANY_LINES,
        Error::Media => SIPSEAL_MEDIA,
        Error::MediaRejected => SIPSEAL_MEDIA_REJECTED,
        Error::Transport => SIPSEAL_TRANSPORT,
        Error::Rejected(rejection) => of_reason(rejection.fault.reason),
        Error::NotOffered => SIPSEAL_NOT_OFFERED,
        Error::NotAgreed => SIPSEAL_NOT_AGREED,
        Error::KeyInUse => SIPSEAL_KEY_IN_USE,
        Error::BufferTooSmall { .. } => SIPSEAL_BUFFER_TOO_SMALL,
        Error::Random => SIPSEAL_RANDOM_FAILED,
        Error::Context(error) => of_srtp(error),
        _ => SIPSEAL_INTERNAL,
    }
}

/// The status of a line.
fn of_reason(reason: sdes::Reason) -> sipseal_status {
    use sdes::Reason;
    match reason {
        Reason::Syntax => SIPSEAL_SYNTAX,
        Reason::LineTooLong => SIPSEAL_TOO_LONG,
        Reason::UnknownSuite => SIPSEAL_UNKNOWN_SUITE,
        Reason::SuiteNotAllowed => SIPSEAL_SUITE_NOT_ALLOWED,
        Reason::KeyMethod | Reason::UnknownParameter | Reason::Unsupported => {
            SIPSEAL_UNSUPPORTED_PARAMETER
        }
        Reason::Key => SIPSEAL_INVALID_KEY,
        Reason::KeyLimit => SIPSEAL_TOO_MANY_KEYS,
        Reason::Lifetime | Reason::Mki | Reason::ParameterValue | Reason::Contradiction => {
            SIPSEAL_INVALID_PARAMETER
        }
        Reason::ParameterNotAllowed => SIPSEAL_PARAMETER_NOT_ALLOWED,
        Reason::KeyEchoed => SIPSEAL_KEY_ECHOED,
        Reason::KeyReused => SIPSEAL_KEY_REUSED,
        Reason::TagNotOffered | Reason::OtherSuite | Reason::OtherParameters => {
            SIPSEAL_OTHER_THAN_OFFERED
        }
        _ => SIPSEAL_INTERNAL,
    }
}

pub(crate) fn of_digest(error: digest::Error) -> sipseal_status {
    use digest::Error;
    match error {
        Error::Syntax(_) => SIPSEAL_SYNTAX,
        Error::InvalidArgument => SIPSEAL_INVALID_ARGUMENT,
        Error::Unsupported => SIPSEAL_UNKNOWN_CHALLENGE,
        Error::Weak => SIPSEAL_WEAK_CHALLENGE,
        Error::NoAccount => SIPSEAL_NO_ACCOUNT,
        Error::Rejected => SIPSEAL_CREDENTIALS_REJECTED,
        Error::ServerNotAuthentic => SIPSEAL_SERVER_NOT_AUTHENTIC,
        Error::NetworkNotAuthentic => SIPSEAL_NETWORK_NOT_AUTHENTIC,
        Error::SecretUnavailable => SIPSEAL_SECRET_UNAVAILABLE,
        Error::TooLong => SIPSEAL_TOO_LONG,
        Error::SpaceLimit => SIPSEAL_REALM_LIMIT,
        Error::NonceExhausted => SIPSEAL_NONCE_EXHAUSTED,
        Error::BufferTooSmall { .. } => SIPSEAL_BUFFER_TOO_SMALL,
        Error::Random => SIPSEAL_RANDOM_FAILED,
        _ => SIPSEAL_INTERNAL,
    }
}

pub(crate) fn of_refusal(refusal: digest::Refusal) -> sipseal_status {
    use digest::Refusal;
    match refusal {
        Refusal::Missing => SIPSEAL_NO_CREDENTIALS,
        Refusal::Malformed => SIPSEAL_SYNTAX,
        Refusal::Unchallengeable => SIPSEAL_INVALID_ARGUMENT,
        Refusal::Wrong => SIPSEAL_AUTHENTICATION_FAILED,
        Refusal::Stale => SIPSEAL_STALE,
        Refusal::Replayed => SIPSEAL_REPLAYED,
        _ => SIPSEAL_INTERNAL,
    }
}

/// The status of a result without a value.
pub(crate) fn of(result: Result<(), sipseal_status>) -> sipseal_status {
    result.err().unwrap_or(SIPSEAL_OK)
}
