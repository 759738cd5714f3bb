// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every difference of the table, on a packet of its own: one that has gone must leave the table.

use sipseal_interop::libsrtp::LibSrtp;
use sipseal_interop::ours::{Ours, STREAMS};
use sipseal_interop::random::Random;
use sipseal_interop::verdict::Protocol::{Rtcp, Rtp};
use sipseal_interop::verdict::{Endpoint, Refusal, Setup, profiles};
use sipseal_interop::{aes192, differences};
use sipseal_srtp::Profile;

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
        assert_eq!(theirs.unprotect(Rtp, &wire), Err(Refusal::CipherFailure));
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
