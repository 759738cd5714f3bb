// SPDX-License-Identifier: MIT OR Apache-2.0
//! The examples of RFC 2069, RFC 2617 and RFC 7616, as their errata have them.

use sipseal_sip::{Authentication, Value};

use crate::account::{hash_a1_quoted, unescape};
use crate::authentication_info::read_nc;
use crate::challenge::quoted;
use crate::response::{Inputs, Use, nc_digits};
use crate::{Algorithm, Qop, user_hash};

#[test]
fn published_responses() {
    let text = include_str!("../../../../tests/vectors/digest.json");
    let file: serde_json::Value = serde_json::from_str(text).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap();
        let params = Authentication::parse(text("credentials")).unwrap();
        let params = params.digest().unwrap().unwrap();
        let quoted = |name| quoted(params, name).unwrap().unwrap();
        let hash = Algorithm::named(params.get("algorithm")).unwrap().hash();
        let mut username = [0; 64];
        let username = unescape(quoted("username"), &mut username).unwrap();
        if let Some(expected) = case["userhash"].as_str() {
            let realm = quoted("realm").raw().octets();
            assert_eq!(
                user_hash(hash, username, realm).as_bytes(),
                expected.as_bytes()
            );
        }
        let a1 = hash_a1_quoted(hash, username, quoted("realm"), text("password").as_bytes());
        let inputs = Inputs {
            hash,
            nonce: quoted("nonce"),
            nonce_use: params.get("qop").map(|_| Use {
                qop: Qop::Auth,
                nc: nc_digits(read_nc(params.get("nc").unwrap().raw()).unwrap()),
                cnonce: quoted("cnonce"),
            }),
            method: text("method").as_bytes(),
            uri: quoted("uri"),
            body: text("body").as_bytes(),
        };
        assert_eq!(
            inputs.response(&a1).as_bytes(),
            text("response").as_bytes(),
            "{case}"
        );
    }
}

#[test]
fn digits() {
    assert_eq!(&nc_digits(0), b"00000000");
    assert_eq!(&nc_digits(0x1234_abcd), b"1234abcd");
    for value in 0..16 {
        let expected = char::from_digit(value.into(), 16).unwrap();
        assert_eq!(char::from(crate::hash::hex_digit(value)), expected);
    }
}
