#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""table.py FILE...: the table of what measure.py has written on several systems, as Markdown.

What was not measured stands in not_measured.md beside this file.
"""
import json
import os
import sys


def tests(result):
    t = result.get("tests")
    if t is None:
        return "–"
    wrong = f", {len(t['failed'])} failed" if t["failed"] else ""
    return f"{t['passed']}{wrong}"


def storm(result):
    s = result.get("storm")
    if s is None:
        return "–"
    programs = s["programs"]
    bad = sum(p[kind] for p in programs for kind in ("crashed", "hung", "wrong-status", "lost-output", "ran-on"))
    return f"{len(programs)} programs, {sum(p['n'] for p in programs)} runs, {bad} wrong"


def faults(result):
    f = result.get("faults")
    if f is None:
        return "–"
    return f"{f['passed']}" + (f", {f['failed']} failed" if f["failed"] else "")


def main():
    results = []
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            results.append(json.load(file))
    print("# By system\n")
    print("Made by `bench/systems/table.py` of what `bench/systems/measure.py` wrote inside of each system.\n")
    print("| system | C library | built on | commit | tests | storm, lock tracking | faults |")
    print("|---|---|---|---|---:|---|---:|")
    for r in results:
        print(f"| {r['system']} | {r['c_library']} | {r['built_with']} | {r['commit']} | {tests(r)} | {storm(r)} | {faults(r)} |")
    print("\n*Wrong* in the storm: crashed, hung, with another status, with lost output, or with a thread that ran on beside"
          "\nstatic destructors. With `--seconds` a program is run for a limited time, and on a busy machine not all come to the number.\n")
    for r in results:
        print(f"## {r['system']}, {r['c_library']}\n")
        print(f"- Machine: {r['processor']}, {r['cores']} cores, Linux {r['kernel']}")
        print(f"- Command: `{r['command']}`")
        for name in ("storm", "faults"):
            if "command" in r.get(name, {}):
                print(f"- Of the {name}: `{r[name]['command']}`")
        t = r.get("tests")
        if t:
            print(f"- Not run (disabled, or skipped for what the system lacks): {t['not_run']}")
            print("- Failed: " + (", ".join(f"`{name}`" for name in t["failed"]) or "none"))
            if t["passed_alone"]:
                print("- Failed beside others, passed alone: " + ", ".join(f"`{name}`" for name in t["passed_alone"]))
        for note in r.get("notes", []):
            print(f"- {note}")
        if r.get("faults", {}).get("wrong"):
            print("- Faults: " + ", ".join(f"`{name}`" for name in r["faults"]["wrong"]))
        print()
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "not_measured.md"), encoding="utf-8") as file:
        print(file.read(), end="")


main()
