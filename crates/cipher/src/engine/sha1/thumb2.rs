// SPDX-License-Identifier: MIT OR Apache-2.0
//! The compression function of SHA-1 (FIPS 180-4 section 6.1.2) in Thumb-2, unrolled and in loops.
//!
//! Rotations cost nothing where their result is used: `c`, `d` and `e` stay as they were when they were `b`, to be
//! rotated right by 2. Of the message schedule the last sixteen words are on the stack.
//!
//! No branch and no address depends on data, and every instruction takes the same time for all data.

/// Takes whole blocks into a state.
pub(crate) fn compress(state: &mut [u32; 5], blocks: &[[u8; 64]]) {
    // SAFETY: the code reads and writes the state, reads as many blocks as there are, at any alignment, and keeps to
    // the procedure call standard.
    unsafe { compress_blocks(state, blocks.as_ptr(), blocks.len()) }
}

/// The same in a tenth of the flash and three times the time.
pub(crate) fn compact(state: &mut [u32; 5], blocks: &[[u8; 64]]) {
    // SAFETY: as above.
    unsafe { compact_blocks(state, blocks.as_ptr(), blocks.len()) }
}

/// All rounds are unrolled, so that registers change their names instead of their contents. The schedule is made in
/// pairs, with the last three words in registers as well.
///
/// ```text
///   stack:   0..64  the last sixteen words, word t at 4 * (t mod 16)
///            64     state
///            68     next block
///            72     blocks that are left
///   r0..r4   a, b, c, d, e
///   r5..r11  words of the schedule, and the address of the block as long as it is read
///   r12      the constant of the round
///   lr       what else there is
/// ```
#[unsafe(naked)]
#[allow(clippy::too_many_lines)]
unsafe extern "C" fn compress_blocks(state: *mut [u32; 5], blocks: *const [u8; 64], count: usize) {
    thumb2_asm!(
        // e = ror(e, 2) + K + rol(a, 5) + word, to which f(b, c, d) is yet to be added.
        r".macro sha1_sum a, e, word",
        r"add \e, r12, \e, ror #2",
        r"add \e, \e, \a, ror #27",
        r"add \e, \e, \word",
        r".endm",
        // b & (c ^ d) ^ d
        r".macro sha1_choose a, b, c, d, e, word",
        r"sha1_sum \a, \e, \word",
        r"eor lr, \c, \d",
        r"and lr, \b, lr, ror #2",
        r"eor lr, lr, \d, ror #2",
        r"add \e, \e, lr",
        r".endm",
        // b ^ c ^ d
        r".macro sha1_parity a, b, c, d, e, word",
        r"sha1_sum \a, \e, \word",
        r"eor lr, \c, \d",
        r"eor lr, \b, lr, ror #2",
        r"add \e, \e, lr",
        r".endm",
        // c & d + (b & (c ^ d))
        r".macro sha1_majority a, b, c, d, e, word",
        r"sha1_sum \a, \e, \word",
        r"and lr, \c, \d",
        r"add \e, \e, lr, ror #2",
        r"eor lr, \c, \d",
        r"and lr, \b, lr, ror #2",
        r"add \e, \e, lr",
        r".endm",
        // Two rounds with words of the block, which are stored at `at`.
        r".macro sha1_first at, a, b, c, d, e, v, w",
        r"ldr \v, [r11], #4",
        r"ldr \w, [r11], #4",
        r"rev \v, \v",
        r"rev \w, \w",
        r"strd \v, \w, [sp, #\at]",
        r"sha1_choose \a, \b, \c, \d, \e, \v",
        r"sha1_choose \e, \a, \b, \c, \d, \w",
        r".endm",
        // So many pairs of rounds of a kind. `v` and `w` are the words of 16 rounds ago, `x`, `y` and `z` those of 3,
        // 2 and 1 round ago, `s` and `t` are free.
        r".macro sha1_rounds kind, pairs, at, a, b, c, d, e, v, w, x, y, z, s, t",
        r"eor \v, \v, \x",
        r"eor \w, \w, \y",
        r"ldrd \s, \t, [sp, #((\at + 32) % 64)]",
        r"eor \v, \v, \s",
        r"eor \w, \w, \t",
        r"ldrd \s, \t, [sp, #((\at + 8) % 64)]",
        r"eor \v, \v, \s",
        r"eor \w, \w, \t",
        r"ror \v, \v, #31",
        r"ror \w, \w, #31",
        r"strd \v, \w, [sp, #(\at % 64)]",
        r"sha1_\kind \a, \b, \c, \d, \e, \v",
        r"sha1_\kind \e, \a, \b, \c, \d, \w",
        r".if \pairs - 1",
        r"sha1_rounds \kind, (\pairs - 1), (\at + 8), \d, \e, \a, \b, \c, \s, \t, \z, \v, \w, \x, \y",
        r".endif",
        r".endm",
        r".macro sha1_constant high, low",
        r"movw r12, #\low",
        r"movt r12, #\high",
        r".endm",
        "cmp r2, #0",
        "it eq",
        "bxeq lr",
        "push {{r0-r2, r4-r11, lr}}",
        "sub sp, #64",
        "2:",
        "ldrd r10, r11, [sp, #64]",
        "ldm r10, {{r0-r4}}",
        "ror r2, r2, #30",
        "ror r3, r3, #30",
        "ror r4, r4, #30",
        "sha1_constant 0x5a82, 0x7999",
        "sha1_first 0, r0, r1, r2, r3, r4, r5, r6",
        "sha1_first 8, r3, r4, r0, r1, r2, r7, r8",
        "sha1_first 16, r1, r2, r3, r4, r0, r7, r8",
        "sha1_first 24, r4, r0, r1, r2, r3, r7, r8",
        "sha1_first 32, r2, r3, r4, r0, r1, r7, r8",
        "sha1_first 40, r0, r1, r2, r3, r4, r7, r8",
        "sha1_first 48, r3, r4, r0, r1, r2, r9, r10",
        "sha1_first 56, r1, r2, r3, r4, r0, r7, r8",
        "str r11, [sp, #68]",
        "sha1_rounds choose, 2, 0, r4, r0, r1, r2, r3, r5, r6, r10, r7, r8, r9, r11",
        "sha1_constant 0x6ed9, 0xeba1",
        "sha1_rounds parity, 10, 16, r0, r1, r2, r3, r4, r10, r7, r6, r9, r11, r8, r5",
        "sha1_constant 0x8f1b, 0xbcdc",
        "sha1_rounds majority, 10, 32, r0, r1, r2, r3, r4, r11, r10, r5, r6, r9, r7, r8",
        "sha1_constant 0xca62, 0xc1d6",
        "sha1_rounds parity, 10, 48, r0, r1, r2, r3, r4, r9, r11, r8, r5, r6, r10, r7",
        "ldr r10, [sp, #64]",
        "ldm r10, {{r5-r9}}",
        "add r0, r0, r5",
        "add r1, r1, r6",
        "add r2, r7, r2, ror #2",
        "add r3, r8, r3, ror #2",
        "add r4, r9, r4, ror #2",
        "stm r10, {{r0-r4}}",
        "ldr r5, [sp, #72]",
        "subs r5, #1",
        "str r5, [sp, #72]",
        "bne 2b",
        "add sp, #76",
        "pop {{r4-r11, pc}}",
        ".purgem sha1_sum",
        ".purgem sha1_choose",
        ".purgem sha1_parity",
        ".purgem sha1_majority",
        ".purgem sha1_first",
        ".purgem sha1_rounds",
        ".purgem sha1_constant",
    )
}

