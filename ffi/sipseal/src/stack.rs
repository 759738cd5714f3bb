// SPDX-License-Identifier: MIT OR Apache-2.0
//! Wiping of the stack below the caller, where keys and what is made from them were worked with.

use core::mem::MaybeUninit;
use core::ptr;

use crate::status::{self, sipseal_status};

/// Words of 8 octets below a C caller, as many as its calls use. `tests/traces` finds what lies deeper; where a call uses
/// less, the wiping takes more stack than the call.
pub(crate) mod depth {
    /// Calls that derive keys from a master key.
    #[cfg(not(target_pointer_width = "64"))]
    pub(crate) const KEYS: usize = if cfg!(any(
        feature = "f8",
        feature = "rfc6188",
        feature = "rfc6904"
    )) {
        376
    } else {
        344
    };
    /// Calls that derive keys from a master key.
    #[cfg(target_pointer_width = "64")]
    pub(crate) const KEYS: usize = 832;

    /// SDES offers, and lines that are read.
    #[cfg(not(target_pointer_width = "64"))]
    pub(crate) const SDES: usize = 172;
    /// SDES offers, and lines that are read.
    #[cfg(target_pointer_width = "64")]
    pub(crate) const SDES: usize = 240;

    /// SDES answers.
    #[cfg(not(target_pointer_width = "64"))]
    pub(crate) const SDES_ANSWER: usize = 220;
    /// SDES answers.
    #[cfg(target_pointer_width = "64")]
    pub(crate) const SDES_ANSWER: usize = 312;
}

/// Does something with keys, and wipes that many words of the stack afterwards.
#[inline]
pub(crate) fn wiped<const WORDS: usize>(
    act: impl FnOnce() -> Result<(), sipseal_status>,
) -> sipseal_status {
    let status = apart(act);
    wipe::<WORDS>();
    status
}

/// In a stack frame of its own, which begins where that of [`wipe`] will.
#[inline(never)]
fn apart(act: impl FnOnce() -> Result<(), sipseal_status>) -> sipseal_status {
    status::of(act())
}

/// Wipes that many words below the stack frame that this is called from.
#[inline(never)]
pub(crate) fn wipe<const WORDS: usize>() {
    for word in &mut [const { MaybeUninit::<u64>::uninit() }; WORDS] {
        // SAFETY: a place for a word. Volatile, since nothing reads it again and it must be written all the same.
        unsafe { ptr::write_volatile(word.as_mut_ptr(), 0) };
    }
}
