"""The database goes away under load, and comes back: `make drill-database`.

A PostgreSQL of its own is stopped for longer than a minute and started again; then a SQLite file is held locked by
somebody else, and taken away and put back. Meanwhile readers go on asking for pages they have read before, somebody
sends a letter, and a supervisor asks. Ends with 1 where a figure is not what it must be.
"""

import html
import http.client
import os
import re
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
READ = ("/", "/homes/", "/figures/", "/about/")
NEVER_STORED = "/search/?q=%E5%90%88%E5%94%B1"
READERS, PAUSE = 3, 0.1  # threads, seconds between two pages of one
START, RECOVERY = 60, 10  # seconds
BY_A_PERSON = 4  # seconds that somebody takes to write a letter at least
BODY = "请在门口装一盏灯。\n晚上看不清台阶。"
TELEPHONE = "0731-0000 0000"
TYPED = re.compile(r'<textarea name="([^"]*)"[^>]*>&#10;(.*?)</textarea>', re.DOTALL)


class Server:
    """gunicorn as in production, on a free port, with a folder of data of its own."""

    def __init__(self, folder, database):
        self.port = _free_port()
        self.environment = os.environ | {
            "DEMO": "1", "ENV_FILE": os.devnull, "DATA_DIR": str(folder), "DATABASE_URL": database,
            "PORT": str(self.port), "SITE_TELEPHONE": TELEPHONE,
        }  # fmt: skip
        self.log = folder / "log"

    def prepare(self):
        for command in (["createcachetable"], ["migrate"], ["collectstatic", "--noinput"], ["load_district"]):
            subprocess.run([*MANAGE, *command, "-v0"], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    @contextmanager
    def running(self):
        with self.log.open("w") as log:
            command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=log)
        try:
            wait_until(lambda: self.ask("/readyz")[0] == 200, START)
            yield self
        finally:
            process.terminate()
            process.wait(60)

    def ask(self, path, data=None, cookie=""):
        """(status, headers, text); status 0 where nothing answered."""
        headers = {"Cookie": cookie} if cookie else {}
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            try:
                line.request("POST" if data is not None else "GET", path, data and urlencode(data), headers)
                answer = line.getresponse()
                return answer.status, answer.headers, answer.read().decode()
            except OSError:
                return 0, {}, ""


class Readers:
    """People who read on, all the while."""

    def __init__(self, server):
        self.server, self.statuses, self.slowest = server, Counter(), 0.0
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._read) for _ in range(READERS)]

    def _read(self):
        place = 0
        while not self._ended.wait(PAUSE):
            began = time.monotonic()
            status = self.server.ask(READ[place % len(READ)])[0]
            self.statuses[status] += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
            place += 1

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self._ended.set()
        for thread in self._threads:
            thread.join()


class Drill:
    """Collects what must be so, and prints it."""

    def __init__(self):
        self.failed = 0

    def must(self, is_so, words):
        self.failed += not is_so
        print(f"  {'好' if is_so else '不对'}  {words}", flush=True)

    def outage(self, name, server, seconds, away, back):
        print(f"\n{name}", flush=True)
        for _ in range(20):  # every process has every page
            for path in READ:
                server.ask(path)
        letter, written = write(server), time.monotonic()
        with Readers(server) as readers:
            away()
            ends = time.monotonic() + seconds
            wait_until(lambda: server.ask("/readyz")[0] == 503, START)
            self.must(server.ask("/healthz")[0] == 200, "/readyz 503，/healthz 200")
            status, headers, text = server.ask(NEVER_STORED)
            friendly = status == 503 and "Retry-After" in headers and TELEPHONE in text
            words = "照样读得到" if status == 200 else "有 Retry-After 和电话"  # a locked SQLite can still be read
            self.must(status == 200 or friendly, f"没有存着的页面：{status}，{words}")
            wait_until(lambda: time.monotonic() - written > BY_A_PERSON, START)
            status, _, kept = server.ask("/letters/write/", letter.fields, letter.cookie)
            self.must(status == 503 and "没有保存" in kept and BODY in kept, f"来信：{status}，说没有保存，字都在")
            time.sleep(max(0, ends - time.monotonic()))
            back()
            came = time.monotonic()
            wait_until(lambda: server.ask("/readyz")[0] == 200, START)
            self.must(time.monotonic() - came <= RECOVERY, f"{time.monotonic() - came:.1f} 秒以后自己好了")
            wait_until(lambda: all(server.ask(f"/homes/?page={number}")[0] == 200 for number in range(8)), START)
            self.must(time.monotonic() - came <= RECOVERY, f"{time.monotonic() - came:.1f} 秒以后每一页都好了")
        total = sum(readers.statuses.values())
        words = f"读过的页面：{total} 次，{dict(readers.statuses)}，最慢 {readers.slowest:.1f} 秒"
        self.must(readers.statuses[200] == total, words)
        again = {field: html.unescape(value) for field, value in TYPED.findall(kept)}
        self.must(again == letter.fields, "存着的字和填的一样")
        status = server.ask("/letters/write/", again, letter.cookie)[0]
        self.must(status == 302, f"再交一次：{status}")


