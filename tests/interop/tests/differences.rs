// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every difference of the table, on a packet of its own: one that has gone must leave the table.

use sipseal_interop::libsrtp::LibSrtp;
use sipseal_interop::ours::{Ours, STREAMS};
use sipseal_interop::random::Random;
use sipseal_interop::verdict::Protocol::{Rtcp, Rtp};
use sipseal_interop::verdict::{Change, Endpoint, Refusal, Setup, profiles};
use sipseal_interop::{aes192, differences};
use sipseal_srtp::{Admission, Profile};

const RTCP: &[u8] = b"\x80\xc9\x00\x02SSRCabcd";

fn ends(setup: &Setup) -> (Ours, LibSrtp) {
    (Ours::as_shipped(setup), LibSrtp::new(setup))
}

fn setup(profile: Profile) -> Setup {
    Setup::new(&mut Random::new(7), profile)
}

fn rtp(ssrc: u32, sequence_number: u16) -> Vec<u8> {
    let mut packet = b"\x80\x00..time....payload".to_vec();
    packet[2..4].copy_from_slice(&sequence_number.to_be_bytes());
    packet[8..12].copy_from_slice(&ssrc.to_be_bytes());
    packet
}

#[test]
fn names_are_distinct() {
    for (number, one) in differences::TABLE.iter().enumerate() {
        for other in &differences::TABLE[number + 1..] {
            assert_ne!(one.name, other.name);
        }
    }
    for (number, one) in differences::ABSENT.iter().enumerate() {
        for other in &differences::ABSENT[number + 1..] {
            assert_ne!(one.name, other.name);
        }
    }
}

/// [`differences::SRTCP_INDEX`].
#[test]
fn srtcp_index() {
    for profile in profiles() {
        let setup = setup(profile);
        let (mut ours, mut theirs) = ends(&setup);
        let first = ours.protect(Rtcp, RTCP).unwrap();
        let second = ours.protect(Rtcp, RTCP).unwrap();
        let their_first = theirs.protect(Rtcp, RTCP).unwrap();
        assert_ne!(first, their_first);
        assert_eq!(second, their_first);
        // libsrtp accepts index 0, and as index 0: again it is a replay.
        assert_eq!(theirs.unprotect(Rtcp, &first).as_deref(), Ok(RTCP));
        assert_eq!(theirs.unprotect(Rtcp, &second).as_deref(), Ok(RTCP));
        assert_eq!(theirs.unprotect(Rtcp, &first), Err(Refusal::Replayed));
        // sipseal accepts a first index of 1, and 0 after it.
        assert_eq!(ours.unprotect(Rtcp, &their_first).as_deref(), Ok(RTCP));
        assert_eq!(ours.unprotect(Rtcp, &first).as_deref(), Ok(RTCP));
    }
}

/// [`differences::AES_192_KEYS`].
#[test]
fn aes_192_keys() {
    // RFC 6188 section 7.4.
    let master = b"\x73\xed\xc6\x6c\x4f\xa1\x57\x76\xfb\x57\xf9\x50\x5c\x17\x13\x65\
        \x50\xff\xda\x71\xf3\xe8\xe5\xf1\xc8\x52\x2f\x3a\xcd\x4c\xe8\x6d\x5a\xdd\x78\xed\xbb\x11";
    let key = b"\x31\x87\x47\x36\xa8\xf1\x14\x38\x70\xc2\x6e\x48\x57\xd8\xa5\xb2\
        \xc4\xa3\x54\x40\x7f\xaa\xda\xbb";
    let mut derived = [0; 24];
    aes192::derive(master, 0, &mut derived);
    assert_eq!(&derived, key);

    for profile in [Profile::AesCm192HmacSha1_80, Profile::AesCm192HmacSha1_32] {
        let setup = setup(profile);
        let mut ours = Ours::new(&setup);
        let mut mended = LibSrtp::new(&setup);
        let mut shipped = LibSrtp::as_shipped(&setup);
        for (protocol, packet) in [(Rtp, rtp(1, 1)), (Rtcp, RTCP.to_vec())] {
            let wire = ours.protect(protocol, &packet);
            assert_eq!(wire, mended.protect(protocol, &packet));
            let other = shipped.protect(protocol, &packet).unwrap();
            assert_ne!(wire.as_ref(), Ok(&other));
            let refused = Err(Refusal::Authentication);
            assert_eq!(ours.unprotect(protocol, &other), refused);
            assert_eq!(shipped.unprotect(protocol, &wire.unwrap()), refused);
        }
    }
    // The others derive their keys as shipped.
    for profile in profiles().filter(|profile| profile.is_encrypting() && profile.key_len() != 24) {
        let setup = setup(profile);
        let mut ours = Ours::new(&setup);
        let mut shipped = LibSrtp::as_shipped(&setup);
        for (protocol, packet) in [(Rtp, rtp(1, 1)), (Rtcp, RTCP.to_vec())] {
            let wire = ours.protect(protocol, &packet);
            assert_eq!(wire, shipped.protect(protocol, &packet));
        }
    }
}

