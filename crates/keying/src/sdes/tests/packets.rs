// SPDX-License-Identifier: MIT OR Apache-2.0
//! What was agreed on, at work.

use std::format;
use std::vec::Vec;

use sipseal_srtp::{
    Aes128Gcm, AesCm128HmacSha1, Error as SrtpError, MasterKey, Options, Receiver, Sender, Storage,
};

use super::*;

const RTP: &[u8] = b"\x80\x00\x00\x01\x00\x00\x00\xa0\xca\xfe\xba\xbespeech";

/// One packet; what it looks like on the wire.
fn pass(
    sender: &mut Sender<'_>,
    receiver: &mut Receiver<'_>,
    number: u8,
) -> Result<Vec<u8>, SrtpError> {
    let (mut wire, mut heard) = ([0; 256], [0; 256]);
    let mut rtp = RTP.to_vec();
    rtp[3] = number;
    let sent = sender.protect(&rtp, &mut wire)?.len;
    let got = receiver.unprotect(&wire[..sent], &mut heard)?.len;
    assert_eq!(&heard[..got], rtp);
    Ok(wire[..sent].to_vec())
}

fn agree(of_alice: &Policy<'_>, of_bob: &Policy<'_>) -> (Negotiation, Negotiation) {
    let (mut alice, mut bob) = (Negotiation::new(), Negotiation::new());
    let offered = offer(&mut alice, of_alice, 1);
    let (line, _) = answer(&mut bob, &offered, of_bob, 100).unwrap();
    let _ = alice.take_answer(line.as_bytes(), of_alice).unwrap();
    (alice, bob)
}

#[test]
fn both_directions() {
    let (mut alice, mut bob) = agree(&Policy::new(BOTH), &Policy::new(BOTH));
    let mut rooms: [Storage<AesCm128HmacSha1, 1, 2>; 4] = core::array::from_fn(|_| Storage::new());
    let [one, two, three, four] = &mut rooms;
    let (mut to_bob, mut from_alice) = (
        alice.sender(one, Options::SAFE).unwrap(),
        bob.receiver(two, Options::SAFE).unwrap(),
    );
    let (mut to_alice, mut from_bob) = (
        bob.sender(three, Options::SAFE).unwrap(),
        alice.receiver(four, Options::SAFE).unwrap(),
    );
    let sent = pass(&mut to_bob, &mut from_alice, 1).unwrap();
    let other = pass(&mut to_alice, &mut from_bob, 1).unwrap();
    assert_ne!(sent, other);
    assert_eq!(sent.len(), RTP.len() + 10);
}

/// The key in the line is the key of the sender, by RFC 4568 and not by our reading of it.
#[test]
fn the_key_of_the_line() {
    let text = format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|1066:4");
    let mut bob = Negotiation::new();
    let _ = answer(&mut bob, &text, &Policy::new(BOTH), 1).unwrap();
    let mut room = Storage::<AesCm128HmacSha1, 1, 2, 1, 4>::new();
    let mut receiver = bob.receiver(&mut room, Options::SAFE).unwrap();

    let mut options = Options::SAFE;
    options.mki_len = 4;
    let mut room = Storage::<AesCm128HmacSha1, 1, 2, 1, 4>::new();
    let mut sender = room.sender_without_key(CM_80, options).unwrap();
    let master = MasterKey::from_concatenated(CM_80, KEY_OCTETS).unwrap();
    sender
        .add_key(sipseal_srtp::KeyId::Mki(&[0, 0, 4, 42]), &master)
        .unwrap();
    let wire = pass(&mut sender, &mut receiver, 1).unwrap();
    assert_eq!(&wire[RTP.len()..][..4], &[0, 0, 4, 42]);
}

