// SPDX-License-Identifier: MIT OR Apache-2.0
//! The packet index and its estimation (RFC 3711 section 3.3.1 and Appendix A).
//!
//! A packet carries the low 16 bits of its index; the roll-over counter (ROC) above them is kept by both
//! ends. The index is `2^16 * ROC + sequence number`.

/// The last index of SRTP: a ROC of 32 bits over a sequence number of 16.
pub const LAST_RTP_INDEX: u64 = (1 << 48) - 1;

/// The last index of SRTCP, which has 31 bits.
pub const LAST_RTCP_INDEX: u32 = (1 << 31) - 1;

/// Estimates the index of a packet from its sequence number and the highest index so far.
///
/// Without a highest index the ROC is taken as 0. Where Appendix A would go below ROC 0, to an index that
/// does not exist, the candidate is ROC 0: a stream whose first packets arrive out of order recovers.
///
/// `None` if the sequence number has wrapped past [`LAST_RTP_INDEX`].
#[must_use]
pub fn estimate(highest: Option<u64>, sequence_number: u16) -> Option<u64> {
    const HALF: u64 = 1 << 15;
    let seq = u64::from(sequence_number);
    let Some(highest) = highest else {
        return Some(seq);
    };
    let roc = highest >> 16;
    let s_l = highest & 0xffff;
    let roc = if s_l < HALF {
        if seq > s_l + HALF {
            roc.saturating_sub(1)
        } else {
            roc
        }
    } else if s_l - HALF > seq {
        roc + 1
    } else {
        roc
    };
    let index = (roc << 16) | seq;
    (index <= LAST_RTP_INDEX).then_some(index)
}

/// The index of a sequence number under a roll-over counter.
#[must_use]
pub fn join(roc: u32, sequence_number: u16) -> u64 {
    (u64::from(roc) << 16) | u64::from(sequence_number)
}

/// The roll-over counter of an index.
#[must_use]
#[allow(clippy::cast_possible_truncation)] // An index has 48 bits.
pub const fn roc(index: u64) -> u32 {
    (index >> 16) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appendix_a_by_example() {
        let at = |roc: u64, seq: u64| Some((roc << 16) | seq);
        assert_eq!(estimate(None, 65535), Some(65535));
        assert_eq!(estimate(at(7, 100), 101), at(7, 101));
        assert_eq!(estimate(at(7, 100), 65535), at(6, 65535));
        assert_eq!(estimate(at(7, 65535), 0), at(8, 0));
        assert_eq!(estimate(at(7, 65535), 65000), at(7, 65000));
        // The two edges of the half circle, as the appendix draws them.
        assert_eq!(estimate(at(7, 100), 100 + 32768), at(7, 100 + 32768));
        assert_eq!(estimate(at(7, 100), 100 + 32769), at(6, 100 + 32769));
        assert_eq!(estimate(at(7, 40000), 40000 - 32768), at(7, 40000 - 32768));
        assert_eq!(estimate(at(7, 40000), 40000 - 32769), at(8, 40000 - 32769));
        // Below the first index there is none.
        assert_eq!(estimate(at(0, 1), 65535), at(0, 65535));
        // Nor is there one after the last.
        assert_eq!(estimate(Some(LAST_RTP_INDEX), 0), None);
        assert_eq!(
            estimate(Some(LAST_RTP_INDEX), 65534),
            Some(LAST_RTP_INDEX - 1)
        );
    }
}
