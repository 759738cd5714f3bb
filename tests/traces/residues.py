# SPDX-License-Identifier: MIT OR Apache-2.0
"""What a call leaves of its secrets on the dead stack below its caller.

Two measures. What differs between runs that differ in secrets alone was made from secrets, or from ciphertext, which
differs too: an upper bound that no disguise escapes. Of that, what is found again as a known secret has a name.
"""

import hashlib
import hmac

from key_derivation import round_keys, session_keys
from targets import HERE

WINDOW = 8
# So many octets of a window differ between runs, or it is no part of a secret.
DIFFERING = 6
MADE_FROM_SECRETS = "made from secrets"
KNOWN = HERE / "known-residues.txt"


def windows(octets):
    """All of 8 octets, also as words of 2, 4 or 8 octets in the other order leave them."""
    for at in range(len(octets) - WINDOW + 1):
        window = octets[at:at + WINDOW]
        yield window
        yield window[::-1]
        yield window[3::-1] + window[:3:-1]


def xor(one, other):
    return bytes(a ^ b for a, b in zip(one, other))


def secrets_of(run):
    """Everything that a call knew or made, by name."""
    call, named = run.call, {}

    def add(name, octets):
        named.setdefault(name, set()).update(windows(octets))

    for master in call.masters:
        add("master key", master[0])
        if len(master) == 1:
            continue
        add("master salt", master[1])
        aead = call.side is not None and call.side.setting.is_aead
        encryption, *others = session_keys(*master, aead)
        add("round keys", round_keys(master[0])[len(master[0]):])
        for at, key in enumerate((encryption, *others)):
            add(("encryption key", "authentication key", "session salt")[at % 3], key)
            if at % 3 == 0:
                add("round keys", round_keys(key)[len(key):])
            if at % 3 == 1 and key:
                add("padded key", xor(key.ljust(64, b"\0"), b"\x36" * 64))
                add("padded key", xor(key.ljust(64, b"\0"), b"\x5c" * 64))
    for block, _ in (run.before, run.after):
        add("expanded keys", block)
    if call.plaintext:
        add("payload", call.plaintext[-(len(call.plaintext) - 12):])
        keystream = xor(run.before[1], run.after[1])[:len(call.plaintext)]
        add("keystream", keystream)
        for name, octets in hashes(run):
            add(name, octets)
    return named


def hashes(run):
    """The full message authentication code of an RTP packet, of which part is sent, and the hash inside."""
    call, setting = run.call, run.call.side.setting
    if setting.is_aead or setting.name or "_rtcp" in call.function:
        return
    wire = run.before[1] if "unprotect" in call.function else run.after[1]
    authenticated = wire[:len(call.plaintext)] + bytes(4)
    key = session_keys(*call.masters[0], False)[1]
    yield "full tag", hmac.digest(key, authenticated, "sha1")
    yield "inner hash", hashlib.sha1(xor(key.ljust(64, b"\0"), b"\x36" * 64) + authenticated).digest()


def find(runs):
    """Octets left, by name, and all that differ between runs."""
    runs = [run for run in runs if run.secrets.is_random]
    stacks = [run.trace.dead_stack for run in runs]
    differs = [len(set(octets)) > 1 for octets in zip(*stacks)]
    if not any(differs):
        return {}
    left = {MADE_FROM_SECRETS: sum(differs)}
    stack, named = stacks[0], secrets_of(runs[0])
    places = [at for at in range(len(stack) - WINDOW + 1) if sum(differs[at:at + WINDOW]) >= DIFFERING]
    for name, known in named.items():
        octets = set()
        for at in places:
            if stack[at:at + WINDOW] in known:
                octets.update(range(at, at + WINDOW))
        if octets:
            left[name] = len(octets)
    return left


def known():
    """By function, which names are expected. The file may only shrink."""
    expected = {}
    for line in KNOWN.read_text().splitlines():
        if line and not line.startswith("#"):
            function, names = line.split(": ")
            expected[function] = set(names.split(", "))
    return expected


def merge(results):
    """The most that any row of a function left."""
    merged = {}
    for function, left in results:
        of_function = merged.setdefault(function, {})
        for name, octets in left.items():
            of_function[name] = max(octets, of_function.get(name, 0))
    return merged
