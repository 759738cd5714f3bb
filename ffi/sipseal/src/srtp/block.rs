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
    Aes128Gcm, Aes256Gcm, AesCm128HmacSha1, CipherSlot, PacketCipher, Profile, SessionCiphers,
    Stream,
};

use super::profile;
use crate::pointers;
use crate::status::{
    SIPSEAL_BLOCK_TOO_SMALL, SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NULL_POINTER, SIPSEAL_UNSUPPORTED,
    sipseal_status,
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
}

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
/// Octets of the expanded session keys of one AEAD_AES_128_GCM master key.
#[cfg(any(target_pointer_width = "64", target_arch = "x86"))]
pub const SIPSEAL_SRTP_GCM_128_CIPHERS_LEN: usize = 672;
/// Octets of the expanded session keys of one AEAD_AES_256_GCM master key.
#[cfg(any(target_pointer_width = "64", target_arch = "x86"))]
pub const SIPSEAL_SRTP_GCM_256_CIPHERS_LEN: usize = 800;

/// Octets of the expanded session keys of one AES_CM_128_HMAC_SHA1 master key.
#[cfg(not(any(target_pointer_width = "64", target_arch = "x86")))]
pub const SIPSEAL_SRTP_CM_128_CIPHERS_LEN: usize = 496;
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
    assert_fits::<SessionCiphers<AesCm128HmacSha1>>(SIPSEAL_SRTP_CM_128_CIPHERS_LEN);
    assert_fits::<SessionCiphers<Aes128Gcm>>(SIPSEAL_SRTP_GCM_128_CIPHERS_LEN);
    assert_fits::<SessionCiphers<Aes256Gcm>>(SIPSEAL_SRTP_GCM_256_CIPHERS_LEN);
    assert_fits::<Stream>(SIPSEAL_SRTP_STREAM_LEN);
    assert!(align_of::<Stream>() >= align_of::<u32>());
};

/// A checked layout.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) profile: Profile,
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
        {
            return Err(SIPSEAL_INVALID_ARGUMENT);
        }
        let words_per_stream = windows * window / u32::BITS as usize;
        Ok(Self {
            profile,
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
        if !self.profile.is_aead() {
            SIPSEAL_SRTP_CM_128_CIPHERS_LEN
        } else if self.profile.key_len() == 16 {
            SIPSEAL_SRTP_GCM_128_CIPHERS_LEN
        } else {
            SIPSEAL_SRTP_GCM_256_CIPHERS_LEN
        }
    }
}

/// The size function of both objects.
///
/// # Safety
///
/// As for [`Layout::read`].
pub(crate) unsafe fn len(layout: *const sipseal_srtp_layout, windows: usize) -> usize {
    // SAFETY: the same promise.
    unsafe { Layout::read(layout, windows) }.map_or(0, Layout::block_len)
}

/// Checks that no argument of an `_init` lies in its block, which is written while they are read.
pub(crate) fn check_apart(
    block: *const u8,
    block_len: usize,
    arguments: &[(*const u8, usize)],
) -> Result<(), sipseal_status> {
    arguments
        .iter()
        .try_for_each(|(data, len)| pointers::check_disjoint(block, block_len, *data, *len))
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
pub(crate) unsafe fn divide(
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
        let ciphers: &mut dyn CipherSlot = match layout.profile {
            Profile::AesCm128HmacSha1_80 | Profile::AesCm128HmacSha1_32 => {
                empty::<AesCm128HmacSha1>(ciphers_at)
            }
            Profile::AeadAes128Gcm => empty::<Aes128Gcm>(ciphers_at),
            Profile::AeadAes256Gcm => empty::<Aes256Gcm>(ciphers_at),
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
