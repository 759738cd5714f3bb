// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES and GHASH by an [`Accelerator`], and in software whatever it declines.

use core::fmt;

use cipher::inout::InOutBuf;
use sipseal_core::{SecretBytes, ct};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::AesBlock;
#[cfg(feature = "gcm")]
use super::composed::{Composed, Ghash};
#[cfg(feature = "gcm")]
use super::{GcmBlock, software::ghash::HashKey};
use crate::aes_cm::xor;
use crate::{Accelerator, AcceleratorFailed, Construction, Declined, IV_LEN, InvalidKeyLength};

const BLOCK: usize = 16;
/// Blocks that are encrypted at a time.
const BLOCKS: usize = 8;

/// An AES key for an accelerator, expanded for software too.
pub struct Accelerated<A> {
    software: A,
    key: SecretBytes<32>,
    key_len: usize,
    accelerator: Option<&'static dyn Accelerator>,
}

impl<A> Accelerated<A> {
    fn key(&self) -> &[u8] {
        self.key.expose().get(..self.key_len).unwrap_or_default()
    }
}

impl<A: AesBlock> AesBlock for Accelerated<A> {
    const CM_HMAC_SHA1: Construction = A::CM_HMAC_SHA1;

    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength> {
        let mut accelerated = Self {
            software: A::new_from_slice(key)?,
            key: SecretBytes::zeroed(),
            key_len: key.len(),
            accelerator: None,
        };
        accelerated.key.set(key).ok_or(InvalidKeyLength)?;
        Ok(accelerated)
    }

    fn encrypt_block(&self, block: &mut [u8; BLOCK]) {
        self.software.encrypt_block(block);
    }

    fn xor_keystream(&self, iv: &[u8; IV_LEN], mut data: InOutBuf<'_, '_, u8>) {
        let Some(accelerator) = self.accelerator else {
            return self.software.xor_keystream(iv, data);
        };
        if accelerator
            .counter_mode(self.key(), iv, data.reborrow())
            .is_ok()
        {
            return;
        }
        let mut counter = u128::from_be_bytes(*iv);
        let mut blocks = [[0; BLOCK]; BLOCKS];
        while !data.is_empty() {
            let len = data.len().min(BLOCKS * BLOCK);
            let (now, later) = data.split_at(len);
            let needed = blocks
                .get_mut(..now.len().div_ceil(BLOCK))
                .unwrap_or_default();
            for (block, counter) in needed.iter_mut().zip(counter..) {
                *block = counter.to_be_bytes();
            }
            match accelerator.encrypt_blocks(self.key(), needed) {
                Ok(()) => xor(now, needed.as_flattened()),
                Err(Declined) => self.software.xor_keystream(&counter.to_be_bytes(), now),
            }
            counter = counter.wrapping_add(BLOCKS as u128);
            data = later;
        }
        blocks.zeroize();
    }

    /// Tries it with whole blocks, a few and many, and a tail.
    fn accelerate(
        &mut self,
        accelerator: &'static dyn Accelerator,
    ) -> Result<(), AcceleratorFailed> {
        const TRIED: usize = (BLOCKS + 2) * BLOCK + 1;
        self.accelerator = Some(accelerator);
        for len in [BLOCK, TRIED] {
            let mut ours = [0; TRIED];
            let mut theirs = [0; TRIED];
            let (software, accelerated) = (
                ours.get_mut(..len).unwrap_or_default(),
                theirs.get_mut(..len).unwrap_or_default(),
            );
            self.software
                .xor_keystream(&[0x5a; IV_LEN], software.into());
            self.xor_keystream(&[0x5a; IV_LEN], accelerated.into());
            let is_same = ct::eq(&ours, &theirs);
            ours.zeroize();
            theirs.zeroize();
            if !is_same {
                self.accelerator = None;
                return Err(AcceleratorFailed);
            }
        }
        Ok(())
    }
}

