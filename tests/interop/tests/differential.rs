// SPDX-License-Identifier: MIT OR Apache-2.0
//! sipseal and libsrtp over the same random network: the same octets out, the same verdict in.

use sipseal_interop::differences;
use sipseal_interop::libsrtp::LibSrtp;
use sipseal_interop::network::{Tally, run};
use sipseal_interop::ours::Ours;
use sipseal_interop::packets::MAX_PAYLOAD;
use sipseal_interop::random::{Random, seeds};
use sipseal_interop::verdict::Protocol::{Rtcp, Rtp};
use sipseal_interop::verdict::{Endpoint, Refusal, Setup, profiles};
use sipseal_srtp::{Construction, Profile};

const SEEDS: [u64; 8] = [1, 2, 3, 5, 8, 13, 21, 34];
const STEPS: usize = 14_000;

/// Runs every seed with every profile that `takes_part`, with `adjust` applied to the setup.
fn hold(takes_part: fn(Profile) -> bool, adjust: impl Fn(&mut Setup)) -> Tally {
    let mut total = Tally::default();
    for seed in seeds(&SEEDS) {
        for profile in profiles().filter(|profile| takes_part(*profile)) {
            let mut setup = Setup::new(&mut Random::new(seed), profile);
            adjust(&mut setup);
            let mut ours = Ours::new(&setup);
            let mut theirs = LibSrtp::new(&setup);
            match run(&mut ours, &mut theirs, &setup, seed, STEPS) {
                Ok(tally) => total.add(&tally),
                Err(mismatch) => panic!("seed {seed}, {setup:?}: {mismatch:?}"),
            }
        }
    }
    println!("{total}");
    total
}

fn saw_rtp(total: &Tally) {
    assert!(total.highest_roc >= 5, "{total}");
    for refusal in [
        Refusal::Authentication,
        Refusal::Replayed,
        Refusal::TooOld,
        Refusal::Malformed,
        Refusal::Version,
    ] {
        assert!(total.delivered(Rtp, Err(refusal)) >= 500, "{total}");
    }
    for refusal in [Refusal::Replayed, Refusal::TooOld, Refusal::Malformed] {
        assert!(total.sent(Rtp, Err(refusal)) >= 500, "{total}");
    }
    assert!(total.intact(Rtp) >= 100_000, "{total}");
    for difference in [&differences::VERSION, &differences::LENGTH_FIRST] {
        assert!(total.difference(difference) > 0, "{total}");
    }
}

/// Without authentication, only sequence number and length get a packet refused. Damaged packets are taken,
/// and so are old ones as those of a later ROC, as the RFC has it: senders soon lose their receivers, which
/// must still agree on every octet.
fn saw_unauthenticated_rtp(total: &Tally) {
    assert!(total.highest_roc >= 2, "{total}");
    assert_eq!(total.delivered(Rtp, Err(Refusal::Authentication)), 0);
    for refusal in [Refusal::Replayed, Refusal::TooOld, Refusal::Malformed] {
        assert!(total.delivered(Rtp, Err(refusal)) >= 500, "{total}");
        assert!(total.sent(Rtp, Err(refusal)) >= 500, "{total}");
    }
    assert!(total.intact(Rtp) >= 20_000, "{total}");
    let damaged = total.delivered(Rtp, Ok(())) - total.intact(Rtp);
    assert!(damaged >= 10_000, "{total}");
}

fn saw_rtcp(total: &Tally) {
    for refusal in [
        Refusal::Authentication,
        Refusal::Replayed,
        Refusal::Malformed,
        Refusal::Version,
    ] {
        assert!(total.delivered(Rtcp, Err(refusal)) >= 500, "{total}");
    }
    assert!(total.delivered(Rtcp, Err(Refusal::TooOld)) > 0, "{total}");
    assert!(total.delivered(Rtcp, Ok(())) >= 30_000, "{total}");
    assert!(
        total.difference(&differences::ENCRYPTION_FLAG) > 0,
        "{total}"
    );
}

#[test]
fn with_all_security() {
    let total = hold(every, |_| {});
    saw_rtp(&total);
    saw_rtcp(&total);
    assert!(total.difference(&differences::SHORT_GCM) > 0, "{total}");
}

