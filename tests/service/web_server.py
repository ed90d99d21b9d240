#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples/web_server/ while it works, while it ends, and after a crash: web_server.py SERVER."""
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from driver import FACTOR, LIMIT, Manager, check, equal, until
from server import Server, entries

BINARY = sys.argv[1]


def served(*options, **more):
    return Server(BINARY, *options, **more)


def in_background(call):
    """The thread, and the list that its result comes into."""
    got = []
    thread = threading.Thread(target=lambda: got.append(call()))
    thread.start()
    return thread, got


def answers():
    with served() as server:
        equal(server.get("/healthz"), (200, "alive"), "/healthz")
        equal(server.get("/readyz"), (200, "ready"), "/readyz")
        equal(server.get("/")[0], 200, "/")
        equal(server.get("/page.js")[0], 200, "/page.js")
        equal(server.post("/entries", "one"), (201, "1"), "an entry")
        check(server.metric("curfew_thread_peak") >= 4, "the library's metrics")
        equal(server.metric("web_server_entries_total"), 1, "its own metrics")
        shown = server.snapshot()
        equal((shown["phase"], shown["ready"]), ("running", True), "the page")
        flusher = next(t for t in shown["threads"] if t["name"] == "flusher")
        equal((flusher["kind"], flusher["where"].split(":")[0]), ("daemon", "flusher.cpp"), "the flusher")
        server.signal(signal.SIGTERM)
        equal(server.end()[0], 0, "the status")


def ends_by_sigterm_and_shows_the_last_exit():
    with tempfile.TemporaryDirectory() as folder:
        with served(folder=folder) as server:
            equal(server.post("/entries", "kept")[0], 201, "an entry")
            server.signal(signal.SIGTERM)
            equal(server.end(), (0, "", ""), "its end")
        equal(entries(folder), {1: "kept"}, "the journal")
        with served(folder=folder) as server:
            check('frozen: "flusher"' in server.snapshot()["last_exit"], "the last exit's report")
            server.signal(signal.SIGINT)
            equal(server.end()[0], 0, "the status")


def is_unready_before_it_stops_to_accept():
    with served("--pre-stop", str(int(1500 * FACTOR))) as server:
        server.signal(signal.SIGTERM)
        until(lambda: server.get("/readyz")[0] == 503, "/readyz says 503")
        equal(server.post("/entries", "late")[0], 201, "a request in the pre-stop delay")
        equal(server.end()[0], 0, "the status")
        equal(len(entries(server.folder)), 1, "the journal")


def shows_the_drain_to_its_end():
    with served() as server:
        shown = server.events()
        next(shown)
        equal(server.post("/tasks?kind=finish&count=6&ms=300")[0], 202, "tasks to finish")
        equal(server.post("/tasks?kind=skip&count=50&ms=300")[0], 202, "tasks to skip")
        server.signal(signal.SIGTERM)
        seen = list(shown)
        ending = [one for one in seen if "exit" in one]
        check(any(one["phase"] == "draining" and one["exit"]["left"] for one in ending), f"the drain is not shown: {[(one['phase'], one['exit']) for one in ending]}, {seen[-1]}")
        # On a busy machine the exit may be over before the next look; the page takes the last event for the rest.
        progress = [one["exit"]["done"] for one in ending]
        check(progress == sorted(progress) and progress[-1] > 0, f"the progress: {progress}")
        equal(seen[-1], {}, "the last event")
        check(ending[-1]["skippable"] < 50, "tasks to skip were run")
        equal(server.end()[0], 0, "the status")


def finishes_a_slow_request():
    with served() as server:
        thread, got = in_background(lambda: server.get("/slow?ms=1500"))
        server.wait_for_requests(1)
        server.signal(signal.SIGTERM)
        thread.join()
        equal(got, [(200, "done")], "the slow request")
        equal(server.end()[0], 0, "the status")


def a_second_sigterm_ends_it_at_once():
    with served("--deadline", "600000", "--request-limit", "600000") as server:
        thread, got = in_background(lambda: server.get("/slow?ms=100000"))
        server.wait_for_requests(1)
        server.signal(signal.SIGTERM)
        time.sleep(0.7)  # two signals that follow each other at once are one request
        server.signal(signal.SIGTERM)
        status, _, err = server.end()
        thread.join()
        equal((status, got[0][0]), (143, 0), "status, and the request that was cut")
        check("ended by a second signal" in err, err)


def a_stuck_request_ends_at_the_deadline():
    with served("--deadline", "2000", "--request-limit", "500") as server:
        thread, got = in_background(lambda: server.get("/stuck"))
        server.wait_for_requests(1)
        equal(server.post("/entries", "kept")[0], 201, "an entry")
        server.signal(signal.SIGTERM)
        status, _, err = server.end()
        thread.join()
        equal((status, got[0][0]), (124, 0), "status, and the request that was cut")
        check("its deadline of 2.0 s has passed" in err and '"http-' in err, err)
        equal(len(entries(server.folder)), 1, "the journal")


