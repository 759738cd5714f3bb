// SPDX-License-Identifier: MIT OR Apache-2.0
//! The expanded session keys, of as many master keys as their caller has room for.
//!
//! How large they are depends on the profile, so the caller provides the place, a context borrows it, and the
//! rest of the crate sees any cipher behind one interface.

use core::fmt;

#[cfg(feature = "accelerator")]
use sipseal_cipher::Accelerator;
use sipseal_cipher::{Construction, PacketCipher};

use crate::Error;
use crate::session_keys::SessionKey;

/// Which of the two protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Rtp,
    Rtcp,
}

/// The expanded session keys of one master key: an SRTP cipher and an SRTCP cipher, or neither.
pub struct SessionCiphers<C> {
    rtp: Option<C>,
    rtcp: Option<C>,
}

impl<C> SessionCiphers<C> {
    /// A place without keys.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            rtp: None,
            rtcp: None,
        }
    }
}

impl<C> fmt::Debug for SessionCiphers<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionCiphers { .. }")
    }
}

pub(crate) mod sealed {
    use super::{Construction, Error, PacketCipher, Protocol, SessionKey};

    /// [`SessionCiphers`](super::SessionCiphers) of any construction, a number of them.
    pub trait Slots {
        fn construction(&self) -> Construction;
        /// How many there are.
        fn count(&self) -> usize;
        fn install(
            &mut self,
            position: usize,
            protocol: Protocol,
            key: &SessionKey,
        ) -> Result<(), Error>;
        fn wipe(&mut self, position: usize);
        fn get(&self, position: usize, protocol: Protocol) -> Option<&dyn PacketCipher>;
    }
}

/// Places for the expanded keys of master keys, one for each: an array of [`SessionCiphers`] of any cipher, or
/// a slice of them.
pub trait CipherSlots: sealed::Slots {}

impl<P: Places> CipherSlots for P {}

/// An array or a slice.
pub trait Places {
    type Cipher: PacketCipher;
    fn places(&self) -> &[SessionCiphers<Self::Cipher>];
    fn places_mut(&mut self) -> &mut [SessionCiphers<Self::Cipher>];

    /// Whom the ciphers hand their work to.
    #[cfg(feature = "accelerator")]
    fn accelerator(&self) -> Option<&'static dyn Accelerator> {
        None
    }
}

impl<C: PacketCipher, const KEYS: usize> Places for [SessionCiphers<C>; KEYS] {
    type Cipher = C;

    fn places(&self) -> &[SessionCiphers<C>] {
        self
    }

    fn places_mut(&mut self) -> &mut [SessionCiphers<C>] {
        self
    }
}

impl<C: PacketCipher> Places for &mut [SessionCiphers<C>] {
    type Cipher = C;

    fn places(&self) -> &[SessionCiphers<C>] {
        self
    }

    fn places_mut(&mut self) -> &mut [SessionCiphers<C>] {
        self
    }
}

/// Places for ciphers that hand AES and GHASH to an accelerator, for the types in
/// [`accelerated`](crate::accelerated).
///
/// When a key is added, the accelerator is tried. If it gives other results than software, that fails with
/// [`Error::AcceleratorFailed`].
#[cfg(feature = "accelerator")]
pub struct AcceleratedCiphers<'s, C> {
    places: &'s mut [SessionCiphers<C>],
    accelerator: &'static dyn Accelerator,
}

#[cfg(feature = "accelerator")]
impl<'s, C> AcceleratedCiphers<'s, C> {
    /// These places, one for each master key, and an accelerator.
    pub const fn new(
        places: &'s mut [SessionCiphers<C>],
        accelerator: &'static dyn Accelerator,
    ) -> Self {
        Self {
            places,
            accelerator,
        }
    }
}

#[cfg(feature = "accelerator")]
impl<C> fmt::Debug for AcceleratedCiphers<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AcceleratedCiphers { .. }")
    }
}

#[cfg(feature = "accelerator")]
impl<C: PacketCipher> Places for AcceleratedCiphers<'_, C> {
    type Cipher = C;

    fn places(&self) -> &[SessionCiphers<C>] {
        self.places
    }

    fn places_mut(&mut self) -> &mut [SessionCiphers<C>] {
        self.places
    }

    fn accelerator(&self) -> Option<&'static dyn Accelerator> {
        Some(self.accelerator)
    }
}

impl<P: Places> sealed::Slots for P {
    fn construction(&self) -> Construction {
        P::Cipher::construction()
    }

    fn count(&self) -> usize {
        self.places().len()
    }

    fn install(
        &mut self,
        position: usize,
        protocol: Protocol,
        key: &SessionKey,
    ) -> Result<(), Error> {
        #[cfg(feature = "accelerator")]
        let accelerator = self.accelerator();
        let place = self
            .places_mut()
            .get_mut(position)
            .ok_or(Error::UnknownKey)?;
        let cipher = match protocol {
            Protocol::Rtp => &mut place.rtp,
            Protocol::Rtcp => &mut place.rtcp,
        };
        #[cfg(feature = "accelerator")]
        let expanded = expand_for(accelerator, key)?;
        #[cfg(not(feature = "accelerator"))]
        let expanded = expand(key)?;
        *cipher = Some(expanded);
        Ok(())
    }

    fn wipe(&mut self, position: usize) {
        if let Some(place) = self.places_mut().get_mut(position) {
            *place = SessionCiphers::empty();
        }
    }

    fn get(&self, position: usize, protocol: Protocol) -> Option<&dyn PacketCipher> {
        let place = self.places().get(position)?;
        match protocol {
            Protocol::Rtp => place.rtp.as_ref(),
            Protocol::Rtcp => place.rtcp.as_ref(),
        }
        .map(|cipher| cipher as &dyn PacketCipher)
    }
}

#[inline(never)] // Its stack is gone before the next cipher is expanded.
fn expand<C: PacketCipher>(key: &SessionKey) -> Result<C, Error> {
    C::new(&key.expose()).map_err(|_| Error::KeyLength)
}

#[cfg(feature = "accelerator")]
fn expand_for<C: PacketCipher>(
    accelerator: Option<&'static dyn Accelerator>,
    key: &SessionKey,
) -> Result<C, Error> {
    let mut expanded: C = expand(key)?;
    if let Some(accelerator) = accelerator {
        let tried = expanded.accelerate(accelerator);
        tried.map_err(|_| Error::AcceleratorFailed)?;
    }
    Ok(expanded)
}
