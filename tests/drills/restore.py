"""Whether a backup made under load comes back by docs/backup.md alone: `make drill-restore` (DRILL_SIZE=real).

`python -m tests.drills.restore postgresql` drills one of the two alone.

On SQLite and PostgreSQL: samples, somebody who keeps writing, `backup`, then the documentation's own commands in an
empty place; counts, digests and files are compared with the original. On PostgreSQL also the way back to a named
minute. Prints sizes and seconds; ends with 1 where anything differs.
"""

import hashlib
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from tests.drills.cluster import Cluster, commands, folder_for_both
from tests.drills.portal import ROOT, Portal, on_each, run, say

DOCUMENT = "docs/backup.md"
WRITTEN_SINCE = {"branches_auditentry", "branches_audithead", "portal_cache", "django_session"}
DATABASE = "portal_restored"  # as the documentation names it
RTO, RPO = 30 * 60, 5 * 60  # seconds


def files(folder):
    """{name: SHA-256} of what people have uploaded."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for part in ("media", "private")
        for path in sorted((folder / part).rglob("*"))
        if path.is_file()
    }


def follow(heading, environment):
    """Run what stands below a heading of the documentation, word by word."""
    ran = subprocess.run(
        ["sh", "-eu"], input=commands(DOCUMENT, heading), cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if ran.returncode:
        raise SystemExit(f"The commands below {heading} of {DOCUMENT} fail:\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def told(writer, more):
    """Read until `more` further entries were acknowledged; return (number, moment) of the last one."""
    for _ in range(more):
        line = writer.stdout.readline()
    number, at = line.split()
    return int(number), float(at)


def back_up_and_restore(here, there, heading, environment):
    """Back up `here` under load, restore into `there`; raise where they differ."""
    writer = here.writer()
    try:
        before, _ = told(writer, 20)
        began = time.monotonic()
        here.manage("backup")
        took = time.monotonic() - began
        writer.terminate()
        *_, last = writer.stdout.read().splitlines()
        assert int(last.split()[0]) > before, "Nobody could write while the backup was made."
    finally:
        writer.kill()
        writer.wait()
    (backup,) = Path(here.environment["BACKUP_DIR"]).glob("portal-*.backup")
    began = time.monotonic()
    follow(heading, there.environment | environment | {"BACKUP": str(backup)})
    restored = time.monotonic() - began
    original, again = here.tables(), there.tables()
    differ = [table for table in original if table not in WRITTEN_SINCE and original[table] != again.get(table)]
    assert not differ, f"These tables differ: {differ}"
    kept = again["branches_auditentry"]["rows"] - 1  # the one that `restore` wrote
    assert before <= kept <= int(last.split()[0]), f"{kept} entries came back, of {before} to {last}"
    old, new = files(here.folder), files(there.folder)
    assert all(old.get(name) == digest for name, digest in new.items()), "A file came back changed."
    gone = [name for name in old.keys() - new if "drill-" not in name]
    assert not gone, f"These files did not come back: {gone}"
    rows = sum(table["rows"] for table in again.values())
    say(
        f"{heading}: {len(again)} tables, {rows} rows, {len(new)} files; backup {backup.stat().st_size / 1e6:.1f} MB "
        f"in {took:.0f} s with {int(last.split()[0]) - before} writes meanwhile; by {DOCUMENT} back in "
        f"{restored:.0f} s (RTO ≤ {RTO} s); RPO: what was written since the last backup, a day at most"
    )
    assert restored < RTO


def named_minute(cluster, here, folder, wal):
    """Write, remember the moment, write on; go back to that moment by the documentation."""
    base, data = folder / "base", folder / "data"
    as_server = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

    def follow_as_server(heading, **names):
        script = commands(DOCUMENT, heading)
        environment = cluster.environment | {name: str(value) for name, value in names.items()}
        subprocess.run([*as_server, "sh", "-eu"], input=script, env=environment, cwd="/", text=True, check=True)

    follow_as_server("底本", BASE=base)
    writer = here.writer()
    try:
        number, _ = told(writer, 20)
        minute = cluster.ask("SELECT clock_timestamp()", "portal")
        last, _ = told(writer, 20)
    finally:
        writer.kill()
        writer.wait()
    name = cluster.ask("SELECT pg_walfile_name(pg_current_wal_lsn())", "portal")
    began = time.monotonic()
    cluster.ask("SELECT pg_switch_wal()", "portal")
    while not (wal / name).exists():
        if time.monotonic() - began > RPO:
            raise SystemExit("The log was not archived.")
        time.sleep(0.2)
    archived = time.monotonic() - began
    began = time.monotonic()
    follow_as_server("回到那一分钟", BASE=base, PGDATA=data, WAL=wal, MINUTE=minute)
    with Cluster(data) as back:
        while back.ask("SELECT pg_is_in_recovery()") == "t":
            time.sleep(0.2)
        newest = int(back.ask("SELECT max(number) FROM branches_auditentry", "portal"))
        before = f"at < timestamptz '{minute}' - interval '1 second'"
        missing = f"SELECT count(*) FROM branches_auditentry WHERE number > {newest} AND {before}"  # noqa: S608 - ours
        wrong = cluster.ask(missing, "portal")
    assert number <= newest < last, f"Back at entry {newest}, not between {number} and {last}."
    assert wrong == "0", f"{wrong} entries of before {minute} are missing."
    say(
        f"PostgreSQL, back to {datetime.fromisoformat(minute):%H:%M:%S}: entry {newest} of {last}, in "
        f"{time.monotonic() - began:.0f} s; the log was archived {archived:.1f} s after its switch, which "
        f"archive_timeout makes every {RPO} s at most (RPO)"
    )


def on_sqlite(top):
    here, there = Portal(top / "here"), Portal(top / "there")
    here.fill()
    back_up_and_restore(here, there, "SQLite", {})


def on_postgresql(top):
    folder = folder_for_both(top / "postgresql")
    wal = folder_for_both(folder / "wal")
    options = f"-c archive_mode=on -c archive_command='test ! -f {wal}/%f && cp %p {wal}/%f'"
    with Cluster(folder / "cluster", options=options) as cluster:
        cluster.ask("CREATE DATABASE portal")
        here = Portal(top / "here-pg", cluster.url("portal"))
        there = Portal(top / "there-pg", cluster.url(DATABASE))
        here.fill()
        server = {name: cluster.environment[name] for name in ("PATH", "PGHOST", "PGPORT", "PGUSER")}
        back_up_and_restore(here, there, "PostgreSQL", server)
        named_minute(cluster, here, folder, wal)


def main(*databases):
    on_each((on_sqlite, on_postgresql), databases)
    say("All of it came back.")


if __name__ == "__main__":
    run(main, *sys.argv[1:])
