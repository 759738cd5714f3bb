// SPDX-License-Identifier: MIT OR Apache-2.0
//! The ROC in packets (RFC 4771): three modes, one receiver who joins late, one who is lied to.

use core::num::NonZeroU16;
use std::vec::Vec;

use super::reference::Reference;
use super::{Parts, into_vec, other_secret, rtp};
use crate::RocMode::{Authenticated, AuthenticatedRoc, Unauthenticated};
use crate::{
    Error, KeyId, MasterKey, Options, Profile, Receiver, RocMode, RocTransmission, Sender,
};

const SSRC: u32 = 0x0102_0304;
const MODES: [RocMode; 3] = [AuthenticatedRoc, Authenticated, Unauthenticated];

fn carried(mode: RocMode, rate: u16) -> RocTransmission {
    RocTransmission {
        mode,
        rate: NonZeroU16::new(rate).unwrap(),
    }
}

/// The options with what the mode needs to be opted in to.
fn opted_in(options: Options, mode: RocMode, rate: u16) -> Options {
    Options {
        insecure_unauthenticated_srtp: match mode {
            AuthenticatedRoc => rate != 1,
            Authenticated => false,
            Unauthenticated => true,
        },
        roc_transmission: Some(carried(mode, rate)),
        ..options
    }
}

fn parts(profile: Profile, mode: RocMode, rate: u16) -> Parts {
    let mut parts = Parts::new(profile, 1, 64);
    parts.options = opted_in(parts.options, mode, rate);
    parts
}

fn with_roc_transmission() -> impl Iterator<Item = Profile> {
    let all = Profile::ALL.iter().copied();
    all.filter(|profile| !profile.is_aead())
}

fn start_at(sender: &mut Sender<'_>, roc: u32) {
    sender.add_stream(SSRC).unwrap();
    sender.set_roc(SSRC, roc).unwrap();
}

/// A packet whose payload tells it from others.
fn media(seq: u16) -> Vec<u8> {
    rtp(SSRC, seq, &[b"media ", &seq.to_be_bytes()[..]].concat())
}

fn send(sender: &mut Sender<'_>, seq: u16) -> Vec<u8> {
    into_vec(|out| sender.protect(&media(seq), out)).unwrap()
}

fn hear(receiver: &mut Receiver<'_>, wire: &[u8]) -> Result<Vec<u8>, Error> {
    into_vec(|out| receiver.unprotect(wire, out))
}

/// Octet for octet, over a wrap, with and without an MKI in front of the tag.
#[test]
fn the_packets_of_each_mode() {
    for profile in with_roc_transmission() {
        for mode in MODES {
            for (rate, mki) in [(1, &[][..]), (4, &[]), (3, b"mki!"), (65_535, b"m")] {
                let secret = other_secret(profile, 0);
                let master = MasterKey::from_concatenated(profile, &secret).unwrap();
                let mut options = parts(profile, mode, rate).options;
                options.mki_len = u8::try_from(mki.len()).unwrap();
                let mut here = Parts::with_keys(profile, options, 1, 1, 64);
                let mut there = Parts::with_keys(profile, options, 1, 1, 64);
                let (mut sender, mut receiver) =
                    (here.sender_without_key(), there.receiver_without_key());
                for end in [&mut *sender, &mut *receiver] {
                    match mki {
                        [] => end.rekey(&master, crate::Rekeying::KeepRoc).unwrap(),
                        mki => end.add_key(KeyId::Mki(mki), &master).unwrap(),
                    }
                }
                start_at(&mut sender, 5);
                receiver.add_stream(SSRC).unwrap();
                receiver.set_roc(SSRC, 5).unwrap();
                let reference = Reference {
                    mki,
                    carried: options.roc_transmission,
                    ..Reference::new(profile, &secret)
                };
                let tag_len = profile.rtp_tag_len();
                for index in (6 << 16) - 7..(6 << 16) + 7_u64 {
                    let seq = u16::try_from(index & 0xffff).unwrap();
                    let wire = send(&mut sender, seq);
                    assert_eq!(wire, reference.rtp(&media(seq), index), "{mode:?}");
                    let carries = seq % rate == 0;
                    let expected = match mode {
                        AuthenticatedRoc if carries => 4 + tag_len,
                        Authenticated => 4 + tag_len,
                        Unauthenticated if carries => 4,
                        _ => 0,
                    };
                    assert_eq!(wire.len(), media(seq).len() + mki.len() + expected);
                    assert!(expected + mki.len() <= sender.rtp_trailer_len());
                    if carries {
                        let roc_at = wire.len() - expected;
                        let roc = u32::from(seq < 100) + 5;
                        assert_eq!(wire[roc_at..roc_at + 4], roc.to_be_bytes());
                    }
                    assert_eq!(hear(&mut receiver, &wire), Ok(media(seq)));
                    assert_eq!(hear(&mut receiver, &wire), Err(Error::Replayed));
                }
            }
        }
    }
}

