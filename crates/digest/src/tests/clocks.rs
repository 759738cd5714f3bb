// SPDX-License-Identifier: MIT OR Apache-2.0
//! Servers that begin again, and clocks that go back.

use core::str;
use std::string::String;

use super::server::{credentials_from, verify};
use super::{CONFIG, account, counting, credentials, response, take};
use crate::{Client, Error, Kind, MAX_TIME, Policy, Refusal, SeenNonce, Server, Space};

fn server(now: u64, seen: &mut [SeenNonce]) -> Server<'_> {
    Server::new(CONFIG, Some(&[1; 32]), now, seen, &mut counting()).unwrap()
}

/// The header fields of a client that was challenged then.
fn credentials_at(server: &mut Server<'_>, now: u64) -> String {
    let mut out = [0; 1024];
    let len = server
        .write_challenge(Kind::Server, now, b"here", false, &mut out)
        .unwrap();
    let text = response("401 No", str::from_utf8(&out[..len]).unwrap());
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let accounts = &mut [account(None)];
    take(&mut client, &text, accounts).unwrap();
    credentials(&mut client, accounts)
}

/// Credentials are good once, whether the server that knows of it is still there or not.
#[test]
fn a_key_that_outlives_its_server() {
    let mut seen = [SeenNonce::new(); 2];
    let mut first = server(0, &mut seen);
    let fields = credentials_from(&mut first, 1);
    assert_eq!(verify(&mut first, &fields, 100, b"here"), Ok(()));
    for now in [100, 101, 130, 160] {
        let mut seen = [SeenNonce::new(); 2];
        let mut second = server(now, &mut seen);
        let again = verify(&mut second, &fields, now, b"here");
        assert_eq!(again, Err(Refusal::Stale), "{now}");
        // Its own nonces are good from the first second on, and others than those of the first.
        let fresh = credentials_at(&mut second, now);
        assert_ne!(fresh, fields);
        assert_eq!(verify(&mut second, &fresh, now, b"here"), Ok(()));
    }
    // Of a server with the same key that is there at the same time.
    let mut seen = [SeenNonce::new(); 2];
    assert_eq!(
        verify(&mut server(99, &mut seen), &fields, 100, b"here"),
        Ok(())
    );
}

/// Nonces are good, once, whatever the clock does.
#[test]
fn a_clock_that_goes_back() {
    let mut seen = [SeenNonce::new()];
    let mut server = server(0, &mut seen);
    let mut all = std::vec::Vec::new();
    for now in [1000, 1000, 1001, 500, 0, 999, 1001, 2000, 1, 1999] {
        let fields = credentials_at(&mut server, now);
        assert_eq!(verify(&mut server, &fields, now, b"here"), Ok(()), "{now}");
        assert!(!all.contains(&fields));
        all.push(fields);
    }
    for (at, fields) in all.iter().enumerate() {
        let is_last = at + 1 == all.len();
        let expected = if is_last {
            Refusal::Replayed
        } else {
            Refusal::Stale
        };
        assert_eq!(
            verify(&mut server, fields, 1000, b"here"),
            Err(expected),
            "{at}"
        );
    }
    // Told of a later time while it verifies, it makes nonces of that time.
    let fields = credentials_at(&mut server, 2000);
    assert_eq!(
        verify(&mut server, &fields, 2061, b"here"),
        Err(Refusal::Stale)
    );
    let fields = credentials_at(&mut server, 2000);
    assert_eq!(verify(&mut server, &fields, 2061, b"here"), Ok(()));
}

#[test]
fn times_that_cannot_be() {
    let seen = &mut [SeenNonce::new()];
    for now in [MAX_TIME + 1, u64::MAX] {
        let refused = Server::new(CONFIG, None, now, seen, &mut counting());
        assert_eq!(refused.map(|_| ()).unwrap_err(), Error::InvalidArgument);
    }
    let mut server = server(0, seen);
    let mut out = [0; 1024];
    for now in [MAX_TIME + 1, u64::MAX] {
        let refused = server.write_challenge(Kind::Server, now, b"", false, &mut out);
        assert_eq!(refused, Err(Error::InvalidArgument));
    }
    let fields = credentials_at(&mut server, MAX_TIME);
    assert_eq!(
        verify(&mut server, &fields, MAX_TIME + 1, b"here"),
        Err(Refusal::Stale)
    );
    assert_eq!(verify(&mut server, &fields, MAX_TIME, b"here"), Ok(()));
}
