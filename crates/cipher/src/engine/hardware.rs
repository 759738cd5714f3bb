// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES and GHASH, and SHA-1 on AArch64, in instructions that a processor has for them.
//!
//! What is unsafe here is to call them: a key of an engine exists only where its instructions do, and [`detected`]
//! takes one of software otherwise.

#[cfg(target_arch = "aarch64")]
pub(crate) mod aarch64;
#[cfg(not(all(
    target_arch = "aarch64",
    target_feature = "aes",
    target_feature = "sha2"
)))]
mod detected;
#[cfg(test)]
pub(crate) use detected::Detected;
#[cfg(target_arch = "x86_64")]
pub(crate) mod x86_64;

#[cfg(target_arch = "aarch64")]
pub use aarch64::*;
#[cfg(target_arch = "x86_64")]
pub use x86_64::*;
