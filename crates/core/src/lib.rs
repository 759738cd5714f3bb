// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every part of sipseal stands on.
//!
//! * [`RandomSource`]: randomness handed in by the caller, who may refuse.
//! * [`SecretBytes`]: key material that wipes itself and prints nothing.
//! * [`base64`]: keys as text, in time that depends on their length.
//! * [`ct`]: comparison whose time does not depend on the bytes compared.
//!
//! No heap, no `std`, no `unsafe`.

#![no_std]
#![forbid(unsafe_code)]

pub mod base64;
pub mod ct;
mod random;
mod secret;

pub use random::{RandomFailed, RandomSource};
pub use secret::SecretBytes;
pub use zeroize::Zeroize;
