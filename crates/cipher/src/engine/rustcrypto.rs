// SPDX-License-Identifier: MIT OR Apache-2.0
//! The `aes` crate: AES in hardware where it finds some, bit-sliced software elsewhere.

#[allow(unreachable_pub)] // Where our own is chosen.
pub use aes::{Aes128Enc, Aes192Enc, Aes256Enc};
use cipher::consts::U16;
use cipher::inout::InOutBuf;
use cipher::{
    BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser, KeyInit,
    ParBlocks,
};

use super::AesBlock;
use crate::aes_cm::{counter_block, xor};
use crate::{Construction, IV_LEN, InvalidKeyLength};

#[cfg(feature = "gcm")]
#[allow(dead_code)] // Where our own is chosen.
pub(crate) mod ghash;

macro_rules! aes_block {
    ($key:ty, $construction:expr) => {
        impl AesBlock for $key {
            const CM_HMAC_SHA1: Construction = $construction;

            fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength> {
                KeyInit::new_from_slice(key).map_err(|_| InvalidKeyLength)
            }

            fn encrypt_block(&self, block: &mut [u8; 16]) {
                BlockCipherEncrypt::encrypt_block(self, block.into());
            }

            fn xor_keystream(&self, iv: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>) {
                self.encrypt_with_backend(Keystream { iv, data });
            }
        }
    };
}

aes_block!(Aes128Enc, Construction::AesCm128HmacSha1);
aes_block!(Aes192Enc, Construction::AesCm192HmacSha1);
aes_block!(Aes256Enc, Construction::AesCm256HmacSha1);

#[cfg(feature = "gcm")]
impl crate::GcmBlock for Aes128Enc {
    const GCM: Construction = Construction::Aes128Gcm;
}

#[cfg(feature = "gcm")]
impl crate::GcmBlock for Aes256Enc {
    const GCM: Construction = Construction::Aes256Gcm;
}

/// A keystream to be made by whichever implementation of AES there is.
struct Keystream<'p, 'i, 'o> {
    iv: &'p [u8; IV_LEN],
    data: InOutBuf<'i, 'o, u8>,
}

impl BlockSizeUser for Keystream<'_, '_, '_> {
    type BlockSize = U16;
}

impl BlockCipherEncClosure for Keystream<'_, '_, '_> {
    #[inline]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        let Self { iv, mut data } = self;
        let [.., c0, c1, c2, c3] = *iv;
        let mut counter = u32::from_be_bytes([c0, c1, c2, c3]);
        let mut batch = ParBlocks::<B>::default();
        while !data.is_empty() {
            let needed = data.len().div_ceil(IV_LEN).min(batch.len());
            for block in batch.iter_mut().take(needed) {
                *block = counter_block(iv, counter);
                counter = counter.wrapping_add(1);
            }
            // Bit-sliced software works on few blocks at once and as long on one of them; hardware takes many
            // and each costs.
            if needed == batch.len() || batch.len() <= 4 {
                backend.encrypt_par_blocks((&mut batch).into());
            } else if let Some(tail) = batch.get_mut(..needed) {
                backend.encrypt_tail_blocks(tail.into());
            }
            let len = data.len().min(needed * IV_LEN);
            let (now, later) = data.split_at(len);
            let (blocks, tail) = now.into_chunks::<U16>();
            let whole = blocks.len();
            for (mut block, key) in blocks.into_iter().zip(&batch) {
                block.xor_in2out(key);
            }
            if let Some(last) = batch.get(whole) {
                xor(tail, last);
            }
            data = later;
        }
    }
}
