# SPDX-License-Identifier: MIT OR Apache-2.0
"""What is traced: one row of ROWS for each entry point, setting and size.

An act gets a phone whose secrets are drawn, brings it as far as the call, and names that call. All that is public
- setting, sizes, SSRC, sequence number, which kind of verdict - is the same in each run of a row.
"""

import base64
import dataclasses
import struct

import digest
from phone import ALL_INDICES, CONSTANTS, MKI, OBJECT_LEN, Setting

# An offset that lies in the payload of every packet here.
IN_PAYLOAD = 28
# For any line here.
SDES_ROOM = 256
OK, AUTHENTICATION_FAILED = 0, CONSTANTS["AUTHENTICATION_FAILED"]


@dataclasses.dataclass
class Call:
    function: str
    arguments: tuple
    status: int = OK
    # Changes to memory under which the call is to be traced again: addresses and new octets.
    variants: list = dataclasses.field(default_factory=lambda: [()])
    # Octets that must be there after a call, by address.
    result: tuple = ()
    # What the call works with: see residues.py.
    masters: list = dataclasses.field(default_factory=list)
    side: object = None
    plaintext: bytes = b""
    # Of a packet call: input, output and room there.
    packet: tuple = ()
    # The tag that is compared: address and length.
    tag: tuple = ()


@dataclasses.dataclass(frozen=True)
class Row:
    act: object
    setting: Setting
    payload: int = 0
    detail: tuple = ()

    def prepare(self, phone):
        arguments = (self.payload,) if self.payload else ()
        return self.act(phone, self.setting, *self.detail, *arguments)

    @property
    def name(self):
        words = [self.act.__name__, *map(str, self.detail), str(self.setting)]
        return " ".join(words) + (f", {self.payload} octets" if self.payload else "")


# Keys.

def init(phone, setting, kind):
    side, arguments = phone.storage(kind, setting, phone.draw_master(setting))
    return Call(f"sipseal_srtp_{kind}_init", arguments, masters=[side.master], side=side)


def add_key(phone, setting, kind):
    side = phone.make(kind, setting, with_key=False)
    function, *arguments = phone.adding_key(side)
    return Call("sipseal_" + function, tuple(arguments), masters=[side.master], side=side)


def remove_key(phone, setting, kind):
    side = phone.make(kind, setting)
    if setting.mki_len:
        function, name = "remove_key", (phone.machine.place(MKI[:setting.mki_len]), setting.mki_len)
    else:
        function, name = "remove_key_from", ALL_INDICES[:1]
    return Call(f"sipseal_srtp_{kind}_{function}", (side.address, *name), masters=[side.master], side=side)


def rekey(phone, setting, kind, roc):
    """To another key."""
    side = phone.make(kind, setting)
    master = phone.draw_master(setting)
    if not phone.secrets.is_random:
        # Two extremes that are the same key would be another verdict.
        master = tuple(bytes(octet ^ 0x01 for octet in part) for part in master)
    return Call(f"sipseal_srtp_{kind}_rekey",
                (side.address, *phone.place_master(master), CONSTANTS[f"SRTP_{roc}_ROC"]),
                masters=[side.master, master], side=side)


def rekey_to_the_same(phone, setting, kind):
    side = phone.make(kind, setting)
    return Call(f"sipseal_srtp_{kind}_rekey",
                (side.address, *phone.place_master(side.master), CONSTANTS["SRTP_KEEP_ROC"]),
                masters=[side.master], side=side)


def wipe(phone, setting, kind):
    side = phone.make(kind, setting)
    zeros = (side.address, bytes(OBJECT_LEN)), (side.block, bytes(side.block_len))
    return Call(f"sipseal_srtp_{kind}_wipe", (side.address,), masters=[side.master], side=side, result=zeros)


# Packets. `protocol` is "" for RTP and "_rtcp" for RTCP.

def make_packet(phone, setting, protocol, payload):
    return (phone.rtcp if protocol else phone.rtp)(setting, payload)


def packet_of(arguments):
    """Input, output and room, of a packet call's arguments."""
    return arguments[0], arguments[2], arguments[3]


def protect(phone, setting, protocol, payload, apart=False):
    sender = phone.make("sender", setting)
    packet = make_packet(phone, setting, protocol, payload)
    arguments = phone.place_packet(packet, apart)
    return Call(f"sipseal_srtp_sender_protect{protocol}", (sender.address, *arguments), masters=[sender.master],
                side=sender, plaintext=packet, packet=packet_of(arguments))


