// SPDX-License-Identifier: MIT OR Apache-2.0
//! Parameters of header fields: generic-param of RFC 3261 section 25.1.

use crate::lexical::is_token;
use crate::{Error, QuotedString, Text, Unescaped};

/// A parameter: `;name`, `;name=value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param<'a> {
    /// Its name, in any case.
    pub name: Text<'a>,
    /// Its value, if it has one.
    pub value: Option<ParamValue<'a>>,
}

/// The value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamValue<'a> {
    /// A token, a host, or what else stands there without quotes.
    Token(Text<'a>),
    /// A quoted string.
    Quoted(QuotedString<'a>),
}

impl<'a> ParamValue<'a> {
    /// The value as it stands, without its quotes.
    #[must_use]
    pub fn raw(self) -> Text<'a> {
        match self {
            Self::Token(text) => text,
            Self::Quoted(quoted) => quoted.raw(),
        }
    }

    /// The value as it would stand between quotes.
    #[must_use]
    pub const fn quoted(self) -> QuotedString<'a> {
        match self {
            // There is no backslash and no quote in it.
            Self::Token(text) => QuotedString::new(text),
            Self::Quoted(quoted) => quoted,
        }
    }

    /// What is meant, octet for octet.
    #[must_use]
    pub fn unescaped(self) -> Unescaped<'a> {
        self.quoted().unescaped()
    }

    /// Whether this is what is meant, in upper or lower case.
    #[must_use]
    pub fn is(self, text: &str) -> bool {
        let lower = |octet: u8| octet.to_ascii_lowercase();
        self.unescaped().map(lower).eq(text.bytes().map(lower))
    }
}

/// The parameters behind a value, in their order. All of them follow the grammar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Params<'a>(Text<'a>);

impl<'a> Params<'a> {
    /// Reads parameters from the front of a text.
    pub(crate) fn read(text: &mut Text<'a>) -> Result<Self, Error> {
        let start = *text;
        while text.took_separator(b';') {
            Self::read_one(text)?;
        }
        Ok(Self(start.split(text.offset() - start.offset()).0))
    }

    fn read_one(text: &mut Text<'a>) -> Result<Param<'a>, Error> {
        let name = text.token()?;
        let value = if text.took_separator(b'=') {
            Some(match text.first() {
                Some(b'"') => ParamValue::Quoted(text.quoted_string()?),
                // Colons and brackets are those of a host.
                _ => ParamValue::Token(
                    text.take_some(|octet| is_token(octet) || b"[]:".contains(&octet))?,
                ),
            })
        } else {
            None
        };
        Ok(Param { name, value })
    }

    /// The parameter of a name, the first of them if there are more.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Param<'a>> {
        self.into_iter().find(|param| param.name.is(name))
    }

    /// The parameters as they stand, from their first semicolon on.
    #[must_use]
    pub const fn text(self) -> Text<'a> {
        self.0
    }
}

impl<'a> IntoIterator for Params<'a> {
    type Item = Param<'a>;
    type IntoIter = ParamsIter<'a>;

    fn into_iter(self) -> ParamsIter<'a> {
        ParamsIter(self.0)
    }
}

/// The parameters one by one.
#[derive(Clone, Debug)]
pub struct ParamsIter<'a>(Text<'a>);

impl<'a> Iterator for ParamsIter<'a> {
    type Item = Param<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.0.took_separator(b';') {
            return None;
        }
        Params::read_one(&mut self.0).ok()
    }
}
