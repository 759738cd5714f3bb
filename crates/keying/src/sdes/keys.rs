// SPDX-License-Identifier: MIT OR Apache-2.0
//! The master keys of one direction, as they are kept.

use sipseal_core::{RandomSource, SecretBytes, Zeroize, ct};
use sipseal_srtp::MasterKey;

use super::attribute::{CryptoAttribute, PREFIX};
use super::error::{Error, Fault, Reason};
use super::key_params::{Secret, write_key};
use super::session_params::SessionParams;
use super::suite::Suite;
use super::writer::Writer;
use super::{MAX_KEYS, MAX_MKIS_LEN};

/// What our own lines say, beside their tags, suites and secrets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) mki_len: u8,
    /// Those of the other keys of a line count up from there.
    pub(super) first_mki: u32,
    /// Packets; 0 where none is said.
    pub(super) lifetime: u64,
    pub(super) params: SessionParams,
}

impl Terms {
    pub(super) const NONE: Self = Self {
        mki_len: 0,
        first_mki: 1,
        lifetime: 0,
        params: SessionParams::NONE,
    };
}

/// Up to [`MAX_KEYS`] master keys. Wiped when dropped.
#[derive(Debug)]
pub(super) struct Keys {
    pub(super) secrets: [Secret; MAX_KEYS],
    /// Packets; 0 where none was said.
    lifetimes: [u64; MAX_KEYS],
    /// `mki_len` octets each.
    pub(super) mkis: [u8; MAX_MKIS_LEN],
    pub(super) mki_len: u8,
    pub(super) count: usize,
}

/// One of them.
#[derive(Clone, Copy)]
pub(super) struct Key<'k> {
    secret: &'k Secret,
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
        self.clear();
        self.mki_len = line.mki_len();
        let (Some(suite), Some(keys)) = (line.suite(), line.keys()) else {
            return Ok(());
        };
        let mut mkis = self.mkis.chunks_mut(usize::from(self.mki_len).max(1));
        let mut places = self.secrets.iter_mut().zip(&mut self.lifetimes);
        for key in keys {
            let at_key = |reason| Fault {
                reason,
                offset: key.offset,
            };
            let too_many = at_key(Reason::KeyLimit);
            let ((secret, lifetime), mki) = places.next().zip(mkis.next()).ok_or(too_many)?;
            key.decode(suite, secret)?;
            *lifetime = key.lifetime.unwrap_or(0);
            if let Some(number) = key.mki {
                // What is left at the end may be too short for one.
                let place = mki.get_mut(..number.len.into()).ok_or(too_many)?;
                number.write(place).map_err(at_key)?;
            }
            self.count += 1;
        }
        Ok(())
    }

    /// Whether two have the same MKI.
    pub(super) fn repeat_mki(&self) -> bool {
        (1..self.count).any(|last| {
            let mki = self.mki(last);
            (0..last).any(|before| self.mki(before) == mki)
        })
    }

    fn mki(&self, position: usize) -> &[u8] {
        let len = self.mki_len.into();
        let mki = self.mkis.get(position.saturating_mul(len)..);
        mki.and_then(|mki| mki.get(..len)).unwrap_or_default()
    }

    pub(super) fn clear(&mut self) {
        self.secrets.zeroize();
        self.lifetimes.fill(0);
        self.mkis.fill(0);
        self.count = 0;
    }

    /// Sets our own.
    pub(super) fn set(&mut self, secrets: &[Secret], terms: &Terms) {
        self.clear();
        for (to, from) in self.secrets.iter_mut().zip(secrets) {
            *to.expose_mut() = *from.expose();
        }
        self.lifetimes.fill(terms.lifetime);
        self.mki_len = terms.mki_len;
        self.count = secrets.len().min(MAX_KEYS);
        let mkis = self.mkis.chunks_mut(usize::from(terms.mki_len).max(1));
        for (mki, number) in mkis.take(self.count).zip(terms.first_mki..) {
            for (to, from) in mki.iter_mut().rev().zip(number.to_le_bytes()) {
                *to = from;
            }
        }
    }

    pub(super) fn each(&self) -> impl Iterator<Item = Key<'_>> {
        let secrets = self.secrets().iter().zip(&self.lifetimes).enumerate();
        secrets.map(|(position, (secret, lifetime))| Key {
            secret,
            lifetime: *lifetime,
            mki: self.mki(position),
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
        let mut secrets = self.secrets.iter().zip(&other.secrets);
        self.count == other.count
            && self.mki_len == other.mki_len
            && self.lifetimes == other.lifetimes
            && self.mkis == other.mkis
            && secrets.all(|(one, other)| ct::eq(one.expose(), other.expose()))
    }

    pub(super) fn secrets(&self) -> &[Secret] {
        self.secrets.get(..self.count).unwrap_or_default()
    }
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

/// Draws new ones.
pub(super) fn draw(
    secrets: &mut [Secret],
    suite: Suite,
    random: &mut dyn RandomSource,
) -> Result<(), Error> {
    secrets.iter_mut().try_for_each(|secret| {
        let place = secret.expose_mut().get_mut(..suite.secret_len());
        let drawn = random.fill(place.unwrap_or_default());
        drawn.map_err(|_| Error::Random)
    })
}

/// Writes a line with its end.
pub(super) fn write_line(
    writer: &mut Writer<'_>,
    tag: u32,
    suite: Suite,
    secrets: &[Secret],
    terms: &Terms,
) {
    writer.put(PREFIX);
    writer.put_number(tag.into());
    writer.put(b" ");
    writer.put(suite.name());
    let mut before: &[u8] = b" ";
    for (secret, mki) in secrets.iter().zip(terms.first_mki..) {
        writer.put(before);
        before = b";";
        write_key(writer, suite, secret, terms.lifetime, mki, terms.mki_len);
    }
    terms.params.write(writer);
    writer.put(b"\r\n");
}

/// Octets that every master key with its salt has: those of AEAD_AES_128_GCM.
const LEAST_SECRET_LEN: usize = 28;

/// Whether two secrets are one, as far as both go, in time that does not depend on them.
fn same_key(one: &Secret, other: &Secret) -> bool {
    let common = (
        one.expose().first_chunk::<LEAST_SECRET_LEN>(),
        other.expose().first_chunk::<LEAST_SECRET_LEN>(),
    );
    match common {
        (Some(one), Some(other)) => ct::eq(one, other),
        _ => true,
    }
}

/// Whether one of these secrets is one of those.
pub(super) fn share(secrets: &[Secret], others: &[Secret]) -> bool {
    let mut secrets = secrets.iter();
    secrets.any(|secret| others.iter().any(|other| same_key(secret, other)))
}

/// Whether two of these secrets are one.
pub(super) fn repeat(secrets: &[Secret]) -> bool {
    let mut left = secrets;
    while let [secret, others @ ..] = left {
        if others.iter().any(|other| same_key(secret, other)) {
            return true;
        }
        left = others;
    }
    false
}
