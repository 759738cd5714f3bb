// SPDX-License-Identifier: MIT OR Apache-2.0
//! AKA, with what the SIM of TS 35.208 test set 1 answers. The responses were calculated apart, with Python's hashlib.

use std::format;
use std::string::String;
use std::vec::Vec;

use base64ct::{Base64, Encoding};
use sipseal_core::SecretBytes;

use super::{credentials_for, response, take_for};
use crate::{Account, Client, Error, Outcome, Policy, Request, Secret, Sim, SimAnswer, Space};

struct TestSet(serde_json::Value);

impl TestSet {
    fn read() -> Self {
        let text = include_str!("../../../../tests/vectors/ts35208.json");
        let file: serde_json::Value = serde_json::from_str(text).unwrap();
        Self(file["cases"][0].clone())
    }

    fn octets(&self, name: &str) -> Vec<u8> {
        let digits = self.0[name].as_str().unwrap();
        let pairs = (0..digits.len()).step_by(2);
        pairs
            .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
            .collect()
    }

    fn hidden_sqn(&self, anonymity_key: &str) -> Vec<u8> {
        let key = self.octets(anonymity_key);
        self.octets("sqn")
            .iter()
            .zip(key)
            .map(|(sqn, key)| sqn ^ key)
            .collect()
    }

    fn autn(&self) -> Vec<u8> {
        [
            self.hidden_sqn("ak"),
            self.octets("amf"),
            self.octets("macA"),
        ]
        .concat()
    }

    fn auts(&self) -> Vec<u8> {
        [self.hidden_sqn("akStar"), self.octets("macS")].concat()
    }

    fn nonce(&self) -> String {
        Base64::encode_string_of(&[self.octets("rand"), self.autn()].concat())
    }
}

trait EncodeString {
    fn encode_string_of(octets: &[u8]) -> String;
}

impl EncodeString for Base64 {
    fn encode_string_of(octets: &[u8]) -> String {
        let mut text = [0; 128];
        String::from(Self::encode(octets, &mut text).unwrap())
    }
}

/// What a SIM does, as far as its answers are known.
struct Card {
    set: TestSet,
    is_used: bool,
    res_len: usize,
    asked: usize,
}

impl Card {
    fn new() -> Self {
        Self {
            set: TestSet::read(),
            is_used: false,
            res_len: 8,
            asked: 0,
        }
    }

    fn secret<const N: usize>(&self, name: &str) -> SecretBytes<N> {
        let mut secret = SecretBytes::zeroed();
        secret.set(&self.set.octets(name)).unwrap();
        secret
    }
}

impl Sim for Card {
    fn authenticate(&mut self, rand: &[u8; 16], autn: &[u8; 16]) -> SimAnswer {
        self.asked += 1;
        if rand[..] != self.set.octets("rand") || autn[..] != self.set.autn() {
            return SimAnswer::MacFailure;
        }
        if self.is_used {
            return SimAnswer::SynchronisationFailure {
                auts: self.set.auts().try_into().unwrap(),
            };
        }
        self.is_used = true;
        SimAnswer::Answer {
            res: self.secret("res"),
            res_len: self.res_len,
            ck: self.secret("ck"),
            ik: self.secret("ik"),
        }
    }
}

const REGISTER: Request<'static> = Request {
    method: b"REGISTER",
    uri: b"sip:home1.net",
    body: b"",
    credentials: b"",
};

fn challenge(nonce: &str, algorithm: &str) -> String {
    let text = format!(
        "WWW-Authenticate: Digest realm=\"home1.net\", nonce=\"{nonce}\", qop=\"auth\", algorithm={algorithm}\r\n"
    );
    response("401 Unauthorized", &text)
}

/// A client whose cnonce is all zeros.
fn register(card: &mut Card, text: &str, then: impl FnOnce(&mut Client<'_>, &mut [Account<'_>])) {
    let mut accounts = [Account {
        realm: None,
        username: b"user1_private@home1.net",
        secret: Secret::Sim(card),
    }];
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let message = sipseal_sip::Message::parse(text.as_bytes()).unwrap();
    let mut zeros = |out: &mut [u8]| {
        out.fill(0);
        Ok(())
    };
    let taken = client.take_response(&REGISTER, &message, &mut accounts, &mut zeros);
    assert_eq!(taken, Ok(Outcome::Retry));
    then(&mut client, &mut accounts);
}

