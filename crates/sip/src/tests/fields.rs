// SPDX-License-Identifier: MIT OR Apache-2.0
//! Header fields and their values.

use std::format;
use std::string::String;
use std::vec::Vec;

use crate::{
    Address, AuthParams, Authentication, Contact, Error, Headers, MAX_AUTH_PARAMS,
    MAX_HEADER_FIELDS, MAX_MESSAGE_LEN, Message, Name, ParamValue, Text, Value, Via,
};

#[test]
fn names_in_full_and_compact() {
    for (text, name) in [
        ("v", Name::Via),
        ("VIA", Name::Via),
        ("f", Name::From),
        ("t", Name::To),
        ("i", Name::CallId),
        ("m", Name::Contact),
        ("l", Name::ContentLength),
        ("c", Name::ContentType),
        ("y", Name::Identity),
        ("www-authenticate", Name::WwwAuthenticate),
        ("x", Name::Other),
    ] {
        assert_eq!(Name::from_text(text.into()), name);
    }
    assert_eq!(Name::CSeq.as_str(), "CSeq");
}

#[test]
fn fields_that_are_none() {
    for (text, offset) in [
        ("X", 1),
        ("X:", 2),
        ("X: a", 4),
        ("X: a\n", 4),
        ("X: a\rb\r\n", 5),
        (": a\r\n", 0),
        (" X: a\r\n", 0),
        ("X\r\n : a\r\n", 1),
        ("Xä: a\r\n", 1),
    ] {
        let error = Headers::new(text).next();
        assert_eq!(error, Some(Err(Error::Syntax { offset })), "{text:?}");
    }
}

/// Values of one name come in their order, from all header fields and all commas.
#[test]
fn lists() {
    let text = "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a, SIP/2.0/UDP b\r\nm: *\r\nv: SIP/2.0/TLS c:5061\r\n\r\n";
    let message = Message::parse(text.as_bytes()).unwrap();
    let ports: Vec<_> = message
        .list::<Via<'_>>(Name::Via)
        .map(|via| via.unwrap().port)
        .collect();
    assert_eq!(ports, [None, None, Some(5061)]);
    let contacts: Vec<_> = message.list::<Contact<'_>>(Name::Contact).collect();
    assert_eq!(contacts, [Ok(Contact::All)]);
    // Nothing follows an error.
    let text = text.replace("UDP b", "UDP");
    let message = Message::parse(text.as_bytes()).unwrap();
    let vias: Vec<_> = message
        .list::<Via<'_>>(Name::Via)
        .map(|via| via.is_ok())
        .collect();
    assert_eq!(vias, [true, false]);
}

#[test]
fn challenges() {
    let text = "Digest realm=\"atl\\\"anta.com\",\r\n\tnonce = \"84a4cc6f\" , stale=FALSE, algorithm=SHA-256";
    let params = Authentication::parse(text)
        .unwrap()
        .digest()
        .unwrap()
        .unwrap();
    let Some(ParamValue::Quoted(realm)) = params.get("Realm") else {
        panic!();
    };
    assert!(realm.is(b"atl\"anta.com"));
    assert_eq!(realm.raw().octets(), b"atl\\\"anta.com");
    assert!(params.get("stale").unwrap().is("false"));
    assert!(params.get("qop").is_none());
    assert_eq!(params.into_iter().count(), 4);

    for (text, error) in [
        ("Digest realm=a, Realm=b", Error::Repeated { offset: 16 }),
        ("Digest realm", Error::Syntax { offset: 12 }),
        ("Digest realm=\"a", Error::Syntax { offset: 13 }),
        ("Digest realm=\"a\\", Error::Syntax { offset: 15 }),
        ("Digest realm=\"a\" x=b", Error::Syntax { offset: 17 }),
        ("Digest realm=a\"b\"", Error::Syntax { offset: 14 }),
        ("Digest realm=a\\b", Error::Syntax { offset: 14 }),
        ("Digest realm=a b", Error::Syntax { offset: 15 }),
        ("Digest realm=a,b,c=d", Error::Syntax { offset: 16 }),
        ("Digest ,", Error::Syntax { offset: 8 }),
        ("Digest,realm=a", Error::Syntax { offset: 6 }),
        ("Digest", Error::Syntax { offset: 6 }),
        ("Digest ", Error::Syntax { offset: 7 }),
    ] {
        let read = Authentication::parse(text).and_then(|value| value.digest());
        assert_eq!(read.map(|_| ()), Err(error), "{text}");
    }
    let many = |count| {
        let many: Vec<String> = (0..count).map(|_| String::from("p=1")).collect();
        AuthParams::parse(many.join(",").as_str()).map(|params| params.into_iter().count())
    };
    assert_eq!(many(MAX_AUTH_PARAMS), Ok(MAX_AUTH_PARAMS));
    assert!(matches!(
        many(MAX_AUTH_PARAMS + 1),
        Err(Error::TooMany { .. })
    ));
}

