// SPDX-License-Identifier: MIT OR Apache-2.0
//! Values of header fields, alone and in lists.

use crate::lexical::is_word;
use crate::{Error, Name, Params, Text, message::Fields};

/// What a header field holds, once or in a list.
pub trait Value<'a>: Sized {
    /// Reads one value from the front of a text, which is then what follows it.
    ///
    /// # Errors
    ///
    /// [`Error::Syntax`], [`Error::Range`] and others with their offset.
    fn read(text: &mut Text<'a>) -> Result<Self, Error>;

    /// Reads a value that is all there is.
    ///
    /// # Errors
    ///
    /// As [`Value::read`], and [`Error::Syntax`] for what follows.
    fn parse(text: impl Into<Text<'a>>) -> Result<Self, Error> {
        let mut text = text.into();
        text.skip_space();
        let value = Self::read(&mut text)?;
        text.finish()?;
        Ok(value)
    }
}

/// The values of all header fields of a name: separated by commas, in several header fields, or both (RFC 3261
/// section 7.3.1).
///
/// After an error there is nothing more.
#[derive(Clone, Debug)]
pub struct List<'a, T> {
    fields: Fields<'a>,
    field: Option<Text<'a>>,
    value: core::marker::PhantomData<fn() -> T>,
}

impl<'a, T> List<'a, T> {
    pub(crate) fn new(fields: Fields<'a>) -> Self {
        Self {
            fields,
            field: None,
            value: core::marker::PhantomData,
        }
    }
}

impl<'a, T: Value<'a>> Iterator for List<'a, T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut text = match self.field.take() {
            Some(text) => text,
            None => self.fields.next()?.value,
        };
        let value = T::read(&mut text).and_then(|value| {
            if text.took_separator(b',') {
                self.field = Some(text);
            } else {
                text.finish()?;
            }
            Ok(value)
        });
        if value.is_err() {
            self.fields.end();
        }
        Some(value)
    }
}

/// CSeq (RFC 3261 section 20.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CSeq<'a> {
    /// The sequence number.
    pub number: u32,
    /// The method.
    pub method: Text<'a>,
}

impl<'a> Value<'a> for CSeq<'a> {
    fn read(text: &mut Text<'a>) -> Result<Self, Error> {
        let Number(number) = Number::read(text)?;
        text.expect_space()?;
        let method = text.token()?;
        Ok(Self { number, method })
    }
}

/// Call-ID (RFC 3261 section 20.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallId<'a>(pub Text<'a>);

impl<'a> Value<'a> for CallId<'a> {
    fn read(text: &mut Text<'a>) -> Result<Self, Error> {
        let start = *text;
        text.take_some(is_word)?;
        if text.took(b'@') {
            text.take_some(is_word)?;
        }
        Ok(Self(start.split(text.offset() - start.offset()).0))
    }
}

/// A number of seconds, octets or hops: Expires, Content-Length, Max-Forwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub u32);

impl<'a> Value<'a> for Number {
    fn read(text: &mut Text<'a>) -> Result<Self, Error> {
        let digits = text.take_some(|octet| octet.is_ascii_digit())?;
        let number = digits.number(u64::from(u32::MAX))?;
        u32::try_from(number).map(Self).map_err(|_| digits.syntax())
    }
}

/// Content-Type, or an element of Accept (RFC 3261 section 20.15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaType<'a> {
    /// Such as `application`.
    pub kind: Text<'a>,
    /// Such as `sdp`.
    pub subtype: Text<'a>,
    /// Such as `boundary`.
    pub params: Params<'a>,
}

impl MediaType<'_> {
    /// Whether it is this type, whatever its parameters.
    #[must_use]
    pub fn is(&self, kind: &str, subtype: &str) -> bool {
        self.kind.is(kind) && self.subtype.is(subtype)
    }
}

impl<'a> Value<'a> for MediaType<'a> {
    fn read(text: &mut Text<'a>) -> Result<Self, Error> {
        let kind = text.token()?;
        text.expect_separator(b'/')?;
        let subtype = text.token()?;
        let params = Params::read(text)?;
        Ok(Self {
            kind,
            subtype,
            params,
        })
    }
}

/// The header fields that can be there once (RFC 3261 section 20, table 2 and 3: no lists).
pub(crate) const SINGLE: [Name; 8] = [
    Name::CallId,
    Name::ContentLength,
    Name::ContentType,
    Name::CSeq,
    Name::Expires,
    Name::From,
    Name::MaxForwards,
    Name::To,
];
