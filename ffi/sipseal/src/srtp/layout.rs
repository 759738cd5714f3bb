// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a sender or receiver is made for.

use core::num::NonZeroU16;

use sipseal::srtp::replay::is_valid_window;
use sipseal::srtp::{Admission, MAX_MKI_LEN, Options, Profile, RocMode, RocTransmission};

use super::accelerator::sipseal_accelerator;
use super::profile;
use crate::status::{
    SIPSEAL_CONTRADICTION, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NULL_POINTER, SIPSEAL_UNSUPPORTED,
    sipseal_status,
};

/// What a sender or receiver is made for, and what the size of its block depends on. Zero is the usual value of
/// all members from `flags` on. Both ends of a call agree on all but `keys`, `streams`, `window` and the flags about
/// streams.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct sipseal_srtp_layout {
    /// SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80 or another profile.
    pub profile: u32,
    /// Master keys held at a time: 1, or up to 255 with MKIs or ranges.
    pub keys: u32,
    /// SSRCs held at a time: 1 to 65,535. Each is a stream with a ROC, an SRTCP index and replay windows. A
    /// packet's stream is found by halving: 10 steps among 1,000. A new SSRC moves the others' entries, 6 octets each.
    pub streams: u32,
    /// Packets in a replay window: a power of two from 64 to 32,768.
    pub window: u32,
    /// 0, or SIPSEAL_SRTP_CRYPTEX and the like, added up. SIPSEAL_SRTP_ENCRYPT_ELEMENTS alone changes the size.
    pub flags: u32,
    /// Octets of the master key identifier in each packet, at most 128; 0 for none. With MKIs no key is given
    /// to `_init`, and keys are added with theirs (RFC 3711 section 3.1).
    pub mki_len: u32,
    /// Packets after which session keys are derived anew: 0 for never, or a power of two up to 2^24 (RFC 3711
    /// section 4.3.1). The object then keeps the master key. A packet from elsewhere in the index space, also a
    /// forged one, costs the receiver a derivation.
    pub key_derivation_rate: u32,
    /// Which packets carry the ROC, for those who join late (RFC 4771); a receiver takes it from them by itself. 0
    /// for none; 1: those that carry it are authenticated, the others have no tag; 2: all are authenticated, the
    /// usual choice; 3: none is. Mode 3, and mode 1 at another rate than 1, need
    /// SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP. Not for AEAD profiles.
    pub roc_mode: u32,
    /// R, the rate, up to 65,535: packets whose sequence number it divides carry the ROC. 0 stands for 1.
    pub roc_rate: u32,
    /// NULL, or an AES unit to hand work to. Add SIPSEAL_SRTP_ACCELERATOR_LEN to the block.
    pub accelerator: *const sipseal_accelerator,
}

/// **Insecure**: SRTP is authenticated but not encrypted, and anyone hears the call: UNENCRYPTED_SRTP (RFC
/// 4568 section 6.3.2). Not for AEAD profiles.
pub const SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP: u32 = 1;
/// **Insecure**: a sender's SRTCP is authenticated but not encrypted: UNENCRYPTED_SRTCP (RFC 4568 section
/// 6.3.2). A receiver takes either kind with or without this.
pub const SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP: u32 = 2;
/// **Insecure**: SRTP is encrypted but not authenticated, and anyone can change or replay it unseen, take
/// streams and move ROCs: UNAUTHENTICATED_SRTP (RFC 4568 section 6.3.3). Not for AEAD profiles.
pub const SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP: u32 = 4;
/// A receiver refuses packets from an SSRC that was not added. Without this flag and the next, of which one can
/// be set, an authentic packet takes a free stream, and is refused when all are taken.
pub const SIPSEAL_SRTP_LISTED_STREAMS_ONLY: u32 = 8;
/// With all of a receiver's streams taken, an authentic packet from a new SSRC takes the stream that has been
/// silent longest, except those that were added. Which packets of the replaced one were seen is forgotten: played again, in order, they
/// would take a stream in turn.
pub const SIPSEAL_SRTP_REPLACE_OLDEST_STREAM: u32 = 16;
/// A sender may protect a packet again under the index that it has had, to retransmit it. It must be the very
/// same packet: another one under the same index gives both away.
pub const SIPSEAL_SRTP_ALLOW_RETRANSMISSION: u32 = 32;
/// Each master key serves a range of SRTP indices, <From, To> (RFC 3711 section 8.1.1); not with MKIs. No key is
/// given to `_init`, and keys are added with their ranges.
pub const SIPSEAL_SRTP_KEYS_FROM_TO: u32 = 64;
/// Elements of RTP header extensions are encrypted (RFC 6904), those that sipseal_srtp_sender_encrypt_element and
/// sipseal_srtp_receiver_encrypt_element name. Not with F8_128_HMAC_SHA1_80 or unencrypted SRTP.
pub const SIPSEAL_SRTP_ENCRYPT_ELEMENTS: u32 = 128;
/// RTP header extensions and contributing sources are encrypted, all of them (RFC 9335). A receiver also takes
/// packets sent without. Not with SIPSEAL_SRTP_ENCRYPT_ELEMENTS, unencrypted or unauthenticated SRTP.
/// A receiver without the flag takes such packets of an HMAC-SHA1 profile for authentic and gives out a wrong payload:
/// negotiate it.
pub const SIPSEAL_SRTP_CRYPTEX: u32 = 256;

