// SPDX-License-Identifier: MIT OR Apache-2.0
//! Everything that can be done to a sender and a receiver, in any order, against a model of both: it foretells
//! each answer, each packet to the octet, and what either end lists afterwards.

use std::collections::BTreeMap;
use std::vec::Vec;

use proptest::prelude::*;

use super::model::{Stream, Window, estimate, step};
use super::reference::Reference;
use super::{Parts, into_vec, other_secret, rtcp, rtp};
use crate::{
    Admission, Context, Error, KeyId, MasterKey, Profile, Receiver, Rekeying, Sender, StreamStatus,
    index,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Sender,
    Receiver,
}

#[derive(Clone, Copy, Debug)]
enum Operation {
    Protect { ssrc: u32, step: i64 },
    ProtectRtcp { ssrc: u32 },
    // Of what was sent, so many packets back.
    Deliver { back: usize },
    DeliverForged { back: usize },
    DeliverUnder { back: usize, roc: u32 },
    SetRoc { at: At, ssrc: u32, roc: u32 },
    AddStream { at: At, ssrc: u32 },
    RemoveStream { at: At, ssrc: u32 },
    AddKey { at: At, mki: u8, secret: u8 },
    RemoveKey { at: At, mki: u8 },
    UseKey { mki: u8 },
    Rekey { at: At, secret: u8, resets: bool },
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    use Operation::{
        AddKey, AddStream, Deliver, DeliverForged, DeliverUnder, Protect, ProtectRtcp, Rekey,
        RemoveKey, RemoveStream, SetRoc, UseKey,
    };
    let at = || prop_oneof![Just(At::Sender), Just(At::Receiver)];
    let ssrc = || 1_u32..5;
    let back = || prop_oneof![4 => 0_usize..3, 1 => 0_usize..100];
    let on_packets = prop_oneof![
        12 => (ssrc(), step()).prop_map(|(ssrc, step)| Protect { ssrc, step }),
        4 => ssrc().prop_map(|ssrc| ProtectRtcp { ssrc }),
        16 => back().prop_map(|back| Deliver { back }),
        2 => back().prop_map(|back| DeliverForged { back }),
        2 => (back(), 0_u32..4).prop_map(|(back, roc)| DeliverUnder { back, roc }),
    ];
    let on_streams = prop_oneof![
        2 => (at(), ssrc(), 0_u32..4).prop_map(|(at, ssrc, roc)| SetRoc { at, ssrc, roc }),
        1 => (at(), ssrc()).prop_map(|(at, ssrc)| AddStream { at, ssrc }),
        1 => (at(), ssrc()).prop_map(|(at, ssrc)| RemoveStream { at, ssrc }),
    ];
    let on_keys = prop_oneof![
        2 => (at(), 0_u8..4, 0_u8..2).prop_map(|(at, mki, other)| AddKey {
            at,
            mki,
            // Mostly what the other end has under this MKI.
            secret: mki + 4 * other,
        }),
        1 => (at(), 0_u8..4).prop_map(|(at, mki)| RemoveKey { at, mki }),
        1 => (0_u8..4).prop_map(|mki| UseKey { mki }),
        1 => (at(), 0_u8..3, any::<bool>()).prop_map(|(at, secret, resets)| Rekey {
            at,
            secret,
            resets
        }),
    ];
    let operation = prop_oneof![36 => on_packets, 4 => on_streams, 4 => on_keys];
    prop::collection::vec(operation, 1..150)
}

/// Options of one case.
#[derive(Clone, Copy, Debug)]
struct Choice {
    profile: Profile,
    has_mki: bool,
    admission: Admission,
    retransmission: bool,
    key_derivation_rate: u32,
}

fn choices() -> impl Strategy<Value = Choice> {
    let admission = prop_oneof![
        2 => Just(Admission::WhileFree),
        1 => Just(Admission::ListedOnly),
        2 => Just(Admission::ReplacingOldest),
    ];
    let rate = prop_oneof![3 => Just(0_u32), 1 => Just(1), 1 => Just(32), 1 => Just(1 << 16)];
    let profile = (0..Profile::ALL.len()).prop_map(|at| Profile::ALL[at]);
    (profile, any::<bool>(), admission, any::<bool>(), rate).prop_map(
        |(profile, has_mki, admission, retransmission, key_derivation_rate)| Choice {
            profile,
            has_mki,
            admission,
            retransmission,
            key_derivation_rate,
        },
    )
}

