// SPDX-License-Identifier: MIT OR Apache-2.0
//! Streams: admission, adding and removing, ROCs, retransmission.

use std::vec::Vec;

use super::{Parts, into_vec, rtcp, rtp, secret};
use crate::{Admission, Error, Profile, Receiver, Sender, StreamStatus};

const PROFILE: Profile = Profile::AesCm128HmacSha1_80;

fn send(sender: &mut Sender<'_>, ssrc: u32, seq: u16) -> Vec<u8> {
    into_vec(|out| sender.protect(&rtp(ssrc, seq, b"media"), out)).unwrap()
}

fn hear(receiver: &mut Receiver<'_>, wire: &[u8]) -> Result<(), Error> {
    into_vec(|out| receiver.unprotect(wire, out)).map(|_| ())
}

fn ssrcs(streams: impl Iterator<Item = StreamStatus>) -> Vec<u32> {
    streams.map(|stream| stream.ssrc).collect()
}

/// RFC 3711 section 3.3.1 warns of it: the sender begins just below the wrap, and the first packets are lost.
#[test]
fn a_wrap_before_anything_was_heard() {
    for profile in Profile::ALL.iter().copied() {
        let secret = secret(profile);
        for (begins, heard_first) in [(65_535, 0), (65_535, 32_766), (40_000, 5), (65_000, 100)] {
            let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
            let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
            drop(send(&mut sender, 1, begins));
            let wire = send(&mut sender, 1, heard_first);
            assert_eq!(hear(&mut receiver, &wire), Ok(()), "{begins} {heard_first}");
            assert_eq!(receiver.roc(1), Ok(1));
            assert_eq!(hear(&mut receiver, &wire), Err(Error::Replayed));
            let next = send(&mut sender, 1, heard_first + 1);
            assert_eq!(hear(&mut receiver, &next), Ok(()));
        }
    }
}

/// Out of order around the wrap, from the first packet on.
#[test]
fn the_first_packets_out_of_order() {
    let secret = secret(PROFILE);
    let (mut here, mut there) = (Parts::new(PROFILE, 1, 64), Parts::new(PROFILE, 1, 64));
    let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
    let wires: Vec<_> = [65_533, 65_534, 65_535, 0, 1]
        .map(|seq| send(&mut sender, 1, seq))
        .into();
    for at in [3, 2, 4, 0, 1] {
        assert_eq!(hear(&mut receiver, &wires[at]), Ok(()), "{at}");
    }
    assert_eq!(receiver.roc(1), Ok(1));
}

#[test]
fn one_who_joins_late() {
    let secret = secret(PROFILE);
    let (mut here, mut there) = (Parts::new(PROFILE, 1, 64), Parts::new(PROFILE, 1, 64));
    let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
    sender.add_stream(1).unwrap();
    sender.set_roc(1, 7).unwrap();
    assert_eq!(sender.roc(1), Ok(7), "before the first packet");
    let wire = send(&mut sender, 1, 100);
    assert_eq!(sender.roc(1), Ok(7), "and after");
    assert_eq!(hear(&mut receiver, &wire), Err(Error::Authentication));

    // Told the ROC...
    assert_eq!(receiver.set_roc(1, 7), Err(Error::UnknownStream));
    receiver.add_stream(1).unwrap();
    assert_eq!(receiver.roc(1), Ok(0));
    receiver.set_roc(1, 7).unwrap();
    assert_eq!(receiver.roc(1), Ok(7));
    assert_eq!(hear(&mut receiver, &wire), Ok(()));
    assert_eq!(receiver.roc(1), Ok(7));
    assert_eq!(hear(&mut receiver, &wire), Err(Error::Replayed));

    // ... or trying what it may be, packet unharmed.
    drop(receiver);
    let mut receiver = there.receiver(&secret);
    let mut packet = wire.clone();
    for roc in 0..7 {
        let refused = receiver.unprotect_with_roc_in_place(&mut packet, roc);
        assert_eq!(refused, Err(Error::Authentication));
        assert_eq!(packet, wire);
    }
    assert!(receiver.unprotect_with_roc_in_place(&mut packet, 7).is_ok());
    assert_eq!(receiver.roc(1), Ok(7));
    assert_eq!(hear(&mut receiver, &send(&mut sender, 1, 101)), Ok(()));
}

