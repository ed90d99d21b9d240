#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs small programs against an installed curfew, and says which of them did not end as they must.

  faults.py [--prefix DIR | --install-from BUILD] [--list FILE]... [--only REGEX] [--runs-factor F] [--time-factor F]
            [--jobs N] [--without-not-yet] [--keep]

Builds each program of the lists (every *.json beside this file) in a folder of its own under the temporary directory,
runs it as often as its list says, each run with a time limit, and prints a line for each case: how many of the runs
were right, the median time, and what was wrong. A case that needs a Debian package which is not there is skipped.
The cases that not_yet.txt names are known to fail: they count as neither passed nor failed, and one that passes is
reported, so that its name can be deleted there. The last line is `N passed, N failed`; status 1 if one failed, 2 if
nothing could be run.

A case in a list (name, about: what a user sees, and what is right):
  needs            Debian packages
  sources, build   files beside the list; build: shell commands that run in the build folder, {out}, with {src} (the
                   list's folder), {faults} (this file's), {curfew_flags}; without it the first source is built in the
                   usual way; build_may_refuse: a pattern; a build that fails with it is right, too
  mode             plain-library: a program that is linked with curfew; run, check: `curfew run` or `check` before it
  command          default: ["{out}/prog"]; options: curfew's own; outside: a command before curfew; env: added
  runs, timeout    default 20 and 20 (seconds); at_once: so many at the same time, for a race that needs a busy machine
  want             status (a number or several; default 0), max_seconds; stdout: its lines exactly;
                   stdout_contains, stdout_absent, stderr_contains, stderr_absent: patterns, searched line by line;
                   findings (check): "none", "no errors", or {"lints": one of these must be there, "text": patterns that
                   the JSON of the findings of these kinds must have, all of them, "object": the same in what they say
                   of the object, "absent": patterns that no finding may have, "or_stderr": a pattern that is right
                   instead}
Patterns are Python's, without regard to upper and lower case.
"""
import argparse
import collections
import concurrent.futures
import glob
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

import judge
from programs import Programs, missing_package, run_once, use_prefix

HERE = os.path.dirname(os.path.abspath(__file__))
TOO_LONG = 3  # after so many runs that did not end, or not in time, a case is given up


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="append", metavar="FILE", help="default: every list beside this file")
    parser.add_argument("--only", default="", metavar="REGEX", help="cases whose name it is found in")
    parser.add_argument("--runs-factor", type=float, default=1, metavar="F", help="times as many runs, at least one")
    parser.add_argument("--time-factor", type=float, default=1, metavar="F", help="times as long for every limit")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="so many cases at the same time")
    parser.add_argument("--without-not-yet", action="store_true", help="do not run what not_yet.txt names")
    parser.add_argument("--keep", action="store_true", help="keep the folder, and each wrong run's output")
    parser.add_argument("--prefix", metavar="DIR", help="where curfew is installed, if not where it is found anyway")
    parser.add_argument("--install-from", metavar="BUILD", help="a build tree to install from, for this run only")
    return parser.parse_args()


def names_of(path):
    if not os.path.exists(path):
        return set()
    with open(path, encoding="utf-8") as file:
        return {line.split("#")[0].strip() for line in file} - {""}


def cases_of(paths, pattern):
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for case in json.load(file)["cases"]:
                if re.search(pattern, case["name"]):
                    yield {**case, "src": os.path.dirname(os.path.abspath(path))}


def run_case(case, programs, options):
    """True: passed. None: skipped. And the line that says so."""
    head = f"{case['name']:36} {case['mode']:15}"
    package = missing_package(case.get("needs", []))
    if package:
        return None, f"{head} skipped (needs {package})"
    out, error = programs.build(case)
    if error and "build_may_refuse" in case and judge.has(case["build_may_refuse"], error):
        return True, f"{head} refuses to be built, and says why"
    if error:
        first = next((line for line in error.splitlines() if "error" in line), error.strip().splitlines()[-1])
        return False, f"{head} does not build: {first[:160]}"
    runs = max(1, round(case.get("runs", 20) * options.runs_factor))
    want = dict(case.get("want", {}))
    if "max_seconds" in want:
        want["max_seconds"] *= options.time_factor
    limit = case.get("timeout", 20) * options.time_factor
    wrong, seconds, late, made, good = collections.Counter(), [], 0, 0, 0

    def one(number):
        folder = os.path.join(out, f"{case['name'].replace('/', '-')}.{number}")
        record = folder + ".findings"
        command = [programs.put_in(word, case, out) for word in case.get("command", ["{out}/prog"])]
        if case["mode"] != "plain-library":
            report = ["--json", record] if case["mode"] == "check" else []
            command = ["curfew", case["mode"], *report, *case.get("options", []), "--", *command]
        env = {**os.environ, **{k: programs.put_in(v, case, out) for k, v in case.get("env", {}).items()}}
        result = run_once(case.get("outside", []) + command, env, folder, limit)
        this = judge.what_is_wrong(want, *result, record)
        if not (options.keep and this):
            shutil.rmtree(folder, ignore_errors=True)
        return result, this

    at_once = case.get("at_once", 1)
    with concurrent.futures.ThreadPoolExecutor(at_once) as workers:
        for begin in range(0, runs, at_once):
            for result, this in workers.map(one, range(begin, min(begin + at_once, runs))):
                made += 1
                good += not this
                seconds.append(result[1])
                wrong.update(this)
                late += result[0] is None or result[1] > want.get("max_seconds", 1e9)
            if late >= TOO_LONG:
                break
    middle = sorted(seconds)[len(seconds) // 2]
    why = "; ".join(f"{text} ({count}x)" for text, count in wrong.most_common(4))
    return good == made, f"{head} {good}/{made} {middle:.2f} s  {why}".rstrip()


def label(good, known):
    if good is None:
        return "-    "
    if known:
        return "now  " if good else "known"
    return "ok   " if good else "FAIL "


def prepare(options, top):
    if options.install_from:
        options.prefix = os.path.join(top, "prefix")
        subprocess.run([os.environ.get("CMAKE_COMMAND", "cmake"), "--install", options.install_from, "--prefix",
                        options.prefix], check=True, stdout=subprocess.DEVNULL)
    if options.prefix:
        use_prefix(options.prefix)
    if not shutil.which("curfew"):
        print("curfew is not on PATH; --prefix DIR says where it is installed", file=sys.stderr)
        sys.exit(2)


def main():
    options = arguments()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    not_yet = names_of(os.path.join(HERE, "not_yet.txt"))
    cases = list(cases_of(options.list or sorted(glob.glob(os.path.join(HERE, "*.json"))), options.only))
    for name, count in collections.Counter(case["name"] for case in cases).items():
        if count > 1:
            sys.exit(f"two cases are called {name}")
    if options.without_not_yet:
        cases = [case for case in cases if case["name"] not in not_yet]
    if not cases:
        print("no such case", file=sys.stderr)
        return 2
    passed = failed = 0
    top = tempfile.mkdtemp(prefix="faults.")
    try:
        prepare(options, top)
        programs = Programs(top)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as workers:
            for case, (good, line) in zip(cases, workers.map(lambda c: run_case(c, programs, options), cases)):
                known = case["name"] in not_yet
                passed += good is True and not known
                failed += good is False and not known
                more = "  (passes: delete it from not_yet.txt)" if known and good else ""
                print(f"{label(good, known)} {line}{more}", flush=True)
    finally:
        if options.keep:
            print(f"kept: {top}")
        else:
            shutil.rmtree(top, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
