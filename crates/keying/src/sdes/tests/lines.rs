// SPDX-License-Identifier: MIT OR Apache-2.0
//! Single lines: the grammar, production by production.

use std::format;
use std::string::String;
use std::vec::Vec;

use proptest::prelude::*;

use super::super::keys::Keys;
use super::*;

fn cm(rest: &str) -> String {
    format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}{rest}")
}

#[test]
fn the_lines_of_the_rfc() {
    let text =
        format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20|1:4 FEC_ORDER=FEC_SRTP");
    let line = CryptoAttribute::parse(text.as_bytes()).unwrap();
    assert_eq!((line.tag(), line.suite().unwrap().profile()), (1, CM_80));
    let key = line.keys().unwrap().next().unwrap();
    assert_eq!(key.base64, KEY.as_bytes());
    assert_eq!(key.lifetime, Some(1 << 20));
    assert_eq!(
        key.mki,
        Some(Mki {
            digits: b"1",
            len: 4
        })
    );
    assert_eq!(line.params().unwrap().fec_order, Some(FecOrder::FecSrtp));
    let mut keys = Keys::new();
    keys.read(&line).unwrap();
    assert_eq!(&keys.secrets[0].expose()[..30], KEY_OCTETS);
    assert_eq!(&keys.mkis[..4], &[0, 0, 0, 1]);

    let text =
        format!("a=crypto:2 F8_128_HMAC_SHA1_80 inline:{OTHER}|2^20|1:4;inline:{THIRD}|2^20|2:4");
    let line = CryptoAttribute::parse(text.as_bytes()).unwrap();
    let keys: Vec<_> = line.keys().unwrap().collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[1].base64, THIRD.as_bytes());
    assert_eq!(keys[1].mki.unwrap().digits, b"2");
}

#[test]
fn every_parameter() {
    let text = cm(&format!(
        "|1066:4 KDR=24\tUNENCRYPTED_SRTP UNENCRYPTED_SRTCP UNAUTHENTICATED_SRTP FEC_ORDER=SRTP_FEC \
         FEC_KEY=inline:{OTHER}|2^31|7:1;inline:{THIRD}|8:1 WSH=128 -FUTURE=1 "
    ));
    let line = CryptoAttribute::parse(text.as_bytes()).unwrap();
    assert_eq!(
        line.params().unwrap(),
        SessionParams {
            unencrypted_srtp: true,
            unencrypted_srtcp: true,
            unauthenticated_srtp: true,
            kdr: 24,
            fec_order: Some(FecOrder::SrtpFec),
            window_hint: Some(128),
        }
    );
    let each: Vec<_> = line.each_param().unwrap().collect();
    assert_eq!(each.len(), 8);
    let SessionParam::FecKey(fec_keys) = each[5].clone() else {
        panic!("{each:?}");
    };
    let fec_keys: Vec<_> = fec_keys.collect();
    assert_eq!(fec_keys.len(), 2);
    assert_eq!(
        (fec_keys[1].base64, fec_keys[1].lifetime),
        (THIRD.as_bytes(), None)
    );
    assert!(matches!(
        each[7],
        SessionParam::Unknown {
            text: b"FUTURE=1",
            optional: true
        }
    ));
}

#[test]
fn lifetimes() {
    let lifetime = |text: &str| {
        let text = cm(text);
        let line = CryptoAttribute::parse(text.as_bytes())?;
        Ok(line.keys().unwrap().next().unwrap().lifetime)
    };
    assert_eq!(lifetime(""), Ok(None));
    assert_eq!(lifetime("|2^0"), Ok(Some(1)));
    assert_eq!(lifetime("|2^48"), Ok(Some(1 << 48)));
    assert_eq!(lifetime("|1"), Ok(Some(1)));
    assert_eq!(lifetime("|281474976710656"), Ok(Some(1 << 48)));
    let fault = |reason, offset| Err(Fault { reason, offset });
    for text in [
        "|2^49",
        "|281474976710657",
        "|0",
        "|2^64",
        "|99999999999999999999999",
        "|020",
        "|2^",
    ] {
        let found: Fault = lifetime(text).unwrap_err();
        assert_eq!(found.reason, Reason::Lifetime, "{text}");
    }
    assert_eq!(lifetime("|2^20|2^20"), fault(Reason::Syntax, 89));
    assert_eq!(lifetime("|2^20|"), fault(Reason::Mki, 88));
    assert_eq!(lifetime("|1:4|2^20"), fault(Reason::Syntax, 86));
}

