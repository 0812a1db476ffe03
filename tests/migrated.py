"""A database in which everything is migrated, made once for all runs with the same migrations.

Migrating from nothing takes as long as dozens of tests. `tests/migrate.py` makes the database, by all the steps of an
installation: on SQLite a file, on PostgreSQL a database of the same cluster. Each process copies it, and Django's own
set-up of the test database then looks for whatever is still missing. Run as a program, it makes it ahead of the tests.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(sys.prefix, "migrated")
KEPT = 3


def copy_to(path):
    """Let a migrated database stand at `path`."""
    shutil.copyfile(made(), path)


def made():
    """The path of the file, which stands from now on."""
    path = FOLDER / f"{_key()}.sqlite3"
    with _one_at_a_time():
        if not path.exists():
            _forget_old_ones()
            half = path.with_suffix(f".{os.getpid()}")
            _migrate(f"sqlite:///{half}")
            half.rename(path)
        path.touch()
    return path


def template():
    """The name of the database on PostgreSQL, which stands from now on."""
    name = f"portal_migrated_{_key()}"
    with _one_at_a_time(), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            half = f"{name}_{os.getpid()}"
            cursor.execute(f"CREATE DATABASE {half}")
            _migrate(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{half}").geturl())
            cursor.execute(f"ALTER DATABASE {half} RENAME TO {name}")
    return name


@contextmanager
def _one_at_a_time():
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _key():
    """What the file depends on: the migrations, the applications, the versions of their packages."""
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    for path in [ROOT / "requirements.txt", ROOT / "tests/migrate.py", *sorted(ROOT.glob("*/migrations/*.py"))]:
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:20]


def _migrate(url):
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "DEMO": "1", "DATA_DIR": settings.DATA_DIR}
    subprocess.run(
        [sys.executable, "-m", "tests.migrate"],
        cwd=ROOT,
        env=environment | {"DATABASE_URL": url},
        check=True,
    )


def _forget_old_ones():
    for path in sorted(FOLDER.glob("*.sqlite3*"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        path.unlink()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    made()
