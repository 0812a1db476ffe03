"""A database file in which everything is migrated, made once for all runs with the same migrations.

Migrating from nothing takes as long as hundreds of tests. `manage.py migrate` makes the file, as an installation does;
each process copies it, and Django's own set-up of the test database then looks for whatever is still missing. Run as a
program, it makes the file ahead of the tests.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(sys.prefix, "migrated")
DAYS_KEPT = 2


def copy_to(path):
    """Let a migrated database stand at `path`."""
    shutil.copyfile(made(), path)


def made():
    """The path of the file, which stands from now on."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{_key()}.sqlite3"
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _forget_old_ones()
            _make(path)
        path.touch()
    return path


def _key():
    """What the file depends on: the migrations, the applications, the versions of their packages."""
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    for path in [ROOT / "requirements.txt", *sorted(ROOT.glob("*/migrations/*.py"))]:
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:20]


def _make(made):
    half = made.with_suffix(f".{os.getpid()}")
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "DEMO": "1", "DATA_DIR": settings.DATA_DIR}
    subprocess.run(
        [sys.executable, ROOT / "manage.py", "migrate", "--verbosity=0"],
        env=environment | {"DATABASE_URL": f"sqlite:///{half}"},
        check=True,
    )
    half.rename(made)


def _forget_old_ones():
    for path in FOLDER.iterdir():
        if path.name != "lock" and path.stat().st_mtime < time.time() - DAYS_KEPT * 24 * 60 * 60:
            path.unlink()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    made()
