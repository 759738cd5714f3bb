// SPDX-License-Identifier: MIT OR Apache-2.0
//! The client.

use core::ffi::{c_char, c_void};

use sipseal::digest::{Algorithms, Client, Order, Outcome, Policy, Qop, Space};
use sipseal::sip::Message;

use super::account::{Given, sipseal_digest_account};
use super::{Written, built, read, request, sent_request, sipseal_digest_request, text};
use crate::pointers;
use crate::random::{Callback, sipseal_random};
use crate::stack::{self, depth};
use crate::status::{
    self, SIPSEAL_BLOCK_TOO_SMALL, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOTICE_PROVISIONAL,
    SIPSEAL_NOTICE_SEND_AGAIN, SIPSEAL_NOTICE_SERVER_PROVEN, SIPSEAL_NULL_POINTER, SIPSEAL_OK,
    SIPSEAL_SYNTAX, sipseal_status,
};
use crate::storage::{self, Object, Rest};

/// Words of a client.
#[cfg(target_pointer_width = "64")]
pub const SIPSEAL_DIGEST_CLIENT_WORDS: usize = 6;
/// Words of a client.
#[cfg(not(target_pointer_width = "64"))]
pub const SIPSEAL_DIGEST_CLIENT_WORDS: usize = 4;

/// Octets that a client keeps of one realm.
pub const SIPSEAL_DIGEST_REALM_LEN: usize = 720;

const _: () = {
    assert!(size_of::<Space>() <= SIPSEAL_DIGEST_REALM_LEN);
    assert!(align_of::<Space>() <= ALIGN);
    assert!(SIPSEAL_DIGEST_REALM_LEN.is_multiple_of(ALIGN));
};

/// Octets that aligning a block may cost.
const ALIGN: usize = 8;

/// Most realms of one client.
pub const SIPSEAL_DIGEST_MAX_REALMS: u32 = 255;

/// The topmost challenge of a realm that is allowed is answered, as the server prefers them, and not the strongest (RFC
/// 8760 section 2.4).
pub const SIPSEAL_DIGEST_TOPMOST: u32 = 1;
/// Where a challenge offers auth and auth-int, the second is taken, which protects the body too.
pub const SIPSEAL_DIGEST_PREFER_AUTH_INT: u32 = 2;
/// A challenge without qop, as in RFC 2069, is too weak. Without this flag that is so for SHA-256 and SHA-512/256 (RFC
/// 8760 section 2.6) and for the -sess algorithms.
pub const SIPSEAL_DIGEST_REQUIRE_QOP: u32 = 4;
/// Every successful response must prove that the server knows the secret as well, in an Authentication-Info, whether or
/// not the server has asked for credentials: an impostor would not. The responses to an ACK and a CANCEL alone pass
/// without. What proxies prove does not count, nor does what was made without qop, which may be a copy from before.
pub const SIPSEAL_DIGEST_REQUIRE_PROOF: u32 = 8;
/// A challenge without auth-int is too weak.
pub const SIPSEAL_DIGEST_REQUIRE_AUTH_INT: u32 = 16;

const FLAGS: u32 = 31;

/// What a client answers.
///
/// What a server has offered before is not remembered: where MD5 is allowed, it is answered, though yesterday it was
/// SHA-256. Take SIPSEAL_DIGEST_STRONG where the server knows better.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct sipseal_digest_policy {
    /// The algorithms that are answered, added up: SIPSEAL_DIGEST_ALL, SIPSEAL_DIGEST_STRONG or others.
    pub algorithms: u32,
    /// SIPSEAL_DIGEST_TOPMOST and others, added up.
    pub flags: u32,
    /// How many realms there is room for, of servers and proxies: 1 to SIPSEAL_DIGEST_MAX_REALMS.
    pub realms: u32,
    /// How often credentials that were refused are made again for a new nonce: 2 is a good number, at most 255.
    pub max_retries: u32,
}

/// Authenticates requests that go the same way: to one server, through its proxies.
///
/// Before each request sipseal_digest_client_write gives the header fields that belong into it, none at first.
/// With each response, and what was written for its request, sipseal_digest_client_take says what it means. A server's
/// challenge is kept by realm, so later requests carry credentials at once. Two proxies of one realm would drive each
/// other's nonce out: a realm is that of one proxy.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Debug)]
pub struct sipseal_digest_client {
    opaque: [u64; SIPSEAL_DIGEST_CLIENT_WORDS],
}

// SAFETY: plain words, held against the head below.
unsafe impl Object for sipseal_digest_client {
    type Context = Client<'static>;
    const MAGIC: usize = 0x5e4d_1c11;
}

const _: () = storage::assert_fits::<sipseal_digest_client>();

