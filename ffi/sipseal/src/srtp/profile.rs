// SPDX-License-Identifier: MIT OR Apache-2.0
//! Profile numbers and lengths.

use core::ffi::c_char;
use core::ptr;

use sipseal::srtp::rtcp::INDEX_LEN;
use sipseal::srtp::{MAX_PACKET_LEN, Profile};

use crate::pointers;
use crate::status::{SIPSEAL_UNKNOWN_PROFILE, SIPSEAL_UNSUPPORTED, sipseal_status};

/// AES-128 in counter mode with HMAC-SHA1, 80-bit tags (RFC 3711). The profile that every phone has.
///
/// Below 1,000 the number is that of DTLS-SRTP (RFC 5764, RFC 7714).
pub const SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80: u32 = 1;
/// The same with 32-bit tags on SRTP; SRTCP keeps 80 bits (RFC 4568).
pub const SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_32: u32 = 2;
/// HMAC-SHA1 with 80-bit tags and no encryption (RFC 3711). Needs both
/// SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP and SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP.
pub const SIPSEAL_SRTP_NULL_HMAC_SHA1_80: u32 = 5;
/// The same with 32-bit tags on SRTP.
pub const SIPSEAL_SRTP_NULL_HMAC_SHA1_32: u32 = 6;
/// AES-128 in Galois/counter mode, 128-bit tags (RFC 7714).
pub const SIPSEAL_SRTP_AEAD_AES_128_GCM: u32 = 7;
/// AES-256 in Galois/counter mode, 128-bit tags (RFC 7714).
pub const SIPSEAL_SRTP_AEAD_AES_256_GCM: u32 = 8;
/// AES-192 in counter mode with HMAC-SHA1, 80-bit tags (RFC 6188).
pub const SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_80: u32 = 1001;
/// The same with 32-bit tags on SRTP.
pub const SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_32: u32 = 1002;
/// AES-256 in counter mode with HMAC-SHA1, 80-bit tags (RFC 6188).
pub const SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_80: u32 = 1003;
/// The same with 32-bit tags on SRTP.
pub const SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_32: u32 = 1004;
/// AES-128 in f8 mode with HMAC-SHA1, 80-bit tags (RFC 3711).
pub const SIPSEAL_SRTP_F8_128_HMAC_SHA1_80: u32 = 1005;
/// AES-128 in Galois/counter mode, 64-bit tags, as in drafts before RFC 7714, which gave them up: a forgery succeeds
/// far sooner. For gateways that offer nothing else.
pub const SIPSEAL_SRTP_AEAD_AES_128_GCM_8: u32 = 1006;
/// AES-256 in Galois/counter mode, 64-bit tags.
pub const SIPSEAL_SRTP_AEAD_AES_256_GCM_8: u32 = 1007;

/// Most octets of a master key.
pub const SIPSEAL_SRTP_MAX_KEY_LEN: usize = 32;
/// Most octets of a master salt.
pub const SIPSEAL_SRTP_MAX_SALT_LEN: usize = 14;
/// Most octets of a master key followed by its master salt.
pub const SIPSEAL_SRTP_MAX_SECRET_LEN: usize = 46;
/// Most octets that protection adds to a packet: room for this many behind it always suffices. Without MKI, RFC
/// 4771 and Cryptex 20 do.
pub const SIPSEAL_SRTP_MAX_TRAILER_LEN: usize = 148;
/// Longest packet in octets, protected or not.
pub const SIPSEAL_SRTP_MAX_PACKET_LEN: usize = 65535;

const _: () = assert!(SIPSEAL_SRTP_MAX_PACKET_LEN == MAX_PACKET_LEN);
const _: () = {
    let mut position = 0;
    while position < Profile::ALL.len() {
        #[allow(clippy::indexing_slicing)] // At compile time.
        let profile = Profile::ALL[position];
        assert!(profile.key_len() <= SIPSEAL_SRTP_MAX_KEY_LEN);
        assert!(profile.salt_len() <= SIPSEAL_SRTP_MAX_SALT_LEN);
        position += 1;
    }
};
const _: () = assert!(SIPSEAL_SRTP_MAX_SECRET_LEN == sipseal::keying::sdes::MAX_SECRET_LEN);

pub(crate) fn from_number(number: u32) -> Result<Profile, sipseal_status> {
    let found = Profile::ALL
        .iter()
        .find(|profile| to_number(**profile) == number);
    found.copied().ok_or(match number {
        SIPSEAL_SRTP_NULL_HMAC_SHA1_80..=SIPSEAL_SRTP_AEAD_AES_256_GCM
        | SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_80..=SIPSEAL_SRTP_AEAD_AES_256_GCM_8 => {
            SIPSEAL_UNSUPPORTED
        }
        _ => SIPSEAL_UNKNOWN_PROFILE,
    })
}

