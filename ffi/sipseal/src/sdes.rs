// SPDX-License-Identifier: MIT OR Apache-2.0
//! SDES: keys in the session description (RFC 4568).

use core::ffi::{c_char, c_void};

use sipseal::keying::sdes::{CryptoAttribute, MAX_LINE_LEN, MAX_PARSED_LINE_LEN};

use crate::pointers;
use crate::random::{Callback, sipseal_random};
use crate::srtp::profile;
use crate::stack::{self, depth};
use crate::status::{self, SIPSEAL_BUFFER_TOO_SMALL, sipseal_status};

/// Octets that suffice for any line that sipseal_sdes_generate writes. There is no terminating zero.
pub const SIPSEAL_SDES_MAX_LINE_LEN: usize = 128;

const _: () = assert!(SIPSEAL_SDES_MAX_LINE_LEN == MAX_LINE_LEN);

/// Draws a master key and salt and writes the `a=crypto` line that offers or answers with them (RFC 4568).
///
/// `tag` is 0 to 999,999,999; an answer repeats that of the line it accepts. `random` is asked once, for
/// key and salt. `*secret_len` octets at `secret` (at most SIPSEAL_SRTP_MAX_SECRET_LEN) are the master key,
/// sipseal_srtp_key_len(profile) of them, followed by the master salt: they are for the sender of whoever
/// writes the line. `*line_len` octets at `line` (at most SIPSEAL_SDES_MAX_LINE_LEN) are the line, without
/// line end and without a terminating zero. The line is as secret as the key: send it over TLS or sealed.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT (tag), SIPSEAL_OVERLAP (`secret` and `line`),
/// SIPSEAL_UNKNOWN_PROFILE, SIPSEAL_UNSUPPORTED (a profile left out of the build), SIPSEAL_UNKNOWN_SUITE (a profile
/// without encryption has none), SIPSEAL_BUFFER_TOO_SMALL or SIPSEAL_RANDOM_FAILED; both lengths are then 0 and nothing else is written.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_generate(
    profile: u32,
    tag: u32,
    random: sipseal_random,
    user: *mut c_void,
    secret: *mut u8,
    secret_cap: usize,
    secret_len: *mut usize,
    line: *mut c_char,
    line_cap: usize,
    line_len: *mut usize,
) -> sipseal_status {
    let generate = move || {
        // SAFETY: the header's contract. Every length is set to 0 before the first failure.
        let outputs = unsafe { (pointers::result(secret_len), pointers::result(line_len)) };
        let (secret_len, line_len) = (outputs.0?, outputs.1?);
        let profile = profile::from_number(profile)?;
        let mut random = Callback::new(random, user)?;
        // SAFETY: the header's contract, and the check that the two are disjoint.
        let (secret, line) = unsafe {
            let line = line.cast::<u8>();
            pointers::check_disjoint(secret, secret_cap, line, line_cap)?;
            (
                pointers::output(secret, secret_cap)?,
                pointers::output(line, line_cap)?,
            )
        };

        let attribute =
            CryptoAttribute::generate(tag, profile, &mut random).map_err(status::of_sdes)?;
        let drawn = attribute.secret();
        let secret = secret
            .get_mut(..drawn.len())
            .ok_or(SIPSEAL_BUFFER_TOO_SMALL)?;
        *line_len = attribute.write(line).map_err(status::of_sdes)?;
        for (to, from) in secret.iter_mut().zip(drawn) {
            *to = *from;
        }
        *secret_len = drawn.len();
        Ok(())
    };
    stack::wiped::<{ depth::SDES }>(generate)
}

/// Octets of the longest line that sipseal_sdes_read reads.
pub const SIPSEAL_SDES_MAX_READ_LEN: usize = 1024;

const _: () = assert!(SIPSEAL_SDES_MAX_READ_LEN == MAX_PARSED_LINE_LEN);

/// Reads an `a=crypto` line (RFC 4568), from its `a=` on, with or without its line end.
///
/// `*tag` and `*profile` are what the line says; `*secret_len` octets at `secret` (at most
/// SIPSEAL_SRTP_MAX_SECRET_LEN) are the master key, sipseal_srtp_key_len(*profile) of them, followed by the
/// master salt: they are for the receiver of whoever reads the line. A line that asks for a lifetime, an
/// MKI, several keys or session parameters is refused, since a call without them would not be what the
/// other side offered.
///
/// `line` and `secret` must be disjoint. Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT,
/// SIPSEAL_OVERLAP, SIPSEAL_BUFFER_TOO_SMALL, SIPSEAL_TOO_LONG, SIPSEAL_SYNTAX, SIPSEAL_UNKNOWN_SUITE,
/// SIPSEAL_UNSUPPORTED_PARAMETER or SIPSEAL_INVALID_KEY; `*tag`, `*profile` and `*secret_len` are then 0 and
/// nothing else is written. Treat SIPSEAL_UNKNOWN_SUITE and SIPSEAL_UNSUPPORTED_PARAMETER by going on to
/// the next line of the offer.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_read(
    line: *const c_char,
    line_len: usize,
    tag: *mut u32,
    profile: *mut u32,
    secret: *mut u8,
    secret_cap: usize,
    secret_len: *mut usize,
) -> sipseal_status {
    let read = move || {
        // SAFETY: the header's contract. Every result is set to 0 before the first failure.
        let outputs = unsafe {
            (
                pointers::result(tag),
                pointers::result(profile),
                pointers::result(secret_len),
            )
        };
        let (tag, profile_number, secret_len) = (outputs.0?, outputs.1?, outputs.2?);
        // SAFETY: the header's contract, and the check that the two are disjoint.
        let (line, secret) = unsafe {
            let line = line.cast::<u8>();
            pointers::check_disjoint(line, line_len, secret, secret_cap)?;
            (
                pointers::input(line, line_len)?,
                pointers::output(secret, secret_cap)?,
            )
        };

        let attribute = CryptoAttribute::parse(line).map_err(status::of_sdes)?;
        let read = attribute.secret();
        let secret = secret
            .get_mut(..read.len())
            .ok_or(SIPSEAL_BUFFER_TOO_SMALL)?;
        for (to, from) in secret.iter_mut().zip(read) {
            *to = *from;
        }
        *secret_len = read.len();
        *tag = attribute.tag();
        *profile_number = profile::to_number(attribute.profile());
        Ok(())
    };
    stack::wiped::<{ depth::SDES }>(read)
}
