// SPDX-License-Identifier: MIT OR Apache-2.0
//! HMAC-SHA1 with the keyed hash states computed once (RFC 2104, RFC 3711 section 4.2.1).

use core::fmt;
use core::slice;

use sipseal_core::ct;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::engine::sha1::compress;
use crate::{AuthenticationFailed, InvalidKeyLength, MIN_TAG_LEN};

/// Octets of a full tag.
const TAG_LEN: usize = 20;
/// Octets of a block of SHA-1.
const BLOCK: usize = 64;

/// What SHA-1 starts from (FIPS 180-4 section 5.3.1).
const INITIAL: [u32; 5] = [
    0x6745_2301,
    0xefcd_ab89,
    0x98ba_dcfe,
    0x1032_5476,
    0xc3d2_e1f0,
];

/// An HMAC-SHA1 key as the two hash states that it fixes, inner and outer.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct HmacSha1 {
    inner: [u32; 5],
    outer: [u32; 5],
}

impl HmacSha1 {
    /// Computes the keyed states. SRTP's session authentication keys have 20 octets.
    ///
    /// # Errors
    ///
    /// [`InvalidKeyLength`] if the key is empty or longer than a SHA-1 block of 64 octets.
    pub(crate) fn new(key: &[u8]) -> Result<Self, InvalidKeyLength> {
        if !(1..=BLOCK).contains(&key.len()) {
            return Err(InvalidKeyLength);
        }
        let mut keyed = Self {
            inner: INITIAL,
            outer: INITIAL,
        };
        for (state, pad) in [(&mut keyed.inner, 0x36), (&mut keyed.outer, 0x5c)] {
            let mut block = [pad; BLOCK];
            for (to, from) in block.iter_mut().zip(key) {
                *to ^= from;
            }
            compress(state, &[block]);
            block.zeroize();
        }
        Ok(keyed)
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
        let mut state = self.inner;
        let mut block = [0; BLOCK];
        let (mut filled, mut len) = (0, BLOCK);
        for part in parts {
            len += part.len();
            filled = update(&mut state, &mut block, filled, part);
        }
        finish(&mut state, &mut block, filled, len);
        let inner = state.map(u32::to_be_bytes);
        state = self.outer;
        let filled = update(&mut state, &mut block, 0, inner.as_flattened());
        finish(&mut state, &mut block, filled, BLOCK + TAG_LEN);
        let mut tag = [0; TAG_LEN];
        copy_prefix(state.map(u32::to_be_bytes).as_flattened(), &mut tag);
        tag
    }
}

/// Takes in `data` after the `filled` octets that `block` has, and returns how many it has then: fewer than a
/// whole block.
#[inline(never)]
fn update(state: &mut [u32; 5], block: &mut [u8; BLOCK], filled: usize, data: &[u8]) -> usize {
    let mut data = data;
    if filled > 0 {
        let room = block.get_mut(filled..).unwrap_or_default();
        let (now, later) = data.split_at(room.len().min(data.len()));
        copy_prefix(now, room);
        if now.len() < room.len() {
            return filled + now.len();
        }
        compress(state, slice::from_ref(block));
        data = later;
    }
    let (blocks, rest) = data.as_chunks();
    compress(state, blocks);
    copy_prefix(rest, block);
    rest.len()
}

/// Pads a message of `len` octets, the last `filled` of them in `block` (FIPS 180-4 section 5.1.1).
///
/// ```text
///   | message | 0x80 | zeros, to a whole number of blocks | bits of the message, 64 bits |
/// ```
#[inline(never)]
fn finish(state: &mut [u32; 5], block: &mut [u8; BLOCK], filled: usize, len: usize) {
    let mut padding = block.get_mut(filled..).unwrap_or_default().iter_mut();
    if let Some(first) = padding.next() {
        *first = 0x80;
    }
    let room = padding.len();
    for octet in padding {
        *octet = 0;
    }
    if room < 8 {
        compress(state, slice::from_ref(block));
        *block = [0; BLOCK];
    }
    let bits = (len as u64) << 3;
    if let Some(last) = block.last_chunk_mut() {
        *last = bits.to_be_bytes();
    }
    compress(state, slice::from_ref(block));
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
