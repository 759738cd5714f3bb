#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Runs the Rust tests of the ciphers on a 32-bit ARM, emulated: what is in its own instructions is built there alone.
set -euo pipefail
cd "$(dirname "$0")/.."

target=armv7-unknown-linux-gnueabihf
if ! timeout 60 rustup target add $target >/dev/null 2>&1 && [ ! -d "$(rustc --print target-libdir --target $target)" ]; then
    echo "No Rust standard library for $target: left out. The C tests run there all the same."
    exit 0
fi

export CARGO_TARGET_ARMV7_UNKNOWN_LINUX_GNUEABIHF_LINKER=arm-linux-gnueabihf-gcc
export CARGO_TARGET_ARMV7_UNKNOWN_LINUX_GNUEABIHF_RUNNER="qemu-arm -L /usr/arm-linux-gnueabihf"
cargo test --release --target $target --package sipseal-cipher
