// SPDX-License-Identifier: MIT OR Apache-2.0
//! The caller-sized part of a sender or receiver.
//!
//! ```text
//!   block:  | align | where the ciphers are | session ciphers of the profile ... | element keys ... |
//!           | keys ... | streams ... | windows ... | MKIs ... |
//! ```

use core::ptr;

#[cfg(feature = "accelerator")]
use sipseal::srtp::AcceleratedCiphers;
use sipseal::srtp::{
    self, CipherSlots, Construction, ElementKey, Key, MasterKey, Options, PacketCipher, Parts,
    Profile, SessionCiphers, Stream,
};

use super::accelerator::sipseal_accelerator;
use super::layout::{Layout, has_key_ids, sipseal_srtp_layout};
use crate::pointers;
use crate::status::{
    self, SIPSEAL_BLOCK_TOO_SMALL, SIPSEAL_CONTRADICTION, SIPSEAL_NULL_POINTER,
    SIPSEAL_UNSUPPORTED, sipseal_status,
};
use crate::storage::{self, Object, Rest};

// The pieces that SIPSEAL_SRTP_SENDER_BLOCK_LEN and SIPSEAL_SRTP_RECEIVER_BLOCK_LEN add up, in octets.
// cbindgen wants literals; the assertions below hold them against the types on every target.

/// Octets that aligning a block may cost.
pub const SIPSEAL_SRTP_BLOCK_ALIGN: usize = 16;
/// Octets of one stream without its windows.
pub const SIPSEAL_SRTP_STREAM_LEN: usize = 32;
/// Octets of one master key without its session keys.
pub const SIPSEAL_SRTP_KEY_LEN: usize = 144;
/// Octets of the session keys of one master key beyond the usual, where an accelerator takes part.
#[cfg(any(target_pointer_width = "64", target_arch = "x86"))]
pub const SIPSEAL_SRTP_ACCELERATED_KEY_LEN: usize = 256;
/// Octets of the session keys of one master key beyond the usual, where an accelerator takes part.
#[cfg(not(any(target_pointer_width = "64", target_arch = "x86")))]
pub const SIPSEAL_SRTP_ACCELERATED_KEY_LEN: usize = 160;
/// Octets of one header encryption key.
#[cfg(any(target_pointer_width = "64", target_arch = "x86"))]
pub const SIPSEAL_SRTP_ELEMENT_KEY_LEN: usize = 288;
/// Octets of one header encryption key.
#[cfg(not(any(target_pointer_width = "64", target_arch = "x86")))]
pub const SIPSEAL_SRTP_ELEMENT_KEY_LEN: usize = 272;

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
        assert!(len.is_multiple_of(align_of::<T>().next_multiple_of(align_of::<Stream>())));
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
    #[cfg(feature = "accelerator")]
    {
        use sipseal::srtp::accelerated;
        const MORE: usize = SIPSEAL_SRTP_ACCELERATED_KEY_LEN;
        assert_fits::<SessionCiphers<accelerated::AesCm128HmacSha1>>(
            SIPSEAL_SRTP_CM_128_CIPHERS_LEN + MORE,
        );
        #[cfg(feature = "rfc6188")]
        assert_fits::<SessionCiphers<accelerated::AesCm192HmacSha1>>(
            SIPSEAL_SRTP_CM_192_CIPHERS_LEN + MORE,
        );
        #[cfg(feature = "rfc6188")]
        assert_fits::<SessionCiphers<accelerated::AesCm256HmacSha1>>(
            SIPSEAL_SRTP_CM_256_CIPHERS_LEN + MORE,
        );
        #[cfg(feature = "gcm")]
        assert_fits::<SessionCiphers<accelerated::Aes128Gcm>>(
            SIPSEAL_SRTP_GCM_128_CIPHERS_LEN + MORE,
        );
        #[cfg(feature = "gcm")]
        assert_fits::<SessionCiphers<accelerated::Aes256Gcm>>(
            SIPSEAL_SRTP_GCM_256_CIPHERS_LEN + MORE,
        );
        assert!(
            size_of::<AcceleratedCiphers<'_, accelerated::AesCm128HmacSha1>>()
                <= 2 * SIPSEAL_SRTP_BLOCK_ALIGN
        );
    }
    assert_fits::<Key>(SIPSEAL_SRTP_KEY_LEN);
    assert_fits::<ElementKey>(SIPSEAL_SRTP_ELEMENT_KEY_LEN);
    assert_fits::<Stream>(SIPSEAL_SRTP_STREAM_LEN);
    assert!(size_of::<&mut [Stream]>() <= SIPSEAL_SRTP_BLOCK_ALIGN);
    assert!(align_of::<Stream>() >= align_of::<u32>());
};

