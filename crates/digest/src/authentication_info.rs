// SPDX-License-Identifier: MIT OR Apache-2.0
//! Authentication-Info (RFC 7616 section 3.5), as it comes in.

use sipseal_sip::{AuthName, AuthParams, QuotedString, Text, Value};

use crate::Error;
use crate::challenge::quoted;

/// What a server says after it has let a request through.
#[derive(Default)]
pub(crate) struct AuthenticationInfo<'a> {
    pub(crate) next_nonce: Option<QuotedString<'a>>,
    pub(crate) rspauth: Option<QuotedString<'a>>,
    pub(crate) cnonce: Option<QuotedString<'a>>,
    /// The nonce count, if it is there.
    pub(crate) nc: Option<u32>,
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
