// SPDX-License-Identifier: MIT OR Apache-2.0
//! The replay window (RFC 3711 section 3.3.2).
//!
//! A ring of bits, one per index, in words of 32: bit `index mod size` says whether `index` was seen, for
//! the `size` indices up to the highest. Moving up clears the bits that are passed over, so an in-order
//! packet costs two bit operations whatever the size.

use crate::Error;

/// Smallest window, in packets.
pub const MIN_WINDOW: usize = 64;
/// Largest window, in packets: half the sequence number space, beyond which an index is ambiguous.
pub const MAX_WINDOW: usize = 1 << 15;
/// Packets that one word of a window covers.
pub const PACKETS_PER_WORD: usize = u32::BITS as usize;

/// Whether a window may have this many packets: a power of two from 64 to 32,768.
#[must_use]
pub const fn is_valid_window(packets: usize) -> bool {
    packets.is_power_of_two() && packets >= MIN_WINDOW && packets <= MAX_WINDOW
}

/// Whether `index` is new. `words` must be a valid window; `highest` is the highest index marked in it.
///
/// # Errors
///
/// [`Error::Replayed`] or [`Error::TooOld`].
pub fn check(words: &[u32], highest: Option<u64>, index: u64) -> Result<(), Error> {
    let Some(highest) = highest else {
        return Ok(());
    };
    let Some(age) = highest.checked_sub(index) else {
        return Ok(());
    };
    if age >= size(words) {
        return Err(Error::TooOld);
    }
    let (word, bit) = position(words.len(), index);
    match words.get(word) {
        Some(bits) if bits & bit == 0 => Ok(()),
        _ => Err(Error::Replayed),
    }
}

/// Marks `index`, which [`check`] has found new, and returns the highest index from now on.
#[must_use]
pub fn mark(words: &mut [u32], highest: Option<u64>, index: u64) -> u64 {
    let len = words.len();
    let new_highest = match highest {
        Some(highest) if index <= highest => highest,
        Some(highest) if index - highest < size(words) => {
            for passed in highest + 1..index {
                let (word, bit) = position(len, passed);
                if let Some(bits) = words.get_mut(word) {
                    *bits &= !bit;
                }
            }
            index
        }
        _ => {
            words.fill(0);
            index
        }
    };
    let (word, bit) = position(len, index);
    if let Some(bits) = words.get_mut(word) {
        *bits |= bit;
    }
    new_highest
}

fn size(words: &[u32]) -> u64 {
    (words.len() * PACKETS_PER_WORD) as u64
}

/// The word and the bit of an index in a window of `len` words, a power of two.
#[allow(clippy::cast_possible_truncation)] // The mask keeps the low bits alone.
fn position(len: usize, index: u64) -> (usize, u32) {
    let slot = index as u32;
    (
        ((slot >> 5) as usize) & len.wrapping_sub(1),
        1 << (slot & 31),
    )
}
