// SPDX-License-Identifier: MIT OR Apache-2.0
//! Authentication-Info (RFC 7616 section 3.5), as it comes in.

use sipseal_sip::{AuthParams, QuotedString, Text, Value};

use crate::Error;
use crate::challenge::quoted;

/// What a server says after it has let a request through.
pub(crate) struct AuthenticationInfo<'a> {
    pub(crate) next_nonce: Option<QuotedString<'a>>,
    pub(crate) rspauth: Option<QuotedString<'a>>,
    pub(crate) cnonce: Option<QuotedString<'a>>,
    /// The nonce count, if it is there.
    pub(crate) nc: Option<u32>,
}

impl<'a> AuthenticationInfo<'a> {
    pub(crate) fn read(value: Text<'a>) -> Result<Self, Error> {
        let params = AuthParams::parse(value)?;
        let nc = params.get("nc").map(|nc| read_nc(nc.raw())).transpose()?;
        Ok(Self {
            next_nonce: quoted(params, "nextnonce")?,
            rspauth: quoted(params, "rspauth")?,
            cnonce: quoted(params, "cnonce")?,
            nc,
        })
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
