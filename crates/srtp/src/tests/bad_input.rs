// SPDX-License-Identifier: MIT OR Apache-2.0
//! Truncated, contradictory and hostile packets: a typed error, nothing written, nothing moved.

use std::vec::Vec;

use proptest::prelude::*;

use super::{Parts, into_vec, rtcp, rtp, secret};
use crate::{Error, Processed, Profile, Receiver, Sender};

/// Packets of each shape: plain, with sources, with an extension, with both, and RTCP.
fn shapes() -> [Vec<u8>; 4] {
    let plain = rtp(1, 10, &[0xaa; 20]);
    let mut sources = rtp(1, 10, &[0xcc; 30]);
    sources[0] |= 3;
    let mut extension = rtp(1, 10, &[0xbe, 0xde, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]);
    extension[0] |= 0x10;
    let mut both = rtp(1, 10, &[0xdd; 40]);
    both[0] |= 0x12;
    both[20..24].copy_from_slice(&[0, 0, 0, 3]);
    [plain, sources, extension, both]
}

/// A call that must fail: the output stays as it was.
fn refused(len: usize, call: impl FnOnce(&mut [u8]) -> Result<Processed, Error>) -> Error {
    let mut output = std::vec![0xee; len];
    let error = call(&mut output).expect_err("must be refused");
    assert!(output.iter().all(|octet| *octet == 0xee), "output written");
    error
}

fn state(receiver: &Receiver<'_>) -> std::string::String {
    std::format!(
        "{:?}",
        (receiver.streams.snapshot(), receiver.session.packets_left())
    )
}

fn sender_state(sender: &Sender<'_>) -> std::string::String {
    std::format!(
        "{:?}",
        (sender.streams.snapshot(), sender.session.packets_left())
    )
}

#[test]
fn every_length_of_every_shape() {
    for profile in Profile::ALL.iter().copied() {
        let secret = secret(profile);
        for packet in shapes() {
            let header = crate::rtp::Header::parse(&packet).unwrap().len;
            let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
            let mut sender = here.sender(&secret);
            let before = sender_state(&sender);
            for len in 0..header {
                let error = refused(200, |out| sender.protect(&packet[..len], out));
                assert!(matches!(error, Error::Truncated { .. }), "{len}: {error:?}");
            }
            assert_eq!(sender_state(&sender), before);
            let wire = into_vec(|out| sender.protect(&packet, out)).unwrap();

            let mut receiver = there.receiver(&secret);
            let before = state(&receiver);
            for len in 0..wire.len() {
                let error = refused(200, |out| receiver.unprotect(&wire[..len], out));
                let expected = if len < header + profile.rtp_tag_len() {
                    matches!(error, Error::Truncated { .. })
                } else {
                    error == Error::Authentication
                };
                assert!(expected, "{len}: {error:?}");
                let mut in_place = wire[..len].to_vec();
                assert_eq!(receiver.unprotect_in_place(&mut in_place), Err(error));
                assert_eq!(in_place, wire[..len]);
            }
            assert_eq!(state(&receiver), before);
            assert_eq!(into_vec(|out| receiver.unprotect(&wire, out)), Ok(packet));
        }
    }
}

#[test]
fn every_length_of_rtcp() {
    for profile in Profile::ALL.iter().copied() {
        let secret = secret(profile);
        for encrypt in [true, false] {
            let packet = rtcp(1, &[0x55; 30]);
            let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
            here.options.insecure_unencrypted_srtcp |= !encrypt;
            let mut sender = here.sender(&secret);
            for len in 0..8 {
                let error = refused(200, |out| sender.protect_rtcp(&packet[..len], out));
                assert_eq!(error, Error::Truncated { offset: 0 });
            }
            let wire = into_vec(|out| sender.protect_rtcp(&packet, out)).unwrap();
            let mut receiver = there.receiver(&secret);
            let before = state(&receiver);
            for len in 0..wire.len() {
                let error = refused(200, |out| receiver.unprotect_rtcp(&wire[..len], out));
                let expected = if len < 8 + (4 + profile.rtcp_tag_len()) {
                    error == Error::Truncated { offset: 0 }
                } else {
                    error == Error::Authentication
                };
                assert!(expected, "{len}: {error:?}");
            }
            assert_eq!(state(&receiver), before);
            assert_eq!(
                into_vec(|out| receiver.unprotect_rtcp(&wire, out)),
                Ok(packet)
            );
        }
    }
}

