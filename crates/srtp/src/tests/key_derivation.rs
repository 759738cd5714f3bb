// SPDX-License-Identifier: MIT OR Apache-2.0
//! Key derivation against RFC 3711 appendix B.3 and NIST's vectors.

use super::{hex, number, vectors};
use crate::kdf::{Label, derive};
use crate::{Error, MasterKey};

#[test]
fn rfc3711_b3() {
    derivations(include_str!("../../../../tests/vectors/rfc3711.json"), 3);
}

/// RFC 6188 sections 7.2 and 7.4: the longer keys.
#[test]
fn rfc6188() {
    derivations(include_str!("../../../../tests/vectors/rfc6188.json"), 6);
}

fn derivations(file: &str, count: usize) {
    let cases = vectors(file);
    let cases: std::vec::Vec<_> = cases
        .iter()
        .filter(|case| case["operation"] == "derive")
        .collect();
    assert_eq!(cases.len(), count);
    for case in cases {
        let label = match case["name"].as_str().unwrap() {
            "cipherKey" => Label::RtpEncryption,
            "authKey" => Label::RtpAuthentication,
            "cipherSalt" => Label::RtpSalt,
            name => panic!("{name}"),
        };
        assert_eq!(number(&case["label"]), label as u64);
        let (key, salt) = (hex(&case["masterKey"]), hex(&case["masterSalt"]));
        let expected = hex(&case["output"]);
        let mut derived = std::vec![0; expected.len()];
        let r = number(&case["indexDivKdr"]);
        derive(&MasterKey::new(&key, &salt), label, r, &mut derived).unwrap();
        assert_eq!(derived, expected, "{}", case["name"]);
    }
}

/// The function takes any quotient of index and rate; `rates` has the same cases in packets.
#[test]
fn acvp() {
    let mut rate_zero = 0;
    for case in vectors(include_str!("../../../../tests/vectors/acvp-srtp-kdf.json")) {
        let (key, salt) = (hex(&case["masterKey"]), hex(&case["masterSalt"]));
        let master = MasterKey::new(&key, &salt);
        let rate = number(&case["kdr"]);
        rate_zero += usize::from(rate == 0);
        let srtp = number(&case["index"]).checked_div(rate).unwrap_or(0);
        let srtcp = number(&case["srtcpIndex"]).checked_div(rate).unwrap_or(0);
        for (label, r, name) in [
            (Label::RtpEncryption, srtp, "srtpKe"),
            (Label::RtpAuthentication, srtp, "srtpKa"),
            (Label::RtpSalt, srtp, "srtpKs"),
            (Label::RtcpEncryption, srtcp, "srtcpKe"),
            (Label::RtcpAuthentication, srtcp, "srtcpKa"),
            (Label::RtcpSalt, srtcp, "srtcpKs"),
        ] {
            let expected = hex(&case[name]);
            let mut derived = std::vec![0; expected.len()];
            derive(&master, label, r, &mut derived).unwrap();
            assert_eq!(derived, expected, "{} {name}", case["tcId"]);
        }
    }
    assert!(rate_zero > 0);
}

#[test]
fn lengths() {
    let mut out = [0; 16];
    for (key, salt) in [(0, 14), (15, 14), (17, 14), (25, 14), (33, 14), (16, 15)] {
        let (key, salt) = (&[0; 40][..key], &[0; 40][..salt]);
        let result = derive(&MasterKey::new(key, salt), Label::RtpSalt, 0, &mut out);
        assert_eq!(result, Err(Error::KeyLength));
    }
}
