#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A program that was built with LeakSanitizer under `curfew check`: check_leak_sanitizer.py CURFEW C++-COMPILER. Its library is
initialised before the C library, and reads all memory in the middle of the exit."""
import subprocess
import sys
import tempfile
from pathlib import Path

from command import check, end, equal, run

SOURCE = """
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>
using namespace std::chrono_literals;
static std::vector<int>& shared() { static std::vector<int> one(100); return one; }
int main(int count, char** words) {
  shared();
  if (count > 1)
    std::thread([faulty = words[1][0] == 'f'] {
      for (;; std::this_thread::sleep_for(1ms)) if (faulty) shared().push_back(1);
    }).detach();
  std::this_thread::sleep_for(20ms);
  std::puts("main returns");
  return 3;
}
"""

with tempfile.TemporaryDirectory() as at:
    source, program = Path(at) / "main.cpp", Path(at) / "program"
    source.write_text(SOURCE)
    words = [sys.argv[2], "-std=c++20", "-g", "-pthread", "-fsanitize=leak", source, "-o", program]
    if subprocess.run(words, stderr=subprocess.DEVNULL).returncode != 0 or run(program, plain=True)[0] != 3:
        print("skipped: no LeakSanitizer here")
        sys.exit(77)
    status, out, err = run("check", "--", program)
    equal((status, out), (3, "main returns\n"), "one thread: status and output")
    check("curfew check: clean" in err and "LeakSanitizer" not in err, f"one thread: {err!r}")
    status, out, err = run("check", "--fail-on", "error", "--", program, "sound")
    equal((status, out), (3, "main returns\n"), "a thread that sleeps: status and output")
    check("0 errors, 1 warning" in err and "LeakSanitizer" not in err, f"a thread that sleeps: {err!r}")
    status, out, err = run("check", "--", program, "faulty")
    equal((status, out), (66, "main returns\n"), "a thread that uses a static: status and output")
    check("static-used-after-destruction" in err and "LeakSanitizer" not in err, f"a thread that uses a static: {err!r}")
end()
