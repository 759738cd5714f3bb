// SPDX-License-Identifier: MIT OR Apache-2.0
//! Header fields (RFC 3261 section 7.3).

use crate::lexical::{fold_len, is_space};
use crate::{Error, Text};

/// Most header fields of a message.
pub const MAX_HEADER_FIELDS: usize = 256;

/// A header field: its name and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// Which it is.
    pub name: Name,
    /// Its name as it stands.
    pub name_text: Text<'a>,
    /// Its value, without the space around it and with the folds in it.
    pub value: Text<'a>,
}

macro_rules! names {
    ($($variant:ident $text:literal $($compact:literal)?,)+) => {
        /// The header fields that have a meaning here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Name {
            $(#[doc = $text] $variant,)+
            /// Any other, which keeps its name in [`Header::name_text`].
            Other,
        }

        /// In full and in compact form (RFC 3261 section 7.3.3).
        static NAMES: &[(Name, &str, &str)] = &[$((Name::$variant, $text, concat!($($compact)?)),)+];
    };
}

names! {
    Accept "Accept",
    AuthenticationInfo "Authentication-Info",
    Authorization "Authorization",
    CallId "Call-ID" "i",
    Contact "Contact" "m",
    ContentLength "Content-Length" "l",
    ContentType "Content-Type" "c",
    CSeq "CSeq",
    Date "Date",
    Expires "Expires",
    From "From" "f",
    Identity "Identity" "y",
    MaxForwards "Max-Forwards",
    ProxyAuthenticate "Proxy-Authenticate",
    ProxyAuthenticationInfo "Proxy-Authentication-Info",
    ProxyAuthorization "Proxy-Authorization",
    RecordRoute "Record-Route",
    Route "Route",
    To "To" "t",
    Via "Via" "v",
    WwwAuthenticate "WWW-Authenticate",
}

impl Name {
    /// The name in full; empty for [`Name::Other`].
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let known = NAMES.iter().find(|(name, ..)| *name == self);
        known.map_or("", |(_, text, _)| text)
    }

    /// By its name, in full or in compact form, in upper or lower case.
    #[must_use]
    #[inline(never)]
    pub fn from_text(name: Text<'_>) -> Self {
        // No compact form is empty, and neither is a name.
        let is_it = |(_, text, compact): &&(Self, &str, &str)| name.is(text) || name.is(compact);
        let known = NAMES.iter().find(is_it);
        known.map_or(Self::Other, |(name, ..)| *name)
    }
}

/// Header fields one after the other: the line that ends them is not among them.
///
/// After an error there is nothing more.
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    rest: Text<'a>,
    left: usize,
}

impl<'a> Headers<'a> {
    /// Header fields, each with its line end, up to an empty line or the end.
    #[must_use]
    pub fn new(text: impl Into<Text<'a>>) -> Self {
        Self {
            rest: text.into(),
            left: MAX_HEADER_FIELDS,
        }
    }

    /// What follows the empty line, once all header fields are taken.
    pub(crate) fn after(self) -> Result<Text<'a>, Error> {
        let mut rest = self.rest;
        rest.expect(b'\r')?;
        rest.expect(b'\n')?;
        Ok(rest)
    }

    fn read(&mut self) -> Result<Header<'a>, Error> {
        let text = &mut self.rest;
        let name_text = text.token()?;
        // HCOLON: space may stand in front of the colon, but no fold.
        text.take_while(is_space);
        text.expect(b':')?;
        text.skip_space();
        self.left = self.left.checked_sub(1).ok_or(Error::TooMany {
            offset: name_text.offset(),
        })?;

        let start = *text;
        loop {
            text.take_while(|octet| octet != b'\r' && octet != b'\n');
            match fold_len(text.octets()) {
                Some(len) => text.take(len),
                None => break,
            };
        }
        let (value, _) = start.split(text.offset() - start.offset());
        text.expect(b'\r')?;
        text.expect(b'\n')?;
        Ok(Header {
            name: Name::from_text(name_text),
            name_text,
            value: value.trim_end(),
        })
    }
}

impl<'a> Iterator for Headers<'a> {
    type Item = Result<Header<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if matches!(self.rest.octets(), [] | [b'\r', ..]) {
            return None;
        }
        let header = self.read();
        if header.is_err() {
            self.rest = Text::default();
        }
        Some(header)
    }
}
