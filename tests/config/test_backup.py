"""A backup holds all there is, nobody reads it without its key, and what is broken is said before it is needed."""

import errno
import json
import os
import sqlite3
import time
from contextlib import closing
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction
from django.utils import timezone

from branches.models import AuditEntry, Division
from config.backups import BackupError, databases, files, making, reading, sealed_file
from config.full_disk import WholeFileStorage, delete_files_without_row
from config.limits import Limit

KEYS = ["b25seS1mb3ItdGhlc2UtdGVzdHMtMDEyMzQ1Njc4OTA=", "YW5vdGhlci1rZXktb2YtdGhlc2UtdGVzdHMtMDEyMzQ="]
CANARY = "金丝雀13974740001"
on_sqlite = pytest.mark.once  # PostgreSQL is backed up and restored by `make drill-restore`


@pytest.fixture
def place(settings, tmp_path, monkeypatch):
    """`place("there")`: a portal in a folder of its own, with nothing in it yet, is the one that commands work on."""

    def move(name):
        folder = tmp_path / name
        folder.mkdir()
        settings.DATA_DIR, settings.BACKUP_DIR, settings.BACKUP_KEYS = folder, tmp_path / "backups", KEYS[:1]
        settings.STORAGES = settings.STORAGES | {
            alias: {"BACKEND": "config.full_disk.WholeFileStorage", "OPTIONS": {"location": folder / inside}}
            for inside, alias in files.STORES.items()
        }
        monkeypatch.setattr(databases, "here", lambda: databases.SQLite(folder / "portal.sqlite3"))
        # the tests' own connection stays as it is
        monkeypatch.setattr(databases, "connection", SimpleNamespace(close=lambda: None))
        return folder

    return move


@pytest.fixture
def portal(place, db):
    """A portal with a few rows and two files."""
    folder = place("here")
    opened(
        folder / "portal.sqlite3",
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE django_session (session_key TEXT)",
        f"INSERT INTO people (name) VALUES ('{CANARY}'), ('画眉鸟')",  # noqa: S608 - our own words
        "INSERT INTO django_session VALUES ('somebody')",
    )
    storages["default"].save("photos/one.webp", ContentFile(b"picture" * 200_000))
    storages["private"].save("orders/two.webp", ContentFile(CANARY.encode()))
    return folder


