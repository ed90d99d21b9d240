#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What each thread waits for, and for whom; who waits in a ring: dump_waits.py CURFEW WAITS DEADLOCK."""
import re
import sys

from command import check, end, equal, run
from process import dumped, started

WAITS = {  # name: kind, who holds it, what the program called
    "t_mutex": ("mutex", "t_holder", r"mutex"),
    "t_rwlock": ("rwlock", "t_holder", r"shared_mutex|rwlock"),
    "t_stream": ("stream", "t_holder", r"put"),
    "t_condition": ("condition", None, r"cond"),
    "t_semaphore": ("semaphore", None, r"sem_wait"),
    "t_barrier": ("barrier", None, r"pthread_barrier_wait"),
    "t_atomic": ("atomic", None, r""),
    "t_future": ("future", None, r"future"),
    "t_static": ("static", "t_initialises", r"cxa_guard_acquire"),
    "t_sleep": ("sleep", None, r"sleep"),
    "t_read": ("descriptor", None, r"read"),
    "t_accept": ("descriptor", None, r"accept"),
    "t_poll": ("descriptor", None, r"poll"),
    "t_select": ("descriptor", None, r"select"),
    "t_epoll": ("descriptor", None, r"epoll_wait"),
    "t_signal": ("signal", None, r"sig"),
    "t_joins": ("join", "t_joined", r"join"),
    "t_busy": ("running", None, r""),
    "t_initialises": ("sleep", None, r"sleep"),
}

with started(sys.argv[2]) as process:
    # Twice: the second time the kernel goes on with calls that it began before.
    for turn in ("first", "second"):
        all_of_it = dumped(process.pid)
        by_name = {t["name"]: t for t in all_of_it["threads"]}
        names = {t["tid"]: t["name"] for t in all_of_it["threads"]}
        for name, (kind, holder, call) in WAITS.items():
            if name not in by_name:
                check(False, turn, name, "is missing")
                continue
            wait = by_name[name]["waits_for"]
            equal(wait["kind"], kind, f"{turn} {name}: {wait}")
            equal(names.get(wait["thread"]), holder, f"{turn} {name}: for whom: {wait}")
            check(re.search(call, wait["in"] or ""), turn, name, "has called", wait)
        equal([t["waits_for"]["kind"] for t in all_of_it["threads"] if t["tid"] == process.pid], ["process"], f"{turn} main")
        descriptors = {name: [d["what"] for d in by_name[name]["waits_for"]["descriptors"]] for name in by_name}
        check(re.fullmatch(r"\['TCP 127.0.0.1:\d+, listening'\]", str(descriptors["t_accept"])), descriptors["t_accept"])
        check(re.fullmatch(r"\['pipe:.*', 'TCP 127.0.0.1:\d+, listening'\]", str(descriptors["t_poll"])), descriptors["t_poll"])
        check(re.fullmatch(r"\['pipe:.*'\]", str(descriptors["t_epoll"])), descriptors["t_epoll"])
        equal(descriptors["t_select"], descriptors["t_accept"], "select")
        limit = by_name["t_sleep"]["waits_for"]["limit_ms"]
        check(limit and 3_000_000 < limit <= 3_600_000, "limit of an hour:", limit)
        equal(sum(f["function"] == "recurse" or (f["function"] or "").endswith("::recurse(int)")
                  for f in by_name["t_deep"]["stack"]), 201, "frames of recurse")
        # A stack of megabytes: what is there is right, and what was not copied is said.
        very_deep = by_name["t_very_deep"]
        check(len(very_deep["stack"]) > 200 and (very_deep["stack_is_cut"] or len(very_deep["stack"]) > 20000),
              "very deep:", len(very_deep["stack"]), very_deep["stack_is_cut"])
        equal(all_of_it["cycles"], [], "cycles where there are none")
    status, out, err = run("dump", process.pid)
    equal((status, err), (0, ""), "text")
    check('waits for the mutex 0x' in out and 'held by "t_holder" (' in out, "text:", out[:500])
    check(re.search(r"#\d+ +main  .*waits\.cpp:\d+", out), "main's line:", out[:800])
    equal(process.output_now(), "", "what the threads say of waits that ended")

with started(sys.argv[3]) as process:
    all_of_it = dumped(process.pid)
    names = {t["tid"]: t["name"] for t in all_of_it["threads"]}
    rings = sorted([(names[e["tid"]], e["why"], names[e["for"]]) for e in ring] for ring in all_of_it["cycles"])
    for ring in rings:
        ring.sort()
    equal(sorted(rings), [[("first", "waits for a mutex of", "second"), ("second", "joins", "first")],
                          [("third", "waits for a mutex of", "third")]], "rings")
    _, out, _ = run("dump", process.pid)
    check(len(re.findall(r"^deadlock: ", out, re.M)) == 2, "deadlocks:", out[:600])
end()
