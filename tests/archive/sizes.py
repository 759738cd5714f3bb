#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Prints what the library adds to a Cortex-M4 firmware that uses every function of the header.

usage: sizes.py HEADER ARCHIVE...[=BUDGET]    fails if an archive needs more flash than its budget

Only what comes from the archive counts, not the C library's memcpy and the like.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

LINK = ("arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16",
        "-nostartfiles", "-nodefaultlibs", "-Wl,--gc-sections,--entry=every_function,-z,noexecstack")
KINDS = {"text": "code", "rodata": "constants", "ARM.exidx": "unwind", "data": "data", "bss": "data"}


def functions(header):
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", header.read_text(), flags=re.DOTALL)
    return sorted(set(re.findall(r"\b(sipseal_[a-z0-9_]+)\(", text)))


def link(header, archive, folder):
    """Links a program that refers to every function, and returns the linker's map."""
    source, map_file = folder / "every_function.c", folder / "firmware.map"
    names = ", ".join(f"(function){name}" for name in functions(header))
    source.write_text(f'#include "{header.resolve()}"\n'
                      "typedef void (*function)(void);\n"
                      f"const function every_function[] = {{ {names} }};\n")
    subprocess.run((*LINK, "-w", source, archive, "-lc", "-lgcc", f"-Wl,-Map={map_file}",
                    "-o", folder / "firmware.elf"), check=True)
    return map_file.read_text()


def measure(linker_map):
    sizes = dict.fromkeys(KINDS.values(), 0)
    linked = linker_map.split("Linker script and memory map")[1]
    # A long section name stands on a line of its own.
    section = r"^ \.(text|rodata|ARM\.exidx|data|bss)\S*\s+0x[0-9a-f]+\s+0x([0-9a-f]+) \S*libsipseal"
    for kind, size in re.findall(section, linked, flags=re.MULTILINE):
        sizes[KINDS[kind]] += int(size, 16)
    return sizes


def main():
    header = pathlib.Path(sys.argv[1])
    row = "{:<40}{:>9}{:>9}{:>11}{:>9}{:>7}"
    print(row.format("archive", "flash", *dict.fromkeys(KINDS.values())))
    over = []
    for argument in sys.argv[2:]:
        archive, _, budget = argument.partition("=")
        with tempfile.TemporaryDirectory() as folder:
            sizes = measure(link(header, archive, pathlib.Path(folder)))
        flash = sum(sizes.values())
        print(row.format(archive, flash, *sizes.values()))
        if budget and flash > int(budget):
            over.append(f"{archive}: {flash} bytes of flash, {int(budget)} allowed")
    if over:
        sys.exit("\n".join(over))


if __name__ == "__main__":
    main()
