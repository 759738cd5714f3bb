// SPDX-License-Identifier: MIT OR Apache-2.0
//! The caller-sized part of a sender or receiver.
//!
//! ```text
//!   block:  | align | session ciphers of the profile | streams ... | windows ... |
//! ```

use core::ptr;
use core::slice;

use sipseal::srtp::replay::is_valid_window;
use sipseal::srtp::{
    self, CipherSlot, Construction, MasterKey, Options, PacketCipher, Profile, SessionCiphers,
    Stream,
};

use super::profile;
use crate::pointers;
use crate::status::{
    self, SIPSEAL_BLOCK_TOO_SMALL, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NULL_POINTER,
    SIPSEAL_UNSUPPORTED, sipseal_status,
};

/// What the size of a block depends on.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct sipseal_srtp_layout {
    /// SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80 or another profile.
    pub profile: u32,
    /// Master keys held at a time: 1.
    pub keys: u32,
    /// SSRCs held at a time: 1 to 65,535. Each is a stream with a ROC, an SRTCP index and replay windows. A
    /// packet's stream is searched for one by one.
    pub streams: u32,
    /// Packets in a replay window: a power of two from 64 to 32,768.
    pub window: u32,
    /// 0, or SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP and the like, added up. Does not change the size.
    pub flags: u32,
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

/// Most streams of one sender or receiver.
pub const SIPSEAL_SRTP_MAX_STREAMS: u32 = 65535;

// The pieces that SIPSEAL_SRTP_SENDER_BLOCK_LEN and SIPSEAL_SRTP_RECEIVER_BLOCK_LEN add up, in octets.
// cbindgen wants literals; the assertions below hold them against the types on every target.

/// Octets that aligning a block may cost.
pub const SIPSEAL_SRTP_BLOCK_ALIGN: usize = 16;
/// Octets of one stream without its windows.
pub const SIPSEAL_SRTP_STREAM_LEN: usize = 24;

/// Octets of the expanded session keys of one AES_CM_128_HMAC_SHA1 master key.
#[cfg(any(target_pointer_width = "64", target_arch = "x86"))]
pub const SIPSEAL_SRTP_CM_128_CIPHERS_LEN: usize = 512;
/// Octets of the expanded session keys of one AES_192_CM_HMAC_SHA1 master key.
#[cfg(any(target_pointer_width = "64", target_arch = "x86"))]
pub const SIPSEAL_SRTP_CM_192_CIPHERS_LEN: usize = 576;
/// Octets of the expanded session keys of one AES_256_CM_HMAC_SHA1 master key.
#[cfg(any(target_pointer_width = "64", target_arch = "x86"))]
pub const SIPSEAL_SRTP_CM_256_CIPHERS_LEN: usize = 640;
/// Octets of the expanded session keys of one F8_128_HMAC_SHA1_80 master key.
#[cfg(any(target_pointer_width = "64", target_arch = "x86"))]
pub const SIPSEAL_SRTP_F8_CIPHERS_LEN: usize = 864;
/// Octets of the expanded session keys of one NULL_HMAC_SHA1 master key.
#[cfg(any(target_pointer_width = "64", target_arch = "x86"))]
pub const SIPSEAL_SRTP_NULL_CIPHERS_LEN: usize = 160;
/// Octets of the expanded session keys of one AEAD_AES_128_GCM master key.
#[cfg(any(target_pointer_width = "64", target_arch = "x86"))]
pub const SIPSEAL_SRTP_GCM_128_CIPHERS_LEN: usize = 672;
/// Octets of the expanded session keys of one AEAD_AES_256_GCM master key.
#[cfg(any(target_pointer_width = "64", target_arch = "x86"))]
pub const SIPSEAL_SRTP_GCM_256_CIPHERS_LEN: usize = 800;

