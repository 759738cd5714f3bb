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

    /// H(A1) and credentials.
    #[cfg(not(target_pointer_width = "64"))]
    pub(crate) const CREDENTIALS: usize = 120;
    /// H(A1) and credentials.
    #[cfg(target_pointer_width = "64")]
    pub(crate) const CREDENTIALS: usize = 288;

    /// Challenges.
    #[cfg(not(target_pointer_width = "64"))]
    pub(crate) const CHALLENGES: usize = 124;
    /// Challenges.
    #[cfg(target_pointer_width = "64")]
    pub(crate) const CHALLENGES: usize = 288;

    /// Responses to a digest client.
    #[cfg(not(target_pointer_width = "64"))]
    pub(crate) const RESPONSE: usize = 296;
    /// Responses to a digest client.
    #[cfg(target_pointer_width = "64")]
    pub(crate) const RESPONSE: usize = 560;

    /// Requests to a digest server.
    #[cfg(not(target_pointer_width = "64"))]
    pub(crate) const REQUEST: usize = 300;
    /// Requests to a digest server.
    #[cfg(target_pointer_width = "64")]
    pub(crate) const REQUEST: usize = 560;
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
    const { assert!(WORDS.is_multiple_of(4)) };
    let mut words = [const { MaybeUninit::<u64>::uninit() }; WORDS];
    let zero = |word: &mut MaybeUninit<u64>| {
        // SAFETY: a place for a word. Volatile, since nothing reads it again and it must be written all the same.
        unsafe { ptr::write_volatile(word.as_mut_ptr(), 0) };
    };
    // Four at a time, since a response is made in the time of a few such loops.
    let (groups, _) = words.as_chunks_mut::<4>();
    for [a, b, c, d] in groups {
        zero(a);
        zero(b);
        zero(c);
        zero(d);
    }
}
