// SPDX-License-Identifier: MIT OR Apache-2.0
//! Storage that the caller owns.

use crate::session::SessionCiphers;
use crate::streams::Stream;
use crate::{Error, MasterKey, Options, PacketCipher, Profile, Receiver, Sender};

/// Room for one [`Sender`] or [`Receiver`]: expanded keys, `STREAMS` streams, and for each a replay window
/// of `WINDOW_WORDS` times 32 packets for SRTP and one for SRTCP.
///
/// Put it where it will stay, in a `static` or in the structure of a call: a context borrows it, and leaves
/// it wiped and ready for another when it is dropped.
#[derive(Debug)]
pub struct Storage<C, const STREAMS: usize, const WINDOW_WORDS: usize> {
    ciphers: SessionCiphers<C>,
    streams: [Stream; STREAMS],
    rtp_windows: [[u32; WINDOW_WORDS]; STREAMS],
    rtcp_windows: [[u32; WINDOW_WORDS]; STREAMS],
}

impl<C, const STREAMS: usize, const WINDOW_WORDS: usize> Storage<C, STREAMS, WINDOW_WORDS> {
    /// Empty storage.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            ciphers: SessionCiphers::empty(),
            streams: [Stream::FREE; STREAMS],
            rtp_windows: [[0; WINDOW_WORDS]; STREAMS],
            rtcp_windows: [[0; WINDOW_WORDS]; STREAMS],
        }
    }
}

impl<C, const STREAMS: usize, const WINDOW_WORDS: usize> Default
    for Storage<C, STREAMS, WINDOW_WORDS>
{
    fn default() -> Self {
        Self::new()
    }
}

impl<C: PacketCipher, const STREAMS: usize, const WINDOW_WORDS: usize>
    Storage<C, STREAMS, WINDOW_WORDS>
{
    /// A sender in this storage.
    ///
    /// # Errors
    ///
    /// [`Error::KeyLength`], [`Error::Insecure`], [`Error::Contradiction`]; [`Error::WrongStorage`] if `C` is not the cipher of `profile`;
    /// [`Error::Layout`] if `STREAMS` is 0 or `WINDOW_WORDS` is not a power of two from 2 to 1,024.
    pub fn sender(
        &mut self,
        profile: Profile,
        options: Options,
        master: &MasterKey<'_>,
    ) -> Result<Sender<'_>, Error> {
        Sender::new(
            profile,
            options,
            master,
            &mut self.ciphers,
            &mut self.streams,
            self.rtp_windows.as_flattened_mut(),
        )
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
        Receiver::new(
            profile,
            options,
            master,
            &mut self.ciphers,
            &mut self.streams,
            self.rtp_windows.as_flattened_mut(),
            self.rtcp_windows.as_flattened_mut(),
        )
    }
}