/// Octets of the expanded session keys of one AES_CM_128_HMAC_SHA1 master key.
#[cfg(not(any(target_pointer_width = "64", target_arch = "x86")))]
pub const SIPSEAL_SRTP_CM_128_CIPHERS_LEN: usize = 496;
/// Octets of the expanded session keys of one AES_192_CM_HMAC_SHA1 master key.
#[cfg(not(any(target_pointer_width = "64", target_arch = "x86")))]
pub const SIPSEAL_SRTP_CM_192_CIPHERS_LEN: usize = 560;
/// Octets of the expanded session keys of one AES_256_CM_HMAC_SHA1 master key.
#[cfg(not(any(target_pointer_width = "64", target_arch = "x86")))]
pub const SIPSEAL_SRTP_CM_256_CIPHERS_LEN: usize = 624;
/// Octets of the expanded session keys of one F8_128_HMAC_SHA1_80 master key.
#[cfg(not(any(target_pointer_width = "64", target_arch = "x86")))]
pub const SIPSEAL_SRTP_F8_CIPHERS_LEN: usize = 848;
/// Octets of the expanded session keys of one NULL_HMAC_SHA1 master key.
#[cfg(not(any(target_pointer_width = "64", target_arch = "x86")))]
pub const SIPSEAL_SRTP_NULL_CIPHERS_LEN: usize = 144;
/// Octets of the expanded session keys of one AEAD_AES_128_GCM master key.
#[cfg(not(any(target_pointer_width = "64", target_arch = "x86")))]
pub const SIPSEAL_SRTP_GCM_128_CIPHERS_LEN: usize = 448;
/// Octets of the expanded session keys of one AEAD_AES_256_GCM master key.
#[cfg(not(any(target_pointer_width = "64", target_arch = "x86")))]
pub const SIPSEAL_SRTP_GCM_256_CIPHERS_LEN: usize = 576;

const _: () = {
    const fn assert_fits<T>(len: usize) {
        assert!(size_of::<T>() <= len);
        assert!(align_of::<T>() <= SIPSEAL_SRTP_BLOCK_ALIGN);
        // Each piece leaves the next one aligned.
        assert!(len.is_multiple_of(align_of::<Stream>()));
    }
    assert_fits::<SessionCiphers<srtp::AesCm128HmacSha1>>(SIPSEAL_SRTP_CM_128_CIPHERS_LEN);
    #[cfg(feature = "rfc6188")]
    assert_fits::<SessionCiphers<srtp::AesCm192HmacSha1>>(SIPSEAL_SRTP_CM_192_CIPHERS_LEN);
    #[cfg(feature = "rfc6188")]
    assert_fits::<SessionCiphers<srtp::AesCm256HmacSha1>>(SIPSEAL_SRTP_CM_256_CIPHERS_LEN);
    #[cfg(feature = "f8")]
    assert_fits::<SessionCiphers<srtp::F8Aes128HmacSha1>>(SIPSEAL_SRTP_F8_CIPHERS_LEN);
    #[cfg(feature = "insecure")]
    assert_fits::<SessionCiphers<srtp::NullHmacSha1>>(SIPSEAL_SRTP_NULL_CIPHERS_LEN);
    #[cfg(feature = "gcm")]
    assert_fits::<SessionCiphers<srtp::Aes128Gcm>>(SIPSEAL_SRTP_GCM_128_CIPHERS_LEN);
    #[cfg(feature = "gcm")]
    assert_fits::<SessionCiphers<srtp::Aes256Gcm>>(SIPSEAL_SRTP_GCM_256_CIPHERS_LEN);
    assert_fits::<Stream>(SIPSEAL_SRTP_STREAM_LEN);
    assert!(align_of::<Stream>() >= align_of::<u32>());
};

/// A checked layout.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) profile: Profile,
    pub(crate) options: Options,
    streams: usize,
    words_per_stream: usize,
}

