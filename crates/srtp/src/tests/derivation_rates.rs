// SPDX-License-Identifier: MIT OR Apache-2.0
//! Session keys derived anew every so many packets (RFC 3711 section 4.3.1): those of a packet are those of its
//! index, whatever came before it.

use std::collections::BTreeMap;
use std::vec::Vec;

use proptest::prelude::*;

use super::reference::Reference;
use super::{Parts, into_vec, other_secret, rtcp, rtp};
use crate::{Error, Options, Profile, index};

const RATES: [u32; 4] = [1, 2, 1 << 10, 1 << 24];

fn parts(profile: Profile, rate: u32) -> Parts {
    let mut parts = Parts::new(profile, 3, 64);
    parts.options.key_derivation_rate = rate;
    parts
}

fn seq(index: u64) -> u16 {
    u16::try_from(index % 65_536).unwrap()
}

/// Three streams under one key, each about a boundary of its own, and their packets out of order.
#[test]
fn srtp_about_the_boundaries() {
    for profile in Profile::ALL.iter().copied() {
        for rate in RATES {
            let secret = other_secret(profile, 0);
            let (mut here, mut there) = (parts(profile, rate), parts(profile, rate));
            let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
            let reference = Reference {
                key_derivation_rate: u64::from(rate),
                ..Reference::new(profile, &secret)
            };
            let boundaries = [1, 2, 11].map(|epoch| (epoch << 24_u64, epoch));
            let mut wires = Vec::new();
            for (boundary, ssrc) in boundaries {
                let ssrc = u32::try_from(ssrc).unwrap();
                let roc = index::roc(boundary - 2);
                for end in [&mut *sender, &mut *receiver] {
                    end.add_stream(ssrc).unwrap();
                }
                sender.set_roc(ssrc, roc).unwrap();
                receiver.set_roc(ssrc, roc).unwrap();
            }
            // Interleaved: every packet under another epoch than the one before.
            for step in 0..4 {
                for (boundary, ssrc) in boundaries {
                    let index = boundary - 2 + step;
                    let packet = rtp(u32::try_from(ssrc).unwrap(), seq(index), b"media");
                    let wire = into_vec(|out| sender.protect(&packet, out)).unwrap();
                    assert_eq!(wire, reference.rtp(&packet, index), "{rate} {index}");
                    wires.push((wire, packet));
                }
            }
            // A stream's first packet comes first, since a ROC was set for it; the others in any order.
            for at in [0, 1, 2, 9, 3, 8, 10, 5, 11, 4, 7, 6] {
                let (wire, packet) = &wires[at];
                let heard = into_vec(|out| receiver.unprotect(wire, out));
                assert_eq!(heard.as_ref(), Ok(packet), "{rate} {at}");
                let again = into_vec(|out| receiver.unprotect(wire, out));
                assert_eq!(again, Err(Error::Replayed));
            }
        }
    }
}

/// SRTCP has an index of its own, and epochs by it.
#[test]
fn srtcp_about_the_boundaries() {
    for profile in Profile::ALL.iter().copied() {
        for rate in RATES {
            let secret = other_secret(profile, 0);
            let (mut here, mut there) = (parts(profile, rate), parts(profile, rate));
            let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
            let reference = Reference {
                key_derivation_rate: u64::from(rate),
                ..Reference::new(profile, &secret)
            };
            let mut wires = Vec::new();
            // The index of the last report before; SRTP stays in its first epochs.
            for (ssrc, before) in [(1, 2 * rate - 3 * u32::from(rate > 1)), (2, (5 << 24) - 3)] {
                sender.streams.place(ssrc, 3, before);
                for index in before + 1..before + 6 {
                    let packet = rtcp(ssrc, b"report");
                    let wire = into_vec(|out| sender.protect_rtcp(&packet, out)).unwrap();
                    assert_eq!(wire, reference.rtcp(&packet, index), "{rate} {index}");
                    wires.push((wire, packet));
                    let media = rtp(ssrc, 4 + u16::try_from(index - before).unwrap(), b"media");
                    let wire = into_vec(|out| sender.protect(&media, out)).unwrap();
                    assert_eq!(wire, reference.rtp(&media, u64::from(seq_of(&media))));
                }
            }
            for at in [8, 2, 0, 9, 4, 1, 5, 3, 7, 6] {
                let (wire, packet) = &wires[at];
                let heard = into_vec(|out| receiver.unprotect_rtcp(wire, out));
                assert_eq!(heard.as_ref(), Ok(packet), "{rate} {at}");
            }
        }
    }
}

