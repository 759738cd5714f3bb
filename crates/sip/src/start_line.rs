// SPDX-License-Identifier: MIT OR Apache-2.0
//! Request lines and status lines (RFC 3261 section 7.1, 7.2).

use crate::lexical::is_token;
use crate::{Error, Text, Uri};

/// The first line of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartLine<'a> {
    /// Of a request.
    Request(RequestLine<'a>),
    /// Of a response.
    Response(StatusLine<'a>),
}

/// Method and Request-URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLine<'a> {
    /// The method, in upper or lower case as it stands: methods are case-sensitive.
    pub method: Text<'a>,
    /// The Request-URI as it stands; [`RequestLine::parsed_uri`] looks into it.
    pub uri: Text<'a>,
}

impl<'a> RequestLine<'a> {
    /// The Request-URI.
    ///
    /// # Errors
    ///
    /// [`Error::Syntax`]; [`Error::TooMany`] parameters. A SIP URI that carries header fields is none here
    /// (RFC 3261 section 19.1.1).
    pub fn parsed_uri(&self) -> Result<Uri<'a>, Error> {
        let uri = Uri::parse(self.uri)?;
        match uri {
            Uri::Sip(sip) if !sip.headers.is_empty() => Err(sip.headers.syntax()),
            _ => Ok(uri),
        }
    }
}

/// Status code and reason phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusLine<'a> {
    /// 100 to 699.
    pub code: u16,
    /// For humans, perhaps empty.
    pub reason: Text<'a>,
}

const VERSION: &[u8] = b"SIP/2.0";

impl<'a> StartLine<'a> {
    /// Reads a line, which has no line end any more.
    pub(crate) fn parse(mut line: Text<'a>) -> Result<Self, Error> {
        let start = line;
        let first = line.take_while(|octet| is_token(octet) || octet == b'/');
        if first.octets().contains(&b'/') {
            return Self::status_line(first, line);
        }
        if first.is_empty() {
            return Err(start.syntax());
        }
        line.expect(b' ')?;
        let uri = line.take_some(|octet| octet > b' ' && octet != b'<' && octet != 0x7f)?;
        line.expect(b' ')?;
        check_version(line)?;
        Ok(Self::Request(RequestLine { method: first, uri }))
    }

    fn status_line(version: Text<'a>, mut line: Text<'a>) -> Result<Self, Error> {
        check_version(version)?;
        line.expect(b' ')?;
        let digits = line.take_some(|octet| octet.is_ascii_digit())?;
        let code = digits.number(699).ok().filter(|code| *code >= 100);
        let (Some(code), 3) = (code, digits.len()) else {
            return Err(Error::Range {
                offset: digits.offset(),
            });
        };
        // The space is required even in front of no reason at all, and some leave it out.
        if !line.is_empty() {
            line.expect(b' ')?;
        }
        Ok(Self::Response(StatusLine {
            code: u16::try_from(code).unwrap_or_default(),
            reason: line,
        }))
    }
}

fn check_version(version: Text<'_>) -> Result<(), Error> {
    if version.is(VERSION) {
        return Ok(());
    }
    let mut rest = version;
    let is_version = rest.take(4).is("SIP/")
        && !rest.take_while(|octet| octet.is_ascii_digit()).is_empty()
        && rest.took(b'.')
        && !rest.take_while(|octet| octet.is_ascii_digit()).is_empty()
        && rest.is_empty();
    Err(if is_version {
        Error::Version {
            offset: version.offset(),
        }
    } else {
        version.syntax()
    })
}
