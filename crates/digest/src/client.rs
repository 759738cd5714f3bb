// SPDX-License-Identifier: MIT OR Apache-2.0
//! The client (RFC 7616, RFC 3261 section 22).

use sipseal_core::RandomSource;
use sipseal_sip::{Message, QuotedString};

use crate::account;
use crate::authentication_info::{self, AuthenticationInfo};
use crate::challenge::{Challenge, realm_of};
use crate::response::Inputs;
use crate::sent::{Carried, Sent};
use crate::space::{State, Verdict};
use crate::writer::Writer;
use crate::{Accounts, Error, Kind, MAX_CHALLENGES, Order, Policy, Request, Space};

/// A user agent, or a phone's registration, towards its server and the proxies on the way.
///
/// Every request goes through two calls: [`Client::write_credentials`] before it is sent, which writes nothing as long
/// as nobody has asked, and [`Client::take_response`] with its final response, and with what was written: that tells
/// the response to one request from that to another, so many can be under way. What servers said is kept by realm,
/// so later requests carry credentials at once. Two proxies of one realm would drive each other's nonce out: a realm
/// is that of one proxy.
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
        /// Whether the server has proven that it knows the secret, to this request. A proxy's proof is verified, but
        /// is none of the server.
        is_server_proven: bool,
    },
}

impl<'s> Client<'s> {
    /// A client with room for as many realms as there are spaces.
    pub fn new(spaces: &'s mut [Space], policy: Policy) -> Self {
        Self { spaces, policy }
    }

    /// Takes a response to a request, with the credentials that it carried.
    ///
    /// Of a 401 or 407, every realm is looked at for which there is an account, and the challenge is taken that the
    /// policy wants. Credentials that were refused are made again for a new nonce, as often as the policy says; then
    /// the realm is [`Error::Rejected`] and no more answered until a later request, that carries no credentials, is
    /// challenged with another nonce, or until [`Client::forget`]. A request that was under way when another one
    /// brought a new nonce is sent again with that one.
    ///
    /// Of others, `rspauth` is verified against what the request carried, and `nextnonce` is taken. Nothing is
    /// taken from a response that is refused.
    ///
    /// # Errors
    ///
    /// Of a 401 or 407, if there is no realm to answer: [`Error::Rejected`], [`Error::Weak`], [`Error::NoAccount`],
    /// [`Error::Unsupported`] (also if there is no challenge), [`Error::Syntax`], [`Error::TooLong`] or
    /// [`Error::SpaceLimit`], the first of these that came up; [`Error::Random`] at once. Of others:
    /// [`Error::ServerNotAuthentic`], upon which the response is not to be believed; [`Error::Syntax`],
    /// [`Error::TooLong`], [`Error::Random`], and what the account can fail with. Of any: [`Error::InvalidArgument`],
    /// for credentials that no client has written, and for a request as the response.
    pub fn take_response(
        &mut self,
        request: &Request<'_>,
        response: &Message<'_>,
        accounts: &mut (impl Accounts + ?Sized),
        random: &mut dyn RandomSource,
    ) -> Result<Outcome, Error> {
        let carried = Carried::read(request.credentials)?;
        match response.status() {
            None => Err(Error::InvalidArgument),
            Some(..200) => Ok(Outcome::Provisional),
            Some(401 | 407) if has_credentials(request) => {
                self.take_challenges(carried, response, accounts, random)
            }
            Some(_) => self.take_final(request, carried, response, accounts, random),
        }
    }

