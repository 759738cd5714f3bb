// SPDX-License-Identifier: MIT OR Apache-2.0
//! GHASH (NIST SP 800-38D section 6.4) with multiplications of integers.
//!
//! A block is a polynomial, its first bit the coefficient of x^0. Read as a big-endian number
//! it has its bits in the opposite order, which a product of polynomials does not mind, but for a factor of x
//! that the key takes in advance.
//!
//! Limbs of 32 coefficients are multiplied by what takes the same time for all operands: [`long_limb`], where that
//! is so for multiplications of 32 bits by 32 into 64, [`limb`] elsewhere.

#![allow(clippy::inline_always)] // Factors stay in registers.
#![allow(clippy::many_single_char_names)] // Words in their order.

use core::hint::black_box;

use zeroize::{Zeroize, ZeroizeOnDrop};

#[cfg(not(sipseal_long_multiplication))]
mod limb;
#[cfg(sipseal_long_multiplication)]
#[allow(unsafe_code)]
mod long_limb;

#[cfg(not(sipseal_long_multiplication))]
use limb::Limb;
#[cfg(sipseal_long_multiplication)]
use long_limb::Limb;

const BLOCK: usize = 16;

/// A polynomial of 128 coefficients, as a number with its lowest word first.
type Words = [u32; 4];

/// A GHASH key, times x.
#[derive(Zeroize, ZeroizeOnDrop)]
#[allow(unreachable_pub, missing_debug_implementations)] // Named by what the tests and no other code can name.
pub struct HashKey(Words);

impl HashKey {
    pub(crate) fn new(key: &[u8; BLOCK]) -> Self {
        let [a, b, c, d] = words(key);
        // Unseen by the compiler, which would make a condition of it.
        let reduce = black_box(d >> 31).wrapping_neg();
        // x^128 = x^127 + x^126 + x^121 + 1 in the opposite order.
        Self([
            a << 1 ^ reduce & 1,
            b << 1 ^ a >> 31,
            c << 1 ^ b >> 31,
            d << 1 ^ c >> 31 ^ reduce & 0xc200_0000,
        ])
    }

    /// A hash; over how many blocks does not matter here.
    pub(crate) fn start(&self, _: usize) -> Running<'_> {
        Running {
            key: &self.0,
            sum: [0; 4],
            block: [0; BLOCK],
            filled: 0,
        }
    }
}

/// A hash of what has come so far.
pub(crate) struct Running<'k> {
    key: &'k Words,
    sum: Words,
    block: [u8; BLOCK],
    filled: usize,
}

impl Running<'_> {
    /// Takes in what follows.
    #[inline(never)]
    pub(crate) fn absorb(&mut self, data: &[u8]) {
        let mut data = data;
        if self.filled > 0 {
            let room = self.block.get_mut(self.filled..).unwrap_or_default();
            let (now, later) = data.split_at(room.len().min(data.len()));
            for (to, from) in room.iter_mut().zip(now) {
                *to = *from;
            }
            self.filled += now.len();
            data = later;
            if self.filled < BLOCK {
                return;
            }
            self.filled = 0;
            add_block(&mut self.sum, self.key, &self.block);
        }
        let (blocks, rest) = data.as_chunks();
        for block in blocks {
            add_block(&mut self.sum, self.key, block);
        }
        for (to, from) in self.block.iter_mut().zip(rest) {
            *to = *from;
        }
        self.filled = rest.len();
    }

    /// Pads the last block with zeros.
    pub(crate) fn pad(&mut self) {
        if self.filled > 0 {
            for octet in self.block.get_mut(self.filled..).unwrap_or_default() {
                *octet = 0;
            }
            self.filled = 0;
            add_block(&mut self.sum, self.key, &self.block);
        }
    }

    /// The hash of what was taken in, which is whole blocks.
    pub(crate) fn finalize(self) -> [u8; BLOCK] {
        let [a, b, c, d] = self.sum;
        let mut hash = [0; BLOCK];
        let (octets, _) = hash.as_chunks_mut();
        for (octets, word) in octets.iter_mut().zip([d, c, b, a]) {
            *octets = word.to_be_bytes();
        }
        hash
    }
}

fn words(block: &[u8; BLOCK]) -> Words {
    let mut words = [0; 4];
    for (word, octets) in words.iter_mut().rev().zip(block.as_chunks().0) {
        *word = u32::from_be_bytes(*octets);
    }
    words
}

/// sum = (sum + block) * key
#[inline(never)]
fn add_block(sum: &mut Words, key: &Words, block: &[u8; BLOCK]) {
    let [a, b, c, d] = *sum;
    let [e, f, g, h] = words(block);
    let [a, b, c, d] = [
        Limb::new(a ^ e),
        Limb::new(b ^ f),
        Limb::new(c ^ g),
        Limb::new(d ^ h),
    ];
    let [ka, kb, kc, kd] = key.map(Limb::new);

    // 128 by 128 bits from three times 64 by 64 (Karatsuba).
    let [l0, l1, l2, l3] = product(&[a, b, ka, kb]);
    let [h0, h1, h2, h3] = product(&[c, d, kc, kd]);
    let [m0, m1, m2, m3] = product(&[a.plus(c), b.plus(d), ka.plus(kc), kb.plus(kd)]);
    let (x, y) = (l2 ^ h0, l3 ^ h1);
    let low = [l0, l1, x ^ m0 ^ l0, y ^ m1 ^ l1];
    let high = [x ^ m2 ^ h2, y ^ m3 ^ h3, h2, h3];

    // Word by word from below, what there is is a multiple of 1 + x^121 + x^126 + x^127 + x^128 away from zeros.
    let [p0, p1, p2, p3] = low;
    let [p4, p5, p6, p7] = high;
    let over = |word: u32| word << 31 ^ word << 30 ^ word << 25;
    let onto = |word: u32| word ^ word >> 1 ^ word >> 2 ^ word >> 7;
    let p3 = p3 ^ over(p0);
    let p4 = p4 ^ onto(p0) ^ over(p1);
    let p5 = p5 ^ onto(p1) ^ over(p2);
    let p6 = p6 ^ onto(p2) ^ over(p3);
    let p7 = p7 ^ onto(p3);
    *sum = [p4, p5, p6, p7];
}

/// The product of the first two limbs, the lower one first, and the other two.
#[cfg_attr(sipseal_long_multiplication, inline(always))]
#[cfg_attr(not(sipseal_long_multiplication), inline(never))]
fn product(factors: &[Limb; 4]) -> Words {
    let [a, b, c, d] = *factors;
    let [l0, l1] = a.times(c);
    let [h0, h1] = b.times(d);
    let [m0, m1] = a.plus(b).times(c.plus(d));
    let middle = l1 ^ h0;
    [l0, middle ^ m0 ^ l0, middle ^ m1 ^ h1, h1]
}
