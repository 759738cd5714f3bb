// SPDX-License-Identifier: MIT OR Apache-2.0
//! Nonces that a server knows again without keeping them (RFC 7616 section 3.3, "nonce").
//!
//! ```text
//!   base64( seconds, 5 octets || serial number, 3 || MAC of both, the realm and a binding, 16 )
//! ```

use sipseal_core::{SecretBytes, base64, ct};

use crate::Hash;
use crate::hash::hmac;

pub(crate) const NONCE_LEN: usize = 32;
const MAC_LEN: usize = 16;

/// The latest time that a [`Server`](crate::Server) can be told, in seconds.
pub const MAX_TIME: u64 = (1 << 40) - 1;

/// What makes a nonce.
pub(crate) struct NonceMaker<'a> {
    pub(crate) key: &'a SecretBytes<32>,
    pub(crate) realm: &'a [u8],
    pub(crate) binding: &'a [u8],
}

/// Seconds in the upper 40 bits, serial number in the lower 24.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NonceId(pub(crate) u64);

impl NonceId {
    /// In front of all nonces of a second. `None` for a time that has no place.
    pub(crate) const fn at(now: u64) -> Option<Self> {
        if now > MAX_TIME {
            return None;
        }
        Some(Self(now << 24))
    }

    /// The last of the same second.
    pub(crate) const fn end_of_second(self) -> Self {
        Self(self.0 | 0xff_ffff)
    }

    pub(crate) const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    pub(crate) const fn seconds(self) -> u64 {
        self.0 >> 24
    }
}

impl NonceMaker<'_> {
    #[inline(never)]
    pub(crate) fn write(&self, id: NonceId) -> [u8; NONCE_LEN] {
        let mut octets = [0; 8 + MAC_LEN];
        let parts = id.0.to_be_bytes().into_iter().chain(self.mac(id));
        for (to, from) in octets.iter_mut().zip(parts) {
            *to = from;
        }
        let mut text = [b'A'; NONCE_LEN];
        base64::encode(&octets, &mut text);
        text
    }

    /// Which nonce this is, and whether it is one of ours.
    #[inline(never)]
    pub(crate) fn read(&self, text: &[u8]) -> Option<NonceId> {
        let mut octets = [0; 8 + MAC_LEN];
        if !base64::decode(text, &mut octets) {
            return None;
        }
        let (id, mac) = octets.split_first_chunk::<8>()?;
        let id = NonceId(u64::from_be_bytes(*id));
        ct::eq(mac, &self.mac(id)).then_some(id)
    }

    fn mac(&self, NonceId(id): NonceId) -> [u8; MAC_LEN] {
        let realm_len = self.realm.len() as u64;
        let (id, realm_len) = (id.to_be_bytes(), realm_len.to_be_bytes());
        let parts = [&id[..], &realm_len, self.realm, self.binding];
        hmac(Hash::Sha256, self.key.expose(), &parts)
    }
}
