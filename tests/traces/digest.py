# SPDX-License-Identifier: MIT OR Apache-2.0
"""Digest authentication: what is traced of it, and a program around it. Its secrets are passwords, H(A1) and the key
of nonces; public are names, realms, nonces, responses, lengths and whether credentials are right."""

import hashlib

from machine import U64

OBJECT_LEN = 256
REALM, USERNAME, URI = b"atlanta.com", b"alice", b"sip:atlanta.com"
PASSWORD_LEN = 12
NAMES = {1: "MD5", 2: "MD5-sess", 4: "SHA-256", 8: "SHA-256-sess", 16: "SHA-512-256", 32: "SHA-512-256-sess"}
SESSIONS = 2, 8, 32
# As long as those of sipseal's own server.
NONCE = b"ZVxyMGVccQQ5kF8Q0nBfJkXq3a0c5X1S"
CNONCE = b"07" * 16
NOTICE_SEND_AGAIN, NOTICE_SERVER_PROVEN = 3, 5
NOW = 5


def hash_of(algorithm, *parts):
    name = {1: "md5", 4: "sha256", 16: "sha512_256"}[algorithm // 2 if algorithm in SESSIONS else algorithm]
    return hashlib.new(name, b":".join(parts)).hexdigest().encode()


def response(algorithm, a1, nonce, count, method):
    if algorithm in SESSIONS:
        a1 = hash_of(algorithm, a1, nonce, CNONCE)
    return hash_of(algorithm, a1, nonce, b"%08x" % count, CNONCE, b"auth", hash_of(algorithm, method, URI))


class Ends:
    """A client that was challenged, or a server that has challenged it. Placed anew for each run."""

    def __init__(self, phone, algorithm):
        self.phone, self.machine, self.algorithm = phone, phone.machine, algorithm
        self.password = phone.secrets.draw(PASSWORD_LEN)
        self.a1 = hash_of(algorithm, USERNAME, REALM, self.password)
        self.block_len = 1024
        self.object, self.block = (self.machine.place(bytes(size)) for size in (OBJECT_LEN, self.block_len))

    def place_texts(self, *texts):
        return [word for text in texts for word in (self.machine.place(text), len(text))]

    def request(self, credentials=b""):
        return self.machine.place(self.machine.words(*self.place_texts(b"REGISTER", URI, b""),
                                                     self.machine.place_public(credentials), len(credentials)))

    def account(self, kind):
        """By password, or by H(A1) of the hash."""
        secret = self.password if kind == 1 else self.a1
        realm = (0, 0) if kind == 1 else self.place_texts(REALM)
        words = self.machine.words(kind, *realm, *self.place_texts(USERNAME, secret), 0, 0, 0)
        return self.machine.place(words)

    def client(self):
        policy = self.machine.place(b"".join(number.to_bytes(4, "little") for number in (255, 0, 1, 2)))
        self.phone.done("digest_client_init", self.object, self.block, self.block_len, policy)
        return self

    def challenged(self, account):
        text = (b'SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm="' + REALM + b'", nonce="' + NONCE + b'", qop="auth", '
                b"algorithm=" + NAMES[self.algorithm].encode() + b"\r\n\r\n")
        status = self.phone.done("digest_client_take", *self.taking(text, account))
        if status != NOTICE_SEND_AGAIN:
            raise RuntimeError(f"a challenge is not taken: {status}")
        return self

    def taking(self, text, account, credentials=b""):
        drawn = self.machine.place(b"\x07" * 16)
        return (self.object, self.request(credentials), self.machine.place_public(text), len(text), account, 1,
                self.machine.symbols["traced_random"], drawn)

    def writing(self, account):
        self.out = self.machine.place(bytes(1024))
        return self.object, self.request(), account, 1, self.out, 1024, self.machine.place(bytes(8))

    def written(self):
        """The credentials that were written last."""
        return self.machine.read(self.out, 1024).rstrip(b"\0")

    def proof(self):
        """The 200 to the first request."""
        rspauth = response(self.algorithm, self.a1, NONCE, 1, b"")
        return (b'SIP/2.0 200 OK\r\nAuthentication-Info: qop=auth, rspauth="' + rspauth + b'", cnonce="' + CNONCE +
                b'", nc=00000001\r\n\r\n')

    def starting(self, key):
        """Arguments to make a server."""
        algorithms = self.machine.place(self.algorithm.to_bytes(4, "little"))
        numbers = b"".join(number.to_bytes(4, "little") for number in (1, 4, 60))
        config = self.machine.words(*self.place_texts(REALM), algorithms, 1) + numbers
        return (self.object, self.block, self.block_len, self.machine.place(config + bytes(8)), self.machine.place(key),
                U64(0), 0, 0)

    def server(self, key):
        self.phone.done("digest_server_init", *self.starting(key))
        return self

    def challenging(self):
        self.out = self.machine.place(bytes(1024))
        binding = self.place_texts(b"here")
        return self.object, 0, U64(NOW), *binding, 0, self.out, 1024, self.machine.place(bytes(8))

    def verifying(self, is_right):
        """Arguments to verify credentials for the nonce of a challenge that was written."""
        self.phone.done("digest_server_challenge", *self.challenging())
        nonce = self.machine.read(self.out, 1024).split(b'nonce="')[1].split(b'"')[0]
        proof = response(self.algorithm, self.a1, nonce, 1, b"REGISTER")
        if not is_right:
            proof = bytes(ord("0") if digit != ord("0") else ord("1") for digit in proof)
        text = (b"REGISTER " + URI + b' SIP/2.0\r\nAuthorization: Digest username="' + USERNAME + b'", realm="' + REALM +
                b'", nonce="' + nonce + b'", uri="' + URI + b'", response="' + proof + b'", algorithm=' +
                NAMES[self.algorithm].encode() + b', qop=auth, cnonce="' + CNONCE + b'", nc=00000001\r\n\r\n')
        stored = self.machine.place(len(self.a1).to_bytes(8, "little") + self.a1)
        self.request_texts = self.machine.place_public(text), len(text)
        self.verified = self.machine.place(bytes(512))
        return (self.object, 0, U64(NOW), *self.place_texts(b"here"), *self.request_texts,
                self.machine.symbols["traced_users"], stored, self.verified)

    def informing(self):
        """Arguments to answer credentials that were verified."""
        out = self.machine.place(bytes(1024))
        return (self.object, self.verified, *self.request_texts, 0, 0, U64(NOW), *self.place_texts(b"here"), 1, out, 1024,
                self.machine.place(bytes(8)))