impl sipseal_digest_policy {
    fn checked(self) -> Result<(Policy, usize), sipseal_status> {
        let has = |flag| self.flags & flag != 0;
        let is_ok = self.flags <= FLAGS && (1..=SIPSEAL_DIGEST_MAX_REALMS).contains(&self.realms);
        let (Some(allowed), Ok(max_retries), true) = (
            Algorithms::from_bits(self.algorithms),
            u8::try_from(self.max_retries),
            is_ok && self.algorithms != 0,
        ) else {
            return Err(SIPSEAL_INVALID_ARGUMENT);
        };
        let policy = Policy {
            allowed,
            order: if has(SIPSEAL_DIGEST_TOPMOST) {
                Order::Topmost
            } else {
                Order::Strongest
            },
            preferred_qop: if has(SIPSEAL_DIGEST_PREFER_AUTH_INT) {
                Qop::AuthInt
            } else {
                Qop::Auth
            },
            require_auth_int: has(SIPSEAL_DIGEST_REQUIRE_AUTH_INT),
            allow_no_qop: !has(SIPSEAL_DIGEST_REQUIRE_QOP),
            require_rspauth: has(SIPSEAL_DIGEST_REQUIRE_PROOF),
            max_retries,
        };
        Ok((policy, usize::try_from(self.realms).unwrap_or_default()))
    }
}

/// Makes a client in `client` and `block`, which has SIPSEAL_DIGEST_CLIENT_BLOCK_LEN(realms) octets at any alignment.
/// Both stay where they are until sipseal_digest_client_wipe; `policy` lies in neither.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_OVERLAP, SIPSEAL_BLOCK_TOO_SMALL or
/// SIPSEAL_UNSUPPORTED. There is then no client.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_digest_client_init(
    client: *mut sipseal_digest_client,
    block: *mut u8,
    block_len: usize,
    policy: *const sipseal_digest_policy,
) -> sipseal_status {
    let object = (
        client.cast::<u8>().cast_const(),
        size_of::<sipseal_digest_client>(),
    );
    let written = [object, (block.cast_const(), block_len)];
    let init = || {
        built()?;
        let apart = pointers::check_disjoint(object.0, object.1, block, block_len);
        // SAFETY: the header's contract; the policy lies apart from what is written.
        unsafe {
            let policy = read(policy, Written(&written));
            storage::begin(client).and(apart)?;
            let (policy, realms) = policy?.checked()?;
            if block.is_null() {
                return Err(SIPSEAL_NULL_POINTER);
            }
            let len = realms * SIPSEAL_DIGEST_REALM_LEN;
            if block_len < len + ALIGN {
                return Err(SIPSEAL_BLOCK_TOO_SMALL);
            }
            let mut rest = Rest(block.add(block.align_offset(ALIGN)));
            let spaces = rest.take(len, realms, Space::new);
            storage::place(client, block, block_len, Client::new(spaces, policy))
        }
    };
    status::of(init())
}

/// Takes the response to a request that was sent with `request->credentials`, as it came in.
///
/// Returns SIPSEAL_NOTICE_SEND_AGAIN for a 401 or 407 that can be answered: send the request again, with a new CSeq
/// and what sipseal_digest_client_write writes now. SIPSEAL_NOTICE_PROVISIONAL for a provisional response.
/// SIPSEAL_NOTICE_SERVER_PROVEN for another response, from a server that has proven that it knows the secret;
/// SIPSEAL_OK for one that has not.
///
/// Credentials that were refused are made again for a new nonce, max_retries times; then the realm is rejected, and no
/// more answered until a later request, which carries no credentials, is challenged with another nonce, or until
/// sipseal_digest_client_forget. A request that was under way when another one brought a new nonce is sent again with
/// that one. Of a response that fails nothing is taken.
///
/// `request` and `accounts` are those of the request. `random` is asked for 16 octets for each new nonce.
///
/// Fails, of a 401 or 407, with SIPSEAL_CREDENTIALS_REJECTED, SIPSEAL_WEAK_CHALLENGE, SIPSEAL_NO_ACCOUNT,
/// SIPSEAL_UNKNOWN_CHALLENGE, SIPSEAL_REALM_LIMIT or SIPSEAL_RANDOM_FAILED; of another, with
/// SIPSEAL_SERVER_NOT_AUTHENTIC, SIPSEAL_NO_ACCOUNT, SIPSEAL_SECRET_UNAVAILABLE or SIPSEAL_RANDOM_FAILED; of any with
/// SIPSEAL_SYNTAX, SIPSEAL_TOO_LONG, SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT (also for a request as the
/// response, and for credentials that were not written here), SIPSEAL_OVERLAP, SIPSEAL_NOT_INITIALISED or SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_digest_client_take(
    client: *mut sipseal_digest_client,
    request: *const sipseal_digest_request,
    response: *const c_char,
    response_len: usize,
    accounts: *const sipseal_digest_account,
    accounts_len: usize,
    random: sipseal_random,
    random_user: *mut c_void,
) -> sipseal_status {
    let take = || {
        built()?;
        // SAFETY: the header's contract, and that nothing lies in the client or its block.
        unsafe {
            let written = storage::regions(client)?;
            let written = Written(&written);
            let request = sent_request(request, written)?;
            written.check_apart(response.cast(), response_len)?;
            let response = text(response, response_len)?;
            let mut random = Callback::new(random, random_user)?;
            let mut accounts = Given::new(accounts, accounts_len, written)?;
            let response = Message::parse(response).map_err(|_| SIPSEAL_SYNTAX)?;
            storage::context(client)?
                .take_response(&request, &response, &mut accounts, &mut random)
                .map_err(status::of_digest)
        }
    };
    let mut notice = SIPSEAL_OK;
    let status = stack::wiped::<{ depth::RESPONSE }>(|| {
        notice = match take()? {
            Outcome::Provisional => SIPSEAL_NOTICE_PROVISIONAL,
            Outcome::Retry => SIPSEAL_NOTICE_SEND_AGAIN,
            Outcome::Final {
                is_server_proven: true,
            } => SIPSEAL_NOTICE_SERVER_PROVEN,
            Outcome::Final { .. } => SIPSEAL_OK,
        };
        Ok(())
    });
    if status < 0 { status } else { notice }
}

