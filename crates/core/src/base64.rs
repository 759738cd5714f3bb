// SPDX-License-Identifier: MIT OR Apache-2.0
//! Base64 (RFC 4648 section 4), in time that depends on the length alone: what is encoded may be a key.

/// The digits from one to another, and the number that the first stands for.
const RANGES: [(u8, u8, u8); 5] = [
    (b'A', b'Z', 0),
    (b'a', b'z', 26),
    (b'0', b'9', 52),
    (b'+', b'+', 62),
    (b'/', b'/', 63),
];

/// Digits for so many octets, without padding.
#[must_use]
pub const fn digits(len: usize) -> usize {
    len / 3 * 4 + (len % 3 * 8).div_ceil(6)
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

/// Writes four digits for each three octets, padded at the end; stops where `out` does.
#[inline(never)]
pub fn encode(octets: &[u8], out: &mut [u8]) {
    for (group, places) in octets.chunks(3).zip(out.chunks_mut(4)) {
        let mut bits = 0;
        for position in 0..3 {
            bits = bits << 8 | u32::from(group.get(position).copied().unwrap_or(0));
        }
        let mut left = digits(group.len());
        for (place, shift) in places.iter_mut().zip([18, 12, 6, 0]) {
            let [.., low] = (bits >> shift).to_be_bytes();
            *place = if left > 0 { digit(low & 63) } else { b'=' };
            left = left.saturating_sub(1);
        }
    }
}

/// Fills `out` from as many digits as that takes, without padding. False if they are not as many, not digits, or more
/// than what fits: `out` is then of no use.
#[inline(never)]
#[must_use]
pub fn decode(text: &[u8], out: &mut [u8]) -> bool {
    let mut faults = 0;
    for (group, places) in text.chunks(4).zip(out.chunks_mut(3)) {
        let mut bits = 0_u32;
        for position in 0..4 {
            // Zero for what the last group lacks.
            let (number, none) = number(group.get(position).copied().unwrap_or(b'A'));
            bits = bits << 6 | u32::from(number);
            faults |= none;
        }
        let [_, octets @ ..] = bits.to_be_bytes();
        let mut places = places.iter_mut();
        for octet in octets {
            match places.next() {
                Some(place) => *place = octet,
                // Bits left over in the last digit must be zero.
                None => faults |= octet,
            }
        }
    }
    text.len() == digits(out.len()) && faults == 0
}

#[cfg(test)]
mod tests {
    extern crate std;

    use base64ct::{Base64, Encoding};
    use std::vec;

    use super::*;

    #[test]
    fn is_what_another_library_writes() {
        for number in 0..=u8::MAX {
            for len in 0..=48_u8 {
                let octets: vec::Vec<u8> = (0..len)
                    .map(|at| number.wrapping_mul(at.wrapping_add(number)))
                    .collect();
                let expected = Base64::encode_string(&octets);
                let mut text = vec![0; expected.len()];
                encode(&octets, &mut text);
                assert_eq!(text, expected.as_bytes());
                let mut back = vec![1; octets.len()];
                assert!(decode(&text[..digits(octets.len())], &mut back));
                assert_eq!(back, octets);
            }
        }
    }

    #[test]
    fn every_octet_at_every_place_of_a_group() {
        for octet in 0..=u8::MAX {
            for position in 0..4 {
                let mut text = *b"AAAA";
                text[position] = octet;
                let (mut ours, mut theirs) = ([0; 3], [0; 3]);
                let is_base64 =
                    Base64::decode(text, &mut theirs).is_ok_and(|octets| octets.len() == 3);
                assert_eq!(decode(&text, &mut ours), is_base64, "{octet} at {position}");
                if is_base64 {
                    assert_eq!(ours, theirs);
                }
            }
        }
    }

    #[test]
    fn other_lengths_and_bits_left_over() {
        let mut out = [0; 4];
        assert!(decode(b"Zm9vYg", &mut out));
        assert_eq!(&out, b"foob");
        for text in [
            "", "Zm9v", "Zm9vYg==", "Zm9vYm", "Zm9vYgA", "Zm9vYmFy", "Zm9vYh",
        ] {
            assert!(!decode(text.as_bytes(), &mut out), "{text}");
        }
    }
}
