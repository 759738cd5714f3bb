// SPDX-License-Identifier: MIT OR Apache-2.0
//! A whole message (RFC 3261 section 7).

use crate::values::SINGLE;
use crate::{
    Address, CSeq, CallId, Contact, Error, Header, Headers, List, MediaType, Name, Number,
    StartLine, Text, Value, Via,
};

/// Octets of the longest message that is read.
pub const MAX_MESSAGE_LEN: usize = 65_535;

/// A message: start line, header fields and body.
///
/// ```text
///   INVITE sip:bob@biloxi.com SIP/2.0          start line
///   Via: SIP/2.0/UDP pc33.atlanta.com          header fields
///   Content-Length: 142
///                                              empty line
///   v=0 ...                                    body
/// ```
///
/// All header fields have the form of one. Those that are read by a method here are checked by it, and all of
/// them by [`Message::check`].
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    start_line: StartLine<'a>,
    headers: Text<'a>,
    body: Text<'a>,
}

impl<'a> Message<'a> {
    /// Reads a message that fills a datagram. What follows its body, if it has a Content-Length, is ignored
    /// (RFC 3261 section 18.3); without one the body goes to the end.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`], [`Error::Syntax`], [`Error::Version`]; [`Error::Range`] of a status code;
    /// [`Error::TooMany`] header fields; [`Error::Repeated`] for a second Content-Length; [`Error::Truncated`]
    /// if the body is shorter than it says.
    pub fn parse(octets: &'a [u8]) -> Result<Self, Error> {
        if octets.len() > MAX_MESSAGE_LEN {
            return Err(Error::TooLong);
        }
        let mut text = Text::from(octets);
        // Empty lines may stand in front (section 7.5).
        while matches!(text.octets(), [b'\r', b'\n', ..]) {
            text.take(2);
        }
        let line = text.take_while(|octet| octet != b'\r' && octet != b'\n');
        let start_line = StartLine::parse(line)?;
        text.expect(b'\r')?;
        text.expect(b'\n')?;

        let mut headers = Headers::new(text);
        let mut content_length = None;
        for header in &mut headers {
            let header = header?;
            if header.name == Name::ContentLength {
                if content_length.is_some() {
                    return Err(Error::Repeated {
                        offset: header.name_text.offset(),
                    });
                }
                content_length = Some(Number::parse(header.value)?);
            }
        }
        let mut body = headers.after()?;
        let (headers, _) = text.split(body.offset() - text.offset());
        if let Some(Number(len)) = content_length {
            let len = usize::try_from(len).unwrap_or(usize::MAX);
            if len > body.len() {
                return Err(Error::Truncated);
            }
            body = body.take(len);
        }
        Ok(Self {
            start_line,
            headers,
            body,
        })
    }

    /// The start line.
    #[must_use]
    pub const fn start_line(&self) -> StartLine<'a> {
        self.start_line
    }

    /// The status code, of a response.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self.start_line {
            StartLine::Response(line) => Some(line.code),
            StartLine::Request(_) => None,
        }
    }

    /// The header fields in their order.
    #[must_use]
    pub fn headers(&self) -> Headers<'a> {
        Headers::new(self.headers)
    }

    /// The body, perhaps empty.
    #[must_use]
    pub const fn body(&self) -> Text<'a> {
        self.body
    }

    /// The header fields of a name.
    #[must_use]
    pub fn fields(&self, name: Name) -> Fields<'a> {
        Fields {
            headers: self.headers(),
            name,
        }
    }

    /// The values of all header fields of a name.
    #[must_use]
    pub fn list<T: Value<'a>>(&self, name: Name) -> List<'a, T> {
        List::new(self.fields(name))
    }

    /// The value of a header field that may be there once.
    ///
    /// # Errors
    ///
    /// [`Error::Repeated`], and what the value is refused for.
    pub fn one<T: Value<'a>>(&self, name: Name) -> Result<Option<T>, Error> {
        let mut fields = self.fields(name);
        let Some(first) = fields.next() else {
            return Ok(None);
        };
        if let Some(again) = fields.next() {
            return Err(Error::Repeated {
                offset: again.name_text.offset(),
            });
        }
        T::parse(first.value).map(Some)
    }

    /// The same of a header field that must be there.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], [`Error::Repeated`], and what the value is refused for.
    pub fn required<T: Value<'a>>(&self, name: Name) -> Result<T, Error> {
        self.one(name)?.ok_or(Error::Missing { name })
    }

    /// Checks all that RFC 3261 section 8.1.1 and 20 say of the header fields known here: From, To, Call-ID, CSeq
    /// and Via are there, nothing is there twice that may be there once, CSeq has the method of the request, and
    /// each value follows its grammar. Nothing is asked for that RFC 2543 did not have: Max-Forwards, tags and
    /// branches may be missing.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], [`Error::Repeated`], [`Error::Mismatch`], [`Error::Syntax`], [`Error::Range`],
    /// [`Error::Version`] or [`Error::TooMany`].
    pub fn check(&self) -> Result<(), Error> {
        for name in SINGLE {
            let mut fields = self.fields(name);
            fields.next();
            if let Some(again) = fields.next() {
                return Err(Error::Repeated {
                    offset: again.name_text.offset(),
                });
            }
        }
        self.required::<Address<'_>>(Name::From)?;
        self.required::<Address<'_>>(Name::To)?;
        self.required::<CallId<'_>>(Name::CallId)?;
        let cseq = self.required::<CSeq<'_>>(Name::CSeq)?;
        if let StartLine::Request(line) = self.start_line {
            line.parsed_uri()?;
            if line.method != cseq.method {
                return Err(Error::Mismatch {
                    offset: cseq.method.offset(),
                });
            }
        }
        let mut hops = self.list::<Via<'_>>(Name::Via);
        hops.next().ok_or(Error::Missing { name: Name::Via })??;
        hops.try_for_each(|via| via.map(|_| ()))?;

        for contact in self.list::<Contact<'_>>(Name::Contact) {
            contact?.expires()?;
        }
        for name in [Name::Route, Name::RecordRoute] {
            self.list::<Address<'_>>(name)
                .try_for_each(|route| route.map(|_| ()))?;
        }
        for name in [Name::Expires, Name::MaxForwards] {
            self.one::<Number>(name)?;
        }
        if let Some(field) = self.fields(Name::MaxForwards).next() {
            field.value.number(255)?;
        }
        self.one::<MediaType<'_>>(Name::ContentType)?;
        Ok(())
    }
}

/// The header fields of one name.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    headers: Headers<'a>,
    name: Name,
}

impl Fields<'_> {
    pub(crate) fn end(&mut self) {
        self.headers = Headers::new(Text::default());
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Header<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let name = self.name;
        // Reading the message has checked them all.
        self.headers
            .by_ref()
            .map_while(Result::ok)
            .find(|header| header.name == name)
    }
}
