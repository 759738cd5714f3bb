// SPDX-License-Identifier: MIT OR Apache-2.0
//! The server.

use core::ffi::{c_char, c_void};
use core::{fmt, ptr};

use sipseal::digest::{
    Algorithm, Config, Hash, MAX_SECRET_LEN, MAX_TIME, Qop, SeenNonce, Server, Stored, User,
    Verified,
};
use sipseal::sip::Message;

use super::{
    SIPSEAL_DIGEST_MAX_HEX_LEN, SIPSEAL_DIGEST_MAX_USERNAME_LEN, Written, algorithm,
    algorithm_number, borrow, built, hash_number, kind, read, text,
};
use crate::pointers;
use crate::random::{Callback, sipseal_random};
use crate::stack::{self, depth};
use crate::status::{
    self, SIPSEAL_BLOCK_TOO_SMALL, SIPSEAL_INTERNAL, SIPSEAL_INVALID_ARGUMENT,
    SIPSEAL_NULL_POINTER, SIPSEAL_OK, SIPSEAL_SYNTAX, sipseal_status,
};
use crate::storage::{self, Object, Rest};

/// Words of a server.
#[cfg(target_pointer_width = "64")]
pub const SIPSEAL_DIGEST_SERVER_WORDS: usize = 22;
/// Words of a server.
#[cfg(not(target_pointer_width = "64"))]
pub const SIPSEAL_DIGEST_SERVER_WORDS: usize = 16;

/// Octets that a server keeps of one nonce.
pub const SIPSEAL_DIGEST_NONCE_LEN: usize = 24;
/// Octets of a server's block beside its nonces and its realm.
pub const SIPSEAL_DIGEST_SERVER_LEN: usize = 32;
/// Octets of the key of a server.
pub const SIPSEAL_DIGEST_KEY_LEN: usize = 32;
/// Most octets of a server's realm.
pub const SIPSEAL_DIGEST_MAX_REALM_LEN: usize = 128;
/// Most nonces of one server.
pub const SIPSEAL_DIGEST_MAX_NONCES: u32 = 65535;

const MAX_ALGORITHMS: usize = 8;
const MAX_QOPS: usize = 2;
/// Octets that aligning a block may cost.
const ALIGN: usize = 8;

const _: () = {
    assert!(size_of::<SeenNonce>() <= SIPSEAL_DIGEST_NONCE_LEN);
    assert!(align_of::<SeenNonce>() <= ALIGN);
    assert!(SIPSEAL_DIGEST_NONCE_LEN.is_multiple_of(ALIGN));
    assert!(align_of::<Algorithm>() == 1 && align_of::<Qop>() == 1);
    assert!(ALIGN + MAX_ALGORITHMS + MAX_QOPS <= SIPSEAL_DIGEST_SERVER_LEN);
};

/// Responses may protect method and URI.
pub const SIPSEAL_DIGEST_AUTH: u32 = 1;
/// They may protect the body too. One of the two must be there.
pub const SIPSEAL_DIGEST_AUTH_INT: u32 = 2;
/// Credentials without qop are taken, from clients that know RFC 2069 alone. They are good once for each nonce.
pub const SIPSEAL_DIGEST_ALLOW_NO_QOP: u32 = 4;
/// Clients are asked to hide the user name (RFC 7616 section 3.4.4). Not with SIPSEAL_DIGEST_STORED_PASSWORDS.
pub const SIPSEAL_DIGEST_USERHASH: u32 = 8;
/// What is kept of users is passwords. Without this it is H(A1), for each hash that is asked for. With passwords, as much
/// is hashed for a user that there is not as for a password of 16 octets: how long verifying takes may tell of another
/// one that its user exists. H(A1) tells nothing.
pub const SIPSEAL_DIGEST_STORED_PASSWORDS: u32 = 16;
/// The URI that a response protects may be another than the Request-URI, which a proxy may have changed. Without this it
/// is the same, octet for octet. See then that
/// the `uri` of sipseal_digest_verified names what the request asks for (RFC 8760 section 2.6): credentials of a request
/// for one resource are good for another otherwise.
pub const SIPSEAL_DIGEST_ANY_URI: u32 = 32;

const FLAGS: u32 = 63;

/// For sipseal_digest_server_challenge: the nonce was the only thing wrong, after SIPSEAL_STALE and SIPSEAL_REPLAYED.
pub const SIPSEAL_DIGEST_STALE: u32 = 1;
/// For sipseal_digest_server_info: the client is given the nonce to use next. Not for clients of a `-sess` algorithm,
/// whose session would end.
pub const SIPSEAL_DIGEST_NEXT_NONCE: u32 = 1;

