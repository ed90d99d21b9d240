#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does a server that is told to end in the middle of a load lose what it has acknowledged?

    run.py --server SERVER [--exits N] [--connections N] [--markdown FILE] [--json FILE]

SERVER is examples/web_server/ (the target example_web_server). In each round it is started on a journal of its own, wrk
posts entries over as many connections on the loopback device, and up to a second after the first answer SIGTERM comes. A request is
acknowledged when wrk has read the answer 201, which has the entry's number. Then the journal is read: each number has
to be there. Ends with status 1 if one is missing, or if an exit had another status than 0 or passed its deadline.
"""
import os
import pathlib
import random
import resource
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench" / "common")]
import driver
import machine

DEADLINE = 60  # of the exit, in seconds
PATIENCE = 120  # for wrk's first answers


def allow_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard if soft != hard else soft


def in_flight(port):
    """What the server itself says: connections that are served or wait for a worker cannot be asked under this load, so
    the kernel is: established connections of the port."""
    count = 0
    for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
        local, state = line.split()[1], line.split()[3]
        count += local.endswith(f":{port:04X}") and state == "01"
    return count


def acknowledged(folder):
    """The numbers in the answers that wrk has read. A line that it is just writing is not whole."""
    return [int(line) for file in folder.glob("acked.*") for line in file.read_text().splitlines(keepends=True) if line.endswith("\n")]


def one_exit(options, rng):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        server = subprocess.Popen([options.server, "--port", "0", "--folder", name, "--workers", str(options.workers), "--deadline",
                                   str(DEADLINE * 1000), "--request-limit", str(DEADLINE * 1000)],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        load = None
        try:
            said = server.stdout.readline()
            if not said.startswith("listening"):
                sys.exit(f"the server does not start: {said}{server.stderr.read()}")
            port = int(said.rsplit(":", 1)[1])
            load = subprocess.Popen(["wrk", "--threads", "2", "--connections", str(options.connections), "--duration",
                                     f"{2 * PATIENCE}s", "--script", pathlib.Path(__file__).with_name("post.lua"),
                                     f"http://127.0.0.1:{port}"],
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "ACKED": str(folder / "acked")})
            end = time.monotonic() + PATIENCE
            while not acknowledged(folder):
                if time.monotonic() > end or load.poll() is not None:
                    sys.exit(f"wrk has read no answer in {PATIENCE} s: {load.communicate(timeout=10)[0] if load.poll() is not None else ''}")
                time.sleep(0.02)
            time.sleep(rng.uniform(0.05, 1))
            connections = in_flight(port)
            began = time.monotonic()
            server.send_signal(signal.SIGTERM)
            _, err = server.communicate(timeout=2 * DEADLINE)
            took = time.monotonic() - began
            load.send_signal(signal.SIGINT)
            load.communicate(timeout=60)
        finally:
            for process in (server, load):
                if process is not None and process.poll() is None:
                    process.kill()
                    process.wait()
        numbers = acknowledged(folder)
        database = sqlite3.connect(folder / "journal.sqlite")
        written = {row[0] for row in database.execute("SELECT id FROM entries")}
        database.close()
        return {"connections": connections, "acknowledged": len(numbers), "twice": len(numbers) - len(set(numbers)),
                "written": len(written), "lost": len(set(numbers) - written), "seconds": took, "status": server.returncode,
                "stderr": err}


def main():
    parser = driver.parser(__doc__)
    parser.add_argument("--server", type=pathlib.Path, required=True)
    parser.add_argument("--exits", type=int, default=200)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.server = options.server.resolve()
    allow_descriptors()
    header = machine.header()
    rng = random.Random(options.seed)
    exits = []
    for number in range(options.exits):
        one = one_exit(options, rng)
        exits.append(one)
        print(f"{number + 1}: {one}", flush=True)
    lost = sum(one["lost"] + one["twice"] for one in exits)
    bad = [one for one in exits if one["status"] != 0]
    answered = sum(one["acknowledged"] for one in exits)
    seconds = sorted(one["seconds"] for one in exits)
    connections = [one["connections"] for one in exits]
    lines = [
        f"{options.exits} exits by SIGTERM while wrk posts entries over {options.connections} connections; {options.workers} workers. "
        "Acknowledged: wrk has read the answer 201. Open connections: established at the moment of the signal, as the kernel counts "
        "them; each has at most one request in flight.", "",
        "| exits | with another status than 0 | acknowledged | in the journal | lost | open connections, median (most) | "
        "from SIGTERM to the end, median (longest) |", "|---|---|---|---|---|---|---|",
        f"| {len(exits)} | {len(bad)} | {answered} | {sum(one['written'] for one in exits)} | {lost} | "
        f"{statistics.median(connections):.0f} ({max(connections)}) | {statistics.median(seconds):.2f} s ({seconds[-1]:.2f} s) |"]
    print("\n".join(lines))
    driver.write(options, header, {"exits": exits}, "A load, and SIGTERM in the middle of it", lines, indent=1)
    if answered == 0:
        sys.exit("nothing was acknowledged: the run says nothing")
    sys.exit(1 if lost or bad else 0)


if __name__ == "__main__":
    main()