/// A sender does not go back: its keystream has been used there.
#[test]
fn a_sender_is_not_set_back() {
    let secret = secret(PROFILE);
    let mut parts = Parts::new(PROFILE, 1, 64);
    let mut sender = parts.sender(&secret);
    assert_eq!(sender.set_roc(1, 3), Err(Error::UnknownStream));
    sender.add_stream(1).unwrap();
    sender.set_roc(1, 3).unwrap();
    drop(send(&mut sender, 1, 9));
    assert_eq!(sender.set_roc(1, 2), Err(Error::TooOld));
    assert_eq!(sender.set_roc(1, 3), Ok(()));
    assert_eq!(
        into_vec(|out| sender.protect(&rtp(1, 9, b""), out)),
        Err(Error::Replayed)
    );
    assert_eq!(sender.set_roc(1, 4), Ok(()));
    drop(send(&mut sender, 1, 9));
    assert_eq!(sender.roc(1), Ok(4));
}

#[test]
fn streams_that_are_listed() {
    let secret = secret(PROFILE);
    let (mut here, mut there) = (Parts::new(PROFILE, 4, 64), Parts::new(PROFILE, 2, 64));
    there.options.admission = Admission::ListedOnly;
    let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
    let wire = send(&mut sender, 1, 1);
    let report = into_vec(|out| sender.protect_rtcp(&rtcp(1, b"report"), out)).unwrap();
    assert_eq!(hear(&mut receiver, &wire), Err(Error::StreamLimit));
    let refused = into_vec(|out| receiver.unprotect_rtcp(&report, out));
    assert_eq!(refused, Err(Error::StreamLimit));
    assert_eq!(receiver.counters().without_stream, 2);
    receiver.add_stream(1).unwrap();
    receiver.add_stream(1).unwrap();
    receiver.add_stream(2).unwrap();
    assert_eq!(receiver.add_stream(3), Err(Error::StreamLimit));
    assert_eq!(hear(&mut receiver, &wire), Ok(()));
    assert!(into_vec(|out| receiver.unprotect_rtcp(&report, out)).is_ok());
    assert_eq!(ssrcs(receiver.streams()), [1, 2]);

    receiver.remove_stream(1).unwrap();
    assert_eq!(receiver.remove_stream(1), Err(Error::UnknownStream));
    assert_eq!(ssrcs(receiver.streams()), [2]);
    assert_eq!(hear(&mut receiver, &wire), Err(Error::StreamLimit));
    receiver.add_stream(3).unwrap();
    assert_eq!(ssrcs(receiver.streams()), [2, 3]);
    assert_eq!(
        hear(&mut receiver, &send(&mut sender, 3, 1)),
        Ok(()),
        "nothing of SSRC 1 is left"
    );
}

#[test]
fn the_oldest_is_replaced() {
    let secret = secret(PROFILE);
    let (mut here, mut there) = (Parts::new(PROFILE, 5, 64), Parts::new(PROFILE, 3, 64));
    there.options.admission = Admission::ReplacingOldest;
    let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
    receiver.add_stream(1).unwrap();
    for ssrc in [2, 3, 2] {
        let wire = into_vec(|out| sender.protect_rtcp(&rtcp(ssrc, b""), out)).unwrap();
        assert!(into_vec(|out| receiver.unprotect_rtcp(&wire, out)).is_ok());
    }
    // A forged packet replaces nothing.
    assert_eq!(
        hear(&mut receiver, &rtp(9, 1, &[0; 40])),
        Err(Error::Authentication)
    );
    assert_eq!(ssrcs(receiver.streams()), [1, 2, 3]);
    assert_eq!(hear(&mut receiver, &send(&mut sender, 4, 1)), Ok(()));
    assert_eq!(
        ssrcs(receiver.streams()),
        [1, 2, 4],
        "3 was silent longest, but for 1, which was added"
    );
    assert_eq!(hear(&mut receiver, &send(&mut sender, 5, 1)), Ok(()));
    assert_eq!(ssrcs(receiver.streams()), [1, 4, 5]);
}