impl Layout {
    /// `windows` is how many each stream has: 1 to send, 2 to receive.
    ///
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
        if layout.keys > 1 {
            return Err(SIPSEAL_UNSUPPORTED);
        }
        if layout.keys == 0
            || streams == 0
            || layout.streams > SIPSEAL_SRTP_MAX_STREAMS
            || !is_valid_window(window)
            || layout.flags > 7
        {
            return Err(SIPSEAL_INVALID_ARGUMENT);
        }
        let mut options = Options::SAFE;
        options.insecure_unencrypted_srtcp =
            layout.flags & SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP != 0;
        #[cfg(feature = "insecure")]
        {
            options.insecure_unencrypted_srtp =
                layout.flags & SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTP != 0;
            options.insecure_unauthenticated_srtp =
                layout.flags & SIPSEAL_SRTP_INSECURE_UNAUTHENTICATED_SRTP != 0;
        }
        if cfg!(not(feature = "insecure"))
            && layout.flags & !SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP != 0
        {
            return Err(SIPSEAL_UNSUPPORTED);
        }
        let words_per_stream = windows * window / u32::BITS as usize;
        Ok(Self {
            profile,
            options,
            streams,
            words_per_stream,
        })
    }

    /// Octets of a block, wherever it begins. Below 2^30 for any layout, so nothing overflows.
    fn block_len(self) -> usize {
        SIPSEAL_SRTP_BLOCK_ALIGN
            + self.ciphers_len()
            + self.streams * (SIPSEAL_SRTP_STREAM_LEN + self.words_per_stream * size_of::<u32>())
    }

    fn ciphers_len(self) -> usize {
        match self.profile.construction() {
            Construction::AesCm128HmacSha1 => SIPSEAL_SRTP_CM_128_CIPHERS_LEN,
            Construction::AesCm192HmacSha1 => SIPSEAL_SRTP_CM_192_CIPHERS_LEN,
            Construction::AesCm256HmacSha1 => SIPSEAL_SRTP_CM_256_CIPHERS_LEN,
            Construction::NullHmacSha1 => SIPSEAL_SRTP_NULL_CIPHERS_LEN,
            Construction::Aes128Gcm => SIPSEAL_SRTP_GCM_128_CIPHERS_LEN,
            Construction::Aes256Gcm => SIPSEAL_SRTP_GCM_256_CIPHERS_LEN,
            // The largest.
            _ => SIPSEAL_SRTP_F8_CIPHERS_LEN,
        }
    }
}

/// The size function of both objects: flags do not count.
///
/// # Safety
///
/// As for [`Layout::read`].
pub(crate) unsafe fn len(layout: *const sipseal_srtp_layout, windows: usize) -> usize {
    // SAFETY: the same promise.
    unsafe { Layout::read(layout, windows) }.map_or(0, Layout::block_len)
}

/// What an `_init` is given, beside the object that it makes.
#[derive(Clone, Copy)]
pub(crate) struct Arguments {
    pub(crate) block: *mut u8,
    pub(crate) block_len: usize,
    pub(crate) layout: *const sipseal_srtp_layout,
    pub(crate) key: *const u8,
    pub(crate) key_len: usize,
    pub(crate) salt: *const u8,
    pub(crate) salt_len: usize,
}

impl Arguments {
    /// Checks that nothing lies in the block or in the object: both are written while the rest is read.
    pub(crate) fn check_apart(self, object: (*const u8, usize)) -> Result<(), sipseal_status> {
        let block = (self.block.cast_const(), self.block_len);
        pointers::check_disjoint(block.0, block.1, object.0, object.1)?;
        for (data, len) in [
            (self.layout.cast(), size_of::<sipseal_srtp_layout>()),
            (self.key, self.key_len),
            (self.salt, self.salt_len),
        ] {
            for (written, written_len) in [block, object] {
                pointers::check_disjoint(written, written_len, data, len)?;
            }
        }
        Ok(())
    }

    /// Checks all else, and only then divides the block.
    ///
    /// # Safety
    ///
    /// The header's contract for an `_init`, and [`Arguments::check_apart`].
    #[inline(never)] // Once for senders and receivers.
    pub(crate) unsafe fn prepare<'a>(
        self,
        windows: usize,
    ) -> Result<(Layout, MasterKey<'a>, Block), sipseal_status> {
        // SAFETY: the same promise.
        unsafe {
            let layout = Layout::read(self.layout, windows)?;
            let key = pointers::input(self.key, self.key_len)?;
            let master = MasterKey::new(key, pointers::input(self.salt, self.salt_len)?);
            layout
                .options
                .check(layout.profile)
                .map_err(status::of_srtp)?;
            master.check(layout.profile).map_err(status::of_srtp)?;
            let block = divide(self.block, self.block_len, layout)?;
            Ok((layout, master, block))
        }
    }
}

