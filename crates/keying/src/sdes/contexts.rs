// SPDX-License-Identifier: MIT OR Apache-2.0
//! Senders and receivers from what was agreed on (RFC 4568 sections 6.3 and 6.4).
//!
//! | of the line | becomes |
//! | --- | --- |
//! | crypto-suite | profile |
//! | keys with MKIs | the keys of the context, [`Options::mki_len`](field@Options::mki_len) |
//! | lifetime | a limit of each key: a sender stops below it, a receiver at it |
//! | KDR | [`Options::key_derivation_rate`](field@Options::key_derivation_rate) |
//! | UNENCRYPTED_SRTP and the like | the insecure options of the same names |
//! | FEC_ORDER | [`Negotiation::peer_params`], for the application |
//! | WSH | [`Negotiation::window_hint`] |

use sipseal_srtp::{Context, KeyId, Options, PacketCipher, Profile, Receiver, Sender, Storage};

use super::error::Error;
use super::keys::Keys;
use super::negotiation::Negotiation;
use super::policy::options;
use super::session_params::SessionParams;
use super::suite::Suite;

/// The largest replay window, in packets.
const MAX_WINDOW: u32 = 32768;

impl Negotiation {
    fn suite(&self) -> Result<Suite, Error> {
        self.agreed.suite.ok_or(Error::NotAgreed)
    }

    /// How packets are protected, in both directions.
    ///
    /// # Errors
    ///
    /// [`Error::NotAgreed`], as all below.
    pub fn profile(&self) -> Result<Profile, Error> {
        self.suite().map(Suite::profile)
    }

    /// The session parameters of the other side's line: those of what it sends, and those that were negotiated.
    ///
    /// # Errors
    ///
    /// [`Error::NotAgreed`].
    pub fn peer_params(&self) -> Result<SessionParams, Error> {
        self.suite().map(|_| self.agreed.peer_params)
    }

    /// The replay window that the other side thinks suitable, in packets, as a power of two from 64 to 32,768.
    #[must_use]
    pub fn window_hint(&self) -> Option<u32> {
        let hint = self.peer_params().ok()?.window_hint?;
        Some(hint.min(MAX_WINDOW).next_power_of_two())
    }

    /// What the sender is made with: `base`, whose members that the lines speak of are replaced by what they say.
    ///
    /// # Errors
    ///
    /// [`Error::NotAgreed`].
    pub fn sender_options(&self, base: Options) -> Result<Options, Error> {
        self.suite()?;
        Ok(options(
            base,
            &self.agreed.terms.params,
            self.agreed.own.mki_len,
        ))
    }

    /// What the receiver is made with.
    ///
    /// # Errors
    ///
    /// [`Error::NotAgreed`].
    pub fn receiver_options(&self, base: Options) -> Result<Options, Error> {
        self.suite()?;
        Ok(options(
            base,
            &self.agreed.peer_params,
            self.agreed.peer.mki_len,
        ))
    }

    /// Master keys of the sender.
    #[must_use]
    pub fn sender_keys(&self) -> usize {
        self.agreed.own.count
    }

    /// Master keys of the receiver.
    #[must_use]
    pub fn receiver_keys(&self) -> usize {
        self.agreed.peer.count
    }

    /// The sender for what was agreed on, in storage of its cipher, with places for [`sender_keys`](Self::sender_keys)
    /// keys at least. The ROC begins at 0.
    ///
    /// # Errors
    ///
    /// [`Error::NotAgreed`]; [`Error::KeyInUse`] if one was made with this key; [`Error::Context`].
    pub fn sender<
        's,
        C: PacketCipher,
        const STREAMS: usize,
        const WINDOW_WORDS: usize,
        const KEYS: usize,
        const MKI_LEN: usize,
        const ELEMENT_KEYS: usize,
    >(
        &mut self,
        storage: &'s mut Storage<C, STREAMS, WINDOW_WORDS, KEYS, MKI_LEN, ELEMENT_KEYS>,
        base: Options,
    ) -> Result<Sender<'s>, Error> {
        let options = self.sender_options(base)?;
        let sender = storage.sender_without_key(self.profile()?, options);
        let mut sender = sender.map_err(Error::Context)?;
        self.key_sender(&mut sender)?;
        Ok(sender)
    }

    /// The receiver for what was agreed on.
    ///
    /// # Errors
    ///
    /// [`Error::NotAgreed`] or [`Error::Context`].
    pub fn receiver<
        's,
        C: PacketCipher,
        const STREAMS: usize,
        const WINDOW_WORDS: usize,
        const KEYS: usize,
        const MKI_LEN: usize,
        const ELEMENT_KEYS: usize,
    >(
        &self,
        storage: &'s mut Storage<C, STREAMS, WINDOW_WORDS, KEYS, MKI_LEN, ELEMENT_KEYS>,
        base: Options,
    ) -> Result<Receiver<'s>, Error> {
        let options = self.receiver_options(base)?;
        let receiver = storage.receiver_without_key(self.profile()?, options);
        let mut receiver = receiver.map_err(Error::Context)?;
        self.key_receiver(&mut receiver)?;
        Ok(receiver)
    }

    /// Whether a sender can be made: [`sender`](Self::sender) fails for no other reasons than its storage and options then.
    ///
    /// # Errors
    ///
    /// [`Error::NotAgreed`] or [`Error::KeyInUse`].
    pub fn check_sender(&self) -> Result<(), Error> {
        self.suite()?;
        (!self.agreed.sender_made)
            .then_some(())
            .ok_or(Error::KeyInUse)
    }

    /// Gives its keys to a sender without any, made with [`profile`](Self::profile) and
    /// [`sender_options`](Self::sender_options).
    ///
    /// # Errors
    ///
    /// As [`sender`](Self::sender).
    pub fn key_sender(&mut self, sender: &mut Sender<'_>) -> Result<(), Error> {
        self.check_sender()?;
        // Fewer packets than the lifetime, as section 6.1 has it in one place.
        give_keys(sender, self.suite()?, &self.agreed.own, 1)?;
        self.agreed.sender_made = true;
        Ok(())
    }

    /// Gives its keys to a receiver without any, made with [`profile`](Self::profile) and
    /// [`receiver_options`](Self::receiver_options).
    ///
    /// # Errors
    ///
    /// As [`receiver`](Self::receiver).
    pub fn key_receiver(&self, receiver: &mut Receiver<'_>) -> Result<(), Error> {
        // As many packets as the lifetime, as it has it in the other.
        give_keys(receiver, self.suite()?, &self.agreed.peer, 0)
    }
}

fn give_keys(
    context: &mut Context<'_>,
    suite: Suite,
    keys: &Keys,
    margin: u64,
) -> Result<(), Error> {
    for key in keys.each() {
        let master = key.master(suite);
        let given = if key.mki.is_empty() {
            context.set_key(&master)
        } else {
            context.add_key(KeyId::Mki(key.mki), &master)
        };
        let limited = given.and_then(|()| match key.lifetime {
            0 => Ok(()),
            lifetime => context.limit_key(key.mki, lifetime.saturating_sub(margin)),
        });
        limited.map_err(Error::Context)?;
    }
    Ok(())
}