#[test]
fn with_rtcp_authenticated_only() {
    let total = hold(is_encrypting, |setup| {
        setup.options.insecure_unencrypted_srtcp = true;
    });
    saw_rtp(&total);
    saw_rtcp(&total);
}

#[test]
fn with_rtp_authenticated_only() {
    let total = hold(has_separate_services, |setup| {
        setup.options.insecure_unencrypted_srtp = true;
    });
    saw_rtp(&total);
    saw_rtcp(&total);
    let short = total.difference(&differences::SHORT_UNENCRYPTED);
    assert!(short > 0, "{total}");
}

#[test]
fn with_nothing_encrypted() {
    let total = hold(has_separate_services, |setup| {
        setup.options.insecure_unencrypted_srtp = true;
        setup.options.insecure_unencrypted_srtcp = true;
    });
    saw_rtp(&total);
    saw_rtcp(&total);
}

#[test]
fn with_rtp_encrypted_only() {
    let total = hold(has_separate_services, |setup| {
        setup.options.insecure_unauthenticated_srtp = true;
    });
    saw_unauthenticated_rtp(&total);
    saw_rtcp(&total);
}

#[test]
fn with_plain_rtp() {
    let total = hold(has_separate_services, |setup| {
        setup.options.insecure_unencrypted_srtp = true;
        setup.options.insecure_unauthenticated_srtp = true;
    });
    saw_unauthenticated_rtp(&total);
    saw_rtcp(&total);
}

#[test]
fn with_the_smallest_window() {
    saw_rtp(&hold(every, |setup| setup.window = 64));
}

#[test]
fn with_a_large_window() {
    saw_rtp(&hold(every, |setup| setup.window = 1024));
}

#[test]
fn with_the_smallest_window_and_no_authentication() {
    saw_unauthenticated_rtp(&hold(has_separate_services, |setup| {
        setup.window = 64;
        setup.options.insecure_unauthenticated_srtp = true;
    }));
}

fn every(_: Profile) -> bool {
    true
}

/// Whether SRTCP can go without encryption.
fn is_encrypting(profile: Profile) -> bool {
    profile.is_encrypting()
}

/// Whether SRTP can go without encryption, or without authentication.
fn has_separate_services(profile: Profile) -> bool {
    profile.is_encrypting() && !profile.is_aead()
}

/// The packets of sipseal's self-test, with its keys: libsrtp gives the answers that are pinned there.
#[test]
fn known_answers() {
    const CM_KEY: &[u8] = b"\xe1\xf9\x7a\x0d\x3e\x01\x8b\xe0\xd6\x4f\xa3\x2c\x06\xde\x41\x39";
    const CM_SALT: &[u8] = b"\x0e\xc6\x75\xad\x49\x8a\xfe\xeb\xb6\x96\x0b\x3a\xab\xe6";
    const GCM_SALT: &[u8] = b"\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab";
    let packet = |header: &[u8]| [header, &[0xab; 16]].concat();
    let rtp = packet(b"\x80\x0f\x12\x34\xde\xca\xfb\xad\xca\xfe\xba\xbe");
    let rtcp = packet(b"\x81\xc8\x00\x0b\xca\xfe\xba\xbe");
    // The first octets of what follows the header, to see that these are the answers of the self-test.
    let begin = |profile: Profile| match profile.construction() {
        Construction::AesCm128HmacSha1 => (*b"\x4e\x55\xdc\x4c", *b"\x71\x28\x03\x5b"),
        Construction::AesCm192HmacSha1 => (*b"\x24\x11\xa1\xeb", *b"\x07\xf9\x9d\x1e"),
        Construction::AesCm256HmacSha1 => (*b"\x2e\xaf\xab\x4c", *b"\x90\x22\x6f\x76"),
        Construction::NullHmacSha1 => (*b"\xab\xab\xab\xab", *b"\xab\xab\xab\xab"),
        Construction::Aes128Gcm => (*b"\xc5\x00\x2e\xde", *b"\xc9\x8b\x8b\x5d"),
        Construction::Aes256Gcm => (*b"\x0a\xf7\xf2\x1e", *b"\x8a\xbf\xaf\xa7"),
        other => panic!("no answer for {other:?}"),
    };
    let counting: Vec<u8> = (0..32).collect();
    for profile in profiles() {
        let key = &counting[..profile.key_len()];
        let mut setup = Setup::new(&mut Random::new(1), profile);
        setup.key_and_salt = match (profile.is_aead(), key.len()) {
            (true, _) => [key, GCM_SALT].concat(),
            (false, 16) => [CM_KEY, CM_SALT].concat(),
            (false, _) => [key, CM_SALT].concat(),
        };
        let mut ours = Ours::new(&setup);
        let mut theirs = LibSrtp::new(&setup);
        let (rtp_begin, rtcp_begin) = begin(profile);
        let wire = theirs.protect(Rtp, &rtp).unwrap();
        println!("{profile:?} RTP {:02x?}", &wire[12..]);
        assert_eq!(wire[12..16], rtp_begin, "{profile:?}");
        assert_eq!(ours.protect(Rtp, &rtp), Ok(wire), "{profile:?}");
        let wire = theirs.protect(Rtcp, &rtcp).unwrap();
        println!("{profile:?} RTCP {:02x?}", &wire[8..]);
        assert_eq!(wire[8..12], rtcp_begin, "{profile:?}");
        assert_eq!(ours.protect(Rtcp, &rtcp), Ok(wire), "{profile:?}");
    }
    assert_eq!(sipseal_srtp::self_test(), Ok(()));
}