#[test]
fn mkis() {
    let mki = |text: &str, len: usize| {
        let mut out = std::vec![0xee; len];
        let text = cm(text);
        let line = CryptoAttribute::parse(text.as_bytes()).map_err(|fault| fault.reason)?;
        let mki = line.keys().unwrap().next().unwrap().mki.unwrap();
        assert_eq!(usize::from(mki.len), len);
        mki.write(&mut out).map(|()| out)
    };
    assert_eq!(mki("|1:1", 1), Ok([1].to_vec()));
    assert_eq!(mki("|255:1", 1), Ok([255].to_vec()));
    assert_eq!(mki("|256:1", 1), Err(Reason::Mki));
    assert_eq!(mki("|2^31|1066:4", 4), Ok([0, 0, 4, 42].to_vec()));
    assert_eq!(mki("|4294967295:4", 4), Ok([255; 4].to_vec()));
    assert_eq!(mki("|4294967296:4", 4), Err(Reason::Mki));
    assert_eq!(
        mki("|18446744073709551616:9", 9),
        Ok([1, 0, 0, 0, 0, 0, 0, 0, 0].to_vec())
    );
    let long = mki("|1:128", 128).unwrap();
    assert!(long[127] == 1 && long[..127].iter().all(|octet| *octet == 0));
    // Everything there is to know: 2^1024 - 1.
    let largest = "179769313486231590772930519078902473361797697894230657273430081157732675805500963132708477322407\
                   536021120113879871393357658789768814416622492847430639474124377767893424865485276302219601246094\
                   119453082952085005768838150682342462881473913110540827237163350510684586298239947245938479716304\
                   835356329624224137215";
    assert_eq!(
        mki(&format!("|{largest}:128"), 128),
        Ok([255; 128].to_vec())
    );
    for text in [
        "|0:4", "|01:4", "|1:0", "|1:129", "|1:04", "|:4", "|1:", "|x:4",
    ] {
        let fault = CryptoAttribute::parse(cm(text).as_bytes()).unwrap_err();
        assert!(
            matches!(fault.reason, Reason::Mki | Reason::Lifetime),
            "{text}: {fault:?}"
        );
    }
    // Several keys all have one, of one length.
    for text in ["", "|1:4", "|2^20"] {
        let text = cm(&format!("{text};inline:{OTHER}|2:2"));
        assert_eq!(
            CryptoAttribute::parse(text.as_bytes()).unwrap_err().reason,
            Reason::Mki,
            "{text}"
        );
    }
}

#[test]
fn crypto_suites() {
    for profile in Profile::ALL {
        let name = profile.name().to_bytes();
        assert_eq!(Suite::from_name(name).is_some(), profile.is_encrypting());
        assert_eq!(Suite::of(*profile).is_some(), profile.is_encrypting());
    }
    let ours = |name: &str| Suite::from_name(name.as_bytes()).unwrap();
    assert_eq!(ours("aes_cm_128_hmac_sha1_80").profile(), CM_80);
    assert_eq!(ours("SRTP_AES128_CM_HMAC_SHA1_32").profile(), CM_32);
    assert_eq!(
        ours("SRTP_AES128_CM_HMAC_SHA1_32").name(),
        b"SRTP_AES128_CM_HMAC_SHA1_32"
    );
    assert_eq!(
        ours("AES_CM_256_HMAC_SHA1_80").profile(),
        Profile::AesCm256HmacSha1_80
    );
    // Of RFC 5669, RFC 8269, the grammar of RFC 4568, a null cipher, and of no RFC.
    for name in [
        "SEED_CTR_128_HMAC_SHA1_80",
        "SEED_128_CCM_80",
        "SEED_128_GCM_96",
        "ARIA_128_CTR_HMAC_SHA1_80",
        "ARIA_128_CTR_HMAC_SHA1_32",
        "ARIA_192_CTR_HMAC_SHA1_80",
        "ARIA_256_CTR_HMAC_SHA1_80",
        "AEAD_ARIA_128_GCM",
        "AEAD_ARIA_256_GCM",
        "F8_128_HMAC_SHA1_32",
        "NULL_HMAC_SHA1_80",
        "x",
    ] {
        for rest in ["inline:AAAA|2^99 WHAT ever", "url:sip!", "?"] {
            let text = format!("a=crypto:3 {name} {rest}");
            let line = CryptoAttribute::parse(text.as_bytes()).unwrap();
            assert_eq!((line.tag(), line.suite_name()), (3, name.as_bytes()));
            assert!(line.suite().is_none() && line.keys().is_none() && line.params().is_none());
            assert!(line.each_param().is_none());
        }
    }
}

