#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/traits.md has seventeen rows, and each names a file that is there and something that shows it: a test that this build
has, or a stage of scripts/test. traits.py CTEST BUILD"""
import fnmatch
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ctest, build = sys.argv[1:]
listed = subprocess.run([ctest, "--test-dir", build, "--show-only=json-v1"], stdout=subprocess.PIPE, text=True, check=True).stdout
tests = [one["name"] for one in json.loads(listed[listed.index("{"):])["tests"]]
# Those of GoogleTest are known once they are built.
for source in (ROOT / "tests/unit").glob("*.cpp"):
    tests += [f"{suite}.{name}" for suite, name in re.findall(r"^TEST(?:_F)?\((\w+), (\w+)\)", source.read_text(encoding="utf-8"), re.M)]
stages = {path.stem for path in (ROOT / "scripts/stages").glob("*.sh")} - {"lib"} | {"all"}
# Tests of a build that has another compiler or package than every machine has.
MAY_BE_AWAY = {"consumers.module", "release.script", "docs.site"}
faults = []
rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in (ROOT / "docs/traits.md").read_text(encoding="utf-8").splitlines()
        if re.match(r"\| \d+ \|", line)]
if [row[0] for row in rows] != [str(number) for number in range(1, 18)]:
    faults.append(f"the rows are {[row[0] for row in rows]}")
for number, _, here, shown in rows:
    for path in re.findall(r"\]\(([^)#]+)", here):
        if not (ROOT / "docs" / path).exists():
            faults.append(f"{number}: there is no {path}")
    said = re.findall(r"`([^`]+)`", shown)
    if not said:
        faults.append(f"{number}: shown by nothing")
    for one in said:
        if one.startswith("scripts/test "):
            faults += [f"{number}: there is no stage {stage}" for stage in one.split()[1:] if stage not in stages]
        elif not (fnmatch.filter(tests, one) or one in MAY_BE_AWAY):
            faults.append(f"{number}: there is no test {one}")
print("\n".join(faults) or f"{len(rows)} traits, each with what shows it")
sys.exit(1 if faults else 0)
