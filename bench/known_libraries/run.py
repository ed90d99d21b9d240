#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What becomes of the threads that libraries start, when main returns without the library's end call.

    run.py --curfew CURFEW [--runs N] [--verify] [--only NAME...] [--json FILE] [--markdown FILE]

Each program in programs/ uses one library; its `//!` lines say which, the Debian packages it needs, the compiler's flags
and, where it is not gcc or g++, the compiler. A program whose packages are missing is skipped, and that is printed.
Nothing is installed. Each program runs once plain and N times under `curfew check`: output and status must be the same.
What stands behind `#ifdef ENDED` is the library's end call; with it nothing must be found.

The table has the row of tool/check/findings/known_libraries.cpp that was used; "by design" where it says that the
library keeps the thread. --verify: status 1 if a row was used by no program, if a program ended otherwise under
`check` than plain, if `check` found an error, or anything in spite of the end call.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))
import driver  # noqa: E402
import machine  # noqa: E402

PROGRAMS = Path(__file__).resolve().parent / "programs"
TABLE = machine.ROOT / "tool" / "check" / "findings" / "known_libraries.cpp"
TIME_LIMIT = 60

parser = driver.parser(__doc__)
parser.add_argument("--curfew", default="curfew")
parser.add_argument("--runs", type=int, default=3, help="under `check`, of each program (default: 3)")
parser.add_argument("--verify", action="store_true", help="status 1 if a row was not used or something was wrong")
parser.add_argument("--only", nargs="*", default=[], metavar="NAME")
options = parser.parse_args()
curfew = os.path.abspath(shutil.which(options.curfew) or sys.exit(f"no {options.curfew}"))


def about(source):
    """What the `//!` lines say, and the comment above them."""
    text = source.read_text(encoding="utf-8")
    return {"compiler": "g++" if source.suffix == ".cpp" else "gcc", **dict(re.findall(r"^//! (\w+): (.*)$", text, re.M))}


def versions(packages):
    """{package: version}, without those that are not installed."""
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status} ${Version}\n", *packages],
                          capture_output=True, text=True, check=False)
    return {line.split()[0]: line.split()[2] for line in done.stdout.splitlines() if line.split()[1] == "installed"}


def rows():
    """Module, thread, owner and whether by design of each row of the table."""
    row = re.compile(r'\{\s*"([^"]+)",\s*"([^"]*)",\s*"([^"]+)",\s*(true|false),\s*((?:"[^"]*"\s*)+)(?:,\s*\w+)?\}')
    found = []
    for module, thread, owner, by_design, advice in row.findall(TABLE.read_text(encoding="utf-8")):
        found.append({"module": module, "thread": thread, "owner": owner, "by_design": by_design == "true",
                      "advice": re.sub(r'"\s*"', "", advice).strip().strip('"'), "used_by": []})
    return found


def without_numbers(text):
    """Process ids, times and addresses differ from run to run."""
    return re.sub(r"[0-9]+", "N", text)


