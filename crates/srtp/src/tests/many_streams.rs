// SPDX-License-Identifier: MIT OR Apache-2.0
//! Many SSRCs that come and go, against a plain map: which has a stream, which of its packets were seen, and which
//! one makes room.

use std::collections::BTreeMap;
use std::vec::Vec;

use proptest::prelude::*;

use super::{Parts, into_vec, rtp, secret};
use crate::{Admission, Error, Profile, Sender};

const PROFILE: Profile = Profile::AesCm128HmacSha1_80;

#[derive(Clone, Copy, Debug)]
enum Operation {
    /// The next packet of an SSRC arrives, or one that was forged.
    Hear {
        ssrc: u32,
        forged: bool,
    },
    /// Its latest packet arrives again.
    HearAgain {
        ssrc: u32,
    },
    Add {
        ssrc: u32,
    },
    Remove {
        ssrc: u32,
    },
}

/// SSRCs at both ends, close together, and far apart.
fn ssrc() -> impl Strategy<Value = u32> {
    prop_oneof![
        4 => (0_u32..24).prop_map(|at| at.wrapping_mul(0x9e37_79b9)),
        1 => 0_u32..4,
        1 => (0_u32..4).prop_map(|at| u32::MAX - at),
    ]
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let operation = prop_oneof![
        8 => (ssrc(), prop::bool::weighted(0.1))
            .prop_map(|(ssrc, forged)| Operation::Hear { ssrc, forged }),
        2 => ssrc().prop_map(|ssrc| Operation::HearAgain { ssrc }),
        1 => ssrc().prop_map(|ssrc| Operation::Add { ssrc }),
        2 => ssrc().prop_map(|ssrc| Operation::Remove { ssrc }),
    ];
    prop::collection::vec(operation, 1..200)
}

fn admission() -> impl Strategy<Value = Admission> {
    prop::sample::select(std::vec![
        Admission::WhileFree,
        Admission::ListedOnly,
        Admission::ReplacingOldest,
    ])
}

/// What is known of an SSRC with a stream.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    highest: Option<u16>,
    listed: bool,
    last_used: usize,
}

struct Model {
    slots: BTreeMap<u32, Slot>,
    streams: usize,
    admission: Admission,
    now: usize,
}

impl Model {
    /// The slot of an SSRC whose packet or caller has the right to one.
    fn used(&mut self, ssrc: u32) -> &mut Slot {
        if !self.slots.contains_key(&ssrc) && self.slots.len() == self.streams {
            let unlisted = self.slots.iter().filter(|(_, slot)| !slot.listed);
            let oldest = unlisted.min_by_key(|(_, slot)| slot.last_used).unwrap();
            let oldest = *oldest.0;
            self.slots.remove(&oldest);
        }
        self.now += 1;
        let slot = self.slots.entry(ssrc).or_default();
        slot.last_used = self.now;
        slot
    }

    fn admits(&self, ssrc: u32) -> bool {
        let has_room = self.slots.len() < self.streams;
        self.slots.contains_key(&ssrc)
            || match self.admission {
                Admission::ListedOnly => false,
                Admission::WhileFree => has_room,
                Admission::ReplacingOldest => {
                    has_room || self.slots.values().any(|slot| !slot.listed)
                }
            }
    }

    fn hear(&mut self, ssrc: u32, seq: u16, forged: bool) -> Result<(), Error> {
        if !self.admits(ssrc) {
            return Err(Error::StreamLimit);
        }
        let slot = self.slots.get(&ssrc).copied().unwrap_or_default();
        // Each SSRC's packets arrive in order, or again.
        if slot.highest.is_some_and(|highest| seq <= highest) {
            return Err(Error::Replayed);
        }
        if forged {
            return Err(Error::Authentication);
        }
        self.used(ssrc).highest = Some(seq);
        Ok(())
    }

    fn add(&mut self, ssrc: u32) -> Result<(), Error> {
        if !self.slots.contains_key(&ssrc) && self.slots.len() == self.streams {
            return Err(Error::StreamLimit);
        }
        self.used(ssrc).listed = true;
        Ok(())
    }
}

fn send(sender: &mut Sender<'_>, ssrc: u32, seq: u16) -> Vec<u8> {
    into_vec(|out| sender.protect(&rtp(ssrc, seq, b"media"), out)).unwrap()
}

