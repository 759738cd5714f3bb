// SPDX-License-Identifier: MIT OR Apache-2.0
//! A payload in two pieces against the same payload in one (RFC 9335).

use std::vec::Vec;

use super::keys;
use crate::{
    Aes128Enc, Aes192Enc, Aes256Enc, AesCmHmacSha1, AesGcm, AuthenticationFailed, F8HmacSha1,
    InOutBuf, MAX_FIRST_LEN, NullHmacSha1, PacketCipher, Pieces,
};

const IV: [u8; 16] = *b"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x00\x00";
pub(super) const ROC: &[u8] = b"\0\0\0\x07";

pub(super) fn octets(from: u8, len: usize) -> Vec<u8> {
    (from..=255).cycle().take(len).collect()
}

/// Ciphertext of both pieces, and tag.
fn seal(
    cipher: &dyn PacketCipher,
    [header, first, between, second]: [&[u8]; 4],
    suffix: &[u8],
) -> (Vec<u8>, Vec<u8>, [u8; 16]) {
    let (mut out1, mut out2) = (std::vec![0; first.len()], std::vec![0; second.len()]);
    let mut tag = [0; 16];
    let pieces = Pieces {
        header,
        first: InOutBuf::new(first, &mut out1).unwrap(),
        between,
        second: InOutBuf::new(second, &mut out2).unwrap(),
    };
    cipher.seal_pieces(&IV, pieces, suffix, &mut tag);
    (out1, out2, tag)
}

fn open(
    cipher: &dyn PacketCipher,
    [header, first, between, second]: [&[u8]; 4],
    suffix: &[u8],
    tag: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), AuthenticationFailed> {
    let (mut out1, mut out2) = (std::vec![0xee; first.len()], std::vec![0xee; second.len()]);
    let pieces = Pieces {
        header,
        first: InOutBuf::new(first, &mut out1).unwrap(),
        between,
        second: InOutBuf::new(second, &mut out2).unwrap(),
    };
    let verdict = cipher.open_pieces(&IV, pieces, suffix, tag);
    if verdict.is_err() {
        let untouched = out1.iter().chain(&out2).all(|octet| *octet == 0xee);
        assert!(untouched, "output written");
    }
    verdict.map(|()| (out1, out2))
}

/// `aead`: what is between belongs to the header, not to the place it is in.
pub(super) fn check(cipher: &dyn PacketCipher, aead: bool, suffix: &[u8]) {
    let (header, between) = (octets(1, 12), octets(77, 4));
    for first_len in (0..=MAX_FIRST_LEN).step_by(4) {
        for second_len in (0..70).chain([100, 159, 160, 1200]) {
            let (first, second) = (octets(100, first_len), octets(3, second_len));
            let packet = [&header[..], &first, &between, &second];
            let (out1, out2, tag) = seal(cipher, packet, suffix);

            let mut sealed = [&header[..], &between, &first, &second].concat();
            let mut same_tag = [0; 16];
            let clear = header.len() + between.len();
            let buffers = sealed.as_mut_slice().into();
            cipher.seal(&IV, buffers, clear, suffix, &mut same_tag);
            assert_eq!([&out1[..], &out2].concat(), sealed[clear..]);
            if !aead {
                // Authenticated in the order of the wire: nothing encrypted, all of it header.
                let mut wire = [&header[..], &out1, &between, &out2].concat();
                let clear = wire.len();
                let buffers = wire.as_mut_slice().into();
                cipher.seal(&IV, buffers, clear, suffix, &mut same_tag);
            }
            assert_eq!(tag, same_tag, "{first_len} {second_len}");

            let sealed = [&header[..], &out1, &between, &out2];
            let opened = open(cipher, sealed, suffix, &tag);
            assert_eq!(opened, Ok((first.clone(), second.clone())));
            for piece in 0..4 {
                let mut damaged = sealed.map(<[u8]>::to_vec);
                let Some(octet) = damaged[piece].last_mut() else {
                    continue;
                };
                *octet ^= 0x80;
                let damaged = [&damaged[0][..], &damaged[1], &damaged[2], &damaged[3]];
                let refused = open(cipher, damaged, suffix, &tag);
                assert_eq!(refused, Err(AuthenticationFailed), "{piece}");
            }
        }
    }
}

#[test]
fn two_pieces_are_one() {
    let authentication = octets(9, 20);
    let key = octets(40, 32);
    let cm = |len: usize| keys(&key[..len], &authentication);
    check(
        &AesCmHmacSha1::<Aes128Enc>::new(&cm(16)).unwrap(),
        false,
        ROC,
    );
    check(
        &AesCmHmacSha1::<Aes192Enc>::new(&cm(24)).unwrap(),
        false,
        ROC,
    );
    check(
        &AesCmHmacSha1::<Aes256Enc>::new(&cm(32)).unwrap(),
        false,
        ROC,
    );
    check(&F8HmacSha1::new(&cm(16)).unwrap(), false, ROC);
    check(
        &NullHmacSha1::new(&keys(&[], &authentication)).unwrap(),
        false,
        ROC,
    );
    let gcm = |len: usize| keys(&key[..len], &[]);
    check(&AesGcm::<Aes128Enc>::new(&gcm(16)).unwrap(), true, &[]);
    check(&AesGcm::<Aes256Enc>::new(&gcm(32)).unwrap(), true, &[]);
}
