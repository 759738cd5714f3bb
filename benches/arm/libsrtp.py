# SPDX-License-Identifier: MIT OR Apache-2.0
"""Counts the instructions of libsrtp, with its own AES and SHA-1, on the machines of tests/traces.

usage: libsrtp.py [--print]    with --print, writes to standard output alone

Its sources are those of the crate that benches/ measures it by. Both are built with -O3.
"""

import json
import pathlib
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "benches/arm"
OUT = ROOT / "target/benches-arm"
sys.path.insert(0, str(ROOT / "tests/traces"))

from machine import Machine, compile_recorder  # noqa: E402
from phone import SEQUENCE_NUMBER, SSRC, TIMESTAMP, Phone, Secrets, Setting  # noqa: E402
from rows import CM  # noqa: E402
from targets import TARGETS, build_image, image  # noqa: E402

README = ROOT / "benches/README.md"
BEGIN, END = "<!-- libsrtp: begin -->\n", "<!-- libsrtp: end -->\n"
NAMES = "Cortex-M4", "ARMv7", "ARMv7-NEON", "AArch64", "AArch64-crypto"
PAYLOADS = 20, 160, 1200
SOURCES = ("srtp/srtp srtp/ekt crypto/cipher/aes crypto/cipher/aes_icm crypto/cipher/cipher "
           "crypto/cipher/null_cipher crypto/hash/auth crypto/hash/hmac crypto/hash/null_auth crypto/hash/sha1 "
           "crypto/kernel/alloc crypto/kernel/crypto_kernel crypto/kernel/err crypto/kernel/key "
           "crypto/math/datatypes crypto/math/stat crypto/replay/rdb crypto/replay/rdbx").split()
KEY, SALT = bytes(range(16)), bytes(range(14))
# Nothing starts a C library here, so what libsrtp wants of it is in libsrtp.c.
RENAMED = [f"-D{name}=peer_{name}" for name in ("malloc", "calloc", "free", "printf")]
# For newlib, whose uint32_t is a long, which libsrtp does not expect.
BARE_METAL = ("--specs=nosys.specs", "-D__UINT32_TYPE__=unsigned int", "-D__INT32_TYPE__=int", f"-I{HERE}/bare-metal")


def sources():
    """Where cargo has unpacked the crate."""
    metadata = subprocess.run(("cargo", "metadata", "--format-version=1", "--manifest-path", ROOT / "benches/Cargo.toml"),
                              check=True, stdout=subprocess.PIPE).stdout
    package = next(package for package in json.loads(metadata)["packages"] if package["name"] == "srtp2-sys")
    return pathlib.Path(package["manifest_path"]).parent / "libsrtp"


def build(target, libsrtp):
    OUT.mkdir(parents=True, exist_ok=True)
    elf = OUT / f"{target.name}.elf"
    roots = [f"-Wl,--undefined=peer_{what}" for what in ("start", "protect", "unprotect")]
    subprocess.run((*target.compiler, "-O3", "-g", "-w", "-ffunction-sections", "-DHAVE_CONFIG_H", *RENAMED, f"-I{HERE}",
                    f"-I{libsrtp}/include", f"-I{libsrtp}/crypto/include",
                    *(BARE_METAL if target.is_cortex_m else ()), HERE / "libsrtp.c",
                    *(f"{libsrtp}/{source}.c" for source in SOURCES),
                    "-Wl,--entry=0,--gc-sections,-z,noexecstack", *roots, "-o", elf), check=True)
    return elf


def measure(machine, function, packet):
    """Instructions, stack, and what the packet has become."""
    machine.reset()
    at, length = machine.place(packet + bytes(32)), machine.place(len(packet).to_bytes(4, "little"))
    trace = machine.trace(function, at, length)
    if trace.status:
        raise RuntimeError(f"{function}: {trace.status}")
    return trace.instructions, trace.stack, machine.read(at, int.from_bytes(machine.read(length, 4), "little"))


def rtp(payload):
    header = struct.pack(">BBHII", 0x80, 0, SEQUENCE_NUMBER, TIMESTAMP, SSRC)
    return header + bytes(n % 251 for n in range(payload))


def peer(target, libsrtp):
    """Instructions and stack of its calls, and the packets that it makes."""
    figures, protected = [], []
    for payload in PAYLOADS:
        machine = Machine(target, build(target, libsrtp))
        if machine.call("peer_start", machine.place(KEY + SALT)):
            raise RuntimeError("libsrtp does not start")
        packet = rtp(payload)
        instructions, stack, wire = measure(machine, "peer_protect", packet)
        figures.append((instructions, stack))
        protected.append(wire)
        instructions, stack, back = measure(machine, "peer_unprotect", wire)
        figures.append((instructions, stack))
        if back != packet:
            raise RuntimeError("libsrtp does not take its own packet back")
    return figures, protected


def ours(target):
    """The same of the speed build."""
    machine = Machine(target, image(target, "release"))
    machine.call("sipseal_self_test")  # Afterwards the CPU's features are known.
    figures, protected = [], []
    for payload in PAYLOADS:
        packet = rtp(payload)
        for function, kind in (("protect", "sender"), ("unprotect", "receiver")):
            phone = Phone(machine, Secrets(2))
            side = phone.make(kind, Setting(CM), (KEY, SALT))
            arguments = phone.place_packet(packet)
            trace = machine.trace(f"sipseal_srtp_{kind}_{function}", side.address, *arguments)
            if trace.status:
                raise RuntimeError(f"{function}: {trace.status}")
            figures.append((trace.instructions, trace.stack))
            packet = phone.packet_in(arguments)
            if function == "protect":
                protected.append(packet)
    return figures, protected


def lines():
    libsrtp = sources()
    yield "| AES_CM_128_HMAC_SHA1_80 | octets | sipseal | libsrtp | of libsrtp |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for target in (target for target in TARGETS if target.name in NAMES):
        build_image(target, "release")
        (mine, packets), (theirs, others) = ours(target), peer(target, libsrtp)
        if packets != others:
            raise RuntimeError(f"{target.name}: the two make different packets")
        calls = [(act, payload) for payload in PAYLOADS for act in ("protect", "unprotect")]
        for (act, payload), (our, _), (their, _) in zip(calls, mine, theirs):
            yield f"| {target.name}, {act} | {payload:,} | {our:,} | {their:,} | {our / their:.2f} |"


def main():
    compile_recorder()
    text = "\n".join(lines()) + "\n"
    print(text)
    if "--print" not in sys.argv:
        readme = README.read_text()
        head, rest = readme.split(BEGIN)
        README.write_text(head + BEGIN + text + END + rest.split(END)[1])


if __name__ == "__main__":
    main()
