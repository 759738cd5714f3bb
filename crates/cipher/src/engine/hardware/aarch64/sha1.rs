// SPDX-License-Identifier: MIT OR Apache-2.0
//! SHA-1 (FIPS 180-4 section 6.1.2), and HMAC with the keyed states computed before, over a message in pieces.

use core::arch::aarch64::{
    uint32x4_t, vaddq_u32, vdupq_n_u32, vgetq_lane_u32, vreinterpretq_u8_u32, vreinterpretq_u32_u8,
    vrev32q_u8, vsetq_lane_u32, vsha1cq_u32, vsha1h_u32, vsha1mq_u32, vsha1pq_u32, vsha1su0q_u32,
    vsha1su1q_u32,
};
use core::slice;

use super::{copy_few, load, load_words, store, store_words, unseen};

/// Octets of a block.
const BLOCK: usize = 64;
/// Octets of a hash.
const HASH: usize = 20;
/// Bits of the outer message of HMAC: the padded key, and the inner hash.
#[allow(clippy::cast_possible_truncation)]
const OUTER_BITS: u32 = (BLOCK + HASH) as u32 * 8;

/// What is added in each twenty rounds.
const CONSTANTS: [u32; 4] = [0x5a82_7999, 0x6ed9_eba1, 0x8f1b_bcdc, 0xca62_c1d6];

/// A hash state in registers: the first four words, and the fifth.
#[derive(Clone, Copy)]
struct State {
    abcd: uint32x4_t,
    e: u32,
    constants: [uint32x4_t; 4],
}

impl State {
    #[inline]
    #[target_feature(enable = "sha2")]
    fn load(words: &[u32; 5]) -> Self {
        let [abcd @ .., e] = words;
        Self {
            abcd: load_words(abcd),
            e: *e,
            // Each once, not anew for every block.
            constants: CONSTANTS.map(|constant| {
                vreinterpretq_u32_u8(unseen(vreinterpretq_u8_u32(vdupq_n_u32(constant))))
            }),
        }
    }

    /// Another state.
    #[inline]
    #[target_feature(enable = "sha2")]
    fn set(&mut self, words: &[u32; 5]) {
        let [abcd @ .., e] = words;
        self.abcd = load_words(abcd);
        self.e = *e;
    }

    #[inline]
    #[target_feature(enable = "sha2")]
    fn add_blocks(&mut self, blocks: &[[u8; BLOCK]]) {
        for block in blocks {
            let mut words = [self.abcd; 4];
            for (words, octets) in words.iter_mut().zip(block.as_chunks().0) {
                *words = vreinterpretq_u32_u8(vrev32q_u8(load(octets)));
            }
            self.add(words);
        }
    }

    /// Takes in the sixteen words of a block.
    #[inline]
    #[target_feature(enable = "sha2")]
    fn add(&mut self, words: [uint32x4_t; 4]) {
        let mut sum = *self;
        let [k0, k20, k40, k60] = self.constants;
        let mut schedule = Schedule(words);
        sum.rounds(&mut schedule, k0, |abcd, e, words| {
            vsha1cq_u32(abcd, e, words)
        });
        sum.rounds(&mut schedule, k20, |abcd, e, words| {
            vsha1pq_u32(abcd, e, words)
        });
        sum.rounds(&mut schedule, k40, |abcd, e, words| {
            vsha1mq_u32(abcd, e, words)
        });
        sum.rounds(&mut schedule, k60, |abcd, e, words| {
            vsha1pq_u32(abcd, e, words)
        });
        self.abcd = vaddq_u32(self.abcd, sum.abcd);
        self.e = self.e.wrapping_add(sum.e);
    }

    /// Twenty rounds, four at a time.
    #[inline]
    #[target_feature(enable = "sha2")]
    fn rounds(
        &mut self,
        schedule: &mut Schedule,
        constant: uint32x4_t,
        four: impl Fn(uint32x4_t, u32, uint32x4_t) -> uint32x4_t,
    ) {
        for _ in 0..5 {
            let e = vsha1h_u32(vgetq_lane_u32::<0>(self.abcd));
            let words = vaddq_u32(schedule.next(), constant);
            self.abcd = four(self.abcd, self.e, words);
            self.e = e;
        }
    }
}

/// The next sixteen words of the message schedule.
struct Schedule([uint32x4_t; 4]);

impl Schedule {
    /// The next four.
    #[inline]
    #[target_feature(enable = "sha2")]
    fn next(&mut self) -> uint32x4_t {
        let [a, b, c, d] = self.0;
        self.0 = [b, c, d, vsha1su1q_u32(vsha1su0q_u32(a, b, c), d)];
        a
    }
}

/// Takes whole blocks into a state.
#[target_feature(enable = "sha2")]
pub(super) fn compress(words: &mut [u32; 5], blocks: &[[u8; BLOCK]]) {
    let mut state = State::load(words);
    state.add_blocks(blocks);
    let [abcd @ .., e] = words;
    store_words(state.abcd, abcd);
    *e = state.e;
}

/// HMAC-SHA1 of the concatenated `parts`, from the states that the padded key leaves (RFC 2104).
#[target_feature(enable = "sha2")]
pub(super) fn hmac(inner: &[u32; 5], outer: &[u32; 5], parts: &[&[u8]]) -> [u8; HASH] {
    let mut state = State::load(inner);
    // Zeros from `filled` on.
    let mut block = [0; BLOCK];
    let (mut filled, mut len) = (0, BLOCK);
    for part in parts {
        len += part.len();
        let room = block.get_mut(filled..).unwrap_or_default();
        if part.len() < room.len() {
            copy_few(part, room);
            filled += part.len();
            continue;
        }
        let mut part = *part;
        if filled > 0 {
            let (now, later) = part.split_at(room.len());
            copy_few(now, room);
            state.add_blocks(slice::from_ref(&block));
            block = [0; BLOCK];
            part = later;
        }
        let (blocks, rest) = part.as_chunks();
        state.add_blocks(blocks);
        copy_few(rest, &mut block);
        filled = rest.len();
    }
    // | message | 0x80 | zeros, to a whole number of blocks | bits of the message, 64 bits |
    if let Some(end) = block.get_mut(filled % BLOCK) {
        *end = 0x80;
    }
    if filled >= BLOCK - 8 {
        state.add_blocks(slice::from_ref(&block));
        block = [0; BLOCK];
    }
    if let Some(bits) = block.last_chunk_mut() {
        *bits = (len as u64 * 8).to_be_bytes();
    }
    state.add_blocks(slice::from_ref(&block));

    // The outer message is one block, and in registers already.
    let zeros = vdupq_n_u32(0);
    let end = vsetq_lane_u32::<1>(1 << 31, vsetq_lane_u32::<0>(state.e, zeros));
    let bits = vsetq_lane_u32::<3>(OUTER_BITS, zeros);
    let words = [state.abcd, end, zeros, bits];
    state.set(outer);
    state.add(words);
    let mut hash = [0; HASH];
    if let Some((first, last)) = hash.split_first_chunk_mut() {
        store(vrev32q_u8(vreinterpretq_u8_u32(state.abcd)), first);
        copy_few(&state.e.to_be_bytes(), last);
    }
    hash
}
