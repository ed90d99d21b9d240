#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No algorithm or view of std::ranges that makes a std::ranges::subrange or another view: clang up to 15 does not compile those
of libstdc++."""
import re

from sources import CXX, files, name, verdict

MAKES_VIEW = re.compile(r"\bstd::(?:ranges::(?:remove|remove_if|unique|rotate|shift_left|shift_right|partition|stable_partition|"
                        r"search|search_n|find_end|find_last|equal_range|subrange|\w*view)\b|views::)")

faults = []
checked = 0
for path in files("include", "src", "preload", "tool", suffixes=CXX):
    checked += 1
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if match := MAKES_VIEW.search(line):
            faults.append(f"{name(path)}:{number}: {match.group()}, which clang 14 does not compile")
verdict(faults, checked)
