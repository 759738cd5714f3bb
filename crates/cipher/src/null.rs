// SPDX-License-Identifier: MIT OR Apache-2.0
//! The null cipher (RFC 3711 section 4.1.3) with HMAC-SHA1: packets that anyone can read and nobody can
//! change.

use core::fmt;

use cipher::inout::InOutBuf;

#[cfg(feature = "rfc9335")]
use crate::Pieces;
use crate::{
    AuthenticationFailed, Construction, HmacSha1, IV_LEN, InvalidKeyLength, PacketCipher,
    SessionKey, split_clear,
};

/// No encryption, and HMAC-SHA1.
pub struct NullHmacSha1 {
    hmac: HmacSha1,
}

impl PacketCipher for NullHmacSha1 {
    fn new(key: &SessionKey<'_>) -> Result<Self, InvalidKeyLength> {
        Ok(Self {
            hmac: HmacSha1::new(key.authentication)?,
        })
    }

    fn construction() -> Construction {
        Construction::NullHmacSha1
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
        self.crypt(iv, payload);
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
        self.crypt(iv, payload);
        Ok(())
    }

    fn crypt(&self, _: &[u8; IV_LEN], payload: InOutBuf<'_, '_, u8>) {
        let _ = payload.into_out_with_copied_in();
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
        self.crypt(iv, first.reborrow());
        self.crypt(iv, second.reborrow());
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
        self.crypt(iv, first);
        self.crypt(iv, second);
        Ok(())
    }
}

impl fmt::Debug for NullHmacSha1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NullHmacSha1 { .. }")
    }
}
