"""The database of a backup: copied while others write, told by counts and digests, put into an empty place.

A table's digest is the sum of its rows' SHA-256, so that it does not depend on their order. It is taken of the very
state that is copied: on SQLite of the copy, on PostgreSQL in the snapshot that `pg_dump` reads.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.utils import ConnectionHandler

from config.backups import BackupError

CHUNK = 2000  # rows


def left_out():
    """Tables that are copied empty: who is logged in, and what is only remembered for a while."""
    return {"django_session", settings.CACHES["default"].get("LOCATION")}


def here():
    """The database of this portal."""
    return SQLite(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else PostgreSQL()


def digest(rows):
    """(count, hex digest) of rows, each as text that says all of it."""
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(row.encode("utf-8", "surrogatepass")).digest())
    return {"rows": count, "sha256": f"{total % 2**256:064x}"}


class SQLite:
    """A database in a file."""

    vendor, file = "sqlite", "portal.sqlite3"

    def __init__(self, path):
        self.path = Path(path)

    def copy(self, path):
        """Copy all that is committed to `path`, in one step that holds nobody up; return the tables' digests."""
        with self._opened() as source, closing(sqlite3.connect(path, isolation_level=None)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # all of it in one file
            there = self._columns(copy)
            for table in left_out() & there.keys():
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of ours
            return self._digests(copy, there)

    def tables(self, columns=None):
        """The tables' digests; `columns` of each, all by default."""
        with self._opened() as database:
            return self._digests(database, columns or self._columns(database))

    def columns(self):
        with self._opened() as database:
            return self._columns(database)

    def check(self, tables):
        """Raise unless the file is sound and holds these tables."""
        with self._opened() as database:
            if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupError("里面的数据库不完好（integrity_check）。请换一份。")
            if database.execute("PRAGMA foreign_key_check").fetchone():
                raise BackupError("里面的数据库有对不上的引用（foreign_key_check）。请换一份。")
            compare(tables, self._digests(database, self._columns(database)))

    @classmethod
    def read(cls, path, tables):
        """Raise unless a copy is sound and holds these tables."""
        cls(path).check(tables)

    def is_empty(self):
        return not self.path.exists() or not self.columns()

    def load(self, path):
        connection.close()
        part = self.path.with_name(f"{self.path.name}.restoring")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, part)
            with part.open("rb") as file:
                os.fsync(file.fileno())
            for rest in ("-wal", "-shm"):  # of the empty file that looking for tables has made
                self.path.with_name(self.path.name + rest).unlink(missing_ok=True)
            part.rename(self.path)
        finally:
            part.unlink(missing_ok=True)

    @contextmanager
    def _opened(self):
        """A connection of its own, which knows the functions that Django's constraints ask for."""
        engine = {"ENGINE": "django.db.backends.sqlite3", "NAME": self.path, "OPTIONS": {"detect_types": 0}}
        opened = ConnectionHandler({"default": engine})["default"]
        opened.ensure_connection()
        try:
            yield opened.connection
        finally:
            opened.close()

    @staticmethod
    def _columns(database):
        names = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
            " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        )
        return {
            name: sorted(row[1] for row in database.execute(f'PRAGMA table_info("{name}")'))
            for (name,) in names.fetchall()
        }

    @staticmethod
    def _digests(database, columns):
        def rows(table):
            listed = ", ".join(f'"{column}"' for column in columns[table])
            return map(repr, database.execute(f'SELECT {listed} FROM "{table}"'))  # noqa: S608 - names of the database's

        return {table: digest(rows(table)) for table in columns}


class PostgreSQL:
    """The database of the settings, by PostgreSQL's own programs."""

    vendor, file = "postgresql", "portal.dump"

    def copy(self, path):
        """Dump to `path`; return the digests of the tables as they stand in the dump."""
        empty = left_out()
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            self._run(
                "pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--schema=public",
                f"--snapshot={snapshot}", f"--file={path}",
                *(f"--exclude-table-data={table}" for table in empty if table),
            )  # fmt: skip
            tables = self.tables()
        return tables | {table: digest([]) for table in empty & tables.keys()}

    def tables(self, columns=None):
        return {table: digest(self._rows(table, names)) for table, names in (columns or self.columns()).items()}

    def columns(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_name, array_agg(column_name::text ORDER BY column_name) FROM information_schema.columns"
                " JOIN information_schema.tables USING (table_schema, table_name)"
                " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' GROUP BY 1 ORDER BY 1"
            )
            return dict(cursor.fetchall())

    def check(self, tables):
        """Raise unless the database holds these tables."""
        compare(tables, self.tables())

    def is_empty(self):
        return not self.columns()

    def load(self, path):
        # the schema is there already, in an empty database as in any
        listed = self._run("pg_restore", "--list", str(path))
        chosen = path.with_suffix(".list")
        about_schema = (" SCHEMA - public ", " COMMENT - SCHEMA public ")
        chosen.write_text("".join(line for line in listed.splitlines(True) if not any(map(line.count, about_schema))))
        self._run(
            "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
            f"--use-list={chosen}", f"--dbname={connection.settings_dict['NAME']}", str(path),
        )  # fmt: skip

    @classmethod
    def read(cls, path, tables):
        """Raise unless a dump can be read to its end; its tables can be told only once it is in a database."""
        cls._run("pg_restore", "--file=/dev/null", str(path))

    @staticmethod
    def _rows(table, columns):
        listed = ", ".join(f'"{column}"' for column in columns)
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(f'SELECT ROW({listed})::text FROM "{table}"')  # noqa: S608 - names of the database's
            while rows := cursor.fetchmany(CHUNK):
                yield from (row for (row,) in rows)

    @staticmethod
    def _run(program, *arguments):
        """Run a program of the server's own version with the connection's settings; return what it prints."""
        major = connection.pg_version // 10000
        path = Path(f"/usr/lib/postgresql/{major}/bin/{program}")
        found = str(path) if path.exists() else shutil.which(program)
        if found is None:
            raise BackupError(f"没有找到 {program}。请先安装：apt install postgresql-client-{major}")
        given = connection.settings_dict
        _, environment = connection.client.settings_to_cmd_args_env(given, [])
        named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGDATABASE": "NAME"}
        environment = {**(environment or {}), **{name: str(given[key]) for name, key in named.items() if given[key]}}
        ran = subprocess.run(  # noqa: S603 - a program of PostgreSQL, without a shell
            [found, *arguments], env=environment | {"PATH": os.defpath}, capture_output=True, text=True, check=False
        )
        if ran.returncode:
            if "No space left" in ran.stderr:
                raise OSError(28, "No space left on device")
            raise BackupError(f"{program} 没有做成：{ran.stderr.strip()}")
        return ran.stdout


def compare(expected, found):
    """Raise where tables are missing, or hold other rows than expected."""
    wrong = [table for table in expected if found.get(table) != expected[table]] + sorted(found.keys() - expected)
    if wrong:
        raise BackupError(f"数据对不上，表：{'、'.join(wrong)}。")
