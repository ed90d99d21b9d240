#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a program to its end and holds it against what its source says it proves.

    run.py [--factor N] [--case NAME] [--emulator COMMAND] EXPECTATIONS PROGRAM

EXPECTATIONS is a file with lines that begin with `//! `, usually the program's source:

    args: WORD ...          its arguments; {case} is the name of the case
    under: WORD ...         run it under the command (--command): these words, --, the program
    env: NAME=VALUE         one more environment variable
    env+: NAME=VALUE        appended to what it has
    stdin: open             a pipe that nobody writes to (otherwise /dev/null)
    signal: NAME after TEXT sent when the line TEXT has appeared on stdout (or `after TEXT on stderr`)
    seconds: MIN..MAX       how long it may take; MAX is multiplied by the factor (default 0..10)
    status: N [N ...]       its exit status, one of these (default 0)
    out: TEXT               the next line on stdout
    out~ REGEX              a line that matches as a whole
    out* REGEX              any number of lines that match
    err: err~ err*          the same for stderr; without one of them it must be empty
    repeat: N               as many runs, each held against the same
    case: NAME              what follows is for one case; what stands before the first is for all

A program that ends with 77 after the line `skipped: REASON` on stdout is skipped.
"""

import argparse
import itertools
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time

SKIPPED = 77


class Case:
    def __init__(self, name, base=None):
        self.name = name
        self.args = list(base.args) if base else []
        self.under = base.under if base else None
        self.env = dict(base.env) if base else {}
        self.stdin_open = base.stdin_open if base else False
        self.signals = list(base.signals) if base else []
        self.seconds = base.seconds if base else (0.0, 10.0)
        self.status = base.status if base else [0]
        self.lines = {"out": list(base.lines["out"]) if base else [], "err": list(base.lines["err"]) if base else []}
        self.repeat = base.repeat if base else 1

    def take(self, line):
        stream = re.match(r"(out|err)([:~*])(?: (.*))?$", line)
        if stream:
            self.lines[stream[1]].append((stream[2], stream[3] or ""))
            return
        key, separator, value = line.partition(":")
        value = value.strip()
        if not separator:
            raise ValueError(line)
        if key == "args":
            self.args = shlex.split(value)
        elif key == "under":
            self.under = shlex.split(value)
        elif key == "env":
            name, _, text = value.partition("=")
            self.env[name] = text
        elif key == "env+":
            name, _, text = value.partition("=")
            self.env[name] += text
        elif key == "stdin":
            self.stdin_open = {"open": True}[value]
        elif key == "signal":
            found = re.match(r"(\w+) after (.*?)( on stderr)?$", value)
            self.signals.append((getattr(signal, "SIG" + found[1]), found[2], "err" if found[3] else "out"))
        elif key == "seconds":
            low, _, high = value.partition("..")
            self.seconds = (float(low), float(high))
        elif key == "status":
            self.status = [int(word) for word in value.split()]
        elif key == "repeat":
            self.repeat = int(value)
        else:
            raise ValueError(line)

    def words(self, program, command, emulator):
        before = shlex.split(emulator) if self.under is None else [command, *self.under, "--"]
        return [*before, program, *(word.replace("{case}", self.name) for word in self.args)]

    def pattern(self, stream):
        parts = []
        for kind, text in self.lines[stream]:
            text = re.escape(text) if kind == ":" else f"(?:{text})"
            parts.append(f"(?:{text}\\n)*" if kind == "*" else f"{text}\\n")
        return "".join(parts)


def read_cases(path):
    everything = Case("")
    cases = []
    with open(path, encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            if not text.startswith("//! "):
                continue
            line = text[4:].rstrip("\n")
            try:
                if line.startswith("case:"):
                    cases.append(Case(line[5:].strip(), everything))
                else:
                    (cases[-1] if cases else everything).take(line)
            except (ValueError, TypeError, KeyError, AttributeError):
                sys.exit(f"{path}:{number}: not understood: {line}")
    return cases or [everything]


class Stream:
    """What a program writes, read while it runs."""

    def __init__(self, file):
        self.file = file
        self.data = b""
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        while chunk := os.read(self.file.fileno(), 65536):
            self.data += chunk

    def text(self):
        return self.data.decode("utf-8", "backslashreplace")

    def has_line(self, line):
        return line in self.text().splitlines()


def tasks_of(pid):
    """Where each thread stands: the one thing to know of a program that hangs."""
    lines = []
    try:
        for task in sorted(os.listdir(f"/proc/{pid}/task"), key=int):
            words = []
            for name in ("comm", "wchan", "syscall"):
                try:
                    with open(f"/proc/{pid}/task/{task}/{name}", encoding="utf-8") as file:
                        words.append(file.read().strip())
                except OSError:
                    words.append("?")
            lines.append(f"  thread {task}: {' | '.join(words)}")
    except OSError:
        pass
    return lines


def run(case, words, factor):
    """One run; a list of what is wrong with it, or None when it was skipped."""
    faults = []
    low, high = case.seconds[0], case.seconds[1] * factor
    environment = {k: v for k, v in os.environ.items() if k != "CURFEW_EXIT"}
    environment.update(case.env)
    # A child of fork may start threads here, and a daemon that has ended need not have been joined.
    environment["TSAN_OPTIONS"] = "die_after_fork=0:report_thread_leaks=0:atexit_sleep_ms=0:" + environment.get("TSAN_OPTIONS", "")
    with tempfile.TemporaryDirectory(prefix="curfew-test-") as directory:
        environment["CURFEW_TEST_DIR"] = directory
        start = time.monotonic()
        # A session of its own, so that a run that hangs can be ended with all its children.
        process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE if case.stdin_open else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=directory,
            start_new_session=True,
        )
        streams = {"out": Stream(process.stdout), "err": Stream(process.stderr)}
        hung = False
        for number, line, stream in case.signals:
            while not streams[stream].has_line(line) and process.poll() is None and time.monotonic() - start < high:
                time.sleep(0.002)
            if process.poll() is None and streams[stream].has_line(line):
                process.send_signal(number)
            else:
                faults.append(f"{number.name} was not sent: no line {line!r} in time")
        try:
            process.wait(timeout=max(0.0, high - (time.monotonic() - start)))
        except subprocess.TimeoutExpired:
            hung = True
            faults.append(f"did not end within {high:g} s; its threads (name | where | system call):")
            faults += tasks_of(process.pid)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        took = time.monotonic() - start
        for stream in streams.values():
            stream.thread.join(timeout=10 * factor)
            if stream.thread.is_alive():
                faults.append("a child of it still holds its output open")
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        if case.stdin_open:
            process.stdin.close()
    out = streams["out"].text()
    if process.returncode == SKIPPED and (found := re.search(r"^skipped: .*$", out, re.M)):
        print(found[0])
        return None
    if not hung and process.returncode not in case.status:
        faults.append(f"status {process.returncode}, not {' or '.join(map(str, case.status))}")
    if took < low:
        faults.append(f"took {took:.3f} s, less than {low:g} s")
    for name, stream in (("out", "stdout"), ("err", "stderr")):
        text = streams[name].text()
        if not re.fullmatch(case.pattern(name), text):
            faults.append(f"{stream} is not as expected")
            faults += [f"  expected{kind} {line}" for kind, line in case.lines[name]] or ["  expected: nothing"]
            shown = [(line, len(list(same))) for line, same in itertools.groupby(text.splitlines())]
            faults += [f"  got      {line}" + (f"   ({n} times)" if n > 1 else "") for line, n in shown[:60]]
            if len(shown) > 60:
                faults.append(f"  … and {len(shown) - 60} other lines")
            if not text.endswith("\n"):
                faults.append("  (the end of a line is missing)" if text else "  got      nothing")
    if faults:
        settings = [f"{k}={shlex.quote(v)}" for k, v in case.env.items()]
        before = ["sleep 1000 |"] if case.stdin_open else []
        faults.append("by hand: " + " ".join([*before, *settings, *map(shlex.quote, words)]))
    return faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--factor", type=float, default=1.0)
    parser.add_argument("--case", help="only this one")
    parser.add_argument("--command", type=os.path.abspath, help="what `under:` starts with")
    parser.add_argument("--emulator", default="", help="a command line that runs the program")
    parser.add_argument("expectations")
    parser.add_argument("program")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    failed = 0
    skipped = False
    for case in read_cases(options.expectations):
        if options.case is not None and case.name != options.case:
            continue
        for turn in range(case.repeat):
            faults = run(case, case.words(os.path.abspath(options.program), options.command, options.emulator), options.factor)
            if faults is None:
                skipped = True
                break
            if faults:
                failed += 1
                label = f"case {case.name}" if case.name else "run"
                print(f"FAILED: {label} {turn + 1} of {case.repeat}" if case.repeat > 1 else f"FAILED: {label}")
                print("\n".join(faults))
                only = ["--case", case.name] if case.name else []
                if options.command:
                    only += ["--command", options.command]
                if options.emulator:
                    only += ["--emulator", options.emulator]
                again = [sys.executable, os.path.abspath(__file__), "--factor", f"{options.factor:g}", *only]
                print("again:   " + shlex.join([*again, options.expectations, options.program]), flush=True)
                break
    if failed:
        return 1
    return SKIPPED if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
