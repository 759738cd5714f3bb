// SPDX-License-Identifier: MIT OR Apache-2.0
//! The key schedule (FIPS 197 section 5.2), into round keys as the rounds take them.

// Words of a state in their order.
#![allow(clippy::many_single_char_names)]

use zeroize::Zeroize;

use super::rounds::{FIRST_BLOCK, INVERTED, RoundKey, each, transpose, xor};
use super::sub_bytes;

/// SubWord of the key schedule (FIPS 197 section 5.2).
#[inline(never)]
fn sub_word(word: u32) -> u32 {
    let state = sub_bytes(transpose([word, 0, 0, 0, 0, 0, 0, 0]));
    let [word, ..] = transpose(xor(state, INVERTED));
    word
}

/// Expands a key of `key.len() / 4` words into all round keys, as many as `keys` has (FIPS 197 section 5.2).
#[inline(never)]
pub(super) fn expand(key: &[u8], keys: &mut [RoundKey]) {
    // The words that the next one depends on, the newest last: as many as the longest key has.
    let mut recent = [0_u32; 8];
    let key_words = key.as_chunks().0;
    let mut of_key = key_words.iter();
    let (mut position, mut round_constant) = (0, 1_u8);
    for word in keys.as_flattened_mut() {
        let [w8, w7, w6, w5, w4, w3, w2, w1] = recent;
        *word = if let Some(octets) = of_key.next() {
            u32::from_le_bytes(*octets)
        } else {
            let (changed, of_last_key) = match key_words.len() {
                4 => (position == 0, w4),
                6 => (position == 0, w6),
                _ => (matches!(position, 0 | 4), w8),
            };
            let mut last = w1;
            if changed {
                if position == 0 {
                    last = sub_word(last.rotate_right(8)) ^ u32::from(round_constant);
                    // Times x, of a public constant.
                    round_constant = (round_constant << 1) ^ ((round_constant >> 7) * 0x1b);
                } else {
                    last = sub_word(last);
                }
            }
            last ^ of_last_key
        };
        recent = [w7, w6, w5, w4, w3, w2, w1, *word];
        position += 1;
        if position == key_words.len() {
            position = 0;
        }
    }
    recent.zeroize();
    for (round, key) in keys.iter_mut().enumerate() {
        let [a, b, c, d] = *key;
        let mut state = transpose([a, 0, b, 0, c, 0, d, 0]);
        if round > 0 {
            state = xor(state, INVERTED);
        }
        if round % 2 == 1 {
            state = each(state, unshift_rows);
        }
        let [a, b, c, d, e, f, g, h] = state;
        let both = |low: u32, high: u32| low & FIRST_BLOCK | (high & FIRST_BLOCK) << 1;
        *key = [both(a, b), both(c, d), both(e, f), both(g, h)];
    }
}

/// ShiftRows undone: each row by as many columns as its number.
fn unshift_rows(word: u32) -> u32 {
    let [row0, row1, row2, row3] = word.to_le_bytes();
    u32::from_le_bytes([
        row0,
        row1.rotate_left(2),
        row2.rotate_left(4),
        row3.rotate_left(6),
    ])
}
