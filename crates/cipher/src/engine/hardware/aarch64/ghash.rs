// SPDX-License-Identifier: MIT OR Apache-2.0
//! GHASH with carry-less multiplication (NIST SP 800-38D section 6.4).
//!
//! A block is a polynomial, its first bit the coefficient of x^0. Read as a big-endian number it has its bits in the
//! opposite order, which a product of polynomials does not mind, but for a factor of x that the key takes in
//! advance. In registers the upper half of a number stands first. Products are summed up over a group of blocks, each
//! with a power of the key of its own, and reduced once.

use core::arch::aarch64::{
    uint8x16_t, vcombine_u64, vcreate_u64, vdupq_n_u8, vdupq_n_u64, veorq_u8, vextq_u8,
    vgetq_lane_u64, vmull_high_p64, vmull_p64, vreinterpretq_p64_u8, vreinterpretq_u8_p128,
    vreinterpretq_u8_u64, vreinterpretq_u64_u8, vrev64q_u8,
};

use super::{BLOCK, copy_few, load, load_halves, store, unseen};

/// The largest group: eight blocks and, after them, one of lengths.
const MAX_GROUP: usize = 9;

/// A power of a key, times x: upper half, lower half.
type Power = [u64; 2];

/// The powers of a key from [`MAX_GROUP`] down to 1.
pub(super) type Powers = [Power; MAX_GROUP];

/// x^128 + x^127 + x^126 + x^121 + 1 in the opposite order, without the first.
const POLYNOMIAL: u128 = 0xc200_0000_0000_0000_0000_0000_0000_0001;
/// The upper half of that.
const UPPER_HALF: u64 = 0xc200_0000_0000_0000;

/// The powers of a key.
#[target_feature(enable = "aes")]
pub(super) fn expand(key: &[u8; BLOCK], powers: &mut Powers) {
    let mut power = vrev64q_u8(load(key));
    let first = times_x(power);
    for place in powers.iter_mut().rev() {
        *place = times_x(power);
        power = {
            let mut products = Products::none();
            products.add(power, &first);
            products.reduced()
        };
    }
}

/// The hash of pieces as a block.
#[target_feature(enable = "aes")]
pub(super) fn hash(powers: &Powers, associated: &[&[u8]], ciphertext: &[&[u8]]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    store(Hash::of(powers, associated, ciphertext).block(), &mut block);
    block
}

#[target_feature(enable = "aes")]
#[allow(clippy::cast_possible_truncation)] // Into its halves.
fn times_x(number: uint8x16_t) -> Power {
    let halves = vreinterpretq_u64_u8(number);
    let [upper, lower] = [vgetq_lane_u64::<0>(halves), vgetq_lane_u64::<1>(halves)];
    let number = u128::from(upper) << 64 | u128::from(lower);
    // All ones if the uppermost bit is lost.
    let lost = (number.cast_signed() >> 127).cast_unsigned();
    let times_x = number << 1 ^ lost & POLYNOMIAL;
    [(times_x >> 64) as u64, times_x as u64]
}

/// The sum of products: 128 bits each, the middle ones 64 bits above the lower and below the upper.
#[derive(Clone, Copy)]
struct Products {
    lower: uint8x16_t,
    middle: uint8x16_t,
    upper: uint8x16_t,
}

impl Products {
    #[inline]
    #[target_feature(enable = "aes")]
    fn none() -> Self {
        let zeros = vdupq_n_u8(0);
        Self {
            lower: zeros,
            middle: zeros,
            upper: zeros,
        }
    }

    #[inline]
    #[target_feature(enable = "aes")]
    fn add(&mut self, number: uint8x16_t, power: &Power) {
        // As a whole, not half by half.
        let power = unseen(load_halves(power));
        let crossed = unseen(swap(power));
        self.upper = veorq_u8(self.upper, firsts(number, power));
        self.lower = veorq_u8(self.lower, seconds(number, power));
        self.middle = veorq_u8(self.middle, firsts(number, crossed));
        self.middle = veorq_u8(self.middle, seconds(number, crossed));
    }

    /// Without the multiple of the polynomial that leaves the lower 128 bits zero, upper half first.
    #[inline]
    #[target_feature(enable = "aes")]
    fn reduced(self) -> uint8x16_t {
        let polynomial = vreinterpretq_u8_u64(vdupq_n_u64(UPPER_HALF));
        let middle = veorq_u8(self.middle, swap(self.lower));
        let middle = veorq_u8(middle, firsts(self.lower, polynomial));
        let upper = veorq_u8(self.upper, firsts(middle, polynomial));
        veorq_u8(middle, swap(upper))
    }
}

/// With its halves in the opposite order.
#[inline]
#[target_feature(enable = "aes")]
fn swap(halves: uint8x16_t) -> uint8x16_t {
    vextq_u8::<8>(halves, halves)
}

