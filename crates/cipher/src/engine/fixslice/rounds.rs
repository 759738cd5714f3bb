// SPDX-License-Identifier: MIT OR Apache-2.0
//! AES without tables for processors with 32-bit words: two blocks at a time, bit by bit.
//!
//! Eight words hold the state of two blocks. Word `i` has bit `i` of all 32 octets:
//!
//! ```text
//!    bits 31..24      23..16      15..8       7..0
//!   |  row 3    |   row 2   |   row 1   |   row 0   |
//!                                      /             \
//!     bit of the octet:    7     6     5     4     3     2     1     0
//!     column:              3     3     2     2     1     1     0     0
//!     block:               1     0     1     0     1     0     1     0
//! ```
//!
//! So the next row is a rotation by 8, which costs nothing on ARM, and the next column one by 2 within each
//! octet. SubBytes is a circuit of gates, each over all 32 octets at once. ShiftRows is left out
//! ("fixslicing", Adomnicai and Peyrin, TCHES 2021/1): after an odd round the rows stay unshifted and
//! MixColumns and the round key are made for that; after an even round they are two columns off, and two rows
//! change halves.
//!
//! No index, no branch and no address depends on a key or on data.

// What one round does has to be one piece of code: its state is in registers.
#![allow(clippy::inline_always)]
// Words of a state in their order.
#![allow(clippy::many_single_char_names)]

/// A round key: two words of the state in one, as both blocks have the same.
///
/// Word `2 * i` of the state is in the even bits of word `i`, word `2 * i + 1` in the odd ones.
pub(crate) type RoundKey = [u32; 4];

/// Two blocks: the state, or the columns of both in turn.
pub(crate) type Pair = [u32; 8];

/// The bits of a word that belong to the first block.
pub(crate) const FIRST_BLOCK: u32 = 0x5555_5555;

/// Encrypts two blocks, given and returned as columns in turn: column 0 of the first, of the second, column 1 of
/// the first and so on, each with row 0 in its lowest octet.
///
/// `keys` are the round keys of [`RoundKey`], one more than there are rounds, which are an even number.
#[inline(never)]
pub(crate) fn encrypt(keys: &[RoundKey], blocks: &mut Pair) {
    let Some((first, mut rounds)) = keys.split_first() else {
        return;
    };
    let mut state = add_round_key(transpose(*blocks), first);
    while let Some((key, later)) = rounds.split_first() {
        state = sub_bytes(state);
        if later.len() % 2 == 1 {
            state = mix_unshifted_columns(state);
        } else {
            state = each(state, shift_rows_twice);
            if !later.is_empty() {
                state = mix_columns(state);
            }
        }
        state = add_round_key(state, key);
        rounds = later;
    }
    *blocks = transpose(state);
}

/// Turns columns of blocks into the state and the state into columns.
#[inline(always)]
pub(crate) fn transpose(words: Pair) -> Pair {
    let [a, b, c, d, e, f, g, h] = words;
    let ((a, b), (c, d), (e, f), (g, h)) = (
        swap::<1, 0x5555_5555>(a, b),
        swap::<1, 0x5555_5555>(c, d),
        swap::<1, 0x5555_5555>(e, f),
        swap::<1, 0x5555_5555>(g, h),
    );
    let ((a, c), (b, d), (e, g), (f, h)) = (
        swap::<2, 0x3333_3333>(a, c),
        swap::<2, 0x3333_3333>(b, d),
        swap::<2, 0x3333_3333>(e, g),
        swap::<2, 0x3333_3333>(f, h),
    );
    let ((a, e), (b, f), (c, g), (d, h)) = (
        swap::<4, 0x0f0f_0f0f>(a, e),
        swap::<4, 0x0f0f_0f0f>(b, f),
        swap::<4, 0x0f0f_0f0f>(c, g),
        swap::<4, 0x0f0f_0f0f>(d, h),
    );
    [a, b, c, d, e, f, g, h]
}

