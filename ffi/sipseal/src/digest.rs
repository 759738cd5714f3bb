// SPDX-License-Identifier: MIT OR Apache-2.0
//! Digest authentication: accounts, clients and servers.

// In the order of the header.
pub mod account;

pub mod client;

pub mod server;

use core::ffi::c_char;

use sipseal::digest::{Algorithm, Algorithms, Hash, Kind, Request};

use crate::pointers;
use crate::status::{
    SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NULL_POINTER, SIPSEAL_UNSUPPORTED, sipseal_status,
};

/// MD5, or no algorithm named: for servers that know nothing better. Numbers can be added up where several
/// algorithms are asked for.
pub const SIPSEAL_DIGEST_MD5: u32 = 1;
/// MD5-sess.
pub const SIPSEAL_DIGEST_MD5_SESS: u32 = 2;
/// SHA-256 (RFC 7616, RFC 8760).
pub const SIPSEAL_DIGEST_SHA_256: u32 = 4;
/// SHA-256-sess.
pub const SIPSEAL_DIGEST_SHA_256_SESS: u32 = 8;
/// SHA-512/256, named SHA-512-256.
pub const SIPSEAL_DIGEST_SHA_512_256: u32 = 16;
/// SHA-512-256-sess.
pub const SIPSEAL_DIGEST_SHA_512_256_SESS: u32 = 32;
/// AKAv1-MD5, with a SIM (RFC 3310). For clients.
pub const SIPSEAL_DIGEST_AKAV1_MD5: u32 = 64;
/// AKAv2-MD5, with a SIM (RFC 4169). For clients.
pub const SIPSEAL_DIGEST_AKAV2_MD5: u32 = 128;
/// All of them.
pub const SIPSEAL_DIGEST_ALL: u32 = 255;
/// All but MD5 and MD5-sess.
pub const SIPSEAL_DIGEST_STRONG: u32 = 252;

/// 401, WWW-Authenticate, Authorization, Authentication-Info: the server that answers.
pub const SIPSEAL_DIGEST_OF_SERVER: u32 = 0;
/// 407, Proxy-Authenticate, Proxy-Authorization, Proxy-Authentication-Info: a proxy on the way.
pub const SIPSEAL_DIGEST_OF_PROXY: u32 = 1;

/// Most octets of a user name.
pub const SIPSEAL_DIGEST_MAX_USERNAME_LEN: usize = 256;
/// Digits of the longest H(A1).
pub const SIPSEAL_DIGEST_MAX_HEX_LEN: usize = 64;
/// Most octets of a password or H(A1) that a server is given.
pub const SIPSEAL_DIGEST_MAX_SECRET_LEN: usize = 128;

const _: () = {
    assert!(SIPSEAL_DIGEST_MAX_USERNAME_LEN == sipseal::digest::MAX_USERNAME_LEN);
    assert!(SIPSEAL_DIGEST_MAX_SECRET_LEN == sipseal::digest::MAX_SECRET_LEN);
};

/// A request, as far as its response depends on it.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct sipseal_digest_request {
    /// The method.
    pub method: *const c_char,
    /// Its octets.
    pub method_len: usize,
    /// The Request-URI as it will be sent.
    pub uri: *const c_char,
    /// Its octets.
    pub uri_len: usize,
    /// The body as it will be sent, which auth-int protects.
    pub body: *const u8,
    /// Its octets.
    pub body_len: usize,
    /// The header fields that sipseal_digest_client_write wrote for this request, as they were sent: they are what a
    /// response is about. sipseal_digest_client_take reads them, and nothing else does. NULL and 0 if it wrote none.
    pub credentials: *const c_char,
    /// Their octets.
    pub credentials_len: usize,
}

/// Whether this build has digest authentication.
fn built() -> Result<(), sipseal_status> {
    if cfg!(feature = "digest") {
        Ok(())
    } else {
        Err(SIPSEAL_UNSUPPORTED)
    }
}

/// A text.
///
/// # Safety
///
/// As for [`pointers::input`].
unsafe fn text<'a>(data: *const c_char, len: usize) -> Result<&'a [u8], sipseal_status> {
    // SAFETY: the same promise.
    unsafe { pointers::input(data.cast(), len) }
}