proptest! {
    #[test]
    fn streams_are_a_map(
        streams in prop::sample::select(std::vec![1_usize, 2, 3, 7, 16, 32]),
        admission in admission(),
        operations in operations(),
    ) {
        let secret = secret(PROFILE);
        let (mut here, mut there) = (Parts::new(PROFILE, 64, 64), Parts::new(PROFILE, streams, 64));
        there.options.admission = admission;
        let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
        let mut model = Model { slots: BTreeMap::new(), streams, admission, now: 0 };
        let mut latest = BTreeMap::<u32, (u16, Vec<u8>)>::new();
        for operation in operations {
            match operation {
                Operation::Hear { ssrc, forged } => {
                    let seq = latest.get(&ssrc).map_or(1, |(seq, _)| seq + 1);
                    let mut wire = send(&mut sender, ssrc, seq);
                    latest.insert(ssrc, (seq, wire.clone()));
                    *wire.last_mut().unwrap() ^= u8::from(forged);
                    let heard = into_vec(|out| receiver.unprotect(&wire, out)).map(|_| ());
                    prop_assert_eq!(heard, model.hear(ssrc, seq, forged));
                }
                Operation::HearAgain { ssrc } => {
                    let Some((seq, wire)) = latest.get(&ssrc) else { continue };
                    let heard = into_vec(|out| receiver.unprotect(wire, out)).map(|_| ());
                    prop_assert_eq!(heard, model.hear(ssrc, *seq, false));
                }
                Operation::Add { ssrc } => {
                    prop_assert_eq!(receiver.add_stream(ssrc), model.add(ssrc));
                }
                Operation::Remove { ssrc } => {
                    let known = model.slots.remove(&ssrc).map(|_| ());
                    let known = known.ok_or(Error::UnknownStream);
                    prop_assert_eq!(receiver.remove_stream(ssrc), known);
                }
            }
            let listed: Vec<_> = receiver.streams().map(|stream| stream.ssrc).collect();
            prop_assert_eq!(listed, model.slots.keys().copied().collect::<Vec<_>>());
        }
    }
}

/// As many as there may be, taken and given back in several orders; each keeps its own ROC.
#[test]
fn as_many_as_there_may_be() {
    const MOST: u32 = 65_535;
    let ssrc_of = |at: u32| at.wrapping_mul(0x9e37_79b9);
    let mut parts = Parts::new(PROFILE, MOST as usize, 64);
    let secret = secret(PROFILE);
    let mut receiver = parts.receiver(&secret);
    // A new line moves all behind it: most in the order that is cheap, some against it.
    let mut all: Vec<_> = (0..MOST).map(ssrc_of).collect();
    all.sort_unstable();
    let (some, most) = all.split_at(500);
    for ssrc in most.iter().chain(some.iter().rev()) {
        receiver.add_stream(*ssrc).unwrap();
        receiver.set_roc(*ssrc, *ssrc ^ 0x55).unwrap();
    }
    assert_eq!(receiver.add_stream(12_345), Err(Error::StreamLimit));
    for ssrc in &all {
        assert_eq!(receiver.roc(*ssrc), Ok(*ssrc ^ 0x55));
    }
    for ssrc in all.iter().step_by(97) {
        receiver.remove_stream(*ssrc).unwrap();
    }
    for (at, ssrc) in all.iter().enumerate() {
        let left = (at % 97 != 0).then_some(*ssrc ^ 0x55);
        assert_eq!(receiver.roc(*ssrc), left.ok_or(Error::UnknownStream));
    }
    for ssrc in all.iter().step_by(97) {
        receiver.add_stream(*ssrc).unwrap();
        assert_eq!(
            receiver.roc(*ssrc),
            Ok(0),
            "nothing of the one before is left"
        );
    }
    assert!(
        receiver
            .streams()
            .map(|stream| stream.ssrc)
            .eq(all.iter().copied())
    );
}

#[test]
fn more_than_there_may_be() {
    let mut parts = Parts::new(PROFILE, 65_536, 64);
    let borrowed = parts.borrow();
    let refused = crate::Receiver::without_key(PROFILE, crate::Options::SAFE, borrowed);
    assert!(matches!(refused, Err(Error::Layout)));
}
