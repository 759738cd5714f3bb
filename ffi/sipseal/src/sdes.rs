// SPDX-License-Identifier: MIT OR Apache-2.0
//! SDES: keys in the session description (RFC 4568).

// In the order of the header.
pub mod policy;

pub mod negotiation;

pub mod contexts;

use core::ptr;

use sipseal::keying::sdes::Negotiation;

use crate::status::{self, SIPSEAL_UNSUPPORTED, sipseal_status};
use crate::storage::{self, Object};

/// Words of an SDES negotiation.
pub const SIPSEAL_SDES_WORDS: usize = 168;

/// The keys of one media stream of one dialog, from the first offer to the last re-INVITE: what was offered, and what
/// was agreed on. An object without a block.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Debug)]
pub struct sipseal_sdes {
    opaque: [u64; SIPSEAL_SDES_WORDS],
}

// SAFETY: plain words, held against the head below.
unsafe impl Object for sipseal_sdes {
    type Context = Negotiation;
    const MAGIC: usize = 0x5de5_0a1e;
}

const _: () = storage::assert_fits::<sipseal_sdes>();

/// Makes a negotiation in which nothing is offered or agreed on. One already there is gone: wipe it first.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT (misaligned) or SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_init(sdes: *mut sipseal_sdes) -> sipseal_status {
    if cfg!(not(feature = "sdes")) {
        return SIPSEAL_UNSUPPORTED;
    }
    // There is no block.
    let block = ptr::NonNull::dangling().as_ptr();
    // SAFETY: the header's contract.
    status::of(unsafe {
        storage::begin(sdes).and_then(|()| storage::place(sdes, block, 0, Negotiation::new()))
    })
}

/// Wipes a negotiation with its keys. Senders and receivers that it has made stay.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT or, if there is none (any more), SIPSEAL_NOT_INITIALISED.
#[unsafe(no_mangle)]
#[allow(clippy::must_use_candidate)] // A failure says only that there was nothing to wipe.
pub unsafe extern "C" fn sipseal_sdes_wipe(sdes: *mut sipseal_sdes) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(unsafe { storage::wipe(sdes) })
}
