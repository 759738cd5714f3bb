// SPDX-License-Identifier: MIT OR Apache-2.0
//! Challenges, credentials and what a server tells afterwards (RFC 3261 section 20.6, 20.7, 20.27, 20.28, 20.44).

use crate::{Error, ParamValue, Text, Value};

/// The value of WWW-Authenticate, Proxy-Authenticate, Authorization or Proxy-Authorization: a scheme, and what it
/// says. Each is a header field of its own; there are no lists of them (section 7.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authentication<'a> {
    /// Such as `Digest`.
    pub scheme: Text<'a>,
    /// What follows it, unread and perhaps nothing: other schemes than Digest may have another grammar.
    pub rest: Text<'a>,
}

impl<'a> Authentication<'a> {
    /// The parameters, if the scheme is Digest.
    ///
    /// # Errors
    ///
    /// [`Error::Syntax`].
    pub fn digest(&self) -> Result<Option<AuthParams<'a>>, Error> {
        if self.scheme.is("Digest") {
            AuthParams::parse(self.rest).map(Some)
        } else {
            Ok(None)
        }
    }
}

impl<'a> Value<'a> for Authentication<'a> {
    fn read(text: &mut Text<'a>) -> Result<Self, Error> {
        let scheme = text.token()?;
        // Other schemes may stand alone, as Negotiate does.
        if !text.is_empty() {
            text.expect_space()?;
        }
        let rest = text.take(text.len());
        Ok(Self { scheme, rest })
    }
}

/// Parameters with commas between them: those of the Digest scheme, and the value of Authentication-Info. At least one
/// is there, at most [`MAX_AUTH_PARAMS`], and none of those with an [`AuthName`] twice.
///
/// Two things are taken that RFC 3261 does not have, since there is but one thing that they can mean: commas with
/// nothing between them (the lists of RFC 7230 section 7 have them, and with them those of RFC 7616), and values without
/// quotes that are no tokens, or nothing: they end in front of a comma or a space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuthParams<'a>(Text<'a>);

/// One of them: `realm="atlanta.com"`, `algorithm=SHA-256`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthParam<'a> {
    /// Which it is.
    pub name: AuthName,
    /// Its name as it stands, in any case.
    pub name_text: Text<'a>,
    /// Its value.
    pub value: ParamValue<'a>,
}

macro_rules! names {
    ($($variant:ident $text:literal,)+) => {
        /// The parameters that have a meaning here (RFC 7616, RFC 3310).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum AuthName {
            $(#[doc = $text] $variant,)+
            /// Any other, which keeps its name in [`AuthParam::name_text`].
            Other,
        }

        static NAMES: &[(AuthName, &str)] = &[$((AuthName::$variant, $text),)+];
    };
}

names! {
    Algorithm "algorithm",
    Auts "auts",
    Charset "charset",
    Cnonce "cnonce",
    Domain "domain",
    Nc "nc",
    NextNonce "nextnonce",
    Nonce "nonce",
    Opaque "opaque",
    Qop "qop",
    Realm "realm",
    Response "response",
    Rspauth "rspauth",
    Stale "stale",
    Uri "uri",
    Userhash "userhash",
    Username "username",
    UsernameStar "username*",
}

impl AuthName {
    #[inline(never)]
    fn from_text(name: Text<'_>) -> Self {
        let known = NAMES.iter().find(|(_, text)| name.is(text));
        known.map_or(Self::Other, |(name, _)| *name)
    }
}

/// Most parameters of a challenge, of credentials or of Authentication-Info.
pub const MAX_AUTH_PARAMS: usize = 32;

impl<'a> AuthParams<'a> {
    /// The parameters as they stand.
    #[must_use]
    pub const fn text(self) -> Text<'a> {
        self.0
    }

    /// The value of a name, the first one if it is no [`AuthName`] and there are more.
    #[must_use]
    pub fn get(self, name: &str) -> Option<ParamValue<'a>> {
        let param = self.into_iter().find(|param| param.name_text.is(name))?;
        Some(param.value)
    }

    #[inline(never)]
    fn read_one(text: &mut Text<'a>) -> Result<AuthParam<'a>, Error> {
        let name_text = text.token()?;
        text.expect_separator(b'=')?;
        let value = match text.first() {
            Some(b'"') => ParamValue::Quoted(text.quoted_string()?),
            _ => ParamValue::Token(text.take_while(is_unquoted)),
        };
        Ok(AuthParam {
            name: AuthName::from_text(name_text),
            name_text,
            value,
        })
    }

    /// The commas in front of a parameter, of which there may be none or many.
    fn skip_commas(text: &mut Text<'a>) -> bool {
        let mut is_any_there = false;
        while text.took_separator(b',') {
            is_any_there = true;
        }
        is_any_there
    }
}

/// What may stand in a value without quotes: whatever is visible and cannot end it, or change what is meant.
fn is_unquoted(octet: u8) -> bool {
    octet > b' ' && octet != 0x7f && !b",\"\\".contains(&octet)
}

impl<'a> Value<'a> for AuthParams<'a> {
    fn read(text: &mut Text<'a>) -> Result<Self, Error> {
        Self::skip_commas(text);
        let start = *text;
        let mut known = 0_u32;
        for _ in 0..MAX_AUTH_PARAMS {
            let param = Self::read_one(text)?;
            // What is not known is for nobody here: it may be repeated.
            let bit = match param.name {
                AuthName::Other => 0,
                name => 1 << name as u32,
            };
            if known & bit != 0 {
                return Err(Error::Repeated {
                    offset: param.name_text.offset(),
                });
            }
            known |= bit;
            let len = text.offset() - start.offset();
            if !Self::skip_commas(text) || text.is_empty() {
                return Ok(Self(start.split(len).0));
            }
        }
        Err(Error::TooMany {
            offset: text.offset(),
        })
    }
}

impl<'a> IntoIterator for AuthParams<'a> {
    type Item = AuthParam<'a>;
    type IntoIter = AuthParamsIter<'a>;

    fn into_iter(self) -> AuthParamsIter<'a> {
        AuthParamsIter(self.0)
    }
}

/// The parameters one by one.
#[derive(Clone, Debug)]
pub struct AuthParamsIter<'a>(Text<'a>);

impl<'a> Iterator for AuthParamsIter<'a> {
    type Item = AuthParam<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        AuthParams::skip_commas(&mut self.0);
        AuthParams::read_one(&mut self.0).ok()
    }
}
