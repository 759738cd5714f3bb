// SPDX-License-Identifier: MIT OR Apache-2.0
//! Our AES against FIPS 197 and, as an oracle, the `aes` crate.

use std::vec::Vec;

use proptest::prelude::*;

use crate::engine::rustcrypto;
use crate::{AesBlock, InvalidKeyLength, fixslice, xor_keystream};

fn encrypted<A: AesBlock>(key: &[u8], mut block: [u8; 16]) -> [u8; 16] {
    A::new_from_slice(key).unwrap().encrypt_block(&mut block);
    block
}

fn keystream<A: AesBlock>(key: &[u8], iv: [u8; 16], len: usize) -> Vec<u8> {
    let mut keystream = std::vec![0; len];
    let aes = A::new_from_slice(key).unwrap();
    xor_keystream(&aes, &iv, keystream.as_mut_slice().into());
    keystream
}

/// FIPS 197 appendix C: the cipher key counts up from zero, the plaintext is 00112233...
#[test]
fn fips_197() {
    let key: [u8; 32] = core::array::from_fn(|i| u8::try_from(i).unwrap());
    let block: [u8; 16] = core::array::from_fn(|i| u8::try_from(i * 0x11).unwrap());
    for (ours, expected) in [
        (
            encrypted::<fixslice::Aes128Enc>(&key[..16], block),
            0x69c4_e0d8_6a7b_0430_d8cd_b780_70b4_c55a_u128,
        ),
        (
            encrypted::<fixslice::Aes192Enc>(&key[..24], block),
            0xdda9_7ca4_864c_dfe0_6eaf_70a0_ec0d_7191,
        ),
        (
            encrypted::<fixslice::Aes256Enc>(&key, block),
            0x8ea2_b7ca_5167_45bf_eafc_4990_4b49_6089,
        ),
    ] {
        assert_eq!(ours, expected.to_be_bytes());
    }
}

fn same_keystream(key: &[u8], iv: [u8; 16], len: usize) {
    let (ours, expected) = match key.len() {
        16 => (
            keystream::<fixslice::Aes128Enc>(key, iv, len),
            keystream::<aes::Aes128Enc>(key, iv, len),
        ),
        24 => (
            keystream::<fixslice::Aes192Enc>(key, iv, len),
            keystream::<aes::Aes192Enc>(key, iv, len),
        ),
        _ => (
            keystream::<fixslice::Aes256Enc>(key, iv, len),
            keystream::<aes::Aes256Enc>(key, iv, len),
        ),
    };
    assert_eq!(ours, expected, "{len} octets under {key:02x?} {iv:02x?}");
}

/// Also where the counter wraps.
#[test]
fn every_length_of_counter_mode() {
    let key: [u8; 32] = core::array::from_fn(|i| u8::try_from(i * 7).unwrap());
    let mut iv = *b"fixsliced AES\0\0\0";
    for len in 0..=2000 {
        let counter = u32::try_from(len).unwrap().wrapping_mul(0x0123_4567);
        iv[12..].copy_from_slice(&counter.to_be_bytes());
        for key_len in [16, 24, 32] {
            same_keystream(&key[..key_len], iv, len);
        }
    }
    iv[12..].copy_from_slice(&[0xff; 4]);
    for key_len in [16, 24, 32] {
        same_keystream(&key[..key_len], iv, 100);
    }
}

