// SPDX-License-Identifier: MIT OR Apache-2.0
//! The streams of a sender or receiver, and their ROCs.

use sipseal::srtp::StreamStatus;

use super::manage;
use super::receiver::sipseal_srtp_receiver;
use super::sender::sipseal_srtp_sender;
use crate::pointers;
use crate::status::{self, SIPSEAL_BUFFER_TOO_SMALL, SIPSEAL_UNSUPPORTED, sipseal_status};
use crate::storage;

/// Writes the SSRCs of all streams, or nothing where they have no room.
fn list<S: Iterator<Item = StreamStatus>>(
    streams: impl Fn() -> S,
    ssrcs: &mut [u32],
    len: &mut usize,
) -> Result<(), sipseal_status> {
    let count = streams().count();
    let places = ssrcs.get_mut(..count).ok_or(SIPSEAL_BUFFER_TOO_SMALL)?;
    for (place, stream) in places.iter_mut().zip(streams()) {
        *place = stream.ssrc;
    }
    *len = count;
    Ok(())
}

/// Whether this build has what this file is about.
fn built() -> Result<(), sipseal_status> {
    if cfg!(feature = "streams") {
        Ok(())
    } else {
        Err(SIPSEAL_UNSUPPORTED)
    }
}

/// Takes a free stream for an SSRC, at ROC 0, before its first packet. Does nothing if it has one.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_STREAM_LIMIT or
/// SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_add_stream(
    sender: *mut sipseal_srtp_sender,
    ssrc: u32,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(built().and_then(|()| unsafe { manage(sender, |context| context.add_stream(ssrc)) }))
}

/// Frees the stream of an SSRC, for another.
/// Never send from this SSRC again under the same key: its indices would start over, and each that was used
/// before gives its keystream away.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_STREAM or
/// SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_remove_stream(
    sender: *mut sipseal_srtp_sender,
    ssrc: u32,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(
        built().and_then(|()| unsafe { manage(sender, |context| context.remove_stream(ssrc)) }),
    )
}

/// Lists the SSRCs that have a stream, in ascending order: writes `*ssrcs_len` of them at `ssrcs`, which has room for
/// `ssrcs_cap`; as many as the layout has streams always suffice.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_BUFFER_TOO_SMALL
/// or SIPSEAL_UNSUPPORTED; `*ssrcs_len` is then 0.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_streams(
    sender: *const sipseal_srtp_sender,
    ssrcs: *mut u32,
    ssrcs_cap: usize,
    ssrcs_len: *mut usize,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(unsafe {
        pointers::result(ssrcs_len).and_then(|len| {
            built()?;
            let sender = storage::peek(sender)?;
            list(
                || sender.streams(),
                pointers::output_words(ssrcs, ssrcs_cap)?,
                len,
            )
        })
    })
}

/// Reads the ROC of an SSRC: the one that was set, until a packet has used it, else that of its highest
/// index, else 0.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_STREAM or
/// SIPSEAL_UNSUPPORTED; `*roc` is then 0.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_roc(
    sender: *const sipseal_srtp_sender,
    ssrc: u32,
    roc: *mut u32,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(unsafe {
        pointers::result(roc).and_then(|roc| {
            built()?;
            *roc = storage::peek(sender)?.roc(ssrc).map_err(status::of_srtp)?;
            Ok(())
        })
    })
}

/// Sets the ROC of the next packet of an SSRC. Add the stream first. Not to go on for another sender under its key:
/// SRTCP would start again at index 0, and which packets of this ROC it has sent is not known here. Both would
/// give keystream away.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED,
/// SIPSEAL_UNKNOWN_STREAM, SIPSEAL_TOO_OLD (`roc` is below that of a packet that was sent) or
/// SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_set_roc(
    sender: *mut sipseal_srtp_sender,
    ssrc: u32,
    roc: u32,
) -> sipseal_status {
    status::of(built().and_then(|()| {
        // SAFETY: the header's contract.
        let sender = unsafe { storage::context(sender) }?;
        sender.set_roc(ssrc, roc).map_err(status::of_srtp)
    }))
}

