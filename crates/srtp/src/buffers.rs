// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a packet comes from and where it goes: one buffer, or two.
//!
//! Everything that can fail for lack of room fails here, before a byte moves.

use sipseal_cipher::InOutBuf;

use crate::Error;

/// Longest packet in octets, before and after protection: what a UDP datagram can carry.
pub const MAX_PACKET_LEN: usize = 65_535;

/// A packet to protect and the room behind it.
pub(crate) struct Outgoing<'i, 'o> {
    pub(crate) packet: InOutBuf<'i, 'o, u8>,
    /// Exactly the octets that protection adds.
    pub(crate) trailer: &'o mut [u8],
}

impl<'i, 'o> Outgoing<'i, 'o> {
    /// The packet is the first `len` octets of `buffer`, and grows by `growth` in it.
    pub(crate) fn in_place(buffer: &'o mut [u8], len: usize, growth: usize) -> Result<Self, Error>
    where
        'o: 'i,
    {
        let needed = grown(len, growth)?;
        let (packet, trailer) = split(buffer, len, needed)?;
        Ok(Self {
            packet: packet.into(),
            trailer,
        })
    }

    /// The packet is `input`; `output` receives it, grown by `growth`.
    pub(crate) fn disjoint(
        input: &'i [u8],
        output: &'o mut [u8],
        growth: usize,
    ) -> Result<Self, Error> {
        let needed = grown(input.len(), growth)?;
        let (output, trailer) = split(output, input.len(), needed)?;
        let packet = InOutBuf::new(input, output).map_err(|_| Error::BufferTooSmall { needed })?;
        Ok(Self { packet, trailer })
    }
}

/// A packet to unprotect, apart from the octets that protection added.
pub(crate) struct Incoming<'i, 'o> {
    pub(crate) packet: InOutBuf<'i, 'o, u8>,
    /// Exactly the octets that protection added.
    pub(crate) trailer: &'i [u8],
}

impl<'i, 'o> Incoming<'i, 'o> {
    /// The packet is all of `buffer`, and shrinks by `growth` in it.
    pub(crate) fn in_place(buffer: &'o mut [u8], growth: usize) -> Result<Self, Error>
    where
        'o: 'i,
    {
        let len = shrunk(buffer.len(), growth)?;
        let (packet, trailer) = buffer
            .split_at_mut_checked(len)
            .ok_or(Error::Truncated { offset: 0 })?;
        Ok(Self {
            packet: packet.into(),
            trailer,
        })
    }

    /// The packet is `input`; `output` receives it, shrunk by `growth`.
    pub(crate) fn disjoint(
        input: &'i [u8],
        output: &'o mut [u8],
        growth: usize,
    ) -> Result<Self, Error> {
        let len = shrunk(input.len(), growth)?;
        let (packet, trailer) = input
            .split_at_checked(len)
            .ok_or(Error::Truncated { offset: 0 })?;
        let output = output
            .get_mut(..len)
            .ok_or(Error::BufferTooSmall { needed: len })?;
        let packet =
            InOutBuf::new(packet, output).map_err(|_| Error::BufferTooSmall { needed: len })?;
        Ok(Self { packet, trailer })
    }
}

/// Parts what stays in clear, at most `len` octets, from what is encrypted.
pub(crate) fn split_clear<'i, 'o>(
    packet: InOutBuf<'i, 'o, u8>,
    len: usize,
) -> (InOutBuf<'i, 'o, u8>, InOutBuf<'i, 'o, u8>) {
    let len = len.min(packet.len());
    packet.split_at(len)
}

fn grown(len: usize, growth: usize) -> Result<usize, Error> {
    if len > MAX_PACKET_LEN - growth {
        Err(Error::PacketTooLong)
    } else {
        Ok(len + growth)
    }
}

fn shrunk(len: usize, growth: usize) -> Result<usize, Error> {
    if len > MAX_PACKET_LEN {
        return Err(Error::PacketTooLong);
    }
    len.checked_sub(growth)
        .ok_or(Error::Truncated { offset: 0 })
}

/// The first `len` octets of `buffer` and those from there to `needed`.
fn split(buffer: &mut [u8], len: usize, needed: usize) -> Result<(&mut [u8], &mut [u8]), Error> {
    buffer
        .get_mut(..needed)
        .and_then(|used| used.split_at_mut_checked(len))
        .ok_or(Error::BufferTooSmall { needed })
}
