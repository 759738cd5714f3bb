// SPDX-License-Identifier: MIT OR Apache-2.0
//! GHASH (NIST SP 800-38D section 6.4): sums of products with powers of the key, reduced once.
//!
//! A block is a polynomial, its first bit the coefficient of x^0. Read as a big-endian number it has its bits in the
//! opposite order, which a product of polynomials does not mind, but for a factor of x that the key takes in advance.

#![allow(clippy::inline_always)] // Into functions with the instructions, and registers.

use core::arch::x86_64::{
    __m128i, _mm_clmulepi64_si128, _mm_set_epi64x, _mm_shuffle_epi8, _mm_shuffle_epi32,
    _mm_unpackhi_epi64, _mm_xor_si128,
};
use core::hint::black_box;

use super::{BLOCK, GROUP, GROUP_LEN, Group, Powers, REVERSE, Work, copy, load, store};

/// Sums of products by Karatsuba's method: of lower halves, of upper halves, and of what each factor's halves add up to.
#[derive(Debug)]
pub struct Product {
    pub(super) low: __m128i,
    pub(super) middle: __m128i,
    pub(super) high: __m128i,
}

impl Product {
    #[inline(always)]
    pub(super) fn zero() -> Self {
        let zero = load(&[0; BLOCK]);
        Self {
            low: zero,
            middle: zero,
            high: zero,
        }
    }

    /// Adds a product.
    ///
    /// # Safety
    ///
    /// The processor must have PCLMULQDQ.
    #[inline(always)]
    pub(super) unsafe fn add(&mut self, a: __m128i, b: __m128i) {
        // SAFETY: as promised.
        unsafe {
            let fold = |x| _mm_xor_si128(x, _mm_unpackhi_epi64(x, x));
            self.low = _mm_xor_si128(self.low, _mm_clmulepi64_si128::<0x00>(a, b));
            self.high = _mm_xor_si128(self.high, _mm_clmulepi64_si128::<0x11>(a, b));
            let middle = _mm_clmulepi64_si128::<0x00>(fold(a), fold(b));
            self.middle = _mm_xor_si128(self.middle, middle);
        }
    }

    /// The sum modulo x^128 + x^127 + x^126 + x^121 + 1, over x^128.
    ///
    /// # Safety
    ///
    /// The processor must have PCLMULQDQ.
    #[inline(always)]
    unsafe fn reduce(self) -> __m128i {
        // SAFETY: as promised.
        unsafe {
            let middle = _mm_xor_si128(_mm_xor_si128(self.middle, self.low), self.high);
            // What is there of the lowest 64 coefficients is a multiple of the modulus away from zeros, and then of
            // the next.
            let modulus = _mm_set_epi64x(0, 0xc2 << 56);
            let next = |low| {
                let multiple = _mm_clmulepi64_si128::<0x00>(low, modulus);
                _mm_xor_si128(_mm_shuffle_epi32::<0b01_00_11_10>(low), multiple)
            };
            let middle = _mm_xor_si128(middle, next(self.low));
            _mm_xor_si128(self.high, next(middle))
        }
    }
}

/// A GHASH key, of which to find the powers.
pub(super) struct Key<'k>(pub(super) &'k [u8; BLOCK]);

impl<G: Group> Work<G> for Key<'_> {
    type Result = Powers;

    #[inline(always)]
    unsafe fn inlined(self) -> Powers {
        let key = u128::from_be_bytes(*self.0);
        // Unseen by the compiler, which would make a condition of it.
        let reduce = black_box(key >> 127).wrapping_neg();
        let key = (key << 1) ^ (reduce & ((0xc2 << 120) | 1));
        let key = load(&key.to_le_bytes());
        let mut power = key;
        let mut powers = [load(&[0; BLOCK]); GROUP + 1];
        for to in powers.iter_mut().rev().skip(1) {
            *to = power;
            let mut product = Product::zero();
            // SAFETY: as promised.
            unsafe {
                product.add(power, key);
                power = product.reduce();
            }
        }
        powers
    }
}

/// A hash of what has come so far: reduced, then up to a group of blocks.
pub(super) struct Running<'k> {
    powers: &'k Powers,
    sum: __m128i,
    group: [u8; GROUP_LEN],
    filled: usize,
}

impl<'k> Running<'k> {
    #[inline(always)]
    pub(super) fn new(powers: &'k Powers) -> Self {
        Self {
            powers,
            sum: load(&[0; BLOCK]),
            group: [0; GROUP_LEN],
            filled: 0,
        }
    }

    /// Takes in what follows.
    ///
    /// # Safety
    ///
    /// That of [`Group`], as for all that follow.
    #[inline(always)]
    pub(super) unsafe fn absorb<G: Group>(&mut self, data: &[u8]) {
        let mut data = data;
        while !data.is_empty() {
            if self.filled >= GROUP_LEN {
                // SAFETY: as promised.
                unsafe { self.flush::<G>() };
            }
            let room = self.group.get_mut(self.filled..).unwrap_or_default();
            let (now, later) = data.split_at(room.len().min(data.len()));
            copy(now, room);
            self.filled += now.len();
            data = later;
        }
    }

    /// Pads the last block with zeros.
    #[inline(always)]
    pub(super) fn pad(&mut self) {
        self.filled = self.filled.next_multiple_of(BLOCK);
    }

    /// Takes in the group, as far as it goes.
    #[inline(always)]
    unsafe fn flush<G: Group>(&mut self) {
        // SAFETY: as promised.
        unsafe {
            let blocks = self.filled.div_ceil(BLOCK);
            if blocks > 0 {
                self.sum = hash(G::load(&self.group), self.sum, self.powers, blocks);
            }
        }
        self.group = [0; GROUP_LEN];
        self.filled = 0;
    }

    /// The hash of all but the last block, and that block; of zeros if there is none.
    #[inline(always)]
    pub(super) unsafe fn split_last<G: Group>(mut self) -> (__m128i, [u8; BLOCK]) {
        self.pad();
        let mut last = [0; BLOCK];
        let at = self.filled.saturating_sub(BLOCK);
        if let Some(block) = self
            .group
            .get_mut(at..)
            .and_then(|rest| rest.first_chunk_mut())
        {
            last = *block;
            *block = [0; BLOCK];
        }
        self.filled = at;
        // SAFETY: as promised.
        unsafe { self.flush::<G>() };
        (self.sum, last)
    }

    /// The hash.
    #[inline(always)]
    pub(super) unsafe fn finalize<G: Group>(mut self) -> [u8; BLOCK] {
        // SAFETY: as promised.
        unsafe {
            self.flush::<G>();
            octets(self.sum, load(&[0; BLOCK]))
        }
    }
}

/// A hash as octets, under a mask.
///
/// # Safety
///
/// That of [`Group`].
#[inline(always)]
pub(super) unsafe fn octets(hash: __m128i, mask: __m128i) -> [u8; BLOCK] {
    // SAFETY: as promised.
    store(unsafe { _mm_xor_si128(_mm_shuffle_epi8(hash, load(&REVERSE)), mask) })
}

/// A hash, with so many blocks of a group taken in.
///
/// # Safety
///
/// That of [`Group`].
#[inline(always)]
pub(super) unsafe fn hash<G: Group>(
    group: G,
    hash: __m128i,
    powers: &Powers,
    blocks: usize,
) -> __m128i {
    // SAFETY: as promised.
    unsafe { group.products(hash, powers, blocks).reduce() }
}
