// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a client answers, what it refuses, and how often it tries.

use std::format;

use sipseal_sip::Message;

use super::{
    REALM, REGISTER, account, challenge, counting, credentials, credentials_for, response, take,
};
use crate::{
    Account, Algorithm, Algorithms, Client, Error, Order, Outcome, Policy, Qop, Request, Secret,
    Space,
};

const FINAL: Result<Outcome, Error> = Ok(Outcome::Final {
    is_server_proven: false,
});

fn unauthorized(fields: &str) -> std::string::String {
    response("401 Unauthorized", fields)
}

fn offered(algorithms: &[&str]) -> std::string::String {
    let of = |name: &&str| challenge("n", &format!(", algorithm={name}"));
    unauthorized(&algorithms.iter().map(of).collect::<std::string::String>())
}

/// RFC 8760 section 2.4 and 2.6.
#[test]
fn which_of_several() {
    let all = [
        "MD5",
        "SHA-256-sess",
        "sha-256",
        "SHA-512-256",
        "SHA-512-256-sess",
    ];
    for (policy, offer, expected) in [
        (Policy::DEFAULT, &all[..], Ok("SHA-512-256")),
        (Policy::DEFAULT, &all[..3], Ok("SHA-256-sess")),
        (Policy::DEFAULT, &["X", "MD5"], Ok("MD5")),
        (Policy::DEFAULT, &["X"], Err(Error::Unsupported)),
        (
            Policy {
                order: Order::Topmost,
                ..Policy::DEFAULT
            },
            &all[..],
            Ok("MD5"),
        ),
        (
            Policy {
                allowed: Algorithms::STRONG,
                order: Order::Topmost,
                ..Policy::DEFAULT
            },
            &all[..],
            Ok("SHA-256-sess"),
        ),
        (
            Policy {
                allowed: Algorithms::STRONG,
                ..Policy::DEFAULT
            },
            &["MD5"],
            Err(Error::Weak),
        ),
        (
            Policy {
                allowed: Algorithms::STRONG,
                ..Policy::DEFAULT
            },
            &["X", "MD5-sess"],
            Err(Error::Weak),
        ),
        (
            Policy {
                allowed: Algorithms::NONE.with(Algorithm::Sha256),
                ..Policy::DEFAULT
            },
            &all[..],
            Ok("SHA-256"),
        ),
    ] {
        let mut spaces = [Space::new()];
        let mut client = Client::new(&mut spaces, policy);
        let accounts = &mut [account(None)];
        let taken = take(&mut client, &offered(offer), accounts);
        assert_eq!(taken, expected.map(|_| Outcome::Retry));
        let text = credentials(&mut client, accounts);
        match expected {
            Ok(name) => assert!(text.contains(&format!(", algorithm={name},")), "{text}"),
            Err(_) => assert_eq!(text, ""),
        }
    }
}

/// An account that has H(A1) for one hash is not asked for another.
#[test]
fn an_account_for_one_hash() {
    let a1 = crate::hash_a1(crate::Hash::Md5, b"alice", REALM.as_bytes(), b"zanzibar");
    let accounts = &mut [Account {
        realm: None,
        username: b"alice",
        secret: Secret::HashedA1 {
            hash: crate::Hash::Md5,
            hex: a1.as_bytes(),
        },
    }];
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    assert_eq!(
        take(&mut client, &offered(&["SHA-256"]), accounts),
        Err(Error::NoAccount)
    );
    assert_eq!(
        take(&mut client, &offered(&["SHA-256", "MD5"]), accounts),
        Ok(Outcome::Retry)
    );
    assert!(credentials(&mut client, accounts).contains("algorithm=MD5"));
}

