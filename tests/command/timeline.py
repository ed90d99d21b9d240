#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The timeline that a program writes of its exit, and what `curfew timeline` makes of it: timeline.py CURFEW EXITS DETACHED."""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from command import CURFEW, check, end, equal, run

EXITS, DETACHED = sys.argv[2:4]
PARTS = ["hooks before the wait", "waiting for regular threads", "waiting for shields and grace periods",
         "hooks after the wait", "freezing daemons", "static destructors and exit handlers"]


def exits(where, *words, options="", **more):
    env = {**os.environ, "CURFEW_EXIT": f"timeline={where}{options}"}
    return run(EXITS, *words, plain=True, env=env, **more)


def spans(events, track):
    """Name, begin and end of what began on a track; None where it did not end. An end belongs to the last begin."""
    done, open_ = [], []
    for one in (e for e in events if e["tid"] == track):
        if one["ph"] == "B":
            open_.append([one["name"], one["ts"], None])
            done.append(open_[-1])
        elif one["ph"] == "E":
            open_.pop()[2] = one["ts"]
    return done


def names(events):
    return {e["args"]["name"]: e["tid"] for e in events if e["name" if "name" in e else "ph"] == "thread_name"}


with tempfile.TemporaryDirectory() as at:
    os.chdir(at)
    # A whole exit.
    equal(exits("whole.json")[0], 3, "status with a timeline")
    events = json.loads(Path("whole.json").read_text())
    tracks = names(events)
    equal(set(tracks), {"exit", "first", "last", "ticker"}, "the tracks")
    main = spans(events, tracks["exit"])
    equal([one[0] for one in main if one[0] in PARTS], PARTS, "the parts, in order")
    check(all(one[2] is not None and one[2] >= one[1] for one in main), "all that began has ended:", main)
    hooks = [one for one in main if one[0] not in PARTS]
    equal([one[0] for one in hooks], ["close the \"listener\"\\ \x01 � Grüße", "storage"], "the hooks")
    check(all(one[2] - one[1] >= 9000 for one in hooks), "a hook that sleeps 10 ms takes them:", hooks)
    first, last = spans(events, tracks["first"]), spans(events, tracks["last"])
    equal([one[0] for one in first + last], ["is waited for"] * 2, "threads that are waited for")
    waited = next(one[2] for one in main if one[0] == PARTS[1])
    check(all(one[0][1] < one[0][2] <= waited for one in (first, last)), "the wait ends behind them:", first, last, waited)
    check([one[0] for one in spans(events, tracks["ticker"])] == ["is frozen"], "the daemon", events)
    equal([e["args"] for e in events if e["ph"] == "i"], [{"status": 3}], "how the process ended")
    check(main[-1][2] - main[-1][1] >= 19000, "a destructor of 20 ms is part of it")

    status, out, err = run("timeline", "whole.json")
    equal((status, err), (0, ""), "curfew timeline")
    for text in ("exit of exits (process ", "status 3\n", '  hook "storage"\n', '"first" (#1), regular, started at ',
                 '"ticker" (#3), daemon, started at ', ", is frozen\n", *(f"  {part}\n" for part in PARTS)):
        check(text in out, f"no {text!r} in {out}")
    equal(run("timeline", "whole.json", "--html", "page.html"), (0, "", ""), "a page")
    page = Path("page.html").read_text()
    for text in ("<title>The exit of exits</title>", "hook &quot;storage&quot;", "Parts of the exit and hooks", "freezing daemons"):
        check(text in page, f"no {text!r} in the page")
    check("destructor or exit handler," not in page, "the legend speaks of what is shown")
    piped = subprocess.run([CURFEW, "timeline", "-"], input=Path("whole.json").read_text(), capture_output=True, text=True, check=False)
    equal(piped.stdout, out, "from standard input")

    # One that its deadline ends, and one that is killed while it waits.
    status, _, _ = exits("late.json", "stuck", options=",deadline=200ms,report_after=-1s")
    equal(status, 124, "status at the deadline")
    late = json.loads(Path("late.json").read_text())[-1]["args"]
    check(late["status"] == 124 and "its deadline of 0.2 s has passed" in late["why"], late)
    check("its deadline of 0.2 s has passed" in run("timeline", "late.json")[1], "why it ended is printed")
    child = subprocess.Popen([EXITS, "stuck"], env={**os.environ, "CURFEW_EXIT": "timeline=killed.json,report_after=-1s"})
    until = time.monotonic() + 60
    while not (Path("killed.json").exists() and '"last"' in Path("killed.json").read_text()) and time.monotonic() < until:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    status, out, err = run("timeline", "killed.json")
    check(status == 0 and "the process was gone before its exit had ended" in out and re.search(r' has not +"last"', out), status, out, err)

    # Where it cannot be written the exit is the same, and a line says so.
    for where, why in (("/nowhere/at/all", "No such file or directory"), ("/dev/full", "No space left on device"), (at, "Is a directory")):
        status, _, err = exits(where)
        equal((status, err), (3, f'curfew: no timeline in "{where}": {why}\n'), f"a timeline in {where}")
    status, _, err = exits("-")
    check(status == 3 and '"timeline=-" is wrong; timeline takes the name of a file' in err, status, err)

    # A child of fork.
    equal(exits("parent.json", "fork")[0], 3, "status of one that has forked")
    equal(json.loads(Path("parent.json").read_text())[-1]["args"]["status"], 3, "whose it is without %p")
    equal(exits("of-%p-%%.json", "fork")[0], 3, "status with a name for each process")
    found = sorted(json.loads(file.read_text())[-1]["args"]["status"] for file in Path(".").glob("of-*-%.json"))
    equal(found, [3, 5], "with %p each has its own")

    # A program that knows nothing of curfew.
    equal(run("run", "--timeline", "run.json", "--", DETACHED, "detach", "return")[0], 3, "run --timeline")
    events = json.loads(Path("run.json").read_text())
    check(any(e.get("name") == "is frozen" for e in events), "the detached thread", events)
    equal(run("run", "--timeline", "true.json", "--", "true"), (0, "", ""), "without a second thread")
    json.loads(Path("true.json").read_text())
    status, _, err = run("run", "--timeline", "-", "--", "true")
    check(status == 125 and "--timeline: it takes the name of a file" in err, status, err)

    # What is none.
    for text, why in (("", "it is empty"), ("hello\n", 'it does not begin with a line "["'), ("[\n]\n", "no exit begins in it"),
                      ('[\n{"ph":"B"}\n]\n', "it is no event of an exit"), ("[\nhalf\nmore\n", "there is more behind the end"),
                      ('[\n{"ph":"M","pid":1,"tid":1,"name":"process_name","args":{"name":7}}\n', "it is no event of an exit"),
                      ('[\n{"ph":"i","pid":1,"tid":1e26,"ts":1}\n', "it is no event of an exit"),
                      ('[\n{"ph":"i","pid":9223372036854775808,"tid":1,"ts":1}\n', "it is no event of an exit")):
        Path("none.json").write_text(text)
        status, out, err = run("timeline", "none.json")
        check(status == 125 and out == "" and re.match(rf"curfew: none\.json:\d+: {re.escape(why)}; ", err), repr(text), status, err)
    status, _, err = run("timeline", "nowhere.json")
    check(status == 125 and "cannot read nowhere.json: No such file or directory" in err, status, err)
    status, _, err = run("timeline", "whole.json", "--html", "/nowhere/page.html")
    check(status == 125 and "cannot write /nowhere/page.html: No such file or directory" in err, status, err)
end()