/// What a server asks for.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct sipseal_digest_config {
    /// The realm, without control characters.
    pub realm: *const c_char,
    /// Its octets, at most SIPSEAL_DIGEST_MAX_REALM_LEN.
    pub realm_len: usize,
    /// The algorithms in the order of preference, without AKA: a challenge for each (RFC 8760 section 2.3).
    pub algorithms: *const u32,
    /// How many, 1 to 8.
    pub algorithms_len: usize,
    /// SIPSEAL_DIGEST_AUTH and others, added up.
    pub flags: u32,
    /// How many nonces can be in use at the same time, 1 to SIPSEAL_DIGEST_MAX_NONCES. With more, the oldest becomes stale.
    pub nonces: u32,
    /// How many seconds a nonce is good.
    pub nonce_lifetime_s: u32,
}

/// Looks up a user: writes the password, or H(A1) for a hash, with its length, at most `secret_cap`, and returns
/// SIPSEAL_OK; anything else if there is no such user. H(A1) is in lower-case digits, as sipseal_digest_hash_a1 has it:
/// others let nobody in. How long that takes is yours to make the same. With `is_hashed`
/// 1, the name is what sipseal_digest_user_hash makes of it. It must not call back into the object at work.
#[allow(non_camel_case_types)]
pub type sipseal_digest_users = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        hash: u32,
        username: *const c_char,
        username_len: usize,
        is_hashed: u32,
        secret: *mut c_char,
        secret_cap: usize,
        secret_len: *mut usize,
    ) -> sipseal_status,
>;

/// Who sent a request, and for what, as sipseal_digest_server_verify has found.
///
/// That says nothing of what the user may do: alice's credentials are right in a request that registers bob. Compare her
/// name with what the request asks for, as the address-of-record in the To of a REGISTER.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sipseal_digest_verified {
    /// The user name, without escapes and without a terminating zero.
    pub username: [c_char; SIPSEAL_DIGEST_MAX_USERNAME_LEN],
    /// Its octets.
    pub username_len: usize,
    /// The URI that the response protects, where it stands in the request: the Request-URI when it was first sent.
    pub uri: *const c_char,
    /// Its octets.
    pub uri_len: usize,
    /// 1 if the user name is what sipseal_digest_user_hash makes of it, with the hash of the algorithm; 0 if not.
    pub is_hashed: u32,
    /// The algorithm that the client took.
    pub algorithm: u32,
    /// SIPSEAL_DIGEST_AUTH or SIPSEAL_DIGEST_AUTH_INT; 0 without qop.
    pub qop: u32,
    /// As it was given: for sipseal_digest_server_info.
    pub kind: u32,
    /// H(A1), or that of the session: for sipseal_digest_server_info. A secret: give the struct to sipseal_wipe when it is
    /// not needed any more.
    pub a1: [c_char; SIPSEAL_DIGEST_MAX_HEX_LEN],
}

impl Default for sipseal_digest_verified {
    fn default() -> Self {
        Self {
            username: [0; SIPSEAL_DIGEST_MAX_USERNAME_LEN],
            username_len: 0,
            uri: ptr::null(),
            uri_len: 0,
            is_hashed: 0,
            algorithm: 0,
            qop: 0,
            kind: 0,
            a1: [0; SIPSEAL_DIGEST_MAX_HEX_LEN],
        }
    }
}

impl fmt::Debug for sipseal_digest_verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("sipseal_digest_verified")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// Requests that a server refused. A counter stays at its largest value once there.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct sipseal_digest_counters {
    /// Requests refused with SIPSEAL_AUTHENTICATION_FAILED: an unknown user, a wrong secret or a changed request.
    pub authentication_failures: u32,
    /// Requests refused with SIPSEAL_REPLAYED: the secret was right.
    pub replays: u32,
}

/// Asks who sends a request, and verifies the answer: a registrar, a proxy, or a phone that asks who calls.
///
/// Of each request, sipseal_digest_server_verify says who sent it, and sipseal_digest_server_info then writes what belongs
/// into its response; where it is refused, sipseal_digest_server_challenge writes what belongs into the 401 or 407.
///
/// Requests of all methods can be challenged but ACK and CANCEL (RFC 3261 section 22.1): let these through if their INVITE
/// was.
///
/// `now_s` is everywhere the time in seconds, from any start, below 2^40. The clock should not go back: if it does, time
/// stands still for the server until the clock has caught up, and no nonce expires meanwhile.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Debug)]
pub struct sipseal_digest_server {
    opaque: [u64; SIPSEAL_DIGEST_SERVER_WORDS],
}

