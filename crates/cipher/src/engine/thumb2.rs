// SPDX-License-Identifier: MIT OR Apache-2.0
//! Naked functions in Thumb-2, on processors that execute it.

/// The body of a naked function.
#[cfg(not(sipseal_a32))]
macro_rules! thumb2_asm {
    ($($line:literal),* $(,)?) => {
        core::arch::naked_asm!($($line),*)
    };
}

/// The same where the compiler writes A32, and calls functions as such.
#[cfg(sipseal_a32)]
macro_rules! thumb2_asm {
    ($($line:literal),* $(,)?) => {
        core::arch::naked_asm!("add r12, pc, #1", "bx r12", ".thumb", $($line,)* ".arm")
    };
}
