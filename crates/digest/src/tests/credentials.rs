// SPDX-License-Identifier: MIT OR Apache-2.0
//! Credentials in the forms that clients send, among others, and what a server says of them.

use core::str;
use std::borrow::ToOwned;
use std::format;
use std::string::String;
use std::vec::Vec;

use sipseal_sip::Message;

use super::server::{server, verify};
use super::{CONFIG, PASSWORD, REALM, REGISTER, URI, USERNAME, alice, request};
use crate::{
    Algorithm, Config, Hash, Kind, MAX_SECRET_LEN, MAX_USERNAME_LEN, Qop, Refusal, SeenNonce,
    Server, Stored, User, hash_a1, user_hash,
};

const NOW: u64 = 100;

fn digest(parts: &[&str]) -> String {
    // H(A1) of two parts is what H is of any.
    let all = parts.join(":");
    let (first, rest) = all.split_once(':').unwrap();
    let digest = user_hash(Hash::Md5, first.as_bytes(), rest.as_bytes());
    String::from_utf8(digest.as_bytes().to_vec()).unwrap()
}

fn nonce(server: &mut Server<'_>) -> String {
    let mut out = [0; 1024];
    let len = server
        .write_challenge(Kind::Server, NOW, b"here", false, &mut out)
        .unwrap();
    let text = str::from_utf8(&out[..len]).unwrap();
    text.split("nonce=\"").nth(1).unwrap()[..32].into()
}

/// The response of alice with MD5, for a nonce count as it stands.
fn answer(method: &str, uri: &str, nonce: &str, nc: &str) -> String {
    let a1 = digest(&[USERNAME, REALM, PASSWORD]);
    digest(&[&a1, nonce, nc, "cn", "auth", &digest(&[method, uri])])
}

const MD5: Config<'static> = Config {
    algorithms: &[Algorithm::Md5],
    ..CONFIG
};

/// What is good, and what may be around it.
fn good(server: &mut Server<'_>, nc: &str) -> String {
    let nonce = nonce(server);
    let response = answer("REGISTER", URI, &nonce, nc);
    format!(
        "Digest username=\"{USERNAME}\", realm=\"{REALM}\", nonce=\"{nonce}\", uri=\"{URI}\", \
         response=\"{response}\", cnonce=\"cn\", qop=auth, nc={nc}"
    )
}

type Case<'c> = (&'c str, &'c dyn Fn(&str) -> String, Result<(), Refusal>);

