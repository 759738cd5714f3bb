// SPDX-License-Identifier: MIT OR Apache-2.0
//! Random RTP and RTCP packets, and damage to protected ones.

use crate::random::Random;

/// Longest payload.
pub const MAX_PAYLOAD: usize = 1500;

/// An RTP packet with contributing sources, header extension and payload of random size.
pub fn rtp(random: &mut Random, ssrc: u32, sequence_number: u16) -> Vec<u8> {
    let sources = if random.percent(60) {
        0
    } else {
        random.below(16)
    };
    let extension = random.percent(30).then(|| random.below(9));
    let payload = match random.below(8) {
        0 => 0,
        1 => random.below(20),
        2 => 160,
        3 => random.pick(&[15, 16, 17, 63, 64, 65, 127, 128, 129, MAX_PAYLOAD]),
        _ => random.below(MAX_PAYLOAD + 1),
    };

    // Version 2, padding as it comes: SRTP does not look at it.
    let flags = 0x80 | (u8::from(random.percent(10)) << 5) | (u8::from(extension.is_some()) << 4);
    let mut packet = vec![
        flags | u8::try_from(sources).unwrap(),
        random.pick(&[0, 8, 0x80 | 0x60, 127]),
    ];
    packet.extend(sequence_number.to_be_bytes());
    packet.extend(random.octets(4));
    packet.extend(ssrc.to_be_bytes());
    packet.extend(random.octets(4 * sources));
    if let Some(words) = extension {
        packet.extend(random.octets(2));
        packet.extend(u16::try_from(words).unwrap().to_be_bytes());
        packet.extend(random.octets(4 * words));
    }
    packet.extend(random.octets(payload));
    packet
}

/// An RTCP packet: the eight octets of a lone receiver report, or with more of any length behind them.
pub fn rtcp(random: &mut Random, ssrc: u32) -> Vec<u8> {
    let rest = match random.below(4) {
        0 => 0,
        // A sender report with one report block and a source description.
        1 => 20 + 24 + 28,
        2 => 4 * random.below(60),
        // Not a multiple of four, as no RTCP packet is: SRTCP does not mind.
        _ => random.below(300),
    };
    let words = u16::try_from((8 + rest) / 4 - 1).unwrap();
    let mut packet = vec![
        0x80 | random.pick(&[0, 1, 3]),
        random.pick(&[200, 201, 205]),
    ];
    packet.extend(words.to_be_bytes());
    packet.extend(ssrc.to_be_bytes());
    packet.extend(random.octets(rest));
    packet
}

/// A copy of a protected packet that is not the packet any more.
pub fn damaged(random: &mut Random, wire: &[u8]) -> Vec<u8> {
    let mut wire = wire.to_vec();
    match random.below(8) {
        0 => wire.truncate(random.below(wire.len())),
        1 => {
            let excess = random.between(1, 20);
            wire.extend(random.octets(excess));
        }
        2 => {
            let len = random.below(60);
            wire = random.octets(len);
        }
        // Where the header, the trailer, or any octet is.
        kind => {
            let len = wire.len();
            let at = match kind {
                3 | 4 => random.below(len.min(12)),
                5 | 6 => len - 1 - random.below(len.min(20)),
                _ => random.below(len),
            };
            wire[at] ^= 1 << random.below(8);
        }
    }
    wire
}

/// Mends version and SSRC of a damaged RTP packet, if it has them.
pub fn keep_version_and_ssrc(damaged: &mut [u8], wire: &[u8]) {
    if damaged.len() >= 12 {
        damaged[0] = 0x80 | (damaged[0] & 0x3f);
        damaged[8..12].copy_from_slice(&wire[8..12]);
    }
}
