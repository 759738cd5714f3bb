// SPDX-License-Identifier: MIT OR Apache-2.0
//! Cryptex (RFC 9335): its vectors, and a reference that puts what is encrypted in one piece.

use std::vec::Vec;

use super::ends::{Session, disjoint, rtp_with, state};
use super::{hex, into_vec, vectors};
use crate::ciphers::Protocol;
use crate::rtp::Header;
use crate::{Error, MAX_PACKET_LEN, Options, Profile, RocMode, RocTransmission};

const CRYPTEX: Options = Options {
    cryptex: true,
    ..Options::SAFE
};

const ONE_BYTE: u16 = 0xbede;
const TWO_BYTE: u16 = 0x1000;

fn profiles() -> impl Iterator<Item = Profile> {
    let profiles = Profile::ALL.iter().copied();
    profiles.filter(|profile| CRYPTEX.check(*profile).is_ok())
}

/// The protected packet, from one that has an extension: contributing sources, extension and payload are made
/// one piece, encrypted, and put back.
fn reference(session: &Session, packet: &[u8]) -> Vec<u8> {
    let plain = session.with_headers_in_clear();
    let mut parts = plain.parts();
    let sender = plain.sender(&mut parts);
    let header = Header::parse(packet).unwrap();
    let index = crate::index::join(session.roc, header.sequence_number);
    let key = sender.session.ready_key(0, Protocol::Rtp).unwrap();
    let iv = sender.session.rtp_iv(key.salt, packet, header.ssrc, index);
    let cipher = key.cipher;

    let (sources, after) = (&packet[12..header.extension_at], header.extension_at + 4);
    let mut clear = packet[..12].to_vec();
    clear.extend(match &packet[header.extension_at..after] {
        [0xbe, 0xde, len @ ..] => [0xc0, 0xde, len[0], len[1]],
        [_, _, len @ ..] => [0xc2, 0xde, len[0], len[1]],
        _ => panic!(),
    });
    let mut tag = std::vec![0; session.profile.rtp_tag_len()];
    let is_aead = session.profile.is_aead();
    let (aad, suffix): (&[u8], &[u8]) = if is_aead { (&clear, &[]) } else { (&[], &[]) };
    let mut sealed = [aad, sources, &packet[after..]].concat();
    cipher.seal(
        &iv,
        sealed.as_mut_slice().into(),
        aad.len(),
        suffix,
        &mut tag,
    );
    let (sources, rest) = sealed[aad.len()..].split_at(sources.len());
    let mut wire = [&clear[..12], sources, &clear[12..], rest].concat();
    if is_aead {
        return [wire, tag, session.mki()].concat();
    }
    let roc = session.roc.to_be_bytes();
    let len = wire.len();
    cipher.seal(&iv, wire.as_mut_slice().into(), len, &roc, &mut tag);
    [wire, session.mki(), tag].concat()
}

fn check(session: &Session, packet: &[u8], heard: &[u8], wire: &[u8]) {
    assert_eq!(session.protect(packet).as_deref(), Ok(wire), "{session:?}");
    assert_eq!(session.unprotect(wire).as_deref(), Ok(heard), "{session:?}");
}

/// All twelve packets, either way.
#[test]
fn appendix_a() {
    let file = include_str!("../../../../tests/vectors/rfc9335-cryptex.json");
    let cases = vectors(file);
    assert_eq!(cases.len(), 12);
    for case in cases {
        let suite = case["suite"].as_str().unwrap().as_bytes();
        let mut session = Session::new(Profile::from_name(suite).unwrap(), CRYPTEX);
        session.secret = hex(&case["masterKeyAndSalt"]);
        let (rtp, srtp) = (hex(&case["rtp"]), hex(&case["srtp"]));
        check(&session, &rtp, &rtp, &srtp);
        assert_eq!(reference(&session, &rtp), srtp, "{}", case["name"]);
    }
}

