#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The process goes on as if it had not been looked at, also when the dump is killed amid it; and it is not stopped for
long: dump_goes_on.py CURFEW WAITS MANY."""
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from command import CURFEW, check, end, equal
from process import dumped, started

SANITIZED = os.environ.get("CURFEW_TEST_TIME_FACTOR", "1") != "1"


def states(pid):
    return {(task / "stat").read_text().rpartition(") ")[2][0] for task in Path(f"/proc/{pid}/task").iterdir()}


def tracers(pid):
    found = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        found |= {line.split()[1] for line in (task / "status").read_text().splitlines() if line.startswith("TracerPid")}
    return found


def becomes(condition, limit=10):
    until = time.monotonic() + limit
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


with started(sys.argv[2]) as process:
    for _ in range(5):
        dumped(process.pid)
        equal(tracers(process.pid), {"0"}, "tracers afterwards")
    random.seed(1)
    for turn in range(60):
        # Only SIGKILL comes at any moment: the sleep that it cuts off may end with EINTR, as the sleeper has to expect.
        if turn == 30:
            equal(process.output_now(), "", "what its threads say of waits that ended")
        dump = subprocess.Popen([CURFEW, "dump", str(process.pid)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.random() * 0.06)
        dump.send_signal(signal.SIGKILL if turn >= 30 else signal.SIGTERM)
        dump.wait()
    check(becomes(lambda: tracers(process.pid) == {"0"}), "tracers after kills:", tracers(process.pid))
    check(becomes(lambda: not states(process.pid) & {"t", "T"}), "states after kills:", states(process.pid))
    equal(process.child.poll(), None, "the process after kills")

with started(sys.argv[2]) as process:
    # A process that is stopped stays so, can be looked at, and goes on when it is told to.
    os.kill(process.pid, signal.SIGSTOP)
    check(becomes(lambda: states(process.pid) == {"T"}), "it does not stop")
    equal({t["state"] for t in dumped(process.pid)["threads"]}, {"T"}, "states in the dump of a stopped process")
    equal(states(process.pid), {"T"}, "states of a stopped process")
    os.kill(process.pid, signal.SIGCONT)
    check(becomes(lambda: "T" not in states(process.pid)), "it does not go on")

    # A signal that comes meanwhile is not lost.
    dumped(process.pid)
    os.kill(process.pid, signal.SIGUSR2)
    check(becomes(lambda: "sigwaitinfo returned 12" in process.output_now()), "the signal is lost")

# The least of some runs: what else the machine does makes others longer.
with started(sys.argv[3], "100") as process:
    times = [dumped(process.pid)["stopped_ms"] for _ in range(5)]
    check(min(times) < (500 if SANITIZED else 50), "stopped for, ms:", times)
    whole = dumped(process.pid)
    equal(len(whole["threads"]), 100, "threads")
    deep = [t for t in whole["threads"] if sum("deeper" in (f["function"] or "") for f in t["stack"]) == 21]
    equal(len(deep), 25 - 1 if len(deep) == 24 else 25, "threads in a recursion")
end()
