#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Compiles every crate alone, with and without its default features, where there is no std.
set -euo pipefail
cd "$(dirname "$0")/.."

for features in $(scripts/families.sh --list); do
    echo "ffi/sipseal/Cargo.toml --features $features"
    scripts/cargo-for.sh thumbv7em-none-eabihf check --quiet --lib --package sipseal-ffi \
        --no-default-features --features "$features"
done

for manifest in crates/*/Cargo.toml ffi/*/Cargo.toml; do
    for features in "" --no-default-features; do
        echo "$manifest $features"
        scripts/cargo-for.sh thumbv7em-none-eabihf check --quiet --lib \
            --manifest-path "$manifest" $features
    done
done
