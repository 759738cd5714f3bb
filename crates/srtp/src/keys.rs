// SPDX-License-Identifier: MIT OR Apache-2.0
//! The master keys of a session, and which of them a packet is for (RFC 3711 sections 3.2.1 and 8.1).
//!
//! A session has one master key, or several that packets name by their master key identifier (MKI), or
//! several that each serve a range of indices, `<From, To>`.

use sipseal_cipher::{IV_LEN, PacketCipher};
use sipseal_core::{SecretBytes, ct};

use crate::ciphers::Protocol;
use crate::index::LAST_RTP_INDEX;
use crate::profile::{MAX_KEY_LEN, MAX_SALT_LEN};
use crate::session::{RTCP_LIFETIME, RTP_LIFETIME, Session};
use crate::session_keys::SessionKey;
use crate::{Error, MasterKey};

/// What tells a master key from the others of its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyId<'k> {
    /// Its master key identifier, [`Options::mki_len`](field@crate::Options::mki_len) octets.
    Mki(&'k [u8]),
    /// The SRTP indices that it serves, both ends included: `2^16 * ROC + sequence number`, below 2^48. For
    /// SRTCP the SRTP index that the stream has reached counts.
    FromTo {
        /// The first index.
        from: u64,
        /// The last index.
        to: u64,
    },
}

/// What becomes of the ROCs when a master key takes the place of another.
///
/// RFC 3711 section 3.3.1 keeps them; RFC 4568 section 6.4 resets them where a new key comes by SDP. Ask the
/// signalling, and do as the other end does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rekeying {
    /// Every stream goes on with its next index. What was seen stays seen.
    KeepRoc,
    /// Every stream starts again at ROC 0, with empty windows. A sender's SRTCP index goes on all the same (RFC
    /// 3711 section 3.4), and a receiver takes it wherever it is.
    ResetRoc,
}

/// The state of one master key, beside its expanded session keys.
///
/// Opaque: an array of these is part of a [`Storage`](crate::Storage).
#[derive(Debug)]
pub struct Key {
    rtp_salt: SecretBytes<IV_LEN>,
    rtcp_salt: SecretBytes<IV_LEN>,
    /// Kept only where session keys are derived anew.
    master: SecretBytes<{ MAX_KEY_LEN + MAX_SALT_LEN }>,
    /// Packets that may still be processed.
    rtp_left: u64,
    rtcp_left: u64,
    /// `<From, To>`, where the session has such ranges.
    from: u64,
    to: u64,
    /// What the session keys were derived for: the index divided by the rate.
    rtp_r: u64,
    rtcp_r: u64,
    is_set: bool,
}

impl Key {
    /// A place without a key.
    pub const FREE: Self = Self {
        rtp_salt: SecretBytes::zeroed(),
        rtcp_salt: SecretBytes::zeroed(),
        master: SecretBytes::zeroed(),
        rtp_left: 0,
        rtcp_left: 0,
        from: 0,
        to: 0,
        rtp_r: 0,
        rtcp_r: 0,
        is_set: false,
    };

    fn salt(&self, protocol: Protocol) -> &SecretBytes<IV_LEN> {
        match protocol {
            Protocol::Rtp => &self.rtp_salt,
            Protocol::Rtcp => &self.rtcp_salt,
        }
    }
}

/// The session keys of one protocol, expanded.
pub(crate) struct ReadyKey<'k> {
    pub(crate) cipher: &'k dyn PacketCipher,
    pub(crate) salt: &'k [u8; IV_LEN],
}

/// No key is chosen to send with.
const NONE: usize = usize::MAX;