impl Choice {
    fn parts(self, keys: usize, streams: usize) -> Parts {
        let mut options = Parts::new(self.profile, 1, 64).options;
        options.mki_len = u8::from(self.has_mki);
        options.admission = self.admission;
        options.retransmission = self.retransmission;
        options.key_derivation_rate = self.key_derivation_rate;
        Parts::with_keys(self.profile, options, keys, streams, 64)
    }
}

/// A packet as it was sent, and what it is known by.
#[derive(Clone)]
struct Sent {
    wire: Vec<u8>,
    packet: Vec<u8>,
    ssrc: u32,
    is_report: bool,
    index: u64,
    mki: u8,
    secret: u8,
}

#[derive(Clone, Default)]
struct Slot {
    ssrc: u32,
    is_listed: bool,
    last_used: u64,
    rtp: Stream,
    rtcp: Window,
}

/// One end as the documentation has it.
struct End {
    slots: Vec<Option<Slot>>,
    clock: u64,
    room_for_keys: usize,
    /// By MKI; the only key is that of 0.
    keys: BTreeMap<u8, u8>,
    /// The MKI to send with; none yet, or none any more.
    current: Result<u8, Current>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Current {
    TheFirst,
    None,
}

impl End {
    fn new(slots: usize, room_for_keys: usize) -> Self {
        Self {
            slots: std::vec![None; slots],
            clock: 0,
            room_for_keys,
            keys: BTreeMap::new(),
            current: Err(Current::TheFirst),
        }
    }

    fn of(&self, ssrc: u32) -> Option<&Slot> {
        self.slots.iter().flatten().find(|slot| slot.ssrc == ssrc)
    }

    fn of_mut(&mut self, ssrc: u32) -> Result<&mut Slot, Error> {
        let slots = self.slots.iter_mut().flatten();
        let mut of_ssrc = slots.filter(|slot| slot.ssrc == ssrc);
        of_ssrc.next().ok_or(Error::UnknownStream)
    }

    /// Where a stream is, or would be.
    fn place(&self, ssrc: u32, admission: Admission) -> Result<usize, Error> {
        let is_its = |slot: &Option<Slot>| slot.as_ref().is_some_and(|slot| slot.ssrc == ssrc);
        if let Some(own) = self.slots.iter().position(is_its) {
            return Ok(own);
        }
        let free = self.slots.iter().position(Option::is_none);
        let silent = || {
            let taken = self.slots.iter().enumerate();
            let others = taken.filter_map(|(at, slot)| Some((slot.as_ref()?.last_used, at)));
            let replaceable = others.filter(|(_, at)| !self.slots[*at].as_ref().unwrap().is_listed);
            replaceable.min().map(|(_, at)| at)
        };
        match admission {
            Admission::ListedOnly => None,
            Admission::WhileFree => free,
            Admission::ReplacingOldest => free.or_else(silent),
        }
        .ok_or(Error::StreamLimit)
    }

    /// What is at a place for `ssrc`: nothing yet, if it is another's.
    fn look(&self, place: usize, ssrc: u32) -> Slot {
        let own = self.slots[place].clone().filter(|slot| slot.ssrc == ssrc);
        own.unwrap_or(Slot {
            ssrc,
            ..Slot::default()
        })
    }

    fn settle(&mut self, place: usize, mut slot: Slot) {
        self.clock += 1;
        slot.last_used = self.clock;
        self.slots[place] = Some(slot);
    }

    fn add_stream(&mut self, ssrc: u32) -> Result<(), Error> {
        let place = self.place(ssrc, Admission::WhileFree)?;
        let mut slot = self.look(place, ssrc);
        slot.is_listed = true;
        self.settle(place, slot);
        Ok(())
    }

    fn remove_stream(&mut self, ssrc: u32) -> Result<(), Error> {
        self.of_mut(ssrc)?;
        let place = self.place(ssrc, Admission::WhileFree)?;
        self.slots[place] = None;
        Ok(())
    }

    fn add_key(&mut self, mki: u8, secret: u8) -> Result<(), Error> {
        if self.keys.contains_key(&mki) {
            return Err(Error::Contradiction);
        }
        if self.keys.len() == self.room_for_keys {
            return Err(Error::KeyLimit);
        }
        self.keys.insert(mki, secret);
        if self.current == Err(Current::TheFirst) {
            self.current = Ok(mki);
        }
        Ok(())
    }

