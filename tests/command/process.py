# SPDX-License-Identifier: Apache-2.0
"""A program that says "ready" and goes on, for the tests of `curfew dump`."""
import contextlib
import fcntl
import json
import os
import subprocess

from command import CURFEW, check


class Process:
    """`pid`; what it printed since it was ready."""

    def __init__(self, words, **more):
        self.child = subprocess.Popen([str(w) for w in words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                      start_new_session=True, **more)
        self.pid = self.child.pid
        line = self.child.stdout.readline()
        check(line.startswith("ready"), words, "said", repr(line))

    def output_now(self):
        fd = self.child.stdout.fileno()
        fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)
        try:
            return os.read(fd, 65536).decode()
        except BlockingIOError:
            return ""


@contextlib.contextmanager
def started(*words, **more):
    process = Process(words, **more)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.child.wait()
        process.child.stdout.close()


def dumped(pid, *words):
    """What `curfew dump --json -` says."""
    done = subprocess.run([CURFEW, "dump", "--json", "-", *words, str(pid)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    if done.returncode != 0:
        check(False, "dump of", pid, "ended with", done.returncode, done.stderr)
        return {"threads": [], "cycles": [], "curfews": [], "stopped_ms": 0}
    return json.loads(done.stdout)
