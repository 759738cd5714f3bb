#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Lays out what a firmware build needs in target/cross/TARGET:  scripts/cross.sh TARGET PROFILE
set -euo pipefail
cd "$(dirname "$0")/.."

target=$1 profile=$2
out=target/cross/$target

scripts/staticlib.sh "$target" "$profile" "$out/lib"
install -D -m 644 include/sipseal.h "$out/include/sipseal.h"
ls "$out"/*/*
