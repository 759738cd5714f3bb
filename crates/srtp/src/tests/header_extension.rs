// SPDX-License-Identifier: MIT OR Apache-2.0
//! Encrypted elements of header extensions (RFC 6904): its vectors, and a reference that builds keystream and
//! mask octet by octet, as its section 3 words them.

use std::vec::Vec;

use proptest::prelude::*;
use sipseal_cipher::{Aes128Enc, AesBlock, xor_keystream};

use super::ends::{Session, rtp_with};
use super::{hex, number, vectors};
use crate::kdf::{Label, derive};
use crate::rtp::Header;
use crate::{
    Aes256Gcm, Error, KeyId, MasterKey, Options, Profile, Rekeying, RocMode, RocTransmission,
    Storage,
};

const VECTORS: &str = include_str!("../../../../tests/vectors/rfc6904.json");

const ONE_BYTE: u16 = 0xbede;
const TWO_BYTE: u16 = 0x1000;

const ENCRYPTED: Options = Options {
    encrypted_elements: true,
    ..Options::SAFE
};

/// The profiles that can encrypt elements.
fn profiles() -> impl Iterator<Item = Profile> {
    let profiles = Profile::ALL.iter().copied();
    profiles.filter(|profile| ENCRYPTED.check(*profile).is_ok())
}

/// The keystream of a header extension (section 3.2; for AEAD, RFC 7714 section 8.3).
fn keystream(session: &Session, ssrc: u32, index: u64, len: usize) -> Vec<u8> {
    fn over_zeros<A: AesBlock>(key: &[u8], iv: &[u8; 16], len: usize) -> Vec<u8> {
        let mut zeros = std::vec![0; len];
        let aes = A::new_from_slice(key).unwrap();
        xor_keystream(&aes, iv, zeros.as_mut_slice().into());
        zeros
    }
    let rate = u64::from(session.options.key_derivation_rate);
    let r = index.checked_div(rate).unwrap_or(0);
    let mut key = std::vec![0; session.profile.key_len()];
    // As long as that of the payload (section 3): for an AEAD shorter than counter mode takes, and zeros follow.
    let mut salt = std::vec![0; session.profile.salt_len()];
    derive(&session.master(), Label::HeaderEncryption, r, &mut key).unwrap();
    derive(&session.master(), Label::HeaderSalt, r, &mut salt).unwrap();
    let mut iv = [0; 16];
    iv[..salt.len()].copy_from_slice(&salt);
    for (at, octet) in ssrc.to_be_bytes().into_iter().enumerate() {
        iv[4 + at] ^= octet;
    }
    for (at, octet) in index.to_be_bytes()[2..].iter().enumerate() {
        iv[8 + at] ^= octet;
    }
    match key.len() {
        16 => over_zeros::<Aes128Enc>(&key, &iv, len),
        24 => over_zeros::<sipseal_cipher::Aes192Enc>(&key, &iv, len),
        _ => over_zeros::<sipseal_cipher::Aes256Enc>(&key, &iv, len),
    }
}

/// The encryption mask of elements that are well-formed.
fn mask(defined_by_profile: u16, elements: &[u8], ids: &[u8]) -> Vec<u8> {
    let mut mask = Vec::new();
    let mut octets = elements.iter();
    while let Some(first) = octets.next() {
        mask.push(0);
        let (id, len) = match defined_by_profile {
            _ if *first == 0 => continue,
            ONE_BYTE if first >> 4 == 0 || first >> 4 == 15 => break,
            ONE_BYTE => (first >> 4, (first & 15) + 1),
            0x1000..=0x100f => {
                mask.push(0);
                (*first, *octets.next().unwrap())
            }
            _ => break,
        };
        for _ in 0..len {
            octets.next().unwrap();
            mask.push(if ids.contains(&id) { 0xff } else { 0 });
        }
    }
    mask.resize(elements.len(), 0);
    mask
}

/// The packet with its elements encrypted, and nothing else.
fn reference(session: &Session, packet: &[u8]) -> Vec<u8> {
    let header = Header::parse(packet).unwrap();
    if !header.has_extension {
        return packet.to_vec();
    }
    let (at, start) = (header.extension_at, header.extension_at + 4);
    let elements = &packet[start..header.len];
    let defined_by_profile = u16::from_be_bytes([packet[at], packet[at + 1]]);
    let mask = mask(defined_by_profile, elements, &session.ids);
    masked(session, packet, &mask)
}

