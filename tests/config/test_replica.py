"""Public pages are read from the copy of the database, the rest from the database; all of it where the copy is away."""

from functools import partial
from http import HTTPStatus

import pytest
from django.db import router
from django.http import HttpResponse

from config import caching, replica
from homes.models import Home


@pytest.fixture
def with_replica(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES, replica.ALIAS, settings.DATABASES["default"])
    monkeypatch.setattr(router, "routers", [replica.PublicPagesRead()])
    monkeypatch.setattr(replica, "_away_until", 0.0)


def where(_request=None):
    return HttpResponse(f"{router.db_for_read(Home)} {router.db_for_write(Home)}")


def test_only_public_pages_are_read_there(with_replica):
    assert where().content == b"default default"
    assert replica.rendered(where, None).content == b"replica default"
    assert where().content == b"default default"


def test_without_one_nothing_changes():
    assert replica.rendered(where, None).content == b"default default"


def test_a_copy_that_is_away_is_let_alone_for_a_while(with_replica, monkeypatch):
    asked = []

    def view(request):
        asked.append(router.db_for_read(Home))
        away = asked[-1] == replica.ALIAS
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE if away else HTTPStatus.OK)

    assert [replica.rendered(view, None).status_code for _ in range(2)] == [200, 200]
    assert asked == ["replica", "default", "default"]
    monkeypatch.setattr(replica, "_away_until", 0.0)
    replica.rendered(view, None)
    assert asked[3:] == ["replica", "default"]


def test_what_a_late_copy_said_is_asked_again_in_the_next_minute(with_replica, monkeypatch, time_machine):
    """An edit renews the version before the copy has it: what was made of it then must not stand until the next."""
    monkeypatch.setattr(caching.content, "current", lambda: "the version of an edit")
    for keep in (partial(caching.remember, "a test"), partial(caching.piece, "x")):
        time_machine.move_to("2026-11-23T09:00:30+08:00", tick=False)
        assert keep(lambda: "before the edit") == "before the edit"
        time_machine.move_to("2026-11-23T09:01:00+08:00", tick=False)
        assert keep(lambda: "after it") == "after it"
