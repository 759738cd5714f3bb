// SPDX-License-Identifier: MIT OR Apache-2.0
//! Offers, and the answers to them (RFC 4568 sections 5.1.1, 5.1.3, 7.1.1, 7.1.3 and 7.1.4).

use sipseal_core::RandomSource;

use super::error::{Error, Fault, Reason, Rejection};
use super::keys::{Keys, draw_secret, repeat, share};
use super::media::Media;
use super::negotiation::{Change, Negotiation, Offered, are_same, write_line};
use super::policy::Policy;
use super::suite::Suite;
use super::writer::Writer;

impl Negotiation {
    /// Writes the `a=crypto` lines of an offer, each with CR LF, and returns their length.
    ///
    /// The first offer, and any with [`Policy::fresh_keys`], has a line with new keys for each suite, tagged 1, 2 and
    /// so on. A later one repeats the line that is agreed on, for a session refresh that changes nothing, if the policy
    /// still would offer it like that. Until the answer is taken what was agreed on stays, also if the offer is rejected
    /// (section 7.1.4).
    ///
    /// **The lines are as secret as their keys**: send them over TLS or sealed, and wipe `out` afterwards.
    ///
    /// # Errors
    ///
    /// [`Error::Policy`], [`Error::Random`] (also if it repeats itself) or [`Error::BufferTooSmall`].
    pub fn offer(
        &mut self,
        policy: &Policy<'_>,
        random: &mut dyn RandomSource,
        out: &mut [u8],
    ) -> Result<usize, Error> {
        policy.check()?;
        let mut offered = Offered::nothing();
        offered.keys = policy.keys.into();
        offered.mki_len = policy.mki_len;
        offered.lifetime = policy.lifetime.unwrap_or(0);
        offered.params = policy.params;
        let kept = self.line_to_keep(policy);
        if let Some(suite) = kept {
            offered.repeat(self, suite);
        } else {
            offered.first_mki = self.first_mki(policy.mki_len, policy.keys);
            let mut secrets = offered.secrets.iter_mut();
            for (place, profile) in offered.suites.iter_mut().zip(policy.suites) {
                let suite = Suite::of(*profile).ok_or(Error::Policy)?;
                *place = Some(suite);
                for secret in secrets.by_ref().take(policy.keys.into()) {
                    draw_secret(secret, suite, random)?;
                }
            }
            let own = self.agreed.own.secrets().chain(self.offered.secrets());
            if repeat(offered.secrets()) || share(offered.secrets(), &own) {
                return Err(Error::Random);
            }
        }

        let needed = offered.write(&mut []);
        let out = out
            .get_mut(..needed)
            .ok_or(Error::BufferTooSmall { needed })?;
        offered.write(out);
        self.offered.copy_from(&offered);
        self.agreed.line = kept.map(|_| 0);
        if kept.is_none() {
            self.next_mki = offered.first_mki.saturating_add(policy.keys.into());
        }
        Ok(needed)
    }

    /// The suite that is agreed on, if its line can be offered as it is.
    fn line_to_keep(&self, policy: &Policy<'_>) -> Option<Suite> {
        let suite = self.agreed.suite.filter(|_| self.is_agreed)?;
        let own = &self.agreed.own;
        let lifetime = policy.lifetime.unwrap_or(0);
        let keeps = !policy.fresh_keys
            && !self.offered.is_fork
            && policy.suites.contains(&suite.profile())
            && are_same(policy.params, self.agreed.own_params)
            && own.is_like(policy.keys, policy.mki_len, lifetime);
        keeps.then_some(suite)
    }

    /// Takes the answer to the offer: the `a=crypto` line in `answer`, which is the media description that has it or
    /// any part of that.
    ///
    /// Its tag and suite must be those of one of our lines, its negotiated session parameters those that were offered,
    /// and its keys neither ours nor, where anything else has changed, the ones before. An answer may come again, and
    /// another one in its place, as after early media.
    ///
    /// # Errors
    ///
    /// [`Error::NotOffered`], [`Error::NoLine`] (the other side does not do this; section 5.3), [`Error::TooManyLines`],
    /// [`Error::Media`], [`Error::MediaRejected`], [`Error::Transport`] or [`Error::Rejected`].
    pub fn take_answer(&mut self, answer: &[u8], policy: &Policy<'_>) -> Result<Change, Error> {
        if self.offered.count() == 0 {
            return Err(Error::NotOffered);
        }
        let media = Media::read(answer, policy.plain_rtp)?;
        let line = media.crypto_lines().next().ok_or(Error::NoLine)?;
        if media.count > 1 {
            return Err(Error::TooManyLines);
        }
        let rejected = |fault| Error::Rejected(Rejection { line: 0, fault });
        let at_start = |reason| rejected(Fault { reason, offset: 0 });
        let mut peer = Keys::new();
        let admitted = self.admit(line, policy, &mut peer).map_err(rejected)?;
        let (position, suite) = self
            .offered
            .with_tag(admitted.tag)
            .ok_or(at_start(Reason::TagNotOffered))?;
        if suite.profile() != admitted.suite.profile() {
            return Err(at_start(Reason::OtherSuite));
        }
        if admitted.params.negotiated() != self.offered.params.negotiated() {
            return Err(at_start(Reason::OtherParameters));
        }

        let change = Change {
            new_sender: self.agreed.line != Some(position),
            new_receiver: !admitted.same_keys,
        };
        let agreed = &mut self.agreed;
        if change.new_sender {
            if let Some(before) = agreed.line.filter(|_| agreed.sender_made) {
                self.offered.mark_used(before);
            }
            self.offered.copy_line(position, &mut agreed.own);
            agreed.sender_made = self.offered.is_used(position);
        }
        agreed.own_params = self.offered.params;
        agreed.line = Some(position);
        agreed.suite = Some(suite);
        agreed.tag = admitted.tag;
        agreed.peer.copy_from(&peer);
        agreed.peer_params = admitted.params;
        self.is_agreed = true;
        Ok(change)
    }
}

impl Offered {
    /// Offers the line that is agreed on again.
    fn repeat(&mut self, negotiation: &Negotiation, suite: Suite) {
        let own = &negotiation.agreed.own;
        for (to, from) in self.secrets.iter_mut().zip(own.secrets()) {
            *to.expose_mut() = *from.expose();
        }
        if let Some(first) = self.suites.first_mut() {
            *first = Some(suite);
        }
        self.first_tag = negotiation.agreed.tag;
        self.first_mki = own.first_mki();
    }

    /// Writes all lines; their length.
    fn write(&self, out: &mut [u8]) -> usize {
        let mut writer = Writer::new(out);
        let mut keys = Keys::new();
        let tags = self.first_tag..;
        for ((position, suite), tag) in self.suites.iter().flatten().enumerate().zip(tags) {
            self.copy_line(position, &mut keys);
            write_line(&mut writer, tag, *suite, &keys, self.params);
        }
        writer.len()
    }

    /// The line with this tag, and its suite.
    fn with_tag(&self, tag: u32) -> Option<(usize, Suite)> {
        let position = usize::try_from(tag.checked_sub(self.first_tag)?).ok()?;
        let suite = self.suites.get(position).copied().flatten()?;
        Some((position, suite))
    }
}
