// SPDX-License-Identifier: MIT OR Apache-2.0
//! The implementations, each through its own API and in its best use of it.

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use bytes::BytesMut;
use openssl::symm::{self, Cipher};
use rtc_srtp::context::Context;
use rtc_srtp::option::srtp_replay_protection;
use rtc_srtp::protection_profile::ProtectionProfile;
use sipseal_srtp::{
    Aes128Gcm, Aes256Gcm, AesCm128HmacSha1, MasterKey, Options, PacketCipher, Profile, Receiver,
    Sender, Storage,
};
use srtp::{CryptoPolicy, Session, StreamPolicy};

pub const KEY: [u8; 32] = [0x3c; 32];
pub const SALT: [u8; 14] = [0xa5; 14];
/// Packets in every receiver's replay window: libsrtp's default.
pub const WINDOW: usize = 128;

/// An implementation with a sender and a receiver of the same key.
pub trait Peer {
    const NAME: &'static str;
    /// What a call hands out. Dropping it is part of the call: for some it is an allocation.
    type Output;

    fn new(profile: Profile) -> Self;

    /// Makes `buffer` fit to have `packet` protected in it.
    fn lay(&self, packet: &[u8], buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.extend_from_slice(packet);
    }

    fn protect(&mut self, buffer: &mut Vec<u8>) -> Self::Output;

    fn unprotect(&mut self, buffer: &mut Vec<u8>) -> Self::Output;

    /// The packet that a call has made.
    fn packet<'p>(output: &'p Self::Output, buffer: &'p [u8]) -> &'p [u8];
}

pub struct Ours {
    sender: Sender<'static>,
    receiver: Receiver<'static>,
    growth: usize,
}

fn with_cipher<C: PacketCipher + 'static>(profile: Profile) -> Ours {
    let storage = || Box::leak(Box::new(Storage::<C, 1, { WINDOW / 32 }>::new()));
    let master = MasterKey::new(&KEY[..profile.key_len()], &SALT[..profile.salt_len()]);
    let sender = storage().sender(profile, Options::SAFE, &master).unwrap();
    let receiver = storage().receiver(profile, Options::SAFE, &master).unwrap();
    Ours {
        growth: sender.rtp_trailer_len(),
        sender,
        receiver,
    }
}

impl Peer for Ours {
    const NAME: &'static str = "sipseal";
    type Output = usize;

    fn new(profile: Profile) -> Self {
        match profile {
            Profile::AeadAes128Gcm => with_cipher::<Aes128Gcm>(profile),
            Profile::AeadAes256Gcm => with_cipher::<Aes256Gcm>(profile),
            _ => with_cipher::<AesCm128HmacSha1>(profile),
        }
    }

    fn lay(&self, packet: &[u8], buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.extend_from_slice(packet);
        buffer.resize(packet.len() + self.growth, 0);
    }

    fn protect(&mut self, buffer: &mut Vec<u8>) -> usize {
        let len = buffer.len() - self.growth;
        self.sender.protect_in_place(buffer, len).unwrap().len
    }

    fn unprotect(&mut self, buffer: &mut Vec<u8>) -> usize {
        self.receiver.unprotect_in_place(buffer).unwrap().len
    }

    fn packet<'p>(&len: &'p usize, buffer: &'p [u8]) -> &'p [u8] {
        &buffer[..len]
    }
}

/// libsrtp through the crate `srtp`, which adds a few instructions to a call.
pub struct LibSrtp {
    outbound: Session,
    inbound: Session,
}

impl Peer for LibSrtp {
    const NAME: &'static str = "libsrtp";
    type Output = ();

    fn new(profile: Profile) -> Self {
        let rtp = match profile {
            Profile::AesCm128HmacSha1_32 => CryptoPolicy::aes_cm_128_hmac_sha1_32(),
            Profile::AeadAes128Gcm => CryptoPolicy::aes_gcm_128_16_auth(),
            Profile::AeadAes256Gcm => CryptoPolicy::aes_gcm_256_16_auth(),
            _ => CryptoPolicy::aes_cm_128_hmac_sha1_80(),
        };
        let key = [&KEY[..profile.key_len()], &SALT[..profile.salt_len()]].concat();
        let policy = StreamPolicy {
            rtp,
            rtcp: rtp,
            key: &key,
            window_size: WINDOW as u64,
            ..StreamPolicy::default()
        };
        Self {
            outbound: Session::with_outbound_template(policy).unwrap(),
            inbound: Session::with_inbound_template(policy).unwrap(),
        }
    }

    fn protect(&mut self, buffer: &mut Vec<u8>) {
        self.outbound.protect(buffer).unwrap();
    }

    fn unprotect(&mut self, buffer: &mut Vec<u8>) {
        self.inbound.unprotect(buffer).unwrap();
    }

    fn packet<'p>((): &'p (), buffer: &'p [u8]) -> &'p [u8] {
        buffer
    }
}

/// rtc-srtp: RustCrypto for AES-CM and HMAC-SHA1, ring for GCM. Its sender has no replay window.
pub struct RtcSrtp {
    outbound: Context,
    inbound: Context,
}

