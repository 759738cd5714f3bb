// SPDX-License-Identifier: MIT OR Apache-2.0
//! Encrypted elements of RTP header extensions (RFC 6904; RFC 8285 for the elements; for AEAD, RFC 7714 section
//! 8.3).
//!
//! ```text
//!   | 0xBEDE | length | ID len | data ... | ID len | data ... | 0 | padding
//!   |    in clear     |        |encrypted?|        |encrypted?|
//!                     |<--- keystream, used where an element is encrypted --->|
//! ```
//!
//! The keystream is AES in counter mode under keys of its own, whatever encrypts the payload.

use core::fmt;
use core::ops::Range;

#[cfg(feature = "rfc6188")]
use sipseal_cipher::Aes192Enc;
#[cfg(any(feature = "gcm", feature = "rfc6188"))]
use sipseal_cipher::Aes256Enc;
use sipseal_cipher::{Aes128Enc, AesBlock, IV_LEN, xor_keystream};
use sipseal_core::SecretBytes;

use crate::kdf::{Label, Prf};
use crate::session::{Session, cm_iv};
use crate::{Error, MasterKey, rtp};

/// Elements with headers of one octet ("defined by profile").
pub(crate) const ONE_BYTE: u16 = 0xbede;
/// Elements with headers of two octets; the last four bits are for the application.
pub(crate) const TWO_BYTE: u16 = 0x1000;
const APPLICATION_BITS: u16 = 0x000f;

/// Octets in front of the elements: "defined by profile", and the length.
pub(crate) const EXTENSION_HEADER_LEN: usize = 4;

/// A set of element IDs.
#[derive(Clone, Copy)]
pub(crate) struct ElementIds([u32; 8]);

impl ElementIds {
    pub(crate) const NONE: Self = Self([0; 8]);

    pub(crate) fn insert(&mut self, id: u8) {
        if let Some(word) = self.0.get_mut(usize::from(id >> 5)) {
            *word |= 1 << (id & 31);
        }
    }

    fn contains(&self, id: u8) -> bool {
        self.0
            .get(usize::from(id >> 5))
            .is_some_and(|word| word >> (id & 31) & 1 == 1)
    }
}

/// One element of an extension.
struct Element {
    id: u8,
    /// Where its data are.
    data: Range<usize>,
}

/// The element that begins at `at` or, after padding, behind it; none at the end.
///
/// `elements` are what the four octets in front of them announce.
fn next_element(elements: &[u8], two_byte: bool, mut at: usize) -> Result<Option<Element>, Error> {
    while let Some(first) = elements.get(at) {
        let (id, start, len) = if two_byte {
            (
                *first,
                at + 2,
                elements.get(at + 1).map(|len| usize::from(*len)),
            )
        } else {
            (first >> 4, at + 1, Some(usize::from(first & 0x0f) + 1))
        };
        match (id, two_byte) {
            // Padding, one octet. With a length it is none, and nothing after it counts (RFC 8285 section 4.2).
            (0, true) => at += 1,
            (0, false) if *first == 0 => at += 1,
            // So does the ID that is reserved.
            (0 | 15, false) => return Ok(None),
            _ => {
                let data = start..start + len.ok_or(Error::Extension)?;
                return match elements.get(data.clone()) {
                    Some(_) => Ok(Some(Element { id, data })),
                    None => Err(Error::Extension),
                };
            }
        }
    }
    Ok(None)
}

/// Whether elements have headers of two octets; none if this is no extension of RFC 8285.
fn is_two_byte(extension: &[u8]) -> Option<bool> {
    let defined_by_profile = u16::from_be_bytes(*extension.first_chunk()?);
    match defined_by_profile & !APPLICATION_BITS {
        TWO_BYTE => Some(true),
        _ if defined_by_profile == ONE_BYTE => Some(false),
        _ => None,
    }
}

/// Calls `use_data` with the data of each element in `ids`, and their place among the elements.
fn for_each(
    extension: &mut [u8],
    ids: &ElementIds,
    mut use_data: impl FnMut(usize, &mut [u8]),
) -> Result<(), Error> {
    let Some(two_byte) = is_two_byte(extension) else {
        return Ok(());
    };
    let elements = extension
        .get_mut(EXTENSION_HEADER_LEN..)
        .unwrap_or_default();
    let mut at = 0;
    while let Some(Element { id, data }) = next_element(elements, two_byte, at)? {
        at = data.end;
        if ids.contains(id) {
            let start = data.start;
            use_data(start, elements.get_mut(data).unwrap_or_default());
        }
    }
    Ok(())
}

/// Whether the elements of an extension end where they say.
fn check(extension: &[u8]) -> Result<(), Error> {
    let Some(two_byte) = is_two_byte(extension) else {
        return Ok(());
    };
    let elements = extension.get(EXTENSION_HEADER_LEN..).unwrap_or_default();
    let mut at = 0;
    while let Some(element) = next_element(elements, two_byte, at)? {
        at = element.data.end;
    }
    Ok(())
}

/// The expanded header encryption key of one master key, and its salt.
///
/// Opaque: an array of these is what [`Options::encrypted_elements`](field@crate::Options::encrypted_elements)
/// needs of a [`Storage`](crate::Storage).
pub struct ElementKey {
    aes: Aes,
    salt: SecretBytes<IV_LEN>,
}