#[test]
fn several_keys_with_mkis() {
    let policy = Policy {
        keys: 2,
        mki_len: 2,
        ..Policy::new(&[GCM])
    };
    let (mut alice, bob) = agree(&policy, &Policy::new(&[GCM]));
    assert_eq!(
        (
            alice.sender_keys(),
            alice.receiver_keys(),
            bob.receiver_keys()
        ),
        (2, 1, 2)
    );
    let mut room = Storage::<Aes128Gcm, 1, 2, 2, 2>::new();
    let mut sender = alice.sender(&mut room, Options::SAFE).unwrap();
    let mut room = Storage::<Aes128Gcm, 1, 2, 2, 2>::new();
    let mut receiver = bob.receiver(&mut room, Options::SAFE).unwrap();
    let first = pass(&mut sender, &mut receiver, 1).unwrap();
    sender.use_key(&[0, 2]).unwrap();
    let second = pass(&mut sender, &mut receiver, 2).unwrap();
    assert_eq!(
        (&first[first.len() - 2..], &second[second.len() - 2..]),
        (&[0, 1][..], &[0, 2][..])
    );
    // Storage for one key is none for two.
    let mut small = Storage::<Aes128Gcm, 1, 2, 1, 2>::new();
    let refused = bob.receiver(&mut small, Options::SAFE).map(|_| ());
    assert_eq!(refused, Err(Error::Context(SrtpError::KeyLimit)));
}

#[test]
fn lifetimes_are_kept() {
    let policy = Policy {
        lifetime: Some(3),
        ..Policy::new(BOTH)
    };
    let (mut alice, bob) = agree(&policy, &Policy::new(BOTH));
    let mut room = Storage::<AesCm128HmacSha1, 1, 2>::new();
    let mut sender = alice.sender(&mut room, Options::SAFE).unwrap();
    let mut room = Storage::<AesCm128HmacSha1, 1, 2>::new();
    let mut receiver = bob.receiver(&mut room, Options::SAFE).unwrap();
    for number in 1..=2 {
        let _ = pass(&mut sender, &mut receiver, number).unwrap();
    }
    assert_eq!(
        pass(&mut sender, &mut receiver, 3),
        Err(SrtpError::KeyExpired)
    );

    // One who counts otherwise is heard once more, and not twice.
    let text = format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^1");
    let mut bob = Negotiation::new();
    let _ = answer(&mut bob, &text, &Policy::new(BOTH), 1).unwrap();
    let mut room = Storage::<AesCm128HmacSha1, 1, 2>::new();
    let mut receiver = bob.receiver(&mut room, Options::SAFE).unwrap();
    let mut room = Storage::<AesCm128HmacSha1, 1, 2>::new();
    let master = MasterKey::from_concatenated(CM_80, KEY_OCTETS).unwrap();
    let mut sender = room.sender(CM_80, Options::SAFE, &master).unwrap();
    for number in 1..=2 {
        let _ = pass(&mut sender, &mut receiver, number).unwrap();
    }
    assert_eq!(
        pass(&mut sender, &mut receiver, 3),
        Err(SrtpError::KeyExpired)
    );
}

#[test]
fn session_parameters_at_work() {
    let declared = SessionParams {
        kdr: 1,
        unencrypted_srtp: true,
        ..SessionParams::default()
    };
    let policy = Policy {
        insecure_unencrypted_srtp: true,
        params: declared,
        ..Policy::new(BOTH)
    };
    let plain = Policy {
        params: SessionParams::default(),
        ..policy
    };
    let (mut alice, mut bob) = agree(&policy, &plain);
    let mut rooms: [Storage<AesCm128HmacSha1, 1, 2>; 4] = core::array::from_fn(|_| Storage::new());
    let [one, two, three, four] = &mut rooms;
    let (mut to_bob, mut from_alice) = (
        alice.sender(one, Options::SAFE).unwrap(),
        bob.receiver(two, Options::SAFE).unwrap(),
    );
    let (mut to_alice, mut from_bob) = (
        bob.sender(three, Options::SAFE).unwrap(),
        alice.receiver(four, Options::SAFE).unwrap(),
    );
    for number in 0..20 {
        let wire = pass(&mut to_bob, &mut from_alice, number).unwrap();
        assert_eq!(&wire[12..RTP.len()], b"speech");
        let wire = pass(&mut to_alice, &mut from_bob, number).unwrap();
        assert_eq!(&wire[12..RTP.len()], b"speech");
    }
}
