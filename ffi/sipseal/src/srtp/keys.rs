// SPDX-License-Identifier: MIT OR Apache-2.0
//! The master keys of a sender or receiver, while packets flow.

use core::ops::DerefMut;

use sipseal::srtp::{Context, Error, KeyId, MasterKey, Rekeying, Sender};

use super::manage;
use super::receiver::sipseal_srtp_receiver;
use super::sender::sipseal_srtp_sender;
use crate::pointers;
use crate::stack::{self, depth};
use crate::status::{self, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_UNSUPPORTED, sipseal_status};
use crate::storage::{self, Object};

/// A new master key leaves the ROCs, indices and windows of all streams as they are: RFC 3711 section 3.3.1.
pub const SIPSEAL_SRTP_KEEP_ROC: u32 = 0;
/// A new master key starts all streams again at ROC 0, with empty windows: RFC 4568 section 6.4, where the key comes
/// with an offer or answer. A sender's SRTCP index goes on all the same (RFC 3711 section 3.4).
pub const SIPSEAL_SRTP_RESET_ROC: u32 = 1;

/// A master key as it is handed over.
struct KeyArguments {
    key: *const u8,
    key_len: usize,
    salt: *const u8,
    salt_len: usize,
}

/// What a call does with a master key.
type Act<'a> = dyn FnMut(&mut Context<'static>, &MasterKey<'_>) -> Result<(), Error> + 'a;

/// Does something to the master keys of a context.
///
/// # Safety
///
/// As for [`manage`], and the header's contract for `arguments`.
unsafe fn with_key<O: Object>(
    object: *mut O,
    arguments: &KeyArguments,
    act: &mut Act<'_>,
) -> sipseal_status
where
    O::Context: DerefMut<Target = Context<'static>>,
{
    let KeyArguments {
        key,
        key_len,
        salt,
        salt_len,
    } = *arguments;
    // SAFETY: the same contract; nothing that is read lies in what is written.
    let checked = unsafe {
        storage::check_apart(object, key, key_len)
            .and_then(|()| storage::check_apart(object, salt, salt_len))
            .and_then(|()| {
                let key = pointers::input(key, key_len)?;
                let master = MasterKey::new(key, pointers::input(salt, salt_len)?);
                Ok((storage::context(object)?, master))
            })
    };
    match checked {
        Ok((context, master)) => hand_over(context, &master, act),
        Err(status) => status,
    }
}

/// Gives a key to a context, and wipes the stack.
#[inline(never)] // Once, not once for each call.
fn hand_over(
    context: &mut Context<'static>,
    master: &MasterKey<'_>,
    act: &mut Act<'_>,
) -> sipseal_status {
    stack::wiped::<{ depth::KEYS }>(|| act(context, master).map_err(status::of_srtp))
}

/// Does something to the master key with an MKI.
///
/// # Safety
///
/// As for [`manage`], and `mki` is readable for `mki_len` octets.
unsafe fn with_mki<O: Object>(
    object: *mut O,
    mki: *const u8,
    mki_len: usize,
    act: impl FnOnce(&mut O::Context, &[u8]) -> Result<(), Error>,
) -> sipseal_status {
    // SAFETY: the same contract.
    status::of(unsafe {
        storage::check_apart(object, mki, mki_len).and_then(|()| {
            let mki = pointers::input(mki, mki_len)?;
            act(storage::context(object)?, mki).map_err(status::of_srtp)
        })
    })
}

/// Adds a master key with its MKI, beside those that are there, to a sender whose layout has an `mki_len`.
///
/// Streams and ROCs stay as they are. The sender sends with the first key that was added until
/// sipseal_srtp_sender_use_key. Nothing may lie in the object or its block.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
/// SIPSEAL_KEY_LENGTH (key, salt or MKI), SIPSEAL_KEY_LIMIT, SIPSEAL_CONTRADICTION (no MKIs in the layout, or
/// another key has this MKI), SIPSEAL_ACCELERATOR_FAILED or SIPSEAL_UNSUPPORTED. Nothing has changed then.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_add_key(
    sender: *mut sipseal_srtp_sender,
    key: *const u8,
    key_len: usize,
    salt: *const u8,
    salt_len: usize,
    mki: *const u8,
    mki_len: usize,
) -> sipseal_status {
    if cfg!(not(feature = "rekeying")) {
        return SIPSEAL_UNSUPPORTED;
    }
    let arguments = KeyArguments {
        key,
        key_len,
        salt,
        salt_len,
    };
    // SAFETY: the header's contract, and the MKI does not lie in what is written.
    unsafe {
        let mki =
            storage::check_apart(sender, mki, mki_len).and_then(|()| pointers::input(mki, mki_len));
        match mki {
            Ok(mki) => with_key(sender, &arguments, &mut |context, master| {
                context.add_key(KeyId::Mki(mki), master)
            }),
            Err(status) => status,
        }
    }
}

