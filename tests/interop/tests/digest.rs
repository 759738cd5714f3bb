// SPDX-License-Identifier: MIT OR Apache-2.0
//! Digest authentication with the crate `digest_auth`: what sipp and Kamailio do not have, SHA-512/256, `-sess` and
//! `auth-int`. It answers our server, and works out again what our client answered.

use core::str;

use digest_auth::{AuthContext, AuthorizationHeader, HttpMethod, WwwAuthenticateHeader};
use sipseal_digest::{
    Account, Algorithm, Client, Config, Hash, Kind, MAX_SECRET_LEN, Outcome, Policy, Qop, Request,
    Secret, SeenNonce, Server, Space, Stored, User, hash_a1, user_hash,
};
use sipseal_interop::random::Random;
use sipseal_sip::Message;

const REALM: &str = "atlanta.com";
const USERNAME: &str = "alice smith";
const PASSWORD: &str = "Secret, or not?";
const URI: &str = "sip:atlanta.com;transport=udp";
const BODY: &str = "v=0\r\n";

fn users(user: User<'_>, hash: Hash, out: &mut [u8; MAX_SECRET_LEN]) -> Option<usize> {
    let hashed = user_hash(hash, USERNAME.as_bytes(), REALM.as_bytes());
    assert!(user == User::Name(USERNAME.as_bytes()) || user == User::Hashed(hashed.as_bytes()));
    let a1 = hash_a1(
        hash,
        USERNAME.as_bytes(),
        REALM.as_bytes(),
        PASSWORD.as_bytes(),
    );
    out[..a1.as_bytes().len()].copy_from_slice(a1.as_bytes());
    Some(a1.as_bytes().len())
}

fn context(body: bool) -> AuthContext<'static> {
    let body = body.then_some(BODY.as_bytes());
    AuthContext::new_with_method(USERNAME, PASSWORD, URI, body, HttpMethod::from("MESSAGE"))
}

fn message(credentials: &str) -> String {
    format!(
        "MESSAGE {URI} SIP/2.0\r\nAuthorization: {credentials}\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    )
}

/// Every algorithm and quality, with the user name shown and hidden, three times with the same nonce.
fn cases() -> impl Iterator<Item = (Algorithm, Qop, bool)> {
    let algorithms = Algorithm::ALL
        .into_iter()
        .filter(|algorithm| !algorithm.is_aka());
    algorithms.flat_map(|algorithm| {
        let qops = [Qop::Auth, Qop::AuthInt].into_iter();
        qops.flat_map(move |qop| [false, true].map(|userhash| (algorithm, qop, userhash)))
    })
}

fn config<'c>(algorithm: &'c [Algorithm], qop: &'c [Qop], userhash: bool) -> Config<'c> {
    Config {
        realm: REALM.as_bytes(),
        algorithms: algorithm,
        qops: qop,
        allow_no_qop: false,
        userhash,
        stored: Stored::HashedA1,
        nonce_lifetime_s: 60,
        check_uri: true,
    }
}

/// A challenge of our server, without the name of its header field and its line end.
fn challenge(server: &mut Server<'_>) -> String {
    let mut out = [0; 1024];
    let len = server
        .write_challenge(Kind::Server, 1, b"", false, &mut out)
        .unwrap();
    let text = str::from_utf8(&out[..len]).unwrap();
    text.trim_end()
        .strip_prefix("WWW-Authenticate: ")
        .unwrap()
        .to_owned()
}

#[test]
fn it_answers_our_server() {
    let mut random = Random::new(1);
    let mut draw = |out: &mut [u8]| {
        out.copy_from_slice(&random.octets(out.len()));
        Ok(())
    };
    for (algorithm, qop, userhash) in cases() {
        let (algorithms, qops) = ([algorithm], [qop]);
        let mut seen = [SeenNonce::new()];
        let mut server = Server::new(
            config(&algorithms, &qops, userhash),
            None,
            0,
            &mut seen,
            &mut draw,
        )
        .unwrap();
        let mut prompt = WwwAuthenticateHeader::parse(&challenge(&mut server)).unwrap();
        for _ in 0..3 {
            let answer = prompt
                .respond(&context(qop == Qop::AuthInt))
                .unwrap()
                .to_header_string();
            let text = message(&answer);
            let verified = server.verify(
                &Message::parse(text.as_bytes()).unwrap(),
                Kind::Server,
                1,
                b"",
                &mut users,
            );
            let verified = verified
                .unwrap_or_else(|refusal| panic!("{algorithm:?} {qop:?} {answer}: {refusal:?}"));
            assert_eq!(
                (verified.algorithm(), verified.qop()),
                (algorithm, Some(qop))
            );
        }
    }
}

#[test]
fn it_works_out_what_our_client_answers() {
    let mut random = Random::new(2);
    let mut draw = |out: &mut [u8]| {
        out.copy_from_slice(&random.octets(out.len()));
        Ok(())
    };
    for (algorithm, qop, userhash) in cases() {
        let (algorithms, qops) = ([algorithm], [qop]);
        let mut seen = [SeenNonce::new()];
        let mut server = Server::new(
            config(&algorithms, &qops, userhash),
            None,
            0,
            &mut seen,
            &mut draw,
        )
        .unwrap();
        let text = format!(
            "SIP/2.0 401 No\r\nWWW-Authenticate: {}\r\n\r\n",
            challenge(&mut server)
        );
        let mut spaces = [Space::new()];
        let mut client = Client::new(&mut spaces, Policy::DEFAULT);
        let accounts = &mut [Account {
            realm: Some(REALM.as_bytes()),
            username: USERNAME.as_bytes(),
            secret: Secret::Password(PASSWORD.as_bytes()),
        }];
        let request = Request {
            method: b"MESSAGE",
            uri: URI.as_bytes(),
            body: BODY.as_bytes(),
            credentials: b"",
        };
        let response = Message::parse(text.as_bytes()).unwrap();
        let taken = client.take_response(&request, &response, accounts, &mut draw);
        assert_eq!(taken, Ok(Outcome::Retry));
        for count in 1..=3 {
            let mut out = [0; 2048];
            let len = client
                .write_credentials(&request, accounts, &mut out)
                .unwrap();
            let answer = str::from_utf8(&out[..len]).unwrap().trim_end();
            let answer = answer.strip_prefix("Authorization: ").unwrap();
            let ours = AuthorizationHeader::parse(answer).unwrap();
            let mut theirs = ours.clone();
            theirs.digest(&context(qop == Qop::AuthInt));
            assert_eq!(ours, theirs, "{answer}");
            assert_eq!(ours.nc, count);
        }
    }
}
