#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""exported_symbols.py [--write] LIST CXX LIBRARY WORK: what the shared library exports, held against a list.

LIBRARY is libcurfew.so, or libcurfew.a, of which a shared library is linked first: its objects are compiled in the same
way. A symbol that is gone fails the test, because programs that are built already may need it. One that is new fails it as
well until `--write` has recorded it, so that nothing becomes public by accident.

Left out are instantiations of the standard library's templates (weak, and every program has its own), and symbols of the
compiler.
"""
import argparse
import re
import subprocess
import sys
from pathlib import Path

# Functions in front of the C library's are public too: programs are linked against them.
OURS = re.compile(r"^(_Z|curfew_|exit$|__wrap___libc_start_main$)")
STANDARD = re.compile(r"^_Z(TI|TS|TV|GV|TT)?(N[KVRO]*)?(S[tabsiod]|9__gnu_cxx|10__cxxabiv1|F?vv$)")
HEADER = """\
# SPDX-License-Identifier: Apache-2.0
# What libcurfew.so exports: the mangled name, and what it stands for. tests/abi/exported_symbols.py compares, and writes
# it with --write. Lines are added here, and removed only with a new CURFEW_SOVERSION (docs/releases.md).
"""


def run(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True, **more).stdout


def shared_library(cxx, library, work):
    if library.suffix != ".a":
        return library
    out = work / "libcurfew_exported.so"
    run(cxx, "-shared", "-o", out, "-Wl,--whole-archive", library, "-Wl,--no-whole-archive", "-Wl,--wrap=__libc_start_main",
        "-pthread", "-ldl")
    return out


def exported(library):
    found = {}
    for line in run("nm", "--dynamic", "--defined-only", library).splitlines():
        _, kind, name = line.split()
        name = name.split("@")[0]
        if kind in "ANu" or (kind in "WV" and STANDARD.match(name)) or not OURS.match(name):
            continue
        found[name] = kind
    readable = run("c++filt", input="\n".join(found)).splitlines()
    return dict(zip(found, readable))


def recorded(path):
    return [line.split("\t")[0] for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="record what is exported now")
    for what in ("list", "cxx", "library", "work"):
        parser.add_argument(what)
    args = parser.parse_args()
    listed = Path(args.list)
    work = Path(args.work)
    work.mkdir(parents=True, exist_ok=True)
    now = exported(shared_library(args.cxx, Path(args.library), work))
    if len(now) < 50:
        sys.exit(f"only {len(now)} symbols: the library, or this test, is wrong")
    before = recorded(listed) if listed.exists() else []
    gone = [name for name in before if name not in now]
    new = [name for name in now if name not in before]
    if args.write:
        rows = sorted(f"{name}\t{readable}" for name, readable in now.items())
        listed.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
        print(f"{len(rows)} symbols; {len(new)} new, {len(gone)} gone")
        return
    for name in gone:
        print(f"gone: {name}")
    for name in new:
        print(f"new: {name} ({now[name]})")
    if gone:
        sys.exit("A program that is built already may need these. Keep them, or raise CURFEW_SOVERSION and the inline namespace.")
    if new:
        sys.exit("To record what is new: " + " ".join([sys.argv[0], "--write", *sys.argv[1:]]))
    print(f"{len(now)} symbols, as the list has them")


if __name__ == "__main__":
    main()
