// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a server lets through.

use core::str;
use std::format;
use std::string::String;

use sipseal_sip::Message;

use super::{CONFIG, REGISTER, account, alice, counting, credentials, request, response, take};
use crate::{
    Algorithm, Client, Config, Counters, Error, Kind, MAX_TIME, Policy, Qop, Refusal, SeenNonce,
    Server, Space, Stored, Verified,
};

/// The header fields of a client that was challenged at 100 seconds.
pub(super) fn credentials_from(server: &mut Server<'_>, uses: usize) -> String {
    let mut out = [0; 2048];
    let len = server
        .write_challenge(Kind::Server, 100, b"here", false, &mut out)
        .unwrap();
    let text = response("401 No", str::from_utf8(&out[..len]).unwrap());
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let accounts = &mut [account(None)];
    take(&mut client, &text, accounts).unwrap();
    (0..uses)
        .map(|_| credentials(&mut client, accounts))
        .last()
        .unwrap()
}

pub(super) fn verify(
    server: &mut Server<'_>,
    fields: &str,
    now: u64,
    binding: &[u8],
) -> Result<(), Refusal> {
    let text = request(&REGISTER, fields);
    let message = Message::parse(&text).unwrap();
    let verified = server.verify(
        &message,
        Kind::Server,
        now,
        binding,
        &mut alice(Stored::HashedA1),
    );
    verified.map(|_: Verified<'_>| ())
}

pub(super) fn server<'s>(config: Config<'s>, seen: &'s mut [SeenNonce]) -> Server<'s> {
    Server::new(config, Some(&[1; 32]), 0, seen, &mut counting()).unwrap()
}

/// RFC 8760 section 2.3: a challenge for each algorithm, the best first.
#[test]
fn challenges() {
    let mut seen = [SeenNonce::new()];
    let mut server = server(CONFIG, &mut seen);
    let mut out = [0; 1024];
    let len = server
        .write_challenge(Kind::Proxy, 0, b"", true, &mut out)
        .unwrap();
    let text = str::from_utf8(&out[..len]).unwrap();
    let lines: std::vec::Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2);
    for (line, algorithm) in lines.iter().zip(["SHA-256", "MD5"]) {
        assert!(line.starts_with("Proxy-Authenticate: Digest realm=\"atlanta.com\", nonce=\""));
        let end =
            format!("algorithm={algorithm}, qop=\"auth,auth-int\", stale=true, charset=UTF-8");
        assert!(line.ends_with(&end), "{line}");
    }
    let too_small = server.write_challenge(Kind::Proxy, 0, b"", true, &mut out[..len - 1]);
    assert_eq!(too_small, Err(Error::BufferTooSmall { needed: len }));
    assert!(Server::may_challenge(b"BYE"));
    assert!(!Server::may_challenge(b"ACK") && !Server::may_challenge(b"CANCEL"));
}

#[test]
fn nonces() {
    for (now, binding, expected) in [
        (100, b"there".as_slice(), Err(Refusal::Stale)),
        (100, b"here", Ok(())),
        (160, b"here", Ok(())),
        (161, b"here", Err(Refusal::Stale)),
        (MAX_TIME, b"here", Err(Refusal::Stale)),
        (MAX_TIME + 1, b"here", Err(Refusal::Stale)),
        (u64::MAX, b"here", Err(Refusal::Stale)),
    ] {
        let mut seen = [SeenNonce::new(); 4];
        let mut server = server(CONFIG, &mut seen);
        let fields = credentials_from(&mut server, 1);
        assert_eq!(verify(&mut server, &fields, now, binding), expected);
    }
    // Of another server.
    let mut seen = [SeenNonce::new()];
    let mut server = server(CONFIG, &mut seen);
    let mut other_seen = [SeenNonce::new()];
    let mut other =
        Server::new(CONFIG, Some(&[2; 32]), 0, &mut other_seen, &mut counting()).unwrap();
    let fields = credentials_from(&mut other, 1);
    assert_eq!(
        verify(&mut server, &fields, 100, b"here"),
        Err(Refusal::Stale)
    );
}

#[test]
fn counts() {
    let mut seen = [SeenNonce::new(); 2];
    let mut server = server(CONFIG, &mut seen);
    let mut out = [0; 2048];
    let len = server
        .write_challenge(Kind::Server, 100, b"here", false, &mut out)
        .unwrap();
    let text = response("401 No", str::from_utf8(&out[..len]).unwrap());
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let accounts = &mut [account(None)];
    take(&mut client, &text, accounts).unwrap();
    let sent: std::vec::Vec<_> = (0..=70)
        .map(|_| credentials(&mut client, accounts))
        .collect();
    // As they come, and not again; a little late, and not too late.
    for (use_of, expected) in [
        (1, Ok(())),
        (1, Err(Refusal::Replayed)),
        (5, Ok(())),
        (3, Ok(())),
        (3, Err(Refusal::Replayed)),
        (5, Err(Refusal::Replayed)),
        (70, Ok(())),
        (7, Ok(())),
        (6, Err(Refusal::Replayed)),
        (7, Err(Refusal::Replayed)),
    ] {
        assert_eq!(
            verify(&mut server, &sent[use_of], 100, b"here"),
            expected,
            "{use_of}"
        );
    }
    // Another nonce has counts of its own. With all places taken the oldest has to go, and is not good again.
    for _ in 0..2 {
        let fields = credentials_from(&mut server, 2);
        assert_eq!(verify(&mut server, &fields, 100, b"here"), Ok(()));
    }
    assert_eq!(
        verify(&mut server, &sent[69], 100, b"here"),
        Err(Refusal::Stale)
    );
    assert_eq!(
        verify(&mut server, &sent[70], 100, b"here"),
        Err(Refusal::Stale)
    );
}