#[test]
fn what_a_sim_answers() {
    for (algorithm, expected) in [
        ("AKAv1-MD5", "7672b6d75f91097662e86ccbc03399cc"),
        ("AKAv2-MD5", "45a52938487638935d884259d29090b0"),
    ] {
        let mut card = Card::new();
        let nonce = card.set.nonce();
        register(
            &mut card,
            &challenge(&nonce, algorithm),
            |client, accounts| {
                let text = credentials_for(client, &REGISTER, accounts);
                assert!(text.contains(&format!("response=\"{expected}\"")), "{text}");
                assert!(text.contains(&format!("algorithm={algorithm}")));
                assert!(!text.contains("auts"));
                // The answer serves as long as the nonce.
                assert!(credentials_for(client, &REGISTER, accounts).contains("nc=00000002"));
            },
        );
        assert_eq!(card.asked, 1);
    }
}

#[test]
fn a_sequence_number_used_before() {
    let mut card = Card::new();
    card.is_used = true;
    let nonce = card.set.nonce();
    let auts = Base64::encode_string_of(&card.set.auts());
    register(
        &mut card,
        &challenge(&nonce, "AKAv1-MD5"),
        |client, accounts| {
            let text = credentials_for(client, &REGISTER, accounts);
            assert!(
                text.contains("response=\"a6d63086a94ae3de510bf214d31cee56\""),
                "{text}"
            );
            assert!(text.contains(&format!("auts=\"{auts}\"")), "{text}");
            // It is told once, and there is nothing else to say until the network comes with another nonce.
            assert_eq!(credentials_for(client, &REGISTER, accounts), "");
            let sent = Request {
                credentials: text.as_bytes(),
                ..REGISTER
            };
            let again = challenge(&nonce, "AKAv1-MD5");
            let taken = take_for(client, &sent, &again, accounts);
            assert_eq!(taken, Err(Error::Rejected));
            let other = challenge(&nonce.replace('I', "J"), "AKAv1-MD5");
            assert_eq!(
                take_for(client, &sent, &other, accounts),
                Ok(Outcome::Retry)
            );
            let mut out = [0; 1024];
            let written = client.write_credentials(&REGISTER, accounts, &mut out);
            assert_eq!(written, Err(Error::NetworkNotAuthentic));
        },
    );
    assert_eq!(card.asked, 2);
}

/// Nothing is answered to a network that does not know the key, and it is told once.
#[test]
fn another_network() {
    let nonce = Card::new().set.nonce().replace("Sp", "SP");
    let mut card = Card::new();
    let proxy = "Proxy-Authenticate: Digest realm=\"p\", nonce=\"n\", qop=\"auth\"\r\n";
    let mut accounts = [
        Account {
            realm: None,
            username: b"user1_private@home1.net",
            secret: Secret::Sim(&mut card),
        },
        Account {
            realm: None,
            username: b"alice",
            secret: Secret::Password(b"zanzibar"),
        },
    ];
    let accounts = accounts.as_mut_slice();
    let mut spaces = [const { Space::new() }; 2];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let text = challenge(&nonce, "AKAv1-MD5").replace("WWW", &format!("{proxy}WWW"));
    take_for(&mut client, &REGISTER, &text, accounts).unwrap();
    let mut out = [7; 1024];
    let written = client.write_credentials(&REGISTER, accounts, &mut out);
    assert_eq!(written, Err(Error::NetworkNotAuthentic));
    // Others are answered all the same.
    let fields = credentials_for(&mut client, &REGISTER, accounts);
    assert!(fields.starts_with("Proxy-Authorization"), "{fields}");
    assert_eq!(fields.matches("\r\n").count(), 1);
    let text = challenge(&nonce, "AKAv1-MD5");
    let taken = take_for(&mut client, &REGISTER, &text, accounts);
    assert_eq!(taken, Err(Error::Rejected));
    // The network itself, to a request that comes later.
    let text = challenge(&Card::new().set.nonce(), "AKAv1-MD5");
    let taken = take_for(&mut client, &REGISTER, &text, accounts);
    assert_eq!(taken, Ok(Outcome::Retry));
    let fields = credentials_for(&mut client, &REGISTER, accounts);
    assert_eq!(fields.matches("\r\n").count(), 2);
    assert_eq!(card.asked, 2);
}