// Both keys wipe themselves.
impl<A: ZeroizeOnDrop> ZeroizeOnDrop for Accelerated<A> {}

impl<A> fmt::Debug for Accelerated<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Accelerated { .. }")
    }
}

#[cfg(feature = "gcm")]
impl<A: GcmBlock> GcmBlock for Accelerated<A> {
    const GCM: Construction = A::GCM;

    type Key = Composed<Self, AcceleratedHash>;
}

/// A GHASH key for an accelerator, and for software too.
#[cfg(feature = "gcm")]
pub struct AcceleratedHash {
    software: HashKey,
    key: SecretBytes<BLOCK>,
    accelerator: Option<&'static dyn Accelerator>,
}

#[cfg(feature = "gcm")]
impl fmt::Debug for AcceleratedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AcceleratedHash { .. }")
    }
}

#[cfg(feature = "gcm")]
impl AcceleratedHash {
    /// Takes blocks into a state.
    fn update(&self, state: &mut [u8; BLOCK], blocks: &[[u8; BLOCK]]) {
        let done = self
            .accelerator
            .is_some_and(|unit| unit.ghash(self.key.expose(), state, blocks).is_ok());
        let [first, rest @ ..] = blocks else { return };
        if !done {
            // From zero, with the state in the first block.
            for (state, octet) in state.iter_mut().zip(first) {
                *state ^= octet;
            }
            let mut hash = self.software.start(blocks.len());
            hash.absorb(state);
            hash.absorb(rest.as_flattened());
            *state = hash.finalize();
        }
    }

    /// Takes in a part of a message, padded with zeros.
    fn absorb<const N: usize>(&self, state: &mut [u8; BLOCK], pieces: [&[u8]; N]) {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        for mut piece in pieces {
            if filled > 0 {
                let room = block.get_mut(filled..).unwrap_or_default();
                let (now, later) = piece.split_at(room.len().min(piece.len()));
                for (to, from) in room.iter_mut().zip(now) {
                    *to = *from;
                }
                filled += now.len();
                piece = later;
                if filled < BLOCK {
                    continue;
                }
                self.update(state, &[block]);
            }
            let (blocks, rest) = piece.as_chunks();
            self.update(state, blocks);
            block = [0; BLOCK];
            for (to, from) in block.iter_mut().zip(rest) {
                *to = *from;
            }
            filled = rest.len();
        }
        if filled > 0 {
            if let Some(beyond) = block.get_mut(filled..) {
                beyond.fill(0);
            }
            self.update(state, &[block]);
        }
    }
}

#[cfg(feature = "gcm")]
impl Ghash for AcceleratedHash {
    fn new(key: &[u8; BLOCK]) -> Self {
        let mut kept = SecretBytes::zeroed();
        *kept.expose_mut() = *key;
        Self {
            software: HashKey::new(key),
            key: kept,
            accelerator: None,
        }
    }

    fn hash<const P: usize, const C: usize>(
        &self,
        associated: [&[u8]; P],
        ciphertext: [&[u8]; C],
        lengths: &[u8; BLOCK],
    ) -> [u8; BLOCK] {
        let mut state = [0; BLOCK];
        self.absorb(&mut state, associated);
        self.absorb(&mut state, ciphertext);
        self.update(&mut state, &[*lengths]);
        state
    }

    fn accelerate(
        &mut self,
        accelerator: &'static dyn Accelerator,
    ) -> Result<(), AcceleratorFailed> {
        let tried = [[0x5a; BLOCK], [0xc3; BLOCK]];
        let mut ours = [0x3c; BLOCK];
        let mut theirs = ours;
        self.update(&mut ours, &tried);
        self.accelerator = Some(accelerator);
        self.update(&mut theirs, &tried);
        if !ct::eq(&ours, &theirs) {
            self.accelerator = None;
            return Err(AcceleratorFailed);
        }
        Ok(())
    }
}