#[test]
fn what_is_refused() {
    let cases = [
        (String::new(), Reason::Syntax, 0),
        (
            "A=CRYPTO:1 AES_CM_128_HMAC_SHA1_80 inline:".into(),
            Reason::Syntax,
            0,
        ),
        ("a=crypto:".into(), Reason::Syntax, 9),
        (cm("").replacen(":1", ":01", 1), Reason::Syntax, 9),
        (cm("").replacen(":1", ":-1", 1), Reason::Syntax, 9),
        (cm("").replacen(":1", ":1000000000", 1), Reason::Syntax, 9),
        (cm("").replacen(":1 ", ":1", 1), Reason::Syntax, 10),
        (cm("").replacen("AES", "?", 1), Reason::Syntax, 11),
        (cm("").replacen("inline", "", 1), Reason::Syntax, 35),
        (cm("").replacen("inline", "uri", 1), Reason::KeyMethod, 35),
        (
            cm("").replacen("inline", "inlined", 1),
            Reason::KeyMethod,
            35,
        ),
        (
            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:".into(),
            Reason::Key,
            42,
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{}", &KEY[1..]),
            Reason::Key,
            42,
        ),
        (cm("A"), Reason::Key, 42),
        (cm("="), Reason::Key, 42),
        (
            format!("a=crypto:1 AEAD_AES_128_GCM inline:{KEY}"),
            Reason::Key,
            35,
        ),
        (
            format!("a=crypto:1 AEAD_AES_128_GCM inline:{}", &GCM_KEY[..39]),
            Reason::Key,
            35,
        ),
        (cm("?"), Reason::Syntax, 82),
        (cm(";"), Reason::Mki, 35),
        (cm("|1:4;"), Reason::Syntax, 87),
        (cm(" KDR=0"), Reason::ParameterValue, 83),
        (cm(" KDR=25"), Reason::ParameterValue, 83),
        (cm(" KDR=010"), Reason::ParameterValue, 83),
        (cm(" KDR=1x"), Reason::ParameterValue, 83),
        (cm(" KDR=1 KDR=1"), Reason::ParameterValue, 89),
        (cm(" WSH=63"), Reason::ParameterValue, 83),
        (cm(" WSH=064"), Reason::ParameterValue, 83),
        (cm(" WSH="), Reason::ParameterValue, 83),
        (cm(" WSH=99999999999999999999"), Reason::ParameterValue, 83),
        (cm(" FEC_ORDER=FEC"), Reason::ParameterValue, 83),
        (cm(" FEC_ORDER=FEC_SRTPX"), Reason::ParameterValue, 83),
        (cm(" FEC_KEY=inline:AA"), Reason::Key, 83),
        (
            cm(" UNENCRYPTED_SRTP UNENCRYPTED_SRTP"),
            Reason::ParameterValue,
            100,
        ),
        (cm(" UNENCRYPTED_SRTPX"), Reason::UnknownParameter, 83),
        (cm(" KDR"), Reason::UnknownParameter, 83),
        (cm(" -OK NEW"), Reason::UnknownParameter, 87),
        (cm(" -"), Reason::Syntax, 83),
        (cm(" --NEW"), Reason::Syntax, 83),
        (cm(" \u{e4}"), Reason::Syntax, 83),
        (cm("\0"), Reason::Syntax, 82),
        (cm("\r\n\r\n"), Reason::Syntax, 82),
        (
            "a=crypto:1 SEED_128_CCM_80 inline:\u{e4}".into(),
            Reason::Syntax,
            34,
        ),
        ("a=crypto:1 SEED_128_CCM_80 ".into(), Reason::Syntax, 27),
        (cm(&" ".repeat(MAX_LINE_LEN)), Reason::LineTooLong, 0),
    ];
    for (text, reason, offset) in cases {
        assert_eq!(
            CryptoAttribute::parse(text.as_bytes()).map(|_| ()),
            Err(Fault { reason, offset }),
            "{text:?}"
        );
    }
}

