"""Public pages out of a streaming copy of the database: `make drill-replica` (PostgreSQL, two servers of its own).

Before the copy has an edit, the database waits for it (remote_apply) or does not; the copy is late, is killed, comes
back. Pages go on, an edit shows when decision 23 says, and they are read in the copy again by themselves.
"""

import http
import time

from tests.drills.cluster import Cluster, folder_for_both
from tests.drills.inside import ask
from tests.drills.portal import Portal, on_each, run, say
from tests.drills.server import Server

MINUTE = 60  # seconds that a page stands at most
PAUSE = 30  # seconds that a copy is let alone (config/replica.py)
SLACK = 15  # seconds for what else there is to do
WITHOUT = 10  # seconds that readers have to do without the copy


class Drill:
    def __init__(self, portal, server, cluster, copy):
        self.portal, self.server, self.cluster, self.copy = portal, server, cluster, copy
        self.edits, told = 0, ask(portal, "edit", 0)
        self.page, self.name = told["page"], told["name"]

    def edit(self):
        """Give the home another name, and return it."""
        self.edits += 1
        self.name = ask(self.portal, "edit", self.edits)["name"]
        return self.name

    def shows(self, name):
        answer = self.server.ask(self.page)
        assert answer.status == http.HTTPStatus.OK, f"{self.page} answered {answer.status}"
        return name in answer.text

    def until(self, is_so, seconds, words):
        """After how many seconds it is so."""
        began = time.monotonic()
        while not is_so():
            assert time.monotonic() - began < seconds, f"{words}: not within {seconds} s"
            time.sleep(0.1)
        return time.monotonic() - began

    def is_read(self, seconds):
        """After how many seconds pages are read in the copy: while it stands still, an edit does not show."""
        self.copy.ask("SELECT pg_wal_replay_pause()")
        self.until(lambda: self.copy.ask("SELECT pg_get_wal_replay_pause_state()") == "paused", SLACK, "It stops")
        took = self.until(lambda: not self.shows(self.edit()), seconds, "Pages are read in the copy")
        self.copy.ask("SELECT pg_wal_replay_resume()")
        return took

    def setting(self, **settings):
        for name, value in settings.items():
            self.cluster.ask(f"ALTER SYSTEM SET {name} = '{value}'")
        self.cluster.ask("SELECT pg_reload_conf()")
        time.sleep(1)

    def waited_for(self):
        self.setting(synchronous_standby_names="*", synchronous_commit="remote_apply")
        late = 0
        for _ in range(10):
            self.shows("")
            name = self.edit()
            late += not self.shows(name)
        assert not late, f"{late} of 10 edits did not show at once."
        self.setting(synchronous_standby_names="", synchronous_commit="on")
        say("the database waits for its copy: 10 edits, each was in the next page")

    def late(self):
        self.is_read(SLACK)
        took = self.until(lambda: self.shows(self.name), MINUTE + SLACK, "The edit shows")
        say(f"the copy was late, the page as before; the edit showed {took:.0f} s after it went on (≤ {MINUTE})")

    def away(self):
        self.copy.crash()
        ends, asked = time.monotonic() + WITHOUT, 0
        while time.monotonic() < ends:
            asked += 1
            status = self.server.ask(f"/homes/?q={asked}").status
            assert status == http.HTTPStatus.OK, f"Without the copy a page answered {status}."
        name = self.edit()
        assert self.shows(name), "Without the copy an edit does not show."
        self.copy.start()
        took = self.is_read(PAUSE + SLACK)
        say(f"the copy was killed: {asked} pages, all of them answered; back, it was read again after {took:.0f} s")


def on_postgresql(top):
    folder = folder_for_both(top / "postgresql")
    with Cluster(folder / "cluster") as cluster:
        cluster.ask("CREATE DATABASE portal")
        portal = Portal(top / "portal", cluster.url("portal"))
        portal.migrate()
        portal.manage("collectstatic", "--noinput", "--verbosity=0")
        ask(portal, "make", 0)
        with cluster.copied_to(folder / "copy") as copy:
            portal.environment["DATABASE_REPLICA_URL"] = copy.url("portal")
            with Server(portal) as server:
                drill = Drill(portal, server, cluster, copy)
                drill.waited_for()
                drill.late()
                drill.away()


def main():
    on_each((on_postgresql,), ())
    say("Pages go on without the copy, and with one that is late.")


if __name__ == "__main__":
    run(main)
