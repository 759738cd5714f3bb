// SPDX-License-Identifier: MIT OR Apache-2.0
//! The messages of RFC 4475: each parses or fails as its section says.

use std::string::String;
use std::vec::Vec;

use crate::{
    Address, AuthParams, Authentication, CSeq, CallId, Contact, DisplayName, Error, MediaType,
    Message, Name, Number, StartLine, Uri, Value, Via,
};

/// Where a message is refused.
#[derive(Debug, PartialEq)]
enum Verdict {
    Accepted,
    /// As a whole.
    Unreadable(Error),
    /// What is in its header fields.
    Wrong(Error),
}
use Verdict::{Accepted, Unreadable, Wrong};

fn verdict(octets: &[u8]) -> Verdict {
    match Message::parse(octets) {
        Err(error) => Unreadable(error),
        Ok(message) => message.check().map_or_else(Wrong, |()| Accepted),
    }
}

macro_rules! message {
    ($name:literal) => {
        include_bytes!(concat!("../../../../tests/vectors/rfc4475/", $name, ".dat")).as_slice()
    };
}

/// Where a text stands in a message.
fn at(octets: &[u8], text: &str) -> usize {
    let mut windows = octets.windows(text.len());
    windows
        .position(|window| window == text.as_bytes())
        .unwrap()
}

macro_rules! accepted {
    ($($name:literal)+) => {
        [$(($name, message!($name))),+]
    };
}

/// Sections 3.1.1 and 3.4, and those of 3.2 and 3.3 where a parser is asked not to mind. `baddate` is wrong in a
/// header field that nothing here needs, `badbranch` in what transactions are told apart by.
#[test]
fn those_to_be_taken() {
    for (name, octets) in accepted!("semiuri" "regescrt") {
        assert_eq!(verdict(octets), Accepted, "{name}");
    }
}

/// Sections 3.1.2 and those of 3.3 that are to be answered with 400 or 505, or dropped.
#[test]
fn those_to_be_refused() {
    type Expected = fn(usize) -> Verdict;
    let syntax: Expected = |offset| Wrong(Error::Syntax { offset });
    let range: Expected = |offset| Wrong(Error::Range { offset });
    let repeated: Expected = |offset| Wrong(Error::Repeated { offset });
    let mismatch: Expected = |offset| Wrong(Error::Mismatch { offset });
    let unreadable: Expected = |offset| Unreadable(Error::Syntax { offset });
    for (name, octets, expected, before) in [
        (
            "badinv01",
            message!("badinv01"),
            syntax,
            "Via: SIP/2.0/UDP 192.0.2.15;",
        ),
        ("scalar02", message!("scalar02"), range, "CSeq: "),
        ("scalarlg", message!("scalarlg"), range, "CSeq: "),
        ("quotbal", message!("quotbal"), syntax, "To: "),
        ("ltgtruri", message!("ltgtruri"), unreadable, "INVITE "),
        (
            "lwsruri",
            message!("lwsruri"),
            unreadable,
            "INVITE sip:user@example.com; ",
        ),
        ("lwsstart", message!("lwsstart"), unreadable, "INVITE "),
        (
            "trws",
            message!("trws"),
            unreadable,
            "OPTIONS sip:remote-target@example.com ",
        ),
        (
            "escruri",
            message!("escruri"),
            syntax,
            "INVITE sip:user@example.com?",
        ),
        (
            "regbadct",
            message!("regbadct"),
            syntax,
            "Contact: sip:user@example.com",
        ),
        (
            "badaspec",
            message!("badaspec"),
            syntax,
            "To: \"Watson, Thomas\" <",
        ),
        ("mismatch01", message!("mismatch01"), mismatch, "CSeq: 8 "),
        ("mismatch02", message!("mismatch02"), mismatch, "CSeq: 8 "),
        (
            "multi01",
            message!("multi01"),
            repeated,
            "CSeq: 59 INVITE\r\n",
        ),
        ("ncl", message!("ncl"), unreadable, "Content-Length: "),
    ] {
        let offset = at(octets, before) + before.len();
        assert_eq!(verdict(octets), expected(offset), "{name}");
    }
    for (name, octets, expected) in [
        ("clerr", message!("clerr"), Unreadable(Error::Truncated)),
        (
            "badvers",
            message!("badvers"),
            Unreadable(Error::Version { offset: 33 }),
        ),
        (
            "bigcode",
            message!("bigcode"),
            Unreadable(Error::Range { offset: 8 }),
        ),
        (
            "insuf",
            message!("insuf"),
            Wrong(Error::Missing { name: Name::From }),
        ),
        ("mcl01", message!("mcl01"), {
            let offset = at(message!("mcl01"), "Content-Length: 5");
            Unreadable(Error::Repeated { offset })
        }),
    ] {
        assert_eq!(verdict(octets), expected, "{name}");
    }
}

