"""Servers of `make bench`, and a small, bounded load on them: this machine's own addresses, a few seconds at a time."""

import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

READERS = 4
PATIENCE = 60  # seconds that a server may take to begin, and a response to come


@dataclass(frozen=True)
class Measured:
    """One block of requests: of each, the milliseconds it took and those of the server's processor."""

    number: int
    seconds: float
    cpu: float
    p50: float
    p99: float
    failed: int

    @property
    def rate(self):
        return self.number / self.seconds


@contextmanager
def served(application, environment, ready, *options):
    """(port, [pid of each worker]) of an application behind the portal's own gunicorn set-up, or one that `options`
    change; `ready` is an address.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "--log-level", "error"]
    told = Path(environment["DATA_DIR"], f"served-{port}.log")
    with told.open("wb") as log:  # a line a request
        here = {"PORT": str(port), "HOST": "127.0.0.1"}
        server = subprocess.Popen([*command, *options, application], env=os.environ | environment | here, stderr=log)
    try:
        _wait_for(server, port, ready, told)
        yield port, _children(server.pid)
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _wait_for(server, port, ready, told):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise SystemExit(f"The server ended before it began to serve:\n{told.read_text()}")
        try:
            return ask(port, request(ready))
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not begin to serve.")


def _children(pid):
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if int(_stat(process.name)[1]) == pid:
                found.append(process.name)
        except OSError:
            continue  # it ended meanwhile
    return found


def _stat(pid):
    """What /proc tells of a process, from its state on."""
    return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()


def cpu_seconds(pids):
    """Seconds of the processor that these processes have used."""
    return sum(int(ticks) for pid in pids for ticks in _stat(pid)[11:13]) / os.sysconf("SC_CLK_TCK")


def request(address, *, headers=(), body=b""):
    """The bytes of a request. Each has a connection of its own, as behind nginx."""
    lines = [
        f"{'POST' if body else 'GET'} {address} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: close",
        *headers,
    ]
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def ask(port, asked):
    """(status, head, body) of the response."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(asked)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), head, body


def measure(served_at, asked, seconds, *, expected=200):
    """A block of requests, one after the other from each of a few readers. `asked` makes the next one."""
    port, pids = served_at
    until, before = time.monotonic() + seconds, cpu_seconds(pids)

    def read(_reader):
        took, failed = [], 0
        while not took or time.monotonic() < until:
            one = asked()
            began = time.perf_counter()
            failed += ask(port, one)[0] != expected
            took.append((time.perf_counter() - began) * 1000)
        return took, failed

    began = time.perf_counter()
    with ThreadPoolExecutor(READERS) as readers:
        results = list(readers.map(read, range(READERS)))
    lasted = time.perf_counter() - began
    took = sorted(each for one, _ in results for each in one)
    cut = quantiles(took, n=100, method="inclusive")
    cpu = (cpu_seconds(pids) - before) * 1000 / len(took)
    return Measured(len(took), lasted, cpu, cut[49], cut[98], sum(failed for _, failed in results))