/// A block, divided.
pub(crate) struct Block {
    pub(crate) ciphers: &'static mut dyn CipherSlot,
    pub(crate) streams: &'static mut [Stream],
    pub(crate) windows: &'static mut [u32],
}

/// Divides a block. Everything in it is then valid, without keys.
///
/// # Safety
///
/// `block`, if not NULL, is writable for `block_len` octets for as long as what is returned is used, and
/// nothing else refers to them.
#[allow(clippy::cast_ptr_alignment)] // Aligned by construction: see below.
unsafe fn divide(
    block: *mut u8,
    block_len: usize,
    layout: Layout,
) -> Result<Block, sipseal_status> {
    if block.is_null() {
        return Err(SIPSEAL_NULL_POINTER);
    }
    if block_len < layout.block_len() {
        return Err(SIPSEAL_BLOCK_TOO_SMALL);
    }
    // SAFETY: `block_len()` octets are enough for the pieces at any alignment of `block`: the assertions
    // above hold each constant against its type. The pieces do not overlap, each is aligned, and each is
    // written before a reference to it is made.
    unsafe {
        let ciphers_at = block.add(block.align_offset(SIPSEAL_SRTP_BLOCK_ALIGN));
        let ciphers: &mut dyn CipherSlot = match layout.profile.construction() {
            Construction::AesCm128HmacSha1 => empty::<srtp::AesCm128HmacSha1>(ciphers_at),
            #[cfg(feature = "rfc6188")]
            Construction::AesCm192HmacSha1 => empty::<srtp::AesCm192HmacSha1>(ciphers_at),
            #[cfg(feature = "rfc6188")]
            Construction::AesCm256HmacSha1 => empty::<srtp::AesCm256HmacSha1>(ciphers_at),
            #[cfg(feature = "f8")]
            Construction::F8Aes128HmacSha1 => empty::<srtp::F8Aes128HmacSha1>(ciphers_at),
            #[cfg(feature = "insecure")]
            Construction::NullHmacSha1 => empty::<srtp::NullHmacSha1>(ciphers_at),
            #[cfg(feature = "gcm")]
            Construction::Aes128Gcm => empty::<srtp::Aes128Gcm>(ciphers_at),
            #[cfg(feature = "gcm")]
            Construction::Aes256Gcm => empty::<srtp::Aes256Gcm>(ciphers_at),
            _ => return Err(SIPSEAL_UNSUPPORTED),
        };
        let streams_at = ciphers_at.add(layout.ciphers_len()).cast::<Stream>();
        for position in 0..layout.streams {
            streams_at.add(position).write(Stream::FREE);
        }
        let windows_at = streams_at.add(layout.streams).cast::<u32>();
        let words = layout.streams * layout.words_per_stream;
        ptr::write_bytes(windows_at, 0, words);
        Ok(Block {
            ciphers,
            streams: slice::from_raw_parts_mut(streams_at, layout.streams),
            windows: slice::from_raw_parts_mut(windows_at, words),
        })
    }
}

/// Writes session ciphers without keys.
///
/// # Safety
///
/// `at` is aligned and writable for them.
unsafe fn empty<C: PacketCipher>(at: *mut u8) -> &'static mut SessionCiphers<C> {
    let at = at.cast::<SessionCiphers<C>>();
    // SAFETY: as the caller promises; written before it is borrowed.
    unsafe {
        at.write(SessionCiphers::empty());
        &mut *at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags() {
        for flags in 0..16 {
            let layout = sipseal_srtp_layout {
                profile: 1,
                keys: 1,
                streams: 1,
                window: 64,
                flags,
            };
            let expected = match flags {
                0 | SIPSEAL_SRTP_INSECURE_UNENCRYPTED_SRTCP => None,
                1..8 if cfg!(feature = "insecure") => None,
                1..8 => Some(SIPSEAL_UNSUPPORTED),
                _ => Some(SIPSEAL_INVALID_ARGUMENT),
            };
            assert_eq!(Layout::check(&layout, 1).err(), expected, "{flags}");
        }
    }
}
