// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hashing.
//!
//! The block functions are RustCrypto's, but for one on 32-bit processors. The buffer in front of them is one for all
//! hashes: it takes a fraction of the flash and stack of three, and a hash can begin with the digits of the one before
//! where they are.

mod hmac;
#[cfg(any(test, not(target_pointer_width = "64")))]
mod sha512;

use sipseal_sip::QuotedString;
use zeroize::Zeroize;

pub(crate) use self::hmac::hmac;

use crate::Hash;
use crate::hex::{self, HexDigest};

/// Octets of the longest block.
const MAX_BLOCK_LEN: usize = 128;

/// What is hashed so far, but for what is in the buffer.
#[derive(Zeroize)]
enum State {
    Md5([u32; 4]),
    Sha256([u32; 8]),
    Sha512_256([u64; 8]),
}

// Where a hash begins: RFC 1321 section 3.3, FIPS 180-4 section 5.3.3 and 5.3.6.2.
static MD5: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
static SHA_256: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];
static SHA_512_256: [u64; 8] = [
    0x2231_2194_fc2b_f72c,
    0x9f55_5fa3_c84c_64c2,
    0x2393_b86b_6f53_b151,
    0x9638_7719_5940_eabd,
    0x9628_3ee2_a88e_ffe3,
    0xbe5e_1e25_5386_3992,
    0x2b01_99fc_2c85_b8aa,
    0x0eb7_2ddc_81c5_2ca2,
];

impl State {
    fn new(hash: Hash) -> Self {
        match hash {
            Hash::Md5 => Self::Md5(MD5),
            Hash::Sha256 => Self::Sha256(SHA_256),
            Hash::Sha512_256 => Self::Sha512_256(SHA_512_256),
        }
    }

    /// Begins anew, with the same hash.
    fn begin(&mut self) {
        match self {
            Self::Md5(state) => *state = MD5,
            Self::Sha256(state) => *state = SHA_256,
            Self::Sha512_256(state) => *state = SHA_512_256,
        }
    }

    /// Takes a block, of which nothing is left.
    fn compress(&mut self, block: &mut [u8; MAX_BLOCK_LEN]) {
        match self {
            Self::Md5(state) => compress_md5(state, block),
            Self::Sha256(state) => compress_sha256(state, block),
            Self::Sha512_256(state) => compress_sha512(state, block),
        }
    }

    /// A word of the digest, the first octet highest.
    fn word(&self, at: usize) -> u32 {
        match self {
            Self::Md5(state) => state.get(at).map(|word| word.swap_bytes()),
            Self::Sha256(state) => state.get(at).copied(),
            #[allow(clippy::cast_possible_truncation)] // One half after the other.
            Self::Sha512_256(state) => {
                let word = state.get(at / 2);
                word.map(|word| (word >> (32 * (!at & 1))) as u32)
            }
        }
        .unwrap_or_default()
    }
}

// Each with a stack frame of its own.

#[inline(never)]
fn compress_md5(state: &mut [u32; 4], block: &[u8; MAX_BLOCK_LEN]) {
    md5::block_api::compress(state, first_half(block));
}

#[inline(never)]
fn compress_sha256(state: &mut [u32; 8], block: &[u8; MAX_BLOCK_LEN]) {
    sha2::block_api::compress256(state, first_half(block));
}

#[cfg(target_pointer_width = "64")]
#[inline(never)]
fn compress_sha512(state: &mut [u64; 8], block: &mut [u8; MAX_BLOCK_LEN]) {
    sha2::block_api::compress512(state, core::slice::from_ref(block));
}

#[cfg(not(target_pointer_width = "64"))]
use self::sha512::compress as compress_sha512;

fn first_half(block: &[u8; MAX_BLOCK_LEN]) -> &[[u8; MAX_BLOCK_LEN / 2]] {
    let (halves, _) = block.as_chunks();
    halves.get(..1).unwrap_or_default()
}

/// Parts that are hashed one after the other, and hashes one after the other. It is wiped when dropped.
pub(crate) struct Hasher {
    hash: Hash,
    state: State,
    /// Octets of the message. Those behind the last whole block are in the buffer.
    len: usize,
    block: [u8; MAX_BLOCK_LEN],
}

impl Hasher {
    #[inline(never)]
    pub(crate) fn new(hash: Hash) -> Self {
        Self {
            hash,
            state: State::new(hash),
            len: 0,
            block: [0; MAX_BLOCK_LEN],
        }
    }

    pub(crate) const fn hash(&self) -> Hash {
        self.hash
    }

    const fn block_len(&self) -> usize {
        match self.hash {
            Hash::Md5 | Hash::Sha256 => 64,
            Hash::Sha512_256 => 128,
        }
    }

    /// What is left of the block.
    fn room(&mut self) -> &mut [u8] {
        let block_len = self.block_len();
        let filled = self.len & (block_len - 1);
        self.block.get_mut(filled..block_len).unwrap_or_default()
    }

    #[inline(never)]
    fn compress(&mut self) {
        self.state.compress(&mut self.block);
    }