impl Peer for RtcSrtp {
    const NAME: &'static str = "rtc-srtp";
    type Output = BytesMut;

    fn new(profile: Profile) -> Self {
        let named = match profile {
            Profile::AesCm128HmacSha1_32 => ProtectionProfile::Aes128CmHmacSha1_32,
            Profile::AeadAes128Gcm => ProtectionProfile::AeadAes128Gcm,
            Profile::AeadAes256Gcm => ProtectionProfile::AeadAes256Gcm,
            _ => ProtectionProfile::Aes128CmHmacSha1_80,
        };
        let provider = rtc_srtp::crypto::default_provider().unwrap();
        let context = |window: Option<usize>| {
            Context::new(
                &KEY[..profile.key_len()],
                &SALT[..profile.salt_len()],
                named,
                window.map(srtp_replay_protection),
                None,
                provider.crypto(),
            )
            .unwrap()
        };
        Self {
            outbound: context(None),
            inbound: context(Some(WINDOW)),
        }
    }

    fn protect(&mut self, buffer: &mut Vec<u8>) -> BytesMut {
        self.outbound.encrypt_rtp(buffer).unwrap()
    }

    fn unprotect(&mut self, buffer: &mut Vec<u8>) -> BytesMut {
        self.inbound.decrypt_rtp(buffer).unwrap()
    }

    fn packet<'p>(output: &'p BytesMut, _: &'p [u8]) -> &'p [u8] {
        output
    }
}

/// aws-lc-rs, called bare: its AEAD in place, with the session key set up and the nonce made of what a context keeps,
/// but no packet parsed and no replay checked.
pub struct AwsLc {
    key: LessSafeKey,
    salt: [u8; 12],
    sent: Index,
    received: Index,
}

/// Where a stream is, the packets of which come in order.
#[derive(Default)]
struct Index {
    roc: u32,
    sequence_number: u16,
}

impl Index {
    /// The nonce of the next packet (RFC 7714 section 8.1).
    fn nonce(&mut self, salt: &[u8; 12], packet: &[u8]) -> Nonce {
        let sequence_number = u16::from_be_bytes([packet[2], packet[3]]);
        self.roc += u32::from(sequence_number < self.sequence_number);
        self.sequence_number = sequence_number;
        let mut nonce = [0; 12];
        nonce[2..6].copy_from_slice(&packet[8..12]);
        nonce[6..10].copy_from_slice(&self.roc.to_be_bytes());
        nonce[10..].copy_from_slice(&packet[2..4]);
        for (octet, salt) in nonce.iter_mut().zip(salt) {
            *octet ^= salt;
        }
        Nonce::assume_unique_for_key(nonce)
    }
}

impl AwsLc {
    const HEADER: usize = 12;
    const TAG: usize = 16;
}

/// A session key (RFC 3711 section 4.3.3, RFC 7714 section 11).
fn session_key(profile: Profile, label: u8, len: usize) -> Vec<u8> {
    let mut iv = [0; 16];
    iv[..profile.salt_len()].copy_from_slice(&SALT[..profile.salt_len()]);
    iv[7] ^= label;
    let (key, cipher) = match profile {
        Profile::AeadAes256Gcm => (&KEY[..], Cipher::aes_256_ctr()),
        _ => (&KEY[..16], Cipher::aes_128_ctr()),
    };
    symm::encrypt(cipher, key, Some(&iv), &vec![0; len]).unwrap()
}

impl Peer for AwsLc {
    const NAME: &'static str = "aws-lc-rs";
    type Output = usize;

    fn new(profile: Profile) -> Self {
        let (algorithm, len) = match profile {
            Profile::AeadAes256Gcm => (&AES_256_GCM, 32),
            _ => (&AES_128_GCM, 16),
        };
        let key = UnboundKey::new(algorithm, &session_key(profile, 0, len)).unwrap();
        Self {
            key: LessSafeKey::new(key),
            salt: session_key(profile, 2, 12).try_into().unwrap(),
            sent: Index::default(),
            received: Index::default(),
        }
    }

    fn lay(&self, packet: &[u8], buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.extend_from_slice(packet);
        buffer.resize(packet.len() + Self::TAG, 0);
    }

    fn protect(&mut self, buffer: &mut Vec<u8>) -> usize {
        let nonce = self.sent.nonce(&self.salt, buffer);
        let (header, payload) = buffer.split_at_mut(Self::HEADER);
        let (payload, tag) = payload.split_at_mut(payload.len() - Self::TAG);
        let made = self
            .key
            .seal_in_place_separate_tag(nonce, Aad::from(&*header), payload)
            .unwrap();
        tag.copy_from_slice(made.as_ref());
        buffer.len()
    }

    fn unprotect(&mut self, buffer: &mut Vec<u8>) -> usize {
        let nonce = self.received.nonce(&self.salt, buffer);
        let (header, sealed) = buffer.split_at_mut(Self::HEADER);
        let opened = self.key.open_in_place(nonce, Aad::from(&*header), sealed);
        Self::HEADER + opened.unwrap().len()
    }

    fn packet<'p>(&len: &'p usize, buffer: &'p [u8]) -> &'p [u8] {
        &buffer[..len]
    }
}
