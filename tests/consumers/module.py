#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""module.py CLANG INCLUDE CPPM LIBRARY WORK: the module interface is compiled, and a program that imports it runs."""
import shutil
import subprocess
import sys
from pathlib import Path

clang, include, interface, library, work = sys.argv[1:]
here = Path(__file__).resolve().parent / "module"
work = Path(work) / "module"
shutil.rmtree(work, ignore_errors=True)
work.mkdir(parents=True)
COMMON = [clang, "-std=c++20", "-O1"]


def run(*command):
    print("+", *command, flush=True)
    done = subprocess.run([str(word) for word in command], cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=600)
    if done.returncode != 0:
        sys.exit(f"status {done.returncode}\n{done.stdout}")
    return done.stdout


# As docs/installing.md says.
run(*COMMON, "-I", include, "--precompile", interface, "-o", "curfew.pcm")
run(*COMMON, "-c", "curfew.pcm", "-o", "curfew.o")
run(*COMMON, "-c", "-fmodule-file=curfew=curfew.pcm", here / "main.cpp", "-o", "main.o")
run(clang, "main.o", "curfew.o", library, "-Wl,--wrap=__libc_start_main", f"-Wl,-rpath,{Path(library).parent}", "-pthread", "-ldl",
    "-o", "program")
said = run(work / "program")
if said != "regular thread ended\n":
    sys.exit(f"it said {said!r}")
