// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES and GHASH: what the constructions ask of them, and which implementation answers.
//!
//! * [`hardware`], ours, where the processor has instructions for both;
//! * software otherwise: [`fixslice`], ours, where words have 32 bits, but for x86; [`rustcrypto`] elsewhere, and as
//!   what the tests hold ours against. [`composed`] makes GCM of their AES and GHASH;
//! * [`accelerated`], a unit that the firmware has, in front of any of them.

use cipher::array::Array;
use cipher::consts::U16;
use cipher::inout::InOutBuf;
use zeroize::ZeroizeOnDrop;

#[cfg(feature = "gcm")]
use crate::AuthenticationFailed;
#[cfg(feature = "accelerator")]
use crate::{Accelerator, AcceleratorFailed};
use crate::{Construction, IV_LEN, InvalidKeyLength};

#[cfg(feature = "accelerator")]
mod accelerated;
#[cfg(sipseal_thumb2)]
#[macro_use]
mod thumb2;

#[cfg(feature = "gcm")]
mod composed;
pub mod fixslice;
#[cfg(sipseal_hardware)]
#[allow(unsafe_code)]
#[cfg_attr(not(sipseal_chosen = "hardware"), allow(dead_code, unreachable_pub))]
pub(crate) mod hardware;
pub(crate) mod rustcrypto;
pub(crate) mod sha1;

// build.rs chooses.
#[cfg(sipseal_software = "fixslice")]
use fixslice as software;
#[cfg(sipseal_chosen = "hardware")]
use hardware as chosen;
#[cfg(sipseal_software = "rustcrypto")]
use rustcrypto as software;
#[cfg(sipseal_chosen = "software")]
use software as chosen;

pub use chosen::Aes128Enc;
#[cfg(feature = "rfc6188")]
pub use chosen::Aes192Enc;
#[cfg(any(feature = "gcm", feature = "rfc6188"))]
pub use chosen::Aes256Enc;

#[cfg(feature = "accelerator")]
pub use accelerated::Accelerated;
#[cfg(feature = "gcm")]
pub(crate) use composed::Composed;

/// Octets of the key that expands to so many round keys: AES has six rounds more than the key has words.
const fn key_len(round_keys: usize) -> usize {
    assert!(matches!(round_keys, 11 | 13 | 15));
    4 * (round_keys - 7)
}

/// The construction of counter mode with HMAC-SHA1 under so many round keys.
const fn cm_hmac_sha1(round_keys: usize) -> Construction {
    match round_keys {
        11 => Construction::AesCm128HmacSha1,
        13 => Construction::AesCm192HmacSha1,
        _ => Construction::AesCm256HmacSha1,
    }
}

/// The lengths of associated data and ciphertext, in bits: the last block of what GHASH takes in.
#[cfg(feature = "gcm")]
fn lengths(associated: usize, ciphertext: usize) -> [u8; 16] {
    let bits = |octets: usize| (octets as u64).wrapping_mul(8);
    ((u128::from(bits(associated)) << 64) | u128::from(bits(ciphertext))).to_be_bytes()
}

/// An expanded AES encryption key of one size.
pub trait AesBlock: Sized + ZeroizeOnDrop {
    /// The construction that counter mode under this key with HMAC-SHA1 is.
    const CM_HMAC_SHA1: Construction;

    /// Expands a key.
    ///
    /// # Errors
    ///
    /// [`InvalidKeyLength`] if it has another length than keys of this size. An engine in hardware takes no key at
    /// all where the hardware is missing.
    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength>;

    /// Encrypts one block.
    fn encrypt_block(&self, block: &mut [u8; 16]);

    /// As the function [`xor_keystream`](crate::xor_keystream).
    fn xor_keystream(&self, iv: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>);

    /// The first blocks of the keystream, in `blocks` of zeros.
    fn keystream(&self, iv: &[u8; IV_LEN], blocks: &mut [Array<u8, U16>]) {
        self.xor_keystream(iv, Array::slice_as_flattened_mut(blocks).into());
    }

    /// Hands the work to an accelerator from now on; nothing, for a key that knows of none.
    ///
    /// # Errors
    ///
    /// [`AcceleratorFailed`] if it gives other results than software.
    #[cfg(feature = "accelerator")]
    fn accelerate(&mut self, _: &'static dyn Accelerator) -> Result<(), AcceleratorFailed> {
        Ok(())
    }
}

/// The AES keys that RFC 7714 uses.
#[cfg(feature = "gcm")]
pub trait GcmBlock: AesBlock {
    /// The construction that Galois/counter mode under this key is.
    const GCM: Construction;

    /// What Galois/counter mode under this key is done by.
    type Key: GcmKey;
}

/// An expanded AES key and its GHASH key. Of an `iv` the first 12 octets count.
#[cfg(feature = "gcm")]
pub trait GcmKey: Sized + ZeroizeOnDrop {
    /// Expands an AES key.
    ///
    /// # Errors
    ///
    /// As those of [`AesBlock::new_from_slice`].
    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength>;

    /// Encrypts, and returns the full tag. The associated data is the two pieces, one after the other.
    fn seal(
        &self,
        iv: &[u8; IV_LEN],
        associated: [&[u8]; 2],
        payload: InOutBuf<'_, '_, u8>,
    ) -> [u8; 16];

    /// Compares the leading octets of the tag over the input and, only then, decrypts.
    ///
    /// # Errors
    ///
    /// As those of [`PacketCipher::open`](crate::PacketCipher::open).
    fn open(
        &self,
        iv: &[u8; IV_LEN],
        associated: [&[u8]; 2],
        payload: InOutBuf<'_, '_, u8>,
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed>;

    /// XORs the keystream that starts at this counter block into `data`.
    fn xor_keystream(&self, block: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>);

    /// GHASH over associated data and ciphertext, each in pieces that follow one another without padding.
    fn hash<const A: usize, const C: usize>(
        &self,
        associated: [&[u8]; A],
        ciphertext: [&[u8]; C],
    ) -> [u8; 16];

    /// As [`AesBlock::accelerate`]: hands the work to an accelerator from now on.
    ///
    /// # Errors
    ///
    /// [`AcceleratorFailed`] if it gives other results than software.
    #[cfg(feature = "accelerator")]
    fn accelerate(&mut self, _: &'static dyn Accelerator) -> Result<(), AcceleratorFailed> {
        Ok(())
    }
}
