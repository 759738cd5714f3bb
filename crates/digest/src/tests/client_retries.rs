// SPDX-License-Identifier: MIT OR Apache-2.0
//! How often a client tries, and what it takes a challenge for when many requests are under way.

use std::format;
use std::string::String;
use std::vec::Vec;

use super::{
    RETRY, account, challenge, credentials, credentials_for, final_of, response, sent, take,
    take_for, take_sent, unauthorized,
};
use crate::{Client, Error, Policy, Request, Space};

/// Of a realm of its own.
fn of(realm: &str, nonce: &str) -> String {
    challenge(nonce, "").replace("atlanta.com", realm)
}

/// Another count each time, from one again with each nonce.
#[test]
fn nonce_counts() {
    let accounts = &mut [account(None)];
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    take(&mut client, &unauthorized(&challenge("one", "")), accounts).unwrap();
    let mut text = String::new();
    for count in 1..20 {
        text = credentials(&mut client, accounts);
        assert!(text.contains(&format!("nc={count:08x}")), "{text}");
        if count == 9 {
            // What did not fit was not used.
            let mut small = [7; 100];
            let failed = client.write_credentials(&super::REGISTER, accounts, &mut small);
            assert_eq!(failed, Err(Error::BufferTooSmall { needed: text.len() }));
            assert_eq!(small, [0; 100]);
        }
    }
    let ok = response("200 OK", "Authentication-Info: nextnonce=\"two\"\r\n");
    assert_eq!(
        take_sent(&mut client, &text, &ok, accounts),
        final_of(false)
    );
    text = credentials(&mut client, accounts);
    assert!(
        text.contains("nonce=\"two\"") && text.contains("nc=00000001"),
        "{text}"
    );
    // The nonce that is in use already, as Kamailio has it, is no new one.
    assert_eq!(
        take_sent(&mut client, &text, &ok, accounts),
        final_of(false)
    );
    text = credentials(&mut client, accounts);
    assert!(text.contains("nc=00000002"));
    let again = unauthorized(&challenge("two", ", stale=true"));
    assert_eq!(take_sent(&mut client, &text, &again, accounts), RETRY);
    text = credentials(&mut client, accounts);
    assert!(text.contains("nc=00000003"));
    let new = unauthorized(&challenge("three", ", stale=true"));
    assert_eq!(take_sent(&mut client, &text, &new, accounts), RETRY);
    text = credentials(&mut client, accounts);
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
        for round in 0..3 {
            let mut fields = String::new();
            for nonce in ["1", "2", "3"] {
                let text = unauthorized(&challenge(&format!("{round}{nonce}"), more));
                assert_eq!(take_sent(&mut client, &fields, &text, accounts), RETRY);
                fields = credentials(&mut client, accounts);
                assert_ne!(fields, "");
            }
            if round == 0 {
                // Success begins the count again.
                let ok = response("200 OK", "");
                let taken = take_sent(&mut client, &fields, &ok, accounts);
                assert_eq!(taken, final_of(false));
                let text = unauthorized(&challenge("again", more));
                assert_eq!(take_sent(&mut client, &fields, &text, accounts), RETRY);
                client.forget();
                continue;
            }
            let text = unauthorized(&challenge("4", more));
            for _ in 0..9 {
                let taken = take_sent(&mut client, &fields, &text, accounts);
                assert_eq!(taken, Err(Error::Rejected));
                assert_eq!(credentials(&mut client, accounts), "");
            }
            // The next round is a later request, that begins without credentials.
        }
    }
}

/// The same nonce again says that the secret is wrong, and that nonce is never used again.
#[test]
fn a_nonce_that_was_refused() {
    let accounts = &mut [account(None)];
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let text = unauthorized(&challenge("1", ""));
    assert_eq!(take(&mut client, &text, accounts), RETRY);
    let fields = credentials(&mut client, accounts);
    for sent in [fields.as_str(), "", &fields, ""] {
        let taken = take_sent(&mut client, sent, &text, accounts);
        assert_eq!(taken, Err(Error::Rejected));
        assert_eq!(credentials(&mut client, accounts), "");
    }
    // Nor after the user has corrected the password; a new one is.
    client.forget();
    let taken = take_sent(&mut client, &fields, &text, accounts);
    assert_eq!(taken, Err(Error::Rejected));
    let new = unauthorized(&challenge("2", ""));
    assert_eq!(take(&mut client, &new, accounts), RETRY);
    assert!(credentials(&mut client, accounts).contains("nonce=\"2\""));
}