/// A nonce without RAND and AUTN is no challenge.
#[test]
fn nonces_that_are_none() {
    let mut card = Card::new();
    let nonce = card.set.nonce();
    let mut accounts = [Account {
        realm: None,
        username: b"a",
        secret: Secret::Sim(&mut card),
    }];
    for nonce in [
        &nonce[..40],
        "not base64 at all, and longer than thirty-two octets",
    ] {
        let mut spaces = [Space::new()];
        let mut client = Client::new(&mut spaces, Policy::DEFAULT);
        let text = challenge(nonce, "AKAv1-MD5");
        let taken = take_for(&mut client, &REGISTER, &text, &mut accounts);
        assert_eq!(taken, Err(Error::Unsupported));
    }
    assert_eq!(card.asked, 0);
}

/// The SIM is asked once for a nonce, and again for the next.
#[test]
fn next_nonces() {
    let mut card = Card::new();
    let nonce = card.set.nonce();
    register(
        &mut card,
        &challenge(&nonce, "AKAv1-MD5"),
        |client, accounts| {
            let fields = credentials_for(client, &REGISTER, accounts);
            let sent = Request {
                credentials: fields.as_bytes(),
                ..REGISTER
            };
            let stale = challenge(&nonce, "AKAv1-MD5, stale=true");
            take_for(client, &sent, &stale, accounts).unwrap();
            let fields = credentials_for(client, &REGISTER, accounts);
            assert!(fields.contains("nc=00000002"), "{fields}");
            let next = |nonce: &str| {
                response(
                    "200 OK",
                    &format!("Authentication-Info: nextnonce=\"{nonce}\"\r\n"),
                )
            };
            // One that no SIM could answer is left.
            take_for(client, &sent, &next("short"), accounts).unwrap();
            assert!(credentials_for(client, &REGISTER, accounts).contains("nc=00000003"));
            take_for(client, &sent, &next(&nonce.replace("Sp", "SP")), accounts).unwrap();
            let mut out = [0; 1024];
            let written = client.write_credentials(&REGISTER, accounts, &mut out);
            assert_eq!(written, Err(Error::NetworkNotAuthentic));
        },
    );
    assert_eq!(card.asked, 2);
}

/// RES has 4 to 16 octets.
#[test]
fn lengths_of_res() {
    for (res_len, is_good) in [(0, false), (3, false), (4, true), (16, true), (17, false)] {
        let mut card = Card::new();
        card.res_len = res_len;
        let text = challenge(&card.set.nonce(), "AKAv2-MD5");
        register(&mut card, &text, |client, accounts| {
            let mut out = [0; 1024];
            let written = client.write_credentials(&REGISTER, accounts, &mut out);
            if is_good {
                assert!(written.is_ok());
            } else {
                assert_eq!(written, Err(Error::SecretUnavailable));
                assert_eq!(credentials_for(client, &REGISTER, accounts), "");
            }
        });
    }
}

/// A password is no SIM, and a SIM no password; server data behind AUTN is not looked at.
#[test]
fn who_answers_what() {
    let mut card = Card::new();
    let nonce = Base64::encode_string_of(
        &[card.set.octets("rand"), card.set.autn(), b"data".to_vec()].concat(),
    );
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let text = challenge(&nonce, "AKAv1-MD5");
    let refused = take_for(&mut client, &REGISTER, &text, &mut [super::account(None)]);
    assert_eq!(refused, Err(Error::NoAccount));
    register(&mut card, &text, |client, accounts| {
        assert_ne!(credentials_for(client, &REGISTER, accounts), "");
        let refused = take_for(client, &REGISTER, &challenge("n", "MD5"), accounts);
        assert_eq!(refused, Err(Error::NoAccount));
    });
}
