// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ciphers of the firmware's own: the AES unit of a system on a chip, say.

use cipher::inout::InOutBuf;

use crate::IV_LEN;

/// What an AES unit may do for packets. Each call may be declined: software then does it.
///
/// Never a whole AEAD: which packet is opened, and when, stays with this crate. HMAC-SHA1 and the derivation of
/// keys are always done in software.
///
/// A call that is declined must have written nothing. Whether the unit gives itself away, through time or power, is
/// its maker's to say: decline what depends on secrets in it.
pub trait Accelerator: Sync {
    /// XORs AES counter mode that starts at `block` into `data`, which may be in place or not. The counter is
    /// the last 32 bits, and does not wrap. `key` has 16, 24 or 32 octets.
    ///
    /// # Errors
    ///
    /// [`Declined`], also for what is too short to be worth it.
    fn counter_mode(
        &self,
        key: &[u8],
        block: &[u8; IV_LEN],
        data: InOutBuf<'_, '_, u8>,
    ) -> Result<(), Declined> {
        let _ = (key, block, data);
        Err(Declined)
    }

    /// Encrypts each of up to eight blocks, for a unit without counter mode: asked where that is declined.
    ///
    /// # Errors
    ///
    /// [`Declined`].
    fn encrypt_blocks(&self, key: &[u8], blocks: &mut [[u8; 16]]) -> Result<(), Declined> {
        let _ = (key, blocks);
        Err(Declined)
    }

    /// Takes `blocks` into the GHASH in `state` (NIST SP 800-38D section 6.4): for each, the state becomes
    /// (state XOR block) times `key`.
    ///
    /// # Errors
    ///
    /// [`Declined`].
    fn ghash(
        &self,
        key: &[u8; 16],
        state: &mut [u8; 16],
        blocks: &[[u8; 16]],
    ) -> Result<(), Declined> {
        let _ = (key, state, blocks);
        Err(Declined)
    }
}

/// An accelerator does not do this. There is no detail to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declined;

/// An accelerator does something else than AES or GHASH.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceleratorFailed;
