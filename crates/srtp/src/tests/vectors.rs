// SPDX-License-Identifier: MIT OR Apache-2.0
//! RFC 7714 sections 16 and 17. They give session keys, which only the tests can put in.

use std::vec::Vec;

use serde_json::Value;

use super::{Parts, hex, into_vec, number, vectors};
use crate::session_keys::SessionKey;
use crate::{Error, Profile, Receiver, Sender};

fn profile(case: &Value) -> Profile {
    match case["algorithm"].as_str().unwrap() {
        "AEAD_AES_128_GCM" => Profile::AeadAes128Gcm,
        "AEAD_AES_256_GCM" => Profile::AeadAes256Gcm,
        name => panic!("{name}"),
    }
}

fn session_key(case: &Value) -> SessionKey {
    SessionKey::from_vector(
        profile(case),
        &hex(&case["sessionKey"]),
        &hex(&case["sessionSalt"]),
    )
}

fn sender<'p>(case: &Value, parts: &'p mut Parts) -> Sender<'p> {
    parts.options.insecure_unencrypted_srtcp = case["encrypted"] == false;
    let mut sender = parts.sender_without_key();
    sender.session.set_session_keys(&session_key(case));
    sender
}

fn receiver<'p>(case: &Value, parts: &'p mut Parts) -> Receiver<'p> {
    let mut receiver = parts.receiver_without_key();
    receiver.session.set_session_keys(&session_key(case));
    receiver
}

/// Both directions of every case, whichever the RFC shows.
#[test]
fn rfc7714_section_16() {
    let mut operations = Vec::new();
    for case in vectors(include_str!("../../../../tests/vectors/rfc7714-srtp.json")) {
        let (clear, protected) = (hex(&case["rtpPacket"]), hex(&case["srtpPacket"]));
        let mut parts = Parts::new(profile(&case), 1, 64);
        let operation = case["operation"].as_str().unwrap();
        operations.push(operation == "encrypt" || operation == "decrypt");
        if operation == "encrypt" || operation == "decrypt" {
            assert_eq!(number(&case["roc"]), 0);
            let sealed = into_vec(|out| sender(&case, &mut parts).protect(&clear, out));
            assert_eq!(sealed, Ok(protected.clone()), "{}", case["section"]);
            let opened = into_vec(|out| receiver(&case, &mut parts).unprotect(&protected, out));
            assert_eq!(opened, Ok(clear), "{}", case["section"]);
        } else {
            // Authentication alone: section 8.2 forbids it for SRTP, so a receiver must refuse it...
            let refused = into_vec(|out| receiver(&case, &mut parts).unprotect(&protected, out));
            assert_eq!(refused, Err(Error::Authentication), "{}", case["section"]);
            // ... while the cipher gives the tag that the section shows.
            let session = &sender(&case, &mut parts).session;
            let (ssrc, seq) = (number(&case["ssrc"]), number(&case["seq"]));
            let key = session.ready_key(0, crate::ciphers::Protocol::Rtp).unwrap();
            let iv = session.rtp_iv(key.salt, &clear, u32::try_from(ssrc).unwrap(), seq);
            assert_eq!(iv[..12], hex(&case["iv"]));
            let mut tag = [0; 16];
            let mut aad = hex(&case["aad"]);
            let len = aad.len();
            key.cipher
                .seal(&iv, aad.as_mut_slice().into(), len, &[], &mut tag);
            assert_eq!(tag[..], hex(&case["tag"]), "{}", case["section"]);
        }
    }
    assert_eq!(
        operations,
        [true, true, false, false, true, true, false, false]
    );
}

#[test]
fn rfc7714_section_17() {
    let cases = vectors(include_str!("../../../../tests/vectors/rfc7714-srtcp.json"));
    assert_eq!(cases.len(), 4);
    for case in cases {
        let (clear, protected) = (hex(&case["rtcpPacket"]), hex(&case["srtcpPacket"]));
        let index = u32::try_from(number(&case["srtcpIndex"])).unwrap();
        let ssrc = u32::try_from(number(&case["ssrc"])).unwrap();
        let mut parts = Parts::new(profile(&case), 1, 64);

        let mut sender = sender(&case, &mut parts);
        sender.streams.place(ssrc, 0, index - 1);
        let sealed = into_vec(|out| sender.protect_rtcp(&clear, out));
        assert_eq!(sealed, Ok(protected.clone()), "{}", case["section"]);
        drop(sender);

        let opened = into_vec(|out| receiver(&case, &mut parts).unprotect_rtcp(&protected, out));
        assert_eq!(opened, Ok(clear), "{}", case["section"]);
    }
}

/// The initialisation vector of f8, from the packet of RFC 3711 appendix B.1.
#[test]
fn rfc3711_b1_iv() {
    let cases = vectors(include_str!("../../../../tests/vectors/rfc3711.json"));
    let case = cases.iter().find(|case| case["operation"] == "f8").unwrap();
    let header = hex(&case["rtpHeader"]).try_into().unwrap();
    let roc = u32::try_from(number(&case["roc"])).unwrap();
    assert_eq!(crate::rtp::f8_iv(&header, roc)[..], hex(&case["iv"]));
}
