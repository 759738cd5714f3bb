// SPDX-License-Identifier: MIT OR Apache-2.0
//! The client (RFC 7616, RFC 3261 section 22).

use sipseal_core::RandomSource;
use sipseal_sip::{Message, QuotedString, Text};

use crate::account;
use crate::authentication_info::AuthenticationInfo;
use crate::challenge::{Challenge, realm_of};
use crate::space::State;
use crate::writer::Writer;
use crate::{Accounts, Error, Kind, MAX_CHALLENGES, Order, Policy, Request, Space};

/// A user agent, or a phone's registration, towards its server and the proxies on the way.
///
/// Every request goes through two calls: [`Client::write_credentials`] before it is sent, which writes nothing as long
/// as nobody has asked, and [`Client::take_response`] with its final response. What servers said is kept by realm, so
/// later requests carry credentials at once.
///
/// One client is for requests that go the same way: those to another server would be told the user name and a response.
#[derive(Debug)]
pub struct Client<'s> {
    spaces: &'s mut [Space],
    policy: Policy,
}

/// What a response means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A provisional response: nothing is known yet.
    Provisional,
    /// 401 or 407: send the request again, with a new CSeq and what [`Client::write_credentials`] writes now.
    Retry,
    /// A final response.
    Final {
        /// Whether the server has proven that it knows the secret.
        is_server_proven: bool,
    },
}

impl<'s> Client<'s> {
    /// A client with room for as many realms as there are spaces.
    pub fn new(spaces: &'s mut [Space], policy: Policy) -> Self {
        Self { spaces, policy }
    }

    /// Takes a response to a request.
    ///
    /// Of a 401 or 407, every realm is looked at for which there is an account, and the challenge is taken that the
    /// policy wants. Of others, `rspauth` is verified and `nextnonce` is taken.
    ///
    /// # Errors
    ///
    /// Of a 401 or 407, if there is no realm to answer: [`Error::Rejected`], [`Error::Weak`], [`Error::NoAccount`],
    /// [`Error::Unsupported`] (also if there is no challenge), [`Error::Syntax`], [`Error::TooLong`] or
    /// [`Error::SpaceLimit`], the first of these that came up; [`Error::Random`] at once. Of others:
    /// [`Error::ServerNotAuthentic`], upon which the response is not to be believed; [`Error::Syntax`], and what the
    /// account can fail with.
    pub fn take_response(
        &mut self,
        request: &Request<'_>,
        response: &Message<'_>,
        accounts: &mut (impl Accounts + ?Sized),
        random: &mut dyn RandomSource,
    ) -> Result<Outcome, Error> {
        match response.status() {
            None => Err(Error::InvalidArgument),
            Some(..200) => Ok(Outcome::Provisional),
            Some(401 | 407) => self.take_challenges(response, accounts, random),
            Some(_) => self.take_final(request, response, accounts, random),
        }
    }

    #[inline(never)]
    fn take_challenges(
        &mut self,
        response: &Message<'_>,
        accounts: &mut (impl Accounts + ?Sized),
        random: &mut dyn RandomSource,
    ) -> Result<Outcome, Error> {
        let mut first_error = None;
        let mut is_any_taken = false;
        for kind in Kind::BOTH {
            for (at, header) in response.fields(kind.challenge()).enumerate() {
                let taken = if at == MAX_CHALLENGES {
                    Err(Error::TooLong)
                } else {
                    match realm_of(&header) {
                        Ok(None) => Err(Error::Unsupported),
                        Err(error) => Err(error),
                        // The first challenge of a realm speaks for all of them.
                        Ok(Some(realm)) if is_seen(response, kind, at, realm) => continue,
                        Ok(Some(realm)) => self.take_realm(response, kind, realm, accounts, random),
                    }
                };
                match taken {
                    Ok(()) => is_any_taken = true,
                    Err(Error::Random) => return Err(Error::Random),
                    Err(error) => {
                        // Another scheme or a malformed challenge is nothing to tell if there is a reason more.
                        let is_vague =
                            |error| matches!(error, Error::Unsupported | Error::Syntax(_));
                        if first_error.is_none_or(is_vague) {
                            first_error = Some(error);
                        }
                    }
                }
                if at == MAX_CHALLENGES {
                    break;
                }
            }
        }
        if is_any_taken {
            Ok(Outcome::Retry)
        } else {
            Err(first_error.unwrap_or(Error::Unsupported))
        }
    }