    fn remove_key(&mut self, mki: u8) -> Result<(), Error> {
        self.keys.remove(&mki).ok_or(Error::UnknownKey)?;
        if self.current == Ok(mki) {
            self.current = Err(Current::None);
        }
        Ok(())
    }

    fn use_key(&mut self, mki: u8) -> Result<(), Error> {
        self.key(mki)?;
        self.current = Ok(mki);
        Ok(())
    }

    fn rekey(&mut self, at: At, secret: u8, resets: bool) -> Result<(), Error> {
        match (self.keys.insert(0, secret) == Some(secret), resets) {
            (true, true) => return Err(Error::Contradiction),
            (false, true) => {
                for slot in self.slots.iter_mut().flatten() {
                    slot.rtp = Stream::default();
                    // RFC 3711 section 3.4: the index of one's own reports goes on.
                    if matches!(at, At::Receiver) {
                        slot.rtcp = Window::default();
                    }
                }
            }
            (_, false) => (),
        }
        Ok(())
    }

    fn key(&self, mki: u8) -> Result<u8, Error> {
        self.keys.get(&mki).copied().ok_or(Error::UnknownKey)
    }

    fn key_to_send(&self) -> Result<(u8, u8), Error> {
        let mki = self.current.map_err(|_| Error::UnknownKey)?;
        Ok((mki, self.key(mki)?))
    }

    /// A sender's index for a number, with its MKI and secret.
    fn send(&mut self, ssrc: u32, seq: u16, again: bool) -> Result<(u64, u8, u8), Error> {
        let place = self.place(ssrc, Admission::WhileFree)?;
        let mut slot = self.look(place, ssrc);
        let highest = slot.rtp.window.highest();
        let index = match slot.rtp.set_roc.take() {
            Some(roc) => index::join(roc, seq),
            None => match (highest, estimate(highest, seq).ok_or(Error::KeyExpired)?) {
                // Below ROC 0 there is nothing.
                (Some(highest), index) if index > highest + 32_768 => return Err(Error::TooOld),
                (_, index) => index,
            },
        };
        match slot.rtp.window.accept(64, index) {
            Err(Error::Replayed) if again => (),
            verdict => verdict?,
        }
        let (mki, secret) = self.key_to_send()?;
        self.settle(place, slot);
        Ok((index, mki, secret))
    }

    fn send_report(&mut self, ssrc: u32) -> Result<(u64, u8, u8), Error> {
        let place = self.place(ssrc, Admission::WhileFree)?;
        let mut slot = self.look(place, ssrc);
        let index = slot.rtcp.highest().map_or(0, |highest| highest + 1);
        slot.rtcp.accept(64, index)?;
        let (mki, secret) = self.key_to_send()?;
        self.settle(place, slot);
        Ok((index, mki, secret))
    }

    fn hear(
        &mut self,
        sent: &Sent,
        admission: Admission,
        is_forged: bool,
        tried: Option<u32>,
    ) -> Result<(), Error> {
        let place = self.place(sent.ssrc, admission)?;
        let mut slot = self.look(place, sent.ssrc);
        let open = |index| match (self.key(sent.mki)?, index) {
            known if known == (sent.secret, sent.index) && !is_forged => Ok(()),
            _ => Err(Error::Authentication),
        };
        if sent.is_report {
            slot.rtcp.accept(64, sent.index)?;
            open(sent.index)?;
        } else {
            let seq = u16::from_be_bytes([sent.packet[2], sent.packet[3]]);
            slot.rtp.hear(seq, tried, open)?;
        }
        self.settle(place, slot);
        Ok(())
    }