impl Layout {
    /// Octets of a block, wherever it begins. Below 2^31 for any layout, so nothing overflows.
    fn block_len(self) -> usize {
        let per_key = self.ciphers_len()
            + SIPSEAL_SRTP_KEY_LEN
            + usize::from(self.options.mki_len)
            + if self.options.encrypted_elements {
                SIPSEAL_SRTP_ELEMENT_KEY_LEN
            } else {
                0
            };
        let per_stream =
            SIPSEAL_SRTP_STREAM_LEN + self.windows * self.words_per_window * size_of::<u32>();
        let accelerator = if self.accelerator.is_null() {
            0
        } else {
            SIPSEAL_SRTP_BLOCK_ALIGN + self.keys * SIPSEAL_SRTP_ACCELERATED_KEY_LEN
        };
        2 * SIPSEAL_SRTP_BLOCK_ALIGN + accelerator + self.keys * per_key + self.streams * per_stream
    }

    /// Of one master key.
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

/// The size function of both objects.
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
    pub(crate) object: (*const u8, usize),
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
    pub(crate) fn check_apart(self) -> Result<(), sipseal_status> {
        let block = (self.block.cast_const(), self.block_len);
        let object = self.object;
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

    /// Checks a layout, and what is written against the accelerator in it.
    ///
    /// # Safety
    ///
    /// `layout`, if not NULL, is readable.
    pub(crate) unsafe fn check_layout(
        self,
        layout: *const sipseal_srtp_layout,
        windows: usize,
    ) -> Result<Layout, sipseal_status> {
        // SAFETY: the same promise.
        let layout = unsafe { Layout::read(layout, windows) }?;
        check_accelerator(
            layout,
            [(self.block.cast_const(), self.block_len), self.object],
        )?;
        let checked = layout.options.check(layout.profile);
        checked.map_err(status::of_srtp)?;
        Ok(layout)
    }

    /// Checks all else: the layout, and the key for it.
    ///
    /// # Safety
    ///
    /// The header's contract for an `_init`, and [`Arguments::check_apart`].
    #[inline(never)] // Once for senders and receivers.
    pub(crate) unsafe fn check<'a>(
        self,
        windows: usize,
    ) -> Result<(Layout, Option<MasterKey<'a>>), sipseal_status> {
        // SAFETY: the same promise.
        let (layout, key, salt) = unsafe {
            (
                self.check_layout(self.layout, windows)?,
                pointers::input(self.key, self.key_len)?,
                pointers::input(self.salt, self.salt_len)?,
            )
        };
        if has_key_ids(layout.options) {
            if self.key_len != 0 || self.salt_len != 0 {
                return Err(SIPSEAL_CONTRADICTION);
            }
            return Ok((layout, None));
        }
        let master = MasterKey::new(key, salt);
        master.check(layout.profile).map_err(status::of_srtp)?;
        Ok((layout, Some(master)))
    }

