// SPDX-License-Identifier: MIT OR Apache-2.0
//! libsrtp as an [`Endpoint`].

use std::ffi::{c_int, c_uint, c_void};
use std::mem::MaybeUninit;
use std::ptr;

use sipseal_srtp::Construction;
use srtp::{CryptoPolicy, sys};

use crate::verdict::{Both, Change, Endpoint, NamedKey, Protocol, Refusal, Setup};
use crate::{aes192, packets};

/// Octets that libsrtp may write behind a packet.
const TRAILER: usize = sys::SRTP_MAX_TRAILER_LEN as usize + 4;

pub struct LibSrtp {
    outbound: Session,
    inbound: Session,
    /// SSRCs whose streams were made for them.
    listed: Vec<u32>,
    policy: Policy,
}

/// What streams are made from.
#[derive(Clone)]
struct Policy {
    setup: Setup,
    rtp: CryptoPolicy,
    rtcp: CryptoPolicy,
    /// AES-192 session keys are those of RFC 6188.
    mends_aes_192: bool,
    /// The MKI to send with.
    current: Vec<u8>,
}

/// Which streams a policy is for.
#[derive(Clone, Copy)]
enum For {
    AnyOutbound,
    AnyInbound,
    Ssrc(u32),
}

impl LibSrtp {
    /// An end that derives the session keys of AES-192 and of the null cipher as the RFCs have it.
    pub fn new(setup: &Setup) -> Self {
        let (mut rtp, mut rtcp) = policies(setup);
        if !setup.profile.is_encrypting() {
            // The null cipher is told to have a key, so that the derivation gets the master key.
            let len = c_int::try_from(setup.key_and_salt.len()).unwrap();
            rtp = changed(rtp, |raw| raw.cipher_key_len = len);
            rtcp = changed(rtcp, |raw| raw.cipher_key_len = len);
        }
        let mends_aes_192 = setup.profile.construction() == Construction::AesCm192HmacSha1;
        Self::with(setup, rtp, rtcp, mends_aes_192)
    }

    /// An end with libsrtp's own policies for the profile, and with the keys that it makes of them.
    pub fn as_shipped(setup: &Setup) -> Self {
        let (rtp, rtcp) = policies(setup);
        Self::with(setup, rtp, rtcp, false)
    }

    fn with(setup: &Setup, rtp: CryptoPolicy, rtcp: CryptoPolicy, mends_aes_192: bool) -> Self {
        let policy = Policy {
            setup: setup.clone(),
            rtp,
            rtcp,
            mends_aes_192,
            current: setup
                .keys
                .first()
                .map(|key| key.mki.clone())
                .unwrap_or_default(),
        };
        let [outbound, inbound] = policy.sessions();
        Self {
            outbound,
            inbound,
            listed: Vec::new(),
            policy,
        }
    }

    /// Octets that protection adds to packets of both protocols, as libsrtp tells.
    pub fn trailer_lens(&self) -> [usize; 2] {
        let (use_mki, position) = (self.policy.use_mki(), self.policy.position());
        let session = self.outbound.0;
        let mut lens = [0; 2];
        // SAFETY: the session lives, and each length is written.
        let statuses = unsafe {
            [
                sys::srtp_get_protect_trailer_length(session, use_mki, position, &raw mut lens[0]),
                sys::srtp_get_protect_rtcp_trailer_length(
                    session,
                    use_mki,
                    position,
                    &raw mut lens[1],
                ),
            ]
        };
        assert_eq!(statuses, [0, 0]);
        lens.map(|len| len as usize)
    }

    /// Gives every stream the keys of the policy. Each keeps its ROC.
    fn update(&mut self) {
        let Self {
            outbound,
            inbound,
            listed,
            policy,
        } = self;
        if !policy.setup.is_listed_only() {
            policy.update(outbound, For::AnyOutbound);
            policy.update(inbound, For::AnyInbound);
        }
        for ssrc in listed {
            policy.update(outbound, For::Ssrc(*ssrc));
            policy.update(inbound, For::Ssrc(*ssrc));
        }
    }
}

impl Policy {
    /// A session to send and one to receive, without streams.
    fn sessions(&self) -> [Session; 2] {
        let sessions = [Session::new(), Session::new()];
        if !self.setup.is_listed_only() {
            self.add(&sessions[0], For::AnyOutbound).unwrap();
            self.add(&sessions[1], For::AnyInbound).unwrap();
        }
        sessions
    }

    fn add(&self, session: &Session, streams: For) -> Result<(), Refusal> {
        // SAFETY: the session lives, and what the policy points to does until it has been read.
        let status = self.with_raw(streams, |raw| unsafe {
            sys::srtp_add_stream(session.0, raw)
        });
        Refusal::of_change(status)?;
        self.mend(session, streams);
        Ok(())
    }

