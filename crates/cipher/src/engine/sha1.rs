// SPDX-License-Identifier: MIT OR Apache-2.0
//! The compression function of SHA-1 (FIPS 180-4 section 6.1.2):
//!
//! * in the instructions of AArch64, where the processor has them;
//! * [`thumb2`], ours, on ARM processors that execute Thumb-2;
//! * the `sha1` crate elsewhere;
//! * with `--cfg sipseal_sha1="compact"` in `RUSTFLAGS` loops of our own, those of [`thumb2`] or [`compact`], in a
//!   tenth and a fifth of the flash of what is unrolled.

#[allow(dead_code)] // Where another is chosen.
pub(crate) mod compact;
#[cfg(sipseal_thumb2)]
#[allow(unsafe_code, dead_code)] // One of two is chosen.
pub(crate) mod thumb2;

#[cfg(all(not(sipseal_thumb2), not(sipseal_sha1 = "compact")))]
use ::sha1::block_api::compress as software;
#[cfg(all(not(sipseal_thumb2), sipseal_sha1 = "compact"))]
use compact::compress as software;
#[cfg(all(sipseal_thumb2, sipseal_sha1 = "compact"))]
use thumb2::compact as software;
#[cfg(all(sipseal_thumb2, not(sipseal_sha1 = "compact")))]
use thumb2::compress as software;

#[cfg(all(sipseal_chosen = "hardware", target_arch = "aarch64"))]
use super::hardware as engine;

/// Takes whole blocks into a state.
#[inline(always)]
#[allow(clippy::inline_always)] // One call instead of two.
pub(crate) fn compress(state: &mut [u32; 5], blocks: &[[u8; 64]]) {
    if !engine::compress_sha1(state, blocks) {
        software(state, blocks);
    }
}

/// HMAC-SHA1 of the concatenated `parts` from the two keyed states, where an engine does all of it.
#[inline]
pub(crate) fn hmac(inner: &[u32; 5], outer: &[u32; 5], parts: &[&[u8]]) -> Option<[u8; 20]> {
    engine::hmac_sha1(inner, outer, parts)
}

/// No engine.
#[cfg(not(all(sipseal_chosen = "hardware", target_arch = "aarch64")))]
mod engine {
    pub(super) fn compress_sha1(_: &mut [u32; 5], _: &[[u8; 64]]) -> bool {
        false
    }

    pub(super) fn hmac_sha1(_: &[u32; 5], _: &[u32; 5], _: &[&[u8]]) -> Option<[u8; 20]> {
        None
    }
}