    /// Divides the block, and makes an object in it that has no keys yet.
    ///
    /// # Safety
    ///
    /// The header's contract for an `_init`, and [`Arguments::check_apart`]; [`storage::begin`] was called.
    #[inline(never)] // Its frame is gone when keys are derived.
    pub(crate) unsafe fn place<O: Object>(
        self,
        object: *mut O,
        layout: Layout,
        without_key: impl FnOnce(Profile, Options, Parts<'static>) -> Result<O::Context, srtp::Error>,
    ) -> Result<(), sipseal_status> {
        // SAFETY: the same promise.
        unsafe {
            let parts = divide(self.block, self.block_len, layout)?;
            let context = without_key(layout.profile, layout.options, parts);
            let context = context.map_err(status::of_srtp)?;
            storage::place(object, self.block, self.block_len, context)
        }
    }
}

/// Gives its keys to an object that was just placed. If that fails there is none.
///
/// # Safety
///
/// As for [`storage::context`].
pub(crate) unsafe fn give_keys<O: Object>(
    object: *mut O,
    give: impl FnOnce(&mut O::Context) -> Result<(), sipseal_status>,
) -> Result<(), sipseal_status> {
    // SAFETY: the same promise.
    let given = unsafe { storage::context(object).and_then(give) };
    if given.is_err() {
        // SAFETY: the same promise. It is there, so this cannot fail.
        let _ = unsafe { storage::wipe(object) };
    }
    given
}

/// An accelerator lies apart from what is written, and there is none in a build without.
fn check_accelerator(
    layout: Layout,
    written: [(*const u8, usize); 2],
) -> Result<(), sipseal_status> {
    if layout.accelerator.is_null() {
        return Ok(());
    }
    if cfg!(not(feature = "accelerator")) {
        return Err(SIPSEAL_UNSUPPORTED);
    }
    let table = (layout.accelerator.cast(), size_of::<sipseal_accelerator>());
    for (data, len) in written {
        pointers::check_disjoint(data, len, table.0, table.1)?;
    }
    Ok(())
}

/// Divides a block. Everything in it is then valid, without keys.
///
/// # Safety
///
/// `block`, if not NULL, is writable for `block_len` octets for as long as what is returned is used, and
/// nothing else refers to them.
unsafe fn divide(
    block: *mut u8,
    block_len: usize,
    layout: Layout,
) -> Result<Parts<'static>, sipseal_status> {
    if block.is_null() {
        return Err(SIPSEAL_NULL_POINTER);
    }
    if block_len < layout.block_len() {
        return Err(SIPSEAL_BLOCK_TOO_SMALL);
    }
    // SAFETY: `block_len()` octets are enough for the pieces at any alignment of `block`: the assertions
    // above hold each constant against its type, and say that each piece leaves the next one aligned.
    unsafe {
        let mut rest = Rest(block.add(block.align_offset(SIPSEAL_SRTP_BLOCK_ALIGN)));
        let ciphers = ciphers(&mut rest, layout)?;
        let element_keys = if layout.options.encrypted_elements {
            layout.keys
        } else {
            0
        };
        let len = element_keys * SIPSEAL_SRTP_ELEMENT_KEY_LEN;
        let element_keys = rest.take(len, element_keys, || ElementKey::FREE);
        let keys = rest.take(layout.keys * SIPSEAL_SRTP_KEY_LEN, layout.keys, || {
            Key::FREE
        });
        let len = layout.streams * SIPSEAL_SRTP_STREAM_LEN;
        let streams = rest.take(len, layout.streams, || Stream::FREE);
        let mut windows = |count: usize| {
            let words = count * layout.streams * layout.words_per_window;
            rest.take(words * size_of::<u32>(), words, || 0)
        };
        let rtp_windows = windows(1);
        let rtcp_windows = windows(layout.windows - 1);
        let mkis_len = layout.keys * usize::from(layout.options.mki_len);
        Ok(Parts {
            ciphers,
            keys,
            mkis: rest.take(mkis_len, mkis_len, || 0),
            element_keys,
            streams,
            rtp_windows,
            rtcp_windows,
        })
    }
}

/// The places of session ciphers, and in front of them where they are.
///
/// # Safety
///
/// As for [`divide`], with `rest` aligned to [`SIPSEAL_SRTP_BLOCK_ALIGN`].
unsafe fn ciphers(
    rest: &mut Rest,
    layout: Layout,
) -> Result<&'static mut dyn CipherSlots, sipseal_status> {
    let Layout { keys, profile, .. } = layout;
    let len = keys * layout.ciphers_len();
    // SAFETY: the header's contract: a table that stays until the object is wiped.
    #[cfg(feature = "accelerator")]
    if let Some(accelerator) = unsafe { layout.accelerator.as_ref() } {
        let len = len + keys * SIPSEAL_SRTP_ACCELERATED_KEY_LEN;
        // SAFETY: as for `divide`.
        if let Some(ciphers) = unsafe { accelerated(rest, layout, len, accelerator) } {
            return Ok(ciphers);
        }
    }
    // SAFETY: as for `divide`.
    unsafe {
        Ok(match profile.construction() {
            Construction::AesCm128HmacSha1 => slots::<srtp::AesCm128HmacSha1>(rest, len, keys),
            #[cfg(feature = "rfc6188")]
            Construction::AesCm192HmacSha1 => slots::<srtp::AesCm192HmacSha1>(rest, len, keys),
            #[cfg(feature = "rfc6188")]
            Construction::AesCm256HmacSha1 => slots::<srtp::AesCm256HmacSha1>(rest, len, keys),
            #[cfg(feature = "f8")]
            Construction::F8Aes128HmacSha1 => slots::<srtp::F8Aes128HmacSha1>(rest, len, keys),
            #[cfg(feature = "insecure")]
            Construction::NullHmacSha1 => slots::<srtp::NullHmacSha1>(rest, len, keys),
            #[cfg(feature = "gcm")]
            Construction::Aes128Gcm => slots::<srtp::Aes128Gcm>(rest, len, keys),
            #[cfg(feature = "gcm")]
            Construction::Aes256Gcm => slots::<srtp::Aes256Gcm>(rest, len, keys),
            _ => return Err(SIPSEAL_UNSUPPORTED),
        })
    }
}