    #[inline(never)] // Once for all that is hashed.
    pub(crate) fn update(&mut self, parts: &[&[u8]]) {
        for part in parts {
            let mut rest = *part;
            loop {
                let room = self.room();
                let is_full = rest.len() >= room.len();
                let len = if is_full { room.len() } else { rest.len() };
                let (now, later) = rest.split_at_checked(len).unwrap_or_default();
                copy(room.get_mut(..len).unwrap_or_default(), now);
                self.len = self.len.wrapping_add(len);
                if !is_full {
                    break;
                }
                self.compress();
                rest = later;
            }
        }
    }

    /// What a quoted string means.
    pub(crate) fn update_quoted(&mut self, part: QuotedString<'_>) {
        match part.plain() {
            Some(plain) => self.update(&[plain]),
            None => self.update_unescaped(part),
        }
    }

    #[inline(never)]
    fn update_unescaped(&mut self, part: QuotedString<'_>) {
        part.unescaped().for_each(|octet| self.update(&[&[octet]]));
    }

    /// Ends a hash.
    #[inline(never)]
    fn end(&mut self) {
        let block_len = self.block_len();
        let bits = (self.len as u64) * 8;
        let bits = match self.hash {
            Hash::Md5 => bits.to_le_bytes(),
            Hash::Sha256 | Hash::Sha512_256 => bits.to_be_bytes(),
        };
        let mut room = self.room();
        // The length takes an eighth of a block.
        let is_enough = room.len() > block_len / 8;
        if let Some(mark) = room.split_off_first_mut() {
            *mark = 0x80;
        }
        room.fill(0);
        if !is_enough {
            self.compress();
            self.len = 0;
            self.room().fill(0);
        }
        let places = self.block.get_mut(block_len - 8..block_len);
        for (place, octet) in places.unwrap_or_default().iter_mut().zip(bits) {
            *place = octet;
        }
        self.compress();
    }

    fn begin(&mut self) {
        self.state.begin();
        self.len = 0;
    }

    /// Ends a hash with its digits, as many as there are, and begins the next.
    #[inline(never)]
    pub(crate) fn finish(&mut self, digits: &mut [u8]) {
        self.end();
        write(&self.state, digits);
        self.begin();
    }

    /// Ends a hash, and begins the next with its digits.
    pub(crate) fn chain(&mut self) {
        self.end();
        let len = self.hash.hex_len();
        write(&self.state, self.block.get_mut(..len).unwrap_or_default());
        self.begin();
        self.len = len;
        if len == self.block_len() {
            self.compress();
        }
    }
}

impl Drop for Hasher {
    fn drop(&mut self) {
        self.state.zeroize();
        self.len = 0;
        self.room().zeroize();
    }
}

#[inline(never)] // As an argument, what is written is known to be apart from what is read.
fn copy(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

fn write(state: &State, digits: &mut [u8]) {
    let (groups, _) = digits.as_chunks_mut::<8>();
    for (at, group) in groups.iter_mut().enumerate() {
        *group = hex::digits(state.word(at));
    }
}

/// H(A1) of a password, before any `-sess`: what a server or a phone can keep instead of it (RFC 7616 section 3.4.2).
#[must_use]
pub fn hash_a1(hash: Hash, username: &[u8], realm: &[u8], password: &[u8]) -> HexDigest {
    hash_one(hash, &[username, b":", realm, b":", password])
}

/// The hash of a user name, which stands for it where a server asks to hide it (RFC 7616 section 3.4.4).
#[must_use]
pub fn user_hash(hash: Hash, username: &[u8], realm: &[u8]) -> HexDigest {
    hash_one(hash, &[username, b":", realm])
}

fn hash_one(hash: Hash, parts: &[&[u8]]) -> HexDigest {
    let mut hasher = Hasher::new(hash);
    let mut digest = HexDigest::EMPTY;
    hasher.update(parts);
    hasher.finish(digest.room(hash));
    digest
}

#[cfg(test)]
mod tests {
    use md5::Digest;
    use std::vec::Vec;

    use super::*;

    fn reference(hash: Hash, octets: &[u8]) -> Vec<u8> {
        match hash {
            Hash::Md5 => md5::Md5::digest(octets).to_vec(),
            Hash::Sha256 => sha2::Sha256::digest(octets).to_vec(),
            Hash::Sha512_256 => sha2::Sha512_256::digest(octets).to_vec(),
        }
    }

    fn hex(octets: &[u8]) -> Vec<u8> {
        let digits = octets.iter().map(|octet| std::format!("{octet:02x}"));
        digits.collect::<std::string::String>().into_bytes()
    }

    #[test]
    fn every_length_in_every_cut() {
        let message: Vec<u8> = (0..=255).chain(0..=255).collect();
        for hash in [Hash::Md5, Hash::Sha256, Hash::Sha512_256] {
            let mut hasher = Hasher::new(hash);
            for len in 0..message.len() {
                let (first, second) = message[..len].split_at(len * 37 % (len + 1));
                hasher.update(&[first, second]);
                let mut digest = HexDigest::EMPTY;
                hasher.finish(digest.room(hash));
                let expected = hex(&reference(hash, &message[..len]));
                assert_eq!(digest.as_bytes(), expected, "{hash:?} {len}");

                // The digits of one hash begin the next.
                hasher.update(&[&message[..len]]);
                hasher.chain();
                hasher.update(&[first]);
                hasher.finish(digest.room(hash));
                let expected = hex(&reference(hash, &[&expected, first].concat()));
                assert_eq!(digest.as_bytes(), expected, "{hash:?} {len}");
            }
        }
    }
}
