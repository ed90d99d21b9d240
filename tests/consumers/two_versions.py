#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""two_versions.py CXX SOURCE LIBRARY TRACKING OPTIONS WORK: a program and its plugin, each with a static curfew of its own, of
different minor versions, behave as docs/freezing.md says ("Two curfews in one process"). The plugin's is LIBRARY with another
version number compiled into it. OPTIONS are those with which a program links TRACKING, as its target has them."""
import re
import shutil
import subprocess
import sys
from pathlib import Path

cxx, source, library, tracking, options, work = sys.argv[1:]
here = Path(__file__).resolve().parent / "two_versions"
source = Path(source)
work = Path(work) / "two_versions"
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(source / "include", work / "include")
header = work / "include/curfew/version.hpp"
text = header.read_text()
own = ".".join(re.findall(r"#define CURFEW_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", text))
text = re.sub(r"(VERSION_MINOR) (\d+)", lambda m: f"{m[1]} {int(m[2]) + 1}", text)
header.write_text(text)
other = ".".join(re.findall(r"#define CURFEW_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", text))


def run(*command):
    print("+", *command, flush=True)
    done = subprocess.run([str(word) for word in command], cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=600)
    if done.returncode != 0:
        sys.exit(f"status {done.returncode}\n{done.stdout}")
    return done.stdout


flags = ["-std=c++20", "-O1", "-fPIC"]
end = ["-pthread", "-ldl"]
shutil.copy(library, work / "libcurfew.a")
run(cxx, *flags, "-fvisibility=hidden", "-I", "include", "-c", source / "src/report/version.cpp", "-o", "version.cpp.o")
run("ar", "r", "libcurfew.a", "version.cpp.o")
run(cxx, *flags, "-fvisibility=hidden", "-I", "include", "-shared", here / "plugin.cpp", "libcurfew.a", *end, "-o", "plugin.so")
run(cxx, *flags, "-I", source / "include", here / "host.cpp", *(one.replace("LINKER:", "-Wl,") for one in options.split()),
    "-Wl,--wrap=__libc_start_main", tracking, library, *end, "-o", "host")
WANTED = [f"host {own}, plugin {other}", "host: regular thread ended", "plugin: regular thread ended",
          "plugin: statics destroyed, daemon frozen", "host: statics destroyed, own daemon frozen, plugin's frozen"]
for _ in range(5):
    said = run(work / "host", work / "plugin.so").splitlines()
    if said != WANTED:
        sys.exit("it said\n  " + "\n  ".join(said) + "\nand not\n  " + "\n  ".join(WANTED))
