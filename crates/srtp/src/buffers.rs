// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a packet comes from and where it goes: one buffer, or two.
//!
//! Everything that can fail for lack of room fails here, before a byte moves.

use sipseal_cipher::InOutBuf;

use crate::Error;

/// Longest packet in octets, before and after protection: what a UDP datagram can carry.
pub const MAX_PACKET_LEN: usize = 65_535;

/// Where a packet is, and where the result goes.
#[derive(Debug)]
pub enum Buffers<'i, 'o> {
    /// The packet is the first octets of `buffer`, and the result takes their place.
    InPlace {
        /// All that may be read or written.
        buffer: &'o mut [u8],
        /// Octets of the packet.
        len: usize,
        /// Octets that the result may take.
        cap: usize,
    },
    /// The two share nothing.
    Disjoint {
        /// The packet.
        input: &'i [u8],
        /// Room for the result.
        output: &'o mut [u8],
    },
}

impl<'i, 'o> Buffers<'i, 'o> {
    /// The packet as it was handed over; none if it is longer than its buffer.
    pub(crate) fn packet(&self) -> Option<&[u8]> {
        match self {
            Self::InPlace { buffer, len, .. } => buffer.get(..*len),
            Self::Disjoint { input, .. } => Some(input),
        }
    }

    /// Octets that the result may take.
    fn cap(&self) -> usize {
        match self {
            Self::InPlace { cap, .. } => *cap,
            Self::Disjoint { output, .. } => output.len(),
        }
    }

    /// Octets of the packet as it was handed over.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::InPlace { len, .. } => *len,
            Self::Disjoint { input, .. } => input.len(),
        }
    }

    /// Octets of a packet that is to grow by `growth`, for which there is room.
    pub(crate) fn grown_len(&self, growth: usize) -> Result<usize, Error> {
        let len = self.len();
        if len > MAX_PACKET_LEN - growth {
            return Err(Error::PacketTooLong);
        }
        let needed = len + growth;
        if needed > self.cap() {
            return Err(Error::BufferTooSmall { needed });
        }
        Ok(needed)
    }

    /// The packet on its way, and the `growth` octets behind it.
    pub(crate) fn into_outgoing(
        self,
        growth: usize,
    ) -> Result<(InOutBuf<'i, 'o, u8>, &'o mut [u8]), Error>
    where
        'o: 'i,
    {
        let len = self.len();
        let too_small = Error::BufferTooSmall {
            needed: len + growth,
        };
        let (input, output) = match self {
            Self::InPlace { buffer, .. } => (None, buffer),
            Self::Disjoint { input, output } => (Some(input), output),
        };
        let (output, rest) = output.split_at_mut_checked(len).ok_or(too_small)?;
        let trailer = rest.get_mut(..growth).ok_or(too_small)?;
        let packet = match input {
            Some(input) => InOutBuf::new(input, output).map_err(|_| too_small)?,
            None => output.into(),
        };
        Ok((packet, trailer))
    }

    #[cfg(feature = "rfc9335")]
    /// Moves the packet into the output with `gap` octets of zeros after the first `at`; then it, and the
    /// `growth` octets behind it.
    pub(crate) fn into_widened(
        self,
        at: usize,
        gap: usize,
        growth: usize,
    ) -> Result<(&'o mut [u8], &'o mut [u8]), Error> {
        let len = self.len();
        let (input, output) = match self {
            Self::InPlace { buffer, .. } => (&[][..], buffer),
            Self::Disjoint { input, output } => (input, output),
        };
        let widened = len + gap;
        let too_small = Error::BufferTooSmall {
            needed: widened + growth,
        };
        let (packet, rest) = output.split_at_mut_checked(widened).ok_or(too_small)?;
        let trailer = rest.get_mut(..growth).ok_or(too_small)?;
        for (to, from) in packet.iter_mut().zip(input) {
            *to = *from;
        }
        if gap > 0 {
            // From the end, so that nothing is overwritten before it has moved.
            for from in (at..len).rev() {
                let octet = packet.get(from).copied().unwrap_or_default();
                if let Some(to) = packet.get_mut(from + gap) {
                    *to = octet;
                }
            }
            for octet in packet.iter_mut().skip(at).take(gap) {
                *octet = 0;
            }
        }
        Ok((packet, trailer))
    }

    /// The packet apart from the `shrinkage` octets behind it.
    pub(crate) fn into_incoming(self, shrinkage: usize) -> Result<Incoming<'i, 'o>, Error>
    where
        'o: 'i,
    {
        let len = self.len();
        if len > MAX_PACKET_LEN {
            return Err(Error::PacketTooLong);
        }
        let needed = len
            .checked_sub(shrinkage)
            .ok_or(Error::Truncated { offset: 0 })?;
        let too_small = Error::BufferTooSmall { needed };
        if needed > self.cap() {
            return Err(too_small);
        }
        let (packet, trailer) = match self {
            Self::InPlace { buffer, .. } => {
                let protected = buffer.get_mut(..len).ok_or(too_small)?;
                let (packet, trailer) = protected.split_at_mut_checked(needed).ok_or(too_small)?;
                (packet.into(), &*trailer)
            }
            Self::Disjoint { input, output } => {
                let (packet, trailer) = input.split_at_checked(needed).ok_or(too_small)?;
                let output = output.get_mut(..needed).ok_or(too_small)?;
                let packet = InOutBuf::new(packet, output).map_err(|_| too_small)?;
                (packet, trailer)
            }
        };
        Ok(Incoming { packet, trailer })
    }
}

/// A packet to unprotect, apart from the octets that protection added.
pub(crate) struct Incoming<'i, 'o> {
    pub(crate) packet: InOutBuf<'i, 'o, u8>,
    /// Exactly the octets that protection added.
    pub(crate) trailer: &'i [u8],
}
