#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Builds libsipseal.a for one target:  scripts/staticlib.sh TARGET PROFILE OUTDIR
#
# PROFILE is release (speed) or size; TARGET is "host" or one of the names below. SIPSEAL_FEATURES, if set,
# names the families of features to build in (see ffi/sipseal/Cargo.toml); otherwise all are. Engines are in either;
# RUSTFLAGS="--cfg sipseal_portable" leaves them out.
set -euo pipefail
cd "$(dirname "$0")/.."

targets="thumbv6m-none-eabi thumbv7m-none-eabi thumbv7em-none-eabi thumbv7em-none-eabihf
    thumbv8m.main-none-eabihf riscv32imc-unknown-none-elf riscv32imac-unknown-none-elf
    armv7-unknown-linux-gnueabihf aarch64-unknown-linux-gnu aarch64-unknown-none
    i686-unknown-linux-gnu x86_64-unknown-linux-gnu"

target=$1 profile=$2 outdir=$3
[ "$target" != host ] || target=$(rustc -vV | sed -n 's/^host: //p')

if ! printf '%s\n' $targets | grep -qxF -- "$target"; then
    echo "Unknown target \"$target\". Known:" host $targets >&2
    exit 2
fi
case $profile in
release | size) ;;
*)
    echo "Unknown profile \"$profile\". Known: release size" >&2
    exit 2
    ;;
esac

# Here software AES and SHA-1 give up some speed for 2 kB of flash each.
[ "$profile" != size ] ||
    export RUSTFLAGS="${RUSTFLAGS:-} --cfg aes_backend_soft=\"compact\" --cfg sipseal_sha1=\"compact\" --cfg sha2_backend_soft=\"compact\""

# On bare metal a speed build has speed where the octets of a packet pass, and is small elsewhere.
shell=()
case $target/$profile in
*-none-*/release)
    for package in sipseal-{core,digest,ffi,keying,sip,srtp}; do
        shell+=(--config "profile.release.package.$package.opt-level=\"s\"")
    done
    ;;
esac

# Line tables do not change the code; the checks need them to say where an instruction comes from.
export "CARGO_PROFILE_${profile^^}_DEBUG=line-tables-only"

# Only "cargo rustc" with one crate type gets fat LTO, which leaves nothing but the API global.
scripts/cargo-for.sh "$target" rustc --quiet --package sipseal-ffi --lib --profile "$profile" \
    --crate-type staticlib ${SIPSEAL_FEATURES+--no-default-features} \
    --features "panic-handler engines ${SIPSEAL_FEATURES-}" --target-dir target/archive "${shell[@]}"

scripts/archive.sh "target/archive/$target/$profile/libsipseal_ffi.a" "$outdir"
