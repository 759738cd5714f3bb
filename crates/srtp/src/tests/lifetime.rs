// SPDX-License-Identifier: MIT OR Apache-2.0
//! Both lifetimes of a key, at their ends (RFC 3711 section 9.2).

use super::{Parts, into_vec, other_secret, rtcp, rtp, secret};
use crate::index::{LAST_RTCP_INDEX, LAST_RTP_INDEX};
use crate::{Error, KeyId, MasterKey, Notice, Profile};

const SSRC: u32 = 7;

#[test]
fn the_last_rtp_index_is_used_once() {
    for profile in Profile::ALL.iter().copied() {
        let secret = secret(profile);
        let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
        let mut sender = here.sender(&secret);
        let mut receiver = there.receiver(&secret);
        sender.streams.place(SSRC, LAST_RTP_INDEX - 2, 0);
        receiver.streams.place(SSRC, LAST_RTP_INDEX - 2, 0);

        for seq in [65534, 65535] {
            let packet = rtp(SSRC, seq, b"media");
            let mut wire = [0; 64];
            let sent = sender.protect(&packet, &mut wire).unwrap();
            assert_eq!(sent.notice, Some(Notice::KeyExpiring));
            let mut heard = [0; 64];
            let got = receiver.unprotect(&wire[..sent.len], &mut heard).unwrap();
            assert_eq!(got.notice, Some(Notice::KeyExpiring));
            assert_eq!(heard[..got.len], packet);
        }
        let next = rtp(SSRC, 0, b"media");
        let before = sender.streams.snapshot().1;
        assert_eq!(
            into_vec(|out| sender.protect(&next, out)),
            Err(Error::KeyExpired)
        );
        assert_eq!(sender.streams.snapshot().1, before);
        let forged = rtp(SSRC, 0, b"media and a tag of 16");
        assert_eq!(
            into_vec(|out| receiver.unprotect(&forged, out)),
            Err(Error::KeyExpired)
        );
        // Packets that come late are still good.
        let late = rtp(SSRC, 65500, b"media");
        let wire = into_vec(|out| sender.protect(&late, out)).unwrap();
        assert_eq!(into_vec(|out| receiver.unprotect(&wire, out)), Ok(late));
    }
}

#[test]
fn the_last_rtcp_index_is_used_once() {
    for profile in Profile::ALL.iter().copied() {
        let secret = secret(profile);
        let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
        let mut sender = here.sender(&secret);
        let mut receiver = there.receiver(&secret);
        sender.streams.place(SSRC, 0, LAST_RTCP_INDEX - 1);
        let report = rtcp(SSRC, b"report");
        let wire = into_vec(|out| sender.protect_rtcp(&report, out)).unwrap();
        assert_eq!(
            into_vec(|out| receiver.unprotect_rtcp(&wire, out)),
            Ok(report.clone())
        );
        assert_eq!(
            into_vec(|out| sender.protect_rtcp(&report, out)),
            Err(Error::KeyExpired)
        );
    }
}

#[test]
fn a_key_begins_with_both_lifetimes() {
    let profile = Profile::AeadAes128Gcm;
    let mut parts = Parts::new(profile, 1, 64);
    let mut sender = parts.sender(&secret(profile));
    assert_eq!(sender.session.packets_left(), (1 << 48, 1 << 31));
    let mut out = [0; 64];
    assert!(sender.protect(&rtp(SSRC, 1, b""), &mut out).is_ok());
    assert!(sender.protect_rtcp(&rtcp(SSRC, b""), &mut out).is_ok());
    assert_eq!(
        sender.session.packets_left(),
        ((1 << 48) - 1, (1 << 31) - 1)
    );
}

