// SPDX-License-Identifier: MIT OR Apache-2.0
//! SDES: single lines, offers and answers.
//!
//! The first octet chooses the policy; the rest is a media description, as it came in an offer or an answer. Beside
//! panics, this looks for lines that are read in one way and answered in another.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sipseal::RandomFailed;
use sipseal::keying::sdes::{CryptoAttribute, Error, MAX_LINES, Negotiation, Policy, SessionParam};
use sipseal::srtp::{Options, Profile};

const SUITES: &[Profile] = &[
    Profile::AeadAes256Gcm,
    Profile::AeadAes128Gcm,
    Profile::AesCm256HmacSha1_80,
    Profile::AesCm192HmacSha1_80,
    Profile::AesCm128HmacSha1_80,
    Profile::AesCm128HmacSha1_32,
    Profile::F8Aes128HmacSha1_80,
    Profile::AeadAes128Gcm8,
];

fn counting(mut next: u32) -> impl FnMut(&mut [u8]) -> Result<(), RandomFailed> {
    move |out| {
        out.fill_with(|| {
            next = next.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            next.to_be_bytes()[0]
        });
        Ok(())
    }
}

fn policy(octet: u8) -> Policy<'static> {
    let is_set = |bit: u8| octet & (1 << bit) != 0;
    let mut policy = Policy::new(SUITES);
    policy.insecure_unencrypted_srtp = is_set(0);
    policy.insecure_unencrypted_srtcp = is_set(1);
    policy.insecure_unauthenticated_srtp = is_set(2);
    policy.srtp_fec = is_set(3);
    policy.plain_rtp = is_set(4);
    policy.own_preference = is_set(5);
    policy.lifetime = is_set(6).then_some(1 << 31);
    policy.mki_len = if is_set(7) { 4 } else { 0 };
    policy
}

fn read(line: &[u8]) {
    let Ok(line) = CryptoAttribute::parse(line) else {
        return;
    };
    let Some(suite) = line.suite() else {
        assert!(line.keys().is_none() && line.params().is_none());
        return;
    };
    let mut keys = 0;
    for key in line.keys().unwrap() {
        keys += 1;
        assert_eq!(key.base64.len(), (suite.secret_len() * 8).div_ceil(6));
        if let Some(mki) = key.mki {
            let mut out = [0; 128];
            let _ = mki.write(&mut out[..usize::from(mki.len)]);
        }
    }
    assert!(keys > 0);
    let params = line.params().unwrap();
    let hints = line.each_param().unwrap();
    let hints = hints
        .filter(|param| matches!(param, SessionParam::WindowHint(_)))
        .count();
    assert_eq!(hints, usize::from(params.window_hint.is_some()));
}

fn take_offer(text: &[u8], policy: &Policy<'_>) {
    let mut bob = Negotiation::new();
    let mut out = [0; 512];
    let verdicts = (0..MAX_LINES).filter(|line| bob.verdict(text, policy, *line).is_ok());
    let acceptable = verdicts.count();
    let answered = match bob.answer(text, policy, &mut counting(1), &mut out) {
        Ok(answered) => answered,
        Err(error) => {
            assert!(acceptable == 0 || error == Error::Random, "{error:?}");
            return;
        }
    };
    assert!(acceptable > 0);
    assert!(answered.change.new_sender && answered.change.new_receiver);
    let line = &out[..answered.len];
    let read = CryptoAttribute::parse(line).unwrap();
    let profile = bob.profile().unwrap();
    assert_eq!(read.suite().unwrap().profile(), profile);
    let (ours, theirs) = (read.params().unwrap(), bob.peer_params().unwrap());
    assert!(ours.negotiates_as(&theirs));
    for options in [
        bob.sender_options(Options::SAFE),
        bob.receiver_options(Options::SAFE),
    ] {
        options.unwrap().check(profile).unwrap();
    }
    // The same again is a refresh, and the answer to it the same.
    let mut again = [0; 512];
    let refreshed = bob
        .answer(text, policy, &mut counting(2), &mut again)
        .unwrap();
    assert!(!refreshed.change.new_sender && !refreshed.change.new_receiver);
    assert_eq!(line, &again[..refreshed.len]);
}

fn take_answer(text: &[u8], policy: &Policy<'_>) {
    let mut alice = Negotiation::new();
    let mut out = [0; 2048];
    let offered = alice.offer(policy, &mut counting(3), &mut out).unwrap();
    if let Ok(change) = alice.take_answer(text, policy) {
        assert!(change.new_sender && change.new_receiver);
        let again = alice.take_answer(text, policy).unwrap();
        assert!(!again.new_sender && !again.new_receiver);
    }
    // Our own lines are never an answer.
    assert!(alice.take_answer(&out[..offered], policy).is_err());
}

fuzz_target!(|data: &[u8]| {
    let Some((first, text)) = data.split_first() else {
        return;
    };
    let policy = policy(*first);
    for line in text.split(|octet| *octet == b'\n') {
        read(line);
    }
    take_offer(text, &policy);
    take_answer(text, &policy);
});
