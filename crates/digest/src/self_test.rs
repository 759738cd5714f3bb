// SPDX-License-Identifier: MIT OR Apache-2.0
//! Known answers for each hash, to be checked at boot: the example of RFC 7616 section 3.9.1, and the same with
//! SHA-512/256.

use core::fmt;

use sipseal_sip::{QuotedString, Text};

use crate::account::update_a1;
use crate::hash::Hasher;
use crate::response::{Inputs, Request, Use};
use crate::{Hash, HexDigest, Qop};

/// A hash did not give its known answer: the library or the machine is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfTestFailed;

impl fmt::Display for SelfTestFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("known answer test failed")
    }
}

impl core::error::Error for SelfTestFailed {}

static RESPONSES: [(Hash, &str); 3] = [
    (Hash::Md5, "8ca523f5e9506fed4657c9700eebdbec"),
    (
        Hash::Sha256,
        "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    ),
    (
        Hash::Sha512_256,
        "430d05014cecc49cab6fbe03176d41a1da86cbfe24a16580e22aaad928d960d0",
    ),
];

/// Checks a response of each hash against a known answer.
///
/// # Errors
///
/// [`SelfTestFailed`].
#[inline(never)] // With a stack frame of its own.
pub fn self_test() -> Result<(), SelfTestFailed> {
    let text = |text: &'static str| QuotedString::new(Text::from(text));
    let inputs = Inputs {
        nonce: text("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"),
        nonce_use: Some(Use {
            qop: Qop::Auth,
            nc: *b"00000001",
            cnonce: text("f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"),
        }),
        request: &Request {
            method: b"GET",
            uri: b"/dir/index.html",
            body: b"",
            credentials: b"",
        },
    };
    let realm = text("http-auth@example.org");
    for (hash, expected) in &RESPONSES {
        let mut hasher = Hasher::new(*hash);
        let mut response = HexDigest::EMPTY;
        let digits = response.room(*hash);
        inputs.hash_a2(&mut hasher, digits);
        update_a1(&mut hasher, b"Mufasa", realm, b"Circle of Life");
        hasher.chain();
        inputs.update(&mut hasher, digits);
        hasher.finish(digits);
        if digits != expected.as_bytes() {
            return Err(SelfTestFailed);
        }
    }
    Ok(())
}
