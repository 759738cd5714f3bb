// SPDX-License-Identifier: MIT OR Apache-2.0
//! The `aes` and `ctr` crates: AES in hardware where it finds some, bit-sliced software elsewhere.

#[allow(unreachable_pub)] // Where our own is chosen.
pub use aes::{Aes128Enc, Aes192Enc, Aes256Enc};
use cipher::inout::InOutBuf;
use cipher::{Block, BlockCipherEncrypt, InnerIvInit, KeyInit, StreamCipherCore};
use ctr::{CtrCore, flavors::Ctr32BE};

use super::AesBlock;
use crate::aes_cm::xor;
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
                let mut keystream = CtrCore::<&Self, Ctr32BE>::inner_iv_init(self, iv.into());
                let (blocks, tail) = data.into_chunks();
                keystream.apply_keystream_blocks_inout(blocks);
                if !tail.is_empty() {
                    let mut last = Block::<Self>::default();
                    keystream.write_keystream_block(&mut last);
                    xor(tail, &last);
                }
            }

            fn keystream(&self, iv: &[u8; IV_LEN], blocks: &mut [Block<Self>]) {
                let first = u128::from_be_bytes(*iv);
                for (block, counter) in blocks.iter_mut().zip(first..) {
                    *block = counter.to_be_bytes().into();
                }
                self.encrypt_blocks(blocks);
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

    type Key = super::Composed<Self>;
}

#[cfg(feature = "gcm")]
impl crate::GcmBlock for Aes256Enc {
    const GCM: Construction = Construction::Aes256Gcm;

    type Key = super::Composed<Self>;
}
