// SPDX-License-Identifier: MIT OR Apache-2.0
//! Authentication-Info (RFC 7616 section 3.5), as it comes in.

use sipseal_core::ct;
use sipseal_sip::{AuthName, AuthParams, QuotedString, Text, Value};

use crate::account;
use crate::challenge::quoted;
use crate::hash::Hasher;
use crate::response::{Inputs, begin_session};
use crate::sent::{Carried, Sent};
use crate::{Accounts, Error, HexDigest, Kind};

/// What a server says after it has let a request through.
#[derive(Default)]
pub(crate) struct AuthenticationInfo<'a> {
    pub(crate) next_nonce: Option<QuotedString<'a>>,
    pub(crate) rspauth: Option<QuotedString<'a>>,
    cnonce: Option<QuotedString<'a>>,
    /// The nonce count, if it is there.
    nc: Option<u32>,
}

impl<'a> AuthenticationInfo<'a> {
    #[inline(never)]
    pub(crate) fn read(value: Text<'a>) -> Result<Self, Error> {
        let mut info = Self::default();
        for param in AuthParams::parse(value)? {
            match param.name {
                AuthName::NextNonce => info.next_nonce = Some(quoted(param.value)?),
                AuthName::Rspauth => info.rspauth = Some(quoted(param.value)?),
                AuthName::Cnonce => info.cnonce = Some(quoted(param.value)?),
                AuthName::Nc => info.nc = Some(read_nc(param.value.raw())?),
                _ => {}
            }
        }
        Ok(info)
    }

    /// The credentials that this is about: those of its cnonce and nonce count, or the only ones.
    #[inline(never)]
    pub(crate) fn answers<'c>(&self, carried: Carried<'c>, kind: Kind) -> Option<Sent<'c>> {
        let is_about = |sent: &Sent<'_>| {
            // Without qop there is neither.
            sent.nonce_use.is_none_or(|nonce_use| {
                self.cnonce.is_none_or(|cnonce| cnonce == nonce_use.cnonce)
                    && self
                        .nc
                        .is_none_or(|nc| read_nc(nonce_use.nc.as_slice().into()) == Ok(nc))
            })
        };
        let mut sent = carried.of(kind).filter(is_about);
        let only = sent.next()?;
        sent.next().is_none().then_some(only)
    }
}

/// Whether `rspauth` is right for what was sent: made by someone who knows the secret, or H(A1) as it is `kept` for this
/// nonce or session.
#[inline(never)]
pub(crate) fn is_right(
    rspauth: QuotedString<'_>,
    sent: &Sent<'_>,
    inputs: &Inputs<'_>,
    kept: Option<&HexDigest>,
    accounts: &mut (impl Accounts + ?Sized),
) -> Result<bool, Error> {
    let hash = sent.algorithm.hash();
    let mut expected = HexDigest::EMPTY;
    let digits = expected.room(hash);
    let mut hasher = Hasher::new(hash);
    inputs.hash_a2(&mut hasher, digits);
    match kept {
        Some(a1) => hasher.update(&[a1.as_bytes()]),
        // A SIM is asked once for a nonce.
        None if sent.algorithm.is_aka() => return Ok(false),
        None => {
            let at = account::position(accounts, sent.realm, sent.algorithm)?;
            let mut account = accounts.get(at).ok_or(Error::NoAccount)?;
            account.begin_with_a1(&mut hasher, sent.realm)?;
            if sent.algorithm.is_session() {
                let mut session = HexDigest::EMPTY;
                begin_session(&mut hasher, inputs, &mut session);
            }
        }
    }
    inputs.update(&mut hasher, digits);
    hasher.finish(digits);
    Ok(ct::eq(expected.as_bytes(), rspauth.raw().octets()))
}

/// Eight hexadecimal digits.
pub(crate) fn read_nc(text: Text<'_>) -> Result<u32, Error> {
    let syntax = Error::Syntax(sipseal_sip::Error::Syntax {
        offset: text.offset(),
    });
    if text.len() != 8 || !text.octets().iter().all(u8::is_ascii_hexdigit) {
        return Err(syntax);
    }
    let digit = |octet: &u8| char::from(*octet).to_digit(16).unwrap_or_default();
    Ok(text
        .octets()
        .iter()
        .fold(0, |nc, octet| nc << 4 | digit(octet)))
}