/// The same packet again, by opting in: the same octets come out.
#[test]
fn retransmission() {
    for profile in Profile::ALL.iter().copied() {
        let secret = secret(profile);
        let mut parts = Parts::new(profile, 1, 64);
        parts.options.retransmission = true;
        let mut sender = parts.sender(&secret);
        let first = send(&mut sender, 1, 1);
        drop(send(&mut sender, 1, 60));
        assert_eq!(send(&mut sender, 1, 1), first);
        drop(send(&mut sender, 1, 65));
        let late = into_vec(|out| sender.protect(&rtp(1, 1, b"media"), out));
        assert_eq!(late, Err(Error::TooOld), "the window bounds it");
    }
}

/// A ROC that is set ahead does not make either end forget what it has seen: a sender would use an index twice,
/// a receiver could be played a packet again.
#[test]
fn a_roc_set_ahead_forgets_nothing() {
    for profile in Profile::ALL.iter().copied() {
        let secret = secret(profile);
        let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
        let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
        let heard: Vec<_> = [65_533, 65_535].map(|seq| send(&mut sender, 1, seq)).into();
        for wire in &heard {
            assert_eq!(hear(&mut receiver, wire), Ok(()));
        }
        sender.set_roc(1, 1).unwrap();
        receiver.set_roc(1, 1).unwrap();
        let wire = send(&mut sender, 1, 3);
        assert_eq!(hear(&mut receiver, &wire), Ok(()));
        for (seq, wire) in [65_533, 65_535].into_iter().zip(&heard) {
            let again = into_vec(|out| sender.protect(&rtp(1, seq, b"other"), out));
            assert_eq!(again, Err(Error::Replayed), "{seq}");
            assert_eq!(hear(&mut receiver, wire), Err(Error::Replayed), "{seq}");
        }
        let late = send(&mut sender, 1, 65_534);
        assert_eq!(
            hear(&mut receiver, &late),
            Ok(()),
            "what was not seen is good"
        );
        assert_eq!(receiver.roc(1), Ok(1));
    }
}

/// Nor does one that waits to be used, when another is tried.
#[test]
fn a_roc_that_is_set_lets_nothing_be_replayed_under_another() {
    let secret = secret(PROFILE);
    let (mut here, mut there) = (Parts::new(PROFILE, 1, 64), Parts::new(PROFILE, 1, 64));
    let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
    sender.add_stream(1).unwrap();
    receiver.add_stream(1).unwrap();
    let wires = [2, 3].map(|roc| {
        sender.set_roc(1, roc).unwrap();
        (roc, send(&mut sender, 1, 9))
    });
    for (roc, wire) in &wires {
        assert!(into_vec(|out| receiver.unprotect_with_roc(wire, out, *roc)).is_ok());
    }
    for set in [0, 1, 3, 4, 5] {
        receiver.set_roc(1, set).unwrap();
        for ((roc, wire), refused) in wires.iter().zip([Error::TooOld, Error::Replayed]) {
            let again = into_vec(|out| receiver.unprotect_with_roc(wire, out, *roc));
            assert_eq!(again, Err(refused), "{set}");
        }
    }
}

/// A ROC that was set in error can be set right until a packet has used it, and is not second-guessed.
#[test]
fn a_sender_is_set_right() {
    let secret = secret(PROFILE);
    let mut parts = Parts::new(PROFILE, 1, 64);
    let mut sender = parts.sender(&secret);
    sender.add_stream(1).unwrap();
    sender.set_roc(1, 9).unwrap();
    assert_eq!(sender.set_roc(1, 3), Ok(()), "nothing was sent at ROC 9");
    drop(send(&mut sender, 1, 9));
    sender.set_roc(1, 9).unwrap();
    assert_eq!(sender.set_roc(1, 2), Err(Error::TooOld));
    assert_eq!(sender.roc(1), Ok(9), "still");
    assert_eq!(sender.set_roc(1, 3), Ok(()));
    assert_eq!(sender.roc(1), Ok(3));
    // Without, a number this far ahead would be of the ROC before.
    let ahead = into_vec(|out| sender.protect(&rtp(1, 60_000, b"media"), out));
    let reference = super::reference::Reference::new(PROFILE, &secret);
    let expected = reference.rtp(&rtp(1, 60_000, b"media"), (3 << 16) + 60_000);
    assert_eq!(ahead, Ok(expected));
}