def protect_apart(phone, setting, protocol, payload):
    """Not in place."""
    return protect(phone, setting, protocol, payload, apart=True)


def unprotect(phone, setting, protocol, payload, apart=False):
    sender = phone.make("sender", setting)
    receiver = phone.make("receiver", setting, sender.master)
    packet = make_packet(phone, setting, protocol, payload)
    arguments = phone.place_packet(packet)
    phone.done(f"srtp_sender_protect{protocol}", sender.address, *arguments)
    arguments = phone.place_packet(phone.packet_in(arguments), apart)
    at, length = phone.tag_place(setting, protocol, arguments[1])
    return Call(f"sipseal_srtp_receiver_unprotect{protocol}", (receiver.address, *arguments),
                result=((arguments[2], packet),), masters=[receiver.master], side=receiver, plaintext=packet,
                packet=packet_of(arguments), tag=(arguments[0] + at, length))


def unprotect_apart(phone, setting, protocol, payload):
    return unprotect(phone, setting, protocol, payload, apart=True)


def unprotect_with_roc(phone, setting, protocol, payload):
    call = unprotect(phone, setting, protocol, payload)
    receiver, *arguments = call.arguments
    return dataclasses.replace(call, function=call.function + "_with_roc", arguments=(receiver, 0, *arguments))


def unprotect_forged(phone, setting, protocol, payload):
    """One wrong bit in each octet of the tag, wrong tags, and a wrong payload."""
    call = unprotect(phone, setting, protocol, payload)
    (address, length), pick = call.tag, phone.secrets.random
    tag = phone.machine.read(address, length)
    payload_at = call.packet[0] + IN_PAYLOAD
    changes = [(address + at, bytes([tag[at] ^ 1 << pick.randrange(8)])) for at in range(length)]
    changes.append((address, bytes(octet ^ 0xff for octet in tag)))
    changes.append((address, bytes([tag[0] ^ 0x01]) + tag[1:-1] + bytes([tag[-1] ^ 0x80])))
    changes.append((address, pick.randbytes(length)))
    changes.append((payload_at, bytes([phone.machine.read(payload_at, 1)[0] ^ 0x10])))
    return dataclasses.replace(call, status=AUTHENTICATION_FAILED, variants=[(change,) for change in changes],
                               result=())


# Signalling, and the rest.

def sdes_line(setting, secret, tag=1):
    return f"a=crypto:{tag} {setting.profile} inline:{base64.b64encode(secret).decode()}\r\n".encode()


class Negotiation:
    """An SDES negotiation by the policy of one suite, with a key for each side."""

    def __init__(self, phone, setting):
        self.phone, self.setting, self.machine = phone, setting, phone.machine
        self.own, self.peer = phone.draw_master(setting), phone.draw_master(setting)
        if not phone.secrets.is_random:
            # Two extremes that are the same key would be another verdict.
            self.peer = tuple(bytes(octet ^ 0x01 for octet in part) for part in self.peer)
        self.profile = self.machine.place(struct.pack("<I", CONSTANTS["SRTP_" + setting.profile]))
        policy = self.machine.words(self.profile, 1) + struct.pack("<IIIIQI4x", 0, 0, 0, 0, 0, 0)
        self.policy = self.machine.place(policy)
        self.address = self.make()
        self.masters = [(b"".join(self.own),), (b"".join(self.peer),)]

    def make(self):
        address = self.machine.place(bytes(8 * CONSTANTS["SDES_WORDS"]))
        self.phone.done("sdes_init", address)
        return address

    def offering(self):
        """Arguments of an offer, and the line that comes of it."""
        line = sdes_line(self.setting, b"".join(self.own))
        out = self.machine.place(bytes(SDES_ROOM))
        drawn = self.machine.place(b"".join(self.own))
        random = self.machine.symbols["traced_random"], drawn
        return (self.address, self.policy, *random, out, SDES_ROOM, self.machine.place(bytes(8))), (out, line)

    def offer(self):
        self.phone.done("sdes_offer", *self.offering()[0])

    def answering(self):
        """Arguments of an answer to an offer of the other side, and the line that comes of it."""
        offer = sdes_line(self.setting, b"".join(self.peer))
        (_, _, *random, out, room, out_len), line = self.offering()
        return (self.address, self.policy, self.machine.place(offer), len(offer), *random, out, room, out_len,
                self.machine.place(bytes(8))), line

    def answer(self):
        self.phone.done("sdes_answer", *self.answering()[0])

    def taking(self):
        """Arguments of taking the answer of the other side."""
        answer = sdes_line(self.setting, b"".join(self.peer))
        return self.address, self.policy, self.machine.place(answer), len(answer), self.machine.place(bytes(8))


