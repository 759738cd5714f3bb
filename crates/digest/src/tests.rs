// SPDX-License-Identifier: MIT OR Apache-2.0

mod aka;
mod bad_input;
mod client;
mod client_proofs;
mod client_retries;
mod clocks;
mod credentials;
mod round_trips;
mod server;
mod vectors;

use std::format;
use std::string::String;
use std::vec::Vec;

use sipseal_core::RandomFailed;
use sipseal_sip::Message;

use crate::{
    Account, Algorithm, Client, Config, Error, Hash, Outcome, Qop, Request, Secret, Stored, User,
};

const REALM: &str = "atlanta.com";
const URI: &str = "sip:atlanta.com";
const USERNAME: &str = "alice";
const PASSWORD: &str = "zanzibar";

/// Octets that count up, so that each draw is another.
fn counting() -> impl FnMut(&mut [u8]) -> Result<(), RandomFailed> {
    let mut next = 0_u8;
    move |out| {
        out.fill_with(|| {
            next = next.wrapping_add(1);
            next
        });
        Ok(())
    }
}

fn account(realm: Option<&'static str>) -> Account<'static> {
    Account {
        realm: realm.map(str::as_bytes),
        username: USERNAME.as_bytes(),
        secret: Secret::Password(PASSWORD.as_bytes()),
    }
}

const REGISTER: Request<'static> = Request {
    method: b"REGISTER",
    uri: URI.as_bytes(),
    body: b"",
    credentials: b"",
};

fn response(status: &str, fields: &str) -> String {
    format!("SIP/2.0 {status}\r\n{fields}\r\n")
}

fn request(request: &Request<'_>, fields: &str) -> Vec<u8> {
    let method = core::str::from_utf8(request.method).unwrap();
    let uri = core::str::from_utf8(request.uri).unwrap();
    let mut text = format!("{method} {uri} SIP/2.0\r\n{fields}\r\n").into_bytes();
    text.extend_from_slice(request.body);
    text
}

/// What a client does with a response to a REGISTER.
fn take(
    client: &mut Client<'_>,
    text: &str,
    accounts: &mut [Account<'_>],
) -> Result<Outcome, Error> {
    take_for(client, &REGISTER, text, accounts)
}

fn take_for(
    client: &mut Client<'_>,
    request: &Request<'_>,
    text: &str,
    accounts: &mut [Account<'_>],
) -> Result<Outcome, Error> {
    let response = Message::parse(text.as_bytes()).unwrap();
    client.take_response(request, &response, accounts, &mut counting())
}

/// The header fields that it then sends.
fn credentials(client: &mut Client<'_>, accounts: &mut [Account<'_>]) -> String {
    credentials_for(client, &REGISTER, accounts)
}

fn credentials_for(
    client: &mut Client<'_>,
    request: &Request<'_>,
    accounts: &mut [Account<'_>],
) -> String {
    let mut out = [0; 2048];
    let len = client
        .write_credentials(request, accounts, &mut out)
        .unwrap();
    String::from_utf8(out[..len].to_vec()).unwrap()
}

/// A request as it was sent, with credentials.
fn sent<'a>(request: Request<'a>, credentials: &'a str) -> Request<'a> {
    Request {
        credentials: credentials.as_bytes(),
        ..request
    }
}

/// What a client does with the response to a REGISTER with credentials.
fn take_sent(
    client: &mut Client<'_>,
    credentials: &str,
    text: &str,
    accounts: &mut [Account<'_>],
) -> Result<Outcome, Error> {
    take_for(client, &sent(REGISTER, credentials), text, accounts)
}

const RETRY: Result<Outcome, Error> = Ok(Outcome::Retry);

#[allow(clippy::unnecessary_wraps)] // It is compared with results.
const fn final_of(is_server_proven: bool) -> Result<Outcome, Error> {
    Ok(Outcome::Final { is_server_proven })
}

fn unauthorized(fields: &str) -> String {
    response("401 Unauthorized", fields)
}

/// The value of a parameter between quotes.
fn param<'t>(text: &'t str, name: &str) -> &'t str {
    let (_, rest) = text.split_once(&format!(", {name}=\"")).unwrap();
    rest.split_once('"').unwrap().0
}

fn challenge(nonce: &str, more: &str) -> String {
    format!("WWW-Authenticate: Digest realm=\"{REALM}\", nonce=\"{nonce}\", qop=\"auth\"{more}\r\n")
}

const CONFIG: Config<'static> = Config {
    realm: REALM.as_bytes(),
    algorithms: &[Algorithm::Sha256, Algorithm::Md5],
    qops: &[Qop::Auth, Qop::AuthInt],
    allow_no_qop: false,
    userhash: false,
    stored: Stored::HashedA1,
    nonce_lifetime_s: 60,
    check_uri: true,
};

/// A user database with one user.
fn alice(
    stored: Stored,
) -> impl FnMut(User<'_>, Hash, &mut [u8; crate::MAX_SECRET_LEN]) -> Option<usize> {
    move |user, hash, out| {
        let hashed = crate::user_hash(hash, USERNAME.as_bytes(), REALM.as_bytes());
        if user != User::Name(USERNAME.as_bytes()) && user != User::Hashed(hashed.as_bytes()) {
            return None;
        }
        let a1 = crate::hash_a1(
            hash,
            USERNAME.as_bytes(),
            REALM.as_bytes(),
            PASSWORD.as_bytes(),
        );
        let secret = match stored {
            Stored::HashedA1 => a1.as_bytes(),
            Stored::Passwords => PASSWORD.as_bytes(),
        };
        out[..secret.len()].copy_from_slice(secret);
        Some(secret.len())
    }
}
