#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A file of src/ or include/ is about one thing: it has at most 400 lines and a name that says what."""
from sources import CXX, files, name, verdict

LIMIT = 400
SAYS_NOTHING = ("util", "utils", "common", "helper", "helpers", "misc")

faults = []
checked = 0
for path in files("include", "src", suffixes=CXX):
    checked += 1
    lines = path.read_text().count("\n")
    if lines > LIMIT:
        faults.append(f"{name(path)}: {lines} lines; split it (the limit is {LIMIT})")
    if path.stem in SAYS_NOTHING:
        faults.append(f"{name(path)}: the name says nothing")
verdict(faults, checked)
