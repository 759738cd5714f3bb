#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Reads the machine code of archives and checks what the library promises of it.

usage: check.py [--linux] FOLDER...    each FOLDER holds libsipseal.a and libsipseal.debug.a, for Cortex-M or Linux

code     both archives hold the same instructions, so that what is read below is what ships
imports  nothing is asked of the program but memory functions and arithmetic, on Linux the kernel's word on the CPU's
         features: no heap, no libc
globals  no writable data; on Linux none but what is remembered of the CPU's features: linux-globals.txt
panics   on Cortex-M: no instruction can reach a panic, but for those listed in tolerated-panics.txt
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
TOOL = "arm-none-eabi-"

IMPORTS = re.compile(r"mem(cpy|move|set|cmp)|bcmp|__aeabi_\w+")
LINUX_IMPORTS = re.compile(IMPORTS.pattern + "|getauxval")
ALLOCATORS = re.compile(r"\b(malloc|calloc|realloc|free|memalign|\w*sbrk)\b|rust_\w*alloc|\balloc::")


def run(*command, **options):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def check_code(folder):
    def instructions(name):
        lines = run("llvm-objdump", "--disassemble", folder / name).splitlines()
        return [line for line in lines if "file format" not in line]

    if instructions("libsipseal.a") != instructions("libsipseal.debug.a"):
        yield "libsipseal.a and libsipseal.debug.a differ"


def check_imports(archive, allowed):
    lines = run("llvm-nm", "-C", "--format=posix", archive).splitlines()
    symbols = {re.match(r"(.*) ([A-Za-z])( [0-9a-f]+)*\s*$", line) for line in lines}
    symbols = {(found[1], found[2]) for found in symbols if found}
    for name, kind in sorted(symbols):
        if kind == "U" and not allowed.fullmatch(name):
            yield f"imports {name}"
        elif ALLOCATORS.search(name):
            yield f"holds {name}"


def check_globals(archive, allowed):
    section = re.compile(r"\[ *\d+\] (\S+) +\S+ +[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) [0-9a-f]{2} +(\w*)")
    found = section.findall(run("llvm-readelf", "-SW", archive))
    writable = {name: int(size, 16) for name, size, flags in found if "W" in flags and int(size, 16)}
    for name, size in sorted(writable.items()):
        # What the loader writes, and then makes read-only.
        is_relocated = allowed and name.startswith(".data.rel.ro")
        if not is_relocated and not any(re.fullmatch(pattern, name) for pattern in allowed):
            yield f"{name}: {size} bytes"


class Code:
    """The archive linked into one image, for addresses that disassembler and line tables share."""

    def __init__(self, archive, image):
        run(TOOL + "gcc", "-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard",
            "-mfpu=fpv4-sp-d16", "-nostdlib", "-Wl,--whole-archive", archive,
            "-Wl,--entry=0,--emit-relocs,--unresolved-symbols=ignore-all", "-o", image)
        self.image = image
        self.references = []  # (function, address, name referred to)
        self.dead_ends = set()  # (function, address) of a trap, or of a branch to itself
        self._disassemble()
        self.data_references = self._data_references()

    def _disassemble(self):
        function = None
        for line in run(TOOL + "objdump", "-drC", "--no-show-raw-insn", self.image).splitlines():
            if found := re.match(r"[0-9a-f]+ <(.+)>:$", line):
                function = found[1]
            elif found := re.match(r"\s+([0-9a-f]+): R_ARM_\w+\s+(.+)$", line):
                self._refer(function, int(found[1], 16), found[2])
            elif found := re.match(r"\s+([0-9a-f]+):\t(\S+)(.*)$", line):
                address, operands = int(found[1], 16), found[3]
                if found[2].startswith("udf"):
                    self.dead_ends.add((function, address))
                if target := re.search(r"\b([0-9a-f]+) <(.+)>$", operands):
                    if int(target[1], 16) == address:
                        self.dead_ends.add((function, address))
                    self._refer(function, address, target[2])

    def _refer(self, function, address, name):
        name = re.sub(r"\+0x[0-9a-f]+$", "", name)
        # What the image lacks, memcpy say, is at address 0, "so far below" the first function.
        if name != function and not re.search(r"-0x[0-9a-f]+$", name):
            self.references.append((function, address, name))

    def _data_references(self):
        references, section = [], ""
        for line in run(TOOL + "objdump", "-rC", self.image).splitlines():
            if found := re.match(r"RELOCATION RECORDS FOR \[(.+)\]:", line):
                section = found[1]
            elif section.startswith((".rodata", ".data")) and "R_ARM" in line:
                references.append(re.sub(r"\+0x[0-9a-f]+$", "", line.split(maxsplit=2)[2]))
        return references

    def frames(self, addresses):
        """Maps each address to its frames, innermost first: (file, line, function)."""
        if not addresses:
            return {}
        lines = run("llvm-symbolizer", "--inlines", "--output-style=JSON", f"--obj={self.image}",
                    input="".join(f"{address:#x}\n" for address in addresses)).splitlines()
        return {
            int(entry["Address"], 16): [
                (frame["FileName"], frame["Line"], bare(frame["FunctionName"]))
                for frame in entry["Symbol"]
            ]
            for entry in map(json.loads, lines)
        }


