"""How long a log-in holds, and that it ends for good."""

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from branches.models import AuditEntry, Posting, User
from config import sessions
from config.session_store import SessionStore

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # sessions are rows like others; their clocks are ours
PASSWORD = "tests-only-password"
MORNING = "2026-11-23 08:00:00+08:00"


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as travelling:
        yield travelling


def log_in(client=None, username="officer"):
    client = client or Client()
    client.post("/account/login/", {"login": username, "password": PASSWORD})
    return client


def stays(client):
    """Whether the staff pages open: the smallest of them, for this is asked dozens of times."""
    return client.get("/admin/jsi18n/").status_code == 200


def words(client):
    """What the log-in page says to whoever was logged out."""
    return [str(message) for message in client.get("/admin/homes/home/", follow=True).context["messages"]]


def test_a_session_that_nobody_uses_ends_after_half_an_hour(cast, clock):
    client = log_in()
    clock.shift(29 * 60)
    assert stays(client)
    clock.shift(29 * 60)
    assert stays(client)
    clock.shift(31 * 60)
    assert words(client) == ["您离开了一会儿，为了安全已经自动退出。重新登录，就回到刚才那一页。"]
    assert AuditEntry.objects.filter(action="log_out").get().reason == "闲置太久"
    assert not stays(client)


def test_a_session_in_use_ends_after_twelve_hours(cast, clock):
    client = log_in()
    for _ in range(24 * 2 - 1):
        clock.shift(15 * 60)
        assert stays(client)
    clock.shift(15 * 60)
    assert words(client) == ["登录的时间比较长了，为了安全请重新登录，就回到刚才那一页。"]
    assert not stays(client)


def test_the_limits_are_settings(cast, clock, settings):
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS = 5, 1
    client = log_in()
    clock.shift(6 * 60)
    assert not stays(client)
    client = log_in()
    for _ in range(14):
        clock.shift(4 * 60)
        assert stays(client)
    clock.shift(4 * 60)
    assert not stays(client)


def test_logging_in_again_leads_back_and_starts_both_clocks(cast, clock):
    client = log_in()
    clock.shift(13 * 3600)
    door = client.get("/admin/homes/home/?q=x", follow=True)
    address = door.redirect_chain[-1][0]
    response = client.post(
        address, {"login": "officer", "password": PASSWORD, "next": door.context["redirect_field_value"]}
    )
    assert response.url == "/admin/homes/home/?q=x"
    clock.shift(20 * 60)
    assert stays(client)


def test_being_in_use_is_written_down_once_a_minute(cast, clock, django_assert_num_queries):
    client = log_in()
    stays(client)
    clock.shift(10)
    with django_assert_num_queries(3):  # session, user, posts
        client.get("/account/logout/")
    clock.shift(sessions.WRITE_SECONDS)
    assert client.session[sessions.SEEN] == client.session[sessions.STARTED]
    client.get("/account/logout/")
    assert client.session[sessions.SEEN] - client.session[sessions.STARTED] == 10 + sessions.WRITE_SECONDS


def test_a_session_from_elsewhere_starts_its_clocks_when_first_seen(cast, clock, client_of):
    client = client_of(cast.officer)
    session = client.session
    del session[sessions.STARTED], session[sessions.SEEN]
    session.save()
    clock.shift(3600)
    assert stays(client)
    clock.shift(31 * 60)
    assert not stays(client)


def test_logging_in_gives_a_new_session(cast):
    client = Client()
    client.get("/account/login/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    log_in(client)
    assert stays(client)
    assert client.session.session_key != planted
    assert not Session.objects.filter(pk=planted).exists()


def test_logging_out_is_by_post_and_ends_the_session_on_the_server(cast):
    client = log_in()
    key = client.session.session_key
    assert client.get("/account/logout/").status_code == 200
    assert stays(client)
    response = client.post("/account/logout/", follow=True)
    assert [str(message) for message in response.context["messages"]] == ["已经退出，今天辛苦了。"]
    assert not Session.objects.filter(pk=key).exists()
    stolen = Client()
    stolen.cookies["sessionid"] = key
    assert not stays(stolen)


def test_logging_out_cannot_be_done_to_somebody(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.officer)
    assert client.post("/account/logout/").status_code == 403
    assert stays(client)


def test_the_cookie_ends_with_the_browser(cast):
    client = log_in()
    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("ending", ["post", "account"])
def test_who_is_let_go_is_out_with_the_next_click(cast, ending):
    client = log_in()
    assert stays(client)
    if ending == "post":
        Posting.objects.filter(user=cast.officer).update(until="2020-12-31")
        assert words(client) == ["这个账号现在没有岗位，已经退出。有疑问请打电话给区里的管理员。"]
    else:
        User.objects.filter(pk=cast.officer.pk).update(is_active=False)
    assert not stays(client)


def test_a_visitor_without_a_session_costs_no_question(cast, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/display/").status_code == 405


@pytest.mark.once
def test_a_session_is_written_once_for_what_it_says(db, django_assert_num_queries):
    session = SessionStore()
    session["opened"] = {"one": 1}
    with django_assert_num_queries(1):
        session.save()
    with django_assert_num_queries(0):
        session.save()
    session["opened"]["another"] = 2
    session.save()
    again = SessionStore(session.session_key)
    assert again["opened"] == {"one": 1, "another": 2}
    with django_assert_num_queries(3):  # one that was read has not been written yet
        again.save()
