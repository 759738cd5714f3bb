// SPDX-License-Identifier: MIT OR Apache-2.0
//! Offers like those of phones and servers in the field.

use std::format;
use std::string::String;

use super::*;

const PHONES: &[Profile] = &[
    Profile::AeadAes256Gcm,
    GCM,
    Profile::AesCm256HmacSha1_80,
    CM_80,
    CM_32,
    Profile::F8Aes128HmacSha1_80,
];

fn policy() -> Policy<'static> {
    Policy {
        lifetime: Some(1 << 31),
        ..Policy::new(PHONES)
    }
}

/// The tag of the answer and its suite.
fn answered(offer: &str, policy: &Policy<'_>) -> (u32, String) {
    let (line, change) = answer(&mut Negotiation::new(), offer, policy, 1).unwrap();
    assert_eq!(change, NEW);
    let line = CryptoAttribute::parse(line.as_bytes()).unwrap();
    (
        line.tag(),
        String::from_utf8(line.suite_name().to_vec()).unwrap(),
    )
}

#[test]
fn yealink() {
    let offer = format!(
        "m=audio 11780 RTP/SAVP 0 8 18 9 101\r\n\
         a=rtpmap:0 PCMU/8000\r\n\
         a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}\r\n\
         a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:{OTHER}\r\n\
         a=crypto:3 F8_128_HMAC_SHA1_80 inline:{THIRD}\r\n\
         a=sendrecv\r\n"
    );
    assert_eq!(
        answered(&offer, &policy()),
        (1, "AES_CM_128_HMAC_SHA1_80".into())
    );
}

#[test]
fn poly_with_lifetimes_and_unencrypted_srtcp() {
    let offer = format!(
        "m=audio 2232 RTP/SAVP 9 0 8 127\r\n\
         a=crypto:4 AES_CM_128_HMAC_SHA1_32 inline:{KEY}|2^31 UNENCRYPTED_SRTCP\r\n\
         a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{OTHER}|2^31\r\n"
    );
    assert_eq!(
        answered(&offer, &policy()),
        (1, "AES_CM_128_HMAC_SHA1_80".into())
    );
    assert_eq!(
        reason(&Negotiation::new(), &offer, &policy(), 0),
        Reason::ParameterNotAllowed
    );
    let lax = Policy {
        insecure_unencrypted_srtcp: true,
        ..policy()
    };
    let (line, _) = answer(&mut Negotiation::new(), &offer, &lax, 1).unwrap();
    assert!(
        line.starts_with("a=crypto:4 AES_CM_128_HMAC_SHA1_32 inline:"),
        "{line}"
    );
    assert!(line.ends_with("|2^31 UNENCRYPTED_SRTCP\r\n"), "{line}");
}

#[test]
fn cisco_with_aeads() {
    let offer = format!(
        "m=audio 18414 RTP/SAVP 114 9 0 8\r\n\
         a=crypto:1 AEAD_AES_256_GCM inline:{}=\r\n\
         a=crypto:2 AEAD_AES_128_GCM inline:{GCM_KEY}\r\n\
         a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:{KEY}\r\n\
         a=crypto:4 AES_CM_128_HMAC_SHA1_32 inline:{OTHER}\r\n",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKis"
    );
    assert_eq!(answered(&offer, &policy()), (1, "AEAD_AES_256_GCM".into()));
    let old = Policy {
        own_preference: true,
        ..Policy::new(&[CM_80, GCM])
    };
    assert_eq!(
        answered(&offer, &old),
        (3, "AES_CM_128_HMAC_SHA1_80".into())
    );
}

/// An MKI of 32 octets whose value is 1, as gateways of many makers copy it from one another.
#[test]
fn grandstream_with_mkis() {
    let offer = format!(
        "m=audio 5004 RTP/SAVP 0 8\r\n\
         a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^32|1:32\r\n\
         a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:{OTHER}|2^32|1:32\r\n\
         a=crypto:3 AES_256_CM_HMAC_SHA1_80 inline:{}==|2^32|1:32\r\n",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLQ"
    );
    let mut bob = Negotiation::new();
    let _ = answer(&mut bob, &offer, &policy(), 1).unwrap();
    let options = bob.receiver_options(sipseal_srtp::Options::SAFE).unwrap();
    assert_eq!(options.mki_len, 32);
    assert_eq!(
        bob.sender_options(sipseal_srtp::Options::SAFE)
            .unwrap()
            .mki_len,
        0
    );
}

#[test]
fn teams_with_lifetimes_and_mkis() {
    let offer = format!(
        "m=audio 50022 RTP/SAVP 104 9 103 111 18 0 8 97 101 13 118\r\n\
         c=IN IP4 52.112.0.1\r\n\
         a=rtcp:50023\r\n\
         a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^31|1:1\r\n\
         a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:{OTHER}|2^31\r\n"
    );
    assert_eq!(
        answered(&offer, &policy()),
        (2, "AES_CM_128_HMAC_SHA1_80".into())
    );
}

#[test]
fn eight_lines_and_suites_of_others() {
    let mut offer = String::from("m=audio 4000 RTP/SAVPF 0\r\n");
    for (tag, suite) in [
        "AEAD_ARIA_256_GCM",
        "ARIA_256_CTR_HMAC_SHA1_80",
        "SEED_128_GCM_96",
        "SEED_CTR_128_HMAC_SHA1_80",
        "AES_GCM_256_X",
        "NULL_HMAC_SHA1_80",
        "F8_128_HMAC_SHA1_32",
    ]
    .iter()
    .enumerate()
    {
        offer += &format!("a=crypto:{tag} {suite} inline:{KEY}|2^99 WHATEVER\r\n");
    }
    assert_eq!(
        answer(&mut Negotiation::new(), &offer, &policy(), 1).unwrap_err(),
        Error::Rejected(Rejection {
            line: 0,
            fault: Fault {
                reason: Reason::UnknownSuite,
                offset: 11
            }
        })
    );
    offer += &format!("a=crypto:77 AES_CM_128_HMAC_SHA1_32 inline:{THIRD}\r\n");
    assert_eq!(
        answered(&offer, &policy()),
        (77, "AES_CM_128_HMAC_SHA1_32".into())
    );
}

#[test]
fn freeswitch_and_ffmpeg_have_names_of_their_own() {
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLQ";
    let offer = format!("a=crypto:1 AES_CM_256_HMAC_SHA1_80 inline:{key}\r\n");
    assert_eq!(
        answered(&offer, &policy()),
        (1, "AES_CM_256_HMAC_SHA1_80".into())
    );
    let offer = format!("a=crypto:1 SRTP_AES128_CM_HMAC_SHA1_32 inline:{KEY}\r\n");
    assert_eq!(
        answered(&offer, &policy()),
        (1, "SRTP_AES128_CM_HMAC_SHA1_32".into())
    );
}
