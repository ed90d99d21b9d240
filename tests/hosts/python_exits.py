#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""python_exits.py --python PYTHON --folder FOLDER [--runs N] [--how detached]: interpreters that end while threads of
examples/python_extension, which lies in FOLDER, are busy in Python. None may crash, hang, or lose what a regular thread
has still to do."""
import argparse
import collections
import concurrent.futures
import os
import pathlib
import subprocess
import sys

BUSY = pathlib.Path(__file__).resolve().parents[2] / "examples" / "python_extension" / "busy.py"
LINES = {"main: ends", "first: done", "second: done"}


def outcome(python, folder, how, limit):
    """Of one interpreter: `good`, `crashed`, `hung`, `failed` or `lost`, and what it wrote."""
    words = [python, "-I", "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); sys.argv = ['busy.py'] + {how!r}.split();"
             f" import runpy; runpy.run_path({str(BUSY)!r}, run_name='__main__')"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=limit, stdin=subprocess.DEVNULL,
                              env={**{k: v for k, v in os.environ.items() if not k.startswith("PYTHON")},
                                   # On a busy machine six threads that hand one lock to each other take their time.
                                   "CURFEW_EXIT": "report_after=-1"})
    except subprocess.TimeoutExpired as late:
        return "hung", str(late.stderr or "")
    if done.returncode < 0:
        return "crashed", done.stderr
    if done.returncode != 0 or done.stderr:
        return "failed", done.stderr
    wanted = LINES if not how else {"main: ends"}
    return ("good" if set(done.stdout.split("\n")) - {""} == wanted else "lost"), done.stdout


def count(python, folder, runs, how="", limit=120, jobs=1):
    """`jobs`: so many interpreters at a time."""
    counts, first = collections.Counter(), {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as at_a_time:
        for what, text in at_a_time.map(lambda _: outcome(python, folder, how, limit), range(runs)):
            counts[what] += 1
            first.setdefault(what, text)
    return counts, first


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--how", default="")
    options = parser.parse_args()
    counts, first = count(options.python, options.folder, options.runs, options.how)
    print(dict(counts))
    for what in set(counts) - {"good"}:
        print(f"the first that {what}:\n{first[what]}")
    sys.exit(0 if set(counts) == {"good"} else 1)


if __name__ == "__main__":
    main()
