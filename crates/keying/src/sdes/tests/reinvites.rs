// SPDX-License-Identifier: MIT OR Apache-2.0
//! Later offers and answers: refreshes, re-keying, keys that come again, forks.

use std::format;
use std::string::String;

use sipseal_srtp::{AesCm128HmacSha1, Options, Storage};

use super::*;

type Room = Storage<AesCm128HmacSha1, 1, 2>;

/// A call, and the lines that made it.
struct Call {
    alice: Negotiation,
    bob: Negotiation,
    offer: String,
    answer: String,
}

fn call(policy: &Policy<'_>) -> Call {
    let (mut alice, mut bob) = (Negotiation::new(), Negotiation::new());
    let offer = offer(&mut alice, policy, 1);
    let (answer, _) = answer(&mut bob, &offer, policy, 100).unwrap();
    assert_eq!(alice.take_answer(answer.as_bytes(), policy), Ok(NEW));
    Call {
        alice,
        bob,
        offer,
        answer,
    }
}

fn sends(negotiation: &mut Negotiation) -> Result<(), Error> {
    negotiation
        .sender(&mut Room::new(), Options::SAFE)
        .map(|_| ())
}

#[test]
fn a_refresh_changes_nothing() {
    let policy = Policy::new(BOTH);
    let Call {
        mut alice,
        mut bob,
        offer: first,
        answer: answered,
    } = call(&policy);
    assert_eq!(sends(&mut alice), Ok(()));
    let again = offer(&mut alice, &policy, 50);
    assert_eq!(again, format!("{}\r\n", lines_of(&first)[0]));
    let (line, change) = answer(&mut bob, &again, &policy, 60).unwrap();
    assert_eq!((line.as_str(), change), (answered.as_str(), SAME));
    assert_eq!(alice.take_answer(line.as_bytes(), &policy), Ok(SAME));
    assert_eq!(
        alice.take_answer(line.as_bytes(), &policy),
        Ok(SAME),
        "the answer came twice"
    );
    assert_eq!(sends(&mut alice), Err(Error::KeyInUse));
    // The other side may be the one that asks.
    let again = offer(&mut bob, &policy, 70);
    assert_eq!(again, answered);
    let (line, change) = answer(&mut alice, &again, &policy, 80).unwrap();
    assert_eq!((line.trim_end(), change), (lines_of(&first)[0], SAME));
    assert_eq!(bob.take_answer(line.as_bytes(), &policy), Ok(SAME));
}

#[test]
fn a_key_makes_one_sender() {
    let policy = Policy::new(BOTH);
    let Call {
        mut alice, mut bob, ..
    } = call(&policy);
    assert_eq!(sends(&mut Negotiation::new()), Err(Error::NotAgreed));
    assert_eq!(sends(&mut alice), Ok(()));
    assert_eq!(sends(&mut alice), Err(Error::KeyInUse));
    // One that was not made does not count.
    let mut wrong = Storage::<sipseal_srtp::Aes128Gcm, 1, 2>::new();
    let failed = bob.sender(&mut wrong, Options::SAFE).map(|_| ());
    assert_eq!(
        failed,
        Err(Error::Context(sipseal_srtp::Error::WrongStorage))
    );
    assert_eq!(sends(&mut bob), Ok(()));
}

#[test]
fn re_keying() {
    let policy = Policy::new(BOTH);
    let Call {
        mut alice,
        mut bob,
        offer: first,
        answer: answered,
    } = call(&policy);
    assert_eq!(sends(&mut alice), Ok(()));
    let fresh = Policy {
        fresh_keys: true,
        ..policy
    };
    let again = offer(&mut alice, &fresh, 50);
    assert_ne!(again, first);
    let (line, change) = answer(&mut bob, &again, &policy, 60).unwrap();
    assert_eq!(line, answered, "who is not asked to re-key keeps the key");
    assert_eq!(
        change,
        Change {
            new_sender: false,
            new_receiver: true
        }
    );
    // Until the answer is there, the old key stands.
    assert_eq!(sends(&mut alice), Err(Error::KeyInUse));
    assert_eq!(
        alice.take_answer(line.as_bytes(), &policy),
        Ok(Change {
            new_sender: true,
            new_receiver: false
        })
    );
    assert_eq!(sends(&mut alice), Ok(()));
    let (_, change) = answer(&mut bob, &offer(&mut alice, &fresh, 80), &fresh, 90).unwrap();
    assert_eq!(change, NEW);
}

