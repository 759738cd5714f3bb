// SPDX-License-Identifier: MIT OR Apache-2.0
//! Credentials that were right.

use core::fmt;

use sipseal_sip::QuotedString;

use crate::credentials::Username;
use crate::hash::Hasher;
use crate::response::{Inputs, Request, Use};
use crate::{Algorithm, HexDigest, MAX_USERNAME_LEN, Qop, User};

/// Credentials that were right, and what is needed to prove to the client that the server knows the secret as well.
/// It holds H(A1), and wipes it when dropped.
///
/// They say who sent the request, not what that user may do: compare [`Verified::user`] with what the request asks for,
/// as the address-of-record that a REGISTER binds.
pub struct Verified<'m> {
    pub(crate) a1: HexDigest,
    pub(crate) username: Username<'m>,
    pub(crate) realm: QuotedString<'m>,
    pub(crate) algorithm: Algorithm,
    pub(crate) nonce: QuotedString<'m>,
    pub(crate) uri: QuotedString<'m>,
    pub(crate) nonce_use: Option<Use<'m>>,
    pub(crate) request: Request<'m>,
}

impl<'m> Verified<'m> {
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

    /// Who sent the request, without backslashes or other escapes.
    #[must_use]
    pub fn user<'o>(&self, out: &'o mut [u8; MAX_USERNAME_LEN]) -> User<'o> {
        // There was room for it when it was verified.
        let name = self.username.unescape(out).unwrap_or_default();
        if self.username.is_hashed() {
            User::Hashed(name)
        } else {
            User::Name(name)
        }
    }

    /// The `uri` that the response protects: the Request-URI when the request was first sent.
    #[must_use]
    pub const fn uri(&self) -> QuotedString<'m> {
        self.uri
    }

    /// H(A1), of a `-sess` algorithm that of the session, for [`Server::recall`](crate::Server::recall). A secret.
    #[must_use]
    pub const fn a1(&self) -> &HexDigest {
        &self.a1
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
