"""Making a backup: under a name that is no backup's until all of it is on the disk."""

import fcntl
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from branches.sealing import keyed_hash
from config.backups import BackupError, databases, files
from config.backups.sealed_file import SealedWriter
from config.full_disk import is_full

MANIFEST = "manifest.json"
NAME = re.compile(r"portal-(\d{4}-\d\d-\d\d-\d{6})\.backup")
TIME = "%Y-%m-%d-%H%M%S"
WORKING = ".working-"  # begins the name of a folder in DATA_DIR, where the database lies open already
LONG_AGO = timedelta(days=1)  # by then whoever worked there was killed
NO_KEYS = "没有设BACKUP_KEYS，不做没有加密的备份。运行 make field-key，把打印的一行写进 .env，另外抄在纸上。"
FULL = "磁盘满了，没有做成，也没有留下半份。请清出地方，再来一次：{folder}"


def made():
    """The backups that are there, newest last, as (moment, path)."""
    matches = ((NAME.fullmatch(path.name), path) for path in settings.BACKUP_DIR.glob("portal-*.backup"))
    return sorted((_moment(match[1]), path) for match, path in matches if match)


def _moment(text):
    return timezone.make_aware(datetime.strptime(text, TIME))  # noqa: DTZ007 - made aware


def forget_old():
    """Delete the backups of more than BACKUP_DAYS ago, but never the newest; return their names."""
    before = timezone.now() - timedelta(days=settings.BACKUP_DAYS)
    old = [path for at, path in made()[:-1] if at < before]
    for path in old:
        path.unlink()
    return [path.name for path in old]


def make():
    """Make a backup and return (its path, its manifest)."""
    if not settings.BACKUP_KEYS:
        raise BackupError(NO_KEYS)
    folder = settings.BACKUP_DIR
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _alone(folder):
            return _make(folder)
    except (OSError, OperationalError, sqlite3.OperationalError) as error:
        if is_full(error):
            raise BackupError(FULL.format(folder=f"{folder}，{settings.DATA_DIR}")) from error
        raise BackupError(f"备份没有做成，也没有留下半份：{error}") from error


@contextmanager
def _alone(folder):
    """One at a time; what one that was killed has left is swept away."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("另一个备份正在做，这一次没有做。") from None
        for part in folder.glob("*.part"):
            part.unlink()
        for working in settings.DATA_DIR.glob(f"{WORKING}*"):
            if time.time() - working.stat().st_mtime > LONG_AGO.total_seconds():
                shutil.rmtree(working)
        yield


def _make(folder):
    now = timezone.localtime()
    final = folder / f"portal-{now.strftime(TIME)}.backup"
    part = final.with_suffix(".part")
    try:
        with (
            tempfile.TemporaryDirectory(prefix=WORKING, dir=settings.DATA_DIR) as working,
            open(part, "wb", opener=_only_for_owner) as file,
        ):
            manifest = _write(file, Path(working), now)
            file.flush()
            os.fsync(file.fileno())
        part.rename(final)
    finally:
        part.unlink(missing_ok=True)
    _sync(folder)
    return final, manifest


def _write(file, working, now):
    database = databases.here()
    sealed = SealedWriter(file, settings.BACKUP_KEYS[0])
    manifest = about(database, now)
    with tarfile.open(mode="w|gz", fileobj=sealed, compresslevel=6) as archive:
        copy = working / database.file
        manifest["tables"] = database.copy(copy)
        with copy.open("rb") as content:
            manifest["files"] = {database.file: _add(archive, database.file, content)}
        copy.unlink()
        for inside, storage, name in files.listed():
            try:
                content = storage.open(name)
            except FileNotFoundError:  # deleted since it was listed
                continue
            with content:
                manifest["files"][inside] = _add(archive, inside, content)
        told = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        _add(archive, MANIFEST, io.BytesIO(told))
    sealed.finish()
    return manifest


def about(database, now):
    """What a backup says of itself, apart from its contents."""
    return {
        "time": now.isoformat(timespec="seconds"),
        "version": _version(),
        "database": database.vendor,
        "migrations": sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
        "keys": keys(),
    }


def keys():
    """Which keys its contents need, told so that nobody can do anything with it."""
    return {
        "FIELD_KEYS": [hashlib.sha256(f"field key {key}".encode()).hexdigest()[:16] for key in settings.FIELD_KEYS],
        "INDEX_KEY": [keyed_hash("index key", "backup")[:16]],
    }


def _version():
    """The commit, where the portal lies in its repository; else the name of its folder, which is the release's."""
    git = shutil.which("git")
    if git is None or not (settings.BASE_DIR / ".git").exists():
        return settings.BASE_DIR.resolve().name
    asked = [git, "-C", settings.BASE_DIR, "rev-parse", "--short=12", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - fixed words


def _add(archive, name, content):
    """Add an open file to the archive as long as it is now; return its SHA-256."""
    member = tarfile.TarInfo(name)
    member.size = content.seek(0, os.SEEK_END)
    content.seek(0)
    hashing = files.Hashing(content)
    archive.addfile(member, hashing)
    return hashing.hexdigest()


def _only_for_owner(path, flags):
    return os.open(path, flags, 0o600)


def _sync(folder):
    """Have the folder itself, with the new name in it, on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
