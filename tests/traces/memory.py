# SPDX-License-Identifier: MIT OR Apache-2.0
"""The memory of a machine that is called from here: arguments are laid out in it, one after the other."""

# Where machines have it.
DATA, DATA_LEN = 0x6000_0000, 0x10000
STACK, STACK_LEN = 0x7000_0000, 0x10000
# Where a caller's frame begins: arguments lie above, the callee's frames below.
STACK_TOP = STACK + STACK_LEN - 0x400


class U64(int):
    """An argument of 64 bits on any machine."""


class Memory:
    """Those who inherit have `word`, the octets of an address, and `read` and `write` octets."""

    def __init__(self, word):
        self.word = word
        self.data_end = DATA
        # What phone.py made before.
        self.made = {}

    def reset(self):
        self.write(DATA, bytes(self.data_end - DATA))
        self.data_end = DATA

    def place(self, content):
        """Puts octets, or room for so many, at the next free address."""
        content = bytes(content)
        at = self.data_end
        self.data_end = -(-(at + len(content)) // 16) * 16
        if self.data_end > DATA + DATA_LEN:
            raise MemoryError("no room for arguments")
        self.write(at, content)
        return at

    def place_public(self, content):
        """Puts octets that are told to everyone, though they were made from secrets."""
        return self.place(content)

    def save(self):
        return self.data_end, self.read(DATA, self.data_end - DATA)

    def restore(self, saved, start=DATA):
        self.data_end, content = saved
        self.write(start, content)

    def words(self, *values):
        return b"".join(value.to_bytes(self.word, "little") for value in values)

    def read_word(self, address):
        return int.from_bytes(self.read(address, self.word), "little")