def bare(function):
    """The last part of a function's name, without generic arguments and hash."""
    function = re.sub(r"::h[0-9a-f]{16}$", "", function)
    for _ in range(function.count("<")):
        function = re.sub(r"(::)?<[^<>]*>", "", function)
    return function.split("::")[-1]


def origin(frames):
    """The first frame outside Rust's own libraries: (crate, file, function), or None."""
    # An inlined panic handler would look like the culprit: start outside it.
    handlers = [i for i, (_, _, name) in enumerate(frames) if name.startswith("panic_fmt")]
    for file, line, function in frames[handlers[-1] if handlers else 0:]:
        # What the compiler outlined is shared by its callers, so they have to answer for it.
        if re.search(r"/library/(core|alloc)/src/", file) or function.startswith("OUTLINED_"):
            continue
        if found := re.search(r"/registry/src/[^/]+/([^/]+)-\d[^/]*/(.+)$", file):
            return found[1], found[2], function
        return "sipseal", f"{file}:{line}", function
    return None


def entries(name):
    """The lines of a list, in words."""
    lines = (HERE / name).read_text().splitlines()
    return {tuple(line.split("#")[0].split()) for line in lines} - {()}


def linux_globals():
    """Names of sections: one for each variable, by its mangled name."""
    for name, in entries("linux-globals.txt"):
        parts = "".join(f"{len(part)}{part}" for part in name.split("::"))
        yield rf"\.(data|bss)\._ZN{parts}17h[0-9a-f]{{16}}E(\.\d+)?"


def check_panics(archive):
    with tempfile.TemporaryDirectory() as folder:
        code = Code(archive, pathlib.Path(folder) / "image.elf")
        names = {name for function, _, referred in code.references for name in (function, referred)}
        hooks = {n for n in names if n.startswith("core::panicking::") or "rust_begin_unwind" in n}
        frames = code.frames({a for _, a, _ in code.references} | {a for _, a in code.dead_ends})

        # A function of core that can panic is itself such a hook for whoever calls it.
        origins, grown = {}, True
        while grown:
            sites = [(f, a) for f, a, name in code.references if name in hooks] + [*code.dead_ends]
            origins = {(f, a): origin(frames[a]) for f, a in sites if f not in hooks}
            passed_on = {f for (f, _), found in origins.items() if found is None}
            grown = bool(passed_on)
            hooks |= passed_on

        allowed = entries("tolerated-panics.txt")
        for (function, address), found in sorted(origins.items()):
            if found not in allowed:
                yield f"{function} at {address:#x}: {' '.join(found)}"
        for name in code.data_references:
            if name in hooks:
                yield f"constant data refers to {name}"
        for entry in sorted(allowed):
            needed = entry in origins.values()
            print(f"    {'tolerated' if needed else 'no longer needed'}: {' '.join(entry)}")


def check(folder, is_linux):
    """Which checks failed."""
    archive = folder / "libsipseal.debug.a"
    checks = {
        "code": check_code(folder),
        "imports": check_imports(archive, LINUX_IMPORTS if is_linux else IMPORTS),
        "globals": check_globals(archive, [*linux_globals()] if is_linux else []),
    }
    if not is_linux:
        checks["panics"] = check_panics(archive)
    for name, findings in checks.items():
        print(f"{folder}: {name}")
        findings = list(findings)
        for finding in findings:
            print(f"    FAILED: {finding}")
        if findings:
            yield f"{folder}: {name}"


def main():
    is_linux = sys.argv[1:2] == ["--linux"]
    folders = [pathlib.Path(folder) for folder in sys.argv[1 + is_linux:]]
    failed = [failure for folder in folders for failure in check(folder, is_linux)]
    sys.exit("archive checks failed: " + ", ".join(failed) if failed else 0)


if __name__ == "__main__":
    main()