/// The same with an accelerator, for the constructions that have work for one.
///
/// # Safety
///
/// As for [`ciphers`]; `len` octets are enough for as many keys.
#[cfg(feature = "accelerator")]
#[allow(clippy::mut_from_ref)] // From the block, not from the table.
unsafe fn accelerated(
    rest: &mut Rest,
    layout: Layout,
    len: usize,
    accelerator: &'static sipseal_accelerator,
) -> Option<&'static mut dyn CipherSlots> {
    use sipseal::srtp::accelerated as of;

    let keys = layout.keys;
    // SAFETY: as for `divide`.
    unsafe {
        Some(match layout.profile.construction() {
            Construction::AesCm128HmacSha1 => {
                accelerated_slots::<of::AesCm128HmacSha1>(rest, len, keys, accelerator)
            }
            #[cfg(feature = "rfc6188")]
            Construction::AesCm192HmacSha1 => {
                accelerated_slots::<of::AesCm192HmacSha1>(rest, len, keys, accelerator)
            }
            #[cfg(feature = "rfc6188")]
            Construction::AesCm256HmacSha1 => {
                accelerated_slots::<of::AesCm256HmacSha1>(rest, len, keys, accelerator)
            }
            #[cfg(feature = "gcm")]
            Construction::Aes128Gcm => {
                accelerated_slots::<of::Aes128Gcm>(rest, len, keys, accelerator)
            }
            #[cfg(feature = "gcm")]
            Construction::Aes256Gcm => {
                accelerated_slots::<of::Aes256Gcm>(rest, len, keys, accelerator)
            }
            _ => return None,
        })
    }
}

/// Places for session ciphers of one construction, and in front of them where they are and what they work with.
///
/// # Safety
///
/// As for [`ciphers`]; `len` octets are enough for `keys` of them.
#[cfg(feature = "accelerator")]
#[allow(clippy::cast_ptr_alignment, clippy::mut_from_ref)] // Aligned, as the caller promises; from the block.
unsafe fn accelerated_slots<C: PacketCipher + 'static>(
    rest: &mut Rest,
    len: usize,
    keys: usize,
    accelerator: &'static sipseal_accelerator,
) -> &'static mut dyn CipherSlots {
    // SAFETY: as the caller promises; the first piece is wide enough, and written before it is borrowed.
    unsafe {
        let ciphers = rest.0.cast::<AcceleratedCiphers<'static, C>>();
        rest.0 = rest.0.add(2 * SIPSEAL_SRTP_BLOCK_ALIGN);
        let places = rest.take(len, keys, SessionCiphers::empty);
        ptr::write(ciphers, AcceleratedCiphers::new(places, accelerator));
        &mut *ciphers
    }
}

/// Places for session ciphers of one construction.
///
/// # Safety
///
/// As for [`ciphers`]; `len` octets are enough for `keys` of them.
#[allow(clippy::cast_ptr_alignment)] // Aligned, as the caller promises.
unsafe fn slots<C: PacketCipher + 'static>(
    rest: &mut Rest,
    len: usize,
    keys: usize,
) -> &'static mut dyn CipherSlots {
    // SAFETY: as the caller promises; the first piece is as wide as a slice, and written before it is borrowed.
    unsafe {
        let slice = rest.0.cast::<&'static mut [SessionCiphers<C>]>();
        rest.0 = rest.0.add(SIPSEAL_SRTP_BLOCK_ALIGN);
        ptr::write(slice, rest.take(len, keys, SessionCiphers::empty));
        &mut *slice
    }
}