/// Section 3.1.2.15. In the archive it also lacks the empty line that ends its header fields.
#[test]
fn a_display_name_with_a_comma() {
    let octets = message!("baddn");
    let offset = octets.len();
    assert_eq!(verdict(octets), Unreadable(Error::Syntax { offset }));
    let whole = [octets, b"\r\n"].concat();
    let offset = at(octets, ", Alexander");
    assert_eq!(verdict(&whole), Wrong(Error::Syntax { offset }));
}

/// What is wrong beside what `scalar02` is refused for first.
#[test]
fn scalars_out_of_range() {
    let message = Message::parse(message!("scalar02")).unwrap();
    let range = |result: Result<_, Error>| matches!(result, Err(Error::Range { .. }));
    assert!(range(message.one::<Number>(Name::Expires).map(|_| ())));
    assert_eq!(message.one(Name::MaxForwards), Ok(Some(Number(300))));
    let contact = message
        .list::<Contact<'_>>(Name::Contact)
        .next()
        .unwrap()
        .unwrap();
    assert!(range(contact.expires().map(|_| ())));
}

/// Section 3.1.1.1.
#[test]
fn a_short_tortuous_invite() {
    let message = Message::parse(message!("wsinv")).unwrap();
    let to: Address<'_> = message.required(Name::To).unwrap();
    assert_eq!(to.tag().unwrap().octets(), b"1918181833n");
    let from: Address<'_> = message.required(Name::From).unwrap();
    assert_eq!(from.tag().unwrap().octets(), b"98asjd8");
    let Some(DisplayName::Quoted(name)) = from.display_name else {
        panic!("{from:?}");
    };
    assert!(name.is(b"J Rosenberg \\\""));
    assert_eq!(message.one(Name::MaxForwards), Ok(Some(Number(68))));
    let cseq: CSeq<'_> = message.required(Name::CSeq).unwrap();
    assert_eq!(
        (cseq.number, cseq.method.octets()),
        (9, b"INVITE".as_slice())
    );
    let vias: Vec<Via<'_>> = message.list(Name::Via).map(Result::unwrap).collect();
    let hops: Vec<_> = vias
        .iter()
        .map(|via| (via.transport.octets(), via.branch().unwrap().octets()))
        .collect();
    assert_eq!(
        hops,
        [
            (b"UDP".as_slice(), b"390skdjuw".as_slice()),
            (b"TCP", b"z9hG4bK9ikj8"),
            (b"UDP", b"z9hG4bK30239"),
        ]
    );
    let Some(Ok(Contact::Address(contact))) = message.list(Name::Contact).next() else {
        panic!();
    };
    let Some(DisplayName::Quoted(name)) = contact.display_name else {
        panic!();
    };
    assert!(name.is(b"Quoted string \"\""));
    assert!(contact.params.get("Q").unwrap().value.unwrap().is("0.33"));
    assert_eq!(contact.params.get("secondparam").unwrap().value, None);
    assert_eq!(message.body().len(), 150);
    let subject = message
        .headers()
        .map(Result::unwrap)
        .find(|header| header.name_text.is("s"));
    assert_eq!(subject.unwrap().value.octets(), b"");
    let fangled = message
        .headers()
        .map(Result::unwrap)
        .find(|header| header.name_text.is("newfangledheader"));
    assert_eq!(
        fangled.unwrap().value.octets(),
        b"newfangled value\r\n continued newfangled value"
    );
}

