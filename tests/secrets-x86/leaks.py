# SPDX-License-Identifier: MIT OR Apache-2.0
"""Shows that both checks can fail: the planted leaks of tests/traces must be caught, code without any must not."""

import sys

import compare
import memcheck
import native
import residues
from instructions import Code
from planted import ON_KEYS, ON_TAGS, SETTING, found, on_key, on_tag
from rows import Row

# Function, how many errors memcheck reports of a call, and of which kind. It does not look at operands of divisions.
# One conditional jump is a verdict; more are none.
MANY = range(2, 100)
REPORTED = {
    "planted_nothing": ((0,), None),
    "planted_branch": ((1,), "UninitCondition"),
    "planted_address": ((1,), "UninitValue"),
    "planted_write_address": ((1,), "UninitValue"),
    "planted_public_division": ((0,), None),
    "planted_comparison": ((1,), "UninitCondition"),
    "planted_early_exit": (MANY, "UninitCondition"),
    "planted_two_halves": (MANY, "UninitCondition"),
}


def check_stepping(elf):
    code = Code(native.TARGET, elf)
    machine = native.Native(elf, code)
    for function, text in {**ON_KEYS, **ON_TAGS}.items():
        acts = [on_key(function)] if function in ON_KEYS else [on_tag(function, False), on_tag(function, True)]
        says = found(machine, code, acts, range(6))
        if (says is None) != (text is None) or text and not says.startswith(text):
            yield f"stepping: {function}: {says or 'not found'}"
    left = residues.find(list(compare.runs_of(machine, Row(on_key("planted_residue"), SETTING), range(6))))
    if "master key" not in left:
        yield "stepping: planted_residue: not found"
    machine.close()


def check_memcheck(elf):
    plain = memcheck.Marked(elf)
    for function, (expected, kind) in REPORTED.items():
        watched = memcheck.Watched(elf)
        act = on_key(function) if function in ON_KEYS else on_tag(function, False)
        _, errors = memcheck.watch(plain, watched, Row(act, SETTING))
        kinds = {error.kind for error in watched.finish()}
        if errors not in expected or kinds != {kind} - {None}:
            yield f"memcheck: {function}: {errors} errors, {kinds}"
    plain.close()


def main():
    elf = native.OUT / "planted.elf"
    failed = [*check_stepping(elf), *check_memcheck(elf)]
    print(*failed, sep="\n", end="\n" if failed else "")
    print(f"planted leaks: {len(ON_KEYS) + len(ON_TAGS)} functions stepped, {len(REPORTED)} under memcheck, "
          f"{len(failed)} mistakes")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
