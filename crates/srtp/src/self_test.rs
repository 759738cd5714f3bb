// SPDX-License-Identifier: MIT OR Apache-2.0
//! Known answers for each transform, to be checked at boot.
//!
//! The packets, keys and answers are those that libsrtp's own validation uses, so a phone that passes
//! speaks the same SRTP as the most widespread implementation.

use core::fmt;

use crate::{
    Aes128Gcm, Aes256Gcm, AesCm128HmacSha1, Error, MasterKey, PacketCipher, Profile, Storage,
};

/// A transform did not give its known answer: the library or the machine is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfTestFailed;

impl fmt::Display for SelfTestFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("known answer test failed")
    }
}

impl core::error::Error for SelfTestFailed {}

/// Checks key derivation, SRTP and SRTCP of every profile against known answers, both ways, and that a
/// damaged packet is refused.
///
/// Takes as much stack as a [`Storage`] of the largest profile and a packet call.
///
/// # Errors
///
/// [`SelfTestFailed`].
pub fn self_test() -> Result<(), SelfTestFailed> {
    Profile::ALL.into_iter().try_for_each(|profile| {
        let check = match profile {
            Profile::AesCm128HmacSha1_80 | Profile::AesCm128HmacSha1_32 => {
                check::<AesCm128HmacSha1>
            }
            Profile::AeadAes128Gcm => check::<Aes128Gcm>,
            Profile::AeadAes256Gcm => check::<Aes256Gcm>,
        };
        check(profile)
    })
}

const CM_KEY: [u8; 30] = *b"\xe1\xf9\x7a\x0d\x3e\x01\x8b\xe0\xd6\x4f\xa3\x2c\x06\xde\x41\x39\
    \x0e\xc6\x75\xad\x49\x8a\xfe\xeb\xb6\x96\x0b\x3a\xab\xe6";
const GCM_KEY: [u8; 32] = *b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\
    \x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f";
const GCM_SALT: [u8; 12] = *b"\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab";

const RTP: [u8; 28] = *b"\x80\x0f\x12\x34\xde\xca\xfb\xad\xca\xfe\xba\xbe\
    \xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab";
const RTCP: [u8; 24] = *b"\x81\xc8\x00\x0b\xca\xfe\xba\xbe\
    \xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab";

/// What follows the clear header: ciphertext and trailer of [`RTP`], and of [`RTCP`] at SRTCP index 1.
const CM_RTP: [u8; 26] = *b"\x4e\x55\xdc\x4c\xe7\x99\x78\xd8\x8c\xa4\xd2\x15\x94\x9d\x24\x02\
    \xb7\x8d\x6a\xcc\x99\xea\x17\x9b\x8d\xbb";
const CM_RTCP: [u8; 30] = *b"\x71\x28\x03\x5b\xe4\x87\xb9\xbd\xbe\xf8\x90\x41\xf9\x77\xa5\xa8\
    \x80\x00\x00\x01\x99\x3e\x08\xcd\x54\xd6\xc1\x23\x07\x98";
const GCM_128_RTP: [u8; 32] = *b"\xc5\x00\x2e\xde\x04\xcf\xdd\x2e\xb9\x11\x59\xe0\x88\x0a\xa0\x6e\
    \xd2\x97\x68\x26\xf7\x96\xb2\x01\xdf\x31\x31\xa1\x27\xe8\xa3\x92";
const GCM_128_RTCP: [u8; 36] = *b"\xc9\x8b\x8b\x5d\xf0\x39\x2a\x55\x85\x2b\x6c\x21\xac\x8e\x70\x25\
    \xc5\x2c\x6f\xbe\xa2\xb3\xb4\x46\xea\x31\x12\x3b\xa8\x8c\xe6\x1e\x80\x00\x00\x01";
const GCM_256_RTP: [u8; 32] = *b"\x0a\xf7\xf2\x1e\x8a\x90\xbd\xad\x7a\x42\x5c\x9c\x31\xed\x4b\xb1\
    \xd9\x02\x38\x91\x7e\x73\x90\xa2\x79\x35\x00\xe1\x68\x1a\xca\xea";
const GCM_256_RTCP: [u8; 36] = *b"\x8a\xbf\xaf\xa7\x80\x07\x0a\x90\xe8\x0f\x91\x61\xcf\x4a\xac\x08\
    \x1e\xd9\x3a\xaa\x53\xc1\x5b\x0f\x3e\xd1\xa3\xb9\x84\x16\x7b\x03\x80\x00\x00\x01";

