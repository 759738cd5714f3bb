// SPDX-License-Identifier: MIT OR Apache-2.0
//! The cryptographic context (RFC 3711 section 3.2), less the per-stream state.

use core::fmt;

use sipseal_cipher::IV_LEN;

use crate::ciphers::{CipherSlots, Protocol};
use crate::header_extension::{EXTENSION_HEADER_LEN, ElementIds, ElementKey};
use crate::keys::Key;
use crate::roc_transmission::Tag;
use crate::{Error, Notice, Options, Profile, index, rtcp, rtp};

/// Packets that a master key may process (RFC 3711 section 9.2).
pub(crate) const RTP_LIFETIME: u64 = 1 << 48;
pub(crate) const RTCP_LIFETIME: u64 = 1 << 31;
/// From this many packets before the end, every packet brings [`Notice::KeyExpiring`].
const EXPIRING: u64 = 1 << 16;

/// How the packets of a profile are made, looked up once.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    iv: Iv,
    rtp_tag_len: u8,
}

/// The form of initialisation vectors; the null cipher makes nothing of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Iv {
    CounterMode,
    F8,
    Gcm,
}

/// The keys of one direction, and what is done with them. Wiped when dropped.
pub(crate) struct Session<'s> {
    pub(crate) profile: Profile,
    pub(crate) form: Form,
    pub(crate) options: Options,
    pub(crate) ciphers: &'s mut dyn CipherSlots,
    pub(crate) keys: &'s mut [Key],
    /// The MKIs of the keys, one after the other.
    pub(crate) mkis: &'s mut [u8],
    pub(crate) element_keys: &'s mut [ElementKey],
    /// Which elements of header extensions are encrypted.
    pub(crate) element_ids: ElementIds,
    /// Which key to send with, where the caller chooses.
    pub(crate) current: usize,
    /// ROCs in packets that nothing vouches for are not gone by (RFC 4771 section 3).
    pub(crate) ignores_carried_roc: bool,
}

impl<'s> Session<'s> {
    /// Takes its parts of `parts`; there is no key yet.
    pub(crate) fn new(
        profile: Profile,
        options: Options,
        ciphers: &'s mut dyn CipherSlots,
        keys: &'s mut [Key],
        mkis: &'s mut [u8],
        element_keys: &'s mut [ElementKey],
    ) -> Result<Self, Error> {
        options.check(profile)?;
        if ciphers.construction() != profile.construction() {
            return Err(Error::WrongStorage);
        }
        let count = keys.len();
        let has_room = ciphers.count() == count
            && mkis.len() == count * usize::from(options.mki_len())
            && (element_keys.len() == count || !options.encrypted_elements());
        if count == 0 || !has_room {
            return Err(Error::Layout);
        }
        let mut session = Self {
            profile,
            form: Form::of(profile),
            options,
            ciphers,
            keys,
            mkis,
            element_keys,
            element_ids: ElementIds::NONE,
            current: 0,
            ignores_carried_roc: false,
        };
        // One that was forgotten, not dropped, has left its keys.
        session.wipe_keys();
        Ok(session)
    }

    fn wipe_keys(&mut self) {
        for position in 0..self.keys.len() {
            self.wipe_key(position);
        }
    }

    /// What the tag of an SRTP packet is made of.
    pub(crate) fn tag(&self, sequence_number: u16) -> Tag {
        let len = usize::from(self.form.rtp_tag_len);
        if let Some(carried) = self.options.roc_transmission() {
            return carried.tag(sequence_number, len);
        }
        Tag {
            carries_roc: false,
            mac_len: if self.options.unauthenticated_srtp() {
                0
            } else {
                len
            },
        }
    }

    /// Octets behind an SRTP packet: the MKI and the tag, if there are any.
    pub(crate) fn rtp_trailer_len(&self, tag: Tag) -> usize {
        tag.len() + usize::from(self.options.mki_len())
    }

    /// Most octets that an SRTP packet has more than the RTP packet.
    pub(crate) fn max_rtp_growth(&self) -> usize {
        let gap = if self.options.cryptex() {
            EXTENSION_HEADER_LEN
        } else {
            0
        };
        // Where packets differ, those that carry the ROC, as number 0 does, have the longest tags.
        let [first, second] = [0, 1].map(|number| self.rtp_trailer_len(self.tag(number)));
        first.max(second) + gap
    }

