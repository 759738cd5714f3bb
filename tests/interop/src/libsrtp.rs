// SPDX-License-Identifier: MIT OR Apache-2.0
//! libsrtp as an [`Endpoint`].

use sipseal_srtp::{Construction, Profile};
use srtp::{CryptoPolicy, Session, StreamPolicy, sys};

use crate::aes192;
use crate::verdict::{Endpoint, Protocol, Refusal, Setup};

pub struct LibSrtp {
    outbound: Session,
    inbound: Session,
}

impl LibSrtp {
    /// An end that derives the session keys of AES-192 and of the null cipher as the RFCs have it.
    pub fn new(setup: &Setup) -> Self {
        let (mut rtp, mut rtcp) = policies(setup);
        if !setup.profile.is_encrypting() {
            // The null cipher is told to have a key, so that the derivation gets the master key.
            let len = i32::try_from(setup.key_and_salt.len()).unwrap();
            rtp = changed(rtp, |raw| raw.cipher_key_len = len);
            rtcp = changed(rtcp, |raw| raw.cipher_key_len = len);
        }
        let mut made = Self::with(setup, rtp, rtcp);
        if setup.profile.construction() == Construction::AesCm192HmacSha1 {
            aes192::rekey(&mut made.outbound, &setup.key_and_salt);
            aes192::rekey(&mut made.inbound, &setup.key_and_salt);
        }
        made
    }

    /// An end with libsrtp's own policies for the profile, and with the keys that it makes of them.
    pub fn as_shipped(setup: &Setup) -> Self {
        let (rtp, rtcp) = policies(setup);
        Self::with(setup, rtp, rtcp)
    }

    fn with(setup: &Setup, rtp: CryptoPolicy, rtcp: CryptoPolicy) -> Self {
        let policy = StreamPolicy {
            rtp,
            rtcp,
            key: &setup.key_and_salt,
            window_size: setup.window as u64,
            ..StreamPolicy::default()
        };
        Self {
            outbound: Session::with_outbound_template(policy).unwrap(),
            inbound: Session::with_inbound_template(policy).unwrap(),
        }
    }
}

/// The policies of SRTP and SRTCP.
fn policies(setup: &Setup) -> (CryptoPolicy, CryptoPolicy) {
    let long = match setup.profile.construction() {
        Construction::AesCm128HmacSha1 => CryptoPolicy::aes_cm_128_hmac_sha1_80(),
        Construction::AesCm192HmacSha1 => CryptoPolicy::aes_cm_192_hmac_sha1_80(),
        Construction::AesCm256HmacSha1 => CryptoPolicy::aes_cm_256_hmac_sha1_80(),
        Construction::NullHmacSha1 => CryptoPolicy::null_cipher_hmac_sha1_80(),
        Construction::Aes128Gcm => CryptoPolicy::aes_gcm_128_16_auth(),
        Construction::Aes256Gcm => CryptoPolicy::aes_gcm_256_16_auth(),
        other => panic!("no policy for {other:?}"),
    };
    let rtp = match setup.profile {
        Profile::AesCm128HmacSha1_32 => CryptoPolicy::aes_cm_128_hmac_sha1_32(),
        Profile::AesCm192HmacSha1_32 => CryptoPolicy::aes_cm_192_hmac_sha1_32(),
        Profile::AesCm256HmacSha1_32 => CryptoPolicy::aes_cm_256_hmac_sha1_32(),
        Profile::NullHmacSha1_32 => changed(long, |raw| raw.auth_tag_len = 4),
        _ => long,
    };
    let rtp = changed(rtp, |raw| {
        if setup.options.insecure_unencrypted_srtp {
            raw.sec_serv &= !sys::srtp_sec_serv_t_sec_serv_conf;
        }
        if setup.options.insecure_unauthenticated_srtp {
            // Its receiver takes the tag off all the same, if there is a length of one.
            let without = CryptoPolicy::aes_cm_128_null_auth().into_raw();
            raw.auth_type = without.auth_type;
            raw.auth_key_len = without.auth_key_len;
            raw.auth_tag_len = without.auth_tag_len;
            raw.sec_serv &= !sys::srtp_sec_serv_t_sec_serv_auth;
        }
    });
    // RFC 4568 section 6.2.2: SRTCP keeps the long tag, and always has one.
    let rtcp = changed(long, |raw| {
        if setup.options.insecure_unencrypted_srtcp {
            raw.sec_serv &= !sys::srtp_sec_serv_t_sec_serv_conf;
        }
    });
    (rtp, rtcp)
}

fn changed(
    policy: CryptoPolicy,
    change: impl FnOnce(&mut sys::srtp_crypto_policy_t),
) -> CryptoPolicy {
    let mut raw = policy.into_raw();
    change(&mut raw);
    // SAFETY: every field was set by libsrtp, and those changed here hold other values that it knows, with
    // no key longer than the one that a session gets.
    unsafe { CryptoPolicy::from_raw(raw) }
}

impl Endpoint for LibSrtp {
    fn protect(&mut self, protocol: Protocol, packet: &[u8]) -> Result<Vec<u8>, Refusal> {
        let mut buffer = packet.to_vec();
        match protocol {
            Protocol::Rtp => self.outbound.protect(&mut buffer),
            Protocol::Rtcp => self.outbound.protect_rtcp(&mut buffer),
        }?;
        Ok(buffer)
    }

    fn unprotect(&mut self, protocol: Protocol, wire: &[u8]) -> Result<Vec<u8>, Refusal> {
        let mut buffer = wire.to_vec();
        match protocol {
            Protocol::Rtp => self.inbound.unprotect(&mut buffer),
            Protocol::Rtcp => self.inbound.unprotect_rtcp(&mut buffer),
        }?;
        Ok(buffer)
    }
}
