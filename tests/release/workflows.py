#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The workflows in .github/ are well-formed, and run stages of scripts/test that there are."""
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What the workflows together have to run.
WANTED = {"quick", "asan", "tsan", "clang", "libcxx", "debian13", "aarch64", "tidy", "fuzz", "packages", "storm"}
faults = []


def load(path):
    """The workflow as nested dictionaries, or None without PyYAML."""
    try:
        import yaml
    except ImportError:
        return None
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        faults.append(f"{path.name}: {error}")
        return None


def stages_in(text):
    """What stands as a list under `stage:`, and behind scripts/test on a line."""
    found = re.findall(r"^ +- (\w+)$", "".join(re.findall(r"^ +stage:\n((?: +- \w+\n)+)", text, re.M)), re.M)
    return found + [word for line in re.findall(r"scripts/test([ \w]*)$", text, re.M) for word in line.split()]


def check_structure(path, workflow):
    # YAML 1.1 reads the key `on` as true.
    for key, present in (("name", "name" in workflow), ("on", "on" in workflow or True in workflow),
                         ("permissions", "permissions" in workflow), ("jobs", bool(workflow.get("jobs")))):
        if not present:
            faults.append(f"{path.name}: no {key}")
    for name, job in (workflow.get("jobs") or {}).items():
        if "runs-on" not in job:
            faults.append(f"{path.name}: job {name} has no runs-on")
        if "timeout-minutes" not in job:
            faults.append(f"{path.name}: job {name} has no timeout-minutes")
        steps = job.get("steps") or []
        if not any("scripts/test" in str(step.get("run", "")) for step in steps):
            faults.append(f"{path.name}: job {name} does not run scripts/test")
        if not any(str(step.get("uses", "")).startswith("actions/checkout@") for step in steps):
            faults.append(f"{path.name}: job {name} does not check the sources out")
        for step in steps:
            if len({"run", "uses"} & set(step)) != 1:
                faults.append(f"{path.name}: job {name} has a step that is neither `run` nor `uses`")
            for word in re.findall(r"(?<![\w./$])(?:scripts|tests|tools|packaging|bench)/[\w./-]+", str(step.get("run", ""))):
                if not os.access(ROOT / word, os.X_OK):
                    faults.append(f"{path.name}: job {name} runs {word}, which is no program of the project")


workflows = sorted((ROOT / ".github/workflows").glob("*.yml"))
run = set()
for one in workflows:
    content = load(one)
    if content is not None:
        check_structure(one, content)
    stages = stages_in(one.read_text(encoding="utf-8"))
    if not stages:
        faults.append(f"{one.name}: runs no stage")
    run |= set(stages)
    faults += [f"{one.name}: there is no scripts/stages/{stage}.sh" for stage in stages
               if stage == "lib" or not (ROOT / f"scripts/stages/{stage}.sh").exists()]
faults += [f"no workflow runs scripts/test {stage}" for stage in sorted(WANTED - run)]
print("\n".join(faults) or f"{len(workflows)} workflows, {len(run)} stages")
sys.exit(1 if faults or len(workflows) < 2 else 0)