fn check<C: PacketCipher>(profile: Profile) -> Result<(), SelfTestFailed> {
    let (rtp, rtcp): (&[u8], &[u8]) = match profile {
        Profile::AesCm128HmacSha1_80 => (&CM_RTP, &CM_RTCP),
        // The tag of 32 bits is the beginning of that of 80.
        Profile::AesCm128HmacSha1_32 => {
            (CM_RTP.first_chunk::<20>().ok_or(SelfTestFailed)?, &CM_RTCP)
        }
        Profile::AeadAes128Gcm => (&GCM_128_RTP, &GCM_128_RTCP),
        Profile::AeadAes256Gcm => (&GCM_256_RTP, &GCM_256_RTCP),
    };
    let master = if profile.is_aead() {
        let key = GCM_KEY.get(..profile.key_len()).ok_or(SelfTestFailed)?;
        MasterKey::new(key, &GCM_SALT)
    } else {
        MasterKey::from_concatenated(profile, &CM_KEY).map_err(|_| SelfTestFailed)?
    };
    // One storage serves both directions in turn: less stack, and wiping it is tested too.
    let mut storage = Storage::<C, 1, 2>::new();
    let mut wire = Wire {
        rtp: [0; 44],
        rtp_len: 0,
        rtcp: [0; 44],
        rtcp_len: 0,
    };
    send(&mut storage, profile, &master, &mut wire).map_err(|_| SelfTestFailed)?;
    if wire.rtp() != (&RTP[..12], rtp) || wire.rtcp() != (&RTCP[..8], rtcp) {
        return Err(SelfTestFailed);
    }
    match receive(&mut storage, profile, &master, &mut wire) {
        Ok(true) => Ok(()),
        _ => Err(SelfTestFailed),
    }
}

/// Room for one protected packet of each protocol.
struct Wire {
    rtp: [u8; 44],
    rtp_len: usize,
    rtcp: [u8; 44],
    rtcp_len: usize,
}

impl Wire {
    /// Clear header, and the rest.
    fn rtp(&self) -> (&[u8], &[u8]) {
        self.rtp
            .get(..self.rtp_len)
            .and_then(|packet| packet.split_at_checked(12))
            .unwrap_or_default()
    }

    fn rtcp(&self) -> (&[u8], &[u8]) {
        self.rtcp
            .get(..self.rtcp_len)
            .and_then(|packet| packet.split_at_checked(8))
            .unwrap_or_default()
    }
}

fn send<C: PacketCipher>(
    storage: &mut Storage<C, 1, 2>,
    profile: Profile,
    master: &MasterKey<'_>,
    wire: &mut Wire,
) -> Result<(), Error> {
    let mut sender = storage.sender(profile, master)?;
    wire.rtp_len = sender.protect(&RTP, &mut wire.rtp)?.len;
    // The answers are for index 1, the second packet.
    for _ in 0..2 {
        wire.rtcp_len = sender.protect_rtcp(&RTCP, &mut wire.rtcp)?.len;
    }
    Ok(())
}

/// Whether damaged packets are refused and good ones come back as they were.
fn receive<C: PacketCipher>(
    storage: &mut Storage<C, 1, 2>,
    profile: Profile,
    master: &MasterKey<'_>,
    wire: &mut Wire,
) -> Result<bool, Error> {
    let mut receiver = storage.receiver(profile, master)?;
    let rtp = wire.rtp.get_mut(..wire.rtp_len).unwrap_or_default();
    let rtcp = wire.rtcp.get_mut(..wire.rtcp_len).unwrap_or_default();
    for packet in [&mut *rtp, &mut *rtcp] {
        if let Some(byte) = packet.get_mut(20) {
            *byte ^= 1;
        }
    }
    let refused = receiver.unprotect_in_place(rtp) == Err(Error::Authentication)
        && receiver.unprotect_rtcp_in_place(rtcp) == Err(Error::Authentication);
    for packet in [&mut *rtp, &mut *rtcp] {
        if let Some(byte) = packet.get_mut(20) {
            *byte ^= 1;
        }
    }
    let rtp_len = receiver.unprotect_in_place(rtp)?.len;
    let rtcp_len = receiver.unprotect_rtcp_in_place(rtcp)?.len;
    Ok(refused && rtp.get(..rtp_len) == Some(&RTP) && rtcp.get(..rtcp_len) == Some(&RTCP))
}
