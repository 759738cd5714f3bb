// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who the client is.

use core::fmt;

use sipseal_sip::QuotedString;

use crate::hash::Hasher;
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
    /// H(A1) as [`hash_a1`](crate::hash_a1) has it, in lower-case hexadecimal digits, for algorithms of its hash.
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
        if self.username.len() > MAX_USERNAME_LEN || self.username.iter().any(is_control) {
            return Err(Error::InvalidArgument);
        }
        Ok(())
    }

    /// H(A1) before any `-sess`, of all but a SIM.
    pub(crate) fn hash_a1(
        &mut self,
        hash: Hash,
        realm: QuotedString<'_>,
    ) -> Result<HexDigest, Error> {
        match &mut self.secret {
            Secret::Password(password) => Ok(hash_a1_quoted(hash, self.username, realm, password)),
            Secret::HashedA1 { hex, .. } => {
                HexDigest::from_hex(hash, hex).ok_or(Error::InvalidArgument)
            }
            Secret::Callback(callback) => ask(*callback, hash, self.username, realm),
            Secret::Sim(_) => Err(Error::NoAccount),
        }
    }
}

#[inline(never)] // It needs stack that others do not.
fn ask(
    callback: &mut dyn HashA1,
    hash: Hash,
    username: &[u8],
    realm: QuotedString<'_>,
) -> Result<HexDigest, Error> {
    let mut plain = [0; MAX_CALLBACK_REALM_LEN];
    let plain = unescape(realm, &mut plain).ok_or(Error::TooLong)?;
    let mut hex = HexDigest::zeros(hash);
    callback
        .hash_a1(hash, username, plain, hex.as_bytes_mut())
        .map_err(|Unavailable| Error::SecretUnavailable)?;
    HexDigest::from_hex(hash, hex.as_bytes()).ok_or(Error::SecretUnavailable)
}

/// The same as [`hash_a1`](crate::hash_a1), of a realm that may have backslashes.
#[inline(never)]
pub(crate) fn hash_a1_quoted(
    hash: Hash,
    username: &[u8],
    realm: QuotedString<'_>,
    password: &[u8],
) -> HexDigest {
    let mut hasher = Hasher::new(hash);
    hasher.update(username);
    hasher.update(b":");
    hasher.update_quoted(realm);
    hasher.update(b":");
    hasher.update(password);
    hasher.finish()
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
