#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Builds the library without any family of features and with each alone, and tests what each then answers.
#
# --list   only names them
set -euo pipefail
cd "$(dirname "$0")/.."

families="gcm gcm8 rfc6188 f8 insecure streams rekeying rfc4771 rfc6904 rfc9335 accelerator sdes digest"
[ "${1-}" != --list ] || { echo "$families"; exit; }

for family in "" $families engines; do
    echo "--- ${family:-none}"
    cargo clippy --quiet --package sipseal-ffi --package sipseal-srtp --package sipseal-cipher \
        --no-default-features --features "$family" -- -D warnings
    cargo test --quiet --package sipseal-ffi --no-default-features --features "$family"
done

echo "--- C functions of what is left out"
SIPSEAL_FEATURES="" scripts/staticlib.sh host release target/left-out
cc -std=c99 -Wall -Wextra -pedantic -Werror -Iinclude tests/c/left_out.c target/left-out/libsipseal.a \
    -o target/left-out/left-out
target/left-out/left-out
