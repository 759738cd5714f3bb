// SPDX-License-Identifier: MIT OR Apache-2.0

use std::format;
use std::string::String;
use std::vec::Vec;

use proptest::prelude::*;
use sipseal_core::RandomFailed;
use sipseal_srtp::Profile;

use super::{CryptoAttribute, Error, MAX_LINE_LEN, MAX_PARSED_LINE_LEN};

/// A random source that counts: 1, 2, 3, ...
fn counting() -> impl FnMut(&mut [u8]) -> Result<(), RandomFailed> {
    let mut next = 0;
    move |out| {
        out.fill_with(|| {
            next += 1;
            next
        });
        Ok(())
    }
}

fn line(attribute: &CryptoAttribute) -> String {
    let mut out = [0; MAX_LINE_LEN];
    let len = attribute.write(&mut out).unwrap();
    String::from_utf8(out[..len].to_vec()).unwrap()
}

/// The line that RFC 4568 section 4.1 shows, less its lifetime and MKI, and its key in octets.
#[test]
fn the_line_of_the_rfc() {
    let text =
        b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";
    let attribute = CryptoAttribute::parse(text).unwrap();
    assert_eq!(
        (attribute.tag(), attribute.profile()),
        (1, Profile::AesCm128HmacSha1_80)
    );
    assert_eq!(attribute.secret(), b"=-n@%^x!Bjufr9)?,#5h\\`=&]{qiPQ");
    assert_eq!(line(&attribute).as_bytes(), text);
}

#[test]
fn every_profile_there_and_back() {
    for profile in Profile::ALL
        .iter()
        .copied()
        .filter(|profile| profile.is_encrypting())
    {
        for tag in [0, 1, 10, 999_999_999] {
            let offered = CryptoAttribute::generate(tag, profile, &mut counting()).unwrap();
            assert_eq!(
                offered.secret().len(),
                profile.key_len() + profile.salt_len()
            );
            assert!(
                offered
                    .secret()
                    .iter()
                    .copied()
                    .eq(1..=u8::try_from(offered.secret().len()).unwrap())
            );
            let text = line(&offered);
            assert!(text.len() <= MAX_LINE_LEN);
            for text in [
                text.clone(),
                format!("{text}\r\n"),
                format!("{text}\n"),
                format!("{text} "),
                String::from(text.trim_end_matches('=')),
                text.replace(' ', " \t  "),
            ] {
                let read = CryptoAttribute::parse(text.as_bytes()).unwrap();
                assert_eq!((read.tag(), read.profile()), (tag, profile), "{text}");
                assert_eq!(read.secret(), offered.secret());
            }
        }
    }
}

/// The longest line there can be fits what callers are told to provide, and not an octet less.
#[test]
fn room_to_write() {
    let attribute =
        CryptoAttribute::generate(999_999_999, Profile::AesCm256HmacSha1_80, &mut counting())
            .unwrap();
    let needed = line(&attribute).len();
    let mut out = [b'x'; MAX_LINE_LEN];
    assert_eq!(
        attribute.write(&mut out[..needed - 1]),
        Err(Error::BufferTooSmall { needed })
    );
    assert!(out.iter().all(|octet| *octet == b'x'), "nothing written");
    assert_eq!(attribute.write(&mut out[..needed]), Ok(needed));
}

#[test]
fn randomness_may_fail() {
    let mut failing = |_: &mut [u8]| Err(RandomFailed);
    let error = CryptoAttribute::generate(1, Profile::AeadAes128Gcm, &mut failing).map(|_| ());
    assert_eq!(error, Err(Error::Random));
    let error = CryptoAttribute::generate(1_000_000_000, Profile::AeadAes128Gcm, &mut counting());
    assert_eq!(error.map(|_| ()), Err(Error::TagTooLarge));
}

