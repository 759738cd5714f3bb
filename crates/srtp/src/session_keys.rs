// SPDX-License-Identifier: MIT OR Apache-2.0
//! All session keys of a master key, on their way from derivation to expansion.

#[cfg(feature = "rfc6188")]
use sipseal_cipher::Aes192Enc;
#[cfg(any(feature = "gcm", feature = "rfc6188"))]
use sipseal_cipher::Aes256Enc;
use sipseal_cipher::{self as cipher, Aes128Enc, AesBlock, IV_LEN};
use sipseal_core::SecretBytes;

use crate::kdf::{Label, Prf};
use crate::{Error, MasterKey, Profile};

/// The session keys of one protocol, SRTP or SRTCP, before they are expanded.
#[derive(Debug)]
pub(crate) struct SessionKey {
    encryption: SecretBytes<32>,
    authentication: SecretBytes<20>,
    /// The salt, then zeros: as wide as an initialisation vector.
    salt: SecretBytes<IV_LEN>,
    profile: Profile,
}

impl SessionKey {
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

    fn derive<A: AesBlock>(profile: Profile, prf: &Prf<A>, labels: [Label; 3]) -> Self {
        let mut keys = Self {
            encryption: SecretBytes::zeroed(),
            authentication: SecretBytes::zeroed(),
            salt: SecretBytes::zeroed(),
            profile,
        };
        let [encryption, authentication, salt] = labels;
        prf.derive(
            encryption,
            0,
            prefix_mut(keys.encryption.expose_mut(), profile.encryption_key_len()),
        );
        prf.derive(
            authentication,
            0,
            prefix_mut(keys.authentication.expose_mut(), profile.auth_key_len()),
        );
        prf.derive(
            salt,
            0,
            prefix_mut(keys.salt.expose_mut(), profile.salt_len()),
        );
        keys
    }
}

/// The session keys of both protocols.
#[derive(Debug)]
pub struct SessionKeys {
    pub(crate) rtp: SessionKey,
    pub(crate) rtcp: SessionKey,
}

impl SessionKeys {
    /// Derives all session keys of a master key, at key derivation rate 0.
    pub(crate) fn derive(profile: Profile, master: &MasterKey<'_>) -> Result<Self, Error> {
        master.check(profile)?;
        match profile.key_len() {
            16 => Prf::<Aes128Enc>::new(master).map(|prf| Self::with(profile, &prf)),
            #[cfg(feature = "rfc6188")]
            24 => Prf::<Aes192Enc>::new(master).map(|prf| Self::with(profile, &prf)),
            #[cfg(any(feature = "gcm", feature = "rfc6188"))]
            32 => Prf::<Aes256Enc>::new(master).map(|prf| Self::with(profile, &prf)),
            _ => Err(Error::KeyLength),
        }
    }

    fn with<A: AesBlock>(profile: Profile, prf: &Prf<A>) -> Self {
        use Label::{
            RtcpAuthentication, RtcpEncryption, RtcpSalt, RtpAuthentication, RtpEncryption, RtpSalt,
        };
        Self {
            rtp: SessionKey::derive(profile, prf, [RtpEncryption, RtpAuthentication, RtpSalt]),
            rtcp: SessionKey::derive(profile, prf, [RtcpEncryption, RtcpAuthentication, RtcpSalt]),
        }
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
        let mut keys = Self {
            encryption: SecretBytes::zeroed(),
            authentication: SecretBytes::zeroed(),
            salt: SecretBytes::zeroed(),
            profile,
        };
        keys.encryption.expose_mut()[..encryption.len()].copy_from_slice(encryption);
        keys.salt.expose_mut()[..salt.len()].copy_from_slice(salt);
        keys
    }
}
