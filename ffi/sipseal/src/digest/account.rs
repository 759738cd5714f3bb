// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who a client is, and what can be kept instead of a password.

use core::ffi::{c_char, c_void};
use core::ptr;

use sipseal::SecretBytes;
use sipseal::digest::{self, Account, Accounts, Hash, HashA1, Secret, Sim, SimAnswer, Unavailable};

use super::{Written, algorithm, built, hash_number, text};
use crate::pointers;
use crate::stack::{self, depth};
use crate::status::{
    self, SIPSEAL_BUFFER_TOO_SMALL, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NETWORK_NOT_AUTHENTIC,
    SIPSEAL_NOTICE_SIM_RESYNC, SIPSEAL_NULL_POINTER, SIPSEAL_OK, sipseal_status,
};

/// The secret of an account is a password.
pub const SIPSEAL_DIGEST_PASSWORD: u32 = 1;
/// It is an H(A1) of MD5, as sipseal_digest_hash_a1 writes it.
pub const SIPSEAL_DIGEST_A1_MD5: u32 = 2;
/// It is an H(A1) of SHA-256.
pub const SIPSEAL_DIGEST_A1_SHA_256: u32 = 3;
/// It is an H(A1) of SHA-512/256.
pub const SIPSEAL_DIGEST_A1_SHA_512_256: u32 = 4;
/// It is known to the callback `a1` alone.
pub const SIPSEAL_DIGEST_A1_CALLBACK: u32 = 5;
/// It is in a SIM, which the callback `sim` asks.
pub const SIPSEAL_DIGEST_SIM: u32 = 6;

/// Most accounts that a call takes.
pub const SIPSEAL_DIGEST_MAX_ACCOUNTS: usize = 4;

/// Writes H(A1) for a user name and a realm, `hex_len` lower-case hexadecimal digits, and returns SIPSEAL_OK. For a
/// secure element that does not give the password away. `hash` is SIPSEAL_DIGEST_MD5, _SHA_256 or _SHA_512_256. It
/// must not call back into the object at work.
#[allow(non_camel_case_types)]
pub type sipseal_digest_a1 = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        hash: u32,
        username: *const c_char,
        username_len: usize,
        realm: *const c_char,
        realm_len: usize,
        hex: *mut c_char,
        hex_len: usize,
    ) -> sipseal_status,
>;

/// What a SIM answers. Wiped after use.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Debug)]
pub struct sipseal_digest_sim_answer {
    /// RES, in its first octets.
    pub res: [u8; 16],
    /// How many octets RES has, 4 to 16.
    pub res_len: usize,
    /// CK, which AKAv2 needs.
    pub ck: [u8; 16],
    /// IK, which AKAv2 needs.
    pub ik: [u8; 16],
    /// AUTS, if the sequence number was used before.
    pub auts: [u8; 14],
}

/// Runs AKA with RAND and AUTN, 16 octets each. Returns SIPSEAL_OK if the network knows the key, with RES, CK and IK in
/// `answer`; SIPSEAL_NOTICE_SIM_RESYNC if the sequence number was used before, with AUTS;
/// SIPSEAL_NETWORK_NOT_AUTHENTIC if the MAC in AUTN is wrong; anything else if the SIM does not answer. It must not
/// call back into the object at work.
#[allow(non_camel_case_types)]
pub type sipseal_digest_sim = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        rand: *const u8,
        autn: *const u8,
        answer: *mut sipseal_digest_sim_answer,
    ) -> sipseal_status,
>;

/// A user name and what proves it. Begin with all zeros, and set what is needed.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct sipseal_digest_account {
    /// SIPSEAL_DIGEST_PASSWORD or another.
    pub kind: u32,
    /// The realm that this is for; NULL for any, but not with an H(A1), which is for one. Of several accounts the first
    /// one that fits is taken.
    pub realm: *const c_char,
    /// Its octets.
    pub realm_len: usize,
    /// The user name, in UTF-8, without control characters.
    pub username: *const c_char,
    /// Its octets, at most SIPSEAL_DIGEST_MAX_USERNAME_LEN.
    pub username_len: usize,
    /// The password or H(A1).
    pub secret: *const c_char,
    /// Its octets.
    pub secret_len: usize,
    /// Gives H(A1).
    pub a1: sipseal_digest_a1,
    /// Asks a SIM.
    pub sim: sipseal_digest_sim,
    /// For the callback.
    pub user: *mut c_void,
}

/// The callbacks of an account: a SIM, or something that gives H(A1).
struct Asked {
    a1: sipseal_digest_a1,
    sim: sipseal_digest_sim,
    user: *mut c_void,
}