fn seq_of(packet: &[u8]) -> u16 {
    u16::from_be_bytes([packet[2], packet[3]])
}

/// A forged packet that has keys derived for another epoch leaves no other packet with the wrong ones.
#[test]
fn forged_packets_of_other_epochs() {
    let profile = Profile::AeadAes128Gcm;
    let secret = other_secret(profile, 0);
    let (mut here, mut there) = (parts(profile, 16), parts(profile, 16));
    let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
    for at in 0..100 {
        let packet = rtp(1, at, b"media");
        let mut forged = into_vec(|out| sender.protect(&packet, out)).unwrap();
        let wire = forged.clone();
        forged[2] ^= 0x40;
        let refused = into_vec(|out| receiver.unprotect(&forged, out));
        assert_eq!(refused, Err(Error::Authentication));
        assert_eq!(into_vec(|out| receiver.unprotect(&wire, out)), Ok(packet));
    }
}

#[test]
fn rates_that_are_none() {
    let profile = Profile::AesCm128HmacSha1_80;
    let with_rate = |rate| {
        let mut options = Options::SAFE;
        options.key_derivation_rate = rate;
        options.check(profile)
    };
    for power in 0..=24 {
        assert_eq!(with_rate(1 << power), Ok(()));
    }
    for rate in [
        3,
        5,
        6,
        1000,
        (1 << 24) - 1,
        (1 << 24) + 1,
        1 << 25,
        1 << 31,
        u32::MAX,
    ] {
        assert_eq!(with_rate(rate), Err(Error::Layout));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Streams that jump about, a few at a time: every packet and report is that of the reference.
    #[test]
    fn epochs_are_those_of_the_index(
        steps in prop::collection::vec((0_u32..3, 1_u64..3000, any::<bool>()), 1..60),
        rate in 0..24,
        profile in 0..Profile::ALL.len(),
    ) {
        let (profile, rate) = (Profile::ALL[profile], 1_u32 << rate);
        let secret = other_secret(profile, 0);
        let (mut here, mut there) = (parts(profile, rate), parts(profile, rate));
        let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
        let reference = Reference {
            key_derivation_rate: u64::from(rate),
            ..Reference::new(profile, &secret)
        };
        let mut reached = BTreeMap::new();
        for (ssrc, step, is_report) in steps {
            let (rtp_next, rtcp_next) = reached.entry(ssrc).or_insert((u64::from(ssrc) * 20_000, 0));
            let (packet, heard) = if is_report {
                let packet = rtcp(ssrc, b"report");
                let wire = into_vec(|out| sender.protect_rtcp(&packet, out)).unwrap();
                prop_assert_eq!(&wire, &reference.rtcp(&packet, *rtcp_next));
                *rtcp_next += 1;
                let heard = into_vec(|out| receiver.unprotect_rtcp(&wire, out));
                (packet, heard)
            } else {
                *rtp_next += step;
                let packet = rtp(ssrc, seq(*rtp_next), b"media");
                let wire = into_vec(|out| sender.protect(&packet, out)).unwrap();
                prop_assert_eq!(&wire, &reference.rtp(&packet, *rtp_next));
                let heard = into_vec(|out| receiver.unprotect(&wire, out));
                (packet, heard)
            };
            prop_assert_eq!(heard, Ok(packet));
        }
    }
}
