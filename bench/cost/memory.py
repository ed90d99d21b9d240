# SPDX-License-Identifier: Apache-2.0
"""Bytes that a waiting thread takes: see memory.cpp."""
import json
import subprocess

KINDS = ("std::thread", "std::jthread", "detached std::thread", "curfew::thread", "curfew::jthread",
         "curfew daemon, no handle")


def measure(programs, count, rounds, progress):
    """{(program's name, kind): {"heap": [bytes], "resident": [bytes]}}"""
    taken = {}
    for i in range(rounds):
        for program in programs:
            for kind in KINDS:
                progress(f"memory: {program.name}, {kind}, round {i + 1} of {rounds}")
                done = subprocess.run([program, kind, str(count)], capture_output=True, text=True, timeout=60,
                                      check=True)
                for what, size in json.loads(done.stdout).items():
                    taken.setdefault((program.name, kind), {}).setdefault(what, []).append(size)
    return taken