/// Writes the header fields with credentials for a request, each with its CRLF and all without a terminating zero:
/// Authorization, Proxy-Authorization, both, several or none. None for a CANCEL, which nobody may challenge.
///
/// Each call uses the nonce once: write once for each request that is sent, and send what was written. An ACK has the
/// header fields of its INVITE: see sipseal_digest_copy_credentials.
///
/// `request` and `accounts` lie apart from `out`. Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT (an ACK, a
/// method, URI or user name that cannot be written, an H(A1) of the wrong length or for no realm), SIPSEAL_OVERLAP,
/// SIPSEAL_NOT_INITIALISED, SIPSEAL_BUFFER_TOO_SMALL, SIPSEAL_NO_ACCOUNT, SIPSEAL_NETWORK_NOT_AUTHENTIC,
/// SIPSEAL_SECRET_UNAVAILABLE, SIPSEAL_NONCE_EXHAUSTED or SIPSEAL_UNSUPPORTED. `*out_len` is then 0, `out` may be
/// zeros, and no nonce was used. If it was a SIM that did not answer, the next call writes nothing for its realm, until
/// the network comes with a new nonce.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_digest_client_write(
    client: *mut sipseal_digest_client,
    request: *const sipseal_digest_request,
    accounts: *const sipseal_digest_account,
    accounts_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> sipseal_status {
    let write = move || {
        // SAFETY: the header's contract. The length is set to 0 before the first failure.
        let len = unsafe { pointers::result(out_len) }?;
        built()?;
        let out: *mut u8 = out.cast();
        // SAFETY: the header's contract, and that nothing lies in what is written.
        unsafe {
            storage::check_apart(client, out, out_cap)?;
            let [object, block] = storage::regions(client)?;
            let written = [object, block, (out.cast_const(), out_cap)];
            let written = Written(&written);
            let request = self::request(request, written)?;
            let mut accounts = Given::new(accounts, accounts_len, written)?;
            let out = pointers::output(out, out_cap)?;
            *len = storage::context(client)?
                .write_credentials(&request, &mut accounts, out)
                .map_err(status::of_digest)?;
        }
        Ok(())
    };
    stack::wiped::<{ depth::CREDENTIALS }>(write)
}

/// Forgets all realms, and what is kept of secrets: when an account changes.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED or SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_digest_client_forget(
    client: *mut sipseal_digest_client,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(built().and_then(|()| unsafe {
        storage::context(client)?.forget();
        Ok(())
    }))
}

/// Wipes a client with its block. Both may then be reused or given back.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT or, if there is no client (any more),
/// SIPSEAL_NOT_INITIALISED; SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[allow(clippy::must_use_candidate)] // A failure says only that there was nothing to wipe.
pub unsafe extern "C" fn sipseal_digest_client_wipe(
    client: *mut sipseal_digest_client,
) -> sipseal_status {
    // SAFETY: the header's contract.
    status::of(built().and_then(|()| unsafe { storage::wipe(client) }))
}

/// Copies the header fields with credentials of an INVITE, for the ACK that belongs to it (RFC 3261 section 22.1).
///
/// `invite` is the whole INVITE as it was sent, and lies apart from `out`. Fails with SIPSEAL_NULL_POINTER,
/// SIPSEAL_INVALID_ARGUMENT, SIPSEAL_OVERLAP, SIPSEAL_SYNTAX, SIPSEAL_BUFFER_TOO_SMALL or SIPSEAL_UNSUPPORTED;
/// `*out_len` is then 0, and `out` may be zeros.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_digest_copy_credentials(
    invite: *const c_char,
    invite_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> sipseal_status {
    let copy = || {
        // SAFETY: the header's contract. The length is set to 0 before the first failure.
        let len = unsafe { pointers::result(out_len) }?;
        built()?;
        // SAFETY: the header's contract, and the check that the two are disjoint.
        unsafe {
            pointers::check_disjoint(invite.cast(), invite_len, out.cast(), out_cap)?;
            let invite = text(invite, invite_len)?;
            let out = pointers::output(out.cast(), out_cap)?;
            let invite = Message::parse(invite).map_err(|_| SIPSEAL_SYNTAX)?;
            *len = Client::copy_credentials(&invite, out).map_err(status::of_digest)?;
        }
        Ok(())
    };
    status::of(copy())
}
