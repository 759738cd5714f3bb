// SPDX-License-Identifier: MIT OR Apache-2.0
//! Truncated, damaged and hostile packets again, under each option that changes what a packet looks like or
//! which key it meets.

use std::string::String;
use std::vec::Vec;

use proptest::prelude::*;

use super::ends::{Session, disjoint, in_place, rtp_with, state};
use super::{Parts, into_vec, rtcp};
use crate::rtp::Header;
use crate::{Error, Options, Profile, Receiver, RocMode, RocTransmission};

/// A sequence number that carries the ROC; the next does not.
const WITH_ROC: u16 = 12;

fn carried(mode: RocMode, rate: u16) -> RocTransmission {
    let rate = rate.try_into().unwrap();
    RocTransmission { mode, rate }
}

/// Each option by itself, and those that meet in a packet.
fn options() -> Vec<Options> {
    let safe = Options::SAFE;
    let mki = Options { mki_len: 4, ..safe };
    let kdr = Options {
        key_derivation_rate: 8,
        ..safe
    };
    let elements = Options {
        encrypted_elements: true,
        ..safe
    };
    let cryptex = Options {
        cryptex: true,
        ..safe
    };
    let every_roc = Options {
        roc_transmission: Some(carried(RocMode::AuthenticatedRoc, 1)),
        ..safe
    };
    let some_rocs = Options {
        roc_transmission: Some(carried(RocMode::Authenticated, 4)),
        ..safe
    };
    std::vec![
        mki,
        Options {
            mki_len: 128,
            ..safe
        },
        Options {
            from_to: true,
            ..safe
        },
        kdr,
        elements,
        cryptex,
        every_roc,
        some_rocs,
        Options {
            mki_len: 1,
            key_derivation_rate: 1,
            ..elements
        },
        Options {
            mki_len: 4,
            key_derivation_rate: 1,
            roc_transmission: some_rocs.roc_transmission,
            ..cryptex
        },
        Options {
            from_to: true,
            key_derivation_rate: 1,
            roc_transmission: every_roc.roc_transmission,
            ..elements
        },
    ]
}

/// Those under which some packets carry no tag: anything may then be taken for a packet.
fn unauthenticated() -> Vec<Options> {
    let plain = Options {
        insecure_unauthenticated_srtp: true,
        ..Options::SAFE
    };
    let modes = [
        None,
        Some(carried(RocMode::AuthenticatedRoc, 4)),
        Some(carried(RocMode::Unauthenticated, 4)),
    ];
    let with = |roc_transmission| Options {
        roc_transmission,
        ..plain
    };
    modes
        .into_iter()
        .map(with)
        .chain([Options {
            mki_len: 4,
            key_derivation_rate: 2,
            encrypted_elements: true,
            ..with(modes[2])
        }])
        .collect()
}

/// Every option with one profile of each kind that it goes with.
fn sessions(options: &[Options]) -> impl Iterator<Item = Session> {
    let profiles = [
        Profile::AesCm128HmacSha1_32,
        Profile::AesCm256HmacSha1_80,
        Profile::F8Aes128HmacSha1_80,
        Profile::AeadAes128Gcm,
    ];
    let pairs = options
        .iter()
        .flat_map(move |options| profiles.map(|profile| (profile, *options)));
    pairs
        .filter(|(profile, options)| options.check(*profile).is_ok())
        .map(|(profile, options)| {
            let ids = if options.encrypted_elements {
                1..4
            } else {
                0..0
            };
            Session::new(profile, options).with_ids(ids).at_roc(5)
        })
}

/// Plain, with sources, with an extension, with both.
fn shapes(sequence_number: u16) -> [Vec<u8>; 4] {
    let elements = Some((0xbede, &b"\x12abc\x50d\0\0"[..]));
    [
        rtp_with(sequence_number, 0, None, b"media"),
        rtp_with(sequence_number, 2, None, b"media"),
        rtp_with(sequence_number, 0, elements, b"media"),
        rtp_with(sequence_number, 2, elements, b"media"),
    ]
}

/// A receiver for a whole sweep: whatever it refuses, in two buffers and in one, leaves it as it was.
struct Refusing<'r> {
    receiver: Receiver<'r>,
    before: String,
}

