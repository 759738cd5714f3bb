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
    let mut sealed = std::vec![0; payload.len()];
    let mut tag = std::vec![0; tag_len];
    cipher.seal(
        iv,
        header,
        InOutBuf::new(payload, &mut sealed).unwrap(),
        suffix,
        &mut tag,
    );

    let mut in_place = payload.to_vec();
    let mut same_tag = std::vec![0; tag_len];
    cipher.seal(
        iv,
        header,
        in_place.as_mut_slice().into(),
        suffix,
        &mut same_tag,
    );
    assert_eq!(
        (&sealed, &tag),
        (&in_place, &same_tag),
        "in place as elsewhere"
    );
    (sealed, tag)
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
    let mut opened = std::vec![0xee; payload.len()];
    let buffers = InOutBuf::new(payload, &mut opened).unwrap();
    let verdict = cipher.open(iv, header, buffers, suffix, tag);

    let mut in_place = payload.to_vec();
    let same_verdict = cipher.open(iv, header, in_place.as_mut_slice().into(), suffix, tag);
    assert_eq!(verdict, same_verdict);
    if verdict.is_ok() {
        assert_eq!(opened, in_place, "in place as elsewhere");
    } else {
        assert!(opened.iter().all(|byte| *byte == 0xee), "output written");
        assert_eq!(in_place, payload, "packet changed");
    }
    verdict.map(|()| opened)
}
