// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a server asks for, and what it knows of users.

use crate::{Algorithm, Error, Hash, MAX_SECRET_LEN, Qop};

/// What a server asks for.
#[derive(Clone, Copy, Debug)]
pub struct Config<'a> {
    /// The realm, without control characters; at most 128 octets.
    pub realm: &'a [u8],
    /// The algorithms, in the order of preference (RFC 8760 section 2.3): a challenge for each. Not AKA.
    pub algorithms: &'a [Algorithm],
    /// What responses may protect, at least one.
    pub qops: &'a [Qop],
    /// Whether credentials without qop are taken from clients that know RFC 2069 alone. They are good for one request
    /// with each nonce.
    pub allow_no_qop: bool,
    /// Whether clients are asked to hide the user name (RFC 7616 section 3.4.4). Not with stored passwords.
    pub userhash: bool,
    /// What is kept of users.
    pub stored: Stored,
    /// How many seconds a nonce is good.
    pub nonce_lifetime_s: u32,
    /// Whether `uri` must be the Request-URI, octet for octet. Proxies may change the Request-URI on the way; without
    /// this it is for the caller to see that [`Verified::uri`](crate::Verified::uri) names the resource that the
    /// request asks for (RFC 8760 section 2.6), or the credentials of a request for one are good for another.
    pub check_uri: bool,
}

const MAX_REALM_LEN: usize = 128;

impl Config<'_> {
    pub(crate) fn check(&self) -> Result<(), Error> {
        // H(A1) is made of the name itself, which a hash of it does not tell.
        let hides_names = self.userhash && self.stored == Stored::Passwords;
        let is_wrong = hides_names
            || self.qops.is_empty()
            || self.algorithms.is_empty()
            || self.algorithms.iter().any(|one| one.is_aka())
            || self.realm.len() > MAX_REALM_LEN
            || self.realm.iter().any(u8::is_ascii_control);
        if is_wrong {
            return Err(Error::InvalidArgument);
        }
        Ok(())
    }
}

/// What is kept of users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// Passwords. For a user that there is not, as much is hashed as for a password of 16 octets: one of a length that
    /// takes another number of blocks of the hash takes so many blocks more or less, and tells that its user exists.
    /// H(A1) tells nothing.
    Passwords,
    /// H(A1) as [`hash_a1`](crate::hash_a1) has it, in hexadecimal digits, for each hash that challenges name. The
    /// digits are lower-case: others let nobody in.
    HashedA1,
}

/// Who is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum User<'a> {
    /// A user name.
    Name(&'a [u8]),
    /// What [`user_hash`](crate::user_hash) makes of the user name, for the hash at hand.
    Hashed(&'a [u8]),
}

/// Looks up a user: writes the password, or the H(A1) for a hash, and says how many octets it has; `None` if there is
/// no such user. How long that takes is for the caller to make the same.
pub type Users<'u> = dyn FnMut(User<'_>, Hash, &mut [u8; MAX_SECRET_LEN]) -> Option<usize> + 'u;
