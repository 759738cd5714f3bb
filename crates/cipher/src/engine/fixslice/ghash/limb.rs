// SPDX-License-Identifier: MIT OR Apache-2.0
//! Products of polynomials with multiplications of 32 bits by 32 that give the low 32 alone.
//!
//! Those take the same time for all operands also where multiplications with a longer result do not, on
//! Cortex-M3 say.

#![allow(clippy::inline_always)] // Factors stay in registers.

/// 32 coefficients, in both orders.
#[derive(Clone, Copy)]
pub(crate) struct Limb {
    word: u32,
    reversed: u32,
}

impl Limb {
    #[inline(always)]
    pub(crate) fn new(word: u32) -> Self {
        Self {
            word,
            reversed: word.reverse_bits(),
        }
    }

    #[inline(always)]
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            word: self.word ^ other.word,
            reversed: self.reversed ^ other.reversed,
        }
    }

    /// The 63 coefficients of a product. The upper ones are the lower ones in the opposite order.
    #[inline(always)]
    pub(crate) fn times(self, other: Self) -> [u32; 2] {
        let upper = low_product(self.reversed, other.reversed);
        [
            low_product(self.word, other.word),
            upper.reverse_bits() >> 1,
        ]
    }
}

/// The lower 32 coefficients of a product, from integer products of every fourth bit.
///
/// A sum of so many bits has room below the next. The n-th has up to n + 1 from a pair of factors that begins
/// with it and n from one that begins at the next, n up to 7: below 16 in sums of two products, but for the
/// uppermost, which carries out of the word.
#[inline(always)]
fn low_product(x: u32, y: u32) -> u32 {
    const EVERY_FOURTH: u32 = 0x1111_1111;
    let part = |word: u32, at: u32| word & EVERY_FOURTH << at;
    let (x0, x1, x2, x3) = (part(x, 0), part(x, 1), part(x, 2), part(x, 3));
    let (y0, y1, y2, y3) = (part(y, 0), part(y, 1), part(y, 2), part(y, 3));
    let two = |a: u32, b: u32, c: u32, d: u32| a.wrapping_mul(b).wrapping_add(c.wrapping_mul(d));
    part(two(x0, y0, x1, y3) ^ two(x2, y2, x3, y1), 0)
        | part(two(x0, y1, x2, y3) ^ two(x1, y0, x3, y2), 1)
        | part(two(x0, y2, x3, y3) ^ two(x1, y1, x2, y0), 2)
        | part(two(x0, y3, x1, y2) ^ two(x2, y1, x3, y0), 3)
}
