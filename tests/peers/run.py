#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Speaks with other programs over the loopback:  run.py PROGRAMS SPEECH.wav [WORD...]

PROGRAMS is the folder with said, send and receive. With words, only cases that have them in their names.
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap
import time
import traceback

import calls
import combinations
import ffmpeg
import ours
import sound
from wire import Failure


def print_versions():
    for command in (["ffmpeg", "-version"], ["gst-launch-1.0", "--version"]):
        print(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[0])


def run(programs, said, peer, name, case):
    """(what came of it, the failure or nothing)"""
    folder = programs / "runs" / re.sub(r"[^a-z0-9-]+", "_", f"{peer} {name}".lower())
    try:
        return case(ours.Bench(programs, said, folder)), None
    except Failure as failure:
        return None, str(failure)
    except Exception:
        return None, traceback.format_exc()


def main():
    programs, speech = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    shutil.rmtree(programs / "runs", ignore_errors=True)
    (programs / "runs").mkdir()
    said = programs / "runs" / "said.wav"
    subprocess.run([programs / "said", speech, said], check=True)
    sound.check_speech(sound.samples(said))
    # The first one writes down what it has, and should be alone.
    subprocess.run(["gst-inspect-1.0", "srtpenc"], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "GST_REGISTRY": str(programs / "gst-registry")})

    print_versions()
    print("128-icm/32+128-icm/80 is cipher and authentication for SRTP + those for SRTCP.")
    cases = [case for case in [*ffmpeg.cases(), *calls.cases(), *combinations.cases()]
             if all(word in f"{case[0]} {case[1]}" for word in sys.argv[3:])]
    started, outcomes, failures = time.monotonic(), {}, []
    with concurrent.futures.ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        results = pool.map(lambda case: run(programs, said, *case), cases)
        for (peer, name, _), (outcome, failure) in zip(cases, results):
            if failure:
                failures.append(f"{peer}: {name}: {failure}")
            else:
                outcomes.setdefault((peer, outcome), []).append(name)
    for (peer, outcome), names in outcomes.items():
        print(f"{peer}: {outcome}" if outcome else peer)
        print(textwrap.fill(" ".join(names), 110, initial_indent="    ", subsequent_indent="    ",
                            break_long_words=False, break_on_hyphens=False))
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{len(cases) - len(failures)} of {len(cases)} cases in {time.monotonic() - started:.0f} s")
    sys.exit(1 if failures or not cases else 0)


if __name__ == "__main__":
    main()
