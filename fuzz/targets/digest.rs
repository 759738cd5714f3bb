// SPDX-License-Identifier: MIT OR Apache-2.0
//! Digest authentication: a message as it comes to a client, which has sent a request, and to a server.
//!
//! Beside panics, this looks for credentials that cannot be read, and for somebody who is let in.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sipseal::digest::{
    Account, Algorithm, Client, Config, Kind, Outcome, Policy, Qop, Request, Secret, SeenNonce,
    Server, Space, Stored,
};
use sipseal::sip::{Authentication, Headers, Message, Value};

fn meet_client(message: &Message<'_>, headers: &[u8]) {
    let mut random = |out: &mut [u8]| {
        out.fill(7);
        Ok(())
    };
    let request = Request {
        method: b"REGISTER",
        uri: b"sip:atlanta.com",
        body: b"",
        credentials: b"",
    };
    let accounts = &mut [Account {
        realm: None,
        username: b"alice",
        secret: Secret::Password(b"zanzibar"),
    }];
    let mut spaces = [const { Space::new() }; 2];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let mut out = [0; 8192];
    let outcome = client.take_response(&request, message, accounts, &mut random);
    let written = client.write_credentials(&request, accounts, &mut out);
    if outcome == Ok(Outcome::Retry) {
        let text = &out[..written.expect("credentials for what was taken")];
        assert!(!text.is_empty());
        for header in Headers::new(text) {
            let value = header.expect("header fields").value;
            Authentication::parse(value)
                .and_then(|value| value.digest())
                .expect("credentials");
        }
    }
    // What it means for a request that had them, and for one that had others.
    for credentials in [written.ok().and_then(|len| out.get(..len)), Some(headers)] {
        let request = Request {
            credentials: credentials.unwrap_or_default(),
            ..request
        };
        let _ = client.take_response(&request, message, accounts, &mut random);
    }
    let _ = Client::copy_credentials(message, &mut out);
}

fn meet_server(message: &Message<'_>) {
    let config = Config {
        realm: b"atlanta.com",
        algorithms: &[Algorithm::Sha256, Algorithm::Md5],
        qops: &[Qop::Auth],
        allow_no_qop: true,
        userhash: false,
        stored: Stored::HashedA1,
        nonce_lifetime_s: 60,
        check_uri: true,
    };
    let mut random = |_: &mut [u8]| Ok(());
    let mut seen = [SeenNonce::new()];
    let mut server =
        Server::new(config, Some(&[1; 32]), 0, &mut seen, &mut random).expect("a server");
    let verified = server.verify(message, Kind::Server, 1, b"", &mut |_, _, _| None);
    assert!(verified.is_err(), "nobody is let in");
}

fuzz_target!(|octets: &[u8]| {
    if let Ok(message) = Message::parse(octets) {
        let headers = octets.splitn(2, |octet| *octet == b'\n').nth(1);
        meet_client(&message, headers.unwrap_or_default());
        meet_server(&message);
    }
});
