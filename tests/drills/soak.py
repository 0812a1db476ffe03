"""Whether the portal stays as it is while it is used for long: `make drill-soak` (MINUTES=60, RATE=20 a second).

The whole demo, through gunicorn as in production; people read, sign up and cancel, staff look at their lists. On SQLite
and on a PostgreSQL of its own, so many minutes each (`python -m tests.drills.soak sqlite` for one of the two). Before
the clock starts, what each process may keep is filled: its pages, and what each of its connections to SQLite knows of
the file and of the questions asked. Prints its figures; ends with 1 where memory, open files, the log of SQLite or the
time of an answer grow, or anything is answered wrongly.
"""

import os
import re
import sys
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import count, cycle
from pathlib import Path
from statistics import linear_regression, median, quantiles
from typing import NamedTuple

os.environ.setdefault("DRILL_SIZE", "real")

from tests.drills.crowd import BEHIND_NGINX, SIGNED_UP, Crowd, somewhere
from tests.drills.inside import ask
from tests.drills.portal import on_both, run, say
from tests.drills.server import Server

MINUTES, RATE = float(os.environ.get("MINUTES") or 10), float(os.environ.get("RATE") or 20)
CLIENTS, PAUSE = 16, 5  # threads that ask; seconds between two measurements
WARMING = 9600  # steps, of which two in three are pages at addresses of their own; SQLite's connections need the most
SETTLING, PART = 0.2, 0.25  # of the time: not judged for memory yet; the first and the last part that are compared
MOST_GROWTH, MOST_FILES, MOST_LOG, MOST_SLOWER = 1.0, 10, 64, 1.2  # MB a minute, open files, MB, times
BUSY = 0.3  # of the processors, taken by others (PostgreSQL among them): then the clock says nothing of the portal
OK = 200


class Asked(NamedTuple):
    at: float
    what: str
    seconds: float


class Seen(NamedTuple):
    """What was seen of the server at a moment: MB, open files, MB; and of the processors, the part others took."""

    at: float
    memory: float
    files: int
    log: float
    others: float


class People:
    """Everybody, in turn: most of them read."""

    def __init__(self, server, told):
        self.server, self.staff, self.activities = server, told["staff"], cycle(told["activities"])
        self.crowd = Crowd(server, told["activities"][0])
        self.public, self.desk = cycle(told["public"]), cycle(told["desk"])
        self.numbers, self.bookings = count(1), deque(maxlen=100)
        self.asked, self.wrong = [], []
        self.began = time.monotonic()
        self.steps = (
            *[self.read] * 8, *[self.read_anew] * 4, self.look_at_lists, self.look_at_lists, self.look_at_form,
            self.sign_up, self.sign_up, self.cancel,
        )  # fmt: skip

    def time(self, what, expected, ask, *arguments, **headers):
        began = time.monotonic()
        answer = ask(*arguments, **headers)
        self.asked.append(Asked(began - self.began, what, time.monotonic() - began))
        if answer.status != expected:
            self.wrong.append(f"{what}: {answer.status} for {arguments[0]}")
        return answer

    def read(self):
        self.time("a page", OK, self.server.ask, next(self.public), X_Forwarded_For=somewhere())

    def read_anew(self):
        page = next(self.public)
        page += f"{'&' if '?' in page else '?'}fresh={next(self.numbers)}"
        self.time("a page nobody asked for", OK, self.server.ask, page, X_Forwarded_For=somewhere())

    def look_at_lists(self):
        self.time("a list of the staff", OK, self.server.ask, next(self.desk), Cookie=self.staff)

    def look_at_form(self):
        address = f"/activities/{next(self.activities)}/sign-up/"
        self.time("the form", OK, self.server.ask, address, X_Forwarded_For=somewhere())

    def sign_up(self):
        answer = self.time("signing up", SIGNED_UP, lambda pk: self.crowd.sign_up(pk)[1], next(self.activities))
        if answer.status == SIGNED_UP:
            self.bookings.append(answer)

    def cancel(self):
        try:
            mine = self.bookings.pop()  # a new one: after half an hour it would ask for its code again
        except IndexError:
            return
        page = self.time("the booking", OK, self.server.ask, mine.place, Cookie=mine.session)
        way = re.search(r'href="([^"]+/leave/\d+/)"', page.text)
        self.time("cancelling", SIGNED_UP, self.crowd.send, way[1], {}, mine.session)

    def warm_up(self):
        kinds = (*[self.read_anew] * (2 * len(self.steps)), *self.steps)
        for _ in self._together(kinds, WARMING, 0):
            pass

    def go_on(self, seconds):
        """Ask at the rate, and yield the moment now and then while that lasts."""
        self.asked.clear()
        yield from self._together(self.steps, int(seconds * RATE), 1 / RATE)

    def _together(self, kinds, number, apart):
        self.began = time.monotonic()
        numbers = iter(range(number))

        def ask():
            for step in numbers:
                time.sleep(max(0, self.began + step * apart - time.monotonic()))
                kinds[step * 7 % len(kinds)]()  # one kind after the other, not in blocks

        with ThreadPoolExecutor(CLIENTS) as clients:
            asking = [clients.submit(ask) for _ in range(CLIENTS)]
            while not all(each.done() for each in asking):
                yield time.monotonic() - self.began
                time.sleep(PAUSE)
        for each in asking:
            each.result()


