"""The door of a volunteer's page: code and last four digits, for half an hour or thirty days."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from config import lookup
from tests.volunteers.troop import enter, make_team, make_volunteer, with_code
from volunteers.models import Volunteer
from volunteers.views import own_page

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def volunteer():
    return with_code(make_volunteer(make_team()))


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as moved:
        yield moved


def is_open(client):
    return client.get("/volunteer/").status_code == 200


def test_code_and_last_four_digits_open_it(client, volunteer):
    assert not is_open(client)
    assert enter(client, volunteer)["Location"] == "/volunteer/"
    page = client.get("/volunteer/")
    assert volunteer.name in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    cookie = client.cookies[own_page.cookie_name()]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert volunteer.code not in cookie.value
    assert volunteer.telephone not in cookie.value


def test_however_they_are_typed(client, volunteer):
    enter(client, volunteer, code="１２３４ 5678", last_four=" ０００1")
    assert is_open(client)


def test_every_wrong_pair_is_answered_alike(volunteer):
    make_volunteer(number=2)  # without a code
    asked = ({"code": "87654321"}, {"last_four": "9999"}, {"code": "00000000", "last_four": "0002"})
    refusal = str(lookup.WRONG)
    answers = {(answer.status_code, refusal in answer.content.decode(), own_page.cookie_name() in answer.cookies)
               for answer in (enter(Client(), volunteer, **wrong) for wrong in asked)}  # fmt: skip
    assert answers == {(200, True, False)}


def test_empty_fields_are_told(client, volunteer):
    answer = client.post("/volunteer/enter/", {}).content.decode()
    assert "请写8位数字的码" in answer
    assert "请写当时留的电话的后四位" in answer


def test_six_wrong_tries_and_a_pause(client, volunteer, clock):
    for _ in range(6):
        assert str(lookup.WRONG) in enter(client, volunteer, last_four="9999").content.decode()
    answer = enter(client, volunteer)
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert str(lookup.PAUSED) in answer.content.decode()
    clock.shift(timedelta(minutes=16))
    assert enter(client, volunteer).status_code == 302


def test_right_tries_are_not_counted(client, volunteer):
    for _ in range(8):
        assert enter(client, volunteer).status_code == 302


def test_it_closes_half_an_hour_after_it_was_last_used(client, volunteer, clock):
    enter(client, volunteer)
    for _ in range(3):
        clock.shift(timedelta(minutes=29))
        assert is_open(client)
    clock.shift(timedelta(minutes=31))
    assert not is_open(client)


def test_it_stays_open_thirty_days_where_the_phone_is_ones_own(client, volunteer, clock):
    enter(client, volunteer, remember="on")
    assert client.cookies[own_page.cookie_name()]["max-age"] == own_page.MONTH
    clock.shift(29 * DAY)
    assert is_open(client)
    clock.shift(1.1 * DAY)
    assert not is_open(client)


@pytest.mark.parametrize("change", [{"code": "11112222"}, {"code": None}, {"telephone_index": "other"}])
def test_a_new_code_closes_it_everywhere(client, volunteer, change):
    enter(client, volunteer, remember="on")
    Volunteer.objects.filter(pk=volunteer.pk).update(**change)
    assert not is_open(client)


def test_leaving_closes_it_and_reading_does_not(client, volunteer):
    enter(client, volunteer, remember="on")
    client.get("/volunteer/leave/")
    assert is_open(client)
    assert own_page.LEFT in client.post("/volunteer/leave/", follow=True).content.decode()
    assert not is_open(client)


@pytest.mark.parametrize("word", ["", "x", "WzEsMl0:x:y"])
def test_a_made_up_cookie_opens_nothing(client, volunteer, word):
    client.cookies[own_page.cookie_name()] = word
    assert not is_open(client)


@pytest.mark.parametrize(
    ("asked", "back"),
    [("/volunteer/hours/", "/volunteer/hours/"), ("//evil.example/", "/volunteer/"), ("/admin/", "/volunteer/"),
     ("https://evil.example/volunteer/", "/volunteer/")],
)  # fmt: skip
def test_one_comes_back_to_ones_own_pages_only(client, volunteer, asked, back):
    given = {"code": volunteer.code, "last_four": volunteer.telephone[-4:]}
    answer = client.post("/volunteer/enter/", given, query_params={"next": asked})
    assert answer["Location"] == back
