// SPDX-License-Identifier: MIT OR Apache-2.0
//! Galois/counter mode (NIST SP 800-38D section 7): encryption in one pass with GHASH.

use core::arch::aarch64::veorq_u8;

use cipher::consts::{U16, U32, U64, U128};
use cipher::inout::InOutBuf;

use super::aes::{Counter, RoundKey, in_registers, xor, xor_tail};
use super::ghash::{Hash, Powers, lengths, total_len};
use super::{BLOCK, store};
use crate::IV_LEN;
use crate::aes_cm::counter_block;

/// The counter of J0, which masks the tag. The payload begins at the next.
pub(super) const MASK: u32 = 1;

/// Encrypts, and returns the full tag.
#[target_feature(enable = "aes")]
pub(super) fn seal<const K: usize>(
    keys: &[RoundKey; K],
    powers: &Powers,
    iv: &[u8; IV_LEN],
    associated: &[&[u8]],
    payload: InOutBuf<'_, '_, u8>,
) -> [u8; BLOCK] {
    let last = lengths(total_len(associated), payload.len());
    let mut hash = Hash::new(powers);
    hash.pieces(associated);

    let keys = &in_registers(keys);
    let mut counter = Counter::new(&counter_block(iv, MASK));
    let [mask] = counter.keystream(keys);
    let (eights, rest) = payload.into_chunks::<U128>();
    for blocks in eights {
        let ciphertext = xor::<8, _>(blocks, counter.keystream(keys));
        hash.group(ciphertext.len(), |group| {
            for block in ciphertext {
                group.add(block);
            }
        });
    }
    hash.group(rest.len().div_ceil(BLOCK) + 1, |group| {
        let (fours, rest) = rest.into_chunks::<U64>();
        for blocks in fours {
            let ciphertext = xor::<4, _>(blocks, counter.keystream(keys));
            for block in ciphertext {
                group.add(block);
            }
        }
        let (twos, rest) = rest.into_chunks::<U32>();
        for blocks in twos {
            let ciphertext = xor::<2, _>(blocks, counter.keystream(keys));
            for block in ciphertext {
                group.add(block);
            }
        }
        let (ones, tail) = rest.into_chunks::<U16>();
        for block in ones {
            let ciphertext = xor::<1, _>(block, counter.keystream(keys));
            for block in ciphertext {
                group.add(block);
            }
        }
        if !tail.is_empty() {
            let [keystream] = counter.keystream(keys);
            group.add(xor_tail(tail, keystream));
        }
        group.add(last);
    });

    let mut tag = [0; BLOCK];
    store(veorq_u8(hash.block(), mask), &mut tag);
    tag
}

/// The full tag over a ciphertext.
#[target_feature(enable = "aes")]
pub(super) fn tag<const K: usize>(
    keys: &[RoundKey; K],
    powers: &Powers,
    iv: &[u8; IV_LEN],
    associated: &[&[u8]],
    ciphertext: &[u8],
) -> [u8; BLOCK] {
    let hash = Hash::of(powers, associated, &[ciphertext]);
    let mut counter = Counter::new(&counter_block(iv, MASK));
    let [mask] = counter.keystream(&in_registers(keys));
    let mut tag = [0; BLOCK];
    store(veorq_u8(hash.block(), mask), &mut tag);
    tag
}