/// The count of packets is that of the key, over all its streams.
#[test]
fn packets_are_counted_over_all_streams() {
    let profile = Profile::AesCm128HmacSha1_80;
    let mut parts = Parts::new(profile, 4, 64);
    let mut sender = parts.sender(&secret(profile));
    sender.session.set_packets_left((1 << 16) + 2, 2);
    let mut out = [0; 64];
    let mut protect = |ssrc, seq| sender.protect(&rtp(ssrc, seq, b""), &mut out);
    assert_eq!(protect(1, 1).unwrap().notice, None);
    assert_eq!(protect(2, 1).unwrap().notice, Some(Notice::KeyExpiring));
    sender.session.set_packets_left(1, 2);
    let mut protect = |ssrc, seq| sender.protect(&rtp(ssrc, seq, b""), &mut out);
    assert!(protect(3, 1).is_ok());
    assert_eq!(protect(4, 1), Err(Error::KeyExpired));
    assert_eq!(protect(1, 2), Err(Error::KeyExpired));

    sender.session.set_packets_left(9, 2);
    let mut protect_rtcp = |ssrc| sender.protect_rtcp(&rtcp(ssrc, b""), &mut out);
    assert!(protect_rtcp(1).is_ok());
    assert!(protect_rtcp(2).is_ok());
    assert_eq!(protect_rtcp(1), Err(Error::KeyExpired));
    // Spent for one protocol, the key is spent for both.
    sender.session.set_packets_left(1 << 40, 0);
    assert_eq!(
        sender.protect(&rtp(1, 9, b""), &mut out),
        Err(Error::KeyExpired)
    );
    sender.session.set_packets_left(0, 1 << 20);
    assert_eq!(
        sender.protect_rtcp(&rtcp(1, b""), &mut out),
        Err(Error::KeyExpired)
    );
}

/// A lifetime that was agreed on counts for both protocols, for one key, and never makes one longer.
#[test]
fn a_lifetime_that_was_agreed_on() {
    let profile = Profile::AesCm128HmacSha1_80;
    let secret = secret(profile);
    let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
    let mut sender = here.sender(&secret);
    let mut receiver = there.receiver(&secret);
    sender.limit_key(&[], 2).unwrap();
    sender.limit_key(&[], 1 << 40).unwrap();
    assert_eq!(sender.session.packets_left(), (2, 2));
    assert_eq!(sender.limit_key(&[1], 1), Err(Error::Contradiction));
    receiver.limit_key(&[], 1 << 40).unwrap();
    assert_eq!(receiver.session.packets_left(), (1 << 40, 1 << 31));
    receiver.limit_key(&[], 1).unwrap();

    let first = into_vec(|out| sender.protect(&rtp(SSRC, 1, b"media"), out)).unwrap();
    let second = into_vec(|out| sender.protect(&rtp(SSRC, 2, b"media"), out)).unwrap();
    assert_eq!(
        into_vec(|out| sender.protect(&rtp(SSRC, 3, b"media"), out)),
        Err(Error::KeyExpired)
    );
    assert!(into_vec(|out| receiver.unprotect(&first, out)).is_ok());
    assert_eq!(
        into_vec(|out| receiver.unprotect(&second, out)),
        Err(Error::KeyExpired)
    );
}

#[test]
fn a_lifetime_of_one_key_among_others() {
    let profile = Profile::AesCm128HmacSha1_80;
    let mut options = Parts::new(profile, 1, 64).options;
    options.mki_len = 1;
    let mut here = Parts::with_keys(profile, options, 2, 1, 64);
    let mut sender = here.sender_without_key();
    assert_eq!(sender.limit_key(&[1], 1), Err(Error::UnknownKey));
    for which in 0..2 {
        let secret = other_secret(profile, which);
        let master = MasterKey::from_concatenated(profile, &secret).unwrap();
        sender.add_key(KeyId::Mki(&[which]), &master).unwrap();
    }
    sender.limit_key(&[1], 1).unwrap();
    assert_eq!(sender.limit_key(&[2], 1), Err(Error::UnknownKey));
    assert_eq!(sender.limit_key(&[1, 1], 1), Err(Error::KeyLength));
    assert_eq!(sender.limit_key(&[], 1), Err(Error::KeyLength));
    let mut send = |key: u8, seq| {
        sender.use_key(&[key])?;
        into_vec(|out| sender.protect(&rtp(SSRC, seq, b"media"), out))
    };
    assert!(send(1, 1).is_ok());
    assert_eq!(send(1, 2), Err(Error::KeyExpired));
    assert!(send(0, 2).is_ok());
    assert!(send(0, 3).is_ok());
}
