// SPDX-License-Identifier: MIT OR Apache-2.0
//! Packets built slowly, from the words of the RFCs: what a sender must send, octet for octet. Only the ciphers
//! and the key derivation function, which have vectors of their own, are shared with what is tested.

use std::boxed::Box;
use std::vec::Vec;

use sipseal_cipher::{Construction, SessionKey};

use crate::kdf::{Label, derive};
use crate::{
    Aes128Gcm, Aes256Gcm, AesCm128HmacSha1, AesCm192HmacSha1, AesCm256HmacSha1, F8Aes128HmacSha1,
    MasterKey, NullHmacSha1, PacketCipher, Profile, RocMode, RocTransmission,
};

/// One master key, and what the packets under it look like.
#[derive(Clone, Copy)]
pub(super) struct Reference<'k> {
    pub(super) profile: Profile,
    pub(super) secret: &'k [u8],
    pub(super) mki: &'k [u8],
    pub(super) key_derivation_rate: u64,
    pub(super) carried: Option<RocTransmission>,
}

impl<'k> Reference<'k> {
    pub(super) fn new(profile: Profile, secret: &'k [u8]) -> Self {
        Self {
            profile,
            secret,
            mki: &[],
            key_derivation_rate: 0,
            carried: None,
        }
    }

    /// The SRTP packet of an RTP packet without contributing sources and extension.
    pub(super) fn rtp(&self, packet: &[u8], index: u64) -> Vec<u8> {
        let header = &packet[..12];
        let roc = &index.to_be_bytes()[2..6];
        let r = index.checked_div(self.key_derivation_rate).unwrap_or(0);
        let (cipher, salt) = self.session(
            [
                Label::RtpEncryption,
                Label::RtpAuthentication,
                Label::RtpSalt,
            ],
            r,
        );
        // RFC 3711 section 4.1.2.2.
        let f8 = [&[0], &header[1..12], roc].concat();
        let iv = self.iv(salt, &f8, &header[8..12], index);

        let seq = u16::from_be_bytes([packet[2], packet[3]]);
        let (roc_len, mac_len) = self.tag(seq);
        let mut sealed = packet.to_vec();
        let mut mac = std::vec![0; mac_len];
        if mac_len == 0 {
            cipher.crypt(&iv, sealed[12..].as_mut().into());
        } else {
            let suffix = if self.profile.is_aead() { &[] } else { roc };
            cipher.seal(&iv, sealed.as_mut_slice().into(), 12, suffix, &mut mac);
        }
        let roc = &roc[..roc_len];
        if self.profile.is_aead() {
            [&sealed, &mac, self.mki].concat()
        } else {
            [&sealed, self.mki, roc, &mac].concat()
        }
    }

    /// The SRTCP packet of an RTCP packet; with the null cipher the E flag is off.
    pub(super) fn rtcp(&self, packet: &[u8], index: u32) -> Vec<u8> {
        let header = &packet[..8];
        let e = u32::from(self.profile.is_encrypting());
        let word = ((e << 31) | index).to_be_bytes();
        let r = u64::from(index)
            .checked_div(self.key_derivation_rate)
            .unwrap_or(0);
        let (cipher, salt) = self.session(
            [
                Label::RtcpEncryption,
                Label::RtcpAuthentication,
                Label::RtcpSalt,
            ],
            r,
        );
        // RFC 3711 section 4.1.2.3.
        let f8 = [&[0; 4], &word[..], header].concat();
        let iv = self.iv(salt, &f8, &header[4..8], u64::from(index));
        let mut sealed = packet.to_vec();
        let tag_len = match self.profile {
            Profile::AeadAes128Gcm | Profile::AeadAes256Gcm => 16,
            Profile::AeadAes128Gcm8 | Profile::AeadAes256Gcm8 => 8,
            _ => 10,
        };
        let mut tag = std::vec![0; tag_len];
        cipher.seal(&iv, sealed.as_mut_slice().into(), 8, &word, &mut tag);
        if self.profile.is_aead() {
            [&sealed, &tag, &word[..], self.mki].concat()
        } else {
            [&sealed, &word[..], self.mki, &tag].concat()
        }
    }

