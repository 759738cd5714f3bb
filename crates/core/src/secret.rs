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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wipes_itself_and_prints_nothing() {
        fn wipes<T: ZeroizeOnDrop>() -> bool {
            core::mem::needs_drop::<T>()
        }
        assert!(wipes::<SecretBytes<16>>());
        let mut secret = SecretBytes::<4>::zeroed();
        assert_eq!(secret.set(&[1, 2, 3, 4, 5]), None);
        assert_eq!(secret.expose(), &[0; 4]);
        assert_eq!(secret.set(&[1, 2]), Some(()));
        assert_eq!(secret.set(&[7]), Some(()));
        assert_eq!(secret.expose(), &[7, 0, 0, 0], "what was there is gone");
        secret.zeroize();
        assert_eq!(secret.expose(), &[0; 4]);
    }
}
