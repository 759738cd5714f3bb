// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES in Galois/counter mode (NIST SP 800-38D), as RFC 7714 uses it.
//!
//! Built from `aes`, `ctr` and `ghash` rather than on the `aes-gcm` crate, because the associated data of
//! an SRTCP packet sent without encryption lies in two places, the packet and the E flag with its index,
//! with the tag between them (RFC 7714 section 9.3), and an AEAD interface takes it in one piece only. The
//! counter mode is the one that AES-CM uses. The tests hold every length against `aes-gcm`.

use core::fmt;

use cipher::array::Array;
use cipher::inout::InOutBuf;
use ghash::GHash;
use ghash::universal_hash::UniversalHash;
use zeroize::Zeroize;

use crate::aes_cm::{AesBlock, xor_keystream};
use crate::hmac_sha1::verify_prefix;
use crate::{
    AuthenticationFailed, Construction, IV_LEN, InvalidKeyLength, MAX_SUFFIX_LEN, PacketCipher,
};

const BLOCK: usize = 16;

/// AES-GCM with the AES key expanded and the GHASH key derived once.
pub struct AesGcm<A: AesBlock> {
    aes: A,
    /// Holds the key alone: cloned for each packet.
    ghash: GHash,
}

impl<A: AesBlock> AesGcm<A> {
    /// The full tag: GHASH, masked by the keystream of counter block J0.
    fn tag(
        &self,
        j0: &[u8; BLOCK],
        header: &[u8],
        suffix: &[u8],
        ciphertext: &[u8],
    ) -> [u8; BLOCK] {
        let mut tag = hash(self.ghash.clone(), header, suffix, ciphertext);
        xor_keystream(&self.aes, j0, tag.as_mut_slice().into());
        tag
    }
}

/// GHASH over header and suffix, as one piece of associated data, and the ciphertext.
fn hash(mut ghash: GHash, header: &[u8], suffix: &[u8], ciphertext: &[u8]) -> [u8; BLOCK] {
    let (blocks, rest) = header.split_at(header.len() & !(BLOCK - 1));
    absorb(&mut ghash, blocks);
    // The suffix follows the header without padding between them.
    let mut seam = [0; BLOCK + MAX_SUFFIX_LEN];
    for (to, from) in seam.iter_mut().zip(rest.iter().chain(suffix)) {
        *to = *from;
    }
    absorb(
        &mut ghash,
        seam.get(..rest.len() + suffix.len()).unwrap_or(&seam),
    );
    absorb(&mut ghash, ciphertext);

    let bits = |octets: usize| (octets as u64).wrapping_mul(8);
    let lengths =
        (u128::from(bits(header.len() + suffix.len())) << 64) | u128::from(bits(ciphertext.len()));
    ghash.update(&[lengths.to_be_bytes().into()]);
    ghash.finalize().0
}

/// Takes in whole blocks, the last one padded with zeros.
fn absorb(ghash: &mut GHash, data: &[u8]) {
    let (blocks, rest) = data.as_chunks::<BLOCK>();
    ghash.update(Array::cast_slice_from_core(blocks));
    if !rest.is_empty() {
        let mut last = [0; BLOCK];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        ghash.update(&[last.into()]);
    }
}

/// Counter block J0 of a 96-bit nonce, and the block after it, where the payload starts.
fn counter_blocks(iv: &[u8; IV_LEN]) -> ([u8; BLOCK], [u8; BLOCK]) {
    let mut j0 = *iv;
    j0[12..].copy_from_slice(&1_u32.to_be_bytes());
    let mut first = *iv;
    first[12..].copy_from_slice(&2_u32.to_be_bytes());
    (j0, first)
}

impl<A: AesBlock> PacketCipher for AesGcm<A> {
    fn new(encryption_key: &[u8], auth_key: &[u8]) -> Result<Self, InvalidKeyLength> {
        if !auth_key.is_empty() {
            return Err(InvalidKeyLength);
        }
        let aes = A::new_from_slice(encryption_key).map_err(|_| InvalidKeyLength)?;
        let mut hash_key = ghash::Key::default();
        aes.encrypt_block(&mut hash_key);
        let ghash = GHash::new(&hash_key);
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
        let (j0, first) = counter_blocks(iv);
        xor_keystream(&self.aes, &first, payload.reborrow());
        let full_tag = self.tag(&j0, header, suffix, payload.get_out());
        for (out, byte) in tag.iter_mut().zip(full_tag) {
            *out = byte;
        }
    }

    fn open(
        &self,
        iv: &[u8; IV_LEN],
        header: &[u8],
        payload: InOutBuf<'_, '_, u8>,
        suffix: &[u8],
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed> {
        let (j0, first) = counter_blocks(iv);
        verify_prefix(&self.tag(&j0, header, suffix, payload.get_in()), tag)?;
        xor_keystream(&self.aes, &first, payload);
        Ok(())
    }
}

impl<A: AesBlock> fmt::Debug for AesGcm<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesGcm { .. }")
    }
}
