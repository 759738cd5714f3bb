// SPDX-License-Identifier: MIT OR Apache-2.0
//! The symmetric cryptography of one packet, with keys expanded once.
//!
//! SRTP asks one thing of this crate, the trait [`PacketCipher`]: encrypt and authenticate a packet, or
//! check and decrypt it. Two constructions implement it:
//!
//! * [`AesCmHmacSha1`]: AES in counter mode and HMAC-SHA1 over the result (RFC 3711);
//! * [`AesGcm`]: AES in Galois/counter mode (RFC 7714).
//!
//! Both stand on RustCrypto's `aes`, `ctr`, `ghash`, `hmac` and `sha1`. A faster engine is another
//! implementation of the same trait: nothing outside this crate changes for it.
//!
//! No heap, no `std`, no `unsafe`; no branch and no address depends on a key, a payload or a tag.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

mod aes_cm;
mod aes_gcm;
mod hmac_sha1;
mod packet;

pub use aes::{Aes128Enc, Aes256Enc};
pub use aes_cm::{AesBlock, AesCmHmacSha1, xor_keystream};
pub use aes_gcm::AesGcm;
pub use cipher::inout::InOutBuf;
pub use hmac_sha1::HmacSha1;
pub use packet::{
    AuthenticationFailed, Construction, IV_LEN, InvalidKeyLength, MIN_TAG_LEN, PacketCipher,
};

#[cfg(test)]
mod tests;
