// SPDX-License-Identifier: MIT OR Apache-2.0
//! Session description security descriptions, SDES (RFC 4568, with the crypto-suites of RFC 6188 and RFC 7714).
//!
//! ```text
//!   a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:4 KDR=4
//!            |          |                |                                             |     |   |
//!            tag        crypto-suite     master key || master salt, in base64   lifetime  MKI   session parameter
//! ```
//!
//! [`CryptoAttribute`] reads one such line. [`Negotiation`] offers and answers with them by a [`Policy`], remembers
//! what was agreed on, and makes senders and receivers of it: what a line asks for is honoured, or the line is refused
//! for a [`Reason`], never half obeyed.
//!
//! The description must travel protected, in TLS or sealed for the other phone: whoever reads these lines hears the
//! call. The library wipes its own copies of keys; texts that hold them are the caller's, to be wiped by the caller.

mod answer;
mod attribute;
mod contexts;
mod cursor;
mod error;
mod key_params;
mod keys;
mod media;
mod negotiation;
mod offer;
mod policy;
mod session_params;
mod suite;
#[cfg(test)]
mod tests;
mod writer;

pub use attribute::CryptoAttribute;
pub use error::{Error, Fault, Reason, Rejection};
pub use key_params::{InlineKey, InlineKeys, MAX_LIFETIME, MAX_SECRET_LEN, Mki};
pub use negotiation::{Answered, Change, Negotiation};
pub use policy::Policy;
pub use session_params::{FecOrder, SessionParam, SessionParams, SessionParamsText};
pub use suite::Suite;

/// Octets of the longest line that is read, without its end.
pub const MAX_LINE_LEN: usize = 1024;

/// Most `a=crypto` lines of an offer that is answered.
pub const MAX_LINES: usize = 16;

/// Most keys in a line that is taken or offered.
pub const MAX_KEYS: usize = 4;

/// Most keys in all lines of an offer of ours.
pub const MAX_OFFERED_KEYS: usize = 8;

/// Most octets of the MKIs of all keys in a line that is taken or offered: one of the longest, or four of 32 octets.
pub const MAX_MKIS_LEN: usize = 128;