/// SRTCP is as ever (RFC 4771 section 2).
#[test]
fn reports_are_not_changed() {
    for profile in with_roc_transmission() {
        for mode in MODES {
            let secret = other_secret(profile, 0);
            let (mut here, mut there) = (parts(profile, mode, 2), parts(profile, mode, 2));
            let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
            for index in 0..4 {
                let packet = super::rtcp(SSRC, b"report");
                let wire = into_vec(|out| sender.protect_rtcp(&packet, out)).unwrap();
                assert_eq!(wire, Reference::new(profile, &secret).rtcp(&packet, index));
                let heard = into_vec(|out| receiver.unprotect_rtcp(&wire, out));
                assert_eq!(heard, Ok(packet));
            }
        }
    }
}

/// Until a packet carries the ROC, one who joins late makes nothing of the stream; from then on all of it.
#[test]
fn joining_late() {
    for profile in with_roc_transmission() {
        for mode in MODES {
            let secret = other_secret(profile, 0);
            let (mut here, mut there) = (parts(profile, mode, 4), parts(profile, mode, 4));
            let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
            start_at(&mut sender, 0x0009_0807);
            for seq in 40_001..40_004 {
                let heard = hear(&mut receiver, &send(&mut sender, seq));
                if mode == Authenticated {
                    assert_eq!(heard, Err(Error::Authentication));
                    assert_eq!(receiver.roc(SSRC), Err(Error::UnknownStream));
                } else {
                    // Nothing says that it is noise, unless nothing was encrypted.
                    let is_noise = heard.unwrap() != media(seq);
                    assert_eq!(is_noise, profile.is_encrypting());
                    assert_eq!(receiver.roc(SSRC), Ok(0));
                }
            }
            for seq in 40_004..40_013 {
                let wire = send(&mut sender, seq);
                assert_eq!(hear(&mut receiver, &wire), Ok(media(seq)));
                assert_eq!(receiver.roc(SSRC), Ok(0x0009_0807));
                assert_eq!(hear(&mut receiver, &wire), Err(Error::Replayed));
            }
        }
    }
}

/// With each ROC at its packets, one who slept through any number of wraps is back at once.
#[test]
fn sleeping_through_wraps() {
    for profile in with_roc_transmission() {
        for mode in MODES {
            let secret = other_secret(profile, 0);
            let (mut here, mut there) = (parts(profile, mode, 1), parts(profile, mode, 1));
            let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
            sender.add_stream(SSRC).unwrap();
            for (roc, seq) in [(0, 9), (1, 9), (7, 65_535), (8, 0), (u32::MAX, 3)] {
                sender.set_roc(SSRC, roc).unwrap();
                let wire = send(&mut sender, seq);
                assert_eq!(hear(&mut receiver, &wire), Ok(media(seq)));
                assert_eq!(receiver.roc(SSRC), Ok(roc));
            }
        }
    }
}

/// A lie about the ROC, where it is authenticated, is as good as any other forgery: nothing moves.
#[test]
fn forged_rocs_are_noticed() {
    for profile in with_roc_transmission() {
        for mode in [AuthenticatedRoc, Authenticated] {
            let secret = other_secret(profile, 0);
            let (mut here, mut there) = (parts(profile, mode, 4), parts(profile, mode, 4));
            let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
            start_at(&mut sender, 5);
            let mut heard_any = false;
            for seq in [100, 104, 108] {
                let wire = send(&mut sender, seq);
                let before = std::format!("{:?}", receiver.streams.snapshot());
                let roc_at = media(seq).len();
                for bit in 0..32 {
                    let mut forged = wire.clone();
                    forged[roc_at + bit / 8] ^= 1 << (bit % 8);
                    let refused = hear(&mut receiver, &forged);
                    // Below what was heard it is refused unseen, where all that was heard is authentic.
                    let is_back = bit / 8 == 3 && [0, 2].contains(&(bit % 8));
                    let expected = if heard_any && mode == Authenticated && is_back {
                        Error::TooOld
                    } else {
                        Error::Authentication
                    };
                    assert_eq!(refused, Err(expected), "{bit}");
                }
                let after = std::format!("{:?}", receiver.streams.snapshot());
                assert_eq!(after, before);
                assert_eq!(hear(&mut receiver, &wire), Ok(media(seq)));
                assert_eq!(receiver.roc(SSRC), Ok(5));
                heard_any = true;
            }
        }
    }
}

