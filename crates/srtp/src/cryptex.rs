// SPDX-License-Identifier: MIT OR Apache-2.0
//! Cryptex: header extensions and contributing sources encrypted whole (RFC 9335).
//!
//! ```text
//!    12 octets         4 octets
//!   +--------------+-------+-------------------+------------+-----------+---------+
//!   | fixed header | CSRCs | 0xC0DE or 0xC2DE, | extension  | payload   | trailer |
//!   |              |       | length            |            |           |         |
//!   +--------------+-------+-------------------+------------+-----------+---------+
//!                   encrypt.                    encrypted
//! ```
//!
//! One keystream goes over all that is encrypted, in this order. HMAC-SHA1 authenticates what is on the wire
//! as ever; for an AEAD the associated data are what is in clear.

use sipseal_cipher::{AuthenticationFailed, IV_LEN, InOutBuf, PacketCipher, Pieces, split_clear};

use crate::header_extension::{EXTENSION_HEADER_LEN, ONE_BYTE, TWO_BYTE};
use crate::rtp::{EXTENSION_FLAG, FIXED_HEADER_LEN, Header};
use crate::{Error, Options};

/// "Defined by profile" of encrypted elements with headers of one octet.
const ENCRYPTED_ONE_BYTE: u16 = 0xc0de;
/// Of those with headers of two octets.
const ENCRYPTED_TWO_BYTE: u16 = 0xc2de;

/// Octets that a packet to send gains in its header: an empty extension tells the receiver that contributing
/// sources are encrypted (RFC 9335 section 5.1).
pub(crate) fn gap(options: Options, header: &Header) -> usize {
    if options.cryptex() && !header.has_extension && header.extension_at > FIXED_HEADER_LEN {
        EXTENSION_HEADER_LEN
    } else {
        0
    }
}

/// Whether a packet to send has something to encrypt.
///
/// # Errors
///
/// [`Error::Extension`] if it has an extension that is not one of RFC 8285, or uses the application bits of
/// its two-octet form: it would leave in clear, or not arrive as it was.
pub(crate) fn applies(options: Options, packet: &[u8], header: &Header) -> Result<bool, Error> {
    if !options.cryptex() {
        return Ok(false);
    }
    match defined_by_profile(packet, header) {
        None => Ok(header.extension_at > FIXED_HEADER_LEN),
        Some(ONE_BYTE | TWO_BYTE) => Ok(true),
        Some(_) => Err(Error::Extension),
    }
}

/// Whether a packet that arrived is encrypted so.
pub(crate) fn is_applied(options: Options, packet: &[u8], header: &Header) -> bool {
    options.cryptex()
        && matches!(
            defined_by_profile(packet, header),
            Some(ENCRYPTED_ONE_BYTE | ENCRYPTED_TWO_BYTE)
        )
}

/// Encrypts and authenticates `packet`, which has its gap already.
#[inline(never)] // Its stack is not that of every packet.
pub(crate) fn seal(
    cipher: &dyn PacketCipher,
    iv: &[u8; IV_LEN],
    packet: &mut [u8],
    header: &Header,
    suffix: &[u8],
    mac: &mut [u8],
) {
    let encrypted = match defined_by_profile(packet, header) {
        Some(TWO_BYTE) => ENCRYPTED_TWO_BYTE,
        _ => ENCRYPTED_ONE_BYTE,
    };
    set_defined_by_profile(packet, header, encrypted);
    if let Some(flags) = packet.first_mut() {
        *flags |= EXTENSION_FLAG;
    }
    let Some([fixed, first, between, second]) = split(packet.into(), header) else {
        return;
    };
    let pieces = Pieces {
        header: fixed.into_out(),
        first,
        between: between.into_out(),
        second,
    };
    cipher.seal_pieces(iv, pieces, suffix, mac);
}

/// Checks and decrypts a packet for which [`is_applied`].
#[inline(never)] // Its stack is not that of every packet.
pub(crate) fn open(
    cipher: &dyn PacketCipher,
    iv: &[u8; IV_LEN],
    packet: InOutBuf<'_, '_, u8>,
    header: &Header,
    suffix: &[u8],
    mac: &[u8],
) -> Result<(), AuthenticationFailed> {
    let Some([fixed, first, between, second]) = split(packet, header) else {
        return Err(AuthenticationFailed);
    };
    let pieces = Pieces {
        header: fixed.get_in(),
        first,
        between: between.get_in(),
        second,
    };
    cipher.open_pieces(iv, pieces, suffix, mac)?;
    let _ = fixed.into_out_with_copied_in();
    let between = between.into_out_with_copied_in();
    if let Some(value) = between.first_chunk_mut() {
        let clear = match u16::from_be_bytes(*value) {
            ENCRYPTED_TWO_BYTE => TWO_BYTE,
            _ => ONE_BYTE,
        };
        *value = clear.to_be_bytes();
    }
    Ok(())
}

/// Fixed header, contributing sources, head of the extension, and the rest.
fn split<'i, 'o>(
    packet: InOutBuf<'i, 'o, u8>,
    header: &Header,
) -> Option<[InOutBuf<'i, 'o, u8>; 4]> {
    let after = header.extension_at.checked_add(EXTENSION_HEADER_LEN)?;
    if header.extension_at < FIXED_HEADER_LEN || after > packet.len() {
        return None;
    }
    let (fixed, rest) = split_clear(packet, FIXED_HEADER_LEN);
    let (sources, rest) = split_clear(rest, header.extension_at - FIXED_HEADER_LEN);
    let (extension, rest) = split_clear(rest, EXTENSION_HEADER_LEN);
    Some([fixed, sources, extension, rest])
}

fn defined_by_profile(packet: &[u8], header: &Header) -> Option<u16> {
    let extension = packet.get(header.extension_at..header.len)?;
    let value = extension.first_chunk().filter(|_| header.has_extension)?;
    Some(u16::from_be_bytes(*value))
}

fn set_defined_by_profile(packet: &mut [u8], header: &Header, value: u16) {
    let extension = packet.get_mut(header.extension_at..).unwrap_or_default();
    if let Some(place) = extension.first_chunk_mut() {
        *place = value.to_be_bytes();
    }
}
