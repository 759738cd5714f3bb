// SPDX-License-Identifier: MIT OR Apache-2.0
//! The cryptographic context of one master key (RFC 3711 section 3.2), less the per-stream state.

use core::fmt;

use sipseal_cipher::{Construction, IV_LEN, PacketCipher};
use sipseal_core::SecretBytes;

use crate::session_keys::{SessionKey, SessionKeys};
use crate::{Error, Notice, Options, Profile, index, rtcp, rtp};

/// Packets that a master key may process (RFC 3711 section 9.2).
const RTP_LIFETIME: u64 = 1 << 48;
const RTCP_LIFETIME: u64 = 1 << 31;
/// From this many packets before the end, every packet brings [`Notice::KeyExpiring`].
const EXPIRING: u64 = 1 << 16;

/// The expanded session keys of one master key: an SRTP cipher and an SRTCP cipher, or neither.
pub struct SessionCiphers<C> {
    rtp: Option<C>,
    rtcp: Option<C>,
}

impl<C> SessionCiphers<C> {
    /// A place without keys.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            rtp: None,
            rtcp: None,
        }
    }
}

impl<C> fmt::Debug for SessionCiphers<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionCiphers { .. }")
    }
}

mod sealed {
    use super::{Construction, Error, PacketCipher, SessionKeys};

    /// [`SessionCiphers`](super::SessionCiphers) of any construction.
    pub trait Slot {
        fn construction(&self) -> Construction;
        fn install(&mut self, keys: &SessionKeys) -> Result<(), Error>;
        fn wipe(&mut self);
        fn rtp(&self) -> Option<&dyn PacketCipher>;
        fn rtcp(&self) -> Option<&dyn PacketCipher>;
    }
}

/// A place for the expanded keys of one master key: [`SessionCiphers`] of any cipher.
///
/// How large that place is depends on the profile, so the caller provides it and a context borrows it.
pub trait CipherSlot: sealed::Slot {}

impl<C: PacketCipher> CipherSlot for SessionCiphers<C> {}

impl<C: PacketCipher> sealed::Slot for SessionCiphers<C> {
    fn construction(&self) -> Construction {
        C::construction()
    }

    fn install(&mut self, keys: &SessionKeys) -> Result<(), Error> {
        // One at a time: each passes over the stack on its way.
        self.rtp = Some(expand(&keys.rtp)?);
        self.rtcp = Some(expand(&keys.rtcp)?);
        Ok(())
    }

    fn wipe(&mut self) {
        self.rtp = None;
        self.rtcp = None;
    }

    fn rtp(&self) -> Option<&dyn PacketCipher> {
        self.rtp.as_ref().map(|cipher| cipher as &dyn PacketCipher)
    }

    fn rtcp(&self) -> Option<&dyn PacketCipher> {
        self.rtcp.as_ref().map(|cipher| cipher as &dyn PacketCipher)
    }
}

#[inline(never)] // Its stack is gone before the next cipher is expanded.
fn expand<C: PacketCipher>(key: &SessionKey) -> Result<C, Error> {
    C::new(&key.expose()).map_err(|_| Error::KeyLength)
}

/// Which of the two protocols.
#[derive(Clone, Copy)]
pub(crate) enum Protocol {
    Rtp,
    Rtcp,
}

/// The keys of one direction. Wiped when dropped.
pub(crate) struct Session<'s> {
    pub(crate) profile: Profile,
    pub(crate) options: Options,
    ciphers: &'s mut dyn CipherSlot,
    rtp_salt: SecretBytes<IV_LEN>,
    rtcp_salt: SecretBytes<IV_LEN>,
    /// Packets that may still be processed.
    rtp_left: u64,
    rtcp_left: u64,
}

impl<'s> Session<'s> {
    pub(crate) fn new(
        profile: Profile,
        options: Options,
        keys: &SessionKeys,
        ciphers: &'s mut dyn CipherSlot,
    ) -> Result<Self, Error> {
        options.check(profile)?;
        if ciphers.construction() != profile.construction() {
            return Err(Error::WrongStorage);
        }
        ciphers.install(keys)?;
        let mut session = Self {
            profile,
            options,
            ciphers,
            rtp_salt: SecretBytes::zeroed(),
            rtcp_salt: SecretBytes::zeroed(),
            rtp_left: RTP_LIFETIME,
            rtcp_left: RTCP_LIFETIME,
        };
        *session.rtp_salt.expose_mut() = *keys.rtp.salt();
        *session.rtcp_salt.expose_mut() = *keys.rtcp.salt();
        Ok(session)
    }

