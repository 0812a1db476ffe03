"""Readers who ask while something happens to the portal, and count what was not answered."""

import threading
from collections import Counter

MARK = b"<!-- the next release -->"  # in what is said of an address that is not there
READERS, PAUSE, MOST = 4, 0.1, 30_000  # bounded in strength and in number


class Load:
    """Readers who ask over and over, on new and on kept connections, also for what is not stored, and post."""

    ASKED = (
        ("GET", "/", 200),
        ("GET", "/homes/?open=1", 200),
        ("GET", "/account/login/", 200),
        ("GET", "/healthz", 200),
        ("POST", "/display/", 302),
        ("GET", "/nothing/", 404),
    )

    def __init__(self, front):
        self.front, self.over, self.lock = front, threading.Event(), threading.Lock()
        self.answered, self.failed, self.releases = 0, [], Counter()
        self.readers = [threading.Thread(target=self._read, args=(number,)) for number in range(READERS)]

    def __enter__(self):
        for reader in self.readers:
            reader.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for reader in self.readers:
            reader.join()

    def _read(self, number):
        asked = number
        while not self.over.wait(PAUSE) and self.answered < MOST:
            with self.front.line() as line:  # some keep their line for a while
                for _ in range(1 + 4 * (number % 2)):
                    method, path, expected = self.ASKED[asked % len(self.ASKED)]
                    asked += 1
                    self._ask(line, method, path, expected)

    def _ask(self, line, method, path, expected):
        try:
            form = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
            line.request(method, path, body="size=large" if form else None, headers=form)
            answer = line.getresponse()
            body = answer.read()
            fault = "" if answer.status == expected else f"{answer.status} for {method} {path}"
        except OSError as error:
            fault, body = f"{error!r} for {method} {path}", b""
            line.close()
        with self.lock:
            self.answered += 1
            if path == "/nothing/":
                self.releases[MARK in body] += 1
            if fault:
                self.failed.append(fault)
