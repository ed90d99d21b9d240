#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What newer C++ libraries no longer bring along is included: <cstdint> for std::uint32_t and its like, and for a loop over
values in braces <initializer_list> or a header that has it by the standard."""
import functools
import os
import re

from sources import CXX, ROOT, files, name, verdict

# [iterator.range] and the synopses of these headers include <initializer_list>.
WITH_LISTS = set("""algorithm array chrono condition_variable deque filesystem format forward_list fstream functional future
    initializer_list iostream list map memory mutex numeric optional queue random ranges regex set span sstream stack string
    string_view thread tuple unordered_map unordered_set utility valarray variant vector""".split())
RULES = (("<cstdint>", re.compile(r"\bstd::u?int(8|16|32|64|ptr|max)_t\b"), {"cstdint"}),
         ("<initializer_list>", re.compile(r"\bfor \([^;)]* : \{"), WITH_LISTS))
FOLDERS = [os.path.join(ROOT, one) for one in (".", "include", "src", "preload", "tool", "tests", "tests/fuzz", "bench/exit_storm")]


@functools.lru_cache(None)
def included(path):
    """The standard headers that a file and those of ours that it includes ask for."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = set(re.findall(r"#\s*include <([a-z_]+)>", text))
    for one in re.findall(r'#\s*include [<"]([\w./]+\.[hc]pp)[>"]', text):
        for folder in (os.path.dirname(path), *FOLDERS):
            there = os.path.normpath(os.path.join(folder, one))
            if os.path.exists(there) and there != path:
                found |= included(there)
                break
    return frozenset(found)


faults = []
checked = 0
for path in files("include", "src", "preload", "tool", "tests", "bench", "examples", suffixes=CXX):
    checked += 1
    text = path.read_text()
    for what, use, enough in RULES:
        if use.search(text) and not included(str(path)) & enough:
            faults.append(f"{name(path)}: uses what {what} is for, and includes no header that has it")
verdict(faults, checked)
