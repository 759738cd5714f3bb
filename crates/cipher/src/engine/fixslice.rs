// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES of our own, for words of 32 bits: constant-time without tables, two blocks at a time.
//!
//! One code for all key sizes, and the key schedule in the same representation, so that little flash is needed.
//! An expanded key has 16 octets for each round and 16 more: 176, 208 or 240.

use core::fmt;

use cipher::consts::U32;
use cipher::inout::InOutBuf;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::AesBlock;
use crate::aes_cm::xor;
use crate::{Construction, IV_LEN, InvalidKeyLength};

#[cfg(feature = "gcm")]
#[allow(dead_code)] // Where the `ghash` crate is chosen.
pub(crate) mod ghash;
mod key_schedule;
mod rounds;

use rounds::RoundKey;

/// An expanded AES encryption key with so many round keys: one more than the rounds.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct AesEnc<const ROUND_KEYS: usize>([RoundKey; ROUND_KEYS]);

/// An expanded AES-128 key.
pub type Aes128Enc = AesEnc<11>;
/// An expanded AES-192 key.
pub type Aes192Enc = AesEnc<13>;
/// An expanded AES-256 key.
pub type Aes256Enc = AesEnc<15>;

impl<const ROUND_KEYS: usize> AesEnc<ROUND_KEYS> {
    /// Octets of the key: AES has six rounds more than the key has words.
    const KEY_LEN: usize = {
        assert!(matches!(ROUND_KEYS, 11 | 13 | 15));
        4 * (ROUND_KEYS - 7)
    };
}

impl<const ROUND_KEYS: usize> AesBlock for AesEnc<ROUND_KEYS> {
    const CM_HMAC_SHA1: Construction = match ROUND_KEYS {
        11 => Construction::AesCm128HmacSha1,
        13 => Construction::AesCm192HmacSha1,
        _ => Construction::AesCm256HmacSha1,
    };

    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength> {
        if key.len() != Self::KEY_LEN {
            return Err(InvalidKeyLength);
        }
        let mut keys = Self([[0; 4]; ROUND_KEYS]);
        key_schedule::expand(key, &mut keys.0);
        Ok(keys)
    }

    fn encrypt_block(&self, block: &mut [u8; 16]) {
        let [a, b, c, d] = columns(block);
        let mut pair = [a, 0, b, 0, c, 0, d, 0];
        rounds::encrypt(&self.0, &mut pair);
        let (octets, _) = block.as_chunks_mut();
        for (to, [from, _]) in octets.iter_mut().zip(pair.as_chunks().0) {
            *to = from.to_le_bytes();
        }
    }

    fn xor_keystream(&self, iv: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>) {
        xor_keystream(&self.0, iv, data);
    }
}

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

impl<const ROUND_KEYS: usize> fmt::Debug for AesEnc<ROUND_KEYS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesEnc { .. }")
    }
}

/// The columns of a block.
fn columns(block: &[u8; 16]) -> [u32; 4] {
    let mut columns = [0; 4];
    for (column, octets) in columns.iter_mut().zip(block.as_chunks().0) {
        *column = u32::from_le_bytes(*octets);
    }
    columns
}

/// Counter mode: one code for all sizes of key.
#[inline(never)]
fn xor_keystream(keys: &[RoundKey], iv: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>) {
    let [a, b, c, counter] = columns(iv);
    let mut counter = counter.swap_bytes();
    let mut keystream = || {
        let next = counter.wrapping_add(1);
        let mut pair = [a, a, b, b, c, c, counter.swap_bytes(), next.swap_bytes()];
        counter = next.wrapping_add(1);
        rounds::encrypt(keys, &mut pair);
        // One block after the other.
        let [a0, a1, b0, b1, c0, c1, d0, d1] = pair;
        [a0, b0, c0, d0, a1, b1, c1, d1]
    };
    let (pairs, tail) = data.into_chunks::<U32>();
    for mut pair in pairs {
        let mut masked = keystream();
        let (octets, _) = pair.get_in().as_chunks();
        for (masked, octets) in masked.iter_mut().zip(octets) {
            *masked ^= u32::from_le_bytes(*octets);
        }
        let (octets, _) = pair.get_out().as_chunks_mut();
        for (octets, masked) in octets.iter_mut().zip(masked) {
            *octets = masked.to_le_bytes();
        }
    }
    if !tail.is_empty() {
        let keystream = keystream().map(u32::to_le_bytes);
        xor(tail, keystream.as_flattened());
    }
}
