// SPDX-License-Identifier: MIT OR Apache-2.0
//! An AES unit of the firmware's own.

use core::ffi::c_void;

#[cfg(feature = "accelerator")]
use sipseal::srtp::{Accelerator, Declined, InOutBuf};

#[cfg(feature = "accelerator")]
use crate::status::SIPSEAL_OK;
use crate::status::sipseal_status;

/// What an AES unit does for packets: `accelerator` in sipseal_srtp_layout.
///
/// Each function answers SIPSEAL_OK when it is done; for anything else, having written nothing, software does the work: for
/// what is too short to be worth it, or while the unit is busy. NULL stands for a function that always declines.
/// They are tried whenever a key is added: if they give other results than software, that fails with
/// SIPSEAL_ACCELERATOR_FAILED, and the object has no such key.
///
/// AES-CM and AEAD profiles make use of it; HMAC-SHA1, f8 and the derivation of keys stay in software. A unit never
/// opens a packet by itself: nothing is decrypted before its tag was compared.
///
/// The table stays where it is, and as it is, until the objects that use it are wiped. The functions are called from
/// the threads that use those objects, and must not use them. Whether the unit gives a key away, through time or
/// power, is for its maker to say.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct sipseal_accelerator {
    /// Passed to each function.
    pub user: *mut c_void,
    /// XORs AES counter mode into `len` octets, from `input` to `out`, which are the same or disjoint. `counter` is
    /// the first block, 16 octets, the last four of which count up, big-endian, and do not wrap. `key_len` is 16, 24
    /// or 32.
    pub counter_mode: Option<
        unsafe extern "C" fn(
            user: *mut c_void,
            key: *const u8,
            key_len: usize,
            counter: *const u8,
            input: *const u8,
            out: *mut u8,
            len: usize,
        ) -> sipseal_status,
    >,
    /// Encrypts each of 1 to 8 blocks of 16 octets at `blocks` in place. For a unit without counter mode: asked where
    /// that declines.
    pub encrypt_blocks: Option<
        unsafe extern "C" fn(
            user: *mut c_void,
            key: *const u8,
            key_len: usize,
            blocks: *mut u8,
            count: usize,
        ) -> sipseal_status,
    >,
    /// GHASH (NIST SP 800-38D section 6.4): for each of `count` blocks, the 16 octets at `state` become (state XOR
    /// block) times `key`, which has 16 octets too.
    pub ghash: Option<
        unsafe extern "C" fn(
            user: *mut c_void,
            key: *const u8,
            state: *mut u8,
            blocks: *const u8,
            count: usize,
        ) -> sipseal_status,
    >,
}

// SAFETY: the header asks for functions that may be called from the threads of all objects that use the table.
unsafe impl Sync for sipseal_accelerator {}

#[cfg(feature = "accelerator")]
fn done(status: sipseal_status) -> Result<(), Declined> {
    if status == SIPSEAL_OK {
        Ok(())
    } else {
        Err(Declined)
    }
}

#[cfg(feature = "accelerator")]
impl Accelerator for sipseal_accelerator {
    fn counter_mode(
        &self,
        key: &[u8],
        block: &[u8; 16],
        data: InOutBuf<'_, '_, u8>,
    ) -> Result<(), Declined> {
        let function = self.counter_mode.ok_or(Declined)?;
        let len = data.len();
        let (input, out) = data.into_raw();
        // SAFETY: the header's contract; both are valid for `len` octets, and the same or disjoint.
        done(unsafe {
            function(
                self.user,
                key.as_ptr(),
                key.len(),
                block.as_ptr(),
                input,
                out,
                len,
            )
        })
    }

    fn encrypt_blocks(&self, key: &[u8], blocks: &mut [[u8; 16]]) -> Result<(), Declined> {
        let function = self.encrypt_blocks.ok_or(Declined)?;
        let (at, count) = (blocks.as_mut_ptr().cast(), blocks.len());
        // SAFETY: the header's contract; `at` is valid for `count` blocks.
        done(unsafe { function(self.user, key.as_ptr(), key.len(), at, count) })
    }

    fn ghash(
        &self,
        key: &[u8; 16],
        state: &mut [u8; 16],
        blocks: &[[u8; 16]],
    ) -> Result<(), Declined> {
        let function = self.ghash.ok_or(Declined)?;
        let (at, count) = (blocks.as_ptr().cast(), blocks.len());
        // SAFETY: the header's contract; all are valid for their lengths.
        done(unsafe { function(self.user, key.as_ptr(), state.as_mut_ptr(), at, count) })
    }
}
