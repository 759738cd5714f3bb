// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where sipseal and libsrtp part, and why. There is nothing else: any other disagreement fails a run, and
//! `tests/differences.rs` shows each of these on a packet.

use crate::packets;
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
          the tag. Without authentication it takes them for the MKI, and the packet for good: runs leave room.",
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
    why: "libsrtp subtracts the tag length from the packet length without sign. Without room for the MKI too, it \
          would decrypt 4 gigabytes: runs do not hand it such a packet.",
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

pub static FIRST_WRAP: Difference = Difference {
    name: "first packet of a stream after a wrap",
    sipseal: "tries a sequence number below 32,768 as one of ROC 0, then as one of ROC 1",
    libsrtp: "ROC 0 only: such a stream is never heard",
    why: "RFC 3711 section 3.3.1 warns of senders that begin just below 65,536 and whose first packets are \
          lost. Runs deliver the first packet of every stream.",
};

pub static MKI_OF_SRTCP: Difference = Difference {
    name: "MKI of SRTCP beside shorter tags of SRTP",
    sipseal: "in front of the SRTCP tag",
    libsrtp: "puts it there, but looks for it where it would be with the SRTP tag",
    why: "RFC 3711 section 3.4. With 32-bit tags, or none, it takes no SRTCP packet with an MKI, not even its \
          own. Runs compare what both send, and have sipseal alone receive it.",
};

pub static MKI_BEFORE_INDEX: Difference = Difference {
    name: "old SRTCP packet with an unknown MKI",
    sipseal: "replayed or too old",
    libsrtp: "unknown key",
    why: "The order in which the two are looked at. For SRTP libsrtp has it as sipseal.",
};

pub static ELEMENTS_FIRST: Difference = Difference {
    name: "header extension whose elements do not fit",
    sipseal: "refused for it before its index is looked at; nothing is sent",
    libsrtp: "replayed, too old or not authentic; to send, the index is used up before the packet is refused",
    why: "What cannot be encrypted must not go out, and what cannot be decrypted need not be authenticated.",
};

pub static PADDING: Difference = Difference {
    name: "padding between or before encrypted elements",
    sipseal: "takes its octets of the keystream, as any octet of the extension",
    libsrtp: "passes over it; at the beginning, it is taken for an element",
    why: "RFC 6904 section 3: keystream and mask begin with the first ID, and the mask is zero for padding. \
          Runs have padding at the end only.",
};

pub static RESERVED_ID: Difference = Difference {
    name: "reserved element IDs",
    sipseal: "stops at ID 0 with a length, and at ID 15 whatever its length",
    libsrtp: "goes on behind the one; refuses the other if its length does not fit",
    why: "RFC 8285 sections 4.1.2 and 4.2: the length MUST be ignored, and processing MUST terminate there.",
};

pub static TWO_BYTE_FORM: Difference = Difference {
    name: "two-byte elements",
    sipseal: "\"defined by profile\" is 0x1000 to 0x100f",
    libsrtp: "is 0x0100, or that with some of the upper three bits; 0x1000 is refused",
    why: "RFC 8285 section 4.3; a mistake that later versions have mended. A test of its own holds the \
          elements against each other.",
};

pub static OTHER_EXTENSION: Difference = Difference {
    name: "header extension that is not of RFC 8285, where elements are encrypted",
    sipseal: "has no elements; in clear",
    libsrtp: "refused, to send only after its index is used up",
    why: "RFC 6904 section 3 is about elements of RFC 8285. Runs have no others with it.",
};

pub static ROC_READ_BACK: Difference = Difference {
    name: "ROC that was set and not yet used",
    sipseal: "is the stream's ROC",
    libsrtp: "is not: its ROC is still that of the last packet",
    why: "A matter of the API: what was set is what the next packet has.",
};

pub static ROC_WITHIN_REACH: Difference = Difference {
    name: "ROC that is set close to the last packet",
    sipseal: "is that of the next packet, and the estimate goes on from there",
    libsrtp: "is that of every packet from then on: at the next wrap all are too old",
    why: "libsrtp forgets a ROC that was set only when the packet is more than 32,768 ahead. Runs set ROCs \
          that are at least 2 ahead.",
};

pub static ROC_SET_BACK: Difference = Difference {
    name: "ROC that is set back",
    sipseal: "a sender refuses it; a receiver goes on from there, if a packet authenticates under it",
    libsrtp: "every packet is too old; ROC 0 is not set at all",
    why: "A sender would repeat keystream. A receiver that was led astray, or was told a ROC too high, must \
          have a way back.",
};

pub static ROC_AND_GCM: Difference = Difference {
    name: "ROC that is set with GCM",
    sipseal: "as with any profile",
    libsrtp: "a sender does not heed it; a receiver takes packets of that ROC, over and over, and never moves on",
    why: "RFC 7714 section 8.1 has the ROC in the initialisation vector. Runs of GCM set none.",
};

