// SPDX-License-Identifier: MIT OR Apache-2.0
//! The `ghash` crate.

#![allow(clippy::inline_always)] // Pieces are few and short: calls would cost as much as they do.

use ::ghash::GHash;
use ::ghash::universal_hash::UniversalHash;
use cipher::array::Array;

const BLOCK: usize = 16;

/// A GHASH key: cloned for each packet.
#[allow(unreachable_pub, missing_debug_implementations)] // Named by what the tests and no other code can name.
pub struct HashKey(GHash);

impl HashKey {
    pub(crate) fn new(key: &[u8; BLOCK]) -> Self {
        Self(GHash::new(key.into()))
    }

    /// A hash over so many blocks.
    #[inline(always)]
    pub(crate) fn start(&self, blocks: usize) -> Fours {
        Fours::new(&self.0, blocks)
    }
}

/// GHASH that takes in four blocks at a time, across the seams of what it is given.
///
/// With carry-less multiplication in hardware, four blocks cost little more than one. Blocks of zeros do not
/// change a hash that is still zero, so with up to three of them in front nothing is left to go one by one.
pub(crate) struct Fours {
    ghash: GHash,
    group: [u8; 4 * BLOCK],
    filled: usize,
}

impl Fours {
    fn new(ghash: &GHash, blocks: usize) -> Self {
        // Elsewhere a block of zeros costs as much as any.
        let in_hardware = cfg!(any(
            target_arch = "x86",
            target_arch = "x86_64",
            target_arch = "aarch64"
        ));
        Self {
            ghash: ghash.clone(),
            group: [0; 4 * BLOCK],
            filled: if in_hardware {
                blocks.wrapping_neg() % 4 * BLOCK
            } else {
                0
            },
        }
    }

    /// Takes in what follows.
    #[inline(always)]
    pub(crate) fn absorb(&mut self, data: &[u8]) {
        let room = if self.filled == 0 {
            0
        } else {
            self.group.len() - self.filled
        };
        let (head, data) = data.split_at(room.min(data.len()));
        self.fill(head);
        let (groups, rest) = data.split_at(data.len() & !(4 * BLOCK - 1));
        self.ghash.update(blocks(groups));
        self.fill(rest);
    }

    /// Pads the last block with zeros.
    #[inline(always)]
    pub(crate) fn pad(&mut self) {
        let zeros = [0; BLOCK];
        let missing = self.filled.wrapping_neg() % BLOCK;
        self.fill(zeros.get(..missing).unwrap_or_default());
    }

    /// Takes in no more than the group has room for.
    #[inline(always)]
    fn fill(&mut self, data: &[u8]) {
        let room = self.group.get_mut(self.filled..).unwrap_or_default();
        for (to, from) in room.iter_mut().zip(data) {
            *to = *from;
        }
        self.filled += data.len();
        if self.filled == self.group.len() {
            self.ghash.update(blocks(&self.group));
            self.filled = 0;
        }
    }

    /// The hash of what was taken in, which is whole blocks.
    #[inline(always)]
    pub(crate) fn finalize(mut self) -> [u8; BLOCK] {
        let left = self.group.get(..self.filled).unwrap_or_default();
        self.ghash.update(blocks(left));
        self.ghash.finalize().0
    }
}

/// The whole blocks of `data`.
fn blocks(data: &[u8]) -> &[::ghash::Block] {
    Array::cast_slice_from_core(data.as_chunks().0)
}
