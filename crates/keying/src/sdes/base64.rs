// SPDX-License-Identifier: MIT OR Apache-2.0
//! Base64 (RFC 4648 section 4), in time that depends on the length alone: each digit is a part of a key.

use sipseal_core::SecretBytes;

use super::key_params::Secret;
use super::writer::Writer;

/// The digits from one to another, and the number that the first stands for.
const RANGES: [(u8, u8, u8); 5] = [
    (b'A', b'Z', 0),
    (b'a', b'z', 26),
    (b'0', b'9', 52),
    (b'+', b'+', 62),
    (b'/', b'/', 63),
];

/// Digits for so many octets, without padding.
pub(super) const fn digits(len: usize) -> usize {
    (len * 8).div_ceil(6)
}

/// All ones if `octet` lies within these two, else 0.
fn within(octet: u8, first: u8, last: u8) -> u8 {
    let [above, below] = [octet, last].map(i16::from);
    let signs = (above - i16::from(first)) | (below - i16::from(octet));
    let [outside, _] = signs.to_be_bytes();
    !outside
}

/// The digit for a number below 64.
fn digit(number: u8) -> u8 {
    RANGES.iter().fold(0, |digit, (first, last, value)| {
        let mask = within(number, *value, value + (last - first));
        digit | (mask & number.wrapping_sub(*value).wrapping_add(*first))
    })
}

/// The number that a digit stands for, and all ones if it is none.
fn number(digit: u8) -> (u8, u8) {
    let nothing = (0, u8::MAX);
    RANGES
        .iter()
        .fold(nothing, |(number, none), (first, last, value)| {
            let mask = within(digit, *first, *last);
            let here = digit.wrapping_sub(*first).wrapping_add(*value);
            (number | (mask & here), none & !mask)
        })
}

/// Writes the first `len` octets, with padding.
pub(super) fn encode(writer: &mut Writer<'_>, secret: &Secret, len: usize) {
    let mut left = digits(len);
    let (groups, _) = secret.expose().as_chunks::<3>();
    for [first, second, third] in groups.iter().take(len.div_ceil(3)) {
        let bits = u32::from_be_bytes([0, *first, *second, *third]);
        let mut text = SecretBytes::<4>::zeroed();
        for (place, shift) in text.expose_mut().iter_mut().zip([18, 12, 6, 0]) {
            let [.., low] = (bits >> shift).to_be_bytes();
            *place = if left > 0 { digit(low & 63) } else { b'=' };
            left = left.saturating_sub(1);
        }
        writer.put(text.expose());
    }
}

/// Decodes `len` octets from as many digits as they take; whether that is what they are. Beyond them `secret` is
/// zero.
pub(super) fn decode(text: &[u8], len: usize, secret: &mut Secret) -> bool {
    secret.expose_mut().fill(0);
    let mut faults = 0;
    let (groups, _) = secret.expose_mut().as_chunks_mut::<3>();
    for (digits, group) in text.chunks(4).zip(groups) {
        let mut bits = 0_u32;
        for position in 0..4 {
            // Zero for what the last group lacks.
            let (number, none) = number(digits.get(position).copied().unwrap_or(b'A'));
            bits = bits << 6 | u32::from(number);
            faults |= none;
        }
        let [_, octets @ ..] = bits.to_be_bytes();
        *group = octets;
    }
    // Bits left over in the last digit must be zero.
    let left_over = secret.expose().iter().skip(len);
    left_over.fold(faults, |any, octet| any | octet) == 0
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding};

    use super::*;

    fn encoded(secret: &Secret, len: usize) -> std::string::String {
        let mut room = [0; 64];
        let mut writer = Writer::new(&mut room);
        encode(&mut writer, secret, len);
        let len = writer.len();
        core::str::from_utf8(&room[..len]).unwrap().into()
    }

    #[test]
    fn is_what_another_library_writes() {
        let mut secret = Secret::zeroed();
        for number in 0..=u8::MAX {
            for len in 1..=secret.expose().len() {
                let octets = secret.expose_mut().iter_mut().zip(0_u8..);
                octets
                    .for_each(|(octet, at)| *octet = number.wrapping_mul(at.wrapping_add(number)));
                secret.expose_mut()[len..].fill(0);
                let text = encoded(&secret, len);
                assert_eq!(text, Base64::encode_string(&secret.expose()[..len]));
                let mut back = Secret::zeroed();
                assert!(decode(&text.as_bytes()[..digits(len)], len, &mut back));
                assert_eq!(back.expose(), secret.expose());
            }
        }
    }

    #[test]
    fn every_octet_at_every_place_of_a_group() {
        for octet in 0..=u8::MAX {
            for position in 0..4 {
                let mut text = *b"AAAA";
                text[position] = octet;
                let mut secret = Secret::zeroed();
                let mut theirs = [0; 3];
                let is_base64 =
                    Base64::decode(text, &mut theirs).is_ok_and(|octets| octets.len() == 3);
                assert_eq!(
                    decode(&text, 3, &mut secret),
                    is_base64,
                    "{octet} at {position}"
                );
                if is_base64 {
                    assert_eq!(secret.expose()[..3], theirs);
                }
            }
        }
    }
}