impl<'r> Refusing<'r> {
    fn new(session: &Session, parts: &'r mut Parts, ssrc: u32) -> Self {
        let mut receiver = session.receiver(parts);
        receiver.add_stream(ssrc).unwrap();
        receiver.set_roc(ssrc, session.roc).unwrap();
        let before = state(&receiver);
        Self { receiver, before }
    }

    fn rtp(&mut self, packet: &[u8]) -> Error {
        let receiver = &mut self.receiver;
        let refused = disjoint(300, |out| receiver.unprotect(packet, out));
        let again = in_place(packet, 0, |buffer| receiver.unprotect_in_place(buffer));
        assert_eq!(refused, again);
        refused.unwrap_err()
    }

    fn rtcp(&mut self, packet: &[u8]) -> Error {
        let receiver = &mut self.receiver;
        let refused = disjoint(300, |out| receiver.unprotect_rtcp(packet, out));
        let again = in_place(packet, 0, |buffer| receiver.unprotect_rtcp_in_place(buffer));
        assert_eq!(refused, again);
        refused.unwrap_err()
    }

    /// The receiver, for a good packet.
    fn unmoved(self) -> Receiver<'r> {
        assert_eq!(state(&self.receiver), self.before);
        self.receiver
    }
}

/// Every bit of the first `all` octets, and one of each that follows.
fn damaged(wire: &[u8], all: usize) -> impl Iterator<Item = (usize, Vec<u8>)> {
    (0..8 * wire.len())
        .filter(move |bit| bit / 8 < all || bit % 8 == bit / 8 % 8)
        .map(|bit| {
            let mut damaged = wire.to_vec();
            damaged[bit / 8] ^= 1 << (bit % 8);
            (bit, damaged)
        })
}

#[test]
fn every_length_of_every_shape() {
    for session in sessions(&options()) {
        for packet in [shapes(WITH_ROC), shapes(WITH_ROC + 1)].concat() {
            let header = Header::parse(&packet).unwrap();
            for len in 0..header.len {
                let error = session.protect(&packet[..len]).unwrap_err();
                assert!(matches!(error, Error::Truncated { .. }), "{len}: {error:?}");
            }
            let wire = session.protect(&packet).unwrap();
            let header_len = Header::parse(&wire).unwrap().len;
            let mut parts = session.parts();
            let mut refusing = Refusing::new(&session, &mut parts, header.ssrc);
            let trailer_len = {
                let session = &refusing.receiver.session;
                session.rtp_trailer_len(session.tag(header.sequence_number))
            };
            for len in 0..wire.len() {
                let error = refusing.rtp(&wire[..len]);
                let expected = match error {
                    Error::Truncated { .. } => len < header_len + trailer_len,
                    // What is now in the place of the MKI is that of no key.
                    Error::UnknownKey => session.options.mki_len > 0 && len >= header_len,
                    Error::Authentication => len >= header_len + trailer_len,
                    _ => false,
                };
                assert!(expected, "{session:?} {len}: {error:?}");
            }
            let mut receiver = refusing.unmoved();
            let heard = into_vec(|out| receiver.unprotect(&wire, out));
            assert_eq!(heard, session.unprotect(&wire));
            assert!(heard.is_ok());
        }
    }
}

#[test]
fn damage_to_every_shape() {
    for session in sessions(&options()) {
        for packet in [shapes(WITH_ROC), shapes(WITH_ROC + 1)].concat() {
            let wire = session.protect(&packet).unwrap();
            let header = Header::parse(&wire).unwrap();
            let mut parts = session.parts();
            let mut refusing = Refusing::new(&session, &mut parts, header.ssrc);
            for (bit, damaged) in damaged(&wire, header.len) {
                let error = refusing.rtp(&damaged);
                let expected = match error {
                    Error::Authentication => true,
                    // Another SSRC, and the one stream is taken.
                    Error::StreamLimit => (8..12).contains(&(bit / 8)),
                    Error::Version => bit < 8,
                    Error::Truncated { .. } => bit / 8 < header.len,
                    Error::Extension => session.options.encrypted_elements,
                    Error::UnknownKey => session.options.mki_len > 0,
                    _ => false,
                };
                assert!(expected, "{session:?} {bit}: {error:?}");
            }
            let mut receiver = refusing.unmoved();
            assert!(into_vec(|out| receiver.unprotect(&wire, out)).is_ok());
        }
    }
}

