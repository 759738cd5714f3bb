// SPDX-License-Identifier: MIT OR Apache-2.0
//! A comparison that cannot fail shows nothing: each fault put into one side must be noticed.

use std::collections::HashSet;

use sipseal_interop::libsrtp::LibSrtp;
use sipseal_interop::network::run;
use sipseal_interop::ours::Ours;
use sipseal_interop::random::Random;
use sipseal_interop::verdict::{Both, Change, Endpoint, Protocol, Refusal, Setup, profiles};
use sipseal_srtp::{Admission, Profile};

const STEPS: usize = 20_000;

/// What goes wrong, in one call of many.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Sends under the next ROC.
    RocOffset,
    /// Flips the last bit of a protected packet.
    FlippedBit,
    /// Protects a packet to an octet too few.
    ShortTag,
    /// Takes a forgery, as it stands.
    AcceptsForgery,
    /// Takes a packet twice.
    AcceptsReplay,
    /// Calls an old packet a replay.
    WrongReason,
    /// Gives out another plaintext.
    WrongPlaintext,
    /// Refuses a good packet.
    RefusesGood,
}

const FAULTS: [Fault; 8] = [
    Fault::RocOffset,
    Fault::FlippedBit,
    Fault::ShortTag,
    Fault::AcceptsForgery,
    Fault::AcceptsReplay,
    Fault::WrongReason,
    Fault::WrongPlaintext,
    Fault::RefusesGood,
];

struct Faulty {
    inner: LibSrtp,
    fault: Fault,
    calls: usize,
}

impl Faulty {
    /// One call in a hundred, and not among the first.
    fn strikes(&mut self) -> bool {
        self.calls += 1;
        self.calls > 1_000 && self.calls.is_multiple_of(100)
    }

    /// Takes the long way round the sequence numbers, by packets sent to nowhere.
    fn skip_a_roc(&mut self, packet: &[u8]) {
        let Some(&[a, b]) = packet.get(2..4).and_then(|field| field.first_chunk()) else {
            return;
        };
        for third in [0x5555, 0xaaaa] {
            let mut skipped = packet.to_vec();
            let sequence_number = u16::from_be_bytes([a, b]).wrapping_add(third);
            skipped[2..4].copy_from_slice(&sequence_number.to_be_bytes());
            let _ = self.inner.protect(Protocol::Rtp, &skipped);
        }
    }
}

impl Endpoint for Faulty {
    fn protect(&mut self, protocol: Protocol, packet: &[u8]) -> Result<Vec<u8>, Refusal> {
        let strikes = self.strikes();
        if strikes && protocol == Protocol::Rtp && matches!(self.fault, Fault::RocOffset) {
            self.skip_a_roc(packet);
        }
        let mut wire = self.inner.protect(protocol, packet)?;
        match self.fault {
            Fault::FlippedBit if strikes => *wire.last_mut().unwrap() ^= 1,
            Fault::ShortTag if strikes => wire.truncate(wire.len() - 1),
            _ => {}
        }
        Ok(wire)
    }

    fn unprotect(&mut self, protocol: Protocol, wire: &[u8]) -> Result<Vec<u8>, Refusal> {
        let strikes = self.strikes();
        let result = self.inner.unprotect(protocol, wire);
        match (self.fault, result) {
            (Fault::AcceptsForgery, Err(Refusal::Authentication))
            | (Fault::AcceptsReplay, Err(Refusal::Replayed))
                if strikes =>
            {
                Ok(wire.to_vec())
            }
            (Fault::WrongReason, Err(Refusal::TooOld)) if strikes => Err(Refusal::Replayed),
            (Fault::WrongPlaintext, Ok(mut packet)) if strikes => {
                *packet.last_mut().unwrap() ^= 1;
                Ok(packet)
            }
            (Fault::RefusesGood, Ok(_)) if strikes => Err(Refusal::Authentication),
            (_, result) => result,
        }
    }

