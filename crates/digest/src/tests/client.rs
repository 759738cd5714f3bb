// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a client answers, what it refuses, and how often it tries.

use std::format;
use std::string::String;

use sipseal_sip::Message;

use super::{
    REALM, REGISTER, account, challenge, counting, credentials, credentials_for, response, take,
    unauthorized,
};
use crate::{
    Account, Algorithm, Algorithms, Client, Error, Order, Outcome, Policy, Qop, Request, Secret,
    Space,
};

fn offered(algorithms: &[&str]) -> String {
    let of = |name: &&str| challenge("n", &format!(", algorithm={name}"));
    unauthorized(&algorithms.iter().map(of).collect::<String>())
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
        realm: Some(REALM.as_bytes()),
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
    // None at all is weaker than some, and a session needs one; RFC 8760 section 2.6.
    let without = |more| unauthorized(&challenge("n", more).replace(", qop=\"auth\"", ""));
    for (allow_no_qop, more, expected) in [
        (true, "", Ok(Outcome::Retry)),
        (false, "", Err(Error::Weak)),
        (true, ", algorithm=MD5-sess", Err(Error::Weak)),
        (true, ", algorithm=SHA-256", Err(Error::Weak)),
        (true, ", algorithm=SHA-512-256", Err(Error::Weak)),
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

/// With qop before without, and the preferred one before the other; of one alike the topmost.
#[test]
fn strongest_of_one_algorithm() {
    let with = |nonce: &str, qop: &str| {
        challenge(nonce, "").replace(", qop=\"auth\"", &format!(", qop=\"{qop}\""))
    };
    let without = challenge("none", "").replace(", qop=\"auth\"", "");
    let (auth, both) = (with("auth", "auth"), with("int", "auth-int"));
    for (preferred_qop, offers, expected) in [
        (Qop::Auth, [&without, &auth], "auth"),
        (Qop::Auth, [&both, &auth], "auth"),
        (Qop::AuthInt, [&auth, &both], "int"),
        (Qop::AuthInt, [&without, &auth], "auth"),
        (Qop::Auth, [&without, &both], "int"),
        (Qop::Auth, [&auth, &with("later", "auth")], "auth"),
    ] {
        let policy = Policy {
            preferred_qop,
            ..Policy::DEFAULT
        };
        let mut spaces = [Space::new()];
        let mut client = Client::new(&mut spaces, policy);
        let accounts = &mut [account(None)];
        let text = unauthorized(&offers.map(String::as_str).concat());
        take(&mut client, &text, accounts).unwrap();
        let fields = credentials(&mut client, accounts);
        assert!(
            fields.contains(&format!("nonce=\"{expected}\"")),
            "{fields}"
        );
    }
    // Whoever must have auth-int has nothing else.
    let policy = Policy {
        require_auth_int: true,
        ..Policy::DEFAULT
    };
    for (offer, expected) in [
        (&auth, Err(Error::Weak)),
        (&without, Err(Error::Weak)),
        (&with("n", "x"), Err(Error::Unsupported)),
        (&both, Ok(Outcome::Retry)),
        (&with("n", "auth,auth-int"), Ok(Outcome::Retry)),
    ] {
        let mut spaces = [Space::new()];
        let mut client = Client::new(&mut spaces, policy);
        let accounts = &mut [account(None)];
        assert_eq!(
            take(&mut client, &unauthorized(offer), accounts),
            expected,
            "{offer}"
        );
        if expected.is_ok() {
            assert!(credentials(&mut client, accounts).contains("qop=auth-int"));
        }
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
