// SPDX-License-Identifier: MIT OR Apache-2.0
//! Several master keys, by their MKIs (RFC 3711 sections 3.1 and 8.1; for AEAD, RFC 7714 sections 8 and 9).

use std::vec::Vec;

use super::reference::Reference;
use super::{Parts, into_vec, other_secret, rtcp, rtp};
use crate::{Error, KeyId, MasterKey, Profile, Receiver, Sender};

const SSRC: u32 = 0x0102_0304;

fn parts(profile: Profile, mki_len: usize, keys: usize) -> Parts {
    let mut options = Parts::new(profile, 1, 64).options;
    options.mki_len = u8::try_from(mki_len).unwrap();
    Parts::with_keys(profile, options, keys, 1, 64)
}

/// MKIs that differ in the last octet only.
fn mki(len: usize, which: u8) -> Vec<u8> {
    let mut mki = std::vec![0xa5; len];
    mki[len - 1] = which;
    mki
}

fn master(profile: Profile, secret: &[u8]) -> MasterKey<'_> {
    MasterKey::from_concatenated(profile, secret).unwrap()
}

fn send(sender: &mut Sender<'_>, seq: u16) -> Result<Vec<u8>, Error> {
    into_vec(|out| sender.protect(&rtp(SSRC, seq, b"media"), out))
}

fn report(sender: &mut Sender<'_>) -> Result<Vec<u8>, Error> {
    into_vec(|out| sender.protect_rtcp(&rtcp(SSRC, b"report"), out))
}

fn hear(receiver: &mut Receiver<'_>, wire: &[u8]) -> Result<Vec<u8>, Error> {
    into_vec(|out| receiver.unprotect(wire, out))
}

fn hear_report(receiver: &mut Receiver<'_>, wire: &[u8]) -> Result<Vec<u8>, Error> {
    into_vec(|out| receiver.unprotect_rtcp(wire, out))
}

/// A sender changes keys in mid-stream, over a wrap. Each packet is that of the reference; a receiver follows in
/// whatever order they come.
#[test]
fn changing_keys_in_mid_stream() {
    for profile in Profile::ALL.iter().copied() {
        for len in [1, 4, 128] {
            let secrets = [0, 1, 2].map(|which| other_secret(profile, which));
            let mkis = [0, 1, 2].map(|which| mki(len, which));
            let (mut here, mut there) = (parts(profile, len, 3), parts(profile, len, 3));
            let (mut sender, mut receiver) =
                (here.sender_without_key(), there.receiver_without_key());
            for which in 0..3 {
                let id = KeyId::Mki(&mkis[which]);
                sender
                    .add_key(id, &master(profile, &secrets[which]))
                    .unwrap();
                // In another order, since only the MKI tells them apart.
                let id = KeyId::Mki(&mkis[2 - which]);
                let master = master(profile, &secrets[2 - which]);
                receiver.add_key(id, &master).unwrap();
            }

            let mut wires = Vec::new();
            let mut reports = Vec::new();
            for at in 0..24_u64 {
                let index = 65_536 - 12 + at;
                // The first key that was added, until another is chosen.
                let which = [0, 0, 1, 2, 2, 0, 1, 1][usize::try_from(at % 8).unwrap()];
                if at > 1 {
                    sender.use_key(&mkis[which]).unwrap();
                }
                let reference = Reference {
                    mki: &mkis[which],
                    ..Reference::new(profile, &secrets[which])
                };
                let seq = u16::try_from(index % 65_536).unwrap();
                let wire = send(&mut sender, seq).unwrap();
                assert_eq!(wire, reference.rtp(&rtp(SSRC, seq, b"media"), index));
                assert_eq!(sender.roc(SSRC), Ok(u32::from(at >= 12)));
                wires.push((seq, wire));

                let wire = report(&mut sender).unwrap();
                let index = u32::try_from(at).unwrap();
                assert_eq!(wire, reference.rtcp(&rtcp(SSRC, b"report"), index));
                reports.push(wire);
            }
            // 7 and 24 have no common divisor: every packet once, each from another key than the last.
            for at in (0..24).map(|at| (at * 7 + 11) % 24) {
                let (seq, wire) = &wires[at];
                assert_eq!(hear(&mut receiver, wire), Ok(rtp(SSRC, *seq, b"media")));
                assert_eq!(hear(&mut receiver, wire), Err(Error::Replayed));
                let heard = hear_report(&mut receiver, &reports[at]);
                assert_eq!(heard, Ok(rtcp(SSRC, b"report")));
                let again = hear_report(&mut receiver, &reports[at]);
                assert_eq!(again, Err(Error::Replayed));
            }
            assert_eq!(receiver.roc(SSRC), Ok(1));

            // The windows are those of the stream, not of a key: an index that came under one key has come.
            let reference = Reference {
                mki: &mkis[1],
                ..Reference::new(profile, &secrets[1])
            };
            for index in 65_536 - 12..65_536 + 12 {
                let seq = u16::try_from(index % 65_536).unwrap();
                let wire = reference.rtp(&rtp(SSRC, seq, b"other"), index);
                assert_eq!(hear(&mut receiver, &wire), Err(Error::Replayed));
            }
            let wire = reference.rtp(&rtp(SSRC, 12, b"other"), 65_536 + 12);
            assert_eq!(hear(&mut receiver, &wire), Ok(rtp(SSRC, 12, b"other")));
        }
    }
}

