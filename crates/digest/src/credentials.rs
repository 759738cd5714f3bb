// SPDX-License-Identifier: MIT OR Apache-2.0
//! Credentials (RFC 7616 section 3.4), as they come in.

use sipseal_sip::{AuthName, Authentication, ParamValue, QuotedString, Text, Value};

use crate::account::unescape;
use crate::{MAX_USERNAME_LEN, Refusal};

/// What an Authorization says, before anything is made of it.
#[derive(Clone, Copy)]
pub(crate) struct Credentials<'m> {
    pub(crate) username: Username<'m>,
    pub(crate) realm: QuotedString<'m>,
    pub(crate) nonce: QuotedString<'m>,
    pub(crate) uri: QuotedString<'m>,
    pub(crate) response: QuotedString<'m>,
    pub(crate) cnonce: Option<QuotedString<'m>>,
    pub(crate) algorithm: Option<ParamValue<'m>>,
    pub(crate) qop: Option<ParamValue<'m>>,
    pub(crate) nc: Option<Text<'m>>,
}

impl<'m> Credentials<'m> {
    /// `None` for another scheme, or a realm that is not `is_ours`.
    #[inline(never)]
    pub(crate) fn read(
        value: Text<'m>,
        is_ours: impl Fn(QuotedString<'m>) -> bool,
    ) -> Result<Option<Self>, Refusal> {
        let Some(params) = Authentication::parse(value)?.digest()? else {
            return Ok(None);
        };
        let (mut username, mut username_star, mut realm) = (None, None, None);
        let (mut nonce, mut uri, mut response, mut cnonce) = (None, None, None, None);
        let (mut algorithm, mut qop, mut nc) = (None, None, None);
        let mut is_hashed = false;
        for param in params {
            let value = param.value;
            let text = Some(value.quoted());
            match param.name {
                AuthName::Username => username = text,
                AuthName::UsernameStar => username_star = Some(value.raw()),
                AuthName::Realm => realm = text,
                AuthName::Nonce => nonce = text,
                AuthName::Uri => uri = text,
                AuthName::Response => response = text,
                AuthName::Cnonce => cnonce = text,
                AuthName::Algorithm => algorithm = Some(value),
                AuthName::Qop => qop = Some(value),
                AuthName::Nc => nc = Some(value.raw()),
                AuthName::Userhash => is_hashed = value.is("true"),
                _ => {}
            }
        }
        let realm = realm.ok_or(Refusal::Malformed)?;
        if !is_ours(realm) {
            return Ok(None);
        }
        // One of the two names (section 3.4), and the second has no hash of a name.
        let username = match (username, username_star, is_hashed) {
            (Some(hash), None, true) => Username::Hashed(hash),
            (Some(name), None, false) => Username::Name(name),
            (None, Some(name), false) => Username::Extended(name),
            _ => return Err(Refusal::Malformed),
        };
        let (Some(nonce), Some(uri), Some(response)) = (nonce, uri, response) else {
            return Err(Refusal::Malformed);
        };
        Ok(Some(Self {
            username,
            realm,
            nonce,
            uri,
            response,
            cnonce,
            algorithm,
            qop,
            nc,
        }))
    }
}

/// A user name.
#[derive(Clone, Copy)]
pub(crate) enum Username<'m> {
    /// `username`
    Name(QuotedString<'m>),
    /// `username` with `userhash=true`
    Hashed(QuotedString<'m>),
    /// `username*`, which is percent-encoded UTF-8 behind its charset and language (RFC 5987).
    Extended(Text<'m>),
}

impl<'m> Username<'m> {
    pub(crate) const fn is_hashed(self) -> bool {
        matches!(self, Self::Hashed(_))
    }

    /// The name, if it stands there as it is meant.
    pub(crate) fn plain(self) -> Option<&'m [u8]> {
        let (Self::Name(name) | Self::Hashed(name)) = self else {
            return None;
        };
        let plain = name.plain()?;
        (plain.len() <= MAX_USERNAME_LEN).then_some(plain)
    }

    /// The name, unless it is too long or encoded in another way.
    #[inline(never)]
    pub(crate) fn unescape(self, out: &mut [u8; MAX_USERNAME_LEN]) -> Option<&[u8]> {
        match self {
            Self::Name(name) | Self::Hashed(name) => unescape(name, out),
            Self::Extended(name) => decode(name, out),
        }
    }
}

fn decode<'o>(name: Text<'_>, out: &'o mut [u8; MAX_USERNAME_LEN]) -> Option<&'o [u8]> {
    // charset ' language ' value
    let mut parts = name.octets().splitn(3, |octet| *octet == b'\'');
    if !parts.next()?.eq_ignore_ascii_case(b"UTF-8") {
        return None;
    }
    let mut rest = parts.nth(1)?;
    let mut len = 0;
    loop {
        let (octet, after) = match rest {
            [] => return out.get(..len),
            [b'%', high, low, after @ ..] => {
                let digit = |octet: u8| char::from(octet).to_digit(16);
                let octet = digit(*high)? << 4 | digit(*low)?;
                (u8::try_from(octet).ok()?, after)
            }
            [b'%', ..] => return None,
            [octet, after @ ..] => (*octet, after),
        };
        *out.get_mut(len)? = octet;
        len += 1;
        rest = after;
    }
}
