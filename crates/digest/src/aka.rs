// SPDX-License-Identifier: MIT OR Apache-2.0
//! Digest with the secret of a SIM (RFC 3310, RFC 4169).
//!
//! ```text
//!   nonce = base64( RAND, 16 octets || AUTN, 16 octets || server data )
//! ```

use sipseal_core::{SecretBytes, Zeroize, base64};
use sipseal_sip::QuotedString;

use crate::account::update_a1;
use crate::hash::{Hasher, hmac};
use crate::{Algorithm, Error, Hash, HexDigest};

/// Octets of the shortest RES (TS 33.102 section 6.3.7).
const MIN_RES_LEN: usize = 4;

/// A SIM, USIM or ISIM, which runs AKA with the key in it (TS 33.102 section 6.3).
pub trait Sim {
    /// Verifies AUTN, and answers RAND if the network knows the key and the sequence number is fresh.
    ///
    /// It is asked once for each nonce. If it does not answer, the nonce is not answered either, until the network comes
    /// with another.
    fn authenticate(&mut self, rand: &[u8; 16], autn: &[u8; 16]) -> SimAnswer;
}

/// What a SIM says to a challenge.
pub enum SimAnswer {
    /// The network knows the key.
    Answer {
        /// RES, in its first octets.
        res: SecretBytes<16>,
        /// How many octets RES has, 4 to 16.
        res_len: usize,
        /// CK.
        ck: SecretBytes<16>,
        /// IK.
        ik: SecretBytes<16>,
    },
    /// The network knows the key, and the sequence number was used before: AUTS tells it which comes next.
    SynchronisationFailure {
        /// AUTS.
        auts: [u8; 14],
    },
    /// The MAC in AUTN is wrong: this is not the network.
    MacFailure,
    /// The SIM does not answer.
    Unavailable,
}

impl core::fmt::Debug for SimAnswer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SimAnswer { .. }")
    }
}

/// Writes H(A1), and gives AUTS where the sequence number has to be told.
#[inline(never)] // It needs stack that others do not.
pub(crate) fn answer(
    algorithm: Algorithm,
    sim: &mut dyn Sim,
    username: &[u8],
    realm: QuotedString<'_>,
    nonce: QuotedString<'_>,
    hasher: &mut Hasher,
    a1: &mut HexDigest,
) -> Result<Option<[u8; 14]>, Error> {
    let (rand, autn) = read_nonce(nonce.raw().octets()).ok_or(Error::Unsupported)?;
    let mut told = None;
    match sim.authenticate(&rand, &autn) {
        SimAnswer::Answer {
            res,
            res_len,
            ck,
            ik,
        } => {
            let res = Some(res.expose())
                .filter(|_| res_len >= MIN_RES_LEN)
                .and_then(|res| res.get(..res_len))
                .ok_or(Error::SecretUnavailable)?;
            if algorithm == Algorithm::AkaV2Md5 {
                let mut password = SecretBytes::zeroed();
                v2_password(res, ik.expose(), ck.expose(), &mut password);
                update_a1(hasher, username, realm, password.expose());
            } else {
                update_a1(hasher, username, realm, res);
            }
        }
        SimAnswer::SynchronisationFailure { auts } => {
            update_a1(hasher, username, realm, b"");
            told = Some(auts);
        }
        SimAnswer::MacFailure => return Err(Error::NetworkNotAuthentic),
        SimAnswer::Unavailable => return Err(Error::SecretUnavailable),
    }
    hasher.finish(a1.room(Hash::Md5));
    Ok(told)
}

/// Whether a SIM can be asked with a nonce.
pub(crate) fn is_nonce(nonce: QuotedString<'_>) -> bool {
    read_nonce(nonce.raw().octets()).is_some()
}

/// RAND and AUTN.
fn read_nonce(text: &[u8]) -> Option<([u8; 16], [u8; 16])> {
    // Ten groups and three digits of the next one hold the 32 octets. What follows is not looked at: the last octet of
    // that group is data of the server, or padding.
    let mut digits = [b'A'; 44];
    let given = text.get(..43)?;
    for (to, from) in digits.iter_mut().zip(given) {
        *to = *from;
    }
    let mut octets = [0; 33];
    if !base64::decode(&digits, &mut octets) {
        return None;
    }
    let (rand, rest) = octets.split_first_chunk::<16>()?;
    let (autn, _) = rest.split_first_chunk::<16>()?;
    Some((*rand, *autn))
}

/// RFC 4169 section 2.1: the base64 of a MAC of 16 octets, 24 digits.
fn v2_password(res: &[u8], ik: &[u8; 16], ck: &[u8; 16], out: &mut SecretBytes<24>) {
    // Zeros behind a key of HMAC are part of it in any case.
    let mut key = SecretBytes::<48>::zeroed();
    let parts = res.iter().chain(ik).chain(ck);
    for (to, from) in key.expose_mut().iter_mut().zip(parts) {
        *to = *from;
    }
    let mut password = hmac(Hash::Md5, key.expose(), &[b"http-digest-akav2-password"]);
    base64::encode(&password, out.expose_mut());
    password.zeroize();
}

/// AUTS in base64, which takes 20 digits.
pub(crate) fn encode_auts(auts: &[u8; 14]) -> [u8; 20] {
    let mut text = [0; 20];
    base64::encode(auts, &mut text);
    text
}
