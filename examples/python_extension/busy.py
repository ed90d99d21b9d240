# SPDX-License-Identifier: Apache-2.0
"""busy.py [detached]: ends while four daemons are busy in Python, and two regular threads have work left.

The regular threads' last lines must be there whenever the interpreter ends; what the daemons do may stop at any line.
"""
import sys
import threading

import curfew_threads

left = {"first": 20, "second": 20}
ticks = [0] * 4
begun = threading.Event()


def regular(name):
    def step():
        left[name] -= 1
        if left[name] == 0:
            print(f"{name}: done", flush=True)
        return left[name] > 0
    return step


def daemon(index):
    def step():
        ticks[index] += 1
        text = "".join(str(i) for i in range(20))  # allocates, and is switched away from now and then
        if all(ticks):
            begun.set()
        return bool(text)
    return step


if "detached" in sys.argv[1:]:
    for index in range(4):
        curfew_threads.start_detached(daemon(index))
else:
    for index in range(4):
        curfew_threads.start(f"poller {index}", True, daemon(index))
    for name in left:
        curfew_threads.start(name, False, regular(name))
begun.wait()
print("main: ends", flush=True)
