#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a service manager hears of a program from its start to its end: notify.py NOTIFYING."""
import os
import shutil
import signal
import subprocess
import sys

from driver import LIMIT, Manager, Program, check, equal

NOTIFYING = sys.argv[1]


def start(what, manager, **env):
    return Program(NOTIFYING, what, NOTIFY_SOCKET=manager.name, **env)


def tells_what_the_exit_waits_for():
    for abstract in (False, True):
        manager = Manager(abstract)
        seen = []
        with start("drains", manager, CURFEW_EXIT="deadline=600s") as program:
            equal(manager.next(), ["READY=1", "STATUS=ready"], "the first message")
            equal(program.line(), "active", "the program")
            program.signal(signal.SIGTERM)
            manager.wait_for("STOPPING=1", seen)
            check(seen[0] == "STOPPING=1", f"before the end it hears nothing else: {seen}")
            manager.wait_for("STATUS=stopping: not ready any more, and still accepts requests", seen)
            manager.wait_for("STATUS=stopping: waits for 1 request in flight", seen)
            equal(program.line(), "stops", "the listener")
            extensions = [one for one in seen if one.startswith("EXTEND_TIMEOUT_USEC=")]
            check(extensions and 0 < int(extensions[0].split("=")[1]) <= 10_000_000, extensions)
            program.write("\n")  # the request is answered
            said = manager.wait_for("STATUS=stopping: waits for 1 thread", seen)
            equal(said, 'STATUS=stopping: waits for 1 thread: "writer"', "while the exit drains")
            manager.wait_for("EXTEND_TIMEOUT_USEC=", seen)  # and again, as long as it goes on
            program.write("\n")
            status, out, err = program.end()
            equal((status, out, err), (0, "after the wait\n", ""), "its end")
        equal(seen.count("STOPPING=1"), 1, "how often STOPPING=1 was sent")


def extends_nothing_without_a_limit():
    manager = Manager()
    seen = []
    with start("drains", manager) as program:
        program.line()
        program.signal(signal.SIGTERM)
        manager.wait_for("STATUS=stopping: waits for 1 request", seen)
        program.write("\n")
        manager.wait_for("STATUS=stopping: waits for 1 thread", seen)
        program.write("\n")
        equal(program.end()[0], 0, "the status")
    check(not any(one.startswith("EXTEND") for one in seen), f"nobody knows when that exit is over: {seen}")


def a_return_of_main_is_told():
    manager = Manager()
    with start("returns", manager) as program:
        equal(program.end()[:2], (3, "active\n"), "its end")
    equal(manager.next(), ["READY=1", "STATUS=ready"], "ready")
    equal(manager.next()[0], "STOPPING=1", "the end")


def a_host_that_lives_again_is_no_service():
    manager = Manager()
    with start("restarts", manager, WATCHDOG_USEC="60000") as program:
        manager.wait_for("READY=1")
        equal((program.line(), program.line()), ("active", "not active"), "the program")
        seen = []
        while message := manager.next(1):
            seen += message
        check("STOPPING=1" in seen, f"before the second life: {seen}")
        program.write("\n")
        equal(program.end()[0], 4, "its status")
        equal(manager.next(0.1), [], "at its end")
    check("READY=1" not in seen and len(seen) < 50, f"the manager waits for the end: {seen}")


def a_manager_that_does_not_read_holds_up_nothing():
    manager = Manager()
    with start("floods", manager) as program:
        equal(program.line(), "active", "the program")
        program.signal(signal.SIGTERM)
        status, _, err = program.end()
        equal(status, 0, "the status")
        equal(err.count("nobody reads NOTIFY_SOCKET"), 1, f"how often it says so: {err}")


def a_hung_exit_ends_at_its_deadline():
    manager = Manager()
    with start("hangs", manager, CURFEW_EXIT="deadline=1500ms,report_after=-1s") as program:
        program.line()
        program.signal(signal.SIGTERM)
        seen = []
        manager.wait_for('STATUS=stopping: waits for 1 thread: "stuck"', seen)
        equal(program.end()[0], 124, "the status")


def the_watchdog_hears_of_a_thread_that_hangs():
    manager = Manager()
    with start("stalls", manager, WATCHDOG_USEC="1000000") as program:
        seen = []
        manager.wait_for("WATCHDOG=1", seen)
        said = manager.wait_for('STATUS=watchdog: "loop" has made no progress for', seen)
        # What was sent before is read; after that nothing is.
        while message := manager.next(1.5):
            check("WATCHDOG=1" not in message, f"{message} after {said}")
        program.signal(signal.SIGKILL)
        err = program.end()[2]
        equal(err.count("WATCHDOG=1 is withheld"), 1, err)


def other_watchdogs_are_left_alone():
    manager = Manager()
    with start("", manager, WATCHDOG_USEC="10000", WATCHDOG_PID="1") as program:
        equal(manager.next(), ["READY=1", "STATUS=ready"], "ready")
        equal(manager.next(0.3), [], "the watchdog of process 1")
        program.signal(signal.SIGTERM)
        equal(program.end()[0], 0, "the status")


def bad_values_are_named():
    for value, why in (("vsock:2:99", "same machine"), ("relative", "absolute path"), ("@", "absolute path"),
                       ("/" + "x" * 200, "107 bytes")):
        with Program(NOTIFYING, NOTIFY_SOCKET=value) as program:
            status, _, err = program.end()
            check(status == 2 and f"NOTIFY_SOCKET={value}: " in err and why in err, f"{value}: {status}, {err}")
    with Program(NOTIFYING, "returns", NOTIFY_SOCKET="") as program:
        equal(program.end(), (3, "not active\n", ""), "without a manager")
    with Program(NOTIFYING, "returns", NOTIFY_SOCKET="/nowhere/notify") as program:
        status, _, err = program.end()
        check(status == 3 and err.count("NOTIFY_SOCKET: No such file or directory") <= 1, f"{status}, {err}")


def agrees_with_systemd_notify():
    """The same messages as systemd's own tool sends."""
    tool = shutil.which("systemd-notify")
    if tool is None:
        return print("skipped: systemd-notify is not there")
    manager = Manager()
    done = subprocess.run([tool, "--no-block", "--ready", "--status=ready"], env={**os.environ, "NOTIFY_SOCKET": manager.name},
                          check=False, stderr=subprocess.PIPE, timeout=LIMIT)
    check(done.returncode == 0, done.stderr)
    theirs = [line for line in manager.next() if not line.startswith("MAINPID=")]
    with start("returns", manager):
        equal(sorted(manager.next()), sorted(theirs), "what systemd-notify sends")


def runs_under_systemd():
    if not os.path.isdir("/run/systemd/system") or shutil.which("systemd-run") is None:
        return print("skipped: systemd does not run here")
    command = ["systemd-run", "--wait", "--quiet", "--collect", "--property=Type=notify", NOTIFYING, "returns"]
    done = subprocess.run(command, check=False, timeout=LIMIT, stderr=subprocess.PIPE)
    equal(done.returncode, 3, f"the status under systemd-run: {done.stderr}")


for test in (tells_what_the_exit_waits_for, extends_nothing_without_a_limit, a_return_of_main_is_told,
             a_host_that_lives_again_is_no_service, a_manager_that_does_not_read_holds_up_nothing, a_hung_exit_ends_at_its_deadline,
             the_watchdog_hears_of_a_thread_that_hangs, other_watchdogs_are_left_alone, bad_values_are_named,
             agrees_with_systemd_notify, runs_under_systemd):
    print(test.__name__, flush=True)
    test()