    /// Octets of ROC and of MAC in the tag (RFC 4771 section 3, the length of a tag being that of the profile
    /// with the ROC).
    fn tag(&self, seq: u16) -> (usize, usize) {
        let len = match self.profile {
            Profile::AeadAes128Gcm | Profile::AeadAes256Gcm => 16,
            Profile::AeadAes128Gcm8 | Profile::AeadAes256Gcm8 => 8,
            Profile::AesCm128HmacSha1_32
            | Profile::AesCm192HmacSha1_32
            | Profile::AesCm256HmacSha1_32
            | Profile::NullHmacSha1_32 => 4,
            _ => 10,
        };
        let Some(RocTransmission { mode, rate }) = self.carried else {
            return (0, len);
        };
        match (mode, seq % rate.get()) {
            (RocMode::Unauthenticated, 0) => (4, 0),
            (_, 0) => (4, len),
            (RocMode::Authenticated, _) => (0, len + 4),
            _ => (0, 0),
        }
    }

    /// The session keys of one protocol: the cipher, and the salt at the start of 16 octets.
    fn session(&self, labels: [Label; 3], r: u64) -> (Box<dyn PacketCipher>, [u8; 16]) {
        fn expand<C: PacketCipher + 'static>(key: &SessionKey<'_>) -> Box<dyn PacketCipher> {
            Box::new(C::new(key).unwrap())
        }
        let profile = self.profile;
        let (key, salt) = self.secret.split_at(profile.key_len());
        let master = MasterKey::new(key, salt);
        let encryption_len = if profile.is_encrypting() {
            key.len()
        } else {
            0
        };
        let authentication_len = if profile.is_aead() { 0 } else { 20 };
        let [encryption, authentication, session_salt] = [
            (labels[0], encryption_len),
            (labels[1], authentication_len),
            (labels[2], salt.len()),
        ]
        .map(|(label, len)| {
            let mut out = std::vec![0; len];
            derive(&master, label, r, &mut out).unwrap();
            out
        });
        let key = SessionKey {
            encryption: &encryption,
            authentication: &authentication,
            salt: &session_salt,
        };
        let cipher = match profile.construction() {
            Construction::AesCm128HmacSha1 => expand::<AesCm128HmacSha1>(&key),
            Construction::AesCm192HmacSha1 => expand::<AesCm192HmacSha1>(&key),
            Construction::AesCm256HmacSha1 => expand::<AesCm256HmacSha1>(&key),
            Construction::F8Aes128HmacSha1 => expand::<F8Aes128HmacSha1>(&key),
            Construction::NullHmacSha1 => expand::<NullHmacSha1>(&key),
            Construction::Aes128Gcm => expand::<Aes128Gcm>(&key),
            Construction::Aes256Gcm => expand::<Aes256Gcm>(&key),
            other => panic!("{other:?}"),
        };
        let mut padded = [0; 16];
        padded[..session_salt.len()].copy_from_slice(&session_salt);
        (cipher, padded)
    }

    /// RFC 3711 section 4.1.1: SSRC * 2^64 XOR index * 2^16 XOR salt * 2^16; RFC 7714 section 8.1 has the same
    /// two octets to the left, and no more than 12.
    fn iv(&self, salt: [u8; 16], f8: &[u8], ssrc: &[u8], index: u64) -> [u8; 16] {
        if self.profile == Profile::F8Aes128HmacSha1_80 {
            return f8.try_into().unwrap();
        }
        let mut iv = salt;
        let ssrc_at = if self.profile.is_aead() { 2 } else { 4 };
        let place = [ssrc, &index.to_be_bytes()[2..]].concat();
        for (octet, with) in iv[ssrc_at..].iter_mut().zip(place) {
            *octet ^= with;
        }
        iv
    }
}
