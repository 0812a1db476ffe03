"""Reading a backup: checking all of it, and putting it into an empty place."""

import json
import sqlite3
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from config.backups import BackupError, databases, files
from config.backups.making import MANIFEST, WORKING, keys
from config.backups.sealed_file import SealedReader
from config.full_disk import is_full

KINDS = {kind.vendor: kind for kind in (databases.SQLite, databases.PostgreSQL)}
NOT_EMPTY = "这里不是空的：{what}。恢复从不覆盖什么，请先照 docs/backup.md 准备一个空的地方。"
FULL = "磁盘满了，没有做成。请清出地方；如果正在恢复，把放了一半的也清空，再来一次：{folder}"
OTHER_DATABASE = "这份备份来自{kept}，这里用的是{here}。恢复要用同一种数据库，请改DATABASE_URL。"


def verify(path):
    """Read the whole backup and return its manifest; raise where anything in it is not as it was."""
    with _working() as working:
        return _verified(path, working)


def restore(path):
    """Check a backup, put it into this portal's empty place, compare again; return its manifest."""
    database = databases.here()
    _refuse_unless_empty(database)
    with _working() as working:
        manifest = _verified(path, working)
        if manifest["database"] != database.vendor:
            raise BackupError(OTHER_DATABASE.format(kept=manifest["database"], here=database.vendor))
        for member, content in _members(path):
            if member.name in manifest["files"] and member.name != database.file:
                files.put_back(member.name, content)
        database.load(working / database.file)  # last: a portal without its database is still an empty place
    database.check(manifest["tables"])
    _compare_files(manifest["files"], files.sha256_of_all() | {database.file: manifest["files"][database.file]})
    return manifest


def missing_keys(manifest):
    """The names of settings that do not hold the keys which the contents of a backup need."""
    here = keys()
    return [name for name, needed in manifest["keys"].items() if not set(needed) <= set(here[name])]


def _refuse_unless_empty(database):
    full = ["数据库里已经有表"] if not database.is_empty() else []
    full += sorted({f"文件夹{inside.partition('/')[0]}里已经有文件" for inside, _, _ in files.listed()})
    if full:
        raise BackupError(NOT_EMPTY.format(what="，".join(full)))


def _verified(path, working):
    """The manifest, all of which was compared; the database's copy stands in `working` then."""
    found, manifest, names = {}, None, {kind.file for kind in KINDS.values()}
    for member, content in _members(path):
        if member.name == MANIFEST:
            manifest = json.load(content)
        elif member.name in names:
            with (working / member.name).open("wb") as copy:
                hashing = files.Hashing(content)
                while piece := hashing.read(files.PIECE):
                    copy.write(piece)
            found[member.name] = hashing.hexdigest()
        else:
            found[member.name] = files.sha256(content)
    if manifest is None:
        raise BackupError("里面没有清单。请换一份。")
    _compare_files(manifest["files"], found)
    KINDS[manifest["database"]].read(working / KINDS[manifest["database"]].file, manifest["tables"])
    return manifest


def _compare_files(expected, found):
    wrong = sorted(name for name in expected.keys() | found if expected.get(name) != found.get(name))
    if wrong:
        raise BackupError(f"文件对不上：{'、'.join(wrong[:10])}{'……' if wrong[10:] else ''}（一共{len(wrong)}个）。")


def _members(path):
    """(member, its content) of everything in a backup, in its order; the file is then read to its very end."""
    with Path(path).open("rb") as file:
        opened = SealedReader(file, settings.BACKUP_KEYS)
        with tarfile.open(mode="r|gz", fileobj=opened) as archive:
            for member in archive:
                yield member, archive.extractfile(member)
        while opened.read(files.PIECE):
            pass


@contextmanager
def _working():
    """A folder beside the database, for its copy; what a full disk or a broken database says, in a sentence."""
    try:
        with tempfile.TemporaryDirectory(prefix=WORKING, dir=settings.DATA_DIR) as working:
            yield Path(working)
    except (OSError, DatabaseError, sqlite3.Error) as error:
        if is_full(error):
            raise BackupError(FULL.format(folder=settings.DATA_DIR)) from error
        raise BackupError(f"没有做成：{error}") from error