def sdes_offer(phone, setting):
    negotiation = Negotiation(phone, setting)
    arguments, line = negotiation.offering()
    return Call("sipseal_sdes_offer", arguments, result=(line,), masters=negotiation.masters)


def sdes_answer(phone, setting):
    negotiation = Negotiation(phone, setting)
    arguments, line = negotiation.answering()
    return Call("sipseal_sdes_answer", arguments, result=(line,), masters=negotiation.masters)


def sdes_answer_again(phone, setting):
    """A refresh: the keys are compared with those that are there."""
    negotiation = Negotiation(phone, setting)
    negotiation.answer()
    arguments, line = negotiation.answering()
    return Call("sipseal_sdes_answer", arguments, result=(line,), masters=negotiation.masters)


def sdes_take_answer(phone, setting):
    negotiation = Negotiation(phone, setting)
    negotiation.offer()
    return Call("sipseal_sdes_take_answer", negotiation.taking(), masters=negotiation.masters)


def sdes_line_status(phone, setting):
    negotiation = Negotiation(phone, setting)
    address, policy, text, length, result = negotiation.taking()
    return Call("sipseal_sdes_line_status",
                (address, policy, text, length, 0, result, phone.machine.place(bytes(8))),
                masters=negotiation.masters)


def sdes_fork(phone, setting):
    negotiation = Negotiation(phone, setting)
    negotiation.offer()
    return Call("sipseal_sdes_fork", (negotiation.address, negotiation.make()), masters=negotiation.masters)


def sdes_init_context(phone, setting, kind):
    negotiation = Negotiation(phone, setting)
    negotiation.answer()
    master = negotiation.own if kind == "sender" else negotiation.peer
    side, arguments = phone.storage(kind, setting, master)
    return Call(f"sipseal_sdes_{kind}_init", (negotiation.address, *arguments[:4]), masters=[master], side=side)


def sdes_wipe(phone, setting):
    negotiation = Negotiation(phone, setting)
    negotiation.answer()
    return Call("sipseal_sdes_wipe", (negotiation.address,), masters=negotiation.masters,
                result=((negotiation.address, bytes(8 * CONSTANTS["SDES_WORDS"])),))


def wipe_octets(phone, setting):
    key, _ = phone.draw_master(setting)
    at = phone.machine.place(key)
    return Call("sipseal_wipe", (at, len(key)), status=None, result=((at, bytes(len(key))),), masters=[(key,)])


# Digest authentication. `algorithm` is its number, `secret` what an account is given by.

def digest_hash_a1(phone, setting, algorithm):
    ends = digest.Ends(phone, algorithm)
    out = phone.machine.place(bytes(64))
    texts = ends.place_texts(digest.USERNAME, digest.REALM, ends.password)
    return Call("sipseal_digest_hash_a1", (algorithm, *texts, out, 64, phone.machine.place(bytes(8))),
                result=((out, ends.a1),), masters=[(ends.password,)])


def digest_client_write(phone, setting, algorithm, secret=1):
    ends = digest.Ends(phone, algorithm)
    account = ends.account(secret)
    ends.client().challenged(account)
    expected = digest.response(algorithm, ends.a1, digest.NONCE, 1, b"REGISTER")
    arguments = ends.writing(account)
    text = (b'Authorization: Digest username="alice", realm="atlanta.com", nonce="' + digest.NONCE +
            b'", uri="sip:atlanta.com", response="' + expected)
    return Call("sipseal_digest_client_write", arguments, result=((arguments[4], text),), masters=[(ends.password,)])


def digest_client_take(phone, setting, algorithm, secret=1):
    """A response that proves that the server knows the secret."""
    ends = digest.Ends(phone, algorithm)
    account = ends.account(secret)
    ends.client().challenged(account)
    phone.done("digest_client_write", *ends.writing(account))
    return Call("sipseal_digest_client_take", ends.taking(ends.proof(), account, ends.written()), status=digest.NOTICE_SERVER_PROVEN,
                masters=[(ends.password,)])