class Watch:
    """What there is to be seen of a server's processes from outside."""

    def __init__(self, server):
        self.server = server
        self.pids = [server.process.pid, *server.workers()]
        self.log = server.portal.folder / "portal.sqlite3-wal"
        self.before = self._processors()

    def look(self, at):
        busy, ours, total = self._processors()
        then_busy, then_ours, then_total = self.before
        others = max(0, busy - then_busy - (ours - then_ours)) / max(1, total - then_total)
        self.before = busy, ours, total
        files = sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in self.pids)
        log = self.log.stat().st_size / 1e6 if self.log.exists() else 0
        return Seen(at, self.server.memory(), files, log, others)

    def is_same(self):
        """Whether it is still the same processes: none died."""
        return self.pids == [self.server.process.pid, *self.server.workers()]

    def _processors(self):
        """(ticks somebody used, those of the server and of this program, all there were)"""
        ticks = [int(each) for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        ours = sum(sum(self._own(pid)) for pid in [*self.pids, os.getpid()])
        return sum(ticks) - ticks[3] - ticks[4], ours, sum(ticks)

    @staticmethod
    def _own(pid):
        return [int(each) for each in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]]


def p95(asked):
    return quantiles([each.seconds for each in asked], n=20)[18]


def ends(rows, seconds):
    """The first and the last part of rows."""
    return [row for row in rows if row.at < PART * seconds], [row for row in rows if row.at >= (1 - PART) * seconds]


def judge(people, seen, seconds):
    """Say what was seen; what is wrong, in words."""
    asked = people.asked
    for what in sorted({each.what for each in asked}):
        some = [each.seconds * 1000 for each in asked if each.what == what]
        cut = quantiles(some, n=20) if len(some) > 1 else some * 19
        say(f"  {what}: {len(some)} times, p50 {cut[9]:.0f} ms, p95 {cut[18]:.0f} ms")
    settled = [each for each in seen if each.at >= SETTLING * seconds]
    growth = linear_regression([each.at / 60 for each in settled], [each.memory for each in settled]).slope
    memory = " → ".join(f"{each.memory:.0f}" for each in seen[:: max(1, len(seen) // 8)])
    before, after = ends(seen, seconds)
    files = min(each.files for each in before), min(each.files for each in after)
    others = median(each.others for each in before[1:] or before), median(each.others for each in after)
    log = max(each.log for each in seen)
    first, last = map(p95, ends(asked, seconds))
    was_busy = max(others) > BUSY
    say(
        f"  {len(asked)} requests in {seconds / 60:g} minutes, {len(people.wrong)} answered wrongly\n"
        f"  memory {memory} MB, {growth:+.2f} MB a minute (< {MOST_GROWTH:g})\n"
        f"  open files {files[0]} → {files[1]} at least; SQLite's log {log:.1f} MB at most (< {MOST_LOG})\n"
        f"  p95 {first * 1000:.0f} → {last * 1000:.0f} ms, × {last / first:.2f} (≤ {MOST_SLOWER}); others took "
        f"{others[0]:.0%} → {others[1]:.0%} of the processors{': a busy machine, not judged' if was_busy else ''}"
    )
    yield from people.wrong[:5]
    if growth >= MOST_GROWTH:
        yield "The memory grows."
    if files[1] > files[0] + MOST_FILES:
        yield "Files stay open."
    if log >= MOST_LOG:
        yield "The log of SQLite is not brought home."
    if last > MOST_SLOWER * first and not was_busy:
        yield "It becomes slower."


def drill(name, portal):
    say(f"\n{name}")
    portal.fill()
    portal.manage("collectstatic", "--noinput", "--verbosity=0")
    told, seconds = ask(portal, "pages"), MINUTES * 60
    with Server(portal) as server:
        people = People(server, told)
        people.warm_up()
        watch = Watch(server)
        seen = [watch.look(at) for at in people.go_on(seconds)]
        is_same = watch.is_same()
    wrong = list(judge(people, seen, seconds))
    assert is_same, "A process died and was replaced."
    return wrong


def main(*databases):
    wrong = [each for found in on_both(drill, databases, **BEHIND_NGINX) for each in found]
    assert not wrong, "; ".join(wrong)
    say("\nIt stays as it is.")


if __name__ == "__main__":
    run(main, *sys.argv[1:])
