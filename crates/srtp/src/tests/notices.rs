// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a packet call may add to a good packet: that the key comes to its end, that an SSRC is in use twice.

use super::{Parts, into_vec, rtcp, rtp, secret};
use crate::{Admission, Error, Notice, Processed, Profile, StreamStatus};

/// Every packet from an SSRC of our own is told, SRTP and SRTCP, until the stream is removed; forged ones and
/// those of others are not.
#[test]
fn ssrc_collisions() {
    for profile in Profile::ALL.iter().copied() {
        let secret = secret(profile);
        let (mut here, mut there) = (Parts::new(profile, 3, 64), Parts::new(profile, 3, 64));
        there.options.admission = Admission::ReplacingOldest;
        let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
        let mut out = [0; 64];
        // One that packets have found first, and one before any packet.
        let wire = into_vec(|out| sender.protect(&rtp(1, 1, b"media"), out)).unwrap();
        assert_eq!(receiver.unprotect(&wire, &mut out).unwrap().notice, None);
        receiver.add_own_ssrc(1).unwrap();
        receiver.add_own_ssrc(2).unwrap();
        receiver.add_own_ssrc(2).unwrap();
        for ssrc in [1, 2, 3] {
            let expected = (ssrc < 3).then_some(Notice::SsrcCollision);
            let packet = rtp(ssrc, 2, b"media");
            let wire = into_vec(|out| sender.protect(&packet, out)).unwrap();
            let mut forged = wire.clone();
            forged[13] ^= 1;
            let refused = receiver.unprotect(&forged, &mut out);
            assert_eq!(refused, Err(Error::Authentication));
            let got = receiver.unprotect(&wire, &mut out).unwrap();
            assert_eq!((got.notice, &out[..got.len]), (expected, &packet[..]));
            let again = receiver.unprotect(&wire, &mut out);
            assert_eq!(
                again,
                Err(Error::Replayed),
                "our own packet, come back, is not told twice"
            );

            let packet = rtcp(ssrc, b"report");
            let wire = into_vec(|out| sender.protect_rtcp(&packet, out)).unwrap();
            let got = receiver.unprotect_rtcp(&wire, &mut out).unwrap();
            assert_eq!((got.notice, &out[..got.len]), (expected, &packet[..]));
        }
        // A stream of our own is not replaced, and survives a reset of the ROCs.
        let at_zero = |ssrc| StreamStatus { ssrc, roc: 0 };
        assert!(receiver.streams().eq([1, 2, 3].map(at_zero)));
        let other = super::other_secret(profile, 1);
        let other = crate::MasterKey::from_concatenated(profile, &other).unwrap();
        for end in [&mut *sender, &mut *receiver] {
            end.rekey(&other, crate::Rekeying::ResetRoc).unwrap();
        }
        let wire = into_vec(|out| sender.protect(&rtp(2, 1, b""), out)).unwrap();
        let got = receiver.unprotect(&wire, &mut out).unwrap();
        assert_eq!(got.notice, Some(Notice::SsrcCollision));
        // Removed, it is anybody's.
        receiver.remove_stream(2).unwrap();
        let wire = into_vec(|out| sender.protect(&rtp(2, 2, b""), out)).unwrap();
        assert_eq!(receiver.unprotect(&wire, &mut out).unwrap().notice, None);
    }
}

/// A collision is what must be acted on first.
#[test]
fn a_collision_comes_before_an_expiring_key() {
    let profile = Profile::AesCm128HmacSha1_80;
    let secret = secret(profile);
    let (mut here, mut there) = (Parts::new(profile, 2, 64), Parts::new(profile, 2, 64));
    let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
    receiver.add_own_ssrc(1).unwrap();
    receiver.session.set_packets_left(100, 100);
    let mut out = [0; 64];
    for (ssrc, notice) in [(1, Notice::SsrcCollision), (2, Notice::KeyExpiring)] {
        let wire = into_vec(|out| sender.protect(&rtp(ssrc, 1, b""), out)).unwrap();
        let got = receiver.unprotect(&wire, &mut out).unwrap();
        assert_eq!(got.notice, Some(notice));
    }
}

/// Soft, then hard: 65,536 packets before the end each good packet says so, and is still good; at the end
/// none is. On either end, for either protocol, and refused packets do not count.
#[test]
fn soft_and_hard_ends_of_a_key() {
    const SOFT: u64 = 1 << 16;
    for profile in Profile::ALL.iter().copied() {
        let secret = secret(profile);
        let notices = |call: &mut dyn FnMut(&mut [u8]) -> Result<Processed, Error>| {
            let mut out = [0; 64];
            call(&mut out).map(|got| got.notice)
        };
        // For each protocol on each end, that many packets are left; then one more than the soft end has.
        for is_report in [false, true] {
            let (mut here, mut there) = (Parts::new(profile, 1, 64), Parts::new(profile, 1, 64));
            let (mut sender, mut receiver) = (here.sender(&secret), there.receiver(&secret));
            let both = [SOFT + 2, SOFT + 1, 2, 1, 0];
            let expected = [
                Ok(None),
                Ok(Some(Notice::KeyExpiring)),
                Ok(Some(Notice::KeyExpiring)),
                Ok(Some(Notice::KeyExpiring)),
                Err(Error::KeyExpired),
            ];
            for (at, (left, expected)) in both.into_iter().zip(expected).enumerate() {
                let seq = u16::try_from(at).unwrap();
                let (packet, report) = (rtp(1, seq, b"media"), rtcp(1, b"report"));
                // A sender that is spent sends nothing to be heard: another one stands in.
                let mut elsewhere = Parts::new(profile, 1, 64);
                let mut fresh = elsewhere.sender(&secret);
                fresh.streams.place(1, 0, u32::from(seq));
                fresh.streams.forget(1, 0);
                let (rtp_left, rtcp_left) = if is_report {
                    (1 << 40, left)
                } else {
                    (left, 1 << 30)
                };
                for session in [&mut sender.session, &mut receiver.session] {
                    session.set_packets_left(rtp_left, rtcp_left);
                }
                if is_report {
                    let sent = notices(&mut |out| sender.protect_rtcp(&report, out));
                    assert_eq!(sent, expected);
                    let wire = into_vec(|out| fresh.protect_rtcp(&report, out)).unwrap();
                    let heard = notices(&mut |out| receiver.unprotect_rtcp(&wire, out));
                    assert_eq!(heard, expected);
                } else {
                    let sent = notices(&mut |out| sender.protect(&packet, out));
                    assert_eq!(sent, expected);
                    let wire = into_vec(|out| fresh.protect(&packet, out)).unwrap();
                    let mut forged = wire.clone();
                    forged[13] ^= 1;
                    let refused = notices(&mut |out| receiver.unprotect(&forged, out));
                    let of_forged = expected.and(Err(Error::Authentication));
                    assert_eq!(refused, of_forged);
                    let heard = notices(&mut |out| receiver.unprotect(&wire, out));
                    assert_eq!(heard, expected);
                }
                let after = if is_report {
                    (rtp_left, rtcp_left.saturating_sub(1))
                } else {
                    (rtp_left.saturating_sub(1), rtcp_left)
                };
                assert_eq!(sender.session.packets_left(), after);
                assert_eq!(
                    receiver.session.packets_left(),
                    after,
                    "forged ones do not count"
                );
            }
        }
    }
}