#[test]
fn another_suite_takes_another_key() {
    let policy = Policy::new(BOTH);
    let Call {
        mut alice,
        mut bob,
        offer: first,
        ..
    } = call(&policy);
    // The same key under another suite: two tags and parameters for one keystream.
    let moved = lines_of(&first)[0].replace("SHA1_80", "SHA1_32");
    assert_eq!(reason(&bob, &moved, &policy, 0), Reason::KeyReused);
    for rest in ["|2^20", "|1:4", " KDR=5", " UNENCRYPTED_SRTCP"] {
        let lax = Policy {
            insecure_unencrypted_srtcp: true,
            ..policy
        };
        let other = format!("{}{rest}", lines_of(&first)[0]);
        assert_eq!(reason(&bob, &other, &lax, 0), Reason::KeyReused, "{rest}");
    }
    let hinted = format!("{} WSH=128 -NEW", lines_of(&first)[0]);
    assert_eq!(answer(&mut bob, &hinted, &policy, 5).unwrap().1, SAME);
    assert_eq!(bob.window_hint(), Some(128));

    let only_32 = Policy::new(&[CM_32]);
    let again = offer(&mut alice, &only_32, 50);
    let (line, change) = answer(&mut bob, &again, &policy, 60).unwrap();
    assert_eq!(change, NEW);
    assert_eq!(alice.take_answer(line.as_bytes(), &only_32), Ok(NEW));
    assert_eq!(bob.profile(), Ok(CM_32));
}

#[test]
fn who_moves_brings_a_new_key() {
    let policy = Policy::new(BOTH);
    let Call {
        bob, offer: first, ..
    } = call(&policy);
    let moved = Policy {
        peer_moved: true,
        ..policy
    };
    assert_eq!(
        reason(&bob, lines_of(&first)[0], &moved, 0),
        Reason::KeyReused
    );
    assert_eq!(bob.verdict(first.as_bytes(), &policy, 0), Ok(1));
}

#[test]
fn our_own_key_comes_back() {
    let policy = Policy::new(BOTH);
    let Call {
        alice,
        bob,
        offer: first,
        answer: answered,
    } = call(&policy);
    let echoed = answered.replace("crypto:1", "crypto:9");
    assert_eq!(reason(&bob, &echoed, &policy, 0), Reason::KeyEchoed);
    assert_eq!(reason(&alice, &first, &policy, 0), Reason::KeyEchoed);
    assert_eq!(
        reason(&alice, &first, &policy, 1),
        Reason::KeyEchoed,
        "also of a line that was not taken"
    );
}

#[test]
fn a_rejected_offer_leaves_all_as_it_was() {
    let policy = Policy::new(BOTH);
    let Call {
        mut alice,
        answer: answered,
        ..
    } = call(&policy);
    let _ = offer(
        &mut alice,
        &Policy {
            fresh_keys: true,
            ..Policy::new(&[GCM])
        },
        50,
    );
    let refused = alice.take_answer(
        format!("m=audio 0 RTP/SAVP 0\r\n{answered}").as_bytes(),
        &policy,
    );
    assert_eq!(refused, Err(Error::MediaRejected));
    assert_eq!(alice.profile(), Ok(CM_80));
    assert_eq!(sends(&mut alice), Ok(()));
}

