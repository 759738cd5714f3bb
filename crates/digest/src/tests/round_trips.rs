// SPDX-License-Identifier: MIT OR Apache-2.0
//! Our client and our server, in everything that both can do.

use core::str;
use std::format;
use std::string::String;

use sipseal_sip::Message;

use super::{
    CONFIG, PASSWORD, REALM, URI, USERNAME, alice, counting, credentials_for, request, response,
    take_for,
};
use crate::{
    Account, Algorithm, Client, Config, Hash, Kind, Outcome, Policy, Qop, Request, Secret,
    SeenNonce, Server, Space, Stored, Unavailable, hash_a1,
};

/// A challenge, credentials and what the server proves itself with; then the same again from what is remembered.
fn meets(
    config: Config<'_>,
    policy: Policy,
    kind: Kind,
    accounts: &mut [Account<'_>],
    nonces: u64,
) {
    let invite = Request {
        method: b"INVITE",
        uri: URI.as_bytes(),
        body: b"v=0\r\n",
        credentials: b"",
    };
    let (mut seen, mut spaces) = ([SeenNonce::new(); 2], [const { Space::new() }; 2]);
    let mut server = Server::new(config, None, 0, &mut seen, &mut counting()).unwrap();
    let mut client = Client::new(&mut spaces, policy);
    let mut users = alice(config.stored);
    let mut out = [0; 4096];

    assert_eq!(credentials_for(&mut client, &invite, accounts), "");
    let len = server
        .write_challenge(kind, 5, b"from", false, &mut out)
        .unwrap();
    let challenge = response("401 Unauthorized", str::from_utf8(&out[..len]).unwrap());
    let outcome = take_for(&mut client, &invite, &challenge, accounts);
    assert_eq!(outcome, Ok(Outcome::Retry));
    for round in 0..3 {
        let fields = credentials_for(&mut client, &invite, accounts);
        let credentials = fields;
        let sent = request(&invite, &credentials);
        let sent = Message::parse(&sent).unwrap();
        let verified = server
            .verify(&sent, kind, 6, b"from", &mut users)
            .unwrap_or_else(|refusal| panic!("{config:?} {credentials} {refusal:?}"));
        let next = (round < nonces).then_some((6, b"from".as_slice()));
        let body = "the answer";
        let len = server
            .write_authentication_info(&verified, kind, body.as_bytes(), next, &mut out)
            .unwrap();
        let fields = String::from(str::from_utf8(&out[..len]).unwrap());
        let ok = response("200 OK", &fields) + body;
        let outcome = take_for(
            &mut client,
            &super::sent(invite, &credentials),
            &ok,
            accounts,
        );
        let is_server_proven = kind == Kind::Server && verified.qop().is_some();
        assert_eq!(outcome, Ok(Outcome::Final { is_server_proven }), "{fields}");
    }
}

#[test]
fn every_algorithm_and_quality() {
    for algorithm in Algorithm::ALL
        .into_iter()
        .filter(|algorithm| !algorithm.is_aka())
    {
        for (qop, preferred_qop) in [(Qop::Auth, Qop::AuthInt), (Qop::AuthInt, Qop::Auth)] {
            for (userhash, stored) in [
                (false, Stored::HashedA1),
                (false, Stored::Passwords),
                (true, Stored::HashedA1),
            ] {
                for kind in Kind::BOTH {
                    let config = Config {
                        algorithms: &[algorithm],
                        qops: &[qop],
                        userhash,
                        stored,
                        ..CONFIG
                    };
                    let policy = Policy {
                        preferred_qop,
                        require_rspauth: kind == Kind::Server,
                        ..Policy::DEFAULT
                    };
                    for nonces in [0, 1, 3] {
                        meets(config, policy, kind, &mut [super::account(None)], nonces);
                    }
                }
            }
        }
    }
}

/// Without the password: from H(A1), and from something that gives H(A1) alone.
#[test]
fn secrets_other_than_passwords() {
    for hash in [Hash::Md5, Hash::Sha256, Hash::Sha512_256] {
        let algorithms = Algorithm::ALL
            .into_iter()
            .filter(|one| one.hash() == hash && !one.is_aka());
        for algorithm in algorithms {
            let config = Config {
                algorithms: &[algorithm],
                ..CONFIG
            };
            let a1 = hash_a1(
                hash,
                USERNAME.as_bytes(),
                REALM.as_bytes(),
                PASSWORD.as_bytes(),
            );
            let secret = Secret::HashedA1 {
                hash,
                hex: a1.as_bytes(),
            };
            let account = |secret| Account {
                realm: Some(REALM.as_bytes()),
                username: USERNAME.as_bytes(),
                secret,
            };
            meets(
                config,
                Policy::DEFAULT,
                Kind::Server,
                &mut [account(secret)],
                2,
            );

            let mut asked = 0;
            let mut callback = |hash, username: &[u8], realm: &[u8], out: &mut [u8]| {
                asked += 1;
                assert_eq!((username, realm), (USERNAME.as_bytes(), REALM.as_bytes()));
                let a1 = hash_a1(hash, username, realm, PASSWORD.as_bytes());
                out.copy_from_slice(a1.as_bytes());
                Ok::<(), Unavailable>(())
            };
            let secret = Secret::Callback(&mut callback);
            meets(
                config,
                Policy::DEFAULT,
                Kind::Server,
                &mut [account(secret)],
                0,
            );
            let expected = if algorithm.is_session() { 1 } else { 6 };
            assert_eq!(
                asked, expected,
                "once for each session, or for each response and rspauth"
            );
        }
    }
}

/// Names with quotes, backslashes and letters beyond ASCII.
#[test]
fn what_needs_escapes() {
    let (realm, username, password) = ("a\\\"b\u{fc}", "\"Al\\ice\" \u{e9}", "\"\\\u{df}");
    for algorithm in [Algorithm::Md5, Algorithm::Sha256Sess] {
        let config = Config {
            realm: realm.as_bytes(),
            algorithms: &[algorithm],
            ..CONFIG
        };
        let (mut seen, mut spaces) = ([SeenNonce::new()], [Space::new()]);
        let mut server =
            Server::new(config, Some(&[7; 32]), 0, &mut seen, &mut counting()).unwrap();
        let mut client = Client::new(&mut spaces, Policy::DEFAULT);
        let mut accounts = [Account {
            realm: Some(realm.as_bytes()),
            username: username.as_bytes(),
            secret: Secret::Password(password.as_bytes()),
        }];
        let mut out = [0; 2048];
        let len = server
            .write_challenge(Kind::Server, 0, b"", true, &mut out)
            .unwrap();
        let fields = str::from_utf8(&out[..len]).unwrap();
        assert!(fields.contains("realm=\"a\\\\\\\"b\u{fc}\""), "{fields}");
        assert!(fields.contains("stale=true"));
        take_for(
            &mut client,
            &super::REGISTER,
            &response("401 No", fields),
            &mut accounts,
        )
        .unwrap();
        let fields = credentials_for(&mut client, &super::REGISTER, &mut accounts);
        let sent = request(&super::REGISTER, &fields);
        let mut users = |user: crate::User<'_>, hash, out: &mut [u8; 128]| {
            assert_eq!(user, crate::User::Name(username.as_bytes()));
            let a1 = hash_a1(
                hash,
                username.as_bytes(),
                realm.as_bytes(),
                password.as_bytes(),
            );
            out[..a1.as_bytes().len()].copy_from_slice(a1.as_bytes());
            Some(a1.as_bytes().len())
        };
        let sent = Message::parse(&sent).unwrap();
        server
            .verify(&sent, Kind::Server, 0, b"", &mut users)
            .unwrap();
        // A name in percent-encoding stands for the same.
        let encoded = "username*=UTF-8''%22Al%5Cice%22%20%c3%A9";
        let quoted = "username=\"\\\"Al\\\\ice\\\" \u{e9}\"";
        assert!(fields.contains(quoted), "{fields}");
        let fields = fields
            .replace(quoted, encoded)
            .replace("nc=00000001", "nc=00000002");
        let sent = request(&super::REGISTER, &fields);
        let refused = server.verify(
            &Message::parse(&sent).unwrap(),
            Kind::Server,
            0,
            b"",
            &mut users,
        );
        assert_eq!(
            refused.map(|_| ()),
            Err(crate::Refusal::Wrong),
            "the count is part of the response"
        );
        let _ = format!("{server:?} {client:?}");
    }
}
