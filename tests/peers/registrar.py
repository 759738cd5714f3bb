#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Registers examples-c/register.c with Kamailio, and sipp with registrar.c; all of them are started and stopped here:

registrar.py PROGRAMS FOLDER    PROGRAMS holds register and registrar
"""

import contextlib
import dataclasses
import pathlib
import shutil
import socket
import subprocess
import sys
import time

MODULES = next(pathlib.Path("/usr/lib").glob("*/kamailio/modules"))
REALM, PASSWORD = "atlanta.example", "zanzibar"
HERE = pathlib.Path(__file__).resolve().parent
MD5 = 1
WEAK, REJECTED, NOT_AUTHENTIC = 2, 3, 4

CONFIG = """#!KAMAILIO
children=1
log_stderror=yes
debug=2
disable_tcp=yes
mpath="{modules}"
listen=udp:127.0.0.1:{port}
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("auth", "algorithm", "{algorithm}")
modparam("auth", "qop", "auth")
modparam("auth", "nonce_count", {counts})
modparam("auth", "one_time_nonce", {once})
modparam("auth", "nonce_expire", {expire})
modparam("auth", "add_authinfo_hdr", {authinfo})
request_route {{
    if (is_method("REGISTER")) {{
        if (!pv_www_authenticate("{realm}", "{password}", "0")) {{
            if ($retcode == -4)
                www_challenge("{realm}", "{expired}");
            else
                www_challenge("{realm}", "1");
            exit;
        }}
        save("location");
    }} else {{
        if (!pv_proxy_authenticate("{realm}", "{password}", "0")) {{
            proxy_challenge("{realm}", "1");
            exit;
        }}
        sl_send_reply("200", "OK");
    }}
    exit;
}}
"""


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def kamailio(folder, server):
    """The port of a registrar that is ready."""
    port = free_port()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # Flag 16 of a challenge: stale=true.
    text = CONFIG.format(modules=MODULES, port=port, realm=REALM, password=PASSWORD, algorithm=server.algorithm,
                         authinfo=int(server.proves), counts=int(not server.once), once=int(server.once),
                         expire=2 if server.expires else 300, expired=17 if server.says_stale else 1)
    (folder / "kamailio.cfg").write_text(text)
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(["kamailio", "-f", folder / "kamailio.cfg", "-DD", "-E", "-m", "16", "-M", "4",
                                   "-w", folder, "-Y", folder, "-P", folder / "pid"], stdout=log, stderr=log)
    try:
        wait_until_ready(server, port, folder)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def wait_until_ready(server, port, folder):
    ping = (f"OPTIONS sip:{REALM} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKping;rport\r\n"
            f"From: <sip:a@{REALM}>;tag=1\r\nTo: <sip:a@{REALM}>\r\nCall-ID: ping\r\nCSeq: 1 OPTIONS\r\n"
            "Content-Length: 0\r\n\r\n").encode()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.2)
        probe.connect(("127.0.0.1", port))
        for _ in range(100):
            if server.poll() is not None:
                break
            try:
                probe.send(ping)
                probe.recv(4096)
                return
            except OSError:
                time.sleep(0.05)  # It is refused as long as nobody listens.
    raise RuntimeError("Kamailio does not start:\n" + (folder / "log").read_text()[-2000:])


@dataclasses.dataclass(frozen=True)
class Registrar:
    algorithm: str
    proves: bool = False
    expires: bool = False
    says_stale: bool = False
    once: bool = False

    def __str__(self):
        options = (name.replace("_", " ") for name in ("proves", "expires", "says_stale", "once") if getattr(self, name))
        return ", ".join([self.algorithm, *options])


PROVEN, NEXT_NONCE = "the server has proven itself", "with the nonce that was given for it"
STALE, EXPIRED = "since the nonce is stale", "a new nonce in place of an expired one"

# The registrar, arguments, how the program ends, and all that it says.
CASES = [
    (Registrar("SHA-256", proves=True), ["--strong", "--proof"], 0, [PROVEN, NEXT_NONCE]),
    (Registrar("SHA-256", proves=True), ["--strong", "--replay"], 0, [PROVEN, NEXT_NONCE]),
    (Registrar("SHA-256", proves=True), ["--password", "wrong"], REJECTED, ["rejected"]),
    (Registrar("SHA-256"), ["--strong"], 0, ["done"]),
    (Registrar("SHA-256"), ["--proof"], NOT_AUTHENTIC, ["not authentic"]),
    (Registrar("SHA-256"), ["--proxy", "--strong", "--replay"], 0, ["407"]),
    (Registrar("SHA-256", expires=True, says_stale=True), ["--late"], 0, [STALE, EXPIRED]),
    (Registrar("SHA-256", expires=True), ["--late"], 0, [EXPIRED]),
    (Registrar("SHA-256", proves=True, once=True), ["--proof"], 0, [PROVEN, NEXT_NONCE]),
    (Registrar("MD5", proves=True), ["--proof", "--replay"], 0, [PROVEN, NEXT_NONCE]),
    (Registrar("MD5", proves=True), ["--strong"], WEAK, ["weaker than allowed"]),
    (Registrar("MD5"), ["--proxy"], 0, ["407"]),
    (Registrar("MD5"), ["--proxy", "--password", "wrong"], REJECTED, ["rejected"]),
    (Registrar("MD5", expires=True, says_stale=True), ["--late"], 0, [STALE, EXPIRED]),
]


@contextlib.contextmanager
def ours(program, algorithms):
    """Our registrar: its port, and what it says."""
    server = subprocess.Popen([program, *map(str, algorithms)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield int(server.stdout.readline()), server
    finally:
        server.stdin.close()
        server.wait(10)


def sipp(programs, folder):
    """Three calls with the right password, and three with a wrong one. MD5 is all that sipp does right."""
    folder.mkdir(parents=True, exist_ok=True)
    for password, code, says in ((PASSWORD, 0, "done"), ("wrong", 1, "authentication failed")):
        users = folder / f"{password}.csv"
        users.write_text(f"SEQUENTIAL\n[authentication username=alice password={password}]\n")
        with ours(programs / "registrar", [MD5]) as (port, server):
            run = subprocess.run(["sipp", f"127.0.0.1:{port}", "-i", "127.0.0.1", "-sf", HERE / "sipp.xml", "-inf", users,
                                  "-m", "3", "-r", "20", "-nostdin", "-recv_timeout", "5000"], cwd=folder,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
            server.stdin.close()
            said = server.stdout.read()
        yield f"sipp, password {password}: {says}", run.returncode == code and said.count(says) == 3, said


def main():
    programs, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    program = programs / "register"
    version = subprocess.run(["kamailio", "-V"], check=True, stdout=subprocess.PIPE, text=True).stdout
    print(version.splitlines()[0])
    failed = 0
    for at, server in enumerate(dict.fromkeys(case[0] for case in CASES)):
        with kamailio(folder / str(at), server) as port:
            for _, arguments, code, says in (case for case in CASES if case[0] == server):
                run = subprocess.run([program, *arguments, str(port)], stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, text=True, timeout=60)
                is_right = run.returncode == code and all(words in run.stdout for words in says)
                failed += not is_right
                print(f"{'ok' if is_right else 'FAILED'}: {server}: register {' '.join(arguments)}: {'; '.join(says)}" +
                      ("" if is_right else f", not\n{run.returncode}: {run.stdout}"))
    for name, is_right, said in sipp(programs, folder / "sipp"):
        failed += not is_right
        print(f"{'ok' if is_right else 'FAILED'}: {name}" + ("" if is_right else f", not\n{said}"))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
