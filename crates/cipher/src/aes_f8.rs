// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES in f8 mode (RFC 3711 section 4.1.2) with HMAC-SHA1 over the result.
//!
//! ```text
//!   IV' = E(k_e XOR m, IV)                      m = k_s || 0x555..5
//!   S(j) = E(k_e, IV' XOR j XOR S(j-1))         S(-1) = 0
//! ```

use core::fmt;

use cipher::inout::InOutBuf;
use sipseal_core::SecretBytes;

#[cfg(feature = "rfc9335")]
use crate::Pieces;
use crate::aes_cm::xor;
use crate::{
    Aes128Enc, AesBlock, AuthenticationFailed, Construction, HmacSha1, IV_LEN, InvalidKeyLength,
    PacketCipher, SessionKey, split_clear,
};

const BLOCK: usize = 16;

/// AES-128 in f8 mode and HMAC-SHA1: the construction of `F8_128_HMAC_SHA1_80`.
pub struct F8HmacSha1 {
    aes: Aes128Enc,
    /// Under the masked key, for IV'.
    masked: Aes128Enc,
    hmac: HmacSha1,
}

impl PacketCipher for F8HmacSha1 {
    fn new(key: &SessionKey<'_>) -> Result<Self, InvalidKeyLength> {
        let mut masked = SecretBytes::<BLOCK>::zeroed();
        let mask = key.salt.iter().chain(core::iter::repeat(&0x55));
        for ((to, key), mask) in masked.expose_mut().iter_mut().zip(key.encryption).zip(mask) {
            *to = key ^ mask;
        }
        Ok(Self {
            aes: Aes128Enc::new_from_slice(key.encryption)?,
            masked: Aes128Enc::new_from_slice(masked.expose())?,
            hmac: HmacSha1::new(key.authentication)?,
        })
    }

    fn construction() -> Construction {
        Construction::F8Aes128HmacSha1
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
        self.xor_keystream(iv, payload);
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
        self.xor_keystream(iv, payload);
        Ok(())
    }

    #[cfg(feature = "insecure")]
    fn crypt(&self, iv: &[u8; IV_LEN], payload: InOutBuf<'_, '_, u8>) {
        self.xor_keystream(iv, payload);
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
        self.xor_keystream_pieces(iv, first.reborrow(), second.reborrow());
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
        self.xor_keystream_pieces(iv, first, second);
        Ok(())
    }
}

impl F8HmacSha1 {
    fn xor_keystream(&self, iv: &[u8; IV_LEN], payload: InOutBuf<'_, '_, u8>) {
        let mut next = self.keystream(iv);
        let (blocks, tail) = payload.into_chunks::<cipher::consts::U16>();
        for block in blocks {
            xor(block.into_buf(), &next());
        }
        if !tail.is_empty() {
            xor(tail, &next());
        }
    }

    #[cfg(feature = "rfc9335")]
    fn xor_keystream_pieces(
        &self,
        iv: &[u8; IV_LEN],
        first: InOutBuf<'_, '_, u8>,
        second: InOutBuf<'_, '_, u8>,
    ) {
        let keystream = core::iter::repeat_with(self.keystream(iv)).flatten();
        for (mut octet, key) in first.into_iter().chain(second).zip(keystream) {
            let masked = octet.clone_in() ^ key;
            *octet.get_out() = masked;
        }
    }

    /// The blocks of the keystream, one with each call.
    fn keystream(&self, iv: &[u8; IV_LEN]) -> impl FnMut() -> [u8; BLOCK] {
        let mut masked_iv = *iv;
        self.masked.encrypt_block(&mut masked_iv);
        let masked_iv = u128::from_be_bytes(masked_iv);
        let mut keystream = 0;
        let mut counter = 0;
        move || {
            let mut block = (masked_iv ^ counter ^ keystream).to_be_bytes();
            self.aes.encrypt_block(&mut block);
            keystream = u128::from_be_bytes(block);
            counter += 1;
            block
        }
    }
}

impl fmt::Debug for F8HmacSha1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("F8HmacSha1 { .. }")
    }
}
