// SPDX-License-Identifier: MIT OR Apache-2.0

use proptest::prelude::*;
use serde_json::Value;

use super::aes_cm::hex;
use super::{open, seal};
use crate::{F8HmacSha1, InvalidKeyLength, PacketCipher, SessionKey};

/// RFC 3711 appendix B.1. Its salt has four octets; the mask is the same with a salt of 14 that ends in 0x55.
#[test]
fn rfc3711_b1() {
    let file: Value =
        serde_json::from_str(include_str!("../../../../tests/vectors/rfc3711.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let case = cases.iter().find(|case| case["operation"] == "f8").unwrap();
    let (encryption, mut salt) = (hex(&case["sessionKey"]), hex(&case["sessionSalt"]));
    let iv: [u8; 16] = hex(&case["iv"]).try_into().unwrap();
    for padded in [4, 14] {
        salt.resize(padded, 0x55);
        let key = SessionKey {
            encryption: &encryption,
            authentication: &[1; 20],
            salt: &salt,
        };
        let f8 = F8HmacSha1::new(&key).unwrap();
        let plaintext = hex(&case["plaintext"]);
        let (sealed, tag) = seal(&f8, &iv, &[], &plaintext, &[], 10);
        assert_eq!(sealed, hex(&case["ciphertext"]));
        assert_eq!(open(&f8, &iv, &[], &sealed, &[], &tag), Ok(plaintext));
    }
}

proptest! {
    #[test]
    fn there_and_back(
        key: [u8; 16],
        salt: [u8; 14],
        iv: [u8; 16],
        payload in prop::collection::vec(any::<u8>(), 0..200),
        flip in any::<prop::sample::Index>(),
    ) {
        let key = SessionKey { encryption: &key, authentication: &[1; 20], salt: &salt };
        let f8 = F8HmacSha1::new(&key).unwrap();
        let (sealed, mut tag) = seal(&f8, &iv, b"header", &payload, b"roc", 10);
        prop_assert_eq!(open(&f8, &iv, b"header", &sealed, b"roc", &tag), Ok(payload));
        let bit = flip.index(80);
        tag[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(open(&f8, &iv, b"header", &sealed, b"roc", &tag).is_err());
    }
}

#[test]
fn key_lengths() {
    for (encryption, authentication) in [(15, 20), (24, 20), (32, 20), (16, 0)] {
        let (encryption, authentication) = (&[0; 32][..encryption], &[0; 20][..authentication]);
        let key = SessionKey {
            encryption,
            authentication,
            salt: &[0; 14],
        };
        assert_eq!(F8HmacSha1::new(&key).map(|_| ()), Err(InvalidKeyLength));
    }
}
