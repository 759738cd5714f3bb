// SPDX-License-Identifier: MIT OR Apache-2.0
//! URIs: SIP and SIPS (RFC 3261 section 19.1), tel (RFC 3966), and others as they stand.

mod address;
mod compare;
mod tel;

pub use tel::TelUri;

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::lexical::is_unreserved;
use crate::{Error, Text};

/// Most parameters, and most header fields, of a URI.
pub const MAX_URI_PARAMS: usize = 64;

/// A URI. `==` is the comparison of RFC 3261 section 19.1.4 and RFC 3966 section 4. By the first, a parameter that one
/// SIP URI alone has makes no difference unless it is `user`, `ttl`, `method`, `maddr` or `transport`: one with `;gr` (RFC
/// 5627) equals the same without. Where that matters, compare the parameter as well, or the octets.
#[derive(Clone, Copy, Debug)]
pub enum Uri<'a> {
    /// SIP or SIPS.
    Sip(SipUri<'a>),
    /// A telephone number.
    Tel(TelUri<'a>),
    /// Another scheme, as it stands. Equal are those that are the same octet for octet.
    Other(Text<'a>),
}

/// A SIP or SIPS URI.
///
/// ```text
///   sips:alice:secret@atlanta.com:5061;transport=tcp?subject=project%20x
///   |    |     |      |           |    |             |
///   |    user  |      host        port parameters    header fields
///   scheme     password
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SipUri<'a> {
    /// Whether it is a SIPS URI.
    pub is_sips: bool,
    /// The user, with its escapes.
    pub user: Option<Text<'a>>,
    /// The password, with its escapes.
    pub password: Option<Text<'a>>,
    /// The host.
    pub host: Host<'a>,
    /// The port, if there is one.
    pub port: Option<u16>,
    /// The parameters.
    pub params: UriParams<'a>,
    /// The header fields, without the question mark.
    pub headers: Text<'a>,
}

/// A host. Names are equal in upper or lower case, addresses if they are the same address, and a name never equals
/// an address.
#[derive(Clone, Copy, Debug)]
pub enum Host<'a> {
    /// A name.
    Name(Text<'a>),
    /// An IPv4 address.
    V4(Ipv4Addr),
    /// An IPv6 address, which stands in brackets.
    V6(Ipv6Addr),
}

impl<'a> Uri<'a> {
    /// Reads a URI that is all there is.
    ///
    /// # Errors
    ///
    /// [`Error::Syntax`], [`Error::Range`] of a port, [`Error::TooMany`] parameters, or one of them [`Error::Repeated`].
    pub fn parse(text: impl Into<Text<'a>>) -> Result<Self, Error> {
        let text = text.into();
        let mut rest = text;
        let first =
            rest.take_some(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet))?;
        if !first
            .first()
            .is_some_and(|octet| octet.is_ascii_alphabetic())
        {
            return Err(text.syntax());
        }
        rest.expect(b':')?;
        if first.is("sip") || first.is("sips") {
            return SipUri::read(first.is("sips"), rest).map(Self::Sip);
        }
        if first.is("tel") {
            return TelUri::read(rest).map(Self::Tel);
        }
        // absoluteURI: none of it is looked at, but that it is visible.
        rest.take_some(|octet| octet.is_ascii_graphic() && !b"<>\"".contains(&octet))?;
        if !rest.is_empty() {
            return Err(rest.syntax());
        }
        Ok(Self::Other(text))
    }
}

impl<'a> SipUri<'a> {
    fn read(is_sips: bool, mut text: Text<'a>) -> Result<Self, Error> {
        let (mut user_info, after) = text.split_where(|octet| octet == b'@');
        let (mut user, mut password) = (None, None);
        if !after.is_empty() {
            user = Some(take_escaped(&mut user_info, b"&=+$,;?/")?);
            if user_info.took(b':') {
                password = Some(escaped(&mut user_info, b"&=+$,"));
            }
            if !user_info.is_empty() {
                return Err(user_info.syntax());
            }
            text = after;
            text.take(1);
        }
        let (host, port) = read_host_port(&mut text)?;
        let params = UriParams::read(&mut text, b"[]/:&+$")?;
        let mut headers = Text::default();
        if text.took(b'?') {
            headers = text;
            read_headers(&mut text)?;
        }
        if !text.is_empty() {
            return Err(text.syntax());
        }
        Ok(Self {
            is_sips,
            user,
            password,
            host,
            port,
            params,
            headers,
        })
    }
}

/// host [":" port]
pub(crate) fn read_host_port<'a>(text: &mut Text<'a>) -> Result<(Host<'a>, Option<u16>), Error> {
    let host = Host::read(text)?;
    // Of Via, where space may stand before the colon.
    if !text.took_separator(b':') {
        return Ok((host, None));
    }
    let digits = text.take_some(|octet| octet.is_ascii_digit())?;
    let port = digits.number(u64::from(u16::MAX))?;
    Ok((host, u16::try_from(port).ok()))
}

