# SPDX-License-Identifier: MIT OR Apache-2.0
"""What was said, and whether it was heard: sample for sample, octet for octet."""

import array
import struct
import wave

from wire import Failure, check

# Samples, and octets of G.711.
PACKET = 160
PACKETS = 100

# Octets of a WAV file with nothing in it.
HEADER = 44

SENDER_REPORT, BYE = 200, 203


def samples(path):
    """The samples of a WAV file as they are in it; none if there is no more than the header, or not even that."""
    if not path.exists() or path.stat().st_size <= HEADER:
        return b""
    with wave.open(str(path), "rb") as wav:
        check(wav.getparams()[:3] == (1, 2, 8000), f"{path.name} is not mono, 16 bit, 8 kHz")
        # Who is still writing has put in no length yet, or too much of one.
        return wav.readframes(len(path.read_bytes()))


def heard_by_now(path):
    """The octets of samples in a WAV file that is being written."""
    try:
        return len(samples(path))
    except (EOFError, wave.Error):
        return 0


def check_speech(octets):
    """Fails unless these samples are speech worth comparing."""
    loud = sum(abs(sample) > 500 for sample in array.array("h", octets))
    check(len(octets) == 2 * PACKET * PACKETS, f"{len(octets) // 2} samples of speech")
    check(loud > 2000, f"only {loud} loud samples: hardly speech")


def check_heard(said, path):
    """Fails unless the file has every sample that was said and no other."""
    heard = samples(path)
    if heard == said:
        return
    differing = [at for at, (a, b) in enumerate(zip(said, heard)) if a != b]
    where = f"the first difference at {differing[0] // 2}" if differing else "no other difference"
    raise Failure(f"{len(heard) // 2} samples heard of {len(said) // 2}, {where}")


def before(said, packet):
    """What was said before a packet."""
    return said[:2 * PACKET * packet]


def after(said, packet):
    """What was said from a packet on."""
    return said[2 * PACKET * packet:]


def check_lost(said, path):
    """Fails if the file has any packet of what was said; silent ones say nothing."""
    heard = samples(path)
    for at in range(0, len(said), 2 * PACKET):
        packet = said[at:at + 2 * PACKET]
        check(len(set(packet)) < 20 or packet not in heard, f"the packet at {at // 2} was heard")


def report(ssrc, packets):
    """A compound RTCP packet: sender report and canonical name (RFC 3550 section 6)."""
    sender = struct.pack(">BBH6I", 0x80, 200, 6, ssrc, 0xE0000000, packets, 160 * packets, packets, 160 * packets)
    return sender + struct.pack(">BBHIBB6s", 0x81, 202, 3, ssrc, 1, 4, b"peer\0\0")


def read_reports(octets):
    """The packets of compound RTCP packets one behind the other: (type, body) of each."""
    packets = []
    while octets:
        check(len(octets) >= 8 and octets[0] >> 6 == 2, "that is no RTCP")
        length = 4 * (int.from_bytes(octets[2:4], "big") + 1)
        check(length <= len(octets), "an RTCP packet is cut off")
        packets.append((octets[1], octets[4:length]))
        octets = octets[length:]
    return packets