/// [`differences::NULL_CIPHER_KEYS`].
#[test]
fn null_cipher_keys() {
    for profile in [Profile::NullHmacSha1_80, Profile::NullHmacSha1_32] {
        let setup = setup(profile);
        let mut zeros = setup.clone();
        zeros.key_and_salt.fill(0);
        let mut ours = Ours::new(&setup);
        let mut without_key = Ours::new(&zeros);
        let mut shipped = LibSrtp::as_shipped(&setup);
        for (protocol, packet) in [(Rtp, rtp(1, 1)), (Rtcp, RTCP.to_vec())] {
            let wire = shipped.protect(protocol, &packet).unwrap();
            assert_eq!(without_key.protect(protocol, &packet).as_ref(), Ok(&wire));
            let refused = Err(Refusal::Authentication);
            assert_eq!(ours.unprotect(protocol, &wire), refused);
        }
    }
}

/// [`differences::VERSION`].
#[test]
fn version() {
    for profile in profiles() {
        let setup = setup(profile);
        let (mut ours, mut theirs) = ends(&setup);
        for version in [0, 1, 3] {
            for (protocol, mut packet) in [(Rtp, rtp(1, version)), (Rtcp, RTCP.to_vec())] {
                packet[0] = u8::try_from(version).unwrap() << 6;
                assert_eq!(ours.protect(protocol, &packet), Err(Refusal::Version));
                let wire = theirs.protect(protocol, &packet).unwrap();
                assert_eq!(ours.unprotect(protocol, &wire), Err(Refusal::Version));
                assert_eq!(theirs.unprotect(protocol, &wire), Ok(packet));
            }
        }
    }
}

/// [`differences::ENCRYPTION_FLAG`].
#[test]
fn encryption_flag() {
    for profile in profiles().filter(|profile| profile.is_encrypting()) {
        for encrypted in [true, false] {
            let mut setup = setup(profile);
            setup.options.insecure_unencrypted_srtcp = !encrypted;
            let (mut sender, mut their_sender) = ends(&setup);
            setup.options.insecure_unencrypted_srtcp = encrypted;
            let (mut ours, mut theirs) = ends(&setup);
            let from_ours = sender.protect(Rtcp, RTCP).unwrap();
            let from_theirs = their_sender.protect(Rtcp, RTCP).unwrap();
            assert_eq!(ours.unprotect(Rtcp, &from_ours).as_deref(), Ok(RTCP));
            assert_eq!(ours.unprotect(Rtcp, &from_theirs).as_deref(), Ok(RTCP));
            let expected = if profile.is_aead() {
                Ok(RTCP)
            } else {
                Err(Refusal::EncryptionFlag)
            };
            let verdict = theirs.unprotect(Rtcp, &from_ours);
            assert_eq!(verdict.as_deref().map_err(|refusal| *refusal), expected);
        }
    }
}

/// [`differences::LENGTH_FIRST`].
#[test]
fn length_first() {
    for profile in profiles() {
        let setup = setup(profile);
        let (mut ours, mut theirs) = ends(&setup);
        let mut wire = ours.protect(Rtp, &rtp(1, 1)).unwrap();
        ours.unprotect(Rtp, &wire).unwrap();
        theirs.unprotect(Rtp, &wire).unwrap();
        wire.truncate(12);
        assert_eq!(ours.unprotect(Rtp, &wire), Err(Refusal::Malformed));
        assert_eq!(theirs.unprotect(Rtp, &wire), Err(Refusal::Replayed));
    }
}