/// The packet with as much of its elements encrypted as `mask` selects.
fn masked(session: &Session, packet: &[u8], mask: &[u8]) -> Vec<u8> {
    let header = Header::parse(packet).unwrap();
    let index = crate::index::join(session.roc, header.sequence_number);
    let keystream = keystream(session, header.ssrc, index, mask.len());
    let mut packet = packet.to_vec();
    let elements = &mut packet[header.extension_at + 4..header.len];
    assert_eq!(elements.len(), mask.len());
    for ((octet, key), mask) in elements.iter_mut().zip(keystream).zip(mask) {
        *octet ^= key & mask;
    }
    packet
}

/// Once its elements are encrypted, a packet is protected as any: with a tag over what is on the wire.
fn check(session: &Session, packet: &[u8], encrypted: &[u8]) {
    let expected = session.with_headers_in_clear().protect(encrypted).unwrap();
    assert_eq!(session.protect(packet), Ok(expected.clone()), "{session:?}");
    let heard = session.unprotect(&expected);
    assert_eq!(heard.as_deref(), Ok(packet), "{session:?}");
}

#[test]
fn appendix_a1() {
    let cases = vectors(VECTORS);
    assert_eq!(cases.len(), 3);
    for (case, label, name) in [
        (&cases[0], Label::HeaderEncryption, "headerCipherKey"),
        (&cases[1], Label::HeaderSalt, "headerCipherSalt"),
    ] {
        assert_eq!(case["name"], name);
        assert_eq!(number(&case["label"]), label as u64);
        let (key, salt) = (hex(&case["masterKey"]), hex(&case["masterSalt"]));
        let expected = hex(&case["output"]);
        let mut derived = std::vec![0; expected.len()];
        let r = number(&case["indexDivKdr"]);
        derive(&MasterKey::new(&key, &salt), label, r, &mut derived).unwrap();
        assert_eq!(derived, expected, "{name}");
    }
}

#[test]
fn appendix_a2() {
    let cases = vectors(VECTORS);
    let case = &cases[2];
    let ids = case["encryptedIds"].as_array().unwrap();
    let ids = ids
        .iter()
        .map(|id| u8::try_from(id.as_u64().unwrap()).unwrap());
    let roc = u32::try_from(number(&case["roc"])).unwrap();
    let mut session = Session::new(Profile::AesCm128HmacSha1_80, ENCRYPTED)
        .with_ids(ids)
        .at_roc(roc);
    session.secret = [hex(&cases[0]["masterKey"]), hex(&cases[0]["masterSalt"])].concat();

    let seq = u16::try_from(number(&case["seq"])).unwrap();
    let (plaintext, encrypted) = (hex(&case["plaintext"]), hex(&case["encryptedExtension"]));
    let packet = rtp_with(seq, 0, Some((ONE_BYTE, &plaintext)), b"media");
    assert_eq!(packet[8..12], hex(&case["ssrc"]));
    assert_eq!(packet[12..40], hex(&case["extension"]));
    let wire = session.protect(&packet).unwrap();
    assert_eq!(wire[..12], packet[..12]);
    assert_eq!(wire[12..40], encrypted);
    assert_eq!(session.unprotect(&wire), Ok(packet.clone()));
    check(&session, &packet, &wire_header(&packet, &encrypted));

    // The reference of the other tests is held against the same.
    assert_eq!(mask(ONE_BYTE, &plaintext, &session.ids), hex(&case["mask"]));
    assert_eq!(reference(&session, &packet)[12..40], encrypted);
}

fn wire_header(packet: &[u8], extension: &[u8]) -> Vec<u8> {
    let mut changed = packet.to_vec();
    changed[12..12 + extension.len()].copy_from_slice(extension);
    changed
}

