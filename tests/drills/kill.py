"""Many at once for few seats, and a server that is killed while they sign up: `make drill-kill`.

On SQLite and on a PostgreSQL of its own, with real syncing (`python -m tests.drills.kill sqlite` for one of the two).
All over HTTP, through gunicorn as in production. A control with the lock off has to overbook, or the drill proves
nothing. Prints its figures; ends with 1 where one is not what it must be. Seconds are this machine's, from the moment
in which a request was handed over to the end of its answer: hundreds wait in line behind the two processes. One thread
sends them, one right after the other, before it hears any answer, and takes 0.2 ms of a processor for each. It shares
the processors with the server and PostgreSQL: where others work too, only the processor time says something.
"""

import re
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing, contextmanager
from functools import partial
from statistics import quantiles

from tests.drills.cluster import Cluster, folder_for_both
from tests.drills.crowd import BEHIND_NGINX, SIGNED_UP, Crowd, Rush, at_once, somewhere
from tests.drills.inside import ask
from tests.drills.portal import Portal, on_each, run, say
from tests.drills.server import Server

CROWDS, SEATS = (60, 200, 500), 10
TAPS = 40  # of one person
STEPS = 45  # that leave, join and change the number of seats
ROUNDS, CLIENTS, UP_AGAIN = 10, 8, 10  # the last in seconds
IN_FLIGHT, ENDS = 6, 60  # fewer than there are threads to answer; seconds
YES, WAITS = "报上了", "先排上候补了"


def heading(server, answer):
    """What somebody reads who was led on after signing up."""
    page = server.ask(answer.place, Cookie=answer.session, X_Forwarded_For=somewhere())
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    return re.sub(r"<[^>]+>|\s", "", found[1]) if found else str(page.status)


def no_trouble(answers):
    """The statuses, counted; none of them a fault of the server's."""
    statuses = Counter(answer.status for answer in answers)
    assert all(0 < status < 500 for status in statuses), f"Answered {dict(statuses)}"
    return dict(statuses)


def last_seats(portal, server, crowd, activities):
    """G1: N at once for the last seats."""
    for number, activity in zip(CROWDS, activities, strict=True):
        served, asked = server.cpu(), time.process_time()
        done = crowd.all_sign_up(activity, number)
        cpu = (server.cpu() - served) / number * 1000
        asking = (time.process_time() - asked) / number * 1000
        answers, seconds = zip(*done, strict=True)
        statuses = no_trouble(answers)
        told = Counter(heading(server, answer) for answer in answers)
        found = ask(portal, "seats", activity)
        say(
            f"{number} at once for {SEATS} seats: answered {statuses}, told {dict(told)}; in the database "
            f"{found['confirmed']} confirmed, {found['waiting']} waiting; p95 {quantiles(seconds, n=20)[18]:.1f} s, "
            f"slowest {max(seconds):.1f} s; {cpu:.1f} ms of a processor for each, {asking:.1f} to ask"
        )
        assert statuses == {SIGNED_UP: number}, "Not everybody was answered with a booking."
        assert told == {YES: SEATS, WAITS: number - SEATS}, "What people were told is not so."
        assert (found["confirmed"], found["waiting"], found["rows"]) == (SEATS, number - SEATS, number)


def without_the_lock(portal, activity):
    """The control of G1."""
    with Server(portal, "tests.drills.unlocked") as server:
        crowd = Crowd(server, activity)
        done = at_once(*[partial(crowd.sign_up, activity)] * CROWDS[0])
    told = Counter(answer.status for (_, answer), _ in done)
    found = ask(portal, "seats", activity)
    say(f"control, the lock off: {found['confirmed']} confirmed for {SEATS} seats, answered {dict(told)}")
    assert found["confirmed"] > SEATS, "With the lock off nobody was too many: this drill would not find a fault."


def one_person(portal, crowd, activity):
    """G2: the same name and telephone."""
    done = at_once(*[partial(crowd.sign_up, activity, number=99_000_001)] * TAPS)
    statuses = no_trouble(answer for (_, answer), _ in done)
    found = ask(portal, "seats", activity)
    say(f"one person {TAPS} times at once: answered {statuses}, {found['rows']} row")
    assert statuses[SIGNED_UP] == found["rows"] == 1


