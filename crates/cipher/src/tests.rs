// SPDX-License-Identifier: MIT OR Apache-2.0
//! The constructions against published vectors and against other compositions of the same primitives.
#![cfg(all(
    feature = "gcm",
    feature = "rfc6188",
    feature = "f8",
    feature = "insecure",
    feature = "rfc9335",
    feature = "accelerator"
))]

mod accelerator;
mod aes_cm;
mod aes_f8;
mod aes_gcm;
mod engines;
mod fixslice;
#[cfg(all(feature = "engines", target_arch = "x86_64"))]
mod hardware;
mod hmac_sha1;
mod pieces;

use std::vec::Vec;

use crate::{AuthenticationFailed, InOutBuf, PacketCipher, SessionKey};

fn keys<'k>(encryption: &'k [u8], authentication: &'k [u8]) -> SessionKey<'k> {
    SessionKey {
        encryption,
        authentication,
        salt: &[],
    }
}

/// Seals from one buffer into another, and returns ciphertext and tag.
fn seal(
    cipher: &dyn PacketCipher,
    iv: &[u8; 16],
    header: &[u8],
    payload: &[u8],
    suffix: &[u8],
    tag_len: usize,
) -> (Vec<u8>, Vec<u8>) {
    let clear = header.len();
    // The header of the input is not looked at.
    let packet = [&std::vec![0xee; clear], payload].concat();
    let mut sealed = [header, &std::vec![0; payload.len()]].concat();
    let mut tag = std::vec![0; tag_len];
    let buffers = InOutBuf::new(&packet, &mut sealed).unwrap();
    cipher.seal(iv, buffers, clear, suffix, &mut tag);

    let mut in_place = [header, payload].concat();
    let mut same_tag = std::vec![0; tag_len];
    let buffers = in_place.as_mut_slice().into();
    cipher.seal(iv, buffers, clear, suffix, &mut same_tag);
    assert_eq!(
        (&sealed, &tag),
        (&in_place, &same_tag),
        "in place as elsewhere"
    );
    assert!(sealed.starts_with(header), "header written");
    (sealed.split_off(clear), tag)
}

/// Opens from one buffer into another; a refused packet must leave both as they were.
fn open(
    cipher: &dyn PacketCipher,
    iv: &[u8; 16],
    header: &[u8],
    payload: &[u8],
    suffix: &[u8],
    tag: &[u8],
) -> Result<Vec<u8>, AuthenticationFailed> {
    let clear = header.len();
    let packet = [header, payload].concat();
    let mut output = std::vec![0xee; packet.len()];
    let buffers = InOutBuf::new(&packet, &mut output).unwrap();
    let verdict = cipher.open(iv, buffers, clear, suffix, tag);

    let mut in_place = packet.clone();
    let same_verdict = cipher.open(iv, in_place.as_mut_slice().into(), clear, suffix, tag);
    let opened = output.split_off(clear);
    assert!(output.iter().all(|byte| *byte == 0xee), "header written");
    assert!(in_place.starts_with(header), "header written");
    assert_eq!(verdict, same_verdict);
    if verdict.is_ok() {
        assert_eq!(opened, in_place[clear..], "in place as elsewhere");
    } else {
        assert!(opened.iter().all(|byte| *byte == 0xee), "output written");
        assert_eq!(in_place, packet, "packet changed");
    }
    verdict.map(|()| opened)
}
