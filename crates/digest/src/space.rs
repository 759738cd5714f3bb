// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a client remembers of a realm (RFC 7616 section 3.6: the protection space).

use core::fmt;

use sipseal_core::RandomSource;
use sipseal_sip::{QuotedString, Text};
use zeroize::Zeroize;

use crate::account;
use crate::aka;
use crate::challenge::Challenge;
use crate::hash::Hasher;
use crate::hex;
use crate::response::{Inputs, Request, Use, begin_session};
use crate::sent::{Carried, Sent};
use crate::writer::Writer;
use crate::{Account, Accounts, Algorithm, Error, HexDigest, Kind, Qop, Secret, Sim};

/// Most octets of realm, nonce and opaque of a challenge together, as they stand between their quotes.
pub const MAX_CHALLENGE_LEN: usize = 512;

const CNONCE_LEN: usize = 32;

/// Most challenges, until a request is let through, of requests that were under way when the space changed: those say
/// nothing against it.
const MAX_CROSSINGS: u8 = 100;

/// What a client remembers of one realm of a server or a proxy: the challenge, and how often its nonce was used. For
/// AKA and `-sess` algorithms that includes a secret, the H(A1) of this nonce. It is wiped when dropped.
pub struct Space {
    pub(crate) state: State,
    pub(crate) kind: Kind,
    algorithm: Algorithm,
    names_algorithm: bool,
    qop: Option<Qop>,
    userhash: bool,
    /// How often the credentials were refused since a request was let through.
    pub(crate) retries: u8,
    /// How often others were refused since then.
    crossings: u8,
    /// Whether a request with these credentials has ever succeeded.
    pub(crate) has_succeeded: bool,
    /// How often the nonce was used.
    nc: u32,
    texts: Texts,
    answered: Answered,
}

/// What was said in a challenge, and our cnonce.
struct Texts {
    cnonce: [u8; CNONCE_LEN],
    realm_len: usize,
    nonce_len: usize,
    opaque_len: Option<usize>,
    /// Realm, opaque and nonce as they stand between their quotes.
    octets: [u8; MAX_CHALLENGE_LEN],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// For any realm.
    Free,
    /// There is a challenge, which requests answer.
    Live,
    /// The challenge is not answered any more: what was answered is refused, or the SIM did not answer, or it told the
    /// network its sequence number and waits for a challenge of it. The nonce is never used again.
    Refused,
}

/// What a challenge means for what is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It takes its place.
    Take,
    /// What is there goes on: the challenge is for something older.
    Keep,
}

