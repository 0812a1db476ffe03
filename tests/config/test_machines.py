"""Several web machines: processes of their own with one database, one Redis and one storage of files between them."""

import io
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from django.core.files.storage import storages as kept_in
from django.db import connection
from django.test import override_settings

from config import file_storage
from config.backups import databases, making, reading
from config.content_version import VERSION_SECONDS, ContentVersion
from config.findings import Level
from tests.activities.town import make_activity, make_town
from tests.config.one_machine import TRIES
from tests.config.watching import level, said

SEATS = 10


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    """The address of a Redis of its own."""
    program, port = shutil.which("redis-server"), free_port()
    if not program:
        pytest.fail("没有找到 Redis is missing: apt install redis-server", pytrace=False)
    options = ("--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(tmp_path_factory.mktemp("redis")))
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)


def wait_for(port):
    for _ in range(100):
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"Nothing answers at {port}.")


class Machine:
    """A process that takes one step when it is told to."""

    def __init__(self, redis, tmp_path, *step):
        database = connection.settings_dict
        address = f"sqlite:///{database['NAME']}"
        if connection.vendor == "postgresql":
            address = f"postgresql://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
        given = {name: os.environ[name] for name in ("PATH", "TESTS_CLOCK_AHEAD")}
        given |= {"ENV_FILE": os.devnull, "DEMO": "1", "DATA_DIR": str(tmp_path)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.clock", "tests.config.one_machine", *map(str, step)],
            env=given | {"CACHE_URL": redis, "DATABASE_URL": address},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def is_ready(self):
        return self.process.stdout.readline() == "ready\n"

    def go(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def said(self):
        answer, _ = self.process.communicate(timeout=60)
        assert self.process.returncode == 0
        return answer.strip()


def both_say(*machines):
    """What machines say that take their steps at once."""
    try:
        for machine in machines:
            assert machine.is_ready()
        for machine in machines:
            machine.go()
        return [machine.said() for machine in machines]
    finally:
        for machine in machines:  # none goes on writing while the next test runs, whatever became of another
            machine.process.kill()
            machine.process.wait()


@pytest.mark.django_db(transaction=True)
def test_locks_limits_and_the_content_version_are_shared(redis, tmp_path):
    activity = make_activity(make_town(), capacity=SEATS)
    seats = both_say(*(Machine(redis, tmp_path, "joined", activity.pk, first) for first in (0, TRIES)))
    assert sum(map(int, seats)) == SEATS == activity.sign_ups.filter(status="confirmed").count()
    assert activity.sign_ups.count() == 2 * TRIES
    times = both_say(*(Machine(redis, tmp_path, "taken", "machines", SEATS) for _ in range(2)))
    assert sum(map(int, times)) == SEATS
    with override_settings(
        CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis}}
    ):
        here = ContentVersion()
        before = here.current()[0]
        (there,) = both_say(Machine(redis, tmp_path, "renewed", activity.home_id))
        here.trusted_until -= VERSION_SECONDS
        assert here.current()[0] == there != before


@pytest.fixture(scope="module")
def s3():
    """`s3(bucket)`: the storages of a new bucket on a server of its own."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - half a second of every process that collects the tests

    server = ThreadedMotoServer("127.0.0.1", free_port())
    server.start()
    host, port = server.get_host_and_port()

    def bucket(name):
        storages = file_storage.storages(f"s3://key:se%2Fcret@{host}:{port}/{name}?tls=0")
        with override_settings(STORAGES=storages):
            kept_in["default"].connection.create_bucket(Bucket=name)
        return storages

    yield bucket
    server.stop()


def test_files_are_kept_in_the_storage_of_the_setting(s3):
    storages = s3("portal")
    assert storages["default"]["OPTIONS"]["secret_key"] == "se/cret"
    with override_settings(STORAGES=storages):
        public, private = kept_in["default"], kept_in["private"]
        name = public.save("photos/a.webp", io.BytesIO(b"a picture"))
        with public.open(name) as file:
            assert file.read() == b"a picture"
        assert public.url(name) == "/media/photos/a.webp"  # a page leads to the portal, which asks who is looking
        assert public.save("photos/a.webp", io.BytesIO(b"another")) != name
        with pytest.raises(FileNotFoundError):
            private.open(name)
        public.delete(name)
        assert not public.exists(name)


def test_the_doctor_tries_the_bucket(s3, monkeypatch):
    assert "文件就在这台机器上" in said("bucket")
    with override_settings(STORAGES=s3("tried")):
        kind, bucket = type(kept_in["default"]), kept_in["default"].bucket
        assert (level("bucket"), said("bucket").count("存得进、读得出、删得掉")) == (Level.FINE, 2)
        assert list(bucket.objects.all()) == []  # nothing stays there
        with monkeypatch.context() as patch:
            patch.setattr(kind, "open", lambda *given: io.BytesIO(b"other"))
            assert (level("bucket"), said("bucket").count("读回来不一样")) == (Level.WRONG, 2)
            patch.setattr(kind, "delete", Mock(side_effect=PermissionError))
            assert "media/ 里试着删一个小文件，没有成（PermissionError）" in said("bucket")
        bucket.objects.delete()
        bucket.delete()
        assert "private/ 里试着存一个小文件，没有成（NoSuchBucket）" in said("bucket")
        assert "se/cret" not in said("bucket")


@pytest.mark.once
@pytest.mark.django_db
def test_files_of_a_shared_storage_are_in_the_backup(s3, settings, tmp_path, monkeypatch):
    settings.DATA_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    settings.BACKUP_KEYS = ["b25seS1mb3ItdGhlc2UtdGVzdHMtMDEyMzQ1Njc4OTA="]
    database = tmp_path / "portal.sqlite3"
    monkeypatch.setattr(databases, "here", lambda: databases.SQLite(database))
    monkeypatch.setattr(databases, "connection", SimpleNamespace(close=lambda: None))
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("CREATE TABLE people (id INTEGER PRIMARY KEY)")
    with override_settings(STORAGES=s3("before")):
        kept_in["default"].save("photos/a.webp", io.BytesIO(b"a picture" * 200_000))
        kept_in["private"].save("orders/b.webp", io.BytesIO(b"another"))
        path, manifest = making.make()
    assert set(manifest["files"]) == {"media/photos/a.webp", "private/orders/b.webp", database.name}
    database.unlink()
    with override_settings(STORAGES=s3("after")):
        reading.restore(path)
        with kept_in["private"].open("orders/b.webp") as file:
            assert file.read() == b"another"


@pytest.mark.parametrize("address", ["s3://host/bucket", "s3://key:secret@host/", "https://key:secret@host/bucket"])
def test_half_an_address_is_refused(address):
    with pytest.raises(ValueError, match=address):
        file_storage.storages(address)
