#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The first minutes of a new user: how long a clean clone takes to show something, to be tested and to be installed.

    run.py [--before COMMIT] [--after COMMIT] [--only STEP,...] [--markdown FILE] [--json FILE]

Each step is timed in a clone of its own with an empty compiler cache, one after the other, `before` and `after` in turn.
The packages that scripts/setup asks for have to be there. The steps:

  first output  scripts/demo, until it has shown a program that fails and its cure
  findings      scripts/demo, until `curfew check` has ended
  demo          scripts/demo, to its end
  install       README.md's line: configure, build, install; and the size of what is installed
  test          scripts/test as README.md has it
"""
import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "common"))
import machine

ROOT = pathlib.Path(__file__).resolve().parents[2]
STEPS = ("demo", "install", "test")
INSTALL = {
    "before": "cmake --preset default && cmake --build --preset default -j2 && cmake --install build/default --prefix {prefix}",
    "after": "cmake --preset release && cmake --build --preset release -j2 && "
             "cmake --install build/release --strip --prefix {prefix}",
}
TEST = {"before": "scripts/test default", "after": "scripts/test"}
SEEN = {"first output": r"first_daemon: \d+ of 100 runs failed", "findings": r"curfew check: status"}


def environment(folder):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CCACHE_", "CMAKE_", "CURFEW_"))}
    return {**kept, "CCACHE_DIR": str(folder / "ccache")}


def processor_time():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def timed(command, clone, seen):
    """Seconds to the end, on the clock and of the processors, and to the first line that each pattern is found in; the
    last line; the status."""
    started, used = time.monotonic(), processor_time()
    marks, last = {}, ""
    process = subprocess.Popen(["bash", "-c", command], cwd=clone, env=environment(clone.parent), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    with open(clone.parent / "output", "w", encoding="utf-8") as log:
        for line in process.stdout:
            log.write(f"{time.monotonic() - started:7.1f} {line}")
            last = line.strip() or last
            for name, pattern in seen.items():
                if name not in marks and re.search(pattern, line):
                    marks[name] = round(time.monotonic() - started, 1)
    status = process.wait()
    return round(time.monotonic() - started, 1), round(processor_time() - used, 1), marks, last, status


def size_of(prefix):
    return sum(path.lstat().st_size for path in prefix.rglob("*") if path.is_file()) / 1e6


def measure(step, side, commit, keep):
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"first-minutes-{side}-{step}-"))
    try:
        clone = folder / "clone"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        subprocess.run(["git", "-C", str(clone), "checkout", "-q", commit], check=True)
        prefix = folder / "prefix"
        command = {"demo": "scripts/demo", "install": INSTALL[side].format(prefix=prefix), "test": TEST[side]}[step]
        seconds, used, marks, last, status = timed(command, clone, SEEN if step == "demo" else {})
        result = {"command": command.replace(str(prefix), "DIR"), "status": status, "processors": used, **{k: marks.get(k) for k in
                  (SEEN if step == "demo" else ())}, step: seconds}
        if step == "install":
            result["megabytes"] = round(size_of(prefix), 1)
        if step == "test":
            result["last line"] = last
        return result
    finally:
        if keep:
            print(f"kept: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def table(about, results):
    def cell(side, step, what, unit="s"):
        value = results.get(side, {}).get(step, {}).get(what)
        return "-" if value is None else f"{value} {unit}".strip()

    rows = [("first output: a program that fails, and its cure", "demo", "first output", "s"),
            ("`curfew run`, and `curfew check` with a finding", "demo", "findings", "s"),
            ("the demo, to its end", "demo", "demo", "s"), ("its processor time", "demo", "processors", "s"),
            ("install", "install", "install", "s"), ("its processor time", "install", "processors", "s"),
            ("size of what is installed", "install", "megabytes", "MB"), ("the tests", "test", "test", "s"),
            ("their processor time", "test", "processors", "s"),
            ("their last line", "test", "last line", "")]
    lines = ["# The first minutes", "", "A clean clone, an empty compiler cache, the packages there: how long it takes until something "
             "is seen, tested, installed. What else the machine does makes the times longer, and the processor times little.",
             "", f"- Command: `{about['command']}`", f"- Before: {about['before']}; after: {about['after']}",
             f"- Machine: {about['machine']}; load at the start: {about['load']:.1f}", "", "| | before | after |", "|---|---|---|"]
    lines += [f"| {name} | {cell('before', step, what, unit)} | {cell('after', step, what, unit)} |"
              for name, step, what, unit in rows]
    lines += ["", "| step | before | after |", "|---|---|---|"]
    lines += [f"| {step} | `{cell('before', step, 'command', '')}` | `{cell('after', step, 'command', '')}` |" for step in STEPS]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", metavar="COMMIT", help="not measured without it")
    parser.add_argument("--after", default="HEAD", metavar="COMMIT", help="default: HEAD")
    parser.add_argument("--only", default=",".join(STEPS), help="some of: demo, install, test")
    parser.add_argument("--markdown", metavar="FILE")
    parser.add_argument("--json", metavar="FILE", help="what was measured; what it has already is kept")
    parser.add_argument("--keep", action="store_true", help="keep the clones")
    options = parser.parse_args()
    results = {}
    if options.json and os.path.exists(options.json):
        results = json.loads(pathlib.Path(options.json).read_text())["results"]
    head = machine.header()
    about = {"command": machine.command(), "before": options.before or "-", "after": options.after if options.after != "HEAD" else
             machine.commit(), "machine": f"{head.get('cpu', head.get('processor', ''))}, {os.cpu_count()} cores",
             "load": os.getloadavg()[0]}
    for step in options.only.split(","):
        for side, commit in (("before", options.before), ("after", options.after)):
            if commit:
                results.setdefault(side, {})[step] = measure(step, side, commit, options.keep)
                print(side, step, results[side][step], flush=True)
                if options.json:
                    pathlib.Path(options.json).write_text(json.dumps({**about, "results": results}, indent=1) + "\n")
    text = table(about, results)
    print(text)
    if options.markdown:
        pathlib.Path(options.markdown).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
