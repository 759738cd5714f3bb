// SPDX-License-Identifier: MIT OR Apache-2.0
//! The examples of RFC 2069, RFC 2617 and RFC 7616, as their errata have them.

use crate::account::update_a1;
use crate::credentials::Credentials;
use crate::hash::Hasher;
use crate::response::{Inputs, Request, Use};
use crate::{Algorithm, HexDigest, MAX_USERNAME_LEN, Qop, user_hash};

#[test]
fn published_responses() {
    let text = include_str!("../../../../tests/vectors/digest.json");
    let file: serde_json::Value = serde_json::from_str(text).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap();
        let credentials = std::format!("{}, response=\"\"", text("credentials"));
        let credentials = Credentials::read(credentials.as_str().into(), |_| true)
            .unwrap()
            .unwrap();
        let hash = Algorithm::named(credentials.algorithm).unwrap().hash();
        let mut username = [0; MAX_USERNAME_LEN];
        let username = credentials.username.unescape(&mut username).unwrap();
        let realm = credentials.realm;
        if let Some(expected) = case["userhash"].as_str() {
            let hashed = user_hash(hash, username, realm.raw().octets());
            assert_eq!(hashed.as_bytes(), expected.as_bytes());
        }
        let inputs = Inputs {
            nonce: credentials.nonce,
            nonce_use: credentials.qop.map(|_| Use {
                qop: Qop::Auth,
                nc: credentials.nc.unwrap().octets().try_into().unwrap(),
                cnonce: credentials.cnonce.unwrap(),
            }),
            request: &Request {
                method: text("method").as_bytes(),
                uri: credentials.uri.plain().unwrap(),
                body: text("body").as_bytes(),
                credentials: b"",
            },
        };
        let mut hasher = Hasher::new(hash);
        let mut response = HexDigest::EMPTY;
        let digits = response.room(hash);
        inputs.hash_a2(&mut hasher, digits);
        update_a1(&mut hasher, username, realm, text("password").as_bytes());
        hasher.chain();
        inputs.update(&mut hasher, digits);
        hasher.finish(digits);
        assert_eq!(response.as_bytes(), text("response").as_bytes(), "{case}");
    }
}

#[test]
fn self_test() {
    assert_eq!(crate::self_test(), Ok(()));
}
