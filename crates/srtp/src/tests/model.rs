// SPDX-License-Identifier: MIT OR Apache-2.0
//! Index estimation and replay protection against plain models written from RFC 3711.

use std::collections::BTreeSet;
use std::vec::Vec;

use proptest::prelude::*;

use super::{Parts, into_vec, rtcp, rtp, secret};
use crate::{Error, Profile, index, replay};

/// Appendix A, in signed numbers; below ROC 0 there is nothing, so the candidate is ROC 0.
fn appendix_a(roc: i64, s_l: i64, seq: i64) -> Option<u64> {
    let v = if s_l < 32768 {
        if seq - s_l > 32768 { roc - 1 } else { roc }
    } else if s_l - 32768 > seq {
        roc + 1
    } else {
        roc
    };
    let v = v.max(0);
    (v < 1 << 32).then(|| u64::try_from(v * 65536 + seq).unwrap())
}

/// The same for an index, and before any.
pub(super) fn estimate(highest: Option<u64>, seq: u16) -> Option<u64> {
    let Some(highest) = highest else {
        return Some(u64::from(seq));
    };
    let (roc, s_l) = (highest >> 16, highest & 0xffff);
    appendix_a(
        i64::try_from(roc).unwrap(),
        i64::try_from(s_l).unwrap(),
        i64::from(seq),
    )
}

/// All indices ever accepted, in a set.
#[derive(Clone, Default)]
pub(super) struct Window(BTreeSet<u64>);

impl Window {
    pub(super) fn highest(&self) -> Option<u64> {
        self.0.last().copied()
    }

