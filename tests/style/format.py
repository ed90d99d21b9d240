#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-format 14 changes nothing. `format.py --fix` lets it."""
import re
import shutil
import subprocess
import sys

from sources import CXX, files, name, verdict

SKIPPED = 77

program = next((p for p in map(shutil.which, ("clang-format-14", "clang-format")) if p), None)
version = program and subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True).stdout
if not version or not re.search(r"version 14\.", version):
    print(f"clang-format 14 is not here ({version or 'none is'}); each version formats differently")
    sys.exit(SKIPPED)
paths = list(files(suffixes=CXX))
if "--fix" in sys.argv[1:]:
    subprocess.run([program, "-i", *map(str, paths)], check=True)
faults = []
for path in paths:
    formatted = subprocess.run([program, str(path)], stdout=subprocess.PIPE, check=True).stdout
    if formatted != path.read_bytes():
        faults.append(f"{name(path)}: tests/style/format.py --fix would change it")
verdict(faults, len(paths))