/// Good credentials with a nonce count, changed.
fn check(cases: &[Case<'_>]) {
    let mut seen = [SeenNonce::new(); 2];
    let mut server = server(MD5, &mut seen);
    for (nc, change, expected) in cases {
        let changed = change(&good(&mut server, nc));
        let fields = format!("Authorization: {changed}\r\n");
        let verified = verify(&mut server, &fields, NOW, b"here");
        assert_eq!(verified, *expected, "{fields}");
    }
}

#[test]
fn forms() {
    let upper_case = |text: &str| {
        let at = text.find("response=\"").unwrap() + 10;
        let end = at + 32;
        format!(
            "{}{}{}",
            &text[..at],
            text[at..end].to_uppercase(),
            &text[end..]
        )
    };
    let same = |text: &str| String::from(text);
    check(&[
        ("00000001", &same, Ok(())),
        // Hashed as it stands.
        ("0000000a", &same, Ok(())),
        ("0000000A", &same, Ok(())),
        ("FFFFFFFF", &same, Ok(())),
        (
            "0000000a",
            &|text| text.replace("nc=0000000a", "nc=0000000A"),
            Err(Refusal::Wrong),
        ),
        ("0000001", &same, Err(Refusal::Malformed)),
        ("0000000g", &same, Err(Refusal::Malformed)),
        ("00000000", &same, Err(Refusal::Malformed)),
        ("00000001", &upper_case, Err(Refusal::Wrong)),
        // Commas and quotes.
        (
            "00000001",
            &|text| text.replace("Digest ", "Digest ,") + ",",
            Ok(()),
        ),
        ("00000001", &|text| text.replace(", ", " , ,"), Ok(())),
        ("00000001", &|text| text.replace('"', ""), Ok(())),
        (
            "00000001",
            &|text| {
                text.replace("=auth", "=\"auth\"")
                    .replace("nc=00000001", "nc=\"00000001\"")
            },
            Ok(()),
        ),
        (
            "00000001",
            &|text| text.to_owned() + ", opaque=, x=a/b==, y=\"\", x=[;]",
            Ok(()),
        ),
    ]);
}

#[test]
fn names() {
    check(&[
        (
            "00000001",
            &|text| {
                text.replace("username=\"", "username*=UTF-8''")
                    .replace("alice\"", "alice")
            },
            Ok(()),
        ),
        (
            "00000001",
            &|text| text.replace("username=\"alice\"", "username*=utf-8'en'%61lic%65"),
            Ok(()),
        ),
        (
            "00000001",
            &|text| text.replace("username=\"alice\"", "username*=\"UTF-8''alice\""),
            Ok(()),
        ),
        (
            "00000001",
            &|text| text.replace("username=\"alice\"", "username=\"al\\ice\""),
            Ok(()),
        ),
        (
            "00000001",
            &|text| text.replace("username=\"alice\"", "username*=UTF-8''alic%e"),
            Err(Refusal::Malformed),
        ),
        (
            "00000001",
            &|text| text.replace("username=\"alice\"", "username*=UTF-8''alice%6"),
            Err(Refusal::Malformed),
        ),
        (
            "00000001",
            &|text| text.replace("username=\"alice\"", "username*=UTF-8'alice"),
            Err(Refusal::Malformed),
        ),
        (
            "00000001",
            &|text| text.replace("username=\"alice\"", "username*=ISO-8859-1''alice"),
            Err(Refusal::Malformed),
        ),
        (
            "00000001",
            &|text| text.to_owned() + ", username*=UTF-8''alice",
            Err(Refusal::Malformed),
        ),
        (
            "00000001",
            &|text| text.to_owned() + ", username*=UTF-8''bob",
            Err(Refusal::Malformed),
        ),
        (
            "00000001",
            &|text| {
                text.replace(
                    "username=\"alice\"",
                    "username*=UTF-8''alice, userhash=true",
                )
            },
            Err(Refusal::Malformed),
        ),
        (
            "00000001",
            &|text| text.replace("alice", &"a".repeat(MAX_USERNAME_LEN)),
            Err(Refusal::Wrong),
        ),
        (
            "00000001",
            &|text| text.replace("alice", &"a".repeat(MAX_USERNAME_LEN + 1)),
            Err(Refusal::Malformed),
        ),
    ]);
}

/// Good credentials are found behind all that is none of ours, and what is wrong there is told if there are none.
#[test]
fn among_others() {
    let mut seen = [SeenNonce::new(); 2];
    let mut server = server(MD5, &mut seen);
    for (other, alone) in [
        ("Negotiate", Refusal::Missing),
        ("Basic YWxpY2U6emFuemliYXI=", Refusal::Missing),
        ("Digest realm=other", Refusal::Missing),
        (
            "Digest realm=\"other\", opaque=ab==, nc=x, username*=x",
            Refusal::Missing,
        ),
        (
            "Digest realm=\"atlanta.com\", algorithm=SHA-256, username=\"x\", nonce=n, uri=u, response=r",
            Refusal::Missing,
        ),
        ("Digest realm=\"atlanta.com\"", Refusal::Malformed),
        ("Digest username=\"alice\"", Refusal::Malformed),
        ("Digest realm=\"atlanta.com\", x", Refusal::Malformed),
        ("Digest", Refusal::Malformed),
        (";", Refusal::Malformed),
    ] {
        for around in [("Negotiate", other), (other, "Digest realm=other")] {
            let fields = format!(
                "Authorization: {}\r\nAuthorization: {}\r\n",
                around.0, around.1
            );
            assert_eq!(
                verify(&mut server, &fields, NOW, b"here"),
                Err(alone),
                "{other}"
            );
        }
        let good = good(&mut server, "00000001");
        let fields = format!("Authorization: {other}\r\nAuthorization: {good}\r\n");
        assert_eq!(
            verify(&mut server, &fields, NOW, b"here"),
            Ok(()),
            "{other}"
        );
    }
}

/// Whose credentials they are, for what, and the same again without the first look.
#[test]
fn what_is_said_of_them() {
    let config = Config {
        check_uri: false,
        ..MD5
    };
    let hashed = user_hash(Hash::Md5, USERNAME.as_bytes(), REALM.as_bytes());
    let hashed = str::from_utf8(hashed.as_bytes()).unwrap();
    for (name, expected) in [
        ("username=\"alice\"", User::Name(b"alice")),
        ("username=\"\\a\\lice\"", User::Name(b"alice")),
        ("username*=UTF-8'en'%61lice", User::Name(b"alice")),
        (
            &format!("userhash=true, username=\"{hashed}\""),
            User::Hashed(hashed.as_bytes()),
        ),
    ] {
        let mut seen = [SeenNonce::new(); 2];
        let mut server = server(config, &mut seen);
        let changed = good(&mut server, "0000000B").replace("username=\"alice\"", name);
        let fields = format!("Authorization: {changed}\r\n");
        // A proxy has changed the Request-URI.
        let text = request(
            &crate::Request {
                uri: b"sip:bob@biloxi.com",
                ..REGISTER
            },
            &fields,
        );
        let message = Message::parse(&text).unwrap();
        let mut users = alice(Stored::HashedA1);
        let verified = server
            .verify(&message, Kind::Server, NOW, b"here", &mut users)
            .unwrap();
        let mut name = [0xff; MAX_USERNAME_LEN];
        assert_eq!(verified.user(&mut name), expected);
        assert!(verified.uri().is(URI.as_bytes()));
        assert_eq!(
            (verified.algorithm(), verified.qop()),
            (Algorithm::Md5, Some(Qop::Auth))
        );
        let a1 = hash_a1(
            Hash::Md5,
            USERNAME.as_bytes(),
            REALM.as_bytes(),
            PASSWORD.as_bytes(),
        );
        assert_eq!(verified.a1().as_bytes(), a1.as_bytes());
        // From what can be kept, the same Authentication-Info.
        let mut out = [[0; 512]; 2];
        let recalled = server.recall(&message, Kind::Server, verified.a1().as_bytes());
        let lens: Vec<_> = [verified, recalled.unwrap()]
            .iter()
            .zip(&mut out)
            .map(|(verified, out)| {
                server
                    .write_authentication_info(verified, Kind::Server, b"", None, out)
                    .unwrap()
            })
            .collect();
        assert_eq!(out[0][..lens[0]], out[1][..lens[1]]);
        let info = str::from_utf8(&out[0][..lens[0]]).unwrap();
        assert!(
            info.ends_with("\", cnonce=\"cn\", nc=0000000B\r\n"),
            "{info}"
        );
        let wrong = server.recall(&message, Kind::Server, b"0");
        assert_eq!(wrong.map(|_| ()).unwrap_err(), Refusal::Wrong);
        let missing = server.recall(&message, Kind::Proxy, a1.as_bytes());
        assert_eq!(missing.map(|_| ()).unwrap_err(), Refusal::Missing);
    }
}

/// An ACK has the credentials of its INVITE, and can have no others.
#[test]
fn requests_that_are_not_challenged() {
    for method in ["ACK", "CANCEL", "ack"] {
        let mut seen = [SeenNonce::new(); 2];
        let mut server = server(MD5, &mut seen);
        let fields = format!("Authorization: {}\r\n", good(&mut server, "00000001"));
        let text = format!("{method} {URI} SIP/2.0\r\n{fields}\r\n");
        let message = Message::parse(text.as_bytes()).unwrap();
        let mut users = alice(Stored::HashedA1);
        let refused = server.verify(&message, Kind::Server, NOW, b"here", &mut users);
        // Methods are case-sensitive: the last one is another.
        let expected = if method == "ack" {
            Refusal::Wrong
        } else {
            Refusal::Unchallengeable
        };
        assert_eq!(refused.map(|_| ()).unwrap_err(), expected);
        assert_eq!(verify(&mut server, &fields, NOW, b"here"), Ok(()));
    }
}

/// Stored digits are lower-case, and there are as many as the hash has.
#[test]
fn stored_digits() {
    let mut seen = [SeenNonce::new(); 2];
    let mut server = server(MD5, &mut seen);
    let a1 = digest(&[USERNAME, REALM, PASSWORD]);
    for (stored, expected) in [
        (a1.to_uppercase(), Err(Refusal::Wrong)),
        (a1[1..].into(), Err(Refusal::Wrong)),
        (a1.clone(), Ok(())),
    ] {
        let fields = format!("Authorization: {}\r\n", good(&mut server, "00000001"));
        let text = request(&REGISTER, &fields);
        let message = Message::parse(&text).unwrap();
        let mut users = |_: User<'_>, _, out: &mut [u8; MAX_SECRET_LEN]| {
            out[..stored.len()].copy_from_slice(stored.as_bytes());
            Some(stored.len())
        };
        let verified = server.verify(&message, Kind::Server, NOW, b"here", &mut users);
        assert_eq!(verified.map(|_| ()), expected);
    }
}
