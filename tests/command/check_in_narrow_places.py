#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`curfew check` where a process has little room: limits of stacks and files, another namespace's /proc, a command that
is killed. check_in_narrow_places.py CURFEW FAULTY SOUND."""
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

from command import CURFEW, check, end, equal, run

FAULTY, SOUND = sys.argv[2:]
KIND = "static-used-after-destruction"


def limited(what, size, hard=None):
    return lambda: resource.setrlimit(what, (size, hard if hard is not None else resource.getrlimit(what)[1]))


def kinds(out):
    return {f["lint"] for f in json.loads(out)["findings"]}


for kilobytes in (64, 128):
    status, out, err = run("check", "--quiet", "--json", "-", "--", FAULTY,
                           preexec_fn=limited(resource.RLIMIT_STACK, kilobytes * 1024))
    equal((status, KIND in kinds(out)), (66, True), f"a stack of {kilobytes} kB: {err}")
    status, out, err = run("check", "--json", "-", "--", SOUND, preexec_fn=limited(resource.RLIMIT_STACK, kilobytes * 1024))
    equal((status, kinds(out)), (0, set()), f"a sound program with a stack of {kilobytes} kB: {err}")

size = 100 * 1024
status, out, err = run("check", "--quiet", "--json", "-", "--", FAULTY, preexec_fn=limited(resource.RLIMIT_FSIZE, size))
equal((status, KIND in kinds(out)), (66, True), f"files of 100 kB at most: {err}")
status, out, err = run("check", "--", "/bin/sh", "-c", "ulimit -f", preexec_fn=limited(resource.RLIMIT_FSIZE, size))
equal(out.strip(), "200", "the program's own limit, in units of 512 bytes")
if os.geteuid() == 0 and shutil.which("setpriv"):
    status, out, err = run("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--reuid=65534", "--clear-groups", CURFEW,
                           "check", "--", FAULTY, plain=True, preexec_fn=limited(resource.RLIMIT_FSIZE, size, size),
                           env={**os.environ, "TMPDIR": "/tmp"})
    if "No such file" not in err and "ermission" not in err:  # nobody may not reach the build tree
        equal(status, 125, f"where the limit cannot be raised: {err}")
        check("ulimit -f" in err, "it is not said why:", err)

if os.geteuid() == 0 and shutil.which("unshare"):
    for program, wanted in ((FAULTY, 66), (SOUND, 0)):
        status, out, err = run("unshare", "--pid", "--fork", CURFEW, "check", "--json", "-", "--", program, plain=True)
        if "unshare failed" in err:
            break
        equal(status, wanted, f"in a namespace of processes with another one's /proc: {err}")
        found = json.loads(out)["findings"]
        check(all(t["kind"] != "not started by pthread_create" for f in found for t in f["threads"]),
              "threads that nobody started:", found)

with tempfile.TemporaryDirectory() as folder:
    with subprocess.Popen([CURFEW, "check", "--", "/bin/sh", "-c", "echo begun; exec sleep 60"],
                          stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": folder}) as command:
        equal(command.stdout.readline(), b"begun\n", "the program")
        child = int(subprocess.run(["ps", "-o", "pid=", "--ppid", str(command.pid)], stdout=subprocess.PIPE, text=True,
                                   check=True).stdout)
        command.send_signal(signal.SIGKILL)
        command.wait()
        os.kill(child, signal.SIGKILL)
    equal(os.listdir(folder), [], "what a killed command leaves")
end()
