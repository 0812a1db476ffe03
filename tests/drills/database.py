"""The database goes away under load, and comes back: `make drill-database`.

A PostgreSQL is stopped for longer than a minute and started again; then a SQLite file is held locked by somebody else,
and taken away and put back. Meanwhile readers go on asking for pages they have read before, somebody sends a letter,
and a supervisor asks.
"""

import html
import re
import sqlite3
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from typing import NamedTuple

from tests.drills.cluster import Cluster, folder_for_both
from tests.drills.portal import Portal, on_each, run, say
from tests.drills.server import START, Server

READ = ("/", "/homes/", "/figures/", "/about/")
NEVER_STORED = "/search/?q=%E5%90%88%E5%94%B1"
READERS, PAUSE = 3, 0.1  # threads, seconds between two pages of one
RECOVERY = 10  # seconds
BY_A_PERSON = 4  # seconds that somebody takes to write a letter at least
BODY = "请在门口装一盏灯。\n晚上看不清台阶。"
TELEPHONE = "0731-0000 0000"
TYPED = re.compile(r'<textarea name="([^"]*)"[^>]*>&#10;(.*?)</textarea>', re.DOTALL)


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
            status = self.server.ask(READ[place % len(READ)]).status
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


class Letter(NamedTuple):
    """One that is written and not yet sent."""

    fields: dict
    cookie: str


def write(server):
    answer = server.ask("/letters/write/")
    form = dict(re.findall(r'name="(csrfmiddlewaretoken|made_at|form_key)" value="([^"]+)"', answer.text))
    form |= {"subject": "门口的灯", "body": BODY, "name": "示例居民", "contact": "19900001111", "consent": "on"}
    return Letter(form, answer.headers["Set-Cookie"].split(";")[0])


def send(server, letter):
    return server.ask("/letters/write/", letter.fields, Cookie=letter.cookie)


def seconds_until(is_so, within, words):
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < within, f"{words}: not within {within} s."
        time.sleep(0.1)
    return time.monotonic() - began


def outage(name, server, seconds, away, back):
    say(f"\n{name}")
    for _ in range(20):  # every process has every page
        for path in READ:
            server.ask(path)
    letter, written = write(server), time.monotonic()
    with Readers(server) as readers:
        away()
        ends = time.monotonic() + seconds
        seconds_until(lambda: server.ask("/readyz").status == 503, START, "/readyz 503")
        assert server.ask("/healthz").status == 200
        new = server.ask(NEVER_STORED)  # a locked SQLite can still be read
        assert new.status == 200 or (new.status == 503 and "Retry-After" in new.headers and TELEPHONE in new.text)
        seconds_until(lambda: time.monotonic() - written > BY_A_PERSON, START, "Somebody writes")
        sent = send(server, letter)
        assert sent.status == 503, f"A letter was answered {sent.status}."
        assert "没有保存" in sent.text
        assert BODY in sent.text
        time.sleep(max(0, ends - time.monotonic()))
        back()
        ready = seconds_until(lambda: server.ask("/readyz").status == 200, RECOVERY, "Ready again")
        every = {f"/homes/?page={number}" for number in range(8)}
        all_pages = seconds_until(
            lambda: {server.ask(path).status for path in every} == {200}, RECOVERY - ready, "Every page again"
        )
    total = sum(readers.statuses.values())
    assert readers.statuses[200] == total, f"Pages that had been read: {dict(readers.statuses)}"
    again = letter._replace(fields={field: html.unescape(value) for field, value in TYPED.findall(sent.text)})
    assert again == letter, "What was typed is not what was given back."
    status = send(server, again).status
    assert status == 302, f"Sent again, it was answered {status}."
    say(
        f"away for {seconds} s: {total} known pages, all answered, the slowest in {readers.slowest:.1f} s; "
        f"another {new.status}; a letter was not saved (503), given back as typed, sent again and taken; ready "
        f"{ready:.1f} s and every page {ready + all_pages:.1f} s after it was back (≤ {RECOVERY})"
    )


def prepared(portal):
    portal.migrate()
    portal.manage("collectstatic", "--noinput", "--verbosity=0")
    portal.manage("load_district", "--verbosity=0")
    return Server(portal)


def on_postgresql(top):
    with Cluster(folder_for_both(top / "postgresql") / "cluster") as cluster:
        cluster.ask("CREATE DATABASE portal")
        with prepared(Portal(top / "portal", cluster.url("portal"), SITE_TELEPHONE=TELEPHONE)) as server:
            outage("PostgreSQL stopped, and started again", server, 75, cluster.crash, cluster.start)


def on_sqlite(top):
    portal = Portal(top / "sqlite", SITE_TELEPHONE=TELEPHONE)
    file, elsewhere = portal.folder / "portal.sqlite3", top / "elsewhere"

    def take_away():
        elsewhere.mkdir()
        for part in portal.folder.glob("portal.sqlite3*"):
            part.rename(elsewhere / part.name)

    def put_back():
        for part in portal.folder.glob("portal.sqlite3*"):  # an empty one that somebody asked
            part.unlink()
        for part in elsewhere.iterdir():
            part.rename(portal.folder / part.name)

    with (
        prepared(portal) as server,
        closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other,
    ):
        lock, let_go = (lambda: other.execute("BEGIN EXCLUSIVE")), (lambda: other.execute("ROLLBACK"))
        outage("SQLite locked by somebody else", server, 30, lock, let_go)
        other.close()
        outage("the file of SQLite gone, and back", server, 30, take_away, put_back)


def main(*databases):
    on_each((on_postgresql, on_sqlite), databases)
    say("\nWhat had been read could be read on, nothing typed was lost, and it came back by itself.")


if __name__ == "__main__":
    run(main, *sys.argv[1:])
