// SPDX-License-Identifier: MIT OR Apache-2.0
//! SRTP: profiles, senders and receivers.

// In the order of the header.
pub mod profile;

pub mod block;

pub mod sender;

pub mod receiver;

use sipseal::srtp::{Error, Processed};

use crate::pointers::{self, Packet};
use crate::status::{self, SIPSEAL_NOTICE_KEY_EXPIRING, SIPSEAL_OK, sipseal_status};
use crate::storage::{self, Object};

/// What every packet call does around its transform.
///
/// # Safety
///
/// The header's contract for the arguments of a packet call.
unsafe fn packet_call<O: Object>(
    object: *mut O,
    data: *const u8,
    len: usize,
    out: *mut u8,
    cap: usize,
    out_len: *mut usize,
    transform: impl FnOnce(&mut O::Context, Packet<'_>) -> Result<Processed, Error>,
) -> sipseal_status {
    // SAFETY: the same contract.
    let result = unsafe {
        pointers::result(out_len).and_then(|out_len| {
            let context = storage::context(object)?;
            let packet = pointers::packet(data, len, out, cap)?;
            let processed = transform(context, packet).map_err(status::of_srtp)?;
            *out_len = processed.len;
            Ok(processed.notice)
        })
    };
    match result {
        Ok(None) => SIPSEAL_OK,
        Ok(Some(_)) => SIPSEAL_NOTICE_KEY_EXPIRING,
        Err(status) => status,
    }
}
