#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`curfew run` names the destructor or handler that hangs as its source does, whether the program's C++ library is a shared one,
whose demangler is asked, or a part of the program. names.py CURFEW CXX."""
import pathlib
import re
import subprocess
import sys
import tempfile

from command import end, equal, run

cxx = sys.argv[2]
PROGRAM = """
#include <cstdlib>
#include <unistd.h>
namespace app { namespace parts {
struct pool { int started = 0; pool() { started = 1; } ~pool(); };
pool::~pool() { for (;;) ::pause(); }
template <class T> struct store { T value{}; store() {} ~store(); };
template <class T> store<T>::~store() { for (;;) ::pause(); }
void drain() { for (;;) ::pause(); }
}}
static void save() { for (;;) ::pause(); }
int main(int, char** arguments) {
  switch (arguments[1][0]) {
    case 'p': static app::parts::pool workers; break;
    case 's': static app::parts::store<int> values; break;
    case 'd': std::atexit(&app::parts::drain); break;
    default: std::atexit(&save);
  }
  return 3;
}
"""
# By the word of the program: what stands in the message, and what does where templates cannot be read.
NAMES = {"pool": ("app::parts::pool::~pool()",) * 2, "drain": ("app::parts::drain()",) * 2, "handler": ("save()",) * 2,
         "store": ("app::parts::store<int>::~store()", "_ZN3app5parts5storeIiED1Ev")}

with tempfile.TemporaryDirectory() as folder:
    for i, flags in enumerate(([], ["-static-libstdc++", "-static-libgcc"])):
        program = pathlib.Path(folder) / "program"
        subprocess.run([cxx, "-std=c++20", "-O1", *flags, "-x", "c++", "-", "-o", program, "-pthread"], input=PROGRAM, text=True, check=True)
        for word, names in NAMES.items():
            status, _, err = run("run", "--deadline", "300ms", "--report", "--", program, word)
            found = re.search(r"with status 3: (\S+)\+0x", err)
            equal((status, found and re.sub("D2Ev$", "D1Ev", found[1])), (3, names[i]), f"{flags} {word}: {err}")
end()
