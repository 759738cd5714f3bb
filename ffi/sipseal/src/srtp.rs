// SPDX-License-Identifier: MIT OR Apache-2.0
//! SRTP: profiles, senders and receivers, and what can be done with both.

// In the order of the header.
pub mod profile;

pub mod accelerator;

pub mod layout;

pub mod block;

pub mod sender;

pub mod receiver;

pub mod keys;

pub mod streams;

use core::ops::{Deref, DerefMut};

use sipseal::srtp::{Buffers, Context, Error, MasterKey, Notice, Processed};

use crate::pointers;
use crate::stack::{self, depth};
use crate::status::{
    self, SIPSEAL_NOTICE_KEY_EXPIRING, SIPSEAL_NOTICE_SSRC_COLLISION, SIPSEAL_OK, sipseal_status,
};
use crate::storage::{self, Object};

/// What a packet call does to its packet.
type Transform<'t, O> =
    dyn FnMut(&mut <O as Object>::Context, Buffers<'_, '_>) -> Result<Processed, Error> + 't;

/// What every packet call does around its transform.
///
/// # Safety
///
/// The header's contract for the arguments of a packet call.
#[inline(never)] // Once for a sender and once for a receiver, not once for each of their calls.
unsafe fn packet_call<O: Object>(
    object: *mut O,
    data: *const u8,
    len: usize,
    out: *mut u8,
    cap: usize,
    out_len: *mut usize,
    transform: &mut Transform<'_, O>,
) -> sipseal_status
where
    O::Context: Deref<Target = Context<'static>>,
{
    // SAFETY: the same contract.
    let result = unsafe {
        pointers::result(out_len).and_then(|out_len| {
            let context = storage::context(object)?;
            let packet = pointers::packet(data, len, out, cap)?;
            let processed = transform(context, packet);
            if context.has_key_derivation_rate() {
                stack::wipe::<{ depth::KEYS }>();
            }
            let processed = processed.map_err(status::of_srtp)?;
            *out_len = processed.len;
            Ok(processed.notice)
        })
    };
    match result {
        Ok(None) => SIPSEAL_OK,
        Ok(Some(Notice::SsrcCollision)) => SIPSEAL_NOTICE_SSRC_COLLISION,
        Ok(Some(_)) => SIPSEAL_NOTICE_KEY_EXPIRING,
        Err(status) => status,
    }
}

/// Gives a new context its key, if it is made with one.
#[inline(never)] // Once for senders and receivers.
fn set_key(
    context: &mut Context<'static>,
    master: Option<MasterKey<'_>>,
) -> Result<(), sipseal_status> {
    match master {
        Some(master) => context.set_key(&master).map_err(status::of_srtp),
        None => Ok(()),
    }
}

/// Does something to the context of a sender or receiver.
///
/// # Safety
///
/// As for [`storage::context`].
unsafe fn manage<O: Object>(
    object: *mut O,
    act: impl FnOnce(&mut Context<'static>) -> Result<(), Error>,
) -> Result<(), sipseal_status>
where
    O::Context: DerefMut<Target = Context<'static>>,
{
    // SAFETY: the same contract.
    let context = unsafe { storage::context(object) }?;
    act(context).map_err(status::of_srtp)
}
