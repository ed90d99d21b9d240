#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What curfew knows of the threads of a living process, also of a stripped one: dump_curfew.py CURFEW PROGRAM STRIP PLAIN."""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from command import check, end, equal, run
from process import dumped, started

_, _, PROGRAM, STRIP, PLAIN = sys.argv
KINDS = {"main": "main", "writer": "regular", "a poller with a long name": "daemon", "waiter": "daemon",
         "stubborn": "daemon", "Thread-6": "regular"}
STATES = {"waiter": "waiting", "stubborn": "stopping", "writer": "running"}


def look(program, how, stripped):
    with started(program, how) as process:
        whole = dumped(process.pid)
        by_name = {t["name"]: t for t in whole["threads"]}
        for name, kind in KINDS.items():
            if name not in by_name or by_name[name]["curfew"] is None:
                check(False, how, name, "is not known:", list(by_name))
                continue
            known = by_name[name]["curfew"]
            equal((known["name"], known["kind"]), (name, kind), f"{how} {name}")
            equal(known["state"], STATES.get(name, known["state"]), f"{how} {name}: state")
            text = known["created_at"]["text"] or ""
            if name not in ("main", "Thread-6") or not stripped:
                check(name == "main" or re.search(r"with_curfew\.cpp:\d+", text), how, name, "was started at", text)
            else:
                check(name == "main" or re.search(r"\+0x[0-9a-f]+", text), how, name, "was started at", text)
        check(any(t["curfew"] is None for t in whole["threads"]), how, "a foreign thread that never asked")
        equal([c["fault"] for c in whole["curfews"]], [None], f"{how}: curfews")
        exit_now = whole["curfews"][0]["exit"] if whole["curfews"] else {}
        if how == "running":
            equal((exit_now["phase"], exit_now["run_by"], exit_now["waits_for"]), ("running", None, []), how)
            joiner = by_name["joiner"]["waits_for"]
            equal((joiner["kind"], joiner["thread"]), ("join", by_name["writer"]["tid"]), f"joiner: {joiner}")
            equal(by_name["waiter"]["waits_for"]["kind"], "curfew", "waiter")
            if not stripped:
                equal(by_name["waiter"]["waits_for"]["in"], "curfew::event::wait", "waiter")
        elif how == "draining":
            numbers = {by_name[name]["curfew"]["number"] for name in ("writer", "Thread-6")}
            equal((exit_now["phase"], exit_now["run_by"], set(exit_now["waits_for"])), ("draining", process.pid, numbers), how)
            _, out, _ = run("dump", process.pid)
            check(re.search(r'^exit: draining, for .*, run by "main" \(\d+\), waits for "writer" \(#1\), "Thread-6" \(#6\)$',
                            out, re.M), how, out[:400])
        else:
            equal((exit_now["hook"], exit_now["run_by"]), ("close the shop", process.pid), how)


for mode in ("running", "draining", "hook"):
    look(PROGRAM, mode, False)
with tempfile.TemporaryDirectory() as at:
    bare = Path(at) / "bare"
    subprocess.run([STRIP, "-s", "-o", bare, PROGRAM], check=True)
    look(bare, "running", True)
    look(bare, "draining", True)
with started(PLAIN) as process:
    equal(dumped(process.pid)["curfews"], [], "of a program without curfew")
end()
