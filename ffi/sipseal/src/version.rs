// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which library this is, and whether the header belongs to it.

use crate::srtp::receiver::sipseal_srtp_receiver;
use crate::srtp::sender::sipseal_srtp_sender;
use crate::status::{SIPSEAL_HEADER_MISMATCH, SIPSEAL_OK, sipseal_status};

/// The version of this header, 0x00MMmmpp: major, minor and patch in one octet each.
pub const SIPSEAL_VERSION_NUMBER: u32 = 0x0000_0100;

/// The version of the library, as `SIPSEAL_VERSION_NUMBER` is that of the header.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sipseal_version() -> u32 {
    SIPSEAL_VERSION_NUMBER
}

/// Checks that the program was compiled with the header of this library, for this target. Call it as
/// `SIPSEAL_CHECK_HEADER()`, which fills in the arguments.
///
/// Fails with SIPSEAL_HEADER_MISMATCH.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sipseal_check_header(
    header_version: u32,
    sender_len: usize,
    receiver_len: usize,
) -> sipseal_status {
    let same = header_version == SIPSEAL_VERSION_NUMBER
        && sender_len == size_of::<sipseal_srtp_sender>()
        && receiver_len == size_of::<sipseal_srtp_receiver>();
    if same {
        SIPSEAL_OK
    } else {
        SIPSEAL_HEADER_MISMATCH
    }
}
