// SPDX-License-Identifier: MIT OR Apache-2.0
//! The key parameter (RFC 4568 sections 6.1 and 9.2).
//!
//! ```text
//!   inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:4;inline:...
//!          |                                        |    | |
//!          master key || master salt, in base64     |    | length of the MKI in packets, in octets
//!                                            lifetime    MKI
//! ```

use sipseal_core::{SecretBytes, base64};
use sipseal_srtp::MAX_MKI_LEN;

use super::cursor::{Cursor, is_white};
use super::error::{Fault, Reason};
use super::suite::Suite;
use super::writer::Writer;

/// Octets of the longest master key with its master salt: `AES_256_CM_HMAC_SHA1_80`.
pub const MAX_SECRET_LEN: usize = 32 + 14;

/// Packets of the longest lifetime (section 6.1, RFC 3711 section 9.2).
pub const MAX_LIFETIME: u64 = 1 << MAX_POWER;

const MAX_POWER: u64 = 48;

/// A master key followed by its master salt, filled up to whole groups of three octets, which base64 turns into four
/// digits. Zero beyond the length that the crypto-suite gives it.
pub(super) type Secret = SecretBytes<{ MAX_SECRET_LEN.next_multiple_of(3) }>;

const INLINE: &[u8] = b"inline";

/// One `inline` key, as it stands in a line.
#[derive(Clone, Copy)]
pub struct InlineKey<'l> {
    /// The base64 of master key and master salt, without padding. As secret as they.
    pub base64: &'l [u8],
    /// The most SRTP or SRTCP packets under this key.
    pub lifetime: Option<u64>,
    /// The master key identifier.
    pub mki: Option<Mki<'l>>,
    /// Where `base64` begins in its line.
    pub(super) offset: usize,
}

impl core::fmt::Debug for InlineKey<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("InlineKey")
            .field("lifetime", &self.lifetime)
            .field("mki", &self.mki)
            .finish_non_exhaustive()
    }
}

/// A master key identifier, as it stands in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mki<'l> {
    /// Its decimal digits.
    pub digits: &'l [u8],
    /// Octets in packets: 1 to 128.
    pub len: u8,
}

impl Mki<'_> {
    /// The MKI as in packets: big-endian, [`len`](Self::len) octets.
    ///
    /// # Errors
    ///
    /// [`Reason::Mki`] if the number does not fit into as many, or `out` is not as long.
    pub fn write(&self, out: &mut [u8]) -> Result<(), Reason> {
        if out.len() != usize::from(self.len) {
            return Err(Reason::Mki);
        }
        out.fill(0);
        for digit in self.digits {
            let mut carry = u16::from(digit.wrapping_sub(b'0'));
            for octet in out.iter_mut().rev() {
                let [high, low] = (u16::from(*octet) * 10 + carry).to_be_bytes();
                (*octet, carry) = (low, u16::from(high));
            }
            if carry != 0 {
                return Err(Reason::Mki);
            }
        }
        Ok(())
    }
}

impl<'l> InlineKey<'l> {
    /// The master key followed by the master salt, into `secret`.
    pub(super) fn decode(&self, suite: Suite, secret: &mut Secret) -> Result<(), Fault> {
        secret.expose_mut().fill(0);
        let room = secret.expose_mut().get_mut(..suite.secret_len());
        let is_key = base64::decode(self.base64, room.unwrap_or_default());
        is_key.then_some(()).ok_or(Fault {
            reason: Reason::Key,
            offset: self.offset,
        })
    }

    fn read(cursor: &mut Cursor<'l>, suite: Suite) -> Result<Self, Reason> {
        key_method(cursor)?;
        let offset = cursor.offset;
        let mut key = Self {
            base64: base64_digits(cursor, suite.secret_len())?,
            lifetime: None,
            mki: None,
            offset,
        };
        if cursor.is_at(b'|') && !field_is_mki(cursor.rest) {
            cursor.take(1);
            key.lifetime = Some(lifetime(cursor)?);
        }
        if cursor.take_text(b"|") {
            key.mki = Some(mki(cursor)?);
        }
        Ok(key)
    }
}

/// Whether the field behind the first octet has a colon, as MKIs have and lifetimes never.
fn field_is_mki(rest: &[u8]) -> bool {
    let mut field = rest.iter().skip(1);
    let end = field.find(|c| matches!(c, b':' | b'|' | b';') || is_white(**c));
    end == Some(&b':')
}

/// Takes `inline:`, the one key method there is; a method yet to come is none of ours.
fn key_method(cursor: &mut Cursor<'_>) -> Result<(), Reason> {
    let mut after = *cursor;
    let method = after.name()?;
    if !after.take_text(b":") {
        *cursor = after;
        return Err(Reason::Syntax);
    }
    if !method.eq_ignore_ascii_case(INLINE) {
        return Err(Reason::KeyMethod);
    }
    *cursor = after;
    Ok(())
}

