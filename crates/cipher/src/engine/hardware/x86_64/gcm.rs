// SPDX-License-Identifier: MIT OR Apache-2.0
//! Galois/counter mode (NIST SP 800-38D), counter mode and GHASH in one pass.
//!
//! What is encrypted and what is hashed lie side by side, block by block, eight at a time:
//!
//! ```text
//!   keystream:  | mask of the tag | 1 | 2 | ...              | n |
//!   hashed:     | last associated | 1 | 2 | ...  ciphertext  | n | lengths |
//! ```

#![allow(clippy::inline_always)] // Into functions with the instructions.

use core::arch::x86_64::__m128i;
use core::fmt;

use cipher::consts::U128;
use cipher::inout::InOutBuf;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::aes::{AesEnc, Keystream, Xor};
use super::ghash::{self, Running};
use super::{BLOCK, GROUP, GROUP_LEN, Group, Powers, Work, copy, fill, load};
use crate::aes_cm::counter_block;
use crate::engine::{AesBlock, GcmBlock, GcmKey, lengths};
use crate::hmac_sha1::verify_prefix;
use crate::{AuthenticationFailed, Construction, IV_LEN, InvalidKeyLength};

impl<G: Group> GcmBlock for AesEnc<G, 11> {
    const GCM: Construction = Construction::Aes128Gcm;

    type Key = GcmEnc<G, 11>;
}

impl<G: Group> GcmBlock for AesEnc<G, 15> {
    const GCM: Construction = Construction::Aes256Gcm;

    type Key = GcmEnc<G, 15>;
}

/// An expanded AES key and the powers of its GHASH key. There is none where the processor lacks the instructions of
/// `G`.
pub struct GcmEnc<G, const ROUND_KEYS: usize> {
    aes: AesEnc<G, ROUND_KEYS>,
    powers: Powers,
}

impl<G: Group, const ROUND_KEYS: usize> GcmKey for GcmEnc<G, ROUND_KEYS> {
    fn new_from_slice(key: &[u8]) -> Result<Self, InvalidKeyLength> {
        let aes = AesEnc::<G, ROUND_KEYS>::new_from_slice(key)?;
        // The hash key is the block of zeros, encrypted.
        let mut hash_key = [0; BLOCK];
        aes.encrypt_block(&mut hash_key);
        // SAFETY: a key exists, so the instructions are there; as in what follows.
        let powers = unsafe { G::run(ghash::Key(&hash_key)) };
        hash_key.zeroize();
        Ok(Self { aes, powers })
    }

    fn seal(
        &self,
        iv: &[u8; IV_LEN],
        associated: [&[u8]; 2],
        payload: InOutBuf<'_, '_, u8>,
    ) -> [u8; BLOCK] {
        // SAFETY: as above.
        unsafe {
            G::run(Seal(Packet {
                key: self,
                iv,
                associated,
                payload,
            }))
        }
    }

    fn open(
        &self,
        iv: &[u8; IV_LEN],
        associated: [&[u8]; 2],
        payload: InOutBuf<'_, '_, u8>,
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed> {
        // SAFETY: as above.
        unsafe {
            let packet = Packet {
                key: self,
                iv,
                associated,
                payload,
            };
            G::run(Open(packet, tag))
        }
    }

    fn xor_keystream(&self, block: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>) {
        self.aes.xor_keystream(block, data);
    }

    fn hash<const A: usize, const C: usize>(
        &self,
        associated: [&[u8]; A],
        ciphertext: [&[u8]; C],
    ) -> [u8; BLOCK] {
        // SAFETY: as above.
        unsafe {
            G::run(Hash {
                powers: &self.powers,
                associated,
                ciphertext,
            })
        }
    }
}

/// Pieces to be hashed.
struct Hash<'p, const A: usize, const C: usize> {
    powers: &'p Powers,
    associated: [&'p [u8]; A],
    ciphertext: [&'p [u8]; C],
}

impl<G: Group, const A: usize, const C: usize> Work<G> for Hash<'_, A, C> {
    type Result = [u8; BLOCK];

    #[inline(always)]
    unsafe fn inlined(self) -> [u8; BLOCK] {
        let mut running = Running::new(self.powers);
        let (mut associated, mut ciphertext) = (0, 0);
        // SAFETY: as promised.
        unsafe {
            for piece in self.associated {
                associated += piece.len();
                running.absorb::<G>(piece);
            }
            running.pad();
            for piece in self.ciphertext {
                ciphertext += piece.len();
                running.absorb::<G>(piece);
            }
            running.pad();
            running.absorb::<G>(&lengths(associated, ciphertext));
            running.finalize::<G>()
        }
    }
}

/// What is to be sealed or opened.
struct Packet<'p, 'i, 'o, G, const ROUND_KEYS: usize> {
    key: &'p GcmEnc<G, ROUND_KEYS>,
    iv: &'p [u8; IV_LEN],
    associated: [&'p [u8]; 2],
    payload: InOutBuf<'i, 'o, u8>,
}

/// A packet to be sealed.
struct Seal<'p, 'i, 'o, G, const ROUND_KEYS: usize>(Packet<'p, 'i, 'o, G, ROUND_KEYS>);