/// Takes a free stream for an SSRC, at ROC 0, before its first packet. Nobody else takes it then, with
/// SIPSEAL_SRTP_REPLACE_OLDEST_STREAM either; that is all that happens if the SSRC has one already.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_STREAM_LIMIT or
/// SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_add_stream(
    receiver: *mut sipseal_srtp_receiver,
    ssrc: u32,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(
        built().and_then(|()| unsafe { manage(receiver, |context| context.add_stream(ssrc)) }),
    )
}

/// Takes a stream for the SSRC of a sender of your own. An authentic packet from it brings
/// SIPSEAL_NOTICE_SSRC_COLLISION.
///
/// Fails as sipseal_srtp_receiver_add_stream.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_add_own_ssrc(
    receiver: *mut sipseal_srtp_receiver,
    ssrc: u32,
) -> sipseal_status {
    status::of(built().and_then(|()| {
        // SAFETY: the header's contract.
        let receiver = unsafe { storage::context(receiver) }?;
        receiver.add_own_ssrc(ssrc).map_err(status::of_srtp)
    }))
}

/// Frees the stream of an SSRC, for another.
/// Which of its packets were seen is forgotten: they could be played again, in order.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_STREAM or
/// SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_remove_stream(
    receiver: *mut sipseal_srtp_receiver,
    ssrc: u32,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(
        built().and_then(|()| unsafe { manage(receiver, |context| context.remove_stream(ssrc)) }),
    )
}

/// Lists the SSRCs that have a stream, in ascending order: writes `*ssrcs_len` of them at `ssrcs`, which has room for
/// `ssrcs_cap`; as many as the layout has streams always suffice.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_BUFFER_TOO_SMALL
/// or SIPSEAL_UNSUPPORTED; `*ssrcs_len` is then 0.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_streams(
    receiver: *const sipseal_srtp_receiver,
    ssrcs: *mut u32,
    ssrcs_cap: usize,
    ssrcs_len: *mut usize,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(unsafe {
        pointers::result(ssrcs_len).and_then(|len| {
            built()?;
            let receiver = storage::peek(receiver)?;
            list(
                || receiver.streams(),
                pointers::output_words(ssrcs, ssrcs_cap)?,
                len,
            )
        })
    })
}

/// Reads the ROC of an SSRC: the one that was set, until a packet has used it, else that of its highest
/// index, else 0.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_STREAM or
/// SIPSEAL_UNSUPPORTED; `*roc` is then 0.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_roc(
    receiver: *const sipseal_srtp_receiver,
    ssrc: u32,
    roc: *mut u32,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(unsafe {
        pointers::result(roc).and_then(|roc| {
            built()?;
            *roc = storage::peek(receiver)?
                .roc(ssrc)
                .map_err(status::of_srtp)?;
            Ok(())
        })
    })
}

/// Sets the ROC of the next packet of an SSRC, as for one who joins late. Add the stream first. A packet that
/// does not authenticate under it leaves it set; once one has, the stream goes on from there, even if that ROC
/// is lower than before.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_UNKNOWN_STREAM or
/// SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_set_roc(
    receiver: *mut sipseal_srtp_receiver,
    ssrc: u32,
    roc: u32,
) -> sipseal_status {
    status::of(built().and_then(|()| {
        // SAFETY: the header's contract.
        let receiver = unsafe { storage::context(receiver) }?;
        receiver.set_roc(ssrc, roc).map_err(status::of_srtp)
    }))
}

/// Whether to go by the local ROC (`ignore` other than 0), and not by the one in packets that nothing
/// authenticates: for when the media make sense, so that nobody can move it (RFC 4771 section 3, mode 3).
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED or SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_ignore_carried_roc(
    receiver: *mut sipseal_srtp_receiver,
    ignore: u32,
) -> sipseal_status {
    if cfg!(not(feature = "rfc4771")) {
        return SIPSEAL_UNSUPPORTED;
    }
    // SAFETY: the header's contract.
    let receiver = unsafe { storage::context(receiver) };
    status::of(receiver.map(|receiver| receiver.ignore_carried_roc(ignore != 0)))
}