/// [`differences::SHORT_UNENCRYPTED`].
#[test]
fn short_unencrypted() {
    for profile in profiles().filter(|profile| !profile.is_aead()) {
        let mut setup = setup(profile);
        setup.options.insecure_unencrypted_srtp = true;
        let (mut ours, mut theirs) = ends(&setup);
        let mut wire = ours.protect(Rtp, &rtp(1, 1)).unwrap();
        wire.truncate(12 + profile.rtp_tag_len() - 1);
        assert_eq!(ours.unprotect(Rtp, &wire), Err(Refusal::Malformed));
        assert_eq!(theirs.unprotect(Rtp, &wire), Err(Refusal::Authentication));
    }
}

/// [`differences::UNAUTHENTICATED_HEADER`].
#[test]
fn unauthenticated_header() {
    for profile in profiles().filter(|profile| !profile.is_aead()) {
        let mut setup = setup(profile);
        setup.options.insecure_unauthenticated_srtp = true;
        let (mut ours, mut theirs) = ends(&setup);
        let mut wire = theirs.protect(Rtp, &rtp(0, 1)).unwrap();
        wire[0] ^= 0x40;
        assert_eq!(ours.unprotect(Rtp, &wire), Err(Refusal::Version));
        assert!(theirs.unprotect(Rtp, &wire).is_ok());
        wire[0] ^= 0x40;
        // The good packet is still new to sipseal; libsrtp has seen it.
        assert!(ours.unprotect(Rtp, &wire).is_ok());
        assert_eq!(theirs.unprotect(Rtp, &wire), Err(Refusal::Replayed));
        // Every SSRC that comes by takes a stream.
        for ssrc in 1..u32::try_from(STREAMS).unwrap() {
            wire[8..12].copy_from_slice(&ssrc.to_be_bytes());
            assert_eq!(ours.unprotect(Rtp, &wire), theirs.unprotect(Rtp, &wire));
        }
        wire[8..12].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(ours.unprotect(Rtp, &wire), Err(Refusal::StreamLimit));
        assert!(theirs.unprotect(Rtp, &wire).is_ok());
    }
}

/// [`differences::SHORT_GCM`].
#[test]
fn short_gcm() {
    for profile in profiles().filter(|profile| profile.is_aead()) {
        let (mut ours, mut theirs) = ends(&setup(profile));
        let mut wire = ours.protect(Rtp, &rtp(1, 1)).unwrap();
        wire.truncate(12);
        assert_eq!(ours.unprotect(Rtp, &wire), Err(Refusal::Malformed));
        let their = if profile.rtp_tag_len() > wire.len() {
            Refusal::CipherFailure
        } else {
            Refusal::Malformed
        };
        assert_eq!(theirs.unprotect(Rtp, &wire), Err(their));
    }
}

/// [`differences::STREAM_LIMIT`].
#[test]
fn stream_limit() {
    let (mut ours, mut theirs) = ends(&setup(Profile::AesCm128HmacSha1_80));
    let last = u32::try_from(STREAMS).unwrap();
    for ssrc in 0..=last {
        let packet = rtp(ssrc, 1);
        let wire = theirs.protect(Rtp, &packet).unwrap();
        assert_eq!(theirs.unprotect(Rtp, &wire).as_ref(), Ok(&packet));
        if ssrc < last {
            assert_eq!(ours.protect(Rtp, &packet).as_ref(), Ok(&wire));
            assert_eq!(ours.unprotect(Rtp, &wire), Ok(packet));
        } else {
            assert_eq!(ours.protect(Rtp, &packet), Err(Refusal::StreamLimit));
            assert_eq!(ours.unprotect(Rtp, &wire), Err(Refusal::StreamLimit));
        }
    }
}

