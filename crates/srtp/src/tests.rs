// SPDX-License-Identifier: MIT OR Apache-2.0
#![cfg(all(
    feature = "gcm",
    feature = "rfc6188",
    feature = "f8",
    feature = "insecure"
))]

mod bad_input;
mod key_derivation;
mod lifetime;
mod model;
mod packets;
mod vectors;

use std::vec::Vec;

use serde_json::Value;

use sipseal_cipher::Construction;

use crate::{
    Aes128Gcm, Aes256Gcm, AesCm128HmacSha1, AesCm192HmacSha1, AesCm256HmacSha1, Error,
    F8Aes128HmacSha1, MasterKey, NullHmacSha1, Options, PacketCipher, Processed, Profile, Receiver,
    Sender, SessionCiphers, Stream,
};

/// Storage of any profile and size, on the heap of the test.
struct Parts {
    ciphers: std::boxed::Box<dyn crate::CipherSlot>,
    streams: Vec<Stream>,
    rtp_windows: Vec<u32>,
    rtcp_windows: Vec<u32>,
    profile: Profile,
    options: Options,
}

impl Parts {
    fn new(profile: Profile, streams: usize, window: usize) -> Self {
        fn empty<C: PacketCipher + 'static>() -> std::boxed::Box<dyn crate::CipherSlot> {
            std::boxed::Box::new(SessionCiphers::<C>::empty())
        }
        Self {
            ciphers: match profile.construction() {
                Construction::AesCm128HmacSha1 => empty::<AesCm128HmacSha1>(),
                Construction::AesCm192HmacSha1 => empty::<AesCm192HmacSha1>(),
                Construction::AesCm256HmacSha1 => empty::<AesCm256HmacSha1>(),
                Construction::F8Aes128HmacSha1 => empty::<F8Aes128HmacSha1>(),
                Construction::NullHmacSha1 => empty::<NullHmacSha1>(),
                Construction::Aes128Gcm => empty::<Aes128Gcm>(),
                Construction::Aes256Gcm => empty::<Aes256Gcm>(),
                other => panic!("{other:?}"),
            },
            streams: std::vec![Stream::FREE; streams],
            rtp_windows: std::vec![0; streams * window / 32],
            rtcp_windows: std::vec![0; streams * window / 32],
            profile,
            options: Options {
                insecure_unencrypted_srtp: !profile.is_encrypting(),
                insecure_unencrypted_srtcp: !profile.is_encrypting(),
                ..Options::SAFE
            },
        }
    }

    fn has_keys(&self) -> bool {
        self.ciphers.rtp().is_some() || self.ciphers.rtcp().is_some()
    }

    fn sender(&mut self, secret: &[u8]) -> Sender<'_> {
        let master = MasterKey::from_concatenated(self.profile, secret).unwrap();
        let (ciphers, windows) = (&mut *self.ciphers, &mut self.rtp_windows);
        Sender::new(
            self.profile,
            self.options,
            &master,
            ciphers,
            &mut self.streams,
            windows,
        )
        .unwrap()
    }

    fn receiver(&mut self, secret: &[u8]) -> Receiver<'_> {
        let master = MasterKey::from_concatenated(self.profile, secret).unwrap();
        Receiver::new(
            self.profile,
            self.options,
            &master,
            &mut *self.ciphers,
            &mut self.streams,
            &mut self.rtp_windows,
            &mut self.rtcp_windows,
        )
        .unwrap()
    }
}

/// A secret of the length that the profile takes.
fn secret(profile: Profile) -> Vec<u8> {
    (1..).take(profile.key_len() + profile.salt_len()).collect()
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
    output.truncate(len);
    Ok(output)
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
