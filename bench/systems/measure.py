#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the tests, the storm and the programs that once failed say on the system that this runs on, as JSON.

    measure.py --build DIR --json FILE [--labels REGEX] [--jobs N] [--storm N --only NAMES] [--faults REGEX]

DIR is a build tree with tests; it may have been built on an older system than the one it runs on. A test that fails is run
twice more by itself: on a busy machine a limit of time may have passed; what failed first and passed then is counted
apart. table.py makes the table of several such files.
"""
import argparse
import json
import os
import platform
import re
import shlex
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def output(*words):
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False, cwd=ROOT)
    except OSError:
        return ""
    return done.stdout.strip()


def system():
    with open("/etc/os-release", encoding="utf-8") as file:
        name = re.search(r'^PRETTY_NAME="(.*)"', file.read(), re.M)
    return name[1] if name else platform.system()


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        name = re.search(r"^model name\s*: (.*)$", file.read(), re.M)
    return name[1] if name else platform.machine()


def run_tests(build, arguments):
    """Name and outcome of each."""
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        subprocess.run(["ctest", "--test-dir", build, "--output-junit", file.name, *arguments], check=False,
                       stdout=subprocess.DEVNULL)
        return {case.get("name"): case.get("status") for case in xml.parse(file.name).getroot().iter("testcase")}


def tests(options):
    outcome = run_tests(options.build, ["-j", str(options.jobs), "-L", options.labels])
    failed = sorted(name for name, status in outcome.items() if status == "fail")
    still = []
    for name in failed:
        for _ in range(2):
            again = run_tests(options.build, ["-R", f"^{re.escape(name)}$"])
            if again.get(name) == "run":
                break
        else:
            still.append(name)
    return {"passed": sum(status == "run" for status in outcome.values()) + len(failed) - len(still),
            "passed_alone": sorted(set(failed) - set(still)), "failed": still,
            "not_run": sum(status not in ("run", "fail") for status in outcome.values())}


def storm(options):
    command = [sys.executable, os.path.join(ROOT, "bench/exit_storm/storm.py"), "--bin",
               os.path.join(options.build, "bench/exit_storm"), "--flavour", "tracked", "-n", str(options.storm), "-j",
               str(options.jobs), "--seconds", "25", "--timeout", "20", "--quiet", "--json", "-"]
    if options.only:
        command += ["--only", options.only]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return json.loads(done.stdout)


def faults(options):
    command = [sys.executable, os.path.join(ROOT, "tests/faults/faults.py"), "--install-from", options.build, "--only",
               options.faults, "--runs-factor", "0.5", "--time-factor", "2", "--without-not-yet"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    wrong = re.findall(r"^wrong +(\S+)", done.stdout, re.M)
    last = re.search(r"^(\d+) passed, (\d+) failed", done.stdout, re.M)
    return {"passed": int(last[1]), "failed": int(last[2]), "wrong": wrong} if last else {"error": done.stdout[-500:]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=os.path.abspath)
    parser.add_argument("--json", required=True)
    parser.add_argument("--labels", default="^(unit|lifetime|command|python)$")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--storm", type=int, metavar="N", help="so many runs of each program, 25 s of each at most")
    parser.add_argument("--only", help="these programs of the storm")
    parser.add_argument("--faults", metavar="REGEX", help="these programs of tests/faults")
    parser.add_argument("--built-with", default="the same system", help="what DIR was built on")
    parser.add_argument("--commit", default=output("git", "rev-parse", "--short=12", "HEAD"))
    options = parser.parse_args()
    result = {
        "schema": "curfew.systems/1", "system": system(), "c_library": os.confstr("CS_GNU_LIBC_VERSION"),
        "kernel": platform.release(), "processor": processor(), "cores": os.cpu_count(), "commit": options.commit,
        "command": shlex.join(["bench/systems/measure.py", *sys.argv[1:]]), "built_with": options.built_with,
    }
    # What was measured is written at once: it takes long, and may be broken off.
    for name, measure, wanted in (("tests", tests, options.labels), ("storm", storm, options.storm),
                                  ("faults", faults, options.faults)):
        if wanted:
            result[name] = measure(options)
            with open(options.json, "w", encoding="utf-8") as file:
                json.dump(result, file, indent=1)
                file.write("\n")


main()
