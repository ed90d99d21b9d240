#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a sample suite and holds its failures against what it leaves behind: suite.py FRAMEWORK SUITE."""
import re
import subprocess
import sys

FRAMEWORK, SUITE = sys.argv[1:]
BAD = {"leaves_a_daemon", "leaves_a_foreign_thread"}
GOOD = {"joins", "joins_after_that", "leaves_one_that_ends_soon", "leaves_one_allowed_by_name", "leaves_one_allowed_by_function"}
faults = []


def check(good, *what):
    if not good:
        faults.append(" ".join(map(str, what)))


def run(*words):
    done = subprocess.run([SUITE, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def one(test):
    return run(f"--gtest_filter=Suite.{test}") if FRAMEWORK == "gtest" else run(test) if FRAMEWORK == "catch2" else run(f"-tc={test}")


for name in sorted(GOOD):
    status, out = one(name)
    check(status == 0 and "left threads behind" not in out, name, "fails:", status, out)
for name in sorted(BAD):
    status, out = one(name)
    check(status == 1, name, "ends with", status, out)
    check(f"{name} left threads behind:" in out, name, "is not named:", out)
    check(re.search(r"^ *(sample::)?left_function", out, re.M), name, "has no stack:", out)
    out = re.sub(r"\n\s+", "", out)  # Catch2 breaks long lines
    if name == "leaves_a_daemon":
        check(re.search(r'"left daemon" \(#1\), daemon, .* old, started at .*sample\.hpp:\d+', out), name, "was started where?", out)
    else:
        check(re.search(r'"left foreign" \(thread id \d+\), not started by curfew', out), name, out)

status, out = run()
more = {"gtest": ["the suite Whole"], "catch2": ["leaves_one_in_a_section"], "doctest": ["leaves_one_in_a_section"]}[FRAMEWORK]
said = re.findall(r"(\S.*) left threads behind:", out)
said = [re.sub(r"^.*(ERROR: |Suite\.)", "", name) for name in said]
check(sorted(said) == sorted([*BAD, *more]), "who left threads behind:", said, out)
check(status != 0, "status of all", status)
count = {"gtest": r" 3 FAILED TEST|2 FAILED TESTS", "catch2": r"3 failed", "doctest": r"test cases: +8 \| +5 passed \| +3 failed"}[FRAMEWORK]
check(re.search(count, out), "the count:", out[-600:])
print("\n".join(faults) or "as it should be")
sys.exit(bool(faults))
