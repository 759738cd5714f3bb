// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES in Galois/counter mode (NIST SP 800-38D), as RFC 7714 uses it.
//!
//! Built from `aes` and `ghash` rather than on the `aes-gcm` crate, because the associated data of
//! an SRTCP packet sent without encryption lies in two places, the packet and the E flag with its index,
//! with the tag between them (RFC 7714 section 9.3), and an AEAD interface takes it in one piece only. The
//! counter mode is the one that AES-CM uses. The tests hold every length against `aes-gcm`.

use core::fmt;

use cipher::array::Array;
use cipher::consts::U16;
use cipher::inout::InOutBuf;
use zeroize::Zeroize;

#[cfg(feature = "rfc9335")]
use crate::Pieces;
#[cfg(feature = "rfc9335")]
use crate::aes_cm::xor_keystream_pieces;
use crate::aes_cm::{counter_block, xor_keystream};
use crate::engine::HashKey;
use crate::hmac_sha1::{copy_prefix, verify_prefix};
use crate::{
    AesBlock, AuthenticationFailed, Construction, IV_LEN, InvalidKeyLength, PacketCipher,
    SessionKey,
};

const BLOCK: usize = 16;

/// The AES keys that RFC 7714 uses.
pub trait GcmBlock: AesBlock {
    /// The construction that Galois/counter mode under this key is.
    const GCM: Construction;
}

/// AES-GCM with the AES key expanded and the GHASH key derived once.
pub struct AesGcm<A: GcmBlock> {
    aes: A,
    ghash: HashKey,
}

/// Keystream blocks that are made at once at the head of a packet: the mask of the tag, and for the payload
/// as many as hardware adds to it at little cost: three; software with words of 32 bits makes two at a time.
const HEAD_BLOCKS: usize = if cfg!(target_pointer_width = "32") {
    2
} else {
    4
};
#[cfg(any(feature = "insecure", feature = "rfc9335"))]
/// The counter of the first payload block; J0, which masks the tag, counts 1.
const FIRST: u32 = 2;
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
            xor_keystream(aes, &counter_block(iv, AFTER_HEAD), rest);
        }
    }
}

/// GHASH over associated data and ciphertext, each in pieces that follow one another without padding.
fn hash<const A: usize, const C: usize>(
    ghash: &HashKey,
    associated: [&[u8]; A],
    ciphertext: [&[u8]; C],
) -> [u8; BLOCK] {
    let associated_len: usize = associated.iter().map(|piece| piece.len()).sum();
    let ciphertext_len: usize = ciphertext.iter().map(|piece| piece.len()).sum();
    let blocks = associated_len.div_ceil(BLOCK) + ciphertext_len.div_ceil(BLOCK) + 1;
    let mut hash = ghash.start(blocks);
    for piece in associated {
        hash.absorb(piece);
    }
    hash.pad();
    for piece in ciphertext {
        hash.absorb(piece);
    }
    hash.pad();
    let bits = |octets: usize| (octets as u64).wrapping_mul(8);
    let lengths = (u128::from(bits(associated_len)) << 64) | u128::from(bits(ciphertext_len));
    hash.absorb(&lengths.to_be_bytes());
    hash.finalize()
}

impl<A: GcmBlock> PacketCipher for AesGcm<A> {
    fn new(key: &SessionKey<'_>) -> Result<Self, InvalidKeyLength> {
        if !key.authentication.is_empty() {
            return Err(InvalidKeyLength);
        }
        let aes = A::new_from_slice(key.encryption)?;
        // The hash key is the block of zeros, encrypted.
        let mut hash_key = [0; BLOCK];
        aes.encrypt_block(&mut hash_key);
        let ghash = HashKey::new(&hash_key);
        hash_key.zeroize();
        Ok(Self { aes, ghash })
    }

    fn construction() -> Construction {
        A::GCM
    }

    fn seal(
        &self,
        iv: &[u8; IV_LEN],
        header: &[u8],
        mut payload: InOutBuf<'_, '_, u8>,
        suffix: &[u8],
        tag: &mut [u8],
    ) {
        let head = Head::new(&self.aes, iv, payload.len());
        head.xor(&self.aes, iv, payload.reborrow());
        let hash = hash(&self.ghash, [header, suffix], [payload.get_out()]);
        copy_prefix(&head.tag(hash), tag);
    }

    fn open(
        &self,
        iv: &[u8; IV_LEN],
        header: &[u8],
        payload: InOutBuf<'_, '_, u8>,
        suffix: &[u8],
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed> {
        let head = Head::new(&self.aes, iv, payload.len());
        let hash = hash(&self.ghash, [header, suffix], [payload.get_in()]);
        verify_prefix(&head.tag(hash), tag)?;
        head.xor(&self.aes, iv, payload);
        Ok(())
    }

    #[cfg(feature = "insecure")]
    fn crypt(&self, iv: &[u8; IV_LEN], payload: InOutBuf<'_, '_, u8>) {
        xor_keystream(&self.aes, &counter_block(iv, FIRST), payload);
    }

    #[cfg(feature = "rfc9335")]
    fn seal_pieces(
        &self,
        iv: &[u8; IV_LEN],
        packet: Pieces<'_, '_, '_>,
        suffix: &[u8],
        tag: &mut [u8],
    ) {
        let Pieces {
            header,
            mut first,
            between,
            mut second,
        } = packet;
        let counter = counter_block(iv, FIRST);
        xor_keystream_pieces(&self.aes, &counter, first.reborrow(), second.reborrow());
        let associated = [header, between, suffix];
        let hash = hash(&self.ghash, associated, [first.get_out(), second.get_out()]);
        copy_prefix(&Head::new(&self.aes, iv, 0).tag(hash), tag);
    }

    #[cfg(feature = "rfc9335")]
    fn open_pieces(
        &self,
        iv: &[u8; IV_LEN],
        packet: Pieces<'_, '_, '_>,
        suffix: &[u8],
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed> {
        let Pieces {
            header,
            first,
            between,
            second,
        } = packet;
        let associated = [header, between, suffix];
        let hash = hash(&self.ghash, associated, [first.get_in(), second.get_in()]);
        verify_prefix(&Head::new(&self.aes, iv, 0).tag(hash), tag)?;
        xor_keystream_pieces(&self.aes, &counter_block(iv, FIRST), first, second);
        Ok(())
    }
}

impl<A: GcmBlock> fmt::Debug for AesGcm<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesGcm { .. }")
    }
}