/// What is written, to the octet; without qop it is what RFC 2069 has.
#[test]
fn what_is_written() {
    let accounts = &mut [account(None)];
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let text = unauthorized(
        "WWW-Authenticate: Digest realm=\"atlanta.com\", opaque=\"\", nonce=\"8\\\"4\"\r\n",
    );
    take(&mut client, &text, accounts).unwrap();
    let a1 = crate::hash_a1(crate::Hash::Md5, b"alice", b"atlanta.com", b"zanzibar");
    let a2 = crate::user_hash(crate::Hash::Md5, b"REGISTER", b"sip:atlanta.com");
    let expected = crate::hash_a1(crate::Hash::Md5, a1.as_bytes(), b"8\"4", a2.as_bytes());
    assert_eq!(
        credentials(&mut client, accounts),
        format!(
            "Authorization: Digest username=\"alice\", realm=\"atlanta.com\", nonce=\"8\\\"4\", \
             uri=\"sip:atlanta.com\", response=\"{}\", opaque=\"\"\r\n",
            core::str::from_utf8(expected.as_bytes()).unwrap()
        )
    );
    client.forget();
    assert_eq!(credentials(&mut client, accounts), "");
}

#[test]
fn qualities() {
    for (qop, preferred_qop, expected) in [
        ("auth", Qop::AuthInt, Ok("auth")),
        ("auth-int", Qop::Auth, Ok("auth-int")),
        ("auth,auth-int", Qop::Auth, Ok("auth")),
        ("x, AUTH-INT ,auth", Qop::AuthInt, Ok("auth-int")),
        ("x", Qop::Auth, Err(Error::Unsupported)),
        ("", Qop::Auth, Err(Error::Unsupported)),
    ] {
        let mut spaces = [Space::new()];
        let mut client = Client::new(
            &mut spaces,
            Policy {
                preferred_qop,
                ..Policy::DEFAULT
            },
        );
        let accounts = &mut [account(None)];
        let text = unauthorized(&challenge("n", "").replace("\"auth\"", &format!("\"{qop}\"")));
        assert_eq!(
            take(&mut client, &text, accounts),
            expected.map(|_| Outcome::Retry)
        );
        if let Ok(qop) = expected {
            assert!(
                credentials(&mut client, accounts).contains(&format!("qop={qop}, nc=00000001"))
            );
        }
    }
    // None at all is weaker than some, and a session needs one.
    let without = |more| unauthorized(&challenge("n", more).replace(", qop=\"auth\"", ""));
    for (allow_no_qop, more, expected) in [
        (true, "", Ok(Outcome::Retry)),
        (false, "", Err(Error::Weak)),
        (true, ", algorithm=MD5-sess", Err(Error::Weak)),
    ] {
        let mut spaces = [Space::new()];
        let mut client = Client::new(
            &mut spaces,
            Policy {
                allow_no_qop,
                ..Policy::DEFAULT
            },
        );
        assert_eq!(
            take(&mut client, &without(more), &mut [account(None)]),
            expected
        );
    }
}

/// Several realms, of servers and proxies, each with its account; RFC 3261 section 22.3.
#[test]
fn several_realms() {
    let proxy = |realm| {
        format!(
            "Proxy-Authenticate: Digest realm=\"{realm}\", nonce=\"{realm}\", algorithm=SHA-256, qop=\"auth\"\r\n"
        )
    };
    let text =
        challenge("n", "") + &proxy("p1") + &proxy("p2") + &proxy("p1").replace("SHA-256", "MD5");
    let accounts = &mut [
        account(Some("p2")),
        account(Some(REALM)),
        account(Some("p1")),
    ];
    let mut spaces = [const { Space::new() }; 3];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    assert_eq!(
        take(&mut client, &response("407 Proxy", &text), accounts),
        Ok(Outcome::Retry)
    );
    let fields = credentials(&mut client, accounts);
    assert_eq!(fields.matches("\r\n").count(), 3);
    assert_eq!(fields.matches("Proxy-Authorization: ").count(), 2);
    assert_eq!(fields.matches("SHA-256").count(), 2);

    // Those without an account are left out, as long as there is one with.
    let mut spaces = [const { Space::new() }; 3];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let accounts = &mut accounts[..1];
    assert_eq!(
        take(&mut client, &response("407 Proxy", &text), accounts),
        Ok(Outcome::Retry)
    );
    assert_eq!(
        credentials(&mut client, accounts).matches("\r\n").count(),
        1
    );
    assert_eq!(
        take(&mut client, &unauthorized(&challenge("n", "")), accounts),
        Err(Error::NoAccount)
    );

    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let accounts = &mut [account(None)];
    take(&mut client, &unauthorized(&challenge("n", "")), accounts).unwrap();
    assert_eq!(
        take(&mut client, &unauthorized(&proxy("p")), accounts),
        Err(Error::SpaceLimit)
    );
}

