// SPDX-License-Identifier: MIT OR Apache-2.0
//! Telephone numbers (RFC 3966).

use super::UriParams;
use super::compare::is_same;
use crate::{Error, Text};

/// A tel URI: `tel:+1-201-555-0123`, `tel:7042;phone-context=example.com`.
#[derive(Clone, Copy, Debug)]
pub struct TelUri<'a> {
    /// The number, with its plus sign if it is a global one, and its visual separators.
    pub number: Text<'a>,
    /// The parameters.
    pub params: UriParams<'a>,
}

impl<'a> TelUri<'a> {
    /// Whether the number is a global one.
    #[must_use]
    pub fn is_global(&self) -> bool {
        self.number.first() == Some(b'+')
    }

    pub(super) fn read(mut text: Text<'a>) -> Result<Self, Error> {
        let start = text;
        let is_global = text.took(b'+');
        let digits = text.take_some(|octet| {
            octet.is_ascii_digit()
                || is_separator(octet)
                || !is_global && (octet.is_ascii_hexdigit() || b"*#".contains(&octet))
        })?;
        if digits.octets().iter().all(|octet| is_separator(*octet)) {
            return Err(digits.syntax());
        }
        let (number, _) = start.split(text.offset() - start.offset());
        let params = UriParams::read(&mut text, b"[]/:&+$")?;
        if !text.is_empty() {
            return Err(text.syntax());
        }
        // A local number means something in its context alone (section 5.1.5).
        if !is_global && params.get("phone-context").is_none() {
            return Err(start.syntax());
        }
        Ok(Self { number, params })
    }

    /// Each parameter of `other` is here, with the same value (section 4).
    fn has_params_of(&self, other: &Self) -> bool {
        other.params.into_iter().all(|wanted| {
            let found = self
                .params
                .into_iter()
                .find(|param| is_same(param.name, wanted.name));
            found.is_some_and(|param| match (param.value, wanted.value) {
                (Some(one), Some(other)) => is_same_value(wanted.name, one, other),
                (one, other) => one.is_none() && other.is_none(),
            })
        })
    }
}

impl PartialEq for TelUri<'_> {
    fn eq(&self, other: &Self) -> bool {
        is_same_number(self.number, other.number)
            && self.has_params_of(other)
            && other.has_params_of(self)
    }
}

impl Eq for TelUri<'_> {}

/// Whether two values of a parameter are the same: extensions and global contexts are numbers.
fn is_same_value(name: Text<'_>, one: Text<'_>, other: Text<'_>) -> bool {
    let is_global = |text: Text<'_>| text.first() == Some(b'+');
    if name.is("ext") || name.is("phone-context") && is_global(one) && is_global(other) {
        return is_same_number(one, other);
    }
    is_same(one, other)
}

/// Without their visual separators.
fn is_same_number(one: Text<'_>, other: Text<'_>) -> bool {
    let is_digit = |octet: &&u8| !is_separator(**octet);
    let one = one.octets().iter().filter(is_digit);
    let other = other.octets().iter().filter(is_digit);
    one.map(u8::to_ascii_lowercase)
        .eq(other.map(u8::to_ascii_lowercase))
}

/// visual-separator
fn is_separator(octet: u8) -> bool {
    b"-.()".contains(&octet)
}
