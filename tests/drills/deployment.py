"""A portal in production in a folder of its own, put there by deploy/release.py as a technician would."""

import io
import os
import re
import subprocess
import sys
import tarfile
from base64 import urlsafe_b64encode

import psycopg

from tests.drills.cluster import ROOT

TELEPHONE = "0731-0000 0001"


def archive(folder, name, changes=()):
    """A release as `git archive` makes it, with the texts of some files changed: {path: (old, new)}."""
    made = folder / f"{name}.tar.gz"
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    changes = dict(changes)
    with tarfile.open(fileobj=io.BytesIO(packed)) as source, tarfile.open(made, "w:gz") as target:
        for member in source:
            content = source.extractfile(member).read() if member.isfile() else b""
            if member.name in changes:
                old, new = changes.pop(member.name)
                assert old in content.decode(), member.name
                content = content.decode().replace(old, new).encode()
                member.size = len(content)
            target.addfile(member, io.BytesIO(content))
    assert not changes
    return made


class Deployment:
    def __init__(self, folder):
        self.folder, self.portal = folder, folder / "portal"
        self.portal.mkdir()
        for name in ("data", "run", "backups"):
            (self.portal / name).mkdir(0o750)
        self.address = os.environ["DATABASE_URL"].rsplit("/", 1)[0].split("@")[1]
        secret = "only-for-this-drill-" * 3
        (self.portal / "portal.env").write_text(
            (ROOT / "deploy/portal.env.example").read_text()
            + f"SECRET_KEY={secret}\nINDEX_KEY={secret}\nFIELD_KEYS={urlsafe_b64encode(os.urandom(32)).decode()}\n"
            f"BACKUP_KEYS={urlsafe_b64encode(os.urandom(32)).decode()}\nBACKUP_DIR={self.portal / 'backups'}\n"
            f"SITE_TELEPHONE={TELEPHONE}\nOPEN_DATA_LICENCE=only-for-this-drill\nDATA_DIR={self.portal / 'data'}\n"
            f"DATABASE_URL=postgresql://portal@{self.address}/portal\n"
        )
        (self.portal / "owner.env").write_text(f"DATABASE_URL=postgresql://portal_owner@{self.address}/portal\n")
        for file in ("portal.env", "owner.env"):
            self._say_once(self.portal / file)

    @staticmethod
    def _say_once(file):
        """What is said twice holds as it is said last, as when a technician fills in the example."""
        lines = {line.partition("=")[0]: line for line in file.read_text().splitlines() if re.match(r"[A-Z_]+=", line)}
        file.write_text("\n".join(lines.values()) + "\n")
        file.chmod(0o600)

    def make_roles(self):
        """By the SQL that a technician runs. The superuser of the cluster has the portal's name: it steps aside."""
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as superuser:
            superuser.execute("CREATE ROLE superuser SUPERUSER LOGIN")
        self.superuser = f"postgresql://superuser@{self.address}/postgres"
        with psycopg.connect(self.superuser, autocommit=True) as superuser:
            superuser.execute("ALTER ROLE portal RENAME TO of_the_cluster")
        files = [f"--file={ROOT / 'deploy/postgresql' / name}.sql" for name in ("roles", "database")]
        subprocess.run(["psql", "--quiet", "--no-psqlrc", self.superuser, *files], check=True)

    def release(self, *arguments, **more):
        command = [sys.executable, ROOT / "deploy/release.py", "--folder", self.portal, *arguments]
        return subprocess.run(command, check=more.pop("check", True), **more)

    def manage(self, *arguments, **more):
        return self.release("manage", *arguments, **more)
