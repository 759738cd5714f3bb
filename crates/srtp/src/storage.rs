// SPDX-License-Identifier: MIT OR Apache-2.0
//! Storage that the caller owns.

use crate::ciphers::{CipherSlots, SessionCiphers};
use crate::header_extension::ElementKey;
use crate::keys::Key;
use crate::streams::Stream;
use crate::{Error, MasterKey, Options, PacketCipher, Profile, Receiver, Sender};

/// Room for one [`Sender`] or [`Receiver`]: expanded keys, `STREAMS` streams, and for each a replay window
/// of `WINDOW_WORDS` times 32 packets for SRTP and one for SRTCP.
///
/// By default it is for one master key. `KEYS` of them have MKIs of `MKI_LEN` octets each, and
/// `ELEMENT_KEYS` is as many where elements of header extensions are encrypted.
///
/// Put it where it will stay, in a `static` or in the structure of a call: a context borrows it, and leaves
/// it wiped and ready for another when it is dropped.
#[derive(Debug)]
pub struct Storage<
    C,
    const STREAMS: usize,
    const WINDOW_WORDS: usize,
    const KEYS: usize = 1,
    const MKI_LEN: usize = 0,
    const ELEMENT_KEYS: usize = 0,
> {
    ciphers: [SessionCiphers<C>; KEYS],
    keys: [Key; KEYS],
    mkis: [[u8; MKI_LEN]; KEYS],
    element_keys: [ElementKey; ELEMENT_KEYS],
    streams: [Stream; STREAMS],
    rtp_windows: [[u32; WINDOW_WORDS]; STREAMS],
    rtcp_windows: [[u32; WINDOW_WORDS]; STREAMS],
}

/// The parts of a [`Storage`], each in a place of its own.
#[allow(missing_debug_implementations)] // Borrowed storage: its parts have theirs.
pub struct Parts<'s> {
    /// The expanded session keys, of the profile's cipher.
    pub ciphers: &'s mut dyn CipherSlots,
    /// The master keys, as many.
    pub keys: &'s mut [Key],
    /// [`Options::mki_len`](field@crate::Options::mki_len) octets for each key.
    pub mkis: &'s mut [u8],
    /// As many as keys with [`Options::encrypted_elements`](field@crate::Options::encrypted_elements), else none.
    pub element_keys: &'s mut [ElementKey],
    /// The streams.
    pub streams: &'s mut [Stream],
    /// Divides evenly among the streams, into a valid window each (see [`replay`](crate::replay)).
    pub rtp_windows: &'s mut [u32],
    /// As many; a sender needs none.
    pub rtcp_windows: &'s mut [u32],
}

impl<
    C,
    const STREAMS: usize,
    const WINDOW_WORDS: usize,
    const KEYS: usize,
    const MKI_LEN: usize,
    const ELEMENT_KEYS: usize,
> Storage<C, STREAMS, WINDOW_WORDS, KEYS, MKI_LEN, ELEMENT_KEYS>
{
    /// Empty storage.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            ciphers: [const { SessionCiphers::empty() }; KEYS],
            keys: [const { Key::FREE }; KEYS],
            mkis: [[0; MKI_LEN]; KEYS],
            element_keys: [const { ElementKey::FREE }; ELEMENT_KEYS],
            streams: [Stream::FREE; STREAMS],
            rtp_windows: [[0; WINDOW_WORDS]; STREAMS],
            rtcp_windows: [[0; WINDOW_WORDS]; STREAMS],
        }
    }
}

impl<
    C,
    const STREAMS: usize,
    const WINDOW_WORDS: usize,
    const KEYS: usize,
    const MKI_LEN: usize,
    const ELEMENT_KEYS: usize,
> Default for Storage<C, STREAMS, WINDOW_WORDS, KEYS, MKI_LEN, ELEMENT_KEYS>
{
    fn default() -> Self {
        Self::new()
    }
}

impl<
    C: PacketCipher,
    const STREAMS: usize,
    const WINDOW_WORDS: usize,
    const KEYS: usize,
    const MKI_LEN: usize,
    const ELEMENT_KEYS: usize,
> Storage<C, STREAMS, WINDOW_WORDS, KEYS, MKI_LEN, ELEMENT_KEYS>
{
    /// A sender in this storage.
    ///
    /// # Errors
    ///
    /// What [`Options::check`] finds; [`Error::KeyLength`]; [`Error::WrongStorage`] if `C` is not the cipher of
    /// `profile`; [`Error::Layout`] if `STREAMS` is 0, `WINDOW_WORDS` is not a power of two from 2 to 1,024, or
    /// the storage is not for such keys.
    pub fn sender(
        &mut self,
        profile: Profile,
        options: Options,
        master: &MasterKey<'_>,
    ) -> Result<Sender<'_>, Error> {
        Sender::new(profile, options, master, self.parts())
    }

    /// A sender whose keys are yet to be added, each with its identity.
    ///
    /// # Errors
    ///
    /// As [`Storage::sender`].
    pub fn sender_without_key(
        &mut self,
        profile: Profile,
        options: Options,
    ) -> Result<Sender<'_>, Error> {
        Sender::without_key(profile, options, self.parts())
    }

    /// A receiver in this storage.
    ///
    /// # Errors
    ///
    /// As [`Storage::sender`].
    pub fn receiver(
        &mut self,
        profile: Profile,
        options: Options,
        master: &MasterKey<'_>,
    ) -> Result<Receiver<'_>, Error> {
        Receiver::new(profile, options, master, self.parts())
    }

    /// A receiver whose keys are yet to be added, each with its identity.
    ///
    /// # Errors
    ///
    /// As [`Storage::sender`].
    pub fn receiver_without_key(
        &mut self,
        profile: Profile,
        options: Options,
    ) -> Result<Receiver<'_>, Error> {
        Receiver::without_key(profile, options, self.parts())
    }

    fn parts(&mut self) -> Parts<'_> {
        Parts {
            ciphers: &mut self.ciphers,
            keys: &mut self.keys,
            mkis: self.mkis.as_flattened_mut(),
            element_keys: &mut self.element_keys,
            streams: &mut self.streams,
            rtp_windows: self.rtp_windows.as_flattened_mut(),
            rtcp_windows: self.rtcp_windows.as_flattened_mut(),
        }
    }
}
