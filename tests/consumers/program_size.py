#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A stripped program that starts one thread has a budget. program_size.py CXX INCLUDE LIBRARY WORK."""
import subprocess
import sys
from pathlib import Path

BUDGETS = {(): 265_000, ("-Wl,--gc-sections",): 225_000}  # some to spare: 245 and 208 kB with the timeline and restart()
PROGRAM = """
#include <curfew/thread.hpp>
#include <cstdio>
int main() { curfew::thread t([] { std::puts("hello"); }); t.join(); }
"""

cxx, include, library, work = sys.argv[1:]
program = Path(work) / "hello_thread"
failed = False
for flags, budget in BUDGETS.items():
    subprocess.run([cxx, "-std=c++20", "-O2", "-I", include, "-x", "c++", "-", "-x", "none", library, "-o", program, "-s", "-pthread",
                    *flags], input=PROGRAM, text=True, check=True)
    size = program.stat().st_size
    print(f"hello, thread {' '.join(flags)}: {size} bytes of {budget}")
    failed |= size > budget
sys.exit(failed)