    /// Octets behind an SRTCP packet: the E flag with the index, the MKI if there is one, and the tag.
    pub(crate) fn rtcp_trailer_len(&self) -> usize {
        let mki_len = usize::from(self.options.mki_len());
        rtcp::INDEX_LEN + self.profile.rtcp_tag_len() + mki_len
    }

    /// The initialisation vector of an RTP packet (RFC 3711 sections 4.1.1 and 4.1.2.2, RFC 7714 section
    /// 8.1).
    #[inline]
    pub(crate) fn rtp_iv(
        &self,
        salt: &[u8; IV_LEN],
        packet: &[u8],
        ssrc: u32,
        index: u64,
    ) -> [u8; IV_LEN] {
        match packet.first_chunk() {
            Some(header) if self.form.is_f8() => rtp::f8_iv(header, index::roc(index)),
            _ => self.iv(salt, ssrc, index),
        }
    }

    /// The initialisation vector of an RTCP packet (RFC 3711 sections 4.1.1 and 4.1.2.3, RFC 7714 section
    /// 9.1). `word` is the E flag with the index.
    pub(crate) fn rtcp_iv(
        &self,
        salt: &[u8; IV_LEN],
        packet: &[u8],
        ssrc: u32,
        word: u32,
    ) -> [u8; IV_LEN] {
        match packet.first_chunk() {
            Some(header) if self.form.is_f8() => rtcp::f8_iv(*header, word),
            _ => self.iv(salt, ssrc, u64::from(word & !rtcp::E_FLAG)),
        }
    }

    #[inline(never)] // Once for all four transforms.
    fn iv(&self, salt: &[u8; IV_LEN], ssrc: u32, index: u64) -> [u8; IV_LEN] {
        if self.form.is_aead() {
            gcm_iv(salt, ssrc, index)
        } else {
            cm_iv(salt, ssrc, index)
        }
    }

    /// Counts a processed packet of this index.
    pub(crate) fn count(&mut self, key: usize, protocol: Protocol, index: u64) -> Option<Notice> {
        let left = self.spend(key, protocol);
        let last = match protocol {
            Protocol::Rtp => index::LAST_RTP_INDEX,
            Protocol::Rtcp => u64::from(index::LAST_RTCP_INDEX),
        };
        let after = last.saturating_sub(index);
        (left.min(after) <= EXPIRING).then_some(Notice::KeyExpiring)
    }
}

impl Form {
    fn of(profile: Profile) -> Self {
        #[allow(clippy::cast_possible_truncation)] // 16 at most.
        Self {
            iv: match () {
                () if profile.is_aead() => Iv::Gcm,
                () if profile.is_f8() => Iv::F8,
                () => Iv::CounterMode,
            },
            rtp_tag_len: profile.rtp_tag_len() as u8,
        }
    }

    /// Whether one algorithm encrypts and authenticates; never in a build without those.
    pub(crate) fn is_aead(self) -> bool {
        cfg!(feature = "gcm") && self.iv == Iv::Gcm
    }

    fn is_f8(self) -> bool {
        cfg!(feature = "f8") && self.iv == Iv::F8
    }
}

/// The initialisation vector of counter mode (RFC 3711 section 4.1.1).
///
/// ```text
///   octet      0   2   4   6   8  10  12  14
///              +---+---+---+---+---+---+---+---+
///              | 0 | 0 | SSRC  |   index   | 0 |  XOR  14 octets of salt, then 0
///              +---+---+---+---+---+---+---+---+
/// ```
pub(crate) fn cm_iv(salt: &[u8; IV_LEN], ssrc: u32, index: u64) -> [u8; IV_LEN] {
    (u128::from_be_bytes(*salt) ^ (packet(ssrc, index) << 16)).to_be_bytes()
}

/// The initialisation vector of Galois/counter mode (RFC 7714 section 8.1).
///
/// ```text
///   octet      0   2   4   6   8  10  12
///              +---+---+---+---+---+---+
///              | 0 | SSRC  |   index   |  XOR  12 octets of salt
///              +---+---+---+---+---+---+
/// ```
fn gcm_iv(salt: &[u8; IV_LEN], ssrc: u32, index: u64) -> [u8; IV_LEN] {
    (u128::from_be_bytes(*salt) ^ (packet(ssrc, index) << 32)).to_be_bytes()
}

fn packet(ssrc: u32, index: u64) -> u128 {
    (u128::from(ssrc) << 48) | u128::from(index)
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.wipe_keys();
    }
}

impl fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}
