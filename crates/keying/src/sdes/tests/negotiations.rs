// SPDX-License-Identifier: MIT OR Apache-2.0
//! First offers and answers.

use std::format;
use std::string::String;
use std::vec::Vec;

use super::*;

#[test]
fn an_offer_has_a_line_for_each_suite() {
    let mut alice = Negotiation::new();
    let offered = offer(&mut alice, &Policy::new(&[GCM, CM_80, CM_32]), 1);
    let lines = lines_of(&offered);
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("a=crypto:1 AEAD_AES_128_GCM inline:"));
    assert!(lines[1].starts_with("a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:"));
    assert!(lines[2].starts_with("a=crypto:3 AES_CM_128_HMAC_SHA1_32 inline:"));
    assert!(lines[1][42..] != lines[2][42..]);
}

#[test]
fn everything_an_offer_may_say() {
    let policy = Policy {
        insecure_unencrypted_srtp: true,
        insecure_unencrypted_srtcp: true,
        insecure_unauthenticated_srtp: true,
        keys: 2,
        mki_len: 3,
        lifetime: Some(1000),
        params: SessionParams {
            unencrypted_srtp: true,
            unencrypted_srtcp: true,
            unauthenticated_srtp: true,
            kdr: 16,
            fec_order: Some(FecOrder::SrtpFec),
            window_hint: Some(512),
        },
        srtp_fec: true,
        ..Policy::new(BOTH)
    };
    let mut alice = Negotiation::new();
    let offered = offer(&mut alice, &policy, 1);
    let line = lines_of(&offered)[1];
    assert!(
        line.contains("|1000|1:3;inline:") && line.contains("|1000|2:3 KDR=16"),
        "{line}"
    );
    assert!(line.ends_with(
        " KDR=16 UNENCRYPTED_SRTP UNENCRYPTED_SRTCP UNAUTHENTICATED_SRTP FEC_ORDER=SRTP_FEC WSH=512"
    ), "{line}");
    let read = CryptoAttribute::parse(line.as_bytes()).unwrap();
    assert_eq!(read.params(), Some(policy.params));

    // The answer has the negotiated ones, and the keys and declarations of its own side.
    let mut bob = Negotiation::new();
    let policy_of_bob = Policy {
        keys: 1,
        mki_len: 0,
        lifetime: None,
        params: SessionParams::default(),
        ..policy
    };
    let (line, _) = answer(&mut bob, &offered, &policy_of_bob, 100).unwrap();
    assert!(
        line.ends_with(" UNENCRYPTED_SRTP UNENCRYPTED_SRTCP UNAUTHENTICATED_SRTP\r\n"),
        "{line}"
    );
    assert!(!line.contains('|'));
    assert_eq!(alice.take_answer(line.as_bytes(), &policy).unwrap(), NEW);
    assert_eq!(bob.window_hint(), Some(512));
    assert_eq!(bob.peer_params().unwrap(), policy.params);
    assert_eq!(alice.window_hint(), None);
    let options = bob.receiver_options(sipseal_srtp::Options::SAFE).unwrap();
    assert_eq!((options.mki_len, options.key_derivation_rate), (3, 1 << 16));
    assert!(options.insecure_unencrypted_srtp && options.insecure_unauthenticated_srtp);
    let options = bob.sender_options(sipseal_srtp::Options::SAFE).unwrap();
    assert_eq!((options.mki_len, options.key_derivation_rate), (0, 0));
    assert!(options.insecure_unencrypted_srtcp);
}

#[test]
fn preference() {
    let mut alice = Negotiation::new();
    let offered = offer(&mut alice, &Policy::new(&[CM_32, GCM, CM_80]), 1);
    let of = |policy: Policy<'_>| {
        answer(&mut Negotiation::new(), &offered, &policy, 100)
            .unwrap()
            .0
    };
    let suites = &[CM_80, GCM, CM_32];
    assert!(of(Policy::new(suites)).starts_with("a=crypto:1 AES_CM_128_HMAC_SHA1_32"));
    assert!(
        of(Policy {
            own_preference: true,
            ..Policy::new(suites)
        })
        .starts_with("a=crypto:3 AES_CM_128_HMAC_SHA1_80")
    );
    assert!(of(Policy::new(&[GCM])).starts_with("a=crypto:2 AEAD"));
}

