// SPDX-License-Identifier: MIT OR Apache-2.0
//! The session keys of a master key, on their way from derivation to expansion.

#[cfg(feature = "rfc6188")]
use sipseal_cipher::Aes192Enc;
#[cfg(any(feature = "gcm", feature = "rfc6188"))]
use sipseal_cipher::Aes256Enc;
use sipseal_cipher::{self as cipher, Aes128Enc, AesBlock, IV_LEN};
use sipseal_core::SecretBytes;

use crate::ciphers::Protocol;
use crate::kdf::{Label, Prf};
use crate::{Error, MasterKey, Profile};

/// The session keys of one protocol, SRTP or SRTCP, before they are expanded.
#[derive(Debug)]
pub struct SessionKey {
    encryption: SecretBytes<32>,
    authentication: SecretBytes<20>,
    /// The salt, then zeros: as wide as an initialisation vector.
    salt: SecretBytes<IV_LEN>,
    profile: Profile,
}

impl SessionKey {
    /// Derives the session keys of one protocol. `r` is the packet index divided by the key derivation rate, 0
    /// if the rate is 0.
    pub(crate) fn derive(
        profile: Profile,
        master: &MasterKey<'_>,
        protocol: Protocol,
        r: u64,
    ) -> Result<Self, Error> {
        master.check(profile)?;
        let mut keys = Self::zeroed(profile);
        match profile.key_len() {
            16 => keys.fill::<Aes128Enc>(master, protocol, r),
            #[cfg(feature = "rfc6188")]
            24 => keys.fill::<Aes192Enc>(master, protocol, r),
            #[cfg(any(feature = "gcm", feature = "rfc6188"))]
            32 => keys.fill::<Aes256Enc>(master, protocol, r),
            _ => Err(Error::KeyLength),
        }?;
        Ok(keys)
    }

    fn zeroed(profile: Profile) -> Self {
        Self {
            encryption: SecretBytes::zeroed(),
            authentication: SecretBytes::zeroed(),
            salt: SecretBytes::zeroed(),
            profile,
        }
    }

    #[inline(never)] // The stack of one size of key, not of all.
    fn fill<A: AesBlock>(
        &mut self,
        master: &MasterKey<'_>,
        protocol: Protocol,
        r: u64,
    ) -> Result<(), Error> {
        let prf = Prf::<A>::new(master)?;
        let [encryption, authentication, salt] = match protocol {
            Protocol::Rtp => [
                Label::RtpEncryption,
                Label::RtpAuthentication,
                Label::RtpSalt,
            ],
            Protocol::Rtcp => [
                Label::RtcpEncryption,
                Label::RtcpAuthentication,
                Label::RtcpSalt,
            ],
        };
        let profile = self.profile;
        for (label, out, len) in [
            (
                encryption,
                self.encryption.expose_mut().as_mut_slice(),
                profile.encryption_key_len(),
            ),
            (
                authentication,
                self.authentication.expose_mut().as_mut_slice(),
                profile.auth_key_len(),
            ),
            (
                salt,
                self.salt.expose_mut().as_mut_slice(),
                profile.salt_len(),
            ),
        ] {
            prf.derive(label, r, prefix_mut(out, len));
        }
        Ok(())
    }

    /// The keys as a cipher takes them.
    pub(crate) fn expose(&self) -> cipher::SessionKey<'_> {
        cipher::SessionKey {
            encryption: prefix(self.encryption.expose(), self.profile.encryption_key_len()),
            authentication: prefix(self.authentication.expose(), self.profile.auth_key_len()),
            salt: prefix(self.salt.expose(), self.profile.salt_len()),
        }
    }

    pub(crate) fn salt(&self) -> &[u8; IV_LEN] {
        self.salt.expose()
    }
}

fn prefix(bytes: &[u8], len: usize) -> &[u8] {
    bytes.get(..len).unwrap_or(bytes)
}

fn prefix_mut(bytes: &mut [u8], len: usize) -> &mut [u8] {
    match bytes.split_at_mut_checked(len) {
        Some((prefix, _)) => prefix,
        None => &mut [],
    }
}

/// Published vectors give session keys; only the tests can put them in.
#[cfg(test)]
impl SessionKey {
    pub(crate) fn from_vector(profile: Profile, encryption: &[u8], salt: &[u8]) -> Self {
        assert_eq!(
            (encryption.len(), salt.len()),
            (profile.key_len(), profile.salt_len())
        );
        let mut keys = Self::zeroed(profile);
        keys.encryption.expose_mut()[..encryption.len()].copy_from_slice(encryption);
        keys.salt.expose_mut()[..salt.len()].copy_from_slice(salt);
        keys
    }
}
