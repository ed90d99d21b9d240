#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""finds.py CURFEW SOURCE PROGRAM: `curfew check` finds in the program what the source's `//!` lines say, and no other error.

`//! error FINDING [STATIC]`, `//! warning FINDING [STATIC]`, `//! nothing`; `//! threads KIND FUNCTION`: of each finding the
last thread is of that kind and was started there; `//! not FINDING`: there is none of that name. For a program that
was stripped the static's name is not asked for. Errors that are not named are faults of this test; warnings that are
not named are not. `//! says "TEXT"`: a message has it; `//! prints "TEXT"`: the program's output has it; `//! last "TEXT"`:
the last line on standard error has it. `//! status NUMBER`: the program's own. `//! patience TIME`: in place of 1500ms;
`//! linger TIME`: how long the threads get after the last destructor, where the usual time is not enough for one that has
to be seen at work on a busy machine. `//! where CAPABILITY …`: what follows is so where the system has the capability
(capabilities.py), and only there.
"""
import json
import os
import sys
import tempfile

import capabilities
from command import check, end, equal, run

source, program = sys.argv[2:4]
stripped = os.path.basename(program).endswith("stripped")
wanted = [line.split()[1:] for line in open(source, encoding="utf-8") if line.startswith("//! ")]
wanted = [line if line[0] != "where" else line[2:] for line in wanted
          if line[0] != "where" or getattr(capabilities, line[1])()]
texts = [" ".join(rest).strip('"') for kind, *rest in wanted if kind == "says"]
last_lines = [" ".join(rest).strip('"') for kind, *rest in wanted if kind == "last"]
outputs = [" ".join(rest).strip('"') for kind, *rest in wanted if kind == "prints"]
patience = next((rest[0] for kind, *rest in wanted if kind == "patience"), "1500ms")
linger = [word for kind, *rest in wanted if kind == "linger" for word in ("--linger", rest[0])]
statuses = [int(rest[0]) for kind, *rest in wanted if kind == "status"]
wanted = [line for line in wanted if line[0] not in ("says", "prints", "last", "patience", "linger", "status")]
check(wanted, "the source says nothing")
with tempfile.TemporaryDirectory() as folder:
    record = os.path.join(folder, "check.json")
    status, printed, errors = run("check", "--patience", patience, *linger, "--json", record, "--", program)
    if not os.path.exists(record):
        sys.exit(f"no record: status {status}, {errors}")
    with open(record, encoding="utf-8") as file:
        result = json.load(file)
findings = result["findings"]
equal(result["schema"], "curfew.check/1", "schema")
equal(status, 66 if findings else 0, "status")
for severity, *rest in wanted:
    if severity == "nothing":
        equal([f["message"] for f in findings], [], "findings")
        continue
    if severity == "threads":
        for f in findings:
            last = f["threads"][-1]
            equal([last["kind"], last["created_at"]["function"]], rest, f["message"])
        continue
    if severity == "not":
        check(all(f["lint"] != rest[0] for f in findings), f"{rest[0]}: {[f['message'] for f in findings]}")
        continue
    finding, name = rest[0], rest[1] if len(rest) > 1 and not stripped else None
    found = [f for f in findings if f["lint"] == finding and f["severity"] == severity]
    check(found, f"no {severity} {finding}: {[(f['lint'], f['message']) for f in findings]}")
    if name:
        check(any(f["object"]["name"] == name for f in found), f"{finding}: {[f['object'] for f in found]}, not {name}")
        check(any(f["object"]["line"] > 0 or not f["object"]["module"] for f in found), f"{finding}: no line of {name}")
    for f in found:
        check(f["advice"] and f["count"] > 0, f"{finding}: no advice")
        check(finding in errors and f["message"] in errors, f"{finding} is not said on standard error: {errors}")
for text in texts:
    check(any(text in f["message"] for f in findings), f"{text}: {[f['message'] for f in findings]}")
for number in statuses:
    equal(result["status"], number, "the program's status")
for text in last_lines:
    check(text in errors.strip().rpartition("\n")[2], f"{text}: {errors}")
for text in outputs:
    check(text in printed, f"{text}: {printed}")
named = {rest[0] for severity, *rest in wanted if severity == "error"}
for f in findings:
    check(f["severity"] == "warning" or f["lint"] in named, f"not asked for: {f['lint']}: {f['message']}")
end()
