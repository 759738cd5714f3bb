// SPDX-License-Identifier: MIT OR Apache-2.0
//! Senders and receivers from what was agreed on.

use sipseal::keying::sdes::Negotiation;
use sipseal::srtp::{Options, Profile, Receiver, Sender};

use super::sipseal_sdes;
use crate::pointers;
use crate::srtp::block;
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

/// One direction of what was agreed on.
struct Side {
    profile: Profile,
    options: Options,
    keys: usize,
}

impl Side {
    fn of_sender(negotiation: &Negotiation) -> Result<Self, sipseal_status> {
        let options = negotiation.sender_options(Options::SAFE);
        Ok(Self {
            profile: negotiation.profile().map_err(status::of_sdes)?,
            options: options.map_err(status::of_sdes)?,
            keys: negotiation.sender_keys(),
        })
    }

    fn of_receiver(negotiation: &Negotiation) -> Result<Self, sipseal_status> {
        let options = negotiation.receiver_options(Options::SAFE);
        Ok(Self {
            profile: negotiation.profile().map_err(status::of_sdes)?,
            options: options.map_err(status::of_sdes)?,
            keys: negotiation.receiver_keys(),
        })
    }

    /// Sets in a layout what was agreed on, and leaves what is the program's choice.
    fn fill(&self, layout: &mut sipseal_srtp_layout) {
        let options = self.options;
        layout.profile = profile::to_number(self.profile);
        let keys = u32::try_from(self.keys).unwrap_or(1);
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
    }
}

/// # Safety
///
/// The header's contract for a layout function.
unsafe fn fill(
    sdes: *const sipseal_sdes,
    layout: *mut sipseal_srtp_layout,
    side: fn(&Negotiation) -> Result<Side, sipseal_status>,
) -> Result<(), sipseal_status> {
    if cfg!(not(feature = "sdes")) {
        return Err(SIPSEAL_UNSUPPORTED);
    }
    // SAFETY: the same contract.
    let negotiation = unsafe { storage::peek(sdes) }?;
    if layout.is_null() {
        return Err(SIPSEAL_NULL_POINTER);
    }
    if !layout.is_aligned() {
        return Err(SIPSEAL_INVALID_ARGUMENT);
    }
    let side = side(negotiation)?;
    // SAFETY: not NULL, aligned, and readable and writable as the caller promises.
    side.fill(unsafe { &mut *layout });
    Ok(())
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
    status::of(unsafe { fill(sdes, layout, Side::of_sender) })
}

/// Sets in a layout what was agreed on for the receiver, as sipseal_sdes_sender_layout does for the sender.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_receiver_layout(
    sdes: *const sipseal_sdes,
    layout: *mut sipseal_srtp_layout,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(unsafe { fill(sdes, layout, Side::of_receiver) })
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

/// What both `_init` are given, beside the negotiation.
struct Arguments<O> {
    object: *mut O,
    block: *mut u8,
    block_len: usize,
    layout: *const sipseal_srtp_layout,
}

impl<O: Object> Arguments<O> {
    /// Checks that nothing lies in what is written, and what the layout becomes; then divides the block and makes the
    /// object.
    ///
    /// # Safety
    ///
    /// The header's contract for an `_init`.
    unsafe fn make(
        &self,
        sdes: *mut sipseal_sdes,
        windows: usize,
        side: &Side,
        make: impl FnOnce(Layout, sipseal::srtp::Parts<'static>) -> Result<O::Context, sipseal_status>,
    ) -> Result<(), sipseal_status> {
        if self.layout.is_null() {
            return Err(SIPSEAL_NULL_POINTER);
        }
        if !self.layout.is_aligned() {
            return Err(SIPSEAL_INVALID_ARGUMENT);
        }
        let block = (self.block.cast_const(), self.block_len);
        let object = (self.object.cast_const().cast::<u8>(), size_of::<O>());
        pointers::check_disjoint(block.0, block.1, object.0, object.1)?;
        for (written, len) in [block, object] {
            let layout_len = size_of::<sipseal_srtp_layout>();
            pointers::check_disjoint(written, len, self.layout.cast(), layout_len)?;
            pointers::check_disjoint(
                written,
                len,
                sdes.cast_const().cast(),
                size_of::<sipseal_sdes>(),
            )?;
        }
        // SAFETY: the same contract, and that nothing lies in what is written.
        unsafe {
            let mut layout = *self.layout;
            side.fill(&mut layout);
            storage::begin(self.object)?;
            let layout = Layout::check(&layout, windows)?;
            block::check_accelerator(layout, [block, object])?;
            layout
                .options
                .check(layout.profile)
                .map_err(status::of_srtp)?;
            let parts = block::divide(self.block, self.block_len, layout)?;
            storage::place(
                self.object,
                self.block,
                self.block_len,
                make(layout, parts)?,
            )
        }
    }
}

/// Makes the sender for what was agreed on, with the keys of our own line: as sipseal_srtp_sender_init, with a layout
/// in which sipseal_sdes_sender_layout has set what was agreed on.
///
/// `layout` says the rest: streams, window and so on. Lifetimes are kept: a key protects fewer packets than its lifetime,
/// of SRTP and of SRTCP. With several keys it sends with the first until sipseal_srtp_sender_use_key.
///
/// Fails as sipseal_srtp_sender_init, and with SIPSEAL_NOT_INITIALISED, SIPSEAL_NOT_AGREED or SIPSEAL_KEY_IN_USE (the
/// key has a sender already, here or in another branch: another one would repeat its keystream). After these three
/// `sender` is as it was; after others there is no sender.
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
    let arguments = Arguments {
        object: sender,
        block,
        block_len,
        layout,
    };
    let make = || {
        // SAFETY: the header's contract.
        unsafe {
            let negotiation = storage::context(sdes)?;
            negotiation.check_sender().map_err(status::of_sdes)?;
            let side = Side::of_sender(negotiation)?;
            arguments.make(sdes, sender::WINDOWS, &side, |layout, parts| {
                let sender = Sender::without_key(layout.profile, layout.options, parts);
                let mut sender = sender.map_err(status::of_srtp)?;
                let keyed = negotiation.key_sender(&mut sender);
                keyed.map(|()| sender).map_err(status::of_sdes)
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
/// Fails as sipseal_srtp_receiver_init, and with SIPSEAL_NOT_INITIALISED or SIPSEAL_NOT_AGREED, after which `receiver`
/// is as it was.
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
    let arguments = Arguments {
        object: receiver,
        block,
        block_len,
        layout,
    };
    let make = || {
        // SAFETY: the header's contract.
        unsafe {
            let negotiation = storage::context(sdes)?;
            let side = Side::of_receiver(negotiation)?;
            arguments.make(sdes, receiver::WINDOWS, &side, |layout, parts| {
                let receiver = Receiver::without_key(layout.profile, layout.options, parts);
                let mut receiver = receiver.map_err(status::of_srtp)?;
                let keyed = negotiation.key_receiver(&mut receiver);
                keyed.map(|()| receiver).map_err(status::of_sdes)
            })
        }
    };
    stack::wiped::<{ depth::KEYS }>(make)
}