    #[inline(never)]
    fn take_challenges(
        &mut self,
        carried: Carried<'_>,
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
                        Ok(Some(realm)) => {
                            let best = self.best_of(response, kind, realm, accounts);
                            best.and_then(|best| self.keep(kind, &best, carried, response, random))
                        }
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

    /// The challenge of a realm that the policy wants.
    #[inline(never)]
    fn best_of<'a>(
        &self,
        response: &Message<'a>,
        kind: Kind,
        realm: QuotedString<'_>,
        accounts: &mut (impl Accounts + ?Sized),
    ) -> Result<Challenge<'a>, Error> {
        let mut best: Option<Challenge<'_>> = None;
        let mut reason = None;
        for header in response.fields(kind.challenge()).take(MAX_CHALLENGES) {
            if !matches!(realm_of(&header), Ok(Some(other)) if other == realm) {
                continue;
            }
            let challenge = Challenge::read(&header, self.policy).and_then(|challenge| {
                let at = account::position(accounts, realm, challenge.algorithm)?;
                let account = accounts.get(at).ok_or(Error::NoAccount)?;
                account.check_challenge(&challenge)?;
                Ok(challenge)
            });
            match challenge {
                Err(error) => {
                    // Weak is what its user has to know.
                    if reason.is_none() || error == Error::Weak {
                        reason = Some(error);
                    }
                }
                Ok(challenge) => {
                    let rank = challenge.rank(self.policy);
                    if best.is_none_or(|best| rank > best.rank(self.policy)) {
                        best = Some(challenge);
                    }
                    if self.policy.order == Order::Topmost {
                        break;
                    }
                }
            }
        }
        best.ok_or(reason.unwrap_or(Error::Unsupported))
    }

    /// Puts a challenge into the space of its realm, if there is any use in answering it.
    #[inline(never)]
    fn keep(
        &mut self,
        kind: Kind,
        challenge: &Challenge<'_>,
        carried: Carried<'_>,
        response: &Message<'_>,
        random: &mut dyn RandomSource,
    ) -> Result<(), Error> {
        let max_retries = self.policy.max_retries;
        let verdict = match self.space_of(kind, challenge.realm) {
            Some(space) => space.weigh(kind, challenge, carried, max_retries)?,
            // It is refused, and what it was made from is forgotten.
            None if matches!(carried.to(kind, challenge.realm), Some(sent) if sent.nonce == challenge.nonce) =>
            {
                return Err(Error::Rejected);
            }
            None => Verdict::Take,
        };
        if verdict == Verdict::Keep {
            return Ok(());
        }
        let space = match self.place_of(kind, challenge.realm) {
            Some(place) => self.spaces.get_mut(place),
            None => self.make_room(response),
        };
        space
            .ok_or(Error::SpaceLimit)?
            .challenge(kind, challenge, random)
    }

    fn place_of(&self, kind: Kind, realm: QuotedString<'_>) -> Option<usize> {
        self.spaces
            .iter()
            .position(|space| space.is_of(kind, realm))
    }

    fn space_of(&mut self, kind: Kind, realm: QuotedString<'_>) -> Option<&mut Space> {
        self.spaces
            .iter_mut()
            .find(|space| space.is_of(kind, realm))
    }

    /// A free space, or one of a realm that has never let a request through, if it is not of this response. The refusals
    /// of that one go on to be counted, so that new realms do not come for ever.
    fn make_room(&mut self, response: &Message<'_>) -> Option<&mut Space> {
        let max_retries = self.policy.max_retries;
        let is_free = |space: &Space| space.state == State::Free;
        let is_useless = |space: &Space| {
            !space.has_succeeded
                && space.retries < max_retries
                && !is_challenged(response, space.kind, space.realm())
        };
        let mut spaces = self.spaces.iter();
        let place = spaces
            .position(is_free)
            .or_else(|| self.spaces.iter().position(is_useless))?;
        let space = self.spaces.get_mut(place)?;
        if space.state != State::Free {
            let retries = space.retries + 1;
            space.clear();
            space.retries = retries;
        }
        Some(space)
    }

    fn take_final(
        &mut self,
        request: &Request<'_>,
        carried: Carried<'_>,
        response: &Message<'_>,
        accounts: &mut (impl Accounts + ?Sized),
        random: &mut dyn RandomSource,
    ) -> Result<Outcome, Error> {
        let is_success = matches!(response.status(), Some(200..300));
        let is_server_proven = self.verify(request, carried, response, accounts)?;
        if self.policy.require_rspauth
            && is_success
            && !is_server_proven
            && has_credentials(request)
        {
            return Err(Error::ServerNotAuthentic);
        }
        for kind in Kind::BOTH {
            for sent in carried.of(kind) {
                if let Some(space) = self.space_of(kind, sent.realm) {
                    space.begin_again();
                    space.has_succeeded |= is_success;
                }
            }
            for header in response.fields(kind.info()) {
                let info = AuthenticationInfo::read(header.value)?;
                if let Some(nonce) = info.next_nonce
                    && let Some(space) = self.answered(kind, &info, carried)
                {
                    space.next_nonce(nonce, random)?;
                }
            }
        }
        Ok(Outcome::Final { is_server_proven })
    }

    /// Whether the server has proven itself. Checks all that servers and proxies say, and takes none of it.
    #[inline(never)]
    fn verify(
        &mut self,
        request: &Request<'_>,
        carried: Carried<'_>,
        response: &Message<'_>,
        accounts: &mut (impl Accounts + ?Sized),
    ) -> Result<bool, Error> {
        let mut is_server_proven = false;
        for kind in Kind::BOTH {
            for (at, header) in response.fields(kind.info()).enumerate() {
                // Each may cost as much as a response.
                if at == MAX_CHALLENGES {
                    return Err(Error::TooLong);
                }
                let info = AuthenticationInfo::read(header.value)?;
                if let Some(rspauth) = info.rspauth {
                    let sent = info.answers(carried, kind);
                    let sent = sent.ok_or(Error::ServerNotAuthentic)?;
                    if !self.is_right(kind, rspauth, &sent, request, response, accounts)? {
                        return Err(Error::ServerNotAuthentic);
                    }
                    // Without a cnonce it may be as old as the nonce.
                    is_server_proven |= kind == Kind::Server && sent.nonce_use.is_some();
                }
                if let Some(nonce) = info.next_nonce
                    && let Some(space) = self.answered(kind, &info, carried)
                    && !space.has_room(nonce)
                {
                    return Err(Error::TooLong);
                }
            }
        }
        Ok(is_server_proven)
    }

    /// The space whose nonce the credentials had that an Authentication-Info is about.
    fn answered(
        &mut self,
        kind: Kind,
        info: &AuthenticationInfo<'_>,
        carried: Carried<'_>,
    ) -> Option<&mut Space> {
        let sent = info.answers(carried, kind)?;
        let space = self.space_of(kind, sent.realm)?;
        space.is_current(&sent).then_some(space)
    }

    /// Whether `rspauth` is right.
    fn is_right(
        &mut self,
        kind: Kind,
        rspauth: QuotedString<'_>,
        sent: &Sent<'_>,
        request: &Request<'_>,
        response: &Message<'_>,
        accounts: &mut (impl Accounts + ?Sized),
    ) -> Result<bool, Error> {
        let proven = Request {
            method: b"",
            uri: request.uri,
            body: response.body().octets(),
            credentials: b"",
        };
        let inputs = Inputs {
            nonce: sent.nonce,
            nonce_use: sent.nonce_use,
            request: &proven,
        };
        let space = self.space_of(kind, sent.realm);
        let kept = space.and_then(|space| space.kept_a1(sent));
        if kept.is_some() && authentication_info::is_right(rspauth, sent, &inputs, kept, accounts)?
        {
            return Ok(true);
        }
        // The session that is kept may be a later one.
        authentication_info::is_right(rspauth, sent, &inputs, None, accounts)
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
            if space.state == State::Live && failed.is_none() {
                failed = space.write(request, accounts, &mut writer).err();
            }
        }
        let len = writer.finish(failed)?;
        for space in self.spaces.iter_mut() {
            if space.state == State::Live {
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
        self.spaces.iter_mut().for_each(Space::clear);
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

fn is_challenged(response: &Message<'_>, kind: Kind, realm: QuotedString<'_>) -> bool {
    is_seen(response, kind, MAX_CHALLENGES, realm)
}

/// Whether a request has credentials of its own (RFC 3261 section 22.1).
fn has_credentials(request: &Request<'_>) -> bool {
    !matches!(request.method, b"ACK" | b"CANCEL")
}
