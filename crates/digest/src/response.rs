// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is hashed into a response (RFC 7616 section 3.4.1 to 3.4.3) and into `rspauth` (section 3.5).

use sipseal_sip::QuotedString;

use crate::hash::{Hasher, hash_one, hex_digit};
use crate::{Hash, HexDigest, Qop};

/// A request, as far as its response depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method, as it stands.
    pub method: &'a [u8],
    /// The Request-URI, as it stands.
    pub uri: &'a [u8],
    /// The body, for `auth-int`.
    pub body: &'a [u8],
}

/// Nonce count in its eight digits.
pub(crate) fn nc_digits(count: u32) -> [u8; 8] {
    let mut digits = [0; 8];
    let (pairs, _) = digits.as_chunks_mut::<2>();
    for (pair, octet) in pairs.iter_mut().zip(count.to_be_bytes()) {
        *pair = [hex_digit(octet >> 4), hex_digit(octet & 0x0f)];
    }
    digits
}

/// What tells one use of a nonce from another.
#[derive(Clone, Copy)]
pub(crate) struct Use<'a> {
    pub(crate) qop: Qop,
    /// The nonce count in its digits.
    pub(crate) nc: [u8; 8],
    pub(crate) cnonce: QuotedString<'a>,
}

/// What goes into a response beside H(A1).
#[derive(Clone, Copy)]
pub(crate) struct Inputs<'a> {
    pub(crate) hash: Hash,
    pub(crate) nonce: QuotedString<'a>,
    /// Nothing where no qop was agreed on, as in RFC 2069.
    pub(crate) nonce_use: Option<Use<'a>>,
    /// Empty for `rspauth`.
    pub(crate) method: &'a [u8],
    pub(crate) uri: QuotedString<'a>,
    pub(crate) body: &'a [u8],
}

impl Inputs<'_> {
    /// The response, by H(A1).
    pub(crate) fn response(&self, a1: &HexDigest) -> HexDigest {
        // One after the other, so that the stack of one hash is enough.
        let a2 = self.hash_a2();
        self.hash_response(a1, &a2)
    }

    #[inline(never)]
    fn hash_response(&self, a1: &HexDigest, a2: &HexDigest) -> HexDigest {
        let mut hasher = Hasher::new(self.hash);
        hasher.update(a1.as_bytes());
        hasher.update(b":");
        hasher.update_quoted(self.nonce);
        hasher.update(b":");
        if let Some(nonce_use) = self.nonce_use {
            hasher.update(&nonce_use.nc);
            hasher.update(b":");
            hasher.update_quoted(nonce_use.cnonce);
            hasher.update(b":");
            hasher.update(nonce_use.qop.name().as_bytes());
            hasher.update(b":");
        }
        hasher.update(a2.as_bytes());
        hasher.finish()
    }

    #[inline(never)]
    fn hash_a2(&self) -> HexDigest {
        let is_over_body = matches!(
            self.nonce_use,
            Some(Use {
                qop: Qop::AuthInt,
                ..
            })
        );
        let body = is_over_body.then(|| hash_one(self.hash, self.body));
        let mut hasher = Hasher::new(self.hash);
        hasher.update(self.method);
        hasher.update(b":");
        hasher.update_quoted(self.uri);
        if let Some(body) = body {
            hasher.update(b":");
            hasher.update(body.as_bytes());
        }
        hasher.finish()
    }
}

/// H(A1) of a `-sess` algorithm, by H(A1) of the others.
#[inline(never)]
pub(crate) fn session_a1(
    hash: Hash,
    a1: &HexDigest,
    nonce: QuotedString<'_>,
    cnonce: QuotedString<'_>,
) -> HexDigest {
    let mut hasher = Hasher::new(hash);
    hasher.update(a1.as_bytes());
    hasher.update(b":");
    hasher.update_quoted(nonce);
    hasher.update(b":");
    hasher.update_quoted(cnonce);
    hasher.finish()
}
