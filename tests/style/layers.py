#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A folder includes its own headers and those of the layers below it, as the README of its house lists them; nothing
includes what includes it.

The houses are src/, preload/check/ and tool/check/. lock_tracking/ stands beside the layers of src/: it may include them, and
none of them includes it. What a user may include (include/curfew/) knows nothing of src/. What runs in another process
knows nothing of the command, and the command knows of it only the record.

A unit is a header with its source. Units that include each other, by however many others, are a cycle: none of them can
be read, tested or changed without all.
"""
import re
import sys

from sources import CXX, ROOT, files, name, verdict

ITEM = re.compile(r"^\s*(\d+)\.\s+`?(\w+)/")
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]')
# Where an include of a folder's file is looked for, as its CMakeLists.txt says.
LOOKED_FOR = {"include": ("include",), "src": ("src",), "preload": ("preload", "src"), "tool": ("tool", "")}
HOUSES = ("src", "preload/check", "tool/check")
BESIDE = {"src": ("lock_tracking",)}
# What a folder may know of the others.
KNOWN = {
    "preload/run": ("preload/run/", "preload/exported.hpp", "src/"),
    # A fault of the library must not be its own: of src/ only what makes a system call, and names.
    "preload/check": ("preload/check/", "preload/exported.hpp", "src/os/kernel_call.hpp", "src/os/futex_marks.hpp"),
    "preload": ("preload/",),
    "tool/symbols": ("tool/symbols/",),
    "tool/dump": ("tool/dump/", "tool/symbols/", "tool/failure.hpp", "src/registry/layout.hpp"),
    "tool/check": ("tool/check/", "tool/symbols/", "tool/failure.hpp", "tool/suggestion.hpp", "preload/check/record.hpp"),
    "tool": ("tool/", "preload/check/record.hpp"),
    "src": ("src/",),
}
# The public headers that belong to one layer; what lies below it does not know them.
PUBLIC = {
    "curfew/thread.hpp": "thread",
    "curfew/curfew.hpp": "service",
    "curfew/daemonize.hpp": "service",
    "curfew/sync.hpp": "sync",
    "curfew/detail/parking.hpp": "sync",
    "curfew/detail/counted_mutex.hpp": "sync",
    **{f"curfew/pool{part}.hpp": "pool" for part in ("", "/thread_pool", "/recycle")},
    **{f"curfew/service{part}.hpp": "service" for part in ("", "/listener", "/notifier", "/readiness", "/watched_thread")},
    **{f"curfew/sync/{part}.hpp": "sync"
       for part in ("barrier", "blocking_queue", "condition", "event", "input", "semaphore", "timer")},
}
# Cycles that are still there; they may become smaller. The exit is one protocol: its steps call on, and each may have
# to end the process. The registry's record says when its thread can be reaped, and reaping takes it out.
CYCLES = (
    {f"src/exit/{unit}" for unit in ("crash", "freeze_daemons", "frozen_threads", "last_resort", "options", "protocol",
                                     "request", "stall", "untracked", "verdict", "watch",
                                     "write_out")},
    {f"src/registry/{unit}" for unit in ("reaping", "record", "registry")},
)

faults = []


def layers_of(house):
    readme = ROOT / house / "README.md"
    layers = [m.group(2) for m in map(ITEM.match, readme.read_text().splitlines()) if m]
    if len(layers) < 2 or len(set(layers)) != len(layers):
        sys.exit(f"{name(readme)} lists no layers, or one twice: {layers}")
    height = {layer: i for i, layer in enumerate(layers)}
    height |= {folder: len(layers) + i for i, folder in enumerate(BESIDE.get(house, ()))}
    folders = {path.relative_to(ROOT / house).parts[0] for path in files(house, suffixes=CXX)
               if path.parent != ROOT / house}
    for folder in sorted(folders - set(height)):
        faults.append(f"{house}/{folder}/: {name(readme)} does not say which layer it is")
    return height


def layer_in(path, house):
    """The folder of a house that a file is in; none for a file beside them."""
    rest = path[len(house) + 1:].split("/")
    return rest[0] if path.startswith(house + "/") and len(rest) > 1 else None


def cycles(includes):
    """The sets of units that include each other: Tarjan's."""
    number, low, stack, found = {}, {}, [], []

    def visit(unit):
        number[unit] = low[unit] = len(number)
        stack.append(unit)
        for other in includes.get(unit, ()):
            if other not in number:
                visit(other)
                low[unit] = min(low[unit], low[other])
            elif other in stack:
                low[unit] = min(low[unit], number[other])
        if low[unit] == number[unit]:
            at = stack.index(unit)
            if len(stack) - at > 1:
                found.append(set(stack[at:]))
            del stack[at:]

    for unit in sorted(includes):
        if unit not in number:
            visit(unit)
    return found


heights = {house: layers_of(house) for house in HOUSES}
checked = 0
includes = {}
for path in files(*LOOKED_FOR, suffixes=CXX):
    file = name(path)
    root = file.split("/")[0]
    unit = file.rsplit(".", 1)[0]
    known = next((KNOWN[folder] for folder in sorted(KNOWN, reverse=True) if file.startswith(folder + "/")), None)
    checked += 1
    for line_number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(1)
        said = f"{file}:{line_number}:"
        if target.startswith(".") or "/../" in target:
            faults.append(f"{said} {target} hides which layer it is in")
            continue
        to = next((name(at) for at in (ROOT / folder / target for folder in LOOKED_FOR[root]) if at.is_file()), None)
        if root == "include":
            if (ROOT / "src" / target).is_file():
                faults.append(f"{said} a public header includes {target}")
            continue
        if to is None:
            layer = layer_in(file, "src")
            height = heights["src"]
            if layer in height and height[PUBLIC.get(target, layer)] > height[layer]:
                faults.append(f"{said} {layer}/ includes {target}, which {PUBLIC[target]}/ implements")
            continue
        includes.setdefault(unit, set()).add(to.rsplit(".", 1)[0])
        if known and not to.startswith(known):
            faults.append(f"{said} includes {to}, of which it is to know nothing")
        for house, height in heights.items():
            own, other = layer_in(file, house), layer_in(to, house)
            if own in height and other in height and height[other] > height[own]:
                faults.append(f"{said} {own}/ includes {target}, which lies above it")
            elif own is None and other in height and file.startswith(house + "/"):
                faults.append(f"{said} beside the layers, and includes {target}")
for cycle in cycles(includes):
    if not any(cycle <= known for known in CYCLES):
        faults.append("a cycle: " + ", ".join(sorted(cycle)))
verdict(faults, checked)
