// SPDX-License-Identifier: MIT OR Apache-2.0
//! A master key in the place of another: the ROC kept (RFC 3711 section 3.3.1) or reset (RFC 4568 section 6.4).

use std::vec::Vec;

use super::reference::Reference;
use super::{Parts, into_vec, other_secret, rtcp, rtp};
use crate::Rekeying::{self, KeepRoc, ResetRoc};
use crate::{Context, Error, MasterKey, Profile, Receiver, Sender};

const SSRC: u32 = 0x0102_0304;

fn send(sender: &mut Sender<'_>, seq: u16) -> Vec<u8> {
    into_vec(|out| sender.protect(&rtp(SSRC, seq, b"media"), out)).unwrap()
}

fn report(sender: &mut Sender<'_>) -> Vec<u8> {
    into_vec(|out| sender.protect_rtcp(&rtcp(SSRC, b"report"), out)).unwrap()
}

fn hear(receiver: &mut Receiver<'_>, wire: &[u8]) -> Result<(), Error> {
    into_vec(|out| receiver.unprotect(wire, out)).map(|_| ())
}

fn hear_report(receiver: &mut Receiver<'_>, wire: &[u8]) -> Result<(), Error> {
    into_vec(|out| receiver.unprotect_rtcp(wire, out)).map(|_| ())
}

fn rekey(end: &mut Context<'_>, secret: &[u8], roc: Rekeying) -> Result<(), Error> {
    let master = MasterKey::from_concatenated(end.profile(), secret).unwrap();
    end.rekey(&master, roc)
}

/// A sender and a receiver at ROC 2, each with a packet and a report sent and heard, and one of each that is
/// still under way when `test` takes over.
fn in_mid_call(
    rate: u32,
    test: impl for<'s> Fn(&mut Sender<'s>, &mut Receiver<'s>, Profile, &Underway),
) {
    for profile in Profile::ALL.iter().copied() {
        let secret = other_secret(profile, 0);
        let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
        here.options.key_derivation_rate = rate;
        there.options.key_derivation_rate = rate;
        let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
        sender.add_stream(SSRC).unwrap();
        sender.set_roc(SSRC, 2).unwrap();
        receiver.add_stream(SSRC).unwrap();
        receiver.set_roc(SSRC, 2).unwrap();
        let underway = Underway {
            heard: send(&mut sender, 100),
            heard_report: report(&mut sender),
            lost: send(&mut sender, 101),
            lost_report: report(&mut sender),
        };
        assert_eq!(hear(&mut receiver, &underway.heard), Ok(()));
        assert_eq!(hear_report(&mut receiver, &underway.heard_report), Ok(()));
        test(&mut sender, &mut receiver, profile, &underway);
    }
}

struct Underway {
    heard: Vec<u8>,
    heard_report: Vec<u8>,
    lost: Vec<u8>,
    lost_report: Vec<u8>,
}

/// The indices go on, SRTP and SRTCP, and what was seen stays seen.
#[test]
fn keeping_the_roc() {
    in_mid_call(0, |sender, receiver, profile, underway| {
        let new = other_secret(profile, 1);
        rekey(sender, &new, KeepRoc).unwrap();
        rekey(receiver, &new, KeepRoc).unwrap();
        assert_eq!((sender.roc(SSRC), receiver.roc(SSRC)), (Ok(2), Ok(2)));

        // The old key is gone: one that was seen is refused as such, one that was not is not authentic.
        assert_eq!(hear(receiver, &underway.heard), Err(Error::Replayed));
        assert_eq!(hear(receiver, &underway.lost), Err(Error::Authentication));
        let again = hear_report(receiver, &underway.heard_report);
        assert_eq!(again, Err(Error::Replayed));
        let late = hear_report(receiver, &underway.lost_report);
        assert_eq!(late, Err(Error::Authentication));

        let reference = Reference::new(profile, &new);
        let wire = send(sender, 102);
        let index = (2 << 16) + 102;
        assert_eq!(wire, reference.rtp(&rtp(SSRC, 102, b"media"), index));
        assert_eq!(hear(receiver, &wire), Ok(()));
        let wire = report(sender);
        assert_eq!(wire, reference.rtcp(&rtcp(SSRC, b"report"), 2));
        assert_eq!(hear_report(receiver, &wire), Ok(()));
        // No index is used twice, under the new key either.
        let again = into_vec(|out| sender.protect(&rtp(SSRC, 101, b"media"), out));
        assert_eq!(again, Err(Error::Replayed));
    });
}

