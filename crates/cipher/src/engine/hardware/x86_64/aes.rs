// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES (FIPS 197) and its counter mode.

#![allow(clippy::inline_always)] // Into functions with the instructions.

use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_aeskeygenassist_si128, _mm_cvtsi128_si32, _mm_set_epi32,
};
use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;

use cipher::consts::U128;
use cipher::inout::InOutBuf;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{BLOCK, GROUP, GROUP_LEN, Group, Work, copy, fill, load};
use crate::engine::AesBlock;
use crate::{Construction, IV_LEN, InvalidKeyLength};

/// An expanded AES encryption key with so many round keys: one more than the rounds. There is none where the
/// processor lacks the instructions of `G`.
pub struct AesEnc<G, const ROUND_KEYS: usize> {
    pub(super) keys: [__m128i; ROUND_KEYS],
    engine: PhantomData<G>,
}

impl<G: Group, const ROUND_KEYS: usize> AesBlock for AesEnc<G, ROUND_KEYS> {
    const CM_HMAC_SHA1: Construction = crate::engine::cm_hmac_sha1(ROUND_KEYS);

    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength> {
        if key.len() != const { crate::engine::key_len(ROUND_KEYS) } || !G::is_present() {
            return Err(InvalidKeyLength);
        }
        Ok(Self {
            // SAFETY: the instructions are there.
            keys: unsafe { expand(key) },
            engine: PhantomData,
        })
    }

    fn encrypt_block(&self, block: &mut [u8; BLOCK]) {
        // A keystream begins with its first counter block, encrypted.
        let mut encrypted = [0; BLOCK];
        self.xor_keystream(block, encrypted.as_mut_slice().into());
        *block = encrypted;
    }

    fn xor_keystream(&self, iv: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>) {
        // SAFETY: a key exists, so the instructions are there.
        unsafe {
            let keystream = Keystream::new(&self.keys, *iv);
            G::run(Xor { keystream, data });
        }
    }
}

impl<G, const ROUND_KEYS: usize> Drop for AesEnc<G, ROUND_KEYS> {
    fn drop(&mut self) {
        self.keys.zeroize();
    }
}

impl<G, const ROUND_KEYS: usize> ZeroizeOnDrop for AesEnc<G, ROUND_KEYS> {}

impl<G, const ROUND_KEYS: usize> fmt::Debug for AesEnc<G, ROUND_KEYS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesEnc { .. }")
    }
}

/// The key schedule (FIPS 197 section 5.2).
#[target_feature(enable = "aes")]
fn expand<const ROUND_KEYS: usize>(key: &[u8]) -> [__m128i; ROUND_KEYS] {
    let mut words = [[0_u32; 4]; ROUND_KEYS];
    let schedule = words.as_flattened_mut();
    let (columns, _) = key.as_chunks();
    for (word, octets) in schedule.iter_mut().zip(columns) {
        *word = u32::from_le_bytes(*octets);
    }
    let key_words = const { ROUND_KEYS - 7 };
    let mut round_constant: u32 = 1;
    let schedule = Cell::from_mut(schedule).as_slice_of_cells();
    for (at, window) in schedule.windows(key_words + 1).enumerate() {
        let [first, .., last, next] = window else {
            continue;
        };
        let step = at % key_words;
        let mut word = last.get();
        if step == 0 {
            word = substitute(word.rotate_right(8)) ^ round_constant;
            round_constant = (round_constant << 1) ^ ((round_constant >> 7) * 0x11b);
        } else if step == 4 && key_words > 6 {
            word = substitute(word);
        }
        next.set(first.get() ^ word);
    }
    #[allow(clippy::cast_possible_wrap)]
    let keys = words.map(|[a, b, c, d]| _mm_set_epi32(d as i32, c as i32, b as i32, a as i32));
    words.zeroize();
    keys
}

/// The S-box for each octet.
#[target_feature(enable = "aes")]
#[allow(clippy::cast_possible_wrap, clippy::cast_sign_loss)]
fn substitute(word: u32) -> u32 {
    // The lowest word of the result is that of the second lowest of the operand.
    let operand = _mm_set_epi32(0, 0, word as i32, 0);
    _mm_cvtsi128_si32(_mm_aeskeygenassist_si128::<0>(operand)) as u32
}

/// A keystream, group by group.
pub(super) struct Keystream<'k, const ROUND_KEYS: usize> {
    keys: &'k [__m128i; ROUND_KEYS],
    /// The next counter block, its octets in the opposite order.
    counter: __m128i,
}

impl<'k, const ROUND_KEYS: usize> Keystream<'k, ROUND_KEYS> {
    /// The keystream that starts at block `iv`.
    #[inline(always)]
    pub(super) fn new(keys: &'k [__m128i; ROUND_KEYS], mut iv: [u8; IV_LEN]) -> Self {
        iv.reverse();
        Self {
            keys,
            counter: load(&iv),
        }
    }

    /// # Safety
    ///
    /// That of [`Group`].
    #[inline(always)]
    pub(super) unsafe fn next<G: Group>(&mut self) -> G {
        // SAFETY: as promised.
        unsafe {
            let counters = G::counters(self.counter);
            #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
            let group = _mm_set_epi32(0, 0, 0, GROUP as i32);
            self.counter = _mm_add_epi32(self.counter, group);
            counters.encrypt(self.keys)
        }
    }
}

/// A keystream to be XORed into data.
pub(super) struct Xor<'k, 'i, 'o, const ROUND_KEYS: usize> {
    pub(super) keystream: Keystream<'k, ROUND_KEYS>,
    pub(super) data: InOutBuf<'i, 'o, u8>,
}

impl<G: Group, const ROUND_KEYS: usize> Work<G> for Xor<'_, '_, '_, ROUND_KEYS> {
    type Result = ();

    #[inline(always)]
    unsafe fn inlined(mut self) {
        // SAFETY: as promised.
        unsafe {
            let (groups, mut tail) = self.data.into_chunks::<U128>();
            for mut group in groups {
                let masked = G::load(&group.get_in().0).xor(self.keystream.next());
                masked.store(&mut group.get_out().0);
            }
            if !tail.is_empty() {
                let mut buffer = [0; GROUP_LEN];
                copy(tail.get_in(), &mut buffer);
                let masked = G::load(&buffer).xor(self.keystream.next());
                masked.store(&mut buffer);
                fill(tail.get_out(), &buffer);
            }
        }
    }
}
