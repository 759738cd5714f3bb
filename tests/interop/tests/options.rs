// SPDX-License-Identifier: MIT OR Apache-2.0
//! The options that both have, over the same random network, alone and together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sipseal_interop::differences;
use sipseal_interop::libsrtp::LibSrtp;
use sipseal_interop::network::{Tally, run};
use sipseal_interop::ours::Ours;
use sipseal_interop::packets::{self, Form, MAX_ID};
use sipseal_interop::random::{Random, seeds};
use sipseal_interop::verdict::Protocol::{Rtcp, Rtp};
use sipseal_interop::verdict::{Change, Changes, Endpoint, Refusal, Setup, profiles};
use sipseal_srtp::{Admission, Notice, Profile};
use srtp::{CryptoPolicy, Session, StreamPolicy};

const SEEDS: [u64; 3] = [4, 6, 9];
const STEPS: usize = 8_000;

/// Runs every seed with every profile that `takes_part`, as `adjust` sets it up.
fn hold(takes_part: fn(Profile) -> bool, adjust: impl Fn(&mut Setup, &mut Random)) -> Tally {
    hold_for(&SEEDS, STEPS, takes_part, adjust)
}

fn hold_for(
    fixed: &[u64],
    steps: usize,
    takes_part: fn(Profile) -> bool,
    adjust: impl Fn(&mut Setup, &mut Random),
) -> Tally {
    let mut total = Tally::default();
    for seed in seeds(fixed) {
        for (number, profile) in profiles().enumerate() {
            if !takes_part(profile) {
                continue;
            }
            // No two profiles have the same choices.
            let mut random = Random::new(seed ^ (number as u64) << 40);
            let mut setup = Setup::new(&mut random, profile);
            adjust(&mut setup, &mut random);
            let mut ours = Ours::new(&setup);
            let mut theirs = LibSrtp::new(&setup);
            match run(&mut ours, &mut theirs, &setup, random.long(), steps) {
                Ok(tally) => total.add(&tally),
                Err(mismatch) => panic!("seed {seed}, {setup:?}: {mismatch:?}"),
            }
        }
    }
    println!("{total}");
    total
}

fn every(_: Profile) -> bool {
    true
}

fn is_encrypting(profile: Profile) -> bool {
    profile.is_encrypting()
}

/// Whether SRTP can go without encryption, or without authentication.
fn has_separate_services(profile: Profile) -> bool {
    profile.is_encrypting() && !profile.is_aead()
}

/// Whether libsrtp can set ROCs: [`differences::ROC_AND_GCM`].
fn is_not_aead(profile: Profile) -> bool {
    !profile.is_aead()
}

fn saw_both(total: &Tally) {
    assert!(total.intact(Rtp) >= 20_000, "{total}");
    assert!(total.intact(Rtcp) >= 5_000, "{total}");
    for refusal in [
        Refusal::Authentication,
        Refusal::Replayed,
        Refusal::Malformed,
    ] {
        for protocol in [Rtp, Rtcp] {
            assert!(total.delivered(protocol, Err(refusal)) > 0, "{total}");
        }
    }
}

fn random_ids(random: &mut Random) -> Vec<u8> {
    (1..=MAX_ID)
        .filter(|_| random.percent(50))
        .chain([1])
        .collect()
}

fn some_keys(setup: &mut Setup, random: &mut Random) {
    let count = random.between(1, 16);
    let mki_len = random.pick(&[1, 2, 4, 16, 127, 128]);
    setup.set_keys(random, count, mki_len);
}

/// MKIs of up to 128 octets, up to 16 keys, and a sender that goes from one to the other.
#[test]
fn several_keys() {
    let total = hold(every, some_keys);
    saw_both(&total);
    for protocol in [Rtp, Rtcp] {
        let unknown = total.delivered(protocol, Err(Refusal::UnknownKey));
        assert!(unknown > 0, "{total}");
    }
    assert!(total.changes("key to send with") >= 3_000, "{total}");
    let order = total.difference(&differences::MKI_BEFORE_INDEX);
    assert!(order > 0, "{total}");
}

#[test]
fn several_keys_with_less_security() {
    let total = hold(has_separate_services, |setup, random| {
        some_keys(setup, random);
        setup.options.insecure_unauthenticated_srtp = random.percent(50);
        setup.options.insecure_unencrypted_srtp = random.percent(50);
        setup.options.insecure_unencrypted_srtcp = random.percent(50);
    });
    assert!(total.intact(Rtp) >= 5_000, "{total}");
}