impl Space {
    /// A space for any realm.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            state: State::Free,
            kind: Kind::Server,
            algorithm: Algorithm::Md5,
            names_algorithm: false,
            qop: None,
            userhash: false,
            retries: 0,
            crossings: 0,
            has_succeeded: false,
            nc: 0,
            texts: Texts {
                cnonce: [0; CNONCE_LEN],
                realm_len: 0,
                nonce_len: 0,
                opaque_len: None,
                octets: [0; MAX_CHALLENGE_LEN],
            },
            answered: Answered::NOTHING,
        }
    }

    pub(crate) fn clear(&mut self) {
        self.answered.forget();
        self.texts.cnonce.zeroize();
        self.texts.octets.zeroize();
        self.state = State::Free;
        self.retries = 0;
        self.crossings = 0;
        self.has_succeeded = false;
    }

    fn nonce(&self) -> QuotedString<'_> {
        self.texts.nonce()
    }

    pub(crate) fn realm(&self) -> QuotedString<'_> {
        self.texts.realm()
    }

    /// Whether this is the space of a realm.
    pub(crate) fn is_of(&self, kind: Kind, realm: QuotedString<'_>) -> bool {
        self.state != State::Free && self.kind == kind && self.texts.realm() == realm
    }

    /// Whether a response to these credentials says something of the nonce in use.
    pub(crate) fn is_current(&self, sent: &Sent<'_>) -> bool {
        self.state == State::Live && self.nonce() == sent.nonce
    }

    /// H(A1) as it is kept for what was sent.
    pub(crate) fn kept_a1(&self, sent: &Sent<'_>) -> Option<&HexDigest> {
        // A session goes on with the next nonce, a SIM's answer does not.
        let is_of_nonce = self.algorithm.is_session() || self.nonce() == sent.nonce;
        let is_it = self.answered.is_known() && self.algorithm == sent.algorithm && is_of_nonce;
        is_it.then_some(&self.answered.a1)
    }

    /// What a challenge for the realm of this space means, by the credentials that the challenged request carried.
    ///
    /// Those of the nonce in use were refused, which counts. A request that carried others, or none, was under way
    /// when the space changed: it is sent again, and nothing counts but how many of them there are.
    ///
    /// A refused space opens again for a new nonce: if that came in place of the refused one, as after AUTS, or to a
    /// request that carried nothing at all, which is the first round of a request.
    ///
    /// Fails with [`Error::Rejected`].
    #[inline(never)]
    pub(crate) fn weigh(
        &mut self,
        kind: Kind,
        challenge: &Challenge<'_>,
        carried: Carried<'_>,
        max_retries: u8,
    ) -> Result<Verdict, Error> {
        let sent = carried.to(kind, challenge.realm);
        let is_same = self.nonce() == challenge.nonce;
        let is_about_this = sent.is_some_and(|sent| sent.nonce == self.nonce());
        if self.state == State::Refused {
            if is_same || !(is_about_this || carried.is_empty()) {
                return Err(Error::Rejected);
            }
            if carried.is_empty() {
                self.begin_again();
                return Ok(Verdict::Take);
            }
        }
        let count = if is_about_this {
            // The nonce was good, so it is the secret that is not. Many servers forget to say that a nonce is stale:
            // a new one is reason enough to try again.
            let is_final = is_same && !challenge.is_stale;
            (!is_final && self.retries < max_retries).then_some(&mut self.retries)
        } else {
            (self.crossings < MAX_CROSSINGS).then_some(&mut self.crossings)
        };
        let Some(count) = count else {
            self.state = State::Refused;
            return Err(Error::Rejected);
        };
        *count += 1;
        Ok(if is_about_this || sent.is_none() {
            Verdict::Take
        } else {
            Verdict::Keep
        })
    }

    /// A request with credentials of this space was let through, or there is a new request.
    pub(crate) fn begin_again(&mut self) {
        self.retries = 0;
        self.crossings = 0;
    }

    /// Takes a challenge; what was there before is gone, but for what is counted of refusals.
    #[inline(never)]
    pub(crate) fn challenge(
        &mut self,
        kind: Kind,
        challenge: &Challenge<'_>,
        random: &mut dyn RandomSource,
    ) -> Result<(), Error> {
        // A nonce that comes again goes on with its counts, or one of them would be sent twice, and with what the SIM
        // has answered.
        let is_known = self.is_of(kind, challenge.realm) && self.nonce() == challenge.nonce;
        let cnonce = draw_cnonce(random)?;
        if !is_known || self.algorithm != challenge.algorithm {
            self.answered.forget();
        }
        let opaque = challenge.opaque.map(|opaque| opaque.raw().octets());
        let parts = [
            challenge.realm.raw().octets(),
            opaque.unwrap_or_default(),
            challenge.nonce.raw().octets(),
        ];
        for (to, from) in self
            .texts
            .octets
            .iter_mut()
            .zip(parts.into_iter().flatten())
        {
            *to = *from;
        }
        self.texts.realm_len = challenge.realm.raw().len();
        self.texts.opaque_len = opaque.map(<[u8]>::len);
        self.texts.nonce_len = challenge.nonce.raw().len();
        self.kind = kind;
        self.algorithm = challenge.algorithm;
        self.names_algorithm = challenge.names_algorithm;
        self.qop = challenge.qop;
        self.userhash = challenge.userhash;
        if !is_known {
            self.start(cnonce);
        }
        self.state = State::Live;
        Ok(())
    }

    /// Whether there is room for the nonce that the server wants to see next.
    pub(crate) fn has_room(&self, nonce: QuotedString<'_>) -> bool {
        self.texts.nonce_start() + nonce.raw().len() <= MAX_CHALLENGE_LEN
    }

    /// Takes that nonce. H(A1) of a `-sess` algorithm stays: the session ends with the next challenge (RFC 2617 section
    /// 3.3). A SIM is asked again, and a nonce that it cannot be asked with is left.
    #[inline(never)]
    pub(crate) fn next_nonce(
        &mut self,
        nonce: QuotedString<'_>,
        random: &mut dyn RandomSource,
    ) -> Result<(), Error> {
        let raw = nonce.raw().octets();
        let start = self.texts.nonce_start();
        // One that is not new goes on with its counts.
        let is_of_no_use = self.algorithm.is_aka() && !aka::is_nonce(nonce);
        if self.nonce() == nonce || is_of_no_use {
            return Ok(());
        }
        let room = self
            .texts
            .octets
            .get_mut(start..start + raw.len())
            .ok_or(Error::TooLong)?;
        let cnonce = draw_cnonce(random)?;
        for (to, from) in room.iter_mut().zip(raw) {
            *to = *from;
        }
        self.texts.nonce_len = raw.len();
        if self.algorithm.is_aka() {
            self.answered.forget();
        }
        self.start(cnonce);
        Ok(())
    }

    fn start(&mut self, cnonce: [u8; CNONCE_LEN]) {
        self.texts.cnonce = cnonce;
        self.nc = 0;
    }

    /// The digits of the response to a use of the nonce.
    #[inline(never)]
    fn respond(
        &mut self,
        request: &Request<'_>,
        nc: u32,
        account: &mut Account<'_>,
        digits: &mut [u8],
    ) -> Result<(), Error> {
        let cnonce = self.texts.cnonce();
        let inputs = Inputs {
            nonce: self.texts.nonce(),
            nonce_use: self.qop.map(|qop| Use {
                qop,
                nc: hex::digits(nc),
                cnonce,
            }),
            request,
        };
        let mut hasher = Hasher::new(self.algorithm.hash());
        inputs.hash_a2(&mut hasher, digits);
        let (answered, texts) = (&mut self.answered, &self.texts);
        if answered.is_known() {
            hasher.update(&[answered.a1.as_bytes()]);
        } else {
            answered.begin(&mut hasher, self.algorithm, account, texts)?;
            if self.algorithm.is_session() {
                begin_session(&mut hasher, &inputs, &mut answered.a1);
            }
        }
        inputs.update(&mut hasher, digits);
        hasher.finish(digits);
        Ok(())
    }

    /// Writes the header field with credentials for a request. The nonce is not yet used: see [`Space::sent`].
    pub(crate) fn write(
        &mut self,
        request: &Request<'_>,
        accounts: &mut (impl Accounts + ?Sized),
        out: &mut Writer<'_>,
    ) -> Result<(), Error> {
        let at = account::position(accounts, self.texts.realm(), self.algorithm)?;
        let mut account = accounts.get(at).ok_or(Error::NoAccount)?;
        account.check()?;
        let nc = self.nc.checked_add(1).ok_or(Error::NonceExhausted)?;
        // One after the other, so that the stack of what is written is not below that of what is hashed.
        self.write_challenge(request, account.username, out);
        let hex_len = self.algorithm.hash().hex_len();
        if let Some(digits) = out.put_room(", response=\"", hex_len) {
            let responded = self.respond(request, nc, &mut account, digits);
            // A SIM is not asked again, and other realms are answered without it.
            if responded.is_err() && self.algorithm.is_aka() {
                self.state = State::Refused;
            }
            responded?;
        }
        self.write_answer(nc, out);
        Ok(())
    }

    /// What is answered, and by whom.
    #[inline(never)]
    fn write_challenge(&self, request: &Request<'_>, username: &[u8], out: &mut Writer<'_>) {
        out.put(self.kind.credentials().as_str());
        if self.userhash {
            let hex_len = self.algorithm.hash().hex_len();
            if let Some(digits) = out.put_room(": Digest username=\"", hex_len) {
                self.hash_username(username, digits);
            }
        } else {
            out.put_quoted(": Digest username=\"", username);
        }
        out.put_raw(", realm=\"", self.texts.realm().raw().octets());
        out.put_raw(", nonce=\"", self.texts.nonce().raw().octets());
        out.put_raw(", uri=\"", request.uri);
    }

    /// What it is answered with, behind the response.
    #[inline(never)]
    fn write_answer(&self, nc: u32, out: &mut Writer<'_>) {
        if self.names_algorithm {
            out.put(", algorithm=");
            out.put(self.algorithm.name());
        }
        if let Some(qop) = self.qop {
            out.put_raw(", cnonce=\"", &self.texts.cnonce);
            out.put(match qop {
                Qop::Auth => ", qop=auth, nc=",
                Qop::AuthInt => ", qop=auth-int, nc=",
            });
            out.put(hex::digits(nc));
        }
        if let Some(opaque) = self.texts.opaque() {
            out.put_raw(", opaque=\"", opaque.raw().octets());
        }
        if self.userhash {
            out.put(", userhash=true");
        }
        if let Some(auts) = &self.answered.auts {
            out.put_raw(", auts=\"", &aka::encode_auts(auts));
        }
        out.put("\r\n");
    }

    /// What stands for the user name (RFC 7616 section 3.4.4).
    #[inline(never)]
    fn hash_username(&self, username: &[u8], digits: &mut [u8]) {
        let mut hasher = Hasher::new(self.algorithm.hash());
        hasher.update(&[username, b":"]);
        hasher.update_quoted(self.texts.realm());
        hasher.finish(digits);
    }

    /// The credentials that were written last will be sent.
    pub(crate) fn sent(&mut self) {
        self.nc = self.nc.saturating_add(1);
        // AUTS is told once. There is nothing else to answer the challenge with.
        if self.answered.auts.take().is_some() {
            self.state = State::Refused;
        }
    }
}

