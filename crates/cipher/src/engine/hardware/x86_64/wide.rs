// SPDX-License-Identifier: MIT OR Apache-2.0
//! VAES and VPCLMULQDQ, with registers of 256 bits.

#![allow(clippy::many_single_char_names)] // Blocks in their order.
#![allow(clippy::inline_always)] // Into functions with the instructions, and registers.

use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

use core::arch::x86_64::{
    __cpuid_count, __m128i, __m256i, _mm_add_epi32, _mm_set_epi32, _mm256_add_epi32,
    _mm256_aesenc_epi128, _mm256_aesenclast_epi128, _mm256_broadcastsi128_si256, _mm256_set_epi32,
    _mm256_set_m128i, _mm256_shuffle_epi8, _mm256_xor_si256,
};
#[cfg(feature = "gcm")]
use core::arch::x86_64::{
    _mm_xor_si128, _mm256_and_si256, _mm256_blend_epi32, _mm256_castsi256_si128,
    _mm256_clmulepi64_epi128, _mm256_extracti128_si256, _mm256_setzero_si256,
    _mm256_unpackhi_epi64, _mm256_unpacklo_epi64, _mm256_zextsi128_si256,
};

#[cfg(feature = "gcm")]
use super::BLOCK;
use super::{GROUP, GROUP_LEN, Group, REVERSE, Work, load};
#[cfg(feature = "gcm")]
use super::{Powers, ghash};

cpufeatures::new!(narrow, "aes", "pclmulqdq", "avx2");

/// Has a processor with AVX2 VAES and VPCLMULQDQ too? The crate `cpufeatures` would say no where the state of AVX-512 is not
/// kept, which registers of 256 bits do not need.
#[inline]
fn both() -> bool {
    const YES: u8 = 1;
    const NO: u8 = 2;
    static KNOWN: AtomicU8 = AtomicU8::new(0);
    #[cold]
    fn ask() -> u8 {
        const BOTH: u32 = (1 << 9) | (1 << 10);
        // SAFETY: with AVX2 comes this leaf. Later Rust needs no promise.
        #[allow(unused_unsafe)]
        let features = unsafe { __cpuid_count(7, 0) }.ecx;
        let answer = if features & BOTH == BOTH { YES } else { NO };
        KNOWN.store(answer, Relaxed);
        answer
    }
    let known = match KNOWN.load(Relaxed) {
        0 => ask(),
        known => known,
    };
    known == YES
}

/// Two blocks in each register.
#[derive(Clone, Copy, Debug)]
pub struct Wide([__m256i; GROUP / 2]);

impl Group for Wide {
    fn is_present() -> bool {
        narrow::get() && both()
    }

    #[target_feature(enable = "aes,pclmulqdq,avx2,vaes,vpclmulqdq")]
    unsafe fn run<W: Work<Self>>(work: W) -> W::Result {
        // SAFETY: as promised, and here is where it is inlined into.
        unsafe { work.inlined() }
    }

    #[inline(always)]
    unsafe fn load(octets: &[u8; GROUP_LEN]) -> Self {
        // SAFETY: both are 128 octets of which every value is valid.
        Self(unsafe { core::mem::transmute::<[u8; GROUP_LEN], [__m256i; GROUP / 2]>(*octets) })
    }

    #[cfg(feature = "gcm")]
    #[inline(always)]
    unsafe fn load_after(first: &[u8; BLOCK], others: &[u8; GROUP_LEN - BLOCK]) -> Self {
        let mut blocks = [load(first); GROUP];
        for (to, from) in blocks.iter_mut().skip(1).zip(others.as_chunks().0) {
            *to = load(from);
        }
        let [a, b, c, d, e, f, g, h] = blocks;
        // SAFETY: as promised.
        unsafe {
            let pair = |first, second| _mm256_set_m128i(second, first);
            Self([pair(a, b), pair(c, d), pair(e, f), pair(g, h)])
        }
    }

    #[inline(always)]
    unsafe fn store(self, octets: &mut [u8; GROUP_LEN]) {
        // SAFETY: as above.
        *octets = unsafe { core::mem::transmute::<[__m256i; GROUP / 2], [u8; GROUP_LEN]>(self.0) };
    }