/// Every size of MKI, each key of three, in both directions.
#[test]
fn every_mki_length() {
    let random = &mut Random::new(1);
    for profile in profiles() {
        for mki_len in 1..=128 {
            let mut setup = Setup::new(random, profile);
            setup.set_keys(random, 3, mki_len);
            let mut ours = Ours::new(&setup);
            let mut theirs = LibSrtp::new(&setup);
            for (number, key) in setup.keys.iter().enumerate() {
                let change = Change::UseKey(key.mki.clone());
                assert_eq!(ours.change(&change), theirs.change(&change));
                for protocol in [Rtp, Rtcp] {
                    let packet = match protocol {
                        Rtp => packets::rtp(random, 7, u16::try_from(number).unwrap()),
                        Rtcp => packets::rtcp(random, 7),
                    };
                    let wire = ours.protect(protocol, &packet).unwrap();
                    assert_eq!(theirs.protect(protocol, &packet).as_ref(), Ok(&wire));
                    assert_eq!(ours.unprotect(protocol, &wire).as_ref(), Ok(&packet));
                    if protocol == Rtp || !differences::mki_is_missed(&setup) {
                        assert_eq!(theirs.unprotect(protocol, &wire), Ok(packet));
                    }
                }
            }
        }
    }
}

#[test]
fn trailers() {
    let random = &mut Random::new(1);
    for profile in profiles() {
        for mki_len in [0, 1, 4, 128] {
            for unauthenticated in [false, true] {
                if unauthenticated && profile.is_aead() {
                    continue;
                }
                let mut setup = Setup::new(random, profile);
                setup.options.insecure_unauthenticated_srtp = unauthenticated;
                if mki_len > 0 {
                    setup.set_keys(random, 2, mki_len);
                }
                let sender = Ours::new(&setup).sender;
                let lens = [sender.rtp_trailer_len(), sender.rtcp_trailer_len()];
                assert_eq!(lens, LibSrtp::new(&setup).trailer_lens());
            }
        }
    }
}

/// A packet from an SSRC of one's own, under a key of one's own, is good, and is told.
#[test]
fn collisions() {
    let told = Arc::new(AtomicUsize::new(0));
    for profile in [Profile::AesCm128HmacSha1_80, Profile::AeadAes256Gcm] {
        let setup = Setup::new(&mut Random::new(1), profile);
        let crypto = if profile.is_aead() {
            CryptoPolicy::aes_gcm_256_16_auth()
        } else {
            CryptoPolicy::aes_cm_128_hmac_sha1_80()
        };
        let mut session = Session::new().unwrap();
        let policy = StreamPolicy {
            rtp: crypto,
            rtcp: crypto,
            key: &setup.key_and_salt,
            ..StreamPolicy::default()
        };
        session.add_stream(7, policy).unwrap();
        let counter = told.clone();
        session.on_ssrc_collision(move |_, ssrc, _| {
            assert_eq!(ssrc, 7);
            counter.fetch_add(1, Ordering::Relaxed);
        });
        let mut ours = Ours::new(&setup);
        ours.receiver.add_own_ssrc(7).unwrap();

        let random = &mut Random::new(1);
        let mut own = packets::rtp(random, 7, 1);
        session.protect(&mut own).unwrap();
        let before = told.load(Ordering::Relaxed);
        let packet = packets::rtp(random, 7, 2);
        let mut wire = ours.protect(Rtp, &packet).unwrap();
        let mut heard = vec![0; packet.len()];
        let processed = ours.receiver.unprotect(&wire, &mut heard).unwrap();
        assert_eq!(processed.notice, Some(Notice::SsrcCollision));
        session.unprotect(&mut wire).unwrap();
        assert_eq!((&heard, &wire), (&packet, &packet));
        assert_eq!(told.load(Ordering::Relaxed), before + 1);
    }
}

#[test]
fn encrypted_elements() {
    let total = hold(is_encrypting, |setup, random| {
        setup.set_element_ids(&random_ids(random));
    });
    saw_both(&total);
    assert!(
        total.difference(&differences::ELEMENTS_FIRST) > 0,
        "{total}"
    );
}

#[test]
fn encrypted_elements_without_authentication() {
    let total = hold(has_separate_services, |setup, random| {
        setup.set_element_ids(&random_ids(random));
        setup.options.insecure_unauthenticated_srtp = true;
    });
    assert!(total.intact(Rtp) >= 5_000, "{total}");
}