/// Adding, replacing and removing.
impl Session<'_> {
    /// Sets the one key of a session that knows no others and has none yet.
    pub(crate) fn set_only_key(&mut self, master: &MasterKey<'_>) -> Result<(), Error> {
        if self.has_key_ids() || self.keys.iter().any(|key| key.is_set) {
            return Err(Error::Contradiction);
        }
        self.set_key(0, master)
    }

    pub(crate) fn add_key(&mut self, id: KeyId<'_>, master: &MasterKey<'_>) -> Result<(), Error> {
        let overlaps = match id {
            KeyId::Mki(mki) => {
                self.check_mki(mki)?;
                self.with_mki(mki).is_ok()
            }
            KeyId::FromTo { from, to } => {
                if !self.options.selects_by_index() || from > to || to > LAST_RTP_INDEX {
                    return Err(Error::Contradiction);
                }
                let overlaps = |key: &Key| key.is_set && key.from <= to && from <= key.to;
                self.keys.iter().any(overlaps)
            }
        };
        if overlaps {
            return Err(Error::Contradiction);
        }
        let free = self.keys.iter().position(|key| !key.is_set);
        let position = free.ok_or(Error::KeyLimit)?;
        self.set_key(position, master)?;
        match id {
            KeyId::Mki(mki) => {
                let place = self.mkis.iter_mut().skip(position * mki.len());
                for (to, from) in place.zip(mki) {
                    *to = *from;
                }
            }
            KeyId::FromTo { from, to } => {
                if let Some(key) = self.keys.get_mut(position) {
                    (key.from, key.to) = (from, to);
                }
            }
        }
        Ok(())
    }

    /// Removes and wipes a key. Of a range, `from` is what counts.
    pub(crate) fn remove_key(&mut self, id: KeyId<'_>) -> Result<(), Error> {
        let position = match id {
            KeyId::Mki(mki) => {
                self.check_mki(mki)?;
                self.with_mki(mki)?
            }
            KeyId::FromTo { from, .. } if self.options.selects_by_index() => {
                let known = |key: &Key| key.is_set && key.from == from;
                let position = self.keys.iter().position(known);
                position.ok_or(Error::UnknownKey)?
            }
            KeyId::FromTo { .. } => return Err(Error::Contradiction),
        };
        self.wipe_key(position);
        if self.current == position {
            self.current = NONE;
        }
        Ok(())
    }

    /// Lowers what is left of a key.
    pub(crate) fn limit_key(&mut self, mki: &[u8], packets: u64) -> Result<(), Error> {
        let position = if mki.is_empty() && !self.has_key_ids() {
            0
        } else {
            self.check_mki(mki)?;
            self.with_mki(mki)?
        };
        let key = self.keys.get_mut(position).filter(|key| key.is_set);
        let key = key.ok_or(Error::UnknownKey)?;
        key.rtp_left = key.rtp_left.min(packets);
        key.rtcp_left = key.rtcp_left.min(packets);
        Ok(())
    }

    /// Chooses the key to send with.
    pub(crate) fn use_key(&mut self, mki: &[u8]) -> Result<(), Error> {
        self.check_mki(mki)?;
        self.current = self.with_mki(mki)?;
        Ok(())
    }

    /// Replaces the one key of a session that knows no others. Whether it is another key: the same one is left
    /// as it is, with what is left of its lifetime.
    pub(crate) fn replace_key(&mut self, master: &MasterKey<'_>) -> Result<bool, Error> {
        if self.has_key_ids() {
            return Err(Error::Contradiction);
        }
        if self.is_key(master)? {
            return Ok(false);
        }
        self.set_key(0, master)?;
        Ok(true)
    }

    /// Whether `master` is what the only key was made from.
    fn is_key(&self, master: &MasterKey<'_>) -> Result<bool, Error> {
        let Some(key) = self.keys.first().filter(|key| key.is_set) else {
            return Ok(false);
        };
        if self.options.key_derivation_rate() > 0 {
            master.check(self.profile)?;
            let (old_key, old_salt) = key.master.expose().split_at(MAX_KEY_LEN);
            let same =
                |old: &[u8], new: &[u8]| old.get(..new.len()).is_some_and(|old| ct::eq(old, new));
            return Ok(same(old_key, master.key) & same(old_salt, master.salt));
        }
        // Two keys whose salts for both protocols agree are one.
        let rtp = SessionKey::derive(self.profile, master, Protocol::Rtp, 0)?;
        let rtcp = SessionKey::derive(self.profile, master, Protocol::Rtcp, 0)?;
        Ok(ct::eq(key.rtp_salt.expose(), rtp.salt()) & ct::eq(key.rtcp_salt.expose(), rtcp.salt()))
    }

    fn has_key_ids(&self) -> bool {
        self.options.mki_len() > 0 || self.options.selects_by_index()
    }

    fn check_mki(&self, mki: &[u8]) -> Result<(), Error> {
        match usize::from(self.options.mki_len()) {
            0 => Err(Error::Contradiction),
            len if len == mki.len() => Ok(()),
            _ => Err(Error::KeyLength),
        }
    }

    fn set_key(&mut self, position: usize, master: &MasterKey<'_>) -> Result<(), Error> {
        master.check(self.profile)?;
        for protocol in [Protocol::Rtp, Protocol::Rtcp] {
            let derived = self.derive(position, master, protocol, 0);
            if derived.is_err() {
                // Only an accelerator can fail by now: half a key is none.
                self.wipe_key(position);
            }
            derived?;
        }
        let keeps_master = self.options.key_derivation_rate() > 0;
        let key = self.keys.get_mut(position).ok_or(Error::UnknownKey)?;
        if keeps_master {
            let (key, salt) = key.master.expose_mut().split_at_mut(MAX_KEY_LEN);
            for (to, from) in key.iter_mut().zip(master.key) {
                *to = *from;
            }
            for (to, from) in salt.iter_mut().zip(master.salt) {
                *to = *from;
            }
        }
        key.rtp_left = RTP_LIFETIME;
        key.rtcp_left = RTCP_LIFETIME;
        key.is_set = true;
        Ok(())
    }

    /// Derives and expands the session keys of one protocol.
    #[inline(never)] // Once for all who ask, and its stack is gone when it returns.
    fn derive(
        &mut self,
        position: usize,
        master: &MasterKey<'_>,
        protocol: Protocol,
        r: u64,
    ) -> Result<(), Error> {
        let session_key = SessionKey::derive(self.profile, master, protocol, r)?;
        self.install(position, protocol, r, &session_key)?;
        if self.options.encrypted_elements() && protocol == Protocol::Rtp {
            self.derive_element_key(position, master, r)?;
        }
        Ok(())
    }

    pub(crate) fn install(
        &mut self,
        position: usize,
        protocol: Protocol,
        r: u64,
        session_key: &SessionKey,
    ) -> Result<(), Error> {
        self.ciphers.install(position, protocol, session_key)?;
        let key = self.keys.get_mut(position).ok_or(Error::UnknownKey)?;
        let (salt, derived_for) = match protocol {
            Protocol::Rtp => (&mut key.rtp_salt, &mut key.rtp_r),
            Protocol::Rtcp => (&mut key.rtcp_salt, &mut key.rtcp_r),
        };
        *salt.expose_mut() = *session_key.salt();
        *derived_for = r;
        Ok(())
    }

    pub(crate) fn wipe_key(&mut self, position: usize) {
        self.ciphers.wipe(position);
        if let Some(key) = self.keys.get_mut(position) {
            *key = Key::FREE;
        }
        self.wipe_element_key(position);
    }
}

