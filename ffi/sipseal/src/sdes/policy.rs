// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is offered and taken.

use sipseal::keying::sdes::{FecOrder, Policy, SessionParams};
use sipseal::srtp::Profile;

use crate::pointers;
use crate::srtp::profile;
use crate::status::{
    SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NULL_POINTER, SIPSEAL_POLICY, sipseal_status,
};

/// Most crypto-suites of a policy, and most keys in all lines of an offer.
pub const SIPSEAL_SDES_MAX_PROFILES: usize = 8;

/// What to offer and what to take (RFC 4568). Zero is the usual value of all members from `flags` on.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct sipseal_sdes_policy {
    /// The profiles to offer, the best first, and the only ones to take: SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80 and so on.
    pub profiles: *const u32,
    /// How many: 1 to 8.
    pub profiles_len: usize,
    /// 0, or SIPSEAL_SDES_OWN_PREFERENCE and the like, added up.
    pub flags: u32,
    /// Master keys of our own in each line: up to 4, several only with MKIs; 0 stands for 1. Lines times keys are at
    /// most 8.
    pub keys: u32,
    /// Octets of the MKIs of our own keys; 0 for none. Those of all keys together are at most 128.
    pub mki_len: u32,
    /// KDR: packets after which we derive session keys anew: 0 for never, or a power of two from 2 to 2^24.
    pub key_derivation_rate: u32,
    /// The lifetime of our own keys in packets, 2 to 2^48, to be written in our lines; 0 for none, which means the
    /// longest.
    pub lifetime: u64,
    /// WSH: packets in the replay window that suits what we send, 64 or more; 0 for no such hint.
    pub window_hint: u32,
}

/// **Insecure**: take lines with UNENCRYPTED_SRTP.
pub const SIPSEAL_SDES_INSECURE_ALLOW_UNENCRYPTED_SRTP: u32 = 1;
/// **Insecure**: take lines with UNENCRYPTED_SRTCP, which some phones send. Reports then tell everyone who talks and
/// how well it is heard; nobody can forge them.
pub const SIPSEAL_SDES_INSECURE_ALLOW_UNENCRYPTED_SRTCP: u32 = 2;
/// **Insecure**: take lines with UNAUTHENTICATED_SRTP.
pub const SIPSEAL_SDES_INSECURE_ALLOW_UNAUTHENTICATED_SRTP: u32 = 4;
/// **Insecure**: offer lines with UNENCRYPTED_SRTP; with the flag that allows it.
pub const SIPSEAL_SDES_INSECURE_OFFER_UNENCRYPTED_SRTP: u32 = 8;
/// **Insecure**: offer lines with UNENCRYPTED_SRTCP; with the flag that allows it.
pub const SIPSEAL_SDES_INSECURE_OFFER_UNENCRYPTED_SRTCP: u32 = 16;
/// **Insecure**: offer lines with UNAUTHENTICATED_SRTP; with the flag that allows it.
pub const SIPSEAL_SDES_INSECURE_OFFER_UNAUTHENTICATED_SRTP: u32 = 32;
/// Take lines with FEC_ORDER=SRTP_FEC: the program applies forward error correction to SRTP packets, as
/// SIPSEAL_SDES_PEER_SRTP_FEC then tells it to.
pub const SIPSEAL_SDES_ALLOW_SRTP_FEC: u32 = 64;
/// Write FEC_ORDER=SRTP_FEC in our lines: the program applies forward error correction to the SRTP packets that it
/// sends. With SIPSEAL_SDES_ALLOW_SRTP_FEC.
pub const SIPSEAL_SDES_OWN_SRTP_FEC: u32 = 128;
/// Answer with the best of our own profiles that was offered, not with the first offered line that is one of ours.
pub const SIPSEAL_SDES_OWN_PREFERENCE: u32 = 256;
/// Take `a=crypto` under RTP/AVP and RTP/AVPF too, as phones do that encrypt where they can. Whoever can change the
/// description can then take the lines away, unnoticed.
pub const SIPSEAL_SDES_PLAIN_RTP: u32 = 512;
/// Draw new keys of our own even where nothing else changes: to re-key, or because our address has changed.
pub const SIPSEAL_SDES_FRESH_KEYS: u32 = 1024;
/// The address of the other side has changed: its key must be a new one (RFC 4568 section 7.1.4).
pub const SIPSEAL_SDES_PEER_MOVED: u32 = 2048;

const ALL_FLAGS: u32 = 4095;

