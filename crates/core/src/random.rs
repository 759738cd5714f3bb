// SPDX-License-Identifier: MIT OR Apache-2.0
//! Randomness, as the caller supplies it.

/// The caller's cryptographically secure random generator.
///
/// Firmware has a hardware generator, a host has the operating system's; sipseal never reaches for
/// either by itself.
pub trait RandomSource {
    /// Fills all of `out` with random bytes.
    ///
    /// # Errors
    ///
    /// [`RandomFailed`] if the generator cannot deliver. `out` then holds no usable randomness, and the
    /// operation that asked for it fails as a whole.
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomFailed>;
}

impl<F: FnMut(&mut [u8]) -> Result<(), RandomFailed>> RandomSource for F {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomFailed> {
        self(out)
    }
}

/// The random source could not deliver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RandomFailed;

impl core::fmt::Display for RandomFailed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("random source failed")
    }
}

impl core::error::Error for RandomFailed {}
