// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES of our own, for words of 32 bits: constant-time without tables, two blocks at a time, or eight with NEON.
//!
//! One code for all key sizes, and the key schedule in the same representation, so that little flash is needed.
//! An expanded key has 16 octets for each round and 16 more: 176, 208 or 240.

use core::fmt;

use cipher::consts::U4;
use cipher::inout::InOutBuf;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::AesBlock;
use crate::aes_cm::xor;
use crate::{Construction, IV_LEN, InvalidKeyLength};

#[cfg(feature = "gcm")]
#[allow(dead_code)] // Where the `ghash` crate is chosen.
pub(crate) mod ghash;
mod key_schedule;
#[cfg(sipseal_neon)]
#[allow(unsafe_code)]
pub(crate) mod neon;
#[cfg_attr(sipseal_thumb2, allow(dead_code))] // Tests hold `thumb2` against it.
pub(crate) mod rounds;
#[cfg(sipseal_thumb2)]
#[allow(unsafe_code)]
pub(crate) mod thumb2;

use rounds::RoundKey;
#[cfg(not(sipseal_thumb2))]
use rounds::{encrypt, sub_bytes};
#[cfg(sipseal_thumb2)]
use thumb2::{encrypt, sub_bytes};

/// An expanded AES encryption key with so many round keys: one more than the rounds.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct AesEnc<const ROUND_KEYS: usize>([RoundKey; ROUND_KEYS]);

/// An expanded AES-128 key.
pub type Aes128Enc = AesEnc<11>;
/// An expanded AES-192 key.
pub type Aes192Enc = AesEnc<13>;
/// An expanded AES-256 key.
pub type Aes256Enc = AesEnc<15>;

impl<const ROUND_KEYS: usize> AesBlock for AesEnc<ROUND_KEYS> {
    const CM_HMAC_SHA1: Construction = super::cm_hmac_sha1(ROUND_KEYS);

    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength> {
        if key.len() != const { super::key_len(ROUND_KEYS) } {
            return Err(InvalidKeyLength);
        }
        let mut keys = Self([[0; 4]; ROUND_KEYS]);
        key_schedule::expand(key, &mut keys.0);
        Ok(keys)
    }

    fn encrypt_block(&self, block: &mut [u8; 16]) {
        let [a, b, c, d] = columns(block);
        let mut pair = [a, 0, b, 0, c, 0, d, 0];
        encrypt(&self.0, &mut pair);
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
    let mut data = data;
    #[cfg(sipseal_neon)]
    if data.len() > 2 * IV_LEN
        && let Some(neon) = neon::Neon::detect()
    {
        // As long as eight blocks at once take less time than two by two.
        while data.len() > 2 * IV_LEN {
            let column = |of_pair: [u32; 4]| of_pair.map(|n| counter.wrapping_add(n).swap_bytes());
            let (even, odd) = (column([0, 2, 4, 6]), column([1, 3, 5, 7]));
            let mut blocks = [[a; 4], [a; 4], [b; 4], [b; 4], [c; 4], [c; 4], even, odd];
            counter = counter.wrapping_add(8);
            neon.encrypt(keys, &mut blocks);
            data = xor_words(data, blocks.as_flattened());
        }
    }
    while !data.is_empty() {
        let next = counter.wrapping_add(1);
        let mut pair = [a, a, b, b, c, c, counter.swap_bytes(), next.swap_bytes()];
        counter = next.wrapping_add(1);
        encrypt(keys, &mut pair);
        // One block after the other.
        let [a0, a1, b0, b1, c0, c1, d0, d1] = pair;
        data = xor_words(data, &[a0, b0, c0, d0, a1, b1, c1, d1]);
    }
}

/// XORs words of keystream into the front of `data`, and returns the rest of it.
#[inline(always)]
#[allow(clippy::inline_always)] // For words in registers.
fn xor_words<'i, 'o>(data: InOutBuf<'i, 'o, u8>, keystream: &[u32]) -> InOutBuf<'i, 'o, u8> {
    let len = data.len().min(4 * keystream.len());
    let (now, later) = data.split_at(len);
    let (words, tail) = now.into_chunks::<U4>();
    let mut keystream = keystream.iter();
    for (mut word, key) in words.into_iter().zip(&mut keystream) {
        let masked = u32::from_le_bytes(word.get_in().0) ^ key;
        word.get_out().0 = masked.to_le_bytes();
    }
    if let Some(key) = keystream.next() {
        xor(tail, &key.to_le_bytes());
    }
    later
}
