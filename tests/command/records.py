#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--json and --report-file: what was done, for programs and for people. records.py CURFEW PROGRAM HANGING."""
import json
import re
import sys
import tempfile
from pathlib import Path

from command import check, end, equal, run

PROGRAM, HANGING = sys.argv[2:]

with tempfile.TemporaryDirectory() as at:
    record = Path(at) / "record"
    record.write_text("old\n")
    equal(run("run", "--json", record.name, "--", PROGRAM, "detach", "return", cwd=at), (3, "destroyed\n", ""), "a record")
    found = json.loads(record.read_bytes().decode("utf-8", "replace"))  # names are bytes, of the program's choice
    frozen = found.pop("frozen")
    equal({k: found[k] for k in ("schema", "status", "ended", "frozen_count", "not_frozen", "waited_for")},
          {"schema": "curfew.run/1", "status": 3, "ended": "regular", "frozen_count": 1, "not_frozen": [],
           "waited_for": []}, "the record")
    check([(t["name"], t["main"]) for t in frozen] == [('a"\\\n\ufffd', False)] and frozen[0]["native_id"] > found["pid"] > 0, frozen)

    equal(run("run", "--json", record, "--", PROGRAM, "detach", "exit_in_joined")[0], 3, "exit in a thread")
    found = json.loads(record.read_bytes().decode("utf-8", "replace"))
    check(any(t["main"] for t in found["frozen"]), "main is frozen:", found)

    status, out, err = run("run", "--json", "-", "--deadline", "200ms", "--", HANGING)
    lines = out.splitlines()
    found = json.loads(next(line for line in lines if line.startswith("{")))
    equal((status, err, "buffered" in lines), (3, "", True), "a record on standard output")
    check(found["ended"] == "early" and "is not done after 0.2 s" in found["why"] and found["status"] == 3, found)

    report = Path(at) / "report"
    equal(run("run", "--report-file", report, "--", PROGRAM, "detach", "return"), (3, "destroyed\n", ""), "a report")
    text = report.read_bytes().decode("utf-8", "replace")
    check(re.fullmatch(r"curfew\[\d+\]: frozen: \"a\"\\\?\ufffd\" .*\ncurfew\[\d+\]: exit: waited .*\n"
                       r"curfew\[\d+\]: exit: 1 frozen thread was at work; --wait-detached waits .*\n", text), text)
end()
