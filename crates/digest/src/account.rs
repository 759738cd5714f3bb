// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who the client is.

use core::fmt;

use sipseal_sip::QuotedString;

use crate::aka;
use crate::challenge::Challenge;
use crate::hash::Hasher;
use crate::hex::is_hex;
use crate::{Algorithm, Error, Hash, HexDigest, MAX_USERNAME_LEN, Sim};

/// A user name and what proves it.
#[derive(Debug)]
pub struct Account<'a> {
    /// The realm that this is for; `None` for any. Of several accounts the first one that fits is taken.
    pub realm: Option<&'a [u8]>,
    /// The user name, in UTF-8 and normalised as the server has it; at most
    /// [`MAX_USERNAME_LEN`](crate::MAX_USERNAME_LEN) octets, none of them a control character.
    pub username: &'a [u8],
    /// What proves it.
    pub secret: Secret<'a>,
}

/// What proves a user name.
pub enum Secret<'a> {
    /// The password, for every algorithm but AKA.
    Password(&'a [u8]),
    /// H(A1) as [`hash_a1`](crate::hash_a1) has it, in lower-case hexadecimal digits, for algorithms of its hash. The
    /// account names the realm that it was made for.
    HashedA1 {
        /// The hash.
        hash: Hash,
        /// The digits.
        hex: &'a [u8],
    },
    /// Something that knows the password, a secure element for one, and gives H(A1) alone: see [`HashA1`].
    Callback(&'a mut dyn HashA1),
    /// A SIM, for AKA alone.
    Sim(&'a mut dyn Sim),
}

impl Secret<'_> {
    fn reborrow(&mut self) -> Secret<'_> {
        match self {
            Self::Password(password) => Secret::Password(password),
            Self::HashedA1 { hash, hex } => Secret::HashedA1 { hash: *hash, hex },
            Self::Callback(callback) => Secret::Callback(*callback),
            Self::Sim(sim) => Secret::Sim(*sim),
        }
    }
}

/// The accounts of a user, each made when it is asked for: an array or a slice, or something else that has them.
pub trait Accounts {
    /// The account at a place, counted from 0; `None` from their number on.
    fn get(&mut self, at: usize) -> Option<Account<'_>>;
}

impl Accounts for [Account<'_>] {
    fn get(&mut self, at: usize) -> Option<Account<'_>> {
        let account = self.get_mut(at)?;
        Some(Account {
            realm: account.realm,
            username: account.username,
            secret: account.secret.reborrow(),
        })
    }
}

impl<const N: usize> Accounts for [Account<'_>; N] {
    fn get(&mut self, at: usize) -> Option<Account<'_>> {
        Accounts::get(self.as_mut_slice(), at)
    }
}

/// Where the first account for a realm and an algorithm is.
#[inline(never)]
pub(crate) fn position(
    accounts: &mut (impl Accounts + ?Sized),
    realm: QuotedString<'_>,
    algorithm: Algorithm,
) -> Result<usize, Error> {
    let mut serves = (0..).map_while(|at| {
        let account = accounts.get(at)?;
        Some(account.serves(realm, algorithm))
    });
    serves.position(|serves| serves).ok_or(Error::NoAccount)
}

/// Something that gives H(A1), and not the password.
pub trait HashA1 {
    /// Writes H(A1) for a hash, a user name and a realm: as many hexadecimal digits as there is room for.
    ///
    /// # Errors
    ///
    /// [`Unavailable`].
    fn hash_a1(
        &mut self,
        hash: Hash,
        username: &[u8],
        realm: &[u8],
        hex: &mut [u8],
    ) -> Result<(), Unavailable>;
}

impl<F: FnMut(Hash, &[u8], &[u8], &mut [u8]) -> Result<(), Unavailable>> HashA1 for F {
    fn hash_a1(
        &mut self,
        hash: Hash,
        username: &[u8],
        realm: &[u8],
        hex: &mut [u8],
    ) -> Result<(), Unavailable> {
        self(hash, username, realm, hex)
    }
}

/// A callback could not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable;

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret { .. }")
    }
}

/// Octets of the longest realm that a callback is asked about, without backslashes.
const MAX_CALLBACK_REALM_LEN: usize = 256;