const ALL_FLAGS: u32 = 511;

/// Most master keys of one sender or receiver.
pub const SIPSEAL_SRTP_MAX_KEYS: u32 = 255;
/// Most streams of one sender or receiver.
pub const SIPSEAL_SRTP_MAX_STREAMS: u32 = 65535;
/// Most octets of a master key identifier.
pub const SIPSEAL_SRTP_MAX_MKI_LEN: usize = 128;

const _: () = assert!(SIPSEAL_SRTP_MAX_MKI_LEN == MAX_MKI_LEN);

/// A layout with its numbers in range. Whether its options can stand together is yet to be seen.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) profile: Profile,
    pub(crate) options: Options,
    pub(crate) keys: usize,
    pub(crate) streams: usize,
    pub(crate) words_per_window: usize,
    /// Of each stream: 1 to send, 2 to receive.
    pub(crate) windows: usize,
    /// NULL for none.
    pub(crate) accelerator: *const sipseal_accelerator,
}

impl Layout {
    /// # Safety
    ///
    /// `layout`, if not NULL, is readable.
    pub(crate) unsafe fn read(
        layout: *const sipseal_srtp_layout,
        windows: usize,
    ) -> Result<Self, sipseal_status> {
        if layout.is_null() {
            return Err(SIPSEAL_NULL_POINTER);
        }
        if !layout.is_aligned() {
            return Err(SIPSEAL_INVALID_ARGUMENT);
        }
        // SAFETY: not NULL, aligned, and readable as the caller promises.
        Self::check(unsafe { &*layout }, windows)
    }

    fn check(layout: &sipseal_srtp_layout, windows: usize) -> Result<Self, sipseal_status> {
        let profile = profile::from_number(layout.profile)?;
        let (streams, window) = (layout.streams as usize, layout.window as usize);
        if layout.keys == 0
            || layout.keys > SIPSEAL_SRTP_MAX_KEYS
            || streams == 0
            || layout.streams > SIPSEAL_SRTP_MAX_STREAMS
            || !is_valid_window(window)
        {
            return Err(SIPSEAL_INVALID_ARGUMENT);
        }
        if !layout.accelerator.is_aligned() {
            return Err(SIPSEAL_INVALID_ARGUMENT);
        }
        let options = options(layout)?;
        if layout.keys > 1 && !has_key_ids(options) {
            return Err(SIPSEAL_CONTRADICTION);
        }
        Ok(Self {
            profile,
            options,
            keys: layout.keys as usize,
            streams,
            words_per_window: window / u32::BITS as usize,
            windows,
            accelerator: layout.accelerator,
        })
    }
}

/// Whether keys are told apart, so that none is given when an object is made.
pub(crate) fn has_key_ids(options: Options) -> bool {
    options.mki_len > 0 || options.from_to
}

