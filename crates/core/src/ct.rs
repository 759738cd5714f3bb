// SPDX-License-Identifier: MIT OR Apache-2.0
//! Constant-time comparison.

use ctutils::CtEq;

/// Whether two byte strings are equal, in time that depends on their lengths alone.
///
/// Lengths are public: strings of different length are unequal at once. The verdict is public too, so
/// branching on the returned value is fine; it is the position and number of differing bits that stays
/// hidden.
#[inline]
#[must_use]
pub fn eq(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    #[test]
    fn equal_and_unequal_strings() {
        assert!(super::eq(b"", b""));
        assert!(super::eq(b"tag", b"tag"));
        assert!(!super::eq(b"tag", b"tab"));
        assert!(!super::eq(b"tag", b"ta"));
        for bit in 0..80 {
            let mut other = [0x5a_u8; 10];
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!super::eq(&[0x5a; 10], &other), "bit {bit}");
        }
    }
}
