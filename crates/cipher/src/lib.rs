// SPDX-License-Identifier: MIT OR Apache-2.0
//! The symmetric cryptography of one packet, with keys expanded once.
//!
//! SRTP asks one thing of this crate, the trait [`PacketCipher`]: encrypt a packet and tag it, or check
//! and decrypt it. Four constructions implement it:
//!
//! * [`AesCmHmacSha1`]: AES in counter mode and HMAC-SHA1 over the result (RFC 3711, RFC 6188);
//! * [`F8HmacSha1`]: AES in f8 mode and HMAC-SHA1 (RFC 3711);
//! * [`NullHmacSha1`]: HMAC-SHA1 alone (RFC 3711);
//! * [`AesGcm`]: AES in Galois/counter mode (RFC 7714).
//!
//! They stand on RustCrypto's `aes`, `ghash` and `sha1`; where words have 32 bits, except on x86, on AES and GHASH
//! of our own ([`fixslice`]), which the tests hold against those.
//!
//! With the feature `engines`, which has all the unsafe code of this crate, more is our own. On x86-64 and AArch64
//! AES and GHASH, on AArch64 SHA-1 too, are done in the instructions for them, if the processor has them when a key is
//! expanded; on bare AArch64 if the compiler was told that it has (`-Ctarget-feature=+aes,+sha2`). On ARM processors
//! that execute Thumb-2 (Cortex-M3 and up, ARMv7-A) the innermost loops of [`fixslice`], and SHA-1, are in assembler,
//! and with NEON on Linux eight blocks are encrypted at a time.
//!
//! With the feature `accelerator`, keys of the type [`Accelerated`] hand their work to an [`Accelerator`] first: a unit of
//! the firmware's own.
//!
//! In `RUSTFLAGS`, `--cfg sipseal_portable` leaves out what the feature does, `--cfg sipseal_aes="rustcrypto"` or
//! `"fixslice"` chooses an AES for any target, and `--cfg sipseal_sha1="compact"` takes a SHA-1 that is small before it is
//! fast. Nothing outside this crate changes with any of it.
//!
//! No heap, no `std`; no branch and no address depends on a key, a payload or a tag.

#![no_std]
#![cfg_attr(feature = "engines", deny(unsafe_code))]
#![cfg_attr(not(feature = "engines"), forbid(unsafe_code))]
#![cfg_attr(
    not(all(
        feature = "gcm",
        feature = "rfc6188",
        feature = "f8",
        feature = "insecure",
        feature = "rfc9335"
    )),
    allow(rustdoc::broken_intra_doc_links)
)]

#[cfg(test)]
extern crate std;

#[cfg(feature = "accelerator")]
mod accelerator;
mod aes_cm;
#[cfg(feature = "f8")]
mod aes_f8;
#[cfg(feature = "gcm")]
mod aes_gcm;
mod engine;
mod hmac_sha1;
#[cfg(feature = "insecure")]
mod null;
mod packet;

#[cfg(feature = "accelerator")]
pub use accelerator::{Accelerator, AcceleratorFailed, Declined};
pub use aes_cm::{AesCmHmacSha1, xor_keystream};
#[cfg(feature = "f8")]
pub use aes_f8::F8HmacSha1;
#[cfg(feature = "gcm")]
pub use aes_gcm::AesGcm;
pub use cipher::inout::InOutBuf;
#[cfg(feature = "accelerator")]
pub use engine::Accelerated;
#[cfg(feature = "rfc6188")]
pub use engine::Aes192Enc;
#[cfg(any(feature = "gcm", feature = "rfc6188"))]
pub use engine::Aes256Enc;
pub use engine::{Aes128Enc, AesBlock, fixslice};
#[cfg(feature = "gcm")]
pub use engine::{GcmBlock, GcmKey};
use hmac_sha1::HmacSha1;
#[cfg(feature = "insecure")]
pub use null::NullHmacSha1;
pub use packet::{
    AuthenticationFailed, Construction, IV_LEN, InvalidKeyLength, MIN_TAG_LEN, PacketCipher,
    SessionKey, split_clear,
};
#[cfg(feature = "rfc9335")]
pub use packet::{MAX_FIRST_LEN, Pieces};

#[cfg(test)]
mod tests;