impl Texts {
    fn realm(&self) -> QuotedString<'_> {
        self.part(0, self.realm_len)
    }

    fn nonce(&self) -> QuotedString<'_> {
        self.part(self.nonce_start(), self.nonce_len)
    }

    fn nonce_start(&self) -> usize {
        self.realm_len + self.opaque_len.unwrap_or_default()
    }

    fn opaque(&self) -> Option<QuotedString<'_>> {
        self.opaque_len.map(|len| self.part(self.realm_len, len))
    }

    fn part(&self, start: usize, len: usize) -> QuotedString<'_> {
        let part = self.octets.get(start..start + len).unwrap_or_default();
        QuotedString::new(Text::new(part, 0))
    }

    fn cnonce(&self) -> QuotedString<'_> {
        QuotedString::new(Text::from(&self.cnonce))
    }
}

/// What an AKA or a `-sess` algorithm keeps of the first answer to a challenge.
struct Answered {
    /// H(A1), once it is known.
    a1: HexDigest,
    auts: Option<[u8; 14]>,
}

impl Answered {
    const NOTHING: Self = Self {
        a1: HexDigest::EMPTY,
        auts: None,
    };

    fn forget(&mut self) {
        self.a1.zeroize();
        self.auts = None;
    }

    fn is_known(&self) -> bool {
        !self.a1.as_bytes().is_empty()
    }

