// SPDX-License-Identifier: MIT OR Apache-2.0

use std::string::String;
use std::vec::Vec;

use hmac::{Hmac, Mac};
use proptest::prelude::*;
use serde_json::Value;
use sha1::Sha1;

use super::{keys, open, seal};
use crate::{
    Aes128Enc, Aes192Enc, Aes256Enc, AesBlock, AesCmHmacSha1, InvalidKeyLength, PacketCipher,
    xor_keystream,
};

pub(super) fn hex(value: &Value) -> Vec<u8> {
    let digits = value.as_str().unwrap();
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

/// RFC 3711 appendix B.2: the counter runs through its 16 bits.
#[test]
fn rfc3711_b2_keystream() {
    let file: Value =
        serde_json::from_str(include_str!("../../../../tests/vectors/rfc3711.json")).unwrap();
    let mut blocks_checked = 0;
    for case in file["cases"].as_array().unwrap() {
        if case["operation"] != "keystream" {
            continue;
        }
        let aes = Aes128Enc::new_from_slice(&hex(&case["sessionKey"])).unwrap();
        let iv: [u8; 16] = hex(&case["iv"]).try_into().unwrap();
        let segment = usize::try_from(case["segmentOctets"].as_u64().unwrap()).unwrap();
        let mut keystream = std::vec![0; segment];
        xor_keystream(&aes, &iv, keystream.as_mut_slice().into());
        for block in case["blocks"].as_array().unwrap() {
            let at = 16 * usize::try_from(block["index"].as_u64().unwrap()).unwrap();
            assert_eq!(
                keystream[at..at + 16],
                hex(&block["keystream"]),
                "block at {at}"
            );
            blocks_checked += 1;
        }
    }
    assert_eq!(blocks_checked, 6);
}

proptest! {
    /// The packet interface is counter mode, then HMAC over header, ciphertext and suffix.
    #[test]
    fn is_counter_mode_then_hmac(
        key: [u8; 16],
        auth_key: [u8; 20],
        mut iv: [u8; 16],
        header in prop::collection::vec(any::<u8>(), 0..80),
        payload in prop::collection::vec(any::<u8>(), 0..400),
        suffix in prop::collection::vec(any::<u8>(), 0..=4),
        tag_len in prop::sample::select(&[4, 10, 20][..]),
        flip in any::<prop::sample::Index>(),
    ) {
        iv[14..].fill(0);
        let cipher = AesCmHmacSha1::<Aes128Enc>::new(&keys(&key, &auth_key)).unwrap();
        let (sealed, tag) = seal(&cipher, &iv, &header, &payload, &suffix, tag_len);

        let mut expected = payload.clone();
        xor_keystream(
            &Aes128Enc::new_from_slice(&key).unwrap(),
            &iv,
            expected.as_mut_slice().into(),
        );
        prop_assert_eq!(&sealed, &expected);
        let mut hmac = <Hmac<Sha1> as hmac::KeyInit>::new_from_slice(&auth_key).unwrap();
        for part in [&header, &sealed, &suffix] {
            hmac.update(part);
        }
        prop_assert_eq!(&tag, &hmac.finalize().into_bytes()[..tag_len]);

        prop_assert_eq!(open(&cipher, &iv, &header, &sealed, &suffix, &tag), Ok(payload));
        let mut forged = tag.clone();
        let bit = flip.index(tag_len * 8);
        forged[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(open(&cipher, &iv, &header, &sealed, &suffix, &forged).is_err());
        prop_assert!(open(&cipher, &iv, &header, &sealed, &suffix, &[]).is_err());
        prop_assert!(open(&cipher, &iv, &header, &sealed, &suffix, &tag[..3]).is_err());
    }
}

#[test]
fn key_lengths() {
    let lengths = [(15, 20), (17, 20), (16, 0), (16, 65), (32, 20), (0, 0)];
    for (encryption, auth) in lengths {
        let made = AesCmHmacSha1::<Aes128Enc>::new(&keys(&[0; 64][..encryption], &[0; 65][..auth]));
        assert_eq!(
            made.map(|_| ()),
            Err(InvalidKeyLength),
            "{encryption} {auth}"
        );
    }
}

#[test]
fn debug_shows_no_key() {
    let cipher = AesCmHmacSha1::<Aes128Enc>::new(&keys(&[0x41; 16], &[0x42; 20])).unwrap();
    let shown: String = std::format!("{cipher:?}");
    assert_eq!(shown, "AesCmHmacSha1 { .. }");
}

/// RFC 6188 section 7: the longer keys.
#[test]
fn rfc6188_keystream() {
    let file: Value =
        serde_json::from_str(include_str!("../../../../tests/vectors/rfc6188.json")).unwrap();
    let mut blocks_checked = 0;
    for case in file["cases"].as_array().unwrap() {
        if case["operation"] != "keystream" {
            continue;
        }
        let iv: [u8; 16] = hex(&case["iv"]).try_into().unwrap();
        let key = hex(&case["sessionKey"]);
        let segment = usize::try_from(case["segmentOctets"].as_u64().unwrap()).unwrap();
        let mut keystream = std::vec![0; segment];
        let data = keystream.as_mut_slice().into();
        match key.len() {
            24 => xor_keystream(&Aes192Enc::new_from_slice(&key).unwrap(), &iv, data),
            _ => xor_keystream(&Aes256Enc::new_from_slice(&key).unwrap(), &iv, data),
        }
        for block in case["blocks"].as_array().unwrap() {
            let at = 16 * usize::try_from(block["index"].as_u64().unwrap()).unwrap();
            assert_eq!(
                keystream[at..at + 16],
                hex(&block["keystream"]),
                "{} {at}",
                key.len()
            );
            blocks_checked += 1;
        }
    }
    assert_eq!(blocks_checked, 12);
}
