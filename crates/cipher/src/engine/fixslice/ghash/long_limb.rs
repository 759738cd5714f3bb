// SPDX-License-Identifier: MIT OR Apache-2.0
//! Products of polynomials with multiplications of 32 bits by 32 into 64, in Thumb-2.
//!
//! Factors and sums are in registers, for which there are just enough. No branch and no address depends on data, and
//! every instruction takes the same time for all data on the processors that this is built for.

#![allow(clippy::inline_always)] // Factors stay in registers.

/// 32 coefficients.
#[derive(Clone, Copy)]
pub(crate) struct Limb(u32);

impl Limb {
    #[inline(always)]
    pub(crate) fn new(word: u32) -> Self {
        Self(word)
    }

    #[inline(always)]
    pub(crate) fn plus(self, other: Self) -> Self {
        Self(self.0 ^ other.0)
    }

    /// The 63 coefficients of a product.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)] // Halves.
    pub(crate) fn times(self, other: Self) -> [u32; 2] {
        // SAFETY: the code touches registers alone, and keeps to the procedure call standard.
        let product = unsafe { product(self.0, other.0) };
        [product as u32, (product >> 32) as u32]
    }
}

/// A product, from integer products of every fourth bit.
///
/// A sum of so many bits has room below the next. The n-th of fifteen has 8 - |n - 7| from a pair of factors that
/// begins with it, and 8 - |n - 8| from one that begins at the next: below 16 in the sum of both.
///
/// ```text
///   r2..r5    every fourth bit of the first factor, from bits 0, 1, 2 and 3 on
///   r6..r9    of the second
///   r0, r1    the product
///   others    sums of integer products
/// ```
#[unsafe(naked)]
unsafe extern "C" fn product(a: u32, b: u32) -> u64 {
    thumb2_asm!(
        r".macro ghash_multiply low, high, a, b",
        r"umull r12, lr, \a, \b",
        r"eor \low, \low, r12",
        r"eor \high, \high, lr",
        r".endm",
        r".macro ghash_take mask",
        r"and r10, r10, #\mask",
        r"and r11, r11, #\mask",
        r"orr r0, r0, r10",
        r"orr r1, r1, r11",
        r".endm",
        "push {{r4-r11, lr}}",
        "and r2, r0, #0x11111111",
        "and r3, r0, #0x22222222",
        "and r4, r0, #0x44444444",
        "and r5, r0, #0x88888888",
        "and r6, r1, #0x11111111",
        "and r7, r1, #0x22222222",
        "and r8, r1, #0x44444444",
        "and r9, r1, #0x88888888",
        "umull r0, r1, r2, r6",
        "umlal r0, r1, r3, r9",
        "ghash_multiply r0, r1, r4, r8",
        "ghash_multiply r0, r1, r5, r7",
        "and r0, r0, #0x11111111",
        "and r1, r1, #0x11111111",
        "umull r10, r11, r2, r7",
        "umlal r10, r11, r4, r9",
        "umull r12, lr, r3, r6",
        "umlal r12, lr, r5, r8",
        "eor r10, r10, r12",
        "eor r11, r11, lr",
        "ghash_take 0x22222222",
        "umull r10, r11, r2, r8",
        "umlal r10, r11, r5, r9",
        "ghash_multiply r10, r11, r3, r7",
        "ghash_multiply r10, r11, r4, r6",
        "ghash_take 0x44444444",
        "umull r10, r11, r2, r9",
        "ghash_multiply r10, r11, r3, r8",
        "ghash_multiply r10, r11, r4, r7",
        "ghash_multiply r10, r11, r5, r6",
        "ghash_take 0x88888888",
        "pop {{r4-r11, pc}}",
        ".purgem ghash_multiply",
        ".purgem ghash_take",
    )
}
