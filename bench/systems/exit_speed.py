#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast programs end on this system: builds of exit_speed.cpp beside each other, in one run, in random order.

    exit_speed.py [--rounds N] [--only getchar|nothing] NAME=PROGRAM...

Prints Markdown: medians and quartiles, and each median as a part of the first one's. A program whose NAME begins with
`plain` is not asked to end with a daemon.
"""
import argparse
import os
import random
import statistics
import struct
import time


def run_once(program, what):
    """Microseconds of the whole process as its parent sees it, and from just before main's return on."""
    out, to_us = os.pipe()
    stdin, keeps = os.pipe()  # nobody ever writes
    try:
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        pid = os.posix_spawn(program, [program, what, "3"], os.environ, file_actions=[
            (os.POSIX_SPAWN_DUP2, stdin, 0), (os.POSIX_SPAWN_DUP2, to_us, 3)])
        _, status = os.waitpid(pid, 0)
        after = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        if status != 0:
            raise SystemExit(f"{program} {what}: wait status {status}")
        (returned,) = struct.unpack("q", os.read(out, 8))
        return (after - before) / 1000, (after - returned) / 1000
    finally:
        for one in (out, to_us, stdin, keeps):
            os.close(one)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--only", choices=("getchar", "nothing"))
    parser.add_argument("programs", nargs="+", metavar="NAME=PROGRAM")
    options = parser.parse_args()
    programs = [one.split("=", 1) for one in options.programs]
    turns = [(name, path, what) for name, path in programs for what in ("getchar", "nothing")
             if options.only in (None, what) and (what == "nothing" or not name.startswith("plain"))]
    chance = random.Random(1)
    times = {}
    for _ in range(options.rounds):
        chance.shuffle(turns)
        for name, path, what in turns:
            whole, end = run_once(path, what)
            times.setdefault(("exit with a daemon in getchar()" if what == "getchar" else "exit without threads", name),
                             []).append(end)
            if what == "nothing":
                times.setdefault(("start and exit without threads", name), []).append(whole)
    print(f"{options.rounds} rounds, {os.confstr('CS_GNU_LIBC_VERSION')}, load {os.getloadavg()[0]:.0f}\n")
    print("| | build | median | quartiles | least | of the first |")
    print("|---|---|---:|---|---:|---:|")
    first = {}
    names = [name for name, _ in programs]
    for (what, name), values in sorted(times.items(), key=lambda one: (one[0][0], names.index(one[0][1]))):
        low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
        ratio = middle / first.setdefault(what, middle)
        print(f"| {what} | {name} | {middle / 1000:.2f} ms | {low / 1000:.2f} to {high / 1000:.2f} ms | {min(values) / 1000:.2f} ms "
              f"| {ratio:.2f} |")


main()