    fn change(&mut self, change: &Change) -> Both<()> {
        self.inner.change(change)
    }

    fn roc(&mut self, ssrc: u32) -> Both<u32> {
        self.inner.roc(ssrc)
    }
}

#[test]
fn a_fault_is_noticed() {
    for profile in profiles() {
        for fault in FAULTS {
            let setup = Setup::new(&mut Random::new(1), profile);
            let mut ours = Ours::new(&setup);
            let mut theirs = Faulty {
                inner: LibSrtp::new(&setup),
                fault,
                calls: 0,
            };
            let result = run(&mut ours, &mut theirs, &setup, 1, STEPS);
            assert!(result.is_err(), "{profile:?} {fault:?} went unnoticed");
        }
    }
}

/// What goes wrong between packets, or with what depends on it.
#[derive(Clone, Copy, Debug)]
enum Slip {
    /// Goes on with the key it had when it is to use another of several.
    KeepsSending,
    /// Keeps the keys that are to be replaced.
    KeepsKeys,
    /// Replaces the key and keeps the ROCs that are to start again.
    KeepsRocs,
    /// Forgets the ROCs that are to stay.
    LosesRocs,
    /// Keeps a stream that is to be removed.
    KeepsStream,
    /// Loses a stream that was added by its SSRC.
    LosesStream,
    /// Sets a ROC that is larger by one.
    LaterRoc,
    /// Leaves a ROC as it is.
    KeepsRoc,
    /// Reads another ROC back.
    MisreadsRoc,
    /// Calls an unknown key a failure to authenticate.
    WrongReason,
    /// Flips a bit of the MKI of a packet.
    WrongMki,
    /// Leaves one element of a header extension in clear, or encrypts one more.
    OtherElement,
    /// Sends nothing again.
    RefusesRepeats,
    /// Says that it has a stream that it has not.
    ClaimsStream,
}

const SLIPS: [Slip; 14] = [
    Slip::KeepsSending,
    Slip::KeepsKeys,
    Slip::KeepsRocs,
    Slip::LosesRocs,
    Slip::KeepsStream,
    Slip::LosesStream,
    Slip::LaterRoc,
    Slip::KeepsRoc,
    Slip::MisreadsRoc,
    Slip::WrongReason,
    Slip::WrongMki,
    Slip::OtherElement,
    Slip::RefusesRepeats,
    Slip::ClaimsStream,
];

struct Slipping {
    inner: LibSrtp,
    setup: Setup,
    slip: Slip,
    seen: HashSet<Vec<u8>>,
}

impl Slipping {
    /// The setup of a run, and an end that does not keep to it; nothing for a profile without such a slip.
    fn new(profile: Profile, slip: Slip) -> Option<(Setup, Self)> {
        let random = &mut Random::new(1);
        let mut setup = Setup::new(random, profile);
        match slip {
            Slip::KeepsSending | Slip::WrongReason | Slip::WrongMki => {
                setup.set_keys(random, 3, 4);
            }
            Slip::KeepsKeys | Slip::LosesRocs => setup.changes.keys = true,
            Slip::KeepsRocs => setup.changes.resets = true,
            Slip::KeepsStream | Slip::LosesStream | Slip::ClaimsStream => {
                setup.changes.streams = true;
            }
            Slip::LaterRoc | Slip::KeepsRoc if profile.is_aead() => return None,
            Slip::LaterRoc | Slip::KeepsRoc => setup.changes.rocs = true,
            Slip::MisreadsRoc => (),
            Slip::OtherElement if !profile.is_encrypting() => return None,
            Slip::OtherElement => setup.set_element_ids(&[1, 2, 3]),
            Slip::RefusesRepeats => setup.options.retransmission = true,
        }
        let mut theirs = setup.clone();
        match slip {
            Slip::OtherElement => theirs.element_ids = vec![1, 2, 4],
            Slip::RefusesRepeats => theirs.options.retransmission = false,
            _ => (),
        }
        let slipping = Self {
            inner: LibSrtp::new(&theirs),
            setup: setup.clone(),
            slip,
            seen: HashSet::new(),
        };
        Some((setup, slipping))
    }
}

