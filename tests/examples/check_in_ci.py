#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples/check/ci.sh fails for the broken program and passes for the sound one: check_in_ci.py CURFEW BROKEN SOUND."""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "examples/check/ci.sh"
curfew, broken, sound = sys.argv[1:]

for program, status, findings in ((broken, 66, ["static-used-after-destruction"]), (sound, 0, [])):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([SCRIPT, program], cwd=folder, env={**os.environ, "CURFEW": curfew}, check=False,
                              stderr=subprocess.PIPE, text=True)
        found = json.loads((Path(folder) / "exit.json").read_text())["findings"]
        errors = sorted({f["lint"] for f in found if f["severity"] == "error"})
        if done.returncode != status or errors != findings or not (Path(folder) / "exit.html").stat().st_size:
            sys.exit(f"{program}: status {done.returncode}, not {status}; errors {errors}, not {findings}\n{done.stderr}")
