# SPDX-License-Identifier: MIT OR Apache-2.0
"""Requires every row to trace alike on every target, and nothing more to be left on the stack than is known.

usage: run.py [--details] [TARGET-BUILD...]    such as Cortex-M4-size; without any, all

With --details, also prints where valid and forged packets part, and what is left on the stack.
"""

import concurrent.futures
import sys
import time

from unicorn import UcError

import compare
import phone
import residues
from disassembly import Disassembly
from machine import Machine, compile_recorder
from rows import GCM, PUBLIC, ROWS, self_test, unprotect, unprotect_forged
from targets import PAIRS, image

# The two extremes and three random ones. Each forged packet is forged in many ways already.
SEEDS, FORGED_SEEDS = range(5), (2,)


def check(name):
    """All rows on one target: leaks found, and what there is to say."""
    target, build = by_name()[name]
    elf = image(target, build)
    disassembly = Disassembly(target, elf)
    machine = Machine(target, elf, disassembly.variable_time())
    # Afterwards the CPU's features are known; the software behind an accelerator asks for itself.
    machine.call("sipseal_self_test")
    phone.Phone(machine, phone.Secrets(2)).make("sender", phone.Setting(GCM, accelerated=True))
    machine.call("sipseal_self_test")  # Afterwards the CPU's features are known.
    failures, valid, branches, functions, left, calls, started = [], {}, set(), set(), [], 0, time.process_time()
    for row in ROWS:
        seeds = FORGED_SEEDS if row.act is unprotect_forged else SEEDS
        try:
            runs = list(compare.runs_of(machine, row, seeds))
            calls += len(runs)
            functions.add(runs[0].call.function)
            first = compare.check_alike(disassembly, runs)
            if row.act is not unprotect_forged and row.act is not self_test:
                left.append((first.call.function, residues.find(runs)))
            packet = row.setting, row.detail, row.payload
            if row.act is unprotect:
                valid[packet] = first
            if row.act is unprotect_forged and packet in valid:
                branches.add(compare.check_verdict(disassembly, valid[packet], first))
        except (compare.Leak, RuntimeError, UcError) as failure:
            failures.append(f"{name}: {row.name}: {failure}")
    places = [disassembly.place(branch) for branch in sorted(branches - {None})]
    return failures, calls, places, functions, residues.merge(left), time.process_time() - started


def by_name():
    return {f"{target.name}-{build}": (target, build) for target, build in PAIRS}


def check_residues(left):
    """What is left and not known, of all targets."""
    expected, found = residues.known(), {}
    for name, functions in left.items():
        for function, names in functions.items():
            found.setdefault(function, set()).update(names)
            if new := sorted(set(names) - expected.get(function, set())):
                yield f"{name}: {function} leaves on the stack: {', '.join(new)}"
    if set(left) == set(by_name()):
        for function, names in expected.items():
            if gone := sorted(names - found.get(function, set())):
                print(f"no longer left, take it out of {residues.KNOWN.name}: {function}: {', '.join(gone)}")


def print_residues(functions):
    for function, names in functions.items():
        print(f"    {function}:", ", ".join(f"{name} {octets}" for name, octets in names.items()) or "nothing")


def main():
    compile_recorder()
    names = [name for name in sys.argv[1:] if name != "--details"] or list(by_name())
    failed, all_left, declared = [], {}, phone.functions()
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for name, (failures, calls, places, functions, left, seconds) in zip(names, pool.map(check, names)):
            all_left[name] = left
            failures += [f"{name}: {function} has no row" for function in sorted(declared - functions - PUBLIC)]
            print(f"{name}: {len(ROWS)} rows, {calls} calls, {len(failures)} leaks, {seconds:.0f} s")
            print(*(f"    FAILED: {failure}" for failure in failures), sep="\n", end="\n" if failures else "")
            if "--details" in sys.argv:
                print(*(f"    verdict: {place}" for place in places), sep="\n")
                print_residues(left)
            sys.stdout.flush()
            failed += failures
    new = list(check_residues(all_left))
    print(*(f"FAILED: {residue}" for residue in new), sep="\n", end="\n" if new else "")
    sys.exit(1 if failed or new else 0)


if __name__ == "__main__":
    main()