/// Another count each time, from one again with each nonce.
#[test]
fn nonce_counts() {
    let accounts = &mut [account(None)];
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    take(&mut client, &unauthorized(&challenge("one", "")), accounts).unwrap();
    for count in 1..20 {
        let text = credentials(&mut client, accounts);
        assert!(text.contains(&format!("nc={count:08x}")), "{text}");
        if count == 9 {
            // What did not fit was not used.
            let mut small = [7; 100];
            let failed = client.write_credentials(&REGISTER, accounts, &mut small);
            assert_eq!(failed, Err(Error::BufferTooSmall { needed: text.len() }));
            assert_eq!(small, [0; 100]);
        }
    }
    let ok = response("200 OK", "Authentication-Info: nextnonce=\"two\"\r\n");
    assert_eq!(take(&mut client, &ok, accounts), FINAL);
    let text = credentials(&mut client, accounts);
    assert!(
        text.contains("nonce=\"two\"") && text.contains("nc=00000001"),
        "{text}"
    );
    // The nonce that is in use already, as Kamailio has it, is no new one.
    let same = response("200 OK", "Authentication-Info: nextnonce=\"two\"\r\n");
    assert_eq!(take(&mut client, &same, accounts), FINAL);
    assert!(credentials(&mut client, accounts).contains("nc=00000002"));
    let again = unauthorized(&challenge("two", ", stale=true"));
    take(&mut client, &again, accounts).unwrap();
    assert!(credentials(&mut client, accounts).contains("nc=00000003"));
    take(
        &mut client,
        &unauthorized(&challenge("three", ", stale=true")),
        accounts,
    )
    .unwrap();
    let text = credentials(&mut client, accounts);
    assert!(
        text.contains("nonce=\"three\"") && text.contains("nc=00000001"),
        "{text}"
    );
}

/// A nonce of its own is a reason to try again, with or without `stale`, and not for ever.
#[test]
fn how_often() {
    let accounts = &mut [account(None)];
    for more in ["", ", stale=true", ", stale=FALSE"] {
        let mut spaces = [Space::new()];
        let mut client = Client::new(&mut spaces, Policy::DEFAULT);
        for round in 0..2 {
            for nonce in ["1", "2", "3"] {
                let text = unauthorized(&challenge(&format!("{round}{nonce}"), more));
                assert_eq!(take(&mut client, &text, accounts), Ok(Outcome::Retry));
                assert_ne!(credentials(&mut client, accounts), "");
            }
            if round == 0 {
                // Success begins the count again.
                assert_eq!(take(&mut client, &response("200 OK", ""), accounts), FINAL);
                let text = unauthorized(&challenge("again", more));
                assert_eq!(take(&mut client, &text, accounts), Ok(Outcome::Retry));
                client.forget();
            }
        }
        let text = unauthorized(&challenge("4", more));
        assert_eq!(take(&mut client, &text, accounts), Err(Error::Rejected));
        assert_eq!(credentials(&mut client, accounts), "");
    }
    // The same nonce again says that the secret is wrong.
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let text = unauthorized(&challenge("1", ""));
    assert_eq!(take(&mut client, &text, accounts), Ok(Outcome::Retry));
    // To a challenge that nobody answered yet, as one request after the other can bring, nothing was rejected.
    assert_eq!(take(&mut client, &text, accounts), Ok(Outcome::Retry));
    credentials(&mut client, accounts);
    assert_eq!(take(&mut client, &text, accounts), Err(Error::Rejected));
}