/// Early media of one phone, then another picks up: two answers to one offer, in one dialog.
#[test]
fn another_answer_in_place_of_the_first() {
    let policy = Policy::new(BOTH);
    let mut alice = Negotiation::new();
    let offered = offer(&mut alice, &policy, 1);
    let of = |suites, seed| {
        answer(
            &mut Negotiation::new(),
            &offered,
            &Policy::new(suites),
            seed,
        )
        .unwrap()
        .0
    };
    let (bob, carol, dave) = (of(BOTH, 100), of(BOTH, 120), of(&[CM_32], 140));
    assert_eq!(alice.take_answer(bob.as_bytes(), &policy), Ok(NEW));
    assert_eq!(sends(&mut alice), Ok(()));
    // The same line of ours: the sender goes on.
    assert_eq!(
        alice.take_answer(carol.as_bytes(), &policy),
        Ok(Change {
            new_sender: false,
            new_receiver: true
        })
    );
    assert_eq!(sends(&mut alice), Err(Error::KeyInUse));
    // Another line has another key.
    assert_eq!(alice.take_answer(dave.as_bytes(), &policy), Ok(NEW));
    assert_eq!(sends(&mut alice), Ok(()));
    // Back again: the first key was used.
    assert_eq!(alice.take_answer(bob.as_bytes(), &policy), Ok(NEW));
    assert_eq!(sends(&mut alice), Err(Error::KeyInUse));
}

#[test]
fn branches_of_a_forked_call() {
    let policy = Policy::new(BOTH);
    let (mut alice, mut branch) = (Negotiation::new(), Negotiation::new());
    assert_eq!(alice.fork(&mut branch), Err(Error::NotOffered));
    let offered = offer(&mut alice, &policy, 1);
    let (mut bob, mut carol) = (Negotiation::new(), Negotiation::new());
    let (of_bob, _) = answer(&mut bob, &offered, &policy, 100).unwrap();
    let (of_carol, _) = answer(&mut carol, &offered, &policy, 120).unwrap();
    alice.fork(&mut branch).unwrap();
    assert_eq!(alice.take_answer(of_bob.as_bytes(), &policy), Ok(NEW));
    assert_eq!(branch.take_answer(of_carol.as_bytes(), &policy), Ok(NEW));
    assert_eq!(sends(&mut alice), Ok(()));
    assert!(branch.receiver(&mut Room::new(), Options::SAFE).is_ok());
    assert_eq!(sends(&mut branch), Err(Error::KeyInUse));
    // Whether asked for or not, the next offer there has new keys.
    let update = offer(&mut branch, &policy, 50);
    assert_eq!(lines_of(&update).len(), 2);
    let (line, change) = answer(&mut carol, &update, &policy, 60).unwrap();
    assert_eq!(
        change,
        Change {
            new_sender: false,
            new_receiver: true
        }
    );
    assert_eq!(
        branch.take_answer(line.as_bytes(), &policy),
        Ok(Change {
            new_sender: true,
            new_receiver: false
        })
    );
    assert_eq!(sends(&mut branch), Ok(()));
}

#[test]
fn mkis_count_up_through_a_call() {
    let policy = Policy {
        mki_len: 1,
        keys: 2,
        ..Policy::new(&[CM_80])
    };
    let fresh = Policy {
        fresh_keys: true,
        ..policy
    };
    let Call {
        mut alice,
        mut bob,
        offer: first,
        answer: answered,
    } = call(&policy);
    assert!(
        first.contains("|1:1;") && first.contains("|2:1\r\n") && answered.contains("|1:1;"),
        "{first}"
    );
    let again = offer(&mut alice, &policy, 3);
    assert_eq!(again, first);
    let (line, _) = answer(&mut bob, &again, &fresh, 40).unwrap();
    assert!(
        line.contains("|3:1;") && line.contains("|4:1\r\n"),
        "{line}"
    );
    for seed in 5..200_u8 {
        let again = offer(&mut alice, &fresh, seed);
        let line = CryptoAttribute::parse(again.as_bytes()).unwrap();
        for key in line.keys().unwrap() {
            let mut mki = [0];
            key.mki.unwrap().write(&mut mki).unwrap();
            assert_ne!(mki, [0]);
        }
    }
}
