// SPDX-License-Identifier: MIT OR Apache-2.0
//! What SRTP asks of a cipher.

use cipher::inout::InOutBuf;

#[cfg(feature = "accelerator")]
use crate::{Accelerator, AcceleratorFailed};

/// Octets of an initialisation vector as this crate takes it.
///
/// Counter mode uses all 16, the last two zero (RFC 3711 section 4.1.1), f8 all 16 (section 4.1.2). GCM
/// uses the first 12 (RFC 7714 section 8.1) and ignores the rest.
pub const IV_LEN: usize = 16;

/// Fewest octets of a tag that [`PacketCipher::open`] compares: the 32 bits of the weakest SRTP profile.
pub const MIN_TAG_LEN: usize = 4;

/// Which construction a [`PacketCipher`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Construction {
    /// AES-128 in counter mode with HMAC-SHA1.
    AesCm128HmacSha1,
    /// AES-192 in counter mode with HMAC-SHA1.
    AesCm192HmacSha1,
    /// AES-256 in counter mode with HMAC-SHA1.
    AesCm256HmacSha1,
    /// AES-128 in f8 mode with HMAC-SHA1.
    F8Aes128HmacSha1,
    /// No encryption, with HMAC-SHA1.
    NullHmacSha1,
    /// AES-128 in Galois/counter mode.
    Aes128Gcm,
    /// AES-256 in Galois/counter mode.
    Aes256Gcm,
}

/// The session keys of one protocol, SRTP or SRTCP. The places they are in are the caller's to wipe.
#[derive(Clone, Copy)]
pub struct SessionKey<'k> {
    /// The encryption key: as long as the cipher's, empty for the null cipher.
    pub encryption: &'k [u8],
    /// The authentication key of HMAC-SHA1, 20 octets; empty for an AEAD.
    pub authentication: &'k [u8],
    /// The salt: f8 mixes it into its keys, the others into each initialisation vector.
    pub salt: &'k [u8],
}

impl core::fmt::Debug for SessionKey<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SessionKey { .. }")
    }
}

/// One expanded session key set, ready to protect and unprotect packets.
///
/// A packet is handed over in the pieces that SRTP and SRTCP share:
///
/// ```text
///   +--------+------------------+--------+
///   | header | payload          | suffix |
///   +--------+------------------+--------+
///    authenticated               authenticated, not part of the payload:
///             encrypted and      the ROC (SRTP) or the E flag and index
///             authenticated      (SRTCP); empty for AEAD SRTP
/// ```
///
/// Header and payload are one buffer, `packet`, whose first `clear` octets are the header; all of a shorter one is.
/// Header and suffix are taken as they are on the wire, the header that of the output when sealing and of the input
/// when opening, and never written. The length of the `tag` slice decides how many octets of the tag are written or
/// compared: at least [`MIN_TAG_LEN`], at most 20 for HMAC-SHA1 and 16 for GCM. `iv` must never repeat under one key
/// with another packet.
pub trait PacketCipher {
    /// Expands the session keys.
    ///
    /// # Errors
    ///
    /// [`InvalidKeyLength`] if a key has a length that this construction does not take.
    fn new(key: &SessionKey<'_>) -> Result<Self, InvalidKeyLength>
    where
        Self: Sized;

    /// Hands the work to an accelerator from now on: AES and GHASH. A construction that has nothing for it stays
    /// as it is.
    ///
    /// # Errors
    ///
    /// [`AcceleratorFailed`] if it gives other results than software.
    #[cfg(feature = "accelerator")]
    fn accelerate(&mut self, _: &'static dyn Accelerator) -> Result<(), AcceleratorFailed> {
        Ok(())
    }

    /// Which construction this is.
    fn construction() -> Construction
    where
        Self: Sized;

    /// Encrypts the payload and writes the authentication tag.
    fn seal(
        &self,
        iv: &[u8; IV_LEN],
        packet: InOutBuf<'_, '_, u8>,
        clear: usize,
        suffix: &[u8],
        tag: &mut [u8],
    );

    /// Checks the tag over the input and, only then, decrypts the payload.
    ///
    /// # Errors
    ///
    /// [`AuthenticationFailed`] if the tag is not that of the packet; the output is then untouched.
    /// A tag slice shorter or longer than this construction has answers the same.
    fn open(
        &self,
        iv: &[u8; IV_LEN],
        packet: InOutBuf<'_, '_, u8>,
        clear: usize,
        suffix: &[u8],
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed>;

    /// Encrypts or decrypts without any authentication: every cipher of SRTP is a keystream.
    #[cfg(feature = "insecure")]
    fn crypt(&self, iv: &[u8; IV_LEN], payload: InOutBuf<'_, '_, u8>);

    /// As [`PacketCipher::seal`], for a payload in two pieces.
    #[cfg(feature = "rfc9335")]
    fn seal_pieces(
        &self,
        iv: &[u8; IV_LEN],
        packet: Pieces<'_, '_, '_>,
        suffix: &[u8],
        tag: &mut [u8],
    );

    /// As [`PacketCipher::open`], for a payload in two pieces.
    ///
    /// # Errors
    ///
    /// As [`PacketCipher::open`]; the output of neither piece is then touched.
    #[cfg(feature = "rfc9335")]
    fn open_pieces(
        &self,
        iv: &[u8; IV_LEN],
        packet: Pieces<'_, '_, '_>,
        suffix: &[u8],
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed>;
}

/// Parts the first `len` octets of a packet, or all of a shorter one, from what is behind them.
#[inline]
#[must_use]
pub fn split_clear<'i, 'o>(
    packet: InOutBuf<'i, 'o, u8>,
    len: usize,
) -> (InOutBuf<'i, 'o, u8>, InOutBuf<'i, 'o, u8>) {
    let len = len.min(packet.len());
    packet.split_at(len)
}

/// A packet whose payload is in two pieces, with one keystream over both (RFC 9335 section 6).
///
/// ```text
///   +--------+----------------+---------+------------------+--------+
///   | header | first          | between | second           | suffix |
///   +--------+----------------+---------+------------------+--------+
///              encrypted                  encrypted
/// ```
///
/// HMAC-SHA1 authenticates all in this order. For an AEAD the associated data is `header`, `between` and
/// `suffix`, one after the other.
#[cfg(feature = "rfc9335")]
pub struct Pieces<'p, 'i, 'o> {
    /// What is in front, in clear.
    pub header: &'p [u8],
    /// At most [`MAX_FIRST_LEN`] octets.
    pub first: InOutBuf<'i, 'o, u8>,
    /// What is in clear between the two.
    pub between: &'p [u8],
    /// The rest.
    pub second: InOutBuf<'i, 'o, u8>,
}

#[cfg(feature = "rfc9335")]
impl core::fmt::Debug for Pieces<'_, '_, '_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Pieces { .. }")
    }
}

/// Most octets of the first piece: the contributing sources of one packet.
#[cfg(feature = "rfc9335")]
pub const MAX_FIRST_LEN: usize = 60;

/// The tag does not belong to the packet. There is no detail to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthenticationFailed;

/// A key of a length that the construction does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidKeyLength;