    fn check(&self, context: &Context<'_>) -> Result<(), TestCaseError> {
        let listed = self.slots.iter().flatten();
        let mut listed: Vec<_> = listed.map(|slot| (slot.ssrc, slot.rtp.roc())).collect();
        listed.sort_unstable();
        let streams = context.streams();
        let streams: Vec<_> = streams
            .map(|StreamStatus { ssrc, roc, .. }| (ssrc, roc))
            .collect();
        prop_assert_eq!(streams, listed);
        for ssrc in 0..6 {
            let roc = self.of(ssrc).map(|slot| slot.rtp.roc());
            prop_assert_eq!(context.roc(ssrc), roc.ok_or(Error::UnknownStream));
        }
        Ok(())
    }
}

/// Both ends with their models, and all that was sent.
struct World<'w, 's> {
    choice: Choice,
    secrets: &'w [Vec<u8>],
    sender: &'w mut Sender<'s>,
    receiver: &'w mut Receiver<'s>,
    sends: End,
    hears: End,
    sent: Vec<Sent>,
}

impl<'s> World<'_, 's> {
    fn apply(&mut self, operation: Operation) -> Result<(), TestCaseError> {
        use Operation as O;
        match operation {
            O::Protect { ssrc, step } => self.protect(ssrc, step),
            O::ProtectRtcp { ssrc } => self.protect_rtcp(ssrc),
            O::Deliver { back } => self.deliver(back, false, None),
            O::DeliverForged { back } => self.deliver(back, true, None),
            O::DeliverUnder { back, roc } => self.deliver(back, false, Some(roc)),
            O::SetRoc { at, ssrc, roc } => self.set_roc(at, ssrc, roc),
            O::AddStream { at, ssrc } => {
                let (context, end) = self.at(at);
                prop_assert_eq!(context.add_stream(ssrc), end.add_stream(ssrc));
                Ok(())
            }
            O::RemoveStream { at, ssrc } => {
                let (context, end) = self.at(at);
                prop_assert_eq!(context.remove_stream(ssrc), end.remove_stream(ssrc));
                Ok(())
            }
            key_operation => self.change_keys(key_operation),
        }
    }

    fn at(&mut self, at: At) -> (&mut Context<'s>, &mut End) {
        match at {
            At::Sender => (&mut *self.sender, &mut self.sends),
            At::Receiver => (&mut *self.receiver, &mut self.hears),
        }
    }

    fn change_keys(&mut self, operation: Operation) -> Result<(), TestCaseError> {
        let (profile, has_mki, secrets) = (self.choice.profile, self.choice.has_mki, self.secrets);
        let master = |secret: u8| {
            MasterKey::from_concatenated(profile, &secrets[usize::from(secret)]).unwrap()
        };
        // Identities that there are not are refused, and change nothing.
        let only = |has: bool, expected: &mut dyn FnMut() -> Result<(), Error>| {
            has.then(expected).unwrap_or(Err(Error::Contradiction))
        };
        let (answer, expected) = match operation {
            Operation::AddKey { at, mki, secret } => {
                let (context, end) = self.at(at);
                let answer = context.add_key(KeyId::Mki(&[mki]), &master(secret));
                (answer, only(has_mki, &mut || end.add_key(mki, secret)))
            }
            Operation::RemoveKey { at, mki } => {
                let (context, end) = self.at(at);
                let answer = context.remove_key(KeyId::Mki(&[mki]));
                (answer, only(has_mki, &mut || end.remove_key(mki)))
            }
            Operation::UseKey { mki } => {
                let answer = self.sender.use_key(&[mki]);
                (answer, only(has_mki, &mut || self.sends.use_key(mki)))
            }
            Operation::Rekey { at, secret, resets } => {
                let (context, end) = self.at(at);
                let roc = if resets {
                    Rekeying::ResetRoc
                } else {
                    Rekeying::KeepRoc
                };
                let answer = context.rekey(&master(secret), roc);
                (
                    answer,
                    only(!has_mki, &mut || end.rekey(at, secret, resets)),
                )
            }
            other => panic!("{other:?}"),
        };
        prop_assert_eq!(answer, expected);
        Ok(())
    }

    fn set_roc(&mut self, at: At, ssrc: u32, roc: u32) -> Result<(), TestCaseError> {
        let (answer, stream) = match at {
            At::Sender => (self.sender.set_roc(ssrc, roc), self.sends.of_mut(ssrc)),
            At::Receiver => (self.receiver.set_roc(ssrc, roc), self.hears.of_mut(ssrc)),
        };
        let expected = stream.and_then(|slot| {
            let reached = slot.rtp.window.highest().map_or(0, index::roc);
            if at == At::Sender && roc < reached {
                return Err(Error::TooOld);
            }
            slot.rtp.set_roc = Some(roc);
            Ok(())
        });
        prop_assert_eq!(answer, expected);
        Ok(())
    }

