# SPDX-License-Identifier: Apache-2.0
"""Builds the programs of the lists, and runs one of them once."""
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def use_prefix(prefix):
    for variable, folders in (("PATH", ("bin",)), ("LD_LIBRARY_PATH", ("lib", "lib64", "lib/x86_64-linux-gnu")),
                              ("PKG_CONFIG_PATH", ("lib/pkgconfig", "lib64/pkgconfig",
                                                   "lib/x86_64-linux-gnu/pkgconfig"))):
        there = [os.path.join(os.path.abspath(prefix), folder) for folder in folders]
        old = os.environ.get(variable)
        os.environ[variable] = os.pathsep.join([f for f in there if os.path.isdir(f)] + ([old] if old else []))


def missing_package(names):
    for name in names:
        asked = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", name], capture_output=True, text=True) \
            if shutil.which("dpkg-query") else None
        if asked is None or "install ok installed" not in asked.stdout:
            return name
    return None


def usual_build(case):
    source = case["sources"][0]
    compiler = "gcc -std=gnu17" if source.endswith(".c") else "g++ -std=c++20"
    flags = "{curfew_flags}" if case["mode"] == "plain-library" else ""
    return [f"{compiler} -O2 -g -Wall -pthread -I{{faults}} {{src}}/{source} -o {{out}}/prog {flags}"]


class Programs:
    """Builds, each program once: several cases may run the same one."""

    def __init__(self, top):
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "curfew", "curfew-lock-tracking"],
                               capture_output=True, text=True)
        if flags.returncode != 0:
            print("pkg-config does not find curfew: " + flags.stderr.strip(), file=sys.stderr)
            sys.exit(2)
        self.top, self.names = top, {"faults": HERE, "curfew_flags": flags.stdout.strip()}
        self.lock, self.locks, self.built = threading.Lock(), {}, {}

    def build(self, case):
        """The build folder, and what was wrong."""
        commands = case.get("build") or usual_build(case)
        key = json.dumps([case["src"], case["sources"], commands])
        with self.lock:
            lock = self.locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self.built:
                self.built[key] = self.build_now(case, commands)
        return self.built[key]

    def build_now(self, case, commands):
        out = os.path.join(self.top, case["name"].replace("/", "-"))
        os.makedirs(out)
        for command in commands:
            done = subprocess.run(self.put_in(command, case, out), shell=True, cwd=out, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode != 0:
                return out, done.stdout or f"{command}: status {done.returncode}"
        return out, ""

    def put_in(self, text, case, out):
        for name, value in {**self.names, "src": case["src"], "out": out}.items():
            text = text.replace("{" + name + "}", value)
        return text


def run_once(command, env, folder, limit):
    """Status (None: it did not end), seconds, standard output and error. In files: a child may keep them open."""
    os.makedirs(folder)
    with open(folder + "/stdout", "wb") as out, open(folder + "/stderr", "wb") as err:
        begin = time.monotonic()
        program = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                   start_new_session=True)
        try:
            status = program.wait(limit)
            status = 128 - status if status < 0 else status
        except subprocess.TimeoutExpired:
            status = None
        finally:
            seconds = time.monotonic() - begin
            try:
                os.killpg(program.pid, signal.SIGKILL)  # its session: this run's program and what it has left behind
            except ProcessLookupError:
                pass
            program.wait()
    texts = [open(folder + "/" + name, errors="replace").read() for name in ("stdout", "stderr")]
    return status, seconds, *texts