/// Every shape of extension, with the mask that it has: `x` where an octet is encrypted. IDs 1, 3, 15 and 200
/// are.
#[test]
fn shapes() {
    let shapes: [(u16, &[u8], &str); 21] = [
        (ONE_BYTE, b"", ""),
        (ONE_BYTE, b"\0\0\0\0", "...."),
        (ONE_BYTE, b"\x10a\x20b\x31cd\0", ".x...xx."),
        // Padding before and between elements.
        (ONE_BYTE, b"\0\0\x10a\0\x10b\0", "...x..x."),
        // The longest element, over a boundary of blocks.
        (
            ONE_BYTE,
            b"\x1f0123456789abcdef\x10z\0",
            ".xxxxxxxxxxxxxxxx.x.",
        ),
        // ID 0 with a length, and ID 15, end it: what follows need not even be an element.
        (ONE_BYTE, b"\x10a\x02bcd\x10e", ".x......"),
        (ONE_BYTE, b"\x10a\xf2bcd\x10e", ".x......"),
        (ONE_BYTE, b"\x01\x1fzz", "...."),
        (ONE_BYTE, b"\xf0\x1fzz", "...."),
        // Two octets of header; a length may be zero.
        (TWO_BYTE, b"", ""),
        (
            TWO_BYTE,
            b"\x01\x00\x01\x02ab\x02\x01c\0\x03\x01d\0\0\0",
            "....xx......x...",
        ),
        // These IDs are as any others.
        (
            TWO_BYTE,
            b"\x0f\x01a\xc8\x02bc\x10\x01d\xff\x01e\0\0\0",
            "..x..xx.........",
        ),
        (TWO_BYTE, b"\0\0\0\x01\x02ab\0", ".....xx."),
        (TWO_BYTE, b"\0\x01\x01a", "...x"),
        // An empty element at the very end.
        (TWO_BYTE, b"\x03\x02ab\x02\0\x01\0", "..xx...."),
        // Bits for the application.
        (0x1001, b"\x01\x02ab", "..xx"),
        (0x1005, b"\x01\x02ab", "..xx"),
        (0x100f, b"\x01\x02ab", "..xx"),
        // Of another kind, whatever is in them.
        (0x1010, b"\x01\x02ab", "...."),
        (0xbedf, b"\x10a\x1f\x1f", "...."),
        (0x0000, b"\x10a\xff\xff", "...."),
    ];
    for profile in profiles() {
        let session = Session::new(profile, ENCRYPTED)
            .with_ids([1, 3, 15, 200])
            .at_roc(0x0102_0304);
        for (kind, elements, expected) in shapes {
            let expected: Vec<_> = expected
                .bytes()
                .map(|octet| if octet == b'x' { 0xff } else { 0 })
                .collect();
            assert_eq!(mask(kind, elements, &session.ids), expected, "{elements:?}");
            for sources in [0, 2] {
                let packet = rtp_with(9, sources, Some((kind, elements)), b"media");
                check(&session, &packet, &masked(&session, &packet, &expected));
            }
        }
        // Nothing to encrypt.
        for sources in [0, 15] {
            let packet = rtp_with(9, sources, None, b"media");
            check(&session, &packet, &packet);
        }
    }
}

/// An element that ends behind the extension: neither end may guess.
#[test]
fn elements_that_overrun() {
    let shapes: [(u16, &[u8]); 9] = [
        (ONE_BYTE, b"\x13abc"),
        (ONE_BYTE, b"\x11ab\x10"),
        (ONE_BYTE, b"\x1f0123456789abcde"),
        // Also those that are not encrypted.
        (ONE_BYTE, b"\x23abc"),
        (TWO_BYTE, b"\x01\x03ab"),
        (TWO_BYTE, b"\x01\x01a\x02"),
        (TWO_BYTE, b"\0\0\0\x01"),
        (TWO_BYTE, b"\x01\xffab"),
        (0x100f, b"\x02\x03ab"),
    ];
    for profile in profiles() {
        let session = Session::new(profile, ENCRYPTED).with_ids([1]);
        for (kind, elements) in shapes {
            for sources in [0, 1] {
                // The payload would be room enough.
                let packet = rtp_with(9, sources, Some((kind, elements)), &[7; 300]);
                let refused = session.protect(&packet);
                assert_eq!(refused, Err(Error::Extension), "{elements:?}");
                let wire = session.with_headers_in_clear().protect(&packet).unwrap();
                assert_eq!(session.unprotect(&wire), Err(Error::Extension));
            }
        }
    }
}