    fn protect(&mut self, ssrc: u32, step: i64) -> Result<(), TestCaseError> {
        let reached = self
            .sends
            .of(ssrc)
            .and_then(|slot| slot.rtp.window.highest());
        // Near the wrap at first.
        let next = reached.unwrap_or(65_529).saturating_add_signed(step);
        let seq = u16::try_from(next % 65_536).unwrap();
        let packet = rtp(ssrc, seq, &self.sent.len().to_be_bytes());
        let answer = into_vec(|out| self.sender.protect(&packet, out));
        let expected = self.sends.send(ssrc, seq, self.choice.retransmission);
        self.note(packet, answer, expected, false)
    }

    fn protect_rtcp(&mut self, ssrc: u32) -> Result<(), TestCaseError> {
        let packet = rtcp(ssrc, &self.sent.len().to_be_bytes());
        let answer = into_vec(|out| self.sender.protect_rtcp(&packet, out));
        let expected = self.sends.send_report(ssrc);
        self.note(packet, answer, expected, true)
    }

    fn note(
        &mut self,
        packet: Vec<u8>,
        answer: Result<Vec<u8>, Error>,
        expected: Result<(u64, u8, u8), Error>,
        is_report: bool,
    ) -> Result<(), TestCaseError> {
        let (index, mki, secret) = match expected {
            Ok(expected) => expected,
            Err(error) => {
                prop_assert_eq!(answer, Err(error));
                return Ok(());
            }
        };
        let mki_octets = [mki];
        let reference = Reference {
            mki: &mki_octets[..usize::from(self.choice.has_mki)],
            key_derivation_rate: u64::from(self.choice.key_derivation_rate),
            ..Reference::new(self.choice.profile, &self.secrets[usize::from(secret)])
        };
        let wire = if is_report {
            reference.rtcp(&packet, u32::try_from(index).unwrap())
        } else {
            reference.rtp(&packet, index)
        };
        prop_assert_eq!(answer.as_ref(), Ok(&wire));
        let ssrc_at = if is_report { 4 } else { 8 };
        let ssrc = packet[ssrc_at..ssrc_at + 4].try_into().unwrap();
        self.sent.push(Sent {
            ssrc: u32::from_be_bytes(ssrc),
            wire,
            packet,
            is_report,
            index,
            mki,
            secret,
        });
        Ok(())
    }

    fn deliver(
        &mut self,
        back: usize,
        is_forged: bool,
        tried: Option<u32>,
    ) -> Result<(), TestCaseError> {
        let Some(sent) = self.sent.iter().rev().nth(back).cloned() else {
            return Ok(());
        };
        let mut wire = sent.wire.clone();
        if is_forged {
            // In the payload: the MKI stays what it is.
            wire[14] ^= 0x10;
        }
        let heard = into_vec(|out| match tried {
            _ if sent.is_report => self.receiver.unprotect_rtcp(&wire, out),
            Some(roc) => self.receiver.unprotect_with_roc(&wire, out, roc),
            None => self.receiver.unprotect(&wire, out),
        });
        let admission = self.choice.admission;
        let expected = self.hears.hear(&sent, admission, is_forged, tried);
        prop_assert_eq!(heard, expected.map(|()| sent.packet));
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn both_ends_are_their_models(operations in operations(), choice in choices()) {
        let secrets: Vec<_> = (0..8).map(|which| other_secret(choice.profile, which)).collect();
        let keys = if choice.has_mki { 3 } else { 1 };
        let (mut here, mut there) = (choice.parts(keys, 3), choice.parts(keys, 2));
        let (mut sender, mut receiver) = (here.sender_without_key(), there.receiver_without_key());
        let mut world = World {
            choice,
            secrets: &secrets,
            sends: End::new(3, keys),
            hears: End::new(2, keys),
            sender: &mut sender,
            receiver: &mut receiver,
            sent: Vec::new(),
        };
        // Something to begin with, at either end: with MKIs two keys, else the one.
        for at in [At::Sender, At::Receiver] {
            if choice.has_mki {
                world.apply(Operation::AddKey { at, mki: 1, secret: 1 })?;
                world.apply(Operation::AddKey { at, mki: 2, secret: 2 })?;
            } else {
                world.sends.current = Ok(0);
                world.apply(Operation::Rekey { at, secret: 0, resets: false })?;
            }
        }
        for operation in operations {
            world.apply(operation)?;
            world.sends.check(world.sender)?;
            world.hears.check(world.receiver)?;
        }
    }
}
