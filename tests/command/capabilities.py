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


@functools.cache
def exit_keeps_its_lock():
    """Does a child that is forked while another thread is in the C library's exit hang in its own?"""
    child = os.fork()
    if child == 0:
        library = ctypes.CDLL(None)
        inside = threading.Event()

        @ctypes.CFUNCTYPE(None)
        def wait():
            inside.set()
            time.sleep(60)

        library.__cxa_atexit(ctypes.cast(wait, ctypes.c_void_p), None, None)
        threading.Thread(target=library.exit, args=(0,), daemon=True).start()
        inside.wait()
        forked = os.fork()
        if forked == 0:
            library.exit(0)
        until = time.monotonic() + 1
        while time.monotonic() < until:
            if os.waitpid(forked, os.WNOHANG)[0] == forked:
                os._exit(0)
            time.sleep(0.01)
        os.kill(forked, signal.SIGKILL)
        os.waitpid(forked, 0)
        os._exit(1)
    return os.waitpid(child, 0)[1] != 0


def exit_gives_its_lock_back():
    return not exit_keeps_its_lock()