/// Sections 3.1.1.2 to 3.1.1.5 and 3.1.1.9: what is an escape and what is none.
#[test]
fn characters_and_escapes() {
    let message = Message::parse(message!("intmeth")).unwrap();
    let StartLine::Request(line) = message.start_line() else {
        panic!();
    };
    assert_eq!(
        line.method.octets(),
        b"!interesting-Method0123456789_*+`.%indeed'~"
    );
    let Ok(Uri::Sip(uri)) = line.parsed_uri() else {
        panic!();
    };
    assert_eq!(
        (uri.user.unwrap().octets(), uri.password.unwrap().octets()),
        (
            b"1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*".as_slice(),
            b"&it+has=1,weird!*pas$wo~d_too.(doesn't-it)".as_slice()
        )
    );
    let to: Address<'_> = message.required(Name::To).unwrap();
    let Some(DisplayName::Quoted(name)) = to.display_name else {
        panic!();
    };
    assert!(name.is(b"BEL:\x07 NUL:\x00 DEL:\x7f"));
    let from: Address<'_> = message.required(Name::From).unwrap();
    let Some(DisplayName::Tokens(name)) = from.display_name else {
        panic!();
    };
    assert_eq!(name.octets(), b"token1~` token2'+_ token3*%!.-");
    let param = from.params.into_iter().next().unwrap();
    assert_eq!(param.name.octets(), b"fromParam''~+*_!.-%");
    let value: Vec<u8> = param.value.unwrap().unescaped().collect();
    assert_eq!(String::from_utf8(value).unwrap(), "работающий");
    let id: CallId<'_> = message.required(Name::CallId).unwrap();
    assert_eq!(
        id.0.octets(),
        b"intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"
    );

    let message = Message::parse(message!("esc01")).unwrap();
    let to: Address<'_> = message.required(Name::To).unwrap();
    assert_eq!(to.uri, Uri::parse("sip:user@example.com").unwrap());
    let Some(Ok(Contact::Address(contact))) = message.list(Name::Contact).next() else {
        panic!();
    };
    let caller = Uri::parse("sip:caller@host5.example.net;lr;name=value%2541").unwrap();
    assert_eq!(contact.uri, caller);

    let message = Message::parse(message!("escnull")).unwrap();
    let contacts: Vec<Contact<'_>> = message.list(Name::Contact).map(Result::unwrap).collect();
    assert_eq!(contacts.len(), 2);
    assert_ne!(contacts[0], contacts[1]);

    let message = Message::parse(message!("esc02")).unwrap();
    assert_eq!(message.list::<Contact<'_>>(Name::Contact).count(), 2);
    let to: Address<'_> = message.required(Name::To).unwrap();
    let Some(DisplayName::Quoted(name)) = to.display_name else {
        panic!();
    };
    assert!(name.is(b"%Z%45"));

    let message = Message::parse(message!("semiuri")).unwrap();
    let StartLine::Request(line) = message.start_line() else {
        panic!();
    };
    let Ok(Uri::Sip(uri)) = line.parsed_uri() else {
        panic!();
    };
    assert_eq!(uri.user.unwrap().octets(), b"user;par=u%40example.net");
    assert_eq!(message.list::<MediaType<'_>>(Name::Accept).count(), 6);
}

/// Sections 3.1.1.7, 3.1.1.8, 3.1.1.11 and 3.3.12 to 3.3.14.
#[test]
fn lengths_and_places() {
    let message = Message::parse(message!("longreq")).unwrap();
    assert_eq!(
        message
            .list::<Via<'_>>(Name::Via)
            .map(Result::unwrap)
            .count(),
        34
    );
    let to: Address<'_> = message.required(Name::To).unwrap();
    let Uri::Sip(uri) = to.uri else { panic!() };
    assert_eq!((uri.port, uri.params.into_iter().count()), (Some(6000), 3));
    assert_eq!(to.params.into_iter().count(), 0);

    let message = Message::parse(message!("dblreq")).unwrap();
    assert!(message.body().is_empty());
    let message = Message::parse(message!("mpart01")).unwrap();
    assert!(
        message
            .body()
            .octets()
            .ends_with(b"--7a9cbec02ceef655--\r\n")
    );

    for (octets, in_uri, in_field) in [(message!("cparam01"), 0, 1), (message!("cparam02"), 1, 0)] {
        let message = Message::parse(octets).unwrap();
        let Some(Ok(Contact::Address(contact))) = message.list(Name::Contact).next() else {
            panic!();
        };
        let Uri::Sip(uri) = contact.uri else { panic!() };
        let counted = (
            uri.params.into_iter().count(),
            contact.params.into_iter().count(),
        );
        assert_eq!(counted, (in_uri, in_field));
    }
    let message = Message::parse(message!("regescrt")).unwrap();
    let Some(Ok(Contact::Address(contact))) = message.list(Name::Contact).next() else {
        panic!();
    };
    let Uri::Sip(uri) = contact.uri else { panic!() };
    assert_eq!(uri.headers.octets(), b"Route=%3Csip:sip.example.com%3E");
}

/// Section 3.3.7: another scheme is read, and has no digest parameters.
#[test]
fn an_unknown_scheme() {
    let message = Message::parse(message!("regaut01")).unwrap();
    let field = message.fields(Name::Authorization).next().unwrap();
    let authentication = Authentication::parse(field.value).unwrap();
    assert!(authentication.scheme.is("NoOneKnowsThisScheme"));
    assert_eq!(authentication.digest(), Ok(None));
    assert!(
        AuthParams::parse(authentication.rest)
            .unwrap()
            .get("opaque-data")
            .unwrap()
            .is("here")
    );
}

/// A message cut anywhere, or with any octet changed, is read or refused.
#[test]
fn damaged_anywhere() {
    for (_, octets) in accepted!("semiuri" "regescrt") {
        for len in 0..octets.len() {
            let _ = verdict(&octets[..len]);
        }
        let mut changed = octets.to_vec();
        for place in 0..octets.len() {
            for octet in [
                0, b'\r', b'\n', b' ', b'"', b'\\', b'<', b'>', b';', b',', b':', b'%', b'[', 0xff,
            ] {
                changed[place] = octet;
                let _ = verdict(&changed);
            }
            changed[place] = octets[place];
        }
    }
}