impl<'a> Host<'a> {
    fn read(text: &mut Text<'a>) -> Result<Self, Error> {
        let start = *text;
        if text.took(b'[') {
            let address =
                text.take_while(|octet| octet.is_ascii_hexdigit() || b":.".contains(&octet));
            text.expect(b']')?;
            return address::v6(address.octets())
                .map(Self::V6)
                .ok_or(start.syntax());
        }
        let name =
            text.take_some(|octet| octet.is_ascii_alphanumeric() || b"-.".contains(&octet))?;
        if let Some(address) = address::v4(name.octets()) {
            return Ok(Self::V4(address));
        }
        // hostname = *( domainlabel "." ) toplabel [ "." ]
        let octets = name.octets();
        let mut labels = octets
            .strip_suffix(b".")
            .unwrap_or(octets)
            .split(|octet| *octet == b'.');
        let is_label = |label: &[u8]| {
            label.first().is_some_and(|octet| *octet != b'-')
                && label.last().is_some_and(|octet| *octet != b'-')
        };
        let has_top = labels
            .clone()
            .next_back()
            .is_some_and(|label| label.first().is_some_and(u8::is_ascii_alphabetic));
        if has_top && labels.all(is_label) {
            Ok(Self::Name(name))
        } else {
            Err(start.syntax())
        }
    }
}

/// A parameter of a URI, with the escapes in it: `;transport=udp`, `;lr`.
#[derive(Clone, Copy, Debug)]
pub struct UriParam<'a> {
    /// Its name.
    pub name: Text<'a>,
    /// Its value, if it has one.
    pub value: Option<Text<'a>>,
}

/// The parameters of a URI, in their order.
#[derive(Clone, Copy, Debug, Default)]
pub struct UriParams<'a>(Text<'a>);

impl<'a> UriParams<'a> {
    pub(crate) fn read(text: &mut Text<'a>, allowed: &[u8]) -> Result<Self, Error> {
        let start = *text;
        let mut hashes = [0; MAX_URI_PARAMS];
        for at in 0..=MAX_URI_PARAMS {
            let before = *text;
            if !text.took(b';') {
                return Ok(Self(start.split(before.offset() - start.offset()).0));
            }
            let name = take_escaped(text, allowed)?;
            if text.took(b'=') {
                take_escaped(text, allowed)?;
            }
            // Once each (RFC 3261 section 19.1.1), or it would be another one that is compared. Names are looked at
            // again if they have the hash of one before.
            let hash = compare::hash(name);
            let mut before_it = hashes.iter().take(at);
            let so_far = Self(start.split(before.offset() - start.offset()).0);
            if before_it.any(|one| *one == hash)
                && so_far
                    .into_iter()
                    .any(|param| compare::is_same(param.name, name))
            {
                return Err(Error::Repeated {
                    offset: name.offset(),
                });
            }
            if let Some(place) = hashes.get_mut(at) {
                *place = hash;
            }
        }
        Err(Error::TooMany {
            offset: text.offset(),
        })
    }

    /// The parameter of a name, in any case and with or without escapes.
    #[must_use]
    pub fn get(self, name: &str) -> Option<UriParam<'a>> {
        let name = Text::from(name);
        self.into_iter()
            .find(|param| compare::is_same(param.name, name))
    }
}

impl<'a> IntoIterator for UriParams<'a> {
    type Item = UriParam<'a>;
    type IntoIter = UriParamsIter<'a>;

    fn into_iter(self) -> UriParamsIter<'a> {
        UriParamsIter(self.0)
    }
}

/// The parameters one by one.
#[derive(Clone, Debug)]
pub struct UriParamsIter<'a>(Text<'a>);

impl<'a> Iterator for UriParamsIter<'a> {
    type Item = UriParam<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.0.took(b';') {
            return None;
        }
        let (mut param, rest) = self.0.split_where(|octet| octet == b';');
        self.0 = rest;
        let name = param.take_while(|octet| octet != b'=');
        let value = param.took(b'=').then_some(param);
        Some(UriParam { name, value })
    }
}

/// header *( "&" header ), each `hname=hvalue`.
fn read_headers(text: &mut Text<'_>) -> Result<(), Error> {
    const ALLOWED: &[u8] = b"[]/?:+$";
    for _ in 0..MAX_URI_PARAMS {
        take_escaped(text, ALLOWED)?;
        text.expect(b'=')?;
        escaped(text, ALLOWED);
        if !text.took(b'&') {
            return Ok(());
        }
    }
    Err(Error::TooMany {
        offset: text.offset(),
    })
}

/// *( unreserved / escaped / allowed )
fn escaped<'a>(text: &mut Text<'a>, allowed: &[u8]) -> Text<'a> {
    let start = *text;
    loop {
        text.take_while(|octet| is_unreserved(octet) || allowed.contains(&octet));
        match text.octets() {
            [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                text.take(3)
            }
            _ => return start.split(text.offset() - start.offset()).0,
        };
    }
}

/// The same, and at least one octet.
fn take_escaped<'a>(text: &mut Text<'a>, allowed: &[u8]) -> Result<Text<'a>, Error> {
    let taken = escaped(text, allowed);
    if taken.is_empty() {
        return Err(text.syntax());
    }
    Ok(taken)
}
