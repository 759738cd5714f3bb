// SPDX-License-Identifier: MIT OR Apache-2.0
//! URIs and their comparison.

use crate::{Error, Host, MAX_URI_PARAMS, Uri};

fn uri(text: &str) -> Uri<'_> {
    Uri::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

/// RFC 3261 section 19.1.4, those that are equivalent.
#[test]
fn the_same() {
    for (one, other) in [
        (
            "sip:%61lice@atlanta.com;transport=TCP",
            "sip:alice@AtLanTa.CoM;Transport=tcp",
        ),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;gr=other"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"),
        (
            "sip:carol@chicago.com;newparam=5",
            "sip:carol@chicago.com;security=on",
        ),
        (
            "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
            "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
        ),
        (
            "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
            "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
        ),
        ("sip:bob@[2001:db8::9:1]", "sip:bob@[2001:db8::9:01]"),
        ("sip:bob@[::ffff:192.0.2.128]", "sip:bob@[::ffff:c000:280]"),
        ("sip:a;b%20c@x.com", "sip:a;b%20c@x.com"),
        ("tel:+1-201-555-0123", "TEL:+1(201)555.0123"),
        (
            "tel:7042;phone-context=example.com",
            "tel:70-42;Phone-Context=Example.COM",
        ),
        (
            "tel:863-1234;phone-context=+1-914-555",
            "tel:8631234;phone-context=+1914555",
        ),
        (
            "tel:+12015550123;ext=1-2;isub=ab",
            "tel:+12015550123;isub=AB;ext=12",
        ),
        ("http://a.example/x", "http://a.example/x"),
    ] {
        assert_eq!(uri(one), uri(other));
        assert_eq!(uri(other), uri(one));
    }
}

/// The same section, those that are not, and what its rules say.
#[test]
fn not_the_same() {
    for (one, other) in [
        (
            "SIP:ALICE@AtLanTa.CoM;Transport=udp",
            "sip:alice@AtLanTa.CoM;Transport=UDP",
        ),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
        (
            "sip:bob@biloxi.com:6000;transport=tcp",
            "sip:bob@biloxi.com",
        ),
        (
            "sip:carol@chicago.com",
            "sip:carol@chicago.com?Subject=next%20meeting",
        ),
        ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
        (
            "sip:carol@chicago.com;security=on",
            "sip:carol@chicago.com;security=off",
        ),
        (
            "sip:carol@chicago.com;security",
            "sip:carol@chicago.com;security=off",
        ),
        ("sip:carol@chicago.com", "sips:carol@chicago.com"),
        ("sip:carol@chicago.com", "sip:chicago.com"),
        ("sip:carol:x@chicago.com", "sip:carol@chicago.com"),
        (
            "sip:carol@chicago.com",
            "sip:carol@chicago.com;maddr=239.255.255.1",
        ),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;user=ip"),
        ("sip:carol@chicago.com;ttl=15", "sip:carol@chicago.com"),
        // A reserved character is not the same as its escape.
        ("sip:a;b@x.com", "sip:a%3Bb@x.com"),
        ("sip:x.com?a=b", "sip:x.com?a=B"),
        ("sip:bob@[::1]", "sip:bob@[::2]"),
        ("sip:+12015550123@x.com", "tel:+12015550123"),
        ("tel:+12015550123", "tel:+12015550124"),
        ("tel:+12015550123", "tel:+12015550123;ext=1"),
        (
            "tel:7042;phone-context=example.com",
            "tel:7042;phone-context=example.net",
        ),
        ("http://a.example/x", "http://a.example/X"),
    ] {
        assert_ne!(uri(one), uri(other));
        assert_ne!(uri(other), uri(one));
    }
}

#[test]
fn parts() {
    let Uri::Sip(sip) = uri("sips:alice:secret@[::1]:5061;lr;x=%41?subject=a%20b&y=") else {
        panic!();
    };
    assert!(sip.is_sips);
    assert_eq!(sip.user.unwrap().octets(), b"alice");
    assert_eq!(sip.password.unwrap().octets(), b"secret");
    assert!(matches!(sip.host, Host::V6(address) if address.is_loopback()));
    assert_eq!(sip.port, Some(5061));
    assert!(sip.params.get("LR").unwrap().value.is_none());
    assert_eq!(sip.params.get("x").unwrap().value.unwrap().octets(), b"%41");
    assert!(sip.params.get("y").is_none());
    assert_eq!(sip.headers.octets(), b"subject=a%20b&y=");
    assert!(matches!(uri("sip:192.0.2.1"), Uri::Sip(sip) if matches!(sip.host, Host::V4(_))));
    assert!(matches!(uri("tel:+1-2"), Uri::Tel(tel) if tel.is_global()));
}

#[test]
fn not_a_uri() {
    for (text, offset) in [
        ("", 0),
        ("sip", 3),
        ("1ip:a", 0),
        ("sip:", 4),
        ("sip:@x", 4),
        ("sip:a@", 6),
        ("sip:a@b@c", 7),
        ("sip:a@-b", 6),
        ("sip:a@b-", 6),
        ("sip:a@b..c", 6),
        ("sip:a@1.2", 6),
        ("sip:a@b c", 7),
        ("sip:a@[::g]", 9),
        ("sip:a@[1.2.3.4]", 6),
        ("sip:a@b:", 8),
        ("sip:a@b;", 8),
        ("sip:a@b;=x", 8),
        ("sip:a@b;x=", 10),
        ("sip:a@b?", 8),
        ("sip:a@b?x", 9),
        ("sip:a%4@b", 5),
        ("sip:\u{e4}@b", 4),
        ("tel:", 4),
        ("tel:+-", 5),
        ("tel:123", 4),
        ("tel:+1#", 6),
        ("x:", 2),
        ("x:a b", 3),
    ] {
        assert_eq!(
            Uri::parse(text).map(|_| ()),
            Err(Error::Syntax { offset }),
            "{text}"
        );
    }
    assert!(matches!(
        Uri::parse("sip:a@b:65536"),
        Err(Error::Range { offset: 8 })
    ));
}

#[test]
fn as_many_parameters_as_allowed() {
    let with = |count| {
        let params = (0..count).map(|number| std::format!(";p{number}"));
        std::string::String::from("sip:a@b") + &params.collect::<std::string::String>()
    };
    let repeated = Error::Repeated { offset: 10 };
    assert_eq!(Uri::parse("sip:a@b;p;%50=1").map(|_| ()), Err(repeated));
    let last = with(MAX_URI_PARAMS - 1) + ";P0";
    assert!(matches!(
        Uri::parse(last.as_str()),
        Err(Error::Repeated { .. })
    ));
    // The same hash, and not the same name.
    assert!(Uri::parse("sip:a@b;costarring;liquid").is_ok());
    assert!(Uri::parse(with(MAX_URI_PARAMS).as_str()).is_ok());
    assert!(matches!(
        Uri::parse(with(MAX_URI_PARAMS + 1).as_str()),
        Err(Error::TooMany { .. })
    ));
}
