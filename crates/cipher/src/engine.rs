// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES and GHASH: what the constructions ask of them, and which implementation answers.
//!
//! * [`fixslice`], ours, where words have 32 bits, but for x86, which may have instructions for AES;
//! * [`rustcrypto`] elsewhere, and as what the tests hold ours against.

use cipher::array::Array;
use cipher::consts::U16;
use cipher::inout::InOutBuf;
use zeroize::ZeroizeOnDrop;

use crate::{Construction, IV_LEN, InvalidKeyLength};

pub mod fixslice;
pub(crate) mod rustcrypto;
pub(crate) mod sha1;

#[cfg(any(
    sipseal_aes = "fixslice",
    all(
        target_pointer_width = "32",
        not(target_arch = "x86"),
        not(sipseal_aes = "rustcrypto")
    )
))]
use fixslice as chosen;
#[cfg(not(any(
    sipseal_aes = "fixslice",
    all(
        target_pointer_width = "32",
        not(target_arch = "x86"),
        not(sipseal_aes = "rustcrypto")
    )
)))]
use rustcrypto as chosen;

pub use chosen::Aes128Enc;
#[cfg(feature = "rfc6188")]
pub use chosen::Aes192Enc;
#[cfg(any(feature = "gcm", feature = "rfc6188"))]
pub use chosen::Aes256Enc;

#[cfg(feature = "gcm")]
pub(crate) use chosen::ghash::HashKey;

/// An expanded AES encryption key of one size.
pub trait AesBlock: Sized + ZeroizeOnDrop {
    /// The construction that counter mode under this key with HMAC-SHA1 is.
    const CM_HMAC_SHA1: Construction;

    /// Expands a key.
    ///
    /// # Errors
    ///
    /// [`InvalidKeyLength`] if it has another length than keys of this size.
    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength>;

    /// Encrypts one block.
    fn encrypt_block(&self, block: &mut [u8; 16]);

    /// As the function [`xor_keystream`](crate::xor_keystream).
    fn xor_keystream(&self, iv: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>);

    /// The first blocks of the keystream, in `blocks` of zeros.
    fn keystream(&self, iv: &[u8; IV_LEN], blocks: &mut [Array<u8, U16>]) {
        self.xor_keystream(iv, Array::slice_as_flattened_mut(blocks).into());
    }
}
