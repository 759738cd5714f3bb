// SPDX-License-Identifier: MIT OR Apache-2.0
//! When two SIP URIs are the same (RFC 3261 section 19.1.4).

use super::{Host, SipUri, Uri, UriParam, UriParams};
use crate::Text;

/// Of these, one URI alone having it makes the two different. The rules name the first four; the examples show
/// that `transport` is such a parameter too.
const NEVER_IGNORED: [&str; 5] = ["user", "ttl", "method", "maddr", "transport"];

impl PartialEq for Uri<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Sip(one), Self::Sip(other)) => one == other,
            (Self::Tel(one), Self::Tel(other)) => one == other,
            (Self::Other(one), Self::Other(other)) => one == other,
            _ => false,
        }
    }
}

impl Eq for Uri<'_> {}

impl PartialEq for SipUri<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.is_sips == other.is_sips
            && is_same_octets(self.user, other.user)
            && is_same_octets(self.password, other.password)
            && self.host == other.host
            && self.port == other.port
            && agree(self.params, other.params)
            && NEVER_IGNORED
                .iter()
                .all(|name| self.params.get(name).is_some() == other.params.get(name).is_some())
            && has_headers_of(self.headers, other.headers)
            && has_headers_of(other.headers, self.headers)
    }
}

impl Eq for SipUri<'_> {}

impl PartialEq for Host<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Name(one), Self::Name(other)) => one.is(other),
            (Self::V4(one), Self::V4(other)) => one == other,
            (Self::V6(one), Self::V6(other)) => one == other,
            _ => false,
        }
    }
}

impl Eq for Host<'_> {}

/// A parameter that both have is the same in both.
fn agree(one: UriParams<'_>, other: UriParams<'_>) -> bool {
    one.into_iter().all(|UriParam { name, value }| {
        let found = other.into_iter().find(|param| is_same(param.name, name));
        found.is_none_or(|param| match (value, param.value) {
            (Some(one), Some(other)) => is_same(one, other),
            (one, other) => one.is_none() && other.is_none(),
        })
    })
}

/// All header fields of `other` are there. Their names are the same in any case, their values octet for octet.
fn has_headers_of(headers: Text<'_>, other: Text<'_>) -> bool {
    other.octets().split(|octet| *octet == b'&').all(|wanted| {
        headers
            .octets()
            .split(|octet| *octet == b'&')
            .any(|header| {
                let (name, value) = Text::from(header).split_where(|octet| octet == b'=');
                let (wanted, wanted_value) = Text::from(wanted).split_where(|octet| octet == b'=');
                is_same(name, wanted) && is_same_octets(Some(value), Some(wanted_value))
            })
    })
}

/// Whether two texts are the same in upper or lower case and with or without escapes.
pub(super) fn is_same(one: Text<'_>, other: Text<'_>) -> bool {
    let lower = |octet: Octet| Octet {
        octet: octet.octet.to_ascii_lowercase(),
        ..octet
    };
    octets(one).map(lower).eq(octets(other).map(lower))
}

/// The same for texts that are the same in this sense (FNV-1a).
pub(super) fn hash(text: Text<'_>) -> u32 {
    octets(text).fold(0x811c_9dc5, |hash, octet| {
        (hash ^ u32::from(octet.octet.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    })
}

fn is_same_octets(one: Option<Text<'_>>, other: Option<Text<'_>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => octets(one).eq(octets(other)),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// An octet, and whether it stands as one of the reserved characters: those are not the same as their escapes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Octet {
    octet: u8,
    is_escaped_reserved: bool,
}

fn octets(text: Text<'_>) -> impl Iterator<Item = Octet> {
    let mut rest = text.octets();
    core::iter::from_fn(move || {
        let (octet, is_escaped, after) = match rest {
            [b'%', high, low, after @ ..] => (digit(*high) << 4 | digit(*low), true, after),
            [octet, after @ ..] => (*octet, false, after),
            [] => return None,
        };
        rest = after;
        Some(Octet {
            octet,
            is_escaped_reserved: is_escaped && b";/?:@&=+$,".contains(&octet),
        })
    })
}

fn digit(octet: u8) -> u8 {
    match octet {
        b'0'..=b'9' => octet - b'0',
        _ => ((octet | 0x20).wrapping_sub(b'a') + 10) & 0x0f,
    }
}
