// SPDX-License-Identifier: MIT OR Apache-2.0
//! Challenges and credentials that are none, and arguments that cannot be written.

use std::format;
use std::string::String;
use std::vec::Vec;

use proptest::prelude::*;
use sipseal_sip::Message;

use super::{
    CONFIG, REGISTER, account, alice, challenge, counting, credentials, credentials_for, request,
    response, take, take_sent,
};
use crate::{
    Account, Client, Error, Kind, MAX_CHALLENGE_LEN, Policy, Refusal, Request, Secret, SeenNonce,
    Server, Space, Stored, Unavailable,
};

#[test]
fn challenges_that_are_none() {
    let good = challenge("n", "");
    for text in [
        String::new(),
        "WWW-Authenticate: Basic realm=\"a\"\r\n".into(),
        "WWW-Authenticate: Digest\r\n".into(),
        good.replace("realm=\"atlanta.com\", ", ""),
        good.replace("nonce=\"n\", ", ""),
        good.replace("nonce=\"n\"", "nonce=n"),
        good.replace("nonce=\"n\"", "nonce=\"n"),
        good.replace("nonce", "realm"),
        // What would be written again as it stands.
        good.replace("=\"n\"", "=\"n\\\u{1}\""),
        good.replace("=\"n\"", "=\"\\\0\""),
        good.replace("atlanta.com", "a\\\u{7f}"),
        good.replace("\r\n", ", opaque=\"\\\u{1b}\"\r\n"),
    ] {
        let mut spaces = [Space::new()];
        let mut client = Client::new(&mut spaces, Policy::DEFAULT);
        let accounts = &mut [account(None)];
        let taken = take(&mut client, &response("401 No", &text), accounts);
        assert!(
            matches!(taken, Err(Error::Unsupported | Error::Syntax(_))),
            "{text} {taken:?}"
        );
        assert_eq!(credentials(&mut client, accounts), "");
        // A good one among them is taken all the same.
        take(&mut client, &response("401 No", &(text + &good)), accounts).unwrap();
    }
}

#[test]
fn lengths() {
    let longest = MAX_CHALLENGE_LEN - "atlanta.com".len();
    for (len, expected) in [(longest, true), (longest + 1, false)] {
        let mut spaces = [Space::new()];
        let mut client = Client::new(&mut spaces, Policy::DEFAULT);
        let accounts = &mut [account(None)];
        let text = response("401 No", &challenge(&"n".repeat(len), ""));
        let taken = take(&mut client, &text, accounts);
        assert_eq!(taken.is_ok(), expected, "{taken:?}");
        if expected {
            let sent = credentials(&mut client, accounts);
            let next = |len| {
                response(
                    "200 OK",
                    &format!("Authentication-Info: nextnonce=\"{}\"\r\n", "m".repeat(len)),
                )
            };
            assert_eq!(
                take_sent(&mut client, &sent, &next(longest + 1), accounts),
                Err(Error::TooLong)
            );
            assert!(take_sent(&mut client, &sent, &next(longest), accounts).is_ok());
            assert!(credentials(&mut client, accounts).contains("nonce=\"mmm"));
        } else {
            assert_eq!(taken, Err(Error::TooLong));
        }
    }
    let many: String = (0..40)
        .map(|at| challenge("n", "").replace("atlanta", &format!("a{at}")))
        .collect();
    let mut spaces: Vec<Space> = (0..40).map(|_| Space::new()).collect();
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let accounts = &mut [account(None)];
    take(&mut client, &response("401 No", &many), accounts).unwrap();
    let mut out = std::vec![0; 65536];
    let len = client
        .write_credentials(&REGISTER, accounts, &mut out)
        .unwrap();
    let lines = out[..len].split(|octet| *octet == b'\n').count() - 1;
    assert_eq!(lines, crate::MAX_CHALLENGES);
}

#[test]
fn arguments_that_cannot_be_written() {
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    take(
        &mut client,
        &response("401 No", &challenge("n", "")),
        &mut [account(None)],
    )
    .unwrap();
    let mut out = [0; 1024];
    for (method, uri) in [
        ("", "sip:a"),
        ("A B", "sip:a"),
        ("BYE", ""),
        ("BYE", "sip:a\"b"),
        ("BYE", "sip:a\r\nX: y"),
        ("BYE", "sip:a b"),
        ("BYE", "sip:\u{e4}"),
    ] {
        let request = Request {
            method: method.as_bytes(),
            uri: uri.as_bytes(),
            body: b"",
            credentials: b"",
        };
        let written = client.write_credentials(&request, &mut [account(None)], &mut out);
        assert_eq!(written, Err(Error::InvalidArgument), "{method} {uri}");
    }
    let long = [b'a'; crate::MAX_USERNAME_LEN + 1];
    for username in [b"a\r\nb".as_slice(), b"\0", b"\x7f", &long] {
        let account = Account {
            realm: None,
            username,
            secret: Secret::Password(b""),
        };
        let written = client.write_credentials(&REGISTER, &mut [account], &mut out);
        assert_eq!(written, Err(Error::InvalidArgument));
    }
    assert_eq!(
        client.write_credentials(&REGISTER, &mut [], &mut out),
        Err(Error::NoAccount)
    );
    for hex in [
        "",
        "0",
        "0123456789ABCDEF0123456789abcdef",
        "0123456789abcdeg0123456789abcdef",
    ] {
        let secret = Secret::HashedA1 {
            hash: crate::Hash::Md5,
            hex: hex.as_bytes(),
        };
        let account = Account {
            realm: Some(b"atlanta.com"),
            username: b"a",
            secret,
        };
        assert_eq!(
            client.write_credentials(&REGISTER, &mut [account], &mut out),
            Err(Error::InvalidArgument)
        );
    }
    let mut refuses = |_, _: &[u8], _: &[u8], _: &mut [u8]| Err(Unavailable);
    let mut lies = |_, _: &[u8], _: &[u8], out: &mut [u8]| {
        out.fill(b'x');
        Ok(())
    };
    let callbacks: [&mut dyn crate::HashA1; 2] = [&mut refuses, &mut lies];
    for callback in callbacks {
        let account = Account {
            realm: None,
            username: b"a",
            secret: Secret::Callback(callback),
        };
        assert_eq!(
            client.write_credentials(&REGISTER, &mut [account], &mut out),
            Err(Error::SecretUnavailable)
        );
    }
    // None of them used the nonce.
    assert!(credentials(&mut client, &mut [account(None)]).contains("nc=00000001"));
}