impl Sim for Asked {
    fn authenticate(&mut self, rand: &[u8; 16], autn: &[u8; 16]) -> SimAnswer {
        let Some(sim) = self.sim else {
            return SimAnswer::Unavailable;
        };
        let mut answer = sipseal_digest_sim_answer {
            res: [0; 16],
            res_len: 0,
            ck: [0; 16],
            ik: [0; 16],
            auts: [0; 14],
        };
        // SAFETY: the caller vouches for the callback; what it is given is valid.
        let status = unsafe { sim(self.user, rand.as_ptr(), autn.as_ptr(), &raw mut answer) };
        let secret = |octets: &mut [u8; 16]| {
            let mut secret = SecretBytes::zeroed();
            secret.set(octets);
            sipseal::Zeroize::zeroize(octets);
            secret
        };
        let (res, ck, ik) = (
            secret(&mut answer.res),
            secret(&mut answer.ck),
            secret(&mut answer.ik),
        );
        match status {
            SIPSEAL_OK => SimAnswer::Answer {
                res,
                res_len: answer.res_len,
                ck,
                ik,
            },
            SIPSEAL_NOTICE_SIM_RESYNC => SimAnswer::SynchronisationFailure { auts: answer.auts },
            SIPSEAL_NETWORK_NOT_AUTHENTIC => SimAnswer::MacFailure,
            _ => SimAnswer::Unavailable,
        }
    }
}

impl HashA1 for Asked {
    fn hash_a1(
        &mut self,
        hash: Hash,
        username: &[u8],
        realm: &[u8],
        hex: &mut [u8],
    ) -> Result<(), Unavailable> {
        let a1 = self.a1.ok_or(Unavailable)?;
        // SAFETY: the caller vouches for the callback; what it is given is valid.
        let status = unsafe {
            a1(
                self.user,
                hash_number(hash),
                username.as_ptr().cast(),
                username.len(),
                realm.as_ptr().cast(),
                realm.len(),
                hex.as_mut_ptr().cast(),
                hex.len(),
            )
        };
        if status == SIPSEAL_OK {
            Ok(())
        } else {
            Err(Unavailable)
        }
    }
}

/// Accounts at a pointer, one of them made ready at a time.
pub(super) struct Given {
    accounts: *const sipseal_digest_account,
    count: usize,
    /// The callbacks of the one that is.
    asked: Asked,
}

impl Given {
    /// Checks them all.
    ///
    /// # Safety
    ///
    /// `accounts`, if not NULL, is readable for `count` of them, and so is what they point to, for as long as this is
    /// used.
    pub(super) unsafe fn new(
        accounts: *const sipseal_digest_account,
        count: usize,
        written: Written<'_>,
    ) -> Result<Self, sipseal_status> {
        if accounts.is_null() && count > 0 {
            return Err(SIPSEAL_NULL_POINTER);
        }
        if count > SIPSEAL_DIGEST_MAX_ACCOUNTS || !accounts.is_aligned() {
            return Err(SIPSEAL_INVALID_ARGUMENT);
        }
        written.check_apart(accounts.cast(), count * size_of::<sipseal_digest_account>())?;
        for at in 0..count {
            // SAFETY: one of `count`, which are readable as the caller promises.
            let account = unsafe { &*accounts.add(at) };
            let parts = [
                (account.realm, account.realm_len),
                (account.username, account.username_len),
                (account.secret, account.secret_len),
            ];
            for (data, len) in &parts {
                written.check_apart(data.cast(), *len)?;
                // SAFETY: the same promise.
                unsafe { text(*data, *len) }?;
            }
            check(account)?;
        }
        let asked = Asked {
            a1: None,
            sim: None,
            user: ptr::null_mut(),
        };
        Ok(Self {
            accounts,
            count,
            asked,
        })
    }
}

impl Accounts for Given {
    fn get(&mut self, at: usize) -> Option<Account<'_>> {
        if at >= self.count {
            return None;
        }
        // SAFETY: one of `count`, which are readable as the caller of `new` promised.
        let given = unsafe { self.accounts.add(at).read() };
        self.asked = Asked {
            a1: given.a1,
            sim: given.sim,
            user: given.user,
        };
        // SAFETY: checked by `new`, and readable as its caller promised.
        let part = |data, len| unsafe { text(data, len) }.unwrap_or_default();
        let hex = part(given.secret, given.secret_len);
        let hashed = |hash| Secret::HashedA1 { hash, hex };
        Some(Account {
            realm: (!given.realm.is_null()).then(|| part(given.realm, given.realm_len)),
            username: part(given.username, given.username_len),
            secret: match given.kind {
                SIPSEAL_DIGEST_A1_MD5 => hashed(Hash::Md5),
                SIPSEAL_DIGEST_A1_SHA_256 => hashed(Hash::Sha256),
                SIPSEAL_DIGEST_A1_SHA_512_256 => hashed(Hash::Sha512_256),
                SIPSEAL_DIGEST_A1_CALLBACK => Secret::Callback(&mut self.asked),
                SIPSEAL_DIGEST_SIM => Secret::Sim(&mut self.asked),
                _ => Secret::Password(hex),
            },
        })
    }
}

