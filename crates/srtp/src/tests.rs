// SPDX-License-Identifier: MIT OR Apache-2.0
#![cfg(all(
    feature = "gcm",
    feature = "gcm8",
    feature = "rfc6188",
    feature = "f8",
    feature = "insecure",
    feature = "streams",
    feature = "rekeying",
    feature = "rfc4771",
    feature = "rfc6904",
    feature = "rfc9335"
))]

#[cfg(feature = "accelerator")]
mod accelerator;
mod bad_input;
mod bad_input_options;
mod cryptex;
mod derivation_rates;
mod ends;
mod from_to;
mod header_extension;
mod key_derivation;
mod keys;
mod lifetime;
mod many_streams;
mod model;
mod notices;
mod operations;
mod packets;
mod rates;
mod reference;
mod rekeying;
mod roc_transmission;
mod streams;
mod vectors;

use std::vec::Vec;

use serde_json::Value;

use sipseal_cipher::Construction;

use crate::ciphers::Protocol;
use crate::{
    Aes128Gcm, Aes256Gcm, AesCm128HmacSha1, AesCm192HmacSha1, AesCm256HmacSha1, CipherSlots,
    ElementKey, Error, F8Aes128HmacSha1, Key, MasterKey, NullHmacSha1, Options, PacketCipher,
    Processed, Profile, Receiver, Sender, SessionCiphers, Stream,
};

/// Storage of any profile and size, on the heap of the test.
struct Parts {
    ciphers: std::boxed::Box<dyn CipherSlots>,
    keys: Vec<Key>,
    mkis: Vec<u8>,
    element_keys: Vec<ElementKey>,
    streams: Vec<Stream>,
    rtp_windows: Vec<u32>,
    rtcp_windows: Vec<u32>,
    profile: Profile,
    options: Options,
}

impl Parts {
    fn new(profile: Profile, streams: usize, window: usize) -> Self {
        let options = Options {
            insecure_unencrypted_srtp: !profile.is_encrypting(),
            insecure_unencrypted_srtcp: !profile.is_encrypting(),
            ..Options::SAFE
        };
        Self::with_keys(profile, options, 1, streams, window)
    }

    fn with_keys(
        profile: Profile,
        options: Options,
        keys: usize,
        streams: usize,
        window: usize,
    ) -> Self {
        fn empty<C: PacketCipher + 'static>(keys: usize) -> std::boxed::Box<dyn CipherSlots> {
            let mut ciphers = Vec::new();
            ciphers.resize_with(keys, SessionCiphers::<C>::empty);
            std::boxed::Box::new(ciphers.leak())
        }
        let mut parts = Self {
            ciphers: match profile.construction() {
                Construction::AesCm128HmacSha1 => empty::<AesCm128HmacSha1>(keys),
                Construction::AesCm192HmacSha1 => empty::<AesCm192HmacSha1>(keys),
                Construction::AesCm256HmacSha1 => empty::<AesCm256HmacSha1>(keys),
                Construction::F8Aes128HmacSha1 => empty::<F8Aes128HmacSha1>(keys),
                Construction::NullHmacSha1 => empty::<NullHmacSha1>(keys),
                Construction::Aes128Gcm => empty::<Aes128Gcm>(keys),
                Construction::Aes256Gcm => empty::<Aes256Gcm>(keys),
                other => panic!("{other:?}"),
            },
            keys: Vec::new(),
            mkis: std::vec![0; keys * usize::from(options.mki_len)],
            element_keys: Vec::new(),
            streams: std::vec![Stream::FREE; streams],
            rtp_windows: std::vec![0; streams * window / 32],
            rtcp_windows: std::vec![0; streams * window / 32],
            profile,
            options,
        };
        parts.keys.resize_with(keys, || Key::FREE);
        parts.element_keys.resize_with(keys, || ElementKey::FREE);
        parts
    }

    fn has_keys(&self) -> bool {
        let protocols = [Protocol::Rtp, Protocol::Rtcp];
        let has_cipher = |at| protocols.map(|protocol| self.ciphers.get(at, protocol).is_some());
        (0..self.keys.len()).any(|at| has_cipher(at).contains(&true))
            || self.element_keys.iter().any(ElementKey::is_set)
    }

    fn borrow(&mut self) -> crate::Parts<'_> {
        crate::Parts {
            ciphers: &mut *self.ciphers,
            keys: &mut self.keys,
            mkis: &mut self.mkis,
            element_keys: &mut self.element_keys,
            streams: &mut self.streams,
            rtp_windows: &mut self.rtp_windows,
            rtcp_windows: &mut self.rtcp_windows,
        }
    }

    fn sender(&mut self, secret: &[u8]) -> Sender<'_> {
        let master = MasterKey::from_concatenated(self.profile, secret).unwrap();
        Sender::new(self.profile, self.options, &master, self.borrow()).unwrap()
    }

    fn receiver(&mut self, secret: &[u8]) -> Receiver<'_> {
        let master = MasterKey::from_concatenated(self.profile, secret).unwrap();
        Receiver::new(self.profile, self.options, &master, self.borrow()).unwrap()
    }

    fn sender_without_key(&mut self) -> Sender<'_> {
        Sender::without_key(self.profile, self.options, self.borrow()).unwrap()
    }

    fn receiver_without_key(&mut self) -> Receiver<'_> {
        Receiver::without_key(self.profile, self.options, self.borrow()).unwrap()
    }
}

/// A secret of the length that the profile takes.
fn secret(profile: Profile) -> Vec<u8> {
    (1..).take(profile.key_len() + profile.salt_len()).collect()
}

/// Others of that length, none like another.
fn other_secret(profile: Profile, which: u8) -> Vec<u8> {
    let mut secret = secret(profile);
    secret[0] = secret[0].wrapping_add(which);
    secret
}

fn rtp(ssrc: u32, sequence_number: u16, payload: &[u8]) -> Vec<u8> {
    let mut packet = std::vec![0x80, 0];
    packet.extend(sequence_number.to_be_bytes());
    packet.extend([0, 0, 0, 160]);
    packet.extend(ssrc.to_be_bytes());
    packet.extend(payload);
    packet
}

fn rtcp(ssrc: u32, rest: &[u8]) -> Vec<u8> {
    let mut packet = std::vec![0x80, 201, 0, 1];
    packet.extend(ssrc.to_be_bytes());
    packet.extend(rest);
    packet
}

/// Runs a packet call into a large buffer.
fn into_vec(call: impl FnOnce(&mut [u8]) -> Result<Processed, Error>) -> Result<Vec<u8>, Error> {
    let mut output = std::vec![0; crate::MAX_PACKET_LEN];
    let len = call(&mut output)?.len;
    // Tests keep many: without the room that was left.
    Ok(output[..len].to_vec())
}

fn vectors(json: &str) -> Vec<Value> {
    serde_json::from_str::<Value>(json).unwrap()["cases"]
        .as_array()
        .unwrap()
        .clone()
}

fn hex(value: &Value) -> Vec<u8> {
    let digits = value.as_str().unwrap();
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

fn number(value: &Value) -> u64 {
    u64::from_str_radix(value.as_str().unwrap(), 16).unwrap()
}
