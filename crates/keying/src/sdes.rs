// SPDX-License-Identifier: MIT OR Apache-2.0
//! Session description security descriptions, SDES (RFC 4568).
//!
//! ```text
//!   a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj
//!            |          |                |
//!            tag        crypto-suite     key method and, in base64, master key || master salt
//! ```
//!
//! The description must travel protected, in TLS or sealed for the other phone: whoever reads this line
//! hears the call.
//!
//! Read and written here: one key, without lifetime, MKI or session parameters. A line with any of these
//! asks for something that a call without it would not honour, so it is refused as [`Error::Unsupported`],
//! never half obeyed.

use core::fmt;

use base64ct::{Base64, Base64Unpadded, Encoding};
use sipseal_core::{RandomSource, SecretBytes};
use sipseal_srtp::{MasterKey, Profile};

/// Octets of the longest line that [`CryptoAttribute::write`] produces.
pub const MAX_LINE_LEN: usize = 128;

/// Octets of the longest line that [`CryptoAttribute::parse`] reads.
pub const MAX_PARSED_LINE_LEN: usize = 1024;

/// Octets of the longest master key with its master salt: `AES_256_CM_HMAC_SHA1_80`.
pub const MAX_SECRET_LEN: usize = 32 + 14;

/// The longest secret, filled up to whole groups of three octets, which base64 turns into four digits.
const SECRET_ROOM: usize = MAX_SECRET_LEN.next_multiple_of(3);

const PREFIX: &[u8] = b"a=crypto:";
const INLINE: &[u8] = b"inline";
const MAX_TAG: u32 = 999_999_999;

/// One `a=crypto` line: a profile and the master key for the media that its sender will send.
///
/// The secret is wiped when this is dropped. Where this is moved from, a copy stays.
pub struct CryptoAttribute {
    tag: u32,
    profile: Profile,
    /// Zero beyond the length that the profile gives it.
    secret: SecretBytes<SECRET_ROOM>,
}

/// Why a line could not be made or read. Offsets count octets from the start of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The line does not follow the grammar of RFC 4568 section 9.1 at `offset`.
    Syntax {
        /// Where.
        offset: usize,
    },
    /// The crypto-suite at `offset`, or the profile to make a line for, is none of ours. An answerer goes on to the next line of the offer.
    UnknownSuite {
        /// Where.
        offset: usize,
    },
    /// The key method, lifetime, MKI, further key or session parameter at `offset` is not supported.
    Unsupported {
        /// Where.
        offset: usize,
    },
    /// The key at `offset` is not valid base64, or not as long as the crypto-suite says.
    Key {
        /// Where.
        offset: usize,
    },
    /// The line is longer than [`MAX_PARSED_LINE_LEN`].
    LineTooLong,
    /// A tag to be written has more than nine digits.
    TagTooLarge,
    /// The output has room for fewer than `needed` octets.
    BufferTooSmall {
        /// Octets that the line needs.
        needed: usize,
    },
    /// The random source failed.
    Random,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax { .. } => "not a crypto attribute",
            Self::UnknownSuite { .. } => "unknown crypto-suite",
            Self::Unsupported { .. } => {
                "unsupported lifetime, MKI, further key or session parameter"
            }
            Self::Key { .. } => "key of the wrong length or not in base64",
            Self::LineTooLong => "line too long",
            Self::TagTooLarge => "tag has more than nine digits",
            Self::BufferTooSmall { .. } => "output buffer too small",
            Self::Random => "random source failed",
        })
    }
}

impl core::error::Error for Error {}

impl CryptoAttribute {
    /// Draws a fresh master key and salt.
    ///
    /// # Errors
    ///
    /// [`Error::Random`]; [`Error::TagTooLarge`] if `tag` is above 999,999,999; [`Error::UnknownSuite`] for
    /// the null cipher, which has no crypto-suite.
    pub fn generate(
        tag: u32,
        profile: Profile,
        random: &mut dyn RandomSource,
    ) -> Result<Self, Error> {
        if tag > MAX_TAG {
            return Err(Error::TagTooLarge);
        }
        if !profile.is_encrypting() {
            return Err(Error::UnknownSuite { offset: 0 });
        }
        let mut attribute = Self {
            tag,
            profile,
            secret: SecretBytes::zeroed(),
        };
        let secret = attribute
            .secret
            .expose_mut()
            .get_mut(..secret_len(profile))
            .unwrap_or_default();
        random.fill(secret).map_err(|_| Error::Random)?;
        Ok(attribute)
    }

