// SPDX-License-Identifier: MIT OR Apache-2.0
//! Packets of every shape, there and back.

use std::vec::Vec;

use proptest::prelude::*;

use super::{Parts, into_vec, rtcp, rtp, secret};
use crate::{Counters, Error, KeyId, MAX_PACKET_LEN, MasterKey, Options, Profile, Storage};

/// An RTP packet with contributing sources and, perhaps, a header extension.
fn any_rtp() -> impl Strategy<Value = Vec<u8>> {
    let extension = prop::option::of(prop::collection::vec(any::<[u8; 4]>(), 0..8));
    let payload = prop::collection::vec(any::<u8>(), 0..400);
    (
        any::<[u8; 12]>(),
        prop::collection::vec(any::<[u8; 4]>(), 0..16),
        extension,
        payload,
    )
        .prop_map(|(mut fixed, sources, extension, payload)| {
            fixed[0] = 0x80 | (fixed[0] & 0x20) | u8::try_from(sources.len()).unwrap();
            let mut packet = fixed.to_vec();
            packet.extend(sources.concat());
            if let Some(words) = extension {
                packet[0] |= 0x10;
                packet.extend([0xbe, 0xde]);
                packet.extend(u16::try_from(words.len()).unwrap().to_be_bytes());
                packet.extend(words.concat());
            }
            packet.extend(payload);
            packet
        })
}

proptest! {
    #[test]
    fn rtp_there_and_back(packet in any_rtp(), profile in 0..Profile::ALL.len()) {
        let profile = Profile::ALL[profile];
        let secret = secret(profile);
        let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
        let wire = into_vec(|out| here.sender(&secret).protect(&packet, out)).unwrap();
        prop_assert_eq!(wire.len(), packet.len() + profile.rtp_tag_len());
        let header = crate::rtp::Header::parse(&packet).unwrap().len;
        prop_assert_eq!(&wire[..header], &packet[..header], "header in clear");

        let mut in_place = packet.clone();
        in_place.resize(wire.len(), 0);
        let sent = here.sender(&secret).protect_in_place(&mut in_place, packet.len()).unwrap();
        prop_assert_eq!((sent.len, &in_place), (wire.len(), &wire));

        let heard = into_vec(|out| there.receiver(&secret).unprotect(&wire, out));
        prop_assert_eq!(heard, Ok(packet.clone()));
        let got = there.receiver(&secret).unprotect_in_place(&mut in_place).unwrap();
        prop_assert_eq!(&in_place[..got.len], &packet);
    }

    #[test]
    fn rtcp_there_and_back(
        rest in prop::collection::vec(any::<u8>(), 0..400),
        profile in 0..Profile::ALL.len(),
        encrypt: bool,
    ) {
        let profile = Profile::ALL[profile];
        let secret = secret(profile);
        let packet = rtcp(3, &rest);
        let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
        here.options.insecure_unencrypted_srtcp |= !encrypt;
        let mut sender = here.sender(&secret);
        let wire = into_vec(|out| sender.protect_rtcp(&packet, out)).unwrap();
        prop_assert_eq!(wire.len(), packet.len() + (4 + profile.rtcp_tag_len()));
        if !(encrypt && profile.is_encrypting()) {
            prop_assert_eq!(&wire[..packet.len()], &packet[..]);
        } else if rest.len() >= 16 {
            prop_assert_ne!(&wire[8..packet.len()], &rest[..]);
        }
        let heard = into_vec(|out| there.receiver(&secret).unprotect_rtcp(&wire, out));
        prop_assert_eq!(heard, Ok(packet.clone()));
        let mut in_place = wire;
        let got = there.receiver(&secret).unprotect_rtcp_in_place(&mut in_place).unwrap();
        prop_assert_eq!(&in_place[..got.len], &packet);
    }
}

