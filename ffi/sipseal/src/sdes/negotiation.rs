// SPDX-License-Identifier: MIT OR Apache-2.0
//! Offers and answers.

use core::ffi::{c_char, c_void};

use sipseal::keying::sdes::{
    Change, Error, FecOrder, MAX_LINE_LEN, MAX_LINES, Negotiation, Policy,
};

use super::policy::{self, sipseal_sdes_policy};
use super::sipseal_sdes;
use crate::pointers;
use crate::random::{Callback, sipseal_random};
use crate::stack::{self, depth};
use crate::status::{
    self, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_OVERLAP, SIPSEAL_UNSUPPORTED, sipseal_status,
};
use crate::storage;

/// Octets that suffice for any line that is written, with its end, for one key without MKI. Each further key takes 80
/// more, an MKI 15.
pub const SIPSEAL_SDES_MAX_LINE_LEN: usize = 256;

/// Most `a=crypto` lines of an offer that is answered.
pub const SIPSEAL_SDES_MAX_LINES: usize = 16;

const _: () = assert!(SIPSEAL_SDES_MAX_LINES == MAX_LINES);

/// Octets of the longest `a=crypto` line that is read, without its end.
pub const SIPSEAL_SDES_MAX_READ_LEN: usize = 1024;

const _: () = assert!(SIPSEAL_SDES_MAX_READ_LEN == MAX_LINE_LEN);

/// There is a new key to send with: wipe the sender, if there is one, and make another by sipseal_sdes_sender_init.
/// Without this flag keep it.
pub const SIPSEAL_SDES_NEW_SENDER: u32 = 1;
/// The other side sends with a new key: wipe the receiver, if there is one, and make another by
/// sipseal_sdes_receiver_init. Without this flag keep it.
pub const SIPSEAL_SDES_NEW_RECEIVER: u32 = 2;
/// The other side applies forward error correction to SRTP packets: FEC_ORDER=SRTP_FEC (RFC 4568 section 6.3.4).
pub const SIPSEAL_SDES_PEER_SRTP_FEC: u32 = 4;

