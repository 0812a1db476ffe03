"""A PostgreSQL cluster of a drill's own, with real syncing, on a free port; and the commands of the documentation."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MISSING = (
    "没有找到 PostgreSQL，请先安装：apt install postgresql。PostgreSQL (15 or newer) is missing: apt install postgresql"
)


def programs():
    """The folder of the newest PostgreSQL."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not folders:
        raise SystemExit(MISSING)
    return folders[-1]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def owner():
    """Keywords for subprocess: the server refuses to run as root."""
    if os.getuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


class Cluster:
    """A cluster in a folder, which is made unless there is one."""

    def __init__(self, folder, *, options=""):
        self.folder, self.port, self.options = Path(folder), free_port(), options
        self.environment = {
            "PATH": f"{programs()}:{os.environ['PATH']}", "PGHOST": "127.0.0.1", "PGPORT": str(self.port),
            "PGUSER": "portal",
        }  # fmt: skip
        if not self.folder.exists():
            self.run("initdb", f"--pgdata={self.folder}", "--username=portal", "--auth=trust", "--encoding=UTF8",
                     "--locale=C.UTF-8")  # fmt: skip

    def start(self):
        listening = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories= {self.options}"
        self.run("pg_ctl", "-D", self.folder, "-w", "-t", "120", "-l", f"{self.folder}.log", "-o", listening, "start")

    def copied_to(self, folder):
        """Another cluster, which follows this one as its streaming copy."""
        self.run("pg_basebackup", f"--pgdata={folder}", "--write-recovery-conf", "--checkpoint=fast")
        return Cluster(folder)

    def is_up(self, within=20):
        """Whether it takes connections, or does so again within some seconds."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            with suppress(subprocess.CalledProcessError):
                return self.ask("SELECT 'yes'") == "yes"
            time.sleep(0.2)
        return False

    def crash(self):
        """End it at once: whatever it has not written to its log is lost."""
        self.run("pg_ctl", "-D", self.folder, "-m", "immediate", "stop")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        if (self.folder / "postmaster.pid").exists():  # one whose disk was full may be down
            self.crash()

    def run(self, program, *arguments):
        ran = subprocess.run(
            [programs() / program, *arguments], cwd="/", env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, **owner(),
        )  # fmt: skip
        if ran.returncode:
            log = Path(f"{self.folder}.log")
            raise SystemExit(f"{program}: {ran.stderr}\n{log.read_text() if log.exists() else ''}")

    def ask(self, sql, database="postgres"):
        asked = ["psql", "-XAtq", "-d", database, "-c", sql]
        return subprocess.run(
            asked, env=self.environment, capture_output=True, text=True, check=True, cwd="/"
        ).stdout.strip()

    def url(self, database):
        return f"postgresql://portal@127.0.0.1:{self.port}/{database}"


def commands(document, heading):
    """The shell commands that stand below a heading of a document, as a technician would copy them."""
    text = (ROOT / document).read_text()
    part = re.search(rf"^### {heading}$(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    blocks = re.findall(r"^```sh\n(.*?)^```", part[1], re.MULTILINE | re.DOTALL) if part else []
    if not blocks:
        raise SystemExit(f"{document} has no commands below {heading}.")
    return "".join(blocks)


def folder_for_both(path):
    """A folder in which the server's account may work too."""
    path.mkdir()
    if os.getuid() == 0:
        shutil.chown(path, "postgres", "postgres")
        path.chmod(0o755)
    return path