#[test]
#[allow(clippy::too_many_lines)] // A table.
fn what_is_refused() {
    const KEY: &str = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";
    let cases = [
        (String::new(), Error::Syntax { offset: 0 }),
        (
            "A=CRYPTO:1 AES_CM_128_HMAC_SHA1_80 inline:".into(),
            Error::Syntax { offset: 0 },
        ),
        (
            format!("a=crypto:07 AES_CM_128_HMAC_SHA1_80 inline:{KEY}"),
            Error::Syntax { offset: 9 },
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 {KEY}"),
            Error::Syntax { offset: 35 },
        ),
        (
            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 keyid:77".into(),
            Error::Unsupported { offset: 35 },
        ),
        (
            format!("a=cripto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}"),
            Error::Syntax { offset: 0 },
        ),
        (
            format!("a=crypto: AES_CM_128_HMAC_SHA1_80 inline:{KEY}"),
            Error::Syntax { offset: 9 },
        ),
        (
            format!("a=crypto:x AES_CM_128_HMAC_SHA1_80 inline:{KEY}"),
            Error::Syntax { offset: 9 },
        ),
        (
            format!("a=crypto:-1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}"),
            Error::Syntax { offset: 9 },
        ),
        (
            format!("a=crypto:1234567890 AES_CM_128_HMAC_SHA1_80 inline:{KEY}"),
            Error::Syntax { offset: 9 },
        ),
        (
            format!("a=crypto:1AES_CM_128_HMAC_SHA1_80 inline:{KEY}"),
            Error::Syntax { offset: 10 },
        ),
        (
            format!("a=crypto:1  inline:{KEY}"),
            Error::Syntax { offset: 18 },
        ),
        (
            format!("a=crypto:1 NULL_HMAC_SHA1_80 inline:{KEY}"),
            Error::UnknownSuite { offset: 11 },
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_8 inline:{KEY}"),
            Error::UnknownSuite { offset: 11 },
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 outline:{KEY}"),
            Error::Unsupported { offset: 35 },
        ),
        (
            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:".into(),
            Error::Key { offset: 42 },
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{}", &KEY[1..]),
            Error::Key { offset: 42 },
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}A"),
            Error::Key { offset: 42 },
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}="),
            Error::Key { offset: 42 },
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:={}", &KEY[1..]),
            Error::Key { offset: 42 },
        ),
        (
            format!("a=crypto:1 AEAD_AES_128_GCM inline:{KEY}"),
            Error::Key { offset: 35 },
        ),
        // 28 octets leave four bits over, which must be zero, and padding must be all there or not at all.
        (
            "a=crypto:1 AEAD_AES_128_GCM inline:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB==".into(),
            Error::Key { offset: 35 },
        ),
        (
            "a=crypto:1 AEAD_AES_128_GCM inline:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHA=".into(),
            Error::Key { offset: 35 },
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20"),
            Error::Unsupported { offset: 82 },
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|1:4"),
            Error::Unsupported { offset: 82 },
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY};inline:{KEY}"),
            Error::Unsupported { offset: 82 },
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY} UNENCRYPTED_SRTP"),
            Error::Unsupported { offset: 83 },
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}\0"),
            Error::Syntax { offset: 82 },
        ),
        (
            format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}\r\n\r\n"),
            Error::Syntax { offset: 82 },
        ),
        ("a".repeat(MAX_PARSED_LINE_LEN + 1), Error::LineTooLong),
    ];
    for (text, error) in cases {
        assert_eq!(
            CryptoAttribute::parse(text.as_bytes()).map(|_| ()),
            Err(error),
            "{text:?}"
        );
    }
}

/// The good lines of what is refused above, so that a refusal means what it says.
#[test]
fn what_is_taken() {
    for text in [
        "a=crypto:1 AEAD_AES_128_GCM inline:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHA==",
        "a=crypto:1 AEAD_AES_128_GCM inline:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHA",
        "a=crypto:1 aead_aes_128_gcm INLINE:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHA",
    ] {
        let attribute = CryptoAttribute::parse(text.as_bytes()).unwrap();
        assert!(attribute.secret().iter().copied().eq(1..=28));
    }
}

#[test]
fn debug_shows_no_key() {
    let attribute = CryptoAttribute::generate(7, Profile::AeadAes128Gcm, &mut counting()).unwrap();
    assert_eq!(
        format!("{attribute:?}"),
        "CryptoAttribute { tag: 7, profile: AeadAes128Gcm, .. }"
    );
}

proptest! {
    #[test]
    fn anything_may_arrive(text in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(CryptoAttribute::parse(&text).is_err());
    }

    /// A damaged line is refused or means what it says: never another length of key.
    #[test]
    fn a_damaged_line(
        tag in 0..=999_999_999_u32,
        profile in 0..7_usize,
        cut in any::<prop::sample::Index>(),
        octet: u8,
    ) {
        let profile = Profile::ALL[profile];
        let text = line(&CryptoAttribute::generate(tag, profile, &mut counting()).unwrap());
        let mut damaged: Vec<u8> = text.into_bytes();
        let at = cut.index(damaged.len());
        damaged[at] = octet;
        if let Ok(read) = CryptoAttribute::parse(&damaged) {
            let lengths = read.profile().key_len() + read.profile().salt_len();
            prop_assert_eq!(read.secret().len(), lengths);
        }
        prop_assert!(CryptoAttribute::parse(&damaged[..at.min(30)]).is_err());
    }
}