/// An H(A1) is for a realm, and what was sent is what a client writes.
#[test]
fn accounts_and_credentials_that_are_none() {
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let text = response("401 No", &challenge("m", ""));
    take(&mut client, &text, &mut [account(None)]).unwrap();
    let mut out = [0; 1024];
    let a1 = crate::hash_a1(crate::Hash::Md5, b"a", b"b", b"c");
    let homeless = || Account {
        realm: None,
        username: b"a",
        secret: Secret::HashedA1 {
            hash: crate::Hash::Md5,
            hex: a1.as_bytes(),
        },
    };
    assert_eq!(
        client.write_credentials(&REGISTER, &mut [homeless()], &mut out),
        Err(Error::InvalidArgument)
    );
    assert_eq!(
        take(&mut client, &text, &mut [homeless()]),
        Err(Error::InvalidArgument)
    );
    for fields in [
        "x",
        "Authorization: Digest a=b\r\n",
        "Authorization: Basic a\r\n",
        "X: Digest realm=\"a\", nonce=\"b\"\r\n",
        "Authorization: Digest realm=\"a\", nonce=\"b\", qop=auth\r\n",
    ] {
        let taken = take_sent(&mut client, fields, &text, &mut [account(None)]);
        assert_eq!(taken, Err(Error::InvalidArgument), "{fields}");
    }
}

/// A server that is told of a secret that it cannot have.
#[test]
fn secrets_of_impossible_lengths() {
    let mut seen = [SeenNonce::new()];
    let mut server = Server::new(CONFIG, None, 0, &mut seen, &mut counting()).unwrap();
    let mut out = [0; 1024];
    let len = server
        .write_challenge(Kind::Server, 1, b"", false, &mut out)
        .unwrap();
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let text = String::from_utf8(out[..len].to_vec()).unwrap();
    take(
        &mut client,
        &response("401 No", &text),
        &mut [account(None)],
    )
    .unwrap();
    let sent = request(&REGISTER, &credentials(&mut client, &mut [account(None)]));
    let sent = Message::parse(&sent).unwrap();
    for len in [0, 1, 63, 65, 128, 129, usize::MAX] {
        let refused = server.verify(&sent, Kind::Server, 1, b"", &mut |_, _, _| Some(len));
        assert_eq!(refused.map(|_| ()).unwrap_err(), Refusal::Wrong, "{len}");
    }
    let mut users = alice(Stored::HashedA1);
    assert!(
        server
            .verify(&sent, Kind::Server, 1, b"", &mut users)
            .is_ok()
    );
}

const PIECES: &[&str] = &[
    "WWW-Authenticate: Digest ",
    "Authorization: Digest ",
    "Authentication-Info: ",
    "realm=\"atlanta.com\"",
    "nonce=\"n\"",
    "qop=\"auth\"",
    "qop=auth-int",
    "algorithm=SHA-256",
    "algorithm=MD5-sess",
    "username=\"alice\"",
    "uri=\"sip:atlanta.com\"",
    "response=\"x\"",
    "cnonce=\"c\"",
    "nc=00000001",
    "rspauth=\"y\"",
    "nextnonce=\"z\"",
    "stale=true",
    "userhash=true",
    "opaque=\"\"",
    "username*=UTF-8''%",
    ", ",
    ",",
    "=",
    "\"",
    "\\",
    "\r\n",
    "\r\n ",
    " ",
];

proptest! {
    /// Whatever comes in is taken or refused, by clients and servers.
    #[test]
    fn anything(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40), code in 100..700_u32) {
        let text: String = pieces.concat();
        let mut spaces = [Space::new()];
        let mut client = Client::new(&mut spaces, Policy::DEFAULT);
        let accounts = &mut [account(None)];
        take(&mut client, &response("401 No", &challenge("n", "")), accounts).unwrap();
        for status in [code, 401, 200] {
            let text = response(&format!("{status} X"), &(text.clone() + "\r\n"));
            if let Ok(message) = Message::parse(text.as_bytes()) {
                let _ = client.take_response(&REGISTER, &message, accounts, &mut counting());
                let _ = credentials_for(&mut client, &REGISTER, accounts);
            }
        }
        let mut seen = [SeenNonce::new()];
        let mut server = Server::new(CONFIG, None, 0, &mut seen, &mut counting()).unwrap();
        let sent: Vec<u8> = request(&REGISTER, &(text + "\r\n"));
        if let Ok(message) = Message::parse(&sent) {
            let refused = server.verify(&message, Kind::Server, 1, b"", &mut alice(Stored::HashedA1));
            prop_assert!(refused.is_err());
        }
    }
}
