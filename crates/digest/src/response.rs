// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is hashed into a response (RFC 7616 section 3.4.1 to 3.4.3) and into `rspauth` (section 3.5).

use sipseal_sip::QuotedString;

use crate::hash::Hasher;
use crate::{HexDigest, Qop};

/// A request, as far as its response depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method, as it stands.
    pub method: &'a [u8],
    /// The Request-URI, as it stands.
    pub uri: &'a [u8],
    /// The body, for `auth-int`.
    pub body: &'a [u8],
    /// The header fields that [`Client::write_credentials`](crate::Client::write_credentials) wrote for this request,
    /// empty if it wrote none. They are what a response is about: [`Client::take_response`](crate::Client::take_response)
    /// reads them, and nothing else does.
    pub credentials: &'a [u8],
}

/// What tells one use of a nonce from another.
#[derive(Clone, Copy)]
pub(crate) struct Use<'a> {
    pub(crate) qop: Qop,
    /// The nonce count as it stands in the message, which is what is hashed: eight hexadecimal digits.
    pub(crate) nc: [u8; 8],
    pub(crate) cnonce: QuotedString<'a>,
}

/// What goes into a response beside H(A1).
#[derive(Clone, Copy)]
pub(crate) struct Inputs<'a> {
    pub(crate) nonce: QuotedString<'a>,
    /// Nothing where no qop was agreed on, as in RFC 2069.
    pub(crate) nonce_use: Option<Use<'a>>,
    /// For `rspauth` without a method, and with the body of the response.
    pub(crate) request: &'a Request<'a>,
}

impl Inputs<'_> {
    /// H(A2), over the body if that is protected. It comes before H(A1), so that one hash after the other is at work.
    #[inline(never)]
    pub(crate) fn hash_a2(&self, hasher: &mut Hasher, digits: &mut [u8]) {
        let is_over_body = matches!(&self.nonce_use, Some(it) if it.qop == Qop::AuthInt);
        let Request {
            method, uri, body, ..
        } = self.request;
        if is_over_body {
            hasher.update(&[body]);
            hasher.finish(digits);
        }
        hasher.update(&[method, b":", uri]);
        if is_over_body {
            hasher.update(&[b":", digits]);
        }
        hasher.finish(digits);
    }

    /// What follows H(A1), up to the digits of H(A2).
    #[inline(never)]
    pub(crate) fn update(&self, hasher: &mut Hasher, a2: &[u8]) {
        hasher.update(&[b":"]);
        hasher.update_quoted(self.nonce);
        if let Some(nonce_use) = &self.nonce_use {
            hasher.update(&[b":", &nonce_use.nc, b":"]);
            hasher.update_quoted(nonce_use.cnonce);
            hasher.update(&[b":", nonce_use.qop.name().as_bytes()]);
        }
        hasher.update(&[b":", a2]);
    }
}

/// H(A1) of a `-sess` algorithm, of a hash that begins with that of the others, which then begins with it.
#[inline(never)]
pub(crate) fn begin_session(hasher: &mut Hasher, inputs: &Inputs<'_>, a1: &mut HexDigest) {
    let Some(nonce_use) = &inputs.nonce_use else {
        return;
    };
    hasher.update(&[b":"]);
    hasher.update_quoted(inputs.nonce);
    hasher.update(&[b":"]);
    hasher.update_quoted(nonce_use.cnonce);
    hasher.finish(a1.room(hasher.hash()));
    hasher.update(&[a1.as_bytes()]);
}