/// Each end protects for the other, at every length.
#[test]
fn every_payload_length() {
    for seed in seeds(&SEEDS[..1]) {
        let random = &mut Random::new(seed);
        for profile in profiles() {
            let setup = Setup::new(random, profile);
            let mut ours = Ours::new(&setup);
            let mut theirs = LibSrtp::new(&setup);
            for len in 0..=MAX_PAYLOAD {
                for (protocol, header) in [(Rtp, 12), (Rtcp, 8)] {
                    let mut packet = random.octets(header + len);
                    packet[0] = 0x80;
                    packet[2..4].copy_from_slice(&u16::try_from(len).unwrap().to_be_bytes());
                    packet[header - 4..header].copy_from_slice(b"SSRC");
                    let from_ours = ours.protect(protocol, &packet).unwrap();
                    let from_theirs = theirs.protect(protocol, &packet).unwrap();
                    assert_eq!(from_ours, from_theirs, "{profile:?} {protocol:?} {len}");
                    let at_theirs = theirs.unprotect(protocol, &from_ours);
                    assert_eq!(at_theirs.as_deref(), Ok(&packet[..]));
                    let at_ours = ours.unprotect(protocol, &from_theirs);
                    assert_eq!(at_ours.as_deref(), Ok(&packet[..]));
                }
            }
        }
    }
}

/// The index is estimated alike at the edges of the half circle, by senders and by receivers.
#[test]
fn edges_of_the_index_estimate() {
    let packet = |index: u64| {
        let mut packet = b"\x80\x00..timeSSRCpayload".to_vec();
        #[allow(clippy::cast_possible_truncation)] // The low half is what a packet carries.
        packet[2..4].copy_from_slice(&(index as u16).to_be_bytes());
        packet
    };
    let mut refused = 0;
    for profile in profiles() {
        let setup = Setup::new(&mut Random::new(1), profile);
        for highest in [0, 1, 0x7fff, 0x8000, 0x8001, 0xffff].map(|seq| 0x2_0000 + seq) {
            for start in [0, 0x7fff, 0xffff] {
                for distance in [0x7ffe, 0x7fff, 0x8000, 0x8001, 0x8002, 0xffff] {
                    let mut ours = Ours::new(&setup);
                    let mut theirs = LibSrtp::new(&setup);
                    // From `start` to `highest` in strides, then on by `distance`, wherever that leads.
                    let walk = (start..=highest).step_by(0x4000);
                    for index in walk.chain([highest, highest + distance]) {
                        let wire = ours.protect(Rtp, &packet(index));
                        assert_eq!(wire, theirs.protect(Rtp, &packet(index)));
                        let Ok(wire) = wire else {
                            refused += 1;
                            continue;
                        };
                        let heard = ours.unprotect(Rtp, &wire);
                        assert_eq!(heard, theirs.unprotect(Rtp, &wire));
                        assert_eq!(heard, Ok(packet(index)));
                    }
                }
            }
        }
    }
    assert!(refused > 0);
}