/// Does something with a negotiation and a policy, of which no text lies in what is written.
///
/// # Safety
///
/// The header's contract for the arguments.
#[inline(never)] // Once for all calls.
unsafe fn with_policy(
    sdes: *mut sipseal_sdes,
    policy: *const sipseal_sdes_policy,
    texts: &[(*const c_char, usize)],
    act: &mut dyn FnMut(&mut Negotiation, &Policy<'_>) -> Result<(), Error>,
) -> Result<(), sipseal_status> {
    if cfg!(not(feature = "sdes")) {
        return Err(SIPSEAL_UNSUPPORTED);
    }
    // SAFETY: the same contract.
    unsafe {
        for (text, len) in texts {
            storage::check_apart(sdes, text.cast(), *len)?;
        }
        storage::check_apart(sdes, policy.cast(), size_of::<sipseal_sdes_policy>())?;
        let negotiation = storage::context(sdes)?;
        policy::with(policy, |policy| {
            act(negotiation, policy).map_err(status::of_sdes)
        })
    }
}

fn change_flags(negotiation: &Negotiation, change: Change) -> u32 {
    let params = negotiation.peer_params().unwrap_or_default();
    [
        (change.new_sender, SIPSEAL_SDES_NEW_SENDER),
        (change.new_receiver, SIPSEAL_SDES_NEW_RECEIVER),
        (
            params.fec_order == Some(FecOrder::SrtpFec),
            SIPSEAL_SDES_PEER_SRTP_FEC,
        ),
    ]
    .into_iter()
    .fold(0, |flags, (is_set, flag)| {
        flags | if is_set { flag } else { 0 }
    })
}

/// Writes the `a=crypto` lines of an offer, each with CR LF, for the media description.
///
/// The first offer, and any with SIPSEAL_SDES_FRESH_KEYS, has a line with new keys for each profile of the policy,
/// tagged 1, 2 and so on; `random` is asked once for each key. A later one repeats the line that is agreed on, for a
/// session refresh that changes nothing, if the policy still would offer it like that. `*lines_len` octets at `lines`
/// (at most SIPSEAL_SDES_MAX_LINE_LEN for each profile) are the lines, without a terminating zero.
///
/// What is agreed on stays until an answer is taken, also if the offer is rejected. An offer before this one can no
/// longer be answered. **The lines are as secret as their keys**: send them over TLS or sealed, and wipe `lines`
/// afterwards.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT (unknown flags), SIPSEAL_NOT_INITIALISED,
/// SIPSEAL_OVERLAP, SIPSEAL_UNKNOWN_PROFILE, SIPSEAL_UNSUPPORTED, SIPSEAL_POLICY, SIPSEAL_BUFFER_TOO_SMALL or
/// SIPSEAL_RANDOM_FAILED (also if the generator repeats itself).
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_offer(
    sdes: *mut sipseal_sdes,
    policy: *const sipseal_sdes_policy,
    random: sipseal_random,
    user: *mut c_void,
    lines: *mut c_char,
    lines_cap: usize,
    lines_len: *mut usize,
) -> sipseal_status {
    let offer = move || {
        // SAFETY: the header's contract.
        unsafe {
            let lines_len = pointers::result(lines_len)?;
            let mut random = Callback::new(random, user)?;
            let out = pointers::output(lines.cast(), lines_cap)?;
            let texts = [(lines.cast_const(), lines_cap)];
            with_policy(sdes, policy, &texts, &mut |negotiation, policy| {
                *lines_len = negotiation.offer(policy, &mut random, out)?;
                Ok(())
            })
        }
    };
    stack::wiped::<{ depth::SDES }>(offer)
}

/// Takes an offer, and writes the `a=crypto` line that answers it, with CR LF.
///
/// `offer` is the media description that was offered, from its `m=` line on, or any part of that; all but `m=` and
/// `a=crypto` lines is passed over. Of these the first that the policy allows is taken or, with
/// SIPSEAL_SDES_OWN_PREFERENCE, the one whose profile stands first in the policy. The answer has its tag, suite and
/// negotiated session parameters, and keys of our own; those stay the same as long as suite and parameters do.
/// `*change` says what to do with sender and receiver. `*line_len` octets at `line` are the line.
///
/// **Both texts are as secret as their keys**: wipe them afterwards.
///
/// Fails as sipseal_sdes_offer, and with SIPSEAL_NO_CRYPTO_LINE, SIPSEAL_TOO_MANY_LINES (above 16), SIPSEAL_MEDIA,
/// SIPSEAL_MEDIA_REJECTED, SIPSEAL_TRANSPORT or, if no line can be taken, for the reason of the first, which
/// sipseal_sdes_line_status has for each. What was agreed on before stays; with SIPSEAL_TRANSPORT under RTP/AVP that
/// may be a call without encryption.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_answer(
    sdes: *mut sipseal_sdes,
    policy: *const sipseal_sdes_policy,
    offer: *const c_char,
    offer_len: usize,
    random: sipseal_random,
    user: *mut c_void,
    line: *mut c_char,
    line_cap: usize,
    line_len: *mut usize,
    change: *mut u32,
) -> sipseal_status {
    let answer = move || {
        // SAFETY: the header's contract. Every result is set to 0 before the first failure.
        let outputs = unsafe { (pointers::result(line_len), pointers::result(change)) };
        let (line_len, change) = (outputs.0?, outputs.1?);
        let mut random = Callback::new(random, user)?;
        let texts = [(offer, offer_len), (line.cast_const(), line_cap)];
        // SAFETY: the header's contract, and the check that the two are disjoint.
        unsafe {
            pointers::check_disjoint(offer.cast(), offer_len, line.cast(), line_cap)?;
            let offer = pointers::input(offer.cast(), offer_len)?;
            let out = pointers::output(line.cast(), line_cap)?;
            with_policy(sdes, policy, &texts, &mut |negotiation, policy| {
                let answered = negotiation.answer(offer, policy, &mut random, out)?;
                *line_len = answered.len;
                *change = change_flags(negotiation, answered.change);
                Ok(())
            })
        }
    };
    stack::wiped::<{ depth::SDES_ANSWER }>(answer)
}

/// Takes the answer to the latest offer.
///
/// `answer` is the media description of the answer, or any part of that with its one `a=crypto` line. Its tag and
/// suite must be those of an offered line, its negotiated session parameters those that were offered, and its keys
/// neither ours nor, where anything else has changed, those before. An answer may come again, and another one in its
/// place, as after early media. `*change` says what to do with sender and receiver.
///
/// **The text is as secret as its keys**: wipe it afterwards.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP,
/// SIPSEAL_UNKNOWN_PROFILE, SIPSEAL_UNSUPPORTED, SIPSEAL_POLICY, SIPSEAL_NOT_OFFERED, SIPSEAL_NO_CRYPTO_LINE (the
/// other side does not do this: there is no secure call), SIPSEAL_TOO_MANY_LINES, SIPSEAL_MEDIA,
/// SIPSEAL_MEDIA_REJECTED, SIPSEAL_TRANSPORT, SIPSEAL_OTHER_THAN_OFFERED or as sipseal_sdes_line_status. What was
/// agreed on before stays.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_take_answer(
    sdes: *mut sipseal_sdes,
    policy: *const sipseal_sdes_policy,
    answer: *const c_char,
    answer_len: usize,
    change: *mut u32,
) -> sipseal_status {
    let take = move || {
        // SAFETY: the header's contract.
        unsafe {
            let change = pointers::result(change)?;
            let text = pointers::input(answer.cast(), answer_len)?;
            let texts = [(answer, answer_len)];
            with_policy(sdes, policy, &texts, &mut |negotiation, policy| {
                let taken = negotiation.take_answer(text, policy)?;
                *change = change_flags(negotiation, taken);
                Ok(())
            })
        }
    };
    stack::wiped::<{ depth::SDES }>(take)
}

