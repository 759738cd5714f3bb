// SPDX-License-Identifier: MIT OR Apache-2.0
//! Master keys that each serve a range of indices (RFC 3711 section 8.1.1).

use std::collections::BTreeMap;
use std::vec::Vec;

use proptest::prelude::*;

use super::reference::Reference;
use super::{Parts, into_vec, other_secret, rtcp, rtp};
use crate::{Error, KeyId, MasterKey, Profile, index};

const SSRC: u32 = 0x0102_0304;
const LAST: u64 = (1 << 48) - 1;

fn parts(profile: Profile, keys: usize) -> Parts {
    let mut options = Parts::new(profile, 1, 64).options;
    options.from_to = true;
    Parts::with_keys(profile, options, keys, 1, 64)
}

/// Ranges by their first index: the last one, and which key.
#[derive(Default)]
struct Ranges(BTreeMap<u64, (u64, u8)>);

impl Ranges {
    fn add(&mut self, from: u64, to: u64, key: u8, room: usize) -> Result<(), Error> {
        let overlaps = self.0.iter().any(|(f, (t, _))| !(to < *f || *t < from));
        if from > to || to > LAST || overlaps {
            return Err(Error::Contradiction);
        }
        if self.0.len() == room {
            return Err(Error::KeyLimit);
        }
        self.0.insert(from, (to, key));
        Ok(())
    }

    fn remove(&mut self, from: u64) -> Result<(), Error> {
        self.0.remove(&from).map(|_| ()).ok_or(Error::UnknownKey)
    }

    /// The key of the range that an index is in; of the first, before any packet.
    fn key(&self, index: Option<u64>) -> Option<u8> {
        let holds = |from: u64, to: u64| index.is_none_or(|index| from <= index && index <= to);
        let mut ranges = self.0.iter();
        ranges.find_map(|(from, (to, key))| holds(*from, *to).then_some(*key))
    }
}

fn seq(index: u64) -> u16 {
    u16::try_from(index % 65_536).unwrap()
}

/// Over several wraps of the ROC, with gaps: both ends change keys at the same packets, SRTCP with them, and
/// nothing moves in a gap.
#[test]
fn a_stream_passes_through_its_ranges() {
    let ranges = [
        (60_000, 65_535),
        (65_536, 65_540),
        (65_543, 140_000),
        (140_001, LAST),
    ];
    for profile in Profile::ALL.iter().copied() {
        let secrets = [0, 1, 2, 3].map(|which| other_secret(profile, which));
        let (mut here, mut there) = (parts(profile, 4), parts(profile, 4));
        let (mut sender, mut receiver) = (here.sender_without_key(), there.receiver_without_key());
        let mut model = Ranges::default();
        // Not in their order.
        for which in [2, 0, 3, 1_u8] {
            let (from, to) = ranges[usize::from(which)];
            let id = KeyId::FromTo { from, to };
            let master = MasterKey::from_concatenated(profile, &secrets[usize::from(which)]);
            let master = master.unwrap();
            sender.add_key(id, &master).unwrap();
            receiver.add_key(id, &master).unwrap();
            model.add(from, to, which, 4).unwrap();
        }
        let mut reached = None;
        let mut reports = 0;
        let walk = [
            60_000, 65_534, 65_535, 65_536, 65_540, 65_541, 65_542, 65_543,
        ]
        .into_iter()
        .chain([65_600, 98_000, 130_000, 139_999, 140_000, 140_001, 160_000]);
        for index in walk {
            for _ in 0..2 {
                let packet = rtcp(SSRC, b"report");
                let key = model.key(reached).unwrap();
                let reference = Reference::new(profile, &secrets[usize::from(key)]);
                let wire = reference.rtcp(&packet, reports);
                let sent = into_vec(|out| sender.protect_rtcp(&packet, out));
                assert_eq!(sent.as_ref(), Ok(&wire), "{index}");
                let heard = into_vec(|out| receiver.unprotect_rtcp(&wire, out));
                assert_eq!(heard, Ok(packet));
                reports += 1;
            }
            let packet = rtp(SSRC, seq(index), b"media");
            let sent = into_vec(|out| sender.protect(&packet, out));
            let Some(key) = model.key(Some(index)) else {
                assert_eq!(sent, Err(Error::UnknownKey), "{index}");
                let stray = Reference::new(profile, &secrets[1]).rtp(&packet, index);
                let heard = into_vec(|out| receiver.unprotect(&stray, out));
                assert_eq!(heard, Err(Error::UnknownKey), "{index}");
                continue;
            };
            let reference = Reference::new(profile, &secrets[usize::from(key)]);
            let wire = reference.rtp(&packet, index);
            assert_eq!(sent.as_ref(), Ok(&wire), "{index}");
            assert_eq!(into_vec(|out| receiver.unprotect(&wire, out)), Ok(packet));
            assert_eq!(receiver.roc(SSRC), Ok(index::roc(index)));
            reached = Some(index);
        }
    }
}

