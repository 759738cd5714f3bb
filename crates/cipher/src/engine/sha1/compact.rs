// SPDX-License-Identifier: MIT OR Apache-2.0
//! The compression function of SHA-1 (FIPS 180-4 section 6.1.2) in loops.

use core::cell::Cell;

use zeroize::Zeroize;

/// Takes whole blocks into a state.
#[inline(never)]
pub(crate) fn compress(state: &mut [u32; 5], blocks: &[[u8; 64]]) {
    let mut schedule = Schedule([0; 36]);
    for block in blocks {
        schedule.start(block);
        let mut working = *state;
        rounds(&mut working, schedule.next(), 0x5a82_7999, |b, c, d| {
            b & (c ^ d) ^ d
        });
        rounds(&mut working, schedule.next(), 0x6ed9_eba1, |b, c, d| {
            b ^ c ^ d
        });
        rounds(&mut working, schedule.next(), 0x8f1b_bcdc, |b, c, d| {
            b & (c ^ d) ^ c & d
        });
        rounds(&mut working, schedule.next(), 0xca62_c1d6, |b, c, d| {
            b ^ c ^ d
        });
        for (state, working) in state.iter_mut().zip(working) {
            *state = state.wrapping_add(working);
        }
    }
    schedule.0.zeroize();
}

/// The words for twenty rounds, and sixteen more: as many as the next one depends on.
struct Schedule([u32; 36]);

impl Schedule {
    /// Lays a block where [`Schedule::next`] looks for the words to go on from.
    fn start(&mut self, block: &[u8; 64]) {
        for (word, octets) in self.0.iter_mut().skip(20).zip(block.as_chunks().0) {
            *word = u32::from_be_bytes(*octets);
        }
    }

    /// The words for the next twenty rounds.
    #[inline(never)]
    fn next(&mut self) -> &[u32] {
        let words = Cell::from_mut(self.0.as_mut_slice()).as_slice_of_cells();
        for (to, from) in words.iter().zip(words.iter().skip(20)) {
            to.set(from.get());
        }
        for window in words.windows(17) {
            if let [w16, _, w14, _, _, _, _, _, w8, _, _, _, _, w3, _, _, next] = window {
                next.set((w16.get() ^ w14.get() ^ w8.get() ^ w3.get()).rotate_left(1));
            }
        }
        self.0.first_chunk::<20>().map_or(&[], |words| words)
    }
}

/// Twenty rounds.
#[inline(always)]
#[allow(clippy::inline_always, clippy::many_single_char_names)]
fn rounds(
    working: &mut [u32; 5],
    words: &[u32],
    constant: u32,
    mix: impl Fn(u32, u32, u32) -> u32,
) {
    let [mut a, mut b, mut c, mut d, mut e] = *working;
    let step = |a: u32, b: &mut u32, c, d, e: &mut u32, word: u32| {
        *e = e
            .wrapping_add(a.rotate_left(5))
            .wrapping_add(mix(*b, c, d))
            .wrapping_add(constant)
            .wrapping_add(word);
        *b = b.rotate_left(30);
    };
    for [v, w, x, y, z] in words.as_chunks().0 {
        step(a, &mut b, c, d, &mut e, *v);
        step(e, &mut a, b, c, &mut d, *w);
        step(d, &mut e, a, b, &mut c, *x);
        step(c, &mut d, e, a, &mut b, *y);
        step(b, &mut c, d, e, &mut a, *z);
    }
    *working = [a, b, c, d, e];
}
