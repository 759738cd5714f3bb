// SPDX-License-Identifier: MIT OR Apache-2.0
//! Credentials (RFC 7616 section 3.4), as they come in.

use sipseal_sip::{AuthName, AuthParam, Authentication, ParamValue, QuotedString, Text, Value};

use crate::authentication_info::read_nc;
use crate::challenge::quoted;
use crate::{MAX_USERNAME_LEN, Refusal};

/// What an Authorization says, before anything is made of it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Credentials<'m> {
    pub(crate) username: Option<QuotedString<'m>>,
    username_star: Option<Text<'m>>,
    pub(crate) realm: Option<QuotedString<'m>>,
    pub(crate) nonce: Option<QuotedString<'m>>,
    pub(crate) uri: Option<QuotedString<'m>>,
    pub(crate) response: Option<QuotedString<'m>>,
    pub(crate) cnonce: Option<QuotedString<'m>>,
    pub(crate) algorithm: Option<ParamValue<'m>>,
    pub(crate) qop: Option<ParamValue<'m>>,
    pub(crate) nc: Option<u32>,
    pub(crate) userhash: bool,
}

impl<'m> Credentials<'m> {
    /// Reads what a header field says, in the place of what is here. Whether that is of the Digest scheme.
    #[inline(never)]
    pub(crate) fn read(&mut self, value: Text<'m>) -> Result<bool, Refusal> {
        let Some(params) = Authentication::parse(value)?.digest()? else {
            return Ok(false);
        };
        *self = Self::default();
        for param in params {
            self.take(param)?;
        }
        Ok(true)
    }

    #[inline(never)]
    fn take(&mut self, param: AuthParam<'m>) -> Result<(), Refusal> {
        let value = param.value;
        let text = match param.name {
            AuthName::Username => &mut self.username,
            AuthName::Realm => &mut self.realm,
            AuthName::Nonce => &mut self.nonce,
            AuthName::Uri => &mut self.uri,
            AuthName::Response => &mut self.response,
            AuthName::Cnonce => &mut self.cnonce,
            other => {
                match other {
                    AuthName::UsernameStar => self.username_star = Some(value.raw()),
                    AuthName::Algorithm => self.algorithm = Some(value),
                    AuthName::Qop => self.qop = Some(value),
                    AuthName::Nc => {
                        let nc = read_nc(value.raw()).map_err(|_| Refusal::Malformed)?;
                        self.nc = Some(nc);
                    }
                    AuthName::Userhash => self.userhash = value.is("true"),
                    _ => {}
                }
                return Ok(());
            }
        };
        *text = Some(quoted(value).map_err(|_| Refusal::Malformed)?);
        Ok(())
    }

    /// The user name, if it stands there as it is meant.
    pub(crate) fn plain_username(&self) -> Option<&'m [u8]> {
        let plain = self.username?.plain()?;
        (plain.len() <= MAX_USERNAME_LEN).then_some(plain)
    }

    /// The user name: `username`, or `username*` (RFC 7616 section 3.4), which is percent-encoded UTF-8.
    pub(crate) fn unescape_username<'o>(
        &self,
        out: &'o mut [u8; MAX_USERNAME_LEN],
    ) -> Option<&'o [u8]> {
        if let Some(name) = self.username {
            return crate::account::unescape(name, out);
        }
        let (charset, encoded) = self.username_star?.octets().split_at_checked(5)?;
        if !charset.eq_ignore_ascii_case(b"UTF-8") {
            return None;
        }
        // charset ' language ' value
        let mut rest = encoded.splitn(3, |octet| *octet == b'\'').nth(2)?;
        let mut len = 0;
        loop {
            let (octet, after) = match rest {
                [] => return out.get(..len),
                [b'%', high, low, after @ ..] => {
                    let digit = |octet: u8| char::from(octet).to_digit(16);
                    let octet = digit(*high)? << 4 | digit(*low)?;
                    (u8::try_from(octet).ok()?, after)
                }
                [octet, after @ ..] => (*octet, after),
            };
            *out.get_mut(len)? = octet;
            len += 1;
            rest = after;
        }
    }
}