def all_mixed(portal, crowd, activity, staff):
    """G2: some leave, some come, somebody changes the number of seats."""
    there = [crowd.sign_up(activity)[1] for _ in range(2 * SEATS)]

    def leave(answer):
        mine = re.search(rf'href="({re.escape(answer.place)}leave/\d+/)"', read(answer))[1]
        return crowd.send(mine, {}, answer.session)

    def read(answer):
        return crowd.server.ask(answer.place, Cookie=answer.session).text

    def change(capacity):
        address = f"/desk/activities/{activity}/seats/"
        page = crowd.server.ask(address, Cookie=staff).text
        hidden = dict(re.findall(r'<input type="hidden" name="(?!csrf)(\w+)" value="([^"]*)"', page))
        return crowd.send(address, hidden | {"capacity": capacity, "keep": "on"}, staff)

    def join():
        return crowd.sign_up(activity)[1]

    steps = []
    for number in range(STEPS // 3):
        steps += [partial(leave, there[number]), join, partial(change, SEATS + number % 4)]
    answers = [answer for answer, _ in at_once(*steps)]
    statuses = [no_trouble(answers[first::3]) for first in range(3)]
    found = ask(portal, "seats", activity)
    say(
        f"mixed: leaving {statuses[0]}, joining {statuses[1]}, changing the seats {statuses[2]}; {found['confirmed']} "
        f"confirmed of {found['capacity']} and {found['kept_in']} kept in, {found['waiting']} waiting in order"
    )
    assert statuses[0] == statuses[1] == {SIGNED_UP: STEPS // 3}
    assert statuses[2].get(SIGNED_UP), "Nobody could change the number of seats."
    assert found["rows"] == 2 * SEATS
    assert found["confirmed"] <= found["capacity"] + found["kept_in"], "Overbooked."
    assert not found["seat_for_the_next"], "There is a seat, and somebody waits."
    assert found["in_order"], "Somebody moved up past another."


def killed(portal, server, activity, cluster):
    """G3: kill -9 while people sign up; every other time all of it, with the PostgreSQL."""
    crowd, kept, unanswered, slowest = Crowd(server, activity), 0, 0, 0.0
    for number in range(ROUNDS):
        with Rush(crowd, activity, CLIENTS) as rush:
            rush.wait_for(20)
            began = time.monotonic()
            if number % 2:
                server.kill()
                if cluster:
                    cluster.crash()
                    cluster.start()
                    began = time.monotonic()  # how long that one takes is its own affair
                server.start()
            else:
                before = set(server.workers())
                server.kill_workers()
                while not set(server.workers()) - before:
                    time.sleep(0.02)
                server.wait()
            rush.wait_for(1)
            took = time.monotonic() - began
            rush.wait_for(5)
        found = ask(portal, "seats", activity)
        missing = set(rush.acknowledged) - set(found["keys"])
        faults = ask(portal, "sound")
        slowest = max(slowest, took)
        assert not missing, f"Round {number + 1}: {len(missing)} sign-ups were acknowledged and are lost."
        assert not faults, f"Round {number + 1}: the database is damaged: {faults}"
        assert not found["halves"], f"Round {number + 1}: {found['halves']} bookings by halves."
        assert took <= UP_AGAIN, f"Round {number + 1}: up again after {took:.1f} s."
        kept += len(rush.acknowledged)
        unanswered += rush.unanswered
    say(
        f"kill -9, {ROUNDS} rounds: {kept} sign-ups acknowledged, 0 missing, {unanswered} tries unanswered, the "
        f"database sound each time; signing up again after {slowest:.1f} s at most (≤ {UP_AGAIN})"
    )


@contextmanager
def nobody_else(portal, activity):
    """Hold what a sign-up needs."""
    if url := portal.environment.get("DATABASE_URL"):
        import psycopg  # noqa: PLC0415

        with psycopg.connect(url) as held:
            held.execute("SELECT 1 FROM activities_activity WHERE id = %s FOR UPDATE", [activity])
            yield
    else:
        with closing(sqlite3.connect(portal.folder / "portal.sqlite3", isolation_level=None)) as held:
            held.execute("BEGIN IMMEDIATE")
            yield


def stopped(portal, server, activity):
    """G3: SIGTERM while some are in the middle of signing up, which an open transaction holds up."""
    crowd = Crowd(server, activity)

    def stop():
        with nobody_else(portal, activity):
            time.sleep(2)
            server.process.terminate()
            time.sleep(1)

    done = at_once(stop, *[partial(crowd.sign_up, activity)] * IN_FLIGHT)
    ended = server.process.wait(ENDS)  # told once: a second time it would be while Python ends, which listens no more
    answers = [result for result, _ in done[1:]]
    found = ask(portal, "seats", activity)
    statuses = no_trouble(answer for _, answer in answers)
    say(f"SIGTERM with {IN_FLIGHT} sign-ups in flight: answered {statuses}, the server ended with {ended}")
    assert statuses == {SIGNED_UP: IN_FLIGHT}
    assert {key for key, _ in answers} <= set(found["keys"])
    assert ended == 0


def drill(name, portal, cluster=None):
    say(f"\n{name}")
    portal.migrate()
    portal.manage("collectstatic", "--noinput", "--verbosity=0")
    made = ask(portal, "make", *[SEATS] * (len(CROWDS) + 3), 0)
    *last, control, mine, mixed, unlimited = made["activities"]
    without_the_lock(portal, control)
    server = Server(portal)
    with server:
        crowd = Crowd(server, mine)
        last_seats(portal, server, crowd, last)
        one_person(portal, crowd, mine)
        all_mixed(portal, crowd, mixed, made["staff"])
        killed(portal, server, unlimited, cluster)
        stopped(portal, server, unlimited)


def on_sqlite(top):
    drill("SQLite", Portal(top / "sqlite", **BEHIND_NGINX))


def on_postgresql(top):
    with Cluster(folder_for_both(top / "postgresql") / "cluster") as cluster:
        cluster.ask("CREATE DATABASE portal")
        drill("PostgreSQL, syncing", Portal(top / "portal", cluster.url("portal"), **BEHIND_NGINX), cluster)


def main(*databases):
    on_each((on_sqlite, on_postgresql), databases)
    say("\nNobody too many, nothing acknowledged lost.")


if __name__ == "__main__":
    run(main, *sys.argv[1:])