/// Where it is not, the receiver follows, ahead or back, and recovers at the next one that is right.
#[test]
fn forged_rocs_are_followed_where_nothing_vouches_for_them() {
    for profile in with_roc_transmission() {
        let secret = other_secret(profile, 0);
        let mode = Unauthenticated;
        let (mut here, mut there) = (parts(profile, mode, 4), parts(profile, mode, 4));
        let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
        start_at(&mut sender, 5);
        assert_eq!(hear(&mut receiver, &send(&mut sender, 100)), Ok(media(100)));
        for (at, lie) in [(104, 6), (112, 4), (120, u32::MAX), (128, 0)] {
            let mut forged = send(&mut sender, at);
            let roc_at = forged.len() - 4;
            forged[roc_at..].copy_from_slice(&u32::to_be_bytes(lie));
            let wrong = hear(&mut receiver, &forged).unwrap();
            assert_eq!(wrong == media(at), !profile.is_encrypting());
            assert_eq!(receiver.roc(SSRC), Ok(lie));
            let wrong = hear(&mut receiver, &send(&mut sender, at + 1)).unwrap();
            assert_eq!(wrong == media(at + 1), !profile.is_encrypting());
            for seq in [at + 4, at + 5] {
                let wire = send(&mut sender, seq);
                assert_eq!(hear(&mut receiver, &wire), Ok(media(seq)));
                assert_eq!(receiver.roc(SSRC), Ok(5));
            }
        }

        // Told that it is right where it is, it no longer listens; what the packet carries is still taken off.
        receiver.ignore_carried_roc(true);
        let mut forged = send(&mut sender, 136);
        let roc_at = forged.len() - 4;
        forged[roc_at..].copy_from_slice(&[9; 4]);
        assert_eq!(hear(&mut receiver, &forged), Ok(media(136)));
        assert_eq!(receiver.roc(SSRC), Ok(5));
        receiver.ignore_carried_roc(false);
        let mut forged = send(&mut sender, 140);
        forged[roc_at..].copy_from_slice(&[9; 4]);
        drop(hear(&mut receiver, &forged).unwrap());
        assert_eq!(receiver.roc(SSRC), Ok(0x0909_0909));
    }
}

/// What is authenticated is not ignored, asked or not.
#[test]
fn authenticated_rocs_are_never_ignored() {
    let profile = Profile::AesCm128HmacSha1_32;
    let secret = other_secret(profile, 0);
    for mode in [AuthenticatedRoc, Authenticated] {
        let (mut here, mut there) = (parts(profile, mode, 4), parts(profile, mode, 4));
        let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
        receiver.ignore_carried_roc(true);
        start_at(&mut sender, 5);
        assert_eq!(hear(&mut receiver, &send(&mut sender, 100)), Ok(media(100)));
        assert_eq!(receiver.roc(SSRC), Ok(5));
    }
}

/// A ROC to try comes before the one in the packet.
#[test]
fn a_roc_is_tried_on_a_packet_that_carries_one() {
    for profile in with_roc_transmission() {
        for mode in [AuthenticatedRoc, Authenticated] {
            let secret = other_secret(profile, 0);
            let (mut here, mut there) = (parts(profile, mode, 4), parts(profile, mode, 4));
            let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
            start_at(&mut sender, 5);
            let wire = send(&mut sender, 100);
            for roc in [0, 4, 6] {
                let refused = into_vec(|out| receiver.unprotect_with_roc(&wire, out, roc));
                assert_eq!(refused, Err(Error::Authentication));
            }
            let heard = into_vec(|out| receiver.unprotect_with_roc(&wire, out, 5));
            assert_eq!(heard, Ok(media(100)));
        }
    }
}

/// Mode 1 leaves most packets to anyone. Where they have led the receiver astray, "if the verification is
/// successful, the receiver sets his local ROC equal to the ROC carried in the packet" (RFC 4771 section 2),
/// also if that is back.
#[test]
fn an_authentic_roc_corrects_what_was_not() {
    for profile in with_roc_transmission() {
        let secret = other_secret(profile, 0);
        let mode = AuthenticatedRoc;
        let (mut here, mut there) = (parts(profile, mode, 4), parts(profile, mode, 4));
        let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
        start_at(&mut sender, 5);
        assert_eq!(hear(&mut receiver, &send(&mut sender, 100)), Ok(media(100)));
        for forged in [32_801, 65_301, 2001] {
            assert!(hear(&mut receiver, &media(forged)).is_ok());
        }
        assert_eq!(receiver.roc(SSRC), Ok(6), "led astray");
        let wire = send(&mut sender, 104);
        assert_eq!(hear(&mut receiver, &wire), Ok(media(104)));
        assert_eq!(receiver.roc(SSRC), Ok(5));
        assert_eq!(hear(&mut receiver, &wire), Err(Error::Replayed));
        assert_eq!(hear(&mut receiver, &send(&mut sender, 105)), Ok(media(105)));
    }
}

/// What must be asked for by name, and what cannot be had.
#[test]
fn opting_in() {
    for profile in Profile::ALL.iter().copied() {
        let safe = Parts::new(profile, 1, 64).options;
        for mode in MODES {
            for rate in [1, 2, 65_535] {
                let right = opted_in(safe, mode, rate);
                let needs_it = right.insecure_unauthenticated_srtp;
                let wrong = Options {
                    insecure_unauthenticated_srtp: !needs_it,
                    ..right
                };
                if profile.is_aead() {
                    assert_eq!(right.check(profile), Err(Error::Contradiction));
                    assert_eq!(wrong.check(profile), Err(Error::Contradiction));
                    continue;
                }
                assert_eq!(right.check(profile), Ok(()));
                let expected = if needs_it {
                    Error::Insecure
                } else {
                    Error::Contradiction
                };
                assert_eq!(wrong.check(profile), Err(expected));
            }
        }
    }
}