def until_full(server):
    """Entries until one is refused: {number: text} of those that were acknowledged."""
    acknowledged = {}
    for i in range(3000):
        text = f"{i} " + "x" * 2000
        status, body = server.post("/entries", text)
        if status == 507:
            check("full" in body or "I/O" in body, body)
            return acknowledged
        equal(status, 201, body)
        acknowledged[int(body)] = text
    sys.exit("failed: the disk never became full")


def survives_a_full_disk(server, folder):
    acknowledged = until_full(server)
    check(acknowledged, "nothing was written before")
    equal(server.get("/healthz"), (200, "alive"), "it goes on")
    server.signal(signal.SIGTERM)
    equal(server.end()[0], 0, "the status")
    equal(entries(folder), acknowledged, "what was acknowledged")


def a_full_journal_loses_nothing():
    with served("--most-pages", "60") as server:
        survives_a_full_disk(server, server.folder)


def a_full_disk_loses_nothing():
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False,
                                               stderr=subprocess.DEVNULL).returncode != 0:
            return print("skipped: a small file system cannot be mounted here")
        try:
            with served(folder=folder) as server:
                survives_a_full_disk(server, folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


def clients_that_stop_do_not_hold_it_up():
    with served() as server:
        reader = socket.socket()  # asks for the events, and reads none
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        reader.connect(("127.0.0.1", server.port))
        reader.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        half = socket.create_connection(("127.0.0.1", server.port))  # half a request
        half.sendall(b"POST /entries HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        idle = socket.create_connection(("127.0.0.1", server.port))  # nothing
        server.wait_for_requests(0)
        server.signal(signal.SIGTERM)
        equal(server.end()[0], 0, "the status")
        for one in (reader, half, idle):
            one.close()


def nothing_acknowledged_is_lost_by_kill_9():
    with tempfile.TemporaryDirectory() as folder:
        acknowledged, lock = {}, threading.Lock()

        def post(server, who):
            for i in range(100_000):
                text = f"{who} {i}"
                status, body = server.post("/entries", text)
                if status != 201:
                    return
                with lock:
                    acknowledged[int(body)] = text

        for crash in range(3):
            with served(folder=folder) as server:
                threads = [threading.Thread(target=post, args=(server, f"{crash}/{n}")) for n in range(8)]
                for thread in threads:
                    thread.start()
                goal = len(acknowledged) + 30
                until(lambda: len(acknowledged) >= goal, "entries")
                server.signal(signal.SIGKILL)
                equal(server.end()[0], -signal.SIGKILL, "the status")
                for thread in threads:
                    thread.join()
        written = entries(folder)
        lost = {n for n, text in acknowledged.items() if written.get(n) != text}
        check(not lost, f"{len(lost)} of {len(acknowledged)} are lost: {sorted(lost)[:5]}")


def goes_into_the_background():
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([BINARY, "--port", "0", "--folder", folder, "--background"], stdout=subprocess.PIPE, text=True,
                              timeout=LIMIT, check=False)
        equal(done.returncode, 0, "what the shell sees")
        pid = int((Path(folder) / "web_server.pid").read_text())
        again = subprocess.run([BINARY, "--port", "0", "--folder", folder, "--background"], stderr=subprocess.PIPE, text=True,
                               timeout=LIMIT, check=False)
        check(again.returncode == 1 and f"it runs already, as process {pid}" in again.stderr, again)
        os.kill(pid, signal.SIGTERM)
        until(lambda: not (Path(folder) / "web_server.pid").exists(), "its end")


def tells_its_manager():
    manager = Manager()
    with served(NOTIFY_SOCKET=manager.name) as server:
        equal(manager.next(), ["READY=1", f"STATUS=listening on port {server.port}"], "ready")
        thread, _ = in_background(lambda: server.get("/slow?ms=1500"))
        server.wait_for_requests(1)
        server.signal(signal.SIGTERM)
        seen = []
        manager.wait_for("STATUS=stopping: waits for 1 request in flight", seen)
        check("STOPPING=1" in seen and any(one.startswith("EXTEND_TIMEOUT_USEC=") for one in seen), seen)
        thread.join()
        equal(server.end()[0], 0, "the status")


def mistakes_are_named():
    for options, why in ((["--port", "x"], "--port x: allowed are 0 to 65535"), (["--prot"], "--prot: no such option"),
                         (["--folder", "/nowhere"], "unable to open database file")):
        done = subprocess.run([BINARY, *options], stderr=subprocess.PIPE, text=True, timeout=LIMIT, check=False)
        check(done.returncode != 0 and why in done.stderr, f"{options}: {done}")


for test in (answers, ends_by_sigterm_and_shows_the_last_exit, is_unready_before_it_stops_to_accept, shows_the_drain_to_its_end,
             finishes_a_slow_request, a_second_sigterm_ends_it_at_once, a_stuck_request_ends_at_the_deadline,
             a_full_journal_loses_nothing, a_full_disk_loses_nothing, clients_that_stop_do_not_hold_it_up,
             nothing_acknowledged_is_lost_by_kill_9, goes_into_the_background, tells_its_manager, mistakes_are_named):
    print(test.__name__, flush=True)
    test()
