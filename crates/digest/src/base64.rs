// SPDX-License-Identifier: MIT OR Apache-2.0
//! Base64 (RFC 4648 section 4) in both directions, of few octets. Encoding has no branch and no table, since a password
//! of AKAv2 is encoded; what is decoded is public.

use crate::hex::is_above;

/// Four digits for each three octets, padded at the end. Stops where `out` does.
pub(crate) fn encode(octets: &[u8], out: &mut [u8]) {
    for (digits, group) in out.chunks_mut(4).zip(octets.chunks(3)) {
        let mut bits = 0;
        for at in 0..3 {
            bits = bits << 8 | u32::from(group.get(at).copied().unwrap_or(0));
        }
        for (at, digit) in digits.iter_mut().enumerate() {
            let is_padding = at > group.len();
            let shift = 18_usize.wrapping_sub(at * 6) & 31;
            *digit = if is_padding {
                b'='
            } else {
                to_digit((bits >> shift & 0x3f) as u8)
            };
        }
    }
}

/// Three octets for each four digits. `None` for anything but whole groups, without padding, that `out` is for.
pub(crate) fn decode<const N: usize>(digits: &[u8], out: &mut [u8; N]) -> Option<()> {
    if !N.is_multiple_of(3) || digits.len() != N / 3 * 4 {
        return None;
    }
    for (group, digits) in out.chunks_mut(3).zip(digits.chunks(4)) {
        let mut bits = 0;
        for digit in digits {
            bits = bits << 6 | u32::from(to_value(*digit)?);
        }
        let [_, octets @ ..] = bits.to_be_bytes();
        for (to, from) in group.iter_mut().zip(octets) {
            *to = from;
        }
    }
    Some(())
}

/// `A` to `Z`, `a` to `z`, `0` to `9`, `+`, `/` for 0 to 63.
fn to_digit(value: u8) -> u8 {
    // Each step past the end of a row adds the distance to the next row.
    (value + b'A')
        .wrapping_add(is_above(value, 25) * (b'a' - b'Z' - 1))
        .wrapping_sub(is_above(value, 51) * (b'z' - b'0' + 1))
        .wrapping_sub(is_above(value, 61) * (b'9' - b'+' + 1))
        .wrapping_add(is_above(value, 62) * (b'/' - b'+' - 1))
}

fn to_value(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_rfc_4648_has_it() {
        for (octets, text) in [
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            let mut out = [0; 8];
            encode(octets.as_bytes(), &mut out);
            assert_eq!(&out[..text.len()], text.as_bytes());
        }
        for value in 0..64 {
            assert_eq!(to_value(to_digit(value)), Some(value));
        }
        let mut out = [0; 6];
        assert_eq!(decode(b"Zm9vYmFy", &mut out), Some(()));
        assert_eq!(&out, b"foobar");
        for text in ["Zm9vYmE=", "Zm9vYm", "Zm9v-mFy", "Zm9vYmFyZm9v", ""] {
            assert_eq!(decode(text.as_bytes(), &mut out), None, "{text}");
        }
    }
}
