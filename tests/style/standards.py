#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""standards.py COMPILER STANDARD [FLAGS...]: the public headers compile without a warning in a newer C++ than their own.

Which standards a compiler has is found by trying it: 77, which skips, where it does not know this one.
"""
import subprocess
import sys

compiler, standard, *flags = sys.argv[1:]
command = [compiler, *flags, f"-std={standard}", "-x", "c++", "-fsyntax-only", "-"]
USE = """#include <curfew/curfew.hpp>
int main() {
  curfew::thread by_hand({.name = "by hand", .daemon = true}, [](std::stop_token) {});
  by_hand.join();
  curfew::jthread joins([] {});
  curfew::thread_scope scope;
  scope.start([] {});
  curfew::shield shield;
  return shield ? 0 : curfew::get_exit_options().deadline_status;
}
"""
if subprocess.run(command, input="int main() {}\n", text=True, stderr=subprocess.DEVNULL).returncode != 0:
    print(f"skipped: {compiler} does not know {standard}")
    sys.exit(77)
warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Wno-sign-conversion", "-Werror"]
sys.exit(subprocess.run([*command, *warnings], input=USE, text=True).returncode != 0)
