// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ends of a session with any options, and one key that suits them: each packet meets a fresh end, in two
//! buffers and in one, and what fails must leave everything as it was.

use std::string::String;
use std::vec::Vec;

use super::{Parts, secret};
use crate::index::LAST_RTP_INDEX;
use crate::{Context, Error, KeyId, MasterKey, Options, Processed, Profile, Receiver, Sender};

/// An octet that no buffer here has of itself.
const UNTOUCHED: u8 = 0xee;

/// What both ends agree on.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) profile: Profile,
    pub(super) options: Options,
    pub(super) secret: Vec<u8>,
    /// Elements of header extensions that are encrypted.
    pub(super) ids: Vec<u8>,
    /// Where the streams are.
    pub(super) roc: u32,
}

impl Session {
    pub(super) fn new(profile: Profile, options: Options) -> Self {
        Self {
            profile,
            options,
            secret: secret(profile),
            ids: Vec::new(),
            roc: 0,
        }
    }

    pub(super) fn with_ids(mut self, ids: impl IntoIterator<Item = u8>) -> Self {
        self.ids = ids.into_iter().collect();
        self
    }

    pub(super) fn at_roc(mut self, roc: u32) -> Self {
        self.roc = roc;
        self
    }

    /// The same session without what hides headers.
    pub(super) fn with_headers_in_clear(&self) -> Self {
        let mut plain = self.clone();
        plain.options.encrypted_elements = false;
        plain.options.cryptex = false;
        plain.ids.clear();
        plain
    }

    pub(super) fn master(&self) -> MasterKey<'_> {
        MasterKey::from_concatenated(self.profile, &self.secret).unwrap()
    }

    pub(super) fn mki(&self) -> Vec<u8> {
        std::vec![0x4d; usize::from(self.options.mki_len)]
    }

    pub(super) fn parts(&self) -> Parts {
        Parts::with_keys(self.profile, self.options, 2, 1, 64)
    }

    pub(super) fn sender<'p>(&self, parts: &'p mut Parts) -> Sender<'p> {
        let mut sender = if self.names_keys() {
            parts.sender_without_key()
        } else {
            parts.sender(&self.secret)
        };
        self.set_up(&mut sender);
        sender
    }

    pub(super) fn receiver<'p>(&self, parts: &'p mut Parts) -> Receiver<'p> {
        let mut receiver = if self.names_keys() {
            parts.receiver_without_key()
        } else {
            parts.receiver(&self.secret)
        };
        self.set_up(&mut receiver);
        receiver
    }

    fn names_keys(&self) -> bool {
        self.options.mki_len > 0 || self.options.from_to
    }

    fn set_up(&self, context: &mut Context<'_>) {
        if self.options.mki_len > 0 {
            let id = &self.mki();
            context.add_key(KeyId::Mki(id), &self.master()).unwrap();
        }
        if self.options.from_to {
            let (from, to) = (0, LAST_RTP_INDEX);
            let id = KeyId::FromTo { from, to };
            context.add_key(id, &self.master()).unwrap();
        }
        for id in &self.ids {
            context.encrypt_element(*id).unwrap();
        }
    }

    /// Puts the stream of `packet` where it is in this session.
    fn place(&self, context: &mut Context<'_>, packet: &[u8]) {
        if let Some(ssrc) = packet.get(8..12) {
            let ssrc = u32::from_be_bytes(ssrc.try_into().unwrap());
            context.streams.add(ssrc).unwrap();
            if self.roc > 0 {
                context.streams.set_roc(ssrc, self.roc).unwrap();
            }
        }
    }

    pub(super) fn protect(&self, packet: &[u8]) -> Result<Vec<u8>, Error> {
        let mut parts = self.parts();
        let mut sender = self.sender(&mut parts);
        self.place(&mut sender, packet);
        let before = state(&sender);
        let sent = disjoint(packet.len() + 200, |out| sender.protect(packet, out));
        assert_eq!(sent.is_err(), state(&sender) == before);
        drop(sender);

        let mut sender = self.sender(&mut parts);
        self.place(&mut sender, packet);
        let in_place = in_place(packet, 200, |buffer| {
            sender.protect_in_place(buffer, packet.len())
        });
        assert_eq!(in_place, sent, "in place");
        assert_eq!(sent.is_err(), state(&sender) == before);
        sent
    }

    pub(super) fn unprotect(&self, wire: &[u8]) -> Result<Vec<u8>, Error> {
        let mut parts = self.parts();
        let mut receiver = self.receiver(&mut parts);
        self.place(&mut receiver, wire);
        let before = state(&receiver);
        let heard = disjoint(wire.len(), |out| receiver.unprotect(wire, out));
        assert_eq!(heard.is_err(), state(&receiver) == before);
        drop(receiver);

        let mut receiver = self.receiver(&mut parts);
        self.place(&mut receiver, wire);
        let in_place = in_place(wire, 0, |buffer| receiver.unprotect_in_place(buffer));
        assert_eq!(in_place, heard, "in place");
        assert_eq!(heard.is_err(), state(&receiver) == before);
        heard
    }
}

/// All that a refused packet must leave as it was.
pub(super) fn state(context: &Context<'_>) -> String {
    let streams = context.streams.snapshot();
    std::format!("{:?}", (streams, context.session.packets_left()))
}

/// Runs a packet call into another buffer, of `room` octets; writes none of them if it fails, and none behind
/// the packet.
pub(super) fn disjoint(
    room: usize,
    call: impl FnOnce(&mut [u8]) -> Result<Processed, Error>,
) -> Result<Vec<u8>, Error> {
    let mut output = std::vec![UNTOUCHED; room];
    let len = call(&mut output).map(|processed| processed.len);
    let rest = &output[*len.as_ref().unwrap_or(&0)..];
    assert!(
        rest.iter().all(|octet| *octet == UNTOUCHED),
        "output written"
    );
    output.truncate(len?);
    Ok(output)
}

/// Runs a packet call in the buffer of the packet, which has `room` octets more.
pub(super) fn in_place(
    packet: &[u8],
    room: usize,
    call: impl FnOnce(&mut [u8]) -> Result<Processed, Error>,
) -> Result<Vec<u8>, Error> {
    let mut buffer = packet.to_vec();
    buffer.resize(packet.len() + room, UNTOUCHED);
    let before = buffer.clone();
    let Processed { len, .. } = call(&mut buffer).inspect_err(|_| assert_eq!(buffer, before))?;
    let rest = len.max(packet.len());
    assert_eq!(buffer[rest..], before[rest..], "written behind the packet");
    buffer.truncate(len);
    Ok(buffer)
}

/// An RTP packet with contributing sources and a header extension: "defined by profile", and what follows the
/// length, filled up to whole words with zeros.
pub(super) fn rtp_with(
    sequence_number: u16,
    sources: u8,
    extension: Option<(u16, &[u8])>,
    payload: &[u8],
) -> Vec<u8> {
    let mut packet = super::rtp(0xcafe_babe, sequence_number, &[]);
    packet[0] |= sources;
    for source in 0..sources {
        packet.extend([0xc5, source, 0x5c, 0xff - source]);
    }
    if let Some((defined_by_profile, elements)) = extension {
        packet[0] |= 0x10;
        let words = elements.len().div_ceil(4);
        packet.extend(defined_by_profile.to_be_bytes());
        packet.extend(u16::try_from(words).unwrap().to_be_bytes());
        packet.extend(elements);
        packet.resize(packet.len() + 4 * words - elements.len(), 0);
    }
    packet.extend(payload);
    packet
}
