// SPDX-License-Identifier: MIT OR Apache-2.0
//! Session descriptions (RFC 8866), as far as security needs them.
//!
//! ```text
//!   v=0                                     session: what holds for all media
//!   o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1
//!   c=IN IP4 198.51.100.1
//!   t=0 0
//!   m=audio 49170 RTP/SAVP 0                media: its line, and what holds for it
//!   a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:...
//! ```

use crate::lexical::is_token;
use crate::{Error, Text};

/// Octets of the longest session description that is read.
pub const MAX_SDP_LEN: usize = 65_535;

/// A session description. Every line has the form of one.
#[derive(Clone, Copy, Debug)]
pub struct Sdp<'a> {
    session: Text<'a>,
    media: Text<'a>,
}

impl<'a> Sdp<'a> {
    /// Reads a description, from its `v=0` on. Lines end with CRLF or, as section 5 asks readers to bear, with LF.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`]; [`Error::Version`] if it does not begin with `v=0`; [`Error::Syntax`] and
    /// [`Error::Range`] for lines that are none, and for the `m=` lines.
    pub fn parse(text: impl Into<Text<'a>>) -> Result<Self, Error> {
        let text = text.into();
        if text.len() > MAX_SDP_LEN {
            return Err(Error::TooLong);
        }
        let mut rest = text;
        let first = read_line(&mut rest)?;
        if first.kind != b'v' || first.value.octets() != b"0" {
            return Err(Error::Version {
                offset: text.offset(),
            });
        }
        let mut first_media = None;
        while !rest.is_empty() {
            let line = read_line(&mut rest)?;
            if line.kind == b'm' {
                first_media.get_or_insert(line.value.offset() - 2);
                Media::new(line, Text::default())?;
            }
        }
        let session_len = first_media.map_or(text.len(), |at| at - text.offset());
        let (session, media) = text.split(session_len);
        Ok(Self { session, media })
    }

    /// The lines in front of the first `m=`.
    #[must_use]
    pub const fn session(&self) -> Lines<'a> {
        Lines(self.session)
    }

    /// The media sections in their order.
    #[must_use]
    pub const fn media(&self) -> MediaSections<'a> {
        MediaSections(self.media)
    }
}

/// A line: `a=sendrecv` is of kind `a` and has the value `sendrecv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The letter.
    pub kind: u8,
    /// What follows the equals sign, without the line end.
    pub value: Text<'a>,
    /// All of it, without the line end.
    pub text: Text<'a>,
}

impl<'a> Line<'a> {
    /// The attribute, if it is one.
    #[must_use]
    pub fn attribute(&self) -> Option<Attribute<'a>> {
        if self.kind != b'a' {
            return None;
        }
        let (name, mut value) = self.value.split_where(|octet| octet == b':');
        let has_value = value.took(b':');
        Some(Attribute {
            name,
            value: has_value.then_some(value),
            line: self.text,
        })
    }
}

/// An attribute: `a=name` or `a=name:value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Its name: attributes are case-sensitive.
    pub name: Text<'a>,
    /// Its value, if it has one.
    pub value: Option<Text<'a>>,
    /// The whole line, from its `a=` on.
    pub line: Text<'a>,
}

/// Lines one after the other.
#[derive(Clone, Debug)]
pub struct Lines<'a>(Text<'a>);

impl<'a> Lines<'a> {
    /// The attributes of a name, in their order.
    pub fn attributes(self, name: &str) -> impl Iterator<Item = Attribute<'a>> + use<'a, '_> {
        self.filter_map(|line| line.attribute())
            .filter(move |attribute| attribute.name.octets() == name.as_bytes())
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        read_line(&mut self.0).ok()
    }
}

/// A media section: its `m=` line and what follows it.
#[derive(Clone, Copy, Debug)]
pub struct Media<'a> {
    /// Such as `audio`.
    pub kind: Text<'a>,
    /// 0 if the media is refused.
    pub port: u16,
    /// How many ports, 1 where the line does not say.
    pub port_count: u16,
    /// Such as `RTP/SAVP`.
    pub protocol: Text<'a>,
    /// What follows the protocol, such as `0 8 101`.
    pub formats: Text<'a>,
    lines: Text<'a>,
}

impl<'a> Media<'a> {
    /// The lines below the `m=` line.
    #[must_use]
    pub const fn lines(&self) -> Lines<'a> {
        Lines(self.lines)
    }

    fn new(line: Line<'a>, lines: Text<'a>) -> Result<Self, Error> {
        let mut text = line.value;
        let kind = text.token()?;
        text.expect(b' ')?;
        let port = take_port(&mut text)?;
        let port_count = if text.took(b'/') {
            take_port(&mut text)?
        } else {
            1
        };
        text.expect(b' ')?;
        let protocol = text.take_some(|octet| is_token(octet) || octet == b'/')?;
        text.expect(b' ')?;
        if text.is_empty() {
            return Err(text.syntax());
        }
        Ok(Self {
            kind,
            port,
            port_count,
            protocol,
            formats: text,
            lines,
        })
    }
}

/// Media sections one after the other.
#[derive(Clone, Debug)]
pub struct MediaSections<'a>(Text<'a>);

impl<'a> Iterator for MediaSections<'a> {
    type Item = Media<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let line = read_line(&mut self.0).ok()?;
        let next = Lines(self.0).find(|line| line.kind == b'm');
        let len = next.map_or(self.0.len(), |next| next.text.offset() - self.0.offset());
        let lines = self.0.take(len);
        Media::new(line, lines).ok()
    }
}

fn read_line<'a>(text: &mut Text<'a>) -> Result<Line<'a>, Error> {
    let mut line = text.take_while(|octet| !matches!(octet, 0 | b'\r' | b'\n'));
    if !text.is_empty() {
        text.took(b'\r');
        text.expect(b'\n')?;
    }
    let whole = line;
    let kind = line.take_some(|octet| octet.is_ascii_lowercase())?;
    let [kind] = kind.octets() else {
        return Err(kind.syntax());
    };
    line.expect(b'=')?;
    Ok(Line {
        kind: *kind,
        value: line,
        text: whole,
    })
}

fn take_port(text: &mut Text<'_>) -> Result<u16, Error> {
    let digits = text.take_some(|octet| octet.is_ascii_digit())?;
    let port = digits.number(u64::from(u16::MAX))?;
    u16::try_from(port).map_err(|_| digits.syntax())
}
