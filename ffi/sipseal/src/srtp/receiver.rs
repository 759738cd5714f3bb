// SPDX-License-Identifier: MIT OR Apache-2.0
//! The receiving side of a call.

use sipseal::srtp::Receiver;

use super::block::{self, Arguments};
use super::layout::sipseal_srtp_layout;
use super::{packet_call, set_key};
use crate::pointers;
use crate::stack::{self, depth};
use crate::status::{self, SIPSEAL_UNSUPPORTED, sipseal_status};
use crate::storage::{self, Object};

/// Words of a receiver.
#[cfg(target_pointer_width = "64")]
pub const SIPSEAL_SRTP_RECEIVER_WORDS: usize = 29;
/// Words of a receiver.
#[cfg(not(target_pointer_width = "64"))]
pub const SIPSEAL_SRTP_RECEIVER_WORDS: usize = 20;

/// Checks and decrypts the packets that arrive.
///
/// Every SSRC has a ROC and replay windows of its own, one for SRTP and one for SRTCP. An authentic packet
/// from a new SSRC takes a free stream, at ROC 0; or at ROC 1, if it is authentic there, for a stream whose first
/// packets were lost before a wrap. A forged one takes nothing.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Debug)]
pub struct sipseal_srtp_receiver {
    opaque: [u64; SIPSEAL_SRTP_RECEIVER_WORDS],
}

// SAFETY: plain words, held against the head below.
unsafe impl Object for sipseal_srtp_receiver {
    type Context = Receiver<'static>;
    const MAGIC: usize = 0x7ece_17e7;
}

const _: () = storage::assert_fits::<sipseal_srtp_receiver>();

/// Windows of a stream: SRTP and SRTCP.
pub(crate) const WINDOWS: usize = 2;

/// Packets that a receiver refused. A counter stays at its largest value once there.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct sipseal_srtp_counters {
    /// Packets with a wrong tag.
    pub authentication_failures: u32,
    /// Packets seen before or older than the window. They are refused before their tag is looked at, so
    /// anyone can make this grow.
    pub replays: u32,
    /// Packets of an SSRC without a stream that was not given one; refused unseen as well.
    pub without_stream: u32,
}

/// Octets of the block that a receiver of this layout needs; 0 if `layout` is NULL or, as far as the size goes, no
/// receiver could have it: sipseal_srtp_receiver_init looks at all of it. The macro
/// SIPSEAL_SRTP_RECEIVER_BLOCK_LEN gives the same as a constant, for static storage.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_block_len(
    layout: *const sipseal_srtp_layout,
) -> usize {
    // SAFETY: the header's contract.
    unsafe { block::len(layout, WINDOWS) }
}

/// Makes a receiver in `receiver` and `block` from a master key and master salt.
///
/// `block` has at least sipseal_srtp_receiver_block_len(layout) octets. All else, failures too, is as for
/// sipseal_srtp_sender_init.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_init(
    receiver: *mut sipseal_srtp_receiver,
    block: *mut u8,
    block_len: usize,
    layout: *const sipseal_srtp_layout,
    key: *const u8,
    key_len: usize,
    salt: *const u8,
    salt_len: usize,
) -> sipseal_status {
    let arguments = Arguments {
        object: (
            receiver.cast::<u8>().cast_const(),
            size_of::<sipseal_srtp_receiver>(),
        ),
        block,
        block_len,
        layout,
        key,
        key_len,
        salt,
        salt_len,
    };
    let make = || {
        // Seen before the object is cleared, which would clear a key in it too.
        let apart = arguments.check_apart();
        // SAFETY: the header's contract, and that nothing lies in what is written.
        unsafe {
            storage::begin(receiver).and(apart)?;
            let (layout, master) = arguments.check(WINDOWS)?;
            arguments.place(receiver, layout, Receiver::without_key)?;
            block::give_keys(receiver, |context| set_key(context, master))
        }
    };
    stack::wiped::<{ depth::KEYS }>(make)
}

