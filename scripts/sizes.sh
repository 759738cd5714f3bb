#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Prints the flash that the library takes on a Cortex-M4, and the RAM of a call on several targets. Fails above the
# budget of the size build with the profiles that every phone has (AES_CM_128_HMAC_SHA1_80 and _32,
# AEAD_AES_128_GCM, AEAD_AES_256_GCM), or above that of a call.
set -euo pipefail
cd "$(dirname "$0")/.."

size_budget=30720
archives=()

# build PROFILE NAME FEATURES
build() {
    SIPSEAL_FEATURES=$3 scripts/staticlib.sh thumbv7em-none-eabihf "$1" "target/sizes/$1-$2"
    archives+=("target/sizes/$1-$2/libsipseal.a")
}

families=$(scripts/families.sh --list)

build release four-profiles gcm
build release all "$families"
build size aes-cm-128-alone ""
for family in $families; do
    build size "$family" "$family"
done
build size all "$families"
build size four-profiles-sdes "gcm sdes"
build size four-profiles gcm
archives[-1]+="=$size_budget"

tests/archive/sizes.py include/sipseal.h "${archives[@]}"
tests/archive/storage.py include/sipseal.h
