// SPDX-License-Identifier: MIT OR Apache-2.0
//! A comparison that cannot fail shows nothing: each fault put into one side must be noticed.

use sipseal_interop::libsrtp::LibSrtp;
use sipseal_interop::network::run;
use sipseal_interop::ours::Ours;
use sipseal_interop::random::Random;
use sipseal_interop::verdict::{Endpoint, Protocol, Refusal, Setup, profiles};
use sipseal_srtp::Profile;

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
