// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a client remembers of a realm (RFC 7616 section 3.6: the protection space).

use core::fmt;

use sipseal_core::RandomSource;
use sipseal_sip::{QuotedString, Text};
use zeroize::Zeroize;

use crate::aka;
use crate::challenge::Challenge;
use crate::hash::{hex_digit, user_hash_quoted};
use crate::response::{Inputs, Request, Use, nc_digits, session_a1};
use crate::writer::Writer;
use crate::{Account, Algorithm, Error, HexDigest, Kind, Qop, Secret, Sim};

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
    cnonce: [u8; CNONCE_LEN],
    /// H(A1), of AKA and `-sess` algorithms once it is known.
    a1: HexDigest,
    auts: Option<[u8; 14]>,
    realm_len: usize,
    nonce_len: usize,
    opaque_len: Option<usize>,
    /// Realm, opaque and nonce as they stand between their quotes.
    text: [u8; MAX_CHALLENGE_LEN],
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
            cnonce: [0; CNONCE_LEN],
            a1: HexDigest::EMPTY,
            auts: None,
            realm_len: 0,
            nonce_len: 0,
            opaque_len: None,
            text: [0; MAX_CHALLENGE_LEN],
        }
    }

    pub(crate) fn free(&mut self) {
        self.a1.zeroize();
        self.cnonce.zeroize();
        self.text.zeroize();
        self.state = State::Free;
        self.retries = 0;
    }

    pub(crate) fn realm(&self) -> QuotedString<'_> {
        self.part(0, self.realm_len)
    }

    pub(crate) fn nonce(&self) -> QuotedString<'_> {
        let start = self.realm_len + self.opaque_len.unwrap_or_default();
        self.part(start, self.nonce_len)
    }

    fn opaque(&self) -> Option<QuotedString<'_>> {
        self.opaque_len.map(|len| self.part(self.realm_len, len))
    }

    fn part(&self, start: usize, len: usize) -> QuotedString<'_> {
        let part = self.text.get(start..start + len).unwrap_or_default();
        QuotedString::new(Text::new(part, 0))
    }

    fn cnonce(&self) -> QuotedString<'_> {
        QuotedString::new(Text::from(&self.cnonce))
    }

    /// Whether this is the space of a realm.
    pub(crate) fn is_of(&self, kind: Kind, realm: QuotedString<'_>) -> bool {
        self.state != State::Free && self.kind == kind && self.realm() == realm
    }

    /// Whether a cnonce is the one in use.
    pub(crate) fn has_cnonce(&self, cnonce: QuotedString<'_>) -> bool {
        cnonce.is(&self.cnonce)
    }

    /// Takes a challenge; what was there before is gone, but for the number of retries.
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
        for (to, from) in self.text.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        self.realm_len = challenge.realm.raw().len();
        self.opaque_len = opaque.map(<[u8]>::len);
        self.nonce_len = challenge.nonce.raw().len();
        self.kind = kind;
        self.algorithm = challenge.algorithm;
        self.names_algorithm = challenge.names_algorithm;
        self.qop = challenge.qop;
        self.userhash = challenge.userhash;
        self.a1.zeroize();
        self.auts = None;
        if !is_known {
            self.start(cnonce);
        }
        self.state = State::Challenged;
        Ok(())
    }

    /// Takes the nonce that the server wants to see next. H(A1) of a `-sess` algorithm stays: the session ends with
    /// the next challenge (RFC 2617 section 3.3).
    pub(crate) fn next_nonce(
        &mut self,
        nonce: QuotedString<'_>,
        random: &mut dyn RandomSource,
    ) -> Result<(), Error> {
        let raw = nonce.raw().octets();
        let start = self.realm_len + self.opaque_len.unwrap_or_default();
        if self.nonce() == nonce {
            // Not a new one: its counts go on.
            return Ok(());
        }
        let room = self
            .text
            .get_mut(start..start + raw.len())
            .ok_or(Error::TooLong)?;
        let cnonce = draw_cnonce(random)?;
        for (to, from) in room.iter_mut().zip(raw) {
            *to = *from;
        }
        self.nonce_len = raw.len();
        self.start(cnonce);
        Ok(())
    }

    fn start(&mut self, cnonce: [u8; CNONCE_LEN]) {
        self.cnonce = cnonce;
        self.nc = 0;
        self.unproven = 0;
    }

    /// The account for this realm.
    fn account<'s, 'a>(
        &self,
        accounts: &'s mut [Account<'a>],
    ) -> Result<&'s mut Account<'a>, Error> {
        let account = accounts
            .iter_mut()
            .find(|account| account.serves(self.realm(), self.algorithm))
            .ok_or(Error::NoAccount)?;
        account.check()?;
        Ok(account)
    }

    /// H(A1) for this nonce. A SIM is asked once, and a `-sess` key is made once.
    fn hash_a1(&mut self, account: &mut Account<'_>) -> Result<HexDigest, Error> {
        if !self.a1.as_bytes().is_empty() {
            return Ok(self.a1.clone());
        }
        if let Secret::Sim(sim) = &mut account.secret {
            self.ask(*sim, account.username)?;
            return Ok(self.a1.clone());
        }
        let hash = self.algorithm.hash();
        let a1 = account.hash_a1(hash, self.realm())?;
        if self.algorithm.is_session() {
            self.a1 = session_a1(hash, &a1, self.nonce(), self.cnonce());
            return Ok(self.a1.clone());
        }
        Ok(a1)
    }

    #[inline(never)] // It needs stack that others do not.
    fn ask(&mut self, sim: &mut dyn Sim, username: &[u8]) -> Result<(), Error> {
        let answered = aka::answer(self.algorithm, sim, username, self.realm(), self.nonce())?;
        self.a1 = answered.a1;
        self.auts = answered.auts;
        Ok(())
    }

    fn inputs<'i>(&'i self, request: &Request<'i>, nc: u32) -> Inputs<'i> {
        Inputs {
            hash: self.algorithm.hash(),
            nonce: self.nonce(),
            nonce_use: self.qop.map(|qop| Use {
                qop,
                nc: nc_digits(nc),
                cnonce: self.cnonce(),
            }),
            method: request.method,
            uri: QuotedString::new(Text::from(request.uri)),
            body: request.body,
        }
    }

    /// Writes the header field with credentials for a request. The nonce is not yet used: see [`Space::sent`].
    #[inline(never)]
    pub(crate) fn write(
        &mut self,
        request: &Request<'_>,
        accounts: &mut [Account<'_>],
        out: &mut Writer<'_>,
    ) -> Result<(), Error> {
        let account = self.account(accounts)?;
        let nc = self.nc.checked_add(1).ok_or(Error::NonceExhausted)?;
        let a1 = self.hash_a1(account)?;
        let response = self.inputs(request, nc).response(&a1);

        out.put(self.kind.credentials().as_str());
        out.put(b": Digest ");
        if self.userhash {
            let hash = self.algorithm.hash();
            let name = user_hash_quoted(hash, account.username, self.realm());
            out.put_raw("username", name.as_bytes());
        } else {
            out.put_quoted("username", account.username);
        }
        out.put(b", ");
        out.put_raw("realm", self.realm().raw().octets());
        out.put(b", ");
        out.put_raw("nonce", self.nonce().raw().octets());
        out.put(b", ");
        out.put_raw("uri", request.uri);
        out.put(b", ");
        out.put_raw("response", response.as_bytes());
        if self.names_algorithm {
            out.put(b", algorithm=");
            out.put(self.algorithm.name());
        }
        if let Some(qop) = self.qop {
            out.put(b", ");
            out.put_raw("cnonce", &self.cnonce);
            out.put(b", qop=");
            out.put(qop.name());
            out.put(b", nc=");
            out.put(nc_digits(nc));
        }
        if let Some(opaque) = self.opaque() {
            out.put(b", ");
            out.put_raw("opaque", opaque.raw().octets());
        }
        if self.userhash {
            out.put(b", userhash=true");
        }
        if let Some(auts) = &self.auts {
            let text = aka::encode_auts(auts);
            out.put(b", ");
            out.put_raw("auts", &text);
        }
        out.put(b"\r\n");
        Ok(())
    }

    /// The credentials that were written last will be sent.
    pub(crate) fn sent(&mut self) {
        self.nc = self.nc.saturating_add(1);
        self.unproven = self.unproven << 1 | 1;
        self.state = State::Answered;
    }

    /// What the server proves itself with, for a use of the nonce that it has not proven itself with before. `None`
    /// if there was no such use.
    pub(crate) fn expected_rspauth(
        &mut self,
        request: &Request<'_>,
        body: &[u8],
        nc: u32,
        accounts: &mut [Account<'_>],
    ) -> Result<Option<HexDigest>, Error> {
        if !self.is_unproven(nc) {
            return Ok(None);
        }
        let account = self.account(accounts)?;
        let a1 = self.hash_a1(account)?;
        let response = Request {
            method: b"",
            uri: request.uri,
            body,
        };
        Ok(Some(self.inputs(&response, nc).response(&a1)))
    }

    fn bit_of(&self, nc: u32) -> u64 {
        let age = self.nc.checked_sub(nc).filter(|_| nc > 0);
        age.and_then(|age| 1_u64.checked_shl(age)).unwrap_or(0)
    }

    fn is_unproven(&self, nc: u32) -> bool {
        self.unproven & self.bit_of(nc) != 0
    }

    /// The server has proven itself for a use of the nonce.
    pub(crate) fn proven(&mut self, nc: u32) {
        self.unproven &= !self.bit_of(nc);
    }
}

fn draw_cnonce(random: &mut dyn RandomSource) -> Result<[u8; CNONCE_LEN], Error> {
    let mut octets = [0; CNONCE_LEN / 2];
    random.fill(&mut octets).map_err(|_| Error::Random)?;
    let mut digits = [0; CNONCE_LEN];
    let (pairs, _) = digits.as_chunks_mut::<2>();
    for (pair, octet) in pairs.iter_mut().zip(octets) {
        *pair = [hex_digit(octet >> 4), hex_digit(octet & 0x0f)];
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
