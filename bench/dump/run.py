#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`curfew dump` beside gdb: for how long is the process stopped, and are the frames the same?

    run.py --curfew CURFEW --program PROGRAM [--threads 1,100,5000] [--runs N] [--markdown FILE] [--json FILE]

PROGRAM is tests/command/dump/many.cpp (the target command_dump_many). One more thread of it looks at the clock every 50 µs;
the longest gap that it saw is how long the process was stopped, for both tools alike. gdb's command is
`gdb -batch -ex "thread apply all bt" -p PID`.
"""
import mmap
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench" / "common")]
import driver
import machine


def measured(options, count):
    with tempfile.NamedTemporaryFile() as file:
        file.write(bytes(8))
        file.flush()
        gap = mmap.mmap(file.fileno(), 8)
        process = subprocess.Popen([options.program, str(count), file.name], stdout=subprocess.PIPE, text=True)
        try:
            made = int(process.stdout.readline().split()[1])
            return {"threads": made, **rounds(options, process.pid, gap), **compared(options, process.pid)}
        finally:
            process.kill()
            process.wait()


def watched(gap, words):
    """Seconds, the longest gap in ms, what was printed."""
    time.sleep(0.3)
    gap[:] = bytes(8)
    began = time.monotonic()
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1800, check=True)
    seconds = time.monotonic() - began
    time.sleep(0.2)
    return seconds, struct.unpack("q", gap[:])[0] / 1e6, done.stdout


def rounds(options, pid, gap):
    found = {"dump": [], "gdb": [], "nothing": [], "dump says": []}
    for _ in range(options.runs):
        found["nothing"].append(watched(gap, ["sleep", "0.2"])[1])
        seconds, ms, text = watched(gap, [options.curfew, "dump", str(pid)])
        found["dump"].append((seconds, ms))
        said = text.splitlines()[0].rsplit("stopped for ", 1)[1].split()
        found["dump says"].append(float(said[0]) * (1000 if said[1] == "s" else 1))
        seconds, ms, _ = watched(gap, ["gdb", "-q", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-ex", "thread apply all bt",
                                       "-p", str(pid)])
        found["gdb"].append((seconds, ms))
    return found


def compared(options, pid):
    sys.argv[1:] = [options.curfew]  # what the tests' modules are given
    sys.path.insert(0, str(ROOT / "tests" / "command"))
    from gdb_frames import by_dump, by_gdb, same
    from process import dumped
    ours = by_dump(dumped(pid))
    theirs, _ = by_gdb(pid)
    # The thread that looks at the clock moves.
    alike = sum(1 for tid, stack in ours.items() if tid in theirs and same(stack, theirs[tid]))
    return {"compared": len(ours), "same frames": alike, "frames": sum(map(len, ours.values()))}


def median(values):
    return statistics.median(values)


def main():
    made = driver.parser(__doc__)
    made.add_argument("--curfew", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    made.add_argument("--program", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    made.add_argument("--threads", default="1,100,5000")
    made.add_argument("--runs", type=int, default=5)
    options = made.parse_args()
    header = machine.header()
    results = [measured(options, int(count)) for count in options.threads.split(",")]
    lines = ["Medians of " + str(options.runs) + " runs in turn. \"Stopped\" is the longest time for which one more thread of the program, "
             "which looks at the clock every 50 µs, did not run; a load on the machine makes it longer, and \"nobody looks\" says by "
             "how much. \"curfew says\" is what `curfew dump` itself prints.", "",
             "| threads | stopped by curfew dump, ms | curfew says, ms | stopped by gdb, ms | gdb against curfew | nobody looks, ms | "
             "whole run of curfew, s | of gdb, s | same frames as gdb |", "|---|---|---|---|---|---|---|---|---|"]
    for r in results:
        ours, theirs = median([ms for _, ms in r["dump"]]), median([ms for _, ms in r["gdb"]])
        lines.append(f"| {r['threads']} | {ours:.1f} | {median(r['dump says']):.1f} | {theirs:.0f} | {theirs / ours:.0f} times | {median(r['nothing']):.1f} | "
                     f"{median([s for s, _ in r['dump']]):.2f} | {median([s for s, _ in r['gdb']]):.2f} | "
                     f"{r['same frames']} of {r['compared']} threads, {r['frames']} frames |")
    print("\n".join(lines))
    driver.write(options, header, {"results": results}, "Stop times of curfew dump", lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