    fn update(&self, session: &Session, streams: For) {
        // SAFETY: as above.
        let status = self.with_raw(streams, |raw| unsafe { sys::srtp_update(session.0, raw) });
        assert_eq!(status, 0);
        self.mend(session, streams);
    }

    fn mend(&self, session: &Session, streams: For) {
        if self.mends_aes_192 {
            let ssrc = match streams {
                For::Ssrc(ssrc) => Some(ssrc),
                For::AnyInbound | For::AnyOutbound => None,
            };
            aes192::rekey(session.0, ssrc, &self.masters(), self.setup.mki_len());
        }
    }

    /// Master keys, each with its salt.
    fn masters(&self) -> Vec<&[u8]> {
        let setup = &self.setup;
        if setup.keys.is_empty() {
            return vec![&setup.key_and_salt];
        }
        let all = setup.keys.iter();
        all.map(|key| key.key_and_salt.as_slice()).collect()
    }

    fn with_raw<T>(&self, streams: For, call: impl FnOnce(&sys::srtp_policy_t) -> T) -> T {
        let setup = &self.setup;
        // libsrtp reads all of these and writes to none.
        let mut keys: Vec<sys::srtp_master_key_t> = setup
            .keys
            .iter()
            .map(|NamedKey { mki, key_and_salt }| sys::srtp_master_key_t {
                key: key_and_salt.as_ptr().cast_mut(),
                mki_id: mki.as_ptr().cast_mut(),
                mki_size: c_uint::try_from(mki.len()).unwrap(),
            })
            .collect();
        let mut keys: Vec<*mut sys::srtp_master_key_t> =
            keys.iter_mut().map(ptr::from_mut).collect();
        let mut ids: Vec<c_int> = setup.element_ids.iter().map(|id| (*id).into()).collect();
        let (type_, value) = match streams {
            For::AnyOutbound => (sys::srtp_ssrc_type_t_ssrc_any_outbound, 0),
            For::AnyInbound => (sys::srtp_ssrc_type_t_ssrc_any_inbound, 0),
            For::Ssrc(ssrc) => (sys::srtp_ssrc_type_t_ssrc_specific, ssrc),
        };
        call(&sys::srtp_policy_t {
            ssrc: sys::srtp_ssrc_t { type_, value },
            rtp: self.rtp.into_raw(),
            rtcp: self.rtcp.into_raw(),
            key: if keys.is_empty() {
                setup.key_and_salt.as_ptr().cast_mut()
            } else {
                ptr::null_mut()
            },
            keys: keys.as_mut_ptr(),
            num_master_keys: keys.len() as u64,
            ekt: ptr::null_mut(),
            window_size: setup.window as u64,
            allow_repeat_tx: setup.options.retransmission.into(),
            enc_xtn_hdr: ids.as_mut_ptr(),
            enc_xtn_hdr_count: c_int::try_from(ids.len()).unwrap(),
            next: ptr::null_mut(),
        })
    }

    /// Whether packets have MKIs, as libsrtp takes it.
    fn use_mki(&self) -> c_uint {
        c_uint::from(!self.setup.keys.is_empty())
    }

    /// Where the key to send with is; behind all others if it has gone.
    fn position(&self) -> c_uint {
        let keys = &self.setup.keys;
        let found = keys.iter().position(|key| key.mki == self.current);
        c_uint::try_from(found.unwrap_or(keys.len())).unwrap()
    }
}

/// `srtp_t`.
struct Session(sys::srtp_t);

impl Session {
    /// A session without streams.
    fn new() -> Self {
        srtp::ensure_init();
        let mut session = MaybeUninit::uninit();
        // SAFETY: it writes the session, and takes no policy.
        unsafe {
            assert_eq!(sys::srtp_create(session.as_mut_ptr(), ptr::null()), 0);
            Self(session.assume_init())
        }
    }

    fn roc(&self, ssrc: u32) -> Result<u32, Refusal> {
        let mut roc = 0;
        // SAFETY: the session lives, and the ROC is written.
        let status = unsafe { sys::srtp_get_stream_roc(self.0, ssrc, &raw mut roc) };
        Refusal::of_change(status).map(|()| roc)
    }

    fn set_roc(&self, ssrc: u32, roc: u32) -> Result<(), Refusal> {
        // SAFETY: the session lives.
        Refusal::of_change(unsafe { sys::srtp_set_stream_roc(self.0, ssrc, roc) })
    }

    fn remove(&self, ssrc: u32) -> Result<(), Refusal> {
        // SAFETY: the session lives. This call alone takes the SSRC as it is in packets.
        Refusal::of_change(unsafe { sys::srtp_remove_stream(self.0, ssrc.to_be()) })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: it was created, and is not used again.
        unsafe { sys::srtp_dealloc(self.0) };
    }
}