/// The number of a profile.
pub(crate) fn to_number(profile: Profile) -> u32 {
    match profile {
        Profile::AesCm128HmacSha1_80 => SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80,
        Profile::AesCm128HmacSha1_32 => SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_32,
        #[cfg(feature = "rfc6188")]
        Profile::AesCm192HmacSha1_80 => SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_80,
        #[cfg(feature = "rfc6188")]
        Profile::AesCm192HmacSha1_32 => SIPSEAL_SRTP_AES_192_CM_HMAC_SHA1_32,
        #[cfg(feature = "rfc6188")]
        Profile::AesCm256HmacSha1_80 => SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_80,
        #[cfg(feature = "rfc6188")]
        Profile::AesCm256HmacSha1_32 => SIPSEAL_SRTP_AES_256_CM_HMAC_SHA1_32,
        #[cfg(feature = "f8")]
        Profile::F8Aes128HmacSha1_80 => SIPSEAL_SRTP_F8_128_HMAC_SHA1_80,
        #[cfg(feature = "insecure")]
        Profile::NullHmacSha1_80 => SIPSEAL_SRTP_NULL_HMAC_SHA1_80,
        #[cfg(feature = "insecure")]
        Profile::NullHmacSha1_32 => SIPSEAL_SRTP_NULL_HMAC_SHA1_32,
        #[cfg(feature = "gcm")]
        Profile::AeadAes128Gcm => SIPSEAL_SRTP_AEAD_AES_128_GCM,
        #[cfg(feature = "gcm")]
        Profile::AeadAes256Gcm => SIPSEAL_SRTP_AEAD_AES_256_GCM,
        #[cfg(feature = "gcm8")]
        Profile::AeadAes128Gcm8 => SIPSEAL_SRTP_AEAD_AES_128_GCM_8,
        #[cfg(feature = "gcm8")]
        Profile::AeadAes256Gcm8 => SIPSEAL_SRTP_AEAD_AES_256_GCM_8,
        // None that this crate's features leave out.
        _ => 0,
    }
}

/// The name of a profile's crypto-suite, as in `a=crypto` lines: static text, NULL if the profile is
/// unknown or left out of the build. (Those without encryption have no crypto-suite; their names follow the others.)
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sipseal_srtp_profile_name(profile: u32) -> *const c_char {
    from_number(profile).map_or(ptr::null(), |profile| profile.name().as_ptr())
}

/// The profile of a crypto-suite's name, `name_len` octets in upper or lower case; 0 if it is unknown or left out of the
/// build.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sipseal_srtp_profile_from_name(
    name: *const c_char,
    name_len: usize,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe { pointers::input(name.cast(), name_len) }
        .ok()
        .and_then(Profile::from_name)
        .map_or(0, to_number)
}

/// Octets of the master key of a profile: 16, 24 or 32; 0 if the profile is unknown or left out of the build.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sipseal_srtp_key_len(profile: u32) -> usize {
    from_number(profile).map_or(0, Profile::key_len)
}

/// Octets of the master salt of a profile: 14 or 12; 0 if the profile is unknown or left out of the build.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sipseal_srtp_salt_len(profile: u32) -> usize {
    from_number(profile).map_or(0, Profile::salt_len)
}

/// Octets of the tag that protection adds to an RTP packet: 10, 4, 16 or 8; 0 if the profile is unknown or left out of
/// the build. Add to that: the MKI, an empty header extension of 4 octets with SIPSEAL_SRTP_CRYPTEX where a packet
/// has contributing sources and no extension, and 4 octets with RFC 4771, whose modes 1 and 3 add nothing to
/// packets that do not carry the ROC. There is no tag with SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sipseal_srtp_rtp_trailer_len(profile: u32) -> usize {
    from_number(profile).map_or(0, Profile::rtp_tag_len)
}

/// Octets of tag and index that protection adds to an RTCP packet: 14, 20 or 12; 0 if the profile is unknown or left out
/// of the build. Add to that the MKI.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sipseal_srtp_rtcp_trailer_len(profile: u32) -> usize {
    from_number(profile).map_or(0, |profile| INDEX_LEN + profile.rtcp_tag_len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every number there ever was is known in every build: left out is not the same as unknown.
    #[test]
    fn numbers() {
        let known = [1, 2, 5, 6, 7, 8, 1001, 1002, 1003, 1004, 1005, 1006, 1007];
        let mut built = 0;
        for number in 0..2000 {
            let expected = if known.contains(&number) {
                SIPSEAL_UNSUPPORTED
            } else {
                SIPSEAL_UNKNOWN_PROFILE
            };
            match from_number(number) {
                Ok(profile) => {
                    assert!(known.contains(&number));
                    assert_eq!(to_number(profile), number);
                    assert_eq!(sipseal_srtp_key_len(number), profile.key_len());
                    built += 1;
                }
                Err(status) => {
                    assert_eq!(status, expected, "{number}");
                    assert_eq!(sipseal_srtp_key_len(number), 0);
                    assert!(sipseal_srtp_profile_name(number).is_null());
                }
            }
        }
        assert_eq!(built, Profile::ALL.len());
    }
}
