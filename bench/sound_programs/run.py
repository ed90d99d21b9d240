#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sound programs of Debian, plain and under `curfew check`: the same output and status, and nothing that is not so.

    run.py --curfew BINARY [--json FILE] [--markdown FILE] [PROGRAM...]

servers.py, runtimes.py and tools.py have the programs, each with a bounded piece of work, on the loopback where it is a
server. A program whose Debian package is missing is skipped, and that is printed (`scripts/setup sound` installs them).
Each runs twice plain: what differs between those two is no program for a comparison. A finding needs a verdict in
verdicts.json, from a look at the program's source or its behaviour: `right` or `wrong`, and why.

The status is 0 if every program did as plain, no finding is of severity error, and all findings have the verdict right.
"""

import collections
import importlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "common")]
import driver  # noqa: E402
import machine  # noqa: E402
from processes import PROGRAMS  # noqa: E402

for part in ("servers", "runtimes", "tools"):
    importlib.import_module(part)


def once(function, prefix):
    with tempfile.TemporaryDirectory(prefix="curfew_sound.") as at:
        try:
            # A program may write its folder, or its port, into what is compared.
            return json.loads(json.dumps(function(prefix, Path(at))).replace(at, "AT"))
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as e:
            return ["failed", re.sub(r"curfew_sound\.\w+", "AT", str(e))]


def statuses(result):
    """The numbers of a result: statuses, and what was counted."""
    if isinstance(result, list):
        return [s for part in result for s in statuses(part)]
    return [result] if isinstance(result, int) else []


def told(finding):
    """A finding as the verdicts name it: its name, the thread that it is about, and where that was started."""
    threads = finding["threads"]
    if not threads:
        return finding["lint"]
    at = threads[0]["created_at"]
    return " ".join(part for part in (finding["lint"], re.sub(r"[\d.-]+", "", threads[0]["name"]),
                                      at["module"] or at["function"]) if part)


def verdict_of(verdicts, name, finding):
    for pattern, verdict in verdicts.get(name, {}).items():
        if re.fullmatch(pattern, told(finding)):
            return verdict
    return None


def measure(name, curfew, verdicts):
    function, package, needs = PROGRAMS[name]
    row = {"program": name, "package": package}
    if any(shutil.which(need) is None for need in needs):
        return {**row, "skipped": f"needs {package}"}
    plain = [once(function, []) for _ in range(2)]
    if plain[0] != plain[1] or (isinstance(plain[0], list) and plain[0][:1] == ["failed"]):
        return {**row, "skipped": f"no program for a comparison: plain it gives {str(plain)[:600]}"}
    with tempfile.TemporaryDirectory() as at:
        file = Path(at) / "findings.json"
        # Whoever else the program is run as is to be able to write it.
        checked = once(function, [curfew, "check", "--quiet", "--fail-on", "none", "--json", str(file), "--"])
        report = json.loads(file.read_text()) if file.exists() and file.stat().st_size else None
    row |= {"equal": checked == plain[0], "status_equal": statuses(checked) == statuses(plain[0])}
    if not row["equal"]:
        row |= {"plain": plain[0], "checked": checked}
    if report is None:
        return {**row, "findings": [], "no_report": True}
    findings = [{"told": told(f), "severity": f["severity"], "message": f["message"],
                 "verdict": verdict_of(verdicts, name, f)} for f in report["findings"]]
    return {**row, "seconds": round(report["exit"]["length_ms"] / 1e3, 2), "threads_at_exit": report["exit"]["threads"],
            "exit_seen": report["exit"]["seen"], "kept": report["kept"], "findings": findings}


def is_good(row):
    return "skipped" in row or (row["equal"] and row["status_equal"] and not row.get("no_report") and all(
        f["severity"] == "warning" and (f["verdict"] or "").startswith("right") for f in row["findings"]))


def cell(row):
    """Findings by severity, and what a look at each has shown."""
    count = collections.Counter(f["severity"] for f in row["findings"])
    counted = ", ".join(f"{n} {severity}{'s' if n > 1 else ''}" for severity, n in sorted(count.items())) or "none"
    looked = "; ".join(dict.fromkeys(f"{f['told']}: {f['verdict'] or 'not looked at'}" for f in row["findings"]))
    kept = ", ".join(f"{k['threads']} kept by {k['owner']}" for k in row.get("kept", []))
    how = "" if row.get("exit_seen", True) else "left by _exit"
    return counted, "; ".join(part for part in (looked, kept, how) if part) or "–"


def yes(value):
    return "yes" if value else "NO"


def main():
    parser = driver.parser(__doc__)
    parser.add_argument("--curfew", required=True, type=Path)
    parser.add_argument("program", nargs="*", choices=[[], *PROGRAMS])
    args = parser.parse_args()
    header = machine.header()
    verdicts = json.loads((HERE / "verdicts.json").read_text())
    rows = []
    for name in args.program or PROGRAMS:
        row = measure(name, str(args.curfew.resolve()), verdicts)
        rows.append(row)
        if "skipped" in row:
            print(f"{name:22} skipped: {row['skipped']}", flush=True)
            continue
        print(f"{name:22} {'as plain' if row['equal'] else 'DIFFERENT'}, {row.get('threads_at_exit')} threads at the exit, "
              f"{cell(row)[0]}", flush=True)
        if not row["equal"]:
            print(f"    plain  {str(row['plain'])[:1000]}\n    check  {str(row['checked'])[:1000]}")
        for f in row["findings"]:
            if not (f["verdict"] or "").startswith("right") or f["severity"] == "error":
                print(f"    {f['severity']} {f['told']}: {f['message']} ({f['verdict'] or 'no verdict'})")
    ran = [row for row in rows if "skipped" not in row]
    good = [row for row in ran if is_good(row)]
    with_threads = [row for row in ran if row.get("threads_at_exit")]
    summary = f"{len(good)} of {len(ran)} right; {len(with_threads)} had threads when their exit began"
    lines = ["Each program once under the command, and twice plain. Threads: those beside the exiting one when the exit began, "
             "in all of its processes. Of each finding it was looked up whether it is right.", "", summary + ".", "",
             "| program | threads at exit | output as plain | status as plain | findings | looked at |", "|---|---|---|---|---|---|"]
    for row in ran:
        counted, looked = cell(row)
        lines.append(f"| {row['program']} | {row.get('threads_at_exit', '–')} | {yes(row['equal'])} | {yes(row['status_equal'])} | {counted} | "
                     f"{looked} |".replace("\n", " "))
    skipped = [row for row in rows if "skipped" in row]
    if skipped:
        lines += ["", "Not run: " + ", ".join(row["program"] for row in skipped) + "."]
    driver.write(args, header, {"rows": rows}, "Sound programs under `curfew check`", lines, indent=1)
    print(summary)
    return 0 if ran and len(good) == len(ran) else 1


if __name__ == "__main__":
    sys.exit(main())