/// SRTP starts over at 0, and nothing counts as seen; the index of the sender's reports goes on.
#[test]
fn resetting_the_roc() {
    in_mid_call(0, |sender, receiver, profile, underway| {
        let new = other_secret(profile, 1);
        // What was set and not used is gone as well.
        receiver.set_roc(SSRC, 9).unwrap();
        rekey(sender, &new, ResetRoc).unwrap();
        rekey(receiver, &new, ResetRoc).unwrap();
        assert_eq!((sender.roc(SSRC), receiver.roc(SSRC)), (Ok(0), Ok(0)));
        assert_eq!(receiver.streams().count(), 1, "the stream stays");
        assert_eq!(hear(receiver, &underway.heard), Err(Error::Authentication));
        let old = hear_report(receiver, &underway.heard_report);
        assert_eq!(old, Err(Error::Authentication));

        let reference = Reference::new(profile, &new);
        for seq in [100, 101, 90] {
            let wire = send(sender, seq);
            let expected = reference.rtp(&rtp(SSRC, seq, b"media"), u64::from(seq));
            assert_eq!(wire, expected);
            assert_eq!(hear(receiver, &wire), Ok(()));
            assert_eq!(hear(receiver, &wire), Err(Error::Replayed));
        }
        for index in 2..4 {
            let wire = report(sender);
            assert_eq!(wire, reference.rtcp(&rtcp(SSRC, b"report"), index));
            assert_eq!(hear_report(receiver, &wire), Ok(()));
            assert_eq!(hear_report(receiver, &wire), Err(Error::Replayed));
        }
    });
}

/// Ends that disagree do not hear each other until the receiver is told the ROC; SRTCP carries its own index.
#[test]
fn disagreeing() {
    in_mid_call(0, |sender, receiver, profile, _| {
        let new = other_secret(profile, 1);
        rekey(sender, &new, ResetRoc).unwrap();
        rekey(receiver, &new, KeepRoc).unwrap();
        let wire = send(sender, 102);
        assert_eq!(hear(receiver, &wire), Err(Error::Authentication));
        assert_eq!(receiver.roc(SSRC), Ok(2));
        receiver.set_roc(SSRC, 0).unwrap();
        assert_eq!(hear(receiver, &wire), Ok(()));
        assert_eq!(receiver.roc(SSRC), Ok(0));
        assert_eq!(hear_report(receiver, &report(sender)), Ok(()));
    });
    in_mid_call(0, |sender, receiver, profile, _| {
        let new = other_secret(profile, 1);
        rekey(sender, &new, KeepRoc).unwrap();
        rekey(receiver, &new, ResetRoc).unwrap();
        let wire = send(sender, 102);
        assert_eq!(hear(receiver, &wire), Err(Error::Authentication));
        assert_eq!(receiver.roc(SSRC), Ok(0));
        let got = into_vec(|out| receiver.unprotect_with_roc(&wire, out, 2));
        assert!(got.is_ok());
        assert_eq!(receiver.roc(SSRC), Ok(2));
        assert_eq!(hear_report(receiver, &report(sender)), Ok(()));
    });
}

/// A re-INVITE may bring the key that is there: it changes nothing, and does not start over, with whatever a
/// context keeps of its key.
#[test]
fn the_same_key_again() {
    for rate in [0, 1, 1 << 24] {
        in_mid_call(rate, |sender, receiver, profile, underway| {
            let same = other_secret(profile, 0);
            sender.session.set_packets_left(500, 400);
            for end in [&mut **sender, &mut **receiver] {
                let before = std::format!("{:?}", end.streams.snapshot());
                assert_eq!(rekey(end, &same, KeepRoc), Ok(()));
                assert_eq!(rekey(end, &same, ResetRoc), Err(Error::Contradiction));
                assert_eq!(std::format!("{:?}", end.streams.snapshot()), before);
            }
            assert_eq!(sender.session.packets_left(), (500, 400));
            assert_eq!(hear(receiver, &underway.heard), Err(Error::Replayed));
            assert_eq!(hear(receiver, &underway.lost), Ok(()));
            assert_eq!(hear_report(receiver, &underway.lost_report), Ok(()));
            assert_eq!(hear(receiver, &send(sender, 102)), Ok(()));

            // One bit makes another key, in the key, in the salt.
            for at in [0, profile.key_len() - 1, profile.key_len(), same.len() - 1] {
                let mut other = same.clone();
                other[at] ^= 1;
                rekey(sender, &other, ResetRoc).unwrap();
                assert_eq!(sender.session.packets_left(), (1 << 48, 1 << 31));
                assert_eq!(sender.roc(SSRC), Ok(0));
                drop(send(sender, 5));
            }
        });
    }
}