/// RFC 3261 section 22.1: a CANCEL has no credentials, an ACK those of its INVITE, a BYE its own.
#[test]
fn methods() {
    let accounts = &mut [account(None)];
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    take(&mut client, &unauthorized(&challenge("n", "")), accounts).unwrap();
    let of = |method| Request { method, ..REGISTER };
    assert_eq!(credentials_for(&mut client, &of(b"CANCEL"), accounts), "");
    let mut out = [0; 1024];
    assert_eq!(
        client.write_credentials(&of(b"ACK"), accounts, &mut out),
        Err(Error::InvalidArgument)
    );
    let invite = credentials_for(&mut client, &of(b"INVITE"), accounts);
    assert!(invite.contains("nc=00000001"));
    let sent = format!(
        "INVITE sip:a SIP/2.0\r\nX: y\r\n{invite}Proxy-Authorization: Digest\r\n a=b\r\n\r\n"
    );
    let sent = Message::parse(sent.as_bytes()).unwrap();
    let len = Client::copy_credentials(&sent, &mut out).unwrap();
    let copied = core::str::from_utf8(&out[..len]).unwrap();
    assert_eq!(copied, invite + "Proxy-Authorization: Digest\r\n a=b\r\n");
    assert!(credentials_for(&mut client, &of(b"BYE"), accounts).contains("nc=00000002"));
}

/// `rspauth` must be right where it is, is good once for each request, and can be asked for.
#[test]
fn servers_that_prove_nothing() {
    let accounts = &mut [account(None)];
    for require_rspauth in [false, true] {
        let mut spaces = [Space::new()];
        let mut client = Client::new(
            &mut spaces,
            Policy {
                require_rspauth,
                ..Policy::DEFAULT
            },
        );
        let plain = response("200 OK", "");
        assert_eq!(
            take(&mut client, &plain, accounts),
            FINAL,
            "nobody has asked"
        );
        take(&mut client, &unauthorized(&challenge("n", "")), accounts).unwrap();
        let text = credentials(&mut client, accounts);
        let cnonce = text
            .split("cnonce=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let a1 = crate::hash_a1(crate::Hash::Md5, b"alice", REALM.as_bytes(), b"zanzibar");
        let a2 = crate::user_hash(crate::Hash::Md5, b"", b"sip:atlanta.com");
        let rest = format!(
            "n:00000001:{cnonce}:auth:{}",
            core::str::from_utf8(a2.as_bytes()).unwrap()
        );
        let right = crate::user_hash(crate::Hash::Md5, a1.as_bytes(), rest.as_bytes());
        let right = core::str::from_utf8(right.as_bytes()).unwrap();
        let info = |rspauth: &str, nc: &str| {
            let text = format!(
                "Authentication-Info: qop=auth, rspauth=\"{rspauth}\", cnonce=\"{cnonce}\", nc={nc}, nextnonce=\"m\"\r\n"
            );
            response("200 OK", &text)
        };
        let wrong = right.replace(['a', '1'], "b");
        for (rspauth, nc) in [
            (wrong.as_str(), "00000001"),
            (right, "00000002"),
            (right, "00000000"),
            ("", "00000001"),
        ] {
            let taken = take(&mut client, &info(rspauth, nc), accounts);
            assert_eq!(taken, Err(Error::ServerNotAuthentic));
        }
        let expected = if require_rspauth {
            Err(Error::ServerNotAuthentic)
        } else {
            FINAL
        };
        assert_eq!(take(&mut client, &plain, accounts), expected);
        let proven = Ok(Outcome::Final {
            is_server_proven: true,
        });
        let once = info(right, "00000001").replace(", nextnonce=\"m\"", "");
        assert_eq!(take(&mut client, &once, accounts), proven);
        assert_eq!(
            take(&mut client, &once, accounts),
            Err(Error::ServerNotAuthentic),
            "seen before"
        );
    }
}

#[test]
fn provisional_and_wrong_way_round() {
    let accounts = &mut [account(None)];
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let trying = response("100 Trying", &challenge("n", ""));
    assert_eq!(
        take(&mut client, &trying, accounts),
        Ok(Outcome::Provisional)
    );
    let request = Message::parse(b"BYE sip:a SIP/2.0\r\n\r\n").unwrap();
    let taken = client.take_response(&REGISTER, &request, accounts, &mut counting());
    assert_eq!(taken, Err(Error::InvalidArgument));
    let mut failing = |_: &mut [u8]| Err(sipseal_core::RandomFailed);
    let text = unauthorized(&challenge("n", ""));
    let response = Message::parse(text.as_bytes()).unwrap();
    let taken = client.take_response(&REGISTER, &response, accounts, &mut failing);
    assert_eq!(taken, Err(Error::Random));
    assert_eq!(credentials(&mut client, accounts), "");
}