const _: () = assert!(SIPSEAL_SDES_MAX_PROFILES == sipseal::keying::sdes::MAX_OFFERED_KEYS);

/// The profiles of a policy, in a place for a [`Policy`] to refer to.
pub(super) struct Profiles {
    profiles: [Profile; SIPSEAL_SDES_MAX_PROFILES],
    len: usize,
}

impl Profiles {
    /// # Safety
    ///
    /// The profiles, if not NULL, are readable.
    unsafe fn read(policy: &sipseal_sdes_policy) -> Result<Self, sipseal_status> {
        let mut read = Self {
            profiles: [Profile::AesCm128HmacSha1_80; SIPSEAL_SDES_MAX_PROFILES],
            len: policy.profiles_len,
        };
        if policy.profiles_len > SIPSEAL_SDES_MAX_PROFILES {
            return Err(SIPSEAL_POLICY);
        }
        // SAFETY: readable, as the caller promises.
        let numbers = unsafe { pointers::input_words(policy.profiles, policy.profiles_len) }?;
        for (profile, number) in read.profiles.iter_mut().zip(numbers) {
            *profile = profile::from_number(*number)?;
        }
        Ok(read)
    }
}

/// Does something by a policy.
///
/// # Safety
///
/// `policy`, if not NULL, is readable, and so are its profiles, if not NULL.
pub(super) unsafe fn with(
    policy: *const sipseal_sdes_policy,
    act: impl FnOnce(&Policy<'_>) -> Result<(), sipseal_status>,
) -> Result<(), sipseal_status> {
    if policy.is_null() {
        return Err(SIPSEAL_NULL_POINTER);
    }
    if !policy.is_aligned() {
        return Err(SIPSEAL_INVALID_ARGUMENT);
    }
    // SAFETY: not NULL, aligned, and readable as the caller promises.
    let policy = unsafe { &*policy };
    // SAFETY: the same promise.
    let profiles = unsafe { Profiles::read(policy) }?;
    if policy.flags & !ALL_FLAGS != 0 {
        return Err(SIPSEAL_INVALID_ARGUMENT);
    }
    let is_set = |flag: u32| policy.flags & flag != 0;
    let mut read = Policy::new(profiles.profiles.get(..profiles.len).unwrap_or_default());
    read.insecure_unencrypted_srtp = is_set(SIPSEAL_SDES_INSECURE_ALLOW_UNENCRYPTED_SRTP);
    read.insecure_unencrypted_srtcp = is_set(SIPSEAL_SDES_INSECURE_ALLOW_UNENCRYPTED_SRTCP);
    read.insecure_unauthenticated_srtp = is_set(SIPSEAL_SDES_INSECURE_ALLOW_UNAUTHENTICATED_SRTP);
    read.srtp_fec = is_set(SIPSEAL_SDES_ALLOW_SRTP_FEC);
    read.own_preference = is_set(SIPSEAL_SDES_OWN_PREFERENCE);
    read.plain_rtp = is_set(SIPSEAL_SDES_PLAIN_RTP);
    read.fresh_keys = is_set(SIPSEAL_SDES_FRESH_KEYS);
    read.peer_moved = is_set(SIPSEAL_SDES_PEER_MOVED);
    read.keys = octet(policy.keys.max(1));
    read.mki_len = octet(policy.mki_len);
    read.lifetime = Some(policy.lifetime).filter(|lifetime| *lifetime > 0);
    read.params = SessionParams {
        unencrypted_srtp: is_set(SIPSEAL_SDES_INSECURE_OFFER_UNENCRYPTED_SRTP),
        unencrypted_srtcp: is_set(SIPSEAL_SDES_INSECURE_OFFER_UNENCRYPTED_SRTCP),
        unauthenticated_srtp: is_set(SIPSEAL_SDES_INSECURE_OFFER_UNAUTHENTICATED_SRTP),
        kdr: match policy.key_derivation_rate {
            0 => 0,
            rate if rate > 1 && rate.is_power_of_two() => octet(rate.trailing_zeros()),
            _ => OUT_OF_RANGE,
        },
        fec_order: is_set(SIPSEAL_SDES_OWN_SRTP_FEC).then_some(FecOrder::SrtpFec),
        window_hint: Some(policy.window_hint).filter(|hint| *hint > 0),
    };
    act(&read)
}

/// More than any member of a policy may be.
const OUT_OF_RANGE: u8 = u8::MAX;

fn octet(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(OUT_OF_RANGE)
}