/// Adds a master key for the SRTP indices `from` to `to`, both included, to a sender whose layout has the flag
/// SIPSEAL_SRTP_KEYS_FROM_TO (RFC 3711 section 8.1.1).
///
/// An index is 65,536 * ROC + sequence number, below 2^48. SRTCP goes by the SRTP index that its stream has
/// reached, before any SRTP packet by the lowest range. Errors are as for sipseal_srtp_sender_add_key; SIPSEAL_CONTRADICTION also if `from` is above `to`,
/// `to` is no index, or another key serves an index of the range.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_add_key_from_to(
    sender: *mut sipseal_srtp_sender,
    key: *const u8,
    key_len: usize,
    salt: *const u8,
    salt_len: usize,
    from: u64,
    to: u64,
) -> sipseal_status {
    if cfg!(not(feature = "rekeying")) {
        return SIPSEAL_UNSUPPORTED;
    }
    let arguments = KeyArguments {
        key,
        key_len,
        salt,
        salt_len,
    };
    // SAFETY: the header's contract.
    unsafe {
        with_key(sender, &arguments, &mut |context, master| {
            context.add_key(KeyId::FromTo { from, to }, master)
        })
    }
}

/// Sends with the key of this MKI from now on.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
/// SIPSEAL_UNKNOWN_KEY, SIPSEAL_KEY_LENGTH, SIPSEAL_CONTRADICTION (no MKIs in the layout) or
/// SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_use_key(
    sender: *mut sipseal_srtp_sender,
    mki: *const u8,
    mki_len: usize,
) -> sipseal_status {
    if cfg!(not(feature = "rekeying")) {
        return SIPSEAL_UNSUPPORTED;
    }
    // SAFETY: the header's contract.
    unsafe { with_mki(sender, mki, mki_len, Sender::use_key) }
}

/// Removes and wipes the master key of this MKI. If it was the one to send with, nothing is sent until
/// sipseal_srtp_sender_use_key.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
/// SIPSEAL_UNKNOWN_KEY, SIPSEAL_KEY_LENGTH, SIPSEAL_CONTRADICTION (no MKIs in the layout) or
/// SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_remove_key(
    sender: *mut sipseal_srtp_sender,
    mki: *const u8,
    mki_len: usize,
) -> sipseal_status {
    if cfg!(not(feature = "rekeying")) {
        return SIPSEAL_UNSUPPORTED;
    }
    // SAFETY: the header's contract.
    unsafe {
        with_mki(sender, mki, mki_len, |sender, mki| {
            sender.remove_key(KeyId::Mki(mki))
        })
    }
}

/// Removes and wipes the master key whose range begins at `from`.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_KEY,
/// SIPSEAL_CONTRADICTION (no ranges in the layout) or SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_remove_key_from(
    sender: *mut sipseal_srtp_sender,
    from: u64,
) -> sipseal_status {
    if cfg!(not(feature = "rekeying")) {
        return SIPSEAL_UNSUPPORTED;
    }
    let id = KeyId::FromTo { from, to: from };
    // SAFETY: the header's contract.
    status::of(unsafe { manage(sender, |context| context.remove_key(id)) })
}

