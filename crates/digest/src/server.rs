// SPDX-License-Identifier: MIT OR Apache-2.0
//! The server: a registrar, a proxy, or a phone that asks who calls (RFC 7616, RFC 3261 section 22).

use core::fmt;

use sipseal_core::{RandomSource, SecretBytes, ct};
use sipseal_sip::{Message, QuotedString, RequestLine, StartLine, Text};

use crate::account::update_a1;
use crate::authentication_info::read_nc;
use crate::config::{Config, Stored, User, Users};
use crate::credentials::Credentials;
use crate::hash::Hasher;
use crate::hex::MAX_HEX_LEN;
use crate::nonce::{NONCE_LEN, NonceId, NonceMaker};
use crate::replay::Replays;
use crate::response::{Inputs, Request, Use, begin_session};
use crate::writer::Writer;
use crate::{
    Algorithm, Error, HexDigest, Kind, MAX_SECRET_LEN, MAX_USERNAME_LEN, Refusal, SeenNonce,
    Verified,
};

/// What a server refused. A counter stays at its largest value once there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests refused as [`Refusal::Wrong`].
    pub authentication_failures: u32,
    /// Requests refused as [`Refusal::Replayed`]: their secret was right.
    pub replays: u32,
}

/// A server.
///
/// Its time is in seconds, from any start, at most [`MAX_TIME`](crate::MAX_TIME). The clock should not go back: if it
/// does, time stands still for the server until the clock has caught up, and no nonce expires meanwhile.
pub struct Server<'s> {
    config: Config<'s>,
    key: SecretBytes<32>,
    /// The latest nonce, or the latest time, whichever is later: a nonce is later than all before it.
    latest: NonceId,
    replays: Replays<'s>,
    counters: Counters,
}

/// Of a password that there is not: most lengths take as many blocks.
const LIKELY_PASSWORD_LEN: usize = 16;

/// What else credentials say of themselves.
struct Claim<'m> {
    response: QuotedString<'m>,
    /// Their nonce count; 1 without qop, where a nonce is good once.
    nc: u32,
}

impl<'s> Server<'s> {
    /// A server whose nonces are authenticated under `key`, or under a fresh one. `seen` has room for as many nonces as
    /// are in use at the same time; if there are more, the oldest becomes stale early.
    ///
    /// Servers that share a key take each other's nonces, without knowing of each other's replays, so credentials are
    /// good once at each. Nonces from before `now` are stale, since an earlier server with the same key may have seen
    /// them used: where a key outlives its server, the clock must not go back, and so not begin anew with the device.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for a config or a time that cannot be; [`Error::Random`].
    pub fn new(
        config: Config<'s>,
        key: Option<&[u8; 32]>,
        now: u64,
        seen: &'s mut [SeenNonce],
        random: &mut dyn RandomSource,
    ) -> Result<Self, Error> {
        config.check()?;
        // Nonces of this second may be another's: our own are of the next.
        let latest = NonceId::at(now).ok_or(Error::InvalidArgument)?;
        let latest = latest.end_of_second();
        if seen.is_empty() {
            return Err(Error::InvalidArgument);
        }
        let mut server = Self {
            config,
            key: SecretBytes::zeroed(),
            latest,
            replays: Replays::new(seen, latest),
            counters: Counters::default(),
        };
        match key {
            Some(key) => {
                server.key.set(key);
            }
            None => random
                .fill(server.key.expose_mut())
                .map_err(|_| Error::Random)?,
        }
        Ok(server)
    }

    /// What was refused so far.
    #[must_use]
    pub const fn counters(&self) -> Counters {
        self.counters
    }

    /// Whether requests of a method can be challenged: all but ACK and CANCEL (RFC 3261 section 22.1). An ACK is to be
    /// let through as its INVITE was.
    #[must_use]
    pub fn may_challenge(method: &[u8]) -> bool {
        !matches!(method, b"ACK" | b"CANCEL")
    }