def run(words, at):
    """Status, output and errors; the status is None when it took too long."""
    at.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(at), "LC_ALL": "C", "TZ": "UTC"}
    if os.geteuid() == 0:  # Open MPI asks for these
        environment |= {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    try:
        done = subprocess.run(words, cwd=at, stdin=subprocess.DEVNULL, capture_output=True, env=environment,
                              timeout=TIME_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return None, "", b""
    return done.returncode, without_numbers(done.stdout.decode("utf-8", "replace")), done.stderr


def check(program, at):
    record = at.with_suffix(".json")
    status, printed, _ = run([curfew, "check", "--quiet", "--fail-on", "none", "--json", str(record), "--", program], at)
    result = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {"findings": [], "kept": []}
    return {"status": status, "output": printed, "findings": result["findings"], "kept": result["kept"]}


def threads_of(result, program):
    """How many threads of which name, started in which module, still ran, as the findings have it; those that the
    library keeps by design have only their owner."""
    seen = Counter()
    for f in result["findings"]:
        if f["lint"] == "thread-running-at-exit":
            thread = f["threads"][0]
            name = "without a name" if program.startswith(thread["name"]) else re.sub("[0-9]+$", "N", thread["name"])
            seen[f"{name} ({thread['created_at']['module'] or 'not known'})"] += f["count"]
    return seen


def use_rows(table, name, result):
    used = []
    for row in table:
        if any(k["owner"] == row["owner"] for k in result["kept"]) if row["by_design"] else \
           any(f["advice"] == row["advice"] and f" of {row['owner']} " in f["message"] for f in result["findings"]):
            used.append(row)
            if name not in row["used_by"]:
                row["used_by"].append(name)
    return used


def build(source, said, work, ended=False):
    """The program's path; None, with a message, when it does not compile."""
    program = work / (source.stem + (".ended" if ended else ""))
    words = [said["compiler"], *(["-std=c++20"] if source.suffix == ".cpp" else []), *(["-DENDED"] if ended else []),
             "-O1 -g", str(source), "-o", str(program), said["flags"]]
    built = subprocess.run(" ".join(words), shell=True, capture_output=True, text=True, check=False)
    if built.returncode == 0:
        return program
    print(f"skipped: {source.name} does not compile: {built.stderr[-300:]}", flush=True)
    return None


def with_end_call(source, said, work):
    """What `check` finds then; None when there is no such call."""
    if "#ifdef ENDED" not in source.read_text(encoding="utf-8"):
        return None
    program = build(source, said, work, ended=True)
    if program is None:
        return ["it does not compile with its end call"]
    result = check(str(program), work / f"{source.stem}.ended.0")
    found = [f"{f['lint']}: {f['message']}" for f in result["findings"]]
    return found + ([f"status {result['status']}"] if result["status"] != 0 else [])


def measure(source, work, table):
    said = about(source)
    packages = said["packages"].split()
    installed = versions(packages)
    if missing := [p for p in packages if p not in installed]:
        print(f"skipped: {source.name}: no {' '.join(missing)}", flush=True)
        return None
    program = build(source, said, work)
    if program is None:
        return None
    plain = run([str(program)], work / f"{source.stem}.plain")
    results = [check(str(program), work / f"{source.stem}.{i}") for i in range(options.runs)]
    seen, kept, said_by_check, used, wrong = Counter(), Counter(), Counter(), [], []
    for r in results:
        seen |= threads_of(r, source.stem)
        for k in r["kept"]:
            kept[k["owner"]] = max(kept[k["owner"]], k["threads"])
        for lint in {f["lint"] for f in r["findings"]} or {"nothing"}:
            said_by_check[lint] += 1
        for row in use_rows(table, source.name, r):
            if row not in used:
                used.append(row)
        if (r["status"], r["output"]) != plain[:2]:
            wrong.append(f"status {r['status']}, plain {plain[0]}" if r["status"] != plain[0] else "other output")
        wrong += [f"{f['lint']}: {f['message']}" for f in r["findings"] if f["severity"] == "error"]
    ended = with_end_call(source, said, work)
    wrong += [f"with its end call, {text}" for text in ended or []]
    one = {"program": source.name, "library": said["library"], "version": installed[packages[0]], "status": plain[0],
           "threads": dict(seen), "kept": dict(kept), "says": dict(said_by_check),
           "rows": [name_of(r) for r in used], "ended": ended, "wrong": sorted(set(wrong)), "runs": results}
    print(f"{'WRONG' if wrong else 'good '} {source.name:24} {cells(one)}", flush=True)
    for text in one["wrong"]:
        print(f"      {text}", flush=True)
    return one


def name_of(row):
    return (f"`{row['module'].split('|')[0]}`" + (f" `{row['thread']}`" if row["thread"] else "") +
            (" (by design)" if row["by_design"] else ""))


def counted(many):
    return ", ".join(f"{count} × {name}" if count > 1 else name for name, count in sorted(many.items()))


def cells(one):
    threads = "; ".join(filter(None, [counted(one["threads"]),
                                      counted({f"kept by {name}": n for name, n in one["kept"].items()})])) or "none"
    says = ", ".join(lint if n == options.runs else f"{lint} ({n} of {options.runs})"
                     for lint, n in sorted(one["says"].items()))
    used = ", ".join(one["rows"]) or "–"
    ended = "–" if one["ended"] is None else "; ".join(one["ended"]) or "nothing"
    return f"| {one['library']} | {one['version']} | {threads} | {says} | {used} | {ended} |"


def main():
    header = machine.header()
    table = rows()
    with tempfile.TemporaryDirectory(prefix="known_libraries.") as work:
        sources = sorted(p for p in PROGRAMS.iterdir() if not options.only or p.stem in options.only)
        results = [one for s in sources if (one := measure(s, Path(work), table))]
    lines = ["One program for each, that returns from `main` without the library's end call, "
             f"{options.runs} runs of it under `curfew check`. Threads: those that still ran when the last destructor had "
             "run, with the module that started them; a library without any has ended them itself.", "",
             "| library | Debian's version | threads at the end | `curfew check` says | row | with its end call |",
             "|---|---|---|---|---|---|"]
    lines += [cells(one) for one in sorted(results, key=lambda r: r["library"].lower())]
    unused = [row for row in table if not row["used_by"]]
    wrong = [one for one in results if one["wrong"]]
    total = (f"{len(results)} programs; {len(table)} rows, {sum(r['by_design'] for r in table)} of them by design, "
             f"{len(unused)} not used; {len(wrong)} programs that ended otherwise or with an error.")
    print(total)
    for row in unused:
        print(f"not used: {row['module']} {row['thread']} {row['owner']}")
    lines += ["", total]
    for one in wrong:
        lines += ["", f"{one['program']}: {'; '.join(one['wrong'])}."]
    for one in results:
        del one["runs"]
    driver.write(options, header, {"programs": results, "rows": table}, "What becomes of the threads of libraries", lines,
                 indent=1)
    sys.exit(1 if options.verify and (unused or wrong) else 0)


main()
