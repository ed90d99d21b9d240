# SPDX-License-Identifier: Apache-2.0
"""Instructions of the main thread for each thread that it starts and joins, counted by callgrind."""
import pathlib
import re
import subprocess
import tempfile

KINDS = ("pthread_create", "std::thread", "std::jthread", "curfew::thread", "curfew::jthread")
# What is counted: everything, or only what runs inside these functions of start_loop.cpp.
PARTS = {"start and join": None, "start": "*start_one*", "join": "*join_one*"}
FEW, MANY = 100, 400


def count_main_thread(valgrind, program, kind, count, inside):
    with tempfile.TemporaryDirectory(prefix="curfew-callgrind-") as scratch:
        out = pathlib.Path(scratch) / "out"
        command = [valgrind, "-q", "--tool=callgrind", "--separate-threads=yes", f"--callgrind-out-file={out}"]
        if inside:
            command.append(f"--toggle-collect={inside}")
        subprocess.run([*command, program, kind, str(count)], capture_output=True, timeout=300, check=True)
        # One file for each thread; the first thread is the main one.
        found = re.search(r"^(?:summary|totals): (\d+)", (out.parent / "out-01").read_text(), re.MULTILINE)
        return int(found.group(1))


def measure(valgrind, programs, progress):
    """{(program's name, kind, part): instructions for each thread}, from two numbers of threads, so that what the
    program does once is not in it."""
    instructions = {}
    for program in programs:
        for kind in KINDS:
            for part, inside in PARTS.items():
                progress(f"callgrind: {program.name}, {kind}, {part}")
                few, many = (count_main_thread(valgrind, program, kind, n, inside) for n in (FEW, MANY))
                instructions[program.name, kind, part] = (many - few) / (MANY - FEW)
    return instructions