def opened(path, *statements):
    """What the last statement brings."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        return [database.execute(statement).fetchall() for statement in statements][-1]


@on_sqlite
def test_what_was_there_is_there_again(portal, place):
    path, manifest = making.make()
    assert [found for _, found in making.made()] == [path]
    assert reading.verify(path) == manifest
    there = place("there")
    assert reading.restore(path) == manifest
    assert opened(there / "portal.sqlite3", "SELECT id, name FROM people") == [(1, CANARY), (2, "画眉鸟")]
    assert opened(there / "portal.sqlite3", "SELECT * FROM django_session") == []  # nobody is logged in
    assert {table: told["rows"] for table, told in manifest["tables"].items()} == {"people": 2, "django_session": 0}
    assert {name for name in manifest["files"] if "/" in name} == {"media/photos/one.webp", "private/orders/two.webp"}
    for name in ("media/photos/one.webp", "private/orders/two.webp"):
        assert (there / name).read_bytes() == (portal / name).read_bytes()
    with pytest.raises(BackupError, match="不是空的：数据库里已经有表，文件夹media里已经有文件，文件夹private"):
        reading.restore(path)
    assert not list(there.glob(f"{making.WORKING}*"))


@on_sqlite
def test_nothing_of_it_can_be_read_without_its_key(portal, settings):
    path, manifest = making.make()
    content = path.read_bytes()
    for secret in (CANARY, *settings.BACKUP_KEYS, *settings.FIELD_KEYS, settings.INDEX_KEY):
        assert secret.encode() not in content
        assert secret not in json.dumps(manifest, ensure_ascii=False)
    assert path.stat().st_mode & 0o077 == 0
    settings.BACKUP_KEYS = KEYS[1:]
    with pytest.raises(BackupError, match="BACKUP_KEYS里没有"):
        reading.verify(path)
    settings.BACKUP_KEYS = KEYS[::-1]  # a new key was put in front
    reading.verify(path)
    assert reading.missing_keys(manifest) == []
    settings.FIELD_KEYS = KEYS[:1]
    assert reading.missing_keys(manifest) == ["FIELD_KEYS"]


@pytest.fixture
def sealed(tmp_path):
    """A sealed file of three pieces and a bit."""
    path, content = tmp_path / "sealed", bytes(range(256)) * 4096 * 3 + b"the end"
    with path.open("wb") as file:
        writer = sealed_file.SealedWriter(file, KEYS[0])
        for begin in range(0, len(content), 300_000):
            writer.write(content[begin : begin + 300_000])
        writer.finish()
    return path, content


def read(path):
    with path.open("rb") as file:
        return sealed_file.SealedReader(file, KEYS).read()


def test_a_sealed_file_reads_as_it_was_written(sealed):
    path, content = sealed
    assert read(path) == content


PIECE = sealed_file.PIECE + sealed_file.TAG + 4
HEAD = len(sealed_file.MAGIC) + sealed_file.NAME + sealed_file.SALT
CUTS = (HEAD, HEAD + 2, HEAD + PIECE, HEAD + 3 * PIECE, -1)


@pytest.mark.parametrize("length", CUTS)
def test_a_cut_file_is_found(sealed, length):
    path, _ = sealed
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(BackupError, match=r"缺了一截|坏了"):
        read(path)


@pytest.mark.parametrize("at", [0, 20, 30, HEAD, HEAD + 4, HEAD + PIECE + 500, -1])
def test_a_flipped_byte_is_found(sealed, at):
    path, _ = sealed
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(BackupError):
        read(path)


def test_pieces_that_changed_places_or_were_added_are_found(sealed):
    path, _ = sealed
    content = path.read_bytes()
    pieces = [content[HEAD + PIECE * number : HEAD + PIECE * (number + 1)] for number in range(4)]
    for order in ((1, 0, 2, 3), (0, 2, 3), (0, 1, 2, 3, 3)):
        path.write_bytes(content[:HEAD] + b"".join(pieces[number] for number in order))
        with pytest.raises(BackupError):
            read(path)


@on_sqlite
def test_a_full_disk_leaves_nothing_behind(portal, settings, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sealed_file.SealedWriter, "finish", full)
    with pytest.raises(CommandError, match="磁盘满了") as refused:
        call_command("backup")
    assert refused.value.returncode == 1
    assert [path.name for path in settings.BACKUP_DIR.iterdir()] == [".lock"]
    assert not list(portal.glob(f"{making.WORKING}*"))


def test_a_file_that_did_not_fit_is_taken_away_again(tmp_path):
    class Endless(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"as much as fits"
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        WholeFileStorage(location=tmp_path).save("half.webp", Endless(b"x"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_a_file_whose_row_was_rolled_back_is_deleted(tmp_path):
    storage = WholeFileStorage(location=tmp_path)
    with transaction.atomic():
        storage.save("kept.webp", ContentFile(b"x"))
    with transaction.atomic():
        storage.save("alone.webp", ContentFile(b"x"))
        transaction.set_rollback(True)
    delete_files_without_row()
    assert [path.name for path in tmp_path.iterdir()] == ["kept.webp"]


@on_sqlite
def test_what_a_killed_one_left_is_swept_away(portal, settings):
    old, fresh = portal / f"{making.WORKING}old", portal / f"{making.WORKING}fresh"
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "portal.sqlite3").touch()
    os.utime(old, (0, 0))
    os.utime(fresh, (time.time(),) * 2)  # by the tests' clock
    settings.BACKUP_DIR.mkdir()
    half = settings.BACKUP_DIR / "portal-2026-11-01-000000.part"
    half.touch()
    path, _ = making.make()
    assert (old.exists(), fresh.exists(), half.exists()) == (False, True, False)
    assert [found for _, found in making.made()] == [path]


@on_sqlite
def test_old_ones_go_but_never_the_newest(portal, settings, time_machine, capsys):
    settings.BACKUP_DAYS = 30
    start = timezone.now()
    for day in (0, 20, 40):
        time_machine.move_to(start + timezone.timedelta(days=day))
        call_command("backup")
    assert len(making.made()) == 2
    assert "过期的删掉了" in capsys.readouterr().out
    assert AuditEntry.objects.filter(label="整站备份").count() == 3
    for _, path in making.made():
        path.unlink()
    time_machine.move_to(start)
    call_command("backup")
    time_machine.move_to(start + timezone.timedelta(days=400))
    assert making.forget_old() == []
    call_command("verify_backup", str(making.made()[-1][1]))
    assert "这份备份是好的" in capsys.readouterr().out


def test_without_a_key_there_is_no_backup(settings, tmp_path):
    settings.BACKUP_KEYS, settings.BACKUP_DIR = [], tmp_path
    with pytest.raises(CommandError, match="BACKUP_KEYS"):
        call_command("backup")
    assert list(tmp_path.iterdir()) == []


def test_a_limit_that_cannot_be_counted_is_not_said_to_be_reached(monkeypatch, settings):
    settings.CACHES = settings.CACHES | {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    limit = Limit("of this test", 2, 60)
    assert (limit.take("one"), limit.take("one"), limit.take("one")) == (True, True, False)
    monkeypatch.setattr(caches["default"], "add", lambda *_arguments: False)
    assert limit.take("one") is False
    with pytest.raises(OperationalError):
        limit.take("another")


@pytest.mark.django_db(transaction=True)
def test_tables_are_told_by_all_their_rows():
    """On both databases: a changed row, and one more, make another digest; columns may be chosen."""
    database = databases.here()
    Division.objects.create(name="一", code="1", level=Division.Level.DISTRICT)
    table = Division._meta.db_table
    before = database.tables()[table]
    Division.objects.update(name="二")
    after = database.tables()[table]
    assert (before["rows"], after["rows"]) == (1, 1)
    assert before["sha256"] != after["sha256"]
    only = {table: ["code"]}
    chosen = database.tables(only)
    Division.objects.update(name="三")
    assert database.tables(only) == chosen
