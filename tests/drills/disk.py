"""Whether a full disk leaves nothing by halves: `make drill-disk`, on SQLite and then on a PostgreSQL.

A small disk of its own (a tmpfs in a namespace of its own, which goes with this program) holds database and files. It
is filled to the last byte; people read, sign up, ask for help with photographs. What was answered as saved is there,
nothing else is; pages go on; when there is space again, the page that says "not saved" can be sent as it is.

A PostgreSQL whose log finds no space stops at once, and may come back or not before there is: docs/deploy.md, 磁盘满了.
"""

import html
import logging
import os
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from tests.drills.cluster import Cluster, folder_for_both
from tests.drills.portal import Portal, run, say

MEGABYTES = {"sqlite": 80, "postgresql": 240}
KEPT_FILES = 10  # more than PostgreSQL keeps of its log's old files, to write into again
SMALL = "-c max_wal_size=32MB -c min_wal_size=32MB"
READ = ("/", "/homes/", "/activities/", "/about/", "/healthz")
UNSAVED = "没有保存上"
LEFT = (0, 200_000, 200_000)  # bytes that are made free for each order
FOR_SOME = {"sqlite": 300_000, "postgresql": 60_000}  # bytes in which some sign-ups find room
MOST = 40  # sign-ups until one finds no space


def files(folder):
    return {path for part in ("media", "private") for path in (folder / part).rglob("*") if path.is_file()}


def fill(folder, but=0):
    """Leave not a byte, and then so many."""
    with (folder / "rubbish").open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    free(folder, but)


def free(folder, number):
    """Make so many bytes free again."""
    rubbish = folder / "rubbish"
    os.truncate(rubbish, rubbish.stat().st_size - number)


def hidden(page):
    return {
        name: html.unescape(value)
        for name, value in re.findall(r'name="(\w+)"[^>]*>&#10;(.*?)</textarea>', page, re.DOTALL)
    }


def photograph():
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    buffer = BytesIO()
    Image.effect_noise((1600, 1200), 80).convert("RGB").save(buffer, "JPEG")
    return SimpleUploadedFile("photo.jpg", buffer.getvalue(), content_type="image/jpeg")


def people(clock):
    """Sign-ups and orders as a browser sends them, each of another person."""
    from activities.models import Activity  # noqa: PLC0415
    from tests.activities.filling_in import filled  # noqa: PLC0415
    from volunteers.models import OrderCategory  # noqa: PLC0415

    coming = Activity.objects.public().upcoming().for_cards().order_by("-starts_at")
    going_on = [row for row in coming if row.is_open_for_sign_up()][:10]
    assert going_on, "There is nothing to sign up for."
    category = OrderCategory.objects.in_use().first().pk

    def sign_up(client, number):
        address = f"{going_on[number % len(going_on)].get_absolute_url()}sign-up/"
        who = {"name": f"演练{number}", "telephone": f"1990000{number:04}", "others": "", "proxy": "", "note": "带了茶"}
        return address, filled(client, address, clock) | who

    def order(client, number):
        who = {"name": "演练", "telephone": f"1990001{number:04}", "what": "灯不亮了", "place": "示例小区3栋"}
        given = filled(client, "/help/ask/", clock) | who | {"category": category, "proxy": "", "wish": ""}
        return "/help/ask/", given | {"photo_1": photograph(), "photo_2": photograph()}

    return sign_up, order