/// Whether one line of an offer or answer can be taken, by itself, by the policy and by what is agreed on so far; if
/// not, why.
///
/// `line` counts the `a=crypto` lines of `text` from 0 to SIPSEAL_SDES_MAX_LINES - 1. `*tag` is the tag of a line that
/// can be taken. `*offset` is where the fault of another lies, in octets from the start of that line.
///
/// Returns SIPSEAL_OK. Fails with SIPSEAL_NO_CRYPTO_LINE if there are not so many lines, and for the line with
/// SIPSEAL_SYNTAX, SIPSEAL_TOO_LONG, SIPSEAL_UNKNOWN_SUITE, SIPSEAL_SUITE_NOT_ALLOWED, SIPSEAL_INVALID_KEY,
/// SIPSEAL_TOO_MANY_KEYS, SIPSEAL_UNSUPPORTED_PARAMETER, SIPSEAL_INVALID_PARAMETER, SIPSEAL_PARAMETER_NOT_ALLOWED,
/// SIPSEAL_KEY_ECHOED or SIPSEAL_KEY_REUSED. For what else fails see sipseal_sdes_answer.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_line_status(
    sdes: *mut sipseal_sdes,
    policy: *const sipseal_sdes_policy,
    text: *const c_char,
    text_len: usize,
    line: u32,
    tag: *mut u32,
    offset: *mut usize,
) -> sipseal_status {
    let look = move || {
        // SAFETY: the header's contract. Every result is set to 0 before the first failure.
        let outputs = unsafe { (pointers::result(tag), pointers::result(offset)) };
        let (tag, offset) = (outputs.0?, outputs.1?);
        let line = usize::try_from(line).map_err(|_| SIPSEAL_INVALID_ARGUMENT)?;
        let texts = [(text, text_len)];
        // SAFETY: the header's contract.
        unsafe {
            let text = pointers::input(text.cast(), text_len)?;
            with_policy(sdes, policy, &texts, &mut |negotiation, policy| {
                let verdict = negotiation.verdict(text, policy, line);
                if let Err(Error::Rejected(rejection)) = verdict {
                    *offset = rejection.fault.offset;
                }
                *tag = verdict?;
                Ok(())
            })
        }
    };
    stack::wiped::<{ depth::SDES }>(look)
}

/// Makes the latest offer answerable in another branch of a forked call (RFC 4568 section 7.3): `branch`, which is
/// initialised, forgets what it has and takes over the offer. Keep one negotiation for each dialog.
///
/// Every branch knows our keys: only `sdes` may send under them. In `branch` answers are taken and receivers made; for
/// a sender, which is SIPSEAL_KEY_IN_USE, offer again there, in an UPDATE or re-INVITE, which draws new keys.
///
/// Fails with SIPSEAL_NULL_POINTER, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_OVERLAP (both are
/// one), SIPSEAL_NOT_OFFERED or SIPSEAL_UNSUPPORTED.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_sdes_fork(
    sdes: *const sipseal_sdes,
    branch: *mut sipseal_sdes,
) -> sipseal_status {
    if cfg!(not(feature = "sdes")) {
        return SIPSEAL_UNSUPPORTED;
    }
    let fork = || {
        // SAFETY: the header's contract; two objects that share nothing.
        unsafe {
            let negotiation = storage::peek(sdes)?;
            if storage::check_apart(branch, sdes.cast(), size_of::<sipseal_sdes>()).is_err()
                && !branch.is_null()
                && sdes == branch.cast_const()
            {
                return Err(SIPSEAL_OVERLAP);
            }
            let branch = storage::context(branch)?;
            negotiation.fork(branch).map_err(status::of_sdes)
        }
    };
    stack::wiped::<{ depth::SDES }>(fork)
}
