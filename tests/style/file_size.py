#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A file is about one thing: it has at most 400 lines, and 350 in preload/ and tool/. Its name says what it is about."""
from sources import CXX, files, name, verdict

LIMIT = 400
LOWER = {"preload/": 350, "tool/": 350}
KINDS = CXX + (".py", ".sh", ".cmake", ".in", ".json", ".map", "")
SAYS_NOTHING = ("util", "utils", "common", "helper", "helpers", "misc")
NOT_WRITTEN_BY_HAND = ("bench/results/", "tests/command/record/")
NO_CODE = ("LICENSE",)

faults = []
checked = 0
for path in files():
    if path.suffix not in KINDS and path.name != "CMakeLists.txt":
        continue
    if name(path).startswith(NOT_WRITTEN_BY_HAND) or path.name in NO_CODE:
        continue
    checked += 1
    lines = path.read_bytes().count(b"\n")
    limit = next((at for folder, at in LOWER.items() if name(path).startswith(folder)), LIMIT)
    if lines > limit:
        faults.append(f"{name(path)}: {lines} lines; split it (the limit is {limit})")
    if name(path).startswith(("src/", "include/", "preload/", "tool/")) and path.stem in SAYS_NOTHING:
        faults.append(f"{name(path)}: the name says nothing")
verdict(faults, checked)