enum Aes {
    None,
    Aes128(Aes128Enc),
    #[cfg(feature = "rfc6188")]
    Aes192(Aes192Enc),
    #[cfg(any(feature = "gcm", feature = "rfc6188"))]
    Aes256(Aes256Enc),
}

impl ElementKey {
    /// A place without a key.
    pub const FREE: Self = Self {
        aes: Aes::None,
        salt: SecretBytes::zeroed(),
    };

    #[cfg(test)]
    pub(crate) fn is_set(&self) -> bool {
        !matches!(self.aes, Aes::None) || *self.salt.expose() != [0; IV_LEN]
    }

    /// The keystream from element octet `from` on, into `data`.
    fn crypt(&self, ssrc: u32, index: u64, from: usize, data: &mut [u8]) {
        let iv = cm_iv(self.salt.expose(), ssrc, index);
        match &self.aes {
            Aes::None => (),
            Aes::Aes128(aes) => crypt(aes, &iv, from, data),
            #[cfg(feature = "rfc6188")]
            Aes::Aes192(aes) => crypt(aes, &iv, from, data),
            #[cfg(any(feature = "gcm", feature = "rfc6188"))]
            Aes::Aes256(aes) => crypt(aes, &iv, from, data),
        }
    }
}

impl fmt::Debug for ElementKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ElementKey { .. }")
    }
}

/// XORs the keystream from octet `from` on into `data`, block by block.
fn crypt<A: AesBlock>(aes: &A, iv: &[u8; IV_LEN], from: usize, mut data: &mut [u8]) {
    let mut at = from;
    while !data.is_empty() {
        let counter = u128::from_be_bytes(*iv).wrapping_add((at / IV_LEN) as u128);
        let mut block = [0; IV_LEN];
        xor_keystream(aes, &counter.to_be_bytes(), block.as_mut_slice().into());
        let keystream = block.get(at % IV_LEN..).unwrap_or_default();
        let (now, later) = data.split_at_mut(keystream.len().min(data.len()));
        for (octet, key) in now.iter_mut().zip(keystream) {
            *octet ^= key;
        }
        at += now.len();
        data = later;
    }
}

/// Derives and expands a header encryption key (RFC 6904 section 3).
#[inline(never)] // The stack of one size of key, not of all.
fn derive<A: AesBlock>(
    place: &mut ElementKey,
    master: &MasterKey<'_>,
    r: u64,
    len: usize,
) -> Result<A, Error> {
    let prf = Prf::<A>::new(master)?;
    // As long as that of the payload, which for an AEAD is shorter than counter mode takes: zeros follow.
    let salt = place.salt.expose_mut().get_mut(..master.salt.len());
    prf.derive(Label::HeaderSalt, r, salt.unwrap_or_default());
    let mut key = SecretBytes::<32>::zeroed();
    let key = key.expose_mut().get_mut(..len).unwrap_or_default();
    prf.derive(Label::HeaderEncryption, r, key);
    A::new_from_slice(key).map_err(|_| Error::KeyLength)
}

impl Session<'_> {
    /// From now on, the elements with this ID are encrypted.
    pub(crate) fn encrypt_element(&mut self, id: u8) -> Result<(), Error> {
        if !self.options.encrypted_elements() || id == 0 {
            return Err(Error::Contradiction);
        }
        self.element_ids.insert(id);
        Ok(())
    }

    #[inline(never)] // Its stack is gone when it returns.
    pub(crate) fn derive_element_key(
        &mut self,
        position: usize,
        master: &MasterKey<'_>,
        r: u64,
    ) -> Result<(), Error> {
        let place = self.element_keys.get_mut(position).ok_or(Error::Layout)?;
        place.aes = match self.profile.key_len() {
            16 => Aes::Aes128(derive(place, master, r, 16)?),
            #[cfg(feature = "rfc6188")]
            24 => Aes::Aes192(derive(place, master, r, 24)?),
            #[cfg(any(feature = "gcm", feature = "rfc6188"))]
            32 => Aes::Aes256(derive(place, master, r, 32)?),
            _ => return Err(Error::KeyLength),
        };
        Ok(())
    }

    pub(crate) fn wipe_element_key(&mut self, position: usize) {
        if let Some(place) = self.element_keys.get_mut(position) {
            *place = ElementKey::FREE;
        }
    }

    /// Whether a packet may have elements to encrypt.
    #[inline]
    pub(crate) fn has_elements(&self, header: &rtp::Header) -> bool {
        header.has_extension && self.options.encrypted_elements()
    }

    /// Whether the elements of a packet that may [have some](Self::has_elements) can be told apart.
    pub(crate) fn check_elements(packet: &[u8], header: &rtp::Header) -> Result<(), Error> {
        check(
            packet
                .get(header.extension_at..header.len)
                .unwrap_or_default(),
        )
    }

    /// Encrypts or decrypts the elements of a packet that may have some, which begins with the whole header.
    #[inline(never)] // Its stack is not that of every packet.
    pub(crate) fn crypt_elements(
        &self,
        position: usize,
        packet: &mut [u8],
        header: &rtp::Header,
        index: u64,
    ) {
        let Some(key) = self.element_keys.get(position) else {
            return;
        };
        let extension = packet.get_mut(header.extension_at..header.len);
        // Their form has been checked.
        let _ = for_each(
            extension.unwrap_or_default(),
            &self.element_ids,
            |at, data| {
                key.crypt(header.ssrc, index, at, data);
            },
        );
    }
}
