"""/lookup/: a code and four digits open what they stand for, and say nothing to whoever guesses."""

import re

import pytest
from django.test import Client

from activities import signup
from activities.models import Booking
from activities.views.booking import BOOKING
from branches import sealing
from branches.models import Division
from config import lookup as pages
from config.lookup import Kind
from tests.activities.filling_in import TELEPHONE, errors, text
from tests.activities.town import make_activity, make_town

pytestmark = pytest.mark.django_db
LAST_FOUR = TELEPHONE[-4:]


@pytest.fixture
def booking():
    return signup.join(make_activity(make_town()), names=["张三"], telephone=TELEPHONE)


@pytest.fixture
def other_kind(monkeypatch):
    """A second kind beside bookings, which gives codes to divisions; it is asked first."""
    kind = Kind(
        Division, "求助", lambda found: f"/streets/{found.code}/", contact=("name",), last_four=lambda it: it.name[-4:]
    )
    monkeypatch.setattr(pages, "KINDS", [])
    for each in (kind, BOOKING):
        pages.register(each)
    return kind


def of_other_kind(code, name):
    return Division.objects.create(code=code, name=name, level="district")


def look_up(client, code, last_four=LAST_FOUR):
    return client.post("/lookup/", {"code": code, "last_four": last_four})


def page_of(booking):
    return f"/lookup/booking/{booking.pk}/"


def another_code(booking):
    return "99999999" if booking.code != "99999999" else "88888888"


def test_the_code_and_four_digits_open_it(client, booking):
    answer = look_up(client, f" {booking.code[:4]}　{booking.code[4:]} ", "１１１１")
    assert answer["Location"] == page_of(booking)
    assert client.get(page_of(booking)).status_code == 200


def test_a_wrong_pair_and_none_at_all_are_answered_alike(client, booking):
    wrong = another_code(booking)
    answers = [look_up(client, *given) for given in ((booking.code, "2222"), (wrong, LAST_FOUR), (wrong, "2222"))]
    assert [(answer.status_code, errors(answer)) for answer in answers] == [(200, [pages.WRONG])] * 3
    said = {re.sub(r'(value|name="csrf\w+")="[^"]*"', "", text(answer)) for answer in answers}
    assert len(said) == 1


def test_it_is_as_much_work_whether_there_is_such_a_code_or_not(booking, monkeypatch, django_assert_num_queries):
    unsealed, unseal = [], sealing.unseal
    for module in (sealing, pages):
        monkeypatch.setattr(module, "unseal", lambda token: unsealed.append(token) or unseal(token))
    Booking.objects.filter(pk=booking.pk).update(note="坐前排", email="a@example.cn")

    def work(code, last_four):
        unsealed.clear()
        with django_assert_num_queries(1):
            pages._record(BOOKING, code, last_four)
        return len(unsealed)

    work(another_code(booking), "2222")  # what is unsealed where there is nothing is made the first time
    given = [(booking.code, LAST_FOUR), (booking.code, "2222"), (another_code(booking), "2222")]
    assert [work(*pair) for pair in given] == [1, 1, 1]


@pytest.mark.parametrize(("code", "last_four"), [("", "1111"), ("12345678", ""), ("abc", "1111"), ("1" * 21, "1" * 11)])
def test_what_is_missing_or_too_long_is_said_and_is_no_try(client, code, last_four):
    answers = [look_up(client, code, last_four) for _ in range(7)]
    assert {answer.status_code for answer in answers} == {200}
    assert errors(answers[-1])
    assert str(pages.WRONG) not in text(answers[-1])


@pytest.mark.parametrize("last_four", ["\u200b", "\0", "    ", "0000", "<b>", "' OR", "电话"])
def test_no_number_of_blanks_opens_what_has_no_telephone(client, booking, last_four):
    Booking.objects.filter(pk=booking.pk).update(telephone="")
    assert look_up(client, booking.code, last_four).status_code == 200