/// Base64 is looked at when it is decoded.
#[test]
fn keys_that_are_no_base64() {
    for at in 0..KEY.len() {
        for wrong in ["!", "=", "-", "_", " ", "|", ";", "\0"] {
            let mut key = String::from(KEY);
            key.replace_range(at..=at, wrong);
            let text = format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{key}\r\n");
            let found = reason(&Negotiation::new(), &text, &Policy::new(BOTH), 0);
            assert_eq!(found, Reason::Key, "{text}");
        }
    }
    // 28 octets leave four bits over, which must be zero.
    let text = "a=crypto:1 AEAD_AES_128_GCM inline:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB==";
    assert_eq!(
        reason(&Negotiation::new(), text, &Policy::new(&[GCM]), 0),
        Reason::Key
    );
}

/// The good lines of what is refused above, so that a refusal means what it says.
#[test]
fn what_is_taken() {
    let policy = Policy::new(&[CM_80, GCM]);
    for text in [
        cm(""),
        cm("\r\n"),
        cm("\n"),
        cm(" "),
        cm(" \t"),
        cm("").replacen("inline", "INLINE", 1),
        cm("|2^31"),
        cm("").replace(' ', " \t "),
        cm(" -NEW=x -OTHER"),
        cm(" FEC_ORDER=FEC_SRTP"),
        cm(" WSH=64"),
        cm(" WSH=99999999999"),
        format!("a=crypto:999999999 AEAD_AES_128_GCM inline:{GCM_KEY}"),
        format!(
            "a=crypto:0 aead_aes_128_gcm inline:{}",
            GCM_KEY.trim_end_matches('=')
        ),
    ] {
        Negotiation::new()
            .verdict(text.as_bytes(), &policy, 0)
            .unwrap();
    }
}

#[test]
fn debug_shows_no_key() {
    let text = cm(&format!("|1:4;inline:{OTHER}|2:4 FEC_KEY=inline:{THIRD}"));
    let line = CryptoAttribute::parse(text.as_bytes()).unwrap();
    let mut alice = Negotiation::new();
    let offered = offer(&mut alice, &Policy::new(BOTH), 1);
    let mut said = format!("{line:?} {alice:?} {:?}", line.keys().unwrap().next());
    said += &format!(
        "{:?} {:?}",
        line.keys(),
        line.each_param().unwrap().collect::<Vec<_>>()
    );
    for key in [KEY, OTHER, THIRD, &lines_of(&offered)[0][42..]] {
        assert!(!said.contains(key), "{said}");
    }
    let octets = format!("{:?}", &KEY.as_bytes()[..4]);
    assert!(!said.contains(&octets[1..octets.len() - 1]), "{said}");
}

proptest! {
    #[test]
    fn anything_may_arrive(text in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(CryptoAttribute::parse(&text).is_err());
    }

    /// A damaged line is refused or means what it says: never another length of key.
    #[test]
    fn a_damaged_line(cut in any::<prop::sample::Index>(), octet: u8) {
        let mut text = cm(&format!("|2^20|1:4;inline:{OTHER}|2:4 KDR=3 WSH=64 FEC_KEY=inline:{THIRD}")).into_bytes();
        let at = cut.index(text.len());
        text[at] = octet;
        if let Ok(line) = CryptoAttribute::parse(&text)
            && let Some(suite) = line.suite()
        {
            for key in line.keys().unwrap() {
                prop_assert_eq!(key.base64.len(), (suite.secret_len() * 8).div_ceil(6));
            }
        }
    }
}