/// What a call writes, and its objects: nothing that is read may lie in it.
#[derive(Clone, Copy)]
struct Written<'w>(&'w [(*const u8, usize)]);

impl Written<'_> {
    fn check_apart(self, data: *const u8, len: usize) -> Result<(), sipseal_status> {
        for (written, written_len) in self.0 {
            pointers::check_disjoint(*written, *written_len, data, len)?;
        }
        Ok(())
    }
}

/// A struct of C.
///
/// # Safety
///
/// `data`, if not NULL, is readable for as long as the reference is used.
unsafe fn borrow<'a, T>(data: *const T, written: Written<'_>) -> Result<&'a T, sipseal_status> {
    if data.is_null() {
        return Err(SIPSEAL_NULL_POINTER);
    }
    if !data.is_aligned() {
        return Err(SIPSEAL_INVALID_ARGUMENT);
    }
    written.check_apart(data.cast(), size_of::<T>())?;
    // SAFETY: not NULL, aligned, and readable as the caller promises.
    Ok(unsafe { &*data })
}

/// What it holds.
///
/// # Safety
///
/// As for [`borrow`].
unsafe fn read<T: Copy>(data: *const T, written: Written<'_>) -> Result<T, sipseal_status> {
    // SAFETY: the same promise.
    unsafe { borrow(data, written) }.copied()
}

/// A request, without the credentials that it was sent with.
///
/// # Safety
///
/// As for [`read`], and for what the request points to but for its credentials.
#[inline(never)] // Out of the stack frame that the hashes are below.
unsafe fn request<'a>(
    request: *const sipseal_digest_request,
    written: Written<'_>,
) -> Result<Request<'a>, sipseal_status> {
    // SAFETY: the same promise.
    unsafe {
        let request = borrow(request, written)?;
        let parts = [
            (request.method.cast(), request.method_len),
            (request.uri.cast(), request.uri_len),
            (request.body, request.body_len),
        ];
        for (data, len) in &parts {
            written.check_apart(*data, *len)?;
        }
        Ok(Request {
            method: text(request.method, request.method_len)?,
            uri: text(request.uri, request.uri_len)?,
            body: pointers::input(request.body, request.body_len)?,
            credentials: &[],
        })
    }
}

/// The same with them.
///
/// # Safety
///
/// As for [`read`], and for what the request points to.
unsafe fn sent_request<'a>(
    request: *const sipseal_digest_request,
    written: Written<'_>,
) -> Result<Request<'a>, sipseal_status> {
    // SAFETY: the same promise.
    unsafe {
        let sent = self::request(request, written)?;
        let (credentials, len) = ((*request).credentials, (*request).credentials_len);
        written.check_apart(credentials.cast(), len)?;
        Ok(Request {
            credentials: text(credentials, len)?,
            ..sent
        })
    }
}

fn kind(number: u32) -> Result<Kind, sipseal_status> {
    match number {
        SIPSEAL_DIGEST_OF_SERVER => Ok(Kind::Server),
        SIPSEAL_DIGEST_OF_PROXY => Ok(Kind::Proxy),
        _ => Err(SIPSEAL_INVALID_ARGUMENT),
    }
}

/// One algorithm.
fn algorithm(number: u32) -> Result<Algorithm, sipseal_status> {
    if !number.is_power_of_two() {
        return Err(SIPSEAL_INVALID_ARGUMENT);
    }
    let set = Algorithms::from_bits(number).ok_or(SIPSEAL_INVALID_ARGUMENT)?;
    let mut all = Algorithm::ALL.into_iter();
    all.find(|one| set.contains(*one))
        .ok_or(SIPSEAL_INVALID_ARGUMENT)
}

fn algorithm_number(algorithm: Algorithm) -> u32 {
    1 << algorithm as u32
}

/// The number of the algorithm that is a hash and nothing more.
fn hash_number(hash: Hash) -> u32 {
    match hash {
        Hash::Md5 => SIPSEAL_DIGEST_MD5,
        Hash::Sha256 => SIPSEAL_DIGEST_SHA_256,
        Hash::Sha512_256 => SIPSEAL_DIGEST_SHA_512_256,
    }
}