/// Unprotects one SRTP packet (RFC 3711 section 3.3).
///
/// Reads `in_len` octets at `in` and writes `*out_len`, which is `in_len` less what its protection added, at
/// `out`. `in` and `out` are the same pointer or disjoint. An empty header extension that SIPSEAL_SRTP_CRYPTEX
/// has brought stays.
///
/// Returns SIPSEAL_OK, SIPSEAL_NOTICE_KEY_EXPIRING or SIPSEAL_NOTICE_SSRC_COLLISION. Fails with
/// SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
/// SIPSEAL_BUFFER_TOO_SMALL, SIPSEAL_TOO_LONG, SIPSEAL_TRUNCATED, SIPSEAL_PACKET_VERSION, SIPSEAL_EXTENSION,
/// SIPSEAL_STREAM_LIMIT, SIPSEAL_REPLAYED, SIPSEAL_TOO_OLD, SIPSEAL_UNKNOWN_KEY, SIPSEAL_AUTHENTICATION_FAILED
/// or SIPSEAL_KEY_EXPIRED. `*out_len` is then 0, nothing else is written - an in-place packet is still there as
/// it arrived - and ROC and windows have not moved.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_unprotect(
    receiver: *mut sipseal_srtp_receiver,
    r#in: *const u8,
    in_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> sipseal_status {
    // SAFETY: the header's contract.
    unsafe {
        packet_call(
            receiver,
            r#in,
            in_len,
            out,
            out_cap,
            out_len,
            &mut |receiver, packet| receiver.unprotect_in(packet, None),
        )
    }
}

/// Unprotects one SRTP packet under a ROC to try, in place of the estimate: after
/// SIPSEAL_AUTHENTICATION_FAILED, for one who joins late or has missed more than half of the sequence numbers.
/// If it is the right one, the stream goes on from there.
///
/// All else is as for sipseal_srtp_receiver_unprotect; also SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_unprotect_with_roc(
    receiver: *mut sipseal_srtp_receiver,
    roc: u32,
    r#in: *const u8,
    in_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> sipseal_status {
    if cfg!(not(feature = "streams")) {
        // SAFETY: the header's contract.
        let result = unsafe { pointers::result(out_len) };
        return result.err().unwrap_or(SIPSEAL_UNSUPPORTED);
    }
    // SAFETY: the header's contract.
    unsafe {
        packet_call(
            receiver,
            r#in,
            in_len,
            out,
            out_cap,
            out_len,
            &mut |receiver, packet| receiver.unprotect_in(packet, Some(roc)),
        )
    }
}

/// Unprotects one SRTCP packet (RFC 3711 section 3.4, RFC 5506). The packet says itself, under its tag,
/// whether it was encrypted; both kinds are taken.
///
/// As sipseal_srtp_receiver_unprotect; SIPSEAL_EXTENSION does not occur.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_unprotect_rtcp(
    receiver: *mut sipseal_srtp_receiver,
    r#in: *const u8,
    in_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> sipseal_status {
    // SAFETY: the header's contract.
    unsafe {
        packet_call(
            receiver,
            r#in,
            in_len,
            out,
            out_cap,
            out_len,
            &mut Receiver::unprotect_rtcp_in,
        )
    }
}

/// Reads the counters of a receiver into `counters`.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT or SIPSEAL_NOT_INITIALISED; `*counters`, where
/// it can be written, is then zero.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_receiver_counters(
    receiver: *const sipseal_srtp_receiver,
    counters: *mut sipseal_srtp_counters,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(unsafe {
        pointers::result(counters).and_then(|out| {
            let counters = storage::peek(receiver)?.counters();
            *out = sipseal_srtp_counters {
                authentication_failures: counters.authentication_failures,
                replays: counters.replays,
                without_stream: counters.without_stream,
            };
            Ok(())
        })
    })
}

/// Wipes a receiver with its block. Both may then be reused or given back.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT or, if there is no receiver (any more),
/// SIPSEAL_NOT_INITIALISED.
#[unsafe(no_mangle)]
#[allow(clippy::must_use_candidate)] // A failure says only that there was nothing to wipe.
pub unsafe extern "C" fn sipseal_srtp_receiver_wipe(
    receiver: *mut sipseal_srtp_receiver,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(unsafe { storage::wipe(receiver) })
}