    /// Reads a line, from its `a=` on, with or without its line end.
    ///
    /// Base64 padding may be left out, as some phones do.
    ///
    /// # Errors
    ///
    /// [`Error::Syntax`], [`Error::UnknownSuite`], [`Error::Unsupported`], [`Error::Key`] or
    /// [`Error::LineTooLong`].
    pub fn parse(line: &[u8]) -> Result<Self, Error> {
        if line.len() > MAX_PARSED_LINE_LEN {
            return Err(Error::LineTooLong);
        }
        let mut line = Cursor {
            rest: line,
            offset: 0,
        };
        line.strip_line_end();
        line.expect(PREFIX)?;
        let tag = line.tag()?;
        line.white_space()?;
        let suite_at = line.offset;
        let suite = line.take_while(|c| c.is_ascii_alphanumeric() || c == b'_');
        if suite.is_empty() {
            return Err(Error::Syntax { offset: suite_at });
        }
        line.white_space()?;
        // The null cipher has no crypto-suite: nobody is to be talked into it.
        let profile = Profile::from_name(suite)
            .filter(|profile| profile.is_encrypting())
            .ok_or(Error::UnknownSuite { offset: suite_at })?;
        line.key_method()?;
        let key_at = line.offset;
        let secret = line
            .secret(secret_len(profile))
            .ok_or(Error::Key { offset: key_at })?;
        line.nothing_but_white_space()?;
        Ok(Self {
            tag,
            profile,
            secret,
        })
    }

