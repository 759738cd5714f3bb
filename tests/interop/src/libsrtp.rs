// SPDX-License-Identifier: MIT OR Apache-2.0
//! libsrtp as an [`Endpoint`].

use sipseal_srtp::Profile;
use srtp::{CryptoPolicy, Session, StreamPolicy, sys};

use crate::verdict::{Endpoint, Protocol, Refusal, Setup};

pub struct LibSrtp {
    outbound: Session,
    inbound: Session,
}

impl LibSrtp {
    pub fn new(setup: &Setup) -> Self {
        let (rtp, rtcp) = match setup.profile {
            Profile::AesCm128HmacSha1_80 => (
                CryptoPolicy::aes_cm_128_hmac_sha1_80(),
                CryptoPolicy::aes_cm_128_hmac_sha1_80(),
            ),
            // RFC 4568 section 6.2.2: SRTCP keeps the long tag.
            Profile::AesCm128HmacSha1_32 => (
                CryptoPolicy::aes_cm_128_hmac_sha1_32(),
                CryptoPolicy::aes_cm_128_hmac_sha1_80(),
            ),
            Profile::AeadAes128Gcm => (
                CryptoPolicy::aes_gcm_128_16_auth(),
                CryptoPolicy::aes_gcm_128_16_auth(),
            ),
            Profile::AeadAes256Gcm => (
                CryptoPolicy::aes_gcm_256_16_auth(),
                CryptoPolicy::aes_gcm_256_16_auth(),
            ),
            other => panic!("no policy for {other:?}"),
        };
        let policy = StreamPolicy {
            rtp,
            rtcp: if setup.rtcp_encryption {
                rtcp
            } else {
                authentication_only(rtcp)
            },
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

fn authentication_only(policy: CryptoPolicy) -> CryptoPolicy {
    let mut raw = policy.into_raw();
    raw.sec_serv = sys::srtp_sec_serv_t_sec_serv_auth;
    // SAFETY: every field was set by libsrtp, and the one changed here holds another value of its type.
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
