// SPDX-License-Identifier: MIT OR Apache-2.0
//! The master keys of one direction, as they are kept.

use sipseal_core::{RandomSource, SecretBytes, ct};
use sipseal_srtp::MasterKey;

use super::attribute::CryptoAttribute;
use super::error::{Error, Fault, Reason};
use super::key_params::{Mki, Secret, write_key};
use super::policy::Policy;
use super::suite::Suite;
use super::writer::{Writer, decimal};
use super::{MAX_KEYS, MAX_MKIS_LEN};

/// Up to [`MAX_KEYS`] master keys. Wiped when dropped.
#[derive(Debug)]
pub(super) struct Keys {
    pub(super) secrets: [Secret; MAX_KEYS],
    /// Packets; 0 where none was said.
    pub(super) lifetimes: [u64; MAX_KEYS],
    /// `mki_len` octets each.
    pub(super) mkis: [u8; MAX_MKIS_LEN],
    pub(super) mki_len: u8,
    pub(super) count: usize,
}

/// One of them.
#[derive(Clone, Copy)]
pub(super) struct Key<'k> {
    pub(super) secret: &'k Secret,
    pub(super) lifetime: u64,
    pub(super) mki: &'k [u8],
}

impl Keys {
    pub(super) const fn new() -> Self {
        Self {
            secrets: [const { SecretBytes::zeroed() }; MAX_KEYS],
            lifetimes: [0; MAX_KEYS],
            mkis: [0; MAX_MKIS_LEN],
            mki_len: 0,
            count: 0,
        }
    }

    /// Decodes those of a line.
    pub(super) fn read(&mut self, line: &CryptoAttribute<'_>) -> Result<(), Fault> {
        self.count = 0;
        let (Some(suite), Some(keys)) = (line.suite(), line.keys()) else {
            return Ok(());
        };
        for key in keys {
            let at_key = |reason| Fault {
                reason,
                offset: key.offset,
            };
            let too_many = at_key(Reason::KeyLimit);
            let mki_len = key.mki.map_or(0, |mki| mki.len);
            let start = self.count.saturating_mul(mki_len.into());
            let places = (
                self.secrets.get_mut(self.count),
                self.lifetimes.get_mut(self.count),
                self.mkis
                    .get_mut(start..)
                    .and_then(|mkis| mkis.get_mut(..mki_len.into())),
            );
            let (Some(secret), Some(lifetime), Some(place)) = places else {
                return Err(too_many);
            };
            key.decode(suite, secret)?;
            *lifetime = key.lifetime.unwrap_or(0);
            if let Some(mki) = key.mki {
                mki.write(place).map_err(at_key)?;
            }
            self.mki_len = mki_len;
            self.count += 1;
            if self.repeats_mki() {
                return Err(at_key(Reason::Mki));
            }
        }
        Ok(())
    }

    /// Whether the last MKI is one of those before it.
    fn repeats_mki(&self) -> bool {
        let mut last = self.each();
        let last = last.nth(self.count.saturating_sub(1)).map(|key| key.mki);
        let mut before = self.each().take(self.count.saturating_sub(1));
        before.any(|key| Some(key.mki) == last)
    }

    /// Draws new ones. Their MKIs count up from `first_mki`.
    pub(super) fn draw(
        &mut self,
        suite: Suite,
        policy: &Policy<'_>,
        first_mki: u32,
        random: &mut dyn RandomSource,
    ) -> Result<(), Error> {
        self.count = policy.keys.into();
        for secret in self.secrets.iter_mut().take(self.count) {
            draw_secret(secret, suite, random)?;
        }
        self.describe(policy.mki_len, first_mki, policy.lifetime.unwrap_or(0));
        Ok(())
    }

    /// Sets what is known of our own keys beside their secrets.
    pub(super) fn describe(&mut self, mki_len: u8, first_mki: u32, lifetime: u64) {
        self.mki_len = mki_len;
        self.lifetimes.fill(lifetime);
        if mki_len == 0 {
            return;
        }
        let mkis = self.mkis.chunks_mut(mki_len.into());
        for (mki, number) in mkis.zip(first_mki..) {
            mki.fill(0);
            for (to, from) in mki.iter_mut().rev().zip(number.to_le_bytes()) {
                *to = from;
            }
        }
    }

