#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Runs cargo for one target:  scripts/cargo-for.sh TARGET SUBCOMMAND [ARGUMENT...]
#
# Takes the default toolchain where it has the target's core library or rustup can fetch it, and
# otherwise builds core from the distribution's Rust sources.
set -euo pipefail

target=$1 subcommand=$2
shift 2

has_core() {
    [ -d "$(rustc --print target-libdir --target "$target" 2>/dev/null)" ]
}
fetch_core() {
    command -v rustup >/dev/null && timeout 30 rustup target add "$target" >/dev/null 2>&1
}

cargo=cargo
rustc=rustc
build_core=()
if ! has_core && ! fetch_core; then
    cargo=/usr/bin/cargo
    rustc=/usr/bin/rustc
    sources=$($rustc --print sysroot 2>/dev/null || true)/lib/rustlib/src/rust/library
    if [ ! -d "$sources" ]; then
        echo "No Rust core library for $target: run scripts/install.sh arm" >&2
        exit 1
    fi
    # -Zbuild-std is unstable, and this switch is how a stable compiler admits it.
    export RUSTC=$rustc RUSTC_BOOTSTRAP=1
    build_core=(-Zbuild-std=core)
fi

# Left alone, the ciphers choose 64-bit words on every ARMv7, at about 40 % more cycles.
if $rustc --print cfg --target "$target" | grep -qx 'target_pointer_width="32"'; then
    export RUSTFLAGS="${RUSTFLAGS:-} --cfg cpubits=\"32\""
fi

case $target in
aarch64-unknown-none)
    # Without an operating system nobody says what the processor has: what would ask, and remember the answer, is left
    # out. RUSTFLAGS="-Ctarget-feature=+aes,+sha2" tells the compiler that the instructions are there.
    for backend in aes polyval sha1; do
        export RUSTFLAGS="${RUSTFLAGS:-} --cfg ${backend}_backend=\"soft\""
    done
    ;;
aarch64-*)
    # What is remembered of the processor keeps its names, for tests/archive.
    export RUSTFLAGS="${RUSTFLAGS:-} -Cllvm-args=-enable-global-merge=false"
    ;;
esac

exec "$cargo" "$subcommand" "${build_core[@]}" --target "$target" "$@"
