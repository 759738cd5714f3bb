# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs every row under valgrind with its secrets marked undefined, and requires that nothing depends on them but
verdicts: see README.md.

usage: memcheck.py
"""

import dataclasses
import itertools
import re
import sys
import time
import xml.etree.ElementTree

import native
import phone
from instructions import FLAGS, Code, cpu_flags
from memory import DATA, DATA_LEN
from native import DEFINED, UNDEFINED, Native
from phone import Phone, Secrets
from rows import (LONG_ROWS, PUBLIC, ROWS, digest_client_take, digest_client_write, digest_server_info,
                  digest_server_verify, rekey,
                  rekey_to_the_same, sdes_answer, sdes_answer_again, sdes_init_context, sdes_line_status,
                  sdes_take_answer, sdes_wipe, self_test, unprotect, unprotect_apart, unprotect_forged, unprotect_with_roc)

# Zeros and ones: octets that differ between the two are secret. What is run has neither.
EXTREMES, RANDOM = (0, 1), 2
# A reader of SDES lines looks for their ends, and whether each digit of a key is one: that is public, and memcheck could
# not know it. stepped.py looks at these as well.
READERS = sdes_answer, sdes_answer_again, sdes_take_answer, sdes_line_status, sdes_init_context, sdes_wipe
READING = {"sipseal_sdes_" + name for name in ("answer", "take_answer", "line_status", "sender_init", "receiver_init", "wipe")}
# The self-test has no secrets.
# Whether an accelerator errs is a verdict whenever a key is added, and so before every other call.
WATCHED = [row for row in ROWS + LONG_ROWS
           if row.act not in (self_test, *READERS) and not row.setting.accelerated]

# How many verdicts a call makes public, each with one conditional jump, or in a table of statuses. A forged packet from
# a new SSRC may be tried under ROC 0 and ROC 1. Whether the master key is the old one, and if so, whether the salt is.
VERDICTS = {unprotect: {1}, unprotect_apart: {1}, unprotect_with_roc: {1}, unprotect_forged: {1, 2}, rekey: {1},
            rekey_to_the_same: {2},
            # Whether H(A1), where that is given, consists of digits; whether proof or credentials are right, and with which
            # status they are refused.
            digest_client_write: {0, 1}, digest_client_take: {1}, digest_server_verify: {2, 3}, digest_server_info: {1}}
# The same of calls on the way to the one that is watched; none where they are only counted.
BEFORE = {digest_server_info: {0, 2, 3}}
# The functions where they are: all others may have none.
# An engine in hardware opens within what runs its work.
PLACES = re.compile(r"(.*::)?(open|open_pieces|replace_key|run|begin_with_a1|from_hex|prove|verify)")
STATUSES = re.compile(r"(.*::)?of_refusal")

# Features of the CPU to hide, by part of their names, and the engines that must run then; none where all are hidden.
RUNS = {"portable": (("",), set()), "AES-NI and PCLMULQDQ": ((), {"AES-NI", "PCLMULQDQ"})}


@dataclasses.dataclass
class Error:
    kind: str
    address: int
    # Of the functions that were inlined there, innermost first: name, file and line.
    frames: list

    @property
    def is_verdict(self):
        places = PLACES if self.kind == "UninitCondition" else STATUSES
        return any(places.fullmatch(name) for name, _ in self.frames)


class Marked(Native):
    """Knows which octets of what is placed are secret, and leaves everything else to those who made it."""

    def __init__(self, *arguments, **options):
        self.placed, self.masks, self.errors = [], None, 0
        super().__init__(*arguments, **options)

    def restore(self, saved, start=DATA):
        """What was just made there still is; copied from outside it would be defined."""
        self.data_end, _ = saved

    def write(self, address, content):
        super().write(address, content)
        self.placed.append(bytes(content))
        if self.masks is not None:
            self.mark(address, next(self.masks))

    def place_public(self, content):
        at = self.place(content)
        self.mark(at, bytes(len(content)))
        return at

    def mark(self, address, mask):
        for is_secret, run in itertools.groupby(mask):
            length = len(list(run))
            self.request(UNDEFINED if is_secret else DEFINED, 0, address, length)
            address += length

    def request(self, *arguments):
        answer = super().request(*arguments)
        self.errors += answer[4]
        return answer

    def phone(self, seed):
        self.made, self.masks = {}, None
        phone = Phone(self, Secrets(seed))
        self.mark(DATA, bytes(DATA_LEN))
        self.placed.clear()
        return phone


class Watched(Marked):
    """Under valgrind's memcheck."""

    REPORT = native.OUT / "memcheck.xml"
    RUNNER = ("valgrind", "--quiet", "--error-limit=no", "--expensive-definedness-checks=yes", "--xml=yes",
              f"--xml-file={REPORT}")

    def __init__(self, elf, without_features=()):
        super().__init__(elf, runner=self.RUNNER, without_features=without_features)

    def finish(self):
        """What was reported of the library's functions."""
        self.close()
        errors = []
        for error in xml.etree.ElementTree.parse(self.REPORT).getroot().iter("error"):
            frames = [(int(frame.findtext("ip"), 16), frame.findtext("fn", "?"),
                       f"{frame.findtext('file')}:{frame.findtext('line')}") for frame in error.find("stack")]
            if not any(place.startswith("caller.c:") for _, _, place in frames):
                continue  # The start of the C library.
            address = frames[0][0]
            errors.append(Error(error.findtext("kind"), address,
                                [(name, place) for at, name, place in frames if at == address]))
        return errors


