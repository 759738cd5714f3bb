// SPDX-License-Identifier: MIT OR Apache-2.0
//! sipseal and libsrtp over the same random network: the same octets out, the same verdict in.

use sipseal_interop::differences;
use sipseal_interop::libsrtp::LibSrtp;
use sipseal_interop::network::{Tally, run};
use sipseal_interop::ours::Ours;
use sipseal_interop::packets::MAX_PAYLOAD;
use sipseal_interop::random::{Random, seeds};
use sipseal_interop::verdict::Protocol::{Rtcp, Rtp};
use sipseal_interop::verdict::{Endpoint, Refusal, Setup};
use sipseal_srtp::Profile;

const SEEDS: [u64; 8] = [1, 2, 3, 5, 8, 13, 21, 34];
const STEPS: usize = 20_000;

/// Runs every seed and profile, with `adjust` applied to the setup.
fn hold(adjust: impl Fn(&mut Setup)) -> Tally {
    let mut total = Tally::default();
    for seed in seeds(&SEEDS) {
        for profile in Profile::ALL {
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
    assert!(total.delivered(Rtp, Ok(())) >= 100_000, "{total}");
    for difference in [
        &differences::VERSION,
        &differences::LENGTH_FIRST,
        &differences::SHORT_GCM,
    ] {
        assert!(total.difference(difference) > 0, "{total}");
    }
    total
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
fn with_encrypted_rtcp() {
    saw_rtcp(&hold(|_| {}));
}

#[test]
fn with_rtcp_authenticated_only() {
    saw_rtcp(&hold(|setup| setup.rtcp_encryption = false));
}

#[test]
fn with_the_smallest_window() {
    hold(|setup| setup.window = 64);
}

#[test]
fn with_a_large_window() {
    hold(|setup| setup.window = 1024);
}

/// Each end protects for the other, at every length.
#[test]
fn every_payload_length() {
    for seed in seeds(&SEEDS[..1]) {
        let random = &mut Random::new(seed);
        for profile in Profile::ALL {
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
    for profile in Profile::ALL {
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