/// [`differences::PACKET_LENGTH`].
#[test]
fn packet_length() {
    for profile in profiles() {
        let (mut ours, mut theirs) = ends(&setup(profile));
        let longest = 65_535 - profile.rtp_tag_len();
        let mut packet = rtp(1, 1);
        packet.resize(longest, 0);
        let wire = ours.protect(Rtp, &packet).unwrap();
        assert_eq!(theirs.protect(Rtp, &packet).as_ref(), Ok(&wire));
        assert_eq!(ours.unprotect(Rtp, &wire).as_ref(), Ok(&packet));
        assert_eq!(theirs.unprotect(Rtp, &wire).as_ref(), Ok(&packet));

        let mut longer = rtp(1, 2);
        longer.resize(longest + 1, 0);
        assert_eq!(ours.protect(Rtp, &longer), Err(Refusal::TooLong));
        let wire = theirs.protect(Rtp, &longer).unwrap();
        assert_eq!(ours.unprotect(Rtp, &wire), Err(Refusal::TooLong));
        assert_eq!(theirs.unprotect(Rtp, &wire), Ok(longer));
    }
}

/// [`differences::BELOW_ROC_0`].
#[test]
fn below_roc_0() {
    for profile in profiles() {
        let (mut ours, mut theirs) = ends(&setup(profile));
        for end in [&mut ours as &mut dyn Endpoint, &mut theirs] {
            let wire = end.protect(Rtp, &rtp(1, 1)).unwrap();
            assert_eq!(end.unprotect(Rtp, &wire), Ok(rtp(1, 1)));
        }
        assert_eq!(ours.protect(Rtp, &rtp(1, 65_535)), Err(Refusal::TooOld));
        let wire = theirs.protect(Rtp, &rtp(1, 65_535)).unwrap();
        assert_eq!(theirs.unprotect(Rtp, &wire), Ok(rtp(1, 65_535)));
        assert_eq!(ours.unprotect(Rtp, &wire), Ok(rtp(1, 65_535)));
    }
}

/// The same change at both: whether both give the answer of a success.
fn change(ours: &mut Ours, theirs: &mut LibSrtp, change: &Change) {
    assert_eq!(ours.change(change), [Ok(()), Ok(())], "{change:?}");
    assert_eq!(theirs.change(change), [Ok(()), Ok(())], "{change:?}");
}

/// Sends a packet at both, and delivers it at both.
fn pass(ours: &mut Ours, theirs: &mut LibSrtp, packet: &[u8]) {
    let wire = ours.protect(Rtp, packet).unwrap();
    assert_eq!(theirs.protect(Rtp, packet).as_ref(), Ok(&wire));
    assert_eq!(ours.unprotect(Rtp, &wire).as_deref(), Ok(packet));
    assert_eq!(theirs.unprotect(Rtp, &wire).as_deref(), Ok(packet));
}

/// [`differences::FIRST_WRAP`].
#[test]
fn first_wrap() {
    for profile in profiles() {
        for (second, found) in [(0, true), (32_767, true), (32_768, false)] {
            let (mut ours, mut theirs) = ends(&setup(profile));
            theirs.protect(Rtp, &rtp(1, 65_535)).unwrap();
            theirs.protect(Rtp, &rtp(1, 16_384)).unwrap();
            if second < 16_384 {
                theirs = ends(&setup(profile)).1;
                theirs.protect(Rtp, &rtp(1, 65_535)).unwrap();
            }
            let wire = theirs.protect(Rtp, &rtp(1, second)).unwrap();
            let refused = Err(Refusal::Authentication);
            assert_eq!(theirs.unprotect(Rtp, &wire), refused);
            let expected = if found { Ok(rtp(1, second)) } else { refused };
            assert_eq!(ours.unprotect(Rtp, &wire), expected);
        }
    }
}

fn with_keys(mut setup: Setup) -> Setup {
    setup.set_keys(&mut Random::new(8), 2, 4);
    setup
}

/// [`differences::MKI_OF_SRTCP`].
#[test]
fn mki_of_srtcp() {
    for profile in profiles() {
        let all = with_keys(setup(profile));
        let mut less = all.clone();
        less.options.insecure_unauthenticated_srtp = !profile.is_aead();
        for setup in [all, less] {
            let mut ours = Ours::new(&setup);
            let mut theirs = LibSrtp::new(&setup);
            let wire = ours.protect(Rtcp, RTCP).unwrap();
            assert_eq!(theirs.protect(Rtcp, RTCP).as_ref(), Ok(&wire));
            assert_eq!(ours.unprotect(Rtcp, &wire).as_deref(), Ok(RTCP));
            let same = profile.is_aead() || setup.rtp_tag_len() == profile.rtcp_tag_len();
            assert_eq!(differences::mki_is_missed(&setup), !same);
            let expected = if same {
                Ok(RTCP)
            } else {
                Err(Refusal::UnknownKey)
            };
            let verdict = theirs.unprotect(Rtcp, &wire);
            assert_eq!(verdict.as_deref().map_err(|refusal| *refusal), expected);
        }
    }
}