/// Replaces the master key of a sender that has one only, without MKI or range. `roc` is
/// SIPSEAL_SRTP_KEEP_ROC or SIPSEAL_SRTP_RESET_ROC: ask the signalling, and do as the other end does.
///
/// Packets of the old key that are still under way are refused from now on; where that matters, use MKIs. With MKIs
/// or ranges ROCs always go on: to start again at 0, wipe and initialise with new keys.
///
/// The same master key again, as a re-INVITE may bring it, changes nothing; its ROCs cannot be reset, since that
/// would repeat its keystream. Nor must a key come back after another with ROCs reset: only the latest is known
/// here. Nothing may lie in the object or its block.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
/// SIPSEAL_KEY_LENGTH, SIPSEAL_CONTRADICTION (the layout has MKIs or ranges; the same key with
/// SIPSEAL_SRTP_RESET_ROC) or SIPSEAL_UNSUPPORTED: the old key is then still there. With
/// SIPSEAL_ACCELERATOR_FAILED there is no key.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_rekey(
    sender: *mut sipseal_srtp_sender,
    key: *const u8,
    key_len: usize,
    salt: *const u8,
    salt_len: usize,
    roc: u32,
) -> sipseal_status {
    if cfg!(not(feature = "rekeying")) {
        return SIPSEAL_UNSUPPORTED;
    }
    let roc = match roc {
        SIPSEAL_SRTP_KEEP_ROC => Rekeying::KeepRoc,
        SIPSEAL_SRTP_RESET_ROC => Rekeying::ResetRoc,
        _ => return SIPSEAL_INVALID_ARGUMENT,
    };
    let arguments = KeyArguments {
        key,
        key_len,
        salt,
        salt_len,
    };
    // SAFETY: the header's contract.
    unsafe {
        with_key(sender, &arguments, &mut |context, master| {
            context.rekey(master, roc)
        })
    }
}

/// Encrypts the elements of header extensions that have this ID, 1 to 255 (RFC 6904); both ends agree on them.
/// The layout has the flag SIPSEAL_SRTP_ENCRYPT_ELEMENTS.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_CONTRADICTION
/// (the flag is missing) or SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_encrypt_element(
    sender: *mut sipseal_srtp_sender,
    id: u32,
) -> sipseal_status {
    if cfg!(not(feature = "rfc6904")) {
        return SIPSEAL_UNSUPPORTED;
    }
    let Ok(id @ 1..) = u8::try_from(id) else {
        return SIPSEAL_INVALID_ARGUMENT;
    };
    // SAFETY: the header's contract.
    status::of(unsafe { manage(sender, |context| context.encrypt_element(id)) })
}

/// Adds a master key with its MKI to a receiver whose layout has an `mki_len`.
///
/// Streams, ROCs and windows stay as they are; each packet is unprotected with the key that its MKI names.
/// All else is as for sipseal_srtp_sender_add_key.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
/// SIPSEAL_KEY_LENGTH (key, salt or MKI), SIPSEAL_KEY_LIMIT, SIPSEAL_CONTRADICTION (no MKIs in the layout, or
/// another key has this MKI), SIPSEAL_ACCELERATOR_FAILED or SIPSEAL_UNSUPPORTED. Nothing has changed then.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_add_key(
    receiver: *mut sipseal_srtp_receiver,
    key: *const u8,
    key_len: usize,
    salt: *const u8,
    salt_len: usize,
    mki: *const u8,
    mki_len: usize,
) -> sipseal_status {
    if cfg!(not(feature = "rekeying")) {
        return SIPSEAL_UNSUPPORTED;
    }
    let arguments = KeyArguments {
        key,
        key_len,
        salt,
        salt_len,
    };
    // SAFETY: the header's contract, and the MKI does not lie in what is written.
    unsafe {
        let mki = storage::check_apart(receiver, mki, mki_len)
            .and_then(|()| pointers::input(mki, mki_len));
        match mki {
            Ok(mki) => with_key(receiver, &arguments, &mut |context, master| {
                context.add_key(KeyId::Mki(mki), master)
            }),
            Err(status) => status,
        }
    }
}

/// Adds a master key for the SRTP indices `from` to `to`, both included, to a receiver whose layout has the flag
/// SIPSEAL_SRTP_KEYS_FROM_TO (RFC 3711 section 8.1.1).
///
/// An index is 65,536 * ROC + sequence number, below 2^48. SRTCP goes by the SRTP index that its stream has
/// reached, before any SRTP packet by the lowest range. Errors are as for sipseal_srtp_receiver_add_key; SIPSEAL_CONTRADICTION also if `from` is above `to`,
/// `to` is no index, or another key serves an index of the range.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_add_key_from_to(
    receiver: *mut sipseal_srtp_receiver,
    key: *const u8,
    key_len: usize,
    salt: *const u8,
    salt_len: usize,
    from: u64,
    to: u64,
) -> sipseal_status {
    if cfg!(not(feature = "rekeying")) {
        return SIPSEAL_UNSUPPORTED;
    }
    let arguments = KeyArguments {
        key,
        key_len,
        salt,
        salt_len,
    };
    // SAFETY: the header's contract.
    unsafe {
        with_key(receiver, &arguments, &mut |context, master| {
            context.add_key(KeyId::FromTo { from, to }, master)
        })
    }
}