    pub(super) fn accept(&mut self, size: u64, index: u64) -> Result<(), Error> {
        match self.0.last() {
            Some(highest) if index + size <= *highest => Err(Error::TooOld),
            _ if self.0.contains(&index) => Err(Error::Replayed),
            _ => {
                self.0.insert(index);
                Ok(())
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Operation {
    Packet(i64),
    SetRoc(i64),
    TryRoc(i64, i64),
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let operation = prop_oneof![
        10 => step().prop_map(Operation::Packet),
        1 => (-2_i64..3).prop_map(Operation::SetRoc),
        2 => (step(), -2_i64..3).prop_map(|(step, delta)| Operation::TryRoc(step, delta)),
    ];
    prop::collection::vec(operation, 1..300)
}

/// One stream: the indices it has seen, and the ROC it was told.
#[derive(Clone, Default)]
pub(super) struct Stream {
    pub(super) window: Window,
    pub(super) set_roc: Option<u32>,
}

impl Stream {
    /// The ROC as a context tells it.
    pub(super) fn roc(&self) -> u32 {
        self.set_roc
            .or(self.window.highest().map(index::roc))
            .unwrap_or(0)
    }

    /// A packet of this number arrives, perhaps to be taken under a ROC to try; `open` says whether it is good
    /// at an index.
    pub(super) fn hear(
        &mut self,
        seq: u16,
        tried: Option<u32>,
        open: impl Fn(u64) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let highest = self.window.highest();
        let guesses = match (tried.or(self.set_roc), highest) {
            (Some(roc), _) => [Some((u64::from(roc) << 16) | u64::from(seq)), None],
            // A stream may have wrapped before anything of it was heard.
            (None, None) => [
                Some(u64::from(seq)),
                (seq < 32768).then_some((1 << 16) | u64::from(seq)),
            ],
            (None, Some(_)) => [estimate(highest, seq), None],
        };
        let mut refused = Err(Error::KeyExpired);
        for guess in guesses.into_iter().flatten() {
            // Told of a ROC that is back, it begins anew there; ahead, it goes on.
            let goes_back =
                self.set_roc == Some(index::roc(guess)) && highest.map(index::roc) > self.set_roc;
            let mut window = if goes_back {
                Window::default()
            } else {
                self.window.clone()
            };
            window.accept(64, guess)?;
            match open(guess) {
                Ok(()) => {
                    *self = Self {
                        window,
                        set_roc: None,
                    };
                    return Ok(());
                }
                error => refused = error,
            }
        }
        refused
    }
}

pub(super) fn step() -> impl Strategy<Value = i64> {
    prop_oneof![
        6 => Just(1_i64),
        3 => -70_i64..70,
        2 => -300_i64..300,
        1 => -40_000_i64..40_000,
    ]
}

fn steps() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(step(), 1..400)
}

proptest! {
    #[test]
    fn estimate_is_appendix_a(roc in 0..=u32::MAX, s_l: u16, seq: u16) {
        let highest = (u64::from(roc) << 16) | u64::from(s_l);
        prop_assert_eq!(
            index::estimate(Some(highest), seq),
            appendix_a(i64::from(roc), i64::from(s_l), i64::from(seq)),
        );
    }

    #[test]
    fn window_is_a_set(start in 0_u64..1 << 40, steps in steps(), log in 6_u32..=10) {
        let size = 1_u64 << log;
        let mut words = std::vec![0xffff_ffff_u32; usize::try_from(size).unwrap() / 32];
        let mut highest = None;
        let mut model = Window::default();
        let mut at = start;
        for step in steps {
            at = at.saturating_add_signed(step);
            let verdict = replay::check(&words, highest, at);
            prop_assert_eq!(verdict, model.accept(size, at));
            if verdict.is_ok() {
                highest = Some(replay::mark(&mut words, highest, at));
            }
        }
    }

    /// A receiver hears exactly the packets that the models accept, over several ROC values, with ROCs set
    /// and tried in between.
    #[test]
    fn receiver_is_the_models(
        first: u16,
        operations in operations(),
        profile in 0..Profile::ALL.len(),
    ) {
        let profile = Profile::ALL[profile];
        let secret = secret(profile);
        let mut parts = Parts::new(profile, 1, 64);
        let mut receiver = parts.receiver(&secret);
        let mut model = Stream::default();
        let mut true_index = u64::from(first);
        for operation in operations {
            let roc_near = |delta: i64| {
                u32::try_from((true_index >> 16).saturating_add_signed(delta)).unwrap()
            };
            let (step, tried) = match operation {
                Operation::SetRoc(delta) => {
                    let roc = roc_near(delta);
                    let known = model.window.highest().is_some();
                    prop_assert_eq!(receiver.set_roc(9, roc).is_ok(), known);
                    model.set_roc = known.then_some(roc);
                    prop_assert_eq!(receiver.roc(9).ok(), known.then_some(roc));
                    continue;
                }
                Operation::Packet(step) => (step, None),
                Operation::TryRoc(step, delta) => (step, Some(delta)),
            };
            true_index = true_index.saturating_add_signed(step);
            let tried = tried.map(|delta| {
                u32::try_from((true_index >> 16).saturating_add_signed(delta)).unwrap()
            });
            let seq = u16::try_from(true_index & 0xffff).unwrap();
            let packet = rtp(9, seq, &true_index.to_be_bytes());

            // Whoever sent this was at the true index: a sender placed there.
            let mut parts = Parts::new(profile, 1, 64);
            let mut sender = parts.sender(&secret);
            sender.streams.place(9, true_index, 0);
            sender.streams.forget(9, true_index);
            let wire = into_vec(|out| sender.protect(&packet, out)).unwrap();

            let is_good = |guess| {
                let good = guess == true_index;
                good.then_some(()).ok_or(Error::Authentication)
            };
            let expected = model.hear(seq, tried, is_good).map(|()| packet);
            let heard = into_vec(|out| match tried {
                None => receiver.unprotect(&wire, out),
                Some(roc) => receiver.unprotect_with_roc(&wire, out, roc),
            });
            prop_assert_eq!(&heard, &expected);
            let known = model.window.highest().is_some();
            prop_assert_eq!(receiver.roc(9).ok(), known.then_some(model.roc()));
        }
    }

    /// SRTCP carries its index: the window alone decides.
    #[test]
    fn rtcp_receiver_is_the_window(steps in steps()) {
        let profile = Profile::AesCm128HmacSha1_80;
        let secret = secret(profile);
        let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 128));
        let mut sender = here.sender(&secret);
        let reports: Vec<_> = (0..500)
            .map(|_| into_vec(|out| sender.protect_rtcp(&rtcp(5, b"report"), out)).unwrap())
            .collect();
        let mut receiver = there.receiver(&secret);
        let mut model = Window::default();
        let mut at = 0_u64;
        for step in steps {
            at = at.saturating_add_signed(step).min(499);
            let heard = into_vec(|out| receiver.unprotect_rtcp(&reports[usize::try_from(at).unwrap()], out));
            prop_assert_eq!(heard.map(|_| ()), model.accept(128, at));
        }
    }
}