    /// Writes a challenge for each algorithm, each a header field with its line end, for a 401 or a 407.
    ///
    /// `binding` is what the nonce is to be good for alone, such as the address of the client or its Call-ID; it may be
    /// empty. `is_stale` is [`Refusal::is_stale`].
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`]; [`Error::InvalidArgument`] for a time that cannot be.
    pub fn write_challenge(
        &mut self,
        kind: Kind,
        now: u64,
        binding: &[u8],
        is_stale: bool,
        out: &mut [u8],
    ) -> Result<usize, Error> {
        let nonce = self.new_nonce(now, binding)?;
        let mut out = Writer::new(out);
        for algorithm in self.config.algorithms {
            out.put(kind.challenge().as_str());
            out.put(b": Digest ");
            out.put_quoted("realm=\"", self.config.realm);
            out.put(b", ");
            out.put_raw("nonce=\"", &nonce);
            out.put(b", algorithm=");
            out.put(algorithm.name());
            out.put(b", qop=\"");
            for (at, qop) in self.config.qops.iter().enumerate() {
                out.put(if at == 0 { "" } else { "," });
                out.put(qop.name());
            }
            out.put(b"\"");
            if is_stale {
                out.put(b", stale=true");
            }
            out.put(b", charset=UTF-8");
            if self.config.userhash {
                out.put(b", userhash=true");
            }
            out.put(b"\r\n");
        }
        out.finish(None)
    }

    fn new_nonce(&mut self, now: u64, binding: &[u8]) -> Result<[u8; NONCE_LEN], Error> {
        let now = NonceId::at(now).ok_or(Error::InvalidArgument)?;
        self.latest = self.latest.max(now).next();
        Ok(self.maker(binding).write(self.latest))
    }

    fn maker<'m>(&'m self, binding: &'m [u8]) -> NonceMaker<'m> {
        NonceMaker {
            key: &self.key,
            realm: self.config.realm,
            binding,
        }
    }

    /// Verifies the credentials of a request. `now` and `binding` are as of the challenge.
    ///
    /// That they are right says who sent the request, as [`Verified::user`] has it, and nothing of what that user may do:
    /// alice's credentials are right in a request that registers bob. Compare her name with what the request asks for.
    ///
    /// # Errors
    ///
    /// [`Refusal`]. A request that is refused uses no nonce.
    #[inline(never)]
    pub fn verify<'m>(
        &mut self,
        request: &Message<'m>,
        kind: Kind,
        now: u64,
        binding: &[u8],
        users: &mut Users<'_>,
    ) -> Result<Verified<'m>, Refusal> {
        let (mut verified, claim) = self.read(request, kind)?;
        let is_right = match verified.username.plain() {
            Some(name) => self.is_right(&mut verified, name, &claim, users),
            None => self.is_right_for_escaped(&mut verified, &claim, users)?,
        };
        let id = self.maker(binding).read(verified.nonce.raw().octets());
        // Up to here everything is done for every user.
        let taken = if is_right {
            self.take_nonce(id, claim.nc, now)
        } else {
            Err(Refusal::Wrong)
        };
        let counter = match taken {
            Err(Refusal::Wrong) => &mut self.counters.authentication_failures,
            Err(Refusal::Replayed) => &mut self.counters.replays,
            Err(refusal) => return Err(refusal),
            Ok(()) => return Ok(verified),
        };
        *counter = counter.saturating_add(1);
        taken.map(|()| verified)
    }

    fn take_nonce(&mut self, id: Option<NonceId>, nc: u32, now: u64) -> Result<(), Refusal> {
        let (Some(id), Some(now)) = (id, NonceId::at(now)) else {
            return Err(Refusal::Stale);
        };
        self.latest = self.latest.max(now);
        let age = self.latest.seconds().checked_sub(id.seconds());
        if age.is_none_or(|age| age > u64::from(self.config.nonce_lifetime_s)) {
            return Err(Refusal::Stale);
        }
        self.replays.take(id, nc)
    }

    /// A request that was let through before, for [`Server::write_authentication_info`], if what [`Server::verify`] gave
    /// cannot be kept until there is a response. `a1` is what [`Verified::a1`] was.
    ///
    /// # Errors
    ///
    /// [`Refusal`]; [`Refusal::Wrong`] for an `a1` that cannot be.
    pub fn recall<'m>(
        &self,
        request: &Message<'m>,
        kind: Kind,
        a1: &[u8],
    ) -> Result<Verified<'m>, Refusal> {
        let (mut verified, _) = self.read(request, kind)?;
        let hash = verified.algorithm.hash();
        verified.a1 = HexDigest::from_hex(hash, a1).ok_or(Refusal::Wrong)?;
        Ok(verified)
    }

    /// What the credentials for our realm say, with an algorithm that was asked for: the first that can be read.
    #[inline(never)]
    fn read<'m>(
        &self,
        request: &Message<'m>,
        kind: Kind,
    ) -> Result<(Verified<'m>, Claim<'m>), Refusal> {
        let StartLine::Request(line) = request.start_line() else {
            return Err(Refusal::Malformed);
        };
        if !Self::may_challenge(line.method.octets()) {
            return Err(Refusal::Unchallengeable);
        }
        let mut refusal = Refusal::Missing;
        for header in request.fields(kind.credentials()) {
            match self.read_one(header.value, &line, request.body()) {
                Ok(Some(read)) => return Ok(read),
                Ok(None) => {}
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    /// `None` for those of another scheme or realm, or an algorithm that was not asked for.
    #[inline(never)]
    fn read_one<'m>(
        &self,
        value: Text<'m>,
        line: &RequestLine<'m>,
        body: Text<'m>,
    ) -> Result<Option<(Verified<'m>, Claim<'m>)>, Refusal> {
        let is_ours = |realm: QuotedString<'m>| realm.is(self.config.realm);
        let Some(credentials) = Credentials::read(value, is_ours)? else {
            return Ok(None);
        };
        let algorithm = Algorithm::named(credentials.algorithm);
        let asked_for = algorithm.filter(|one| self.config.algorithms.contains(one));
        let Some(algorithm) = asked_for else {
            return Ok(None);
        };
        let (nonce_use, nc) = self.nonce_use(&credentials, algorithm)?;
        // No URI has a backslash in it.
        let uri = credentials.uri.plain().ok_or(Refusal::Malformed)?;
        if self.config.check_uri && uri != line.uri.octets() {
            return Err(Refusal::Malformed);
        }
        let verified = Verified {
            a1: HexDigest::EMPTY,
            username: credentials.username,
            realm: credentials.realm,
            algorithm,
            nonce: credentials.nonce,
            uri: credentials.uri,
            nonce_use,
            request: Request {
                method: line.method.octets(),
                uri,
                body: body.octets(),
                credentials: b"",
            },
        };
        let response = credentials.response;
        Ok(Some((verified, Claim { response, nc })))
    }

    /// How the nonce is used, and for which time.
    fn nonce_use<'m>(
        &self,
        credentials: &Credentials<'m>,
        algorithm: Algorithm,
    ) -> Result<(Option<Use<'m>>, u32), Refusal> {
        let Some(qop) = credentials.qop else {
            // A session needs a cnonce.
            return if self.config.allow_no_qop && !algorithm.is_session() {
                Ok((None, 1))
            } else {
                Err(Refusal::Malformed)
            };
        };
        let mut asked_for = self.config.qops.iter();
        let asked_for = asked_for.find(|asked| qop.is(asked.name()));
        let (Some(qop), Some(cnonce), Some(text)) = (asked_for, credentials.cnonce, credentials.nc)
        else {
            return Err(Refusal::Malformed);
        };
        match (text.octets().first_chunk(), read_nc(text)) {
            (Some(digits), Ok(nc)) if nc > 0 => {
                let nonce_use = Use {
                    qop: *qop,
                    nc: *digits,
                    cnonce,
                };
                Ok((Some(nonce_use), nc))
            }
            _ => Err(Refusal::Malformed),
        }
    }

    #[inline(never)] // It needs stack that others do not.
    fn is_right_for_escaped(
        &self,
        verified: &mut Verified<'_>,
        claim: &Claim<'_>,
        users: &mut Users<'_>,
    ) -> Result<bool, Refusal> {
        let mut name = [0; MAX_USERNAME_LEN];
        let name = verified.username.unescape(&mut name);
        let name = name.ok_or(Refusal::Malformed)?;
        Ok(self.is_right(verified, name, claim, users))
    }

    /// Whether there is such a user, and the response is right. It takes the same work if there is none.
    #[inline(never)]
    fn is_right(
        &self,
        verified: &mut Verified<'_>,
        name: &[u8],
        claim: &Claim<'_>,
        users: &mut Users<'_>,
    ) -> bool {
        let request = verified.request;
        let inputs = Inputs {
            nonce: verified.nonce,
            nonce_use: verified.nonce_use,
            request: &request,
        };
        let mut hasher = Hasher::new(verified.algorithm.hash());
        let mut expected = HexDigest::EMPTY;
        let digits = expected.room(hasher.hash());
        inputs.hash_a2(&mut hasher, digits);
        let is_known = self.hash_a1(&mut hasher, verified, name, users);
        let a1 = &mut verified.a1;
        hasher.update(&[a1.as_bytes()]);
        if verified.algorithm.is_session() {
            begin_session(&mut hasher, &inputs, a1);
        }
        inputs.update(&mut hasher, digits);
        hasher.finish(digits);
        let is_right = ct::eq(expected.as_bytes(), claim.response.raw().octets());
        is_right & is_known
    }

    /// H(A1) before any `-sess`, and whether there is such a user.
    #[inline(never)]
    fn hash_a1(
        &self,
        hasher: &mut Hasher,
        verified: &mut Verified<'_>,
        name: &[u8],
        users: &mut Users<'_>,
    ) -> bool {
        let is_hashed = verified.username.is_hashed();
        let user = if is_hashed {
            User::Hashed(name)
        } else {
            User::Name(name)
        };
        let hash = hasher.hash();
        let mut secret = SecretBytes::<MAX_SECRET_LEN>::zeroed();
        let found = users(user, hash, secret.expose_mut());
        let found = found.filter(|len| *len <= MAX_SECRET_LEN);
        match self.config.stored {
            Stored::HashedA1 => {
                let digits = match found {
                    Some(len) => secret.expose().get(..len),
                    // As good as any: it lets nobody in.
                    None => [b'0'; MAX_HEX_LEN].get(..hash.hex_len()),
                };
                let Some(a1) = HexDigest::from_hex(hash, digits.unwrap_or_default()) else {
                    return false;
                };
                verified.a1 = a1;
                found.is_some()
            }
            Stored::Passwords => {
                let len = found.unwrap_or(LIKELY_PASSWORD_LEN);
                let password = secret.expose().get(..len).unwrap_or_default();
                update_a1(hasher, name, verified.realm, password);
                hasher.finish(verified.a1.room(hash));
                // With a hashed user name, the name itself is needed, and the callback knows it alone.
                found.is_some() && !is_hashed
            }
        }
    }

    /// Writes Authentication-Info, or Proxy-Authentication-Info, for the response to a request that was let through,
    /// with its line end: `rspauth`, which proves that the server knows the secret, over the body of the response if
    /// the client asked for `auth-int`, and `nextnonce` if there is a `next_nonce`, the time and binding of a
    /// challenge. A client of a `-sess` algorithm is given no new nonce, since its session would end. Writes nothing
    /// if there is nothing to say.
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`]; [`Error::InvalidArgument`] for a time that cannot be.
    pub fn write_authentication_info(
        &mut self,
        verified: &Verified<'_>,
        kind: Kind,
        body: &[u8],
        next_nonce: Option<(u64, &[u8])>,
        out: &mut [u8],
    ) -> Result<usize, Error> {
        let next_nonce = next_nonce.filter(|_| !verified.algorithm.is_session());
        let mut out = Writer::new(out);
        if next_nonce.is_none() && verified.qop().is_none() {
            return out.finish(None);
        }
        out.put(kind.info().as_str());
        let mut before = ": ";
        if let Some((now, binding)) = next_nonce {
            out.put_raw(": nextnonce=\"", &self.new_nonce(now, binding)?);
            before = ", ";
        }
        if let Some(nonce_use) = verified.nonce_use {
            out.put(before);
            out.put("qop=");
            out.put(nonce_use.qop.name());
            let hex_len = verified.algorithm.hash().hex_len();
            if let Some(digits) = out.put_room(", rspauth=\"", hex_len) {
                verified.rspauth(body, digits);
            }
            out.put_raw(", cnonce=\"", nonce_use.cnonce.raw().octets());
            out.put(", nc=");
            out.put(nonce_use.nc);
        }
        out.put("\r\n");
        out.finish(None)
    }
}

impl fmt::Debug for Server<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