/// The product of the halves that stand first.
#[inline]
#[target_feature(enable = "aes")]
fn firsts(a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
    let first = |halves| vgetq_lane_u64::<0>(vreinterpretq_u64_u8(halves));
    vreinterpretq_u8_p128(vmull_p64(first(a), first(b)))
}

/// The product of the halves that stand second.
#[inline]
#[target_feature(enable = "aes")]
fn seconds(a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
    vreinterpretq_u8_p128(vmull_high_p64(
        vreinterpretq_p64_u8(a),
        vreinterpretq_p64_u8(b),
    ))
}

/// A group of blocks, as many as `powers` at its start.
pub(super) struct Group<'p> {
    /// The hash of what came before the group, until its first block comes.
    before: uint8x16_t,
    products: Products,
    /// Those of the blocks to come.
    powers: &'p [Power],
}

impl Group<'_> {
    /// Takes in the next block.
    #[inline]
    #[target_feature(enable = "aes")]
    pub(super) fn add(&mut self, block: uint8x16_t) {
        if let Some((power, later)) = self.powers.split_first() {
            let number = veorq_u8(vrev64q_u8(block), self.before);
            self.before = vdupq_n_u8(0);
            self.products.add(number, power);
            self.powers = later;
        }
    }
}

/// A hash of what has come so far: of whole groups.
pub(super) struct Hash<'p> {
    powers: &'p Powers,
    value: uint8x16_t,
}

impl<'p> Hash<'p> {
    #[inline]
    #[target_feature(enable = "aes")]
    pub(super) fn new(powers: &'p Powers) -> Self {
        Self {
            powers,
            value: vdupq_n_u8(0),
        }
    }

    /// Of associated data and ciphertext, each in pieces that follow one another without padding.
    #[inline]
    #[target_feature(enable = "aes")]
    pub(super) fn of(powers: &'p Powers, associated: &[&[u8]], ciphertext: &[&[u8]]) -> Self {
        let mut hash = Self::new(powers);
        hash.pieces(associated);
        hash.pieces(ciphertext);
        let lengths = lengths(total_len(associated), total_len(ciphertext));
        hash.group(1, |group| group.add(lengths));
        hash
    }

    /// Takes in a group of so many blocks, as `add` adds them.
    #[inline]
    #[target_feature(enable = "aes")]
    pub(super) fn group(&mut self, blocks: usize, add: impl FnOnce(&mut Group<'p>)) {
        let powers = self.powers.len().checked_sub(blocks);
        let mut group = Group {
            before: self.value,
            products: Products::none(),
            powers: powers
                .and_then(|at| self.powers.get(at..))
                .unwrap_or_default(),
        };
        add(&mut group);
        self.value = group.products.reduced();
    }

    /// Takes in whole blocks.
    #[inline]
    #[target_feature(enable = "aes")]
    fn blocks(&mut self, blocks: &[[u8; BLOCK]]) {
        let (eights, rest) = blocks.as_chunks::<8>();
        for eight in eights {
            self.group(eight.len(), |group| {
                for block in eight {
                    group.add(load(block));
                }
            });
        }
        if !rest.is_empty() {
            self.group(rest.len(), |group| {
                for block in rest {
                    group.add(load(block));
                }
            });
        }
    }

    /// Takes in pieces that follow one another without padding, and pads the last block with zeros.
    #[inline]
    #[target_feature(enable = "aes")]
    pub(super) fn pieces(&mut self, pieces: &[&[u8]]) {
        // Zeros from `filled` on.
        let mut block = [0; BLOCK];
        let mut filled = 0;
        for piece in pieces {
            let mut piece = *piece;
            if filled > 0 {
                let room = block.get_mut(filled..).unwrap_or_default();
                let (now, later) = piece.split_at(room.len().min(piece.len()));
                copy_few(now, room);
                if now.len() < room.len() {
                    filled += now.len();
                    continue;
                }
                self.group(1, |group| group.add(load(&block)));
                block = [0; BLOCK];
                piece = later;
            }
            let (blocks, rest) = piece.as_chunks();
            self.blocks(blocks);
            copy_few(rest, &mut block);
            filled = rest.len();
        }
        if filled > 0 {
            self.group(1, |group| group.add(load(&block)));
        }
    }

    /// As a block.
    #[inline]
    #[target_feature(enable = "aes")]
    pub(super) fn block(&self) -> uint8x16_t {
        vrev64q_u8(self.value)
    }
}

/// The last block: the bits of associated data and ciphertext.
#[inline]
#[target_feature(enable = "aes")]
pub(super) fn lengths(associated: usize, ciphertext: usize) -> uint8x16_t {
    let bits = |octets: usize| vcreate_u64((octets as u64).wrapping_mul(8));
    vrev64q_u8(vreinterpretq_u8_u64(vcombine_u64(
        bits(associated),
        bits(ciphertext),
    )))
}

pub(super) fn total_len(pieces: &[&[u8]]) -> usize {
    pieces.iter().map(|piece| piece.len()).sum()
}
