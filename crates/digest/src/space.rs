// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a client remembers of a realm (RFC 7616 section 3.6: the protection space).

use core::fmt;

use sipseal_core::{RandomSource, ct};
use sipseal_sip::{QuotedString, Text};
use zeroize::Zeroize;

use crate::account;
use crate::aka;
use crate::challenge::Challenge;
use crate::hash::Hasher;
use crate::hex;
use crate::response::{Inputs, Request, Use, begin_session};
use crate::writer::Writer;
use crate::{Account, Accounts, Algorithm, Error, HexDigest, Kind, Qop, Secret, Sim};

/// Most octets of realm, nonce and opaque of a challenge together, as they stand between their quotes.
pub const MAX_CHALLENGE_LEN: usize = 512;

const CNONCE_LEN: usize = 32;

/// What a client remembers of one realm of a server or a proxy: the challenge, and how often its nonce was used. For
/// AKA and `-sess` algorithms that includes a secret, the H(A1) of this nonce. It is wiped when dropped.
pub struct Space {
    pub(crate) state: State,
    pub(crate) kind: Kind,
    algorithm: Algorithm,
    names_algorithm: bool,
    qop: Option<Qop>,
    userhash: bool,
    pub(crate) retries: u8,
    /// How often the nonce was used.
    nc: u32,
    /// A bit for each of the latest uses that no `rspauth` has come for, the latest lowest.
    unproven: u64,
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
    /// There is a challenge, and nothing was answered.
    Challenged,
    /// There are credentials under way.
    Answered,
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
            nc: 0,
            unproven: 0,
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

    pub(crate) fn free(&mut self) {
        self.answered.a1.zeroize();
        self.texts.cnonce.zeroize();
        self.texts.octets.zeroize();
        self.state = State::Free;
        self.retries = 0;
    }

    pub(crate) fn nonce(&self) -> QuotedString<'_> {
        self.texts.nonce()
    }

    /// Whether this is the space of a realm.
    pub(crate) fn is_of(&self, kind: Kind, realm: QuotedString<'_>) -> bool {
        self.state != State::Free && self.kind == kind && self.texts.realm() == realm
    }

    /// Whether a cnonce is the one in use.
    pub(crate) fn has_cnonce(&self, cnonce: QuotedString<'_>) -> bool {
        cnonce.is(&self.texts.cnonce)
    }

    /// Takes a challenge; what was there before is gone, but for the number of retries.
    #[inline(never)]
    pub(crate) fn challenge(
        &mut self,
        kind: Kind,
        challenge: &Challenge<'_>,
        random: &mut dyn RandomSource,
    ) -> Result<(), Error> {
        if challenge.len() > MAX_CHALLENGE_LEN {
            return Err(Error::TooLong);
        }
        // A nonce that comes again goes on with its counts, or one of them would be sent twice.
        let is_known = self.is_of(kind, challenge.realm) && self.nonce() == challenge.nonce;
        let cnonce = draw_cnonce(random)?;
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
        self.answered.forget();
        if !is_known {
            self.start(cnonce);
        }
        self.state = State::Challenged;
        Ok(())
    }

    /// Takes the nonce that the server wants to see next. H(A1) of a `-sess` algorithm stays: the session ends with
    /// the next challenge (RFC 2617 section 3.3).
    #[inline(never)]
    pub(crate) fn next_nonce(
        &mut self,
        nonce: QuotedString<'_>,
        random: &mut dyn RandomSource,
    ) -> Result<(), Error> {
        let raw = nonce.raw().octets();
        let start = self.texts.nonce_start();
        if self.nonce() == nonce {
            // Not a new one: its counts go on.
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
        self.start(cnonce);
        Ok(())
    }

    fn start(&mut self, cnonce: [u8; CNONCE_LEN]) {
        self.texts.cnonce = cnonce;
        self.nc = 0;
        self.unproven = 0;
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
            nonce_use: self.qop.map(|qop| Use { qop, nc, cnonce }),
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
            self.respond(request, nc, &mut account, digits)?;
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
        self.unproven = self.unproven << 1 | 1;
        self.state = State::Answered;
    }

    /// Takes what the server proves itself with, for a use of the nonce that it has not proven itself with before.
    ///
    /// Fails with [`Error::ServerNotAuthentic`] if it does not.
    pub(crate) fn take_rspauth(
        &mut self,
        rspauth: &[u8],
        request: &Request<'_>,
        nc: u32,
        accounts: &mut (impl Accounts + ?Sized),
    ) -> Result<(), Error> {
        if !self.is_unproven(nc) {
            return Err(Error::ServerNotAuthentic);
        }
        let at = account::position(accounts, self.texts.realm(), self.algorithm)?;
        let mut account = accounts.get(at).ok_or(Error::NoAccount)?;
        self.prove(rspauth, request, nc, &mut account)
    }

    #[inline(never)]
    fn prove(
        &mut self,
        rspauth: &[u8],
        request: &Request<'_>,
        nc: u32,
        account: &mut Account<'_>,
    ) -> Result<(), Error> {
        let mut expected = HexDigest::EMPTY;
        let room = expected.room(self.algorithm.hash());
        self.respond(request, nc, account, room)?;
        if !ct::eq(expected.as_bytes(), rspauth) {
            return Err(Error::ServerNotAuthentic);
        }
        self.unproven &= !self.bit_of(nc);
        Ok(())
    }

    fn bit_of(&self, nc: u32) -> u64 {
        let age = self.nc.checked_sub(nc).filter(|_| nc > 0);
        age.and_then(|age| 1_u64.checked_shl(age)).unwrap_or(0)
    }

    fn is_unproven(&self, nc: u32) -> bool {
        self.unproven & self.bit_of(nc) != 0
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
        self.free();
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
