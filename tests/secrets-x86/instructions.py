# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the instructions of an x86-64 image are, as objdump has them."""

import pathlib
import re
import struct
import subprocess

import disassembly
from disassembly import Disassembly

# As <sys/ucontext.h> numbers them.
REGISTERS = {name: number for number, name in enumerate(
    "r8 r9 r10 r11 r12 r13 r14 r15 rdi rsi rbp rbx rdx rax rcx rsp".split())}
# Their lower parts: more than the instruction looks at is no harm.
NAMES = {**{f"{e}{name}": f"r{name}" for name in "ax bx cx dx si di bp sp".split() for e in ("", "e")},
         **{f"{name}l": f"r{name}x" for name in "abcd"}, **{f"{name}l": f"r{name}" for name in ("si", "di", "bp")},
         **{f"r{number}{width}": f"r{number}" for number in range(8, 16) for width in "dwb"}}
SIZES = {"BYTE": 1, "WORD": 2, "DWORD": 4, "QWORD": 8, "TBYTE": 10, "OWORD": 16, "XMMWORD": 16, "YMMWORD": 32,
         "ZMMWORD": 64}
ACCESS = re.compile(r"(\w+) (?:PTR|BCST) (?:([c-gs]s):)?\[([^\]]*)\]")
INDEXED = re.compile(r"([a-z]\w+)\*([1248])")
READ, WRITE, OPERAND = 0x10, 0x20, 0x30
# Their first operand is read alone.
READ_ONLY = "cmp", "test", "push", "call", "jmp", "bt", "comis", "ucomis", "vptest", "ptest", "vcomis", "mul", "imul"
DIVISION = "div", "idiv"
# Of variable time, or of addresses that nothing here can look at: none is to run.
NEVER = re.compile(r"pdep|pext|fi?divr?p?|v?(div|sqrt)[ps][sd]|v?rsqrt\w*|vp?(gather|scatter)\w*|"
                   r"f(sqrt|prem|sin|cos)\w*")
ALWAYS = "jmp", "jmpq"

# Engines by the instructions that only they have.
ENGINES = {
    "AES-NI": re.compile(r"v?aes(enc|dec)(last)? xmm"),
    "PCLMULQDQ": re.compile(r"v?pclmul\w+ xmm"),
    "SHA-NI": re.compile(r"sha1\w+ "),
    "VAES": re.compile(r"vaes(enc|dec)(last)? [yz]mm"),
    "VPCLMULQDQ": re.compile(r"vpclmul\w+ [yz]mm"),
}

# What Linux calls them.
FLAGS = {"AES-NI": "aes", "PCLMULQDQ": "pclmulqdq", "SHA-NI": "sha_ni", "VAES": "vaes", "VPCLMULQDQ": "vpclmulqdq"}


def cpu_flags():
    """Of this CPU."""
    return pathlib.Path("/proc/cpuinfo").read_text().split("flags", 1)[1].split("\n", 1)[0].split()


class Code(Disassembly):
    def __init__(self, target, elf):
        self.target, self.elf = target, elf
        self.instructions, self.labels = {}, []
        text = subprocess.run((target.tool("objdump"), "--disassemble", "--no-show-raw-insn", "-Mintel", elf),
                              check=True, text=True, capture_output=True).stdout
        for line in text.splitlines():
            if found := disassembly.LABEL.match(line):
                self.labels.append((int(found[1], 16), found[2]))
            elif (at := line.find(":\t")) > 0:
                name, _, operands = line[at + 2:].partition(" ")
                while name in ("lock", "rep", "repz", "repnz", "notrack", "bnd", "data16", "cs"):
                    name, _, operands = operands.strip().partition(" ")
                self.instructions[int(line[:at], 16)] = name, operands.strip()
        self.labels.sort()

    def never(self, addresses):
        return [address for address in addresses if NEVER.fullmatch(self.instructions.get(address, ("",))[0])]

    def is_conditional(self, address):
        name, _ = self.instructions.get(address, ("", ""))
        return name.startswith("j") and name not in ALWAYS

    def engines(self, addresses):
        """Which of them these instructions belong to."""
        executed = {" ".join(self.instructions.get(address, ("", ""))) for address in addresses}
        return {name for name, pattern in ENGINES.items() if any(map(pattern.match, executed))}

    def operands(self, address):
        """What it touches, packed as caller.c has it: addresses that are not constant, and operands of divisions."""
        name, text = self.instructions[address]
        found = []
        if name == "nop":
            return found
        if name in DIVISION:
            found += [(REGISTERS[register], -1, 0, OPERAND, 0, 0) for register in
                      ("rax", "rdx", NAMES.get(text, text)) if register in REGISTERS]
        for access in ACCESS.finditer(text):
            size, segment, place = access.groups()
            is_first = access.start() == 0
            kind = WRITE if is_first and not name.startswith(READ_ONLY) else READ
            base = index = -1
            scale, displacement = 1, 0
            for sign, term in re.findall(r"([+-]?)([^+-]+)", place):
                if scaled := INDEXED.fullmatch(term):
                    index, scale = REGISTERS.get(scaled[1], -2), int(scaled[2])
                elif term in REGISTERS:
                    base = REGISTERS[term]
                elif term.startswith("0x"):
                    displacement = int(term, 16) * (-1 if sign == "-" else 1)
                elif term == "rip":
                    break
                else:
                    raise ValueError(f"{address:#x}: an operand that is not known: {text}")
            if base >= 0 or index >= 0:
                if displacement >= 1 << 31:
                    displacement -= 1 << 64
                found.append((base, index, scale, kind, SIZES.get(size, 1), displacement))
                if name in DIVISION:
                    found.append((base, index, scale, OPERAND, SIZES[size], displacement))
        return [struct.pack("<bbBBBBxxi", *operand[:5], at + 1 < len(found), operand[5])
                for at, operand in enumerate(found)]
