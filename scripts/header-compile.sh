#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Compiles include/sipseal.h alone, as each C and C++ that firmware uses would.
set -euo pipefail
cd "$(dirname "$0")/.."

# compile LANGUAGE STANDARD COMPILER [OPTION...]
compile() {
    local language=$1 standard=$2
    shift 2
    echo "$* -std=$standard"
    # Twice: the include guard must hold.
    printf '#include "sipseal.h"\n#include "sipseal.h"\n' |
        "$@" -x "$language" "-std=$standard" -fsyntax-only -Iinclude \
            -Wall -Wextra -Wundef -pedantic -Werror -
}

cortex_m="-mcpu=cortex-m4 -mthumb"
for compiler in gcc clang "arm-none-eabi-gcc $cortex_m"; do
    compile c c99 $compiler -Wstrict-prototypes
    compile c c11 $compiler -Wstrict-prototypes
done
for compiler in g++ clang++ "arm-none-eabi-g++ $cortex_m"; do
    compile c++ c++11 $compiler
done
