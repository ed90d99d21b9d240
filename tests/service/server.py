# SPDX-License-Identifier: Apache-2.0
"""The server of examples/web_server/, started on a port of its own, and a client."""
import http.client
import json
import sqlite3
import tempfile
from pathlib import Path

from driver import LIMIT, Program, check, until


def entries(folder):
    """What is in the journal, as {number: text}."""
    database = sqlite3.connect(Path(folder) / "journal.sqlite", timeout=LIMIT)
    try:
        return dict(database.execute("SELECT id, text FROM entries"))
    finally:
        database.close()


class Server(Program):
    def __init__(self, binary, *options, folder=None, **env):
        self.own = None if folder else tempfile.TemporaryDirectory()
        self.folder = folder or self.own.name
        super().__init__(binary, "--port", "0", "--folder", self.folder, *options, **env)
        said = self.line()
        check(said.startswith("listening on http://localhost:"), f"{said!r} {self.end() if not said else ''}")
        self.port = int(said.rsplit(":", 1)[1])

    def ask(self, method, path, body=None):
        """The status and the body; no answer: 0 and why."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        try:
            connection.request(method, path, body, {"Connection": "close"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode().strip()
        except (OSError, http.client.HTTPException) as e:
            return 0, str(e)
        finally:
            connection.close()

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body=""):
        return self.ask("POST", path, body)

    def metric(self, name):
        for line in self.get("/metrics")[1].splitlines():
            if line.split(" ")[0] == name:
                return float(line.split(" ")[1])
        return None

    def wait_for_requests(self, count):
        until(lambda: self.metric("web_server_requests_in_flight") == count, f"{count} requests in flight")

    def snapshot(self):
        """What the page shows first."""
        return next(self.events())

    def events(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        connection.request("GET", "/events")
        answer = connection.getresponse()
        try:
            while line := answer.readline().decode():
                if line.startswith("data: "):
                    yield json.loads(line[6:])
        except http.client.IncompleteRead:
            return
        finally:
            connection.close()
