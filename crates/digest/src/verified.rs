// SPDX-License-Identifier: MIT OR Apache-2.0
//! Credentials that were right.

use core::fmt;

use sipseal_sip::QuotedString;

use crate::hash::Hasher;
use crate::response::{Inputs, Request, Use};
use crate::{Algorithm, HexDigest, Qop};

/// Credentials that were right, and what is needed to prove to the client that the server knows the secret as well.
/// It holds H(A1), and wipes it when dropped.
pub struct Verified<'m> {
    pub(crate) a1: HexDigest,
    pub(crate) algorithm: Algorithm,
    pub(crate) nonce: QuotedString<'m>,
    pub(crate) nonce_use: Option<Use<'m>>,
    pub(crate) request: Request<'m>,
}

impl Verified<'_> {
    /// The algorithm that the client took.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// What the response protects; `None` if the client knows RFC 2069 alone.
    #[must_use]
    pub fn qop(&self) -> Option<Qop> {
        self.nonce_use.map(|nonce_use| nonce_use.qop)
    }

    /// Writes the `rspauth` of a response with a body.
    #[inline(never)]
    pub(crate) fn rspauth(&self, body: &[u8], digits: &mut [u8]) {
        let request = Request {
            method: b"",
            body,
            ..self.request
        };
        let inputs = Inputs {
            nonce: self.nonce,
            nonce_use: self.nonce_use,
            request: &request,
        };
        let mut hasher = Hasher::new(self.algorithm.hash());
        inputs.hash_a2(&mut hasher, digits);
        hasher.update(&[self.a1.as_bytes()]);
        inputs.update(&mut hasher, digits);
        hasher.finish(digits);
    }
}

impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}
