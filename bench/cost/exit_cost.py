# SPDX-License-Identifier: Apache-2.0
"""How long a process takes from the end of `main` until its parent knows: see exit_time.cpp."""
import os
import random
import struct
import time


def run_once(program, count, end):
    """Microseconds from just before `return` or `_exit` until wait() came back."""
    reader, writer = os.pipe()
    try:
        pid = os.posix_spawn(program, [str(program), str(count), end, "3"], os.environ,
                             file_actions=[(os.POSIX_SPAWN_DUP2, writer, 3)])
        os.close(writer)
        writer = -1
        _, status = os.waitpid(pid, 0)
        after = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        if status != 0:
            raise RuntimeError(f"{program.name} {count} {end}: wait status {status}")
        (before,) = struct.unpack("q", os.read(reader, 8))
        return (after - before) / 1000
    finally:
        os.close(reader)
        if writer >= 0:
            os.close(writer)


def measure(build, counts, rounds, progress):
    """{(flavour, count, end): [microseconds]}, in rounds; each round takes all of them once, in random order."""
    times = {}
    flavours = ("plain", "curfew", "curfew_tracked")
    chance = random.Random(1)
    for count in counts:
        turns = [(flavour, end) for flavour in flavours for end in ("return", "_exit")]
        if count > 0:
            turns.append(("plain", "stopped"))
        for i in range(rounds if count < 1000 else max(10, rounds // (5 if count < 10000 else 20))):
            progress(f"exit with {count} threads, round {i + 1}")
            chance.shuffle(turns)
            for flavour, end in turns:
                # A program with detached threads that returns may crash: what it costs is no question then.
                if flavour == "plain" and end == "return" and count > 0:
                    continue
                taken = run_once(build / f"exit_time.{flavour}", count, end)
                times.setdefault((flavour, count, end), []).append(taken)
    return times
