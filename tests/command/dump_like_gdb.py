#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same frames as gdb's, in each thread: dump_like_gdb.py CURFEW MANY WAITS."""
import shutil
import sys

from command import check, end
from gdb_frames import by_dump, by_gdb, same
from process import dumped, started

if not shutil.which("gdb"):
    print("no gdb")
    sys.exit(77)
for words, least in (((sys.argv[2], "40"), 40), ((sys.argv[3],), 20)):
    with started(*words) as process:
        whole = dumped(process.pid)  # first: gdb ends some calls with EINTR
        theirs, done = by_gdb(process.pid)
        if len(theirs) < least:
            check("ptrace" not in done.stderr, "gdb:", done.stderr[-300:])
            print("gdb shows no threads here")
            sys.exit(77)
        names = {t["tid"]: t["name"] for t in whole["threads"]}
        ours = by_dump(whole)
        for tid, stack in sorted(ours.items()):
            # One runs, and one is deeper than what is copied.
            if names[tid] not in ("t_busy", "t_very_deep"):
                check(tid in theirs and same(stack, theirs[tid]), names[tid], "\n  curfew:", stack, "\n  gdb:   ", theirs.get(tid))
end()