/// Whatever is changed on the way.
#[test]
fn changes() {
    let mut seen = [SeenNonce::new()];
    let mut server = server(CONFIG, &mut seen);
    let fields = credentials_from(&mut server, 1);
    let digit = |text: &str| {
        let at = text.find("response=\"").unwrap() + 10;
        let other = if text.as_bytes()[at] == b'0' {
            "1"
        } else {
            "0"
        };
        format!("{}{other}{}", &text[..at], &text[at + 1..])
    };
    for (changed, expected) in [
        (String::new(), Refusal::Missing),
        (
            fields.replace("Authorization: ", "Proxy-Authorization: "),
            Refusal::Missing,
        ),
        (fields.replace("Digest", "Basic"), Refusal::Missing),
        (
            fields.replace("username=\"", "username*=UTF-8''alice, username=\""),
            Refusal::Malformed,
        ),
        (
            fields.replace("realm=\"atlanta", "realm=\"biloxi"),
            Refusal::Missing,
        ),
        (fields.replace("=SHA-256", "=SHA-512-256"), Refusal::Missing),
        (fields.replace(", algorithm=SHA-256", ""), Refusal::Wrong),
        (fields.replace("alice", "bob"), Refusal::Wrong),
        (digit(&fields), Refusal::Wrong),
        (
            fields.replace("response=\"", "response=\"0"),
            Refusal::Wrong,
        ),
        (fields.replace("nc=00000001", "nc=00000002"), Refusal::Wrong),
        (
            fields.replace("nc=00000001", "nc=00000000"),
            Refusal::Malformed,
        ),
        (fields.replace("nc=00000001", "nc=1"), Refusal::Malformed),
        (
            fields.replace("nc=00000001", "nc=+0000001"),
            Refusal::Malformed,
        ),
        (fields.replace(", nc=00000001", ""), Refusal::Malformed),
        (fields.replace("cnonce=\"", "cnonce=\"1"), Refusal::Wrong),
        (fields.replace("cnonce=", "x="), Refusal::Malformed),
        (fields.replace("qop=auth,", "qop=auth-int,"), Refusal::Wrong),
        (fields.replace("qop=auth,", "qop=x,"), Refusal::Malformed),
        (fields.replace(" qop=auth,", ""), Refusal::Malformed),
        (
            fields.replace("uri=\"sip:atlanta.com", "uri=\"sip:biloxi.com"),
            Refusal::Malformed,
        ),
        (
            fields.replace("uri=\"sip:atlanta.com", "uri=\"SIP:ATLANTA.com"),
            Refusal::Malformed,
        ),
        (fields.replace("nonce=\"", "nonce=\"A"), Refusal::Wrong),
        (fields.replace("username=", "x="), Refusal::Malformed),
        (fields.replace("Digest ", "Digest x,"), Refusal::Malformed),
    ] {
        assert_ne!(changed, fields);
        assert_eq!(
            verify(&mut server, &changed, 100, b"here"),
            Err(expected),
            "{changed}"
        );
    }
    assert_eq!(
        verify(&mut server, &fields, 100, b"here"),
        Ok(()),
        "none of them used the nonce"
    );
    assert_eq!(
        server.counters(),
        Counters {
            authentication_failures: 8,
            replays: 0
        }
    );
    let again = verify(&mut server, &fields, 100, b"here");
    assert_eq!(again, Err(Refusal::Replayed));
    assert_eq!(server.counters().replays, 1);
}

/// RFC 2069, if at all: each nonce once.
#[test]
fn without_qop() {
    for (allow_no_qop, expected) in [(false, Err(Refusal::Malformed)), (true, Ok(()))] {
        let mut seen = [SeenNonce::new()];
        let mut server = server(
            Config {
                allow_no_qop,
                algorithms: &[Algorithm::Md5],
                ..CONFIG
            },
            &mut seen,
        );
        let mut out = [0; 1024];
        let len = server
            .write_challenge(Kind::Server, 100, b"here", false, &mut out)
            .unwrap();
        let text = str::from_utf8(&out[..len])
            .unwrap()
            .replace(", qop=\"auth,auth-int\"", "");
        let mut spaces = [Space::new()];
        let mut client = Client::new(&mut spaces, Policy::DEFAULT);
        let accounts = &mut [account(None)];
        take(&mut client, &response("401 No", &text), accounts).unwrap();
        let fields = credentials(&mut client, accounts);
        assert_eq!(verify(&mut server, &fields, 100, b"here"), expected);
        if expected.is_ok() {
            assert_eq!(
                verify(&mut server, &fields, 100, b"here"),
                Err(Refusal::Replayed)
            );
        }
    }
}

#[test]
fn configs_that_cannot_be() {
    for config in [
        Config {
            algorithms: &[],
            ..CONFIG
        },
        Config {
            algorithms: &[Algorithm::AkaV1Md5],
            ..CONFIG
        },
        Config {
            qops: &[],
            ..CONFIG
        },
        Config {
            realm: b"a\r\nb",
            ..CONFIG
        },
        Config {
            realm: &[b'a'; 129],
            ..CONFIG
        },
        Config {
            userhash: true,
            stored: Stored::Passwords,
            qops: &[Qop::Auth],
            ..CONFIG
        },
    ] {
        let seen = &mut [SeenNonce::new()];
        let refused = Server::new(config, None, 0, seen, &mut counting());
        assert_eq!(refused.map(|_| ()).unwrap_err(), Error::InvalidArgument);
    }
    assert!(Server::new(CONFIG, None, 0, &mut [], &mut counting()).is_err());
}
