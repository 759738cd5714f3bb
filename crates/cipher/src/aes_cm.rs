// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES in counter mode (RFC 3711 section 4.1.1, RFC 6188) with HMAC-SHA1 over the result (section 4.2.1).

use core::fmt;

use aes::Aes128Enc;
#[cfg(feature = "rfc6188")]
use aes::Aes192Enc;
#[cfg(any(feature = "gcm", feature = "rfc6188"))]
use aes::Aes256Enc;
use cipher::array::Array;
use cipher::consts::U16;
use cipher::inout::InOutBuf;
use cipher::{
    BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser, KeyInit,
    ParBlocks,
};
use zeroize::ZeroizeOnDrop;

use crate::{
    AuthenticationFailed, Construction, HmacSha1, IV_LEN, InvalidKeyLength, PacketCipher,
    SessionKey,
};
#[cfg(feature = "rfc9335")]
use crate::{MAX_FIRST_LEN, Pieces};

/// An expanded AES encryption key of one size.
pub trait AesBlock:
    BlockCipherEncrypt + BlockSizeUser<BlockSize = U16> + KeyInit + ZeroizeOnDrop
{
    /// The construction that counter mode under this key with HMAC-SHA1 is.
    const CM_HMAC_SHA1: Construction;
}

impl AesBlock for Aes128Enc {
    const CM_HMAC_SHA1: Construction = Construction::AesCm128HmacSha1;
}

#[cfg(feature = "rfc6188")]
impl AesBlock for Aes192Enc {
    const CM_HMAC_SHA1: Construction = Construction::AesCm192HmacSha1;
}

#[cfg(any(feature = "gcm", feature = "rfc6188"))]
impl AesBlock for Aes256Enc {
    const CM_HMAC_SHA1: Construction = Construction::AesCm256HmacSha1;
}

/// XORs the counter-mode keystream that starts at block `iv` into `data`.
///
/// The counter is the last 32 bits of the block. SRTP's counter has 16 bits that start at zero and GCM's
/// has 32 that start at one: neither wraps for a `data` below 1 MiB, which every packet is.
pub fn xor_keystream<A: AesBlock>(aes: &A, iv: &[u8; IV_LEN], data: InOutBuf<'_, '_, u8>) {
    aes.encrypt_with_backend(Keystream { iv, data });
}

/// A keystream to be made by whichever implementation of AES there is.
struct Keystream<'p, 'i, 'o> {
    iv: &'p [u8; IV_LEN],
    data: InOutBuf<'i, 'o, u8>,
}

impl BlockSizeUser for Keystream<'_, '_, '_> {
    type BlockSize = U16;
}

impl BlockCipherEncClosure for Keystream<'_, '_, '_> {
    #[inline]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        let Self { iv, mut data } = self;
        let [.., c0, c1, c2, c3] = *iv;
        let mut counter = u32::from_be_bytes([c0, c1, c2, c3]);
        let mut batch = ParBlocks::<B>::default();
        while !data.is_empty() {
            let needed = data.len().div_ceil(IV_LEN).min(batch.len());
            for block in batch.iter_mut().take(needed) {
                *block = counter_block(iv, counter);
                counter = counter.wrapping_add(1);
            }
            // Bit-sliced software works on few blocks at once and as long on one of them; hardware takes many
            // and each costs.
            if needed == batch.len() || batch.len() <= 4 {
                backend.encrypt_par_blocks((&mut batch).into());
            } else if let Some(tail) = batch.get_mut(..needed) {
                backend.encrypt_tail_blocks(tail.into());
            }
            let len = data.len().min(needed * IV_LEN);
            let (now, later) = data.split_at(len);
            let (blocks, tail) = now.into_chunks::<U16>();
            let whole = blocks.len();
            for (mut block, key) in blocks.into_iter().zip(&batch) {
                block.xor_in2out(key);
            }
            if let Some(last) = batch.get(whole) {
                xor(tail, last);
            }
            data = later;
        }
    }
}

/// A block of counter mode: the first 12 octets of `iv`, and the counter.
pub(crate) fn counter_block(iv: &[u8; IV_LEN], counter: u32) -> Array<u8, U16> {
    let [prefix @ .., _, _, _, _] = *iv;
    let mut block = Array::default();
    for (to, from) in block
        .iter_mut()
        .zip(prefix.iter().chain(&counter.to_be_bytes()))
    {
        *to = *from;
    }
    block
}

/// The same over two pieces, one after the other, the first of at most [`MAX_FIRST_LEN`] octets.
#[cfg(feature = "rfc9335")]
pub(crate) fn xor_keystream_pieces<A: AesBlock>(
    aes: &A,
    iv: &[u8; IV_LEN],
    first: InOutBuf<'_, '_, u8>,
    second: InOutBuf<'_, '_, u8>,
) {
    // Enough whole blocks for any first piece; the second begins within them.
    const BLOCKS: usize = 4;
    const _: () = assert!(MAX_FIRST_LEN <= BLOCKS * IV_LEN);
    let mut keystream = [0; BLOCKS * IV_LEN];
    xor_keystream(aes, iv, keystream.as_mut_slice().into());
    let (of_first, of_second) = keystream.split_at(first.len().min(keystream.len()));
    let within = second.len().min(of_second.len());
    let (head, rest) = second.split_at(within);
    xor(first, of_first);
    xor(head, of_second);
    if !rest.is_empty() {
        let after = u128::from_be_bytes(*iv).wrapping_add(BLOCKS as u128);
        xor_keystream(aes, &after.to_be_bytes(), rest);
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

    fn construction() -> Construction {
        A::CM_HMAC_SHA1
    }

    fn seal(
        &self,
        iv: &[u8; IV_LEN],
        header: &[u8],
        mut payload: InOutBuf<'_, '_, u8>,
        suffix: &[u8],
        tag: &mut [u8],
    ) {
        xor_keystream(&self.aes, iv, payload.reborrow());
        self.hmac.tag([header, payload.get_out(), suffix], tag);
    }

    fn open(
        &self,
        iv: &[u8; IV_LEN],
        header: &[u8],
        payload: InOutBuf<'_, '_, u8>,
        suffix: &[u8],
        tag: &[u8],
    ) -> Result<(), AuthenticationFailed> {
        self.hmac.verify([header, payload.get_in(), suffix], tag)?;
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
        xor_keystream_pieces(&self.aes, iv, first.reborrow(), second.reborrow());
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
        xor_keystream_pieces(&self.aes, iv, first, second);
        Ok(())
    }
}

impl<A: AesBlock> fmt::Debug for AesCmHmacSha1<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesCmHmacSha1 { .. }")
    }
}
