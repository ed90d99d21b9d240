#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where the time of an exit goes, line by line: from the return of main to the parent's knowledge that the process is gone.

The lines come from the exit's own timeline (CURFEW_EXIT=timeline=FILE), which costs some system calls for each part: the
sum is more than an exit without it takes. The same program, which leaves by _exit instead, is the last row.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "common"))
import driver  # noqa: E402
import machine  # noqa: E402
from spread import spread, text  # noqa: E402

COUNTS = (1, 10, 100, 1000, 10000)
BEFORE, AFTER, ALL, DIRECT = "from main's return to the exit's begin", "the kernel's end of the process", "all", "_exit instead"


def run(program, count, how, timeline):
    """(when main returned, when the process was gone), in nanoseconds."""
    here, there = os.pipe()
    try:
        environment = {**os.environ, "CURFEW_EXIT": f"timeline={timeline}"} if timeline else os.environ
        done = subprocess.Popen([program, str(count), how, str(there)], pass_fds=[there], env=environment)
        status = done.wait(timeout=300)
        gone = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        if status != 0:
            sys.exit(f"{program} {count} {how}: status {status}")
        return int.from_bytes(os.read(here, 8), sys.byteorder), gone
    finally:
        os.close(here)
        os.close(there)


def parts(events, returned, gone):
    """{line: microseconds}, in the order of the exit. Of the thread that runs it, and without what lies inside a part."""
    exiting = next(e["tid"] for e in events if e["ph"] == "M" and e["name"] == "thread_name" and e["args"]["name"] == "exit")
    found, open_parts = {}, []
    first = last = None
    for event in events:
        if event.get("tid") != exiting or "ts" not in event:
            continue
        last = event["ts"]
        if event["ph"] == "B":
            first = last if first is None else first
            open_parts.append((event["name"], last))
        elif event["ph"] == "E" and open_parts:
            name, began = open_parts.pop()
            if not open_parts:
                found[name] = found.get(name, 0) + last - began
    return {BEFORE: first - returned / 1000, **found, AFTER: gone / 1000 - last, ALL: (gone - returned) / 1000}


def measure(program, counts, rounds):
    """{(count, line): [microseconds, one for each round]}"""
    taken = {}
    with tempfile.TemporaryDirectory(prefix="curfew-budget-") as scratch:
        timeline = pathlib.Path(scratch) / "timeline.json"
        for i in range(rounds):
            for count in counts:
                print(f"round {i + 1} of {rounds}: {count} daemons", file=sys.stderr, flush=True)
                returned, gone = run(program, count, "return", timeline)
                lines = parts(json.loads(timeline.read_text(encoding="utf-8")), returned, gone)
                returned, gone = run(program, count, "_exit", None)
                for line, microseconds in {**lines, DIRECT: (gone - returned) / 1000}.items():
                    taken.setdefault((count, line), []).append(microseconds)
    return taken


def main():
    parser = driver.parser(__doc__)
    driver.add_build(parser, "cost")
    parser.add_argument("--rounds", type=int, default=50, help="default 50")
    parser.add_argument("--most", type=int, default=1000, help="daemons at most (default 1000)")
    options = parser.parse_args()
    if min(options.rounds, options.most) < 1:
        parser.error("--rounds and --most are at least 1")
    header = machine.header(driver.manifest(options, " --target exit_time.curfew"))
    counts = [count for count in COUNTS if count <= options.most]
    taken = measure(str(options.build / "exit_time.curfew"), counts, options.rounds)
    names = list(dict.fromkeys(line for _, line in taken))
    table = ["| µs | " + " | ".join(f"{count:,} daemon{'s' * (count > 1)}" for count in counts) + " |",
             "|---" * (len(counts) + 1) + "|"]
    for name in names:
        cells = [text(spread(taken[count, name]), "{:,.0f}") if (count, name) in taken else "" for count in counts]
        table.append(f"| {name} | " + " | ".join(cells) + " |")
    print("\n".join(table))
    raw = [{"daemons": count, "line": line, "microseconds": values} for (count, line), values in taken.items()]
    driver.write(options, header, {"schema": "curfew.bench.exit_budget/1", "raw": raw}, "Where the time of an exit goes",
                 ["Microseconds; median, and in brackets the quartiles. The timeline that says so is in them.", "", *table])
    return 0


if __name__ == "__main__":
    sys.exit(main())
