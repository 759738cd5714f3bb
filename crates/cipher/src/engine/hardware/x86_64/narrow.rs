// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES-NI and PCLMULQDQ.

#![allow(clippy::inline_always)] // Into functions with the instructions, and registers.

use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_aesenc_si128, _mm_aesenclast_si128, _mm_set_epi32,
    _mm_shuffle_epi8, _mm_xor_si128,
};
#[cfg(feature = "gcm")]
use core::arch::x86_64::{_mm_and_si128, _mm_setzero_si128};

use super::{BLOCK, GROUP, GROUP_LEN, Group, REVERSE, Work, load, store};
#[cfg(feature = "gcm")]
use super::{Powers, ghash};

cpufeatures::new!(present, "aes", "pclmulqdq", "ssse3");

/// A block in each register.
#[derive(Clone, Copy, Debug)]
pub struct Narrow([__m128i; GROUP]);

impl Group for Narrow {
    fn is_present() -> bool {
        present::get()
    }

    #[target_feature(enable = "aes,pclmulqdq,ssse3")]
    unsafe fn run<W: Work<Self>>(work: W) -> W::Result {
        // SAFETY: as promised, and here is where it is inlined into.
        unsafe { work.inlined() }
    }

    #[inline(always)]
    unsafe fn load(octets: &[u8; GROUP_LEN]) -> Self {
        let (blocks, _) = octets.as_chunks::<BLOCK>();
        let mut loaded = [load(&[0; BLOCK]); GROUP];
        for (to, from) in loaded.iter_mut().zip(blocks) {
            *to = load(from);
        }
        Self(loaded)
    }

    #[cfg(feature = "gcm")]
    #[inline(always)]
    unsafe fn load_after(first: &[u8; BLOCK], others: &[u8; GROUP_LEN - BLOCK]) -> Self {
        let blocks = core::iter::once(first).chain(others.as_chunks().0);
        let mut loaded = [load(&[0; BLOCK]); GROUP];
        for (to, from) in loaded.iter_mut().zip(blocks) {
            *to = load(from);
        }
        Self(loaded)
    }

    #[inline(always)]
    unsafe fn store(self, octets: &mut [u8; GROUP_LEN]) {
        let (blocks, _) = octets.as_chunks_mut::<BLOCK>();
        for (to, from) in blocks.iter_mut().zip(self.0) {
            *to = store(from);
        }
    }

    #[inline(always)]
    unsafe fn counters(first: __m128i) -> Self {
        let mut next = first;
        let mut counters = [first; GROUP];
        for counter in &mut counters {
            // SAFETY: as promised.
            unsafe {
                *counter = _mm_shuffle_epi8(next, load(&REVERSE));
                next = _mm_add_epi32(next, _mm_set_epi32(0, 0, 0, 1));
            }
        }
        Self(counters)
    }

    #[inline(always)]
    unsafe fn encrypt(self, keys: &[__m128i]) -> Self {
        let mut blocks = self.0;
        let [first, middle @ .., last] = keys else {
            return self;
        };
        // SAFETY: as promised.
        unsafe {
            blocks = blocks.map(|block| _mm_xor_si128(block, *first));
            for key in middle {
                blocks = blocks.map(|block| _mm_aesenc_si128(block, *key));
            }
            Self(blocks.map(|block| _mm_aesenclast_si128(block, *last)))
        }
    }

    #[inline(always)]
    unsafe fn xor(mut self, other: Self) -> Self {
        for (block, other) in self.0.iter_mut().zip(other.0) {
            // SAFETY: as promised.
            *block = unsafe { _mm_xor_si128(*block, other) };
        }
        self
    }

    #[cfg(feature = "gcm")]
    #[inline(always)]
    unsafe fn and(mut self, other: Self) -> Self {
        for (block, other) in self.0.iter_mut().zip(other.0) {
            // SAFETY: as promised.
            *block = unsafe { _mm_and_si128(*block, other) };
        }
        self
    }

    #[cfg(feature = "gcm")]
    #[inline(always)]
    unsafe fn split_first(mut self) -> (__m128i, Self) {
        let [first, ..] = &mut self.0;
        let block = *first;
        *first = load(&[0; BLOCK]);
        (block, self)
    }

    #[cfg(feature = "gcm")]
    #[inline(always)]
    unsafe fn products(self, hash: __m128i, powers: &Powers, blocks: usize) -> ghash::Product {
        let powers = powers.get(GROUP - blocks.min(GROUP)..).unwrap_or_default();
        let mut sum = ghash::Product::zero();
        let mut hash = hash;
        for (block, power) in self.0.iter().zip(powers).take(blocks) {
            // SAFETY: as promised.
            unsafe {
                let block = _mm_xor_si128(_mm_shuffle_epi8(*block, load(&REVERSE)), hash);
                sum.add(block, *power);
                hash = _mm_setzero_si128();
            }
        }
        sum
    }
}