impl<G: Group, const ROUND_KEYS: usize> Work<G> for Seal<'_, '_, '_, G, ROUND_KEYS> {
    type Result = [u8; BLOCK];

    #[inline(always)]
    unsafe fn inlined(self) -> [u8; BLOCK] {
        let Packet {
            key,
            iv,
            associated,
            payload,
        } = self.0;
        let [a, b] = associated;
        let lengths = lengths(a.len() + b.len(), payload.len());
        let mut keystream = Keystream::new(&key.aes.keys, counter_block(iv, 1));
        // SAFETY: as promised.
        unsafe {
            let (mask, first) = keystream.next::<G>().split_first();
            let (mut hash, mut buffer) = key.associated(associated);
            let within = payload.len().min(HEAD);
            let (mut head, rest) = payload.split_at(within);
            copy(head.get_in(), beyond_first(&mut buffer));
            if rest.is_empty() {
                let filled = BLOCK + head.len();
                hash = key.seal_last(hash, &mut buffer, first, filled, &lengths);
                fill(head.get_out(), beyond_first(&mut buffer));
            } else {
                let mut sealed = G::load(&buffer).xor(first);
                sealed.store(&mut buffer);
                fill(head.get_out(), beyond_first(&mut buffer));
                let (groups, mut tail) = rest.into_chunks::<U128>();
                for mut group in groups {
                    // Hashed one later, so that neither waits for the other.
                    let next = G::load(&group.get_in().0).xor(keystream.next());
                    hash = ghash::hash(sealed, hash, &key.powers, GROUP);
                    next.store(&mut group.get_out().0);
                    sealed = next;
                }
                hash = ghash::hash(sealed, hash, &key.powers, GROUP);
                buffer = [0; GROUP_LEN];
                copy(tail.get_in(), &mut buffer);
                hash = key.seal_last(hash, &mut buffer, keystream.next(), tail.len(), &lengths);
                fill(tail.get_out(), &buffer);
            }
            ghash::octets(hash, mask)
        }
    }
}

/// A packet to be opened if it has this tag.
struct Open<'p, 'i, 'o, G, const ROUND_KEYS: usize>(Packet<'p, 'i, 'o, G, ROUND_KEYS>, &'p [u8]);

impl<G: Group, const ROUND_KEYS: usize> Work<G> for Open<'_, '_, '_, G, ROUND_KEYS> {
    type Result = Result<(), AuthenticationFailed>;

    #[inline(always)]
    unsafe fn inlined(self) -> Result<(), AuthenticationFailed> {
        let Packet {
            key,
            iv,
            associated,
            payload,
        } = self.0;
        let [a, b] = associated;
        let lengths = lengths(a.len() + b.len(), payload.len());
        let mut keystream = Keystream::new(&key.aes.keys, counter_block(iv, 1));
        // SAFETY: as promised.
        unsafe {
            let (mask, first) = keystream.next::<G>().split_first();
            let (mut hash, mut buffer) = key.associated(associated);
            let within = payload.len().min(HEAD);
            let (mut head, rest) = payload.split_at(within);
            let whole = (buffer.first_chunk(), head.get_in().try_into());
            let sealed = if let (Some(first), Ok(others)) = whole {
                G::load_after(first, others)
            } else {
                copy(head.get_in(), beyond_first(&mut buffer));
                G::load(&buffer)
            };
            if rest.is_empty() {
                hash = key.hash_last(hash, sealed, BLOCK + head.len(), &lengths);
            } else {
                hash = ghash::hash(sealed, hash, &key.powers, GROUP);
                let (groups, tail) = rest.get_in().as_chunks();
                for group in groups {
                    hash = ghash::hash(G::load(group), hash, &key.powers, GROUP);
                }
                let mut buffer = [0; GROUP_LEN];
                copy(tail, &mut buffer);
                hash = key.hash_last(hash, G::load(&buffer), tail.len(), &lengths);
            }
            verify_prefix(&ghash::octets(hash, mask), self.1)?;
            sealed.xor(first).store(&mut buffer);
            fill(head.get_out(), beyond_first(&mut buffer));
            if !rest.is_empty() {
                let xor = Xor {
                    keystream,
                    data: rest,
                };
                Work::<G>::inlined(xor);
            }
            Ok(())
        }
    }
}

