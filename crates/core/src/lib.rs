// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every part of sipseal stands on.
//!
//! * [`RandomSource`]: randomness handed in by the caller, who may refuse.
//! * [`SecretBytes`]: key material that wipes itself and prints nothing.
//! * [`ct`]: comparison whose time does not depend on the bytes compared.
//!
//! No heap, no `std`, no `unsafe`.

#![no_std]
#![forbid(unsafe_code)]

pub mod ct;
mod random;
mod secret;

pub use random::{RandomFailed, RandomSource};
pub use secret::SecretBytes;
pub use zeroize::Zeroize;
