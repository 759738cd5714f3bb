// SPDX-License-Identifier: MIT OR Apache-2.0
//! Contexts in the caller's memory: a fixed head of opaque words, and a block for what its caller sizes.

use core::ptr;
use core::slice;

use sipseal::Zeroize;

use crate::pointers;
use crate::status::{
    SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NOT_INITIALISED, SIPSEAL_NULL_POINTER, sipseal_status,
};

/// A C object: opaque words that hold a [`Head`].
///
/// # Safety
///
/// `Self` must be plain words, at least as large and as aligned as a `Head<Self::Context>`.
pub(crate) unsafe trait Object: Sized {
    /// What the head holds.
    type Context;
    /// Tells this object from others, and from memory that was never initialised.
    const MAGIC: usize;
}

/// What lies in the opaque words.
pub(crate) struct Head<T> {
    /// The object's magic word mixed with its address, so that a copy elsewhere is no object.
    magic: usize,
    /// The caller's block, to be wiped with the head.
    block: *mut u8,
    block_len: usize,
    context: T,
}

/// Fails to compile if an object's words cannot hold its head on this target.
pub(crate) const fn assert_fits<O: Object>() {
    assert!(size_of::<O>() >= size_of::<Head<O::Context>>());
    assert!(align_of::<O>() >= align_of::<Head<O::Context>>());
}

/// Checks the pointer, and makes sure that a failed initialisation leaves no object behind.
///
/// # Safety
///
/// `object`, if not NULL, is writable.
pub(crate) unsafe fn begin<O: Object>(object: *mut O) -> Result<(), sipseal_status> {
    head(object)?;
    // SAFETY: plain words, aligned and, as the caller promises, writable.
    unsafe { object.write_bytes(0, 1) };
    Ok(())
}

/// Puts a context into an object that [`begin`] has checked.
///
/// # Safety
///
/// As for [`begin`]; `block` is what `context` borrows, `block_len` octets.
pub(crate) unsafe fn place<O: Object>(
    object: *mut O,
    block: *mut u8,
    block_len: usize,
    context: O::Context,
) -> Result<(), sipseal_status> {
    let magic = O::MAGIC ^ object.addr();
    // SAFETY: aligned, large enough (`assert_fits`) and writable.
    unsafe {
        head(object)?.write(Head {
            magic,
            block,
            block_len,
            context,
        });
    }
    Ok(())
}

/// The context in an object, to look at.
///
/// # Safety
///
/// `object`, if not NULL, is readable, and no other call changes it meanwhile.
pub(crate) unsafe fn peek<'a, O: Object>(
    object: *const O,
) -> Result<&'a O::Context, sipseal_status> {
    let head = live(object.cast_mut())?;
    // SAFETY: the magic word says that `place` wrote this head here; it is only read.
    Ok(unsafe { &(*head).context })
}

/// The context in an object.
///
/// # Safety
///
/// `object`, if not NULL, is readable and writable, and no other call uses it meanwhile.
pub(crate) unsafe fn context<'a, O: Object>(
    object: *mut O,
) -> Result<&'a mut O::Context, sipseal_status> {
    let head = live(object)?;
    // SAFETY: the magic word says that `place` wrote this head here.
    Ok(unsafe { &mut (*head).context })
}

/// An object and its block: where they begin, and their octets.
///
/// # Safety
///
/// As for [`peek`].
pub(crate) unsafe fn regions<O: Object>(
    object: *mut O,
) -> Result<[(*const u8, usize); 2], sipseal_status> {
    let head = live(object)?;
    // SAFETY: the magic word says that `place` wrote this head here; it is only read.
    let block = unsafe { ((*head).block.cast_const(), (*head).block_len) };
    Ok([(object.cast::<u8>().cast_const(), size_of::<O>()), block])
}

/// Whether octets lie neither in an object nor in its block.
///
/// # Safety
///
/// As for [`peek`].
pub(crate) unsafe fn check_apart<O: Object>(
    object: *mut O,
    data: *const u8,
    len: usize,
) -> Result<(), sipseal_status> {
    // SAFETY: the same promise.
    for (written, written_len) in unsafe { regions(object) }? {
        pointers::check_disjoint(data, len, written, written_len)?;
    }
    Ok(())
}

/// Drops the context and wipes head and block.
///
/// # Safety
///
/// As for [`context`]; the block is still there.
pub(crate) unsafe fn wipe<O: Object>(object: *mut O) -> Result<(), sipseal_status> {
    let head = live(object)?;
    // SAFETY: the magic word says that `place` wrote this head here. After the context is dropped nothing
    // refers to the block, and both are plain memory to be zeroed.
    unsafe {
        ptr::drop_in_place(&raw mut (*head).context);
        slice::from_raw_parts_mut((*head).block, (*head).block_len).zeroize();
        slice::from_raw_parts_mut(object.cast::<u8>(), size_of::<O>()).zeroize();
    }
    Ok(())
}

fn live<O: Object>(object: *mut O) -> Result<*mut Head<O::Context>, sipseal_status> {
    let head = head(object)?;
    // SAFETY: every caller of this private function promises a readable object; the magic word is read as
    // plain memory, whatever is there.
    let magic = unsafe { (&raw const (*head).magic).read() };
    if magic == O::MAGIC ^ object.addr() {
        Ok(head)
    } else {
        Err(SIPSEAL_NOT_INITIALISED)
    }
}

fn head<O: Object>(object: *mut O) -> Result<*mut Head<O::Context>, sipseal_status> {
    if object.is_null() {
        return Err(SIPSEAL_NULL_POINTER);
    }
    if !object.is_aligned() {
        return Err(SIPSEAL_INVALID_ARGUMENT);
    }
    Ok(object.cast())
}

/// A block while it is divided: how far that has come.
pub(crate) struct Rest(pub(crate) *mut u8);

impl Rest {
    /// The next `count` values, each `value()`, in a piece of `len` octets.
    ///
    /// # Safety
    ///
    /// What is left is aligned for `T` and writable for `len` octets, which are enough; nothing else refers to
    /// them while the slice is used.
    #[allow(clippy::cast_ptr_alignment)] // Aligned, as the caller promises.
    pub(crate) unsafe fn take<T>(
        &mut self,
        len: usize,
        count: usize,
        value: impl Fn() -> T,
    ) -> &'static mut [T] {
        let at = self.0.cast::<T>();
        // SAFETY: as the caller promises; each is written before the slice is made.
        unsafe {
            self.0 = self.0.add(len);
            for position in 0..count {
                at.add(position).write(value());
            }
            slice::from_raw_parts_mut(at, count)
        }
    }
}