class Counted(Marked):
    """Under valgrind's callgrind, which writes down what was executed: the same instructions as under memcheck."""

    REPORT = native.OUT / "callgrind.out"
    RUNNER = ("valgrind", "--quiet", "--tool=callgrind", "--dump-instr=yes", "--compress-pos=no",
              f"--callgrind-out-file={REPORT}")

    def __init__(self, elf, without_features=()):
        super().__init__(elf, runner=self.RUNNER, without_features=without_features)

    def finish(self):
        self.close()
        return {int(address, 16) for address in re.findall("^0x([0-9a-f]+) ", self.REPORT.read_text(), re.MULTILINE)}


def watch(plain, watched, row):
    """Makes a row's call, and returns its function and how many errors it brought."""
    placed = []
    for seed in EXTREMES:
        row.prepare(plain.phone(seed))
        placed.append(plain.placed[:])
    masks = [bytes(a != b for a, b in zip(*pair)) for pair in zip(*placed, strict=True)]
    phone = watched.phone(RANDOM)
    watched.masks, watched.errors = iter(masks), 0
    call = row.prepare(phone)
    made, watched.errors = watched.errors, 0
    for address, octets in call.variants[0]:
        watched.masks = iter((b"\1" * len(octets),))
        watched.write(address, octets)
    status = watched.call(call.function, *call.arguments)
    if made not in BEFORE.get(row.act, {0}):
        raise RuntimeError(f"{row.name}: {made} errors before the call")
    if call.status is not None and status != call.status:
        raise RuntimeError(f"{row.name}: status {status}, not {call.status}")
    for address, octets in call.result:
        if watched.read(address, len(octets)) != octets:
            raise RuntimeError(f"{row.name}: a wrong result")
    return call.function, watched.errors


def check(code, plain, elf, without_features, engines):
    """What went wrong with these features of the CPU hidden, and the places of verdicts."""
    failures, functions, watched = [], set(), Watched(elf, without_features)
    for row in WATCHED:
        try:
            function, errors = watch(plain, watched, row)
        except RuntimeError as failure:
            failures.append(str(failure))
            continue
        functions.add(function)
        if errors not in VERDICTS.get(row.act, {0}):
            failures.append(f"{row.name}: {errors} errors")
    errors = watched.finish()
    failures += [f"{error.kind}: {code.place(error.address)}" for error in errors if not error.is_verdict]
    missing = phone.functions() - functions - PUBLIC - READING - {"sipseal_self_test"}
    failures += [f"{function} has no row" for function in sorted(missing)]

    counted = Counted(elf, without_features)
    for row in WATCHED:
        watch(plain, counted, row)
    ran = code.engines(counted.finish())
    if not engines <= ran or without_features and ran:
        failures.append(f"these engines ran: {ran or 'portable ones'}")
    return failures, {error.address for error in errors if error.is_verdict}


def main():
    elf, flags = native.OUT / "library.elf", cpu_flags()
    code, plain, failed = Code(native.TARGET, elf), Marked(elf), False
    for name, (without_features, engines) in RUNS.items():
        started = time.time()
        if lacking := {engine for engine in engines if FLAGS[engine] not in flags}:
            print(f"WARNING: this CPU lacks {' and '.join(sorted(lacking))}: memcheck has NOT looked at it")
            continue
        failures, places = check(code, plain, elf, without_features, engines)
        print(f"memcheck, {name}: {len(WATCHED)} rows, {len(failures)} failures, {time.time() - started:.0f} s; "
              f"verdicts, and nothing else, at {len(places)} jumps")
        print(*(f"    FAILED: {failure}" for failure in failures), sep="\n", end="\n" if failures else "")
        print(*(f"    verdict: {code.place(place)}" for place in sorted(places)), sep="\n")
        failed |= bool(failures)
    plain.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