/// Two-byte elements, which libsrtp knows by another name: [`differences::TWO_BYTE_FORM`].
#[test]
fn two_byte_elements() {
    let mut with_elements = 0;
    for seed in seeds(&SEEDS) {
        for profile in profiles().filter(|profile| profile.is_encrypting()) {
            for authenticated in [true, false] {
                if profile.is_aead() && !authenticated {
                    continue;
                }
                let random = &mut Random::new(seed);
                let mut setup = Setup::new(random, profile);
                setup.options.insecure_unauthenticated_srtp = !authenticated;
                setup.set_element_ids(&random_ids(random));
                let mut ours = Ours::new(&setup);
                let mut theirs = LibSrtp::new(&setup);
                for seq in 0..1_000 {
                    let packet = packets::rtp_with_elements(random, 7, seq, Form::TwoByte);
                    let at = 12 + 4 * usize::from(packet[0] & 15);
                    let has_elements = packet[0] & 0x10 != 0;
                    let renamed = |packet: &[u8], from: &[u8], to: &[u8]| {
                        let mut packet = packet.to_vec();
                        if has_elements {
                            assert_eq!(&packet[at..at + 2], from);
                            packet[at..at + 2].copy_from_slice(to);
                        }
                        packet
                    };
                    let to_theirs = |packet: &[u8]| renamed(packet, b"\x10\x00", b"\x01\x00");
                    let to_ours = |packet: &[u8]| renamed(packet, b"\x01\x00", b"\x10\x00");
                    with_elements += usize::from(has_elements);

                    let wire = ours.protect(Rtp, &packet).unwrap();
                    let their_wire = theirs.protect(Rtp, &to_theirs(&packet)).unwrap();
                    // The tags are of different headers.
                    let tag_at = wire.len() - setup.rtp_tag_len();
                    assert_eq!(wire.len(), their_wire.len());
                    assert_eq!(wire[..tag_at], to_ours(&their_wire)[..tag_at]);
                    let from_ours = if authenticated {
                        their_wire
                    } else {
                        to_theirs(&wire)
                    };
                    let heard = theirs.unprotect(Rtp, &from_ours).unwrap();
                    assert_eq!(to_ours(&heard), packet);
                    assert_eq!(ours.unprotect(Rtp, &wire), Ok(packet));
                }
            }
        }
    }
    assert!(with_elements >= 10_000);
}

#[test]
fn retransmission() {
    let total = hold(every, |setup, random| {
        setup.options.retransmission = true;
        setup.window = random.pick(&[64, 128, 512]);
    });
    assert!(total.intact(Rtp) >= 20_000, "{total}");
    assert_eq!(total.sent(Rtp, Err(Refusal::Replayed)), 0);
    assert!(total.sent(Rtp, Err(Refusal::TooOld)) > 0, "{total}");
}

#[test]
fn windows() {
    for window in [256, 512, 2_048, 4_096, 8_192, 16_384] {
        let total = hold(every, |setup, _| setup.window = window);
        assert!(total.intact(Rtp) >= 20_000, "{total}");
        assert!(total.delivered(Rtp, Err(Refusal::TooOld)) > 0, "{total}");
    }
}

#[test]
fn streams_that_come_and_go() {
    let total = hold(every, |setup, random| {
        setup.changes.streams = true;
        if random.percent(50) {
            setup.options.admission = Admission::ListedOnly;
        }
    });
    saw_both(&total);
    assert!(total.changes("streams removed") >= 100, "{total}");
    assert!(total.changes("streams added") >= 100, "{total}");
    for protocol in [Rtp, Rtcp] {
        let unlisted = total.delivered(protocol, Err(Refusal::StreamLimit));
        assert!(unlisted > 0, "{total}");
    }
    assert!(total.outdated > 0 && total.rocs > 0, "{total}");
}

#[test]
fn rocs_that_are_set() {
    let total = hold(is_not_aead, |setup, _| setup.changes.rocs = true);
    saw_both(&total);
    assert!(total.changes("ROC") >= 100, "{total}");
    assert!(total.highest_roc >= 10 && total.rocs > 0, "{total}");
}

#[test]
fn keys_that_are_replaced() {
    let total = hold(every, |setup, random| {
        setup.changes.keys = true;
        setup.window = random.pick(&[64, 128, 1_024]);
    });
    assert!(total.intact(Rtp) >= 20_000, "{total}");
    assert!(total.changes("key") >= 50, "{total}");
    assert!(total.outdated >= 1_000, "{total}");
}

#[test]
fn several_keys_that_are_replaced() {
    let total = hold(every, |setup, random| {
        some_keys(setup, random);
        setup.changes.keys = true;
    });
    saw_both(&total);
    assert!(total.changes("keys") >= 50, "{total}");
    let unknown = total.delivered(Rtp, Err(Refusal::UnknownKey));
    assert!(unknown > 0, "{total}");
}

