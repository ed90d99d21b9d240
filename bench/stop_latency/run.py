#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures how long a stop request takes to end each wait of <curfew/sync.hpp>: from request_stop() until the thread
that waited runs again. Prints a table and histograms beside std::condition_variable_any with a token.

Ratios are formed between the medians of one run of the program, in which all waits take turns, and given as the median
of the runs with the quartiles behind it.
"""
import math
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "common"))
import driver  # noqa: E402
import machine  # noqa: E402
from spread import ratios, spread, text  # noqa: E402

BASE = "std::condition_variable_any"
BASE_OF = {"barrier": BASE + "+throw"}  # its wait ends with an exception
STEPS = 2  # buckets for each doubling
BAR = 40


def run(program, rounds):
    """{name: [nanoseconds]}"""
    done = subprocess.run([program, str(rounds)], capture_output=True, text=True, timeout=3600, check=True)
    samples = {}
    for line in done.stdout.splitlines():
        name, *values = line.split()
        samples[name] = [int(v) for v in values]
    return samples


def bucket(ns):
    return math.floor(math.log2(max(ns, 1) / 1000) * STEPS)


def histogram(samples, base):
    """Lines: from how many microseconds on, how many of the samples, and of those of the base."""
    counts = [{}, {}]
    for found, values in zip(counts, (samples, base)):
        for ns in values:
            found[bucket(ns)] = found.get(bucket(ns), 0) + 1
    low, high = min(min(c) for c in counts), max(max(c) for c in counts)
    lines = []
    for b in range(low, high + 1):
        shares = [found.get(b, 0) / len(values) for found, values in zip(counts, (samples, base))]
        bars = ["#" * round(share * BAR) for share in shares]
        lines.append(f"{2 ** (b / STEPS):10.1f}  {shares[0]:6.1%} {bars[0]:<{BAR}}  {shares[1]:6.1%} {bars[1]}".rstrip())
    return lines


def quantile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def main():
    parser = driver.parser(__doc__)
    driver.add_build(parser, "stop_latency")
    parser.add_argument("--runs", type=int, default=20, help="of each program (default 20)")
    parser.add_argument("--rounds", type=int, default=200, help="in a run, of each wait (default 200)")
    options = parser.parse_args()
    header = machine.header(driver.manifest(options))
    lines = []
    raw = {}
    for flavour, title in (("plain", "curfew"), ("tracked", "curfew with lock tracking")):
        runs = []
        for i in range(options.runs):
            print(f"{flavour}, run {i + 1} of {options.runs}", file=sys.stderr)
            runs.append(run(options.build / f"stop_latency.{flavour}", options.rounds))
        medians = {name: [statistics.median(r[name]) for r in runs] for name in runs[0]}
        names = [name for name in medians if not name.endswith("/request")]
        every = {name: [ns for r in runs for ns in r[name]] for name in names}
        lines += [f"## {title}", "", "From `request_stop()` until the waiting thread runs, in µs.", "",
                  f"| wait | median | 99 % | against {BASE} (barrier: one that throws too) | request_stop() itself, µs | aim |",
                  "|---|---|---|---|---|---|"]
        for name in names:
            base = BASE_OF.get(name, BASE)
            ratio = ratios(medians[name], medians[base])
            goal = "" if name.startswith(BASE) else f"not slower: {'met' if ratio['median'] <= 1.02 else 'MISSED'}"
            middle = text(spread([v / 1000 for v in medians[name]]), "{:.1f}")
            request = text(spread([v / 1000 for v in medians[name + "/request"]]), "{:.1f}")
            lines.append(f"| {name} | {middle} | {quantile(every[name], 0.99) / 1000:.1f} | {text(ratio)} | {request} | "
                         f"{goal} |")
        lines.append("")
        for name in names:
            if name.startswith(BASE):
                continue
            base = BASE_OF.get(name, BASE)
            lines += [f"### {title}: {name}, beside {base}", "", "```", f"{'from µs':>10}  {name:<{BAR + 7}}  {base}",
                      *histogram(every[name], every[base]), "```", ""]
        raw[flavour] = {name: {"medians_ns": medians[name], "p99_ns": quantile(every[name], 0.99),
                               "histogram": {str(b): [bucket(ns) for ns in every[name]].count(b)
                                             for b in sorted({bucket(ns) for ns in every[name]})}} for name in names}
    print("\n".join(lines))
    data = {"schema": "curfew.bench.stop_latency/1", "buckets": f"bucket b holds from 2^(b/{STEPS}) µs on", "raw": raw}
    driver.write(options, header, data, "How long a stop request takes to end a wait", lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