/// Two-byte elements of every length, one-byte elements by the hundred, and the longest extension.
#[test]
fn long_extensions() {
    let of_every_length: Vec<u8> = (0..=255_u8)
        .flat_map(|len| {
            let data = (0..len).map(move |at| at ^ len);
            [1 + len % 3, len].into_iter().chain(data)
        })
        .collect();
    let longest_elements: Vec<u8> = (0..250_u8)
        .flat_map(|at| [1 + at % 2, 255].into_iter().chain([at; 255]))
        .collect();
    let hundreds: Vec<u8> = (0..700_u16)
        .flat_map(|at| {
            let [_, low] = at.to_be_bytes();
            let len = low % 16;
            let header = ((1 + low % 3) << 4) | len;
            let padding = usize::from(low % 5 == 0);
            core::iter::once(header)
                .chain(core::iter::repeat_n(low, usize::from(len) + 1))
                .chain(core::iter::repeat_n(0, padding))
        })
        .collect();
    for profile in profiles() {
        for (kind, elements) in [
            (TWO_BYTE, &of_every_length),
            (TWO_BYTE, &longest_elements),
            (ONE_BYTE, &hundreds),
        ] {
            let ids: &[u8] = if kind == ONE_BYTE { &[1, 3] } else { &[2] };
            let session = Session::new(profile, ENCRYPTED).with_ids(ids.iter().copied());
            let packet = rtp_with(0xffff, 1, Some((kind, elements)), b"media");
            check(&session, &packet, &reference(&session, &packet));
        }
    }
}

