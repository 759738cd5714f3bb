# SPDX-License-Identifier: MIT OR Apache-2.0
"""A process with the library in it whose functions can be called, stepped through, or watched by valgrind."""

import mmap
import os
import random
import re
import struct
import subprocess

from elftools.elf.elffile import ELFFile

from machine import Trace
from memory import DATA, DATA_LEN, STACK, STACK_LEN, STACK_TOP, Memory
from targets import ROOT, Target

HERE = ROOT / "tests/secrets-x86"
OUT = ROOT / "target/tests-secrets-x86"
# What a leaf function uses without moving the stack pointer.
RED_ZONE = 128
EVENTS, EVENTS_LEN = 0x7100_0000, 0x400_0000
CALL, TRACE, DEFINED, UNDEFINED, SET = range(5)
ARGUMENTS = 16
REQUEST, ANSWER = struct.Struct(f"<{2 + ARGUMENTS}Q"), struct.Struct("<5Q")
# What the library remembers of the CPU: see tests/archive/linux-globals.txt. 0 is "does not have it".
FEATURE = re.compile(r"_ZN.*7STORAGE17h[0-9a-f]{16}E(\.\d+)?")

TARGET = Target("x86-64", "x86_64-unknown-linux-gnu", "x86-64", ("gcc", "-static", "-no-pie"), 0, 0)


def link(name, *sources):
    """A program of fixed addresses around caller.c, statically linked: valgrind and objdump see the same."""
    elf = OUT / name
    OUT.mkdir(parents=True, exist_ok=True)
    # The kernel says of this CPU what it is.
    subprocess.run((*TARGET.compiler, "-std=c99", "-Wall", "-Wextra", "-Werror", "-O2", "-g", f"-I{ROOT / 'include'}",
                    "-Dgetauxval=not_asked", HERE / "caller.c", *sources, "-o", elf), check=True)
    return elf


def build():
    """The library as it ships, with all of it in the program."""
    folder = OUT / "release"
    subprocess.run((ROOT / "scripts/staticlib.sh", "host", "release", folder), check=True)
    return link("library.elf", ROOT / "tests/traces/image.c", "-Wl,--undefined=sipseal_version",
                folder / "libsipseal.debug.a")


class Native(Memory):
    """`code`, a Code, is needed for traces only. `runner` is a command in front, valgrind's."""

    def __init__(self, elf, code=None, runner=(), without_features=()):
        super().__init__(8)
        with open(elf, "rb") as file:
            image = ELFFile(file)
            self.symbols = {symbol.name: symbol["st_value"] for symbol in
                            image.get_section_by_name(".symtab").iter_symbols()}
            text = image.get_section_by_name(".text")
            first, code_len = text["sh_addr"], text["sh_size"]
        self.noise = random.Random(0).randbytes(STACK_LEN)
        marks, operands = (self.marks(code, first, code_len) if code else (b"", b""))
        code_len = code_len if code else 0
        self.file = os.memfd_create("sipseal")
        os.ftruncate(self.file, DATA_LEN + STACK_LEN + EVENTS_LEN + max(len(marks) + len(operands), 1))
        self.shared = mmap.mmap(self.file, 0)
        table = DATA_LEN + STACK_LEN + EVENTS_LEN
        self.shared[table:table + len(marks) + len(operands)] = marks + operands
        self.process = subprocess.Popen((*runner, elf, str(self.file)), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        bufsize=0, pass_fds=(self.file,))
        self.process.stdin.write(struct.pack("<10Q", DATA, DATA_LEN, STACK, STACK_LEN, first, code_len, EVENTS,
                                             EVENTS_LEN, STACK_TOP, max(len(operands), 1)))
        self.features = {name: at for name, at in self.symbols.items() if FEATURE.fullmatch(name)}
        for name, at in self.features.items():
            if any(feature in name for feature in without_features):
                self.request(SET, 0, at, 0)

    @staticmethod
    def marks(code, first, code_len):
        """Which octets of code begin an instruction that caller.c is to look at, and at what."""
        marks, operands = [0] * code_len, []
        for address in code.instructions:
            if 0 <= address - first < code_len and (of_instruction := code.operands(address)):
                marks[address - first] = len(operands) + 1
                operands += of_instruction
        return struct.pack(f"<{code_len}I", *marks), b"".join(operands)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.shared.close()
        os.close(self.file)

    def read(self, address, length):
        at = self.place_of(address)
        return self.shared[at:at + length]

    def write(self, address, content):
        at = self.place_of(address)
        self.shared[at:at + len(content)] = content

    @staticmethod
    def place_of(address):
        """In the shared file."""
        if address >= EVENTS:
            return address - EVENTS + DATA_LEN + STACK_LEN
        return address - STACK + DATA_LEN if address >= STACK else address - DATA

    def request(self, operation, function, *arguments):
        arguments = [int(argument) & (1 << 64) - 1 for argument in arguments]
        self.process.stdin.write(REQUEST.pack(operation, function, *arguments, *[0] * (ARGUMENTS - len(arguments))))
        answer = self.process.stdout.read(ANSWER.size)
        if len(answer) != ANSWER.size:
            raise RuntimeError(f"a call did not return: the program ended with {self.process.wait()}")
        return ANSWER.unpack(answer)

    def call(self, function, *arguments):
        """What a function returns."""
        return signed(self.request(CALL, self.symbols[function], *arguments)[0])

    def trace(self, function, *arguments):
        """The same, with all that it did, over a stack that holds the same noise each time."""
        self.write(STACK, self.noise)
        status, events, instructions, lowest, _ = self.request(TRACE, self.symbols[function], *arguments)
        if events * 8 > EVENTS_LEN:
            raise RuntimeError(f"{events} events, room for {EVENTS_LEN // 8}")
        lowest -= RED_ZONE
        return Trace(signed(status), self.read(EVENTS, events * 8), instructions, STACK_TOP - lowest - RED_ZONE,
                     self.read(lowest, STACK_TOP - lowest))


def signed(result):
    """A sipseal_status."""
    return struct.unpack("<i", struct.pack("<I", result & 0xffff_ffff))[0]


if __name__ == "__main__":
    build()
    link("planted.elf", ROOT / "tests/traces/planted.c")
