// SPDX-License-Identifier: MIT OR Apache-2.0
#![allow(clippy::format_push_string)] // Texts of a few lines.

mod lines;
mod negotiations;
mod packets;
mod phones;
mod reinvites;

use std::string::String;
use std::vec;
use std::vec::Vec;

use sipseal_core::RandomFailed;
use sipseal_srtp::Profile;

use super::*;

/// The key of RFC 4568 section 4.1, in base64 and in octets.
const KEY: &str = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";
const KEY_OCTETS: &[u8] = b"=-n@%^x!Bjufr9)?,#5h\\`=&]{qiPQ";
/// Others, of sections 6.1 and 7.1.5.
const OTHER: &str = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";
const THIRD: &str = "YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2";
const GCM_KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHA==";

const CM_80: Profile = Profile::AesCm128HmacSha1_80;
const CM_32: Profile = Profile::AesCm128HmacSha1_32;
const GCM: Profile = Profile::AeadAes128Gcm;
const BOTH: &[Profile] = &[CM_80, CM_32];

/// A random source that says the same for the same seed.
fn counting(seed: u8) -> impl FnMut(&mut [u8]) -> Result<(), RandomFailed> {
    let mut next = u32::from(seed);
    move |out| {
        out.fill_with(|| {
            next = next.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            next.to_be_bytes()[0]
        });
        Ok(())
    }
}

/// What a call writes to.
fn text(write: impl FnOnce(&mut [u8]) -> Result<usize, Error>) -> Result<String, Error> {
    let mut out = vec![0; 2048];
    let len = write(&mut out)?;
    assert!(out[len..].iter().all(|octet| *octet == 0));
    out.truncate(len);
    Ok(String::from_utf8(out).unwrap())
}

fn offer(alice: &mut Negotiation, policy: &Policy<'_>, seed: u8) -> String {
    text(|out| alice.offer(policy, &mut counting(seed), out)).unwrap()
}

fn answer(
    bob: &mut Negotiation,
    offer: &str,
    policy: &Policy<'_>,
    seed: u8,
) -> Result<(String, Change), Error> {
    let mut change = None;
    let line = text(|out| {
        let answered = bob.answer(offer.as_bytes(), policy, &mut counting(seed), out)?;
        change = Some(answered.change);
        Ok(answered.len)
    })?;
    Ok((line, change.unwrap()))
}

const NEW: Change = Change {
    new_sender: true,
    new_receiver: true,
};
const SAME: Change = Change {
    new_sender: false,
    new_receiver: false,
};

/// Why line `line` of `text` is refused.
fn reason(negotiation: &Negotiation, text: &str, policy: &Policy<'_>, line: usize) -> Reason {
    match negotiation.verdict(text.as_bytes(), policy, line) {
        Err(Error::Rejected(rejection)) => {
            assert_eq!(rejection.line, line);
            rejection.fault.reason
        }
        other => panic!("{text}: {other:?}"),
    }
}

fn lines_of(text: &str) -> Vec<&str> {
    text.split_terminator("\r\n").collect()
}
