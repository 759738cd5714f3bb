// SPDX-License-Identifier: MIT OR Apache-2.0
//! Wiping of secrets that C holds.

use core::ffi::c_void;

use sipseal::Zeroize;

use crate::pointers;

/// Sets `len` octets at `data` to zero in a way that no compiler leaves out. For your copies of keys.
///
/// Does nothing if `data` is NULL, or `len` more than half of the address space.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sipseal_wipe(data: *mut c_void, len: usize) {
    // SAFETY: the header's contract.
    if let Ok(data) = unsafe { pointers::output(data.cast::<u8>(), len) } {
        data.zeroize();
    }
}
