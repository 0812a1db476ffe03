"""Whether migrations keep what people have entered: `make drill-migrations` (DRILL_SIZE=small for a quick one).

With the whole demo: from head one step back of each app, which is how far a release is rolled back, and forwards again.
Every table and column that both states know has the same rows, by count and digest, after each way. Further back,
tables of their time have no place for rows of today. On SQLite, or on PostgreSQL under `.ci/postgres`.
"""

import json
import os
import re
import shutil
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

os.environ.setdefault("DRILL_SIZE", "real")

from tests.drills.portal import Portal, run, say

APPS = ("branches", "homes", "volunteers", "activities")
ITS_OWN = {"django_migrations", "portal_cache"}
PLACES = re.compile(r"(?<=\d)(?:\.0+|(\.\d*[1-9])0+)(?=[,)])")  # of a number, that say nothing
BEGIN = """
import django, json, sys; django.setup()
from django.core.management import call_command
from tests.drills import migrations

database = migrations.opened()
"""
COLUMNS = "print(json.dumps(database.columns()))"
DIGESTS = "print(json.dumps(database.tables(json.loads(sys.argv[1]))))"
BACK_AND_FORWARDS = """
app, before, at_head = sys.argv[1:]
call_command("migrate", app, before, verbosity=0)
both = migrations.common(json.loads(at_head), database.columns())
kept = database.tables(both)
call_command("migrate", verbosity=0)
print(json.dumps([both, kept, database.tables(both), database.columns()]))
"""


def opened():
    """The database of this portal; its digests are the same for 5 and 5.00, which a wider column makes of it."""
    from config.backups import databases  # noqa: PLC0415 - once Django is set up

    database = databases.here()
    if database.vendor == "postgresql":
        rows = database._rows
        database._rows = lambda table, columns: (PLACES.sub(r"\1", row) for row in rows(table, columns))
    return database


def ask(portal, program, *arguments):
    return json.loads(portal.python("-c", BEGIN + program, *map(str, arguments)).stdout)


def steps(portal):
    """(app, its newest migration, the one before) of ours, the last one first."""
    listed = portal.manage("showmigrations", "--plan").stdout
    found = {}
    for app, name in re.findall(r"\[X\]\s+(\w+)\.(\w+)", listed):
        if app in APPS:
            found[app] = (app, name, found[app][1] if app in found else None)
    return [step for step in reversed(found.values()) if step[2]]


class Copies:
    """The database as it was filled, again for each step."""

    def __init__(self, folder):
        self.folder, self.url = folder, os.environ.get("DATABASE_URL", "")

    def portal(self, name):
        url = self.url and urlsplit(self.url)._replace(path=f"/{name}").geturl()
        return Portal(self.folder / ("here" if url else name), url)

    def make(self, name, template=None):
        if self.url:
            import psycopg  # noqa: PLC0415

            with psycopg.connect(self.url, autocommit=True) as server:
                server.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        elif template:
            (self.folder / name).mkdir()
            shutil.copyfile(self.folder / template / "portal.sqlite3", self.folder / name / "portal.sqlite3")
        return self.portal(name)

    def drop(self, name):
        if self.url:
            import psycopg  # noqa: PLC0415

            with psycopg.connect(self.url, autocommit=True) as server:
                server.execute(f'DROP DATABASE "{name}"')
        else:
            shutil.rmtree(self.folder / name)


def common(one, other):
    """The tables and columns that both know."""
    both = {table: sorted({*one[table]} & {*other[table]}) for table in one.keys() & other.keys() - ITS_OWN}
    return {table: names for table, names in both.items() if names}


def compare(when, one, other):
    differ = sorted(table for table in one if one[table] != other[table])
    assert not differ, f"{when}, these tables differ: {differ}"


def main():
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        copies = Copies(Path(name))
        head = copies.make("full")
        head.fill()
        head.manage("makemigrations", "--check", "--dry-run")
        at_head = ask(head, COLUMNS)
        rows = sum(each["rows"] for each in ask(head, DIGESTS, json.dumps(at_head)).values())
        say(f"{'PostgreSQL' if copies.url else 'SQLite'}: {len(at_head)} tables, {rows} rows at head")
        for number, (app, migration, before) in enumerate(steps(head)):
            began, step = time.monotonic(), f"step{number}"
            portal = copies.make(step, "full")
            both, kept, again, there = ask(portal, BACK_AND_FORWARDS, app, before, json.dumps(at_head))
            compare(f"back before {app}.{migration}", ask(head, DIGESTS, json.dumps(both)), kept)
            compare(f"forwards from before {app}.{migration}", kept, again)
            assert there == at_head, f"forwards from before {app}.{migration} are other tables than at head"
            copies.drop(step)
            kept_rows = sum(each["rows"] for each in kept.values())
            say(f"before {app}.{migration}: {len(both)} tables, {kept_rows} rows the same, back and forwards; "
                f"{time.monotonic() - began:.0f} s")  # fmt: skip
    say("Every migration keeps what was there.")


if __name__ == "__main__":
    run(main)
