#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""daemonize() as a shell sees it: daemonize.py BACKGROUND."""
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from driver import LIMIT, check, equal, until

BACKGROUND = sys.argv[1]


class Place:
    """A folder with the pid file and the report; kills the daemon that is left."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.pid_file = Path(self.folder.name) / "pid"
        self.report = Path(self.folder.name) / "report"
        return self

    def __exit__(self, *_):
        if (pid := self.pid()) and alive(pid):
            os.kill(pid, signal.SIGKILL)
            until(lambda: not alive(pid), "the daemon's end")
        self.folder.cleanup()

    def pid(self):
        return int(self.pid_file.read_text() or 0) if self.pid_file.exists() else 0

    def start(self, what="", pid_file=None, **more):
        """To its end as a shell waits for it: the status, stdout and stderr. Files, because the daemon may keep them."""
        out, err = (Path(self.folder.name) / name for name in ("out", "err"))
        with open(out, "w", encoding="utf-8") as to, open(err, "w", encoding="utf-8") as errors:
            done = subprocess.run([BACKGROUND, what, str(pid_file or self.pid_file), str(self.report)], stdout=to, stderr=errors,
                                  stdin=subprocess.DEVNULL, timeout=LIMIT, check=False, **more)
        return done.returncode, out.read_text(), err.read_text()

    def facts(self):
        until(self.report.exists, "the daemon's report")
        return dict(line.split(" ", 1) for line in self.report.read_text().splitlines())


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def locked(path):
    """Who has it, as the kernel says."""
    inode = path.stat().st_ino
    return [int(line.split()[4]) for line in Path("/proc/locks").read_text().splitlines()
            if line.split()[1] == "FLOCK" and line.split()[5].endswith(f":{inode}")]


def goes_into_the_background():
    with Place() as place:
        began = time.monotonic()
        status, out, err = place.start("slow")
        check(time.monotonic() - began >= 0.5, "it was said to be ready before it was")
        equal((status, out, err), (0, "written before\n", "still on the terminal\n"), "what the shell sees")
        pid = place.pid()
        facts = place.facts()
        equal(int(facts["pid"]), pid, "the pid file")
        check(int(facts["session"]) not in (pid, os.getsid(0)), f"the session: {facts}")
        equal((facts["cwd"], facts["umask"]), ("/", str(0o022)), "folder and mask")
        equal([facts[f"fd{n}"] for n in range(3)], ["/dev/null"] * 3, "its streams")
        equal(int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[4]), 0, "its terminal")
        os.kill(pid, signal.SIGTERM)
        until(lambda: not alive(pid), "its end")
        check(not place.pid_file.exists(), "the pid file is still there")


def a_second_start_names_the_first():
    with Place() as place:
        equal(place.start()[0], 0, "the first")
        pid = place.pid()
        status, _, err = place.start()
        equal((status, err), (9, f"curfew: daemonize: it runs already, as process {pid}, which has locked "
                                 f"{place.pid_file}: Device or resource busy\n"), "the second")
        equal(place.pid(), pid, "the pid file")
        # A file that a crash has left behind is no obstacle.
        os.kill(pid, signal.SIGKILL)
        until(lambda: not alive(pid), "its end")
        check(place.pid_file.exists(), "the pid file is gone")
        equal(place.start()[0], 0, "the start after a crash")
        check(place.pid() not in (0, pid), "the pid file")


def a_child_that_outlives_the_daemon_does_not_keep_the_lock():
    with Place() as place:
        equal(place.start("fork outlives it")[0], 0, "the first")
        pid = place.pid()
        place.facts()
        os.kill(pid, signal.SIGKILL)
        until(lambda: not alive(pid), "its end")
        equal(place.start()[0], 0, "the second")


def the_status_is_the_daemons_own():
    for what, status, said in (("status 3", 3, "ended with status 3"), ("status 0", 1, "ended with status 0"),
                               ("dies", 137, "was ended by signal 9"), ("throws", 9, "ended with status 9"),
                               ("child has the descriptor", 4, "ended with status 4"), ("twice", 9, "ended with status 9")):
        with Place() as place:
            got, out, err = place.start(what)
            equal((got, out), (status, "written before\n"), what)
            check(f"curfew: the daemon {said} before it was ready\n" in err, f"{what}: {err}")
            check(what != "throws" or "the database is not there\n" in err, err)
            check(what != "twice" or "the process is a daemon already" in err, err)


def an_ignored_child_signal_changes_nothing():
    with Place() as place:
        status = place.start("status 3", preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))[0]
        equal(status, 3, "the status")


def refuses_to_leave_a_thread_behind():
    with Place() as place:
        status, out, err = place.start("thread")
        equal((status, out), (9, "written before\n"), "its end")
        check('other threads ("early")' in err and "call it before any thread is started" in err, err)
        check(not place.pid_file.exists(), "it made a pid file")


def keeps_its_output_if_told():
    with Place() as place:
        equal(place.start("keeps output")[0], 0, "the status")
        place.facts()
        check((Path(place.folder.name) / "out").read_text().endswith("written after\n"), "the output")


def closed_descriptors_are_no_obstacle():
    for closed in ("<&-", "<&- >&-", "<&- >&- 2>&-"):
        with Place() as place:
            shell = f'exec "$0" "$@" {closed}'
            done = subprocess.run(["sh", "-c", shell, BACKGROUND, "", str(place.pid_file), str(place.report)], timeout=LIMIT, check=False)
            equal(done.returncode, 0, f"the status with {closed}")
            facts = place.facts()
            equal(facts["cwd"], "/", "its folder")
            equal([facts[f"fd{n}"] for n in range(3)], ["/dev/null"] * 3, "its streams")


def of_a_link_the_file_is_removed():
    with Place() as place:
        real = place.pid_file.with_name("real")
        place.pid_file.symlink_to(real)
        equal(place.start()[0], 0, "the start")
        pid = place.pid()
        check(real.exists(), "the file that the link names")
        os.kill(pid, signal.SIGTERM)
        until(lambda: not alive(pid), "its end")
        check(not real.exists() and place.pid_file.is_symlink(), "the file is still there, or the link is gone")


def the_pid_file_cannot_be_made():
    with Place() as place:
        status, _, err = place.start(pid_file="/nowhere/pid")
        equal((status, err), (9, "curfew: daemonize: /nowhere/pid: cannot be opened: No such file or directory\n"), "its end")
        # A relative one is where the shell is.
        equal(place.start(pid_file="relative", cwd=place.folder.name)[0], 0, "a relative one")
        place.pid_file = Path(place.folder.name) / "relative"
        check(place.pid() != 0, "no relative pid file")


for test in (goes_into_the_background, a_second_start_names_the_first, a_child_that_outlives_the_daemon_does_not_keep_the_lock,
             the_status_is_the_daemons_own, an_ignored_child_signal_changes_nothing, refuses_to_leave_a_thread_behind,
             keeps_its_output_if_told, closed_descriptors_are_no_obstacle, of_a_link_the_file_is_removed, the_pid_file_cannot_be_made):
    print(test.__name__, flush=True)
    test()
