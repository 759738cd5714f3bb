// SPDX-License-Identifier: MIT OR Apache-2.0
//! Galois/counter mode from an AES and a GHASH that know nothing of each other: one pass each.

use core::fmt;

use cipher::array::Array;
use cipher::consts::U16;
use cipher::inout::InOutBuf;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::software::ghash::HashKey;
use super::{AesBlock, GcmKey, lengths};
use crate::aes_cm::counter_block;
use crate::hmac_sha1::verify_prefix;
#[cfg(feature = "accelerator")]
use crate::{Accelerator, AcceleratorFailed};
use crate::{AuthenticationFailed, IV_LEN, InvalidKeyLength};

const BLOCK: usize = 16;

/// An expanded AES key, and the GHASH key.
pub struct Composed<A: AesBlock, G = HashKey> {
    aes: A,
    ghash: G,
}

/// A GHASH key.
pub trait Ghash: Sized {
    fn new(key: &[u8; BLOCK]) -> Self;

    /// GHASH over associated data and ciphertext, each in pieces that follow one another without padding, and their
    /// lengths.
    fn hash<const P: usize, const C: usize>(
        &self,
        associated: [&[u8]; P],
        ciphertext: [&[u8]; C],
        lengths: &[u8; BLOCK],
    ) -> [u8; BLOCK];

    #[cfg(feature = "accelerator")]
    fn accelerate(&mut self, _: &'static dyn Accelerator) -> Result<(), AcceleratorFailed> {
        Ok(())
    }
}

impl Ghash for HashKey {
    fn new(key: &[u8; BLOCK]) -> Self {
        Self::new(key)
    }

    fn hash<const P: usize, const C: usize>(
        &self,
        associated: [&[u8]; P],
        ciphertext: [&[u8]; C],
        lengths: &[u8; BLOCK],
    ) -> [u8; BLOCK] {
        let blocks = |pieces: &[&[u8]]| len(pieces).div_ceil(BLOCK);
        let mut hash = self.start(blocks(&associated) + blocks(&ciphertext) + 1);
        for piece in associated {
            hash.absorb(piece);
        }
        hash.pad();
        for piece in ciphertext {
            hash.absorb(piece);
        }
        hash.pad();
        hash.absorb(lengths);
        hash.finalize()
    }
}

/// Octets of all pieces together.
fn len(pieces: &[&[u8]]) -> usize {
    pieces.iter().map(|piece| piece.len()).sum()
}

/// Keystream blocks that are made at once at the head of a packet: the mask of the tag, and for the payload
/// as many as hardware adds to it at little cost: three; software with words of 32 bits makes two at a time.
const HEAD_BLOCKS: usize = if cfg!(target_pointer_width = "32") {
    2
} else {
    4
};
/// The counter after those.
#[allow(clippy::cast_possible_truncation)]
const AFTER_HEAD: u32 = 1 + HEAD_BLOCKS as u32;

/// The first keystream blocks of a packet.
struct Head([Array<u8, U16>; HEAD_BLOCKS]);

impl Head {
    /// Of a packet with so many octets of payload.
    #[inline]
    fn new<A: AesBlock>(aes: &A, iv: &[u8; IV_LEN], payload: usize) -> Self {
        let mut blocks = [Array::<u8, U16>::default(); HEAD_BLOCKS];
        let needed = (1 + payload.div_ceil(BLOCK)).min(HEAD_BLOCKS);
        let needed = blocks.get_mut(..needed).unwrap_or_default();
        // Counter block J0 of a 96-bit nonce counts 1, the payload starts at 2.
        aes.keystream(&counter_block(iv, 1), needed);
        Self(blocks)
    }

    /// The full tag: the hash, masked.
    #[inline]
    fn tag(&self, hash: [u8; BLOCK]) -> [u8; BLOCK] {
        let [mask, ..] = self.0;
        (u128::from_ne_bytes(hash) ^ u128::from_ne_bytes(mask.0)).to_ne_bytes()
    }

    /// XORs the keystream into the payload.
    #[inline]
    fn xor<A: AesBlock>(&self, aes: &A, iv: &[u8; IV_LEN], payload: InOutBuf<'_, '_, u8>) {
        let [_, keystream @ ..] = &self.0;
        let keystream = Array::slice_as_flattened(keystream);
        let len = payload.len().min(keystream.len());
        let (mut first, rest) = payload.split_at(len);
        first.xor_in2out(keystream.get(..len).unwrap_or(keystream));
        if !rest.is_empty() {
            aes.xor_keystream(&counter_block(iv, AFTER_HEAD), rest);
        }
    }
}

impl<A: AesBlock, G: Ghash> GcmKey for Composed<A, G> {
    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength> {
        let aes = A::new_from_slice(key)?;
        // The hash key is the block of zeros, encrypted.
        let mut hash_key = [0; BLOCK];
        aes.encrypt_block(&mut hash_key);
        let ghash = G::new(&hash_key);
        hash_key.zeroize();
        Ok(Self { aes, ghash })
    }

    fn seal(
        &self,
        iv: &[u8; IV_LEN],
        associated: [&[u8]; 2],
        mut payload: InOutBuf<'_, '_, u8>,
    ) -> [u8; BLOCK] {
        let head = Head::new(&self.aes, iv, payload.len());
        head.xor(&self.aes, iv, payload.reborrow());
        head.tag(self.hash(associated, [payload.get_out()]))
    }

    fn open(
        &self,
        iv: &[u8; IV_LEN],
        associated: [&[u8]; 2],
        payload: InOutBuf<'_, '_, u8>,
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed> {
        let head = Head::new(&self.aes, iv, payload.len());
        let hash = self.hash(associated, [payload.get_in()]);
        verify_prefix(&head.tag(hash), tag)?;
        head.xor(&self.aes, iv, payload);
        Ok(())
    }

    fn xor_keystream(&self, block: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>) {
        self.aes.xor_keystream(block, data);
    }

    fn hash<const P: usize, const C: usize>(
        &self,
        associated: [&[u8]; P],
        ciphertext: [&[u8]; C],
    ) -> [u8; BLOCK] {
        let lengths = lengths(len(&associated), len(&ciphertext));
        self.ghash.hash(associated, ciphertext, &lengths)
    }

    #[cfg(feature = "accelerator")]
    fn accelerate(
        &mut self,
        accelerator: &'static dyn Accelerator,
    ) -> Result<(), AcceleratorFailed> {
        self.aes.accelerate(accelerator)?;
        self.ghash.accelerate(accelerator)
    }
}

// Both parts wipe themselves.
impl<A: AesBlock, G> ZeroizeOnDrop for Composed<A, G> {}

impl<A: AesBlock, G> fmt::Debug for Composed<A, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Composed { .. }")
    }
}
