# SPDX-License-Identifier: Apache-2.0
"""What the system can do, found by trying it, for tests whose expectations differ by system."""
import ctypes
import functools
import os
import signal
import threading
import time


@functools.cache
def exit_waits_for_every_stream():
    """Does the C library's exit wait for a stream that another thread has locked?"""
    child = os.fork()
    if child == 0:
        library = ctypes.CDLL(None)
        library.fopen.restype = ctypes.c_void_p
        stream = ctypes.c_void_p(library.fopen(b"/dev/null", b"r"))
        locked = threading.Event()

        def hold():
            library.flockfile(stream)
            locked.set()
            time.sleep(60)

        threading.Thread(target=hold, daemon=True).start()
        locked.wait()
        library.exit(0)
    until = time.monotonic() + 1
    while time.monotonic() < until:
        if os.waitpid(child, os.WNOHANG)[0] == child:
            return False
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True
