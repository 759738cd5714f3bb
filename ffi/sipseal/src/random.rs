// SPDX-License-Identifier: MIT OR Apache-2.0
//! Randomness from C.

use core::ffi::c_void;

use sipseal::{RandomFailed, RandomSource};

use crate::status::{SIPSEAL_NULL_POINTER, SIPSEAL_OK, sipseal_status};

/// Fills all `out_len` octets at `out` from a cryptographically secure generator and returns SIPSEAL_OK;
/// any other value makes the calling function fail with SIPSEAL_RANDOM_FAILED. `user` is what the program
/// passed along with the callback. It must not call back into the object at work.
#[allow(non_camel_case_types)]
pub type sipseal_random =
    Option<unsafe extern "C" fn(user: *mut c_void, out: *mut u8, out_len: usize) -> sipseal_status>;

/// The callback with its user pointer.
pub(crate) struct Callback {
    fill: unsafe extern "C" fn(*mut c_void, *mut u8, usize) -> sipseal_status,
    user: *mut c_void,
}

impl Callback {
    pub(crate) fn new(random: sipseal_random, user: *mut c_void) -> Result<Self, sipseal_status> {
        random
            .map(|fill| Self { fill, user })
            .ok_or(SIPSEAL_NULL_POINTER)
    }
}

impl RandomSource for Callback {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomFailed> {
        // SAFETY: the caller vouches for the callback; `out` is valid for its length.
        match unsafe { (self.fill)(self.user, out.as_mut_ptr(), out.len()) } {
            SIPSEAL_OK => Ok(()),
            _ => Err(RandomFailed),
        }
    }
}
