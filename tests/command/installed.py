#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An installed copy, moved, finds what it preloads. installed.py CURFEW CMAKE BUILD PROGRAM."""
import subprocess
import sys
import tempfile
from pathlib import Path

import command

_, _, CMAKE, BUILD, PROGRAM = sys.argv
with tempfile.TemporaryDirectory() as at:
    staged, moved = Path(at) / "staged", Path(at) / "moved"
    subprocess.run([CMAKE, "--install", BUILD, "--prefix", staged, "--component", "command"], check=True,
                   stdout=subprocess.DEVNULL)
    staged.rename(moved)
    command.CURFEW = str(moved / "bin/curfew")
    command.equal(command.run("run", "--", PROGRAM, "detach", "return"), (3, "destroyed\n", ""), "installed and moved")
    next(moved.rglob("libcurfew-run.so")).unlink()
    status, _, err = command.run("run", "--", PROGRAM, "detach", "return")
    command.check(status == 125 and "libcurfew-run.so is neither in" in err, status, err)
command.end()
