# SPDX-License-Identifier: MIT OR Apache-2.0
"""Programs that run beside this one, and how to wait for them without guessing how long it takes."""

import os
import random
import socket
import subprocess
import threading
import time

# A case takes a second where nothing else runs; this is for machines where much else does.
PATIENCE = 60


class Failure(Exception):
    """What was expected did not happen."""


def check(condition, message):
    if not condition:
        raise Failure(message)


class Program:
    """A program with its output in files. Leaving its context ends it."""

    def __init__(self, folder, name, command, environment=None):
        self.name, self.command = name, [str(word) for word in command]
        self.out, self.err = folder / f"{name}.out", folder / f"{name}.err"
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=out, stderr=err,
                env={**os.environ, "LC_ALL": "C", **(environment or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.stdin.close()
        self.process.wait()

    def lines(self):
        return self.out.read_text(errors="replace").splitlines()

    def errors(self):
        return self.err.read_text(errors="replace")

    def until(self, what, condition):
        """Waits for the condition, which the program has to bring about before it ends."""
        deadline = time.monotonic() + PATIENCE
        while True:
            ended = self.process.poll() is not None
            if condition():
                return
            if ended or time.monotonic() > deadline:
                self.fail(f"{'ended' if ended else f'waited {PATIENCE} s'} before {what}")
            time.sleep(0.005)

    def say(self, octets):
        self.process.stdin.write(octets)
        self.process.stdin.flush()

    def finish(self):
        """Closes its input and waits for its end. Returns its exit status."""
        self.process.stdin.close()
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.fail(f"still ran after {PATIENCE} s")

    def finish_well(self):
        if self.finish() != 0:
            self.fail(f"ended with status {self.process.returncode}")

    def fail(self, reason):
        command = " ".join(self.command)
        raise Failure(f"{self.name} {reason}\n{command}\n{self.out.read_text(errors='replace')}{self.errors()}")


_given = set()
_giving = threading.Lock()


def free_ports():
    """Two ports on which no one listens, the first even and the second behind it."""
    with _giving:
        for _ in range(1000):
            # Below those that the system hands out by itself.
            port = random.randrange(20000, 32000, 2)
            if port not in _given and _is_free(port) and _is_free(port + 1):
                _given.add(port)
                return port, port + 1
    raise Failure("no free ports")


def _is_free(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_bound(*ports):
    """Whether programs listen on all of these UDP ports."""
    with open("/proc/net/udp", encoding="ascii") as table:
        bound = {int(row.split()[1].split(":")[1], 16) for row in table.readlines()[1:]}
    return bound.issuperset(ports)