def digest_client_forget(phone, setting, function, algorithm):
    """After H(A1) of a session was kept."""
    ends = digest.Ends(phone, algorithm)
    account = ends.account(1)
    ends.client().challenged(account)
    phone.done("digest_client_write", *ends.writing(account))
    zeros = ((ends.block, bytes(ends.block_len)),) if function == "wipe" else ()
    return Call(f"sipseal_digest_client_{function}", (ends.object,), masters=[(ends.password,)], result=zeros)


def digest_server_init(phone, setting):
    key = phone.secrets.draw(32)
    return Call("sipseal_digest_server_init", digest.Ends(phone, 4).starting(key), masters=[(key,)])


def digest_server_challenge(phone, setting):
    key = phone.secrets.draw(32)
    return Call("sipseal_digest_server_challenge", digest.Ends(phone, 4).server(key).challenging(), masters=[(key,)])


def digest_server_verify(phone, setting, algorithm, is_right):
    """Nonces are public, and so they are the same in each run."""
    ends = digest.Ends(phone, algorithm).server(bytes(range(32)))
    arguments = ends.verifying(is_right)
    status = OK if is_right else AUTHENTICATION_FAILED
    return Call("sipseal_digest_server_verify", arguments, status=status, masters=[(ends.a1,)])


def digest_server_info(phone, setting, algorithm):
    """H(A1), or that of the session, comes with what was verified."""
    ends = digest.Ends(phone, algorithm).server(bytes(range(32)))
    phone.done("digest_server_verify", *ends.verifying(True))
    arguments = ends.informing()
    return Call("sipseal_digest_server_info", arguments, masters=[(ends.a1,)])


def digest_server_wipe(phone, setting):
    key = phone.secrets.draw(32)
    ends = digest.Ends(phone, 4).server(key)
    zeros = (ends.object, bytes(OBJECT_LEN)), (ends.block, bytes(ends.block_len))
    return Call("sipseal_digest_server_wipe", (ends.object,), masters=[(key,)], result=zeros)


def self_test(phone, setting):
    """Has known answers for its only input."""
    return Call("sipseal_self_test", ())


PROFILES = [name.removeprefix("SRTP_") for name, value in CONSTANTS.items()
            if name.startswith("SRTP_") and name.endswith(("_HMAC_SHA1_80", "_HMAC_SHA1_32", "_GCM"))]
# A shorter tag changes nothing but the tag.
KEYED = [name for name in PROFILES if not name.endswith("_32")]
SUITES = [name for name in PROFILES if not name.startswith("NULL")]
CM, GCM, F8, CM_256 = ("AES_CM_128_HMAC_SHA1_80", "AEAD_AES_128_GCM", "F8_128_HMAC_SHA1_80",
                       "AES_256_CM_HMAC_SHA1_80")

OPTIONS = [
    *(Setting(name, mki_len=4, name="with MKIs") for name in (CM, GCM)),
    *(Setting(name, flags=("KEYS_FROM_TO",), name="with <From, To>") for name in (CM,)),
    *(Setting(name, flags=("ENCRYPT_ELEMENTS",), extension=True, name="with encrypted elements")
      for name in (CM, CM_256, GCM)),
    *(Setting(name, flags=("CRYPTEX",), extension=True, name="with Cryptex") for name in (CM, GCM, F8)),
    *(Setting(name, key_derivation_rate=256, name="with a key derivation rate") for name in (CM, GCM)),
    Setting(CM, roc_mode=1, name="with the ROC, mode 1"),
    Setting(CM, roc_mode=2, roc_rate=1, name="with the ROC, mode 2"),
    Setting(CM, roc_mode=2, roc_rate=7, name="without the ROC, mode 2"),
    *(Setting(name, flags=("INSECURE_UNENCRYPTED_SRTCP",), name="without encrypted RTCP") for name in (CM, GCM)),
    *(Setting(name, accelerated=True, name="with an accelerator") for name in (CM, GCM)),
]
PACKETS = protect, unprotect, unprotect_forged
# The payload ends within a block and at the end of one.
RTP_PAYLOADS, RTCP_PAYLOAD = (33, 160), 32

