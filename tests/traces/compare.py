# SPDX-License-Identifier: MIT OR Apache-2.0
"""Whether runs that differ in secrets alone do the same, instruction by instruction and address by address."""

import array
import dataclasses

from phone import Phone, Secrets

KINDS = {0: "instruction", 1: "read", 2: "write", 3: "operand"}
ADDRESS = (1 << 56) - 1


class Leak(Exception):
    pass


@dataclasses.dataclass
class Run:
    """One traced call with what it worked with."""

    secrets: Secrets
    call: object
    trace: object
    # What block and packet held when the call began, and when it ended.
    before: tuple
    after: tuple


def words(events):
    return array.array("Q", events)


def first_difference(one, other):
    """Where two traces part, as an index of their events."""
    one, other = words(one), words(other)
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high) // 2
        if one[low:middle + 1] == other[low:middle + 1]:
            low = middle + 1
        else:
            high = middle
    return low


def parting(events, index):
    """What differs there, and the instruction whose doing it is."""
    events = words(events)
    index = min(index, len(events) - 1)
    kind = events[index] >> 60
    # A differing program counter is the doing of the instruction before.
    at = index - (kind == 0)
    while at > 0 and events[at] >> 60 != 0:
        at -= 1
    return KINDS[kind], events[at] & ADDRESS


def describe(disassembly, one, other):
    kind, address = parting(one, first_difference(one, other))
    return f"{kind} differs: {disassembly.place(address)}"


def runs_of(machine, row, seeds):
    """Traces a row's call, once for each seed and variant."""
    for seed in seeds:
        secrets = Secrets(seed)
        phone = Phone(machine, secrets)
        call = row.prepare(phone)
        saved = machine.save()
        for changes in call.variants:
            machine.restore(saved)
            for address, octets in changes:
                machine.write(address, octets)
            before = memory(machine, call, 0)
            trace = machine.trace(call.function, *call.arguments)
            after = memory(machine, call, 1)
            if call.status is not None and trace.status != call.status:
                raise RuntimeError(f"{row.name}: status {trace.status}, not {call.status}")
            for address, octets in call.result:
                if machine.read(address, len(octets)) != octets:
                    raise RuntimeError(f"{row.name}: a wrong result")
            yield Run(secrets, call, trace, before, after)


def memory(machine, call, which):
    """The block, and the input of a packet call (0) or its output (1)."""
    block = machine.read(call.side.block, call.side.block_len) if call.side else b""
    packet = machine.read(call.packet[which], call.packet[2]) if call.packet else b""
    return block, packet


def check_alike(disassembly, runs):
    """All of them trace alike; the first is returned."""
    first = runs[0].trace
    for run in runs[1:]:
        if run.trace.events != first.events:
            raise Leak(describe(disassembly, first.events, run.trace.events))
    executed = {event & ADDRESS for event in words(first.events) if event >> 60 == 0}
    if never := disassembly.never(executed):
        raise Leak(f"an instruction of variable time: {disassembly.place(never[0])}")
    return runs[0]


def check_verdict(disassembly, valid, forged):
    """Valid and forged packets part at one branch, after all of the tag has been read. Returns that branch, or None
    if they do not part at all."""
    one, other = valid.trace.events, forged.trace.events
    if one == other:
        return None
    index = first_difference(one, other)
    _, branch = parting(one, index)
    if not disassembly.is_conditional(branch):
        raise Leak(f"verdict: {describe(disassembly, one, other)}")
    read = set()
    for event in words(one)[:index]:
        if event >> 60 == 1:
            read.update(range(event & ADDRESS, (event & ADDRESS) + (event >> 56 & 0xf)))
    address, length = valid.call.tag
    if not read.issuperset(range(address, address + length)):
        raise Leak(f"verdict before the whole tag is read: {disassembly.place(branch)}")
    return branch