/// Elements of either form, as octets that are well-formed.
fn elements() -> impl Strategy<Value = (u16, Vec<u8>)> {
    let one = (
        1..15_u8,
        prop::collection::vec(any::<u8>(), 1..=16),
        0..3_usize,
    )
        .prop_map(|(id, data, padding)| {
            let len = u8::try_from(data.len() - 1).unwrap();
            [std::vec![id << 4 | len], data, std::vec![0; padding]].concat()
        });
    let two = (
        1..=255_u8,
        prop::collection::vec(any::<u8>(), 0..=60),
        0..3_usize,
    )
        .prop_map(|(id, data, padding)| {
            let len = u8::try_from(data.len()).unwrap();
            [std::vec![id, len], data, std::vec![0; padding]].concat()
        });
    prop_oneof![
        prop::collection::vec(one, 0..20).prop_map(|elements| (ONE_BYTE, elements.concat())),
        (0..16_u16, prop::collection::vec(two, 0..12))
            .prop_map(|(bits, elements)| (TWO_BYTE | bits, elements.concat())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever the elements, the options and the place in the stream.
    #[test]
    fn the_reference(
        (kind, elements) in elements(),
        ids in prop::collection::vec(prop_oneof![1..16_u8, 1..=255_u8], 0..40),
        roc: u32,
        seq: u16,
        sources in 0..16_u8,
        payload in prop::collection::vec(any::<u8>(), 0..40),
        profile in 0..profiles().count(),
        key_derivation_rate in prop_oneof![Just(0), (0..=24_u32).prop_map(|log| 1 << log)],
        mki_len in prop_oneof![Just(0), 1..=128_u8],
    ) {
        let options = Options { mki_len, key_derivation_rate, ..ENCRYPTED };
        let session = Session::new(profiles().nth(profile).unwrap(), options)
            .with_ids(ids)
            .at_roc(roc);
        let packet = rtp_with(seq, sources, Some((kind, &elements)), &payload);
        check(&session, &packet, &reference(&session, &packet));
    }
}

/// The header keys change with the others, and back for a packet that comes late.
#[test]
fn keys_derived_anew() {
    for profile in profiles() {
        let options = Options {
            key_derivation_rate: 4,
            ..ENCRYPTED
        };
        let session = Session::new(profile, options).with_ids([1]);
        let (mut here, mut there) = (session.parts(), session.parts());
        let mut sender = session.sender(&mut here);
        let mut receiver = session.receiver(&mut there);
        let mut keystreams = Vec::new();
        for seq in [2, 4, 8, 3, 9, 7] {
            let packet = rtp_with(seq, 0, Some((ONE_BYTE, b"\x12\0\0\0")), b"media");
            let wire = super::into_vec(|out| sender.protect(&packet, out)).unwrap();
            assert_eq!(wire[..20], reference(&session, &packet)[..20]);
            keystreams.push(wire[17..20].to_vec());
            let heard = super::into_vec(|out| receiver.unprotect(&wire, out));
            assert_eq!(heard, Ok(packet));
        }
        keystreams.sort_unstable();
        keystreams.dedup();
        assert_eq!(keystreams.len(), 6);
        // With another rate the keys at an index are others.
        let once = Session::new(profile, ENCRYPTED).with_ids([1]);
        let packet = rtp_with(9, 0, Some((ONE_BYTE, b"\x12\0\0\0")), b"media");
        assert_ne!(reference(&once, &packet), reference(&session, &packet));
    }
}

/// Each master key has header keys of its own.
#[test]
fn keys_by_mki() {
    for profile in profiles() {
        let options = Options {
            mki_len: 2,
            ..ENCRYPTED
        };
        let first = Session::new(profile, options).with_ids([1]);
        let mut second = first.clone();
        second.secret.reverse();
        let (mut here, mut there) = (first.parts(), first.parts());
        let mut sender = first.sender(&mut here);
        let mut receiver = first.receiver(&mut there);
        let id = KeyId::Mki(b"02");
        sender.add_key(id, &second.master()).unwrap();
        receiver.add_key(id, &second.master()).unwrap();
        for (seq, mki, session) in [(1, &b"MM"[..], &first), (2, b"02", &second)] {
            sender.use_key(mki).unwrap();
            let packet = rtp_with(seq, 0, Some((ONE_BYTE, b"\x12abc")), b"media");
            let wire = super::into_vec(|out| sender.protect(&packet, out)).unwrap();
            assert_eq!(wire[..20], reference(session, &packet)[..20]);
            let heard = super::into_vec(|out| receiver.unprotect(&wire, out));
            assert_eq!(heard, Ok(packet));
        }
        // The key that is gone, and another in its place.
        sender.remove_key(KeyId::Mki(b"MM")).unwrap();
        sender.add_key(KeyId::Mki(b"03"), &second.master()).unwrap();
        sender.use_key(b"03").unwrap();
        let packet = rtp_with(3, 0, Some((ONE_BYTE, b"\x12abc")), b"media");
        let wire = super::into_vec(|out| sender.protect(&packet, out)).unwrap();
        assert_eq!(wire[..20], reference(&second, &packet)[..20]);
    }
}

/// A new master key brings new header keys, and leaves the elements that are named.
#[test]
fn keys_replaced() {
    for profile in profiles() {
        let first = Session::new(profile, ENCRYPTED).with_ids([1]);
        let mut second = first.clone();
        second.secret.reverse();
        for roc in [Rekeying::KeepRoc, Rekeying::ResetRoc] {
            let (mut here, mut there) = (first.parts(), first.parts());
            let mut sender = first.sender(&mut here);
            let mut receiver = first.receiver(&mut there);
            for (seq, session) in [(1, &first), (2, &second)] {
                if seq == 2 {
                    sender.rekey(&second.master(), roc).unwrap();
                    receiver.rekey(&second.master(), roc).unwrap();
                }
                let packet = rtp_with(seq, 0, Some((ONE_BYTE, b"\x12abc")), b"media");
                let wire = super::into_vec(|out| sender.protect(&packet, out)).unwrap();
                assert_eq!(wire[..20], reference(session, &packet)[..20]);
                let heard = super::into_vec(|out| receiver.unprotect(&wire, out));
                assert_eq!(heard, Ok(packet));
            }
        }
    }
}

/// In storage as callers have it, with room for header keys and without.
#[test]
fn in_storage() {
    let session = Session::new(Profile::AeadAes256Gcm, ENCRYPTED).with_ids([1]);
    let (profile, master) = (session.profile, session.master());
    let mut here = Storage::<Aes256Gcm, 1, 2, 1, 0, 1>::new();
    let mut there = Storage::<Aes256Gcm, 1, 2, 1, 0, 1>::new();
    let mut sender = here.sender(profile, ENCRYPTED, &master).unwrap();
    let mut receiver = there.receiver(profile, ENCRYPTED, &master).unwrap();
    sender.encrypt_element(1).unwrap();
    receiver.encrypt_element(1).unwrap();
    let packet = rtp_with(3, 0, Some((ONE_BYTE, b"\x12abc")), b"media");
    let wire = super::into_vec(|out| sender.protect(&packet, out)).unwrap();
    assert_eq!(session.protect(&packet), Ok(wire.clone()));
    let heard = super::into_vec(|out| receiver.unprotect(&wire, out));
    assert_eq!(heard, Ok(packet));

    let mut without = Storage::<Aes256Gcm, 1, 2>::new();
    let refused = without.sender(profile, ENCRYPTED, &master).map(|_| ());
    assert_eq!(refused, Err(Error::Layout));
}

/// What is on the wire is under the tag: any change of the extension, and the extension in clear.
#[test]
fn the_tag_covers_the_encrypted_extension() {
    for profile in profiles() {
        let session = Session::new(profile, ENCRYPTED).with_ids([1]);
        let packet = rtp_with(9, 1, Some((ONE_BYTE, b"\x12abc\x21de\0")), b"media");
        let wire = session.protect(&packet).unwrap();
        let header = Header::parse(&packet).unwrap();
        for at in header.extension_at..header.len {
            for bit in 0..8 {
                let mut damaged = wire.clone();
                damaged[at] ^= 1 << bit;
                let refused = session.unprotect(&damaged).unwrap_err();
                let expected = match refused {
                    Error::Authentication => true,
                    Error::Truncated { .. } => (18..20).contains(&at),
                    Error::Extension => at >= 18,
                    _ => false,
                };
                assert!(expected, "{at} {bit} {refused:?}");
            }
        }
        let mut in_clear = wire;
        in_clear[..header.len].copy_from_slice(&packet[..header.len]);
        let refused = session.unprotect(&in_clear);
        assert_eq!(refused, Err(Error::Authentication));
    }
}

/// Ends that do not name the same elements still agree on the tag.
#[test]
fn a_receiver_that_does_not_know_of_it() {
    for profile in profiles() {
        let session = Session::new(profile, ENCRYPTED).with_ids([1]);
        let packet = rtp_with(9, 1, Some((ONE_BYTE, b"\x12abc\x21de\0")), b"media");
        let wire = session.protect(&packet).unwrap();
        let heard = session.with_headers_in_clear().unprotect(&wire);
        assert_eq!(heard, Ok(reference(&session, &packet)));
    }
}

/// Without authentication of packets, elements are encrypted all the same.
#[test]
fn unauthenticated() {
    let modes = [
        None,
        Some((RocMode::AuthenticatedRoc, 2)),
        Some((RocMode::Unauthenticated, 2)),
    ];
    for mode in modes {
        let options = Options {
            insecure_unauthenticated_srtp: true,
            roc_transmission: mode.map(|(mode, rate)| RocTransmission {
                mode,
                rate: rate.try_into().unwrap(),
            }),
            ..ENCRYPTED
        };
        let session = Session::new(Profile::AesCm128HmacSha1_80, options)
            .with_ids([1])
            .at_roc(7);
        for seq in [2, 3] {
            let packet = rtp_with(seq, 1, Some((ONE_BYTE, b"\x12abc\x21de\0")), b"media");
            check(&session, &packet, &reference(&session, &packet));
        }
    }
}

#[test]
fn what_is_refused() {
    let unencrypted = Options {
        insecure_unencrypted_srtp: true,
        insecure_unencrypted_srtcp: true,
        ..ENCRYPTED
    };
    for profile in Profile::ALL.iter().copied() {
        let expected = match profile {
            Profile::F8Aes128HmacSha1_80 => Err(Error::Unsupported),
            Profile::NullHmacSha1_80 | Profile::NullHmacSha1_32 => Err(Error::Insecure),
            _ => Ok(()),
        };
        assert_eq!(ENCRYPTED.check(profile), expected, "{profile:?}");
        // A null keystream is of no use to anyone who asks for this.
        assert_eq!(unencrypted.check(profile), Err(Error::Contradiction));
    }

    let profile = Profile::AesCm128HmacSha1_80;
    let session = Session::new(profile, ENCRYPTED);
    let mut parts = session.parts();
    let mut sender = session.sender(&mut parts);
    assert_eq!(sender.encrypt_element(0), Err(Error::Contradiction));
    drop(sender);
    parts.element_keys.pop();
    let master = session.master();
    let refused = crate::Sender::new(profile, ENCRYPTED, &master, parts.borrow()).map(|_| ());
    assert_eq!(refused, Err(Error::Layout), "fewer than keys");

    let plain = session.with_headers_in_clear();
    let mut parts = plain.parts();
    let refused = plain.sender(&mut parts).encrypt_element(1);
    assert_eq!(refused, Err(Error::Contradiction), "without the option");
}