#[test]
fn new_keys_and_rocs() {
    let total = hold(every, |setup, _| setup.changes.resets = true);
    assert!(total.intact(Rtp) >= 20_000, "{total}");
    assert!(total.changes("key and ROCs") >= 20, "{total}");
}

/// Where a stream is when a receiver joins, up to the last ROC. With GCM libsrtp hears one packet only, and sends
/// none: [`differences::ROC_AND_GCM`].
#[test]
fn one_who_joins_late() {
    for seed in seeds(&SEEDS) {
        let random = &mut Random::new(seed);
        for profile in profiles() {
            for _ in 0..15 {
                let setup = Setup::new(random, profile);
                let roc =
                    random.pick(&[1, 2, 3, 0xffff, 0x1_0000, u32::MAX, random.clone().word()]);
                let seq =
                    random.pick(&[0, 1, 0x7fff, 0x8000, random.clone().sequence_number() / 2]);
                let mut ours = Ours::new(&setup);
                let mut theirs = LibSrtp::new(&setup);
                let mut joining = Ours::new(&setup);
                for end in [&mut ours as &mut dyn Endpoint, &mut theirs] {
                    assert_eq!(end.change(&Change::AddStream(7)), [Ok(()), Ok(())]);
                    assert_eq!(end.change(&Change::SetRoc(7, roc)), [Ok(()), Ok(())]);
                }
                let packet = packets::rtp(random, 7, seq);
                let wire = ours.protect(Rtp, &packet).unwrap();
                if !profile.is_aead() {
                    assert_eq!(theirs.protect(Rtp, &packet).as_ref(), Ok(&wire));
                }
                // First under a ROC that it does not have.
                for (roc, expected) in [
                    (roc ^ 1 << 20, Err(Refusal::Authentication)),
                    (roc, Ok(packet.clone())),
                ] {
                    ours.receiver.set_roc(7, roc).unwrap();
                    assert_eq!(theirs.change(&Change::SetRoc(7, roc))[1], Ok(()));
                    assert_eq!(ours.unprotect(Rtp, &wire), expected);
                    assert_eq!(theirs.unprotect(Rtp, &wire), expected);
                }
                let mut heard = vec![0; packet.len()];
                let tried = joining.receiver.unprotect_with_roc(&wire, &mut heard, roc);
                assert_eq!(tried.map(|processed| processed.len), Ok(packet.len()));
                assert_eq!(heard, packet);
                assert_eq!(joining.roc(7)[1], Ok(roc));

                let packet = packets::rtp(random, 7, seq + 1);
                if profile.is_aead() {
                    let wire = ours.protect(Rtp, &packet).unwrap();
                    assert_eq!(joining.unprotect(Rtp, &wire), Ok(packet));
                } else {
                    let wire = theirs.protect(Rtp, &packet).unwrap();
                    assert_eq!(ours.unprotect(Rtp, &wire).as_ref(), Ok(&packet));
                    assert_eq!(joining.unprotect(Rtp, &wire).as_ref(), Ok(&packet));
                    assert_eq!(theirs.unprotect(Rtp, &wire), Ok(packet));
                    assert_eq!(ours.roc(7)[1], theirs.roc(7)[1]);
                }
            }
        }
    }
}

/// Whatever can stand together.
#[test]
fn all_at_once() {
    let fixed: Vec<u64> = (50..65).collect();
    let total = hold_for(&fixed, 2_500, every, |setup, random| {
        let profile = setup.profile;
        setup.window = random.pick(&[64, 128, 128, 128, 256, 1_024]);
        setup.options.retransmission = random.percent(50);
        if profile.is_encrypting() {
            setup.options.insecure_unencrypted_srtcp = random.percent(30);
            match random.below(4) {
                0 if !profile.is_aead() => setup.options.insecure_unencrypted_srtp = true,
                1 => (),
                _ => setup.set_element_ids(&random_ids(random)),
            }
        }
        if random.percent(60) {
            some_keys(setup, random);
        }
        if random.percent(40) {
            setup.options.admission = Admission::ListedOnly;
        }
        setup.changes = Changes {
            keys: random.percent(70),
            resets: setup.keys.is_empty() && random.percent(40),
            streams: random.percent(70),
            rocs: !profile.is_aead() && random.percent(70),
        };
    });
    saw_both(&total);
    for name in [
        "key",
        "keys",
        "key and ROCs",
        "streams added",
        "streams removed",
        "ROC",
    ] {
        assert!(total.changes(name) > 0, "{total}");
    }
}