/// Packets of both sides of a boundary, out of order; SRTCP goes with the highest index.
#[test]
fn out_of_order_over_a_boundary() {
    let profile = Profile::AesCm128HmacSha1_80;
    let secrets = [0, 1].map(|which| other_secret(profile, which));
    let (mut here, mut there) = (parts(profile, 2), parts(profile, 2));
    let (mut sender, mut receiver) = (here.sender_without_key(), there.receiver_without_key());
    for (which, (from, to)) in [(0, 65_535), (65_536, LAST)].into_iter().enumerate() {
        let master = MasterKey::from_concatenated(profile, &secrets[which]).unwrap();
        for end in [&mut *sender, &mut *receiver] {
            end.add_key(KeyId::FromTo { from, to }, &master).unwrap();
        }
    }
    for index in [65_533, 65_536, 65_535, 65_537, 65_534] {
        let packet = rtp(SSRC, seq(index), b"media");
        let reference = Reference::new(profile, &secrets[usize::from(index > 65_535)]);
        let wire = reference.rtp(&packet, index);
        assert_eq!(
            into_vec(|out| sender.protect(&packet, out)),
            Ok(wire.clone())
        );
        assert_eq!(into_vec(|out| receiver.unprotect(&wire, out)), Ok(packet));
    }
    let packet = rtcp(SSRC, b"report");
    let wire = into_vec(|out| sender.protect_rtcp(&packet, out)).unwrap();
    assert_eq!(wire, Reference::new(profile, &secrets[1]).rtcp(&packet, 0));

    // One who has heard no SRTP takes SRTCP to be under the first key: RFC 3711 has nothing better.
    let mut elsewhere = parts(profile, 2);
    let mut receiver = elsewhere.receiver_without_key();
    for (which, (from, to)) in [(1, (65_536, LAST)), (0, (0, 65_535))] {
        let master = MasterKey::from_concatenated(profile, &secrets[which]).unwrap();
        receiver
            .add_key(KeyId::FromTo { from, to }, &master)
            .unwrap();
    }
    let refused = into_vec(|out| receiver.unprotect_rtcp(&wire, out));
    assert_eq!(refused, Err(Error::Authentication));
    let early = Reference::new(profile, &secrets[0]).rtcp(&packet, 0);
    let heard = into_vec(|out| receiver.unprotect_rtcp(&early, out));
    assert_eq!(heard, Ok(packet));
}

/// RFC 3711 section 3.3.1 warns of the stream whose wrap nobody heard. That ROC 0 has no key for its number
/// does not mean that ROC 1 has none.
#[test]
fn a_wrap_before_anything_was_heard() {
    let profile = Profile::AesCm128HmacSha1_80;
    let secret = other_secret(profile, 0);
    let master = MasterKey::from_concatenated(profile, &secret).unwrap();
    let mut there = parts(profile, 1);
    let mut receiver = there.receiver_without_key();
    let (from, to) = (60_000, LAST);
    receiver
        .add_key(KeyId::FromTo { from, to }, &master)
        .unwrap();
    let packet = rtp(SSRC, 5, b"media");
    let wire = Reference::new(profile, &secret).rtp(&packet, 65_541);
    assert_eq!(into_vec(|out| receiver.unprotect(&wire, out)), Ok(packet));
    assert_eq!(receiver.roc(SSRC), Ok(1));
}

#[test]
fn not_ranges() {
    let profile = Profile::AeadAes128Gcm;
    let secret = other_secret(profile, 0);
    let master = MasterKey::from_concatenated(profile, &secret).unwrap();
    let mut here = parts(profile, 1);
    let mut sender = here.sender_without_key();
    for (from, to) in [
        (1, 0),
        (LAST, LAST - 1),
        (0, LAST + 1),
        (u64::MAX, u64::MAX),
    ] {
        let refused = sender.add_key(KeyId::FromTo { from, to }, &master);
        assert_eq!(refused, Err(Error::Contradiction));
    }
    let refused = sender.add_key(KeyId::Mki(&[1]), &master);
    assert_eq!(refused, Err(Error::Contradiction));
    assert_eq!(sender.use_key(&[1]), Err(Error::Contradiction));
    let refused = into_vec(|out| sender.protect_rtcp(&rtcp(SSRC, b""), out));
    assert_eq!(refused, Err(Error::UnknownKey));
    // Of one index, the last.
    let id = KeyId::FromTo {
        from: LAST,
        to: LAST,
    };
    assert_eq!(sender.add_key(id, &master), Ok(()));
}

