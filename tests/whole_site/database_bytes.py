"""What somebody finds who carries off the database: the bytes of its files, or of a dump; and with its keys."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from branches.sealing import unseal
from tests.districts.folders import everything


def database_bytes():
    """SQLite: the file, its write-ahead log and its index. PostgreSQL: what pg_dump writes."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        files = [Path(f"{settings['NAME']}{suffix}") for suffix in ("", "-wal", "-shm")]
        return b"".join(file.read_bytes() for file in files if file.exists())
    dumped = subprocess.run(
        [_pg_dump(), "--host", settings["HOST"], "--port", str(settings["PORT"]), "--username", settings["USER"],
         "--no-password", settings["NAME"]],
        capture_output=True, check=False,
    )  # fmt: skip
    if dumped.returncode:
        pytest.fail(f"pg_dump: {dumped.stderr.decode()}", pytrace=False)
    return dumped.stdout


def _pg_dump():
    """The newest pg_dump there is: one older than the server refuses."""
    beside_servers = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"), key=lambda path: int(path.parts[-3]))
    program = str(beside_servers[-1]) if beside_servers else shutil.which("pg_dump")
    if not program:
        pytest.fail("没有找到 pg_dump is missing: apt install postgresql-client", pytrace=False)
    return program


def found_in(content, texts):
    """Those of `texts` that stand in the bytes, in UTF-8 or as JSON writes them."""
    return [
        text for text in texts
        if text.encode() in content or text.encode("unicode_escape") in content
    ]  # fmt: skip


def texts():
    """All that is in the tables, as one text; sealed fields opened."""
    return json.dumps(list(everything().values()), ensure_ascii=False, default=str)


def whole_database():
    """Every column of every table, of Django's and other packages' too, as one text; sealed values opened."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        assert len(tables) > 40
        rows = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our own
            rows += cursor.fetchall()
    text = json.dumps(rows, ensure_ascii=False, default=str).replace('\\"', '"')
    return text + "".join(unseal(token) for token in set(re.findall(r"gAAAAA[\w=-]+", text)))