/// Swaps the bits of `b` that are in `MASK` with those of `a` that are `BY` bits above them.
#[inline(always)]
fn swap<const BY: u32, const MASK: u32>(a: u32, b: u32) -> (u32, u32) {
    let differing = (a >> BY ^ b) & MASK;
    (a ^ differing << BY, b ^ differing)
}

/// XORs a round key into both blocks.
#[inline(always)]
fn add_round_key(state: Pair, key: &RoundKey) -> Pair {
    let [a, b, c, d, e, f, g, h] = state;
    let [ab, cd, ef, gh] = *key;
    let add = |low: u32, high: u32, key: u32| {
        let (even, odd) = (key & FIRST_BLOCK, key & !FIRST_BLOCK);
        (low ^ even ^ even << 1, high ^ odd ^ odd >> 1)
    };
    let (a, b) = add(a, b, ab);
    let (c, d) = add(c, d, cd);
    let (e, f) = add(e, f, ef);
    let (g, h) = add(g, h, gh);
    [a, b, c, d, e, f, g, h]
}

/// ShiftRows twice over: rows 1 and 3 by two columns.
#[inline(always)]
fn shift_rows_twice(word: u32) -> u32 {
    let differing = (word ^ word >> 4) & 0x0f00_0f00;
    word ^ differing ^ differing << 4
}

/// MixColumns.
#[inline(always)]
fn mix_columns(state: Pair) -> Pair {
    // What is below each octet in its column.
    let below = each(state, |word| word.rotate_right(8));
    let sums = xor(state, below);
    xor(
        xor(double(sums), below),
        sums.map(|sum| sum.rotate_right(16)),
    )
}

/// MixColumns of a state whose rows have yet to be shifted once: the octet below one is a column further.
#[inline(always)]
fn mix_unshifted_columns(state: Pair) -> Pair {
    let sums = each(state, |word| {
        word ^ (word & 0xfcfc_fcfc).rotate_right(10) ^ (word & 0x0303_0303).rotate_right(2)
    });
    let below = xor(state, sums);
    let sums_below = each(sums, |sum| {
        (sum & 0xf0f0_f0f0).rotate_right(20) ^ (sum & 0x0f0f_0f0f).rotate_right(12)
    });
    xor(xor(double(sums), below), sums_below)
}

/// The same of each word. (Where size counts, the compiler would make a loop of `map`.)
#[inline(always)]
pub(crate) fn each(words: Pair, of: impl Fn(u32) -> u32) -> Pair {
    let [a, b, c, d, e, f, g, h] = words;
    [of(a), of(b), of(c), of(d), of(e), of(f), of(g), of(h)]
}

/// Each octet times x.
#[inline(always)]
fn double(words: Pair) -> Pair {
    let [a, b, c, d, e, f, g, h] = words;
    [h, a ^ h, b, c ^ h, d ^ h, e, f, g]
}

#[inline(always)]
pub(crate) fn xor(a: Pair, b: Pair) -> Pair {
    let [a0, a1, a2, a3, a4, a5, a6, a7] = a;
    let [b0, b1, b2, b3, b4, b5, b6, b7] = b;
    [
        a0 ^ b0,
        a1 ^ b1,
        a2 ^ b2,
        a3 ^ b3,
        a4 ^ b4,
        a5 ^ b5,
        a6 ^ b6,
        a7 ^ b7,
    ]
}

/// The words of the state that leave [`sub_bytes`] inverted: bits 0, 1, 5 and 6 of the constant 0x63.
pub(crate) const INVERTED: Pair = [!0, !0, 0, 0, 0, !0, !0, 0];