/// Reports have an MKI too, and keys of their own.
#[test]
fn lengths_of_and_damage_to_rtcp() {
    for session in sessions(&options()) {
        let (mut here, mut there) = (session.parts(), session.parts());
        let mut sender = session.sender(&mut here);
        let report = rtcp(1, b"report");
        // Beyond the first range of indices where there are such.
        for _ in 0..9 {
            into_vec(|out| sender.protect_rtcp(&report, out)).unwrap();
        }
        let before = state(&sender);
        for len in 0..8 {
            let error = disjoint(300, |out| sender.protect_rtcp(&report[..len], out));
            assert_eq!(error, Err(Error::Truncated { offset: 0 }));
        }
        assert_eq!(state(&sender), before);
        let wire = into_vec(|out| sender.protect_rtcp(&report, out)).unwrap();
        let trailer_len = sender.rtcp_trailer_len();
        assert_eq!(wire.len(), report.len() + trailer_len);

        let mut refusing = Refusing::new(&session, &mut there, 1);
        for len in 0..wire.len() {
            let error = refusing.rtcp(&wire[..len]);
            let expected = match error {
                Error::Truncated { offset: 0 } => len < 8 + trailer_len,
                Error::UnknownKey => session.options.mki_len > 0,
                Error::Authentication => len >= 8 + trailer_len,
                _ => false,
            };
            assert!(expected, "{session:?} {len}: {error:?}");
        }
        for (bit, damaged) in damaged(&wire, 8) {
            let error = refusing.rtcp(&damaged);
            let expected = match error {
                Error::Authentication => true,
                Error::StreamLimit => (4..8).contains(&(bit / 8)),
                Error::Version => bit < 8,
                Error::UnknownKey => session.options.mki_len > 0,
                _ => false,
            };
            assert!(expected, "{session:?} {bit}: {error:?}");
        }
        let mut receiver = refusing.unmoved();
        assert_eq!(
            into_vec(|out| receiver.unprotect_rtcp(&wire, out)),
            Ok(report)
        );
    }
}

#[test]
fn capacities() {
    for session in sessions(&options()) {
        for packet in [shapes(WITH_ROC), shapes(WITH_ROC + 1)].concat() {
            let wire = session.protect(&packet).unwrap();
            let heard = session.unprotect(&wire).unwrap();
            let (mut here, mut there) = (session.parts(), session.parts());
            let mut sender = session.sender(&mut here);
            let mut receiver = session.receiver(&mut there);
            let before = (state(&sender), state(&receiver));
            let needed = wire.len();
            assert!(needed <= packet.len() + sender.rtp_trailer_len());
            for room in 0..needed {
                let refused = disjoint(room, |out| sender.protect(&packet, out));
                assert_eq!(refused, Err(Error::BufferTooSmall { needed }));
            }
            for room in packet.len()..needed {
                let refused = in_place(&packet, room - packet.len(), |buffer| {
                    sender.protect_in_place(buffer, packet.len())
                });
                assert_eq!(refused, Err(Error::BufferTooSmall { needed }));
            }
            let needed = heard.len();
            for room in 0..needed {
                let refused = disjoint(room, |out| receiver.unprotect(&wire, out));
                assert_eq!(refused, Err(Error::BufferTooSmall { needed }));
            }
            assert_eq!((state(&sender), state(&receiver)), before);
            let sent = disjoint(wire.len(), |out| sender.protect(&packet, out));
            assert_eq!(sent.map(|wire| wire.len()), Ok(wire.len()));
        }
    }
}