#[test]
fn policies_that_hold() {
    let mut alice = Negotiation::new();
    let mut out = [0; 2048];
    let nine = [CM_80; 9];
    let declared = |params| Policy {
        params,
        ..Policy::new(BOTH)
    };
    let none = SessionParams::default();
    for policy in [
        Policy::new(&[]),
        Policy::new(&nine),
        Policy::new(&[CM_80, CM_80]),
        Policy::new(&[Profile::NullHmacSha1_80]),
        Policy {
            keys: 0,
            ..Policy::new(BOTH)
        },
        Policy {
            keys: 2,
            ..Policy::new(BOTH)
        },
        Policy {
            keys: 5,
            mki_len: 1,
            ..Policy::new(&[CM_80])
        },
        Policy {
            keys: 4,
            mki_len: 1,
            ..Policy::new(&[CM_80, CM_32, GCM])
        },
        Policy {
            keys: 2,
            mki_len: 65,
            ..Policy::new(BOTH)
        },
        Policy {
            mki_len: 129,
            ..Policy::new(BOTH)
        },
        Policy {
            lifetime: Some(1),
            ..Policy::new(BOTH)
        },
        Policy {
            lifetime: Some(MAX_LIFETIME + 1),
            ..Policy::new(BOTH)
        },
        declared(SessionParams { kdr: 25, ..none }),
        declared(SessionParams {
            window_hint: Some(63),
            ..none
        }),
        declared(SessionParams {
            unencrypted_srtp: true,
            ..none
        }),
        declared(SessionParams {
            unencrypted_srtcp: true,
            ..none
        }),
        declared(SessionParams {
            unauthenticated_srtp: true,
            ..none
        }),
        Policy {
            insecure_unencrypted_srtp: true,
            params: SessionParams {
                unencrypted_srtp: true,
                ..none
            },
            ..Policy::new(&[GCM])
        },
    ] {
        let refused = alice.offer(&policy, &mut counting(1), &mut out);
        assert_eq!(refused, Err(Error::Policy), "{policy:?}");
        let refused = alice.answer(b"", &policy, &mut counting(1), &mut out);
        assert_eq!(refused, Err(Error::Policy), "{policy:?}");
    }
    assert_eq!(out, [0; 2048]);
}

#[test]
fn media_and_transports() {
    let line = format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}\r\n");
    let of = |media: &str, policy: &Policy<'_>| {
        answer(
            &mut Negotiation::new(),
            &format!("{media}{line}"),
            policy,
            1,
        )
        .map(|_| ())
    };
    let strict = Policy::new(BOTH);
    let lax = Policy {
        plain_rtp: true,
        ..strict
    };
    for transport in ["RTP/SAVP", "RTP/SAVPF"] {
        assert_eq!(of(&format!("m=audio 9 {transport} 0\r\n"), &strict), Ok(()));
        assert_eq!(of(&format!("m=audio 9/2 {transport} 0\n"), &strict), Ok(()));
    }
    for transport in ["RTP/AVP", "RTP/AVPF"] {
        assert_eq!(
            of(&format!("m=audio 9 {transport} 0\r\n"), &strict),
            Err(Error::Transport)
        );
        assert_eq!(of(&format!("m=audio 9 {transport} 0\r\n"), &lax), Ok(()));
    }
    for transport in ["UDP/TLS/RTP/SAVP", "RTP/SAV", "udp", "RTP/SAVPX"] {
        assert_eq!(
            of(&format!("m=audio 9 {transport} 0\r\n"), &lax),
            Err(Error::Transport)
        );
    }
    assert_eq!(
        of("m=audio 0 RTP/SAVP 0\r\n", &strict),
        Err(Error::MediaRejected)
    );
    assert_eq!(of("m=audio\r\n", &strict), Err(Error::Media));
    assert_eq!(
        of("m=audio 9 RTP/SAVP 0\r\nm=video 9 RTP/SAVP 0\r\n", &strict),
        Err(Error::Media)
    );
    let none = answer(
        &mut Negotiation::new(),
        "m=audio 9 RTP/SAVP 0\r\n",
        &strict,
        1,
    );
    assert_eq!(none.unwrap_err(), Error::NoLine);

    let sixteen = line.replace(":1 AES", ":1 OTHER").repeat(15) + &line;
    assert!(answer(&mut Negotiation::new(), &sixteen, &strict, 1).is_ok());
    let more = format!("{line}{sixteen}");
    assert_eq!(
        answer(&mut Negotiation::new(), &more, &strict, 1).unwrap_err(),
        Error::TooManyLines
    );
}

