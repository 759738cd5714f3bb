// SPDX-License-Identifier: MIT OR Apache-2.0
//! The engine that this machine chooses against portable code, at every length.

use std::vec::Vec;

use super::{keys, open, seal};
use crate::{
    Aes128Enc, Aes192Enc, Aes256Enc, AesBlock, AesGcm, GcmBlock, PacketCipher, fixslice,
    xor_keystream,
};

const LONGEST: usize = 2000;

fn octets(len: usize) -> Vec<u8> {
    (0..len)
        .map(|at| (at * at % 251).to_le_bytes()[0])
        .collect()
}

/// Where there are instructions, they are what is tested.
#[cfg(all(
    target_arch = "aarch64",
    feature = "engines",
    not(any(sipseal_aes = "fixslice", sipseal_aes = "rustcrypto"))
))]
#[test]
fn hardware_is_used_where_it_is() {
    use crate::engine::hardware::aarch64::AesEnc;

    let is_there = std::arch::is_aarch64_feature_detected!("aes");
    assert_eq!(AesEnc::<11>::new_from_slice(&[0; 16]).is_ok(), is_there);
    assert_eq!(AesEnc::<15>::new_from_slice(&[0; 32]).is_ok(), is_there);
    let is_there = std::arch::is_aarch64_feature_detected!("sha2");
    let tag = crate::engine::sha1::hmac(&[0; 5], &[0; 5], &[&[]]);
    assert_eq!(tag.is_some(), is_there);
}

/// In place and elsewhere, and where the counter wraps.
fn counter_mode<A: AesBlock, P: AesBlock>(key: &[u8]) {
    let (ours, portable) = (
        A::new_from_slice(key).unwrap(),
        P::new_from_slice(key).unwrap(),
    );
    let data = octets(LONGEST);
    for len in 0..=LONGEST {
        let mut iv = *b"counter mode\0\0\0\0";
        // Half before the end of 32 bits, half after.
        let counter = u32::try_from(len / 32).unwrap().wrapping_neg();
        iv[12..].copy_from_slice(&counter.to_be_bytes());
        let mut expected = data[..len].to_vec();
        xor_keystream(&portable, &iv, expected.as_mut_slice().into());
        let mut in_place = data[..len].to_vec();
        xor_keystream(&ours, &iv, in_place.as_mut_slice().into());
        assert_eq!(in_place, expected, "{len} octets");
        // One octet off any alignment.
        let mut apart = std::vec![0xee; len + 2];
        let buffers = crate::InOutBuf::new(&data[..len], &mut apart[1..=len]).unwrap();
        xor_keystream(&ours, &iv, buffers);
        assert_eq!(apart[1..=len], expected, "{len} octets");
        assert_eq!((apart[0], apart[len + 1]), (0xee, 0xee), "{len} octets");
    }
    let (mut block, mut same) = ([7; 16], [7; 16]);
    ours.encrypt_block(&mut block);
    portable.encrypt_block(&mut same);
    assert_eq!(block, same);
}

#[test]
fn counter_mode_of_every_length() {
    let key = octets(32);
    counter_mode::<Aes128Enc, fixslice::Aes128Enc>(&key[..16]);
    counter_mode::<Aes192Enc, fixslice::Aes192Enc>(&key[..24]);
    counter_mode::<Aes256Enc, fixslice::Aes256Enc>(&key);
}

fn gcm<A: GcmBlock, P: GcmBlock>(key: &[u8]) {
    let ours = AesGcm::<A>::new(&keys(key, &[])).unwrap();
    let portable = AesGcm::<P>::new(&keys(key, &[])).unwrap();
    let data = octets(LONGEST + 70);
    let iv = *b"a 96-bit IV.\xee\xee\xee\xee";
    let same = |header: &[u8], payload: &[u8], suffix: &[u8]| {
        let (sealed, tag) = seal(&ours, &iv, header, payload, suffix, 16);
        let expected = seal(&portable, &iv, header, payload, suffix, 16);
        let lengths = [header, payload, suffix].map(<[u8]>::len);
        assert_eq!((&sealed, &tag), (&expected.0, &expected.1), "{lengths:?}");
        let opened = open(&ours, &iv, header, &sealed, suffix, &tag);
        assert_eq!(opened.as_deref(), Ok(payload));
    };
    for len in 0..=LONGEST {
        // Seams and lengths of associated data change along with it.
        let (header, suffix) = (len % 67, len % 5);
        same(&data[..header], &data[70..70 + len], &data[..suffix]);
    }
    for len in 0..=LONGEST {
        same(&data[..len], &data[..len % 33], &data[..len % 7]);
    }
}

#[test]
fn gcm_128_of_every_length() {
    gcm::<Aes128Enc, fixslice::Aes128Enc>(&octets(16));
}

#[test]
fn gcm_256_of_every_length() {
    gcm::<Aes256Enc, fixslice::Aes256Enc>(&octets(32));
}