/// Forms that RFC 3261 does not have, and that are sent all the same.
#[test]
fn challenges_with_too_many_commas_and_too_few_quotes() {
    for (text, expected) in [
        ("Digest realm=\"a\",", &[("realm", "a")][..]),
        ("Digest , ,realm=\"a\", ,", &[("realm", "a")]),
        (
            "Digest realm=\"a\" ,\r\n , nonce=\"b\"",
            &[("realm", "a"), ("nonce", "b")],
        ),
        (
            "Digest opaque=, realm=a.b@c",
            &[("opaque", ""), ("realm", "a.b@c")],
        ),
        ("Digest opaque=", &[("opaque", "")]),
        (
            "Digest x=ab/c+d==,X=[\u{e4};],algorithm=MD5",
            &[("x", "ab/c+d=="), ("X", "[\u{e4};]"), ("algorithm", "MD5")],
        ),
        (
            "Digest uri=sip:a@b:5060;c=d ,nc=1",
            &[("uri", "sip:a@b:5060;c=d"), ("nc", "1")],
        ),
    ] {
        let params = Authentication::parse(text).unwrap().digest();
        let params = params.unwrap().unwrap();
        let read = params
            .into_iter()
            .map(|param| (param.name_text, param.value.raw()));
        assert!(
            read.eq(expected
                .iter()
                .map(|(name, value)| (Text::from(*name), Text::from(*value)))),
            "{text} {params:?}"
        );
        for (name, value) in expected {
            assert!(params.get(name).is_some_and(|it| it.is(value)) || *name == "X");
        }
        assert!(!params.text().octets().ends_with(b","));
    }
    // Another scheme may say nothing more.
    let alone = Authentication::parse("Negotiate").unwrap();
    assert!(alone.rest.is_empty() && alone.digest() == Ok(None));
}

/// A fold is one space, and offsets are those in the message.
#[test]
fn folds_and_offsets() {
    let text = "BYE sip:a SIP/2.0\r\nFrom: \"a\r\n \tb\" <sip:a@b>\r\nTo: sip:a@b;tag=\"\r\n\r\n";
    let message = Message::parse(text.as_bytes()).unwrap();
    let from: Address<'_> = message.required(Name::From).unwrap();
    assert!(matches!(from.display_name, Some(crate::DisplayName::Quoted(name)) if name.is(b"a b")));
    let offset = text.find("tag=").unwrap() + 4;
    let to = message.required::<Address<'_>>(Name::To);
    assert_eq!(to.map(|_| ()), Err(Error::Syntax { offset }));
}

#[test]
fn limits() {
    let with = |count| format!("BYE sip:a SIP/2.0\r\n{}\r\n", "A: b\r\n".repeat(count));
    assert!(Message::parse(with(MAX_HEADER_FIELDS).as_bytes()).is_ok());
    let refused = Message::parse(with(MAX_HEADER_FIELDS + 1).as_bytes()).map(|_| ());
    assert!(matches!(refused, Err(Error::TooMany { .. })));
    let long = with(1) + &"x".repeat(MAX_MESSAGE_LEN);
    assert!(matches!(
        Message::parse(long.as_bytes()),
        Err(Error::TooLong)
    ));
    assert!(Message::parse(&long.as_bytes()[..MAX_MESSAGE_LEN]).is_ok());
}