ROWS = [
    *(Row(init, Setting(name), detail=(kind,)) for name in KEYED for kind in ("sender", "receiver")),
    *(Row(wipe, Setting(name), detail=(kind,)) for name in KEYED for kind in ("sender", "receiver")),
    *(Row(rekey, Setting(name), detail=detail) for name in KEYED
      for detail in (("sender", "KEEP"), ("receiver", "RESET"))),
    *(Row(rekey_to_the_same, Setting(name), detail=("sender",)) for name in (CM, GCM)),
    *(Row(act, Setting(name), payload, ("",)) for name in KEYED for payload in RTP_PAYLOADS for act in PACKETS),
    *(Row(act, Setting(name), RTP_PAYLOADS[0], ("",)) for name in PROFILES if name not in KEYED for act in PACKETS),
    *(Row(act, Setting(name), RTCP_PAYLOAD, ("_rtcp",)) for name in KEYED for act in PACKETS),
    *(Row(act, Setting(name), RTP_PAYLOADS[0], ("",)) for name in (CM, GCM, F8)
      for act in (protect_apart, unprotect_apart)),
    Row(unprotect_with_roc, Setting(CM), RTP_PAYLOADS[0], ("",)),
    # With options.
    *(Row(init, setting, detail=("sender",)) for setting in OPTIONS if not setting.has_key_ids),
    *(Row(add_key, setting, detail=(kind,)) for setting in OPTIONS if setting.has_key_ids
      for kind in ("sender", "receiver")),
    *(Row(remove_key, setting, detail=(kind,)) for setting in OPTIONS if setting.has_key_ids
      for kind in ("sender", "receiver")),
    *(Row(act, setting, RTP_PAYLOADS[0], ("",)) for setting in OPTIONS for act in PACKETS),
    *(Row(act, setting, RTCP_PAYLOAD, ("_rtcp",)) for setting in OPTIONS for act in PACKETS),
    # Signalling, and the rest.
    *(Row(act, Setting(name)) for name in SUITES for act in (sdes_offer, sdes_answer, sdes_take_answer)),
    *(Row(act, Setting(CM)) for act in (sdes_answer_again, sdes_line_status, sdes_fork, sdes_wipe)),
    *(Row(sdes_init_context, Setting(name), detail=(kind,)) for name in (CM, GCM) for kind in ("sender", "receiver")),
    *(Row(act, Setting(CM), detail=(algorithm,)) for algorithm in digest.NAMES
      for act in (digest_client_write, digest_client_take)),
    # By H(A1) of the hash.
    *(Row(digest_client_write, Setting(CM), detail=(algorithm, secret)) for algorithm, secret in ((1, 2), (4, 3), (32, 4))),
    *(Row(digest_client_forget, Setting(CM), detail=(function, 8)) for function in ("forget", "wipe")),
    *(Row(digest_hash_a1, Setting(CM), detail=(algorithm,)) for algorithm in (1, 4, 16)),
    *(Row(digest_server_verify, Setting(CM), detail=(algorithm, is_right)) for algorithm in digest.NAMES
      for is_right in (True, False)),
    *(Row(digest_server_info, Setting(CM), detail=(algorithm,)) for algorithm in digest.NAMES),
    *(Row(act, Setting(CM)) for act in (digest_server_init, digest_server_challenge, digest_server_wipe)),
    Row(wipe_octets, Setting(CM)),
    Row(self_test, Setting(CM)),
]

# Enough octets for engines that take many blocks at once.
LONG_ROWS = [Row(act, Setting(name), 1200, ("",)) for name in KEYED for act in PACKETS]

# Functions that meet no secret: they need no row.
PUBLIC = {"sipseal_" + name for name in (
    "status_str", "version", "check_header", "srtp_profile_name", "srtp_profile_from_name", "srtp_key_len",
    "srtp_salt_len", "srtp_rtp_trailer_len", "srtp_rtcp_trailer_len", "srtp_sender_block_len",
    "srtp_receiver_block_len", "srtp_receiver_counters", "srtp_sender_use_key", "srtp_sender_encrypt_element",
    "srtp_receiver_encrypt_element", "srtp_sender_add_stream", "srtp_sender_remove_stream", "srtp_sender_streams",
    "srtp_sender_roc", "srtp_sender_set_roc", "srtp_receiver_add_stream", "srtp_receiver_add_own_ssrc",
    "srtp_receiver_remove_stream", "srtp_receiver_streams", "srtp_receiver_roc", "srtp_receiver_set_roc",
    "srtp_receiver_ignore_carried_roc",
    "sdes_init", "sdes_sender_layout", "sdes_receiver_layout", "sdes_window_hint",
    "digest_user_hash", "digest_client_init", "digest_copy_credentials", "digest_server_block_len",
    "digest_server_counters",
)}
