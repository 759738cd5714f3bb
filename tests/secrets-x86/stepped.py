# SPDX-License-Identifier: MIT OR Apache-2.0
"""Steps through calls on this CPU, one instruction at a time, and requires runs that differ in secrets alone to do
the same: the engines that valgrind and emulators do not know are seen here only.

usage: stepped.py [WITHOUT...]    WITHOUT are features of the CPU to hide, by part of the name that the library has
                                  for them: vaes shani_cpuid clmul ...
"""

import concurrent.futures
import dataclasses
import os
import sys
import time

import compare
import native
import phone
import residues
from instructions import ENGINES, FLAGS, Code, cpu_flags
from rows import LONG_ROWS, PUBLIC, ROWS, Row, self_test, unprotect, unprotect_forged

# A step takes the kernel 20 microseconds, so each row has fewer runs than in the emulator; packets with options,
# which memcheck sees under the same instructions, are not forged, and long ones in fewer ways.
SEEDS, PACKET_SEEDS, FORGED_SEEDS = (0, 2, 3), (0, 2), (2,)
SHORT, FEWER = 33, 4
# What the library uses where the CPU has it.
CHOSEN = "SHA-NI", "VAES", "VPCLMULQDQ"


class Fewer(Row):
    def prepare(self, phone):
        call = super().prepare(phone)
        return dataclasses.replace(call, variants=call.variants[::FEWER])


def stepped():
    for row in ROWS + LONG_ROWS:
        if row.act is not unprotect_forged:
            yield row
        elif not row.setting.name:
            yield row if row.payload <= SHORT else Fewer(row.act, row.setting, row.payload, row.detail)


STEPPED = [row for row in stepped() if row.act is not self_test]
code, machine = None, None


def begin(elf, without_features):
    """In each worker."""
    global machine
    machine = native.Native(elf, code, without_features=without_features)
    machine.call("sipseal_self_test")  # Afterwards the CPU's features are known.


def check(rows):
    """Of one packet, so that valid and forged ones can be compared: leaks found, and what there is to say."""
    failures, branches, functions, left, executed, steps, valid = [], set(), set(), [], set(), 0, None
    for row in rows:
        try:
            seeds = FORGED_SEEDS if row.act is unprotect_forged else PACKET_SEEDS if row.payload else SEEDS
            runs = list(compare.runs_of(machine, row, seeds))
            steps += sum(run.trace.instructions for run in runs)
            functions.add(runs[0].call.function)
            first = compare.check_alike(code, runs)
            executed.update(event for event in compare.words(first.trace.events) if event >> 60 == 0)
            if row.act is unprotect:
                valid = first
            if row.act is unprotect_forged:
                branches.add(compare.check_verdict(code, valid, first))
            else:
                left.append((first.call.function, residues.find(runs)))
        except (compare.Leak, RuntimeError) as failure:
            failures.append(f"{row.name}: {failure}")
    return failures, branches, functions, left, executed, steps


def packets():
    """Rows, those of the same packet together."""
    together = {}
    for row in STEPPED:
        together.setdefault((row.setting, row.detail, row.payload), []).append(row)
    return sorted(together.values(), key=lambda rows: -rows[0].payload)


def print_engines(executed):
    """Which engines ran; those that should have are failures."""
    flags, there, ran = cpu_flags(), code.engines(code.instructions), code.engines(executed)
    print("engines that ran:", ", ".join(sorted(ran)) or "portable ones alone")
    for name in ENGINES:
        if name in CHOSEN and name not in ran and FLAGS[name] in flags:
            yield f"no row has reached {name}"
        elif name in there - ran:
            has = "the library did not choose it" if FLAGS[name] in flags else "this CPU lacks it"
            print(f"WARNING: the library has {name}, which has NOT been looked at: {has}")


def main():
    global code
    started, hidden = time.time(), sys.argv[1:]
    elf = native.OUT / "library.elf"
    code = Code(native.TARGET, elf)
    failed, branches, functions, left, executed, steps = [], set(), set(), [], set(), 0
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count(), initializer=begin, initargs=(elf, hidden)) as pool:
        for part in pool.map(check, packets()):
            failed += part[0]
            branches |= part[1]
            functions |= part[2]
            left += part[3]
            executed |= part[4]
            steps += part[5]
    missing = phone.functions() - functions - PUBLIC - {"sipseal_self_test"}
    failed += [f"{function} has no row" for function in sorted(missing)]
    failed += print_engines(executed) if not hidden else []
    for function, names in residues.merge(left).items():
        if new := sorted(set(names) - residues.known().get(function, set())):
            failed.append(f"{function} leaves on the stack: {', '.join(new)}")
    print(f"stepped: {len(STEPPED)} rows, {steps:,} steps, {len(failed)} failures, {time.time() - started:.0f} s")
    print(*(f"    FAILED: {failure}" for failure in failed), sep="\n", end="\n" if failed else "")
    for branch in sorted(branches - {None}):
        print(f"    verdict: {code.place(branch)}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
