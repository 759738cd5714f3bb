// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a client answers, and how.

use crate::{Algorithms, Qop};

/// Which challenge of a realm is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The strongest that is allowed: by its algorithm, then with a qop, then with the preferred one; of two alike the
    /// topmost. RFC 8760 section 2.4 leaves that to local policy.
    Strongest,
    /// The topmost that is allowed, as the server prefers them.
    Topmost,
}

/// What a client answers. [`Policy::DEFAULT`] answers everything, with the strongest that is offered.
///
/// What a server has offered before is not remembered: where MD5 is allowed, it is answered, though yesterday it was
/// SHA-256. Whoever can change messages can have that, so allow [`Algorithms::STRONG`] where the server knows better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Each stands for itself.
pub struct Policy {
    /// Algorithms that are answered.
    pub allowed: Algorithms,
    /// Which of several.
    pub order: Order,
    /// Which quality of protection, where a challenge offers both.
    pub preferred_qop: Qop,
    /// Whether `auth-int` must be offered, and all else is weak.
    pub require_auth_int: bool,
    /// Whether a challenge of MD5 or AKA without qop is answered as RFC 2069 has it, without nonce count and cnonce. One
    /// of another hash, or of a `-sess` algorithm, is weak in any case (RFC 8760 section 2.6).
    pub allow_no_qop: bool,
    /// Whether every successful response must prove that the server knows the secret, by a right `rspauth` in an
    /// Authentication-Info: whether or not it has asked for credentials, since an impostor would not. So the responses
    /// to an ACK and a CANCEL alone pass without, which carry no credentials of their own. What proxies prove does
    /// not count, nor does what was made without qop, which may be a copy from before.
    ///
    /// An `rspauth` that is there must be right in any case.
    pub require_rspauth: bool,
    /// How often credentials that were refused are made again for a new nonce, until a response is another than 401
    /// and 407.
    pub max_retries: u8,
}

impl Policy {
    /// All algorithms, the strongest first; `auth`, and without qop where the server has none; two retries.
    pub const DEFAULT: Self = Self {
        allowed: Algorithms::ALL,
        order: Order::Strongest,
        preferred_qop: Qop::Auth,
        require_auth_int: false,
        allow_no_qop: true,
        require_rspauth: false,
        max_retries: 2,
    };
}