/// Where the MKI is: RFC 3711 figures 1 and 2, RFC 7714 sections 8.3 and 9.5. Counted from the end, apart from the
/// reference.
#[test]
fn where_the_mki_is() {
    for profile in Profile::ALL.iter().copied() {
        for len in [1, 4, 128] {
            let mki = mki(len, 7);
            let mut here = parts(profile, len, 1);
            let mut sender = here.sender_without_key();
            let secret = other_secret(profile, 0);
            let master = master(profile, &secret);
            sender.add_key(KeyId::Mki(&mki), &master).unwrap();
            let (wire, report) = (send(&mut sender, 1).unwrap(), report(&mut sender).unwrap());
            let (rtp_tag, rtcp_tag) = (profile.rtp_tag_len(), profile.rtcp_tag_len());
            assert_eq!(wire.len(), 12 + 5 + rtp_tag + len);
            assert_eq!(sender.rtp_trailer_len(), rtp_tag + len);
            assert_eq!(report.len(), 8 + 6 + 4 + rtcp_tag + len);
            assert_eq!(sender.rtcp_trailer_len(), 4 + rtcp_tag + len);
            let (mki_at, mki_at_rtcp, word_at) = if profile.is_aead() {
                (12 + 5 + rtp_tag, 8 + 6 + rtcp_tag + 4, 8 + 6 + rtcp_tag)
            } else {
                (12 + 5, 8 + 6 + 4, 8 + 6)
            };
            assert_eq!(wire[mki_at..mki_at + len], mki, "{profile:?}");
            assert_eq!(report[mki_at_rtcp..mki_at_rtcp + len], mki, "{profile:?}");
            let e = if profile.is_encrypting() { 0x80 } else { 0 };
            assert_eq!(report[word_at..word_at + 4], [e, 0, 0, 0]);
        }
    }
}

/// Adding, choosing and removing, in each state that a key can be in.
#[test]
fn managing_keys() {
    for profile in Profile::ALL.iter().copied() {
        let secrets = [0, 1, 2].map(|which| other_secret(profile, which));
        let [a, b, c] = [0, 1, 2].map(|which| mki(4, which));
        let masters = [0, 1, 2].map(|which| master(profile, &secrets[which]));
        let (mut here, mut there) = (parts(profile, 4, 2), parts(profile, 4, 2));
        let (mut sender, mut receiver) = (here.sender_without_key(), there.receiver_without_key());

        // None yet.
        assert_eq!(send(&mut sender, 1), Err(Error::UnknownKey));
        assert_eq!(report(&mut sender), Err(Error::UnknownKey));
        assert_eq!(sender.streams().count(), 0, "no stream is taken");
        assert_eq!(sender.use_key(&a), Err(Error::UnknownKey));
        assert_eq!(sender.remove_key(KeyId::Mki(&a)), Err(Error::UnknownKey));

        // Not such keys.
        for wrong in [&a[..3], &[0; 5], &[]] {
            let id = KeyId::Mki(wrong);
            assert_eq!(sender.add_key(id, &masters[0]), Err(Error::KeyLength));
            assert_eq!(sender.remove_key(id), Err(Error::KeyLength));
            assert_eq!(sender.use_key(wrong), Err(Error::KeyLength));
        }
        let range = KeyId::FromTo { from: 0, to: 9 };
        let refused = sender.add_key(range, &masters[0]);
        assert_eq!(refused, Err(Error::Contradiction));
        assert_eq!(sender.remove_key(range), Err(Error::Contradiction));
        for reset in [crate::Rekeying::KeepRoc, crate::Rekeying::ResetRoc] {
            let refused = sender.rekey(&masters[0], reset);
            assert_eq!(refused, Err(Error::Contradiction));
        }
        let short = MasterKey::new(&secrets[0][1..profile.key_len()], masters[0].salt);
        let refused = sender.add_key(KeyId::Mki(&a), &short);
        assert_eq!(refused, Err(Error::KeyLength));
        assert_eq!(
            sender.use_key(&a),
            Err(Error::UnknownKey),
            "it was not added"
        );

        // As many as there is room for, no MKI twice.
        for end in [&mut *sender, &mut *receiver] {
            end.add_key(KeyId::Mki(&a), &masters[0]).unwrap();
            let twice = end.add_key(KeyId::Mki(&a), &masters[1]);
            assert_eq!(twice, Err(Error::Contradiction));
            end.add_key(KeyId::Mki(&b), &masters[1]).unwrap();
            let third = end.add_key(KeyId::Mki(&c), &masters[2]);
            assert_eq!(third, Err(Error::KeyLimit));
        }
        let under_a = send(&mut sender, 1).unwrap();
        let late_under_a = send(&mut sender, 2).unwrap();
        let report_under_a = report(&mut sender).unwrap();
        assert_eq!(sender.use_key(&c), Err(Error::UnknownKey));
        let still_a = send(&mut sender, 3).unwrap();
        let reference = Reference {
            mki: &a,
            ..Reference::new(profile, &secrets[0])
        };
        assert_eq!(still_a, reference.rtp(&rtp(SSRC, 3, b"media"), 3));
        assert!(hear(&mut receiver, &under_a).is_ok());

        // Removed, its packets are unknown and change nothing; the others go on.
        for end in [&mut *sender, &mut *receiver] {
            end.remove_key(KeyId::Mki(&a)).unwrap();
            let twice = end.remove_key(KeyId::Mki(&a));
            assert_eq!(twice, Err(Error::UnknownKey));
        }
        assert_eq!(send(&mut sender, 4), Err(Error::UnknownKey));
        assert_eq!(report(&mut sender), Err(Error::UnknownKey));
        let refused = hear(&mut receiver, &late_under_a);
        assert_eq!(refused, Err(Error::UnknownKey));
        let refused = hear_report(&mut receiver, &report_under_a);
        assert_eq!(refused, Err(Error::UnknownKey));
        sender.use_key(&b).unwrap();
        let wire = send(&mut sender, 4).unwrap();
        assert!(hear(&mut receiver, &wire).is_ok());
        assert!(hear_report(&mut receiver, &report(&mut sender).unwrap()).is_ok());

        // Its place is free, and its MKI: what comes there has nothing of it. Nobody sends with it unasked.
        for end in [&mut *sender, &mut *receiver] {
            end.add_key(KeyId::Mki(&a), &masters[2]).unwrap();
        }
        let reference = Reference {
            mki: &b,
            ..Reference::new(profile, &secrets[1])
        };
        let wire = send(&mut sender, 5).unwrap();
        assert_eq!(wire, reference.rtp(&rtp(SSRC, 5, b"media"), 5));
        let refused = hear(&mut receiver, &late_under_a);
        assert_eq!(refused, Err(Error::Authentication));
        sender.use_key(&a).unwrap();
        let wire = send(&mut sender, 6).unwrap();
        assert!(hear(&mut receiver, &wire).is_ok());
    }
}

