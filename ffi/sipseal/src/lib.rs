// SPDX-License-Identifier: MIT OR Apache-2.0
//! The C API.
#![no_std]

#[cfg(feature = "panic-handler")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// Version.
#[unsafe(no_mangle)]
pub extern "C" fn sipseal_version() -> u32 {
    1
}
