// SPDX-License-Identifier: MIT OR Apache-2.0
//! One of two engines: chosen when a key is expanded, so that packets have nothing to detect.

use core::fmt;

use cipher::array::Array;
use cipher::consts::U16;
use cipher::inout::InOutBuf;
use zeroize::ZeroizeOnDrop;

#[cfg(feature = "gcm")]
use crate::AuthenticationFailed;
use crate::engine::AesBlock;
#[cfg(feature = "gcm")]
use crate::engine::{GcmBlock, GcmKey};
use crate::{Construction, IV_LEN, InvalidKeyLength};

/// A key of the first engine, or of the second where the first takes none.
pub enum Detected<H, S> {
    /// In hardware that is there.
    Hardware(H),
    /// In what there is without it.
    Software(S),
}

/// The same call of either.
macro_rules! either {
    ($either:expr, $key:ident => $call:expr) => {
        match $either {
            Self::Hardware($key) => $call,
            Self::Software($key) => $call,
        }
    };
}

impl<H: AesBlock, S: AesBlock> AesBlock for Detected<H, S> {
    const CM_HMAC_SHA1: Construction = S::CM_HMAC_SHA1;

    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength> {
        match H::new_from_slice(key) {
            Ok(key) => Ok(Self::Hardware(key)),
            Err(_) => S::new_from_slice(key).map(Self::Software),
        }
    }

    fn encrypt_block(&self, block: &mut [u8; 16]) {
        either!(self, key => key.encrypt_block(block));
    }

    fn xor_keystream(&self, iv: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>) {
        either!(self, key => key.xor_keystream(iv, data));
    }

    fn keystream(&self, iv: &[u8; IV_LEN], blocks: &mut [Array<u8, U16>]) {
        either!(self, key => key.keystream(iv, blocks));
    }
}

#[cfg(feature = "gcm")]
impl<H: GcmBlock, S: GcmBlock> GcmBlock for Detected<H, S> {
    const GCM: Construction = S::GCM;

    type Key = Detected<H::Key, S::Key>;
}

#[cfg(feature = "gcm")]
impl<H: GcmKey, S: GcmKey> GcmKey for Detected<H, S> {
    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength> {
        match H::new_from_slice(key) {
            Ok(key) => Ok(Self::Hardware(key)),
            Err(_) => S::new_from_slice(key).map(Self::Software),
        }
    }

    fn seal(
        &self,
        iv: &[u8; IV_LEN],
        associated: [&[u8]; 2],
        payload: InOutBuf<'_, '_, u8>,
    ) -> [u8; 16] {
        either!(self, key => key.seal(iv, associated, payload))
    }

    fn open(
        &self,
        iv: &[u8; IV_LEN],
        associated: [&[u8]; 2],
        payload: InOutBuf<'_, '_, u8>,
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed> {
        either!(self, key => key.open(iv, associated, payload, tag))
    }

    fn xor_keystream(&self, block: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>) {
        either!(self, key => key.xor_keystream(block, data));
    }

    fn hash<const A: usize, const C: usize>(
        &self,
        associated: [&[u8]; A],
        ciphertext: [&[u8]; C],
    ) -> [u8; 16] {
        either!(self, key => key.hash(associated, ciphertext))
    }
}

// Either wipes itself.
impl<H: ZeroizeOnDrop, S: ZeroizeOnDrop> ZeroizeOnDrop for Detected<H, S> {}

impl<H, S> fmt::Debug for Detected<H, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Detected { .. }")
    }
}
