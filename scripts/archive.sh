#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Turns the archive that rustc wrote into the one that ships:  scripts/archive.sh IN OUTDIR
#
# OUTDIR gets libsipseal.a, and libsipseal.debug.a: the same code with its line tables.
set -euo pipefail

in=$1 outdir=$2
command -v llvm-objcopy >/dev/null || { echo "No LLVM tools: run scripts/install.sh host" >&2; exit 1; }

mkdir -p "$outdir"
debug=$outdir/libsipseal.debug.a

# Binutils with an older LLVM plugin would read the bitcode instead of the code and see no symbol. Naked functions
# are global to the compiler.
llvm-objcopy --remove-section=.llvmbc --remove-section=.llvmcmd \
    --wildcard --localize-symbol='*sipseal_cipher*engine*' "$in" "$debug"

# LTO has put all our code in one member. The others are compiler_builtins, with a weak memcpy that
# would take the place of the C library's in the whole firmware; what our code needs of them, the C
# compiler's own run-time library has.
llvm-ar t "$debug" | { grep -v '^sipseal_' || true; } | sort -u | xargs -r llvm-ar d "$debug"

llvm-objcopy --strip-debug "$debug" "$outdir/libsipseal.a"

stray=$(llvm-nm --defined-only --extern-only --format=just-symbols "$debug" |
    { grep -vE '^(sipseal_[a-z0-9_]+|.*:|)$' || true; })
if [ -n "$stray" ]; then
    printf 'Global symbols outside sipseal_*:\n%s\n' "$stray" >&2
    exit 1
fi
