// SPDX-License-Identifier: MIT OR Apache-2.0
//! Senders and receivers from what was agreed on.

use core::ptr;

use sipseal::keying::sdes::Negotiation;
use sipseal::srtp::{Options, Receiver, Sender};

use super::sipseal_sdes;
use crate::pointers;
use crate::srtp::block::{self, Arguments};
use crate::srtp::layout::{
    Layout, SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP, SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP,
    SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP, SIPSEAL_SRTP_KEYS_FROM_TO, sipseal_srtp_layout,
};
use crate::srtp::profile;
use crate::srtp::receiver::{self, sipseal_srtp_receiver};
use crate::srtp::sender::{self, sipseal_srtp_sender};
use crate::stack::{self, depth};
use crate::status::{
    self, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NULL_POINTER, SIPSEAL_UNSUPPORTED, sipseal_status,
};
use crate::storage::{self, Object};

/// What lines speak of in a layout.
const AGREED_FLAGS: u32 = SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP
    | SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP
    | SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP
    | SIPSEAL_SRTP_KEYS_FROM_TO;

/// For whom a layout is.
#[derive(Clone, Copy)]
enum Side {
    Sender,
    Receiver,
}

/// Sets in a layout what was agreed on, and leaves what is the program's choice.
///
/// # Safety
///
/// `layout`, if not NULL, is readable and writable.
#[inline(never)] // Once for all who ask.
unsafe fn fill(
    negotiation: &Negotiation,
    layout: *mut sipseal_srtp_layout,
    side: Side,
) -> Result<(), sipseal_status> {
    if layout.is_null() {
        return Err(SIPSEAL_NULL_POINTER);
    }
    if !layout.is_aligned() {
        return Err(SIPSEAL_INVALID_ARGUMENT);
    }
    // SAFETY: not NULL, aligned, and readable and writable as the caller promises.
    let layout = unsafe { &mut *layout };
    let profile = negotiation.profile().map_err(status::of_sdes)?;
    let (options, keys) = match side {
        Side::Sender => (
            negotiation.sender_options(Options::SAFE),
            negotiation.sender_keys(),
        ),
        Side::Receiver => (
            negotiation.receiver_options(Options::SAFE),
            negotiation.receiver_keys(),
        ),
    };
    let options = options.map_err(status::of_sdes)?;
    layout.profile = profile::to_number(profile);
    let keys = u32::try_from(keys).unwrap_or(1);
    layout.keys = if options.mki_len > 0 {
        layout.keys.max(keys)
    } else {
        1
    };
    layout.mki_len = options.mki_len.into();
    layout.key_derivation_rate = options.key_derivation_rate;
    layout.flags &= !AGREED_FLAGS;
    for (is_set, flag) in [
        (
            options.insecure_unencrypted_srtp,
            SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP,
        ),
        (
            options.insecure_unencrypted_srtcp,
            SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP,
        ),
        (
            options.insecure_unauthenticated_srtp,
            SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP,
        ),
    ] {
        if is_set {
            layout.flags |= flag;
        }
    }
    Ok(())
}

/// # Safety
///
/// The header's contract for a layout function.
unsafe fn fill_for(
    sdes: *const sipseal_sdes,
    layout: *mut sipseal_srtp_layout,
    side: Side,
) -> sipseal_status {
    if cfg!(not(feature = "sdes")) {
        return SIPSEAL_UNSUPPORTED;
    }
    // SAFETY: the same contract.
    status::of(unsafe {
        storage::peek(sdes).and_then(|negotiation| fill(negotiation, layout, side))
    })
}

/// Sets in a layout what was agreed on for the sender: profile, mki_len, key_derivation_rate, the flags named INSECURE
/// and, where the lines have more, keys. All other members stay as they are: they are the program's choice.
///
/// For programs that size the block at run time: sipseal_sdes_sender_init does the same by itself.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_NOT_AGREED or
/// SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_sender_layout(
    sdes: *const sipseal_sdes,
    layout: *mut sipseal_srtp_layout,
) -> sipseal_status {
    // SAFETY: the header's contract.
    unsafe { fill_for(sdes, layout, Side::Sender) }
}

/// Sets in a layout what was agreed on for the receiver, as sipseal_sdes_sender_layout does for the sender.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_receiver_layout(
    sdes: *const sipseal_sdes,
    layout: *mut sipseal_srtp_layout,
) -> sipseal_status {
    // SAFETY: the header's contract.
    unsafe { fill_for(sdes, layout, Side::Receiver) }
}

/// The replay window that the other side thinks suitable for what it sends (WSH, RFC 4568 section 6.3.6), as a window
/// that a layout takes: a power of two from 64 to 32,768. 0 if it says nothing.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_NOT_AGREED or
/// SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_window_hint(
    sdes: *const sipseal_sdes,
    window: *mut u32,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(unsafe {
        pointers::result(window).and_then(|window| {
            if cfg!(not(feature = "sdes")) {
                return Err(SIPSEAL_UNSUPPORTED);
            }
            let negotiation = storage::peek(sdes)?;
            negotiation.profile().map_err(status::of_sdes)?;
            *window = negotiation.window_hint().unwrap_or(0);
            Ok(())
        })
    })
}

