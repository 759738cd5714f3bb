// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES, GHASH and SHA-1 in the instructions of AArch64.
//!
//! An operating system says whether the processor has them. Without one this is built only where the compiler was told
//! so, and then nothing is left to find out.

use core::arch::aarch64::{
    uint8x16_t, uint32x4_t, vld1q_u8, vld1q_u32, vld1q_u64, vreinterpretq_u8_u64, vst1q_u8,
    vst1q_u32,
};
use core::arch::asm;
use core::fmt;

use cipher::inout::InOutBuf;
use zeroize::{Zeroize, ZeroizeOnDrop};

#[cfg(not(all(target_feature = "aes", target_feature = "sha2")))]
use super::detected::Detected;
use crate::engine::AesBlock;
#[cfg(not(all(target_feature = "aes", target_feature = "sha2")))]
use crate::engine::software;
#[cfg(feature = "gcm")]
use crate::engine::{GcmBlock, GcmKey};
#[cfg(feature = "gcm")]
use crate::{AuthenticationFailed, aes_cm::counter_block, hmac_sha1::verify_prefix};
use crate::{Construction, IV_LEN, InvalidKeyLength};

mod aes;
#[cfg(feature = "gcm")]
mod gcm;
#[cfg(feature = "gcm")]
mod ghash;
pub(super) mod sha1;

// AES comes with PMULL, and SHA-256 with SHA-1.
cpufeatures::new!(present, "aes", "sha2");

/// An expanded AES-128 key.
#[cfg(all(target_feature = "aes", target_feature = "sha2"))]
pub type Aes128Enc = AesEnc<11>;
/// An expanded AES-192 key.
#[cfg(all(target_feature = "aes", target_feature = "sha2", feature = "rfc6188"))]
pub type Aes192Enc = AesEnc<13>;
/// An expanded AES-256 key.
#[cfg(all(
    target_feature = "aes",
    target_feature = "sha2",
    any(feature = "gcm", feature = "rfc6188")
))]
pub type Aes256Enc = AesEnc<15>;

/// An expanded AES-128 key.
#[cfg(not(all(target_feature = "aes", target_feature = "sha2")))]
pub type Aes128Enc = Detected<AesEnc<11>, software::Aes128Enc>;
/// An expanded AES-192 key.
#[cfg(all(
    not(all(target_feature = "aes", target_feature = "sha2")),
    feature = "rfc6188"
))]
pub type Aes192Enc = Detected<AesEnc<13>, software::Aes192Enc>;
/// An expanded AES-256 key.
#[cfg(all(
    not(all(target_feature = "aes", target_feature = "sha2")),
    any(feature = "gcm", feature = "rfc6188")
))]
pub type Aes256Enc = Detected<AesEnc<15>, software::Aes256Enc>;

const BLOCK: usize = 16;

/// An expanded AES encryption key with so many round keys: one more than the rounds. There is none where the
/// processor lacks the instructions.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct AesEnc<const ROUND_KEYS: usize>([aes::RoundKey; ROUND_KEYS]);

impl<const ROUND_KEYS: usize> AesBlock for AesEnc<ROUND_KEYS> {
    const CM_HMAC_SHA1: Construction = crate::engine::cm_hmac_sha1(ROUND_KEYS);

    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength> {
        if key.len() != const { crate::engine::key_len(ROUND_KEYS) } || !present::get() {
            return Err(InvalidKeyLength);
        }
        let mut keys = Self([[0; 4]; ROUND_KEYS]);
        // SAFETY: the processor has the instructions.
        unsafe { aes::expand(key, &mut keys.0) }
        Ok(keys)
    }

    fn encrypt_block(&self, block: &mut [u8; BLOCK]) {
        // SAFETY: there is a key, so the processor has the instructions.
        unsafe { aes::encrypt_block(&self.0, block) }
    }

    fn xor_keystream(&self, iv: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>) {
        // SAFETY: there is a key, so the processor has the instructions.
        unsafe { aes::xor_keystream(&self.0, iv, data) }
    }
}

impl<const ROUND_KEYS: usize> fmt::Debug for AesEnc<ROUND_KEYS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesEnc { .. }")
    }
}

#[cfg(feature = "gcm")]
impl GcmBlock for AesEnc<11> {
    const GCM: Construction = Construction::Aes128Gcm;

    type Key = Gcm<11>;
}

#[cfg(feature = "gcm")]
impl GcmBlock for AesEnc<15> {
    const GCM: Construction = Construction::Aes256Gcm;

    type Key = Gcm<15>;
}

/// An expanded AES key and the powers of its GHASH key.
#[cfg(feature = "gcm")]
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Gcm<const ROUND_KEYS: usize> {
    aes: AesEnc<ROUND_KEYS>,
    powers: ghash::Powers,
}

#[cfg(feature = "gcm")]
impl<const ROUND_KEYS: usize> fmt::Debug for Gcm<ROUND_KEYS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gcm { .. }")
    }
}