/// No packet of a range that no key serves, either way.
#[test]
fn no_key_for_the_packet() {
    let options = Options {
        from_to: true,
        ..Options::SAFE
    };
    for session in sessions(&[options]) {
        let (mut here, mut there) = (session.parts(), session.parts());
        let wire = session.protect(&rtp_with(9, 0, None, b"media")).unwrap();
        let mut sender = here.sender_without_key();
        let mut receiver = there.receiver_without_key();
        let range = crate::KeyId::FromTo { from: 10, to: 20 };
        for without in [true, false] {
            if !without {
                sender.add_key(range, &session.master()).unwrap();
                receiver.add_key(range, &session.master()).unwrap();
            }
            let before = (state(&sender), state(&receiver));
            for seq in [9, 21] {
                let packet = rtp_with(seq, 0, None, b"media");
                let refused = disjoint(100, |out| sender.protect(&packet, out));
                assert_eq!(refused, Err(Error::UnknownKey));
                let refused = in_place(&packet, 60, |buffer| {
                    sender.protect_in_place(buffer, packet.len())
                });
                assert_eq!(refused, Err(Error::UnknownKey));
            }
            let refused = disjoint(100, |out| receiver.unprotect(&wire, out));
            assert_eq!(refused, Err(Error::UnknownKey));
            let refused = in_place(&wire, 0, |buffer| receiver.unprotect_in_place(buffer));
            assert_eq!(refused, Err(Error::UnknownKey));
            assert_eq!((state(&sender), state(&receiver)), before);
        }
    }
}

/// Octets that pass for a packet of `session` more often than not: past the version, and with its MKI.
fn plausible(session: &Session, mut packet: Vec<u8>, mark: bool) -> Vec<u8> {
    if let Some(first) = packet.first_mut().filter(|_| mark) {
        *first = (*first & 0x3f) | 0x80;
    }
    if mark && packet.len() > 28 {
        let tag_len = if session.profile.is_aead() {
            0
        } else {
            session.profile.rtp_tag_len()
        };
        packet.extend(session.mki());
        packet.extend(&[0x17; 16][..tag_len]);
    }
    packet
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever arrives or is to leave, nothing panics, and what is refused changes nothing.
    #[test]
    fn anything_may_arrive(
        packets in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..120), any::<bool>()), 1..10),
    ) {
        for session in sessions(&options()) {
            let (mut here, mut there) = (session.parts(), session.parts());
            let mut sender = session.sender(&mut here);
            let mut receiver = session.receiver(&mut there);
            for (packet, mark) in packets.clone() {
                let before = state(&sender);
                if disjoint(400, |out| sender.protect(&packet, out)).is_err() {
                    prop_assert_eq!(state(&sender), before);
                }
                let packet = plausible(&session, packet, mark);
                let before = state(&receiver);
                let refused = disjoint(300, |out| receiver.unprotect(&packet, out));
                prop_assert!(refused.is_err());
                let refused = disjoint(300, |out| receiver.unprotect_rtcp(&packet, out));
                prop_assert!(refused.is_err());
                let refused = in_place(&packet, 0, |buffer| receiver.unprotect_in_place(buffer));
                prop_assert!(refused.is_err());
                prop_assert_eq!(state(&receiver), before);
            }
        }
    }

    /// Without tags much is taken; the rest changes nothing all the same.
    #[test]
    fn anything_may_arrive_unauthenticated(
        packets in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..120), any::<bool>()), 1..10),
    ) {
        for session in sessions(&unauthenticated()) {
            for (packet, mark) in packets.clone() {
                let packet = plausible(&session, packet, mark);
                // It holds what came of it against the state and the buffers.
                drop(session.unprotect(&packet));
                drop(session.protect(&packet));
            }
        }
    }
}

/// Where there is no tag there is still an end: truncated packets are not read past it.
#[test]
fn every_length_unauthenticated() {
    for session in sessions(&unauthenticated()) {
        for packet in [shapes(WITH_ROC), shapes(WITH_ROC + 1)].concat() {
            let wire = session.protect(&packet).unwrap();
            assert_eq!(session.unprotect(&wire), Ok(packet.clone()));
            let header_len = Header::parse(&packet).unwrap().len;
            for len in 0..wire.len() {
                let heard = session.unprotect(&wire[..len]);
                if len < header_len {
                    assert!(matches!(heard, Err(Error::Truncated { .. })), "{len}");
                }
            }
        }
    }
}
