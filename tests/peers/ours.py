# SPDX-License-Identifier: MIT OR Apache-2.0
"""sipseal's side: the programs send and receive, and what they said."""

import re
from typing import NamedTuple

import sound
from wire import Program, check

SSRC = 0x5EA15EA1
# The stream passes the end of the sequence numbers, so the second part of it is at ROC 1.
FIRST = 65500
LAST = (FIRST + sound.PACKETS - 1) % 65536

# Two reports while speaking and one at the end.
REPORTS = 3

SECRET = bytes(range(0x41, 0x41 + 46))
OTHER_SECRET = bytes([SECRET[0] ^ 1]) + SECRET[1:]

SECRET_LENGTHS = {
    "AES_CM_128_HMAC_SHA1_80": 30, "AES_CM_128_HMAC_SHA1_32": 30,
    "AES_256_CM_HMAC_SHA1_80": 46, "AES_256_CM_HMAC_SHA1_32": 46,
    "AEAD_AES_128_GCM": 28, "AEAD_AES_256_GCM": 44,
}


class Setup(NamedTuple):
    """What sipseal is told."""

    profile: str
    flags: tuple = ()
    # Master keys with salts, as long as any profile needs, and the MKIs that name them.
    keys: tuple = ((SECRET, b""),)

    def options(self):
        yield from ("--profile", self.profile)
        for secret, mki in self.keys:
            yield from ("--secret", secret[:SECRET_LENGTHS[self.profile]].hex())
            if mki:
                yield from ("--mki", mki.hex())
        yield from self.flags


WRONG_KEYS = ((OTHER_SECRET, b""),)


class Bench:
    """A folder for one case, with the programs and the speech that all cases share."""

    def __init__(self, programs, said, folder):
        self.programs, self.said_path, self.folder = programs, said, folder
        self.said = sound.samples(said)
        self.heard, self.heard_reports = folder / "heard.wav", folder / "heard.rtcp"
        self.sent_reports = folder / "sent.rtcp"
        folder.mkdir(parents=True)

    def sender(self, setup, media, control, *more):
        return Program(self.folder, "send", [
            self.programs / "send", *setup.options(), "--media", media, "--control", control, "--ssrc", SSRC,
            "--sequence", FIRST, "--sound", self.said_path, "--reports", self.sent_reports, *more])

    def receiver(self, setup, *more):
        return Program(self.folder, "receive", [
            self.programs / "receive", *setup.options(), "--sound", self.heard, "--reports",
            self.heard_reports, *more])

    def check_refused(self, setup, why):
        """Fails unless sipseal makes neither a sender nor a receiver of this."""
        for program in (self.sender(setup, 1, 1), self.receiver(setup)):
            with program:
                check(program.finish() == 1 and why in program.errors(), f"{program.name} did not refuse")


def ports_of(receiver):
    receiver.until("it said its ports", receiver.lines)
    return receiver.lines()[0].split()[1:]


class Tally(NamedTuple):
    """What a receiver said at its end: of each kind of packet the count for each status."""

    rtp: dict
    rtcp: dict
    sequence: tuple


def tally_of(receiver):
    """Ends a receiver whose peer is done."""
    receiver.finish_well()
    counts, sequence = {"rtp": {}, "rtcp": {}}, None
    for line in receiver.lines()[1:]:
        if found := re.fullmatch(r"(rtp|rtcp) (\d+) (.+)", line):
            counts[found[1]][found[3]] = int(found[2])
        elif found := re.fullmatch(r"sequence (\d+) (\d+)", line):
            sequence = int(found[1]), int(found[2])
    return Tally(counts["rtp"], counts["rtcp"], sequence)


# Statuses.
DONE, FORGED, NO_KEY = "done", "authentication failed", "no key for that packet"
