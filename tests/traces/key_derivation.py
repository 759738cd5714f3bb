# SPDX-License-Identifier: MIT OR Apache-2.0
"""AES (FIPS 197) and the key derivation of SRTP (RFC 3711 section 4.3), to know what must not be left behind.

Slow, and in no way constant-time. The library is not asked: it would know its own mistakes only.
"""


def _multiply(a, b):
    """In GF(2^8)."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (0x11b if a & 0x80 else 0)
        b >>= 1
    return product


def _s_box():
    box = [0x63]
    for x in range(1, 256):
        inverse = next(y for y in range(1, 256) if _multiply(x, y) == 1)
        turned = inverse * 0x101
        box.append((turned ^ turned >> 4 ^ turned >> 5 ^ turned >> 6 ^ turned >> 7) & 0xff ^ 0x63)
    return bytes(box)


S_BOX = _s_box()


def round_keys(key):
    """FIPS 197 section 5.2: all of them, one after the other."""
    words = [key[at:at + 4] for at in range(0, len(key), 4)]
    wide, round_constant = len(words), 1
    for at in range(wide, 4 * (wide + 7)):
        word = words[-1]
        if at % wide == 0:
            word = bytes(S_BOX[octet] for octet in word[1:] + word[:1])
            word = bytes([word[0] ^ round_constant]) + word[1:]
            round_constant = _multiply(round_constant, 2)
        elif wide == 8 and at % wide == 4:
            word = bytes(S_BOX[octet] for octet in word)
        words.append(bytes(a ^ b for a, b in zip(words[at - wide], word)))
    return b"".join(words)


def encrypt_block(key, block):
    keys = round_keys(key)
    last = len(keys) // 16 - 1
    state = bytes(a ^ b for a, b in zip(block, keys))
    for number in range(1, last + 1):
        state = bytes(S_BOX[state[(at + 4 * (at % 4)) % 16]] for at in range(16))
        if number < last:
            state = b"".join(_mix_column(state[at:at + 4]) for at in range(0, 16, 4))
        state = bytes(a ^ b for a, b in zip(state, keys[16 * number:]))
    return state


def _mix_column(column):
    return bytes(_multiply(column[at], 2) ^ _multiply(column[(at + 1) % 4], 3) ^ column[(at + 2) % 4] ^
                 column[(at + 3) % 4] for at in range(4))


def derive(key, salt, label, length, r=0):
    """One session key."""
    x = int.from_bytes(salt.ljust(14, b"\0"), "big") ^ label << 48 ^ r
    blocks = range(-(-length // 16))
    return b"".join(encrypt_block(key, (x << 16 | block).to_bytes(16, "big")) for block in blocks)[:length]


def session_keys(key, salt, is_aead):
    """Encryption key, authentication key and salt, of SRTP and of SRTCP; then those of header elements."""
    lengths = (len(key), 0 if is_aead else 20, len(salt))
    keys = [derive(key, salt, label, lengths[label % 3]) for label in range(6)]
    return keys + [derive(key, salt, 6, len(key)), derive(key, salt, 7, len(salt))]


def check():
    """FIPS 197 appendix C and RFC 3711 appendix B.3."""
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")
    for length, cipher in ((16, "69c4e0d86a7b0430d8cdb78070b4c55a"), (24, "dda97ca4864cdfe06eaf70a0ec0d7191"),
                           (32, "8ea2b7ca516745bfeafc49904b496089")):
        assert encrypt_block(bytes(range(length)), plain).hex() == cipher
    keys = session_keys(bytes.fromhex("e1f97a0d3e018be0d64fa32c06de4139"),
                        bytes.fromhex("0ec675ad498afeebb6960b3aabe6"), is_aead=False)
    assert [key.hex() for key in keys[:3]] == ["c61e7a93744f39ee10734afe3ff7a087",
                                               "cebe321f6ff7716b6fd4ab49af256a156d38baa4",
                                               "30cbbc08863d8c85d49db34a9ae1"]


check()
