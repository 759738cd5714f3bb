// SPDX-License-Identifier: MIT OR Apache-2.0
//! Digest authentication for SIP: RFC 7616 as RFC 8760 and RFC 3261 section 22 have it, and the tickets of SIM cards
//! of RFC 3310 and RFC 4169.
//!
//! * [`Client`]: takes the responses to its requests and writes the header fields with credentials.
//! * [`Server`]: writes challenges and verifies credentials.
//! * [`Account`], [`Secret`]: who the client is, by password, by H(A1) or through a callback.
//!
//! Time, randomness and storage are handed in. What the library holds of secrets is wiped when it is done with them.
//! No branch and no address depends on a secret but for the length of a password, which says how many blocks are
//! hashed.
//!
//! No heap, no `std`, no `unsafe`.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

mod account;
mod aka;
mod algorithm;
mod authentication_info;
mod challenge;
mod client;
mod config;
mod credentials;
mod error;
mod hash;
mod hex;
mod nonce;
mod policy;
mod replay;
mod response;
mod self_test;
mod sent;
mod server;
mod space;
mod verified;
mod writer;

pub use account::{Account, Accounts, HashA1, Secret, Unavailable};
pub use aka::{Sim, SimAnswer};
pub use algorithm::{Algorithm, Algorithms, Hash, Qop};
pub use client::{Client, Outcome};
pub use config::{Config, Stored, User, Users};
pub use error::{Error, Refusal};
pub use hash::{hash_a1, user_hash};
pub use hex::HexDigest;
pub use nonce::MAX_TIME;
pub use policy::{Order, Policy};
pub use replay::SeenNonce;
pub use response::Request;
pub use self_test::{SelfTestFailed, self_test};
pub use server::{Counters, Server};
pub use space::{MAX_CHALLENGE_LEN, Space};
pub use verified::Verified;

/// Most octets of a user name.
pub const MAX_USERNAME_LEN: usize = 256;

/// Most octets of a password or H(A1) that a [`Server`] is given.
pub const MAX_SECRET_LEN: usize = 128;

/// Most challenges of one response that are looked at, and most Authentication-Info, and as many of proxies, that it may
/// have.
pub const MAX_CHALLENGES: usize = 32;

/// Whether a header field is of the server that answers, or of a proxy on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 401, WWW-Authenticate, Authorization, Authentication-Info.
    Server,
    /// 407, Proxy-Authenticate, Proxy-Authorization, Proxy-Authentication-Info.
    Proxy,
}

impl Kind {
    const BOTH: [Self; 2] = [Self::Server, Self::Proxy];

    const fn challenge(self) -> sipseal_sip::Name {
        match self {
            Self::Server => sipseal_sip::Name::WwwAuthenticate,
            Self::Proxy => sipseal_sip::Name::ProxyAuthenticate,
        }
    }

    const fn credentials(self) -> sipseal_sip::Name {
        match self {
            Self::Server => sipseal_sip::Name::Authorization,
            Self::Proxy => sipseal_sip::Name::ProxyAuthorization,
        }
    }

    const fn info(self) -> sipseal_sip::Name {
        match self {
            Self::Server => sipseal_sip::Name::AuthenticationInfo,
            Self::Proxy => sipseal_sip::Name::ProxyAuthenticationInfo,
        }
    }
}

#[cfg(test)]
mod tests;
