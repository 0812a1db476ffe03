#!/usr/bin/env python3
"""Install, upgrade, restart and roll back the portal on one machine, without losing a request: docs/deploy.md.

    python3 release.py install portal-1.2.tar.gz

The portal runs in one of two slots, a and b. What comes next starts in the other one, at a Unix socket of its own; when
it answers, the link `run/live.sock`, at which nginx asks, is turned to it, and the old one ends what it has begun. With
systemd a slot is the unit portal@a or portal@b, else a process started here. Why: docs/decisions/0020-deployment.md.
"""

import argparse
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import time
from pathlib import Path

START_SECONDS, STOP_SECONDS = 120, 40  # gunicorn ends after 30 at the latest
OTHER = {"a": "b", "b": "a", None: "a"}
WITH_SYSTEMD = Path("/run/systemd/system").exists() and Path("/etc/systemd/system/portal@.service").exists()
INHERITED = ("PATH", "HOME", "LANG")  # a DEMO=1 of somebody's shell must not get in


def say(words):
    print(words, flush=True)


class Portal:
    """The folder of a portal: releases, slots, run, data, the links `current` and `previous`, two files of settings."""

    def __init__(self, folder):
        self.folder = folder
        self.run, self.data = folder / "run", folder / "data"
        self.settings, self.owner = folder / "portal.env", folder / "owner.env"
        self.current, self.previous = folder / "current", folder / "previous"
        self.live_link = self.run / "live.sock"
        for needed in (self.run, self.data, self.settings):
            if not needed.exists():
                sys.exit(f"没有 {needed}：请先做 docs/deploy.md 的第三步。It is missing: docs/deploy.md, step 3.")
        (folder / "releases").mkdir(exist_ok=True)
        (folder / "slots").mkdir(exist_ok=True)

    # --- what it consists of -----------------------------------------------------------------------------------------
    @property
    def live(self):
        """The slot in use, or None before the first release."""
        return self.live_link.readlink().stem if self.live_link.is_symlink() else None

    def release_in(self, slot):
        return (self.folder / "slots" / slot).resolve()

    def manage(self, release, *arguments, owner=False):
        """Run manage.py of a release: as whoever the data belong to, or with the role that owns the database."""
        run_by, database = self.identity(), {}
        if owner and self.owner.exists():
            run_by, database = {}, {"DATABASE_URL": read(self.owner, "DATABASE_URL")}
        command = [".venv/bin/python", "manage.py", *arguments]
        if subprocess.run(command, cwd=release, env=environment() | database, **run_by, check=False).returncode:
            sys.exit(f"没有办成 failed: manage.py {' '.join(arguments)}")

    def identity(self):
        """Who runs the portal: the owner of its data, where root may choose."""
        if os.getuid():
            return {}
        owner = self.data.stat()
        return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}

    # --- slots -------------------------------------------------------------------------------------------------------
    def start(self, slot):
        """Start it, and return whether it answers before long."""
        if WITH_SYSTEMD:
            subprocess.run(["systemctl", "start", f"portal@{slot}"], check=False)
            return wait_until(lambda: self.answers(slot), START_SECONDS)
        if self.process(slot) is None:
            (self.run / f"{slot}.pid").unlink(missing_ok=True)  # of before the machine went down
        gunicorn = [".venv/bin/python", "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
        at = ["--bind", f"unix:{self.run / slot}.sock", "--pid", f"{self.run / slot}.pid"]
        with (self.folder / "portal.log").open("ab") as log:
            started = subprocess.Popen(
                gunicorn + at, cwd=self.folder / "slots" / slot, env=environment(), **self.identity(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        wait_until(lambda: self.answers(slot) or started.poll() is not None, START_SECONDS)
        return self.answers(slot)

    def stop(self, slot):
        """Let it end what it has begun; return when it has."""
        if WITH_SYSTEMD:
            systemctl("stop", f"portal@{slot}")
        elif process := self.process(slot):
            os.kill(process, signal.SIGTERM)
            if not wait_until(lambda: not self.process(slot), STOP_SECONDS):
                sys.exit(f"{slot}（进程 {process}）没有停下来。Slot {slot} did not stop.")

    def process(self, slot):
        """The process of a slot that this script started, or None."""
        try:
            process = int((self.run / f"{slot}.pid").read_text())
            command = Path(f"/proc/{process}/cmdline").read_bytes()
        except (FileNotFoundError, ValueError):
            return None
        return process if b"gunicorn" in command else None  # the number may have gone to another

    def answers(self, slot, path="/readyz"):
        """Whether the portal in this slot answers that it is well."""
        host = read(self.settings, "ALLOWED_HOSTS").split(",")[0].strip().lstrip(".")
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(STOP_SECONDS)
            try:
                asking.connect(str(self.run / f"{slot}.sock"))
                asking.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
                return asking.makefile("rb").readline().split()[1:2] == [b"200"]
            except OSError:
                return False

    # --- releases ----------------------------------------------------------------------------------------------------
    def install(self, archive):
        """A release out of what `git archive` made; the one in use goes on serving until the last step."""
        release = self.folder / "releases" / archive.name.removesuffix(".gz").removesuffix(".tar")
        if self.live and release == self.release_in(self.live):
            sys.exit(f"{release.name} 正在运行。重新启动用 restart。It is the one in use; to start it anew: restart.")
        say(f"1/5 {release.name}：解开，安装依赖 unpacking, installing what it needs")
        shutil.rmtree(release, ignore_errors=True)  # of an attempt that was interrupted
        with tarfile.open(archive) as packed:
            packed.extractall(release, filter="data")
        (release / ".env").symlink_to(self.settings)
        subprocess.run(["make", "--silent", "-C", release, "installed"], check=True)
        subprocess.run([".venv/bin/python", "-m", "compileall", "-qq", "-x", r"/\.venv/", "."], cwd=release, check=True)
        say("2/5 检查设置 checking the settings")
        self.check(release)
        say("3/5 升级数据库 migrating")
        self.manage(release, "createcachetable", owner=True)
        self.manage(release, "migrate", "--no-input", "--verbosity", "0", owner=True)
        if self.owner.exists():
            self.manage(release, "dbshell", "--", "--quiet", "--file", "deploy/postgresql/grants.sql", owner=True)
        say("4/5 静态文件，第一次的数据 static files, the data an empty portal starts with")
        self.manage(release, "prepare")
        self.manage(release, "write_trouble_pages")
        say("5/5 换上去 turning to it")
        self.turn_to(release)

    def turn_to(self, release):
        """Serve this release, in the other slot; the one in use goes on until the new one is well."""
        old, new = self.live, OTHER[self.live]
        self.stop(new)  # what an interrupted attempt left behind
        link(self.folder / "slots" / new, release)
        if not self.start(new):
            self.stop(new)
            if old:
                self.manage(self.release_in(old), "collectstatic", "--no-input", "--verbosity", "0")
            log = f"journalctl -u portal@{new}" if WITH_SYSTEMD else self.folder / "portal.log"
            sys.exit(
                f"{release.name} 没有起来，原来的接着运行。It does not answer; the old one goes on. 日志 log: {log}"
            )
        link(self.live_link, Path(f"{new}.sock"))
        if self.current.is_symlink() and self.current.resolve() != release:
            link(self.previous, self.current.resolve())
        link(self.current, release)
        if old:
            # whoever asked the old one before the link was turned stands before this question in its queue
            self.answers(old, "/healthz")
            self.stop(old)
        if WITH_SYSTEMD:
            systemctl("enable", "--quiet", f"portal@{new}")
            systemctl("disable", "--quiet", f"portal@{OTHER[new]}")
        for other in (self.folder / "releases").iterdir():
            if other not in {release, self.previous.resolve()}:
                shutil.rmtree(other)
        say(f"{release.name} 在运行 is in use ({new})")

    def start_again(self):
        """After the machine was started, where systemd does not do it."""
        if self.live and not self.answers(self.live) and not self.start(self.live):
            sys.exit(f"没有起来。It does not answer. 日志 log: {self.folder / 'portal.log'}")

    def check(self, release):
        """Refuse an unsafe production."""
        self.manage(release, "check", "--deploy", "--fail-level", "WARNING")

    def restart(self):
        release = self.current.resolve()
        self.check(release)
        self.turn_to(release)

    def roll_back(self):
        """The release before, with its files; the database stays as it is (docs/deploy.md says when that is enough)."""
        if not self.previous.exists():
            sys.exit("没有上一个版本。There is no release before this one.")
        release = self.previous.resolve()
        self.manage(release, "collectstatic", "--no-input", "--verbosity", "0")
        self.manage(release, "write_trouble_pages")
        self.turn_to(release)

    def status(self):
        for name in ("current", "previous"):
            folder = self.folder / name
            say(f"{name}: {folder.resolve().name if folder.exists() else '-'}")
        say(f"slot: {self.live or '-'}, {'answers' if self.live and self.answers(self.live) else 'does not answer'}")


def environment():
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


def read(file, name):
    """The value of a line of a file that django-environ reads."""
    found = re.search(rf"^{name}=['\"]?(.*?)['\"]?\s*$", file.read_text(), re.MULTILINE)
    return found[1] if found else sys.exit(f"{file} 里没有 {name}。{name} is missing in it.")


def link(place, target):
    """Turn a link, at one moment."""
    new = place.with_name(f"{place.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(place)


def systemctl(*arguments):
    subprocess.run(["systemctl", *arguments], check=True)


def wait_until(true, seconds):
    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            return False
        time.sleep(0.1)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path("/srv/portal"), help="where the portal lives (/srv/portal)")
    tasks = parser.add_subparsers(dest="task", required=True)
    tasks.add_parser("install", help="装上一个版本 a new release").add_argument("archive", type=Path)
    tasks.add_parser("restart", help="重新启动，不断线 anew, for changed settings")
    tasks.add_parser("rollback", help="退回上一个版本 the release before")
    tasks.add_parser("start", help="机器重启以后 after the machine was started, without systemd")
    tasks.add_parser("stop", help="停下 stop; nginx shows a page meanwhile")
    tasks.add_parser("status", help="哪个版本在运行 which release is in use")
    for name, words in (("manage", "manage.py …"), ("owner", "manage.py … 用数据库所有者的账号 as who migrates")):
        tasks.add_parser(name, help=words).add_argument("arguments", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    if sys.version_info < (3, 12):  # noqa: UP036 - Debian's own may be older, and this file is no part of a package
        sys.exit("请用 Python 3.12 或更新的版本运行。Run it with Python 3.12 or newer: docs/deploy.md, step 1.")
    os.umask(0o022)
    portal = Portal(asked.folder.resolve())
    if asked.task in {"manage", "owner"}:
        portal.manage(portal.current.resolve(), *asked.arguments, owner=asked.task == "owner")
    elif asked.task == "status":
        portal.status()
    else:
        with (portal.folder / "slots" / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # one after the other
            match asked.task:
                case "install":
                    portal.install(asked.archive)
                case "restart":
                    portal.restart()
                case "rollback":
                    portal.roll_back()
                case "start":
                    portal.start_again()
                case "stop" if portal.live:
                    portal.stop(portal.live)


if __name__ == "__main__":
    main()
