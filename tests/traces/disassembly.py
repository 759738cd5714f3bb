# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the instructions of a linked image are, as objdump has them."""

import bisect
import re
import subprocess

import targets

LABEL = re.compile(r"^([0-9a-f]+) <(.+)>:$")
INSTRUCTION = re.compile(r"^ *([0-9a-f]+):\t(\S+)(?:\t([^@;/]*))?")
CONDITIONS = "eq ne cs cc mi pl vs vc hi ls ge lt gt le hs lo".split()
OURS = re.compile(r".*/((?:crates|ffi|tests)/)")
ACCESSES = "ldr", "ldm", "str", "stm", "pop"


class Disassembly:
    def __init__(self, target, elf):
        self.target, self.elf = target, elf
        self.instructions, self.labels = {}, []
        text = subprocess.run((target.tool("objdump"), "--disassemble", "--no-show-raw-insn", elf), check=True,
                              text=True, capture_output=True).stdout
        for line in text.splitlines():
            if found := INSTRUCTION.match(line):
                address, mnemonic, operands = found.groups()
                self.instructions[int(address, 16)] = mnemonic, (operands or "").strip()
            elif found := LABEL.match(line):
                self.labels.append((int(found[1], 16), found[2]))
        self.labels.sort()

    def variable_time(self, names=None):
        """Addresses and operands of the instructions whose time depends on these, on the target's cores."""
        names = names or self.target.variable_time
        return [(address, self.sources(operands)) for address, (mnemonic, operands) in self.instructions.items()
                if base(mnemonic) in names]

    @staticmethod
    def sources(operands):
        """The two that are divided or multiplied stand last."""
        return re.findall(r"[a-z][a-z0-9]+", operands)[-2:]

    def never(self, addresses):
        """Instructions of variable time whose operands nothing here can look at."""
        return [address for address in addresses
                if self.instructions.get(address, ("",))[0].startswith(targets.NEVER)]

    def is_conditional(self, address):
        """A branch that may not be taken, or what has the same effect: an IT block, a load that may not be done."""
        mnemonic, _ = self.instructions.get(address, ("", ""))
        name, _, suffix = mnemonic.partition(".")
        if self.target.is_64_bit:
            return name in ("cbz", "cbnz", "tbz", "tbnz") or name == "b" and suffix in CONDITIONS
        return (name in ("cbz", "cbnz") or re.fullmatch("it[te]{0,3}", name) is not None
                or name[:1] == "b" and name[1:] in CONDITIONS or name[:3] in ACCESSES and name[-2:] in CONDITIONS)

    def place(self, address):
        """Function, instruction and source line."""
        at = bisect.bisect_right(self.labels, (address, "~")) - 1
        name = self.labels[at][1] if at >= 0 else "?"
        frames = subprocess.run((self.target.tool("addr2line"), "-i", "-e", self.elf, f"{address:#x}"), text=True,
                                capture_output=True).stdout.split("\n")
        # Of inlined code, the line of our own.
        line = next((frame for frame in frames if OURS.search(frame)), frames[0])
        line = OURS.sub(r"\1", line)
        instruction = re.sub(" <.*>", "", " ".join(self.instructions.get(address, "?")))
        return f"{address:#x} {instruction} in {short(name)} ({line})"


def base(mnemonic):
    """Without width and condition."""
    name = mnemonic.split(".")[0]
    for known in targets.DIVISION + targets.LONG_MULTIPLICATION:
        if name == known or name.startswith(known) and name[len(known):] in CONDITIONS:
            return known
    return name


def short(symbol):
    """A mangled Rust name, readable."""
    if not symbol.startswith("_ZN"):
        return symbol
    names, rest = [], symbol[3:]
    while found := re.match(r"(\d+)", rest):
        length = int(found[1])
        rest = rest[found.end():]
        names.append(rest[:length])
        rest = rest[length:]
    path = "::".join(name for name in names if not re.fullmatch(r"h[0-9a-f]{16}", name))
    for coded, plain in (("_$LT$", "<"), ("$LT$", "<"), ("$GT$", ">"), ("$u20$", " "), ("$RF$", "&"), ("..", "::")):
        path = path.replace(coded, plain)
    return path