/// Runs a packet call of libsrtp on a copy of `packet` with room behind it.
fn on_copy(
    packet: &[u8],
    call: impl FnOnce(*mut c_void, *mut c_int) -> sys::srtp_err_status_t,
) -> Result<Vec<u8>, Refusal> {
    let mut buffer = packet.to_vec();
    buffer.resize(packet.len() + TRAILER, 0);
    let mut len = c_int::try_from(packet.len()).unwrap();
    Refusal::of_packet(call(buffer.as_mut_ptr().cast(), &raw mut len))?;
    buffer.truncate(usize::try_from(len).unwrap());
    Ok(buffer)
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
    // RFC 4568 section 6.2.2: with a short tag on SRTP, SRTCP keeps the long one.
    let with_tag_len = |len: usize| {
        let len = c_int::try_from(len).unwrap();
        changed(long, |raw| raw.auth_tag_len = len)
    };
    let rtp = with_tag_len(setup.profile.rtp_tag_len());
    let rtcp = with_tag_len(setup.profile.rtcp_tag_len());
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
    // SRTCP always has one.
    let rtcp = changed(rtcp, |raw| {
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
        let session = self.outbound.0;
        let (use_mki, position) = (self.policy.use_mki(), self.policy.position());
        // SAFETY: the session lives, and the buffer has room for all that protection adds.
        on_copy(packet, |buffer, len| unsafe {
            match protocol {
                Protocol::Rtp => sys::srtp_protect_mki(session, buffer, len, use_mki, position),
                Protocol::Rtcp => {
                    sys::srtp_protect_rtcp_mki(session, buffer, len, use_mki, position)
                }
            }
        })
    }

    fn unprotect(&mut self, protocol: Protocol, wire: &[u8]) -> Result<Vec<u8>, Refusal> {
        if overlaps_mki(&self.policy.setup, protocol, wire) {
            return Err(Refusal::NotTried);
        }
        let session = self.inbound.0;
        let use_mki = self.policy.use_mki();
        // SAFETY: the session lives; the buffer holds the packet, which is none that would be read beyond.
        on_copy(wire, |buffer, len| unsafe {
            match protocol {
                Protocol::Rtp => sys::srtp_unprotect_mki(session, buffer, len, use_mki),
                Protocol::Rtcp => sys::srtp_unprotect_rtcp_mki(session, buffer, len, use_mki),
            }
        })
    }

    fn change(&mut self, change: &Change) -> Both<()> {
        let setup = &mut self.policy.setup;
        match change {
            Change::UseKey(mki) => self.policy.current.clone_from(mki),
            Change::Keys(keys) => {
                setup.keys.clone_from(keys);
                self.update();
            }
            Change::Rekey(key_and_salt) => {
                setup.key_and_salt.clone_from(key_and_salt);
                self.update();
            }
            Change::Reset(key_and_salt) => {
                setup.key_and_salt.clone_from(key_and_salt);
                [self.outbound, self.inbound] = self.policy.sessions();
                for ssrc in &self.listed {
                    self.policy.add(&self.outbound, For::Ssrc(*ssrc)).unwrap();
                    self.policy.add(&self.inbound, For::Ssrc(*ssrc)).unwrap();
                }
            }
            Change::AddStream(ssrc) => {
                self.listed.push(*ssrc);
                return [&self.outbound, &self.inbound]
                    .map(|session| self.policy.add(session, For::Ssrc(*ssrc)));
            }
            Change::RemoveStream(ssrc) => {
                self.listed.retain(|listed| listed != ssrc);
                return [&self.outbound, &self.inbound].map(|session| session.remove(*ssrc));
            }
            Change::SetRoc(ssrc, roc) => {
                return [&self.outbound, &self.inbound].map(|session| session.set_roc(*ssrc, *roc));
            }
        }
        [Ok(()), Ok(())]
    }

    fn roc(&mut self, ssrc: u32) -> Both<u32> {
        [&self.outbound, &self.inbound].map(|session| session.roc(ssrc))
    }
}

/// Whether the header of a GCM packet reaches into what would be its MKI. libsrtp would take what lies between
/// for about 2^32 octets ([`SHORT_GCM`](crate::differences::SHORT_GCM)).
fn overlaps_mki(setup: &Setup, protocol: Protocol, wire: &[u8]) -> bool {
    let header = match packets::header_len(wire) {
        Some(header) if header <= wire.len() => header,
        _ => return false,
    };
    let overlaps = header + setup.mki_len() > wire.len();
    overlaps && protocol == Protocol::Rtp && setup.profile.is_aead() && !setup.keys.is_empty()
}
