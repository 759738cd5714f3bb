// SPDX-License-Identifier: MIT OR Apache-2.0
//! Random choices that repeat: SplitMix64 from a seed that every failure names.

/// A generator of choices.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn long(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    #[allow(clippy::cast_possible_truncation)] // Below a usize.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.long() % bound as u64) as usize
    }

    /// A number from `from` to `to`, both included.
    pub fn between(&mut self, from: usize, to: usize) -> usize {
        from + self.below(to - from + 1)
    }

    /// True in `percent` of 100 cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    pub fn octets(&mut self, len: usize) -> Vec<u8> {
        let mut octets = vec![0; len];
        for chunk in octets.chunks_mut(8) {
            chunk.copy_from_slice(&self.long().to_le_bytes()[..chunk.len()]);
        }
        octets
    }

    pub fn word(&mut self) -> u32 {
        (self.long() >> 32) as u32
    }

    pub fn sequence_number(&mut self) -> u16 {
        (self.long() >> 48) as u16
    }
}

/// The fixed seeds, and the one in `SIPSEAL_SEED` if it is set.
pub fn seeds(fixed: &[u64]) -> Vec<u64> {
    let added = std::env::var("SIPSEAL_SEED")
        .ok()
        .map(|seed| seed.parse().expect("SIPSEAL_SEED is a decimal number"));
    fixed.iter().copied().chain(added).collect()
}
