// SPDX-License-Identifier: MIT OR Apache-2.0
//! How two phones come to share SRTP keys.
//!
//! * [`sdes`]: keys in the session description (RFC 4568).
//!
//! No heap, no `std`, no `unsafe`.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

pub mod sdes;
