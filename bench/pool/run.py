#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what a pool's tasks cost, beside those of other libraries, and prints the table of ratios with aims.

In each round every library takes its turn; ratios are formed within a round, and given as the median of the rounds with
the quartiles behind it.
"""
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "common")]
import chart  # noqa: E402
import driver  # noqa: E402
import machine  # noqa: E402
from spread import ratios, spread, text  # noqa: E402

LIBRARIES = {"curfew_pool": "curfew", "onetbb": "oneTBB", "openmp_tasks": "OpenMP tasks", "boost_asio": "Boost.Asio",
             "taskflow": "Taskflow", "bs_thread_pool": "BS::thread_pool", "std_jthread": "std::jthread",
             "std_async": "std::async", "python_executor": "Python"}
CASES = {"empty/1": "empty tasks, 1 producer", "1us/1": "1 µs tasks, 1 producer", "10us/1": "10 µs tasks, 1 producer",
         "100us/1": "100 µs tasks, 1 producer", "empty/4": "empty tasks, 4 producers",
         "1us/4": "1 µs tasks, 4 producers", "10us/4": "10 µs tasks, 4 producers",
         "100us/4": "100 µs tasks, 4 producers", "submit/1": "submit one and get, 1 thread",
         "submit/4": "submit one and get, 4 threads", "submit-100/1": "submit 100 and get, 1 thread",
         "submit-100/4": "submit 100 and get, 4 threads", "fib": "fib(27), each call", "map": "map over 1,000,000, each item",
         "hand-off": "start one and wait for it"}


def measure(build, rounds, threads):
    """{(library, case): [nanoseconds, one for each round]}"""
    programs = {name: [str(build / name)] for name in LIBRARIES if (build / name).exists()}
    programs["python_executor"] = [sys.executable, str(HERE / "python_executor.py")]
    times = {}
    for i in range(rounds):
        for name, command in programs.items():
            print(f"round {i + 1} of {rounds}: {name}", file=sys.stderr, flush=True)
            done = subprocess.run([*command, str(threads)], capture_output=True, text=True, timeout=600, check=True)
            for line in done.stdout.splitlines():
                case, ns = line.split()
                times.setdefault((LIBRARIES[name], case), []).append(float(ns))
    return times


def aim(case):
    """How many times as long the others are to take at least: of tasks that do nothing, more."""
    return {"empty": 1 / 0.8, "submit": 1 / 0.5, "submit-100": 1 / 0.5, "hand-off": 1 / 0.1}.get(case.split("/")[0], 1.0)


def table(times, libraries):
    lines = ["| ns | " + " | ".join(libraries) + " |", "|---" * (len(libraries) + 1) + "|"]
    for case, title in CASES.items():
        cells = [text(spread(times[name, case]), "{:,.0f}") if (name, case) in times else "" for name in libraries]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    lines += ["", "Against curfew: how many times as long the others take.", "",
              "| | " + " | ".join(f"{name} / curfew" for name in libraries[1:]) + " | aim |",
              "|---" * (len(libraries) + 1) + "|"]
    for case, title in CASES.items():
        cells, missed, level = [], [], []
        for name in libraries[1:]:
            if (name, case) not in times:
                cells.append("")
                continue
            ratio = ratios(times[name, case], times["curfew", case])
            cells.append(text(ratio))
            needed = aim(case)
            if ratio["upper"] < needed:
                missed.append(name)
            elif ratio["lower"] < needed:
                level.append(name)
        said = [f"MISSED: {', '.join(missed)}"] * bool(missed) + [f"level with {', '.join(level)}"] * bool(level)
        lines.append(f"| {title} | " + " | ".join(cells) + f" | {'; '.join(said) or 'met'} |")
    lines += ["", "The aim: an empty task in 0.8 times the time of each, its result in 0.5 times, one task alone in 0.1 times that of a "
              "thread, and the others ahead of each. Level: the quartiles enclose that limit. In oneTBB and OpenMP the submitting thread is one of the "
              "threads; fib and map of curfew have it too. std::async, std::jthread and Python are given fewer tasks."]
    return "\n".join(lines)


def main():
    parser = driver.parser(__doc__)
    driver.add_build(parser, "pool")
    parser.add_argument("--rounds", type=int, default=15, help="default 15")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)),
                        help="of each pool (default: as many as there are cores)")
    parser.add_argument("--svg", metavar="FILE", help="draw the medians there")
    options = parser.parse_args()
    if options.rounds < 1 or options.threads < 1:
        parser.error("--rounds and --threads are at least 1")
    header = machine.header(driver.manifest(options, " --target pool_bench"))
    times = measure(options.build, options.rounds, options.threads)
    libraries = [name for name in LIBRARIES.values() if any(name == library for library, _ in times)]
    said = table(times, libraries)
    print(said)
    raw = [{"library": name, "case": case, "ns": values} for (name, case), values in times.items()]
    plot = [f"![]({os.path.basename(options.svg)})", ""] if options.svg else []
    driver.write(options, header, {"schema": "curfew.bench.pool/1", "raw": raw}, "What a task costs",
                 [*plot, f"Nanoseconds for each task, {options.threads} threads; median, and in brackets the quartiles.", "",
                  said])
    if options.svg:
        medians = {key: spread(values)["median"] for key, values in times.items()}
        pathlib.Path(options.svg).write_text(
            chart.bars(f"What a task costs, {options.threads} threads", "nanoseconds for each", list(CASES), libraries,
                       medians))
    return 0


if __name__ == "__main__":
    sys.exit(main())
