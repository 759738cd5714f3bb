// SPDX-License-Identifier: MIT OR Apache-2.0
//! Key derivation rates in packets (RFC 3711 section 4.3.1).

use std::vec::Vec;

use serde_json::Value;

use super::ends::{Session, disjoint, in_place, state};
use super::{hex, into_vec, number, rtcp, rtp, vectors};
use crate::ciphers::Protocol;
use crate::session_keys::SessionKey;
use crate::{
    AesCm128HmacSha1, Error, MAX_KEY_DERIVATION_RATE, Options, PacketCipher, Profile, Sender,
};

const SSRC: u32 = 0xcafe_babe;
const PROFILE: Profile = Profile::AesCm128HmacSha1_80;

fn with_rate(key_derivation_rate: u32) -> Options {
    Options {
        key_derivation_rate,
        ..Options::SAFE
    }
}

/// A packet under session keys that were published, all but derivation done by hand.
fn by_hand(case: &Value, names: [&str; 3], index: u64, packet: &[u8], clear: usize) -> Vec<u8> {
    let [encryption, authentication, salt] = names.map(|name| hex(&case[name]));
    let key = sipseal_cipher::SessionKey {
        encryption: &encryption,
        authentication: &authentication,
        salt: &salt,
    };
    let cipher = AesCm128HmacSha1::new(&key).unwrap();
    let mut iv = [0; 16];
    iv[..14].copy_from_slice(&salt);
    for (at, octet) in SSRC.to_be_bytes().into_iter().enumerate() {
        iv[4 + at] ^= octet;
    }
    for (at, octet) in index.to_be_bytes()[2..].iter().enumerate() {
        iv[8 + at] ^= octet;
    }
    let mut wire = packet.to_vec();
    let mut tag = [0; 10];
    if clear == 12 {
        let roc = u32::try_from(index >> 16).unwrap().to_be_bytes();
        cipher.seal(&iv, wire.as_mut_slice().into(), clear, &roc, &mut tag);
    } else {
        let word = (1 << 31 | u32::try_from(index).unwrap()).to_be_bytes();
        cipher.seal(&iv, wire.as_mut_slice().into(), clear, &word, &mut tag);
        wire.extend(word);
    }
    wire.extend(tag);
    wire
}

/// Every case of NIST, those with rates other than 0 among them: SRTP.
#[test]
fn acvp_rtp() {
    for case in vectors(include_str!("../../../../tests/vectors/acvp-srtp-kdf.json")) {
        let rate = u32::try_from(number(&case["kdr"])).unwrap();
        let index = number(&case["index"]);
        let mut session =
            Session::new(PROFILE, with_rate(rate)).at_roc(u32::try_from(index >> 16).unwrap());
        session.secret = [hex(&case["masterKey"]), hex(&case["masterSalt"])].concat();
        let seq = u16::try_from(index & 0xffff).unwrap();
        let packet = rtp(SSRC, seq, &[0x3c; 50]);
        let wire = by_hand(&case, ["srtpKe", "srtpKa", "srtpKs"], index, &packet, 12);
        assert_eq!(
            session.protect(&packet),
            Ok(wire.clone()),
            "{}",
            case["tcId"]
        );
        assert_eq!(session.unprotect(&wire), Ok(packet), "{}", case["tcId"]);
    }
}

/// SRTCP, whose index counts as 48 bits in the derivation.
#[test]
fn acvp_rtcp() {
    let mut rates = Vec::new();
    for case in vectors(include_str!("../../../../tests/vectors/acvp-srtp-kdf.json")) {
        let rate = u32::try_from(number(&case["kdr"])).unwrap();
        rates.push(rate);
        let index = number(&case["srtcpIndex"]);
        let mut session = Session::new(PROFILE, with_rate(rate));
        session.secret = [hex(&case["masterKey"]), hex(&case["masterSalt"])].concat();
        let (mut here, mut there) = (session.parts(), session.parts());
        let mut sender = session.sender(&mut here);
        let before = u32::try_from(index - 1).unwrap();
        sender.streams.place(SSRC, 0, before);
        let report = rtcp(SSRC, &[0x3c; 50]);
        let wire = by_hand(&case, ["srtcpKe", "srtcpKa", "srtcpKs"], index, &report, 8);
        let sent = disjoint(100, |out| sender.protect_rtcp(&report, out));
        assert_eq!(sent, Ok(wire.clone()), "{}", case["tcId"]);
        let mut receiver = session.receiver(&mut there);
        let heard = disjoint(100, |out| receiver.unprotect_rtcp(&wire, out));
        assert_eq!(heard, Ok(report.clone()));
        drop(receiver);
        let mut receiver = session.receiver(&mut there);
        let heard = in_place(&wire, 0, |buffer| receiver.unprotect_rtcp_in_place(buffer));
        assert_eq!(heard, Ok(report));
    }
    assert_eq!(rates, [0, 1, 1, 2, 2]);
}

/// A sender without a rate, under the session keys of this quotient of index and rate.
fn derived<'p>(session: &Session, parts: &'p mut super::Parts, r: u64) -> Sender<'p> {
    let mut sender = session.sender(parts);
    for protocol in [Protocol::Rtp, Protocol::Rtcp] {
        let key = SessionKey::derive(session.profile, &session.master(), protocol, r).unwrap();
        sender.session.install(0, protocol, r, &key).unwrap();
    }
    sender
}

fn options(profile: Profile, key_derivation_rate: u32) -> Options {
    Options {
        insecure_unencrypted_srtp: !profile.is_encrypting(),
        insecure_unencrypted_srtcp: !profile.is_encrypting(),
        ..with_rate(key_derivation_rate)
    }
}

