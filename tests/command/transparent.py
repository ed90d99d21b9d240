#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Until its exit a program is what it is without `curfew run`: transparent.py CURFEW."""
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from command import CURFEW, check, end, equal, run

UNDER = ("run", "--")


def both(*words, **more):
    equal(run(*UNDER, *words, **more), run(*words, plain=True, **more), words)


# Output, status, arguments.
both("/bin/sh", "-c", "echo out; echo err >&2; exit 7")
both("printf", "%s|", "a", "--", "-b", "", "c d")
both("/bin/sh", "-c", "kill -KILL $$")  # by a signal
both("/bin/sh", "-c", "kill -SEGV $$")
both("/bin/sh", "-c", "trap 'echo trapped; exit 5' TERM; kill -TERM $$; sleep 5")

# The environment: that of the program, in its order, and that of its children.
clean = {"PATH": os.environ["PATH"], "ONE": "1", "EMPTY": "", "TWO": "2"}
both("/usr/bin/env", env=clean)
both("/bin/sh", "-c", "/usr/bin/env", env=clean)
with_preload = {"A": "a", **clean, "LD_PRELOAD": "libc.so.6", "Z": "z"}
both("/usr/bin/env", env=with_preload)
both("/bin/sh", "-c", "/usr/bin/env", env=with_preload)
# Children run under it too if that is asked for, with what was preloaded before.
status, out, err = run("run", "--children", "--", "/bin/sh", "-c", "/usr/bin/env", env=with_preload)
check("libcurfew-run.so:libc.so.6" in out and "CURFEW_RUN=" in out, "--children:", out)

# What stands behind the environment on the stack is found by who looks for it there.
probe = "import ctypes; print(ctypes.CDLL(None).getauxval(6))"
both("/usr/bin/python3", "-c", probe)

# Descriptors, signal dispositions, working directory, process: none is added or changed.
both("/bin/sh", "-c", "ls /proc/self/fd; pwd; grep -E 'Sig[PBIC]|Threads' /proc/self/status; ulimit -a")
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
both("/bin/sh", "-c", "grep SigIgn /proc/self/status")
with subprocess.Popen([CURFEW, *UNDER, "/bin/sh", "-c", "echo $$"], stdout=subprocess.PIPE, text=True) as process:
    equal(process.stdout.read().strip(), str(process.pid), "the program is the process that was started")

# A program that is replaced by another: the other runs as if it had been started plain.
both("/bin/sh", "-c", "exec /usr/bin/env", env=clean)

# A script without an interpreter line is a shell's, a relative path is one, a directory in PATH may be empty.
with tempfile.TemporaryDirectory() as at:
    script = Path(at) / "script"
    script.write_text("echo by a shell; exit 4\n")
    script.chmod(0o755)
    equal(run(*UNDER, script), (4, "by a shell\n", ""), "script without an interpreter")
    equal(run(*UNDER, "./script", cwd=at), (4, "by a shell\n", ""), "relative path")
    equal(run(*UNDER, "script", env={"PATH": f"/nowhere:{at}"}), (4, "by a shell\n", ""), "PATH")
    script.write_text("#!/bin/sh\necho by sh; exit 4\n")
    equal(run(*UNDER, script), (4, "by sh\n", ""), "script")

# Without a thread nothing is done, nor said unless it is asked for.
equal(run("run", "--report", "--", "/bin/true"), (0, "", ""), "a program without threads")
end()
