"""A connection to SQLite outlives its request, and never the file it was opened for."""

import pytest
from django.conf import settings
from django.db.utils import ConnectionHandler


def requested(database):
    """What Django does at the beginning of each request, and a first question."""
    database.close_if_unusable_or_obsolete()
    database.cursor().close()
    return database.connection


@pytest.mark.once
@pytest.mark.django_db
def test_a_connection_stays_open_until_another_file_is_in_its_place(tmp_path):
    file, other = tmp_path / "portal.sqlite3", tmp_path / "other.sqlite3"
    database = ConnectionHandler({"default": settings.DATABASES["default"] | {"NAME": str(file)}})["default"]
    try:
        first = requested(database)
        assert requested(database) is first
        other.write_bytes(b"")
        other.rename(file)
        second = requested(database)
        assert second is not first
        file.unlink()
        assert requested(database) is not second
    finally:
        database.close()