#[derive(Clone, Debug)]
enum Operation {
    Add(u64, u64),
    Remove(u64),
    Packet(u64),
    Report,
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    // Boundaries that meet often, on both sides of wraps.
    let place = || (0_u64..5, 0_u64..12).prop_map(|(roc, at)| (roc << 16).saturating_sub(6) + at);
    let operation = prop_oneof![
        3 => (place(), place()).prop_map(|(from, to)| Operation::Add(from, to)),
        1 => place().prop_map(Operation::Remove),
        4 => place().prop_map(Operation::Packet),
        1 => Just(Operation::Report),
    ];
    prop::collection::vec(operation, 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Ranges come and go while a stream jumps about above them, always told its ROC: whatever key serves an
    /// index is the one that the model knows.
    #[test]
    fn ranges_are_a_map(operations in operations(), profile in 0..Profile::ALL.len()) {
        let profile = Profile::ALL[profile];
        let secrets: Vec<_> = (0..80).map(|which| other_secret(profile, which)).collect();
        let (mut here, mut there) = (parts(profile, 3), parts(profile, 3));
        let (mut sender, mut receiver) = (here.sender_without_key(), there.receiver_without_key());
        sender.add_stream(SSRC).unwrap();
        receiver.add_stream(SSRC).unwrap();
        let mut model = Ranges::default();
        let (mut reached, mut reports) = (None, 0);
        for (at, operation) in operations.into_iter().enumerate() {
            match operation {
                Operation::Add(from, to) => {
                    let master = MasterKey::from_concatenated(profile, &secrets[at]).unwrap();
                    let id = KeyId::FromTo { from, to };
                    let expected = model.add(from, to, u8::try_from(at).unwrap(), 3);
                    prop_assert_eq!(sender.add_key(id, &master), expected);
                    prop_assert_eq!(receiver.add_key(id, &master), expected);
                }
                Operation::Remove(from) => {
                    let expected = model.remove(from);
                    let id = KeyId::FromTo { from, to: from };
                    prop_assert_eq!(sender.remove_key(id), expected);
                    prop_assert_eq!(receiver.remove_key(id), expected);
                }
                // What was passed is for other tests.
                Operation::Packet(index) if reached.is_some_and(|reached| index <= reached) => {}
                Operation::Packet(index) => {
                    sender.set_roc(SSRC, index::roc(index)).unwrap();
                    receiver.set_roc(SSRC, index::roc(index)).unwrap();
                    let packet = rtp(SSRC, seq(index), b"media");
                    let sent = into_vec(|out| sender.protect(&packet, out));
                    let key = model.key(Some(index));
                    let secret = &secrets[usize::from(key.unwrap_or(0))];
                    let wire = Reference::new(profile, secret).rtp(&packet, index);
                    let heard = into_vec(|out| receiver.unprotect(&wire, out));
                    if key.is_none() {
                        prop_assert_eq!(sent, Err(Error::UnknownKey));
                        prop_assert_eq!(heard, Err(Error::UnknownKey));
                    } else {
                        prop_assert_eq!(sent, Ok(wire));
                        prop_assert_eq!(heard, Ok(packet));
                        reached = Some(index);
                    }
                }
                Operation::Report => {
                    let packet = rtcp(SSRC, b"report");
                    let key = model.key(reached);
                    let secret = &secrets[usize::from(key.unwrap_or(0))];
                    let wire = Reference::new(profile, secret).rtcp(&packet, reports);
                    let sent = into_vec(|out| sender.protect_rtcp(&packet, out));
                    let heard = into_vec(|out| receiver.unprotect_rtcp(&wire, out));
                    if key.is_none() {
                        prop_assert_eq!(sent, Err(Error::UnknownKey));
                        prop_assert_eq!(heard, Err(Error::UnknownKey));
                    } else {
                        prop_assert_eq!(sent, Ok(wire));
                        prop_assert_eq!(heard, Ok(packet));
                        reports += 1;
                    }
                }
            }
        }
    }
}

/// A packet that had a key under one of two guesses is forged, not unknown, and counts as that.
#[test]
fn forged_under_one_of_two_guesses() {
    let profile = Profile::AesCm128HmacSha1_80;
    let secret = other_secret(profile, 0);
    let master = MasterKey::from_concatenated(profile, &secret).unwrap();
    for (from, to) in [(0, 65_535), (65_536, LAST)] {
        let mut there = parts(profile, 1);
        let mut receiver = there.receiver_without_key();
        let id = KeyId::FromTo { from, to };
        receiver.add_key(id, &master).unwrap();
        let forged = rtp(SSRC, 5, b"media and a tag");
        let refused = into_vec(|out| receiver.unprotect(&forged, out));
        assert_eq!(refused, Err(Error::Authentication));
        assert_eq!(receiver.counters().authentication_failures, 1);
    }
}
