// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES-192 session keys for libsrtp, derived as RFC 6188 has it.
//!
//! This version of libsrtp takes AES-256 for the key derivation of AES-192, over the master key and what of the
//! salt fits behind it ([`AES_192_KEYS`](crate::differences::AES_192_KEYS)). Here its own AES-192 derives the
//! keys instead, as later versions have it, and they take the place of the others in a session.

use std::ffi::{c_int, c_uint, c_void};
use std::ptr;

use srtp::sys;

/// `SRTP_AES_ICM_192` and `srtp_direction_encrypt` of libsrtp's headers.
const AES_ICM_192: u32 = 4;
const ENCRYPT: c_int = 0;
const KEY: usize = 24;
const KEY_AND_SALT: usize = KEY + 14;

#[repr(C)]
struct Cipher {
    _private: [u8; 0],
}

/// The beginning of `srtp_ctx_t`.
#[repr(C)]
struct Context {
    stream_list: *mut Stream,
    template: *mut Stream,
}

/// The beginning of `srtp_stream_ctx_t`.
#[repr(C)]
struct Stream {
    ssrc: u32,
    keys: *mut SessionKeys,
    key_count: c_uint,
}

/// `srtp_session_keys_t`.
#[repr(C)]
struct SessionKeys {
    rtp_cipher: *mut Cipher,
    header_cipher: *mut Cipher,
    rtp_auth: *mut Auth,
    rtcp_cipher: *mut Cipher,
    rtcp_auth: *mut Auth,
    _salts: [[u8; 12]; 2],
    _mki: *mut u8,
    mki_len: c_uint,
    _limit: *mut c_void,
}

/// The beginning of `srtp_auth_t`.
#[repr(C)]
struct Auth {
    kind: *const AuthType,
    state: *mut c_void,
    _out_len: c_int,
    key_len: c_int,
}

/// The beginning of `srtp_auth_type_t`.
#[repr(C)]
struct AuthType {
    _alloc: *const c_void,
    _dealloc: *const c_void,
    init: unsafe extern "C" fn(*mut c_void, *const u8, c_int) -> sys::srtp_err_status_t,
}

unsafe extern "C" {
    fn srtp_crypto_kernel_alloc_cipher(
        id: u32,
        cipher: *mut *mut Cipher,
        key_len: c_int,
        tag_len: c_int,
    ) -> sys::srtp_err_status_t;
    fn srtp_cipher_init(cipher: *mut Cipher, key: *const u8) -> sys::srtp_err_status_t;
    fn srtp_cipher_set_iv(
        cipher: *mut Cipher,
        iv: *mut u8,
        direction: c_int,
    ) -> sys::srtp_err_status_t;
    fn srtp_cipher_encrypt(
        cipher: *mut Cipher,
        buffer: *mut u8,
        len: *mut c_uint,
    ) -> sys::srtp_err_status_t;
    fn srtp_cipher_dealloc(cipher: *mut Cipher) -> sys::srtp_err_status_t;
}

/// The session key of a label (RFC 3711 section 4.3.2), by libsrtp's AES-192.
pub fn derive(key_and_salt: &[u8; KEY_AND_SALT], label: u8, out: &mut [u8]) {
    srtp::ensure_init();
    let mut cipher = ptr::null_mut();
    let mut iv = [0; 16];
    iv[7] = label;
    out.fill(0);
    let mut len = c_uint::try_from(out.len()).unwrap();
    // SAFETY: the library is initialised; a cipher of 38 octets reads 38 of the key and 16 of the vector, and
    // writes `len` octets of `out`.
    unsafe {
        assert_eq!(
            srtp_crypto_kernel_alloc_cipher(AES_ICM_192, &raw mut cipher, 38, 0),
            0
        );
        assert_eq!(srtp_cipher_init(cipher, key_and_salt.as_ptr()), 0);
        assert_eq!(srtp_cipher_set_iv(cipher, iv.as_mut_ptr(), ENCRYPT), 0);
        assert_eq!(
            srtp_cipher_encrypt(cipher, out.as_mut_ptr(), &raw mut len),
            0
        );
        srtp_cipher_dealloc(cipher);
    }
}

/// Puts RFC 6188's session keys in the place of those that an AES-192 stream has: the template of a session,
/// whose streams will share them, or the stream of `ssrc` that was added last.
pub fn rekey(session: sys::srtp_t, ssrc: Option<u32>, masters: &[&[u8]], mki_len: usize) {
    let version = srtp::get_version_string();
    assert!(version.contains("2.3.0"), "other structures? {version}");
    let context: *mut Context = session.cast();
    // SAFETY: the structures begin as those of libsrtp 2.3. The session has a template, or a stream that was
    // added last, with as many keys as it says, and its ciphers are AES-192, as the caller says.
    unsafe {
        let stream = match ssrc {
            None => (*context).template,
            Some(_) => (*context).stream_list,
        };
        if let Some(ssrc) = ssrc {
            assert_eq!((*stream).ssrc, ssrc.to_be());
        }
        assert_eq!((*stream).key_count as usize, masters.len());
        for (position, master) in masters.iter().enumerate() {
            let keys = (*stream).keys.add(position);
            assert_eq!((*keys).mki_len as usize, mki_len);
            rekey_one(&*keys, (*master).try_into().unwrap());
        }
    }
}

/// # Safety
///
/// The ciphers must be AES-192 of libsrtp 2.3.
unsafe fn rekey_one(keys: &SessionKeys, master: &[u8; KEY_AND_SALT]) {
    let session_key = |label| {
        let mut session_key = [0; KEY_AND_SALT];
        let (key, salt) = session_key.split_at_mut(KEY);
        // The salt of a header is the label after its key; the others have their authentication key between.
        let salt_label = if label == 6 { 7 } else { label + 2 };
        derive(master, label, key);
        derive(master, salt_label, salt);
        session_key
    };
    // SAFETY: the ciphers take a key and a salt, the authentication functions as many octets as they say, at
    // most the 20 that are there.
    unsafe {
        for (cipher, auth, label) in [
            (keys.rtp_cipher, keys.rtp_auth, 0),
            (keys.rtcp_cipher, keys.rtcp_auth, 3),
        ] {
            assert_eq!(srtp_cipher_init(cipher, session_key(label).as_ptr()), 0);
            let mut auth_key = [0; 20];
            derive(master, label + 1, &mut auth_key);
            assert!((*auth).key_len <= 20);
            let init = (*(*auth).kind).init;
            assert_eq!(init((*auth).state, auth_key.as_ptr(), (*auth).key_len), 0);
        }
        if !keys.header_cipher.is_null() {
            let session_key = session_key(6);
            assert_eq!(
                srtp_cipher_init(keys.header_cipher, session_key.as_ptr()),
                0
            );
        }
    }
}