/// Choosing the key of a packet.
impl Session<'_> {
    /// The key for a packet to send. `rtp_index` is that of the SRTP packet, or the highest so far.
    #[inline]
    pub(crate) fn key_to_send(&self, rtp_index: Option<u64>) -> Result<usize, Error> {
        if self.options.selects_by_index() {
            return self.serving(rtp_index);
        }
        // The first, unless the caller chooses.
        Ok(self.current)
    }

    /// The key of a packet that carries `mki`.
    #[inline]
    pub(crate) fn key_received(&self, mki: &[u8], rtp_index: Option<u64>) -> Result<usize, Error> {
        if self.options.selects_by_index() {
            return self.serving(rtp_index);
        }
        if self.options.mki_len() > 0 {
            return self.with_mki(mki);
        }
        Ok(0)
    }

    /// The MKI of a key, as its packets carry it.
    pub(crate) fn mki(&self, position: usize) -> &[u8] {
        let len = usize::from(self.options.mki_len());
        position
            .checked_mul(len)
            .and_then(|start| self.mkis.get(start..start + len))
            .unwrap_or_default()
    }

    fn with_mki(&self, mki: &[u8]) -> Result<usize, Error> {
        (0..self.keys.len())
            .find(|position| {
                let key = self.keys.get(*position);
                key.is_some_and(|key| key.is_set) && self.mki(*position) == mki
            })
            .ok_or(Error::UnknownKey)
    }

    /// The key whose range holds the index; the first of them before any packet.
    fn serving(&self, rtp_index: Option<u64>) -> Result<usize, Error> {
        let mut set = self.keys.iter().enumerate().filter(|(_, key)| key.is_set);
        let found = if let Some(index) = rtp_index {
            set.find(|(_, key)| (key.from..=key.to).contains(&index))
        } else {
            set.min_by_key(|(_, key)| key.from)
        };
        found.map(|(position, _)| position).ok_or(Error::UnknownKey)
    }

    /// Makes a key ready for a packet of this index.
    ///
    /// With either count spent it may not be used for the other protocol either (RFC 3711 section 9.2,
    /// "whichever occurs before").
    #[inline]
    pub(crate) fn make_ready(
        &mut self,
        position: usize,
        protocol: Protocol,
        index: u64,
    ) -> Result<(), Error> {
        let key = self.keys.get(position).filter(|key| key.is_set);
        let key = key.ok_or(Error::UnknownKey)?;
        if key.rtp_left == 0 || key.rtcp_left == 0 {
            return Err(Error::KeyExpired);
        }
        match self.options.key_derivation_rate() {
            0 => Ok(()),
            rate => self.derive_for(position, protocol, index / u64::from(rate)),
        }
    }

    /// Derives the session keys of one protocol anew, unless they are those for this `r`.
    #[inline(never)] // Its stack is not that of every packet.
    fn derive_for(&mut self, position: usize, protocol: Protocol, r: u64) -> Result<(), Error> {
        let key = self.keys.get(position).ok_or(Error::UnknownKey)?;
        let derived_for = match protocol {
            Protocol::Rtp => key.rtp_r,
            Protocol::Rtcp => key.rtcp_r,
        };
        if r == derived_for {
            return Ok(());
        }
        // Out of the key, which is about to change.
        let mut master = SecretBytes::zeroed();
        *master.expose_mut() = *key.master.expose();
        self.derive(position, &split_master(self.profile, &master), protocol, r)
    }

    /// What a key that [is ready](Self::make_ready) does packets with.
    #[inline]
    pub(crate) fn ready_key(
        &self,
        position: usize,
        protocol: Protocol,
    ) -> Result<ReadyKey<'_>, Error> {
        let key = self.keys.get(position).ok_or(Error::UnknownKey)?;
        let cipher = self.ciphers.get(position, protocol);
        Ok(ReadyKey {
            cipher: cipher.ok_or(Error::UnknownKey)?,
            salt: key.salt(protocol).expose(),
        })
    }

    /// Counts a packet down; what is left of the key for its protocol.
    pub(crate) fn spend(&mut self, position: usize, protocol: Protocol) -> u64 {
        let Some(key) = self.keys.get_mut(position) else {
            return 0;
        };
        let left = match protocol {
            Protocol::Rtp => &mut key.rtp_left,
            Protocol::Rtcp => &mut key.rtcp_left,
        };
        *left = left.saturating_sub(1);
        *left
    }
}

