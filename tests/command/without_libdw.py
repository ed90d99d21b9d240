#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where libdw is missing: `curfew run` does not need it, and the others say so before they do anything: without_libdw.py CURFEW."""
import os
import tempfile
from pathlib import Path

from command import check, end, equal, run

with tempfile.TemporaryDirectory() as at:
    at = Path(at)
    (at / "libdw.so.1").write_bytes(b"no library")
    bad = {**os.environ, "LD_LIBRARY_PATH": str(at)}
    made = at / "made"
    equal(run("run", "--", "touch", made, env=bad)[:2], (0, ""), "run")
    check(made.exists(), "run has not run the program")
    made.unlink()
    log = at / "log"
    log.write_text(f"  {os.path.realpath('/bin/true')}+0x1000\n")
    for words in (("check", "--", "touch", made), ("symbolize", log), ("dump", str(os.getpid()))):
        status, out, err = run(*words, env=bad)
        check(status == 125 and out == "" and "cannot load libdw.so.1" in err and "Debian: libdw1" in err, words[0], status, out, err)
    check(not made.exists(), "check has run the program")
end()
