// SPDX-License-Identifier: MIT OR Apache-2.0
//! Answers (RFC 4568 sections 5.1.2, 7.1.2 and 7.1.4).

use sipseal_core::{RandomSource, SecretBytes};

use super::MAX_KEYS;
use super::error::{Error, Rejection};
use super::keys::{Keys, draw, repeat, share, write_line};
use super::media::Media;
use super::negotiation::{Admitted, Answered, Change, Negotiation};
use super::policy::Policy;
use super::writer::Writer;

impl Negotiation {
    /// Takes an offer: chooses one of the `a=crypto` lines in `offer`, which is a media description or any part of
    /// that, and writes the line that answers it, with CR LF.
    ///
    /// It is the first line that the policy allows or, with [`Policy::own_preference`], the one whose suite stands
    /// first in the policy. The answer has the same tag, suite and negotiated session parameters, and keys of our own;
    /// those stay the same as long as suite and parameters do, but with [`Policy::fresh_keys`].
    ///
    /// **The line is as secret as its keys**: send it over TLS or sealed, and wipe `out` and `offer` afterwards.
    ///
    /// # Errors
    ///
    /// [`Error::Policy`], [`Error::NoLine`], [`Error::TooManyLines`], [`Error::Media`], [`Error::MediaRejected`],
    /// [`Error::Transport`], [`Error::Rejected`], [`Error::Random`] (also if it repeats itself) or
    /// [`Error::BufferTooSmall`]. What was agreed on before stays, and `out` is not written.
    pub fn answer(
        &mut self,
        offer: &[u8],
        policy: &Policy<'_>,
        random: &mut dyn RandomSource,
        out: &mut [u8],
    ) -> Result<Answered, Error> {
        policy.check()?;
        let media = Media::read(offer, policy.plain_rtp)?;
        let mut peer = Keys::new();
        let chosen = self.choose(&media, policy, &mut peer)?;
        let params = policy.params.with_negotiated(&chosen.params);
        let suite = chosen.suite;
        let keeps_own = self.keeps_keys(policy, suite, &params);

        let mut drawn = [const { SecretBytes::zeroed() }; MAX_KEYS];
        let mut terms = self.new_terms(policy, params);
        let secrets = if keeps_own {
            terms.first_mki = self.agreed.terms.first_mki;
            self.agreed.own.secrets()
        } else {
            let drawn = drawn.get_mut(..policy.keys.into()).unwrap_or_default();
            draw(drawn, suite, random)?;
            if repeat(drawn) || share(drawn, peer.secrets()) || self.knows_as_own(drawn) {
                return Err(Error::Random);
            }
            drawn
        };

        let write = |out| {
            let mut writer = Writer::new(out);
            write_line(&mut writer, chosen.tag, suite, secrets, &terms);
            writer.len()
        };
        let needed = write(&mut []);
        write(
            out.get_mut(..needed)
                .ok_or(Error::BufferTooSmall { needed })?,
        );

        let agreed = &mut self.agreed;
        if !keeps_own {
            let drawn = drawn.get(..policy.keys.into()).unwrap_or_default();
            agreed.own.set(drawn, &terms);
            agreed.sender_made = false;
            self.next_mki = terms.first_mki.saturating_add(policy.keys.into());
        }
        agreed.terms = terms;
        agreed.line = None;
        agreed.suite = Some(suite);
        agreed.tag = chosen.tag;
        agreed.peer.copy_from(&peer);
        agreed.peer_params = chosen.params;
        // No answer can come any more to what was offered before.
        self.offered.clear();
        Ok(Answered {
            len: needed,
            change: Change {
                new_sender: !keeps_own,
                new_receiver: !chosen.same_keys,
            },
        })
    }

    /// The best of the lines that may be taken, with its keys in `peer`.
    fn choose(
        &self,
        media: &Media<'_>,
        policy: &Policy<'_>,
        peer: &mut Keys,
    ) -> Result<Admitted, Error> {
        let mut best = None;
        let mut first_fault = None;
        for (line, text) in media.crypto_lines().enumerate() {
            match self.admit(text, policy, peer) {
                Ok(admitted) => {
                    let rank = if policy.own_preference {
                        let profile = admitted.suite.profile();
                        policy.suites.iter().position(|suite| *suite == profile)
                    } else {
                        None
                    };
                    if best.is_none_or(|(best_rank, _)| rank < best_rank) {
                        best = Some((rank, text));
                    }
                }
                Err(fault) => first_fault = first_fault.or(Some(Rejection { line, fault })),
            }
        }
        let (_, text) = best.ok_or(first_fault.map_or(Error::NoLine, Error::Rejected))?;
        // Once more, since others may have come after it.
        let again = self.admit(text, policy, peer);
        again.map_err(|fault| Error::Rejected(Rejection { line: 0, fault }))
    }
}
