# SPDX-License-Identifier: Apache-2.0
"""What the drivers of this folder share: a manager's socket, and programs that are watched with a limit."""
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FACTOR = float(os.environ.get("CURFEW_TEST_TIME_FACTOR", "1"))
LIMIT = 60 * FACTOR


def check(good, what):
    if not good:
        sys.exit(f"failed: {what}")


def equal(got, expected, what):
    check(got == expected, f"{what}: {got!r}, not {expected!r}")


def until(answer, what, limit=LIMIT):
    """Asks until the answer is true; returns it."""
    end = time.monotonic() + limit
    while not (got := answer()):
        check(time.monotonic() < end, f"not in {limit:.0f} s: {what}")
        time.sleep(0.01)
    return got


class Manager:
    """Listens where NOTIFY_SOCKET says."""

    def __init__(self, abstract=False):
        self.folder = tempfile.TemporaryDirectory()
        name = str(Path(self.folder.name) / "notify")
        self.name = "@" + name if abstract else name
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + name if abstract else name)
        self.socket.settimeout(LIMIT)

    def next(self, limit=LIMIT):
        """The next message as a list of NAME=VALUE; none: empty."""
        self.socket.settimeout(limit)
        try:
            text = self.socket.recv(65536).decode()
        except TimeoutError:
            return []
        return text.splitlines()

    def wait_for(self, line, seen=None):
        """Reads on until a message has a line that begins so; all lines until then are added to `seen`."""
        while True:
            message = self.next()
            check(message, f"the manager was never told {line!r}; it was told {seen}")
            if seen is not None:
                seen += message
            for one in message:
                if one.startswith(line):
                    return one


class Program:
    """A program with its streams; killed at the end of the `with`."""

    def __init__(self, *command, **env):
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env={**os.environ, **env})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def line(self):
        return self.process.stdout.readline().rstrip("\n")

    def write(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def signal(self, number):
        self.process.send_signal(number)

    def end(self, limit=LIMIT):
        """Returns the status and what is left of its output."""
        try:
            out, err = self.process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            self.process.kill()
            sys.exit(f"failed: it has not ended after {limit:.0f} s: {self.process.communicate()}")
        return self.process.returncode, out, err