/// A key that is chosen, removed and replaced by another of the same MKI is not used until it is chosen.
#[test]
fn the_key_in_use_is_removed() {
    let profile = Profile::AeadAes128Gcm;
    let secrets = [0, 1].map(|which| other_secret(profile, which));
    let mut here = parts(profile, 1, 1);
    let mut sender = here.sender_without_key();
    let id = KeyId::Mki(&[9]);
    sender.add_key(id, &master(profile, &secrets[0])).unwrap();
    assert!(send(&mut sender, 1).is_ok());
    sender.remove_key(id).unwrap();
    sender.add_key(id, &master(profile, &secrets[1])).unwrap();
    assert_eq!(send(&mut sender, 2), Err(Error::UnknownKey));
    assert_eq!(report(&mut sender), Err(Error::UnknownKey));
    sender.use_key(&[9]).unwrap();
    let reference = Reference {
        mki: &[9],
        ..Reference::new(profile, &secrets[1])
    };
    let wire = send(&mut sender, 2);
    assert_eq!(wire, Ok(reference.rtp(&rtp(SSRC, 2, b"media"), 2)));
}

/// Where keys have no identity, none is taken, and where they must have one, none goes without.
#[test]
fn identities_are_as_the_options_say() {
    let profile = Profile::AesCm128HmacSha1_80;
    let secret = other_secret(profile, 0);
    let key = master(profile, &secret);
    let mut plain = Parts::new(profile, 1, 64);
    let mut sender = plain.sender(&secret);
    for id in [
        KeyId::Mki(&[]),
        KeyId::Mki(&[1]),
        KeyId::FromTo { from: 0, to: 1 },
    ] {
        assert_eq!(sender.add_key(id, &key), Err(Error::Contradiction));
        assert_eq!(sender.remove_key(id), Err(Error::Contradiction));
    }
    assert_eq!(sender.use_key(&[]), Err(Error::Contradiction));
    assert!(send(&mut sender, 1).is_ok());

    let mut with_mki = parts(profile, 4, 1);
    let options = with_mki.options;
    let refused = Sender::new(profile, options, &key, with_mki.borrow());
    assert_eq!(refused.map(|_| ()), Err(Error::Contradiction));
    let refused = Receiver::new(profile, options, &key, with_mki.borrow());
    assert_eq!(refused.map(|_| ()), Err(Error::Contradiction));

    let too_long = crate::Options {
        mki_len: 129,
        ..options
    };
    assert_eq!(too_long.check(profile), Err(Error::Layout));
    let both = crate::Options {
        from_to: true,
        ..options
    };
    assert_eq!(both.check(profile), Err(Error::Contradiction));
}
