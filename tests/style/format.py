#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-format 14 changes nothing. `format.py --fix` lets it."""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sources import CXX, ROOT, files, name, verdict

SKIPPED = 77

program = next((p for p in map(shutil.which, ("clang-format-14", "clang-format")) if p), None)
version = program and subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True).stdout
if not version or not re.search(r"version 14\.", version):
    print(f"clang-format 14 is not here ({version or 'none is'}); each version formats differently")
    sys.exit(SKIPPED)
paths = list(files(suffixes=CXX))
if "--fix" in sys.argv[1:]:
    subprocess.run([program, "-i", *map(str, paths)], check=True)
# Of copies, all in one run: to start the program for each file takes most of a minute.
with tempfile.TemporaryDirectory() as at:
    copies = [Path(at) / name(path) for path in paths]
    shutil.copy(ROOT / ".clang-format", at)
    for path, copy in zip(paths, copies):
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    subprocess.run([program, "-i", *map(str, copies)], check=True)
    faults = [f"{name(path)}: tests/style/format.py --fix would change it"
              for path, copy in zip(paths, copies) if path.read_bytes() != copy.read_bytes()]
verdict(faults, len(paths))
