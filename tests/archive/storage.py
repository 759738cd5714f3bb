#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Prints the RAM that a call takes, as the header's macros give it: one stream out, two in, 64-packet windows.

usage: storage.py HEADER [BUDGET]    fails if AES_CM_128_HMAC_SHA1_80 on a Cortex-M4 takes more than its budget
"""

import pathlib
import re
import subprocess
import sys
import tempfile

BUDGET = 2048
COMPILERS = {
    "Cortex-M4": ("arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb"),
    "ARMv7": ("arm-linux-gnueabihf-gcc",),
    "AArch64": ("aarch64-linux-gnu-gcc",),
    "x86-64": ("gcc",),
}
BUDGETED = ("AES_CM_128_HMAC_SHA1_80", "Cortex-M4")
# What a layout may add, for both directions.
EXTRAS = {
    "a second key each, MKIs of 4": "2 * (SIPSEAL_SRTP_MKIS_LEN(2, 4) + SIPSEAL_SRTP_KEY_LEN +"
                                    " SIPSEAL_SRTP_CIPHERS_LEN_(SIPSEAL_SRTP_AES_CM_128_HMAC_SHA1_80))",
    "header encryption keys (RFC 6904)": "2 * SIPSEAL_SRTP_ELEMENT_KEYS_LEN(1)",
    "another stream in": "SIPSEAL_SRTP_STREAM_LEN + 64 / 4",
}
CALL = """sizeof(sipseal_srtp_sender) + sizeof(sipseal_srtp_receiver) +
    SIPSEAL_SRTP_SENDER_BLOCK_LEN(SIPSEAL_SRTP_{0}, 1, 1, 64) +
    SIPSEAL_SRTP_RECEIVER_BLOCK_LEN(SIPSEAL_SRTP_{0}, 1, 2, 64)"""


def profiles(header):
    text = header.read_text()
    return re.findall(r"#define SIPSEAL_SRTP_((?:AES|AEAD|F8|NULL)\w*_(?:80|32|GCM|GCM_8)) \d+", text)


def measure(compiler, header, expressions):
    """The sizes of arrays as long as the expressions say."""
    with tempfile.TemporaryDirectory() as folder:
        source, compiled = (pathlib.Path(folder) / name for name in ("sizes.c", "sizes.o"))
        arrays = (f"char size_{at}[{expression}];\n" for at, expression in enumerate(expressions))
        source.write_text(f'#include "{header.resolve()}"\n' + "".join(arrays))
        subprocess.run((*compiler, "-std=c99", "-fno-common", "-c", source, "-o", compiled), check=True)
        symbols = subprocess.run(("nm", "-S", compiled), check=True, text=True, capture_output=True).stdout
    found = re.findall(r"^\w+ (\w+) \w size_(\d+)$", symbols, flags=re.MULTILINE)
    return [int(size, 16) for size, _ in sorted(found, key=lambda pair: int(pair[1]))]


def main():
    header = pathlib.Path(sys.argv[1])
    rows = {name: CALL.format(name) for name in profiles(header)}
    rows.update((f"+ {name}", expression) for name, expression in EXTRAS.items())
    columns = {name: measure(compiler, header, rows.values()) for name, compiler in COMPILERS.items()}
    line = "{:<40}" + "{:>11}" * len(columns)
    print(line.format("octets of RAM for a call", *columns))
    for at, name in enumerate(rows):
        print(line.format(name, *(sizes[at] for sizes in columns.values())))
    profile, target = BUDGETED
    taken = columns[target][list(rows).index(profile)]
    budget = int(sys.argv[2]) if len(sys.argv) > 2 else BUDGET
    if taken > budget:
        sys.exit(f"{profile} on {target}: {taken} octets of RAM, {budget} allowed")


if __name__ == "__main__":
    main()
