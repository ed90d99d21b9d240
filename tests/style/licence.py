#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every source file names its licence in its first three lines."""
from sources import CXX, files, name, verdict

NEEDS = CXX + (".py", ".sh", ".cmake", ".in", ".S")
NAMED = ("CMakeLists.txt", ".clang-format", ".clang-tidy")
LINE = "SPDX-License-Identifier: Apache-2.0"

faults = []
checked = 0
for path in files():
    with path.open("rb") as file:
        head = [file.readline(200) for _ in range(3)]
    if path.suffix in NEEDS or path.name in NAMED or head[0].startswith(b"#!"):
        checked += 1
        if not any(LINE.encode() in line for line in head):
            faults.append(f"{name(path)}: no `{LINE}` in its first three lines")
verdict(faults, checked)
