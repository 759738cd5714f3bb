// SPDX-License-Identifier: MIT OR Apache-2.0
//! What one media stream has offered and agreed on (RFC 4568 sections 5.1 and 7.1).

use core::fmt;

use sipseal_core::{SecretBytes, Zeroize};

use super::MAX_OFFERED_KEYS;
use super::attribute::CryptoAttribute;
use super::error::{Error, Fault, Reason, Rejection};
use super::key_params::Secret;
use super::keys::{Keys, Terms, repeat, share};
use super::media::Media;
use super::policy::Policy;
use super::session_params::SessionParams;
use super::suite::Suite;

/// The keys of one media stream of one dialog, from the first offer to the last re-INVITE.
///
/// Each exchange is one [`offer`](Self::offer) with its [`take_answer`](Self::take_answer), or one
/// [`answer`](Self::answer). What was agreed on makes senders and receivers, and stays until the next exchange has
/// succeeded. Keys are wiped when this is dropped. Build it where it will stay: a move leaves keys behind.
pub struct Negotiation {
    pub(super) offered: Offered,
    pub(super) agreed: Agreed,
    pub(super) next_mki: u32,
}

/// Our own lines that an answer may be to.
pub(super) struct Offered {
    /// Those of the first line, those of the second...
    pub(super) secrets: [Secret; MAX_OFFERED_KEYS],
    pub(super) suites: [Option<Suite>; MAX_OFFERED_KEYS],
    pub(super) first_tag: u32,
    /// Keys in each line.
    pub(super) keys: usize,
    pub(super) terms: Terms,
    /// Lines, a bit each, whose keys have a sender that is not that of the agreed line.
    pub(super) used: u8,
    /// The keys belong to another branch of the call.
    pub(super) is_fork: bool,
}

/// What both sides agreed on.
pub(super) struct Agreed {
    /// None before anything is.
    pub(super) suite: Option<Suite>,
    pub(super) tag: u32,
    /// Which of the offered lines it is, as long as these are the same.
    pub(super) line: Option<usize>,
    pub(super) own: Keys,
    pub(super) terms: Terms,
    pub(super) peer: Keys,
    pub(super) peer_params: SessionParams,
    pub(super) sender_made: bool,
}

/// What an exchange has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Change {
    /// There is a new key to send with: drop the sender, if there is one, and make another. If not, keep it.
    pub new_sender: bool,
    /// The other side sends with a new key: drop the receiver, if there is one, and make another. If not, keep it.
    pub new_receiver: bool,
}

/// An answer that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Answered {
    /// Octets written.
    pub len: usize,
    /// What it changes.
    pub change: Change,
}

/// A line that may be taken.
pub(super) struct Admitted {
    pub(super) suite: Suite,
    pub(super) tag: u32,
    pub(super) params: SessionParams,
    /// Whether its keys are the ones that we have.
    pub(super) same_keys: bool,
}

