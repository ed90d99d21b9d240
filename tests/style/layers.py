#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A folder of src/ includes its own headers and those of the layers below it, as src/README.md lists them.

lock_tracking/ stands beside the layers: it may include them, and none of them includes it. What a user may include
(include/curfew/) knows nothing of src/.
"""
import re
import sys

from sources import CXX, ROOT, files, name, verdict

ITEM = re.compile(r"^\s*(\d+)\.\s+`?(\w+)/")
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]')
BESIDE = ("lock_tracking",)
# The public headers that belong to one layer; what lies below it does not know them.
PUBLIC = {
    "curfew/thread.hpp": "thread",
    "curfew/curfew.hpp": "pool",
    "curfew/sync.hpp": "sync",
    "curfew/detail/parking.hpp": "sync",
    "curfew/detail/counted_mutex.hpp": "sync",
    **{f"curfew/pool{part}.hpp": "pool" for part in ("", "/thread_pool", "/recycle")},
    **{f"curfew/sync/{part}.hpp": "sync"
       for part in ("barrier", "blocking_queue", "condition", "event", "input", "semaphore", "timer")},
}

layers = [m.group(2) for m in map(ITEM.match, (ROOT / "src/README.md").read_text().splitlines()) if m]
if len(layers) < 2 or len(set(layers)) != len(layers):
    sys.exit(f"src/README.md lists no layers, or one twice: {layers}")
height = {layer: i for i, layer in enumerate(layers)}
height |= {folder: len(layers) + i for i, folder in enumerate(BESIDE)}

faults = []
checked = 0
folders = {path.relative_to(ROOT / "src").parts[0] for path in files("src", suffixes=CXX)}
for folder in sorted(folders - set(height)):
    faults.append(f"src/{folder}/: src/README.md does not say which layer it is")
for path in files("src", "include", suffixes=CXX):
    inside = path.relative_to(ROOT).parts
    public = inside[0] == "include"
    checked += 1
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(1)
        to = target.split("/")[0]
        if to in height and (ROOT / "src" / target).is_file():
            if public:
                faults.append(f"{name(path)}:{number}: a public header includes {target}")
            elif inside[1] in height and height[to] > height[inside[1]]:
                faults.append(f"{name(path)}:{number}: {inside[1]}/ includes {target}, which lies above it")
        elif not public and inside[1] in height and height[PUBLIC.get(target, inside[1])] > height[inside[1]]:
            faults.append(f"{name(path)}:{number}: {inside[1]}/ includes {target}, which {PUBLIC[target]}/ implements")
        elif target.startswith(".") or "/../" in target:
            faults.append(f"{name(path)}:{number}: {target} hides which layer it is in")
verdict(faults, checked)
