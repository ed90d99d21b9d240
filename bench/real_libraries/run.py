#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs each program of this folder many times, plain beside curfew, and says how its runs ended.

A run has failed when it
  crash    was killed by a signal
  hang     had not ended after the timeout
  status   ended with another status than 0
  lost     ended well, but in a log that is written line by line a line is torn or out of order, or one is missing that
           was logged before main returned
  damaged  left a RocksDB database that does not open, or has a damaged value
  ran-on   (curfew) had a daemon that ran while statics were destroyed

Not failures, but counted:
  destructors skipped   not all static destructors and exit handlers ran
  log incomplete        as "lost", but in a library that keeps lines in memory: a thread that is inside it for ever
                        keeps it from writing them. spdlog_async_shielded says what to do about it; there it is a failure

Flavours: plain, std::thread(…).detach(); curfew, daemons, with curfew::lock_tracking; curfew_untracked, without it.

Exit status: 0; 1 when a run of the flavour curfew failed; 2 when nothing could be run.
"""
import collections
import concurrent.futures
import os
import pathlib
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "bench" / "common"))
import driver  # noqa: E402
import machine  # noqa: E402

FLAVOURS = ("plain", "curfew", "curfew_untracked")
FAILURES = ("crash", "hang", "status", "lost", "damaged", "ran-on")

# Where a program's log lines go; and which libraries keep them in memory for a while.
LOGS = {
    "spdlog_detached_sync": "log",
    "spdlog_detached_async": "log",
    "spdlog_async_shielded": "log",
    "boostlog_detached": "log",
    "log4cxx_detached": "stdout",
    "poco_logger_detached": "stderr",
}
KEPT_IN_MEMORY = {"spdlog_detached_async", "boostlog_detached"}
TORN_END = "torn: the last line does not end"
LOG_LINE = re.compile(rb"worker ([01]) tick (\d+)(?: x{40})?$")


def witness(directory):
    """{"main-returns": (123, 456), …}: see witness.hpp."""
    lines = {}
    try:
        for line in (directory / "witness").read_text().splitlines():
            word, *steps = line.split()
            lines[word] = tuple(map(int, steps))
    except (OSError, ValueError):
        pass
    return lines


def log_fault(path, promised):
    """What is wrong with a log in which at least `promised` lines of each thread must be; None when nothing is."""
    data = path.read_bytes() if path.exists() else b""
    counted = [0, 0]
    for line in data.splitlines():
        if line.startswith(b"curfew:"):
            continue
        found = LOG_LINE.search(line)
        if not found:
            return "torn: " + repr(line[-80:])
        thread, tick = int(found[1]), int(found[2])
        if tick != counted[thread]:
            return f"thread {thread}: line {tick} follows {counted[thread] - 1}"
        counted[thread] += 1
    if data and not data.endswith(b"\n"):
        return TORN_END
    for thread, (have, want) in enumerate(zip(counted, promised)):
        if have < want:
            return f"thread {thread}: {want - have} of {want} lines are missing"
    return None


class Runner:
    def __init__(self, options, scratch):
        self.options = options
        self.scratch = scratch
        self.environment = {k: v for k, v in os.environ.items() if k != "CURFEW_EXIT"}
        self.reopen = options.build / "rocksdb_reopen"

    def run(self, case, variant, flavour, index):
        """One run: (failures, other findings, detail, seconds)."""
        program = self.options.build / f"{case}{variant}.{flavour}"
        directory = self.scratch / f"{program.name}.{index}"
        directory.mkdir()
        with open(directory / "stdout", "wb") as out, open(directory / "stderr", "wb") as err:
            begin = time.monotonic()
            process = subprocess.Popen([program, directory], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                       env=self.environment, start_new_session=True)
            hung = not self.wait(process)
            seconds = time.monotonic() - begin
        failures, findings, detail = self.judge(case, flavour, directory, process.returncode, hung)
        if failures and flavour == "curfew":
            self.keep(directory)
        shutil.rmtree(directory, ignore_errors=True)
        return failures, findings, detail, seconds

    def wait(self, process):
        """True when it ended by itself in time. Not Popen.wait(timeout): that polls, and so is up to 50 ms late."""
        descriptor = os.pidfd_open(process.pid)
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        ended = bool(poll.poll(self.options.timeout * 1000))
        os.close(descriptor)
        if not ended:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return ended

    def judge(self, case, flavour, directory, status, hung):
        if hung:
            return ["hang"], [], ""
        if status < 0:
            return ["crash"], [], signal.Signals(-status).name
        if status != 0:
            return ["status"], [], f"status {status}"
        said = witness(directory)
        failures, findings, detail = [], [], ""
        if "exit-ends" not in said:
            findings.append("skipped")
        if case in LOGS and "main-returns" in said:
            fault = log_fault(directory / LOGS[case], said["main-returns"])
            # Where locks are not tracked a line may end in the middle, by the end of the process or the freeze.
            if fault and not (flavour != "curfew" and fault == TORN_END):
                detail = fault
                (findings if case in KEPT_IN_MEMORY else failures).append("lost")
        if case == "rocksdb_detached" and self.reopen.exists():
            check = subprocess.run([self.reopen, directory], capture_output=True, text=True, timeout=60)
            if check.returncode != 0:
                failures.append("damaged")
                detail = check.stdout.strip() or f"rocksdb_reopen: status {check.returncode}"
        if flavour != "plain" and "exit-ends" in said and said["exit-begins"] != said["exit-ends"]:
            failures.append("ran-on")
            detail = f"steps at the first destructor {said['exit-begins']}, after the last {said['exit-ends']}"
        return failures, findings, detail

    def keep(self, directory):
        """Failed runs of curfew stay, a few of them, for whoever looks into it."""
        kept = self.options.build / "failed"
        kept.mkdir(exist_ok=True)
        target = kept / directory.name
        if len(list(kept.iterdir())) < 20 and not target.exists():
            shutil.copytree(directory, target)


class Tally:
    def __init__(self):
        self.runs = 0
        self.failed = 0
        self.counts = collections.Counter()
        self.details = collections.Counter()
        self.findings = collections.Counter()
        self.seconds = []

    def add(self, failures, findings, detail, seconds):
        self.runs += 1
        self.failed += bool(failures)
        self.counts.update(failures)
        if detail and (detail in self.details or len(self.details) < 20):
            self.details[detail] += 1
        self.findings.update(findings)
        self.seconds.append(seconds)

    def cell(self):
        percent = f"{100 * self.failed / self.runs:.1f}".rstrip("0").rstrip(".")
        kinds = ", ".join(f"{kind} {self.counts[kind]}" for kind in FAILURES if self.counts[kind])
        return f"{percent} %" + (f" ({kinds})" if kinds else "")

    def data(self):
        times = sorted(self.seconds)
        return {
            "runs": self.runs,
            "failed": self.failed,
            **{kind: self.counts[kind] for kind in FAILURES},
            "destructors_skipped": self.findings["skipped"],
            "log_incomplete": self.findings["lost"],
            "details": dict(self.details),
            "seconds": {"median": round(times[len(times) // 2], 4), "max": round(times[-1], 4)},
        }


class Progress:
    def __init__(self, total):
        self.total = total
        self.done = 0
        self.begin = self.said = time.monotonic()

    def step(self, what):
        self.done += 1
        now = time.monotonic()
        terminal = sys.stderr.isatty()
        if self.done < self.total and now - self.said < (0.2 if terminal else 15):
            return
        self.said = now
        left = (now - self.begin) / self.done * (self.total - self.done)
        line = f"{self.done}/{self.total} runs, about {left:.0f} s left: {what}"
        print(f"\r{line:<78}" if terminal else line, end="" if terminal else "\n", file=sys.stderr, flush=True)


def measure(options, cases, flavours):
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    tallies = {}
    progress = Progress(len(cases) * 2 * len(flavours) * options.n)
    with tempfile.TemporaryDirectory(prefix="curfew-real-libraries-") as scratch, \
            concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        runner = Runner(options, pathlib.Path(scratch))

        def one(job):
            return job, runner.run(*job)

        for case in cases:
            for variant in ("", "_cache"):
                # Side by side: run i of every flavour, then run i + 1.
                jobs = [(case, variant, flavour, i) for i in range(options.n) for flavour in flavours]
                for (_, _, flavour, _), outcome in pool.map(one, jobs):
                    tallies.setdefault((case, variant, flavour), Tally()).add(*outcome)
                    progress.step(case + variant)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return tallies


def table(tallies, cases, flavours):
    timed = "curfew" if "curfew" in flavours else flavours[0]
    titles = {flavour: flavour.replace("_", ", ") for flavour in flavours}
    rows = [["case", *(f"{titles[f]}: failed" for f in flavours),
             *(f"{titles[f]}: destructors skipped, log incomplete" for f in flavours),
             f"{titles[timed]}: median, slowest"]]
    for case in cases:
        for variant in ("", "_cache"):
            row = [case + (", slower exit" if variant else "")]
            row += [tallies[case, variant, f].cell() for f in flavours]
            for f in flavours:
                tally = tallies[case, variant, f]
                log = str(tally.findings["lost"]) if case in KEPT_IN_MEMORY else "–"
                row.append(f"{tally.findings['skipped']}, {log}")
            times = tallies[case, variant, timed].data()["seconds"]
            row.append(f"{1000 * times['median']:.0f} ms, {1000 * times['max']:.0f} ms")
            rows.append(row)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def report(options, manifest, header, tallies, cases, flavours, text):
    data = {
        "schema": "curfew.bench.real_libraries/1",
        "libraries": manifest.get("libraries", {}),
        "runs_each": options.n,
        "timeout_seconds": options.timeout,
        "results": [{"case": case, "slower_exit": bool(variant), "flavour": flavour, **tally.data()}
                    for (case, variant, flavour), tally in tallies.items()],
    }
    libraries = ", ".join(f"{name} {version}" for name, version in sorted(manifest.get("libraries", {}).items()))
    driver.write(options, header, data, "Real libraries: the end of a program with background threads", [
        f"{options.n} runs each, side by side, {options.timeout:g} s each at most. `plain` is "
        "`std::thread(…).detach()`; `curfew` the same program with daemons, linked with `curfew::lock_tracking`; "
        "`curfew, untracked` without that. \"Slower exit\": with a cache of 100 000 entries among the statics. "
        "What counts as a failure: `run.py --help`.",
        "",
        f"Libraries: {libraries}.",
        "",
        text,
    ], indent=1)


def main():
    parser = driver.parser(__doc__)
    driver.add_build(parser, "real_libraries")
    parser.add_argument("-n", type=int, default=300, help="runs of each program (default 300)")
    parser.add_argument("-j", type=int, default=1, help="runs at a time (default 1)")
    parser.add_argument("--only", action="append", metavar="CASE", help="this case only; may be repeated")
    parser.add_argument("--flavours", default="plain,curfew,curfew_untracked", help="default: %(default)s")
    parser.add_argument("--timeout", type=float, default=5, metavar="SECONDS", help="of each run (default 5)")
    options = parser.parse_args()
    manifest = driver.manifest(options)
    flavours = options.flavours.split(",")
    unknown = [name for name in options.only or [] if name not in manifest["cases"]]
    unknown += [name for name in flavours if name not in FLAVOURS]
    cases = [name for name in manifest["cases"] if name and (not options.only or name in options.only)]
    if unknown or not cases or options.n < 1 or options.j < 1:
        print(f"unknown or not built: {', '.join(unknown) or 'everything'}; built: {', '.join(manifest['cases'])}",
              file=sys.stderr)
        return 2
    missing = [name for case in cases for variant in ("", "_cache") for flavour in flavours
               if not (options.build / (name := f"{case}{variant}.{flavour}")).exists()]
    if missing:
        print(f"not built: {', '.join(missing)}", file=sys.stderr)
        return 2
    header = machine.header(manifest)
    tallies = measure(options, cases, flavours)
    text = table(tallies, cases, flavours)
    print(text)
    report(options, manifest, header, tallies, cases, flavours, text)
    bad = [(key, tally) for key, tally in tallies.items() if key[2] == "curfew" and tally.failed]
    for (case, variant, flavour), tally in bad:
        print(f"FAILED: {case}{variant}.{flavour}: {tally.cell()}; "
              + "; ".join(f"{detail} ({count})" for detail, count in tally.details.most_common(5)), file=sys.stderr)
    if bad:
        print(f"some of these runs are kept in {options.build / 'failed'}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
