# SPDX-License-Identifier: Apache-2.0
"""What stands above every table of figures: the command, the commit and the machine."""
import datetime
import os
import pathlib
import platform
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def _first(path, pattern, default):
    try:
        found = re.search(pattern, pathlib.Path(path).read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1).strip() if found else default


def _git(*arguments):
    try:
        done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, timeout=30,
                              check=True)
        return done.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def commit():
    """The commit, and whether what is compiled differs from it."""
    head = _git("rev-parse", "--short=12", "HEAD")
    if head is None:
        return "unknown"
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", "include", "src", "preload", "tool", "bench", ":!bench/results")
    return head + (" with local changes" if changed else "")


def command():
    script = os.path.relpath(os.path.abspath(sys.argv[0]), ROOT)
    return shlex.join([script, *sys.argv[1:]])


def header(manifest=None):
    """A dictionary for the JSON file; `manifest` is what the build says of itself, where that matters."""
    manifest = manifest or {}
    libc = " ".join(part for part in platform.libc_ver() if part)
    return {
        "command": command(),
        "commit": commit(),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": _first("/proc/cpuinfo", r"^model name\s*:\s*(.*)$", platform.machine()),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(int(_first("/proc/meminfo", r"^MemTotal:\s*(\d+)", "0")) / 2**20, 1),
        "system": _first("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)', platform.system()),
        "kernel": platform.release(),
        "libc": libc,
        "compiler": manifest.get("compiler", ""),
        "flags": manifest.get("flags", "").strip(),
        "load_at_start": os.getloadavg()[0],
    }


def markdown(h):
    """The same as lines of Markdown."""
    compiler = f"; {h['compiler']} `{h['flags']}`" if h["compiler"] else ""
    return "\n".join([
        f"`{h['command']}`",
        "",
        f"Commit {h['commit']}, {h['date']}. {h['cpu']}, {h['cores']} cores, {h['memory_gb']} GB; {h['system']}, "
        f"Linux {h['kernel']}, {h['libc']}{compiler}. "
        f"Load before the start: {h['load_at_start']:.1f}.",
        "",
    ])
