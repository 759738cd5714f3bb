// SPDX-License-Identifier: MIT OR Apache-2.0
//! The credentials that a request was sent with, read again when its response comes in.

use sipseal_sip::{Headers, QuotedString, Text};

use crate::credentials::Credentials;
use crate::response::Use;
use crate::{Algorithm, Error, Kind, Qop};

/// All credentials of a request, in the header fields that were written.
#[derive(Clone, Copy)]
pub(crate) struct Carried<'a>(&'a [u8]);

/// Those for one realm, as far as a response can be about them.
#[derive(Clone, Copy)]
pub(crate) struct Sent<'a> {
    pub(crate) realm: QuotedString<'a>,
    pub(crate) nonce: QuotedString<'a>,
    pub(crate) algorithm: Algorithm,
    /// Nothing where no qop was agreed on.
    pub(crate) nonce_use: Option<Use<'a>>,
}

impl<'a> Carried<'a> {
    /// Fails with [`Error::InvalidArgument`] for what is no credentials that a client has written.
    #[inline(never)]
    pub(crate) fn read(fields: &'a [u8]) -> Result<Self, Error> {
        for header in Headers::new(fields) {
            let header = header.map_err(|_| Error::InvalidArgument)?;
            let is_known = Kind::BOTH
                .into_iter()
                .any(|kind| header.name == kind.credentials());
            if !is_known || Sent::read(header.value).is_none() {
                return Err(Error::InvalidArgument);
            }
        }
        Ok(Self(fields))
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Those for servers or for proxies.
    pub(crate) fn of(self, kind: Kind) -> impl Iterator<Item = Sent<'a>> {
        Headers::new(self.0)
            .map_while(Result::ok)
            .filter(move |header| header.name == kind.credentials())
            .filter_map(|header| Sent::read(header.value))
    }

    /// Those for a realm.
    #[inline(never)]
    pub(crate) fn to(self, kind: Kind, realm: QuotedString<'_>) -> Option<Sent<'a>> {
        self.of(kind).find(|sent| sent.realm == realm)
    }
}

impl<'a> Sent<'a> {
    #[inline(never)]
    fn read(value: Text<'a>) -> Option<Self> {
        let credentials = Credentials::read(value, |_| true).ok()??;
        let nonce_use = match credentials.qop {
            None => None,
            Some(qop) => Some(Use {
                qop: [Qop::Auth, Qop::AuthInt]
                    .into_iter()
                    .find(|known| qop.is(known.name()))?,
                nc: credentials.nc?.octets().try_into().ok()?,
                cnonce: credentials.cnonce?,
            }),
        };
        Some(Self {
            realm: credentials.realm,
            nonce: credentials.nonce,
            algorithm: Algorithm::named(credentials.algorithm)?,
            nonce_use,
        })
    }
}
