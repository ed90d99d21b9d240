#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does an interpreter's end crash, hang or lose work while threads of an extension are busy in Python?

    run.py --build BUILD [--runs 1000] [--compared 100] [--jobs 4] [--markdown FILE] [--json FILE]

BUILD is a build with the target example_python_extension, for the system's Python. Each run is an interpreter that ends
while four daemons call Python without pause and two regular threads have work left (examples/python_extension/busy.py).
Beside it the same daemons as detached std::threads, which is how extensions do it.
"""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench" / "common"), str(ROOT / "tests" / "hosts")]
import driver
import machine
import python_exits

OUTCOMES = ("good", "crashed", "hung", "failed", "lost")


def main():
    made = driver.parser(__doc__)
    made.add_argument("--build", required=True, type=lambda path: pathlib.Path(path).resolve())
    made.add_argument("--python", default="/usr/bin/python3")
    made.add_argument("--runs", type=int, default=1000)
    made.add_argument("--compared", type=int, default=100)
    made.add_argument("--jobs", type=int, default=4, help="so many interpreters at a time")
    options = made.parse_args()
    header = machine.header()
    version = subprocess.run([options.python, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    folder = options.build / "examples/python_extension"
    results = {"python": version}
    for name, how, runs in (("curfew", "", options.runs), ("detached", "detached", options.compared)):
        counts, first = python_exits.count(options.python, folder, runs, how, 300 if not how else 60, options.jobs)
        results[name] = {"runs": runs, "counts": dict(counts), "first": first}
    lines = [f"{version}. \"Failed\" is a status other than 0, or anything on stderr; \"lost\" a line that a regular thread has not written.",
             "", "| the extension's threads | exits | " + " | ".join(OUTCOMES) + " |", "|---|---|" + "---|" * len(OUTCOMES)]
    for name, title in (("curfew", "curfew's: four daemons, two regular"), ("detached", "`std::thread::detach`: four")):
        counts = results[name]["counts"]
        lines.append(f"| {title} | {results[name]['runs']} | " + " | ".join(str(counts.get(o, 0)) for o in OUTCOMES) + " |")
    print("\n".join(lines))
    driver.write(options, header, results, "Interpreters that end", lines, indent=1)
    return 0 if set(results["curfew"]["counts"]) == {"good"} else 1


if __name__ == "__main__":
    sys.exit(main())