def test_after_six_wrong_tries_even_the_right_one_waits(client, booking, settings):
    settings.SITE_TELEPHONE = "0731-1234 5678"
    for number in range(6):
        look_up(client, f"{number:08}")
    answer = look_up(client, booking.code)
    assert answer.status_code == 429
    assert errors(answer) == [pages.PAUSED]
    assert answer["Retry-After"] == "900"
    assert 'href="tel:073112345678"' in text(answer).partition("<main")[2]


def test_a_code_is_guessed_at_six_times_from_wherever(booking):
    for number in range(6):
        look_up(Client(REMOTE_ADDR=f"192.0.2.{number}"), booking.code, f"{number:04}")
    assert look_up(Client(REMOTE_ADDR="198.51.100.1"), booking.code).status_code == 429


def test_one_household_is_one_guesser_whatever_address_it_takes(booking):
    for number in range(6):
        look_up(Client(REMOTE_ADDR=f"2001:db8:1:1::{number}"), f"{number:08}")
    assert look_up(Client(REMOTE_ADDR="2001:db8:1:1:ffff::1"), booking.code).status_code == 429
    assert look_up(Client(REMOTE_ADDR="2001:db8:1:2::1"), booking.code).status_code == 302


def test_a_right_answer_in_between_does_not_make_wrong_ones_undone(client, booking):
    for number in range(5):
        look_up(client, f"{number:08}")
    assert look_up(client, booking.code).status_code == 302
    look_up(client, "00000006")
    assert look_up(client, "00000007").status_code == 429


def test_right_answers_do_not_count(client, booking):
    assert [look_up(client, booking.code).status_code for _ in range(10)] == [302] * 10


def test_two_kinds_with_one_code_do_not_hide_each_other(client, booking, other_kind):
    of_other_kind(booking.code, "甲乙丙丁")
    assert look_up(client, booking.code)["Location"] == page_of(booking)
    assert look_up(client, booking.code, "甲乙丙丁")["Location"] == f"/streets/{booking.code}/"
    assert errors(look_up(client, booking.code, "甲乙")) == [pages.WRONG]


def test_a_pair_that_fits_two_kinds_opens_both(client, booking, other_kind):
    of_other_kind(booking.code, LAST_FOUR)
    page = text(look_up(client, booking.code))
    links = re.findall(r'<li><a href="([^"]+)">(求助|报名)</a>', page)
    assert links == [(f"/streets/{booking.code}/", "求助"), (page_of(booking), "报名")]
    assert 'name="code"' not in page
    assert client.get(page_of(booking)).status_code == 200


def test_what_one_kind_opened_opens_no_other_of_the_same_number(client, other_kind):
    division = of_other_kind("12345678", "甲乙丙丁")
    twin = Booking.objects.create(pk=division.pk, code="87654321", telephone=TELEPHONE)
    assert look_up(client, division.code, "甲乙丙丁")["Location"] == "/streets/12345678/"
    assert client.get(page_of(twin))["Location"] == "/lookup/"


def test_a_kind_decides_what_the_last_four_are(client, booking, other_kind, monkeypatch):
    letter = Kind(
        Booking, "写信", page_of, contact=("telephone", "email"),
        last_four=lambda it: (it.telephone or it.email.partition("@")[0]).casefold()[-4:],
        hint="没留电话的，写邮箱@前面的最后四个字符。",
    )  # fmt: skip
    monkeypatch.setattr(pages, "KINDS", [])
    pages.register(letter)
    Booking.objects.filter(pk=booking.pk).update(telephone="", email="Li.Mei_8@example.cn")
    asked = text(client.get("/lookup/"))
    assert f"{pages.HINT}{letter.hint}" in asked
    assert "写信的时候，给过您一个8位的码" in asked
    assert 'inputmode="text"' in asked
    assert look_up(client, booking.code, "EI_8")["Location"] == page_of(booking)
    assert errors(look_up(client, booking.code, "mple")) == [pages.WRONG]


def test_where_there_are_only_telephones_a_keyboard_of_digits_comes_up():
    asked = pages.LookupForm(kinds=[BOOKING]).as_p()
    assert asked.count('inputmode="numeric"') == 2
    assert "邮箱" not in asked
