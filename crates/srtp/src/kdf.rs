// SPDX-License-Identifier: MIT OR Apache-2.0
//! Key derivation (RFC 3711 section 4.3; for longer keys, RFC 6188 section 3; for AEAD, RFC 7714 section
//! 11).
//!
//! ```text
//!   packet index --+
//!                  v
//!   master key -> AES-CM key derivation -> session encryption key   label 0, SRTCP 3
//!   master salt ->                      -> session auth key         label 1, SRTCP 4
//!                                       -> session salt             label 2, SRTCP 5
//!                                       -> header encryption key    label 6
//!                                       -> header salt              label 7
//! ```

#[cfg(feature = "rfc6188")]
use sipseal_cipher::Aes192Enc;
#[cfg(any(feature = "gcm", feature = "rfc6188"))]
use sipseal_cipher::Aes256Enc;
use sipseal_cipher::{Aes128Enc, AesBlock, IV_LEN, xor_keystream};
use sipseal_core::SecretBytes;

use crate::profile::MAX_SALT_LEN;
use crate::{Error, MasterKey};

/// What a derived key is for (RFC 3711 section 4.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// SRTP encryption key.
    RtpEncryption = 0,
    /// SRTP message authentication key.
    RtpAuthentication = 1,
    /// SRTP salt.
    RtpSalt = 2,
    /// SRTCP encryption key.
    RtcpEncryption = 3,
    /// SRTCP message authentication key.
    RtcpAuthentication = 4,
    /// SRTCP salt.
    RtcpSalt = 5,
    /// SRTP header encryption key (RFC 6904 section 3).
    HeaderEncryption = 6,
    /// SRTP header salt.
    HeaderSalt = 7,
}

/// Derives one session key: fills `out`, of at most 1 MiB, for `label`.
///
/// The master key has 16, 24 or 32 octets, the salt at most 14 (shorter ones are padded with zeros on the
/// right, RFC 7714 section 11). `r` is the packet index divided by the key derivation rate, 0 if the rate
/// is 0; its low 48 bits count.
///
/// # Errors
///
/// [`Error::KeyLength`], also for a length that only profiles left out of the build have.
pub fn derive(master: &MasterKey<'_>, label: Label, r: u64, out: &mut [u8]) -> Result<(), Error> {
    match master.key.len() {
        16 => Prf::<Aes128Enc>::new(master)?.derive(label, r, out),
        #[cfg(feature = "rfc6188")]
        24 => Prf::<Aes192Enc>::new(master)?.derive(label, r, out),
        #[cfg(any(feature = "gcm", feature = "rfc6188"))]
        32 => Prf::<Aes256Enc>::new(master)?.derive(label, r, out),
        _ => return Err(Error::KeyLength),
    }
    Ok(())
}

/// The pseudo-random function AES-CM under a master key (RFC 3711 section 4.3.3).
pub(crate) struct Prf<A: AesBlock> {
    aes: A,
    salt: SecretBytes<MAX_SALT_LEN>,
}

impl<A: AesBlock> Prf<A> {
    pub(crate) fn new(master: &MasterKey<'_>) -> Result<Self, Error> {
        let mut salt = SecretBytes::zeroed();
        salt.set(master.salt).ok_or(Error::KeyLength)?;
        let aes = A::new_from_slice(master.key).map_err(|_| Error::KeyLength)?;
        Ok(Self { aes, salt })
    }

    pub(crate) fn derive(&self, label: Label, r: u64, out: &mut [u8]) {
        // x = (label || r) XOR master salt, right-aligned; the block counter follows in the last 16 bits.
        let key_id = (u128::from(label as u8) << 48) | u128::from(r & ((1 << 48) - 1));
        let mut iv = [0; IV_LEN];
        for (to, from) in iv.iter_mut().zip(self.salt.expose()) {
            *to = *from;
        }
        let iv = (u128::from_be_bytes(iv) ^ (key_id << 16)).to_be_bytes();
        out.fill(0);
        xor_keystream(&self.aes, &iv, out.into());
    }
}