    /// Begins a hash with H(A1) before any `-sess`. A SIM is asked once for a nonce.
    #[inline(never)]
    fn begin(
        &mut self,
        hasher: &mut Hasher,
        algorithm: Algorithm,
        account: &mut Account<'_>,
        texts: &Texts,
    ) -> Result<(), Error> {
        match &mut account.secret {
            Secret::Sim(sim) => self.ask(*sim, algorithm, account.username, texts, hasher),
            _ => account.begin_with_a1(hasher, texts.realm()),
        }
    }

    #[inline(never)] // It needs stack that others do not.
    fn ask(
        &mut self,
        sim: &mut dyn Sim,
        algorithm: Algorithm,
        username: &[u8],
        texts: &Texts,
        hasher: &mut Hasher,
    ) -> Result<(), Error> {
        let (realm, nonce) = (texts.realm(), texts.nonce());
        self.auts = aka::answer(algorithm, sim, username, realm, nonce, hasher, &mut self.a1)?;
        hasher.update(&[self.a1.as_bytes()]);
        Ok(())
    }
}

fn draw_cnonce(random: &mut dyn RandomSource) -> Result<[u8; CNONCE_LEN], Error> {
    let mut octets = [0; CNONCE_LEN / 2];
    random.fill(&mut octets).map_err(|_| Error::Random)?;
    let mut digits = [0; CNONCE_LEN];
    let (words, _) = octets.as_chunks::<4>();
    let (groups, _) = digits.as_chunks_mut::<8>();
    for (group, word) in groups.iter_mut().zip(words) {
        *group = hex::digits(u32::from_be_bytes(*word));
    }
    Ok(digits)
}

impl Default for Space {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        self.clear();
    }
}

impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Space")
            .field("state", &self.state)
            .field("kind", &self.kind)
            .field("algorithm", &self.algorithm)
            .field("nc", &self.nc)
            .finish_non_exhaustive()
    }
}
