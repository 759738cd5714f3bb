// SPDX-License-Identifier: MIT OR Apache-2.0
//! The instructions of x86-64: AES-NI and PCLMULQDQ for a block each, or VAES and VPCLMULQDQ for two.
//!
//! Both take eight blocks at a time: [`Group`] is what they differ in.

use core::arch::x86_64::__m128i;

use super::detected::Detected;
use crate::engine::software;

pub(crate) mod aes;
#[cfg(feature = "gcm")]
pub(crate) mod gcm;
#[cfg(feature = "gcm")]
mod ghash;
pub(crate) mod narrow;
pub(crate) mod wide;

use narrow::Narrow;
use wide::Wide;

/// An AES key of the widest engine that there is.
type Widest<const ROUND_KEYS: usize, S> =
    Detected<aes::AesEnc<Wide, ROUND_KEYS>, Detected<aes::AesEnc<Narrow, ROUND_KEYS>, S>>;

/// An expanded AES-128 key.
pub type Aes128Enc = Widest<11, software::Aes128Enc>;
/// An expanded AES-192 key.
#[cfg(feature = "rfc6188")]
pub type Aes192Enc = Widest<13, software::Aes192Enc>;
/// An expanded AES-256 key.
#[cfg(any(feature = "gcm", feature = "rfc6188"))]
pub type Aes256Enc = Widest<15, software::Aes256Enc>;

/// Octets of a block of AES.
const BLOCK: usize = 16;
/// Blocks of a group.
const GROUP: usize = 8;
/// Octets of a group.
const GROUP_LEN: usize = GROUP * BLOCK;

/// The first eight powers of a GHASH key, the highest first, and one place more, so that they can be taken in pairs
/// from any of them on.
#[cfg(feature = "gcm")]
type Powers = [__m128i; GROUP + 1];

/// Eight blocks in registers.
///
/// # Safety
///
/// All but [`Group::is_present`] are to be called only where it has answered yes, and to be inlined into a call of
/// [`Group::run`].
pub trait Group: Copy {
    /// Has the processor the instructions?
    fn is_present() -> bool;

    /// Does some work with the instructions.
    unsafe fn run<W: Work<Self>>(work: W) -> W::Result;

    /// Loads blocks.
    unsafe fn load(octets: &[u8; GROUP_LEN]) -> Self;

    /// Loads a block, and seven that are elsewhere.
    #[cfg(feature = "gcm")]
    unsafe fn load_after(first: &[u8; BLOCK], others: &[u8; GROUP_LEN - BLOCK]) -> Self;

    /// Stores blocks.
    unsafe fn store(self, octets: &mut [u8; GROUP_LEN]);

    /// The counter blocks from `first` on, the octets of which are in the opposite order.
    unsafe fn counters(first: __m128i) -> Self;

    /// Encrypts each block.
    unsafe fn encrypt(self, keys: &[__m128i]) -> Self;

    /// XORs block by block.
    unsafe fn xor(self, other: Self) -> Self;

    /// ANDs block by block.
    #[cfg(feature = "gcm")]
    unsafe fn and(self, other: Self) -> Self;

    /// The first block, and the others with zeros in its place.
    #[cfg(feature = "gcm")]
    unsafe fn split_first(self) -> (__m128i, Self);

    /// The sum of products of the first `blocks` blocks, 1 to 8 of them, with as many powers, the last with the
    /// first power; `hash` is added to the first block. Others must be zero.
    #[cfg(feature = "gcm")]
    unsafe fn products(self, hash: __m128i, powers: &Powers, blocks: usize) -> ghash::Product;
}

/// Work to be inlined into [`Group::run`], which a closure is not for sure.
pub trait Work<G: Group> {
    /// What comes of it.
    type Result;

    /// Does the work.
    ///
    /// # Safety
    ///
    /// That of [`Group`].
    unsafe fn inlined(self) -> Self::Result;
}

/// The octets of a block in the opposite order.
const REVERSE: [u8; BLOCK] = [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];

/// A block as a register.
#[inline(always)]
#[allow(clippy::inline_always)]
fn load(block: &[u8; BLOCK]) -> __m128i {
    // SAFETY: both are 16 octets of which every value is valid.
    unsafe { core::mem::transmute(*block) }
}

/// A register as a block.
#[inline(always)]
#[allow(clippy::inline_always)]
fn store(block: __m128i) -> [u8; BLOCK] {
    // SAFETY: as above.
    unsafe { core::mem::transmute(block) }
}

/// Copies `from` to the beginning of `to`, which is no shorter.
#[inline(always)]
#[allow(clippy::inline_always)]
fn copy(from: &[u8], to: &mut [u8]) {
    if let Some(to) = to.get_mut(..from.len()) {
        to.copy_from_slice(from);
    }
}

/// Fills `to` with the beginning of `from`, which is no shorter.
#[inline(always)]
#[allow(clippy::inline_always)]
fn fill(to: &mut [u8], from: &[u8]) {
    if let Some(from) = from.get(..to.len()) {
        to.copy_from_slice(from);
    }
}
