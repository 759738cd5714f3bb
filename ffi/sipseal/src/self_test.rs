// SPDX-License-Identifier: MIT OR Apache-2.0
//! Known answers at boot.

use crate::status::{SIPSEAL_OK, SIPSEAL_SELF_TEST_FAILED, sipseal_status};

/// Checks every transform against known answers: key derivation, SRTP and SRTCP of each profile, both
/// ways, and the refusal of damaged packets; and a digest response of each hash. Call it once at boot.
///
/// Takes no input and keeps no state. Fails with SIPSEAL_SELF_TEST_FAILED.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sipseal_self_test() -> sipseal_status {
    let digest = || !cfg!(feature = "digest") || sipseal::digest::self_test().is_ok();
    if sipseal::srtp::self_test().is_ok() && digest() {
        SIPSEAL_OK
    } else {
        SIPSEAL_SELF_TEST_FAILED
    }
}
