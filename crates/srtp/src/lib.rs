// SPDX-License-Identifier: MIT OR Apache-2.0
//! SRTP and SRTCP packet protection (RFC 3711, RFC 4771, RFC 6188, RFC 6904, RFC 7714, RFC 9335).
//!
//! A [`Sender`] protects, a [`Receiver`] unprotects; each holds its master keys and the state of a fixed
//! number of streams, in a [`Storage`] that the caller owns. Bytes come in as a packet, are viewed
//! ([`rtp`], [`rtcp`]), meet their keys ([`kdf`]) and index ([`index`], [`replay`]), pass the transform
//! and go out.
//!
//! ```
//! use sipseal_srtp::{AesCm128HmacSha1, MasterKey, Options, Profile, Storage};
//!
//! let profile = Profile::AesCm128HmacSha1_80;
//! let master = MasterKey::new(&[0x0b; 16], &[0x5a; 14]);
//!
//! // One stream, a replay window of 64 packets: two words of 32.
//! let mut here = Storage::<AesCm128HmacSha1, 1, 2>::new();
//! let mut there = Storage::<AesCm128HmacSha1, 1, 2>::new();
//! let mut sender = here.sender(profile, Options::SAFE, &master)?;
//! let mut receiver = there.receiver(profile, Options::SAFE, &master)?;
//!
//! let rtp = b"\x80\x00\x00\x01\x00\x00\x00\xa0\xca\xfe\xba\xbehello";
//! let mut wire = [0; 64];
//! let sent = sender.protect(rtp, &mut wire)?;
//! let mut heard = [0; 64];
//! let got = receiver.unprotect(&wire[..sent.len], &mut heard)?;
//! assert_eq!(&heard[..got.len], rtp);
//! # Ok::<(), sipseal_srtp::Error>(())
//! ```
//!
//! No heap, no `std`, no `unsafe`, and no panic that an input could reach.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

mod buffers;
mod ciphers;
mod context;
#[cfg(feature = "rfc9335")]
mod cryptex;
mod error;
mod header_extension;
pub mod index;
pub mod kdf;
mod keys;
mod options;
mod profile;
mod receiver;
pub mod replay;
mod roc_transmission;
pub mod rtcp;
pub mod rtp;
mod self_test;
mod sender;
mod session;
mod session_keys;
mod srtcp;
mod srtp;
mod storage;
mod streams;
#[cfg(test)]
mod tests;

pub use buffers::{Buffers, MAX_PACKET_LEN};
#[cfg(feature = "accelerator")]
pub use ciphers::AcceleratedCiphers;
pub use ciphers::{CipherSlots, SessionCiphers};
pub use context::Context;
pub use error::{Error, Notice, Processed};
pub use header_extension::ElementKey;
pub use keys::{Key, KeyId, Rekeying};
pub use options::{Admission, MAX_KEY_DERIVATION_RATE, MAX_MKI_LEN, Options};
pub use profile::{MasterKey, Profile};
pub use receiver::{Counters, Receiver};
pub use roc_transmission::{RocMode, RocTransmission};
pub use self_test::{SelfTestFailed, self_test};
pub use sender::Sender;
#[cfg(feature = "accelerator")]
pub use sipseal_cipher::{Accelerator, AcceleratorFailed, Declined, InOutBuf};
pub use sipseal_cipher::{Construction, PacketCipher};
pub use storage::{Parts, Storage};
pub use streams::{Stream, StreamStatus};

/// The cipher of the `AES_CM_128_HMAC_SHA1_*` profiles.
pub type AesCm128HmacSha1 = sipseal_cipher::AesCmHmacSha1<sipseal_cipher::Aes128Enc>;
#[cfg(feature = "rfc6188")]
/// The cipher of the `AES_192_CM_HMAC_SHA1_*` profiles.
pub type AesCm192HmacSha1 = sipseal_cipher::AesCmHmacSha1<sipseal_cipher::Aes192Enc>;
#[cfg(feature = "rfc6188")]
/// The cipher of the `AES_256_CM_HMAC_SHA1_*` profiles.
pub type AesCm256HmacSha1 = sipseal_cipher::AesCmHmacSha1<sipseal_cipher::Aes256Enc>;
#[cfg(feature = "f8")]
/// The cipher of `F8_128_HMAC_SHA1_80`.
pub type F8Aes128HmacSha1 = sipseal_cipher::F8HmacSha1;
#[cfg(feature = "insecure")]
/// The cipher of the `NULL_HMAC_SHA1_*` profiles.
pub type NullHmacSha1 = sipseal_cipher::NullHmacSha1;
#[cfg(feature = "gcm")]
/// The cipher of `AEAD_AES_128_GCM`.
pub type Aes128Gcm = sipseal_cipher::AesGcm<sipseal_cipher::Aes128Enc>;
#[cfg(feature = "gcm")]
/// The cipher of `AEAD_AES_256_GCM`.
pub type Aes256Gcm = sipseal_cipher::AesGcm<sipseal_cipher::Aes256Enc>;

/// The ciphers that can hand AES and GHASH to an [`Accelerator`].
#[cfg(feature = "accelerator")]
pub mod accelerated {
    #[cfg(feature = "rfc6188")]
    use sipseal_cipher::Aes192Enc;
    #[cfg(any(feature = "gcm", feature = "rfc6188"))]
    use sipseal_cipher::Aes256Enc;
    #[cfg(feature = "gcm")]
    use sipseal_cipher::AesGcm;
    use sipseal_cipher::{Accelerated, Aes128Enc, AesCmHmacSha1};

    /// As [`AesCm128HmacSha1`](crate::AesCm128HmacSha1).
    pub type AesCm128HmacSha1 = AesCmHmacSha1<Accelerated<Aes128Enc>>;
    /// As [`AesCm192HmacSha1`](crate::AesCm192HmacSha1).
    #[cfg(feature = "rfc6188")]
    pub type AesCm192HmacSha1 = AesCmHmacSha1<Accelerated<Aes192Enc>>;
    /// As [`AesCm256HmacSha1`](crate::AesCm256HmacSha1).
    #[cfg(feature = "rfc6188")]
    pub type AesCm256HmacSha1 = AesCmHmacSha1<Accelerated<Aes256Enc>>;
    /// As [`Aes128Gcm`](crate::Aes128Gcm).
    #[cfg(feature = "gcm")]
    pub type Aes128Gcm = AesGcm<Accelerated<Aes128Enc>>;
    /// As [`Aes256Gcm`](crate::Aes256Gcm).
    #[cfg(feature = "gcm")]
    pub type Aes256Gcm = AesGcm<Accelerated<Aes256Enc>>;
}