#[test]
fn answers_to_what_was_not_offered() {
    let policy = Policy {
        insecure_unencrypted_srtcp: true,
        ..Policy::new(BOTH)
    };
    let mut alice = Negotiation::new();
    let line = |tag: &str, suite: &str, rest: &str| {
        format!("a=crypto:{tag} {suite} inline:{KEY}{rest}\r\n")
    };
    let (cm_80, cm_32) = ("AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32");
    assert_eq!(
        alice.take_answer(line("1", cm_80, "").as_bytes(), &policy),
        Err(Error::NotOffered)
    );
    let offered = offer(&mut alice, &policy, 1);
    let mut refused = |answer: &str| match alice.take_answer(answer.as_bytes(), &policy) {
        Err(Error::Rejected(Rejection { line: 0, fault })) => fault.reason,
        other => panic!("{answer}: {other:?}"),
    };
    assert_eq!(refused(&line("3", cm_80, "")), Reason::TagNotOffered);
    assert_eq!(refused(&line("0", cm_80, "")), Reason::TagNotOffered);
    assert_eq!(refused(&line("1", cm_32, "")), Reason::OtherSuite);
    assert_eq!(refused(&line("2", cm_80, "")), Reason::OtherSuite);
    assert_eq!(
        refused(&line("1", cm_80, " UNENCRYPTED_SRTCP")),
        Reason::OtherParameters
    );
    assert_eq!(
        refused(&line("1", cm_80, " UNENCRYPTED_SRTP")),
        Reason::ParameterNotAllowed
    );
    assert_eq!(
        refused(&line("1", cm_80, " FUTURE")),
        Reason::UnknownParameter
    );
    assert_eq!(
        refused(&line("1", cm_80, &format!(" FEC_KEY=inline:{OTHER}"))),
        Reason::ParameterNotAllowed
    );
    assert_eq!(
        refused(&line("1", "AEAD_AES_128_GCM", "").replace(KEY, GCM_KEY)),
        Reason::SuiteNotAllowed
    );
    // Ours, of either line, and under either.
    for echoed in lines_of(&offered) {
        assert_eq!(refused(&format!("{echoed}\r\n")), Reason::KeyEchoed);
        let other = echoed.replace(":1 AES_CM_128_HMAC_SHA1_80", ":2 AES_CM_128_HMAC_SHA1_32");
        assert_eq!(refused(&other), Reason::KeyEchoed);
    }
    let mut error = |answer: &str| alice.take_answer(answer.as_bytes(), &policy).unwrap_err();
    assert_eq!(error(""), Error::NoLine);
    assert_eq!(error("m=audio 9 RTP/SAVP 0\r\n"), Error::NoLine);
    assert_eq!(error("m=audio 0 RTP/SAVP 0\r\n"), Error::MediaRejected);
    assert_eq!(error(&line("1", cm_80, "").repeat(2)), Error::TooManyLines);
    assert_eq!(alice.profile(), Err(Error::NotAgreed));
    assert_eq!(
        alice.take_answer(
            line("1", cm_80, "|2^20|1:4 KDR=4 WSH=64").as_bytes(),
            &policy
        ),
        Ok(NEW)
    );
    assert_eq!(alice.profile(), Ok(CM_80));
}

#[test]
fn a_parameter_that_was_offered_must_be_answered() {
    let policy = Policy {
        insecure_unencrypted_srtcp: true,
        params: SessionParams {
            unencrypted_srtcp: true,
            ..SessionParams::default()
        },
        ..Policy::new(BOTH)
    };
    let mut alice = Negotiation::new();
    let _ = offer(&mut alice, &policy, 1);
    let line = format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}");
    let refused = alice.take_answer(line.as_bytes(), &policy);
    assert!(
        matches!(refused, Err(Error::Rejected(Rejection { fault, .. })) if fault.reason == Reason::OtherParameters)
    );
    let line = format!("{line} UNENCRYPTED_SRTCP");
    assert_eq!(alice.take_answer(line.as_bytes(), &policy), Ok(NEW));
}