/// A new key has its lifetimes before it, and may be used where the old one was spent.
#[test]
fn lifetimes_start_anew() {
    in_mid_call(0, |sender, _, profile, _| {
        for (which, (rtp_left, rtcp_left)) in [(1, 9), (9, 1)].into_iter().enumerate() {
            sender.session.set_packets_left(rtp_left, rtcp_left);
            let mut out = [0; 64];
            let seq = 110 + 10 * u16::try_from(which).unwrap();
            let _ = sender.protect(&rtp(SSRC, seq, b""), &mut out);
            let _ = sender.protect_rtcp(&rtcp(SSRC, b""), &mut out);
            let spent = sender.protect(&rtp(SSRC, seq + 1, b""), &mut out);
            assert_eq!(spent, Err(Error::KeyExpired));
            let spent = sender.protect_rtcp(&rtcp(SSRC, b""), &mut out);
            assert_eq!(spent, Err(Error::KeyExpired));
            let new = other_secret(profile, 1 + u8::try_from(which).unwrap());
            rekey(sender, &new, [KeepRoc, ResetRoc][which]).unwrap();
            let sent = sender.protect(&rtp(SSRC, seq + 2, b""), &mut out).unwrap();
            assert_eq!(sent.notice, None);
            let left = sender.session.packets_left();
            assert_eq!(left, ((1 << 48) - 1, 1 << 31));
        }
    });
}

/// A key of the wrong length changes nothing.
#[test]
fn failing() {
    for rate in [0, 2] {
        in_mid_call(rate, |sender, receiver, profile, underway| {
            let new = other_secret(profile, 1);
            let (key, salt) = new.split_at(profile.key_len());
            for end in [&mut **sender, &mut **receiver] {
                for roc in [KeepRoc, ResetRoc] {
                    for (key, salt) in [(&key[1..], salt), (key, &salt[1..]), (&[], &[])] {
                        let refused = end.rekey(&MasterKey::new(key, salt), roc);
                        assert_eq!(refused, Err(Error::KeyLength));
                    }
                    let longer = [key, &[0; 8]].concat();
                    let refused = end.rekey(&MasterKey::new(&longer, salt), roc);
                    assert_eq!(refused, Err(Error::KeyLength));
                }
            }
            assert_eq!(hear(receiver, &underway.heard), Err(Error::Replayed));
            assert_eq!(hear(receiver, &underway.lost), Ok(()));
            assert_eq!(hear(receiver, &send(sender, 102)), Ok(()));
            assert_eq!(hear_report(receiver, &report(sender)), Ok(()));
        });
    }
}

/// With a key derivation rate, a new key serves the epoch that the old one had reached.
#[test]
fn in_a_late_epoch() {
    in_mid_call(2, |sender, receiver, profile, _| {
        let new = other_secret(profile, 1);
        rekey(sender, &new, KeepRoc).unwrap();
        rekey(receiver, &new, KeepRoc).unwrap();
        let reference = Reference {
            key_derivation_rate: 2,
            ..Reference::new(profile, &new)
        };
        for seq in [102, 103, 104] {
            let wire = send(sender, seq);
            let index = (2 << 16) + u64::from(seq);
            assert_eq!(wire, reference.rtp(&rtp(SSRC, seq, b"media"), index));
            assert_eq!(hear(receiver, &wire), Ok(()));
        }
        for index in 2..5 {
            let wire = report(sender);
            assert_eq!(wire, reference.rtcp(&rtcp(SSRC, b"report"), index));
            assert_eq!(hear_report(receiver, &wire), Ok(()));
        }
    });
}

/// Which stream was silent longest is known as before.
#[test]
fn resetting_does_not_change_who_was_silent() {
    let profile = Profile::AesCm128HmacSha1_80;
    let secrets = [0, 1].map(|which| other_secret(profile, which));
    let (mut here, mut there) = (Parts::new(profile, 3, 64), Parts::new(profile, 2, 64));
    there.options.admission = crate::Admission::ReplacingOldest;
    let (mut sender, mut receiver) = (here.sender(&secrets[0]), there.receiver(&secrets[0]));
    for ssrc in [1, 2, 1] {
        let wire = into_vec(|out| sender.protect_rtcp(&rtcp(ssrc, b""), out)).unwrap();
        assert_eq!(hear_report(&mut receiver, &wire), Ok(()));
    }
    rekey(&mut sender, &secrets[1], ResetRoc).unwrap();
    rekey(&mut receiver, &secrets[1], ResetRoc).unwrap();
    let wire = into_vec(|out| sender.protect_rtcp(&rtcp(3, b""), out)).unwrap();
    assert_eq!(hear_report(&mut receiver, &wire), Ok(()));
    let left: Vec<_> = receiver.streams().map(|stream| stream.ssrc).collect();
    assert_eq!(left, [1, 3]);
}
