// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the archive checks must find.
#![no_std]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

#[unsafe(no_mangle)]
pub extern "C" fn sipseal_planted_nothing(a: u32) -> u32 {
    a.rotate_left(7)
}

#[cfg(feature = "allocator")]
#[unsafe(no_mangle)]
pub extern "C" fn sipseal_planted_allocator(bytes: usize) -> *mut u8 {
    unsafe extern "C" {
        fn malloc(bytes: usize) -> *mut u8;
    }
    // SAFETY: malloc takes any size.
    unsafe { malloc(bytes) }
}

#[cfg(feature = "writable-global")]
#[unsafe(no_mangle)]
pub extern "C" fn sipseal_planted_writable_global() -> u32 {
    use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
    static CALLS: AtomicU32 = AtomicU32::new(0);
    CALLS.store(CALLS.load(Relaxed).wrapping_add(1), Relaxed);
    CALLS.load(Relaxed)
}

#[cfg(feature = "indexing")]
#[unsafe(no_mangle)]
pub extern "C" fn sipseal_planted_indexing(i: usize, end: usize) -> u8 {
    let table = [1, 2, 3, 5, 8, 13];
    table[..end][i]
}

#[cfg(feature = "unwrap-in-table")]
#[unsafe(no_mangle)]
pub extern "C" fn sipseal_planted_unwrap_in_table(i: u8) -> u8 {
    static TABLE: fn(Option<u8>) -> u8 = Option::unwrap;
    // SAFETY: a static may be read.
    let function = unsafe { core::ptr::read_volatile(&raw const TABLE) };
    function(i.checked_sub(3))
}

#[cfg(feature = "foreign-symbol")]
#[unsafe(no_mangle)]
pub extern "C" fn planted_foreign_symbol() {}
