#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Threads that are started and joined in waves, beside std::jthread: time and memory, and how both grow with their number.

Ratios are formed within a round, in which each kind of thread takes its turn, and given as the median of the rounds with
the quartiles behind it. See waves.cpp.
"""
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "common"))
import driver  # noqa: E402
import machine  # noqa: E402
from spread import ratios, spread, text  # noqa: E402

PEER = "std::jthread"
KINDS = (PEER, "curfew::thread", "curfew::jthread")
COUNTS = (1, 10, 100, 1000, 10000)
# What is said of each, and what it may be at most in relation to the peer.
MEASURES = {"nanoseconds": ("time for a thread", 1.0), "peak": ("memory at the peak", 1.02),
            "resident": ("memory after the last wave", 1.02)}


def measure(program, counts, size, rounds):
    """{(count, kind, what): [values, one for each round]}"""
    values = {}
    for i in range(rounds):
        for count in counts:
            print(f"round {i + 1} of {rounds}: {count} threads", file=sys.stderr, flush=True)
            for kind in KINDS if i % 2 == 0 else reversed(KINDS):
                done = subprocess.run([program, kind, str(count), str(size)], capture_output=True, text=True, timeout=300,
                                      check=True)
                for what, value in json.loads(done.stdout).items():
                    values.setdefault((count, kind, what), []).append(value)
    return values


def table(values, counts):
    lines = []
    for what, (title, most) in MEASURES.items():
        unit = "ns" if what == "nanoseconds" else "MB"
        lines += [f"## {title[0].upper()}{title[1:]}", "",
                  f"| threads | {PEER}, {unit} | " + " | ".join(f"{kind} / {PEER}" for kind in KINDS[1:]) + " | aim |",
                  "|---" * (len(KINDS) + 2) + "|"]
        for count in counts:
            base = values[count, PEER, what]
            said = [ratios(values[count, kind, what], base) for kind in KINDS[1:]]
            scaled = [v if unit == "ns" else v / 1e6 for v in base]
            form = "{:,.0f}" if unit == "ns" else "{:,.2f}"
            met = "met" if all(s["median"] <= most for s in said) else \
                "level" if all(s["lower"] <= most for s in said) else "MISSED"
            lines.append(f"| {count:,} | {text(spread(scaled), form)} | " + " | ".join(map(text, said)) +
                         f" | {met} (at most {most}) |")
        lines.append("")
    return lines


def main():
    parser = driver.parser(__doc__)
    driver.add_build(parser, "cost")
    parser.add_argument("--rounds", type=int, default=15, help="default 15")
    parser.add_argument("--size", type=int, default=100, help="threads of a wave (default 100)")
    parser.add_argument("--most", type=int, default=COUNTS[-1], help=f"threads altogether (default {COUNTS[-1]})")
    options = parser.parse_args()
    if min(options.rounds, options.size, options.most) < 1:
        parser.error("--rounds, --size and --most are at least 1")
    header = machine.header(driver.manifest(options, " --target waves"))
    counts = [count for count in COUNTS if count <= options.most]
    values = measure(str(options.build / "waves"), counts, options.size, options.rounds)
    lines = table(values, counts)
    print("\n".join(lines))
    raw = [{"threads": count, "kind": kind, "what": what, "values": found}
           for (count, kind, what), found in values.items()]
    driver.write(options, header, {"schema": "curfew.bench.waves/1", "raw": raw}, "Threads in waves",
                 [f"Each wave of {options.size} threads is joined before the next is started.", "", *lines])
    return 0


if __name__ == "__main__":
    sys.exit(main())