    pub(super) fn each(&self) -> impl Iterator<Item = Key<'_>> {
        let mki_len = usize::from(self.mki_len);
        let secrets = self.secrets.iter().take(self.count).enumerate();
        secrets
            .zip(self.lifetimes)
            .map(move |((position, secret), lifetime)| Key {
                secret,
                lifetime,
                mki: self
                    .mkis
                    .get(position.saturating_mul(mki_len)..)
                    .and_then(|mkis| mkis.get(..mki_len))
                    .unwrap_or_default(),
            })
    }

    pub(super) fn copy_from(&mut self, other: &Self) {
        for (to, from) in self.secrets.iter_mut().zip(&other.secrets) {
            *to.expose_mut() = *from.expose();
        }
        self.lifetimes = other.lifetimes;
        self.mkis = other.mkis;
        self.mki_len = other.mki_len;
        self.count = other.count;
    }

    /// Whether both are the same keys, with the same lifetimes and MKIs.
    pub(super) fn same_as(&self, other: &Self) -> bool {
        let same = |(one, other): (Key<'_>, Key<'_>)| {
            one.mki == other.mki
                && one.lifetime == other.lifetime
                && ct::eq(one.secret.expose(), other.secret.expose())
        };
        self.count == other.count && self.each().zip(other.each()).all(same)
    }

    /// Whether one of these is one of those.
    pub(super) fn share<'k>(&self, others: &(impl Iterator<Item = &'k Secret> + Clone)) -> bool {
        share(self.secrets(), others)
    }

    pub(super) fn secrets(&self) -> impl Iterator<Item = &Secret> + Clone {
        self.secrets.iter().take(self.count)
    }

    /// Whether our own keys are as a policy wants them.
    pub(super) fn is_like(&self, keys: u8, mki_len: u8, lifetime: u64) -> bool {
        self.count == usize::from(keys)
            && self.mki_len == mki_len
            && self.lifetimes.first() == Some(&lifetime)
    }

    /// The number that the first MKI is: our own are of 32 bits.
    pub(super) fn first_mki(&self) -> u32 {
        self.each().next().map_or(0, |key| mki_number(key.mki))
    }

    /// Whether two of them are one.
    pub(super) fn repeat(&self) -> bool {
        repeat(self.secrets())
    }

    /// Writes them, one behind the other.
    pub(super) fn write(&self, writer: &mut Writer<'_>, suite: Suite) {
        for (position, key) in self.each().enumerate() {
            if position > 0 {
                writer.put(b";");
            }
            let mut room = [0; 20];
            let mki = Mki {
                digits: decimal(mki_number(key.mki).into(), &mut room),
                len: self.mki_len,
            };
            let lifetime = Some(key.lifetime).filter(|lifetime| *lifetime > 0);
            let mki = (self.mki_len > 0).then_some(mki);
            write_key(writer, suite, key.secret, lifetime, mki);
        }
    }
}

/// Of an MKI of our own.
fn mki_number(mki: &[u8]) -> u32 {
    let number = mki.iter().rev().zip([0, 8, 16, 24]);
    number.fold(0, |number, (octet, shift)| {
        number | u32::from(*octet) << shift
    })
}

impl Key<'_> {
    pub(super) fn master(&self, suite: Suite) -> MasterKey<'_> {
        let secret = self.secret.expose().get(..suite.secret_len());
        let (key, salt) = secret
            .and_then(|secret| secret.split_at_checked(suite.profile().key_len()))
            .unwrap_or_default();
        MasterKey::new(key, salt)
    }
}

pub(super) fn draw_secret(
    secret: &mut Secret,
    suite: Suite,
    random: &mut dyn RandomSource,
) -> Result<(), Error> {
    secret.expose_mut().fill(0);
    let place = secret.expose_mut().get_mut(..suite.secret_len());
    let drawn = random.fill(place.unwrap_or_default());
    drawn.map_err(|_| Error::Random)
}

/// Octets that every master key with its salt has: those of AEAD_AES_128_GCM.
const LEAST_SECRET_LEN: usize = 28;

/// Whether two secrets are one, as far as both go, in time that does not depend on them.
fn same_key(one: &Secret, other: &Secret) -> bool {
    let common = (
        one.expose().get(..LEAST_SECRET_LEN),
        other.expose().get(..LEAST_SECRET_LEN),
    );
    match common {
        (Some(one), Some(other)) => ct::eq(one, other),
        _ => true,
    }
}

/// Whether one of these secrets is one of those.
pub(super) fn share<'s, 'k>(
    mut secrets: impl Iterator<Item = &'s Secret>,
    others: &(impl Iterator<Item = &'k Secret> + Clone),
) -> bool {
    secrets.any(|secret| others.clone().any(|other| same_key(secret, other)))
}

/// Whether two of these secrets are one.
pub(super) fn repeat<'k>(mut secrets: impl Iterator<Item = &'k Secret> + Clone) -> bool {
    while let Some(secret) = secrets.next() {
        if secrets.clone().any(|other| same_key(secret, other)) {
            return true;
        }
    }
    false
}
