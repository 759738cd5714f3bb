// SPDX-License-Identifier: MIT OR Apache-2.0
//! Challenges, credentials and what a server tells afterwards (RFC 3261 section 20.6, 20.7, 20.27, 20.28, 20.44).

use crate::{Error, ParamValue, Text, Value};

/// The value of WWW-Authenticate, Proxy-Authenticate, Authorization or Proxy-Authorization: a scheme, and what it
/// says. Each is a header field of its own; there are no lists of them (section 7.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authentication<'a> {
    /// Such as `Digest`.
    pub scheme: Text<'a>,
    /// What follows it, unread: other schemes than Digest may have another grammar.
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
        text.expect_space()?;
        let rest = text.take(text.len());
        if rest.is_empty() {
            return Err(rest.syntax());
        }
        Ok(Self { scheme, rest })
    }
}

/// Parameters with commas between them: those of the Digest scheme, and the value of Authentication-Info. All of
/// them follow the grammar, and no name is there twice.
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

/// More parameters than any challenge has.
const MAX_PARAMS: usize = 32;

impl<'a> AuthParams<'a> {
    /// The parameters as they stand.
    #[must_use]
    pub const fn text(self) -> Text<'a> {
        self.0
    }

    /// The value of a name.
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
            _ => ParamValue::Token(text.token()?),
        };
        Ok(AuthParam {
            name: AuthName::from_text(name_text),
            name_text,
            value,
        })
    }
}

impl<'a> Value<'a> for AuthParams<'a> {
    fn read(text: &mut Text<'a>) -> Result<Self, Error> {
        let start = *text;
        let so_far = |text: &Text<'a>| Self(start.split(text.offset() - start.offset()).0);
        let mut known = 0_u32;
        for _ in 0..MAX_PARAMS {
            let AuthParam {
                name, name_text, ..
            } = Self::read_one(text)?;
            // What is not known, and is rare, is looked for in what stands in front of it.
            let is_repeated = match name {
                AuthName::Other => {
                    let mut before = so_far(&name_text).into_iter();
                    before.any(|param| param.name_text.is(name_text))
                }
                _ => known & 1 << name as u32 != 0,
            };
            if is_repeated {
                return Err(Error::Repeated {
                    offset: name_text.offset(),
                });
            }
            known |= 1 << name as u32;
            if !text.took_separator(b',') {
                return Ok(so_far(text));
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
        let param = AuthParams::read_one(&mut self.0).ok()?;
        self.0.took_separator(b',');
        Some(param)
    }
}
