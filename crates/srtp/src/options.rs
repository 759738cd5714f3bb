// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a session does beside its profile. The defaults are safe; what is not says so in its name.

use crate::{Error, Profile};

/// Options of a [`Sender`](crate::Sender) or [`Receiver`](crate::Receiver). Both ends must agree on them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Each stands for a parameter that is signalled by itself.
#[non_exhaustive]
pub struct Options {
    /// **Insecure**: SRTP payloads are authenticated but not encrypted, and anyone hears the call: the
    /// session parameter `UNENCRYPTED_SRTP` (RFC 4568 section 6.3.2). Not for an AEAD, which has no such
    /// SRTP packets (RFC 7714 section 8.2).
    #[cfg(feature = "insecure")]
    pub insecure_unencrypted_srtp: bool,
    /// **Insecure**: SRTCP packets are authenticated but not encrypted: the session parameter
    /// `UNENCRYPTED_SRTCP`. A sender leaves the E flag off; a receiver takes either kind with or without
    /// this, since each packet says, under its tag, which it is.
    pub insecure_unencrypted_srtcp: bool,
    /// **Insecure**: SRTP packets are encrypted but not authenticated, and anyone can change them unseen,
    /// also their place in the stream, and replay them: the session parameter `UNAUTHENTICATED_SRTP` (RFC
    /// 4568 section 6.3.3). SRTCP stays authenticated. Not for an AEAD.
    #[cfg(feature = "insecure")]
    pub insecure_unauthenticated_srtp: bool,
}

impl Options {
    /// The safe options: encrypted and authenticated.
    pub const SAFE: Self = Self {
        #[cfg(feature = "insecure")]
        insecure_unencrypted_srtp: false,
        insecure_unencrypted_srtcp: false,
        #[cfg(feature = "insecure")]
        insecure_unauthenticated_srtp: false,
    };

    /// Whether the options can stand together, and with `profile`.
    ///
    /// # Errors
    ///
    /// [`Error::Insecure`] or [`Error::Contradiction`].
    pub fn check(self, profile: Profile) -> Result<(), Error> {
        let opted_in = self.unencrypted_srtp() && self.insecure_unencrypted_srtcp;
        if !profile.is_encrypting() && !opted_in {
            return Err(Error::Insecure);
        }
        let srtp_weakened = self.unencrypted_srtp() || self.unauthenticated_srtp();
        if profile.is_aead() && srtp_weakened {
            return Err(Error::Contradiction);
        }
        Ok(())
    }

    #[cfg(feature = "insecure")]
    pub(crate) const fn unencrypted_srtp(self) -> bool {
        self.insecure_unencrypted_srtp
    }

    #[cfg(feature = "insecure")]
    pub(crate) const fn unauthenticated_srtp(self) -> bool {
        self.insecure_unauthenticated_srtp
    }

    #[cfg(not(feature = "insecure"))]
    #[allow(clippy::unused_self)] // As above.
    pub(crate) const fn unencrypted_srtp(self) -> bool {
        false
    }

    #[cfg(not(feature = "insecure"))]
    #[allow(clippy::unused_self)] // As above.
    pub(crate) const fn unauthenticated_srtp(self) -> bool {
        false
    }
}
