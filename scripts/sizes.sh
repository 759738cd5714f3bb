#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Prints the flash that the library takes on a Cortex-M4, and fails above the size build's budget.
set -euo pipefail
cd "$(dirname "$0")/.."

size_budget=32768
for profile in release size; do
    scripts/staticlib.sh thumbv7em-none-eabihf $profile target/sizes/$profile
done
tests/archive/sizes.py include/sipseal.h target/sizes/release/libsipseal.a \
    target/sizes/size/libsipseal.a=$size_budget
