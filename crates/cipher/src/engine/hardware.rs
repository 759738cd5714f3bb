// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES and GHASH in instructions that a processor has for them.
//!
//! What is unsafe here is to call them: a key of an engine exists only where its instructions do, and [`detected`]
//! takes one of software otherwise.

mod detected;
#[cfg(test)]
pub(crate) use detected::Detected;
#[cfg(target_arch = "x86_64")]
pub(crate) mod x86_64;

#[cfg(target_arch = "x86_64")]
pub use x86_64::*;
