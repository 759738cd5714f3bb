// SPDX-License-Identifier: MIT OR Apache-2.0
//! Addresses in text (RFC 3261 section 25.1, RFC 5954). The core library reads the same, and brings panics along.

use core::net::{Ipv4Addr, Ipv6Addr};

/// Four numbers of one to three digits.
pub(super) fn v4(text: &[u8]) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut parts = text.split(|octet| *octet == b'.');
    for place in &mut octets {
        let part = parts.next()?;
        if part.is_empty() || part.len() > 3 || part.starts_with(b"0") && part.len() > 1 {
            return None;
        }
        *place = part.iter().try_fold(0_u8, |number, digit| {
            let digit = digit.is_ascii_digit().then_some(digit & 0x0f)?;
            number.checked_mul(10)?.checked_add(digit)
        })?;
    }
    parts.next().is_none().then(|| Ipv4Addr::from(octets))
}

/// Eight groups of one to four hexadecimal digits; `::` stands for groups of zeros, and the last two groups may be an
/// IPv4 address.
pub(super) fn v6(text: &[u8]) -> Option<Ipv6Addr> {
    let gap = text.windows(2).position(|pair| pair == b"::");
    let (front, back) = match gap {
        Some(at) => (text.get(..at)?, text.get(at + 2..)?),
        None => (text, [].as_slice()),
    };
    // Sixteen octets, filled from the front; those behind the gap are moved to the end.
    let mut groups = [0_u16; 8];
    let front_len = read_groups(front, gap.is_none(), groups.iter_mut())?;
    let mut behind = [0_u16; 8];
    let back_len = read_groups(back, true, behind.iter_mut())?;
    let is_complete = match gap {
        None => front_len == 8,
        Some(_) => front_len + back_len < 8,
    };
    if !is_complete {
        return None;
    }
    let last = behind.iter().take(back_len).rev();
    for (to, from) in groups.iter_mut().rev().zip(last) {
        *to = *from;
    }
    Some(Ipv6Addr::from(groups))
}

/// How many groups there are.
fn read_groups<'g>(
    text: &[u8],
    is_end: bool,
    mut places: impl Iterator<Item = &'g mut u16>,
) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let mut count = 0;
    let mut parts = text.split(|octet| *octet == b':').peekable();
    while let Some(part) = parts.next() {
        if is_end && parts.peek().is_none() && part.contains(&b'.') {
            let [a, b, c, d] = v4(part)?.octets();
            *places.next()? = u16::from_be_bytes([a, b]);
            *places.next()? = u16::from_be_bytes([c, d]);
            return Some(count + 2);
        }
        if part.is_empty() || part.len() > 4 {
            return None;
        }
        *places.next()? = part.iter().try_fold(0_u16, |group, digit| {
            let digit = char::from(*digit).to_digit(16)?;
            Some(group << 4 | u16::try_from(digit).ok()?)
        })?;
        count += 1;
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use std::format;

    use proptest::prelude::*;

    use super::*;

    const PIECES: &[&str] = &[
        "0", "1", "ff", "abcd", "00001", ":", ":", "::", ".", "255", "256", "1.2.3.4", "x",
    ];

    proptest! {
        /// As the core library has it.
        #[test]
        fn the_same_addresses(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..20)) {
            let text = pieces.concat();
            prop_assert_eq!(v4(text.as_bytes()), text.parse().ok());
            prop_assert_eq!(v6(text.as_bytes()), text.parse().ok());
        }

        #[test]
        fn every_address(four: [u8; 4], six: [u16; 8], zeros: u8) {
            let four = Ipv4Addr::from(four);
            let mut at = 0;
            let six = Ipv6Addr::from(six.map(|group| {
                at += 1;
                if zeros >> (at - 1) & 1 == 0 { 0 } else { group }
            }));
            prop_assert_eq!(v4(format!("{four}").as_bytes()), Some(four));
            prop_assert_eq!(v6(format!("{six}").as_bytes()), Some(six));
        }
    }
}
