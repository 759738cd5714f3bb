#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Runs every check in order and sums up; fails if any check failed.
set -uo pipefail
cd "$(dirname "$0")/.."

cortex_m=thumbv7em-none-eabihf
passed=0 failed=()

# step NAME COMMAND...
step() {
    local name=$1 begun=$SECONDS
    shift
    printf '\n=== %s\n' "$name"
    if "$@"; then
        passed=$((passed + 1))
    else
        failed+=("$name")
    fi
    printf -- '--- %s: %d s\n' "$name" $((SECONDS - begun))
}

# The shipped crates have one version of each dependency.
no_duplicates() {
    local duplicates
    duplicates=$(cargo tree --quiet --duplicates --edges normal --package sipseal-ffi) &&
        [ -z "$duplicates" ] || { echo "$duplicates"; return 1; }
}

# Every lock file is current.
locked() {
    local manifest
    for manifest in Cargo.toml benches/Cargo.toml fuzz/Cargo.toml tests/archive/planted/Cargo.toml \
        tests/interop/Cargo.toml; do
        cargo fetch --locked --manifest-path "$manifest" || return
    done
}

step "install" scripts/install.sh host arm peers traces tools
step "dependencies" locked

step "format" make --no-print-directory fmt-check
step "clippy and documentation" make --no-print-directory lint
step "Rust tests" cargo test --workspace
step "Rust tests, families one by one" scripts/families.sh
step "Rust tests, ciphers on 32-bit ARM" scripts/test-arm.sh
step "fuzzing, what was found before" scripts/fuzz.sh --corpora
step "no_std" scripts/no-std.sh
step "licences and sources" .tools/bin/cargo-deny --offline check bans licenses sources
step "one version of each dependency" no_duplicates

step "header is current" scripts/header.sh --verify
step "header compiles" scripts/header-compile.sh
step "C tests" make -C tests/c test
step "C tests, 32-bit ARM" make -C tests/c arm
step "C tests, AArch64" make -C tests/c aarch64
step "C examples" make -C examples-c test
step "interoperation" cargo test --release --manifest-path tests/interop/Cargo.toml
step "peers on the wire" make -C tests/peers test

step "Cortex-M size build" scripts/cross.sh $cortex_m size
step "archive" tests/archive/check.py target/cross/$cortex_m/lib
step "archive checks can fail" tests/archive/self-test.sh
step "flash" scripts/sizes.sh
step "archive, every family" tests/archive/check.py target/sizes/release-{all,four-profiles} \
    $(printf 'target/sizes/size-%s ' all four-profiles aes-cm-128-alone $(scripts/families.sh --list))
step "constant-time traces" make -C tests/traces test
step "archives, Linux" tests/archive/check.py --linux target/tests-c/release \
    target/tests-traces/{aarch64-unknown-linux-gnu,armv7-unknown-linux-gnueabihf}-{release,size}
if [ "$(uname -m)" = x86_64 ]; then
    step "secrets on x86-64" make -C tests/secrets-x86 test
fi
step "firmware in the emulator" make -C examples-c/firmware run
step "firmware, four profiles" make -C examples-c/firmware run \
    LIB="$PWD/target/sizes/size-four-profiles-sdes/libsipseal.a"

printf '\n=== summary\n'
[ ${#failed[@]} -eq 0 ] || printf 'FAILED: %s\n' "${failed[@]}"
echo "$passed passed, ${#failed[@]} failed"
[ ${#failed[@]} -eq 0 ]