/// Every profile, around the indices where keys change, from the smallest rate to the largest.
#[test]
fn where_keys_change() {
    for profile in Profile::ALL.iter().copied() {
        for log in [0, 1, 4, 15, 16, 17, 24] {
            let rate = 1_u32 << log;
            let session = Session::new(profile, options(profile, rate));
            let once = Session::new(profile, options(profile, 0));
            for r in [1, 2, 0xff] {
                let change = r << log;
                for index in [change - 1, change, change + 1] {
                    let roc = u32::try_from(index >> 16).unwrap();
                    let session = session.clone().at_roc(roc);
                    let packet = rtp(SSRC, u16::try_from(index & 0xffff).unwrap(), b"media");
                    let mut parts = once.parts();
                    let mut sender = derived(&once, &mut parts, index >> log);
                    sender.add_stream(SSRC).unwrap();
                    sender.set_roc(SSRC, roc).unwrap();
                    let wire = into_vec(|out| sender.protect(&packet, out)).unwrap();
                    assert_eq!(session.protect(&packet), Ok(wire.clone()), "{index:x}");
                    assert_eq!(session.unprotect(&wire), Ok(packet), "{index:x}");
                }
            }
        }
    }
}

/// SRTCP keys follow the SRTCP index, SRTP keys the SRTP index, each on its own: far apart, and one just ahead of
/// the other.
#[test]
fn both_protocols_on_their_own() {
    let paces: [fn(u16) -> u16; 3] = [|step| 100 + 3 * step, |step| step, |step| step - 1];
    for (profile, pace) in Profile::ALL
        .iter()
        .flat_map(|profile| paces.map(|pace| (*profile, pace)))
    {
        let session = Session::new(profile, options(profile, 4));
        let once = Session::new(profile, options(profile, 0));
        let (mut here, mut there) = (session.parts(), session.parts());
        let mut sender = session.sender(&mut here);
        let mut receiver = session.receiver(&mut there);
        sender.streams.place(SSRC, 0, 0);
        sender.streams.forget(SSRC, 0);
        for step in 1..13 {
            let seq = pace(step);
            let packet = rtp(SSRC, seq, b"media");
            let wire = into_vec(|out| sender.protect(&packet, out)).unwrap();
            let mut parts = once.parts();
            let mut fresh = derived(&once, &mut parts, u64::from(seq) / 4);
            let expected = into_vec(|out| fresh.protect(&packet, out));
            assert_eq!(expected, Ok(wire.clone()));
            assert_eq!(into_vec(|out| receiver.unprotect(&wire, out)), Ok(packet));
            drop(fresh);

            let report = rtcp(SSRC, b"report");
            let wire = into_vec(|out| sender.protect_rtcp(&report, out)).unwrap();
            let mut fresh = derived(&once, &mut parts, u64::from(step) / 4);
            fresh.streams.place(SSRC, 0, u32::from(step) - 1);
            let expected = into_vec(|out| fresh.protect_rtcp(&report, out));
            assert_eq!(expected, Ok(wire.clone()));
            let heard = into_vec(|out| receiver.unprotect_rtcp(&wire, out));
            assert_eq!(heard, Ok(report));
        }
    }
}

/// Packets out of order go back to keys of before; streams of one key are each where they are; and forged
/// packets, which make keys change for nothing, do no harm.
#[test]
fn back_and_forth() {
    for profile in Profile::ALL.iter().copied() {
        let session = Session::new(profile, options(profile, 8));
        let mut here = super::Parts::with_keys(profile, session.options, 1, 2, 64);
        let mut there = super::Parts::with_keys(profile, session.options, 1, 2, 64);
        let mut sender = session.sender(&mut here);
        let mut receiver = session.receiver(&mut there);
        let mut wires = Vec::new();
        for seq in 1..60 {
            for ssrc in [SSRC, 1] {
                // Both streams in turn, far apart.
                let seq = if ssrc == 1 { seq + 20_000 } else { seq };
                let packet = rtp(ssrc, seq, b"media");
                let wire = into_vec(|out| sender.protect(&packet, out)).unwrap();
                wires.push((packet, wire));
            }
        }
        // The last one first, to hold the window; the rest in an order of no order.
        let count = wires.len();
        for at in (0..count).map(|at| (at * 37 + count - 1) % count) {
            let (packet, wire) = &wires[at];
            // Its neighbour in the range before or after.
            let mut forged = wire.clone();
            forged[3] ^= 8;
            let before = state(&receiver);
            let refused = disjoint(200, |out| receiver.unprotect(&forged, out)).unwrap_err();
            let expected = [Error::Authentication, Error::Replayed];
            assert!(expected.contains(&refused), "{refused:?}");
            assert_eq!(state(&receiver), before);
            let heard = into_vec(|out| receiver.unprotect(wire, out));
            assert_eq!(heard.as_ref(), Ok(packet));
        }
        for (_, wire) in &wires {
            let again = into_vec(|out| receiver.unprotect(wire, out));
            assert_eq!(again, Err(Error::Replayed), "all were heard");
        }
    }
}

#[test]
fn rates_that_there_are() {
    for rate in (0..=24).map(|log| 1 << log).chain([0]) {
        assert_eq!(with_rate(rate).check(PROFILE), Ok(()));
    }
    for rate in [
        3,
        5,
        6,
        (1 << 24) - 1,
        (1 << 24) + 1,
        1 << 25,
        1 << 31,
        u32::MAX,
    ] {
        assert_eq!(with_rate(rate).check(PROFILE), Err(Error::Layout));
    }
    assert_eq!(MAX_KEY_DERIVATION_RATE, 1 << 24);
}