    /// Takes the challenge of a realm that the policy wants.
    #[inline(never)]
    fn take_realm(
        &mut self,
        response: &Message<'_>,
        kind: Kind,
        realm: QuotedString<'_>,
        accounts: &mut (impl Accounts + ?Sized),
        random: &mut dyn RandomSource,
    ) -> Result<(), Error> {
        let mut best: Option<Challenge<'_>> = None;
        let mut reason = None;
        for header in response.fields(kind.challenge()).take(MAX_CHALLENGES) {
            if !matches!(realm_of(&header), Ok(Some(other)) if other == realm) {
                continue;
            }
            let challenge = Challenge::read(&header, self.policy).and_then(|challenge| {
                let account = account::position(accounts, realm, challenge.algorithm);
                account.map(|_| challenge)
            });
            match challenge {
                Err(error) => {
                    // Weak is what its user has to know.
                    if reason.is_none() || error == Error::Weak {
                        reason = Some(error);
                    }
                }
                Ok(challenge) => {
                    let rank = challenge.algorithm.rank();
                    if best.is_none_or(|best| rank > best.algorithm.rank()) {
                        best = Some(challenge);
                    }
                    if self.policy.order == Order::Topmost {
                        break;
                    }
                }
            }
        }
        let challenge = best.ok_or(reason.unwrap_or(Error::Unsupported))?;
        self.keep(kind, &challenge, random)
    }

    /// Puts a challenge into the space of its realm, if there is any use in answering it.
    #[inline(never)]
    fn keep(
        &mut self,
        kind: Kind,
        challenge: &Challenge<'_>,
        random: &mut dyn RandomSource,
    ) -> Result<(), Error> {
        let max_retries = self.policy.max_retries;
        let place = self
            .spaces
            .iter()
            .position(|space| space.is_of(kind, challenge.realm));
        let place = place.or_else(|| {
            self.spaces
                .iter()
                .position(|space| space.state == State::Free)
        });
        let space = place
            .and_then(|place| self.spaces.get_mut(place))
            .ok_or(Error::SpaceLimit)?;
        if space.state == State::Answered {
            // The nonce was good, so it is the secret that is not. Many servers forget to say that a nonce is stale:
            // a new one is reason enough to try again.
            let is_same_nonce = space.nonce() == challenge.nonce;
            if space.retries >= max_retries || is_same_nonce && !challenge.is_stale {
                space.free();
                return Err(Error::Rejected);
            }
            space.retries += 1;
        }
        space.challenge(kind, challenge, random)
    }

    fn take_final(
        &mut self,
        request: &Request<'_>,
        response: &Message<'_>,
        accounts: &mut (impl Accounts + ?Sized),
        random: &mut dyn RandomSource,
    ) -> Result<Outcome, Error> {
        let proven = Request {
            method: b"",
            uri: request.uri,
            body: response.body().octets(),
        };
        let mut is_server_proven = false;
        for kind in Kind::BOTH {
            for header in response.fields(kind.info()) {
                let is_proven = self.take_info(kind, header.value, &proven, accounts, random)?;
                is_server_proven |= is_proven && kind == Kind::Server;
            }
        }
        let is_success = matches!(response.status(), Some(200..300));
        let was_answered =
            |space: &Space| space.kind == Kind::Server && space.state == State::Answered;
        if self.policy.require_rspauth
            && is_success
            && !is_server_proven
            && self.spaces.iter().any(was_answered)
        {
            return Err(Error::ServerNotAuthentic);
        }
        for space in self.spaces.iter_mut() {
            space.retries = 0;
        }
        Ok(Outcome::Final { is_server_proven })
    }