/// Every number of contributing sources, with extensions and payloads that end anywhere in a block.
#[test]
fn the_reference() {
    for profile in profiles() {
        for sources in 0..=15_u8 {
            for words in [0, 1, 3, 4, 17, 130] {
                let odd = usize::from(sources) + words;
                let (kind, mki_len) = if odd % 2 == 0 {
                    (ONE_BYTE, 0)
                } else {
                    (TWO_BYTE, 4)
                };
                let options = Options { mki_len, ..CRYPTEX };
                let session = Session::new(profile, options).at_roc(0x8001_0203);
                let elements = std::vec![0x5e; 4 * words];
                let payload = std::vec![0xa1; [0, 1, 15, 16, 17, 160, 33][odd % 7]];
                let packet = rtp_with(0xff01, sources, Some((kind, &elements)), &payload);
                check(&session, &packet, &packet, &reference(&session, &packet));
            }
        }
    }
}

/// Sources alone: an empty extension announces that they are encrypted, and stays.
#[test]
fn sources_without_extension() {
    for profile in profiles() {
        for sources in 1..=15 {
            for payload in [&b""[..], b"media", &[9; 60]] {
                for mki_len in [0, 3] {
                    let options = Options { mki_len, ..CRYPTEX };
                    let session = Session::new(profile, options).at_roc(1);
                    let packet = rtp_with(9, sources, None, payload);
                    let heard = rtp_with(9, sources, Some((ONE_BYTE, b"")), payload);
                    check(&session, &packet, &heard, &reference(&session, &heard));
                }
            }
        }
    }
}

#[test]
fn nothing_to_hide() {
    for profile in profiles() {
        let session = Session::new(profile, CRYPTEX);
        let packet = rtp_with(9, 0, None, b"media");
        let wire = session.with_headers_in_clear().protect(&packet).unwrap();
        check(&session, &packet, &packet, &wire);
    }
}

/// What the receiver could not tell apart, or give back as it was, does not leave.
#[test]
fn extensions_of_another_kind() {
    for profile in profiles() {
        let session = Session::new(profile, CRYPTEX);
        for kind in [
            0, 0xbedf, 0x1001, 0x100f, 0x1010, 0xc0de, 0xc2de, 0xc0df, 0xffff,
        ] {
            for sources in [0, 2] {
                for elements in [&b""[..], b"\x10a\0\0"] {
                    let packet = rtp_with(9, sources, Some((kind, elements)), b"media");
                    assert_eq!(session.protect(&packet), Err(Error::Extension), "{kind:x}");
                }
            }
        }
    }
}

/// Elements need not be well-formed: they are encrypted whole.
#[test]
fn malformed_elements() {
    for profile in profiles() {
        let session = Session::new(profile, CRYPTEX);
        let packet = rtp_with(9, 1, Some((ONE_BYTE, b"\x1f\xff\xff\xff")), b"media");
        check(&session, &packet, &packet, &reference(&session, &packet));
    }
}

/// A receiver takes packets sent without, whatever they carry.
#[test]
fn packets_sent_without() {
    for profile in profiles() {
        let session = Session::new(profile, CRYPTEX).at_roc(3);
        for kind in [
            ONE_BYTE, TWO_BYTE, 0x1001, 0, 0xc0df, 0xc1de, 0xc2dd, 0xffff,
        ] {
            for sources in [0, 3] {
                for extension in [None, Some((kind, &b""[..])), Some((kind, b"\x10a\0\0"))] {
                    let packet = rtp_with(9, sources, extension, b"media");
                    let wire = session.with_headers_in_clear().protect(&packet).unwrap();
                    assert_eq!(session.unprotect(&wire), Ok(packet));
                }
            }
        }
    }
}

/// A receiver that was not told takes the values for those of some extension. With HMAC-SHA1 the tag is right,
/// the header stays as it was sent and the payload is decrypted from the wrong place; an AEAD sees other
/// associated data. With nothing but an empty extension there is no difference.
#[test]
fn a_receiver_that_does_not_know_of_it() {
    for profile in profiles() {
        let session = Session::new(profile, CRYPTEX);
        let plain = session.with_headers_in_clear();
        for (sources, elements) in [(0, &b"\x10a\0\0"[..]), (1, b""), (2, b"\x12abc")] {
            let packet = rtp_with(9, sources, Some((ONE_BYTE, elements)), &[0x33; 32]);
            let wire = session.protect(&packet).unwrap();
            let heard = plain.unprotect(&wire);
            if profile.is_aead() {
                assert_eq!(heard, Err(Error::Authentication));
                continue;
            }
            let heard = heard.unwrap();
            let header = Header::parse(&packet).unwrap().len;
            assert_eq!(heard[..header], wire[..header]);
            assert_ne!(heard[header..], packet[header..]);
        }
        let packet = rtp_with(9, 0, Some((ONE_BYTE, b"")), &[0x33; 32]);
        let wire = session.protect(&packet).unwrap();
        let as_sent = rtp_with(9, 0, Some((0xc0de, b"")), &[0x33; 32]);
        assert_eq!(plain.unprotect(&wire), Ok(as_sent));
    }
}