impl<G: Group, const ROUND_KEYS: usize> GcmEnc<G, ROUND_KEYS> {
    /// Encrypts the first octets of the last group, and takes them into the hash with the lengths.
    ///
    /// # Safety
    ///
    /// That of [`Group`], as for all that follow.
    #[inline(always)]
    unsafe fn seal_last(
        &self,
        hash: __m128i,
        group: &mut [u8; GROUP_LEN],
        key: G,
        filled: usize,
        lengths: &[u8; BLOCK],
    ) -> __m128i {
        // SAFETY: as promised.
        unsafe {
            let sealed = G::load(group).xor(key).and(first_octets(filled));
            sealed.store(group);
            self.hash_last(hash, sealed, filled, lengths)
        }
    }

    /// The hash of all blocks of associated data but the last, and a group with that one as its first.
    #[inline(always)]
    unsafe fn associated(&self, associated: [&[u8]; 2]) -> (__m128i, [u8; GROUP_LEN]) {
        let mut group = [0; GROUP_LEN];
        let [first, second] = associated;
        if first.len() + second.len() <= BLOCK {
            copy(first, &mut group);
            copy(second, group.get_mut(first.len()..).unwrap_or_default());
            return (load(&[0; BLOCK]), group);
        }
        let mut running = Running::new(&self.powers);
        // SAFETY: as promised.
        let (hash, last) = unsafe {
            running.absorb::<G>(first);
            running.absorb::<G>(second);
            running.split_last::<G>()
        };
        copy(&last, &mut group);
        (hash, group)
    }

    /// The hash with the first octets of the last group and the lengths taken in. Other octets must be zero.
    #[inline(always)]
    unsafe fn hash_last(
        &self,
        mut hash: __m128i,
        last: G,
        filled: usize,
        lengths: &[u8; BLOCK],
    ) -> __m128i {
        let mut buffer = [0; GROUP_LEN];
        let mut blocks = filled.div_ceil(BLOCK);
        // SAFETY: as promised.
        unsafe {
            let full = blocks >= GROUP;
            if full {
                hash = ghash::hash(last, hash, &self.powers, GROUP);
                blocks = 0;
            }
            copy(
                lengths,
                buffer.get_mut(BLOCK * blocks..).unwrap_or_default(),
            );
            let lengths = G::load(&buffer);
            let last = if full { lengths } else { last.xor(lengths) };
            ghash::hash(last, hash, &self.powers, blocks + 1)
        }
    }
}

impl<G, const ROUND_KEYS: usize> Drop for GcmEnc<G, ROUND_KEYS> {
    fn drop(&mut self) {
        self.powers.zeroize();
    }
}

impl<G, const ROUND_KEYS: usize> ZeroizeOnDrop for GcmEnc<G, ROUND_KEYS> {}

impl<G, const ROUND_KEYS: usize> fmt::Debug for GcmEnc<G, ROUND_KEYS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GcmEnc { .. }")
    }
}

/// Octets of payload in the first group.
const HEAD: usize = GROUP_LEN - BLOCK;

/// Of a group, what the payload is in, if the group is the first.
fn beyond_first(group: &mut [u8; GROUP_LEN]) -> &mut [u8] {
    group.get_mut(BLOCK..).unwrap_or_default()
}

/// Ones in so many octets, and then zeros.
#[inline(always)]
unsafe fn first_octets<G: Group>(octets: usize) -> G {
    static MASKS: [[u8; GROUP_LEN]; 2] = [[0xff; GROUP_LEN], [0; GROUP_LEN]];
    let masks = MASKS.as_flattened();
    let mask = masks.get(GROUP_LEN - octets.min(GROUP_LEN)..);
    let mask = mask.and_then(|rest| rest.first_chunk());
    // SAFETY: as promised.
    unsafe { G::load(mask.unwrap_or(&[0; GROUP_LEN])) }
}
