#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many frozen threads were thawed is in the record, and in the report. thawed.py CURFEW PROGRAM SOUND."""
import json
import sys

from command import check, end, equal, run

WAITS, SOUND = sys.argv[2:]

status, out, err = run("run", "--report", "--json", "-", "--", WAITS)
found = json.loads(next(line for line in out.splitlines() if line.startswith("{")))
equal((status, found.get("frozen_count"), found.get("thawed_count")), (7, 1, 1), "of one thread that is waited for")
check("1 is thawed" in err, "not in the report:", err)

status, out, err = run("run", "--report", "--json", "-", "--", SOUND, "detach", "return", errors="replace")
found = json.loads(next(line for line in out.splitlines() if line.startswith("{")))
equal((status, found["frozen_count"], "thawed_count" in found, "thawed" in err), (3, 1, False, False), "where nobody is")
end()