    /// The cipher for a packet, if the key may still be used: with either count spent it may not be for the
    /// other protocol either (RFC 3711 section 9.2, "whichever occurs before").
    pub(crate) fn cipher(&self, protocol: Protocol) -> Result<&dyn PacketCipher, Error> {
        if self.rtp_left == 0 || self.rtcp_left == 0 {
            return Err(Error::KeyExpired);
        }
        let cipher = match protocol {
            Protocol::Rtp => self.ciphers.rtp(),
            Protocol::Rtcp => self.ciphers.rtcp(),
        };
        // A session always has its keys.
        cipher.ok_or(Error::KeyExpired)
    }

    /// Octets that protection adds to an RTP packet: the tag, if there is one.
    pub(crate) fn rtp_trailer_len(&self) -> usize {
        if self.options.unauthenticated_srtp() {
            0
        } else {
            self.profile.rtp_tag_len()
        }
    }

    /// Octets that protection adds to an RTCP packet: the E flag with the index, and the tag.
    pub(crate) fn rtcp_trailer_len(&self) -> usize {
        rtcp::INDEX_LEN + self.profile.rtcp_tag_len()
    }

    /// The initialisation vector of an RTP packet (RFC 3711 sections 4.1.1 and 4.1.2.2, RFC 7714 section
    /// 8.1).
    pub(crate) fn rtp_iv(&self, packet: &[u8], ssrc: u32, index: u64) -> [u8; IV_LEN] {
        if let Some(header) = packet.first_chunk()
            && self.is_f8()
        {
            return rtp::f8_iv(header, index::roc(index));
        }
        self.iv(&self.rtp_salt, ssrc, index)
    }

    /// The initialisation vector of an RTCP packet (RFC 3711 sections 4.1.1 and 4.1.2.3, RFC 7714 section
    /// 9.1). `word` is the E flag with the index.
    pub(crate) fn rtcp_iv(&self, packet: &[u8], ssrc: u32, word: u32) -> [u8; IV_LEN] {
        if let Some(header) = packet.first_chunk()
            && self.is_f8()
        {
            return rtcp::f8_iv(*header, word);
        }
        self.iv(&self.rtcp_salt, ssrc, u64::from(word & !rtcp::E_FLAG))
    }

    /// Whether the profile is f8; never in a build without it.
    fn is_f8(&self) -> bool {
        cfg!(feature = "f8") && self.profile.construction() == Construction::F8Aes128HmacSha1
    }

    /// ```text
    ///   octet      0   2   4   6   8  10  12  14
    ///              +---+---+---+---+---+---+---+---+
    ///   AES-CM     | 0 | 0 | SSRC  |   index   | 0 |  XOR  14 octets of salt, then 0
    ///   AES-GCM    | 0 | SSRC  |   index   |          XOR  12 octets of salt
    ///              +---+---+---+---+---+---+---+---+
    /// ```
    #[inline(never)] // Once for all four transforms.
    fn iv(&self, salt: &SecretBytes<IV_LEN>, ssrc: u32, index: u64) -> [u8; IV_LEN] {
        let packet = (u128::from(ssrc) << 48) | u128::from(index);
        let packet = if self.profile.is_aead() {
            packet << 32
        } else {
            packet << 16
        };
        (u128::from_be_bytes(*salt.expose()) ^ packet).to_be_bytes()
    }

    /// Counts a processed packet. `after` is how many indices its stream has left behind it.
    pub(crate) fn count(&mut self, protocol: Protocol, after: u64) -> Option<Notice> {
        let left = match protocol {
            Protocol::Rtp => &mut self.rtp_left,
            Protocol::Rtcp => &mut self.rtcp_left,
        };
        *left = left.saturating_sub(1);
        ((*left).min(after) <= EXPIRING).then_some(Notice::KeyExpiring)
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.ciphers.wipe();
    }
}

impl fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// Brings a session near the end of its key's life, which a test could not reach packet by packet.
#[cfg(test)]
impl Session<'_> {
    pub(crate) fn set_packets_left(&mut self, rtp: u64, rtcp: u64) {
        (self.rtp_left, self.rtcp_left) = (rtp, rtcp);
    }

    pub(crate) fn packets_left(&self) -> (u64, u64) {
        (self.rtp_left, self.rtcp_left)
    }
}
