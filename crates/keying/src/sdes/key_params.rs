// SPDX-License-Identifier: MIT OR Apache-2.0
//! The key parameter (RFC 4568 sections 6.1 and 9.2).
//!
//! ```text
//!   inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:4;inline:...
//!          |                                        |    | |
//!          master key || master salt, in base64     |    | length of the MKI in packets, in octets
//!                                            lifetime    MKI
//! ```

use base64ct::{Base64, Base64Unpadded, Encoding};
use sipseal_core::SecretBytes;
use sipseal_srtp::MAX_MKI_LEN;

use super::cursor::{Cursor, is_white};
use super::error::{Fault, Reason};
use super::suite::Suite;
use super::writer::Writer;

/// Octets of the longest master key with its master salt: `AES_256_CM_HMAC_SHA1_80`.
pub const MAX_SECRET_LEN: usize = 32 + 14;

/// Packets of the longest lifetime (section 6.1, RFC 3711 section 9.2).
pub const MAX_LIFETIME: u64 = 1 << 48;

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
        decode(self.base64, suite.secret_len(), secret).ok_or(Fault {
            reason: Reason::Key,
            offset: self.offset,
        })
    }

    fn read(cursor: &mut Cursor<'l>, suite: Suite) -> Result<Self, Fault> {
        key_method(cursor)?;
        let offset = cursor.offset;
        let key_fault = cursor.fault(Reason::Key);
        let base64 = base64(cursor, suite.secret_len()).ok_or(key_fault)?;
        let mut key = Self {
            base64,
            lifetime: None,
            mki: None,
            offset,
        };
        if cursor.rest.first() == Some(&b'|') && !field_is_mki(cursor.rest) {
            cursor.expect(b"|")?;
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
fn key_method(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    let fault = cursor.fault(Reason::KeyMethod);
    let method = cursor.name()?;
    cursor.expect(b":")?;
    (method.eq_ignore_ascii_case(INLINE))
        .then_some(())
        .ok_or(fault)
}

/// Takes the base64 of exactly `len` octets, padded as RFC 4648 asks or not at all, and gives it back without padding.
///
/// The digits are taken by their number, unseen: each is a part of the secret.
fn base64<'l>(cursor: &mut Cursor<'l>, len: usize) -> Option<&'l [u8]> {
    let digits = cursor.take((len * 8).div_ceil(6))?;
    cursor.take_text(match len % 3 {
        0 => b"",
        1 => b"==",
        _ => b"=",
    });
    // A longer key, or padding that does not belong to this one.
    let goes_on = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/' | b'=');
    (!cursor.rest.first().is_some_and(goes_on)).then_some(digits)
}

fn lifetime(cursor: &mut Cursor<'_>) -> Result<u64, Fault> {
    let fault = cursor.fault(Reason::Lifetime);
    let is_power = cursor.take_text(b"2^");
    let number = cursor.number(MAX_LIFETIME, Reason::Lifetime)?;
    let lifetime = if is_power {
        u32::try_from(number)
            .ok()
            .and_then(|power| 1_u64.checked_shl(power))
    } else {
        Some(number)
    };
    lifetime
        .filter(|lifetime| (1..=MAX_LIFETIME).contains(lifetime))
        .ok_or(fault)
}

fn mki<'l>(cursor: &mut Cursor<'l>) -> Result<Mki<'l>, Fault> {
    let fault = cursor.fault(Reason::Mki);
    let digits = cursor.digits(Reason::Mki)?;
    cursor.expect(b":")?;
    let len = cursor.number(MAX_MKI_LEN as u64, Reason::Mki)?;
    match u8::try_from(len) {
        Ok(len @ 1..) if digits != b"0" => Ok(Mki { digits, len }),
        _ => Err(fault),
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

    /// Takes all keys that are next, and gives back an iterator over them.
    ///
    /// Several keys all have an MKI, of one length (section 6.1).
    pub(super) fn read(cursor: &mut Cursor<'l>, suite: Suite) -> Result<Self, Fault> {
        let keys = Self::new(suite, *cursor);
        let mut first: Option<InlineKey<'l>> = None;
        loop {
            let fault = cursor.fault(Reason::Mki);
            let key = InlineKey::read(cursor, suite)?;
            let goes_on = cursor.take_text(b";");
            let beside_others = goes_on || first.is_some();
            let len = |key: &InlineKey<'_>| key.mki.map(|mki| mki.len);
            let other_len = first.is_some_and(|first| len(&first) != len(&key));
            if beside_others && (key.mki.is_none() || other_len) {
                return Err(fault);
            }
            first = first.or(Some(key));
            if !goes_on {
                return Ok(keys);
            }
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

/// Writes one key, of which `secret` is the master key and salt.
pub(super) fn write_key(
    writer: &mut Writer<'_>,
    suite: Suite,
    secret: &Secret,
    lifetime: Option<u64>,
    mki: Option<Mki<'_>>,
) {
    writer.put(INLINE);
    writer.put(b":");
    encode(writer, secret, suite.secret_len());
    if let Some(lifetime) = lifetime {
        writer.put(b"|");
        if lifetime.is_power_of_two() {
            writer.put(b"2^");
            writer.put_number(lifetime.trailing_zeros().into());
        } else {
            writer.put_number(lifetime);
        }
    }
    if let Some(mki) = mki {
        writer.put(b"|");
        writer.put(mki.digits);
        writer.put(b":");
        writer.put_number(mki.len.into());
    }
}

/// Encodes the first `len` octets, with padding, in time that does not depend on them.
///
/// Group by group: for a whole group the compiler sees that no bound can be missed. Padded, because the
/// unpadded encoder also serves the decoder, with lengths that it does not see.
fn encode(writer: &mut Writer<'_>, secret: &Secret, len: usize) {
    let mut digits = SecretBytes::<4>::zeroed();
    let (groups, _) = secret.expose().as_chunks::<3>();
    let mut left = (len * 8).div_ceil(6);
    for group in groups.iter().take(len.div_ceil(3)) {
        // A group of three always fits.
        let _ = Base64::encode(group, digits.expose_mut());
        for padding in digits.expose_mut().iter_mut().skip(left) {
            *padding = b'=';
        }
        writer.put(digits.expose());
        left = left.saturating_sub(4);
    }
}

/// Decodes exactly `len` octets from as many digits as they take, in time that does not depend on them.
fn decode(digits: &[u8], len: usize, secret: &mut Secret) -> Option<()> {
    secret.expose_mut().fill(0);
    let (groups, _) = secret.expose_mut().as_chunks_mut::<3>();
    // The digit of zero stands for what the last group lacks.
    let mut whole = SecretBytes::<4>::zeroed();
    for (digits, group) in digits.chunks(4).zip(groups) {
        whole.expose_mut().fill(b'A');
        for (to, from) in whole.expose_mut().iter_mut().zip(digits) {
            *to = *from;
        }
        Base64Unpadded::decode(whole.expose(), group).ok()?;
    }
    // Bits left over in the last digit must be zero.
    let left_over = secret
        .expose()
        .iter()
        .skip(len)
        .fold(0, |any, octet| any | octet);
    (left_over == 0).then_some(())
}
