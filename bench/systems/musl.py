#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What stops curfew on musl, counted: which of its files compile with musl's headers, and what its archives miss.

    musl.py [--clang clang++-19] [--headers /usr/lib/llvm-19/include/c++/v1] [--archives FILE...] [--jobs N]

Wants Debian's musl-dev, linux-libc-dev, clang-19 and libc++-19-dev; for --archives also musl-tools' musl-gcc. Prints
Markdown. Nothing is run: Debian has no C++ library that was built against musl.

--archives: libcurfew.a and what it needs, built for glibc. The program `int main(void) {...}` of curfew/curfew.h is linked
with them by musl-gcc, and what is undefined then is listed: what these archives want of a C library and musl's does not
have.
"""
import argparse
import collections
import concurrent.futures
import os
import re
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = """#include <curfew/curfew.h>
int main(void) { return curfew_phase() == CURFEW_RUNNING ? 0 : 1; }
"""


def sources():
    for folder, _, names in sorted(os.walk(os.path.join(ROOT, "src"))):
        if not folder.endswith("/none"):
            yield from (os.path.relpath(os.path.join(folder, name), ROOT) for name in sorted(names) if name.endswith(".cpp"))


def kernel_headers(folder):
    """Only those: beside them lie glibc's."""
    machine = os.uname().machine
    for name, path in (("linux", "/usr/include/linux"), ("asm-generic", "/usr/include/asm-generic"),
                       ("asm", f"/usr/include/{machine}-linux-gnu/asm")):
        os.symlink(path, os.path.join(folder, name))
    return folder


def errors_of(options, kernel, source):
    own = subprocess.run([options.clang, "-print-resource-dir"], capture_output=True, text=True, check=True).stdout.strip()
    done = subprocess.run(
        [options.clang, "-std=c++20", "-fexperimental-library", "-D_LIBCPP_HAS_MUSL_LIBC=1", "-D_GNU_SOURCE", "-nostdinc",
         "-nostdinc++", "-isystem", options.headers, "-isystem", f"{own}/include", "-isystem",
         f"/usr/include/{os.uname().machine}-linux-musl", "-isystem", kernel, "-Isrc", "-Iinclude", "-fsyntax-only",
         "-ferror-limit=0", source], capture_output=True, text=True, check=False, cwd=ROOT)
    return source, re.findall(r"^([^\s:]+):\d+:\d+: (?:fatal )?error: (.*)$", done.stderr, re.M)


def layer(source):
    return "/".join(source.split("/")[:2])


def compiled(options):
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        kernel = kernel_headers(folder)
        results = list(pool.map(lambda source: errors_of(options, kernel, source), sources()))
    print("| folder | files | without an error | errors |")
    print("|---|---:|---:|---:|")
    for folder in sorted({layer(source) for source, _ in results}):
        here = [errors for source, errors in results if layer(source) == folder]
        print(f"| `{folder}` | {len(here)} | {sum(not errors for errors in here)} | {sum(map(len, here))} |")
    print(f"| together | {len(results)} | {sum(not e for _, e in results)} | {sum(len(e) for _, e in results)} |\n")
    texts = collections.Counter(text for _, errors in results for _, text in errors)
    where = collections.defaultdict(set)
    for source, errors in results:
        for _, text in errors:
            where[text].add(source)
    print("| error | times | in |")
    print("|---|---:|---|")
    for text, times in texts.most_common():
        print(f"| {text} | {times} | {', '.join(f'`{one}`' for one in sorted(where[text]))} |")


def linked(archives):
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "program.c")
        with open(program, "w", encoding="utf-8") as file:
            file.write(PROGRAM)
        done = subprocess.run(["musl-gcc", "-static", f"-I{ROOT}/include", program, "-o", os.path.join(folder, "program"),
                               "-Wl,--whole-archive", archives[0], "-Wl,--no-whole-archive", "-Wl,--start-group",
                               *archives[1:], "-lc", "-Wl,--end-group", "-Wl,--no-demangle",
                               "-Wl,--wrap=__libc_start_main"], capture_output=True, text=True,
                              check=False)
    by_archive = collections.defaultdict(set)
    archive = "program.c"
    for line in done.stderr.splitlines():  # "PATH/libNAME.a(one.o): in function …", then a line for each place
        if found := re.search(r"([\w.+-]+\.a)\([\w.+-]+\):", line):
            archive = found[1]
        if found := re.search(r"undefined references? to `([^'@]+)", line):
            by_archive[archive].add(found[1])
    print(f"\nmusl-gcc, status {done.returncode}\n")
    print("| archive | undefined symbols | |")
    print("|---|---:|---|")
    for archive, names in sorted(by_archive.items()):
        print(f"| `{archive}` | {len(names)} | {', '.join(f'`{name}`' for name in sorted(names))} |")
    if not by_archive:
        print(done.stderr[-2000:])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clang", default="clang++-19")
    parser.add_argument("--headers", default="/usr/lib/llvm-19/include/c++/v1")
    parser.add_argument("--archives", nargs="+", default=[])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-compile", action="store_true")
    options = parser.parse_args()
    if not options.no_compile:
        compiled(options)
    if options.archives:
        linked(options.archives)


main()
