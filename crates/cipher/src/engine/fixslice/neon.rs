// SPDX-License-Identifier: MIT OR Apache-2.0
//! Eight blocks at a time with NEON, where an ARM processor has it: four pairs side by side.
//!
//! What [`rounds`](super::rounds) says of a word of the state holds here of each of the four words in a register:
//! word `i` is in `q0` to `q7`.
//!
//! No branch and no address depends on a key or on data, and every instruction takes the same time for all.

use core::ffi::c_ulong;

use super::rounds::RoundKey;

/// Four pairs: word by word, that of the first pair, of the second and so on.
pub(crate) type Pairs = [[u32; 4]; 8];

/// A processor that has NEON.
pub(crate) struct Neon(());

impl Neon {
    /// This one, if it does.
    pub(crate) fn detect() -> Option<Self> {
        // The kernel's list of what a processor has (Linux, asm/hwcap.h).
        const AT_HWCAP: c_ulong = 16;
        const NEON: c_ulong = 1 << 12;
        (getauxval(AT_HWCAP) & NEON != 0).then_some(Self(()))
    }

    /// Encrypts eight blocks: given as columns of pairs, as [`rounds::encrypt`](super::rounds::encrypt) takes one,
    /// and returned one after the other.
    #[allow(clippy::unused_self)] // Says that there is NEON.
    pub(crate) fn encrypt(&self, keys: &[RoundKey], blocks: &mut Pairs) {
        // The code ends where an even round has the last key.
        if keys.len() < 3 || keys.len().is_multiple_of(2) {
            return;
        }
        let keys = keys.as_ptr_range();
        // SAFETY: the processor executes the code, which reads the keys up to their end, reads and writes the blocks,
        // and keeps to the procedure call standard.
        unsafe { encrypt_pairs(blocks, keys.start, keys.end) }
    }
}

unsafe extern "C" {
    /// Of the C library.
    safe fn getauxval(kind: c_ulong) -> c_ulong;
}