fn options(layout: &sipseal_srtp_layout) -> Result<Options, sipseal_status> {
    let is_set = |flag: u32| layout.flags & flag != 0;
    let mki_len = u8::try_from(layout.mki_len)
        .ok()
        .filter(|len| usize::from(*len) <= MAX_MKI_LEN);
    let (Some(mki_len), 0) = (mki_len, layout.flags & !ALL_FLAGS) else {
        return Err(SIPSEAL_INVALID_ARGUMENT);
    };
    let mut options = Options::SAFE;
    options.insecure_unencrypted_srtp = is_set(SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP);
    options.insecure_unencrypted_srtcp = is_set(SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP);
    options.insecure_unauthenticated_srtp = is_set(SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP);
    options.admission = match (
        is_set(SIPSEAL_SRTP_LISTED_STREAMS_ONLY),
        is_set(SIPSEAL_SRTP_REPLACE_OLDEST_STREAM),
    ) {
        (false, false) => Admission::WhileFree,
        (true, false) => Admission::ListedOnly,
        (false, true) => Admission::ReplacingOldest,
        _ if cfg!(not(feature = "streams")) => return Err(SIPSEAL_UNSUPPORTED),
        (true, true) => return Err(SIPSEAL_CONTRADICTION),
    };
    options.retransmission = is_set(SIPSEAL_SRTP_ALLOW_RETRANSMISSION);
    options.mki_len = mki_len;
    options.from_to = is_set(SIPSEAL_SRTP_KEYS_FROM_TO);
    options.key_derivation_rate = layout.key_derivation_rate;
    options.encrypted_elements = is_set(SIPSEAL_SRTP_ENCRYPT_ELEMENTS);
    options.cryptex = is_set(SIPSEAL_SRTP_CRYPTEX);
    options.roc_transmission = roc_transmission(layout)?;
    Ok(options)
}

fn roc_transmission(
    layout: &sipseal_srtp_layout,
) -> Result<Option<RocTransmission>, sipseal_status> {
    let mode = match layout.roc_mode {
        0 if layout.roc_rate == 0 => return Ok(None),
        1 => RocMode::AuthenticatedRoc,
        2 => RocMode::Authenticated,
        3 => RocMode::Unauthenticated,
        _ => return Err(SIPSEAL_INVALID_ARGUMENT),
    };
    let rate = u16::try_from(layout.roc_rate).map_err(|_| SIPSEAL_INVALID_ARGUMENT)?;
    let rate = NonZeroU16::new(rate).unwrap_or(NonZeroU16::MIN);
    Ok(Some(RocTransmission { mode, rate }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::{self, SIPSEAL_OK};

    const PLAIN: sipseal_srtp_layout = sipseal_srtp_layout {
        profile: 1,
        keys: 1,
        streams: 1,
        window: 64,
        flags: 0,
        mki_len: 0,
        key_derivation_rate: 0,
        roc_mode: 0,
        roc_rate: 0,
        accelerator: core::ptr::null(),
    };

    fn verdict(layout: sipseal_srtp_layout) -> sipseal_status {
        let checked = Layout::check(&layout, 1).and_then(|layout| {
            let checked = layout.options.check(layout.profile);
            checked.map_err(status::of_srtp)
        });
        status::of(checked)
    }

    fn built(feature: bool) -> sipseal_status {
        if feature {
            SIPSEAL_OK
        } else {
            SIPSEAL_UNSUPPORTED
        }
    }

    #[test]
    fn what_is_left_out_is_unsupported() {
        let flag = |flags| verdict(sipseal_srtp_layout { flags, ..PLAIN });
        assert_eq!(verdict(PLAIN), SIPSEAL_OK);
        assert_eq!(flag(SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP), SIPSEAL_OK);
        let insecure = built(cfg!(feature = "insecure"));
        assert_eq!(flag(SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP), insecure);
        assert_eq!(flag(SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP), insecure);
        let streams = built(cfg!(feature = "streams"));
        assert_eq!(flag(SIPSEAL_SRTP_LISTED_STREAMS_ONLY), streams);
        assert_eq!(flag(SIPSEAL_SRTP_REPLACE_OLDEST_STREAM), streams);
        assert_eq!(flag(SIPSEAL_SRTP_ALLOW_RETRANSMISSION), streams);
        let rekeying = built(cfg!(feature = "rekeying"));
        assert_eq!(flag(SIPSEAL_SRTP_KEYS_FROM_TO), rekeying);
        assert_eq!(
            flag(SIPSEAL_SRTP_ENCRYPT_ELEMENTS),
            built(cfg!(feature = "rfc6904"))
        );
        assert_eq!(flag(SIPSEAL_SRTP_CRYPTEX), built(cfg!(feature = "rfc9335")));
        assert_eq!(flag(ALL_FLAGS + 1), SIPSEAL_INVALID_ARGUMENT);
        let with_mki = sipseal_srtp_layout {
            mki_len: 4,
            keys: 3,
            ..PLAIN
        };
        assert_eq!(verdict(with_mki), rekeying);
        let with_rate = sipseal_srtp_layout {
            key_derivation_rate: 1 << 24,
            ..PLAIN
        };
        assert_eq!(verdict(with_rate), rekeying);
        let with_roc = sipseal_srtp_layout {
            roc_mode: 2,
            ..PLAIN
        };
        assert_eq!(verdict(with_roc), built(cfg!(feature = "rfc4771")));
    }
}