/// What an `_init` is given: its keys come from the negotiation.
fn arguments<O: Object>(
    sdes: *mut sipseal_sdes,
    object: *mut O,
    block: *mut u8,
    block_len: usize,
    layout: *const sipseal_srtp_layout,
) -> Arguments {
    Arguments {
        object: (object.cast_const().cast(), size_of::<O>()),
        block,
        block_len,
        layout,
        key: sdes.cast_const().cast(),
        key_len: size_of::<sipseal_sdes>(),
        salt: ptr::null(),
        salt_len: 0,
    }
}

/// The layout of the program with what was agreed on.
///
/// # Safety
///
/// The layout, if not NULL, is readable.
#[inline(never)] // Once for senders and receivers.
unsafe fn agreed_layout(
    arguments: Arguments,
    negotiation: &Negotiation,
    side: Side,
    windows: usize,
) -> Result<Layout, sipseal_status> {
    let layout = arguments.layout;
    if layout.is_null() {
        return Err(SIPSEAL_NULL_POINTER);
    }
    if !layout.is_aligned() {
        return Err(SIPSEAL_INVALID_ARGUMENT);
    }
    // SAFETY: the same promise: it is readable, and its copy ours.
    unsafe {
        let mut layout = *layout;
        fill(negotiation, &raw mut layout, side)?;
        arguments.check_layout(&raw const layout, windows)
    }
}

/// Makes the sender for what was agreed on, with the keys of our own line: as sipseal_srtp_sender_init, with a layout
/// in which sipseal_sdes_sender_layout has set what was agreed on.
///
/// `layout` says the rest: streams, window and so on. Lifetimes are kept: a key protects fewer packets than its lifetime,
/// of SRTP and of SRTCP. With several keys it sends with the first until sipseal_srtp_sender_use_key.
///
/// Fails as sipseal_srtp_sender_init, and with SIPSEAL_NOT_INITIALISED, SIPSEAL_NOT_AGREED or SIPSEAL_KEY_IN_USE (the
/// key has a sender already, here or in another branch: another one would repeat its keystream). After these three and
/// SIPSEAL_OVERLAP `sender` is as it was; after others there is no sender.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_sender_init(
    sdes: *mut sipseal_sdes,
    sender: *mut sipseal_srtp_sender,
    block: *mut u8,
    block_len: usize,
    layout: *const sipseal_srtp_layout,
) -> sipseal_status {
    if cfg!(not(feature = "sdes")) {
        return SIPSEAL_UNSUPPORTED;
    }
    let make = || {
        // SAFETY: the header's contract, and that nothing lies in what is written.
        unsafe {
            let negotiation = storage::context(sdes)?;
            negotiation.check_sender().map_err(status::of_sdes)?;
            let arguments = arguments(sdes, sender, block, block_len, layout);
            arguments.check_apart()?;
            storage::begin(sender)?;
            let layout = agreed_layout(arguments, negotiation, Side::Sender, sender::WINDOWS)?;
            arguments.place(sender, layout, Sender::without_key)?;
            block::give_keys(sender, |context| {
                negotiation.key_sender(context).map_err(status::of_sdes)
            })
        }
    };
    stack::wiped::<{ depth::KEYS }>(make)
}

/// Makes the receiver for what was agreed on, with the keys of the other side's line: as sipseal_srtp_receiver_init,
/// with a layout in which sipseal_sdes_receiver_layout has set what was agreed on.
///
/// Lifetimes are kept: a key unprotects as many packets as its lifetime, of SRTP and of SRTCP.
///
/// Fails as sipseal_srtp_receiver_init, and with SIPSEAL_NOT_INITIALISED or SIPSEAL_NOT_AGREED. After these two and
/// SIPSEAL_OVERLAP `receiver` is as it was; after others there is no receiver.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_receiver_init(
    sdes: *mut sipseal_sdes,
    receiver: *mut sipseal_srtp_receiver,
    block: *mut u8,
    block_len: usize,
    layout: *const sipseal_srtp_layout,
) -> sipseal_status {
    if cfg!(not(feature = "sdes")) {
        return SIPSEAL_UNSUPPORTED;
    }
    let make = || {
        // SAFETY: the header's contract, and that nothing lies in what is written.
        unsafe {
            let negotiation = storage::context(sdes)?;
            negotiation.profile().map_err(status::of_sdes)?;
            let arguments = arguments(sdes, receiver, block, block_len, layout);
            arguments.check_apart()?;
            storage::begin(receiver)?;
            let layout = agreed_layout(arguments, negotiation, Side::Receiver, receiver::WINDOWS)?;
            arguments.place(receiver, layout, Receiver::without_key)?;
            block::give_keys(receiver, |context| {
                negotiation.key_receiver(context).map_err(status::of_sdes)
            })
        }
    };
    stack::wiped::<{ depth::KEYS }>(make)
}
