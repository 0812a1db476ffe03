"""Supervisors get a plain answer, and strangers learn nothing."""

import pytest
from django.db import DatabaseError, connection


def test_healthz_answers_without_a_database(client):
    response = client.get("/healthz")  # the database is locked away from this test
    assert (response.status_code, response.content) == (200, b"ok")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_readyz_is_ready_when_the_database_answers(client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready")


@pytest.mark.django_db
def test_readyz_is_not_ready_when_the_database_is_gone(client, monkeypatch):
    def gone():
        raise DatabaseError("secret host name")

    monkeypatch.setattr(connection, "cursor", gone)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "trace"])
def test_only_reading_is_answered(client, address, method):
    assert getattr(client, method)(address).status_code == 405