impl Account<'_> {
    /// Whether this is for a realm and an algorithm.
    pub(crate) fn serves(&self, realm: QuotedString<'_>, algorithm: Algorithm) -> bool {
        let is_able = match self.secret {
            Secret::Password(_) | Secret::Callback(_) => !algorithm.is_aka(),
            Secret::HashedA1 { hash, .. } => !algorithm.is_aka() && hash == algorithm.hash(),
            Secret::Sim(_) => algorithm.is_aka(),
        };
        is_able && self.realm.is_none_or(|own| realm.is(own))
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let is_control = |octet: &u8| octet.is_ascii_control();
        // An H(A1) is for one realm: for any other it would look like a wrong password.
        let is_for_no_realm =
            matches!(self.secret, Secret::HashedA1 { .. }) && self.realm.is_none();
        if is_for_no_realm
            || self.username.len() > MAX_USERNAME_LEN
            || self.username.iter().any(is_control)
        {
            return Err(Error::InvalidArgument);
        }
        Ok(())
    }

    /// Whether a challenge can be answered, as far as it can be known before.
    pub(crate) fn check_challenge(&self, challenge: &Challenge<'_>) -> Result<(), Error> {
        self.check()?;
        match self.secret {
            Secret::Sim(_) if !aka::is_nonce(challenge.nonce) => Err(Error::Unsupported),
            Secret::Callback(_) if challenge.realm.unescaped().count() > MAX_CALLBACK_REALM_LEN => {
                Err(Error::TooLong)
            }
            _ => Ok(()),
        }
    }

    /// Begins a hash with H(A1) before any `-sess`, of all but a SIM.
    pub(crate) fn begin_with_a1(
        &mut self,
        hasher: &mut Hasher,
        realm: QuotedString<'_>,
    ) -> Result<(), Error> {
        match &mut self.secret {
            Secret::Password(password) => {
                update_a1(hasher, self.username, realm, password);
                hasher.chain();
            }
            Secret::HashedA1 { hex, .. } if is_hex(hasher.hash(), hex) => hasher.update(&[hex]),
            Secret::HashedA1 { .. } => return Err(Error::InvalidArgument),
            Secret::Callback(callback) => ask_unescaped(*callback, self.username, realm, hasher)?,
            Secret::Sim(_) => return Err(Error::NoAccount),
        }
        Ok(())
    }
}

#[inline(never)]
fn ask_unescaped(
    callback: &mut dyn HashA1,
    username: &[u8],
    realm: QuotedString<'_>,
    hasher: &mut Hasher,
) -> Result<(), Error> {
    match realm.plain() {
        Some(plain) if plain.len() <= MAX_CALLBACK_REALM_LEN => {
            ask(callback, username, plain, hasher)
        }
        _ => unescape_and_ask(callback, username, realm, hasher),
    }
}

#[inline(never)] // It needs stack that others do not.
fn unescape_and_ask(
    callback: &mut dyn HashA1,
    username: &[u8],
    realm: QuotedString<'_>,
    hasher: &mut Hasher,
) -> Result<(), Error> {
    let mut plain = [0; MAX_CALLBACK_REALM_LEN];
    let plain = unescape(realm, &mut plain).ok_or(Error::TooLong)?;
    ask(callback, username, plain, hasher)
}

#[inline(never)]
fn ask(
    callback: &mut dyn HashA1,
    username: &[u8],
    realm: &[u8],
    hasher: &mut Hasher,
) -> Result<(), Error> {
    let mut digest = HexDigest::EMPTY;
    let hash = hasher.hash();
    callback
        .hash_a1(hash, username, realm, digest.room(hash))
        .map_err(|Unavailable| Error::SecretUnavailable)?;
    if !is_hex(hash, digest.as_bytes()) {
        return Err(Error::SecretUnavailable);
    }
    hasher.update(&[digest.as_bytes()]);
    Ok(())
}

/// A1 of a password, before any `-sess`.
#[inline(never)]
pub(crate) fn update_a1(
    hasher: &mut Hasher,
    username: &[u8],
    realm: QuotedString<'_>,
    password: &[u8],
) {
    hasher.update(&[username, b":"]);
    hasher.update_quoted(realm);
    hasher.update(&[b":", password]);
}

/// Writes what a quoted string means, if there is room.
pub(crate) fn unescape<'o>(text: QuotedString<'_>, out: &'o mut [u8]) -> Option<&'o [u8]> {
    let mut len = 0;
    for octet in text.unescaped() {
        *out.get_mut(len)? = octet;
        len += 1;
    }
    out.get(..len)
}
