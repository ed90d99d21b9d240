#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The exit storm: runs each program many times and counts how its exits went.

A program is NAME.FLAVOUR in --bin: `tracked` (curfew with curfew::lock_tracking), `plain` (curfew alone) or
`baseline` (std::thread, detached). storm.hpp says what a program tells this driver.

A run is in the first of these classes that fits, except that a skip is counted beside `clean` too:
  crashed       ended by a signal
  hung          still there after --timeout seconds (then it is killed)
  wrong status  ended with another status than its own
  lost output   a line of a regular thread or of main is missing, doubled or torn
  ran on        a daemon did something while static destructors ran
  skipped       all right, but without its static destructors
  clean         all right

The verdict: a curfew flavour must have no run that crashed, hung, had a wrong status, lost output or ran on. The
tracked flavour may skip destructors in at most 1 run of 1000, rounded up; the plain one, and programs that say that
their daemons cannot be frozen cleanly (marked * in the table), in any number of runs. The baseline is only shown.
Exit code: 0, 1 when the verdict is bad, 2 for bad usage.
"""

import argparse
import collections
import json
import os
import platform
import re
import resource
import select
import shlex
import signal
import subprocess
import sys
import time

from classes import CLASSES, FAILURES, FLAVOURS
from one_run import Run
from table import is_bad, markdown, text_table

SCHEMA = "curfew.exit_storm/1"
KEPT_RUNS = 3  # bad runs of each program whose details are kept


class Progress:
    """One line that renews itself on a terminal; elsewhere a line now and then."""

    def __init__(self, total, quiet):
        self.total = total
        self.done = 0
        self.quiet = quiet
        self.terminal = sys.stderr.isatty()
        self.started = self.shown = time.monotonic()
        self.bad = self.skipped = 0

    def step(self, what, force=False):
        now = time.monotonic()
        if self.quiet or not force and now - self.shown < (0.2 if self.terminal else 15):
            return
        self.shown = now
        rate = self.done / max(now - self.started, 1e-3)
        left = (self.total - self.done) / max(rate, 1e-3)
        line = (f"{self.done}/{self.total} runs, {rate:.0f}/s, {int(left // 60)}:{int(left % 60):02d} left, "
                f"bad {self.bad}, skipped {self.skipped}: {what}")
        if self.terminal:
            sys.stderr.write("\r\x1b[K" + line[:118])
        else:
            sys.stderr.write(line + "\n")
        sys.stderr.flush()

    def clear(self):
        if self.terminal and not self.quiet:
            sys.stderr.write("\r\x1b[K")


class Storm:
    def __init__(self, options, programs, earlier):
        self.options = options
        self.programs = programs
        self.results = {(program.pop("name"), program.pop("flavour")): program for program in earlier.get("programs", [])}
        self.details = list(earlier.get("bad_runs", []))
        self.interrupted = False  # by a signal: those that run are still waited for
        self.stdin, self.stdin_writer = os.pipe()  # held open and never written: whoever reads it waits

    def wanted(self, flavour):
        return self.options.baseline_n if flavour == "baseline" else self.options.n

    def run(self):
        missing = {}
        for name, flavour in ((name, f) for name in sorted(self.programs) for f in FLAVOURS if f in self.programs[name]):
            had = self.results.get((name, flavour), {"n": 0, "hung": 0})
            if had["n"] < self.wanted(flavour) and had["hung"] < self.options.give_up:
                missing[name, flavour] = self.wanted(flavour) - had["n"]
        progress = Progress(sum(missing.values()), self.options.quiet)
        for number, ((name, flavour), runs) in enumerate(missing.items(), 1):
            if self.interrupted:
                break
            planned_end = progress.done + runs
            try:
                self.run_program(name, flavour, progress, f"[{number}/{len(missing)}]")
            finally:
                progress.clear()
            progress.total -= planned_end - progress.done
        return self.results

    def run_program(self, name, flavour, progress, where):
        o = self.options
        n = self.wanted(flavour)
        limit = o.baseline_timeout if flavour == "baseline" else o.timeout
        nothing = dict.fromkeys(CLASSES, 0) | {"n": 0, "may_skip": None, "mean_ms": 0.0}
        result = self.results.setdefault((name, flavour), nothing)
        running = {}
        started = result["n"]
        poller = select.poll()
        begun = time.monotonic()
        while True:
            stop = (self.interrupted or result["hung"] >= o.give_up or
                    o.seconds is not None and time.monotonic() - begun > o.seconds)
            while started < n and len(running) < o.jobs and not stop:
                run = Run(self.programs[name][flavour], self.stdin)
                running[run.pidfd] = run
                poller.register(run.pidfd, select.POLLIN)
                started += 1
            if not running:
                break
            now = time.monotonic()
            first = min(r.started for r in running.values()) + limit
            ready = [fd for fd, _ in poller.poll(max(0.0, first - now) * 1000 + 1)]
            now = time.monotonic()
            for fd, run in list(running.items()):
                if fd not in ready:
                    if now - run.started < limit:
                        continue
                    run.give_up(limit, o.gdb)
                del running[fd]
                poller.unregister(fd)
                kind, why, marks = run.finish()
                result["mean_ms"] = round((result["mean_ms"] * result["n"] + run.seconds * 1000) / (result["n"] + 1), 3)
                result["n"] += 1
                result[kind] += 1
                result["may_skip"] = result["may_skip"] or marks.may_skip
                progress.done += 1
                if kind in FAILURES:
                    progress.bad += flavour != "baseline"
                elif kind == "skipped":
                    progress.skipped += flavour == "tracked"
                worth_telling = (kind in FAILURES and flavour != "baseline" or
                                 kind == "skipped" and flavour == "tracked" and not marks.may_skip or
                                 kind != "clean" and o.details)
                told = sum((d["program"], d["flavour"], d["class"]) == (name, flavour, kind) for d in self.details)
                if worth_telling and told < KEPT_RUNS:
                    self.details.append({"program": name, "flavour": flavour, "class": kind, "why": why,
                                         "stderr": run.stderr})
                progress.step(f"{where} {name}.{flavour} {result['n']}/{n}")


def command_output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False,
                              cwd=os.path.dirname(os.path.abspath(__file__))).stdout.strip()
    except OSError:
        return ""


def machine():
    model = "unknown processor"
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as f:
            model = next((line.partition(":")[2].strip() for line in f if line.startswith("model name")), model)
    except OSError:
        pass
    return {"processor": model, "cores": os.cpu_count(), "kernel": platform.release(), "libc": " ".join(platform.libc_ver()),
            "architecture": platform.machine()}


def commit():
    head = command_output("git", "rev-parse", "--short=12", "HEAD")
    changed = command_output("git", "status", "--porcelain", "--", ".", "../../src", "../../include")
    return head + (" with changes" if changed else "")


def sources():
    """What the programs are made of: the same in two commits that differ in other things."""
    parts = ("src", "include", "bench/exit_storm/programs", "bench/exit_storm/storm.hpp")
    trees = command_output("git", "rev-parse", *(f"HEAD:{part}" for part in parts))
    return " ".join(tree[:12] for tree in trees.split())


def facts(options, flags):
    return {"command": "bench/exit_storm/storm.py " + shlex.join(flags), "commit": options.commit or commit(),
            "sources": options.commit or sources(), "machine": machine(),
            "date": time.strftime("%Y-%m-%d", time.gmtime()), "timeout_s": options.timeout,
            "baseline_timeout_s": options.baseline_timeout}


def find_programs(directory, only, flavours):
    found = collections.defaultdict(dict)
    for entry in os.scandir(directory):
        name, _, flavour = entry.name.rpartition(".")
        if name and flavour in flavours and entry.is_file() and os.access(entry.path, os.X_OK):
            if not only or any(re.fullmatch(pattern, name) for pattern in only):
                found[name][flavour] = os.path.abspath(entry.path)
    return dict(found)


def read_earlier(path, now):
    if path is None:
        return {}
    with open(path, encoding="utf-8") as f:
        earlier = json.load(f)
    if not isinstance(earlier, dict) or earlier.get("schema") != SCHEMA:
        raise ValueError(f"{path} is not of schema {SCHEMA}")
    if earlier["sources"] != now["sources"] or "changes" in earlier["commit"] + now["commit"]:
        raise ValueError(f"{path} is of other sources: commit {earlier['commit']}, this is {now['commit']}")
    return earlier


def parse(arguments):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--bin", default="build/bench/exit_storm", metavar="DIR", help="where the built programs are")
    p.add_argument("-n", type=int, default=2000, help="runs of each program (default: %(default)s)")
    p.add_argument("--baseline-n", type=int, metavar="N", help="runs of the baseline (default: a tenth of -n, 20 at least)")
    p.add_argument("-j", "--jobs", type=int, default=2, help="runs at a time (default: %(default)s)")
    p.add_argument("--only", action="append", metavar="NAMES", default=[],
                   help="only these programs: names or regular expressions, with commas between")
    p.add_argument("--flavour", default=",".join(FLAVOURS), metavar="FLAVOURS", help="(default: %(default)s)")
    p.add_argument("--timeout", type=float, default=5.0, metavar="S", help="a run is hung after S seconds (default: 5)")
    p.add_argument("--baseline-timeout", type=float, default=2.0, metavar="S", help="the same for the baseline (default: 2)")
    p.add_argument("--give-up", type=int, default=5, metavar="K",
                   help="no more runs of a program that hung K times (default: %(default)s)")
    p.add_argument("--seconds", type=float, metavar="S", help="no more runs of a program after S seconds")
    p.add_argument("--details", action="store_true", help="tell of runs that are legally not clean, too")
    p.add_argument("--gdb", action="store_true", help="keep a backtrace of runs that hang")
    p.add_argument("--json", metavar="FILE", help="write the numbers ('-': standard output)")
    p.add_argument("--markdown", metavar="FILE", help="write the table")
    p.add_argument("--continue", dest="earlier", metavar="FILE",
                   help="count the runs in FILE, the --json of an earlier run of the same sources that ended or was "
                        "interrupted, and run what is missing")
    p.add_argument("--commit", help=argparse.SUPPRESS)
    p.add_argument("--quiet", action="store_true", help="no progress")
    p.add_argument("--list", action="store_true", help="only say which programs there are")
    o = p.parse_args(arguments)
    o.flavour = o.flavour.split(",")
    o.only = [name for part in o.only for name in part.split(",") if name]
    if not set(o.flavour) <= set(FLAVOURS):
        p.error(f"--flavour: there are {', '.join(FLAVOURS)}")
    if o.n < 1 or o.jobs < 1 or o.give_up < 1:
        p.error("-n, -j and --give-up are at least 1")
    if o.baseline_n is None:
        o.baseline_n = min(o.n, max(20, o.n // 10))
    return p, o


def main(arguments):
    parser, options = parse(arguments)
    try:
        programs = find_programs(options.bin, options.only, options.flavour)
    except OSError as e:
        parser.error(f"--bin: {e}")
    if not programs:
        parser.error(f"no such programs in {options.bin}")
    if options.list:
        for name in sorted(programs):
            print(name, *(f for f in FLAVOURS if f in programs[name]))
        return 0
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    about = facts(options, arguments)  # before the runs: this is what runs
    about["give_up"] = options.give_up
    try:
        storm = Storm(options, programs, read_earlier(options.earlier, about))
    except (OSError, ValueError, KeyError) as e:
        parser.error(f"--continue: {e}")

    def interrupt(number, _):
        storm.interrupted = True
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT is ignored where a shell started this in the background
        signal.signal(number, interrupt)
    storm.run()
    results = storm.results
    names = sorted({name for name, _ in results})
    flavours = [f for f in FLAVOURS if any(f == g for _, g in results)]
    bad = [key for key in sorted(results) if is_bad(key[1], results[key])]

    report = sys.stderr if options.json == "-" else sys.stdout
    if results:
        print(text_table(results, names, flavours), file=report)
    for d in storm.details:
        print(f"\n{d['program']}.{d['flavour']}: {d['class']}: {d['why']}", file=report)
        if d["stderr"].strip():
            print("  | " + d["stderr"].strip().replace("\n", "\n  | "), file=report)
    for name, flavour in bad:
        print(f"bad: {name}.{flavour}; again: {shlex.join([sys.argv[0], '--bin', options.bin, '--only', name, '--flavour', flavour, '-n', str(options.n)])}", file=report)
    if options.json:
        data = {"schema": SCHEMA, **about, "verdict": "bad" if bad else "good",
                "programs": [{"name": name, "flavour": f, **results[name, f]} for name, f in sorted(results)],
                "bad_runs": storm.details}
        if options.json == "-":
            json.dump(data, sys.stdout, indent=1)
        else:
            with open(options.json, "w", encoding="utf-8") as f:
                json.dump(data, f, indent=1)
                f.write("\n")
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as f:
            f.write(markdown(results, names, flavours, about, bad))
    if storm.interrupted:
        return 130
    curfew_runs = sum(r["n"] for (_, f), r in results.items() if f != "baseline")
    print(f"{'bad' if bad else 'good'}: {curfew_runs} runs with curfew, {len(bad)} of "
          f"{sum(f != 'baseline' for _, f in results)} programs bad", file=report)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
