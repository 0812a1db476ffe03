"""What was typed at the desk is there again: after an expired session, and on a page of before the last log-in."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from branches.sealing import unseal
from branches.views import desk_keeping
from tests.activities.desk import DESK, posted, typed
from tests.log_in import log_in

pytestmark = pytest.mark.django_db


def test_what_was_typed_is_there_again_after_logging_in(cast, client, organiser, kind):
    address = f"{DESK}new/?kind=lecture"
    sent = typed(organiser.get(address), title="写了半天的活动", description="一大段介绍", takes_sign_up=None)
    Session.objects.all().delete()
    answer = organiser.post(address, sent)
    assert answer.status_code == 302
    assert "/account/login/?next=" in answer["Location"]
    assert "替您存着" in organiser.get(answer["Location"]).text
    assert not posted().exists()
    organiser.force_login(cast.organiser)
    again = organiser.get(address)
    assert "写了半天的活动" in again.text
    assert "没有丢" in again.text
    form = again.context["form"]
    assert (form["description"].value(), form["takes_sign_up"].value()) == ("一大段介绍", False)
    assert "govuk-error-summary" not in again.text
    assert organiser.post(address, typed(again)).status_code == 302
    assert posted().get().title == "写了半天的活动"
    assert "写了半天的活动" not in organiser.get(address).text.split("没有丢")[-1].split("<form")[-1]
    assert organiser.get(address).context["refilled"] is False


def test_an_idle_session_keeps_it_through_the_real_door(cast, client, kind, settings):
    settings.STAFF_REQUIRE_MFA = False
    with time_machine.travel(datetime(2026, 11, 22, 2, tzinfo=ZoneInfo("UTC")), tick=False) as clock:
        log_in(client, "organiser")
        address = f"{DESK}new/?kind=lecture"
        sent = typed(client.get(address), title="放了一会儿的活动")
        clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES + 1))
        answer = client.post(address, sent)
        assert answer.status_code == 302
        entrance = answer["Location"]
        back = client.post(entrance, {"login": "organiser", "password": "tests-only-password", "next": address})
        assert back["Location"] == address
        assert "放了一会儿的活动" in client.get(address).text


def test_nobody_else_is_offered_what_somebody_typed(cast, organiser, client_of, client):
    address = f"{DESK}new/?kind=lecture"
    sent = typed(organiser.get(address), title="不给别人看的")
    Session.objects.all().delete()
    organiser.post(address, sent)
    organiser.force_login(cast.officer)  # another person, the same browser
    assert "不给别人看的" not in organiser.get(address).text
    for forged in ("", "x", sent["kept_for"][:-2], str(cast.officer.pk)):
        client.post(address, sent | {"kept_for": forged, "title": "塞给别人的"})
    assert "塞给别人的" not in client_of(cast.officer).get(address).text
    assert "塞给别人的" not in client_of(cast.organiser).get(address).text
    assert "不给别人看的" in client_of(cast.organiser).get(address).text


def test_what_is_kept_is_sealed_and_gone_after_an_hour(cast, organiser, client_of):
    address = f"{DESK}new/?kind=lecture"
    sent = typed(organiser.get(address), title="一小时的活动")
    Session.objects.all().delete()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        organiser.post(address, sent)
        token = cache.get(desk_keeping._key(cast.organiser.pk, f"{DESK}new/"))
        assert "一小时的活动" in json.loads(unseal(token))["title"]
        assert "title" not in token
        clock.shift(timedelta(minutes=61))
        assert "一小时的活动" not in client_of(cast.organiser).get(address).text


def test_a_form_too_large_is_not_kept(cast, organiser):
    address = f"{DESK}new/?kind=lecture"
    sent = typed(organiser.get(address), title="太大了", description="长" * 70_000)
    Session.objects.all().delete()
    organiser.post(address, sent)
    organiser.force_login(cast.organiser)
    assert organiser.get(address).context["refilled"] is False


def in_an_old_tab(user, address):
    """(a browser that has logged in again since, what its old tab would send with the token of before)."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    opened = browser.get(address)
    sent = typed(opened, title="老页面上写的") | {"csrfmiddlewaretoken": str(opened.context["csrf_token"])}
    del browser.cookies["csrftoken"]
    browser.get(address)
    return browser, sent


def test_a_tab_of_before_the_last_log_in_loses_nothing(cast, kind):
    address = f"{DESK}new/?kind=lecture"
    browser, sent = in_an_old_tab(cast.organiser, address)
    answer = browser.post(address, sent)
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert not posted().exists()  # it is not done by itself: a token of before proves nothing
    again = browser.get(address)
    assert again.context["refilled"] is True
    token = {"csrfmiddlewaretoken": str(again.context["csrf_token"])}
    assert browser.post(address, typed(again) | token).status_code == 302
    assert posted().get().title == "老页面上写的"


def test_the_old_tab_of_somebody_else_is_refused(cast, kind):
    address = f"{DESK}new/?kind=lecture"
    browser, sent = in_an_old_tab(cast.organiser, address)
    browser.force_login(cast.officer)
    assert browser.post(address, sent).status_code == 403
    assert "老页面上写的" not in browser.get(address).text
    assert browser.post(address, sent | {"kept_for": ""}).status_code == 403
    assert Client(enforce_csrf_checks=True).post(address, sent).status_code == 403