// SAFETY: plain words, held against the head below.
unsafe impl Object for sipseal_digest_server {
    type Context = Server<'static>;
    const MAGIC: usize = 0x5e4d_15e4;
}

const _: () = storage::assert_fits::<sipseal_digest_server>();

/// Octets of the block that a server with room for so many nonces and a realm of so many octets needs; 0 if there can be
/// none. The macro SIPSEAL_DIGEST_SERVER_BLOCK_LEN gives the same as a constant, for static storage.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sipseal_digest_server_block_len(nonces: u32, realm_len: usize) -> usize {
    block_len(nonces, realm_len).unwrap_or_default()
}

fn block_len(nonces: u32, realm_len: usize) -> Option<usize> {
    let is_ok = (1..=SIPSEAL_DIGEST_MAX_NONCES).contains(&nonces)
        && realm_len <= SIPSEAL_DIGEST_MAX_REALM_LEN;
    let nonces = usize::try_from(nonces).ok().filter(|_| is_ok)?;
    Some(SIPSEAL_DIGEST_SERVER_LEN + nonces * SIPSEAL_DIGEST_NONCE_LEN + realm_len)
}

/// Makes a server in `server` and `block`, which has SIPSEAL_DIGEST_SERVER_BLOCK_LEN(nonces, realm_len) octets at any
/// alignment. Both stay where they are until sipseal_digest_server_wipe; no other argument lies in them.
///
/// `key`, of SIPSEAL_DIGEST_KEY_LEN octets, authenticates nonces. NULL: one is drawn from `random`, which may be NULL
/// otherwise. Servers that share a key take each other's nonces, without knowing of each other's replays, so credentials
/// are good once at each. Nonces from before `now_s` are stale, since an earlier server with the same key may have seen
/// them used: where a key outlives its server, the clock must not go back, and so not begin anew with the device.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_OVERLAP, SIPSEAL_BLOCK_TOO_SMALL,
/// SIPSEAL_RANDOM_FAILED or SIPSEAL_UNSUPPORTED. There is then no server; but after SIPSEAL_OVERLAP of the two with each
/// other or with an argument, or SIPSEAL_UNSUPPORTED, what was there is untouched.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_digest_server_init(
    server: *mut sipseal_digest_server,
    block: *mut u8,
    block_len: usize,
    config: *const sipseal_digest_config,
    key: *const u8,
    now_s: u64,
    random: sipseal_random,
    random_user: *mut c_void,
) -> sipseal_status {
    let object = (
        server.cast::<u8>().cast_const(),
        size_of::<sipseal_digest_server>(),
    );
    let written = [object, (block.cast_const(), block_len)];
    let written = Written(&written);
    let init = || {
        built()?;
        pointers::check_disjoint(object.0, object.1, block, block_len)?;
        // SAFETY: the header's contract; what is read lies apart from what is written.
        unsafe {
            let config = read(config, written);
            let key_len = if key.is_null() {
                0
            } else {
                SIPSEAL_DIGEST_KEY_LEN
            };
            written.check_apart(key, key_len)?;
            storage::begin(server)?;
            let config = divide(config?, block, block_len, written)?;
            let key = pointers::input(key, key_len)?.first_chunk();
            let mut no_random = |_: &mut [u8]| Err(sipseal::RandomFailed);
            let server_context = if key.is_some() {
                Server::new(config.0, key, now_s, config.1, &mut no_random)
            } else {
                let mut random = Callback::new(random, random_user)?;
                Server::new(config.0, None, now_s, config.1, &mut random)
            };
            let context = server_context.map_err(status::of_digest)?;
            storage::place(server, block, block_len, context)
        }
    };
    stack::wiped::<{ depth::CREDENTIALS }>(init)
}

