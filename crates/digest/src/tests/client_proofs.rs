// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a server proves itself with, and what is no proof.

use core::str;
use std::format;
use std::string::String;

use super::{
    PASSWORD, REALM, RETRY, URI, USERNAME, account, challenge, credentials, credentials_for,
    final_of, param, response, sent, take, take_for, take_sent, unauthorized,
};
use crate::{Account, Algorithm, Client, Error, Hash, Policy, Request, Space, hash_a1, user_hash};

const REQUIRED: Policy = Policy {
    require_rspauth: true,
    ..Policy::DEFAULT
};

const NOT_AUTHENTIC: Result<crate::Outcome, Error> = Err(Error::ServerNotAuthentic);

fn hex(digest: &crate::HexDigest) -> &str {
    str::from_utf8(digest.as_bytes()).unwrap()
}

/// What proves, with MD5, that a server knows the password.
fn rspauth(fields: &str) -> String {
    let a1 = hash_a1(
        Hash::Md5,
        USERNAME.as_bytes(),
        REALM.as_bytes(),
        PASSWORD.as_bytes(),
    );
    let a2 = user_hash(Hash::Md5, b"", URI.as_bytes());
    let nonce = param(fields, "nonce");
    let rest = if fields.contains("qop=auth") {
        let (_, nc) = fields.trim_end().split_once("nc=").unwrap();
        let cnonce = param(fields, "cnonce");
        format!("{nonce}:{nc}:{cnonce}:auth:{}", hex(&a2))
    } else {
        format!("{nonce}:{}", hex(&a2))
    };
    String::from(hex(&user_hash(Hash::Md5, a1.as_bytes(), rest.as_bytes())))
}

/// The Authentication-Info to credentials.
fn info(fields: &str, more: &str) -> String {
    let (_, nc) = fields.trim_end().split_once("nc=").unwrap();
    format!(
        "Authentication-Info: qop=auth, rspauth=\"{}\", cnonce=\"{}\", nc={nc}{more}\r\n",
        rspauth(fields),
        param(fields, "cnonce")
    )
}

fn ok(fields: &str) -> String {
    response("200 OK", fields)
}

/// A client that was challenged, and the credentials of its next request.
fn challenged<'s>(
    spaces: &'s mut [Space],
    policy: Policy,
    accounts: &mut [Account<'_>],
) -> (Client<'s>, String) {
    let mut client = Client::new(spaces, policy);
    take(&mut client, &unauthorized(&challenge("n", "")), accounts).unwrap();
    let fields = credentials(&mut client, accounts);
    (client, fields)
}

/// Who asks for proof is let down by no detour of an impostor.
#[test]
fn impostors() {
    let accounts = &mut [account(None)];
    let plain = ok("");
    // It lets the request through at once.
    let mut spaces = [const { Space::new() }; 2];
    let mut client = Client::new(&mut spaces, REQUIRED);
    assert_eq!(credentials(&mut client, accounts), "");
    assert_eq!(take(&mut client, &plain, accounts), NOT_AUTHENTIC);
    // It is a proxy.
    let proxy = challenge("n", "").replace("WWW", "Proxy");
    let text = response("407 Proxy", &proxy);
    assert_eq!(take(&mut client, &text, accounts), RETRY);
    let fields = credentials(&mut client, accounts);
    assert_eq!(
        take_sent(&mut client, &fields, &plain, accounts),
        NOT_AUTHENTIC
    );
    // A proxy that knows the secret is not the server.
    let proven = ok(&info(&fields, "").replace("Auth", "Proxy-Auth"));
    assert_eq!(
        take_sent(&mut client, &fields, &proven, accounts),
        NOT_AUTHENTIC
    );
    // It refuses, and then lets the request through.
    let mut spaces = [Space::new()];
    let (mut client, fields) = challenged(&mut spaces, REQUIRED, accounts);
    let again = unauthorized(&challenge("n", ""));
    let taken = take_sent(&mut client, &fields, &again, accounts);
    assert_eq!(taken, Err(Error::Rejected));
    assert_eq!(take(&mut client, &plain, accounts), NOT_AUTHENTIC);
    assert_eq!(
        take_sent(&mut client, &fields, &plain, accounts),
        NOT_AUTHENTIC
    );
    // Any success must be proven, and nothing else.
    for (status, expected) in [
        ("202 Accepted", NOT_AUTHENTIC),
        ("299 X", NOT_AUTHENTIC),
        ("302 Moved", final_of(false)),
        ("486 Busy", final_of(false)),
    ] {
        assert_eq!(
            take(&mut client, &response(status, ""), accounts),
            expected,
            "{status}"
        );
    }
    // An ACK and a CANCEL carry nothing that could be proven.
    for (method, expected) in [
        ("CANCEL", final_of(false)),
        ("ACK", final_of(false)),
        ("BYE", NOT_AUTHENTIC),
        ("cancel", NOT_AUTHENTIC),
    ] {
        let request = Request {
            method: method.as_bytes(),
            ..super::REGISTER
        };
        assert_eq!(
            take_for(&mut client, &request, &plain, accounts),
            expected,
            "{method}"
        );
    }
}

