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

/// All indices ever accepted, in a set.
#[derive(Default)]
struct Window(BTreeSet<u64>);

impl Window {
    fn accept(&mut self, size: u64, index: u64) -> Result<(), Error> {
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

fn steps() -> impl Strategy<Value = Vec<i64>> {
    let step = prop_oneof![
        6 => Just(1_i64),
        3 => -70_i64..70,
        2 => -300_i64..300,
        1 => -40_000_i64..40_000,
    ];
    prop::collection::vec(step, 1..400)
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

    /// A receiver hears exactly the packets that the models accept, over several ROC values.
    #[test]
    fn receiver_is_the_models(first: u16, steps in steps(), profile in 0..Profile::ALL.len()) {
        let profile = Profile::ALL[profile];
        let secret = secret(profile);
        let mut parts = Parts::new(profile, 1, 64);
        let mut receiver = parts.receiver(&secret);
        let mut window = Window::default();
        let mut true_index = u64::from(first);
        for step in steps {
            true_index = true_index.saturating_add_signed(step);
            let seq = u16::try_from(true_index & 0xffff).unwrap();
            let packet = rtp(9, seq, &true_index.to_be_bytes());

            // Whoever sent this was at the true index: a sender placed there.
            let mut parts = Parts::new(profile, 1, 64);
            let mut sender = parts.sender(&secret);
            sender.streams.place(9, true_index, 0);
            sender.streams.forget(9, true_index);
            let wire = into_vec(|out| sender.protect(&packet, out)).unwrap();

            let estimate = match window.0.last() {
                None => Some(u64::from(seq)),
                Some(highest) => appendix_a(
                    i64::try_from(highest >> 16).unwrap(),
                    i64::try_from(highest & 0xffff).unwrap(),
                    i64::from(seq),
                ),
            };
            let estimate = estimate.unwrap();
            let mut trial = Window(window.0.clone());
            let expected = trial.accept(64, estimate).and(
                if estimate == true_index { Ok(packet) } else { Err(Error::Authentication) }
            );
            let heard = into_vec(|out| receiver.unprotect(&wire, out));
            prop_assert_eq!(&heard, &expected);
            if heard.is_ok() {
                window = trial;
            }
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
