// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a client answers, and how.

use crate::{Algorithms, Qop};

/// Which challenge of a realm is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The strongest that is allowed; of two alike the topmost. RFC 8760 section 2.4 leaves that to local policy.
    Strongest,
    /// The topmost that is allowed, as the server prefers them.
    Topmost,
}

/// What a client answers. [`Policy::DEFAULT`] answers everything, with the strongest that is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Algorithms that are answered.
    pub allowed: Algorithms,
    /// Which of several.
    pub order: Order,
    /// Which quality of protection, where a challenge offers both.
    pub preferred_qop: Qop,
    /// Whether a challenge without qop is answered as RFC 2069 has it, without nonce count and cnonce.
    pub allow_no_qop: bool,
    /// Whether a successful response must prove that the server knows the secret, by a right `rspauth`. One that is
    /// there must be right in any case.
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
        allow_no_qop: true,
        require_rspauth: false,
        max_retries: 2,
    };
}
