"""Supervisors get a plain answer, and strangers learn nothing."""

from types import SimpleNamespace

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.cache import caches
from django.db import DatabaseError, connection

from config import findings_deployment, findings_now


@pytest.mark.parametrize("cookies", [{}, {"sessionid": "somebodys"}])
def test_healthz_answers_without_a_database(client, cookies):
    client.cookies.load(cookies)
    response = client.get("/healthz")  # the database is locked away from this test
    assert (response.status_code, response.content) == (200, b"ok")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_readyz_is_ready_when_the_database_answers(client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_is_not_ready_when_the_database_is_gone(client, monkeypatch):
    def gone():
        raise DatabaseError("secret host name")

    monkeypatch.setattr(connection, "cursor", gone)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ok")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "trace"])
def test_only_reading_is_answered(client, address, method):
    assert getattr(client, method)(address).status_code == 405


@pytest.mark.django_db
def test_readyz_wants_the_structure_of_this_code_room_on_the_disk_the_cache_and_the_files(
    client, monkeypatch, tmp_path
):
    def refused(*args):
        raise OSError("secret host name")

    wanting = {
        "structure": (findings_now, "_migrations_of_this_code", lambda: {("homes", "9999_of_tomorrow")}),
        "disk": (findings_now.shutil, "disk_usage", lambda folder: SimpleNamespace(total=1000, free=99)),
        "cache": (caches["default"], "get", refused),
        "static files": (findings_deployment, "staticfiles_storage", ManifestStaticFilesStorage(tmp_path)),  # none
    }
    for broken in wanting.values():
        with monkeypatch.context() as patch:
            patch.setattr(*broken)
            response = client.get("/readyz")
            assert (response.status_code, response.content) == (503, b"not ok")
    assert client.get("/readyz").status_code == 200
