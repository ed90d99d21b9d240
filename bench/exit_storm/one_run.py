# SPDX-License-Identifier: Apache-2.0
"""One run of one program of the storm."""
import fcntl
import os
import signal
import subprocess
import time

from classes import classify

MARK_FD = 9


def read_all(fd):
    size = os.fstat(fd).st_size
    return os.pread(fd, size, 0) if size else b""


def threads_of(pid):
    """What each thread of a process that hangs is blocked in, as far as the kernel tells."""
    lines = []
    try:
        for tid in sorted(os.listdir(f"/proc/{pid}/task"), key=int)[:40]:
            def get(name):
                try:
                    with open(f"/proc/{pid}/task/{tid}/{name}", encoding="ascii", errors="replace") as f:
                        return f.read().strip()
                except OSError:
                    return "?"
            lines.append(f"thread {tid} ({get('comm')}): {get('stat').rpartition(') ')[2][:1]} wchan={get('wchan')} "
                         f"syscall={get('syscall')}")
    except OSError:
        pass
    return "\n".join(lines)


def backtrace(pid):
    """gdb's view of a process that hangs."""
    command = ["gdb", "-p", str(pid), "-batch", "-nx", "-ex", "set pagination off", "-ex", "thread apply all bt 25"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
    except (OSError, subprocess.TimeoutExpired) as e:
        return f"gdb: {e}"


class Run:
    """One run of one program, under way. Its streams are files in memory, so that nobody has to serve it."""

    def __init__(self, path, stdin):
        self.out, self.err, self.marks = (os.memfd_create(name) for name in ("out", "err", "marks"))
        for fd in (self.out, self.err, self.marks):  # that others write to as well
            fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_APPEND)
        environment = {"STORM_FD": str(MARK_FD), "PATH": "/usr/bin:/bin"}
        for name in ("CURFEW_EXIT", "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH"):
            if name in os.environ:
                environment[name] = os.environ[name]
        self.started = time.monotonic()
        self.pid = os.posix_spawn(
            path, [path], environment, setpgroup=0, setsigmask=[], setsigdef=[signal.SIGPIPE, signal.SIGINT],
            file_actions=[(os.POSIX_SPAWN_DUP2, stdin, 0), (os.POSIX_SPAWN_DUP2, self.out, 1),
                          (os.POSIX_SPAWN_DUP2, self.err, 2), (os.POSIX_SPAWN_DUP2, self.marks, MARK_FD)])
        self.pidfd = os.pidfd_open(self.pid)
        self.timed_out = None
        self.state = ""

    def finish(self):
        """Ends what is left of the process and its children; gives its class, the explanation and its marks."""
        # The leader is not reaped yet, so the group's number is still ours.
        os.killpg(self.pid, signal.SIGKILL)
        _, how = os.waitpid(self.pid, 0)
        self.seconds = time.monotonic() - self.started
        result = classify(self.pid, os.waitstatus_to_exitcode(how), self.timed_out, read_all(self.out), read_all(self.marks))
        self.stderr = read_all(self.err)[-4000:].decode(errors="replace")
        if self.state:
            self.stderr += "\n" + self.state
        for fd in (self.out, self.err, self.marks, self.pidfd):
            os.close(fd)
        return result

    def give_up(self, limit, with_gdb):
        self.timed_out = limit
        self.state = threads_of(self.pid) + ("\n" + backtrace(self.pid) if with_gdb else "")
