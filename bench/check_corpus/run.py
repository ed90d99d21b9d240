#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py --curfew CURFEW [--cases FOLDER] [--work FOLDER] [--only NAME...] [--json FILE] [--markdown FILE]: `curfew check`
once on each program of a corpus.

The folder (bench/corpus) has a README.md whose table names each case (a folder with build.sh) in its first column and says in
its last one what `check` should say: names of findings, or "(none…". A case that cannot be built is skipped, and said.

A faulty case is right when one of the named findings is there; a sound one when there is no finding of severity error.
"where CAPABILITY, FINDING" in that column: so where the system has the capability (tests/command/capabilities.py).
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))
import driver  # noqa: E402
import machine  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "command"))
import capabilities  # noqa: E402

parser = driver.parser(__doc__)
parser.add_argument("--cases", type=Path, default=Path(__file__).resolve().parents[1] / "corpus")
parser.add_argument("--curfew", default="curfew")
parser.add_argument("--work", type=Path, help="where the programs are built (default: a temporary folder)")
parser.add_argument("--only", nargs="*", default=[])
parser.add_argument("--timeout", type=float, default=120)
options = parser.parse_args()
curfew = shutil.which(options.curfew) or sys.exit(f"no {options.curfew}")
curfew = os.path.abspath(curfew)
LINT = re.compile(r"[a-z]+(?:-[a-z]+)+")
WARNINGS = {"thread-running-at-exit", "lock-held-at-exit", "stdio-blocked-at-exit"}


def expected():
    """Name and last column of each row of the table that is a folder."""
    for line in (options.cases / "README.md").read_text().splitlines():
        columns = [c.strip() for c in line.strip().strip("|").split("|")]
        if len(columns) > 2 and (options.cases / columns[0]).is_dir() and not columns[0].startswith("_"):
            yield columns[0], columns[-1]


def command(folder):
    """The program's words: what run.sh measures, or the script that starts it."""
    if (folder / "prog").exists():
        return [str(folder / "prog")]
    for line in (folder / "run.sh").read_text().splitlines():
        if (found := re.search(r" -- (\S.*)$", line)):
            return [w.replace("./", f"{folder}/", 1) if w.startswith("./") else w for w in found[1].split()]
    return None


def check(folder, words):
    """Runs it under check: what was found, the status, how long it took; None when it wrote nothing."""
    record = folder / "check.json"
    record.unlink(missing_ok=True)
    prefix = [curfew, "check", "--quiet", "--json", str(record), "--"]
    environment = dict(os.environ)
    if words[0].endswith(".sh"):  # it puts the prefix before the program itself
        environment["PREFIX"] = " ".join(prefix)
        prefix = []
    begin = time.monotonic()
    try:
        done = subprocess.run(prefix + words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=options.timeout, env=environment, check=False)
        status = done.returncode
    except subprocess.TimeoutExpired:
        status = None
    took = time.monotonic() - begin
    findings = json.loads(record.read_text())["findings"] if record.exists() else None
    return findings, status, took


def expected_here(says):
    """Where the system has a capability that the text names, what it says of that, and otherwise the rest."""
    text, _, condition = says.partition("; where ")
    name, _, there = condition.partition(", ")
    return there if name and getattr(capabilities, name)() else text


def judge(says, findings):
    wanted = set(LINT.findall(says))
    if findings is None:
        return False
    told = {f["lint"] for f in findings}
    errors = [f for f in findings if f["severity"] == "error"]
    if says.startswith("(none"):
        return not errors or "required" in says
    if wanted <= WARNINGS:
        return bool(wanted & told) and not errors
    return bool(wanted & told)


def main():
    work = (options.work or Path(tempfile.mkdtemp(prefix="check_corpus."))).resolve()
    work.mkdir(parents=True, exist_ok=True)
    tools = options.cases / "_tools"
    if tools.is_dir() and not (work / "_tools").exists():
        shutil.copytree(tools, work / "_tools")
    results, skipped = [], []
    header = machine.header()
    for name, says in expected():
        if options.only and name not in options.only:
            continue
        folder = work / name
        if not folder.exists():
            shutil.copytree(options.cases / name, folder)
            subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)
        if (folder / "build.sh").exists() and not (folder / "built").exists():
            built = subprocess.run(["sh", "build.sh"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   check=False)
            if built.returncode != 0:
                skipped.append(name)
                continue
            (folder / "built").touch()
        words = command(folder)
        if words is None:
            skipped.append(name)
            continue
        findings, status, took = check(folder, words)
        says = expected_here(says)
        good = judge(says, findings)
        results.append({"case": name, "expected": says, "good": good, "status": status, "seconds": round(took, 2),
                        "findings": [{k: f[k] for k in ("lint", "severity", "message", "count")}
                                     | {"object": f["object"]["name"]} for f in findings or []]})
        told = "; ".join(f"{f['lint']}{' ' + f['object']['name'] if f['object']['name'] else ''}" for f in findings or [])
        print(f"{'good ' if good else 'WRONG'} {name:30} {took:5.1f} s  {told or '-'}   (should say: {says})", flush=True)
    good = sum(r["good"] for r in results)
    print(f"{good} of {len(results)} as they should be; one run each")
    if skipped:
        print(f"skipped, because they cannot be built here: {', '.join(skipped)}")
    lines = ["One run of each program. A faulty one is right when one of the named findings is there, a sound one when "
             "there is no finding of severity error.", "",
             "| case | should say | says | seconds | right |", "|---|---|---|---|---|"]
    for r in results:
        told = "; ".join(f"{f['lint']} {f['object']}".strip() for f in r["findings"])
        lines.append(f"| {r['case']} | {r['expected']} | {told.replace('|', chr(92) + '|')} | {r['seconds']} | "
                     f"{'yes' if r['good'] else 'NO'} |")
    lines += ["", f"{good} of {len(results)} as they should be."]
    if skipped:
        lines += ["", f"Skipped, because they cannot be built here: {', '.join(skipped)}."]
    driver.write(options, header, {"results": results}, "What `curfew check` finds in a corpus of exit faults", lines, indent=1)
    if not options.work:
        shutil.rmtree(work)
    sys.exit(0 if good == len(results) else 1)


main()