/// `rspauth` must be right where it is, for this very request.
#[test]
fn wrong_proofs() {
    let accounts = &mut [account(None)];
    for policy in [Policy::DEFAULT, REQUIRED] {
        let mut spaces = [Space::new()];
        let (mut client, first) = challenged(&mut spaces, policy, accounts);
        let second = credentials(&mut client, accounts);
        let right = info(&first, ", nextnonce=\"m\"");
        let digits = rspauth(&first);
        for wrong in [
            right.replace(&digits, &digits.replace(['a', '1', '2'], "b")),
            right.replace(&digits, ""),
            right.replace("nc=00000001", "nc=00000002"),
            right.replace("nc=00000001", "nc=00000000"),
            right.replace("cnonce=\"", "cnonce=\"0"),
            // That of another request.
            info(&second, ", nextnonce=\"m\""),
            info(&second, "").replace("nc=00000002", "nc=00000001"),
            // One of two is wrong.
            right.clone() + &right.replace(&digits, "0"),
        ] {
            let taken = take_sent(&mut client, &first, &ok(&wrong), accounts);
            assert_eq!(taken, NOT_AUTHENTIC, "{wrong}");
        }
        // To a request without credentials no proof can be right.
        assert_eq!(take(&mut client, &ok(&right), accounts), NOT_AUTHENTIC);
        // Of a response that fails, nothing is taken.
        let broken = right.clone() + "Authentication-Info: x\r\n";
        let taken = take_sent(&mut client, &first, &ok(&broken), accounts);
        assert!(matches!(taken, Err(Error::Syntax(_))), "{taken:?}");
        if policy.require_rspauth {
            let forged = ok("Authentication-Info: nextnonce=\"evil\"\r\n");
            let taken = take_sent(&mut client, &first, &forged, accounts);
            assert_eq!(taken, NOT_AUTHENTIC);
        }
        let third = credentials(&mut client, accounts);
        assert!(third.contains("nonce=\"n\"") && third.contains("nc=00000003"));
        // Two that were under way together are proven both, and so is a copy of a response.
        for (fields, more) in [
            (&first, ", nextnonce=\"m\""),
            (&first, ""),
            (&second, ", nextnonce=\"l\""),
        ] {
            let taken = take_sent(&mut client, fields, &ok(&info(fields, more)), accounts);
            assert_eq!(taken, final_of(true));
        }
        // The second was not about the nonce in use.
        let next = credentials(&mut client, accounts);
        assert!(
            next.contains("nonce=\"m\"") && next.contains("nc=00000001"),
            "{next}"
        );
    }
}

/// Each of them costs what a response costs: they are few, or none is believed.
#[test]
fn many_of_them() {
    let accounts = &mut [account(None)];
    let mut spaces = [Space::new()];
    let (mut client, fields) = challenged(&mut spaces, Policy::DEFAULT, accounts);
    let proof = info(&fields, ", nextnonce=\"next\"");
    let text = ok(&proof.repeat(crate::MAX_CHALLENGES + 1));
    assert_eq!(
        take_sent(&mut client, &fields, &text, accounts),
        Err(Error::TooLong)
    );
    let again = credentials(&mut client, accounts);
    assert_eq!(param(&again, "nonce"), "n", "nothing is taken");
    let text = ok(&proof.repeat(crate::MAX_CHALLENGES));
    let taken = take_sent(&mut client, &fields, &text, accounts);
    assert_eq!(taken, final_of(true));
}