    /// Writes the line, without a line end, and returns its length: at most [`MAX_LINE_LEN`].
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`]; nothing is then written.
    pub fn write(&self, out: &mut [u8]) -> Result<usize, Error> {
        let mut digits = [0; 10];
        let digits = decimal(self.tag, &mut digits);
        let suite = self.profile.name().to_bytes();
        let parts = [PREFIX, digits, b" ", suite, b" ", INLINE, b":"];
        let key_at = parts.iter().map(|part| part.len()).sum::<usize>();
        let needed = key_at + secret_len(self.profile).div_ceil(3) * 4;

        let too_small = Error::BufferTooSmall { needed };
        let out = out.get_mut(..needed).ok_or(too_small)?;
        let (head, key) = out.split_at_mut_checked(key_at).ok_or(too_small)?;
        for (to, from) in head.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        encode(&self.secret, secret_len(self.profile), key);
        Ok(needed)
    }

    /// The tag that an answer repeats (RFC 4568 section 5.1.2).
    #[must_use]
    pub fn tag(&self) -> u32 {
        self.tag
    }

    /// The profile that the crypto-suite names.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// The master key followed by the master salt.
    #[must_use]
    pub fn secret(&self) -> &[u8] {
        self.secret
            .expose()
            .get(..secret_len(self.profile))
            .unwrap_or_default()
    }

    /// The master key and salt, for the [`Sender`](sipseal_srtp::Sender) of whoever wrote the line and the
    /// [`Receiver`](sipseal_srtp::Receiver) of whoever read it.
    #[must_use]
    pub fn master_key(&self) -> MasterKey<'_> {
        let (key, salt) = self
            .secret()
            .split_at_checked(self.profile.key_len())
            .unwrap_or_default();
        MasterKey::new(key, salt)
    }
}

impl fmt::Debug for CryptoAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CryptoAttribute")
            .field("tag", &self.tag)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

const fn secret_len(profile: Profile) -> usize {
    profile.key_len() + profile.salt_len()
}

/// Encodes the first `len` octets, with padding, in time that does not depend on them.
///
/// Group by group: for a whole group the compiler sees that no bound can be missed. Padded, because the
/// unpadded encoder also serves the decoder, with lengths that it does not see.
fn encode(secret: &SecretBytes<SECRET_ROOM>, len: usize, base64: &mut [u8]) {
    let (groups, _) = secret.expose().as_chunks::<3>();
    let (digits, _) = base64.as_chunks_mut::<4>();
    for (group, digits) in groups.iter().zip(digits) {
        // A group of three always fits.
        let _ = Base64::encode(group, digits);
    }
    for padding in base64.iter_mut().skip((len * 8).div_ceil(6)) {
        *padding = b'=';
    }
}

/// Decodes exactly `len` octets from as many digits as they take, in time that does not depend on them.
fn decode(digits: &[u8], len: usize) -> Option<SecretBytes<SECRET_ROOM>> {
    let mut secret = SecretBytes::zeroed();
    let (groups, _) = secret.expose_mut().as_chunks_mut::<3>();
    for (digits, group) in digits.chunks(4).zip(groups) {
        // The digit of zero stands for what the last group lacks.
        let mut whole = [b'A'; 4];
        for (to, from) in whole.iter_mut().zip(digits) {
            *to = *from;
        }
        Base64Unpadded::decode(whole, group).ok()?;
    }
    // Bits left over in the last digit must be zero.
    secret
        .expose()
        .iter()
        .skip(len)
        .all(|octet| *octet == 0)
        .then_some(secret)
}

/// The decimal digits of `number`, in the end of `digits`.
#[allow(clippy::cast_possible_truncation)] // A remainder by 10.
fn decimal(mut number: u32, digits: &mut [u8; 10]) -> &[u8] {
    let mut first = digits.len();
    for (position, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
        first = position;
        if number == 0 {
            break;
        }
    }
    digits.get(first..).unwrap_or_default()
}

/// What is left of a line, and where in it that is.
struct Cursor<'l> {
    rest: &'l [u8],
    offset: usize,
}

impl<'l> Cursor<'l> {
    fn strip_line_end(&mut self) {
        self.rest = self.rest.strip_suffix(b"\n").unwrap_or(self.rest);
        self.rest = self.rest.strip_suffix(b"\r").unwrap_or(self.rest);
    }

    /// Takes the octets for which `accept` holds.
    fn take_while(&mut self, accept: impl Fn(u8) -> bool) -> &'l [u8] {
        let len = self
            .rest
            .iter()
            .position(|c| !accept(*c))
            .unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or((self.rest, &[]));
        self.rest = rest;
        self.offset += len;
        taken
    }

    /// Takes `text`.
    fn expect(&mut self, text: &[u8]) -> Result<(), Error> {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.ok_or(Error::Syntax {
            offset: self.offset,
        })?;
        self.offset += text.len();
        Ok(())
    }

    /// Takes `inline:`, the one key method there is; a method yet to come is none of ours.
    fn key_method(&mut self) -> Result<(), Error> {
        let offset = self.offset;
        let method = self.take_while(|c| c.is_ascii_graphic() && c != b':');
        if method.is_empty() || self.rest.first() != Some(&b':') {
            return Err(Error::Syntax { offset });
        }
        if !method.eq_ignore_ascii_case(INLINE) {
            return Err(Error::Unsupported { offset });
        }
        self.expect(b":")
    }

    /// Takes the base64 of exactly `len` octets, padded as RFC 4648 asks or not at all.
    ///
    /// The digits are taken by their number, unseen: each is a part of the secret.
    fn secret(&mut self, len: usize) -> Option<SecretBytes<SECRET_ROOM>> {
        let digits_len = (len * 8).div_ceil(6);
        let (digits, rest) = self.rest.split_at_checked(digits_len)?;
        let padding: &[u8] = match len % 3 {
            0 => b"",
            1 => b"==",
            _ => b"=",
        };
        let rest = rest.strip_prefix(padding).unwrap_or(rest);
        // A longer key, or padding that does not belong to this one.
        let goes_on = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/' | b'=');
        if rest.first().is_some_and(goes_on) {
            return None;
        }
        self.offset += self.rest.len() - rest.len();
        self.rest = rest;
        decode(digits, len)
    }

    fn white_space(&mut self) -> Result<(), Error> {
        let offset = self.offset;
        match self.take_while(|c| c == b' ' || c == b'\t') {
            [] => Err(Error::Syntax { offset }),
            _ => Ok(()),
        }
    }

    fn tag(&mut self) -> Result<u32, Error> {
        let offset = self.offset;
        let digits = self.take_while(|c| c.is_ascii_digit());
        let leading_zero = digits.len() > 1 && digits.first() == Some(&b'0');
        if !(1..=9).contains(&digits.len()) || leading_zero {
            return Err(Error::Syntax { offset });
        }
        Ok(digits
            .iter()
            .fold(0, |tag, digit| tag * 10 + u32::from(digit - b'0')))
    }

    /// The end of the line, or what else the grammar has there and we do not support.
    fn nothing_but_white_space(&mut self) -> Result<(), Error> {
        let separated = !self.take_while(|c| c == b' ' || c == b'\t').is_empty();
        match self.rest.first() {
            None => Ok(()),
            Some(b'|' | b';') if !separated => Err(Error::Unsupported {
                offset: self.offset,
            }),
            Some(c) if separated && c.is_ascii_graphic() => Err(Error::Unsupported {
                offset: self.offset,
            }),
            Some(_) => Err(Error::Syntax {
                offset: self.offset,
            }),
        }
    }
}

#[cfg(test)]
mod tests;