/// ```text
///   stack:   as above
///   r0..r4   a, b, c, d, e
///   r5       the next word
///   r6       four times the number of the round
///   r7       the rounds of one kind end before this
///   r8..r11  what else there is
///   r12      the constant of the round
/// ```
#[unsafe(naked)]
#[allow(clippy::too_many_lines)]
unsafe extern "C" fn compact_blocks(state: *mut [u32; 5], blocks: *const [u8; 64], count: usize) {
    thumb2_asm!(
        // f(b, c, d), added to r5 but for what is in r8, which comes with c ^ d: b & (c ^ d) ^ d
        r".macro sha1_choose",
        r"and r8, r1, r8, ror #2",
        r"eor r8, r8, r3, ror #2",
        r".endm",
        // b ^ c ^ d
        r".macro sha1_parity",
        r"eor r8, r1, r8, ror #2",
        r".endm",
        // c & d + (b & (c ^ d))
        r".macro sha1_majority",
        r"and r8, r1, r8, ror #2",
        r"and r9, r2, r3",
        r"add r5, r5, r9, ror #2",
        r".endm",
        // Takes in the word of so many rounds ago.
        r".macro sha1_other ago",
        r"add r9, r6, #(64 - 4 * \ago)",
        r"and r9, r9, #63",
        r"ldr r9, [sp, r9]",
        r"eor r5, r5, r9",
        r".endm",
        // Twenty rounds of a kind.
        r".macro sha1_loop kind, high, low",
        r"movw r12, #\low",
        r"movt r12, #\high",
        r"add r7, #80",
        r"9:",
        r"bl 8f",
        r"add r5, r5, r12",
        r"add r5, r5, r0, ror #27",
        r"add r5, r5, r4, ror #2",
        r"eor r8, r2, r3",
        r"sha1_\kind",
        r"mov r4, r3",
        r"mov r3, r2",
        r"mov r2, r1",
        r"mov r1, r0",
        r"add r0, r5, r8",
        r"cmp r6, r7",
        r"bne 9b",
        r".endm",
        "cmp r2, #0",
        "it eq",
        "bxeq lr",
        "push {{r0-r2, r4-r11, lr}}",
        "sub sp, #64",
        "2:",
        "ldrd r10, r11, [sp, #64]",
        "mov r6, sp",
        "add r7, r11, #64",
        "3:",
        "ldr r0, [r11], #4",
        "rev r0, r0",
        "stm r6!, {{r0}}",
        "cmp r11, r7",
        "bne 3b",
        "str r11, [sp, #68]",
        "ldm r10, {{r0-r4}}",
        "ror r2, r2, #30",
        "ror r3, r3, #30",
        "ror r4, r4, #30",
        "movs r6, #0",
        "movs r7, #0",
        "sha1_loop choose, 0x5a82, 0x7999",
        "sha1_loop parity, 0x6ed9, 0xeba1",
        "sha1_loop majority, 0x8f1b, 0xbcdc",
        "sha1_loop parity, 0xca62, 0xc1d6",
        "ldm r10, {{r5-r9}}",
        "add r0, r0, r5",
        "add r1, r1, r6",
        "add r2, r7, r2, ror #2",
        "add r3, r8, r3, ror #2",
        "add r4, r9, r4, ror #2",
        "stm r10, {{r0-r4}}",
        "ldr r5, [sp, #72]",
        "subs r5, #1",
        "str r5, [sp, #72]",
        "bne 2b",
        "add sp, #76",
        "pop {{r4-r11, pc}}",
        // The word of a round.
        "8:",
        "and r8, r6, #63",
        "ldr r5, [sp, r8]",
        "cmp r6, #64",
        "blo 3f",
        "sha1_other 3",
        "sha1_other 8",
        "sha1_other 14",
        "ror r5, r5, #31",
        "str r5, [sp, r8]",
        "3:",
        "adds r6, #4",
        "bx lr",
        ".purgem sha1_choose",
        ".purgem sha1_parity",
        ".purgem sha1_majority",
        ".purgem sha1_other",
        ".purgem sha1_loop",
    )
}
