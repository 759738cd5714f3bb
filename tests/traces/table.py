# SPDX-License-Identifier: MIT OR Apache-2.0
"""Counts executed instructions and octets of stack, and writes them into benches/README.md.

usage: table.py [--print]    with --print, writes to standard output alone
"""

import concurrent.futures
import itertools
import sys

from elftools.elf.elffile import ELFFile

import digest
from compare import ADDRESS, words
from machine import Machine, compile_recorder
from phone import Phone, Secrets, Setting
from rows import (CM, KEYED, OPTIONS, PROFILES, Row, digest_client_take, digest_client_write, digest_server_verify, init,
                  protect, rekey, sdes_answer, sdes_offer, sdes_take_answer, self_test, unprotect, wipe)
from targets import PAIRS, ROOT, TARGETS, image

README = ROOT / "benches/README.md"
BEGIN, END = "<!-- instructions: begin -->\n", "<!-- instructions: end -->\n"
BUILD_NAMES = {"size": "size", "release": "speed"}
PAYLOADS = 20, 160, 1200
PACKET_CALLS = [(act, payload) for act in (protect, unprotect) for payload in PAYLOADS]
OPTION_PAYLOAD = 160
SET_UP = [
    *(Row(init, Setting(name), detail=("receiver",)) for name in KEYED),
    Row(rekey, Setting(CM), detail=("receiver", "KEEP")),
    Row(wipe, Setting(CM), detail=("receiver",)),
    Row(sdes_offer, Setting(CM)),
    Row(sdes_answer, Setting(CM)),
    Row(sdes_take_answer, Setting(CM)),
    Row(self_test, Setting(CM)),
]
# A session takes a hash more.
ALGORITHMS = [algorithm for algorithm in digest.NAMES if algorithm not in digest.SESSIONS]
DIGEST_CALLS = {"write": (digest_client_write,), "take": (digest_client_take,), "verify": (digest_server_verify, True)}


def measure(machine, row):
    call = row.prepare(Phone(machine, Secrets(2)))
    trace = machine.trace(call.function, *call.arguments)
    return trace.instructions, trace.stack


def block_functions(elf):
    """The code of the hashes' block functions, as ranges of addresses."""
    with open(elf, "rb") as file:
        for symbol in ELFFile(file).get_section_by_name(".symtab").iter_symbols():
            if "compress" in symbol.name and any(crate in symbol.name for crate in ("sipseal_digest", "md5", "sha2")):
                start = symbol["st_value"] & ~1
                yield range(start, start + symbol["st_size"])


def measure_blocks(machine, elf, algorithm):
    """The instructions of the hash blocks in a response to a REGISTER."""
    call = Row(digest_client_write, Setting(CM), detail=(algorithm,)).prepare(Phone(machine, Secrets(2)))
    trace = machine.trace(call.function, *call.arguments)
    executed = [event & ADDRESS & ~1 for event in words(trace.events) if event >> 60 == 0]
    ranges = list(block_functions(elf))
    return sum(any(address in one for one in ranges) for address in executed)


def measure_digest(machine, elf):
    measured = {}
    for algorithm in ALGORITHMS:
        blocks = measure_blocks(machine, elf, algorithm)
        calls = [measure(machine, Row(act, Setting(CM), detail=(algorithm, *detail)))
                 for act, *detail in DIGEST_CALLS.values()]
        measured[algorithm] = blocks, calls
    return measured


def measure_all(target, build):
    machine = Machine(target, image(target, build))
    machine.call("sipseal_self_test")  # Afterwards the CPU's features are known.
    packets = {name: [measure(machine, Row(act, Setting(name), payload, ("",))) for act, payload in PACKET_CALLS]
               for name in KEYED}
    return (packets, [measure(machine, row) for row in SET_UP], deepest(machine),
            measure_digest(machine, image(target, build)))


def deepest(machine):
    """The stack of packets with options, by the name of the option."""
    stacks = {}
    for setting in OPTIONS:
        for act, protocol in itertools.product((protect, unprotect), ("", "_rtcp")):
            _, stack = measure(machine, Row(act, setting, OPTION_PAYLOAD, (protocol,)))
            stacks[setting.name] = max(stack, stacks.get(setting.name, 0))
    return stacks


def shortened(name):
    """Tags of 32 bits cost the same."""
    short = name.replace("_80", "_32")
    return f"{name}, _32" if short != name and short in PROFILES else name


def lines(figures):
    for target in TARGETS:
        yield f"**{target.name}** ({target.cores})\n"
        heads = [f"{act.__name__} {payload:,}" for act, payload in PACKET_CALLS]
        yield "| profile | build | " + " | ".join(heads) + " | stack |"
        yield "| --- | --- |" + " ---: |" * (len(PACKET_CALLS) + 1)
        for name, build in itertools.product(KEYED, target.builds):
            measured = figures[target.name, build][0][name]
            numbers = [instructions for instructions, _ in measured] + [max(stack for _, stack in measured)]
            yield f"| {shortened(name)} | {BUILD_NAMES[build]} | " + " | ".join(f"{n:,}" for n in numbers) + " |"
        yield ""
        heads = [f"{BUILD_NAMES[build]}: {what}" for build in target.builds for what in ("instructions", "stack")]
        yield "| call | " + " | ".join(heads) + " |"
        yield "| --- |" + " ---: |" * len(heads)
        for at, row in enumerate(SET_UP):
            numbers = [n for build in target.builds for n in figures[target.name, build][1][at]]
            name = row.act.__name__ if row.act is self_test else f"{row.act.__name__}, {row.setting.profile}"
            yield f"| {name} | " + " | ".join(f"{n:,}" for n in numbers) + " |"
        yield ""
        yield "| packets | " + " | ".join(f"{BUILD_NAMES[build]}: stack" for build in target.builds) + " |"
        yield "| --- |" + " ---: |" * len(target.builds)
        for name in dict.fromkeys(setting.name for setting in OPTIONS):
            stacks = [figures[target.name, build][2][name] for build in target.builds]
            yield f"| {name} | " + " | ".join(f"{n:,}" for n in stacks) + " |"
        yield ""
        heads = ["hash blocks in it", *(f"{name}: {what}" for name in DIGEST_CALLS for what in ("instructions", "stack"))]
        yield "| digest, REGISTER | build | " + " | ".join(heads) + " |"
        yield "| --- | --- |" + " ---: |" * len(heads)
        for algorithm, build in itertools.product(ALGORITHMS, target.builds):
            blocks, calls = figures[target.name, build][3][algorithm]
            numbers = [blocks, *(n for call in calls for n in call)]
            yield (f"| {digest.NAMES[algorithm]} | {BUILD_NAMES[build]} | " + " | ".join(f"{n:,}" for n in numbers) + " |")
        yield ""


def main():
    compile_recorder()
    with concurrent.futures.ProcessPoolExecutor() as pool:
        results = pool.map(measure_all, *zip(*PAIRS))
        figures = {(target.name, build): result for (target, build), result in zip(PAIRS, results)}
    text = "\n".join(lines(figures))
    print(text)
    if "--print" not in sys.argv:
        readme = README.read_text()
        head, rest = readme.split(BEGIN)
        README.write_text(head + BEGIN + text + END + rest.split(END)[1])


if __name__ == "__main__":
    main()
