# SPDX-License-Identifier: MIT OR Apache-2.0
"""Shows that the checks can fail: small functions with one leak each must be caught, and those without must not."""

import dataclasses
import sys

import compare
import residues
from disassembly import Disassembly
from machine import Machine, compile_recorder
from phone import Setting
from rows import Call, Row
from targets import HERE, LONG_MULTIPLICATION, OUT, TARGETS, link

SETTING = Setting("AES_CM_128_HMAC_SHA1_80")
TAG_LEN = 10
# Only their division is of the kind that this is about.
DIVIDING = dict.fromkeys(("ARMv7", "ARMv7-NEON"), ("-mcpu=cortex-a7", "-mfpu=neon-vfpv4"))

# Function, and what the leak must be called; None if there is none.
ON_KEYS = {
    "planted_nothing": None,
    "planted_branch": "instruction differs",
    "planted_address": "read differs",
    "planted_write_address": "write differs",
    "planted_division": "operand differs",
    "planted_public_division": None,
}
ON_TAGS = {
    "planted_comparison": None,
    "planted_early_exit": "instruction differs",
    "planted_two_halves": "instruction differs",
}


def on_key(function):
    def planted(phone, setting):
        key = phone.secrets.draw(16)
        return Call(function, (phone.machine.place(key),), masters=[(key, b"")])
    return planted


def on_tag(function, is_forged):
    def planted(phone, setting):
        tag = phone.secrets.random.randbytes(TAG_LEN)
        at, expected = phone.machine.place(tag), phone.machine.place(tag)
        call = Call(function, (at, expected, TAG_LEN), tag=(at, TAG_LEN))
        flips = [((at + octet, bytes([tag[octet] ^ 0x10])),) for octet in range(TAG_LEN)]
        return dataclasses.replace(call, status=-1, variants=flips) if is_forged else call
    return planted


def found(machine, disassembly, acts, seeds):
    """What the checks say to runs of these acts: of valid and of forged tags, if there are two."""
    try:
        firsts = [compare.check_alike(disassembly, list(compare.runs_of(machine, Row(act, SETTING), seeds)))
                  for act in acts]
        if len(firsts) == 2:
            compare.check_verdict(disassembly, *firsts)
    except compare.Leak as leak:
        return str(leak)
    return None


def check(target):
    elf = OUT / f"planted-{target.name}.elf"
    dividing = dataclasses.replace(target, compiler=(*target.compiler, *DIVIDING.get(target.name, ())))
    disassembly = Disassembly(target, link(dividing, HERE / "planted.c", None, elf))
    failed, machine = [], Machine(target, elf, disassembly.variable_time())

    def expect(function, text, acts):
        says = found(machine, disassembly, acts, range(6))
        if (says is None) != (text is None) or text and not says.startswith(text):
            failed.append(f"{target.name}: {function}: {says or 'not found'}")

    for function, text in ON_KEYS.items():
        expect(function, text, [on_key(function)])
    for function, text in ON_TAGS.items():
        expect(function, text, [on_tag(function, False), on_tag(function, True)])
    left = residues.find(list(compare.runs_of(machine, Row(on_key("planted_residue"), SETTING), range(6))))
    if "master key" not in left:
        failed.append(f"{target.name}: planted_residue: not found")
    if not target.is_64_bit:
        text = "operand differs" if LONG_MULTIPLICATION[0] in target.variable_time else None
        expect("planted_multiplication", text, [on_key("planted_multiplication")])
    return failed


def main():
    compile_recorder()
    failed = [failure for target in TARGETS for failure in check(target)]
    print(*failed, sep="\n", end="\n" if failed else "")
    print(f"planted leaks: {len(ON_KEYS) + len(ON_TAGS)} functions on {len(TARGETS)} targets, {len(failed)} mistakes")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