impl Endpoint for Slipping {
    fn protect(&mut self, protocol: Protocol, packet: &[u8]) -> Result<Vec<u8>, Refusal> {
        let mut wire = self.inner.protect(protocol, packet)?;
        self.seen.insert(wire.clone());
        if matches!(self.slip, Slip::WrongMki) && self.seen.len().is_multiple_of(100) {
            let behind = match protocol {
                _ if self.setup.profile.is_aead() => 0,
                Protocol::Rtp => self.setup.rtp_tag_len(),
                Protocol::Rtcp => self.setup.profile.rtcp_tag_len(),
            };
            let at = wire.len() - behind - 1;
            wire[at] ^= 1;
        }
        Ok(wire)
    }

    fn unprotect(&mut self, protocol: Protocol, wire: &[u8]) -> Result<Vec<u8>, Refusal> {
        match (self.slip, self.inner.unprotect(protocol, wire)) {
            (Slip::WrongReason, Err(Refusal::UnknownKey)) => Err(Refusal::Authentication),
            (_, result) => result,
        }
    }

    fn change(&mut self, change: &Change) -> Both<()> {
        let done = [Ok(()), Ok(())];
        match (self.slip, change) {
            (Slip::KeepsSending, Change::UseKey(_))
            | (Slip::KeepsKeys, Change::Rekey(_))
            | (Slip::KeepsStream, Change::RemoveStream(_))
            | (Slip::KeepsRoc, Change::SetRoc(..)) => done,
            (Slip::KeepsRocs, Change::Reset(key)) => self.inner.change(&Change::Rekey(key.clone())),
            (Slip::LosesRocs, Change::Rekey(key)) => self.inner.change(&Change::Reset(key.clone())),
            (Slip::LosesStream, Change::AddStream(ssrc)) => {
                let _ = self.inner.change(change);
                self.inner.change(&Change::RemoveStream(*ssrc))
            }
            (Slip::LaterRoc, Change::SetRoc(ssrc, roc)) => {
                self.inner.change(&Change::SetRoc(*ssrc, roc + 1))
            }
            _ => self.inner.change(change),
        }
    }

    fn roc(&mut self, ssrc: u32) -> Both<u32> {
        let rocs = self.inner.roc(ssrc);
        match self.slip {
            Slip::MisreadsRoc => rocs.map(|roc| roc.map(|roc| roc + 1)),
            Slip::ClaimsStream => rocs.map(|roc| Ok(roc.unwrap_or(0))),
            _ => rocs,
        }
    }
}

#[test]
fn a_slip_between_packets_is_noticed() {
    for profile in profiles() {
        for slip in SLIPS {
            let Some((setup, mut theirs)) = Slipping::new(profile, slip) else {
                continue;
            };
            let mut ours = Ours::new(&setup);
            let result = run(&mut ours, &mut theirs, &setup, 1, STEPS);
            assert!(result.is_err(), "{profile:?} {slip:?} went unnoticed");
        }
    }
}

