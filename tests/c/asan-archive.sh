#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Builds libsipseal.a with AddressSanitizer and overflow checks:  asan-archive.sh OUTDIR
set -euo pipefail
cd "$(dirname "$0")/../.."

outdir=$1
target=$(rustc -vV | sed -n 's/^host: //p')

# Sanitizers are unstable, and this switch is how a stable compiler admits them.
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS="-Zsanitizer=address -Coverflow-checks=on -Cdebug-assertions=on"
export CARGO_PROFILE_RELEASE_DEBUG=line-tables-only
scripts/cargo-for.sh "$target" rustc --quiet --package sipseal-ffi --lib --profile release \
    --crate-type staticlib --features panic-handler --target-dir "$outdir/cargo"

# As in scripts/archive.sh; what stays global besides the API is AddressSanitizer's own.
llvm-objcopy --remove-section=.llvmbc --remove-section=.llvmcmd \
    "$outdir/cargo/$target/release/libsipseal_ffi.a" "$outdir/libsipseal.a"