/// Whether the kind is known, and has its callback.
fn check(account: &sipseal_digest_account) -> Result<(), sipseal_status> {
    let is_missing = match account.kind {
        SIPSEAL_DIGEST_A1_MD5..=SIPSEAL_DIGEST_A1_SHA_512_256 if account.realm.is_null() => {
            return Err(SIPSEAL_INVALID_ARGUMENT);
        }
        SIPSEAL_DIGEST_PASSWORD..=SIPSEAL_DIGEST_A1_SHA_512_256 => false,
        SIPSEAL_DIGEST_A1_CALLBACK => account.a1.is_none(),
        SIPSEAL_DIGEST_SIM => account.sim.is_none(),
        _ => return Err(SIPSEAL_INVALID_ARGUMENT),
    };
    if is_missing {
        return Err(SIPSEAL_NULL_POINTER);
    }
    Ok(())
}

/// Makes H(A1), which can be kept instead of a password (RFC 7616 section 3.4.2): 32 or 64 hexadecimal digits, without
/// a terminating zero. It is as good as the password for this realm, and for nothing else.
///
/// `hash` is SIPSEAL_DIGEST_MD5, SIPSEAL_DIGEST_SHA_256 or SIPSEAL_DIGEST_SHA_512_256; `-sess` and the other alike. The
/// inputs lie apart from `hex`.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_OVERLAP, SIPSEAL_BUFFER_TOO_SMALL or
/// SIPSEAL_UNSUPPORTED; nothing is then written.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_digest_hash_a1(
    hash: u32,
    username: *const c_char,
    username_len: usize,
    realm: *const c_char,
    realm_len: usize,
    password: *const c_char,
    password_len: usize,
    hex: *mut c_char,
    hex_cap: usize,
    hex_len: *mut usize,
) -> sipseal_status {
    let parts = [
        (username, username_len),
        (realm, realm_len),
        (password, password_len),
    ];
    // SAFETY: the header's contract.
    stack::wiped::<{ depth::CREDENTIALS }>(|| unsafe {
        write_hex(hash, &parts, (hex, hex_cap), hex_len)
    })
}

/// Makes the hash that stands for a user name where a server asks to hide it (RFC 7616 section 3.4.4), to look users up
/// by. As sipseal_digest_hash_a1.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_digest_user_hash(
    hash: u32,
    username: *const c_char,
    username_len: usize,
    realm: *const c_char,
    realm_len: usize,
    hex: *mut c_char,
    hex_cap: usize,
    hex_len: *mut usize,
) -> sipseal_status {
    let parts = [(username, username_len), (realm, realm_len)];
    // SAFETY: the header's contract.
    status::of(unsafe { write_hex(hash, &parts, (hex, hex_cap), hex_len) })
}

/// Writes the hash of a user name, a realm and perhaps a password.
///
/// # Safety
///
/// As for [`pointers::input`] and [`pointers::output`].
unsafe fn write_hex(
    hash: u32,
    parts: &[(*const c_char, usize)],
    (hex, hex_cap): (*mut c_char, usize),
    hex_len: *mut usize,
) -> Result<(), sipseal_status> {
    // SAFETY: the same promise.
    unsafe {
        let len = pointers::result(hex_len)?;
        built()?;
        let algorithm = algorithm(hash)?;
        if hash_number(algorithm.hash()) != hash {
            return Err(SIPSEAL_INVALID_ARGUMENT);
        }
        let hex: *mut u8 = hex.cast();
        let mut texts = [[].as_slice(); 3];
        for (place, (data, len)) in texts.iter_mut().zip(parts) {
            pointers::check_disjoint(data.cast(), *len, hex, hex_cap)?;
            *place = text(*data, *len)?;
        }
        let [username, realm, password] = texts;
        let out = pointers::output(hex, hex_cap)?;
        let hash = algorithm.hash();
        let digits = if parts.len() == texts.len() {
            digest::hash_a1(hash, username, realm, password)
        } else {
            digest::user_hash(hash, username, realm)
        };
        let room = out
            .get_mut(..digits.as_bytes().len())
            .ok_or(SIPSEAL_BUFFER_TOO_SMALL)?;
        for (to, from) in room.iter_mut().zip(digits.as_bytes()) {
            *to = *from;
        }
        *len = digits.as_bytes().len();
        Ok(())
    }
}