/// Divides a block, and copies into it what the config points to.
///
/// # Safety
///
/// `block`, if not NULL, is writable for `block_len` octets for as long as what is returned is used, and nothing else
/// refers to them; what `config` points to is readable.
unsafe fn divide(
    config: sipseal_digest_config,
    block: *mut u8,
    block_len: usize,
    written: Written<'_>,
) -> Result<(Config<'static>, &'static mut [SeenNonce]), sipseal_status> {
    let has = |flag| config.flags & flag != 0;
    let needed = self::block_len(config.nonces, config.realm_len);
    let is_ok = config.flags <= FLAGS
        && (1..=MAX_ALGORITHMS).contains(&config.algorithms_len)
        && config.algorithms.is_aligned();
    let needed = needed.filter(|_| is_ok).ok_or(SIPSEAL_INVALID_ARGUMENT)?;
    if config.algorithms.is_null() || block.is_null() {
        return Err(SIPSEAL_NULL_POINTER);
    }
    let nonces = usize::try_from(config.nonces).unwrap_or_default();
    let nonces_len = nonces * SIPSEAL_DIGEST_NONCE_LEN;
    if block_len < needed {
        return Err(SIPSEAL_BLOCK_TOO_SMALL);
    }
    written.check_apart(config.realm.cast(), config.realm_len)?;
    written.check_apart(
        config.algorithms.cast(),
        config.algorithms_len * size_of::<u32>(),
    )?;
    // SAFETY: enough for the pieces at any alignment, which leave each other aligned; what is read lies apart from them.
    unsafe {
        let given = text(config.realm, config.realm_len)?;
        let mut rest = Rest(block.add(block.align_offset(ALIGN)));
        let seen = rest.take(nonces_len, nonces, SeenNonce::new);
        let algorithms = rest.take(MAX_ALGORITHMS, config.algorithms_len, || Algorithm::Md5);
        for (at, place) in algorithms.iter_mut().enumerate() {
            *place = algorithm(config.algorithms.add(at).read())?;
        }
        let qops = [
            (SIPSEAL_DIGEST_AUTH, Qop::Auth),
            (SIPSEAL_DIGEST_AUTH_INT, Qop::AuthInt),
        ];
        let qops = qops.into_iter().filter(|(flag, _)| has(*flag));
        let places = rest.take(MAX_QOPS, qops.clone().count(), || Qop::Auth);
        for (place, (_, qop)) in places.iter_mut().zip(qops) {
            *place = qop;
        }
        let realm = rest.take(config.realm_len, config.realm_len, || 0);
        for (to, from) in realm.iter_mut().zip(given) {
            *to = *from;
        }
        let config = Config {
            realm,
            algorithms,
            qops: places,
            allow_no_qop: has(SIPSEAL_DIGEST_ALLOW_NO_QOP),
            userhash: has(SIPSEAL_DIGEST_USERHASH),
            stored: if has(SIPSEAL_DIGEST_STORED_PASSWORDS) {
                Stored::Passwords
            } else {
                Stored::HashedA1
            },
            nonce_lifetime_s: config.nonce_lifetime_s,
            check_uri: !has(SIPSEAL_DIGEST_ANY_URI),
        };
        Ok((config, seen))
    }
}

/// Writes a challenge for each algorithm, each a header field with its CRLF and all without a terminating zero, for a
/// 401 or, with `kind` SIPSEAL_DIGEST_OF_PROXY, a 407.
///
/// `binding` is what the nonce is to be good for alone, such as the address of the client; it may be empty. `flags` is 0
/// or SIPSEAL_DIGEST_STALE.
///
/// `binding` and `out` are disjoint. Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_OVERLAP,
/// SIPSEAL_NOT_INITIALISED, SIPSEAL_BUFFER_TOO_SMALL or SIPSEAL_UNSUPPORTED; `*out_len` is then 0, and `out` may be
/// zeros.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_digest_server_challenge(
    server: *mut sipseal_digest_server,
    kind: u32,
    now_s: u64,
    binding: *const u8,
    binding_len: usize,
    flags: u32,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> sipseal_status {
    let challenge = move || {
        // SAFETY: the header's contract. The length is set to 0 before the first failure.
        let len = unsafe { pointers::result(out_len) }?;
        built()?;
        let kind = self::kind(kind)?;
        if flags > SIPSEAL_DIGEST_STALE {
            return Err(SIPSEAL_INVALID_ARGUMENT);
        }
        let out: *mut u8 = out.cast();
        // SAFETY: the header's contract, and that nothing lies in what is written.
        unsafe {
            storage::check_apart(server, out, out_cap)?;
            storage::check_apart(server, binding, binding_len)?;
            pointers::check_disjoint(binding, binding_len, out, out_cap)?;
            let binding = pointers::input(binding, binding_len)?;
            let out = pointers::output(out, out_cap)?;
            *len = storage::context(server)?
                .write_challenge(kind, now_s, binding, flags != 0, out)
                .map_err(status::of_digest)?;
        }
        Ok(())
    };
    stack::wiped::<{ depth::CHALLENGES }>(challenge)
}