/// Removes and wipes the master key of this MKI.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
/// SIPSEAL_UNKNOWN_KEY, SIPSEAL_KEY_LENGTH, SIPSEAL_CONTRADICTION (no MKIs in the layout) or
/// SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_remove_key(
    receiver: *mut sipseal_srtp_receiver,
    mki: *const u8,
    mki_len: usize,
) -> sipseal_status {
    if cfg!(not(feature = "rekeying")) {
        return SIPSEAL_UNSUPPORTED;
    }
    // SAFETY: the header's contract.
    unsafe {
        with_mki(receiver, mki, mki_len, |receiver, mki| {
            receiver.remove_key(KeyId::Mki(mki))
        })
    }
}

/// Removes and wipes the master key whose range begins at `from`.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_KEY,
/// SIPSEAL_CONTRADICTION (no ranges in the layout) or SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_remove_key_from(
    receiver: *mut sipseal_srtp_receiver,
    from: u64,
) -> sipseal_status {
    if cfg!(not(feature = "rekeying")) {
        return SIPSEAL_UNSUPPORTED;
    }
    let id = KeyId::FromTo { from, to: from };
    // SAFETY: the header's contract.
    status::of(unsafe { manage(receiver, |context| context.remove_key(id)) })
}

/// Replaces the master key of a receiver that has one only, without MKI or range. `roc` is
/// SIPSEAL_SRTP_KEEP_ROC or SIPSEAL_SRTP_RESET_ROC: ask the signalling, and do as the other end does.
///
/// Packets of the old key that are still under way are refused from now on; where that matters, use MKIs. With MKIs
/// or ranges ROCs always go on: to start again at 0, wipe and initialise with new keys.
///
/// The same master key again, as a re-INVITE may bring it, changes nothing; its ROCs cannot be reset, since that
/// would let its packets be played again. Nor must a key come back after another with ROCs reset: only the latest is known
/// here. Nothing may lie in the object or its block.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
/// SIPSEAL_KEY_LENGTH, SIPSEAL_CONTRADICTION (the layout has MKIs or ranges; the same key with
/// SIPSEAL_SRTP_RESET_ROC) or SIPSEAL_UNSUPPORTED: the old key is then still there. With
/// SIPSEAL_ACCELERATOR_FAILED there is no key.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_rekey(
    receiver: *mut sipseal_srtp_receiver,
    key: *const u8,
    key_len: usize,
    salt: *const u8,
    salt_len: usize,
    roc: u32,
) -> sipseal_status {
    if cfg!(not(feature = "rekeying")) {
        return SIPSEAL_UNSUPPORTED;
    }
    let roc = match roc {
        SIPSEAL_SRTP_KEEP_ROC => Rekeying::KeepRoc,
        SIPSEAL_SRTP_RESET_ROC => Rekeying::ResetRoc,
        _ => return SIPSEAL_INVALID_ARGUMENT,
    };
    let arguments = KeyArguments {
        key,
        key_len,
        salt,
        salt_len,
    };
    // SAFETY: the header's contract.
    unsafe {
        with_key(receiver, &arguments, &mut |context, master| {
            context.rekey(master, roc)
        })
    }
}

/// Encrypts the elements of header extensions that have this ID, 1 to 255 (RFC 6904); both ends agree on them.
/// The layout has the flag SIPSEAL_SRTP_ENCRYPT_ELEMENTS.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_CONTRADICTION
/// (the flag is missing) or SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_encrypt_element(
    receiver: *mut sipseal_srtp_receiver,
    id: u32,
) -> sipseal_status {
    if cfg!(not(feature = "rfc6904")) {
        return SIPSEAL_UNSUPPORTED;
    }
    let Ok(id @ 1..) = u8::try_from(id) else {
        return SIPSEAL_INVALID_ARGUMENT;
    };
    // SAFETY: the header's contract.
    status::of(unsafe { manage(receiver, |context| context.encrypt_element(id)) })
}
