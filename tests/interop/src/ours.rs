// SPDX-License-Identifier: MIT OR Apache-2.0
//! sipseal as an [`Endpoint`].

use std::collections::HashSet;

use sipseal_srtp::{
    Aes128Gcm, Aes256Gcm, AesCm128HmacSha1, AesCm192HmacSha1, AesCm256HmacSha1, Construction,
    F8Aes128HmacSha1, MasterKey, NullHmacSha1, PacketCipher, Processed, Receiver, Sender, Storage,
};

use crate::verdict::{Endpoint, Protocol, Refusal, Setup};

/// Streams in each storage.
pub const STREAMS: usize = 16;

/// What lies in an output buffer before a call, to see that a failed one leaves it there.
const UNTOUCHED: u8 = 0xa5;

pub struct Ours {
    sender: Sender<'static>,
    receiver: Receiver<'static>,
    /// Calls so far: every other one works in place.
    calls: usize,
    /// SSRCs whose SRTCP index has left 0 behind; `None` to leave it as it is.
    aligned: Option<HashSet<u32>>,
}

impl Ours {
    /// An end whose SRTCP index starts where libsrtp's does.
    pub fn new(setup: &Setup) -> Self {
        Self {
            aligned: Some(HashSet::new()),
            ..Self::as_shipped(setup)
        }
    }

    /// An end whose SRTCP index starts at 0.
    pub fn as_shipped(setup: &Setup) -> Self {
        let (sender, receiver) = match setup.profile.construction() {
            Construction::AesCm128HmacSha1 => with_cipher::<AesCm128HmacSha1>(setup),
            Construction::AesCm192HmacSha1 => with_cipher::<AesCm192HmacSha1>(setup),
            Construction::AesCm256HmacSha1 => with_cipher::<AesCm256HmacSha1>(setup),
            Construction::F8Aes128HmacSha1 => with_cipher::<F8Aes128HmacSha1>(setup),
            Construction::NullHmacSha1 => with_cipher::<NullHmacSha1>(setup),
            Construction::Aes128Gcm => with_cipher::<Aes128Gcm>(setup),
            Construction::Aes256Gcm => with_cipher::<Aes256Gcm>(setup),
            other => panic!("no storage for {other:?}"),
        };
        Self {
            sender,
            receiver,
            calls: 0,
            aligned: None,
        }
    }

    fn in_place_next(&mut self) -> bool {
        self.calls += 1;
        self.calls.is_multiple_of(2)
    }

    /// Sends one RTCP packet of an SSRC to nowhere, so that the next has index 1.
    fn align(&mut self, packet: &[u8]) {
        let Some(aligned) = &mut self.aligned else {
            return;
        };
        let Some(&[_, _, _, _, a, b, c, d]) = packet.first_chunk::<8>() else {
            return;
        };
        if aligned.insert(u32::from_be_bytes([a, b, c, d])) {
            let len = packet.len() + self.sender.rtcp_trailer_len();
            let _ = self.sender.protect_rtcp(packet, &mut vec![0; len]);
        }
    }
}

fn with_cipher<C: PacketCipher + 'static>(setup: &Setup) -> (Sender<'static>, Receiver<'static>) {
    match setup.window {
        64 => with_window::<C, 2>(setup),
        128 => with_window::<C, 4>(setup),
        1024 => with_window::<C, 32>(setup),
        other => panic!("no storage with a window of {other}"),
    }
}

fn with_window<C: PacketCipher + 'static, const WORDS: usize>(
    setup: &Setup,
) -> (Sender<'static>, Receiver<'static>) {
    // Both live as long as the test process: a few kilobytes for each run.
    let storage = || Box::leak(Box::new(Storage::<C, STREAMS, WORDS>::new()));
    let master = MasterKey::from_concatenated(setup.profile, &setup.key_and_salt).unwrap();
    (
        storage()
            .sender(setup.profile, setup.options, &master)
            .unwrap(),
        storage()
            .receiver(setup.profile, setup.options, &master)
            .unwrap(),
    )
}

impl Endpoint for Ours {
    fn protect(&mut self, protocol: Protocol, packet: &[u8]) -> Result<Vec<u8>, Refusal> {
        if protocol == Protocol::Rtcp {
            self.align(packet);
        }
        let len = packet.len();
        let in_place = self.in_place_next();
        let sender = &mut self.sender;
        let mut output = match protocol {
            Protocol::Rtp => vec![UNTOUCHED; len + sender.rtp_trailer_len()],
            Protocol::Rtcp => vec![UNTOUCHED; len + sender.rtcp_trailer_len()],
        };
        if in_place {
            output[..len].copy_from_slice(packet);
        }
        let before = output.clone();
        let result = match (protocol, in_place) {
            (Protocol::Rtp, false) => sender.protect(packet, &mut output),
            (Protocol::Rtp, true) => sender.protect_in_place(&mut output, len),
            (Protocol::Rtcp, false) => sender.protect_rtcp(packet, &mut output),
            (Protocol::Rtcp, true) => sender.protect_rtcp_in_place(&mut output, len),
        };
        finish(result, output, &before)
    }

    fn unprotect(&mut self, protocol: Protocol, wire: &[u8]) -> Result<Vec<u8>, Refusal> {
        let in_place = self.in_place_next();
        let receiver = &mut self.receiver;
        let mut output = if in_place {
            wire.to_vec()
        } else {
            // To the octet, so that one written too far would be missed.
            let trailer = match protocol {
                Protocol::Rtp => receiver.rtp_trailer_len(),
                Protocol::Rtcp => receiver.rtcp_trailer_len(),
            };
            vec![UNTOUCHED; wire.len().saturating_sub(trailer)]
        };
        let before = output.clone();
        let result = match (protocol, in_place) {
            (Protocol::Rtp, false) => receiver.unprotect(wire, &mut output),
            (Protocol::Rtp, true) => receiver.unprotect_in_place(&mut output),
            (Protocol::Rtcp, false) => receiver.unprotect_rtcp(wire, &mut output),
            (Protocol::Rtcp, true) => receiver.unprotect_rtcp_in_place(&mut output),
        };
        finish(result, output, &before)
    }
}

fn finish(
    result: Result<Processed, sipseal_srtp::Error>,
    mut output: Vec<u8>,
    before: &[u8],
) -> Result<Vec<u8>, Refusal> {
    match result {
        Ok(processed) => {
            output.truncate(processed.len);
            Ok(output)
        }
        Err(error) => {
            assert_eq!(output, before, "a failed call wrote to its output");
            Err(error.into())
        }
    }
}