/// However a server alternates between realms and nonces, it comes to an end.
#[test]
fn it_ends() {
    type Server = fn(usize) -> String;
    let servers: [Server; 6] = [
        |_| of("a", "a") + &of("b", "b"),
        |round| of("a", "a") + &of("b", &format!("{round}")),
        |round| of("a", &format!("{round}")) + &of("b", &format!("{round}")),
        |round| of("a", &format!("{}", round % 2)) + &of("b", &format!("{}", round % 3)),
        |round| of(&format!("{round}"), "a"),
        |round| of(&format!("{}", round % 3), "a"),
    ];
    for server in servers {
        for room in 1..3 {
            let accounts = &mut [account(None)];
            let mut spaces: Vec<Space> = (0..room).map(|_| Space::new()).collect();
            let mut client = Client::new(&mut spaces, Policy::DEFAULT);
            let (mut fields, mut used) = (String::new(), Vec::new());
            take(&mut client, &unauthorized(&of("a", "a")), accounts).unwrap();
            let ended = (0..100).find(|round| {
                fields = credentials(&mut client, accounts);
                used.extend(fields.lines().map(String::from));
                take_sent(
                    &mut client,
                    &fields,
                    &unauthorized(&server(*round)),
                    accounts,
                ) != RETRY
            });
            assert!(matches!(ended, Some(..10)), "{ended:?} {room}");
            let of_a = |line: &&String| line.contains("realm=\"a\", nonce=\"a\"");
            let first = |line: &&String| line.contains("nc=00000001");
            assert!(
                room == 1 || used.iter().filter(of_a).filter(first).count() <= 1,
                "{used:?}"
            );
        }
    }
    // So it does for one who never says what was sent.
    let accounts = &mut [account(None)];
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let ended = (0..1000).find(|round| {
        credentials(&mut client, accounts);
        let text = unauthorized(&challenge(&format!("{round}"), ""));
        take(&mut client, &text, accounts) != RETRY
    });
    assert!(matches!(ended, Some(..200)), "{ended:?}");
}

/// Two requests are challenged one after the other, with the same nonce or with two.
#[test]
fn requests_without_credentials_under_way() {
    let subscribe = Request {
        method: b"SUBSCRIBE",
        ..super::REGISTER
    };
    for (nonces, counts) in [(["a", "a"], [1, 2]), (["a", "b"], [1, 1])] {
        let accounts = &mut [account(None)];
        let mut spaces = [Space::new()];
        let mut client = Client::new(&mut spaces, Policy::DEFAULT);
        assert_eq!(credentials(&mut client, accounts), "");
        assert_eq!(credentials_for(&mut client, &subscribe, accounts), "");
        for (at, request) in [super::REGISTER, subscribe].iter().enumerate() {
            let text = unauthorized(&challenge(nonces[at], ""));
            assert_eq!(take_for(&mut client, request, &text, accounts), RETRY);
            let fields = credentials_for(&mut client, request, accounts);
            assert!(
                fields.contains(&format!("nonce=\"{}\"", nonces[at])),
                "{fields}"
            );
            assert!(
                fields.contains(&format!("nc={:08x}", counts[at])),
                "{fields}"
            );
        }
    }
}

/// A nonce expires while many requests are under way with it: each is sent again, and one of them counts.
#[test]
fn a_nonce_that_expires() {
    let accounts = &mut [account(None)];
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    take(&mut client, &unauthorized(&challenge("old", "")), accounts).unwrap();
    let under_way: Vec<_> = (0..20)
        .map(|_| credentials(&mut client, accounts))
        .collect();
    for (at, old) in under_way.iter().enumerate() {
        let text = unauthorized(&challenge(&format!("new{at}"), ", stale=true"));
        assert_eq!(take_sent(&mut client, old, &text, accounts), RETRY);
        let new = credentials(&mut client, accounts);
        assert!(new.contains("nonce=\"new0\""), "{new}");
        assert!(new.contains(&format!("nc={:08x}", at + 1)), "{new}");
    }
    // One that is late has nothing to say against the new nonce either.
    let late = unauthorized(&challenge("old", ""));
    assert_eq!(
        take_sent(&mut client, &under_way[0], &late, accounts),
        RETRY
    );
    assert!(credentials(&mut client, accounts).contains("nonce=\"new0\""));
}

/// What others are told does not begin the count again.
#[test]
fn whose_success_counts() {
    let options = Request {
        method: b"OPTIONS",
        ..super::REGISTER
    };
    let accounts = &mut [account(None)];
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let mut fields = String::new();
    let ended = (0..50).find(|round| {
        let text = unauthorized(&challenge(&format!("{round}"), ""));
        let taken = take_sent(&mut client, &fields, &text, accounts);
        fields = credentials(&mut client, accounts);
        let other = response("404 X", "");
        assert_eq!(
            take_for(&mut client, &options, &other, accounts),
            final_of(false)
        );
        taken != RETRY
    });
    assert_eq!(ended, Some(3));
}

/// There is room for a new realm where there is one that never let a request through.
#[test]
fn room_for_a_realm() {
    let accounts = &mut [account(None)];
    for status in ["200 OK", "404 X"] {
        let mut spaces = [Space::new()];
        let mut client = Client::new(&mut spaces, Policy::DEFAULT);
        // Not for another of the same response.
        let both = unauthorized(&(of("a", "1") + &of("b", "2")));
        assert_eq!(take(&mut client, &both, accounts), RETRY);
        let fields = credentials(&mut client, accounts);
        assert!(fields.contains("realm=\"a\""), "{fields}");
        take_sent(&mut client, &fields, &response(status, ""), accounts).unwrap();
        let taken = take(&mut client, &unauthorized(&of("c", "3")), accounts);
        if status == "200 OK" {
            assert_eq!(taken, Err(Error::SpaceLimit));
        } else {
            assert_eq!(taken, RETRY);
            assert!(credentials(&mut client, accounts).contains("realm=\"c\""));
        }
    }
}

/// A CANCEL is not challenged, and never sent again.
#[test]
fn a_challenged_cancel() {
    let accounts = &mut [account(None)];
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let cancel = Request {
        method: b"CANCEL",
        ..super::REGISTER
    };
    let text = unauthorized(&challenge("n", ""));
    let taken = take_for(&mut client, &sent(cancel, ""), &text, accounts);
    assert_eq!(taken, final_of(false));
    assert_eq!(credentials(&mut client, accounts), "");
}
