// SPDX-License-Identifier: MIT OR Apache-2.0
//! Offers, and the answers to them (RFC 4568 sections 5.1.1, 5.1.3, 7.1.1, 7.1.3 and 7.1.4).

use sipseal_core::RandomSource;

use super::error::{Error, Fault, Reason, Rejection};
use super::keys::{Keys, draw, repeat, write_line};
use super::media::Media;
use super::negotiation::{Agreed, Change, Negotiation, Offered};
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
        offered.terms = self.new_terms(policy, policy.params);
        let kept = self.line_to_keep(policy);
        if let Some(suite) = kept {
            offered.repeat(&self.agreed, suite);
        } else {
            let mut places = offered.secrets.chunks_mut(offered.keys.max(1));
            for (suite, profile) in offered.suites.iter_mut().zip(policy.suites) {
                let new = Suite::of(*profile).ok_or(Error::Policy)?;
                *suite = Some(new);
                draw(places.next().unwrap_or_default(), new, random)?;
            }
            let drawn = offered.secrets();
            if repeat(drawn) || self.knows_as_own(drawn) {
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
            self.next_mki = offered.terms.first_mki.saturating_add(policy.keys.into());
        }
        Ok(needed)
    }

    /// The suite that is agreed on, if its line can be offered as it is.
    fn line_to_keep(&self, policy: &Policy<'_>) -> Option<Suite> {
        self.agreed.suite.filter(|suite| {
            policy.suites.contains(&suite.profile())
                && self.keeps_keys(policy, *suite, &policy.params)
        })
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
    /// [`Error::Policy`], [`Error::NotOffered`], [`Error::NoLine`] (the other side does not do this; section 5.3), [`Error::TooManyLines`],
    /// [`Error::Media`], [`Error::MediaRejected`], [`Error::Transport`] or [`Error::Rejected`].
    pub fn take_answer(&mut self, answer: &[u8], policy: &Policy<'_>) -> Result<Change, Error> {
        policy.check()?;
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
        if !(admitted.params).negotiates_as(&self.offered.terms.params) {
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
            let offered = &self.offered;
            agreed.own.set(offered.secrets_of(position), &offered.terms);
            agreed.sender_made = self.offered.is_used(position);
        }
        agreed.terms = self.offered.terms;
        agreed.line = Some(position);
        agreed.suite = Some(suite);
        agreed.tag = admitted.tag;
        agreed.peer.copy_from(&peer);
        agreed.peer_params = admitted.params;
        Ok(change)
    }
}

impl Offered {
    /// Offers the line that is agreed on again.
    fn repeat(&mut self, agreed: &Agreed, suite: Suite) {
        for (to, from) in self.secrets.iter_mut().zip(agreed.own.secrets()) {
            *to.expose_mut() = *from.expose();
        }
        if let Some(first) = self.suites.first_mut() {
            *first = Some(suite);
        }
        self.first_tag = agreed.tag;
        self.terms.first_mki = agreed.terms.first_mki;
    }

    /// Writes all lines; their length.
    fn write(&self, out: &mut [u8]) -> usize {
        let mut writer = Writer::new(out);
        let lines = self.suites.iter().flatten().enumerate();
        for ((line, suite), tag) in lines.zip(self.first_tag..) {
            write_line(&mut writer, tag, *suite, self.secrets_of(line), &self.terms);
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