class Drill:
    """What happens to people and to what they send, in its order. Everything is done in this process."""

    def __init__(self, portal, cluster, clock):
        from django.test import Client  # noqa: PLC0415

        self.portal, self.cluster = portal, cluster
        self.client = Client(raise_request_exception=False)
        assert {self.read(address) for address in READ} == {200}
        sign_up, order = people(clock)
        self.forms = [sign_up(self.client, number) for number in range(MOST)]
        self.orders = [order(self.client, number) for number in range(len(LEFT))]
        self.before, self.files = self.rows(), files(portal.folder)
        self.taken, self.refused = [], None

    def send(self, address, given):
        """The answer's status and text; the next one finds no connection left."""
        from django.db import connection  # noqa: PLC0415

        answer = self.client.post(address, given)
        connection.close()
        return answer.status_code, answer.content.decode()

    def read(self, address):
        from django.db import connection  # noqa: PLC0415

        answer = self.client.get(address)
        connection.close()
        return answer.status_code

    def rows(self):
        """How many sign-ups and orders there are."""
        from activities.models import SignUp  # noqa: PLC0415
        from volunteers.models import ServiceOrder  # noqa: PLC0415

        return SignUp.objects.count(), ServiceOrder.objects.count()

    def bookings(self, given):
        from activities.models import Booking  # noqa: PLC0415
        from branches.privacy import hash_of  # noqa: PLC0415

        return Booking.objects.filter(telephone_index=hash_of(given["telephone"])).count()

    def people_sign_up(self):
        from activities.models import Booking  # noqa: PLC0415

        for address, given in self.forms:
            status, page = self.send(address, given)
            assert status in {302, 503}, f"{address} answered {status}"
            if status == 302:
                self.taken.append(given)
            else:
                assert UNSAVED in page, "The page does not say that nothing was saved."
                again = hidden(page.split(f"{UNSAVED}</h1>")[1])
                lost = {name for name in given if again.get(name) != given[name]}
                assert not lost, f"The page has lost {lost}."
                self.refused = self.refused or (address, again)
        assert self.taken, "The disk was full from the beginning."
        assert self.refused, "The disk was never full."
        # one that was kept before its session could not be is said not to be: sent again, it is the same one
        self.all_taken_are_there()
        assert not Booking.objects.filter(sign_ups=None).exists(), "A booking by halves."
        say(
            f"Full: {len(self.taken)} of {MOST} sign-ups still fitted and are there, {MOST - len(self.taken)} were "
            "refused (503, with what was typed)"
        )

    def all_taken_are_there(self):
        missing = [given["name"] for given in self.taken if self.bookings(given) != 1]
        assert not missing, f"What was said to be saved is not there: {missing}"

    def people_ask_for_help(self):
        for left, (address, given) in zip(LEFT, self.orders, strict=True):
            free(self.portal.folder, left)  # rows fit again, photographs do not
            status, page = self.send(address, given)
            assert status == 503, f"{address} answered {status}"
            assert UNSAVED in page
        assert (self.rows()[1], files(self.portal.folder)) == (self.before[1], self.files), (
            "An order or file by halves."
        )
        say(f"{len(LEFT)} orders with photographs were refused, and no file is left")

    def people_read(self):
        from config import caching  # noqa: PLC0415

        caching._remembered.clear()
        caching.caches["pages"].clear()  # reading, not remembering
        statuses = {address: self.read(address) for address in READ}
        assert set(statuses.values()) == {200}, f"Pages cannot be read: {statuses}"
        say(f"{len(READ)} pages were made anew")

    def a_backup(self):
        backup = self.portal.manage("backup", check=False)
        assert backup.returncode == 1, backup.stdout
        assert "磁盘满了" in backup.stderr, backup.stderr
        say(f"backup: exit {backup.returncode}, {backup.stderr.strip()[:60]}")

    def the_log_of_the_database(self):
        """PostgreSQL wants a new file for its log, and there is no space: it stops all that is going on."""
        fill(self.portal.folder)
        with suppress(subprocess.CalledProcessError):
            for _ in range(KEPT_FILES):
                self.cluster.ask("SELECT pg_logical_emit_message(false, 'drill', 'full'), pg_switch_wal()")
            raise AssertionError("There was space for the log.")
        statuses = {address: self.read(address) for address in READ}
        assert set(statuses.values()) <= {200, 503}, statuses
        assert statuses["/healthz"] == 200, statuses
        address, given = self.forms[-1]
        status, page = self.send(address, given)
        assert status in {302, 503}, f"{address} answered {status}"
        assert status == 302 or UNSAVED in page, f"The page does not say that nothing was saved: {page}"
        self.taken += [given] if status == 302 else []
        then = "takes people again" if self.cluster.is_up() else "takes nobody in"
        say(f"no space for the log of the database, which stopped, and then {then}: sign-up {status}, pages {statuses}")

    def space_again(self):
        from django.db import connection  # noqa: PLC0415

        (self.portal.folder / "rubbish").unlink()
        if self.cluster and not self.cluster.is_up():
            self.cluster.start()  # as docs/deploy.md has it
        address, again = self.refused
        assert self.send(address, again)[0] == 302, "What was on the page could not be sent again."
        assert self.bookings(again) == 1, "It was saved twice."
        self.all_taken_are_there()
        address, given = self.orders[0]
        given |= {"photo_1": photograph(), "photo_2": photograph()}  # those of before have been read
        assert self.send(address, given)[0] == 302, "No order with a photograph."
        assert len(files(self.portal.folder)) > len(self.files), "The photograph is not there."
        assert self.portal.tables(), "The tables cannot be read to their end."
        if not self.cluster:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA integrity_check")
                assert cursor.fetchone() == ("ok",), "The database is damaged."
        say("Space again: the page that said so was sent as it was, and is saved; the database is sound")


