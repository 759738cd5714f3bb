// SPDX-License-Identifier: MIT OR Apache-2.0
//! Credentials that were right.

use core::fmt;

use sipseal_sip::QuotedString;

use crate::response::Inputs;
use crate::{Algorithm, HexDigest, Qop};

/// Credentials that were right, and what is needed to prove to the client that the server knows the secret as well.
/// It holds H(A1), and wipes it when dropped.
pub struct Verified<'m> {
    pub(crate) a1: HexDigest,
    pub(crate) algorithm: Algorithm,
    pub(crate) inputs: Inputs<'m>,
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
        self.inputs.nonce_use.map(|nonce_use| nonce_use.qop)
    }

    /// The `rspauth` of a response with a body.
    pub(crate) fn rspauth(&self, body: &[u8]) -> HexDigest {
        let inputs = Inputs {
            method: b"",
            body,
            ..self.inputs
        };
        inputs.response(&self.a1)
    }

    pub(crate) fn cnonce(&self) -> Option<QuotedString<'_>> {
        self.inputs.nonce_use.map(|nonce_use| nonce_use.cnonce)
    }
}

impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}
