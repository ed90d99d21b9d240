#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `curfew run` and `curfew check` cost: start-up and exit in milliseconds, throughput as a ratio to plain; beside
ThreadSanitizer and valgrind where a program can be had with them.

    run.py --curfew BINARY --bin DIR [--rounds N] [--json FILE] [--markdown FILE]

DIR has the programs of this folder (build/bench/bench/command_cost). Plain and under the command take turns in each
round, so that what else the machine does falls on both; the ratio is taken in each round, and the median over rounds
is given, with the quartiles beside it. Results of a busy machine are worth nothing: the load stands above the table.
"""

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
import driver  # noqa: E402
import machine  # noqa: E402
from spread import ratios, text  # noqa: E402


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


def kinds_of(curfew):
    """What stands before a program's name, in the order of the table."""
    return {"plain": [], "curfew run": [curfew, "run", "--"],
            "curfew check": [curfew, "check", "--quiet", "--fail-on", "none", "--"]}


def measurements(own, kinds, library):
    """name: (unit, is more better?, {kind: what measures it once})"""

    def each(measure):
        return {kind: lambda prefix=prefix: measure(prefix) for kind, prefix in kinds.items()}

    def milliseconds_of(*words, repeat=20):
        return ("ms", False, each(lambda prefix: milliseconds([*prefix, *words], repeat)))

    table = {
        "start and end of true": milliseconds_of("/bin/true"),
        "start and end, no thread": milliseconds_of(own / "exits"),
        "start and end, one joined thread": milliseconds_of(own / "exits", "0", "1"),
        "start and end, 4 detached threads": milliseconds_of(own / "exits", "4", repeat=5),
        "start and end, 200 detached threads": milliseconds_of(own / "exits", "200", repeat=3),
        "lock and unlock, nothing else": ("ns", False, each(lambda prefix: printed([*prefix, own / "bare_mutex"]))),
        "hash table behind mutexes": ("1/s", True,
                                      each(lambda prefix: printed([*prefix, own / "mutex_heavy", "500"]))),
    }
    # What any command would cost that does the same, without anything of curfew's; and what each half of it costs.
    limits = {"exec by a static program": [own / "exec_alone", ""],
              "the same, an empty library preloaded": [own / "exec_alone", own / "empty_library.so"],
              "the same, curfew run's library": [own / "exec_alone", library]}
    for kind, prefix in limits.items():
        table["start and end of true"][2][kind] = lambda prefix=prefix: milliseconds([*prefix, "/bin/true"], 20)
    others = table["hash table behind mutexes"][2]
    if (own / "mutex_heavy_tsan").exists():
        # Its runtime cannot lay out its memory under some kernels' address randomisation.
        others["ThreadSanitizer"] = lambda: printed(["setarch", "-R", own / "mutex_heavy_tsan", "500"])
    if shutil.which("valgrind"):
        for tool in ("helgrind", "memcheck"):
            others[tool] = lambda tool=tool: printed(["valgrind", "-q", "--fair-sched=yes", f"--tool={tool}", own / "mutex_heavy", "500"])
    else:
        print("helgrind, memcheck: skipped: need valgrind")
    if shutil.which("redis-server") and shutil.which("redis-benchmark"):
        table["redis, pipelined SET and GET"] = ("1/s", True, each(redis))
    else:
        print("redis: skipped: needs redis-server and redis-tools")
    return table


def main():
    parser = driver.parser(__doc__)
    parser.add_argument("--curfew", required=True, type=Path)
    parser.add_argument("--bin", required=True, type=Path)
    parser.add_argument("--rounds", type=int, default=11)
    args = parser.parse_args()
    header = machine.header()
    lines = [f"Medians of {args.rounds} rounds; the ratio to plain is formed in each round, and has its quartiles.", "",
             "| what | how | value | ratio to plain |", "|---|---|---|---|"]
    rows = []
    for name, (unit, more_is_better, measure) in measurements(args.bin.resolve(), kinds_of(args.curfew.resolve()),
                                                                 args.curfew.resolve().parent / "libcurfew-run.so").items():
        values = driver.in_turns(args.rounds, measure)
        for kind, measured in values.items():
            ratio = ratios(measured, values["plain"])
            value = f"{statistics.median(measured):,.{0 if unit == '1/s' else 2}f} {unit}"
            rows.append({"what": name, "how": kind, "unit": unit, "values": measured, "ratio": ratio,
                         "more_is_better": more_is_better})
            lines.append(f"| {name} | {kind} | {value} | {text(ratio)} |")
            print(f"{name:36} {kind:16} {value:>16} {text(ratio)}", flush=True)
    driver.write(args, header, {"rows": rows}, "What `curfew run` and `curfew check` cost", lines, indent=1)


if __name__ == "__main__":
    sys.exit(main())
