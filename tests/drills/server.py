"""gunicorn before a drill's portal, as in production: asked, killed, started again."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from tests.benchmarks.site_load import cpu_seconds
from tests.drills.cluster import free_port
from tests.drills.portal import ROOT

START = 60  # seconds
PATIENCE = 120  # seconds that an answer may take: hundreds wait in line


class Answer(NamedTuple):
    """Status 0 where nothing, or only a part, came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    @classmethod
    def of(cls, heard):
        """The answer that these bytes are."""
        head, _, body = heard.partition(b"\r\n\r\n")
        if not head:
            return NOTHING
        first, _, rest = head.partition(b"\r\n")
        return cls(int(first.split()[1]), http.client.parse_headers(BytesIO(rest + b"\r\n\r\n")), body.decode())

    @property
    def place(self):
        """Where it leads."""
        return self.headers.get("Location", "")

    @property
    def session(self):
        """The cookie of a session that it began."""
        cookies = self.headers.get_all("Set-Cookie") or []
        return next((cookie.split(";")[0] for cookie in cookies if cookie.startswith("sessionid=")), "")


NOTHING = Answer(0, http.client.HTTPMessage(), "")


class Server:
    """A portal that is served; `application` in place of its own."""

    def __init__(self, portal, application="config.wsgi"):
        self.portal, self.application, self.port, self.process = portal, application, free_port(), None
        self.log = Path(f"{portal.folder}-{self.port}.log")

    def start(self):
        """Start it and return after how many seconds it was ready."""
        began = time.monotonic()
        command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", self.application]
        with self.log.open("a") as log:
            environment = self.portal.environment | {"PORT": str(self.port)}
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)
        self.wait()
        return time.monotonic() - began

    def wait(self):
        """Wait until it is ready."""
        ends = time.monotonic() + START
        while self.ask("/readyz").status != http.HTTPStatus.OK:
            if time.monotonic() > ends or self.process.poll() is not None:
                raise SystemExit(f"It is not ready to serve:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.05)

    def workers(self):
        """The numbers of its processes, without the one that starts them."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def memory(self):
        """How many MB all its processes have together."""
        told = [Path(f"/proc/{pid}/status").read_text() for pid in (self.process.pid, *self.workers())]
        return sum(int(re.search(r"VmRSS:\s+(\d+)", each)[1]) for each in told) / 1000

    def cpu(self):
        """Seconds of the processor that its processes have used."""
        return cpu_seconds(map(str, [self.process.pid, *self.workers()]))

    def kill_workers(self):
        for pid in self.workers():
            os.kill(pid, signal.SIGKILL)

    def kill(self):
        """All of it at once, the one that starts the others first."""
        pids = [self.process.pid, *self.workers()]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """As a restart does: what is being answered is answered to its end."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(START)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.stop()

    def ask(self, path, form=None, **headers):
        """The answer on a connection of its own, as behind nginx. Headers by names such as X_Forwarded_For.

        `form` is what was filled in, or a body whose kind the headers tell.
        """
        headers = {name.replace("_", "-"): text for name, text in headers.items() if text} | {"Connection": "close"}
        if isinstance(form, dict):
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            form = urlencode(form)
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as line:
            try:
                line.request("GET" if form is None else "POST", path, form, headers)
                answer = line.getresponse()
                return Answer(answer.status, answer.headers, answer.read().decode(errors="replace"))
            except (OSError, http.client.HTTPException):
                return NOTHING
