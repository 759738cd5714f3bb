# SPDX-License-Identifier: MIT OR Apache-2.0
"""A program that uses the library, as firmware would: what it has in memory before the call that is traced."""

import dataclasses
import random
import re
import struct

from memory import U64
from targets import ROOT

# As much as any target needs.
OBJECT_LEN = 32 * 8
MAX_TRAILER_LEN = 148
SSRC, SEQUENCE_NUMBER, TIMESTAMP = 0xcafebabe, 0x1234, 0x00010203
MKI = b"\x00\x01\x02\x03\x04\x05\x06\x07"
ELEMENT_ID = 3
ALL_INDICES = U64(0), U64((1 << 48) - 1)


def constants():
    """The numbers in the header."""
    text = (ROOT / "include/sipseal.h").read_text()
    found = re.findall(r"^#define SIPSEAL_(\w+) \(?(-?\d+)\)?$", text, flags=re.MULTILINE)
    return {name: int(value) for name, value in found}


CONSTANTS = constants()


def functions():
    """What the header declares."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", (ROOT / "include/sipseal.h").read_text(), flags=re.DOTALL)
    return set(re.findall(r"\b(sipseal_[a-z0-9_]+)\(", text))


@dataclasses.dataclass(frozen=True)
class Setting:
    """What a sender or receiver is made for. Public."""

    profile: str
    flags: tuple = ()
    mki_len: int = 0
    key_derivation_rate: int = 0
    roc_mode: int = 0
    roc_rate: int = 0
    # Which header extension packets have, if any.
    extension: bool = False
    accelerated: bool = False
    name: str = ""

    def __str__(self):
        return " ".join(filter(None, (self.profile, self.name)))

    @property
    def is_aead(self):
        return self.profile.startswith("AEAD")

    @property
    def has_key_ids(self):
        return self.mki_len > 0 or "KEYS_FROM_TO" in self.flags

    def layout(self, machine):
        flags = sum(CONSTANTS["SRTP_" + name] for name in self.flags)
        if self.profile.startswith("NULL"):
            flags |= CONSTANTS["SRTP_INSECURE_UNENCRYPTED_SRTP"] | CONSTANTS["SRTP_INSECURE_UNENCRYPTED_SRTCP"]
        numbers = struct.pack("<9I", CONSTANTS["SRTP_" + self.profile], 1, 1, 64, flags, self.mki_len,
                              self.key_derivation_rate, self.roc_mode, self.roc_rate)
        accelerator = machine.symbols["traced_accelerator"] if self.accelerated else 0
        return numbers + bytes(-len(numbers) % machine.word) + machine.words(accelerator)


class Secrets:
    """Where keys and payloads of one run come from: random, or the extremes."""

    EXTREMES = 0x00, 0xff

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.octet = self.EXTREMES[seed] if seed < len(self.EXTREMES) else None

    @property
    def is_random(self):
        return self.octet is None

    def draw(self, length):
        return self.random.randbytes(length) if self.octet is None else bytes([self.octet]) * length


@dataclasses.dataclass
class Side:
    """A sender or receiver."""

    kind: str
    setting: Setting
    master: tuple
    address: int
    block: int
    block_len: int


class Phone:
    def __init__(self, machine, secrets):
        self.machine, self.secrets = machine, secrets
        machine.reset()

    def done(self, function, *arguments):
        """Calls what must succeed."""
        status = self.machine.call("sipseal_" + function, *arguments)
        if status < 0:
            raise RuntimeError(f"sipseal_{function}: {status}")
        return status

    def lengths(self, setting):
        profile = CONSTANTS["SRTP_" + setting.profile]
        return tuple(self.machine.call(f"sipseal_srtp_{what}_len", profile) for what in ("key", "salt"))

    def draw_master(self, setting):
        key_len, salt_len = self.lengths(setting)
        return self.secrets.draw(key_len), self.secrets.draw(salt_len)

    def place_master(self, master):
        """The four arguments that every key is given with."""
        key, salt = master
        return self.machine.place(key), len(key), self.machine.place(salt), len(salt)

    def storage(self, kind, setting, master):
        """A side that is yet to be initialised, and the arguments for that."""
        machine = self.machine
        layout = machine.place(setting.layout(machine))
        block_len = machine.call(f"sipseal_srtp_{kind}_block_len", layout)
        side = Side(kind, setting, master, machine.place(bytes(OBJECT_LEN)), machine.place(bytes(block_len)), block_len)
        key = (0, 0, 0, 0) if setting.has_key_ids else self.place_master(master)
        return side, (side.address, side.block, block_len, layout, *key)

    def make(self, kind, setting, master=None, with_key=True):
        """A sender or receiver, ready for use. What was made before at the same place is only copied."""
        master = master or self.draw_master(setting)
        start = self.machine.data_end
        made = self.machine.made.get((start, kind, setting, master, with_key))
        if made is None:
            side = self.make_anew(kind, setting, master, with_key)
            end = self.machine.data_end
            made = side, end, self.machine.read(start, end - start)
            self.machine.made[start, kind, setting, master, with_key] = made
        side, end, content = made
        self.machine.restore((end, content), start)
        return side

    def make_anew(self, kind, setting, master, with_key):
        side, arguments = self.storage(kind, setting, master)
        self.done(f"srtp_{kind}_init", *arguments)
        if setting.has_key_ids and with_key:
            self.done(*self.adding_key(side))
        if "ENCRYPT_ELEMENTS" in setting.flags:
            self.done(f"srtp_{kind}_encrypt_element", side.address, ELEMENT_ID)
        return side

    def adding_key(self, side):
        """The call that adds a key, where keys have names."""
        key = self.place_master(side.master)
        if side.setting.mki_len:
            mki = self.machine.place(MKI[:side.setting.mki_len])
            return f"srtp_{side.kind}_add_key", side.address, *key, mki, side.setting.mki_len
        return f"srtp_{side.kind}_add_key_from_to", side.address, *key, *ALL_INDICES

    def rtp(self, setting, payload_len):
        """Headers are public, what follows is not; nor are elements and sources that will be encrypted."""
        sources, extension = b"", b""
        if setting.extension:
            sources = self.secrets.draw(4) if "CRYPTEX" in setting.flags else bytes(4)
            # Elements of 5 and 1 octets, then padding.
            elements = bytes([ELEMENT_ID << 4 | 4]) + self.secrets.draw(5) + b"\x50" + b"\x07"
            extension = struct.pack(">HH", 0xbede, len(elements) // 4) + elements
        first = 0x80 | (len(extension) > 0) << 4 | len(sources) // 4
        header = struct.pack(">BBHII", first, 0, SEQUENCE_NUMBER, TIMESTAMP, SSRC)
        return header + sources + extension + self.secrets.draw(payload_len)

    def rtcp(self, setting, payload_len):
        """Header and SSRC of a sender report; the rest is encrypted."""
        return struct.pack(">BBHI", 0x80, 200, 1 + payload_len // 4, SSRC) + self.secrets.draw(payload_len)

    def place_packet(self, packet, apart=False):
        """With room to grow, in place or apart from it; the arguments of a packet call."""
        at = out = self.machine.place(packet + bytes(MAX_TRAILER_LEN))
        cap = len(packet) + MAX_TRAILER_LEN
        if apart:
            out = self.machine.place(bytes(cap))
        return at, len(packet), out, cap, self.machine.place(bytes(8))

    def packet_in(self, arguments):
        """What a packet call wrote."""
        length = self.machine.read_word(arguments[4])
        return self.machine.read(arguments[2], length)

    def tag_place(self, setting, protocol, length):
        """Where the tag of a packet of this length lies."""
        profile = CONSTANTS["SRTP_" + setting.profile]
        tag_len = self.machine.call(f"sipseal_srtp_rt{'c' * bool(protocol)}p_trailer_len", profile)
        behind = 0
        if protocol:
            tag_len -= 4
            behind = 4 if setting.is_aead else 0
        elif setting.roc_mode == 2 and SEQUENCE_NUMBER % (setting.roc_rate or 1):
            tag_len += 4
        if setting.is_aead:
            behind += setting.mki_len
        return length - behind - tag_len, tag_len
