// SPDX-License-Identifier: MIT OR Apache-2.0
//! name-addr and addr-spec with their parameters: From, To, Contact, Route, Record-Route (RFC 3261 section 20.10).

use crate::lexical::{is_space, is_token};
use crate::{Error, Params, QuotedString, Text, Uri, Value};

/// An address: `"Bob" <sip:bob@biloxi.com>;tag=a48s`, or `sip:bob@biloxi.com;tag=a48s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// The display name, if there is one.
    pub display_name: Option<DisplayName<'a>>,
    /// The URI as it stands.
    pub uri_text: Text<'a>,
    /// The URI.
    pub uri: Uri<'a>,
    /// The parameters of the header field. Without angle brackets, all parameters are of this kind.
    pub params: Params<'a>,
}

/// A display name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisplayName<'a> {
    /// Tokens with space between them.
    Tokens(Text<'a>),
    /// A quoted string.
    Quoted(QuotedString<'a>),
}

impl<'a> Address<'a> {
    /// The tag, of From and To.
    #[must_use]
    pub fn tag(&self) -> Option<Text<'a>> {
        Some(self.params.get("tag")?.value?.raw())
    }

    fn display_name(text: &mut Text<'a>) -> Result<Option<DisplayName<'a>>, Error> {
        match text.first() {
            Some(b'"') => return Ok(Some(DisplayName::Quoted(text.quoted_string()?))),
            Some(b'<') => return Ok(None),
            _ => {}
        }
        let start = *text;
        let mut end = start.offset();
        loop {
            if text.take_while(is_token).is_empty() {
                break;
            }
            end = text.offset();
            text.skip_space();
        }
        match text.first() {
            // RFC 4475 section 3.1.1.6: no space is needed between a token and the bracket.
            Some(b'<') => {
                let (tokens, _) = start.split(end - start.offset());
                Ok(Some(DisplayName::Tokens(tokens)))
            }
            // It was the scheme of a URI.
            Some(b':') => {
                *text = start;
                Ok(None)
            }
            _ => Err(text.syntax()),
        }
    }
}

impl<'a> Value<'a> for Address<'a> {
    fn read(text: &mut Text<'a>) -> Result<Self, Error> {
        let display_name = Self::display_name(text)?;
        text.skip_space();
        let uri_text = if text.took(b'<') {
            let uri = text.take_while(|octet| octet != b'>');
            text.expect(b'>')?;
            uri
        } else if display_name.is_some() {
            return Err(text.syntax());
        } else {
            // With a comma, question mark or semicolon in it, a URI must stand in brackets.
            let uri = text.take_while(|octet| !is_space(octet) && !b",;?<>\r\n".contains(&octet));
            if text.first() == Some(b'?') {
                return Err(text.syntax());
            }
            uri
        };
        Ok(Self {
            display_name,
            uri_text,
            uri: Uri::parse(uri_text)?,
            params: Params::read(text)?,
        })
    }
}

/// An element of Contact: an address, or the asterisk that removes all bindings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // There is no heap to put an address on.
pub enum Contact<'a> {
    /// `*`
    All,
    /// An address.
    Address(Address<'a>),
}

impl Contact<'_> {
    /// The `expires` parameter, in seconds.
    ///
    /// # Errors
    ///
    /// [`Error::Syntax`] or [`Error::Range`] if it is no number of 32 bits.
    pub fn expires(&self) -> Result<Option<u32>, Error> {
        let Self::Address(address) = self else {
            return Ok(None);
        };
        let Some(value) = address.params.get("expires").and_then(|param| param.value) else {
            return Ok(None);
        };
        let seconds = value.raw().number(u64::from(u32::MAX))?;
        Ok(u32::try_from(seconds).ok())
    }
}

impl<'a> Value<'a> for Contact<'a> {
    fn read(text: &mut Text<'a>) -> Result<Self, Error> {
        let mut rest = *text;
        // `*` is a token as well, so a display name could begin with one.
        if rest.took(b'*') && rest.finish().is_ok() {
            text.take(1);
            return Ok(Self::All);
        }
        Address::read(text).map(Self::Address)
    }
}
