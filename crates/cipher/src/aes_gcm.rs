// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES in Galois/counter mode (NIST SP 800-38D), as RFC 7714 uses it.
//!
//! Built from AES and GHASH rather than on the `aes-gcm` crate, because the associated data of
//! an SRTCP packet sent without encryption lies in two places, the packet and the E flag with its index,
//! with the tag between them (RFC 7714 section 9.3), and an AEAD interface takes it in one piece only. The
//! counter mode is the one that AES-CM uses. The tests hold every length against `aes-gcm`.

use core::fmt;

use cipher::inout::InOutBuf;

#[cfg(feature = "rfc9335")]
use crate::Pieces;
#[cfg(any(feature = "insecure", feature = "rfc9335"))]
use crate::aes_cm::counter_block;
#[cfg(feature = "rfc9335")]
use crate::aes_cm::xor_keystream_pieces;
use crate::engine::GcmKey;
#[cfg(feature = "rfc9335")]
use crate::hmac_sha1::verify_prefix;
use crate::hmac_sha1::write_tag;
#[cfg(feature = "accelerator")]
use crate::{Accelerator, AcceleratorFailed};
use crate::{
    AuthenticationFailed, Construction, GcmBlock, IV_LEN, InvalidKeyLength, PacketCipher,
    SessionKey, split_clear,
};

/// AES-GCM with the AES key expanded and the GHASH key derived once.
pub struct AesGcm<A: GcmBlock> {
    key: A::Key,
}

/// The counter of J0, which masks the tag.
#[cfg(feature = "rfc9335")]
const MASK: u32 = 1;
/// The counter of the first payload block.
#[cfg(any(feature = "insecure", feature = "rfc9335"))]
const FIRST: u32 = 2;

impl<A: GcmBlock> PacketCipher for AesGcm<A> {
    fn new(key: &SessionKey<'_>) -> Result<Self, InvalidKeyLength> {
        if !key.authentication.is_empty() {
            return Err(InvalidKeyLength);
        }
        let key = GcmKey::new_from_slice(key.encryption)?;
        Ok(Self { key })
    }

    #[cfg(feature = "accelerator")]
    fn accelerate(
        &mut self,
        accelerator: &'static dyn Accelerator,
    ) -> Result<(), AcceleratorFailed> {
        self.key.accelerate(accelerator)
    }

    fn construction() -> Construction {
        A::GCM
    }

    fn seal(
        &self,
        iv: &[u8; IV_LEN],
        packet: InOutBuf<'_, '_, u8>,
        clear: usize,
        suffix: &[u8],
        tag: &mut [u8],
    ) {
        let (mut header, payload) = split_clear(packet, clear);
        write_tag(&self.key.seal(iv, [header.get_out(), suffix], payload), tag);
    }

    fn open(
        &self,
        iv: &[u8; IV_LEN],
        packet: InOutBuf<'_, '_, u8>,
        clear: usize,
        suffix: &[u8],
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed> {
        let (header, payload) = split_clear(packet, clear);
        self.key.open(iv, [header.get_in(), suffix], payload, tag)
    }

    #[cfg(feature = "insecure")]
    fn crypt(&self, iv: &[u8; IV_LEN], payload: InOutBuf<'_, '_, u8>) {
        self.key.xor_keystream(&counter_block(iv, FIRST), payload);
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
        self.crypt_pieces(iv, first.reborrow(), second.reborrow());
        let ciphertext: [&[u8]; 2] = [first.get_out(), second.get_out()];
        let full_tag = self.tag_pieces(iv, [header, between, suffix], ciphertext);
        write_tag(&full_tag, tag);
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
        let ciphertext = [first.get_in(), second.get_in()];
        let full_tag = self.tag_pieces(iv, [header, between, suffix], ciphertext);
        verify_prefix(&full_tag, tag)?;
        self.crypt_pieces(iv, first, second);
        Ok(())
    }
}

#[cfg(feature = "rfc9335")]
impl<A: GcmBlock> AesGcm<A> {
    fn crypt_pieces(
        &self,
        iv: &[u8; IV_LEN],
        first: InOutBuf<'_, '_, u8>,
        second: InOutBuf<'_, '_, u8>,
    ) {
        let xor_keystream = |iv: &_, data: InOutBuf<'_, '_, u8>| self.key.xor_keystream(iv, data);
        xor_keystream_pieces(xor_keystream, &counter_block(iv, FIRST), first, second);
    }

    /// The full tag: the hash, masked.
    fn tag_pieces(
        &self,
        iv: &[u8; IV_LEN],
        associated: [&[u8]; 3],
        ciphertext: [&[u8]; 2],
    ) -> [u8; 16] {
        let mut tag = self.key.hash(associated, ciphertext);
        let mask = counter_block(iv, MASK);
        self.key.xor_keystream(&mask, tag.as_mut_slice().into());
        tag
    }
}

impl<A: GcmBlock> fmt::Debug for AesGcm<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesGcm { .. }")
    }
}