#[test]
fn versions_and_counts() {
    let profile = Profile::AesCm128HmacSha1_80;
    let secret = secret(profile);
    let mut parts = Parts::new(profile, 1, 64);
    let mut sender = parts.sender(&secret);
    for version in [0, 1, 3] {
        let mut packet = rtp(1, 1, &[0; 80]);
        packet[0] = version << 6;
        assert_eq!(
            refused(200, |out| sender.protect(&packet, out)),
            Error::Version
        );
        assert_eq!(
            refused(200, |out| sender.protect_rtcp(&packet, out)),
            Error::Version
        );
    }
    let mut packet = rtp(1, 1, &[0; 59]);
    packet[0] |= 15;
    let error = refused(200, |out| sender.protect(&packet, out));
    assert_eq!(
        error,
        Error::Truncated { offset: 12 },
        "sources past the end"
    );
    let mut packet = rtp(1, 1, &[0, 0, 0, 1, 0, 0, 0]);
    packet[0] |= 0x10;
    let error = refused(200, |out| sender.protect(&packet, out));
    assert_eq!(
        error,
        Error::Truncated { offset: 12 },
        "extension past the end"
    );
    let mut packet = rtp(1, 1, &[0, 0, 0xff, 0xff]);
    packet[0] |= 0x10;
    let error = refused(200, |out| sender.protect(&packet, out));
    assert_eq!(
        error,
        Error::Truncated { offset: 12 },
        "the longest extension"
    );
    let mut packet = rtp(1, 1, &[0, 0, 0]);
    packet[0] |= 0x10;
    let error = refused(200, |out| sender.protect(&packet, out));
    assert_eq!(
        error,
        Error::Truncated { offset: 12 },
        "extension header past the end"
    );
}

#[test]
fn capacities() {
    for profile in Profile::ALL.iter().copied() {
        let secret = secret(profile);
        let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
        let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
        let packet = rtp(1, 1, &[7; 20]);
        let needed = packet.len() + profile.rtp_tag_len();
        for room in 0..needed {
            let error = refused(room, |out| sender.protect(&packet, out));
            assert_eq!(error, Error::BufferTooSmall { needed });
            let mut buffer = packet.clone();
            buffer.resize(room.max(packet.len()), 0xee);
            let before = buffer.clone();
            let error = sender.protect_in_place(&mut buffer[..room], packet.len());
            assert_eq!(error, Err(Error::BufferTooSmall { needed }));
            assert_eq!(buffer, before);
        }
        let mut wire = std::vec![0; needed];
        assert!(sender.protect(&packet, &mut wire).is_ok(), "exactly enough");
        for room in 0..packet.len() {
            let error = refused(room, |out| receiver.unprotect(&wire, out));
            assert_eq!(
                error,
                Error::BufferTooSmall {
                    needed: packet.len()
                }
            );
        }
        let mut heard = std::vec![0; packet.len()];
        assert!(
            receiver.unprotect(&wire, &mut heard).is_ok(),
            "exactly enough"
        );

        let report = rtcp(1, &[7; 20]);
        let needed = report.len() + (4 + profile.rtcp_tag_len());
        let error = refused(needed - 1, |out| sender.protect_rtcp(&report, out));
        assert_eq!(error, Error::BufferTooSmall { needed });
        let mut wire = std::vec![0; needed];
        assert!(sender.protect_rtcp(&report, &mut wire).is_ok());
        let error = refused(report.len() - 1, |out| receiver.unprotect_rtcp(&wire, out));
        assert_eq!(
            error,
            Error::BufferTooSmall {
                needed: report.len()
            }
        );
    }
}

proptest! {
    /// Whatever arrives, nothing panics, and what is refused changes nothing.
    #[test]
    fn anything_may_arrive(
        packets in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..120), 1..20),
        profile in 0..Profile::ALL.len(),
    ) {
        let profile = Profile::ALL[profile];
        let mut parts = Parts::new(profile, 2, 64);
        let mut receiver = parts.receiver(&secret(profile));
        for mut packet in packets {
            // Past the version check more often than one time in four.
            if let Some(first) = packet.first_mut() && *first & 1 == 0 {
                *first = (*first & 0x3f) | 0x80;
            }
            let before = state(&receiver);
            refused(120, |out| receiver.unprotect(&packet, out));
            refused(120, |out| receiver.unprotect_rtcp(&packet, out));
            prop_assert_eq!(state(&receiver), before);
        }
    }

    /// Any change to a good packet is noticed, in one buffer and in two, and the good one still passes.
    #[test]
    fn any_damage_is_noticed(
        payload in prop::collection::vec(any::<u8>(), 0..60),
        profile in 0..Profile::ALL.len(),
        damage in any::<prop::sample::Index>(),
        pattern in 1..=255_u8,
        is_rtcp: bool,
    ) {
        let profile = Profile::ALL[profile];
        let secret = secret(profile);
        let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
        let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
        let packet = if is_rtcp { rtcp(1, &payload) } else { rtp(1, 1, &payload) };
        let wire = into_vec(|out| {
            if is_rtcp { sender.protect_rtcp(&packet, out) } else { sender.protect(&packet, out) }
        }).unwrap();
        let mut damaged = wire.clone();
        damaged[damage.index(wire.len())] ^= pattern;
        let before = state(&receiver);
        refused(200, |out| {
            if is_rtcp { receiver.unprotect_rtcp(&damaged, out) } else { receiver.unprotect(&damaged, out) }
        });
        let mut in_place = damaged.clone();
        let verdict = if is_rtcp {
            receiver.unprotect_rtcp_in_place(&mut in_place)
        } else {
            receiver.unprotect_in_place(&mut in_place)
        };
        prop_assert!(verdict.is_err());
        prop_assert_eq!(in_place, damaged);
        prop_assert_eq!(state(&receiver), before);
        let heard = into_vec(|out| {
            if is_rtcp { receiver.unprotect_rtcp(&wire, out) } else { receiver.unprotect(&wire, out) }
        });
        prop_assert_eq!(heard, Ok(packet));
    }
}
