// SPDX-License-Identifier: MIT OR Apache-2.0
//! Random RTP and RTCP packets, and damage to protected ones.

use crate::random::Random;

/// Longest payload.
pub const MAX_PAYLOAD: usize = 1500;

/// What stands in front of header extension elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    OneByte,
    TwoByte,
}

/// Highest ID that elements have here: the few of an SDP.
pub const MAX_ID: u8 = 14;

/// An RTP packet with contributing sources, header extension and payload of random size.
pub fn rtp(random: &mut Random, ssrc: u32, sequence_number: u16) -> Vec<u8> {
    let extension = random.percent(30).then(|| {
        let words = random.below(9);
        let defined_by_profile = random.octets(2);
        extension(&defined_by_profile, &random.octets(4 * words))
    });
    rtp_with(random, ssrc, sequence_number, extension)
}

/// The same, most with elements in the header extension.
pub fn rtp_with_elements(
    random: &mut Random,
    ssrc: u32,
    sequence_number: u16,
    form: Form,
) -> Vec<u8> {
    let extension = random.percent(80).then(|| {
        let defined_by_profile = match form {
            Form::OneByte => *b"\xbe\xde",
            Form::TwoByte => *b"\x10\x00",
        };
        extension(&defined_by_profile, &elements(random, form))
    });
    rtp_with(random, ssrc, sequence_number, extension)
}

fn extension(defined_by_profile: &[u8], octets: &[u8]) -> Vec<u8> {
    let words = u16::try_from(octets.len() / 4).unwrap();
    [defined_by_profile, &words.to_be_bytes(), octets].concat()
}

/// Elements, one behind the other, and padding to a multiple of four octets.
/// [`PADDING`](crate::differences::PADDING) says why there is none between them.
fn elements(random: &mut Random, form: Form) -> Vec<u8> {
    let mut octets = Vec::new();
    for _ in 0..random.below(6) {
        let id = u8::try_from(random.between(1, MAX_ID.into())).unwrap();
        let data = match (form, random.below(6)) {
            (Form::OneByte, _) => random.between(1, 16),
            (Form::TwoByte, 0) => random.between(0, 255),
            (Form::TwoByte, _) => random.between(0, 24),
        };
        let len = u8::try_from(data).unwrap();
        match form {
            Form::OneByte => octets.push(id << 4 | (len - 1)),
            Form::TwoByte => octets.extend([id, len]),
        }
        octets.extend(random.octets(data));
    }
    if form == Form::OneByte && random.percent(10) {
        // The ID at which a reader stops, whatever comes behind it.
        let rest = random.between(1, 20);
        octets.push(0xf0);
        octets.extend(random.octets(rest));
    }
    octets.resize(octets.len().next_multiple_of(4), 0);
    octets
}

fn rtp_with(
    random: &mut Random,
    ssrc: u32,
    sequence_number: u16,
    extension: Option<Vec<u8>>,
) -> Vec<u8> {
    let sources = if random.percent(60) {
        0
    } else {
        random.below(16)
    };
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
    packet.extend(extension.unwrap_or_default());
    packet.extend(random.octets(payload));
    packet
}

/// Octets of the header that an RTP packet says it has; none if it ends before saying so.
pub fn header_len(packet: &[u8]) -> Option<usize> {
    let fixed: &[u8; 12] = packet.first_chunk()?;
    let len = 12 + 4 * usize::from(fixed[0] & 0x0f);
    if fixed[0] & 0x10 == 0 {
        return Some(len);
    }
    let &[_, _, high, low] = packet.get(len..)?.first_chunk()?;
    Some(len + 4 + 4 * usize::from(u16::from_be_bytes([high, low])))
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

/// Mends the header of a damaged RTP packet, contributing sources and extension included, or all of it if there is
/// no room for that and for a trailer.
pub fn keep_header(damaged: &mut Vec<u8>, wire: &[u8], trailer: usize) {
    let len = header_len(wire).unwrap_or_default();
    if damaged.len() < len + trailer {
        *damaged = wire.to_vec();
    } else {
        damaged[..len].copy_from_slice(&wire[..len]);
    }
}
