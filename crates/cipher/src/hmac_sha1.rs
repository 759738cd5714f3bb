// SPDX-License-Identifier: MIT OR Apache-2.0
//! HMAC-SHA1 with the keyed hash states computed once (RFC 2104, RFC 3711 section 4.2.1).

use core::fmt;

use cipher::KeyInit;
use digest::block_api::{Block, Buffer, CoreProxy};
use digest::{FixedOutput, Update};
use hmac::Hmac;
use hmac::block_api::HmacCore;
use sha1::Sha1;
use sha1::block_api::Sha1Core;
use sipseal_core::ct;
use zeroize::Zeroize;

use crate::{AuthenticationFailed, InvalidKeyLength, MIN_TAG_LEN};

/// Octets of a full tag.
const TAG_LEN: usize = 20;

/// An HMAC-SHA1 key as the two hash states that it fixes, inner and outer.
///
/// The states alone are kept, without the block buffer of a running hash: half the memory.
pub(crate) struct HmacSha1(HmacCore<Sha1>);

impl HmacSha1 {
    /// Computes the keyed states. SRTP's session authentication keys have 20 octets.
    ///
    /// # Errors
    ///
    /// [`InvalidKeyLength`] if the key is empty or longer than a SHA-1 block of 64 octets.
    pub(crate) fn new(key: &[u8]) -> Result<Self, InvalidKeyLength> {
        if !(1..=64).contains(&key.len()) {
            return Err(InvalidKeyLength);
        }
        // HMAC pads a shorter key with zeros to a block.
        let mut block = Block::<Sha1Core>::default();
        for (to, from) in block.iter_mut().zip(key) {
            *to = *from;
        }
        let keyed = HmacCore::new(&block);
        block.zeroize();
        Ok(Self(keyed))
    }

    /// Writes the leading octets of the tag of the concatenated `parts`, as many as `tag` has.
    pub(crate) fn tag<const N: usize>(&self, parts: [&[u8]; N], tag: &mut [u8]) {
        copy_prefix(&self.compute(parts), tag);
    }

    /// Compares the leading octets of the tag of the concatenated `parts` with `tag`, in constant time.
    ///
    /// # Errors
    ///
    /// [`AuthenticationFailed`] if they differ, or if `tag` has fewer than [`MIN_TAG_LEN`] octets or more
    /// than a full one.
    pub(crate) fn verify<const N: usize>(
        &self,
        parts: [&[u8]; N],
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed> {
        verify_prefix(&self.compute(parts), tag)
    }

    fn compute<const N: usize>(&self, parts: [&[u8]; N]) -> [u8; TAG_LEN] {
        let mut running =
            Hmac::<Sha1>::compose(self.0.clone(), Buffer::<HmacCore<Sha1>>::default());
        for part in parts {
            running.update(part);
        }
        running.finalize_fixed().0
    }
}

impl fmt::Debug for HmacSha1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacSha1 { .. }")
    }
}

/// Fills `tag` with the leading octets of `full_tag`.
pub(crate) fn copy_prefix(full_tag: &[u8], tag: &mut [u8]) {
    for (to, from) in tag.iter_mut().zip(full_tag) {
        *to = *from;
    }
}

/// Compares `tag` with as many leading octets of `full_tag`, in constant time.
pub(crate) fn verify_prefix(full_tag: &[u8], tag: &[u8]) -> Result<(), AuthenticationFailed> {
    match full_tag.get(..tag.len()) {
        Some(expected) if tag.len() >= MIN_TAG_LEN && ct::eq(expected, tag) => Ok(()),
        _ => Err(AuthenticationFailed),
    }
}