class Letter(NamedTuple):
    """One that is written and not yet sent."""

    fields: dict
    cookie: str


def write(server):
    _, headers, page = server.ask("/letters/write/")
    form = dict(re.findall(r'name="(csrfmiddlewaretoken|made_at|form_key)" value="([^"]+)"', page))
    form |= {"subject": "门口的灯", "body": BODY, "name": "示例居民", "contact": "19900001111", "consent": "on"}
    return Letter(form, headers["Set-Cookie"].split(";")[0])


def migrated():
    """The SQLite file that the tests start with."""
    program = "from tests import migrated; print(migrated.made())"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def wait_until(is_so, seconds):
    ends = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > ends:
            sys.exit(f"没有等到，{seconds} 秒过去了")
        time.sleep(0.1)


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


class Cluster:
    """The PostgreSQL that .ci/postgres started for this drill, stopped and started again."""

    def __init__(self):
        self.folder = Path(os.environ["PGDATA"])
        self.started = shlex.split((self.folder / "postmaster.opts").read_text())
        self.as_owner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

    def _control(self, *order):
        program = Path(self.started[0]).with_name("pg_ctl")
        command = [*self.as_owner, program, "--pgdata", self.folder, "--silent", "--wait", *order]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        self._control("--mode", "fast", "stop")

    def start(self):
        self._control("--log", self.folder / "log", "--options", shlex.join(self.started[3:]), "start")


def on_postgresql(drill, folder):
    server, cluster = Server(folder, os.environ["DATABASE_URL"]), Cluster()
    server.prepare()
    with server.running():
        drill.outage("PostgreSQL 停了，又起来", server, 75, cluster.stop, cluster.start)


def on_sqlite(drill, folder):
    file, away = folder / "portal.sqlite3", folder / "elsewhere"
    server = Server(folder, f"sqlite:///{file}")
    shutil.copyfile(migrated(), file)  # migrating from nothing, every step kept safe on the disk, takes minutes
    server.prepare()

    def take_away():
        away.mkdir()
        for part in folder.glob("portal.sqlite3*"):
            part.rename(away / part.name)

    def put_back():
        for part in folder.glob("portal.sqlite3*"):  # an empty one that somebody asked
            part.unlink()
        for part in away.iterdir():
            part.rename(folder / part.name)

    with server.running(), closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        lock, let_go = (lambda: other.execute("BEGIN EXCLUSIVE")), (lambda: other.execute("ROLLBACK"))
        drill.outage("SQLite 被别的程序锁着", server, 30, lock, let_go)
        other.close()
        drill.outage("SQLite 的文件不见了，又回来", server, 30, take_away, put_back)


def main():
    drill = Drill()
    for run in (on_postgresql, on_sqlite):
        with tempfile.TemporaryDirectory() as folder:
            run(drill, Path(folder))
    print(f"\n不对的：{drill.failed}", flush=True)
    sys.exit(bool(drill.failed))


if __name__ == "__main__":
    main()