/// With Cryptex or without, the other way round does not authenticate.
#[test]
fn every_bit_of_the_header() {
    for profile in profiles() {
        let session = Session::new(profile, CRYPTEX);
        let packet = rtp_with(9, 2, Some((ONE_BYTE, b"\x10a\0\0")), b"media");
        let wire = session.protect(&packet).unwrap();
        for at in 0..wire.len() {
            for bit in 0..8 {
                let mut damaged = wire.clone();
                damaged[at] ^= 1 << bit;
                let refused = session.unprotect(&damaged).unwrap_err();
                let expected = match at {
                    0 if bit >= 6 => refused == Error::Version,
                    // Counts that may now lead past the end.
                    0 | 22 | 23 => {
                        matches!(refused, Error::Truncated { .. } | Error::Authentication)
                    }
                    _ => refused == Error::Authentication,
                };
                assert!(expected, "{at} {bit} {refused:?}");
            }
        }
        let mut in_clear = wire;
        in_clear[20..22].copy_from_slice(&ONE_BYTE.to_be_bytes());
        let refused = session.unprotect(&in_clear);
        assert_eq!(refused, Err(Error::Authentication));
    }
}

/// Exactly as much room as the packet takes, with the extension that it gains.
#[test]
fn capacities() {
    for profile in profiles() {
        for mki_len in [0, 4] {
            let options = Options { mki_len, ..CRYPTEX };
            let session = Session::new(profile, options);
            let trailer_len = profile.rtp_tag_len() + usize::from(mki_len);
            let shapes = [
                (rtp_with(9, 3, None, b"media"), 4),
                (rtp_with(9, 3, Some((ONE_BYTE, b"")), b"media"), 0),
                (rtp_with(9, 0, None, b"media"), 0),
            ];
            for (packet, gap) in shapes {
                let (mut here, mut there) = (session.parts(), session.parts());
                let mut sender = session.sender(&mut here);
                let mut receiver = session.receiver(&mut there);
                assert_eq!(sender.rtp_trailer_len(), trailer_len + 4, "the most");
                let needed = packet.len() + gap + trailer_len;
                let before = state(&sender);
                for room in 0..needed {
                    let refused = disjoint(room, |out| sender.protect(&packet, out));
                    assert_eq!(refused, Err(Error::BufferTooSmall { needed }));
                    let mut buffer = packet.clone();
                    buffer.resize(needed, 0xee);
                    let unchanged = buffer.clone();
                    let refused = sender.protect_in_place(&mut buffer[..room], packet.len());
                    // Of a packet that is not all there, the most that one could take.
                    let unknown = if room < packet.len() { 4 - gap } else { 0 };
                    let needed = needed + unknown;
                    assert_eq!(refused, Err(Error::BufferTooSmall { needed }));
                    assert_eq!(buffer, unchanged);
                }
                assert_eq!(state(&sender), before);
                let wire = disjoint(needed, |out| sender.protect(&packet, out)).unwrap();
                let before = state(&receiver);
                let needed = packet.len() + gap;
                for room in 0..needed {
                    let refused = disjoint(room, |out| receiver.unprotect(&wire, out));
                    assert_eq!(refused, Err(Error::BufferTooSmall { needed }));
                }
                assert_eq!(state(&receiver), before);
                let heard = disjoint(needed, |out| receiver.unprotect(&wire, out)).unwrap();
                assert_eq!(heard.len(), needed);
            }
        }
    }
}