/// [`differences::MKI_BEFORE_INDEX`].
#[test]
fn mki_before_index() {
    for profile in profiles() {
        let setup = with_keys(setup(profile));
        if differences::mki_is_missed(&setup) {
            continue;
        }
        let (mut ours, mut theirs) = ends(&setup);
        for (protocol, packet) in [(Rtp, rtp(1, 1)), (Rtcp, RTCP.to_vec())] {
            let mut wire = ours.protect(protocol, &packet).unwrap();
            ours.unprotect(protocol, &wire).unwrap();
            theirs.unprotect(protocol, &wire).unwrap();
            let behind = if profile.is_aead() {
                0
            } else {
                profile.rtcp_tag_len()
            };
            let at = wire.len() - behind - 1;
            wire[at] ^= 1;
            assert_eq!(ours.unprotect(protocol, &wire), Err(Refusal::Replayed));
            let expected = match protocol {
                Rtp => Refusal::Replayed,
                Rtcp => Refusal::UnknownKey,
            };
            assert_eq!(theirs.unprotect(protocol, &wire), Err(expected));
        }
    }
}

/// A packet with a header extension of four octets or more.
fn with_extension(sequence_number: u16, defined_by_profile: u16, octets: &[u8]) -> Vec<u8> {
    let mut packet = rtp(1, sequence_number);
    packet[0] |= 0x10;
    packet.truncate(12);
    packet.extend(defined_by_profile.to_be_bytes());
    packet.extend(u16::try_from(octets.len() / 4).unwrap().to_be_bytes());
    packet.extend(octets);
    packet.extend(b"payload");
    packet
}

fn setups_with_elements() -> impl Iterator<Item = Setup> {
    profiles()
        .filter(|profile| profile.is_encrypting())
        .map(|profile| {
            let mut setup = setup(profile);
            setup.set_element_ids(&[1, 2]);
            setup
        })
}

/// [`differences::ELEMENTS_FIRST`].
#[test]
fn elements_first() {
    for setup in setups_with_elements() {
        let (mut ours, mut theirs) = ends(&setup);
        let good = with_extension(5, 0xbede, b"\x10a\x21bc\0\0\0");
        let broken = with_extension(5, 0xbede, b"\x10a\x2fbc\0\0\0");
        assert_eq!(ours.protect(Rtp, &broken), Err(Refusal::Extension));
        assert_eq!(theirs.protect(Rtp, &broken), Err(Refusal::Malformed));
        let mut wire = ours.protect(Rtp, &good).unwrap();
        assert_eq!(theirs.protect(Rtp, &good), Err(Refusal::Replayed));
        wire[18] |= 0x0f;
        assert_eq!(ours.unprotect(Rtp, &wire), Err(Refusal::Extension));
        let refused = Err(Refusal::Authentication);
        assert_eq!(theirs.unprotect(Rtp, &wire), refused);
        wire[18] = 0x21;
        assert_eq!(theirs.unprotect(Rtp, &wire).as_ref(), Ok(&good));
        wire[18] |= 0x0f;
        assert_eq!(ours.unprotect(Rtp, &wire), Err(Refusal::Extension));
        assert_eq!(theirs.unprotect(Rtp, &wire), Err(Refusal::Replayed));
    }
}