/// A master key as it was kept.
fn split_master(
    profile: crate::Profile,
    kept: &SecretBytes<{ MAX_KEY_LEN + MAX_SALT_LEN }>,
) -> MasterKey<'_> {
    let (key, salt) = kept.expose().split_at(MAX_KEY_LEN);
    MasterKey::new(
        key.get(..profile.key_len()).unwrap_or_default(),
        salt.get(..profile.salt_len()).unwrap_or_default(),
    )
}

/// What a test could not reach packet by packet, or has from elsewhere.
#[cfg(test)]
impl Session<'_> {
    pub(crate) fn set_session_keys(&mut self, session_key: &SessionKey) {
        for protocol in [Protocol::Rtp, Protocol::Rtcp] {
            self.install(0, protocol, 0, session_key).unwrap();
        }
        self.keys[0].is_set = true;
        self.set_packets_left(RTP_LIFETIME, RTCP_LIFETIME);
    }

    pub(crate) fn set_packets_left(&mut self, rtp: u64, rtcp: u64) {
        let key = &mut self.keys[0];
        (key.rtp_left, key.rtcp_left) = (rtp, rtcp);
    }

    pub(crate) fn packets_left(&self) -> (u64, u64) {
        (self.keys[0].rtp_left, self.keys[0].rtcp_left)
    }
}
