// SPDX-License-Identifier: MIT OR Apache-2.0
//! Answers (RFC 4568 sections 5.1.2, 7.1.2 and 7.1.4).

use sipseal_core::RandomSource;

use super::error::{Error, Rejection};
use super::keys::Keys;
use super::media::Media;
use super::negotiation::{Admitted, Answered, Change, Negotiation, Offered, are_same, write_line};
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
        let params = policy.params.with_negotiated(chosen.params);

        let mut own = Keys::new();
        let lifetime = policy.lifetime.unwrap_or(0);
        let keeps_own = !policy.fresh_keys
            && !self.offered.is_fork
            && self.has_profile_of(chosen.suite)
            && are_same(params, self.agreed.own_params)
            && (self.agreed.own).is_like(policy.keys, policy.mki_len, lifetime);
        if keeps_own {
            own.copy_from(&self.agreed.own);
        } else {
            let first_mki = self.first_mki(policy.mki_len, policy.keys);
            own.draw(chosen.suite, policy, first_mki, random)?;
            let others = self.agreed.own.secrets().chain(self.offered.secrets());
            if own.repeat() || own.share(&peer.secrets()) || own.share(&others) {
                return Err(Error::Random);
            }
        }

        let write = |out| {
            let mut writer = Writer::new(out);
            write_line(&mut writer, chosen.tag, chosen.suite, &own, params);
            writer.len()
        };
        let needed = write(&mut []);
        write(
            out.get_mut(..needed)
                .ok_or(Error::BufferTooSmall { needed })?,
        );

        let agreed = &mut self.agreed;
        if !keeps_own {
            agreed.own.copy_from(&own);
            agreed.sender_made = false;
            self.next_mki = own.first_mki().saturating_add(policy.keys.into());
        }
        agreed.own_params = params;
        agreed.line = None;
        agreed.suite = Some(chosen.suite);
        agreed.tag = chosen.tag;
        agreed.peer.copy_from(&peer);
        agreed.peer_params = chosen.params;
        self.is_agreed = true;
        // No answer can come any more to what was offered before.
        self.offered = Offered::nothing();
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