/// [`differences::PADDING`].
#[test]
fn padding() {
    for setup in setups_with_elements() {
        // Between two elements; in front of the first.
        for (octets, clear) in [
            (b"\x10a\0\x20b\0\0\0", 16..18),
            (b"\0\x10\x20b\0\0\0\0", 16..18),
        ] {
            let (mut ours, mut theirs) = ends(&setup);
            let packet = with_extension(1, 0xbede, octets);
            let wire = ours.protect(Rtp, &packet).unwrap();
            let other = theirs.protect(Rtp, &packet).unwrap();
            assert_eq!(wire[clear.clone()], other[clear]);
            assert_ne!(wire[18..24], other[18..24]);
            // Authentic to either, but another packet.
            assert_ne!(theirs.unprotect(Rtp, &wire).as_ref(), Ok(&packet));
            assert_ne!(ours.unprotect(Rtp, &other).as_ref(), Ok(&packet));
        }
        // At the end it is the same to both.
        let (mut ours, mut theirs) = ends(&setup);
        pass(
            &mut ours,
            &mut theirs,
            &with_extension(1, 0xbede, b"\x10a\x20b\0\0\0\0"),
        );
        pass(&mut ours, &mut theirs, &with_extension(2, 0xbede, &[0; 8]));
    }
}

/// [`differences::RESERVED_ID`].
#[test]
fn reserved_id() {
    for setup in setups_with_elements() {
        let (mut ours, mut theirs) = ends(&setup);
        let packet = with_extension(1, 0xbede, b"\x03abcd\x10e\0");
        let wire = ours.protect(Rtp, &packet).unwrap();
        let other = theirs.protect(Rtp, &packet).unwrap();
        assert_eq!(wire[16..24], packet[16..24]);
        assert_eq!(other[16..22], packet[16..22]);
        assert_ne!(other[22], packet[22]);

        let packet = with_extension(2, 0xbede, b"\x10a\xffb");
        assert!(ours.protect(Rtp, &packet).is_ok());
        assert_eq!(theirs.protect(Rtp, &packet), Err(Refusal::Malformed));
        pass(
            &mut ours,
            &mut theirs,
            &with_extension(3, 0xbede, b"\x10a\xf0b\x10ccc"),
        );
    }
}

/// [`differences::TWO_BYTE_FORM`].
#[test]
fn two_byte_form() {
    for setup in setups_with_elements() {
        let (mut ours, mut theirs) = ends(&setup);
        for appbits in 0..16 {
            let packet = with_extension(appbits, 0x1000 | appbits, b"\x01\x02ab");
            let wire = ours.protect(Rtp, &packet).unwrap();
            assert_ne!(wire[18..20], packet[18..20]);
            assert_eq!(theirs.protect(Rtp, &packet), Err(Refusal::Malformed));
            assert_eq!(ours.unprotect(Rtp, &wire), Ok(packet));
        }
        for (seq, name) in [0x0100, 0x2100, 0xe100].into_iter().enumerate() {
            let packet = with_extension(20 + u16::try_from(seq).unwrap(), name, b"\x01\x02ab");
            let wire = ours.protect(Rtp, &packet).unwrap();
            assert_eq!(wire[18..20], packet[18..20]);
            let other = theirs.protect(Rtp, &packet).unwrap();
            assert_ne!(other[18..20], packet[18..20]);
        }
    }
}

/// [`differences::OTHER_EXTENSION`].
#[test]
fn other_extension() {
    for setup in setups_with_elements() {
        let (mut ours, mut theirs) = ends(&setup);
        let packet = with_extension(1, 0xabcd, b"\x10abc");
        let wire = ours.protect(Rtp, &packet).unwrap();
        assert_eq!(wire[..20], packet[..20]);
        assert_eq!(theirs.protect(Rtp, &packet), Err(Refusal::Malformed));
        assert_eq!(theirs.protect(Rtp, &rtp(1, 1)), Err(Refusal::Replayed));
        assert_eq!(theirs.unprotect(Rtp, &wire), Err(Refusal::Malformed));
        assert_eq!(ours.unprotect(Rtp, &wire), Ok(packet));
    }
}

fn setups_without_aead() -> impl Iterator<Item = Setup> {
    profiles().filter(|profile| !profile.is_aead()).map(setup)
}

/// [`differences::ROC_READ_BACK`].
#[test]
fn roc_read_back() {
    for setup in setups_without_aead() {
        let (mut ours, mut theirs) = ends(&setup);
        pass(&mut ours, &mut theirs, &rtp(1, 1));
        change(&mut ours, &mut theirs, &Change::SetRoc(1, 5));
        assert_eq!(ours.roc(1), [Ok(5), Ok(5)]);
        assert_eq!(theirs.roc(1), [Ok(0), Ok(0)]);
        pass(&mut ours, &mut theirs, &rtp(1, 1));
        assert_eq!(ours.roc(1), [Ok(5), Ok(5)]);
        assert_eq!(theirs.roc(1), [Ok(5), Ok(5)]);
    }
}