impl Negotiation {
    /// Nothing offered, nothing agreed on.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            offered: Offered::nothing(),
            agreed: Agreed {
                suite: None,
                tag: 0,
                line: None,
                own: Keys::new(),
                terms: Terms::NONE,
                peer: Keys::new(),
                peer_params: SessionParams::NONE,
                sender_made: false,
            },
            next_mki: 1,
        }
    }

    /// Whether a line of an offer or answer may be taken, by itself, by the policy, and by what is agreed on so far:
    /// which of our `a=crypto` lines in `text`, the first being 0. Its tag, if so.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] says what is wrong with the line. Beside that, as [`answer`](Self::answer);
    /// [`Error::NoLine`] if there are fewer lines.
    pub fn verdict(&self, text: &[u8], policy: &Policy<'_>, line: usize) -> Result<u32, Error> {
        policy.check()?;
        let media = Media::read(text, policy.plain_rtp)?;
        let found = media.crypto_lines().nth(line).ok_or(Error::NoLine)?;
        let admitted = self.admit(found, policy, &mut Keys::new());
        let admitted = admitted.map_err(|fault| Error::Rejected(Rejection { line, fault }))?;
        Ok(admitted.tag)
    }

    /// Looks at all of a line, and decodes its keys.
    pub(super) fn admit(
        &self,
        line: &[u8],
        policy: &Policy<'_>,
        peer: &mut Keys,
    ) -> Result<Admitted, Fault> {
        let line = CryptoAttribute::parse(line)?;
        let of_line = |reason| Fault {
            reason,
            offset: line.suite_offset(),
        };
        let suite = policy.allows(&line).map_err(of_line)?;
        peer.read(&line)?;
        let params = line.params().unwrap_or_default();
        let same_keys = self.check_keys(peer, suite, &params, policy);
        let same_keys = same_keys.map_err(of_line)?;
        Ok(Admitted {
            suite,
            tag: line.tag(),
            params,
            same_keys,
        })
    }

    /// Whether the keys of the other side are those that it has, or new ones.
    fn check_keys(
        &self,
        peer: &Keys,
        suite: Suite,
        params: &SessionParams,
        policy: &Policy<'_>,
    ) -> Result<bool, Reason> {
        if peer.repeat_mki() {
            return Err(Reason::Mki);
        }
        if repeat(peer.secrets()) {
            return Err(Reason::KeyReused);
        }
        if self.knows_as_own(peer.secrets()) {
            return Err(Reason::KeyEchoed);
        }
        if !share(peer.secrets(), self.agreed.peer.secrets()) {
            return Ok(false);
        }
        let same = !policy.peer_moved
            && self.has_profile_of(suite)
            && params.makes_as(&self.agreed.peer_params)
            && peer.same_as(&self.agreed.peer);
        same.then_some(true).ok_or(Reason::KeyReused)
    }

    /// Whether one of these secrets is one of ours.
    pub(super) fn knows_as_own(&self, secrets: &[Secret]) -> bool {
        share(secrets, self.offered.secrets()) || share(secrets, self.agreed.own.secrets())
    }

    fn has_profile_of(&self, suite: Suite) -> bool {
        let agreed = self.agreed.suite;
        agreed.is_some_and(|agreed| agreed.profile() == suite.profile())
    }

    /// Whether a line with our keys can stay as it is under this suite, with these parameters.
    pub(super) fn keeps_keys(
        &self,
        policy: &Policy<'_>,
        suite: Suite,
        params: &SessionParams,
    ) -> bool {
        let terms = &self.agreed.terms;
        !policy.fresh_keys
            && !self.offered.is_fork
            && self.has_profile_of(suite)
            && params.makes_as(&terms.params)
            && self.agreed.own.count == usize::from(policy.keys)
            && terms.mki_len == policy.mki_len
            && terms.lifetime == policy.lifetime.unwrap_or(0)
    }

    /// What new lines say by this policy, with MKIs that none had before, as far as there are any.
    pub(super) fn new_terms(&self, policy: &Policy<'_>, params: SessionParams) -> Terms {
        let max = match policy.mki_len {
            len @ 0..=3 => (1_u32 << (8 * len)) - 1,
            _ => u32::MAX,
        };
        let last = self.next_mki.checked_add(policy.keys.into());
        Terms {
            mki_len: policy.mki_len,
            first_mki: last
                .filter(|last| *last <= max)
                .map_or(1, |_| self.next_mki),
            lifetime: policy.lifetime.unwrap_or(0),
            params,
        }
    }

    /// Makes the lines of this offer answerable in another branch of a forked call, one `Negotiation` for each dialog
    /// (section 7.3).
    ///
    /// Every branch has keys of its own for what it sends, but knows ours: only this one may send under them. In
    /// the other, answers are taken and receivers made; for a sender [`offer`](Self::offer) again there, in an UPDATE
    /// or re-INVITE, which draws new keys.
    ///
    /// # Errors
    ///
    /// [`Error::NotOffered`].
    pub fn fork(&self, branch: &mut Self) -> Result<(), Error> {
        if self.offered.count() == 0 {
            return Err(Error::NotOffered);
        }
        branch.wipe();
        branch.offered.copy_from(&self.offered);
        branch.offered.used = u8::MAX;
        branch.offered.is_fork = true;
        branch.next_mki = self.next_mki;
        Ok(())
    }

    /// Forgets everything.
    pub fn wipe(&mut self) {
        // In place: no copies of keys, and no more stack than it takes.
        self.offered.clear();
        self.agreed.clear();
        self.next_mki = 1;
    }
}

impl Agreed {
    fn clear(&mut self) {
        self.suite = None;
        self.line = None;
        self.own.clear();
        self.peer.clear();
        self.sender_made = false;
    }
}

impl Offered {
    pub(super) const fn nothing() -> Self {
        Self {
            secrets: [const { SecretBytes::zeroed() }; MAX_OFFERED_KEYS],
            suites: [None; MAX_OFFERED_KEYS],
            first_tag: 1,
            keys: 0,
            terms: Terms::NONE,
            used: 0,
            is_fork: false,
        }
    }

    pub(super) fn clear(&mut self) {
        self.secrets.zeroize();
        self.suites = [None; MAX_OFFERED_KEYS];
        self.used = 0;
        self.is_fork = false;
    }

    /// Lines.
    pub(super) fn count(&self) -> usize {
        self.suites.iter().flatten().count()
    }

    pub(super) fn secrets(&self) -> &[Secret] {
        let keys = self.count().saturating_mul(self.keys);
        self.secrets.get(..keys).unwrap_or_default()
    }

    /// The keys of one line.
    pub(super) fn secrets_of(&self, line: usize) -> &[Secret] {
        let from = self.secrets.get(line.saturating_mul(self.keys)..);
        from.and_then(|from| from.get(..self.keys))
            .unwrap_or_default()
    }

    pub(super) fn is_used(&self, line: usize) -> bool {
        self.used & bit(line) != 0
    }

    pub(super) fn mark_used(&mut self, line: usize) {
        self.used |= bit(line);
    }

    pub(super) fn copy_from(&mut self, other: &Self) {
        for (to, from) in self.secrets.iter_mut().zip(&other.secrets) {
            *to.expose_mut() = *from.expose();
        }
        self.suites = other.suites;
        self.first_tag = other.first_tag;
        self.keys = other.keys;
        self.terms = other.terms;
        self.used = other.used;
        self.is_fork = other.is_fork;
    }
}

fn bit(line: usize) -> u8 {
    u32::try_from(line)
        .ok()
        .and_then(|line| 1_u8.checked_shl(line))
        .unwrap_or(0)
}

impl Default for Negotiation {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Negotiation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Negotiation")
            .field("offered", &self.offered.count())
            .field("agreed", &self.agreed.suite)
            .finish_non_exhaustive()
    }
}