#[test]
fn the_longest_packet() {
    for profile in profiles() {
        let session = Session::new(profile, CRYPTEX);
        let most = MAX_PACKET_LEN - profile.rtp_tag_len() - 4;
        let packet = rtp_with(9, 15, None, &std::vec![3; most - 72]);
        let wire = session.protect(&packet).unwrap();
        assert_eq!(wire.len(), MAX_PACKET_LEN);
        assert_eq!(session.unprotect(&wire).unwrap().len(), most + 4);
        let longer = rtp_with(9, 15, None, &std::vec![3; most - 71]);
        assert_eq!(session.protect(&longer), Err(Error::PacketTooLong));
        // One that has its extension already may be as long as any.
        let longest = rtp_with(9, 15, Some((ONE_BYTE, b"")), &std::vec![3; most - 72]);
        assert_eq!(session.protect(&longest).unwrap().len(), MAX_PACKET_LEN);
    }
}

/// A packet that a sender refuses stays as it was in its buffer, also where it would have gained an extension.
#[test]
fn refused_in_place() {
    for profile in profiles() {
        let session = Session::new(profile, CRYPTEX);
        let (mut here, mut there) = (session.parts(), session.parts());
        let mut sender = session.sender(&mut here);
        let mut receiver = session.receiver(&mut there);
        let packet = rtp_with(9, 3, None, b"media");
        let wire = into_vec(|out| sender.protect(&packet, out)).unwrap();
        assert!(into_vec(|out| receiver.unprotect(&wire, out)).is_ok());
        let before = (state(&sender), state(&receiver));
        let again = super::ends::in_place(&packet, 60, |buffer| {
            sender.protect_in_place(buffer, packet.len())
        });
        assert_eq!(again, Err(Error::Replayed));
        let again = super::ends::in_place(&wire, 0, |buffer| receiver.unprotect_in_place(buffer));
        assert_eq!(again, Err(Error::Replayed));
        assert_eq!((state(&sender), state(&receiver)), before);
    }
}

/// Beside the other options.
#[test]
fn with_other_options() {
    let carried = RocTransmission {
        mode: RocMode::Authenticated,
        rate: 3.try_into().unwrap(),
    };
    let others = [
        Options {
            key_derivation_rate: 2,
            ..CRYPTEX
        },
        Options {
            from_to: true,
            ..CRYPTEX
        },
        Options {
            roc_transmission: Some(carried),
            mki_len: 128,
            ..CRYPTEX
        },
    ];
    for options in others {
        for profile in profiles().filter(|profile| options.check(*profile).is_ok()) {
            for seq in 9..13 {
                let session = Session::new(profile, options).at_roc(2);
                let packet = rtp_with(seq, 1, Some((TWO_BYTE, b"\x01\x02ab")), b"media");
                let wire = session.protect(&packet).unwrap();
                assert_eq!(wire[16..20], [0xc2, 0xde, 0, 1]);
                assert_ne!(wire[12..16], packet[12..16]);
                assert_eq!(session.unprotect(&wire), Ok(packet));
                // The gap, and tags of unequal lengths.
                let packet = rtp_with(seq, 1, None, b"media");
                let wire = session.protect(&packet).unwrap();
                let heard = rtp_with(seq, 1, Some((ONE_BYTE, b"")), b"media");
                assert_eq!(session.unprotect(&wire), Ok(heard));
            }
        }
    }
}

#[test]
fn what_is_refused() {
    let both = Options {
        encrypted_elements: true,
        ..CRYPTEX
    };
    let unencrypted = Options {
        insecure_unencrypted_srtp: true,
        insecure_unencrypted_srtcp: true,
        ..CRYPTEX
    };
    let unauthenticated = Options {
        insecure_unauthenticated_srtp: true,
        ..CRYPTEX
    };
    for profile in Profile::ALL.iter().copied() {
        let expected = if profile.is_encrypting() {
            (Ok(()), Err(Error::Contradiction))
        } else {
            (Err(Error::Insecure), Err(Error::Insecure))
        };
        assert_eq!(CRYPTEX.check(profile), expected.0, "{profile:?}");
        assert_eq!(both.check(profile), expected.1, "{profile:?}");
        assert_eq!(unauthenticated.check(profile), expected.1, "{profile:?}");
        assert_eq!(unencrypted.check(profile), Err(Error::Contradiction));
    }
    assert_eq!(profiles().count(), Profile::ALL.len() - 2, "f8 as well");
}
