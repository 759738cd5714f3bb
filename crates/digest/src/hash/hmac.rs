// SPDX-License-Identifier: MIT OR Apache-2.0
//! HMAC (RFC 2104), of which 16 octets are enough here.

use zeroize::Zeroize;

use super::Hasher;
use crate::Hash;

/// The first 16 octets of the HMAC of parts, under a key no longer than a block.
#[inline(never)]
pub(crate) fn hmac(hash: Hash, key: &[u8], parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = Hasher::new(hash);
    hasher.update_key(key, 0x36);
    hasher.update(parts);
    hasher.end();
    let mut inner = [0; 32];
    let (groups, _) = inner.as_chunks_mut::<4>();
    for (at, group) in groups.iter_mut().enumerate() {
        *group = hasher.state.word(at).to_be_bytes();
    }
    hasher.begin();
    hasher.update_key(key, 0x5c);
    let inner_len = hash.hex_len() / 2;
    hasher.update(&[inner.get(..inner_len).unwrap_or_default()]);
    inner.zeroize();
    hasher.end();
    let mut mac = [0; 16];
    let (groups, _) = mac.as_chunks_mut::<4>();
    for (at, group) in groups.iter_mut().enumerate() {
        *group = hasher.state.word(at).to_be_bytes();
    }
    mac
}

impl Hasher {
    /// A block of the key, followed by zeros, under a mask.
    fn update_key(&mut self, key: &[u8], mask: u8) {
        let room = self.room();
        room.fill(mask);
        for (to, from) in room.iter_mut().zip(key) {
            *to ^= *from;
        }
        self.len = self.block_len();
        self.compress();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2202 section 2 and RFC 4231, test cases 1 and 2.
    #[test]
    fn published_answers() {
        for (hash, key, text, expected) in [
            (
                Hash::Md5,
                &[0x0b; 16][..],
                "Hi There",
                0x9294_727a_3638_bb1c_13f4_8ef8_158b_fc9d_u128,
            ),
            (
                Hash::Md5,
                b"Jefe",
                "what do ya want for nothing?",
                0x750c_783e_6ab0_b503_eaa8_6e31_0a5d_b738,
            ),
            (
                Hash::Sha256,
                &[0x0b; 20],
                "Hi There",
                0xb034_4c61_d8db_3853_5ca8_afce_af0b_f12b,
            ),
            (
                Hash::Sha256,
                b"Jefe",
                "what do ya want for nothing?",
                0x5bdc_c146_bf60_754e_6a04_2426_0895_75c7,
            ),
        ] {
            let (one, other) = text.as_bytes().split_at(3);
            assert_eq!(hmac(hash, key, &[one, other]), expected.to_be_bytes());
        }
    }
}
