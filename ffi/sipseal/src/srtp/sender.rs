// SPDX-License-Identifier: MIT OR Apache-2.0
//! The sending side of a call.

use sipseal::srtp::Sender;

use super::block::{self, Arguments};
use super::layout::sipseal_srtp_layout;
use super::{packet_call, set_key};
use crate::stack::{self, depth};
use crate::status::{self, sipseal_status};
use crate::storage::{self, Object};

/// Words of a sender.
#[cfg(target_pointer_width = "64")]
pub const SIPSEAL_SRTP_SENDER_WORDS: usize = 27;
/// Words of a sender.
#[cfg(not(target_pointer_width = "64"))]
pub const SIPSEAL_SRTP_SENDER_WORDS: usize = 18;

/// Protects the packets that leave.
///
/// Every SSRC has a ROC, a replay window and an SRTCP index of its own. The first packet of an SSRC takes
/// a free stream and starts at ROC 0; let its sequence number be below 32,768 (RFC 3711 section 3.3.1).
/// Packets may come out of order within the window, as from a relay; this sender uses no index twice, since
/// that would give the keystream away.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Debug)]
pub struct sipseal_srtp_sender {
    opaque: [u64; SIPSEAL_SRTP_SENDER_WORDS],
}

// SAFETY: plain words, held against the head below.
unsafe impl Object for sipseal_srtp_sender {
    type Context = Sender<'static>;
    const MAGIC: usize = 0x5e4d_0e75;
}

const _: () = storage::assert_fits::<sipseal_srtp_sender>();

/// Windows of a stream: a sender counts its SRTCP packets up.
pub(crate) const WINDOWS: usize = 1;

/// Octets of the block that a sender of this layout needs; 0 if `layout` is NULL or, as far as the size goes, no
/// sender could have it: sipseal_srtp_sender_init looks at all of it. The macro
/// SIPSEAL_SRTP_SENDER_BLOCK_LEN gives the same as a constant, for static storage.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_block_len(
    layout: *const sipseal_srtp_layout,
) -> usize {
    // SAFETY: the header's contract.
    unsafe { block::len(layout, WINDOWS) }
}

/// Makes a sender in `sender` and `block` from a master key and master salt.
///
/// `block` has at least sipseal_srtp_sender_block_len(layout) octets, at any alignment, and stays where it
/// is, as `sender` does, until sipseal_srtp_sender_wipe. No other argument lies in it or in
/// `sender`. The key and salt are copied in expanded form: wipe your own. With MKIs or SIPSEAL_SRTP_KEYS_FROM_TO
/// both are NULL with length 0: add keys afterwards.
///
/// A master key makes one sender, once. Another one under the same key, also after a wipe, would start at the
/// same indices and reveal both their packets: keep the sender as long as the key, through hold and
/// re-INVITE, and never send under a key that you receive with.
///
/// A sender already there is gone, even if this fails: wipe it first.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT (misaligned object or layout, a member of the
/// layout out of its range, unknown flags), SIPSEAL_OVERLAP, SIPSEAL_UNKNOWN_PROFILE, SIPSEAL_UNSUPPORTED (left
/// out of the build, or not there for the profile), SIPSEAL_INSECURE, SIPSEAL_CONTRADICTION, SIPSEAL_KEY_LENGTH,
/// SIPSEAL_ACCELERATOR_FAILED or SIPSEAL_BLOCK_TOO_SMALL. There is then no sender.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_init(
    sender: *mut sipseal_srtp_sender,
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
            sender.cast::<u8>().cast_const(),
            size_of::<sipseal_srtp_sender>(),
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
            storage::begin(sender).and(apart)?;
            let (layout, master) = arguments.check(WINDOWS)?;
            arguments.place(sender, layout, Sender::without_key)?;
            block::give_keys(sender, |context| set_key(context, master))
        }
    };
    stack::wiped::<{ depth::KEYS }>(make)
}

/// Protects one RTP packet (RFC 3711 section 3.3).
///
/// Reads `in_len` octets at `in` and writes `*out_len`, which is `in_len` plus
/// sipseal_srtp_rtp_trailer_len(profile) and what that function names beside it, at `out`. `in` and `out` are the
/// same pointer or disjoint.
///
/// Returns SIPSEAL_OK or SIPSEAL_NOTICE_KEY_EXPIRING. Fails with SIPSEAL_NULL_POINTER,
/// SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP, SIPSEAL_BUFFER_TOO_SMALL,
/// SIPSEAL_TOO_LONG, SIPSEAL_TRUNCATED, SIPSEAL_PACKET_VERSION, SIPSEAL_EXTENSION, SIPSEAL_STREAM_LIMIT,
/// SIPSEAL_REPLAYED, SIPSEAL_TOO_OLD, SIPSEAL_UNKNOWN_KEY or SIPSEAL_KEY_EXPIRED; `*out_len` is then 0, nothing
/// else is written and the sender is as it was.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_protect(
    sender: *mut sipseal_srtp_sender,
    r#in: *const u8,
    in_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> sipseal_status {
    // SAFETY: the header's contract.
    unsafe {
        packet_call(
            sender,
            r#in,
            in_len,
            out,
            out_cap,
            out_len,
            &mut |sender, packet| sender.protect_in(packet),
        )
    }
}

/// Protects one RTCP packet, compound or reduced-size (RFC 3711 section 3.4, RFC 5506).
///
/// As sipseal_srtp_sender_protect, with sipseal_srtp_rtcp_trailer_len(profile); never SIPSEAL_REPLAYED or
/// SIPSEAL_TOO_OLD.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_sender_protect_rtcp(
    sender: *mut sipseal_srtp_sender,
    r#in: *const u8,
    in_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> sipseal_status {
    // SAFETY: the header's contract.
    unsafe {
        packet_call(
            sender,
            r#in,
            in_len,
            out,
            out_cap,
            out_len,
            &mut Sender::protect_rtcp_in,
        )
    }
}

/// Wipes a sender with its block. Both may then be reused or given back.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT or, if there is no sender (any more),
/// SIPSEAL_NOT_INITIALISED.
#[unsafe(no_mangle)]
#[allow(clippy::must_use_candidate)] // A failure says only that there was nothing to wipe.
pub unsafe extern "C" fn sipseal_srtp_sender_wipe(
    sender: *mut sipseal_srtp_sender,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(unsafe { storage::wipe(sender) })
}
