# SPDX-License-Identifier: Apache-2.0
"""What the scripts here share: they are given the command's path, and end with what was not as it should be."""
import os
import subprocess
import sys

CURFEW = os.path.abspath(sys.argv[1])
faults = []


def run(*words, plain=False, **more):
    """The words behind the command (or plain): status, standard output, standard error."""
    done = subprocess.run([*([] if plain else [CURFEW]), *map(str, words)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, check=False, **more)
    return done.returncode, done.stdout, done.stderr


def check(good, *what):
    if not good:
        faults.append(" ".join(map(str, what)))


def equal(got, wanted, what):
    check(got == wanted, f"{what}: {got!r}, not {wanted!r}")


def end():
    print("\n".join(faults) or "as it should be")
    sys.exit(1 if faults else 0)
