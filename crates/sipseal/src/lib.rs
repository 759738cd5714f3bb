// SPDX-License-Identifier: MIT OR Apache-2.0
//! Security for SIP phones, for firmware written in Rust: the one crate to depend on.
//!
//! | feature | module | what |
//! | --- | --- | --- |
//! | `srtp` | [`srtp`] | SRTP and SRTCP packet protection (RFC 3711, 4771, 6188, 6904, 7714, 9335) |
//! | `keying` | [`keying`] | SDES (RFC 4568) |
//! | `sip` | [`sip`] | views of SIP messages, URIs and session descriptions (RFC 3261, 3966, 8866) |
//! | `digest` | [`digest`] | digest authentication (RFC 7616, 8760, 3310, 4169) |
//! | `gcm`, `gcm8`, `rfc6188`, `f8`, `insecure` | [`srtp`] | profiles beyond `AES_CM_128_HMAC_SHA1_*` |
//! | `streams`, `rekeying`, `rfc4771`, `rfc6904`, `rfc9335` | [`srtp`] | what goes beyond one master key and plain packets |
//! | `engines` | [`srtp`] | ciphers in the instructions that a processor has for them |
//! | `accelerator` | [`srtp`] | an AES unit of the firmware's own |
//!
//! Firmware written in C links the same code through `include/sipseal.h`.
//!
//! # A protected call
//!
//! Alice offers, Bob answers: each with a key for the media that it will send.
//!
//! ```
//! # #[cfg(feature = "keying")] {
//! use sipseal::keying::sdes::{Negotiation, Policy};
//! use sipseal::srtp::{AesCm128HmacSha1, Options, Profile, Storage};
//! use sipseal::RandomFailed;
//!
//! # let mut next = 0_u8;
//! # let mut fill_from_hardware = |out: &mut [u8]| out.fill_with(|| { next += 1; next });
//! // The phone's hardware generator.
//! let mut random = |out: &mut [u8]| -> Result<(), RandomFailed> {
//!     fill_from_hardware(out);
//!     Ok(())
//! };
//! let policy = Policy::new(&[Profile::AesCm128HmacSha1_80, Profile::AesCm128HmacSha1_32]);
//!
//! // Alice writes the a=crypto lines of her media description, Bob those of his, and she reads them.
//! let (mut alice, mut bob) = (Negotiation::new(), Negotiation::new());
//! let (mut offer, mut answer) = ([0; 256], [0; 128]);
//! let offer_len = alice.offer(&policy, &mut random, &mut offer)?;
//! let answered = bob.answer(&offer[..offer_len], &policy, &mut random, &mut answer)?;
//! let change = alice.take_answer(&answer[..answered.len], &policy)?;
//! assert!(change.new_sender && change.new_receiver);
//!
//! // What was agreed on makes a sender for one stream with a replay window of 2 x 32 packets, and a receiver.
//! let mut storage = Storage::<AesCm128HmacSha1, 1, 2>::new();
//! let mut sender = alice.sender(&mut storage, Options::SAFE)?;
//! let mut storage = Storage::<AesCm128HmacSha1, 1, 2>::new();
//! let mut receiver = bob.receiver(&mut storage, Options::SAFE)?;
//!
//! // One packet crosses the network, protected in place.
//! let rtp = b"\x80\x00\x00\x01\x00\x00\x00\xa0\xca\xfe\xba\xbespeech";
//! let mut packet = [0; 172];
//! packet[..rtp.len()].copy_from_slice(rtp);
//! let sent = sender.protect_in_place(&mut packet, rtp.len())?;
//! let got = receiver.unprotect_in_place(&mut packet[..sent.len])?;
//! assert_eq!(&packet[..got.len], rtp);
//! # }
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! # A registration
//!
//! The registrar asks who this is, and is told:
//!
//! ```
//! # #[cfg(feature = "digest")] {
//! use sipseal::digest::{Account, Client, Outcome, Policy, Request, Secret, Space};
//! use sipseal::sip::Message;
//! # use sipseal::RandomFailed;
//!
//! # let mut random = |out: &mut [u8]| -> Result<(), RandomFailed> { out.fill(7); Ok(()) };
//! // Room for one registrar and one proxy.
//! let mut spaces = [const { Space::new() }; 2];
//! let mut client = Client::new(&mut spaces, Policy::DEFAULT);
//! let mut accounts = [Account {
//!     realm: None,
//!     username: b"alice",
//!     secret: Secret::Password(b"zanzibar"),
//! }];
//! let register = Request { method: b"REGISTER", uri: b"sip:atlanta.com", body: b"", credentials: b"" };
//!
//! let received = b"SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"atlanta.com\", \
//!     nonce=\"84a4cc6f\", algorithm=SHA-256, qop=\"auth\"\r\n\r\n";
//! let response = Message::parse(received)?;
//! let outcome = client.take_response(&register, &response, &mut accounts, &mut random)?;
//! assert_eq!(outcome, Outcome::Retry);
//!
//! // These go into the second REGISTER: Authorization: Digest username="alice", ...
//! let mut fields = [0; 1024];
//! let fields_len = client.write_credentials(&register, &mut accounts, &mut fields)?;
//! assert!(fields[..fields_len].starts_with(b"Authorization: Digest username=\"alice\""));
//!
//! // Its response is about them.
//! let register = Request { credentials: &fields[..fields_len], ..register };
//! let response = Message::parse(b"SIP/2.0 200 OK\r\n\r\n")?;
//! let outcome = client.take_response(&register, &response, &mut accounts, &mut random)?;
//! assert_eq!(outcome, Outcome::Final { is_server_proven: false });
//! # }
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! # What is wiped, and what a move leaves behind
//!
//! Keys of a sender or receiver are made inside its `Storage`, which stays where you put it: the sender only borrows
//! it, so moving the sender moves no key, and dropping it wipes the storage. What owns its secret, [`SecretBytes`] and
//! the `CryptoAttribute` of SDES, is wiped on drop as well, but where it is moved from, a copy stays: make it where it
//! is used, and hand out references. What calls leave on the stack is wiped by the C functions only.

#![no_std]
#![forbid(unsafe_code)]

pub use sipseal_core::{RandomFailed, RandomSource, SecretBytes, Zeroize};

/// Digest authentication.
#[cfg(feature = "digest")]
pub use sipseal_digest as digest;
/// How two phones come to share SRTP keys.
#[cfg(feature = "keying")]
pub use sipseal_keying as keying;
/// Views of SIP messages.
#[cfg(feature = "sip")]
pub use sipseal_sip as sip;
/// SRTP and SRTCP packet protection.
#[cfg(feature = "srtp")]
pub use sipseal_srtp as srtp;