pub static REKEY_WINDOW: Difference = Difference {
    name: "replay windows after a new master key",
    sipseal: "what was seen stays seen",
    libsrtp: "forgotten, with the highest index itself; those of SRTCP are kept",
    why: "RFC 3711 section 3.3.1: re-keying leaves the index as it is. Runs move on by more than a window \
          after each.",
};

pub static SRTCP_AFTER_RESET: Difference = Difference {
    name: "SRTCP index after a new master key with ROCs reset",
    sipseal: "goes on",
    libsrtp: "starts again, as does all of a new session",
    why: "RFC 3711 section 3.4: after a re-key it is not reset. Each hears the other.",
};

pub static ADDED_TWICE: Difference = Difference {
    name: "stream that is added twice",
    sipseal: "is there already",
    libsrtp: "starts again under the same key, in front of the other",
    why: "RFC 3711 section 9.1: an index must not be used twice. Runs add streams once.",
};

pub static SENDER_STREAMS: Difference = Difference {
    name: "sender without a wildcard",
    sipseal: "takes a free stream for what its application sends",
    libsrtp: "refuses an SSRC that was not added",
    why: "Whom to hear is a matter of policy; what to send, the application has decided.",
};

/// All of them.
pub static TABLE: [&Difference; 28] = [
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
    &FIRST_WRAP,
    &MKI_OF_SRTCP,
    &MKI_BEFORE_INDEX,
    &ELEMENTS_FIRST,
    &PADDING,
    &RESERVED_ID,
    &TWO_BYTE_FORM,
    &OTHER_EXTENSION,
    &ROC_READ_BACK,
    &ROC_WITHIN_REACH,
    &ROC_SET_BACK,
    &ROC_AND_GCM,
    &REKEY_WINDOW,
    &SRTCP_AFTER_RESET,
    &ADDED_TWICE,
    &SENDER_STREAMS,
];

/// A parameter of libsrtp that sipseal does not have.
#[derive(Debug, PartialEq, Eq)]
pub struct Absence {
    pub name: &'static str,
    pub why: &'static str,
}

/// What is left out on purpose, so that nothing is compared.
pub static ABSENT: [&Absence; 3] = [
    &Absence {
        name: "SRTP packets that GCM authenticates but does not encrypt",
        why: "RFC 7714 section 8.2: all SRTP packets MUST be both. libsrtp's policies by that name, too, are of \
              effect for SRTCP only.",
    },
    &Absence {
        name: "window sizes that are no power of two",
        why: "From 64 to 32,768 packets, a power of two is a mask. libsrtp's largest is 32,767.",
    },
    &Absence {
        name: "keys and services of one stream that are not those of another",
        why: "A context has one set of keys, and options for all its streams; another set is another context.",
    },
];

/// Whether libsrtp looks for the MKI of SRTCP packets in the wrong place: [`MKI_OF_SRTCP`].
pub fn mki_is_missed(setup: &Setup) -> bool {
    let same = setup.rtp_tag_len() == setup.profile.rtcp_tag_len();
    setup.mki_len() > 0 && !setup.profile.is_aead() && !same
}

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
    use Refusal::{
        Authentication, CipherFailure, EncryptionFlag, Extension, Malformed, NotTried, Replayed,
        StreamLimit, TooOld, UnknownKey,
    };
    let has_mki = setup.mki_len() > 0;
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
        (Malformed, UnknownKey) if has_mki && !has_room(setup, protocol, octets) => {
            Some(&LENGTH_FIRST)
        }
        (Malformed, StreamLimit)
            if setup.is_listed_only() && !has_room(setup, protocol, octets) =>
        {
            Some(&LENGTH_FIRST)
        }
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
        (Malformed, NotTried) if !has_room(setup, protocol, octets) => Some(&SHORT_GCM),
        (Replayed | TooOld, UnknownKey) if has_mki && protocol == Protocol::Rtcp => {
            Some(&MKI_BEFORE_INDEX)
        }
        (Extension, Authentication | Replayed | TooOld | UnknownKey)
            if protocol == Protocol::Rtp && !setup.element_ids.is_empty() =>
        {
            Some(&ELEMENTS_FIRST)
        }
        _ => None,
    }
}

/// The E flag of an SRTCP packet, where it stands before MKI and tag.
fn encryption_flag(setup: &Setup, protocol: Protocol, octets: &[u8]) -> Option<bool> {
    if protocol == Protocol::Rtp || setup.profile.is_aead() {
        return None;
    }
    let trailer = 4 + setup.mki_len() + setup.profile.rtcp_tag_len();
    let at = octets.len().checked_sub(trailer)?;
    Some(octets[at] & 0x80 != 0)
}

/// Whether a packet has room for its header, MKI and tag.
fn has_room(setup: &Setup, protocol: Protocol, octets: &[u8]) -> bool {
    let (header, tag) = match protocol {
        Protocol::Rtp => (packets::header_len(octets), setup.rtp_tag_len()),
        Protocol::Rtcp => (Some(8 + 4), setup.profile.rtcp_tag_len()),
    };
    header.is_some_and(|header| octets.len() >= header + setup.mki_len() + tag)
}