    #[inline(always)]
    unsafe fn counters(first: __m128i) -> Self {
        // SAFETY: as promised.
        unsafe {
            let second = _mm_add_epi32(first, _mm_set_epi32(0, 0, 0, 1));
            let mut next = _mm256_set_m128i(second, first);
            let reverse = _mm256_broadcastsi128_si256(load(&REVERSE));
            let mut counters = [next; GROUP / 2];
            for counter in &mut counters {
                *counter = _mm256_shuffle_epi8(next, reverse);
                next = _mm256_add_epi32(next, _mm256_set_epi32(0, 0, 0, 2, 0, 0, 0, 2));
            }
            Self(counters)
        }
    }

    #[inline(always)]
    unsafe fn encrypt(self, keys: &[__m128i]) -> Self {
        let [first, middle @ .., last] = keys else {
            return self;
        };
        // SAFETY: as promised.
        unsafe {
            let both = |key: &__m128i| _mm256_broadcastsi128_si256(*key);
            let mut blocks = self.0.map(|pair| _mm256_xor_si256(pair, both(first)));
            for key in middle {
                blocks = blocks.map(|pair| _mm256_aesenc_epi128(pair, both(key)));
            }
            Self(blocks.map(|pair| _mm256_aesenclast_epi128(pair, both(last))))
        }
    }

    #[inline(always)]
    unsafe fn xor(mut self, other: Self) -> Self {
        for (pair, other) in self.0.iter_mut().zip(other.0) {
            // SAFETY: as promised.
            *pair = unsafe { _mm256_xor_si256(*pair, other) };
        }
        self
    }

    #[cfg(feature = "gcm")]
    #[inline(always)]
    unsafe fn and(mut self, other: Self) -> Self {
        for (pair, other) in self.0.iter_mut().zip(other.0) {
            // SAFETY: as promised.
            *pair = unsafe { _mm256_and_si256(*pair, other) };
        }
        self
    }

    #[cfg(feature = "gcm")]
    #[inline(always)]
    unsafe fn split_first(self) -> (__m128i, Self) {
        let [a, b, c, d] = self.0;
        // SAFETY: as promised.
        unsafe {
            let without = _mm256_blend_epi32::<0b1111>(a, _mm256_setzero_si256());
            (_mm256_castsi256_si128(a), Self([without, b, c, d]))
        }
    }

    #[cfg(feature = "gcm")]
    #[inline(always)]
    unsafe fn products(self, hash: __m128i, powers: &Powers, blocks: usize) -> ghash::Product {
        let powers = powers.get(GROUP - blocks.min(GROUP)..).unwrap_or_default();
        let (powers, _) = powers.as_chunks();
        // SAFETY: as promised.
        unsafe {
            let reverse = _mm256_broadcastsi128_si256(load(&REVERSE));
            let zero = _mm256_setzero_si256();
            let (mut low, mut middle, mut high) = (zero, zero, zero);
            let mut hash = _mm256_zextsi128_si256(hash);
            for (pair, [first, second]) in self.0.iter().zip(powers) {
                let pair = _mm256_xor_si256(_mm256_shuffle_epi8(*pair, reverse), hash);
                hash = zero;
                let power = _mm256_set_m128i(*second, *first);
                let fold = |pair| {
                    let low = _mm256_unpacklo_epi64(pair, pair);
                    _mm256_xor_si256(low, _mm256_unpackhi_epi64(pair, pair))
                };
                let add = |sum: &mut _, product| *sum = _mm256_xor_si256(*sum, product);
                add(&mut low, _mm256_clmulepi64_epi128::<0x00>(pair, power));
                add(&mut high, _mm256_clmulepi64_epi128::<0x11>(pair, power));
                add(
                    &mut middle,
                    _mm256_clmulepi64_epi128::<0x00>(fold(pair), fold(power)),
                );
            }
            let sum = |pair| {
                _mm_xor_si128(
                    _mm256_castsi256_si128(pair),
                    _mm256_extracti128_si256::<1>(pair),
                )
            };
            ghash::Product {
                low: sum(low),
                middle: sum(middle),
                high: sum(high),
            }
        }
    }
}
