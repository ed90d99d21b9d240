#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Names in a dump that a program has written of itself, at the deadline of its exit: symbolize.py CURFEW PROGRAM."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from command import CURFEW, check, end, equal, run

# The process has 0.1 s for the dump, which is short where others take the processors: then it is written in part.
for _ in range(10):
    done = subprocess.run([sys.argv[2], "draining"], env={**os.environ, "CURFEW_EXIT": "deadline=300ms,report_after=10s"},
                          capture_output=True, text=True, timeout=60, check=False)
    if "end of the dump" in done.stderr:
        break
equal(done.returncode, 124, "status at the deadline")
check(re.search(r'^thread "writer" \(#1\), regular, running, thread id \d+, .*, started at .*with_curfew\.cpp:\d+.*\n  /\S+\+0x', done.stderr, re.M),
      "the dump at the deadline:", done.stderr)
check(done.stderr.index("end of the dump") < done.stderr.index("its deadline of"), "the dump comes before the last line")
with tempfile.TemporaryDirectory() as at:
    log = Path(at) / "log"
    log.write_text("a line of the log +0x12\n" + done.stderr + "  /no/such/file+0x123\n  /dev/null+0x1\n  relative+0x12\n")
    status, out, err = run("symbolize", log)
    equal((status, err), (0, ""), "symbolize")
    writer = out.partition('thread "writer"')[2].partition("\nthread ")[0]
    check(re.search(r"^  .*sleep.*$", writer, re.M) and re.search(r"^  \S.*  \S*with_curfew\.cpp:\d+$", writer, re.M), "writer:", writer)
    unnamed = re.search(r'^thread "Thread-6".*$', out, re.M)
    check(unnamed and re.search(r"started at \S+:\d+", unnamed[0]), "where Thread-6 was started:", unnamed)
    for line in ("a line of the log +0x12", "  /no/such/file+0x123", "  /dev/null+0x1", "  relative+0x12"):
        check(f"\n{line}\n" in "\n" + out, line, "is gone")
    kept = run("symbolize", "--keep-addresses", log)[1]
    check(re.search(r"^  \S.*with_curfew\.cpp:\d+  /\S+\+0x[0-9a-f]+$", kept, re.M), "addresses:", kept[:1500])
    piped = subprocess.run([CURFEW, "symbolize"], input=log.read_text(), capture_output=True, text=True, check=False)
    equal(piped.stdout, out, "from standard input")
status, out, err = run("symbolize", "/nowhere/at/all")
check(status == 125 and "cannot read /nowhere/at/all" in err, status, err)
end()