def drill(portal, cluster=None):
    portal.fill()
    portal.manage("collectstatic", "--noinput", "--verbosity=0")
    os.environ |= portal.environment
    import django  # noqa: PLC0415

    django.setup()
    import time_machine  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    from config import wsgi  # noqa: PLC0415
    from tests.stage import SUNDAY  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["*"]
    logging.disable()  # a line a request, and most are refused on purpose
    assert wsgi.held or cluster, "The database is not held open."
    with time_machine.travel(SUNDAY) as clock:
        told = Drill(portal, cluster, clock)
        fill(portal.folder, FOR_SOME["postgresql" if cluster else "sqlite"])
        told.people_sign_up()
        told.people_ask_for_help()
        told.people_read()
        told.a_backup()
        if cluster:
            told.the_log_of_the_database()
        told.space_again()


def on_sqlite(top):
    drill(Portal(top, BACKUP_DIR=str(top / "backups"), TRUSTED_ADDRESSES="127.0.0.1"))


def on_postgresql(top):
    with Cluster(folder_for_both(top / "postgresql") / "cluster", options=SMALL) as cluster:
        cluster.ask("CREATE DATABASE portal")
        drill(
            Portal(top, cluster.url("portal"), BACKUP_DIR=str(top / "backups"), TRUSTED_ADDRESSES="127.0.0.1"), cluster
        )


def mounted(drill, name):
    """Take the drill of one database on a small disk, in a namespace of mounts that is this process's own."""
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        size = f"size={MEGABYTES[name]}m,mode=755"
        if subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=False).returncode:
            raise SystemExit("需要一块小的盘：请用 root 运行。A tmpfs cannot be mounted here: run this as root.")
        try:
            drill(Path(folder))
        finally:
            subprocess.run(["umount", "--lazy", folder], check=False)


def main(*arguments):
    if arguments[:1] == ("mounted",):
        mounted({"sqlite": on_sqlite, "postgresql": on_postgresql}[arguments[1]], arguments[1])
        return
    as_root = [] if os.getuid() == 0 else ["--map-root-user"]
    for name in arguments or MEGABYTES:
        say(f"\n{name}")
        again = [sys.executable, "-m", "tests.drills.disk", "mounted", name]
        if subprocess.run(["unshare", "--mount", *as_root, *again], check=False).returncode:
            raise SystemExit(1)


if __name__ == "__main__":
    run(main, *sys.argv[1:])
