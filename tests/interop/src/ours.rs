// SPDX-License-Identifier: MIT OR Apache-2.0
//! sipseal as an [`Endpoint`].

use std::collections::HashSet;

use sipseal_srtp::replay::PACKETS_PER_WORD;
use sipseal_srtp::{
    Aes128Gcm, Aes256Gcm, AesCm128HmacSha1, AesCm192HmacSha1, AesCm256HmacSha1, CipherSlots,
    Construction, Context, ElementKey, F8Aes128HmacSha1, Key, KeyId, MasterKey, NullHmacSha1,
    PacketCipher, Parts, Processed, Profile, Receiver, Rekeying, Sender, SessionCiphers, Stream,
};

use crate::verdict::{Both, Change, Endpoint, NamedKey, Protocol, Refusal, Setup};

/// Streams in each storage.
pub const STREAMS: usize = 16;

/// What lies in an output buffer before a call, to see that a failed one leaves it there.
const UNTOUCHED: u8 = 0xa5;

pub struct Ours {
    pub sender: Sender<'static>,
    pub receiver: Receiver<'static>,
    /// Those with MKIs.
    keys: Vec<NamedKey>,
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
        let (profile, options) = (setup.profile, setup.options);
        let (mut sender, mut receiver);
        if setup.keys.is_empty() {
            let master = master(profile, &setup.key_and_salt);
            sender = Sender::new(profile, options, &master, parts(setup)).unwrap();
            receiver = Receiver::new(profile, options, &master, parts(setup)).unwrap();
        } else {
            sender = Sender::without_key(profile, options, parts(setup)).unwrap();
            receiver = Receiver::without_key(profile, options, parts(setup)).unwrap();
            set_keys(&mut sender, profile, &[], &setup.keys);
            set_keys(&mut receiver, profile, &[], &setup.keys);
        }
        for id in &setup.element_ids {
            sender.encrypt_element(*id).unwrap();
            receiver.encrypt_element(*id).unwrap();
        }
        Self {
            sender,
            receiver,
            keys: setup.keys.clone(),
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

/// Master key and salt, as the profile divides them.
fn master(profile: Profile, key_and_salt: &[u8]) -> MasterKey<'_> {
    MasterKey::from_concatenated(profile, key_and_salt).unwrap()
}

/// Storage as large as the setup needs. It lives as long as the test process: a few kilobytes for each run.
fn parts(setup: &Setup) -> Parts<'static> {
    let keys = setup.keys.len().max(1);
    let words = STREAMS * setup.window / PACKETS_PER_WORD;
    Parts {
        ciphers: match setup.profile.construction() {
            Construction::AesCm128HmacSha1 => ciphers::<AesCm128HmacSha1>(keys),
            Construction::AesCm192HmacSha1 => ciphers::<AesCm192HmacSha1>(keys),
            Construction::AesCm256HmacSha1 => ciphers::<AesCm256HmacSha1>(keys),
            Construction::F8Aes128HmacSha1 => ciphers::<F8Aes128HmacSha1>(keys),
            Construction::NullHmacSha1 => ciphers::<NullHmacSha1>(keys),
            Construction::Aes128Gcm => ciphers::<Aes128Gcm>(keys),
            Construction::Aes256Gcm => ciphers::<Aes256Gcm>(keys),
            other => panic!("no storage for {other:?}"),
        },
        keys: leaked(keys, || Key::FREE),
        mkis: leaked(keys * setup.mki_len(), || 0),
        element_keys: leaked(keys, || ElementKey::FREE),
        streams: leaked(STREAMS, || Stream::FREE),
        rtp_windows: leaked(words, || 0),
        rtcp_windows: leaked(words, || 0),
    }
}

fn ciphers<C: PacketCipher + 'static>(keys: usize) -> &'static mut dyn CipherSlots {
    Box::leak(Box::new(leaked(keys, SessionCiphers::<C>::empty)))
}

fn leaked<T>(count: usize, make: impl FnMut() -> T) -> &'static mut [T] {
    let mut all = Vec::new();
    all.resize_with(count, make);
    all.leak()
}

/// Makes the keys of a context those of `keys`, and no others.
fn set_keys(context: &mut Context<'_>, profile: Profile, old: &[NamedKey], new: &[NamedKey]) {
    for key in old.iter().filter(|key| !new.contains(key)) {
        context.remove_key(KeyId::Mki(&key.mki)).unwrap();
    }
    for key in new.iter().filter(|key| !old.contains(key)) {
        let id = KeyId::Mki(&key.mki);
        let master = master(profile, &key.key_and_salt);
        context.add_key(id, &master).unwrap();
    }
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
            let len = match protocol {
                Protocol::Rtp => receiver.unprotected_len(wire),
                Protocol::Rtcp => wire.len().saturating_sub(receiver.rtcp_trailer_len()),
            };
            vec![UNTOUCHED; len]
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

    fn change(&mut self, change: &Change) -> Both<()> {
        let Self {
            sender, receiver, ..
        } = self;
        let profile = sender.profile();
        match change {
            Change::UseKey(mki) => [sender.use_key(mki), Ok(())],
            Change::Keys(keys) => {
                set_keys(sender, profile, &self.keys, keys);
                set_keys(receiver, profile, &self.keys, keys);
                self.keys.clone_from(keys);
                [Ok(()), Ok(())]
            }
            Change::Rekey(key_and_salt) => {
                let master = master(profile, key_and_salt);
                [
                    sender.rekey(&master, Rekeying::KeepRoc),
                    receiver.rekey(&master, Rekeying::KeepRoc),
                ]
            }
            Change::Reset(key_and_salt) => {
                let master = master(profile, key_and_salt);
                [
                    sender.rekey(&master, Rekeying::ResetRoc),
                    receiver.rekey(&master, Rekeying::ResetRoc),
                ]
            }
            Change::AddStream(ssrc) => [sender.add_stream(*ssrc), receiver.add_stream(*ssrc)],
            Change::RemoveStream(ssrc) => {
                if let Some(aligned) = &mut self.aligned {
                    aligned.remove(ssrc);
                }
                [sender.remove_stream(*ssrc), receiver.remove_stream(*ssrc)]
            }
            Change::SetRoc(ssrc, roc) => {
                [sender.set_roc(*ssrc, *roc), receiver.set_roc(*ssrc, *roc)]
            }
        }
        .map(|result| result.map_err(Refusal::from))
    }

    fn roc(&mut self, ssrc: u32) -> Both<u32> {
        [self.sender.roc(ssrc), self.receiver.roc(ssrc)].map(|roc| roc.map_err(Refusal::from))
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