    /// Takes an Authentication-Info. Whether it proves that the server knows the secret, or a proxy.
    #[inline(never)]
    fn take_info(
        &mut self,
        kind: Kind,
        value: Text<'_>,
        proven: &Request<'_>,
        accounts: &mut (impl Accounts + ?Sized),
        random: &mut dyn RandomSource,
    ) -> Result<bool, Error> {
        let info = AuthenticationInfo::read(value)?;
        let Some(space) = self.space_of(kind, &info) else {
            return Ok(false);
        };
        if let Some(rspauth) = info.rspauth {
            let nc = info.nc.ok_or(Error::ServerNotAuthentic)?;
            space.take_rspauth(rspauth.raw().octets(), proven, nc, accounts)?;
        }
        if let Some(nonce) = info.next_nonce {
            space.next_nonce(nonce, random)?;
        }
        Ok(info.rspauth.is_some())
    }

    /// The space that an Authentication-Info is about: that of its cnonce, or the only one there is.
    fn space_of(&mut self, kind: Kind, info: &AuthenticationInfo<'_>) -> Option<&mut Space> {
        let is_answered = |space: &&mut Space| space.kind == kind && space.state == State::Answered;
        let mut answered = self.spaces.iter_mut().filter(is_answered);
        if let Some(cnonce) = info.cnonce {
            return answered.find(|space| space.has_cnonce(cnonce));
        }
        let only = answered.next()?;
        answered.next().is_none().then_some(only)
    }

    /// Writes the header fields with credentials for a request, each with its line end: Authorization,
    /// Proxy-Authorization, both or none. Writes nothing for a CANCEL, which nobody may challenge (RFC 3261 section
    /// 22.1).
    ///
    /// Each call uses the nonce once: write once for each request that is sent, and send what was written.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for an ACK, which has the header fields of its INVITE, for a method or URI with
    /// quotes, spaces or control characters, and for an account that cannot be written; [`Error::BufferTooSmall`];
    /// [`Error::NoAccount`], [`Error::NetworkNotAuthentic`], [`Error::SecretUnavailable`],
    /// [`Error::NonceExhausted`]. No nonce is then used, and `out` holds nothing.
    #[allow(clippy::inline_always)] // It saves a stack frame above that of the hashes.
    #[inline(always)]
    pub fn write_credentials(
        &mut self,
        request: &Request<'_>,
        accounts: &mut (impl Accounts + ?Sized),
        out: &mut [u8],
    ) -> Result<usize, Error> {
        if request.method == b"ACK" || !is_plain(request.method) || !is_plain(request.uri) {
            return Err(Error::InvalidArgument);
        }
        if request.method == b"CANCEL" {
            return Ok(0);
        }
        let mut writer = Writer::new(out);
        let mut failed = None;
        for space in self.spaces.iter_mut() {
            if space.state != State::Free && failed.is_none() {
                failed = space.write(request, accounts, &mut writer).err();
            }
        }
        let len = writer.finish(failed)?;
        for space in self.spaces.iter_mut() {
            if space.state != State::Free {
                space.sent();
            }
        }
        Ok(len)
    }

    /// Copies the header fields with credentials of an INVITE, for the ACK that belongs to it (RFC 3261 section 22.1).
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`].
    pub fn copy_credentials(invite: &Message<'_>, out: &mut [u8]) -> Result<usize, Error> {
        let mut writer = Writer::new(out);
        for kind in Kind::BOTH {
            for header in invite.fields(kind.credentials()) {
                writer.put(header.name.as_str());
                writer.put(b": ");
                writer.put(header.value);
                writer.put(b"\r\n");
            }
        }
        writer.finish(None)
    }

    /// Forgets all realms, and what is kept of secrets: when an account changes.
    pub fn forget(&mut self) {
        self.spaces.iter_mut().for_each(Space::free);
    }
}

/// Whether a text can be written as it is.
#[inline(never)]
fn is_plain(text: &[u8]) -> bool {
    for octet in text {
        if !octet.is_ascii_graphic() || matches!(octet, b'"' | b'\\') {
            return false;
        }
    }
    !text.is_empty()
}

/// Whether a challenge in front of the one at `at` has the same realm.
#[inline(never)]
fn is_seen(response: &Message<'_>, kind: Kind, at: usize, realm: QuotedString<'_>) -> bool {
    response
        .fields(kind.challenge())
        .take(at)
        .any(|header| matches!(realm_of(&header), Ok(Some(other)) if other == realm))
}