#[cfg(feature = "gcm")]
impl<const ROUND_KEYS: usize> GcmKey for Gcm<ROUND_KEYS> {
    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength> {
        let aes = AesEnc::new_from_slice(key)?;
        let mut hash_key = [0; BLOCK];
        aes.encrypt_block(&mut hash_key);
        let mut key = Self {
            aes,
            powers: Default::default(),
        };
        // SAFETY: there is a key, so the processor has the instructions.
        unsafe { ghash::expand(&hash_key, &mut key.powers) }
        hash_key.zeroize();
        Ok(key)
    }

    fn seal(
        &self,
        iv: &[u8; IV_LEN],
        associated: [&[u8]; 2],
        payload: InOutBuf<'_, '_, u8>,
    ) -> [u8; BLOCK] {
        // SAFETY: there is a key, so the processor has the instructions.
        unsafe { gcm::seal(&self.aes.0, &self.powers, iv, &associated, payload) }
    }

    fn open(
        &self,
        iv: &[u8; IV_LEN],
        associated: [&[u8]; 2],
        payload: InOutBuf<'_, '_, u8>,
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed> {
        // SAFETY: there is a key, so the processor has the instructions.
        let full_tag =
            unsafe { gcm::tag(&self.aes.0, &self.powers, iv, &associated, payload.get_in()) };
        verify_prefix(&full_tag, tag)?;
        self.xor_keystream(&counter_block(iv, gcm::MASK + 1), payload);
        Ok(())
    }

    fn xor_keystream(&self, block: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>) {
        self.aes.xor_keystream(block, data);
    }

    fn hash<const A: usize, const C: usize>(
        &self,
        associated: [&[u8]; A],
        ciphertext: [&[u8]; C],
    ) -> [u8; BLOCK] {
        // SAFETY: there is a key, so the processor has the instructions.
        unsafe { ghash::hash(&self.powers, &associated, &ciphertext) }
    }
}

/// Takes whole blocks into a state of SHA-1, where the processor has the instructions; says whether it has.
#[inline]
pub(crate) fn compress_sha1(state: &mut [u32; 5], blocks: &[[u8; 64]]) -> bool {
    if present::get() {
        // SAFETY: the processor has the instructions.
        unsafe { sha1::compress(state, blocks) }
    }
    present::get()
}

/// HMAC-SHA1 of the concatenated `parts`, where the processor has the instructions.
#[inline]
pub(crate) fn hmac_sha1(inner: &[u32; 5], outer: &[u32; 5], parts: &[&[u8]]) -> Option<[u8; 20]> {
    // SAFETY: the processor has the instructions.
    present::get().then(|| unsafe { sha1::hmac(inner, outer, parts) })
}

#[inline]
#[target_feature(enable = "neon")]
fn load(octets: &[u8; BLOCK]) -> uint8x16_t {
    // SAFETY: there are 16 octets, and any alignment will do.
    unsafe { vld1q_u8(octets.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
fn store(vector: uint8x16_t, octets: &mut [u8; BLOCK]) {
    // SAFETY: there are 16 octets, and any alignment will do.
    unsafe { vst1q_u8(octets.as_mut_ptr(), vector) }
}

#[inline]
#[target_feature(enable = "neon")]
fn load_words(words: &[u32; 4]) -> uint32x4_t {
    // SAFETY: there are four words.
    unsafe { vld1q_u32(words.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
fn store_words(vector: uint32x4_t, words: &mut [u32; 4]) {
    // SAFETY: there are four words.
    unsafe { vst1q_u32(words.as_mut_ptr(), vector) }
}

#[cfg(feature = "gcm")]
#[inline]
#[target_feature(enable = "neon")]
fn load_halves(halves: &[u64; 2]) -> uint8x16_t {
    // SAFETY: there are two halves.
    vreinterpretq_u8_u64(unsafe { vld1q_u64(halves.as_ptr()) })
}

/// The same, as if the compiler could not know. It would take sums and loads apart again that are right as they are.
#[inline]
#[target_feature(enable = "neon")]
fn unseen(vector: uint8x16_t) -> uint8x16_t {
    let mut vector = vector;
    // SAFETY: there is no instruction in it.
    unsafe {
        asm!("/* {0:v} */", inout(vreg) vector, options(pure, nomem, nostack, preserves_flags));
    }
    vector
}

/// Copies as many octets as both have, fewer than 64. A call would take to the stack what is in registers.
#[inline]
fn copy_few(from: &[u8], to: &mut [u8]) {
    let len = from.len().min(to.len());
    debug_assert!(len < 64);
    let (mut from, mut to) = (from.as_ptr(), to.as_mut_ptr());
    for piece in [32, 16, 8, 4, 2, 1] {
        if len & piece != 0 {
            // SAFETY: the pieces add up to `len` or less, which both have, and no octet is in both, since one of
            // them is borrowed exclusively.
            unsafe {
                from.copy_to_nonoverlapping(to, piece);
                from = from.add(piece);
                to = to.add(piece);
            }
        }
    }
}
