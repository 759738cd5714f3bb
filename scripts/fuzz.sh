#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Fuzzes one target of fuzz/ with libFuzzer:  scripts/fuzz.sh TARGET SECONDS
# and keeps what reaches new code in fuzz/corpus/TARGET, made small.
#
# --corpora   only runs every target on its corpus
set -euo pipefail
cd "$(dirname "$0")/../fuzz"

# The instrumentation of cargo-fuzz, which the stable compiler has too.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
# With a target named, build scripts and macros are built without it.
host=$(rustc -vV | sed -n 's/^host: //p')
out=target/$host/release
cargo build --quiet --release --locked --target "$host"

if [ "${1-}" = --corpora ]; then
    for corpus in corpus/*; do
        target=${corpus##*/}
        "$out/$target" -runs=0 "$corpus" 2>&1 | tail -n 1 | sed "s/^/$target: /"
    done
    exit
fi

target=$1 seconds=$2
found=target/found/$target
mkdir -p "$found"
"$out/$target" -max_total_time="$seconds" -timeout=30 -max_len=4096 -dict=dictionary -print_final_stats=1 \
    -artifact_prefix="target/$target-" "$found" "corpus/$target"
"$out/$target" -merge=1 "corpus/$target" "$found" 2>&1 | tail -n 1
rm -r "$found"