#[test]
fn streams_are_apart_and_limited() {
    let profile = Profile::AeadAes128Gcm;
    let secret = secret(profile);
    let (mut here, mut there) = (Parts::new(profile, 3, 64), Parts::new(profile, 2, 64));
    let mut sender = here.sender(&secret);
    let mut receiver = there.receiver(&secret);
    for seq in [65_000, 65_535, 3] {
        for ssrc in [1, 2] {
            let packet = rtp(ssrc, seq, b"media");
            let wire = into_vec(|out| sender.protect(&packet, out)).unwrap();
            assert_eq!(into_vec(|out| receiver.unprotect(&wire, out)), Ok(packet));
            assert_eq!(
                into_vec(|out| receiver.unprotect(&wire, out)),
                Err(Error::Replayed)
            );
        }
    }
    let third = into_vec(|out| sender.protect(&rtp(3, 1, b"media"), out)).unwrap();
    assert_eq!(
        into_vec(|out| receiver.unprotect(&third, out)),
        Err(Error::StreamLimit)
    );
    assert_eq!(
        into_vec(|out| sender.protect(&rtp(4, 1, b""), out)),
        Err(Error::StreamLimit)
    );
    assert_eq!(
        receiver.counters(),
        Counters {
            authentication_failures: 0,
            replays: 6,
            without_stream: 1
        }
    );
}

#[test]
fn a_forged_packet_takes_no_stream() {
    let profile = Profile::AesCm128HmacSha1_80;
    let secret = secret(profile);
    let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
    let mut receiver = there.receiver(&secret);
    for ssrc in 100..200 {
        let forged = rtp(ssrc, 1, &[0; 40]);
        assert_eq!(
            into_vec(|out| receiver.unprotect(&forged, out)),
            Err(Error::Authentication)
        );
    }
    assert_eq!(
        receiver.counters(),
        Counters {
            authentication_failures: 100,
            replays: 0,
            without_stream: 0
        }
    );
    let wire = into_vec(|out| here.sender(&secret).protect(&rtp(1, 1, b"media"), out)).unwrap();
    assert_eq!(
        into_vec(|out| receiver.unprotect(&wire, out)),
        Ok(rtp(1, 1, b"media"))
    );
}

/// The keystream of an index must not protect two packets.
#[test]
fn a_sender_uses_no_index_twice() {
    let profile = Profile::AeadAes256Gcm;
    let mut parts = Parts::new(profile, 1, 64);
    let mut sender = parts.sender(&secret(profile));
    let mut protect = |seq| into_vec(|out| sender.protect(&rtp(1, seq, b"media"), out)).map(|_| ());
    assert_eq!(protect(100), Ok(()));
    assert_eq!(protect(100), Err(Error::Replayed));
    assert_eq!(protect(99), Ok(()), "out of order, as from a relay");
    assert_eq!(protect(99), Err(Error::Replayed));
    assert_eq!(protect(37), Ok(()));
    assert_eq!(protect(36), Err(Error::TooOld));
}

/// Nor does it jump ahead for a packet that would lie below its first roll-over.
#[test]
fn a_sender_does_not_go_below_roc_0() {
    let profile = Profile::AesCm128HmacSha1_80;
    let mut parts = Parts::new(profile, 1, 64);
    let mut sender = parts.sender(&secret(profile));
    let mut protect = |seq| into_vec(|out| sender.protect(&rtp(1, seq, b"media"), out)).map(|_| ());
    assert_eq!(protect(0), Ok(()));
    assert_eq!(protect(65535), Err(Error::TooOld));
    assert_eq!(protect(32768), Ok(()), "as far ahead as can be");
}

/// A dropped context leaves no keys behind, nor does a key that was removed.
#[test]
fn dropping_and_removing_wipe() {
    for profile in Profile::ALL.iter().copied() {
        let options = Options {
            encrypted_elements: profile.is_encrypting() && !profile.is_f8(),
            ..Parts::new(profile, 1, 64).options
        };
        let mut parts = Parts::with_keys(profile, options, 1, 1, 64);
        assert!(!parts.has_keys());
        drop(parts.sender(&secret(profile)));
        assert!(!parts.has_keys());
        drop(parts.receiver(&secret(profile)));
        assert!(!parts.has_keys());
        let sender = parts.sender(&secret(profile));
        core::mem::forget(sender);
        assert!(parts.has_keys(), "the check can fail");

        let mut parts = Parts::with_keys(
            profile,
            Options {
                mki_len: 1,
                ..options
            },
            2,
            1,
            64,
        );
        let mut sender = parts.sender_without_key();
        let secret = secret(profile);
        let master = MasterKey::from_concatenated(profile, &secret).unwrap();
        for mki in [b"a", b"b"] {
            sender.add_key(KeyId::Mki(mki), &master).unwrap();
        }
        for mki in [b"b", b"a"] {
            sender.remove_key(KeyId::Mki(mki)).unwrap();
        }
        core::mem::forget(sender);
        assert!(!parts.has_keys());
    }
}