/// Takes the base64 of exactly `len` octets, padded as RFC 4648 asks or not at all, and gives it back without padding.
///
/// The digits are taken by their number, unseen: each is a part of the secret.
fn base64_digits<'l>(cursor: &mut Cursor<'l>, len: usize) -> Result<&'l [u8], Reason> {
    let mut after = *cursor;
    let digits = after.take(base64::digits(len)).ok_or(Reason::Key)?;
    after.take_text(match len % 3 {
        0 => b"",
        1 => b"==",
        _ => b"=",
    });
    // A longer key, or padding that does not belong to this one.
    let goes_on = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/' | b'=');
    if after.rest.first().is_some_and(goes_on) {
        return Err(Reason::Key);
    }
    *cursor = after;
    Ok(digits)
}

fn lifetime(cursor: &mut Cursor<'_>) -> Result<u64, Reason> {
    let mut after = *cursor;
    let is_power = after.take_text(b"2^");
    let number = after.number(MAX_LIFETIME, Reason::Lifetime);
    let lifetime = number.map(|number| match number {
        0..=MAX_POWER if is_power => 1 << number,
        _ if is_power => 0,
        _ => number,
    });
    match lifetime {
        Ok(lifetime @ 1..) => {
            *cursor = after;
            Ok(lifetime)
        }
        _ => Err(Reason::Lifetime),
    }
}

fn mki<'l>(cursor: &mut Cursor<'l>) -> Result<Mki<'l>, Reason> {
    let start = *cursor;
    let digits = cursor.digits(Reason::Mki)?;
    cursor.expect(b":")?;
    let len = cursor.number(MAX_MKI_LEN as u64, Reason::Mki)?;
    match u8::try_from(len) {
        Ok(len @ 1..) if digits != b"0" => Ok(Mki { digits, len }),
        _ => {
            *cursor = start;
            Err(Reason::Mki)
        }
    }
}

/// The keys of a key parameter, in order.
#[derive(Clone, Debug)]
pub struct InlineKeys<'l> {
    suite: Suite,
    /// What is left, but for nothing when all were read.
    cursor: Option<Cursor<'l>>,
}

impl<'l> InlineKeys<'l> {
    pub(super) fn new(suite: Suite, cursor: Cursor<'l>) -> Self {
        Self {
            suite,
            cursor: Some(cursor),
        }
    }

    /// Takes all keys that are next, and gives back the octets of each MKI; 0 for none.
    ///
    /// Several keys all have an MKI, of one length (section 6.1).
    pub(super) fn read(cursor: &mut Cursor<'l>, suite: Suite) -> Result<u8, Reason> {
        let mut first = None;
        loop {
            let start = *cursor;
            let key = InlineKey::read(cursor, suite)?;
            let goes_on = cursor.take_text(b";");
            let mki_len = key.mki.map_or(0, |mki| mki.len);
            let is_one_of_many = goes_on || first.is_some();
            if is_one_of_many && (mki_len == 0 || first.is_some_and(|len| len != mki_len)) {
                *cursor = start;
                return Err(Reason::Mki);
            }
            if !goes_on {
                return Ok(mki_len);
            }
            first = Some(mki_len);
        }
    }
}

impl<'l> Iterator for InlineKeys<'l> {
    type Item = InlineKey<'l>;

    fn next(&mut self) -> Option<InlineKey<'l>> {
        let mut cursor = self.cursor.take()?;
        // They were read before.
        let key = InlineKey::read(&mut cursor, self.suite).ok()?;
        self.cursor = cursor.take_text(b";").then_some(cursor);
        Some(key)
    }
}

fn put_base64(writer: &mut Writer<'_>, secret: &[u8]) {
    for group in secret.chunks(3) {
        let mut text = SecretBytes::<4>::zeroed();
        base64::encode(group, text.expose_mut());
        writer.put(text.expose());
    }
}

/// Writes one key, of which `secret` is the master key and salt.
pub(super) fn write_key(
    writer: &mut Writer<'_>,
    suite: Suite,
    secret: &Secret,
    lifetime: u64,
    mki: u32,
    mki_len: u8,
) {
    writer.put(INLINE);
    writer.put(b":");
    put_base64(
        writer,
        secret
            .expose()
            .get(..suite.secret_len())
            .unwrap_or_default(),
    );
    if lifetime > 0 {
        writer.put(b"|");
        if lifetime.is_power_of_two() {
            writer.put(b"2^");
            writer.put_number(lifetime.trailing_zeros().into());
        } else {
            writer.put_number(lifetime);
        }
    }
    if mki_len > 0 {
        writer.put(b"|");
        writer.put_number(mki.into());
        writer.put(b":");
        writer.put_number(mki_len.into());
    }
}