/// Every octet of every key and MKI counts, and every option.
#[test]
fn another_option_is_noticed() {
    let noticed = |setup: &Setup, other: &Setup, what: &str| {
        let mut theirs = LibSrtp::new(other);
        let result = run(&mut Ours::new(setup), &mut theirs, setup, 1, STEPS);
        assert!(
            result.is_err(),
            "{:?}: {what} went unnoticed",
            setup.profile
        );
    };
    for profile in profiles() {
        let random = &mut Random::new(1);
        let mut setup = Setup::new(random, profile);
        setup.set_keys(random, 3, 4);
        for key in 0..3 {
            for octet in 0..4 {
                let mut other = setup.clone();
                other.keys[key].mki[octet] ^= 0x10;
                noticed(&setup, &other, &format!("octet {octet} of MKI {key}"));
            }
            for octet in 0..setup.keys[key].key_and_salt.len() {
                let mut other = setup.clone();
                other.keys[key].key_and_salt[octet] ^= 0x10;
                noticed(&setup, &other, &format!("octet {octet} of key {key}"));
            }
        }
        let mut other = setup.clone();
        other.keys.swap(1, 2);
        let keys = [other.keys[1].mki.clone(), other.keys[2].mki.clone()];
        other.keys[1].mki.clone_from(&keys[1]);
        other.keys[2].mki.clone_from(&keys[0]);
        noticed(&setup, &other, "two keys that changed their MKIs");

        let setup = Setup::new(random, profile);
        let mut other = setup.clone();
        other.options.admission = Admission::ListedOnly;
        noticed(&setup, &other, "a list of streams");
        noticed(&other, &setup, "a wildcard");
        let mut other = setup.clone();
        other.options.retransmission = true;
        noticed(&setup, &other, "retransmission");
        if profile.is_encrypting() {
            let mut elements = setup.clone();
            elements.set_element_ids(&[1, 2, 3]);
            noticed(&elements, &setup, "elements in clear");
            for ids in [&[1, 2][..], &[1, 2, 3, 14]] {
                let mut other = setup.clone();
                other.set_element_ids(ids);
                noticed(&elements, &other, "an element in clear");
            }
        }
        for window in [256, 2_048, 16_384] {
            let mut setup = setup.clone();
            setup.window = window;
            let mut other = setup.clone();
            other.window = window + 1;
            noticed(&setup, &other, "a window larger by one");
        }
    }
}

#[test]
fn another_setup_is_noticed() {
    let noticed = |setup: &Setup, other: &Setup, what: &str| {
        let result = run(
            &mut Ours::new(setup),
            &mut LibSrtp::new(other),
            setup,
            1,
            STEPS,
        );
        assert!(
            result.is_err(),
            "{:?}: {what} went unnoticed",
            setup.profile
        );
    };
    for profile in profiles() {
        let setup = Setup::new(&mut Random::new(1), profile);
        for octet in 0..setup.key_and_salt.len() {
            let mut other = setup.clone();
            other.key_and_salt[octet] ^= 0x10;
            noticed(&setup, &other, &format!("octet {octet} of key and salt"));
        }
        if profile.is_encrypting() {
            let mut other = setup.clone();
            other.options.insecure_unencrypted_srtcp = true;
            noticed(&setup, &other, "an E flag");
        }
        if profile.is_encrypting() && !profile.is_aead() {
            let mut other = setup.clone();
            other.options.insecure_unencrypted_srtp = true;
            noticed(&setup, &other, "a payload in clear");
            noticed(&other, &setup, "an encrypted payload");
        }
        if !profile.is_aead() {
            let mut other = setup.clone();
            other.options.insecure_unauthenticated_srtp = true;
            noticed(&setup, &other, "a tag left out");
            noticed(&other, &setup, "a tag");
        }

        let mut setup = setup;
        setup.window = 64;
        let mut other = setup.clone();
        other.window = 65;
        noticed(&setup, &other, "a window larger by one");
    }
    // The same key, another tag length.
    for (long, short) in [
        (Profile::AesCm128HmacSha1_80, Profile::AesCm128HmacSha1_32),
        (Profile::AesCm192HmacSha1_80, Profile::AesCm192HmacSha1_32),
        (Profile::AesCm256HmacSha1_80, Profile::AesCm256HmacSha1_32),
        (Profile::NullHmacSha1_80, Profile::NullHmacSha1_32),
    ] {
        let setup = Setup::new(&mut Random::new(1), long);
        let mut other = setup.clone();
        other.profile = short;
        noticed(&setup, &other, "a tag length");
        noticed(&other, &setup, "a tag length");
    }
}
