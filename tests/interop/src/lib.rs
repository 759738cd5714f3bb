// SPDX-License-Identifier: MIT OR Apache-2.0
//! Holds sipseal against libsrtp, packet by packet.

pub mod aes192;
pub mod differences;
pub mod libsrtp;
pub mod network;
pub mod ours;
pub mod packets;
pub mod random;
pub mod verdict;
