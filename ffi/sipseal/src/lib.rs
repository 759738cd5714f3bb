// SPDX-License-Identifier: MIT OR Apache-2.0
//! The C API: `include/sipseal.h` is generated from this crate, and `libsipseal.a` is built from it.
//!
//! One file per object. The doc comments are the header's text, written for C programmers. What holds for
//! every function is said once, at the top of the header (see `cbindgen.toml`), and not repeated.
//!
//! This is the one crate, beside the hardware engines, that may use `unsafe`: `pointers` turns what C
//! hands over into slices, `storage` places contexts into the caller's memory, `stack` wipes what calls with
//! keys have used, and all else is safe code on top of them.

#![no_std]
// The contract of every function is the header's, in words that C programmers use.
#![allow(clippy::missing_safety_doc)]

// In the order of the header.
pub mod status;

pub mod version;

pub mod self_test;

pub mod random;

pub mod wipe;

pub mod srtp;

pub mod sdes;

pub mod digest;

mod pointers;
mod stack;
mod storage;

#[cfg(feature = "panic-handler")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