#[test]
fn keys_in_one_line() {
    let policy = Policy::new(BOTH);
    let of = |keys: &str| {
        let text = format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 {keys}\r\n");
        reason(&Negotiation::new(), &text, &policy, 0)
    };
    assert_eq!(
        of(&format!("inline:{KEY}|1:4;inline:{KEY}|2:4")),
        Reason::KeyReused
    );
    assert_eq!(
        of(&format!("inline:{KEY}|1:4;inline:{OTHER}|1:4")),
        Reason::Mki
    );
    assert_eq!(of(&format!("inline:{KEY}|256:1")), Reason::Mki);
    let key = |position: usize| format!("inline:{position}{}|{position}:32", &KEY[1..]);
    let keys = |count| (1..=count).map(key).collect::<Vec<_>>().join(";");
    assert_eq!(of(&keys(5)), Reason::KeyLimit);
    assert_eq!(of(&keys(4).replace(":32", ":33")), Reason::KeyLimit);
    let text = format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 {}\r\n", keys(4));
    assert_eq!(
        Negotiation::new().verdict(text.as_bytes(), &policy, 0),
        Ok(1)
    );
    assert_eq!(
        Negotiation::new().verdict(text.as_bytes(), &policy, 1),
        Err(Error::NoLine)
    );
    // An AEAD has no unencrypted packets (RFC 7714 section 8.2).
    let lax = Policy {
        insecure_unencrypted_srtp: true,
        ..Policy::new(&[GCM])
    };
    let text = format!("a=crypto:1 AEAD_AES_128_GCM inline:{GCM_KEY} UNENCRYPTED_SRTP");
    assert_eq!(
        reason(&Negotiation::new(), &text, &lax, 0),
        Reason::Contradiction
    );
}

#[test]
fn room_and_randomness() {
    let policy = Policy {
        lifetime: Some(1 << 31),
        ..Policy::new(BOTH)
    };
    let mut alice = Negotiation::new();
    let needed = offer(&mut alice, &policy, 1).len();
    let offered = offer(&mut alice, &policy, 2);
    let mut bob = Negotiation::new();
    let answer_len = answer(&mut Negotiation::new(), &offered, &policy, 100)
        .unwrap()
        .0
        .len();
    let mut out = [0; 512];
    for room in 0..needed {
        let short = alice.offer(&policy, &mut counting(3), &mut out[..room]);
        assert_eq!(short, Err(Error::BufferTooSmall { needed }));
    }
    for room in 0..answer_len {
        let short = bob.answer(
            offered.as_bytes(),
            &policy,
            &mut counting(100),
            &mut out[..room],
        );
        assert_eq!(short, Err(Error::BufferTooSmall { needed: answer_len }));
    }
    let mut broken = |_: &mut [u8]| Err(RandomFailed);
    assert_eq!(
        alice.offer(&policy, &mut broken, &mut out),
        Err(Error::Random)
    );
    assert_eq!(
        bob.answer(offered.as_bytes(), &policy, &mut broken, &mut out),
        Err(Error::Random)
    );
    let mut stuck = |out: &mut [u8]| {
        out.fill(7);
        Ok(())
    };
    assert_eq!(
        alice.offer(&policy, &mut stuck, &mut out),
        Err(Error::Random)
    );
    // The generator of alice, run again.
    assert_eq!(
        bob.answer(offered.as_bytes(), &policy, &mut counting(2), &mut out),
        Err(Error::Random)
    );
    assert_eq!(out, [0; 512]);
    assert_eq!(bob.profile(), Err(Error::NotAgreed));
    // The first offer still stands.
    let line: String = answer(&mut bob, &offered, &policy, 100).unwrap().0;
    assert_eq!(alice.take_answer(line.as_bytes(), &policy), Ok(NEW));
}
