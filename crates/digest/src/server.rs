// SPDX-License-Identifier: MIT OR Apache-2.0
//! The server: a registrar, a proxy, or a phone that asks who calls (RFC 7616, RFC 3261 section 22).

use core::fmt;

use sipseal_core::{RandomSource, SecretBytes, ct};
use sipseal_sip::{Message, QuotedString, StartLine};

use crate::account::update_a1;
use crate::credentials::Credentials;
use crate::hash::Hasher;
use crate::hex::{self, MAX_HEX_LEN};
use crate::nonce::{NONCE_LEN, NonceId, NonceMaker};
use crate::replay::Replays;
use crate::response::{Inputs, Request, Use, begin_session};
use crate::writer::Writer;
use crate::{
    Algorithm, Error, Hash, HexDigest, Kind, MAX_SECRET_LEN, MAX_USERNAME_LEN, Qop, Refusal,
    SeenNonce, Verified,
};

/// What a server asks for.
#[derive(Clone, Copy, Debug)]
pub struct Config<'a> {
    /// The realm, without control characters; at most 128 octets.
    pub realm: &'a [u8],
    /// The algorithms, in the order of preference (RFC 8760 section 2.3): a challenge for each. Not AKA.
    pub algorithms: &'a [Algorithm],
    /// What responses may protect, at least one.
    pub qops: &'a [Qop],
    /// Whether credentials without qop are taken from clients that know RFC 2069 alone. They are good for one request
    /// with each nonce.
    pub allow_no_qop: bool,
    /// Whether clients are asked to hide the user name (RFC 7616 section 3.4.4). Not with stored passwords.
    pub userhash: bool,
    /// What is kept of users.
    pub stored: Stored,
    /// How many seconds a nonce is good.
    pub nonce_lifetime_s: u32,
    /// Whether `uri` must be the Request-URI, octet for octet. Proxies may change the Request-URI on the way.
    pub check_uri: bool,
}

/// What is kept of users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// Passwords.
    Passwords,
    /// H(A1) as [`hash_a1`](crate::hash_a1) has it, in hexadecimal digits, for each hash that challenges name.
    HashedA1,
}

/// Who is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum User<'a> {
    /// A user name.
    Name(&'a [u8]),
    /// What [`user_hash`](crate::user_hash) makes of the user name, for the hash at hand.
    Hashed(&'a [u8]),
}

/// Looks up a user: writes the password, or the H(A1) for a hash, and says how many octets it has; `None` if there is
/// no such user. How long that takes is for the caller to make the same.
pub type Users<'u> = dyn FnMut(User<'_>, Hash, &mut [u8; MAX_SECRET_LEN]) -> Option<usize> + 'u;

/// A server.
pub struct Server<'s> {
    config: Config<'s>,
    key: SecretBytes<32>,
    serial: u32,
    replays: Replays<'s>,
}

const MAX_REALM_LEN: usize = 128;

/// Of a password that there is not: most lengths take as many blocks.
const LIKELY_PASSWORD_LEN: usize = 16;

