#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Writes include/sipseal.h from the crate in ffi/sipseal; with --verify only compares.
set -euo pipefail
cd "$(dirname "$0")/.."

header=include/sipseal.h
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

.tools/bin/cbindgen --config ffi/sipseal/cbindgen.toml --output "$work/sipseal.h" ffi/sipseal \
    2>"$work/log" || { cat "$work/log" >&2; exit 1; }

# cbindgen only warns of a public item that it leaves out or cannot name in C.
if grep 'WARN' "$work/log" | grep -vF '(not `pub`)' >&2; then
    exit 1
fi

# A negative constant needs parentheses to stand in any expression.
sed -i -E 's/^(#define [A-Z0-9_]+) (-[0-9]+)$/\1 (\2)/' "$work/sipseal.h"

if [ "${1:-}" = --verify ]; then
    diff -u "$header" "$work/sipseal.h" || { echo "Run make header" >&2; exit 1; }
else
    cp "$work/sipseal.h" "$header"
fi