/// Verifies the credentials of a request, as it came in, and says in `verified` who sent it. `kind` is that of the
/// credentials looked for, `now_s` and `binding` are as of the challenge. `users` looks up the user.
///
/// Fails with SIPSEAL_NO_CREDENTIALS or SIPSEAL_AUTHENTICATION_FAILED: challenge the request; with SIPSEAL_STALE or
/// SIPSEAL_REPLAYED: challenge it with SIPSEAL_DIGEST_STALE; with SIPSEAL_SYNTAX: answer 400; with SIPSEAL_INVALID_ARGUMENT
/// for an ACK or a CANCEL, which are never challenged. Also with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT,
/// SIPSEAL_OVERLAP (any two of the arguments), SIPSEAL_NOT_INITIALISED or SIPSEAL_UNSUPPORTED. `*verified` is then zero,
/// and no nonce is used.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_digest_server_verify(
    server: *mut sipseal_digest_server,
    kind: u32,
    now_s: u64,
    binding: *const u8,
    binding_len: usize,
    request: *const c_char,
    request_len: usize,
    users: sipseal_digest_users,
    users_user: *mut c_void,
    verified: *mut sipseal_digest_verified,
) -> sipseal_status {
    let region = (
        verified.cast::<u8>().cast_const(),
        size_of::<sipseal_digest_verified>(),
    );
    let verify = || {
        // SAFETY: the header's contract, and that nothing lies in what is written.
        unsafe {
            let regions = storage::regions(server);
            let [object, block] = regions.unwrap_or([(ptr::null(), 0); 2]);
            for (data, len) in [(binding, binding_len), (request.cast(), request_len)] {
                Written(&[object, block, region]).check_apart(data, len)?;
            }
            Written(&[object, block]).check_apart(region.0, region.1)?;
            let out = pointers::result(verified)?;
            built()?;
            regions?;
            let number = kind;
            let kind = self::kind(kind)?;
            if now_s > MAX_TIME {
                return Err(SIPSEAL_INVALID_ARGUMENT);
            }
            let users = users.ok_or(SIPSEAL_NULL_POINTER)?;
            let binding = pointers::input(binding, binding_len)?;
            let message =
                Message::parse(text(request, request_len)?).map_err(|_| SIPSEAL_SYNTAX)?;
            let mut look_up = |user: User<'_>, hash: Hash, secret: &mut [u8; MAX_SECRET_LEN]| {
                let (name, is_hashed) = match user {
                    User::Name(name) => (name, 0),
                    User::Hashed(name) => (name, 1),
                };
                let mut secret_len = 0;
                let status = users(
                    users_user,
                    hash_number(hash),
                    name.as_ptr().cast(),
                    name.len(),
                    is_hashed,
                    secret.as_mut_ptr().cast(),
                    secret.len(),
                    &raw mut secret_len,
                );
                (status == SIPSEAL_OK).then_some(secret_len)
            };
            let found = storage::context(server)?
                .verify(&message, kind, now_s, binding, &mut look_up)
                .map_err(status::of_refusal)?;
            out.kind = number;
            say(&found, out)
        }
    };
    stack::wiped::<{ depth::REQUEST }>(verify)
}

fn say(found: &Verified<'_>, said: &mut sipseal_digest_verified) -> Result<(), sipseal_status> {
    let uri = found.uri().raw().octets();
    (said.uri, said.uri_len) = (uri.as_ptr().cast(), uri.len());
    said.algorithm = algorithm_number(found.algorithm());
    said.qop = match found.qop() {
        Some(Qop::Auth) => SIPSEAL_DIGEST_AUTH,
        Some(Qop::AuthInt) => SIPSEAL_DIGEST_AUTH_INT,
        None => 0,
    };
    // SAFETY: two arrays, each as long as it is.
    let (name, a1) = unsafe {
        (
            pointers::output(said.username.as_mut_ptr().cast(), said.username.len())?,
            pointers::output(said.a1.as_mut_ptr().cast(), said.a1.len())?,
        )
    };
    let name = name.first_chunk_mut().ok_or(SIPSEAL_INTERNAL)?;
    (said.username_len, said.is_hashed) = match found.user(name) {
        User::Name(name) => (name.len(), 0),
        User::Hashed(name) => (name.len(), 1),
    };
    for (to, from) in a1.iter_mut().zip(found.a1().as_bytes()) {
        *to = *from;
    }
    Ok(())
}

