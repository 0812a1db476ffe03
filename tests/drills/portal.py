"""A portal in a folder of a drill's own: its commands, its sample data, somebody who keeps writing."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.drills.cluster import Cluster, folder_for_both

ROOT = Path(__file__).resolve().parents[2]
REAL = os.environ.get("DRILL_SIZE") == "real"  # the whole demo, 6,995 members, in place of a small one

SAMPLES = "import django; django.setup(); from tests.stage import load_samples; load_samples()"
MIGRATED = "import sys, django; django.setup(); from tests.migrated import copy_to; copy_to(sys.argv[1])"
TABLES = "import django, json; django.setup(); from config.backups import databases; print(json.dumps(databases.here().tables()))"  # noqa: E501
WRITER = """
import django, sys, time; django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from branches import audit
number = 0
while True:
    with transaction.atomic():
        entry = audit.record(audit.Action.EXPORT, label="演练", reason="drill")
        if number % 10 == 0:
            storages["private"].save(f"orders/drill-{number}.bin", ContentFile(entry.digest.encode() * 500))
    number += 1
    print(entry.number, entry.at.timestamp(), flush=True)
"""


def run(main, *arguments):
    """Run a drill to its end, or say in a sentence what failed. One that is told to stop leaves nothing running."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        main(*arguments)
    except AssertionError as error:
        raise SystemExit(f"FAILED: {error}") from error


def on_each(drills, databases):
    """Take the drills `on_<database>`, each with a folder of its own, of these databases or all; what each returned."""
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        top = Path(name)
        top.chmod(0o755)  # the server's account has to pass
        return [drill(top) for drill in drills if not databases or drill.__name__.removeprefix("on_") in databases]


def on_both(drill, databases, **settings):
    """Take `drill(name, portal)` on SQLite and on a PostgreSQL of its own, or on those named; what each returned."""

    def on_sqlite(top):
        return drill("SQLite", Portal(top / "sqlite", **settings))

    def on_postgresql(top):
        with Cluster(folder_for_both(top / "postgresql") / "cluster") as cluster:
            cluster.ask("CREATE DATABASE portal")
            return drill("PostgreSQL", Portal(top / "portal", cluster.url("portal"), **settings))

    return on_each((on_sqlite, on_postgresql), databases)


def say(words):
    """Print a line at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


class Portal:
    """Its DATA_DIR and its database."""

    def __init__(self, folder, url="", **environment):
        self.folder = Path(folder)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "ENV_FILE": os.devnull, "DEMO": "1",
            "SECRET_KEY": "drill", "DATA_DIR": str(folder), "BACKUP_DIR": f"{folder}-backups",
            "DJANGO_SETTINGS_MODULE": "config.settings", **({"DATABASE_URL": url} if url else {}), **environment,
        }  # fmt: skip

    def python(self, *arguments, check=True):
        ran = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if check and ran.returncode:
            raise SystemExit(f"{' '.join(arguments)[:200]}\n{ran.stdout}{ran.stderr}")
        return ran

    def manage(self, *arguments, check=True):
        return self.python("manage.py", *arguments, check=check)

    def migrate(self):
        """Make the tables, with nothing in them."""
        if "DATABASE_URL" not in self.environment:  # what the tests keep for every run, or make now
            self.folder.mkdir(exist_ok=True)
            self.python("-c", MIGRATED, str(self.folder / "portal.sqlite3"))
        self.manage("createcachetable")
        self.manage("migrate", "--verbosity=0")

    def fill(self):
        """Migrate and load the samples."""
        if REAL:
            return self.manage("prepare")
        self.migrate()
        return self.python("-c", SAMPLES)

    def tables(self):
        return json.loads(self.python("-c", TABLES).stdout)

    def writer(self):
        """A program that writes one entry and then says so, again and again."""
        return subprocess.Popen(
            [sys.executable, "-c", WRITER], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True
        )
