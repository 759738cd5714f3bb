// SPDX-License-Identifier: MIT OR Apache-2.0
//! What C hands over, checked and turned into slices.

use core::slice;

use sipseal::srtp::Buffers;

use crate::status::{
    SIPSEAL_INVALID_ARGUMENT, SIPSEAL_NULL_POINTER, SIPSEAL_OVERLAP, sipseal_status,
};

/// An input. NULL with length 0 is empty.
///
/// # Safety
///
/// `data`, if not NULL, is readable for `len` octets for as long as the slice is used.
pub(crate) unsafe fn input<'a>(data: *const u8, len: usize) -> Result<&'a [u8], sipseal_status> {
    check(data, len)?;
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: not NULL, no longer than a slice may be, and readable as the caller promises.
    Ok(unsafe { slice::from_raw_parts(data, len) })
}

/// An input of 32-bit words. NULL with length 0 is empty.
///
/// # Safety
///
/// As for [`input`], with `len` words.
pub(crate) unsafe fn input_words<'a>(
    data: *const u32,
    len: usize,
) -> Result<&'a [u32], sipseal_status> {
    check_words(data, len)?;
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: not NULL, aligned, and readable as the caller promises.
    Ok(unsafe { slice::from_raw_parts(data, len) })
}

/// An output. NULL with capacity 0 is empty.
///
/// # Safety
///
/// `data`, if not NULL, is writable for `cap` octets, and nothing else refers to them while the slice is
/// used.
pub(crate) unsafe fn output<'a>(data: *mut u8, cap: usize) -> Result<&'a mut [u8], sipseal_status> {
    check(data, cap)?;
    if cap == 0 {
        return Ok(&mut []);
    }
    // SAFETY: as above, and exclusive as the caller promises.
    Ok(unsafe { slice::from_raw_parts_mut(data, cap) })
}

/// An output of 32-bit words. NULL with capacity 0 is empty.
///
/// # Safety
///
/// As for [`output`], with `cap` words.
pub(crate) unsafe fn output_words<'a>(
    data: *mut u32,
    cap: usize,
) -> Result<&'a mut [u32], sipseal_status> {
    check_words(data, cap)?;
    if cap == 0 {
        return Ok(&mut []);
    }
    // SAFETY: not NULL, aligned, and exclusive as the caller promises.
    Ok(unsafe { slice::from_raw_parts_mut(data, cap) })
}

/// Sets an output to zero and gives it back to be set to the result.
///
/// # Safety
///
/// `out`, if not NULL, is writable.
pub(crate) unsafe fn result<'a, T: Default>(out: *mut T) -> Result<&'a mut T, sipseal_status> {
    if out.is_null() {
        return Err(SIPSEAL_NULL_POINTER);
    }
    if !out.is_aligned() {
        return Err(SIPSEAL_INVALID_ARGUMENT);
    }
    // SAFETY: not NULL, aligned, and writable as the caller promises; written before it is borrowed.
    unsafe {
        out.write(T::default());
        Ok(&mut *out)
    }
}

/// The packet in `data`, to be written to `out`: the same pointer or disjoint.
///
/// # Safety
///
/// As for [`input`] and [`output`].
pub(crate) unsafe fn packet<'a>(
    data: *const u8,
    len: usize,
    out: *mut u8,
    cap: usize,
) -> Result<Buffers<'a, 'a>, sipseal_status> {
    check(data, len)?;
    check(out, cap)?;
    if data == out.cast_const() {
        // SAFETY: one region, as long as the longer of the two that the caller vouches for.
        let buffer = unsafe { output(out, len.max(cap)) }?;
        return Ok(Buffers::InPlace { buffer, len, cap });
    }
    check_disjoint(data, len, out, cap)?;
    // SAFETY: two regions that share nothing.
    unsafe {
        Ok(Buffers::Disjoint {
            input: input(data, len)?,
            output: output(out, cap)?,
        })
    }
}

/// Whether two regions share no octet.
#[inline(never)] // Asked in many places, and at most once for a packet.
pub(crate) fn check_disjoint(
    one: *const u8,
    one_len: usize,
    other: *const u8,
    other_len: usize,
) -> Result<(), sipseal_status> {
    let before = |a: *const u8, len: usize, b: *const u8| a.addr().saturating_add(len) <= b.addr();
    let empty = one_len == 0 || other_len == 0;
    if empty || before(one, one_len, other) || before(other, other_len, one) {
        Ok(())
    } else {
        Err(SIPSEAL_OVERLAP)
    }
}

fn check(data: *const u8, len: usize) -> Result<(), sipseal_status> {
    if data.is_null() && len > 0 {
        return Err(SIPSEAL_NULL_POINTER);
    }
    // No object is larger than that, in C or in Rust.
    if isize::try_from(len).is_err() {
        return Err(SIPSEAL_INVALID_ARGUMENT);
    }
    Ok(())
}

fn check_words(data: *const u32, len: usize) -> Result<(), sipseal_status> {
    let octets = len.checked_mul(size_of::<u32>());
    check(data.cast(), octets.ok_or(SIPSEAL_INVALID_ARGUMENT)?)?;
    if len > 0 && !data.is_aligned() {
        return Err(SIPSEAL_INVALID_ARGUMENT);
    }
    Ok(())
}
