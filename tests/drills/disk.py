"""Whether a full disk leaves nothing by halves: `make drill-disk`.

A small disk of its own (a tmpfs in a namespace of its own, which goes with this program) holds database and files. It
is filled to the last byte; people read, sign up, ask for help with photographs. What was answered as saved is there,
nothing else is; pages go on; when there is space again, the page that says "not saved" can be sent as it is.
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

from tests.drills.portal import Portal, run, say

MEGABYTES = 80
READ = ("/", "/homes/", "/activities/", "/about/", "/healthz")
UNSAVED = "没有保存上"
LEFT = (0, 200_000, 200_000)  # bytes that are made free for each order
FOR_SOME = 300_000  # bytes in which some sign-ups find room
MOST = 40  # sign-ups until one finds no space


def files(folder):
    return {path for part in ("media", "private") for path in (folder / part).rglob("*") if path.is_file()}


def fill(folder):
    """Leave not a byte, and then a little."""
    with (folder / "rubbish").open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    free(folder, FOR_SOME)


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


def drill(folder):
    import django  # noqa: PLC0415

    django.setup()
    import time_machine  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from activities.models import Booking, SignUp  # noqa: PLC0415
    from branches.privacy import hash_of  # noqa: PLC0415
    from config import caching, wsgi  # noqa: PLC0415
    from tests.stage import SUNDAY  # noqa: PLC0415
    from volunteers.models import ServiceOrder  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["*"]
    logging.disable()  # a line a request, and most are refused on purpose
    assert wsgi.held, "The database is not held open."
    client = Client(raise_request_exception=False)
    with time_machine.travel(SUNDAY) as clock:
        sign_up, order = people(clock)
        for address in READ:
            assert client.get(address).status_code == 200, address
        forms = [sign_up(client, number) for number in range(MOST)]
        asked = [order(client, number) for number in range(len(LEFT))]
        rows, orders, before = SignUp.objects.count(), ServiceOrder.objects.count(), files(folder)

        fill(folder)
        connection.close()
        taken, refused = 0, None
        for address, given in forms:
            answer = client.post(address, given)
            connection.close()
            if answer.status_code == 302:
                taken += 1
                continue
            assert answer.status_code == 503, f"{address} answered {answer.status_code}"
            refused = refused or (address, given, answer.content.decode())
        assert taken, "The disk was full from the beginning."
        assert refused, "The disk was never full."
        address, given, page = refused
        assert UNSAVED in page, "The page does not say that nothing was saved."
        again = hidden(page.split(f"{UNSAVED}</h1>")[1])
        lost = {name for name in given if again.get(name) != given[name]}
        assert not lost, f"The page has lost {lost}."
        # one that was kept before its session could not be is said not to be: sent again, it is the same one
        assert SignUp.objects.count() - rows >= taken, "What was said to be saved is not there."
        assert not Booking.objects.filter(sign_ups=None).exists(), "A booking by halves."
        for left, (to, what) in zip(LEFT, asked, strict=True):
            free(folder, left)  # rows fit again, photographs do not
            answer = client.post(to, what)
            connection.close()
            assert answer.status_code == 503, f"{to} answered {answer.status_code}"
            assert UNSAVED in answer.content.decode()
        assert (ServiceOrder.objects.count(), files(folder)) == (orders, before), "An order or a file by halves."
        caching._remembered.clear()
        caching.caches["pages"].clear()  # reading, not remembering
        for to in READ:
            status = client.get(to).status_code
            connection.close()
            assert status == 200, f"{to} cannot be read: {status}"
        say(
            f"Full: {taken} of {MOST} sign-ups still fitted and are there, {MOST - taken} were refused (503, with what "
            f"was typed), {len(asked)} orders with photographs refused, no file left; {len(READ)} pages read uncached"
        )

        backup = Portal(folder, BACKUP_DIR=str(folder / "backups")).manage("backup", check=False)
        assert backup.returncode == 1, backup.stdout
        assert "磁盘满了" in backup.stderr, backup.stderr
        say(f"backup on the full disk: exit {backup.returncode}, {backup.stderr.strip()[:60]}")

        (folder / "rubbish").unlink()
        assert client.post(address, again).status_code == 302, "What was on the page could not be sent again."
        assert Booking.objects.filter(telephone_index=hash_of(again["telephone"])).count() == 1, "It was saved twice."
        to, what = asked[0]
        again = what | {"photo_1": photograph(), "photo_2": photograph()}  # those of before have been read
        assert client.post(to, again).status_code == 302, "No order with a photograph."
        assert len(files(folder)) > len(before), "The photograph is not there."
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchone() == ("ok",), "The database is damaged."
    say("Space again: the page that said so was sent as it was, and is saved; the database is sound.")


def main():
    if os.environ.get("DRILL_DISK") != "mounted":
        os.environ["DRILL_DISK"] = "mounted"
        as_root = [] if os.getuid() == 0 else ["--map-root-user"]
        os.execvp("unshare", ["unshare", "--mount", *as_root, sys.executable, "-m", "tests.drills.disk"])  # noqa: S606
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        folder = Path(name)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", folder], check=False)
        if mounted.returncode:
            raise SystemExit("需要一块小的盘：请用 root 运行。A tmpfs cannot be mounted here: run this as root.")
        try:
            portal = Portal(folder, TRUSTED_ADDRESSES="127.0.0.1", BACKUP_DIR=str(folder / "backups"))
            portal.fill()
            portal.manage("collectstatic", "--noinput", "--verbosity=0")
            os.environ |= portal.environment
            drill(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=False)


if __name__ == "__main__":
    run(main)
