// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES in counter mode (RFC 3711 section 4.1.1, RFC 6188) with HMAC-SHA1 over the result (section 4.2.1).

use core::fmt;

use cipher::inout::InOutBuf;

#[cfg(feature = "accelerator")]
use crate::{Accelerator, AcceleratorFailed};
use crate::{
    AesBlock, AuthenticationFailed, Construction, HmacSha1, IV_LEN, InvalidKeyLength, PacketCipher,
    SessionKey, split_clear,
};
#[cfg(feature = "rfc9335")]
use crate::{MAX_FIRST_LEN, Pieces};

/// XORs the counter-mode keystream that starts at block `iv` into `data`.
///
/// The counter is the last 32 bits of the block. SRTP's counter has 16 bits that start at zero and GCM's
/// has 32 that start at one: neither wraps for a `data` below 1 MiB, which every packet is.
pub fn xor_keystream<A: AesBlock>(aes: &A, iv: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>) {
    aes.xor_keystream(iv, data);
}

/// A block of counter mode: the first 12 octets of `iv`, and the counter.
#[cfg(feature = "gcm")]
pub(crate) fn counter_block(iv: &[u8; IV_LEN], counter: u32) -> [u8; IV_LEN] {
    let prefix = u128::from_be_bytes(*iv) & !u128::from(u32::MAX);
    (prefix | u128::from(counter)).to_be_bytes()
}

/// The same over two pieces, one after the other, the first of at most [`MAX_FIRST_LEN`] octets.
#[cfg(feature = "rfc9335")]
pub(crate) fn xor_keystream_pieces(
    xor_keystream: impl Fn(&[u8; IV_LEN], InOutBuf<'_, '_, u8>),
    iv: &[u8; IV_LEN],
    first: InOutBuf<'_, '_, u8>,
    second: InOutBuf<'_, '_, u8>,
) {
    // Enough whole blocks for any first piece; the second begins within them.
    const BLOCKS: usize = 4;
    const _: () = assert!(MAX_FIRST_LEN <= BLOCKS * IV_LEN);
    let mut keystream = [0; BLOCKS * IV_LEN];
    xor_keystream(iv, keystream.as_mut_slice().into());
    let (of_first, of_second) = keystream.split_at(first.len().min(keystream.len()));
    let within = second.len().min(of_second.len());
    let (head, rest) = second.split_at(within);
    xor(first, of_first);
    xor(head, of_second);
    if !rest.is_empty() {
        let after = u128::from_be_bytes(*iv).wrapping_add(BLOCKS as u128);
        xor_keystream(&after.to_be_bytes(), rest);
    }
}

/// XORs as many octets of `key` into `data` as both have.
pub(crate) fn xor(data: InOutBuf<'_, '_, u8>, key: &[u8]) {
    for (mut octet, key) in data.into_iter().zip(key) {
        let masked = octet.clone_in() ^ key;
        *octet.get_out() = masked;
    }
}

/// AES in counter mode and HMAC-SHA1: the construction of the `AES_*_CM_HMAC_SHA1_*` profiles.
pub struct AesCmHmacSha1<A: AesBlock> {
    aes: A,
    hmac: HmacSha1,
}

impl<A: AesBlock> PacketCipher for AesCmHmacSha1<A> {
    fn new(key: &SessionKey<'_>) -> Result<Self, InvalidKeyLength> {
        Ok(Self {
            aes: A::new_from_slice(key.encryption).map_err(|_| InvalidKeyLength)?,
            hmac: HmacSha1::new(key.authentication)?,
        })
    }

    #[cfg(feature = "accelerator")]
    fn accelerate(
        &mut self,
        accelerator: &'static dyn Accelerator,
    ) -> Result<(), AcceleratorFailed> {
        self.aes.accelerate(accelerator)
    }

    fn construction() -> Construction {
        A::CM_HMAC_SHA1
    }

    fn seal(
        &self,
        iv: &[u8; IV_LEN],
        mut packet: InOutBuf<'_, '_, u8>,
        clear: usize,
        suffix: &[u8],
        tag: &mut [u8],
    ) {
        let (_, payload) = split_clear(packet.reborrow(), clear);
        xor_keystream(&self.aes, iv, payload);
        self.hmac.tag([packet.get_out(), suffix], tag);
    }

    fn open(
        &self,
        iv: &[u8; IV_LEN],
        packet: InOutBuf<'_, '_, u8>,
        clear: usize,
        suffix: &[u8],
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed> {
        self.hmac.verify([packet.get_in(), suffix], tag)?;
        let (_, payload) = split_clear(packet, clear);
        xor_keystream(&self.aes, iv, payload);
        Ok(())
    }

    #[cfg(feature = "insecure")]
    fn crypt(&self, iv: &[u8; IV_LEN], payload: InOutBuf<'_, '_, u8>) {
        xor_keystream(&self.aes, iv, payload);
    }

    #[cfg(feature = "rfc9335")]
    fn seal_pieces(
        &self,
        iv: &[u8; IV_LEN],
        packet: Pieces<'_, '_, '_>,
        suffix: &[u8],
        tag: &mut [u8],
    ) {
        let Pieces {
            header,
            mut first,
            between,
            mut second,
        } = packet;
        self.crypt_pieces(iv, first.reborrow(), second.reborrow());
        let parts = [header, first.get_out(), between, second.get_out(), suffix];
        self.hmac.tag(parts, tag);
    }

    #[cfg(feature = "rfc9335")]
    fn open_pieces(
        &self,
        iv: &[u8; IV_LEN],
        packet: Pieces<'_, '_, '_>,
        suffix: &[u8],
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed> {
        let Pieces {
            header,
            first,
            between,
            second,
        } = packet;
        let parts = [header, first.get_in(), between, second.get_in(), suffix];
        self.hmac.verify(parts, tag)?;
        self.crypt_pieces(iv, first, second);
        Ok(())
    }
}

#[cfg(feature = "rfc9335")]
impl<A: AesBlock> AesCmHmacSha1<A> {
    fn crypt_pieces(
        &self,
        iv: &[u8; IV_LEN],
        first: InOutBuf<'_, '_, u8>,
        second: InOutBuf<'_, '_, u8>,
    ) {
        let xor_keystream = |iv: &_, data: InOutBuf<'_, '_, u8>| self.aes.xor_keystream(iv, data);
        xor_keystream_pieces(xor_keystream, iv, first, second);
    }
}

impl<A: AesBlock> fmt::Debug for AesCmHmacSha1<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesCmHmacSha1 { .. }")
    }
}
