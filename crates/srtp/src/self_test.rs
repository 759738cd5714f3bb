// SPDX-License-Identifier: MIT OR Apache-2.0
//! Known answers for each transform, to be checked at boot.
//!
//! The packets, and the keys and answers of AES-CM-128 and AES-GCM, are those that libsrtp's own validation
//! uses. Those of AES-CM-192, AES-CM-256 and the null cipher it gives too, in a version that derives their keys
//! as the RFCs say; f8 it does not have.

use core::fmt;

use sipseal_cipher::Construction;

use crate::{
    CipherSlots, Error, Key, MasterKey, Options, PacketCipher, Parts, Profile, Receiver, Sender,
    SessionCiphers, Stream,
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
/// Takes as much stack as the [`SessionCiphers`] of the largest profile and a packet call.
///
/// # Errors
///
/// [`SelfTestFailed`].
pub fn self_test() -> Result<(), SelfTestFailed> {
    for profile in Profile::ALL.iter().copied() {
        let check = match profile.construction() {
            Construction::AesCm128HmacSha1 => with::<crate::AesCm128HmacSha1>,
            #[cfg(feature = "rfc6188")]
            Construction::AesCm192HmacSha1 => with::<crate::AesCm192HmacSha1>,
            #[cfg(feature = "rfc6188")]
            Construction::AesCm256HmacSha1 => with::<crate::AesCm256HmacSha1>,
            #[cfg(feature = "f8")]
            Construction::F8Aes128HmacSha1 => with::<crate::F8Aes128HmacSha1>,
            #[cfg(feature = "insecure")]
            Construction::NullHmacSha1 => with::<crate::NullHmacSha1>,
            #[cfg(feature = "gcm")]
            Construction::Aes128Gcm => with::<crate::Aes128Gcm>,
            #[cfg(feature = "gcm")]
            Construction::Aes256Gcm => with::<crate::Aes256Gcm>,
            _ => return Err(SelfTestFailed),
        };
        let passed = check(profile);
        if passed != Ok(true) {
            return Err(SelfTestFailed);
        }
    }
    Ok(())
}

const CM_KEY: [u8; 30] = *b"\xe1\xf9\x7a\x0d\x3e\x01\x8b\xe0\xd6\x4f\xa3\x2c\x06\xde\x41\x39\
    \x0e\xc6\x75\xad\x49\x8a\xfe\xeb\xb6\x96\x0b\x3a\xab\xe6";
const KEY: [u8; 32] = *b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\
    \x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f";
const GCM_SALT: [u8; 12] = *b"\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab";

const RTP: [u8; 28] = *b"\x80\x0f\x12\x34\xde\xca\xfb\xad\xca\xfe\xba\xbe\
    \xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab";
const RTCP: [u8; 24] = *b"\x81\xc8\x00\x0b\xca\xfe\xba\xbe\
    \xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab";

/// What follows the clear header: ciphertext and trailer of [`RTP`], and of [`RTCP`] at SRTCP index 1.
const CM_128_RTP: [u8; 26] = *b"\x4e\x55\xdc\x4c\xe7\x99\x78\xd8\x8c\xa4\xd2\x15\x94\x9d\x24\x02\
    \xb7\x8d\x6a\xcc\x99\xea\x17\x9b\x8d\xbb";
const CM_128_RTCP: [u8; 30] = *b"\x71\x28\x03\x5b\xe4\x87\xb9\xbd\xbe\xf8\x90\x41\xf9\x77\xa5\xa8\
    \x80\x00\x00\x01\x99\x3e\x08\xcd\x54\xd6\xc1\x23\x07\x98";
#[cfg(feature = "rfc6188")]
const CM_192_RTP: [u8; 26] = *b"\x24\x11\xa1\xeb\x10\x5e\x8d\x32\x49\xf0\x36\x94\x74\xc2\xbe\x51\
    \xce\x3b\xa8\x34\xbe\xcc\x1d\xdc\x66\x10";
#[cfg(feature = "rfc6188")]
const CM_192_RTCP: [u8; 30] = *b"\x07\xf9\x9d\x1e\x2d\xa1\x98\xc0\x60\xf8\x88\xf0\x4f\x27\x11\x33\
    \x80\x00\x00\x01\xfb\x80\x52\x68\x07\xdb\x89\x03\x4c\x62";
#[cfg(feature = "rfc6188")]
const CM_256_RTP: [u8; 26] = *b"\x2e\xaf\xab\x4c\x54\x11\xba\xca\x23\x55\xd5\x53\xeb\x99\xf2\x52\
    \x0e\x6b\x00\xdb\xd5\x1d\x0c\x94\xfc\x25";
#[cfg(feature = "rfc6188")]
const CM_256_RTCP: [u8; 30] = *b"\x90\x22\x6f\x76\x90\x76\x83\x87\x99\xdb\x59\xe0\x76\x80\x16\x3b\
    \x80\x00\x00\x01\xc1\x30\x4d\x21\x79\xc8\xf6\x89\x47\xf4";
#[cfg(feature = "f8")]
const F8_RTP: [u8; 26] = *b"\x46\xfa\x3d\x4d\xa1\x64\x3d\x3c\xdb\x04\x03\x4a\xe3\x48\x20\x23\
    \xd7\x83\x3d\x69\xcf\x9d\x84\x2c\xfc\xc8";
#[cfg(feature = "f8")]
const F8_RTCP: [u8; 30] = *b"\x22\x52\x3f\x52\xa7\xe1\x00\x25\x38\xad\x93\xd3\x95\x10\x7c\x90\
    \x80\x00\x00\x01\x2a\x12\x9d\xcc\x4c\xef\x7d\xcb\x0c\x6d";
#[cfg(feature = "insecure")]
const NULL_RTP: [u8; 26] = *b"\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\
    \xab\xa1\x36\x27\x0b\x67\x91\x34\xce\x9b";
#[cfg(feature = "insecure")]
const NULL_RTCP: [u8; 30] = *b"\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\
    \x00\x00\x00\x01\xfe\x88\xc7\xfd\xfd\x37\xeb\xce\x61\x5d";
#[cfg(feature = "gcm")]
const GCM_128_RTP: [u8; 32] = *b"\xc5\x00\x2e\xde\x04\xcf\xdd\x2e\xb9\x11\x59\xe0\x88\x0a\xa0\x6e\
    \xd2\x97\x68\x26\xf7\x96\xb2\x01\xdf\x31\x31\xa1\x27\xe8\xa3\x92";
#[cfg(feature = "gcm")]
const GCM_128_RTCP: [u8; 36] = *b"\xc9\x8b\x8b\x5d\xf0\x39\x2a\x55\x85\x2b\x6c\x21\xac\x8e\x70\x25\
    \xc5\x2c\x6f\xbe\xa2\xb3\xb4\x46\xea\x31\x12\x3b\xa8\x8c\xe6\x1e\x80\x00\x00\x01";
#[cfg(feature = "gcm")]
const GCM_256_RTP: [u8; 32] = *b"\x0a\xf7\xf2\x1e\x8a\x90\xbd\xad\x7a\x42\x5c\x9c\x31\xed\x4b\xb1\
    \xd9\x02\x38\x91\x7e\x73\x90\xa2\x79\x35\x00\xe1\x68\x1a\xca\xea";
#[cfg(feature = "gcm")]
const GCM_256_RTCP: [u8; 36] = *b"\x8a\xbf\xaf\xa7\x80\x07\x0a\x90\xe8\x0f\x91\x61\xcf\x4a\xac\x08\
    \x1e\xd9\x3a\xaa\x53\xc1\x5b\x0f\x3e\xd1\xa3\xb9\x84\x16\x7b\x03\x80\x00\x00\x01";

#[inline(never)] // The stack of one profile is gone before the next.
fn with<C: PacketCipher>(profile: Profile) -> Result<bool, Error> {
    // As a slice, as C's blocks hold them: one kind of code for both.
    let mut ciphers = [SessionCiphers::<C>::empty()];
    check(profile, &mut ciphers.as_mut_slice())
}

/// Whether one profile gives its known answers. One place for keys serves both directions in turn: less
/// stack, and its reuse is tested too.
fn check(profile: Profile, ciphers: &mut dyn CipherSlots) -> Result<bool, Error> {
    let (rtp, rtcp): (&[u8], &[u8]) = match profile.construction() {
        Construction::AesCm128HmacSha1 => (&CM_128_RTP, &CM_128_RTCP),
        #[cfg(feature = "rfc6188")]
        Construction::AesCm192HmacSha1 => (&CM_192_RTP, &CM_192_RTCP),
        #[cfg(feature = "rfc6188")]
        Construction::AesCm256HmacSha1 => (&CM_256_RTP, &CM_256_RTCP),
        #[cfg(feature = "f8")]
        Construction::F8Aes128HmacSha1 => (&F8_RTP, &F8_RTCP),
        #[cfg(feature = "insecure")]
        Construction::NullHmacSha1 => (&NULL_RTP, &NULL_RTCP),
        #[cfg(feature = "gcm")]
        Construction::Aes128Gcm => (&GCM_128_RTP, &GCM_128_RTCP),
        #[cfg(feature = "gcm")]
        Construction::Aes256Gcm => (&GCM_256_RTP, &GCM_256_RTCP),
        _ => return Ok(false),
    };
    // A shorter tag is the beginning of the longer one; that of an AEAD stands in front of the index.
    let rtp = rtp.get(..16 + profile.rtp_tag_len()).unwrap_or(rtp);
    let (rtcp, rtcp_end) = (
        rtcp.get(..16 + profile.rtcp_tag_len()),
        rtcp.get(rtcp.len() - 4..).unwrap_or(rtcp),
    );
    let (short_key, salt) = CM_KEY.split_at(16);
    let master = if profile.is_aead() {
        MasterKey::new(KEY.get(..profile.key_len()).unwrap_or(&KEY), &GCM_SALT)
    } else if profile.key_len() == 16 {
        MasterKey::new(short_key, salt)
    } else {
        MasterKey::new(KEY.get(..profile.key_len()).unwrap_or(&KEY), salt)
    };
    let mut options = Options::SAFE;
    options.insecure_unencrypted_srtp = !profile.is_encrypting();
    options.insecure_unencrypted_srtcp = !profile.is_encrypting();
    let mut room = Room {
        ciphers,
        keys: [Key::FREE],
        streams: [Stream::FREE],
        rtp_windows: [0; 2],
        rtcp_windows: [0; 2],
    };
    let (mut rtp_wire, mut rtcp_wire) = ([0; 44], [0; 44]);

    let sender = Sender::new(profile, options, &master, room.parts())?;
    let (rtp_len, rtcp_len) = seal(sender, &mut rtp_wire, &mut rtcp_wire)?;
    let rtp_wire = rtp_wire.get_mut(..rtp_len).unwrap_or_default();
    let rtcp_wire = rtcp_wire.get_mut(..rtcp_len).unwrap_or_default();
    let sealed = rtp_wire.split_at_checked(12) == Some((RTP.split_at(12).0, rtp))
        && rtcp_wire.starts_with(RTCP.split_at(8).0)
        && rtcp_wire
            .get(8..)
            .and_then(|rest| rest.strip_suffix(rtcp_end))
            == rtcp;

    let receiver = Receiver::new(profile, options, &master, room.parts())?;
    Ok(sealed && opens(receiver, rtp_wire, rtcp_wire)?)
}

/// Room for a sender or a receiver of one stream.
struct Room<'c> {
    ciphers: &'c mut dyn CipherSlots,
    keys: [Key; 1],
    streams: [Stream; 1],
    rtp_windows: [u32; 2],
    rtcp_windows: [u32; 2],
}

