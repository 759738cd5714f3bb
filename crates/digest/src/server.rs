// SPDX-License-Identifier: MIT OR Apache-2.0
//! The server: a registrar, a proxy, or a phone that asks who calls (RFC 7616, RFC 3261 section 22).

use core::fmt;

use sipseal_core::{RandomSource, SecretBytes, ct};
use sipseal_sip::{AuthParams, Authentication, Message, ParamValue, StartLine, Text, Uri, Value};

use crate::account::{hash_a1_quoted, unescape};
use crate::authentication_info::read_nc;
use crate::challenge::quoted;
use crate::nonce::{NONCE_LEN, NonceId, NonceMaker, no_secret};
use crate::replay::Replays;
use crate::response::{Inputs, Use, nc_digits, session_a1};
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
    /// Whether `uri` must be equal to the Request-URI. Proxies may change the Request-URI on the way.
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
            out.put_quoted("realm", self.config.realm);
            out.put(b", ");
            out.put_raw("nonce", &nonce);
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
        let (params, algorithm) = self.credentials(request, kind)?;
        let hash = algorithm.hash();
        let text = |name| {
            let value = quoted(params, name).map_err(|_| Refusal::Malformed)?;
            value.ok_or(Refusal::Malformed)
        };
        let (nonce, uri, response) = (text("nonce")?, text("uri")?, text("response")?);
        let nonce_use = self.nonce_use(params, algorithm)?;
        if self.config.check_uri && !is_same_uri(uri.raw(), line.uri) {
            return Err(Refusal::Malformed);
        }
        let inputs = Inputs {
            hash,
            nonce,
            nonce_use: nonce_use.map(|(nonce_use, _)| nonce_use),
            method: line.method.octets(),
            uri,
            body: request.body().octets(),
        };

        let (mut a1, is_known) = self.hash_a1(params, hash, users)?;
        if let (true, Some((nonce_use, _))) = (algorithm.is_session(), nonce_use) {
            a1 = session_a1(hash, &a1, nonce, nonce_use.cnonce);
        }
        let expected = inputs.response(&a1);
        let is_right = ct::eq(expected.as_bytes(), response.raw().octets());
        let id = self.maker(binding).read(nonce.raw().octets());
        // Up to here everything is done for every user.
        if !is_right || !is_known {
            return Err(Refusal::Wrong);
        }
        let id = id.ok_or(Refusal::Stale)?;
        let age = now.checked_sub(id.seconds()).ok_or(Refusal::Stale)?;
        if age > u64::from(self.config.nonce_lifetime_s) {
            return Err(Refusal::Stale);
        }
        self.replays.take(id, nonce_use.map_or(1, |(_, nc)| nc))?;
        Ok(Verified {
            a1,
            algorithm,
            inputs,
        })
    }

    /// The credentials for our realm, with an algorithm that was asked for.
    fn credentials<'m>(
        &self,
        request: &Message<'m>,
        kind: Kind,
    ) -> Result<(AuthParams<'m>, Algorithm), Refusal> {
        for header in request.fields(kind.credentials()) {
            let Some(params) = Authentication::parse(header.value)?.digest()? else {
                continue;
            };
            let realm = quoted(params, "realm").map_err(|_| Refusal::Malformed)?;
            if !realm.is_some_and(|realm| realm.is(self.config.realm)) {
                continue;
            }
            let algorithm = Algorithm::named(params.get("algorithm"));
            let asked_for = algorithm.filter(|one| self.config.algorithms.contains(one));
            if let Some(algorithm) = asked_for {
                return Ok((params, algorithm));
            }
        }
        Err(Refusal::Missing)
    }

    fn nonce_use<'m>(
        &self,
        params: AuthParams<'m>,
        algorithm: Algorithm,
    ) -> Result<Option<(Use<'m>, u32)>, Refusal> {
        let Some(qop) = params.get("qop") else {
            // A session needs a cnonce.
            return if self.config.allow_no_qop && !algorithm.is_session() {
                Ok(None)
            } else {
                Err(Refusal::Malformed)
            };
        };
        let mut asked_for = self.config.qops.iter();
        let qop = *asked_for
            .find(|asked| qop.is(asked.name()))
            .ok_or(Refusal::Malformed)?;
        let cnonce = quoted(params, "cnonce").map_err(|_| Refusal::Malformed)?;
        let cnonce = cnonce.ok_or(Refusal::Malformed)?;
        let nc = params.get("nc").ok_or(Refusal::Malformed)?;
        let nc = read_nc(nc.raw()).map_err(|_| Refusal::Malformed)?;
        if nc == 0 {
            return Err(Refusal::Malformed);
        }
        let nonce_use = Use {
            qop,
            nc: nc_digits(nc),
            cnonce,
        };
        Ok(Some((nonce_use, nc)))
    }

    /// H(A1) before any `-sess`, and whether there is such a user. It takes the same work if there is none.
    fn hash_a1(
        &self,
        params: AuthParams<'_>,
        hash: Hash,
        users: &mut Users<'_>,
    ) -> Result<(HexDigest, bool), Refusal> {
        let mut name = [0; MAX_USERNAME_LEN];
        let name = read_username(params, &mut name).ok_or(Refusal::Malformed)?;
        let is_hashed = params.get("userhash").is_some_and(|value| value.is("true"));
        let user = if is_hashed {
            User::Hashed(name)
        } else {
            User::Name(name)
        };

        let mut secret = SecretBytes::<MAX_SECRET_LEN>::zeroed();
        let no_secret = no_secret(&self.key, name);
        let found = users(user, hash, secret.expose_mut());
        let found = found.filter(|len| *len <= MAX_SECRET_LEN);
        match self.config.stored {
            Stored::HashedA1 => {
                let mut digits = secret
                    .expose()
                    .get(..found.unwrap_or(0))
                    .unwrap_or_default();
                // Twice the digits of what stands for no secret are as good as any.
                let no_digits = HexDigest::of_octets(&no_secret);
                let no_digits = no_digits
                    .as_bytes()
                    .get(..hash.hex_len())
                    .unwrap_or_default();
                if found.is_none() {
                    digits = no_digits;
                }
                let a1 = HexDigest::from_hex(hash, digits).ok_or(Refusal::Wrong)?;
                Ok((a1, found.is_some()))
            }
            Stored::Passwords => {
                let realm = quoted(params, "realm")
                    .ok()
                    .flatten()
                    .ok_or(Refusal::Malformed)?;
                // With a hashed user name, the name itself is needed, and the callback knows it alone.
                if is_hashed {
                    return Err(Refusal::Wrong);
                }
                let password = match found {
                    Some(len) => secret.expose().get(..len).unwrap_or_default(),
                    None => no_secret.get(..16).unwrap_or_default(),
                };
                Ok((hash_a1_quoted(hash, name, realm, password), found.is_some()))
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
        out.put(b": ");
        if let Some((now, binding)) = next_nonce {
            out.put_raw("nextnonce", &self.new_nonce(now, binding));
        }
        if let (Some(nonce_use), Some(cnonce)) = (verified.inputs.nonce_use, verified.cnonce()) {
            out.put(if next_nonce.is_some() {
                ", qop="
            } else {
                "qop="
            });
            out.put(nonce_use.qop.name());
            out.put(b", ");
            out.put_raw("rspauth", verified.rspauth(body).as_bytes());
            out.put(b", ");
            out.put_raw("cnonce", cnonce.raw().octets());
            out.put(b", nc=");
            out.put(nonce_use.nc);
        }
        out.put(b"\r\n");
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

/// The same octets, or the same by the rules of URIs.
fn is_same_uri(one: Text<'_>, other: Text<'_>) -> bool {
    one == other
        || matches!((Uri::parse(one), Uri::parse(other)), (Ok(one), Ok(other)) if one == other)
}

/// `username`, or `username*` (RFC 7616 section 3.4), which is percent-encoded UTF-8.
fn read_username<'o>(
    params: AuthParams<'_>,
    out: &'o mut [u8; MAX_USERNAME_LEN],
) -> Option<&'o [u8]> {
    if let Some(ParamValue::Quoted(name)) = params.get("username") {
        return unescape(name, out);
    }
    let Some(ParamValue::Token(name)) = params.get("username*") else {
        return None;
    };
    let (charset, encoded) = name.octets().split_at_checked(5)?;
    if !charset.eq_ignore_ascii_case(b"UTF-8") {
        return None;
    }
    // charset ' language ' value
    let mut rest = encoded.splitn(3, |octet| *octet == b'\'').nth(2)?;
    let mut len = 0;
    loop {
        let (octet, after) = match rest {
            [] => return out.get(..len),
            [b'%', high, low, after @ ..] => {
                let digit = |octet: u8| char::from(octet).to_digit(16);
                let octet = digit(*high)? << 4 | digit(*low)?;
                (u8::try_from(octet).ok()?, after)
            }
            [octet, after @ ..] => (*octet, after),
        };
        *out.get_mut(len)? = octet;
        len += 1;
        rest = after;
    }
}
