// SPDX-License-Identifier: MIT OR Apache-2.0
//! The ROC in packets, for those who join late (RFC 4771).
//!
//! ```text
//!   sequence number divisible by R        mode 1, 2    | ROC | MAC of the profile's length |
//!                                         mode 3       | ROC |
//!   any other                             mode 1, 3    nothing
//!                                         mode 2       | MAC, 4 octets longer              |
//! ```
//!
//! The RFC leaves the length of a tag to negotiation and recommends that of the profile with the four octets
//! of the ROC: so it is here.

use core::num::NonZeroU16;

use crate::{Error, Profile};

/// Octets of a ROC in a tag.
pub(crate) const ROC_LEN: usize = 4;

/// Which packets carry the ROC, and what the others carry. SRTCP is as ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RocTransmission {
    /// What is authenticated.
    pub mode: RocMode,
    /// R, the rate: packets whose sequence number it divides carry the ROC.
    pub rate: NonZeroU16,
}

/// The modes of RFC 4771 section 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RocMode {
    /// Mode 1, RCCm1: packets that carry the ROC are authenticated. The others are not, and those that are can be
    /// played again, since forged ones between them may have put the stream ahead; so a rate other than
    /// 1 needs [`Options::insecure_unauthenticated_srtp`](crate::Options::insecure_unauthenticated_srtp).
    AuthenticatedRoc,
    /// Mode 2, RCCm2: all packets are authenticated.
    Authenticated,
    /// Mode 3, RCCm3: none is, and anyone can move the ROC. Needs
    /// [`Options::insecure_unauthenticated_srtp`](crate::Options::insecure_unauthenticated_srtp).
    Unauthenticated,
}

impl RocTransmission {
    /// `unauthenticated` is whether the caller has opted in to that.
    pub(crate) fn check(self, profile: Profile, unauthenticated: bool) -> Result<(), Error> {
        let needs_opting_in = match self.mode {
            RocMode::AuthenticatedRoc => self.rate.get() != 1,
            RocMode::Authenticated => false,
            RocMode::Unauthenticated => true,
        };
        match (needs_opting_in, unauthenticated) {
            _ if profile.is_aead() => Err(Error::Contradiction),
            (true, false) => Err(Error::Insecure),
            (false, true) => Err(Error::Contradiction),
            _ => Ok(()),
        }
    }

    /// The tag of the packet with this sequence number, where the profile has one of `tag_len` octets.
    pub(crate) fn tag(self, sequence_number: u16, tag_len: usize) -> Tag {
        let carries_roc = sequence_number.is_multiple_of(self.rate.get());
        let mac_len = match (self.mode, carries_roc) {
            (RocMode::AuthenticatedRoc | RocMode::Authenticated, true) => tag_len,
            (RocMode::Authenticated, false) => tag_len + ROC_LEN,
            (RocMode::AuthenticatedRoc, false) | (RocMode::Unauthenticated, _) => 0,
        };
        Tag {
            carries_roc,
            mac_len,
        }
    }
}

/// What an SRTP tag is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) carries_roc: bool,
    /// Octets of the message authentication code; none without authentication.
    pub(crate) mac_len: usize,
}

impl Tag {
    pub(crate) fn roc_len(self) -> usize {
        if self.carries_roc { ROC_LEN } else { 0 }
    }

    pub(crate) fn len(self) -> usize {
        self.roc_len() + self.mac_len
    }
}
