#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which processes cannot be looked at, each with its reason and status: dump_refusals.py CURFEW MANY C-COMPILER."""
import errno
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from command import CURFEW, check, end, equal, run
from process import dumped, started

_, _, MANY, CC = sys.argv


def refuses(status, text, *words, prefix=(), **more):
    if prefix:
        done = subprocess.run([*prefix, CURFEW, "dump", *map(str, words)], capture_output=True, text=True, timeout=60, check=False, **more)
        got, out, err = done.returncode, done.stdout, done.stderr
    else:
        got, out, err = run("dump", *words, **more)
    check(got == status and out == "" and text in err and err.startswith("curfew: "), f"{words}: {got} {out!r} {err!r}")


for word in ("x", "0", "1.5", "12x", " 12", "+1", "0x10"):
    refuses(125, f"'{word}' is not a process id", word)
refuses(125, "is not a process id", "--", "-1")
refuses(125, "no process id given; for example: curfew dump 4711")
refuses(125, "unknown option '--jsn', did you mean --json?", "--jsn", "1")
refuses(127, "there is no process 4194304", "4194304")
refuses(127, "there is no process 99999999999999999999", "99999999999999999999")
refuses(126, "is this curfew dump itself", "$$", prefix=("sh", "-c", 'exec "$0" dump $$'))
if Path("/proc/2/status").exists() and "Kthread:\t1" in Path("/proc/2/status").read_text():
    refuses(126, "is a thread of the kernel", "2")

child = subprocess.Popen(["true"])
until = time.monotonic() + 10
while Path(f"/proc/{child.pid}/stat").read_text().rpartition(") ")[2][0] != "Z" and time.monotonic() < until:
    time.sleep(0.01)
refuses(126, "has ended, and its parent", child.pid)
child.wait()

with started(MANY, "3") as process:
    other = max(int(t.name) for t in Path(f"/proc/{process.pid}/task").iterdir())
    refuses(126, f"{other} is a thread of process {process.pid}; say: curfew dump {process.pid}", other)
    refuses(125, "cannot write /nowhere/at/all (--json)", "--json", "/nowhere/at/all", process.pid)
    refuses(125, "--json: the value is empty", "--json=", process.pid)
    if Path("/dev/full").exists():
        refuses(125, "cannot write", "--json", "/dev/full", process.pid)
        done = subprocess.run([CURFEW, "dump", str(process.pid)], stdout=open("/dev/full", "w"), stderr=subprocess.PIPE, text=True, check=False)
        check(done.returncode == 125 and "cannot write to standard output" in done.stderr, done)
    if shutil.which("gdb"):
        with subprocess.Popen(["gdb", "-q", "-nx", "-p", str(process.pid)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, text=True) as gdb:
            until = time.monotonic() + 60
            while "TracerPid:\t0" in Path(f"/proc/{process.pid}/status").read_text() and time.monotonic() < until:
                time.sleep(0.05)
            refuses(126, f"is traced by process {gdb.pid} \"gdb\"", process.pid)
            gdb.communicate("detach\nquit\n", timeout=60)
    # Another user's, and the superuser's.
    if os.geteuid() == 0 and shutil.which("setpriv"):
        with tempfile.TemporaryDirectory() as at:
            os.chmod(at, 0o755)
            copy = Path(shutil.copy(CURFEW, at))
            as_other = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
            done = subprocess.run([*as_other, copy, "dump", str(process.pid)], capture_output=True, text=True, check=False)
            check(done.returncode == 126 and "belongs to root: run curfew dump as that user, or as root" in done.stderr, done)
            # Their own they can.
            with started(*as_other, shutil.copy(MANY, at), "3") as own:
                done = subprocess.run([*as_other, copy, "dump", str(own.pid)], capture_output=True, text=True, check=False)
                check(done.returncode == 0 and "3 threads" in done.stdout, done)

with tempfile.TemporaryDirectory() as at:
    # A 32-bit program without a C library, which needs no packages to be built.
    source = Path(at) / "small.c"
    source.write_text('void _start(void) { static const char text[] = "ready\\n"; int result;\n'
                      '  __asm__ volatile("int $0x80" : "=a"(result) : "a"(4), "b"(1), "c"(text), "d"(6));\n'
                      '  for (;;) __asm__ volatile("int $0x80" : "=a"(result) : "a"(29)); }\n')
    small = Path(at) / "small"
    built = subprocess.run([CC, "-m32", "-nostdlib", "-static", "-fno-pic", "-no-pie", source, "-o", small], capture_output=True, check=False)
    if built.returncode == 0:
        try:
            with started(small) as process:
                refuses(126, "is a 32-bit program", process.pid)
        except OSError as error:
            if error.errno != errno.ENOEXEC:  # a kernel without support for them
                raise

    # In another PID and mount namespace, where ids and paths are others; and a program whose file is gone.
    unshare = ("unshare", "--pid", "--fork", "--mount", "--mount-proc")
    if shutil.which("unshare") and subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode == 0:
        folder = Path(at) / "inside"
        folder.mkdir()
        shutil.copy(MANY, folder / "program")
        with started(*unshare, "sh", "-c", f"mount --bind {folder} /mnt && exec /mnt/program 8") as process:
            inner = int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
            whole = dumped(inner)
            equal(len(whole["threads"]), 8, "threads in another namespace")
            waiting = [t for t in whole["threads"] if t["waits_for"]["kind"] == "mutex"]
            check(waiting and all(t["waits_for"]["thread"] == inner for t in waiting), "the mutex's owner there:", waiting)
            check(any("many.cpp" in (f["file"] or "") for t in whole["threads"] for f in t["stack"]), "no lines there")
    gone = Path(shutil.copy(MANY, Path(at) / "gone"))
    with started(gone, "4") as process:
        gone.unlink()
        whole = dumped(process.pid)
        check(any("many.cpp" in (f["file"] or "") for t in whole["threads"] for f in t["stack"]), "no lines of a deleted file")
end()
