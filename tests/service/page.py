#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of examples/web_server/ in Chromium: live, wide and narrow, light and dark: page.py SERVER [SCREENSHOTS].

Screenshots are written into the folder SCREENSHOTS. Skipped without a chromium.
"""
import http.server
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path

from driver import FACTOR, LIMIT, check, equal, until
from server import Server

FRAME = """<!doctype html><body style='margin:0'>
<iframe id=f style='border:0;width:{width}px;height:1400px' src='/'></iframe>
<img src='/when-it-was-looked-at' alt=''>
<script>
const look = setInterval(() => {{
  const w = f.contentWindow, d = f.contentDocument;
  if (!d || !d.getElementById('threads') || !d.getElementById('threads').rows.length) return;
  fetch('/said', {{method: 'POST', body: [
    d.documentElement.scrollWidth, w.innerWidth, w.getComputedStyle(d.body).backgroundColor, d.getElementById('verdict').textContent,
    d.getElementById('ending').hidden, d.getElementById('ending-bar').value, d.getElementById('threads').textContent].join('|')}});
}}, 200);
</script>
"""


class Beside(http.server.BaseHTTPRequestHandler):
    """The server, and beside it a page with a frame as narrow as no window can be. It says what it looks like; only then
    is it loaded, and a picture is taken."""
    server_port = 0
    said, wanted = None, ""
    looked_at = threading.Event()

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send_response(204)
        self.end_headers()
        # While the test wants to see the end of the server, it has to wait for that.
        if Beside.wanted in text:
            Beside.said = text.split("|")
            Beside.looked_at.set()

    def do_GET(self):
        if self.path.startswith("/frame"):
            body = FRAME.format(width=self.path.partition("?")[2]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            return self.wfile.write(body)
        if self.path == "/when-it-was-looked-at":
            Beside.looked_at.wait(LIMIT)
            return self.send_error(404)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.server_port}{self.path}", timeout=LIMIT) as answer:
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.end_headers()
                while part := answer.read1(65536):
                    self.wfile.write(part)
                    self.wfile.flush()
        except (urllib.error.URLError, OSError):
            pass

    def log_message(self, *_):
        pass


def look(chromium, port, width, dark, picture, wanted=""):
    """What the page says of itself once `wanted` is in it; None: not in time."""
    Beside.said, Beside.wanted = None, wanted
    Beside.looked_at.clear()
    with tempfile.TemporaryDirectory() as profile:
        words = ["timeout", "-k", "5", str(int(60 * FACTOR)), chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                 f"--user-data-dir={profile}", f"--blink-settings=preferredColorScheme={0 if dark else 1}",
                 f"--window-size={max(width, 500)},1400", f"--screenshot={picture or profile + '/picture.png'}",
                 f"http://127.0.0.1:{port}/frame?{width}"]
        subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return Beside.said


def fits(got, width, dark, what):
    check(got is not None, f"{what}: chromium did not show it")
    equal(int(got[1]), width, f"{what}: the width")
    check(int(got[0]) <= width, f"{what}: it is {got[0]} px wide")
    brightness = int(re.match(r"rgb\((\d+)", got[2])[1])
    check((brightness < 128) == dark, f"{what}: its background is {got[2]}")
    check("flusher" in got[6] and "flusher.cpp:" in got[6], f"{what}: its threads: {got[6]}")


def main():
    chromium = shutil.which("chromium")
    if chromium is None:
        print("skipped: no chromium")
        sys.exit(77)
    pictures = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with Server(sys.argv[1]) as server:
        Beside.server_port = server.port
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Beside) as beside:
            threading.Thread(target=beside.serve_forever, daemon=True).start()
            port = beside.server_address[1]
            for number in range(20):
                server.post("/entries", f"entry {number}")
            for width, dark in ((1200, False), (1200, True), (420, False), (420, True)):
                what = f"{width}-{'dark' if dark else 'light'}"
                got = look(chromium, port, width, dark, pictures and pictures / f"{what}.png")
                fits(got, width, dark, what)
                equal(got[3:5], ["ready", "true"], f"{what}: before the end")
            # While it drains. The page is opened before, because nobody can come in after that.
            until(lambda: server.metric("web_server_event_streams") == 0, "the pages of before are closed")

            def end_it():
                until(lambda: server.metric("web_server_event_streams") == 1, "the page is open")
                server.post(f"/tasks?kind=finish&count={int(60 * FACTOR)}&ms=500")
                server.post("/tasks?kind=skip&count=50&ms=500")
                server.signal(signal.SIGTERM)

            watcher = threading.Thread(target=end_it)
            watcher.start()
            got = look(chromium, port, 420, False, pictures and pictures / "420-ending.png", "|ending: ")
            watcher.join()
            fits(got, 420, False, "while it drains")
            check(got[4] == "false" and 0 <= float(got[5]) < 1, got)
            beside.shutdown()
        server.signal(signal.SIGKILL)


main()