/// ```text
///   r0           blocks
///   r1, r2       the next round key, and the end of the round keys
///   r3..r9       where on the stack SubBytes puts values aside
///   q0..q7       the state
/// ```
#[unsafe(naked)]
#[allow(clippy::too_many_lines)]
unsafe extern "C" fn encrypt_pairs(
    blocks: *mut Pairs,
    keys: *const RoundKey,
    end: *const RoundKey,
) {
    core::arch::naked_asm!(
        ".fpu neon",
        // Adds what two words of the state share a word of a round key for, in both blocks.
        r".macro neon_add_key low, high",
        r"vld1.32 {{d20[], d21[]}}, [r1]!",
        r"vshl.u32 q11, q10, #1",
        r"vshr.u32 q12, q10, #1",
        r"vbit q11, q10, q15",
        r"vbif q12, q10, q15",
        r"veor \low, \low, q11",
        r"veor \high, \high, q12",
        r".endm",
        r".macro neon_add_round_key",
        r"vmov.i8 q15, #0x55",
        r"neon_add_key q0, q1",
        r"neon_add_key q2, q3",
        r"neon_add_key q4, q5",
        r"neon_add_key q6, q7",
        r".endm",
        // Rotates the words in `from`, and octets in them.
        r".macro neon_rotate to, from, kind, bits, by",
        r"vshr.u\kind \to, \from, #\by",
        r"vsli.\kind \to, \from, #(\bits - \by)",
        r".endm",
        // ShiftRows twice over: rows 1 and 3, which q15 selects, by two columns.
        r".macro neon_shift_rows_twice word",
        r"neon_rotate q13, \word, 8, 8, 4",
        r"vbit \word, q13, q15",
        r".endm",
        // MixColumns makes a word of the sum of each octet and the one below it of the word before, times x, in `sum`;
        // of what is below each octet of the word; and of the sums two octets below. Here the first two, and the sums
        // in place of the word; the sums of word 7 are in q9.
        r".macro neon_mix part, sum, word",
        r"neon_rotate q13, \word, 32, 32, 8",
        r"veor \part, \sum, q13",
        r"veor \word, \word, q13",
        r".endm",
        r".macro neon_mixed part, word",
        r"vrev32.16 \word, \word",
        r"veor \word, \part, \word",
        r".endm",
        // The same where rows have yet to be shifted once, and the octet below one is a column further, the one two
        // below two columns.
        r".macro neon_mix_unshifted part, sum, word",
        r"neon_rotate q12, \word, 8, 8, 2",
        r"neon_rotate q13, q12, 32, 32, 8",
        r"veor \part, \sum, q13",
        r"veor \word, \word, q13",
        r".endm",
        r".macro neon_mixed_unshifted part, word",
        r"neon_rotate q12, \word, 8, 8, 4",
        r"vrev32.16 q12, q12",
        r"veor \word, \part, q12",
        r".endm",
        // All of it; `kind` is empty or as above.
        r".macro neon_mix_columns kind",
        r"vmov q9, q7",
        r"neon_mix\kind q10, q9, q9",
        r"neon_mix\kind q10, q9, q0",
        r"neon_mix\kind q11, q0, q1",
        r"veor q11, q11, q9",
        r"neon_mixed\kind q10, q0",
        r"neon_mix\kind q10, q1, q2",
        r"neon_mixed\kind q11, q1",
        r"neon_mix\kind q11, q2, q3",
        r"veor q11, q11, q9",
        r"neon_mixed\kind q10, q2",
        r"neon_mix\kind q10, q3, q4",
        r"veor q10, q10, q9",
        r"neon_mixed\kind q11, q3",
        r"neon_mix\kind q11, q4, q5",
        r"neon_mixed\kind q10, q4",
        r"neon_mix\kind q10, q5, q6",
        r"neon_mixed\kind q11, q5",
        r"neon_mix\kind q11, q6, q7",
        r"neon_mixed\kind q10, q6",
        r"neon_mixed\kind q11, q7",
        r".endm",
        // Swaps the bits of `b` that q15 selects with those of `a` that are `by` bits above them.
        r".macro neon_swap a, b, by",
        r"vshr.u32 q13, \a, #\by",
        r"vshl.u32 q14, \b, #\by",
        r"vbit \b, q13, q15",
        r"vbif \a, q14, q15",
        r".endm",
        "push {{r4-r9, lr}}",
        "vpush {{d8-d15}}",
        "sub sp, #112",
        "add r3, sp, #0",
        "add r4, sp, #16",
        "add r5, sp, #32",
        "add r6, sp, #48",
        "add r7, sp, #64",
        "add r8, sp, #80",
        "add r9, sp, #96",
        "vldmia r0, {{d0-d15}}",
        "bl 7f",
        "2:",
        "neon_add_round_key",
        "bl 8f",
        // An odd round.
        "neon_mix_columns _unshifted",
        "neon_add_round_key",
        "bl 8f",
        // An even round.
        "vmov.i16 q15, #0xff00",
        "neon_shift_rows_twice q0",
        "neon_shift_rows_twice q1",
        "neon_shift_rows_twice q2",
        "neon_shift_rows_twice q3",
        "neon_shift_rows_twice q4",
        "neon_shift_rows_twice q5",
        "neon_shift_rows_twice q6",
        "neon_shift_rows_twice q7",
        "add r12, r1, #16",
        "cmp r12, r2",
        "beq 3f",
        "neon_mix_columns",
        "b 2b",
        "3:",
        "neon_add_round_key",
        "bl 7f",
        // From columns of pairs to blocks.
        "vtrn.32 q0, q2",
        "vtrn.32 q1, q3",
        "vtrn.32 q4, q6",
        "vtrn.32 q5, q7",
        "vswp d1, d8",
        "vswp d3, d10",
        "vswp d5, d12",
        "vswp d7, d14",
        "vstmia r0, {{d0-d15}}",
        "add sp, #112",
        "vpop {{d8-d15}}",
        "pop {{r4-r9, pc}}",
        // Turns columns of blocks into the state and the state into columns.
        "7:",
        "vmov.i8 q15, #0x55",
        "neon_swap q0, q1, 1",
        "neon_swap q2, q3, 1",
        "neon_swap q4, q5, 1",
        "neon_swap q6, q7, 1",
        "vmov.i8 q15, #0x33",
        "neon_swap q0, q2, 2",
        "neon_swap q1, q3, 2",
        "neon_swap q4, q6, 2",
        "neon_swap q5, q7, 2",
        "vmov.i8 q15, #0x0f",
        "neon_swap q0, q4, 4",
        "neon_swap q1, q5, 4",
        "neon_swap q2, q6, 4",
        "neon_swap q3, q7, 4",
        "bx lr",
        // SubBytes but for its constant: the circuit of `rounds::sub_bytes`, in an order and with registers that were
        // found by search. Of its values, 7 are put aside for a while.
        "8:",
        "veor q14, q4, q2",
        "veor q11, q7, q1",
        "veor q8, q6, q5",
        "veor q12, q8, q0",
        "veor q9, q12, q1",
        "veor q13, q7, q4",
        "veor q15, q11, q14",
        "veor q5, q7, q2",
        "veor q1, q3, q15",
        "veor q10, q12, q4",
        "veor q4, q1, q2",
        "vand q3, q10, q0",
        "veor q6, q1, q6",
        "vand q2, q15, q4",
        "veor q1, q4, q8",
        "veor q3, q3, q2",
        "vst1.64 {{d30, d31}}, [r3]",
        "veor q15, q9, q5",
        "vst1.64 {{d8, d9}}, [r4]",
        "veor q4, q4, q0",
        "vst1.64 {{d8, d9}}, [r5]",
        "vand q15, q15, q4",
        "vst1.64 {{d20, d21}}, [r6]",
        "veor q10, q6, q13",
        "veor q4, q15, q2",
        "vand q15, q5, q1",
        "veor q2, q1, q10",
        "vst1.64 {{d28, d29}}, [r7]",
        "vand q14, q14, q2",
        "vst1.64 {{d26, d27}}, [r8]",
        "vand q2, q13, q10",
        "veor q13, q15, q2",
        "vand q15, q9, q12",
        "veor q8, q8, q10",
        "veor q14, q14, q2",
        "veor q2, q4, q14",
        "veor q2, q2, q6",
        "veor q6, q0, q10",
        "vand q4, q11, q8",
        "veor q15, q15, q4",
        "veor q3, q3, q13",
        "veor q14, q15, q14",
        "veor q15, q12, q7",
        "vst1.64 {{d0, d1}}, [r9]",
        "vand q0, q15, q6",
        "veor q0, q0, q4",
        "veor q4, q11, q8",
        "veor q14, q14, q4",
        "veor q0, q0, q13",
        "veor q13, q7, q8",
        "veor q7, q0, q13",
        "veor q4, q14, q7",
        "vand q13, q2, q14",
        "veor q0, q1, q5",
        "veor q0, q3, q0",
        "veor q2, q2, q0",
        "veor q3, q0, q13",
        "vand q4, q3, q4",
        "veor q4, q4, q7",
        "veor q13, q7, q13",
        "vand q3, q2, q13",
        "veor q0, q3, q0",
        "vand q6, q0, q6",
        "veor q3, q13, q4",
        "vand q7, q7, q3",
        "veor q3, q14, q4",
        "veor q13, q13, q7",
        "vand q13, q0, q13",
        "veor q13, q2, q13",
        "vand q14, q13, q12",
        "veor q12, q0, q4",
        "veor q2, q0, q13",
        "vand q8, q2, q8",
        "vand q0, q0, q15",
        "veor q7, q7, q3",
        "veor q15, q13, q7",
        "veor q3, q9, q5",
        "vand q3, q7, q3",
        "vand q11, q2, q11",
        "vand q9, q13, q9",
        "veor q2, q12, q15",
        "vand q13, q15, q5",
        "veor q5, q1, q10",
        "vand q5, q2, q5",
        "vand q15, q15, q1",
        "vand q1, q12, q10",
        "vld1.64 {{d20, d21}}, [r7]",
        "vand q10, q2, q10",
        "vld1.64 {{d4, d5}}, [r8]",
        "vand q12, q12, q2",
        "veor q2, q12, q10",
        "veor q10, q10, q13",
        "vld1.64 {{d26, d27}}, [r6]",
        "vand q13, q4, q13",
        "veor q12, q1, q5",
        "veor q1, q8, q12",
        "veor q12, q4, q7",
        "veor q13, q3, q13",
        "veor q5, q5, q15",
        "vld1.64 {{d30, d31}}, [r3]",
        "vand q15, q12, q15",
        "veor q3, q15, q3",
        "veor q15, q14, q2",
        "veor q5, q5, q15",
        "veor q15, q3, q15",
        "veor q9, q6, q9",
        "vld1.64 {{d6, d7}}, [r9]",
        "vand q4, q4, q3",
        "vld1.64 {{d6, d7}}, [r5]",
        "vand q3, q7, q3",
        "veor q14, q14, q1",
        "veor q7, q1, q15",
        "veor q1, q3, q15",
        "vld1.64 {{d6, d7}}, [r4]",
        "vand q15, q12, q3",
        "veor q12, q4, q6",
        "veor q6, q11, q9",
        "veor q8, q15, q8",
        "veor q3, q12, q1",
        "veor q12, q4, q11",
        "veor q15, q12, q8",
        "veor q4, q8, q1",
        "veor q12, q2, q15",
        "veor q1, q0, q15",
        "veor q8, q1, q5",
        "veor q2, q14, q8",
        "veor q1, q6, q5",
        "veor q5, q10, q2",
        "veor q6, q14, q4",
        "veor q0, q9, q12",
        "veor q2, q13, q8",
        "bx lr",
        ".purgem neon_add_key",
        ".purgem neon_add_round_key",
        ".purgem neon_rotate",
        ".purgem neon_shift_rows_twice",
        ".purgem neon_mix",
        ".purgem neon_mixed",
        ".purgem neon_mix_unshifted",
        ".purgem neon_mixed_unshifted",
        ".purgem neon_mix_columns",
        ".purgem neon_swap",
    )
}
