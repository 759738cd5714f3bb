#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Shows that the archive checks can fail: builds archives with one broken promise each.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=thumbv7em-none-eabihf
linux=$(rustc -vV | sed -n 's/^host: //p')
out=target/planted

# build FEATURE [TARGET]: writes the archive to $out/FEATURE.
build() {
    local target=${2-$target}
    CARGO_PROFILE_SIZE_DEBUG=line-tables-only scripts/cargo-for.sh $target rustc --quiet \
        --manifest-path tests/archive/planted/Cargo.toml --profile size --crate-type staticlib \
        --features "$1" --target-dir $out
    scripts/archive.sh $out/$target/size/libsipseal_planted.a "$out/$1"
}

# expect FEATURE TEXT COMMAND...: the command must fail and its output hold the text.
expect() {
    local feature=$1 text=$2 output
    shift 2
    if output=$("$@" 2>&1) || ! grep -qF -- "$text" <<<"$output"; then
        printf 'planted %s was not found:\n%s\n' "$feature" "$output" >&2
        exit 1
    fi
    echo "found: $feature"
}

build nothing
tests/archive/check.py $out/nothing >/dev/null
for planted in "allocator|imports malloc" "writable-global|CALLS" \
    "indexing|sipseal_planted_indexing" "unwrap-in-table|constant data refers to"; do
    feature=${planted%%|*}
    build "$feature"
    expect "$feature" "${planted#*|}" tests/archive/check.py "$out/$feature"
done
for planted in "allocator|imports malloc" "writable-global|CALLS"; do
    feature=${planted%%|*}
    build "$feature" "$linux"
    expect "$feature, Linux" "${planted#*|}" tests/archive/check.py --linux "$out/$feature"
done
build nothing "$linux"
tests/archive/check.py --linux $out/nothing >/dev/null
build nothing
mkdir -p $out/mixed
cp $out/nothing/libsipseal.a $out/mixed
cp $out/indexing/libsipseal.debug.a $out/mixed
expect "other code" "differ" tests/archive/check.py $out/mixed
expect foreign-symbol planted_foreign_symbol build foreign-symbol

echo "int sipseal_planted_nothing(int a);" >$out/planted.h
tests/archive/sizes.py $out/planted.h $out/nothing/libsipseal.a=64 >/dev/null
expect budget "1 allowed" tests/archive/sizes.py $out/planted.h $out/nothing/libsipseal.a=1

tests/archive/storage.py include/sipseal.h >/dev/null
expect "budget of RAM" "1000 allowed" tests/archive/storage.py include/sipseal.h 1000
