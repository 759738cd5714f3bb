// SPDX-License-Identifier: MIT OR Apache-2.0
//! HMAC-SHA1 with the keyed hash states computed once (RFC 2104, RFC 3711 section 4.2.1).

use core::fmt;
use core::slice;

use sipseal_core::ct;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::engine::sha1::{self, compress};
use crate::{AuthenticationFailed, InvalidKeyLength, MIN_TAG_LEN};

/// Octets of a full tag.
const TAG_LEN: usize = 20;
/// Octets of a block of SHA-1.
const BLOCK: usize = 64;
/// Octets that are gathered before they are taken in: on hosts those of most packets of speech, at once; where words
/// have 32 bits a call costs little and a stack has little room.
const BUFFER: usize = if cfg!(target_pointer_width = "32") {
    BLOCK
} else {
    4 * BLOCK
};

/// Bits of what the outer hash takes in: a block and the inner hash.
const OUTER_BITS: u32 = 8 * (64 + 20);

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
        write_tag(&self.compute(parts), tag);
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

    #[inline]
    fn compute<const N: usize>(&self, parts: [&[u8]; N]) -> [u8; TAG_LEN] {
        sha1::hmac(&self.inner, &self.outer, &parts).unwrap_or_else(|| self.compress(parts))
    }

    /// The same by the compression function alone.
    #[inline(never)]
    pub(crate) fn compress<const N: usize>(&self, parts: [&[u8]; N]) -> [u8; TAG_LEN] {
        let mut state = self.inner;
        let mut buffer = [0; BUFFER];
        let (mut filled, mut len) = (0, BLOCK);
        for part in parts {
            len += part.len();
            filled = update(&mut state, &mut buffer, filled, part);
        }
        finish(&mut state, &mut buffer, filled, len);
        let inner = state;
        state = self.outer;
        if let Some(block) = buffer.first_chunk_mut() {
            outer_block(&inner, block);
            compress(&mut state, slice::from_ref(block));
        }
        let mut tag = [0; TAG_LEN];
        put(&state, &mut tag);
        tag
    }
}

/// The one block that the outer hash takes in: the inner hash, and the padding of what has a length always the same.
fn outer_block(inner: &[u32; 5], block: &mut [u8; BLOCK]) {
    let mut words = [0; BLOCK / 4];
    for (to, from) in words.iter_mut().zip(inner) {
        *to = *from;
    }
    let [_, _, _, _, _, padding, .., bits] = &mut words;
    *padding = 1 << 31;
    *bits = OUTER_BITS;
    put(&words, block);
}

/// Writes words, as many as `octets` has room for.
fn put(words: &[u32], octets: &mut [u8]) {
    for (to, word) in octets.as_chunks_mut().0.iter_mut().zip(words) {
        *to = word.to_be_bytes();
    }
}

/// Takes in `data` after the `filled` octets that `buffer` has, and returns how many it has then: fewer than it can.
#[cfg_attr(target_pointer_width = "32", inline(never))]
fn update(state: &mut [u32; 5], buffer: &mut [u8; BUFFER], filled: usize, data: &[u8]) -> usize {
    let mut data = data;
    if filled > 0 {
        let room = buffer.get_mut(filled..).unwrap_or_default();
        let (now, later) = data.split_at(room.len().min(data.len()));
        copy_prefix(now, room);
        if now.len() < room.len() {
            return filled + now.len();
        }
        compress(state, buffer.as_chunks().0);
        data = later;
    }
    let (whole, rest) = data.as_chunks::<BUFFER>();
    if !whole.is_empty() {
        compress(state, whole.as_flattened().as_chunks().0);
    }
    copy_prefix(rest, buffer);
    rest.len()
}

/// Pads a message of `len` octets, the last `filled` of them in `buffer` (FIPS 180-4 section 5.1.1).
///
/// ```text
///   | message | 0x80 | zeros, to a whole number of blocks | bits of the message, 64 bits |
/// ```
#[cfg_attr(target_pointer_width = "32", inline(never))]
fn finish(state: &mut [u32; 5], buffer: &mut [u8; BUFFER], filled: usize, len: usize) {
    let mut padding = buffer.get_mut(filled..).unwrap_or_default().iter_mut();
    if let Some(first) = padding.next() {
        *first = 0x80;
    }
    let room = padding.len();
    for octet in padding {
        *octet = 0;
    }
    let mut blocks = (filled + 9).div_ceil(BLOCK);
    if room < 8 {
        compress(state, buffer.as_chunks().0);
        *buffer = [0; BUFFER];
        blocks = 1;
    }
    let blocks = buffer.get_mut(..BLOCK * blocks).unwrap_or_default();
    let bits = (len as u64) << 3;
    if let Some(last) = blocks.last_chunk_mut() {
        *last = bits.to_be_bytes();
    }
    compress(state, blocks.as_chunks().0);
}

impl fmt::Debug for HmacSha1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacSha1 { .. }")
    }
}

/// Fills `tag` with the leading octets of `full_tag`.
#[inline]
pub(crate) fn write_tag(full_tag: &[u8], tag: &mut [u8]) {
    // The lengths of most tags, without a call for so few octets.
    let written = cfg!(not(target_pointer_width = "32"))
        && (write_exactly::<10>(full_tag, tag) || write_exactly::<16>(full_tag, tag));
    if !written {
        copy_prefix(full_tag, tag);
    }
}

/// Fills a tag of `N` octets; whether it is one.
#[inline]
fn write_exactly<const N: usize>(full_tag: &[u8], tag: &mut [u8]) -> bool {
    match (full_tag.first_chunk(), <&mut [u8; N]>::try_from(tag)) {
        (Some(from), Ok(to)) => *to = *from,
        _ => return false,
    }
    true
}

/// Copies as many octets as both have.
fn copy_prefix(from: &[u8], to: &mut [u8]) {
    if cfg!(target_pointer_width = "32") {
        for (to, from) in to.iter_mut().zip(from) {
            *to = *from;
        }
    } else {
        let len = to.len().min(from.len());
        if let (Some(to), Some(from)) = (to.get_mut(..len), from.get(..len)) {
            to.copy_from_slice(from);
        }
    }
}

/// Compares `tag` with as many leading octets of `full_tag`, in constant time.
pub(crate) fn verify_prefix(full_tag: &[u8], tag: &[u8]) -> Result<(), AuthenticationFailed> {
    match full_tag.get(..tag.len()) {
        Some(expected) if tag.len() >= MIN_TAG_LEN && ct::eq(expected, tag) => Ok(()),
        _ => Err(AuthenticationFailed),
    }
}
