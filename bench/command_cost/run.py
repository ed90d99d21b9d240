#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `curfew run` costs: start-up and exit in milliseconds, throughput as a ratio to plain.

    run.py --curfew BINARY --bin DIR [--rounds N] [--json FILE] [--markdown FILE]

DIR has the programs of this folder (build/bench/bench/command_cost). Plain and under the command take turns in each
round, so that what else the machine does falls on both; the ratio is taken in each round, and the median over rounds
is given, with the quartiles beside it. Results of a busy machine are worth nothing: the load stands above the table.
"""

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))
import machine  # noqa: E402
from spread import spread, text  # noqa: E402


def milliseconds(words, repeat):
    """From start to end of a process, the median of some."""
    took = []
    for _ in range(repeat):
        began = time.perf_counter()
        subprocess.run(words, stdout=subprocess.DEVNULL, check=False)
        took.append((time.perf_counter() - began) * 1e3)
    return statistics.median(took)


def printed(words):
    return float(subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout)


def redis(prefix):
    """Requests a second, SET and GET, of a server behind `prefix`."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = str(s.getsockname()[1])
    with tempfile.TemporaryDirectory() as at:
        server = subprocess.Popen([*prefix, "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir",
                                   at], stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", int(port)), timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        out = subprocess.run(["redis-benchmark", "-p", port, "-q", "-n", "100000", "-P", "16", "-t", "set,get"],
                             stdout=subprocess.PIPE, text=True, check=True).stdout
        subprocess.run(["redis-cli", "-p", port, "shutdown", "nosave"], stdout=subprocess.DEVNULL, check=False)
        server.wait(timeout=60)
    return statistics.mean(float(n) for n in re.findall(r"([\d.]+) requests per second", out))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--curfew", required=True, type=Path)
    parser.add_argument("--bin", required=True, type=Path)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    args = parser.parse_args()
    under = [str(args.curfew.resolve()), "run", "--"]
    own = args.bin.resolve()

    # name: (unit, what is measured, is more better?)
    measured = {
        "start and end of true": ("ms", lambda p: milliseconds([*p, "/bin/true"], 20), False),
        "start and end, no thread": ("ms", lambda p: milliseconds([*p, own / "exits"], 20), False),
        "start and end, one joined thread": ("ms", lambda p: milliseconds([*p, own / "exits", "0", "1"], 20), False),
        "start and end, 4 detached threads": ("ms", lambda p: milliseconds([*p, own / "exits", "4"], 20), False),
        "start and end, 200 detached threads": ("ms", lambda p: milliseconds([*p, own / "exits", "200"], 5), False),
        "lock and unlock, nothing else": ("ns", lambda p: printed([*p, own / "bare_mutex"]), False),
        "hash table behind mutexes": ("1/s", lambda p: printed([*p, own / "mutex_heavy", "500"]), True),
    }
    if shutil.which("redis-server") and shutil.which("redis-benchmark"):
        measured["redis, pipelined SET and GET"] = ("1/s", redis, True)
    else:
        print("redis: skipped: needs redis-server and redis-tools")
    header = machine.header()
    rows = []
    for name, (unit, measure, more_is_better) in measured.items():
        plain, command, ratios = [], [], []
        for turn in range(args.rounds):
            pair = {}
            for kind in ("plain", "command") if turn % 2 == 0 else ("command", "plain"):
                pair[kind] = measure([] if kind == "plain" else under)
            plain.append(pair["plain"])
            command.append(pair["command"])
            ratios.append(pair["command"] / pair["plain"])
        ratio = spread(ratios)
        rows.append({"what": name, "unit": unit, "plain": statistics.median(plain), "command": statistics.median(command),
                     "ratio": ratio, "more_is_better": more_is_better})
        digits = 0 if unit == "1/s" else 2
        print(f"{name:38} plain {rows[-1]['plain']:12.{digits}f} {unit:4} curfew run {rows[-1]['command']:12.{digits}f} "
              f"{unit:4} ratio {text(ratio)}", flush=True)
    if args.markdown:
        lines = ["# What `curfew run` costs", "", machine.markdown(header),
                 f"Medians of {args.rounds} rounds, the ratio's with its quartiles.", "",
                 "| what | plain | `curfew run` | ratio |", "|---|---|---|---|"]
        for row in rows:
            digits = 0 if row["unit"] == "1/s" else 2
            lines.append(f"| {row['what']} | {row['plain']:,.{digits}f} {row['unit']} | {row['command']:,.{digits}f} "
                         f"{row['unit']} | {text(row['ratio'])} |")
        args.markdown.write_text("\n".join(lines) + "\n")
    if args.json:
        args.json.write_text(json.dumps({"header": header, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
