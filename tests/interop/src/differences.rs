// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where sipseal and libsrtp part, and why. There is nothing else: any other disagreement fails a run, and
//! `tests/differences.rs` shows each of these on a packet.

use crate::verdict::{Protocol, Refusal, Setup};

/// A difference with its reason.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    pub name: &'static str,
    pub sipseal: &'static str,
    pub libsrtp: &'static str,
    pub why: &'static str,
}

pub static SRTCP_INDEX: Difference = Difference {
    name: "first SRTCP index",
    sipseal: "0",
    libsrtp: "1",
    why: "RFC 3711 section 3.4: the index \"MUST be set to zero before the first SRTCP packet is sent\", \
          and grows \"after each\". Runs send one packet to nowhere first. Receivers take either.",
};

pub static VERSION: Difference = Difference {
    name: "version field",
    sipseal: "refuses what is not version 2, before anything else but a packet that is too short",
    libsrtp: "does not look",
    why: "What is not RTP or RTCP (RFC 3550 sections 5.1 and 6.4.1) has no SSRC to look up.",
};

pub static AES_192_KEYS: Difference = Difference {
    name: "session keys of AES-192",
    sipseal: "derived by AES-192 in counter mode",
    libsrtp: "derived by AES-256, whose key is the master key with the first eight octets of the salt",
    why: "RFC 6188 section 3 and its vectors in section 7.4; libsrtp's issue 763, mended in 2025. Runs put \
          keys by libsrtp's own AES-192 into its sessions.",
};

pub static NULL_CIPHER_KEYS: Difference = Difference {
    name: "session keys of the null cipher",
    sipseal: "derived from the master key",
    libsrtp: "derived from zeros, whatever the master key: anyone can make tags",
    why: "RFC 3711 section 4.3; libsrtp's pull request 559, in 2.4.2. Runs tell its null cipher that it has a \
          key of 30 octets.",
};

pub static ENCRYPTION_FLAG: Difference = Difference {
    name: "E flag against the policy",
    sipseal: "does as the authenticated flag says",
    libsrtp: "AES-CM, null cipher: refuses a flag that is not its policy's, before authentication; GCM: as sipseal",
    why: "RFC 3711 section 3.4 puts the flag in each packet for the receiver to go by.",
};

pub static LENGTH_FIRST: Difference = Difference {
    name: "short packet with an old sequence number",
    sipseal: "malformed",
    libsrtp: "replayed or too old",
    why: "A packet without room for header and tag is refused before its sequence number means anything.",
};

pub static SHORT_UNENCRYPTED: Difference = Difference {
    name: "packet without encryption and without room for its tag",
    sipseal: "malformed",
    libsrtp: "not authentic",
    why: "libsrtp checks the length only where it looks for the ciphertext, and takes octets of the header for \
          the tag.",
};

pub static UNAUTHENTICATED_HEADER: Difference = Difference {
    name: "damaged header without authentication",
    sipseal: "refuses what is not version 2, and an SSRC more than it has streams",
    libsrtp: "takes it, and makes a stream for it",
    why: "As with version and number of streams above, but no tag tells the damage. Runs leave version and \
          SSRC alone where SRTP is not authenticated.",
};

pub static SHORT_GCM: Difference = Difference {
    name: "GCM packet without room for its tag",
    sipseal: "malformed",
    libsrtp: "a failure of the cipher",
    why: "libsrtp subtracts the tag length from the packet length without sign.",
};

pub static STREAM_LIMIT: Difference = Difference {
    name: "number of streams",
    sipseal: "as many as the storage has",
    libsrtp: "as many as the heap has",
    why: "No heap: the caller decides how much memory a peer can make it use.",
};

pub static PACKET_LENGTH: Difference = Difference {
    name: "longest packet",
    sipseal: "65,535 octets after protection",
    libsrtp: "no limit",
    why: "UDP carries no more, and the 16-bit block counter of AES-CM ends at 2^20 octets.",
};

pub static BELOW_ROC_0: Difference = Difference {
    name: "packet to send that would lie below ROC 0",
    sipseal: "too old",
    libsrtp: "sends it as one that is far ahead",
    why: "If it is lost, the sender is past a roll-over that its receivers cannot know of. Runs bring sources \
          that jump about to ROC 1 first. Receivers take it as libsrtp does.",
};

/// All of them.
pub static TABLE: [&Difference; 12] = [
    &SRTCP_INDEX,
    &AES_192_KEYS,
    &NULL_CIPHER_KEYS,
    &VERSION,
    &ENCRYPTION_FLAG,
    &LENGTH_FIRST,
    &SHORT_UNENCRYPTED,
    &UNAUTHENTICATED_HEADER,
    &SHORT_GCM,
    &STREAM_LIMIT,
    &PACKET_LENGTH,
    &BELOW_ROC_0,
];

/// The difference that two refusals of one packet come from, if it is one of the table.
///
/// An acceptance on either side is never explained: one end would move on without the other.
pub fn explain(
    setup: &Setup,
    protocol: Protocol,
    octets: &[u8],
    ours: Refusal,
    theirs: Refusal,
) -> Option<&'static Difference> {
    use Refusal::{Authentication, CipherFailure, EncryptionFlag, Malformed, Replayed, TooOld};
    match (ours, theirs) {
        (Refusal::Version, _) if octets.first().is_some_and(|first| first >> 6 != 2) => {
            Some(&VERSION)
        }
        (Authentication | Replayed | TooOld, EncryptionFlag)
            if encryption_flag(setup, protocol, octets)
                == Some(setup.options.insecure_unencrypted_srtcp) =>
        {
            Some(&ENCRYPTION_FLAG)
        }
        (Malformed, Replayed | TooOld) if !has_room(setup, protocol, octets) => Some(&LENGTH_FIRST),
        (Malformed, Authentication)
            if protocol == Protocol::Rtp
                && setup.options.insecure_unencrypted_srtp
                && !has_room(setup, protocol, octets) =>
        {
            Some(&SHORT_UNENCRYPTED)
        }
        (Malformed, CipherFailure)
            if setup.profile.is_aead() && !has_room(setup, protocol, octets) =>
        {
            Some(&SHORT_GCM)
        }
        _ => None,
    }
}

/// The E flag of an SRTCP packet, where it stands before the tag.
fn encryption_flag(setup: &Setup, protocol: Protocol, octets: &[u8]) -> Option<bool> {
    if protocol == Protocol::Rtp || setup.profile.is_aead() {
        return None;
    }
    let at = octets.len().checked_sub(4 + setup.profile.rtcp_tag_len())?;
    Some(octets[at] & 0x80 != 0)
}

/// Whether an SRTP packet has room for its header and a tag.
fn has_room(setup: &Setup, protocol: Protocol, octets: &[u8]) -> bool {
    if protocol == Protocol::Rtcp || octets.len() < 12 {
        return false;
    }
    let mut header = 12 + 4 * usize::from(octets[0] & 0x0f);
    if octets[0] & 0x10 != 0 {
        let Some(&[_, _, high, low]) = octets
            .get(header..)
            .and_then(|rest| rest.first_chunk::<4>())
        else {
            return false;
        };
        header += 4 + 4 * usize::from(u16::from_be_bytes([high, low]));
    }
    let tag = if setup.options.insecure_unauthenticated_srtp {
        0
    } else {
        setup.profile.rtp_tag_len()
    };
    octets.len() >= header + tag
}
