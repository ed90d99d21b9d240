#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which system this is, is asked in src/os/ only."""
import re

from sources import CXX, files, name, verdict

MACRO = re.compile(r"\b(__linux__|__linux|__gnu_linux__|_WIN32|_WIN64|__APPLE__|__FreeBSD__|__unix__|__ANDROID__)\b")

faults = []
checked = 0
for path in files("include", "src", suffixes=CXX):
    if name(path).startswith("src/os/"):
        continue
    checked += 1
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if match := MACRO.search(line):
            faults.append(f"{name(path)}:{number}: {match.group()} outside src/os/")
verdict(faults, checked)
