// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES: the key schedule, one block, and counter mode in passes of up to eight blocks.

use core::arch::aarch64::{
    uint8x16_t, uint32x4_t, vaddq_u32, vaeseq_u8, vaesmcq_u8, vdupq_n_u8, vdupq_n_u32, veorq_u8,
    vgetq_lane_u32, vreinterpretq_u8_u32, vreinterpretq_u32_u8, vrev32q_u8, vsetq_lane_u32,
};
use core::cell::Cell;

use cipher::array::{Array, ArraySize};
use cipher::consts::{U16, U32, U64, U128};
use cipher::inout::{InOut, InOutBuf};

use super::{BLOCK, copy_few, load, load_words, store, unseen};
use crate::IV_LEN;

/// A round key as its four columns.
pub(super) type RoundKey = [u32; 4];

/// The expansion of a key of `K - 7` words into `K` round keys (FIPS 197 section 5.2).
#[target_feature(enable = "aes")]
pub(super) fn expand<const K: usize>(key: &[u8], keys: &mut [RoundKey; K]) {
    let key_words = K - 7;
    let words = keys.as_flattened_mut();
    for (word, octets) in words.iter_mut().zip(key.as_chunks().0) {
        *word = u32::from_le_bytes(*octets);
    }
    let mut round_constant = 1_u8;
    let words = Cell::from_mut(words).as_slice_of_cells();
    for (at, window) in words.windows(key_words + 1).enumerate() {
        let [oldest, .., newest, next] = window else {
            continue;
        };
        let mut word = newest.get();
        if at % key_words == 0 {
            word = sub_word(word.rotate_right(8)) ^ u32::from(round_constant);
            // Times x, of a public constant.
            round_constant = (round_constant << 1) ^ ((round_constant >> 7) * 0x1b);
        } else if key_words == 8 && at % key_words == 4 {
            word = sub_word(word);
        }
        next.set(oldest.get() ^ word);
    }
}

/// SubWord of the key schedule: where all columns are the same, a round without its key does nothing else.
#[target_feature(enable = "aes")]
fn sub_word(word: u32) -> u32 {
    let columns = vreinterpretq_u8_u32(vdupq_n_u32(word));
    vgetq_lane_u32::<0>(vreinterpretq_u32_u8(vaeseq_u8(columns, vdupq_n_u8(0))))
}

/// Round keys in registers.
#[inline]
#[target_feature(enable = "aes")]
pub(super) fn in_registers<const K: usize>(keys: &[RoundKey; K]) -> [uint8x16_t; K] {
    keys.each_ref()
        .map(|key| vreinterpretq_u8_u32(load_words(key)))
}

/// Encrypts blocks side by side.
#[inline]
#[target_feature(enable = "aes")]
pub(super) fn encrypt<const N: usize>(
    keys: &[uint8x16_t],
    mut blocks: [uint8x16_t; N],
) -> [uint8x16_t; N] {
    if let [rounds @ .., before_last, last] = keys {
        for key in rounds {
            for block in &mut blocks {
                *block = vaesmcq_u8(vaeseq_u8(*block, *key));
            }
        }
        for block in &mut blocks {
            *block = veorq_u8(vaeseq_u8(*block, *before_last), *last);
        }
    }
    blocks
}

/// Encrypts one block.
#[target_feature(enable = "aes")]
pub(super) fn encrypt_block<const K: usize>(keys: &[RoundKey; K], block: &mut [u8; BLOCK]) {
    let [encrypted] = encrypt(&in_registers(keys), [load(block)]);
    store(encrypted, block);
}

/// Counter blocks, one after the other: the counter is their last word.
pub(super) struct Counter {
    /// The next one, its words as numbers.
    next: uint32x4_t,
    one: uint32x4_t,
}

impl Counter {
    #[inline]
    #[target_feature(enable = "aes")]
    pub(super) fn new(first: &[u8; IV_LEN]) -> Self {
        Self {
            next: vreinterpretq_u32_u8(vrev32q_u8(load(first))),
            one: vsetq_lane_u32::<3>(1, vdupq_n_u32(0)),
        }
    }

    #[inline]
    #[target_feature(enable = "aes")]
    fn next(&mut self) -> uint8x16_t {
        let next = vreinterpretq_u8_u32(self.next);
        // One after the other, without a constant in a register for each block of a pass.
        let after = unseen(vreinterpretq_u8_u32(vaddq_u32(self.next, self.one)));
        self.next = vreinterpretq_u32_u8(after);
        vrev32q_u8(next)
    }

    /// The next blocks of the keystream.
    #[inline]
    #[target_feature(enable = "aes")]
    pub(super) fn keystream<const N: usize>(&mut self, keys: &[uint8x16_t]) -> [uint8x16_t; N] {
        let mut counters = [vdupq_n_u8(0); N];
        for counter in &mut counters {
            *counter = self.next();
        }
        encrypt(keys, counters)
    }
}

/// XORs keystream into `N` blocks, and returns what they are then.
#[inline]
#[target_feature(enable = "aes")]
pub(super) fn xor<const N: usize, L: ArraySize>(
    mut data: InOut<'_, '_, Array<u8, L>>,
    keystream: [uint8x16_t; N],
) -> [uint8x16_t; N] {
    let mut masked = keystream;
    for (masked, block) in masked.iter_mut().zip(data.get_in().as_chunks().0) {
        *masked = veorq_u8(*masked, load(block));
    }
    for (masked, block) in masked.iter().zip(data.get_out().as_chunks_mut().0) {
        store(*masked, block);
    }
    masked
}

/// XORs keystream into less than a block, and returns what it is then, padded with zeros.
#[inline]
#[target_feature(enable = "aes")]
pub(super) fn xor_tail(mut data: InOutBuf<'_, '_, u8>, keystream: uint8x16_t) -> uint8x16_t {
    let mut block = [0; BLOCK];
    copy_few(data.get_in(), &mut block);
    let masked = veorq_u8(load(&block), keystream);
    store(masked, &mut block);
    copy_few(&block, data.get_out());
    for octet in block.get_mut(data.len()..).unwrap_or_default() {
        *octet = 0;
    }
    load(&block)
}

/// Counter mode.
#[target_feature(enable = "aes")]
pub(super) fn xor_keystream<const K: usize>(
    keys: &[RoundKey; K],
    iv: &[u8; IV_LEN],
    data: InOutBuf<'_, '_, u8>,
) {
    let keys = &in_registers(keys);
    let mut counter = Counter::new(iv);
    let (eights, rest) = data.into_chunks::<U128>();
    for blocks in eights {
        xor::<8, _>(blocks, counter.keystream(keys));
    }
    let (fours, rest) = rest.into_chunks::<U64>();
    for blocks in fours {
        xor::<4, _>(blocks, counter.keystream(keys));
    }
    let (twos, rest) = rest.into_chunks::<U32>();
    for blocks in twos {
        xor::<2, _>(blocks, counter.keystream(keys));
    }
    let (ones, tail) = rest.into_chunks::<U16>();
    for block in ones {
        xor::<1, _>(block, counter.keystream(keys));
    }
    if !tail.is_empty() {
        let [keystream] = counter.keystream(keys);
        xor_tail(tail, keystream);
    }
}