impl Room<'_> {
    fn parts(&mut self) -> Parts<'_> {
        Parts {
            ciphers: &mut *self.ciphers,
            keys: &mut self.keys,
            mkis: &mut [],
            element_keys: &mut [],
            streams: &mut self.streams,
            rtp_windows: &mut self.rtp_windows,
            rtcp_windows: &mut self.rtcp_windows,
        }
    }
}

/// Protects the packets; their lengths.
#[inline(never)] // Its stack is gone before packets are opened.
fn seal(
    mut sender: Sender<'_>,
    rtp_wire: &mut [u8],
    rtcp_wire: &mut [u8],
) -> Result<(usize, usize), Error> {
    let rtp_len = sender.protect(&RTP, rtp_wire)?.len;
    // The answer is for index 1, the second packet.
    let _ = sender.protect_rtcp(&RTCP, rtcp_wire)?;
    Ok((rtp_len, sender.protect_rtcp(&RTCP, rtcp_wire)?.len))
}

/// Whether damaged packets are refused, and good ones opened.
#[inline(never)] // As above.
fn opens(
    mut receiver: Receiver<'_>,
    rtp_wire: &mut [u8],
    rtcp_wire: &mut [u8],
) -> Result<bool, Error> {
    flip_a_bit(rtp_wire);
    flip_a_bit(rtcp_wire);
    let refused = receiver.unprotect_in_place(rtp_wire) == Err(Error::Authentication)
        && receiver.unprotect_rtcp_in_place(rtcp_wire) == Err(Error::Authentication);
    flip_a_bit(rtp_wire);
    flip_a_bit(rtcp_wire);
    let rtp_len = receiver.unprotect_in_place(rtp_wire)?.len;
    let rtcp_len = receiver.unprotect_rtcp_in_place(rtcp_wire)?.len;
    let opened = rtp_wire.get(..rtp_len) == Some(&RTP) && rtcp_wire.get(..rtcp_len) == Some(&RTCP);
    Ok(refused && opened)
}

/// Damages a packet in its payload, and mends it the second time.
fn flip_a_bit(packet: &mut [u8]) {
    if let Some(octet) = packet.get_mut(20) {
        *octet ^= 1;
    }
}