/// Every octet in every place, so every bit of every gate: also the key's.
#[test]
fn every_octet() {
    for octet in 0..=255 {
        for place in 0..16 {
            let (mut block, mut key) = ([0; 16], [0; 16]);
            block[place] = octet;
            key[15 - place] = octet;
            assert_eq!(
                encrypted::<fixslice::Aes128Enc>(&key, block),
                encrypted::<aes::Aes128Enc>(&key, block)
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_key_and_block(key: [u8; 32], block: [u8; 16], iv: [u8; 16], len in 0..100_usize) {
        prop_assert_eq!(
            encrypted::<fixslice::Aes128Enc>(&key[..16], block),
            encrypted::<aes::Aes128Enc>(&key[..16], block)
        );
        prop_assert_eq!(
            encrypted::<fixslice::Aes192Enc>(&key[..24], block),
            encrypted::<aes::Aes192Enc>(&key[..24], block)
        );
        prop_assert_eq!(
            encrypted::<fixslice::Aes256Enc>(&key, block),
            encrypted::<aes::Aes256Enc>(&key, block)
        );
        for key_len in [16, 24, 32] {
            same_keystream(&key[..key_len], iv, len);
        }
    }
}

/// The rounds in Thumb-2 are those in Rust.
#[cfg(sipseal_thumb2)]
#[test]
fn thumb2() {
    use crate::engine::fixslice::{rounds, thumb2};

    let word = |at: u32| at.wrapping_mul(0x9e37_79b9).rotate_left(at % 32) ^ at;
    for seed in 0..500 {
        let state = core::array::from_fn(|at| word(seed * 100 + u32::try_from(at).unwrap()));
        assert_eq!(thumb2::sub_bytes(state), rounds::sub_bytes(state));
        let keys: [[u32; 4]; 15] = core::array::from_fn(|round| {
            core::array::from_fn(|at| word(seed * 77 + u32::try_from(4 * round + at).unwrap()))
        });
        for count in [3, 11, 13, 15] {
            let (mut ours, mut expected) = (state, state);
            thumb2::encrypt(&keys[..count], &mut ours);
            rounds::encrypt(&keys[..count], &mut expected);
            assert_eq!(ours, expected, "{count} keys");
        }
        for count in [0, 1, 2, 10] {
            let mut same = state;
            thumb2::encrypt(&keys[..count], &mut same);
            assert_eq!(same, state, "{count} keys");
        }
    }
}

/// Eight blocks with NEON are four pairs of blocks.
#[cfg(sipseal_neon)]
#[test]
fn neon() {
    use crate::engine::fixslice::{neon::Neon, rounds};

    let neon = Neon::detect().expect("a processor with NEON");
    let word = |at: usize| u32::try_from(at).unwrap().wrapping_mul(0x9e37_79b9);
    let keys: [[u32; 4]; 15] =
        core::array::from_fn(|round| core::array::from_fn(|at| word(7 + 4 * round + at)));
    for count in [3, 11, 13, 15] {
        for seed in 0..200 {
            let blocks: [[u32; 4]; 8] = core::array::from_fn(|at| {
                core::array::from_fn(|pair| word(seed * 99 + 8 * pair + at))
            });
            let mut ours = blocks;
            neon.encrypt(&keys[..count], &mut ours);
            for pair in 0..4 {
                let mut expected = blocks.map(|words| words[pair]);
                rounds::encrypt(&keys[..count], &mut expected);
                let [a0, a1, b0, b1, c0, c1, d0, d1] = expected;
                assert_eq!(
                    ours[2 * pair..][..2],
                    [[a0, b0, c0, d0], [a1, b1, c1, d1]],
                    "{count} keys"
                );
            }
        }
    }
}

#[test]
fn key_lengths() {
    for len in 0..=33 {
        let key = &[1; 33][..len];
        let refused = |made: bool, right| assert_eq!(made, len == right, "{len}");
        refused(fixslice::Aes128Enc::new_from_slice(key).is_ok(), 16);
        refused(fixslice::Aes192Enc::new_from_slice(key).is_ok(), 24);
        refused(fixslice::Aes256Enc::new_from_slice(key).is_ok(), 32);
    }
    let refused = fixslice::Aes128Enc::new_from_slice(&[]).map(|_| ());
    assert_eq!(refused, Err(InvalidKeyLength));
}

#[test]
fn wipes_itself_and_prints_nothing() {
    assert!(core::mem::needs_drop::<fixslice::Aes128Enc>());
    let mut aes = fixslice::Aes128Enc::new_from_slice(&[1; 16]).unwrap();
    assert_eq!(std::format!("{aes:?}"), "AesEnc { .. }");
    zeroize::Zeroize::zeroize(&mut aes);
    let mut block = [0; 16];
    aes.encrypt_block(&mut block);
    let mut same = [0; 16];
    let mut other = fixslice::Aes128Enc::new_from_slice(&[2; 16]).unwrap();
    zeroize::Zeroize::zeroize(&mut other);
    other.encrypt_block(&mut same);
    assert_eq!(block, same, "nothing is left of either key");
}

proptest! {
    /// Our GHASH is that of the `ghash` crate, whatever the pieces.
    #[test]
    fn ghash(
        key: [u8; 16],
        data in prop::collection::vec(any::<u8>(), 0..200),
        more in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let blocks = (data.len() + more.len()).div_ceil(16);
        let ours = fixslice::ghash::HashKey::new(&key);
        let mut ours = ours.start(blocks);
        let mut theirs = rustcrypto::ghash::HashKey::new(&key).start(blocks);
        for piece in [&data, &more] {
            ours.absorb(piece);
            theirs.absorb(piece);
        }
        ours.pad();
        theirs.pad();
        prop_assert_eq!(ours.finalize(), theirs.finalize());
    }
}

/// All ones: every sum of bits in GHASH is as large as it can be.
#[test]
fn ghash_of_ones() {
    let ours = fixslice::ghash::HashKey::new(&[0xff; 16]);
    let mut ours = ours.start(2);
    let mut theirs = rustcrypto::ghash::HashKey::new(&[0xff; 16]).start(2);
    ours.absorb(&[0xff; 32]);
    theirs.absorb(&[0xff; 32]);
    assert_eq!(ours.finalize(), theirs.finalize());
}
