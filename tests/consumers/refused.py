#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""refused.py --include DIR --library FILE --cxx COMPILER [--libcxx COMPILER] [--flags FLAGS]: a program that does not fit
the library is refused with a reason, by the compiler or the linker, instead of crashing. One that does fit runs."""
import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile

PROGRAM = """
#include <curfew/curfew.hpp>
int main() {
  curfew::thread_scope scope;
  scope.start([] {});
  scope.join();
  return static_cast<int>(curfew::enumerate().size()) - 1;
}
"""
LIBCXX = ["-stdlib=libc++", "-fexperimental-library"]
# What is different, and what the compiler or the linker has to say of it. None: the program is built, and runs.
CASES = [
    ("nothing", [], None),
    ("C++17", ["-std=c++17"], r"#error.*C\+\+20"),
    ("C++11", ["-std=c++11"], r"#error.*C\+\+20"),
    ("debug containers", ["-D_GLIBCXX_DEBUG"], r"#error.*_GLIBCXX_DEBUG"),
    ("old strings", ["-D_GLIBCXX_USE_CXX11_ABI=0"], r"#error.*_GLIBCXX_USE_CXX11_ABI"),
    ("a library with debug containers", ["-DCURFEW_GLIBCXX_DEBUG"], r"#error.*_GLIBCXX_DEBUG"),
    ("a library with old strings", ["-DCURFEW_GLIBCXX_OLD_STRINGS"], r"#error.*_GLIBCXX_USE_CXX11_ABI"),
    ("debug containers, headers of another build", ["-D_GLIBCXX_DEBUG", "-DCURFEW_GLIBCXX_DEBUG"],
     r"undefined reference.*libcurfew_built_with_libstdcxx_GLIBCXX_DEBUG"),
    ("old strings, headers of another build", ["-D_GLIBCXX_USE_CXX11_ABI=0", "-DCURFEW_GLIBCXX_OLD_STRINGS"],
     r"undefined reference.*libcurfew_built_with_libstdcxx_GLIBCXX_USE_CXX11_ABI_0"),
    ("headers of another version", ["-Dv1=v2"], r"undefined reference.*curfew::v2::.*libcurfew_built_with_"),
    ("libc++", LIBCXX, r"undefined (reference|symbol).*libcurfew_built_with_libcxx_abi_"),
    ("libc++ without std::stop_token", LIBCXX[:1], r"#error|error:.*std::stop_token"),
]

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--include", required=True)
parser.add_argument("--library", required=True)
parser.add_argument("--cxx", required=True)
parser.add_argument("--libcxx", default="", help="a clang that has libc++")
parser.add_argument("--flags", default="")
args = parser.parse_args()

macros = subprocess.run([args.cxx, *shlex.split(args.flags), "-std=c++20", "-x", "c++", "-E", "-dM", "-"],
                        input="#include <version>\n", stdout=subprocess.PIPE, text=True, check=True).stdout
if not re.search(r"_GLIBCXX_USE_CXX11_ABI 1\b", macros) or re.search(r"define _GLIBCXX_DEBUG\b", macros):
    print("skipped: not built in the way that these cases begin from")
    sys.exit(77)

def has_libcxx(compiler):
    """A compiler may be there without the library, or with the headers of another version."""
    return compiler != "" and subprocess.run([compiler, *LIBCXX, "-std=c++20", "-x", "c++", "-fsyntax-only", "-"],
                                             input="#include <stop_token>\n", text=True, stderr=subprocess.DEVNULL,
                                             check=False).returncode == 0


libcxx = args.libcxx if has_libcxx(args.libcxx) else ""
failed = 0
with tempfile.TemporaryDirectory() as work:
    source = os.path.join(work, "program.cpp")
    out = os.path.join(work, "program")
    with open(source, "w") as file:
        file.write(PROGRAM)
    for name, flags, wanted in CASES:
        compiler = libcxx if "-stdlib=libc++" in flags else args.cxx
        if not compiler:
            print(f"left out: {name}: no compiler for it")
            continue
        build = subprocess.run([compiler, "-std=c++20", *shlex.split(args.flags), *flags, "-I", args.include, source, "-o", out,
                                args.library, "-pthread", "-ldl", f"-Wl,-rpath,{os.path.dirname(args.library)}"],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if wanted is None:
            good = build.returncode == 0 and subprocess.run([out]).returncode == 0
        else:
            directives = build.stdout.count("#error \"") // 2 if compiler == args.cxx else 1
            good = build.returncode != 0 and re.search(wanted, build.stdout) is not None and directives <= 1
        print(f"{'right' if good else 'WRONG'}: {name}")
        if not good:
            print(build.stdout)
            failed += 1
sys.exit(failed != 0)
