// SPDX-License-Identifier: MIT OR Apache-2.0
//! Secret bytes.

use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// `N` bytes of key material: wiped when dropped, printed as nothing.
///
/// A move copies the bytes and leaves the old place as it was, so build one where it will stay and
/// hand out references.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SecretBytes<const N: usize>([u8; N]);

impl<const N: usize> SecretBytes<N> {
    /// `N` zero bytes, to be filled in place.
    #[must_use]
    pub const fn zeroed() -> Self {
        Self([0; N])
    }

    /// The bytes.
    #[must_use]
    pub const fn expose(&self) -> &[u8; N] {
        &self.0
    }

    /// Sets the first bytes to `bytes` and the others to zero; `None`, and no change, if there are more
    /// than `N`.
    pub fn set(&mut self, bytes: &[u8]) -> Option<()> {
        if bytes.len() > N {
            return None;
        }
        let padded = bytes.iter().chain(core::iter::repeat(&0));
        for (to, from) in self.0.iter_mut().zip(padded) {
            *to = *from;
        }
        Some(())
    }

    /// The bytes, to be written.
    #[must_use]
    pub const fn expose_mut(&mut self) -> &mut [u8; N] {
        &mut self.0
    }
}

impl<const N: usize> fmt::Debug for SecretBytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes { .. }")
    }
}