/// Writes what belongs into the response to a request that was verified: Authentication-Info or, where the credentials
/// were for a proxy, Proxy-Authentication-Info, with its CRLF and without a terminating zero; nothing if there is nothing
/// to say. It proves that the server knows the secret as well.
///
/// `verified` is as sipseal_digest_server_verify gave it, and `request` the request of then. `body` is that of the response,
/// as it will be sent, for auth-int; NULL for none. `flags` is 0 or SIPSEAL_DIGEST_NEXT_NONCE, whose nonce is made of
/// `now_s` and `binding` as by sipseal_digest_server_challenge.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, also for what was not verified, SIPSEAL_OVERLAP (any two of
/// the buffers), SIPSEAL_NOT_INITIALISED, SIPSEAL_SYNTAX, SIPSEAL_BUFFER_TOO_SMALL or SIPSEAL_UNSUPPORTED; `*out_len` is
/// then 0, and `out` may be zeros. It can be called again.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_digest_server_info(
    server: *mut sipseal_digest_server,
    verified: *const sipseal_digest_verified,
    request: *const c_char,
    request_len: usize,
    body: *const u8,
    body_len: usize,
    now_s: u64,
    binding: *const u8,
    binding_len: usize,
    flags: u32,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> sipseal_status {
    let info = || {
        // SAFETY: the header's contract. The length is set to 0 before the first failure.
        let len = unsafe { pointers::result(out_len) }?;
        built()?;
        if flags > SIPSEAL_DIGEST_NEXT_NONCE {
            return Err(SIPSEAL_INVALID_ARGUMENT);
        }
        let out: *mut u8 = out.cast();
        // SAFETY: the header's contract, and that nothing lies in what is written.
        unsafe {
            storage::check_apart(server, out, out_cap)?;
            let [object, block] = storage::regions(server)?;
            let written = [object, block, (out.cast_const(), out_cap)];
            let written = Written(&written);
            for (data, len) in [
                (binding, binding_len),
                (request.cast(), request_len),
                (body, body_len),
            ] {
                written.check_apart(data, len)?;
            }
            let verified = borrow(verified, written)?;
            let kind = kind(verified.kind)?;
            let a1_len = algorithm(verified.algorithm)?.hash().hex_len();
            let a1 = pointers::input(verified.a1.as_ptr().cast(), a1_len)?;
            let binding = pointers::input(binding, binding_len)?;
            let body = pointers::input(body, body_len)?;
            let request = text(request, request_len)?;
            let out = pointers::output(out, out_cap)?;
            let request = Message::parse(request).map_err(|_| SIPSEAL_SYNTAX)?;
            let server = storage::context(server)?;
            let verified = server
                .recall(&request, kind, a1)
                .map_err(|_| SIPSEAL_INVALID_ARGUMENT)?;
            let next_nonce = (flags & SIPSEAL_DIGEST_NEXT_NONCE != 0).then_some((now_s, binding));
            *len = server
                .write_authentication_info(&verified, kind, body, next_nonce, out)
                .map_err(status::of_digest)?;
        }
        Ok(())
    };
    stack::wiped::<{ depth::REQUEST }>(info)
}

/// Reads the counters of a server into `counters`.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED or SIPSEAL_UNSUPPORTED; `*counters`,
/// where it can be written, is then zero.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_digest_server_counters(
    server: *const sipseal_digest_server,
    counters: *mut sipseal_digest_counters,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(unsafe {
        pointers::result(counters).and_then(|out| {
            built()?;
            let counters = storage::peek(server)?.counters();
            *out = sipseal_digest_counters {
                authentication_failures: counters.authentication_failures,
                replays: counters.replays,
            };
            Ok(())
        })
    })
}

/// Wipes a server with its block. Both may then be reused or given back.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT or, if there is no server (any more),
/// SIPSEAL_NOT_INITIALISED; SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[allow(clippy::must_use_candidate)] // A failure says only that there was nothing to wipe.
pub unsafe extern "C" fn sipseal_digest_server_wipe(
    server: *mut sipseal_digest_server,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(built().and_then(|()| unsafe { storage::wipe(server) }))
}