/// [`differences::ROC_WITHIN_REACH`].
#[test]
fn roc_within_reach() {
    for setup in setups_without_aead() {
        let (mut ours, mut theirs) = ends(&setup);
        pass(&mut ours, &mut theirs, &rtp(1, 60_000));
        change(&mut ours, &mut theirs, &Change::SetRoc(1, 1));
        for seq in [10, 30_000, 60_000] {
            pass(&mut ours, &mut theirs, &rtp(1, seq));
        }
        let wire = ours.protect(Rtp, &rtp(1, 5)).unwrap();
        assert_eq!(ours.unprotect(Rtp, &wire), Ok(rtp(1, 5)));
        assert_eq!(ours.roc(1), [Ok(2), Ok(2)]);
        assert_eq!(theirs.protect(Rtp, &rtp(1, 5)), Err(Refusal::TooOld));
        assert_eq!(theirs.unprotect(Rtp, &wire), Err(Refusal::TooOld));
    }
}

/// [`differences::ROC_SET_BACK`].
#[test]
fn roc_set_back() {
    for setup in setups_without_aead() {
        let (mut other, _) = ends(&setup);
        assert!(other.sender.add_stream(1).is_ok());
        assert!(other.sender.set_roc(1, 1).is_ok());
        let wire = other.protect(Rtp, &rtp(1, 7)).unwrap();

        let (mut ours, mut theirs) = ends(&setup);
        change(&mut ours, &mut theirs, &Change::AddStream(1));
        change(&mut ours, &mut theirs, &Change::SetRoc(1, 3));
        pass(&mut ours, &mut theirs, &rtp(1, 7));
        let back = Change::SetRoc(1, 1);
        assert_eq!(ours.change(&back), [Err(Refusal::TooOld), Ok(())]);
        assert_eq!(theirs.change(&back), [Ok(()), Ok(())]);
        assert!(ours.protect(Rtp, &rtp(1, 8)).is_ok());
        assert_eq!(theirs.protect(Rtp, &rtp(1, 8)), Err(Refusal::TooOld));
        assert_eq!(ours.unprotect(Rtp, &wire), Ok(rtp(1, 7)));
        assert_eq!(theirs.unprotect(Rtp, &wire), Err(Refusal::TooOld));
        // None at all: it goes on from 3.
        assert_eq!(theirs.change(&Change::SetRoc(1, 0)), [Ok(()), Ok(())]);
        assert!(theirs.protect(Rtp, &rtp(1, 8)).is_ok());
        assert_eq!(theirs.roc(1), [Ok(3), Ok(3)]);
    }
}

/// [`differences::ROC_AND_GCM`].
#[test]
fn roc_and_gcm() {
    for profile in profiles().filter(|profile| profile.is_aead()) {
        let setup = setup(profile);
        let (mut ours, mut theirs) = ends(&setup);
        let at_roc_0 = ends(&setup).0.protect(Rtp, &rtp(1, 7)).unwrap();
        change(&mut ours, &mut theirs, &Change::AddStream(1));
        change(&mut ours, &mut theirs, &Change::SetRoc(1, 5));
        assert_eq!(theirs.protect(Rtp, &rtp(1, 7)), Ok(at_roc_0));
        let wire = ours.protect(Rtp, &rtp(1, 7)).unwrap();
        for again in [false, true] {
            assert_eq!(theirs.unprotect(Rtp, &wire), Ok(rtp(1, 7)));
            let expected = if again {
                Err(Refusal::Replayed)
            } else {
                Ok(rtp(1, 7))
            };
            assert_eq!(ours.unprotect(Rtp, &wire), expected);
        }
        assert_eq!(ours.roc(1), [Ok(5), Ok(5)]);
        assert_eq!(theirs.roc(1), [Ok(0), Ok(0)]);
    }
}