#[test]
fn other_keys_are_refused() {
    for profile in Profile::ALL.iter().copied() {
        let right = secret(profile);
        let mut parts = Parts::new(profile, 1, 64);
        let wire = into_vec(|out| parts.sender(&right).protect(&rtp(1, 1, b"media"), out)).unwrap();
        let wire_rtcp =
            into_vec(|out| parts.sender(&right).protect_rtcp(&rtcp(1, b"x"), out)).unwrap();
        for octet in 0..right.len() {
            let mut wrong = right.clone();
            wrong[octet] ^= 1;
            let mut receiver = parts.receiver(&wrong);
            assert_eq!(
                into_vec(|out| receiver.unprotect(&wire, out)),
                Err(Error::Authentication)
            );
            let refused = into_vec(|out| receiver.unprotect_rtcp(&wire_rtcp, out));
            assert_eq!(refused, Err(Error::Authentication));
        }
    }
}

#[test]
fn the_longest_packet() {
    for profile in Profile::ALL.iter().copied() {
        let secret = secret(profile);
        let mut parts = Parts::new(profile, 1, 64);
        let most = MAX_PACKET_LEN - profile.rtp_tag_len();
        let packet = rtp(1, 1, &std::vec![0x5a; most - 12]);
        let wire = into_vec(|out| parts.sender(&secret).protect(&packet, out)).unwrap();
        assert_eq!(wire.len(), MAX_PACKET_LEN);
        let heard = into_vec(|out| parts.receiver(&secret).unprotect(&wire, out));
        assert_eq!(heard, Ok(packet.clone()));

        let longer = rtp(1, 2, &std::vec![0; most - 11]);
        let refused = into_vec(|out| parts.sender(&secret).protect(&longer, out));
        assert_eq!(refused, Err(Error::PacketTooLong));
        let longer = std::vec![0x80; MAX_PACKET_LEN + 1];
        let refused = into_vec(|out| parts.receiver(&secret).unprotect(&longer, out));
        assert_eq!(refused, Err(Error::PacketTooLong));
    }
}

/// A dropped context leaves storage ready for another, under other keys.
#[test]
fn storage_is_reused() {
    let profile = Profile::AesCm128HmacSha1_32;
    let mut storage = Storage::<crate::AesCm128HmacSha1, 1, 2>::new();
    let mut first = [0; 64];
    let mut second = [0; 64];
    for (key, wire) in [([1; 16], &mut first), ([2; 16], &mut second)] {
        let mut sender = storage
            .sender(profile, Options::SAFE, &MasterKey::new(&key, &[0; 14]))
            .unwrap();
        let sent = sender.protect(&rtp(8, 1, b"media"), wire);
        assert!(sent.is_ok(), "no stream or window is left over");
    }
    assert_ne!(first, second);
}

#[test]
fn storage_must_fit() {
    use crate::{Aes128Gcm, AesCm128HmacSha1};
    let master = MasterKey::new(&[0; 16], &[0; 14]);
    let profile = Profile::AesCm128HmacSha1_80;
    let error = Storage::<Aes128Gcm, 1, 2>::new()
        .sender(profile, Options::SAFE, &master)
        .map(|_| ());
    assert_eq!(error, Err(Error::WrongStorage));
    let error = Storage::<AesCm128HmacSha1, 0, 2>::new()
        .sender(profile, Options::SAFE, &master)
        .map(|_| ());
    assert_eq!(error, Err(Error::Layout));
    let error = Storage::<AesCm128HmacSha1, 1, 1>::new()
        .receiver(profile, Options::SAFE, &master)
        .map(|_| ());
    assert_eq!(error, Err(Error::Layout), "32 packets are too few");
    let error = Storage::<AesCm128HmacSha1, 1, 3>::new()
        .receiver(profile, Options::SAFE, &master)
        .map(|_| ());
    assert_eq!(error, Err(Error::Layout), "not a power of two");
    let short = MasterKey::new(&[0; 15], &[0; 14]);
    let error = Storage::<AesCm128HmacSha1, 1, 2>::new()
        .sender(profile, Options::SAFE, &short)
        .map(|_| ());
    assert_eq!(error, Err(Error::KeyLength));
}

#[test]
fn known_answers() {
    assert_eq!(crate::self_test(), Ok(()));
}
