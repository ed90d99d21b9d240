# SPDX-License-Identifier: Apache-2.0
"""Programs of other people, run plain and behind a command: what is compared of them, and servers from their first answer
to their end."""
import os
import signal
import socket
import subprocess
import time

PROGRAMS = {}


def program(package, *needs):
    """Registers a function that runs the program behind `prefix` in the folder `at`, and returns what is compared."""

    def register(function):
        PROGRAMS[function.__name__] = (function, package, needs)
        return function

    return register


def output(words, at, expect_errors=False, **more):
    """Status and standard output; standard error too where it is the program's result."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(at), "LC_ALL": "C", "TZ": "UTC", **more.pop("env", {})}
    done = subprocess.run(words, cwd=at, stdin=more.pop("stdin", subprocess.DEVNULL), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=environment, timeout=600, check=False, **more)
    result = [done.returncode, done.stdout.decode("utf-8", "replace")]
    if expect_errors:
        result.append(done.stderr.decode("utf-8", "replace"))
    elif done.returncode != 0:
        result.append(done.stderr.decode("utf-8", "replace")[-500:])
    return result


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A server, from its first answer on its port to its end."""

    def __init__(self, words, at, port):
        self.process = subprocess.Popen(words, cwd=at, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, start_new_session=True)
        for _ in range(600):
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError(f"{words[-1]}: no server on its port, status {self.process.poll()}")

    def end(self, number=None):
        if number is not None:
            self.process.send_signal(number)
        try:
            return self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            return "did not end"