/// After a challenge without qop it is made without one too, and right or wrong, but proves nothing new.
#[test]
fn without_qop() {
    let accounts = &mut [account(None)];
    let text = unauthorized(&challenge("n", "").replace(", qop=\"auth\"", ""));
    for (policy, expected) in [
        (Policy::DEFAULT, final_of(false)),
        (REQUIRED, NOT_AUTHENTIC),
    ] {
        let mut spaces = [Space::new()];
        let mut client = Client::new(&mut spaces, policy);
        assert_eq!(take(&mut client, &text, accounts), RETRY);
        let fields = credentials(&mut client, accounts);
        let info = |rspauth: &str| ok(&format!("Authentication-Info: rspauth=\"{rspauth}\"\r\n"));
        let taken = take_sent(&mut client, &fields, &info(&rspauth(&fields)), accounts);
        assert_eq!(taken, expected);
        let taken = take_sent(&mut client, &fields, &info("00"), accounts);
        assert_eq!(taken, NOT_AUTHENTIC);
    }
}

/// The proof of a session is that of the session that the request was in.
#[test]
fn sessions() {
    let session = |fields: &str| {
        let a1 = hash_a1(
            Hash::Sha256,
            USERNAME.as_bytes(),
            REALM.as_bytes(),
            PASSWORD.as_bytes(),
        );
        let (nonce, cnonce) = (param(fields, "nonce"), param(fields, "cnonce"));
        let a1 = hash_a1(
            Hash::Sha256,
            a1.as_bytes(),
            nonce.as_bytes(),
            cnonce.as_bytes(),
        );
        let a2 = user_hash(Hash::Sha256, b"", URI.as_bytes());
        let rest = format!("{nonce}:00000001:{cnonce}:auth:{}", hex(&a2));
        let digits = user_hash(Hash::Sha256, a1.as_bytes(), rest.as_bytes());
        ok(&format!(
            "Authentication-Info: rspauth=\"{}\", cnonce=\"{cnonce}\", nc=00000001\r\n",
            hex(&digits)
        ))
    };
    let accounts = &mut [account(None)];
    let mut spaces = [Space::new()];
    let mut client = Client::new(&mut spaces, Policy::DEFAULT);
    let of = |nonce| unauthorized(&challenge(nonce, ", algorithm=SHA-256-sess"));
    take(&mut client, &of("1"), accounts).unwrap();
    let first = credentials(&mut client, accounts);
    assert!(first.contains(Algorithm::Sha256Sess.name()));
    // Another request, that was under way before, brings another nonce.
    take(&mut client, &of("2"), accounts).unwrap();
    let second = credentials(&mut client, accounts);
    for fields in [&first, &second, &first] {
        let taken = take_sent(&mut client, fields, &session(fields), accounts);
        assert_eq!(taken, final_of(true));
    }
    let taken = take_sent(&mut client, &second, &session(&first), accounts);
    assert_eq!(taken, NOT_AUTHENTIC);
}

/// The proof is for the request as it was sent, which a later request has no part in.
#[test]
fn requests_side_by_side() {
    let accounts = &mut [account(None)];
    let mut spaces = [Space::new()];
    let (mut client, first) = challenged(&mut spaces, REQUIRED, accounts);
    let options = Request {
        method: b"OPTIONS",
        ..super::REGISTER
    };
    let second = credentials_for(&mut client, &options, accounts);
    let proof = ok(&info(&second, ""));
    let taken = take_sent(&mut client, &first, &proof, accounts);
    assert_eq!(taken, NOT_AUTHENTIC);
    let taken = take_for(&mut client, &sent(options, &second), &proof, accounts);
    assert_eq!(taken, final_of(true));
    // When the account has changed meanwhile, it is still what was sent that is proven.
    client.forget();
    let taken = take_sent(&mut client, &first, &ok(&info(&first, "")), accounts);
    assert_eq!(taken, final_of(true));
}