/// [`differences::REKEY_WINDOW`].
#[test]
fn rekey_window() {
    for profile in profiles() {
        let setup = setup(profile);
        let (mut ours, mut theirs) = (Ours::new(&setup), LibSrtp::new(&setup));
        let old = ours.protect(Rtp, &rtp(1, 5)).unwrap();
        assert_eq!(theirs.protect(Rtp, &rtp(1, 5)).as_ref(), Ok(&old));
        let old_rtcp = ours.protect(Rtcp, RTCP).unwrap();
        assert_eq!(theirs.protect(Rtcp, RTCP).as_ref(), Ok(&old_rtcp));
        for end in [&mut ours as &mut dyn Endpoint, &mut theirs] {
            end.unprotect(Rtp, &old).unwrap();
            end.unprotect(Rtcp, &old_rtcp).unwrap();
        }
        let mut key = setup.key_and_salt.clone();
        key[0] ^= 1;
        change(&mut ours, &mut theirs, &Change::Rekey(key));
        assert_eq!(ours.unprotect(Rtp, &old), Err(Refusal::Replayed));
        assert_eq!(theirs.unprotect(Rtp, &old), Err(Refusal::Authentication));
        assert_eq!(ours.unprotect(Rtcp, &old_rtcp), Err(Refusal::Replayed));
        assert_eq!(theirs.unprotect(Rtcp, &old_rtcp), Err(Refusal::Replayed));
        assert_eq!(ours.protect(Rtp, &rtp(1, 5)), Err(Refusal::Replayed));
        let again = theirs.protect(Rtp, &rtp(1, 5)).unwrap();
        assert_eq!(ours.unprotect(Rtp, &again), Err(Refusal::Replayed));
        assert_eq!(theirs.unprotect(Rtp, &again), Ok(rtp(1, 5)));
        pass(&mut ours, &mut theirs, &rtp(1, 6));
        assert_eq!(ours.protect(Rtcp, RTCP), theirs.protect(Rtcp, RTCP));
    }
}

/// [`differences::SRTCP_AFTER_RESET`].
#[test]
fn srtcp_after_reset() {
    for profile in profiles() {
        let setup = setup(profile);
        let (mut ours, mut theirs) = (Ours::new(&setup), LibSrtp::new(&setup));
        for end in [&mut ours as &mut dyn Endpoint, &mut theirs] {
            end.protect(Rtcp, RTCP).unwrap();
        }
        let mut key = setup.key_and_salt.clone();
        key[0] ^= 1;
        change(&mut ours, &mut theirs, &Change::Reset(key));
        let (our, their) = (
            ours.protect(Rtcp, RTCP).unwrap(),
            theirs.protect(Rtcp, RTCP).unwrap(),
        );
        assert_ne!(our, their);
        for wire in [our, their] {
            assert_eq!(ours.unprotect(Rtcp, &wire).as_deref(), Ok(RTCP));
            assert_eq!(theirs.unprotect(Rtcp, &wire).as_deref(), Ok(RTCP));
        }
    }
}

/// [`differences::ADDED_TWICE`].
#[test]
fn added_twice() {
    for profile in profiles() {
        let (mut ours, mut theirs) = ends(&setup(profile));
        change(&mut ours, &mut theirs, &Change::AddStream(1));
        let wire = theirs.protect(Rtp, &rtp(1, 7));
        pass(&mut ours, &mut ends(&setup(profile)).1, &rtp(1, 7));
        change(&mut ours, &mut theirs, &Change::AddStream(1));
        assert_eq!(ours.protect(Rtp, &rtp(1, 7)), Err(Refusal::Replayed));
        assert_eq!(theirs.protect(Rtp, &rtp(1, 7)), wire);
    }
}

/// [`differences::SENDER_STREAMS`].
#[test]
fn sender_streams() {
    for profile in profiles() {
        let mut setup = setup(profile);
        setup.options.admission = Admission::ListedOnly;
        let (mut ours, mut theirs) = ends(&setup);
        let wire = ours.protect(Rtp, &rtp(1, 7)).unwrap();
        assert_eq!(theirs.protect(Rtp, &rtp(1, 7)), Err(Refusal::StreamLimit));
        assert_eq!(ours.unprotect(Rtp, &wire), Err(Refusal::StreamLimit));
        assert_eq!(theirs.unprotect(Rtp, &wire), Err(Refusal::StreamLimit));
    }
}