impl<'s> Server<'s> {
    /// A server whose nonces are authenticated under `key`, or under a fresh one. Servers that share a key take each
    /// other's nonces, without knowing of each other's replays. `seen` has room for as many nonces as are in use at
    /// the same time; if there are more, the oldest becomes stale early.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for a config that cannot be; [`Error::Random`].
    pub fn new(
        config: Config<'s>,
        key: Option<&[u8; 32]>,
        seen: &'s mut [SeenNonce],
        random: &mut dyn RandomSource,
    ) -> Result<Self, Error> {
        // H(A1) is made of the name itself, which a hash of it does not tell.
        let hides_names = config.userhash && config.stored == Stored::Passwords;
        let is_wrong = hides_names
            || seen.is_empty()
            || config.qops.is_empty()
            || config.algorithms.is_empty()
            || config.algorithms.iter().any(|one| one.is_aka())
            || config.realm.len() > MAX_REALM_LEN
            || config.realm.iter().any(u8::is_ascii_control);
        if is_wrong {
            return Err(Error::InvalidArgument);
        }
        let mut server = Self {
            config,
            key: SecretBytes::zeroed(),
            serial: 0,
            replays: Replays::new(seen),
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

    /// Whether requests of a method can be challenged: all but ACK and CANCEL (RFC 3261 section 22.1). An ACK is to be
    /// let through as its INVITE was.
    #[must_use]
    pub fn may_challenge(method: &[u8]) -> bool {
        !matches!(method, b"ACK" | b"CANCEL")
    }

    /// Writes a challenge for each algorithm, each a header field with its line end, for a 401 or a 407.
    ///
    /// `now` is in seconds, from any start. `binding` is what the nonce is to be good for alone, such as the address
    /// of the client or its Call-ID; it may be empty. `is_stale` is [`Refusal::is_stale`].
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`].
    pub fn write_challenge(
        &mut self,
        kind: Kind,
        now: u64,
        binding: &[u8],
        is_stale: bool,
        out: &mut [u8],
    ) -> Result<usize, Error> {
        let nonce = self.new_nonce(now, binding);
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

    fn new_nonce(&mut self, now: u64, binding: &[u8]) -> [u8; NONCE_LEN] {
        // Zero is no nonce: see SeenNonce.
        self.serial = (self.serial + 1) & 0xff_ffff;
        self.maker(binding).write(NonceId::new(now, self.serial))
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
        let StartLine::Request(line) = request.start_line() else {
            return Err(Refusal::Malformed);
        };
        let mut credentials = Credentials::default();
        let algorithm = self.find(&mut credentials, request, kind)?;
        let (Some(nonce), Some(uri), Some(response)) =
            (credentials.nonce, credentials.uri, credentials.response)
        else {
            return Err(Refusal::Malformed);
        };
        let nonce_use = self.nonce_use(&credentials, algorithm)?;
        // No URI has a backslash in it.
        let uri = uri.plain().ok_or(Refusal::Malformed)?;
        if self.config.check_uri && uri != line.uri.octets() {
            return Err(Refusal::Malformed);
        }
        let mut verified = Verified {
            a1: HexDigest::EMPTY,
            algorithm,
            nonce,
            nonce_use,
            request: Request {
                method: line.method.octets(),
                uri,
                body: request.body().octets(),
            },
        };
        let is_right = match credentials.plain_username() {
            Some(name) => self.is_right(&mut verified, &credentials, name, response, users),
            None => self.is_right_for_escaped(&mut verified, &credentials, response, users),
        }?;
        let id = self.maker(binding).read(nonce.raw().octets());
        // Up to here everything is done for every user.
        if !is_right {
            return Err(Refusal::Wrong);
        }
        let id = id.ok_or(Refusal::Stale)?;
        let age = now.checked_sub(id.seconds()).ok_or(Refusal::Stale)?;
        if age > u64::from(self.config.nonce_lifetime_s) {
            return Err(Refusal::Stale);
        }
        self.replays
            .take(id, nonce_use.map_or(1, |nonce_use| nonce_use.nc))?;
        Ok(verified)
    }

    /// Reads the credentials for our realm, with an algorithm that was asked for.
    #[inline(never)]
    fn find<'m>(
        &self,
        credentials: &mut Credentials<'m>,
        request: &Message<'m>,
        kind: Kind,
    ) -> Result<Algorithm, Refusal> {
        for header in request.fields(kind.credentials()) {
            let is_ours = |realm: QuotedString<'_>| realm.is(self.config.realm);
            if !credentials.read(header.value)? || !credentials.realm.is_some_and(is_ours) {
                continue;
            }
            let algorithm = Algorithm::named(credentials.algorithm);
            let asked_for = algorithm.filter(|one| self.config.algorithms.contains(one));
            if let Some(algorithm) = asked_for {
                return Ok(algorithm);
            }
        }
        Err(Refusal::Missing)
    }

    fn nonce_use<'m>(
        &self,
        credentials: &Credentials<'m>,
        algorithm: Algorithm,
    ) -> Result<Option<Use<'m>>, Refusal> {
        let Some(qop) = credentials.qop else {
            // A session needs a cnonce.
            return if self.config.allow_no_qop && !algorithm.is_session() {
                Ok(None)
            } else {
                Err(Refusal::Malformed)
            };
        };
        let mut asked_for = self.config.qops.iter();
        let asked_for = asked_for.find(|asked| qop.is(asked.name()));
        match (asked_for, credentials.cnonce, credentials.nc) {
            (Some(qop), Some(cnonce), Some(nc)) if nc > 0 => Ok(Some(Use {
                qop: *qop,
                nc,
                cnonce,
            })),
            _ => Err(Refusal::Malformed),
        }
    }

    #[inline(never)] // It needs stack that others do not.
    fn is_right_for_escaped(
        &self,
        verified: &mut Verified<'_>,
        credentials: &Credentials<'_>,
        response: QuotedString<'_>,
        users: &mut Users<'_>,
    ) -> Result<bool, Refusal> {
        let mut name = [0; MAX_USERNAME_LEN];
        let name = credentials.unescape_username(&mut name);
        let name = name.ok_or(Refusal::Malformed)?;
        self.is_right(verified, credentials, name, response, users)
    }

    /// Whether there is such a user, and the response is right. It takes the same work if there is none.
    #[inline(never)]
    fn is_right(
        &self,
        verified: &mut Verified<'_>,
        credentials: &Credentials<'_>,
        name: &[u8],
        response: QuotedString<'_>,
        users: &mut Users<'_>,
    ) -> Result<bool, Refusal> {
        let algorithm = verified.algorithm;
        let a1 = &mut verified.a1;
        let inputs = Inputs {
            nonce: verified.nonce,
            nonce_use: verified.nonce_use,
            request: &verified.request,
        };
        let mut hasher = Hasher::new(algorithm.hash());
        let mut expected = HexDigest::EMPTY;
        let digits = expected.room(algorithm.hash());
        inputs.hash_a2(&mut hasher, digits);
        let is_known = self.hash_a1(&mut hasher, credentials, name, users, a1)?;
        hasher.update(&[a1.as_bytes()]);
        if algorithm.is_session() {
            begin_session(&mut hasher, &inputs, a1);
        }
        inputs.update(&mut hasher, digits);
        hasher.finish(digits);
        let is_right = ct::eq(expected.as_bytes(), response.raw().octets());
        Ok(is_right & is_known)
    }

    /// H(A1) before any `-sess`, and whether there is such a user.
    #[inline(never)]
    fn hash_a1(
        &self,
        hasher: &mut Hasher,
        credentials: &Credentials<'_>,
        name: &[u8],
        users: &mut Users<'_>,
        a1: &mut HexDigest,
    ) -> Result<bool, Refusal> {
        let user = if credentials.userhash {
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
                *a1 =
                    HexDigest::from_hex(hash, digits.unwrap_or_default()).ok_or(Refusal::Wrong)?;
            }
            // With a hashed user name, the name itself is needed, and the callback knows it alone.
            Stored::Passwords if credentials.userhash => return Err(Refusal::Wrong),
            Stored::Passwords => {
                let realm = credentials.realm.ok_or(Refusal::Malformed)?;
                let len = found.unwrap_or(LIKELY_PASSWORD_LEN);
                let password = secret.expose().get(..len).unwrap_or_default();
                update_a1(hasher, name, realm, password);
                hasher.finish(a1.room(hash));
            }
        }
        Ok(found.is_some())
    }

    /// Writes Authentication-Info, or Proxy-Authentication-Info, for the response to a request that was let through,
    /// with its line end: `rspauth`, which proves that the server knows the secret, over the body of the response if
    /// the client asked for `auth-int`, and `nextnonce` if there is a `next_nonce`, the time and binding of a
    /// challenge. A client of a `-sess` algorithm is given no new nonce, since its session would end. Writes nothing
    /// if there is nothing to say.
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`].
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
            out.put_raw(": nextnonce=\"", &self.new_nonce(now, binding));
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
            out.put(hex::digits(nonce_use.nc));
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
