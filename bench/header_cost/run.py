#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a program pays for including curfew, and for linking it: lines and time in the compiler's front end, and the size of a
program that starts one thread, stripped. Beside the standard's headers and `std::thread`, and beside an earlier checkout.

    run.py [--lib BUILD] [--before FOLDER --before-lib BUILD] [--compiler CXX] [--rounds N] [--markdown FILE] [--json FILE]

BUILD is a build tree of the preset `release`. Times are formed in rounds, in which each takes its turn; ratios within a round.
"""
import pathlib
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "common"))
import driver
import machine
import parts
from spread import ratios, spread, text

STANDARD = "<thread> <stop_token> <chrono>"
HEADERS = {STANDARD: ("<thread>", "<stop_token>", "<chrono>"), STANDARD + " <functional>": ("<thread>", "<stop_token>", "<chrono>", "<functional>"),
           STANDARD + " <functional> <future>": ("<thread>", "<stop_token>", "<chrono>", "<functional>", "<future>"),
           "<curfew/thread.hpp>": ("<curfew/thread.hpp>",), "<curfew/curfew.hpp>": ("<curfew/curfew.hpp>",)}
CURFEW_HELLO = '#include <curfew/thread.hpp>\n#include <cstdio>\nint main() { curfew::thread hello([] { std::puts("hello"); }); }\n'
STD_HELLO = '#include <thread>\n#include <cstdio>\nint main() { std::jthread hello([] { std::puts("hello"); }); }\n'
WRAP = ["-Wl,--wrap=__libc_start_main"]
TRACKED = ["-Wl,--undefined=curfew_lock_tracking"]


def wrap(archive):
    """Earlier versions had no function in front of the C library's start."""
    symbols = subprocess.run(["nm", archive], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    return WRAP if "__wrap___libc_start_main" in symbols else []


def source_of(names):
    return "".join(f"#include {name}\n" for name in names) + "int main() {}\n"


def lines_of(command, source):
    made = subprocess.run([*command, "-E", "-P"], input=source, stdout=subprocess.PIPE, text=True, check=True).stdout
    return sum(1 for line in made.splitlines() if line.strip())


def front_end(command, source):
    """Milliseconds of processor time, which other programs take less away from than from time on the clock."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*command, "-fsyntax-only"], input=source, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def program_size(compiler, source, flags):
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "program"
        subprocess.run([compiler, "-std=c++20", "-O2", "-x", "c++", "-", "-x", "none", *flags, "-s", "-o", program],
                       input=source, text=True, check=True)
        return program.stat().st_size


def main():
    parser = driver.parser(__doc__)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--lib", type=pathlib.Path, metavar="BUILD", help="measure program sizes, too")
    parser.add_argument("--before", type=pathlib.Path, metavar="FOLDER", help="an earlier checkout")
    parser.add_argument("--before-lib", type=pathlib.Path, metavar="BUILD")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds: at least 1")
    trees = {"": machine.ROOT} | ({", before": options.before.resolve()} if options.before else {})
    sources, commands = {}, {}
    for age, tree in trees.items():
        command = [options.compiler, "-std=c++20", f"-I{tree / 'include'}", "-x", "c++", "-"]
        for name, includes in HEADERS.items():
            if age and "curfew" not in name:
                continue
            sources[name + age], commands[name + age] = source_of(includes), command
    times = driver.in_turns(options.rounds, {name: lambda name=name: front_end(commands[name], sources[name]) for name in sources})
    lines = ["## Headers", "", "| included | lines | front end, ms of processor time | against `" + STANDARD + "` |", "|---|---:|---:|---:|"]
    counts = {name: lines_of(commands[name], source) for name, source in sources.items()}
    for name in sources:
        lines.append(f"| `{name}` | {counts[name]:,} | {text(spread(times[name]), '{:.0f}')} | {text(ratios(times[name], times[STANDARD]))} |"
                     .replace(", before`", "`, before"))
    sizes = {}
    if options.lib:
        def kinds(tree, build):
            archives = [build / "src" / "libcurfew_lock_tracking.a", build / "src" / "libcurfew.a"]
            core = [f"-I{tree / 'include'}", archives[1], *wrap(archives[1])]
            tracked = [f"-I{tree / 'include'}", *TRACKED, *archives, *wrap(archives[1])]
            return {"curfew::core": core, "curfew::core, -Wl,--gc-sections": [*core, "-Wl,--gc-sections"], "curfew::curfew": tracked}
        sizes["std::jthread"] = program_size(options.compiler, STD_HELLO, [])
        for name, flags in kinds(machine.ROOT, options.lib).items():
            sizes[name] = program_size(options.compiler, CURFEW_HELLO, flags)
        if options.before and options.before_lib:
            for name, flags in kinds(trees[", before"], options.before_lib).items():
                sizes[name + ", before"] = program_size(options.compiler, CURFEW_HELLO, flags)
        lines += ["", "## A program that starts one thread, stripped", "", "| library | kB |", "|---|---:|"]
        lines += [f"| {name} | {size / 1000:.0f} |" for name, size in sizes.items()]
        smallest = "curfew::core, -Wl,--gc-sections"
        found = parts.parts_of(options.compiler, CURFEW_HELLO, kinds(machine.ROOT, options.lib)[smallest], machine.ROOT)
        lines += ["", f"## What the program with {smallest} consists of", "", *parts.table(found, sizes[smallest])]
    print("\n".join(lines))
    driver.write(options, machine.header(), {"lines": counts, "front end, ms": times, "sizes": sizes}, "What including and linking curfew costs", lines, indent=1)


main()