/// SubBytes but for its constant, which is in the round keys.
///
/// The circuit of Boyar and Peralta ("A new combinational logic minimization technique", 2010): a linear layer
/// on top, inversion over GF(2^4) with 32 AND gates in the middle, a linear layer at the bottom.
#[inline(always)]
#[allow(clippy::too_many_lines)]
pub(crate) fn sub_bytes(state: Pair) -> Pair {
    let [x7, x6, x5, x4, x3, x2, x1, x0] = state;

    let y14 = x3 ^ x5;
    let y13 = x0 ^ x6;
    let y9 = x0 ^ x3;
    let y8 = x0 ^ x5;
    let t0 = x1 ^ x2;
    let y1 = t0 ^ x7;
    let y4 = y1 ^ x3;
    let y12 = y13 ^ y14;
    let y2 = y1 ^ x0;
    let y5 = y1 ^ x6;
    let y3 = y5 ^ y8;
    let t1 = x4 ^ y12;
    let y15 = t1 ^ x5;
    let y20 = t1 ^ x1;
    let y6 = y15 ^ x7;
    let y10 = y15 ^ t0;
    let y11 = y20 ^ y9;
    let y7 = x7 ^ y11;
    let y17 = y10 ^ y11;
    let y19 = y10 ^ y8;
    let y16 = t0 ^ y11;
    let y21 = y13 ^ y16;
    let y18 = x0 ^ y16;

    let t2 = y12 & y15;
    let t4 = y3 & y6 ^ t2;
    let t6 = y4 & x7 ^ t2;
    let t7 = y13 & y16;
    let t9 = y5 & y1 ^ t7;
    let t11 = y2 & y7 ^ t7;
    let t12 = y9 & y11;
    let t14 = y14 & y17 ^ t12;
    let t16 = y8 & y10 ^ t12;
    let t21 = t4 ^ t14 ^ y20;
    let t22 = t6 ^ t16 ^ y19;
    let t23 = t9 ^ t14 ^ y21;
    let t24 = t11 ^ t16 ^ y18;

    let t25 = t21 ^ t22;
    let t26 = t21 & t23;
    let t27 = t24 ^ t26;
    let t29 = t25 & t27 ^ t22;
    let t30 = t23 ^ t24;
    let t31 = t22 ^ t26;
    let t33 = t31 & t30 ^ t24;
    let t34 = t23 ^ t33;
    let t35 = t27 ^ t33;
    let t36 = t24 & t35;
    let t37 = t36 ^ t34;
    let t38 = t27 ^ t36;
    let t40 = t25 ^ t29 & t38;
    let t41 = t40 ^ t37;
    let t42 = t29 ^ t33;
    let t43 = t29 ^ t40;
    let t44 = t33 ^ t37;
    let t45 = t42 ^ t41;

    let z0 = t44 & y15;
    let z1 = t37 & y6;
    let z2 = t33 & x7;
    let z3 = t43 & y16;
    let z4 = t40 & y1;
    let z5 = t29 & y7;
    let z6 = t42 & y11;
    let z7 = t45 & y17;
    let z8 = t41 & y10;
    let z9 = t44 & y12;
    let z10 = t37 & y3;
    let z11 = t33 & y4;
    let z12 = t43 & y13;
    let z13 = t40 & y5;
    let z14 = t29 & y2;
    let z15 = t42 & y9;
    let z16 = t45 & y14;
    let z17 = t41 & y8;

    let t46 = z15 ^ z16;
    let t47 = z10 ^ z11;
    let t48 = z5 ^ z13;
    let t49 = z9 ^ z10;
    let t50 = z2 ^ z12;
    let t51 = z2 ^ z5;
    let t52 = z7 ^ z8;
    let t53 = z0 ^ z3;
    let t54 = z6 ^ z7;
    let t55 = z16 ^ z17;
    let t56 = z12 ^ t48;
    let t57 = t50 ^ t53;
    let t58 = z4 ^ t46;
    let t59 = z3 ^ t54;
    let t60 = t46 ^ t57;
    let t61 = z14 ^ t57;
    let t62 = t52 ^ t58;
    let t63 = t49 ^ t58;
    let t64 = z4 ^ t59;
    let t65 = t61 ^ t62;
    let t66 = z1 ^ t63;
    let t67 = t64 ^ t65;
    let s3 = t53 ^ t66;

    [
        t48 ^ t60,
        t56 ^ t62,
        t47 ^ t65,
        t51 ^ t66,
        s3,
        t55 ^ t67,
        t64 ^ s3,
        t59 ^ t63,
    ]
}
