"""Signing up as a resident meets it: the form, what is typed wrong, sent twice; and attacks."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities import signup
from activities.forms import CONSENT_VERSION
from activities.models import Booking, SignUp
from branches.fields import telephone_of
from config import open_forms
from config.content_version import KEYS, content
from tests.activities.filling_in import TELEPHONE, errors, filled, sign_up, text
from tests.activities.town import make_activity, make_course, make_town
from tests.proofs import proof_of

pytestmark = pytest.mark.django_db


def test_a_name_a_telephone_and_a_tick_are_enough(client, clock):
    response = sign_up(client, make_activity(make_town()), clock)
    booking = Booking.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/lookup/booking/{booking.pk}/")
    page = text(client.get(response["Location"]))
    assert "<h1>报上了</h1>" in page
    assert f"{booking.code[:4]} {booking.code[4:]}" in page
    assert "张三" in page


def test_what_most_people_leave_empty_is_folded_away_until_it_is_needed(client, clock):
    activity = make_activity(make_town())
    address = f"{activity.get_absolute_url()}sign-up/"
    assert '<details class="filter further">' in text(client.get(address))
    refused = client.post(address, filled(client, address, clock, consent="", others="李四"))
    assert '<details class="filter further" open>' in text(refused)


def test_nothing_typed_is_lost_and_every_mistake_is_said(client, clock):
    response = sign_up(
        client, make_activity(make_town()), clock,
        name="\u200b\u2060", others="李四\n王五\n赵六\n钱七", telephone="12345",
        proxy="儿子", note="坐前排", consent="",
    )  # fmt: skip
    assert response.status_code == 200
    assert "<title>错误：" in text(response)
    assert errors(response) == [
        "请写参加的人的姓名。",
        "这个电话看着不对：手机是11位，座机请带区号。",
        "一次最多报4位。多的请再报一次。",
        "要勾上同意，才能替您登记。不想勾，也可以打电话报名。",
    ]
    for typed in ("李四\n王五\n赵六\n钱七", "12345", "儿子", "坐前排"):
        assert typed in text(response)
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        "１３８００００１２３４", "138 0000 1234", "+86 138-0000-1234", "0086 13800001234", "(138) 0000.1234",
        "86 138 0000 1234",
    ],
)  # fmt: skip
def test_a_telephone_is_read_however_it_is_typed(typed):
    assert telephone_of(typed) == "13800001234"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0731-8888 0000", "073188880000"), ("+86 731 8888 0000", "073188880000"), ("8888 0000", None), ("", None),
     ("13800001234 13900001234", None), ("1380000123", None), ("电话", None), ("²²²²²²²²²²²", None)],
)  # fmt: skip
def test_a_landline_has_its_area_code(typed, number):
    assert telephone_of(typed) == number


def test_marks_that_cannot_be_seen_make_no_other_person(client, clock):
    activity = make_activity(make_town())
    sign_up(client, activity, clock, name="张 三")
    again = sign_up(client, activity, clock, name="张\u200b三\u202e", telephone="+86 １９９ 0000 1111")
    assert again.status_code == 409
    assert "张 三 用这个电话已经报过名了（已报名），不用再报。" in text(again)
    assert SignUp.objects.get().name == "张 三"


def test_whoever_has_signed_up_already_is_shown_the_way_to_their_booking(client, clock):
    activity = make_activity(make_town())
    sign_up(client, activity, clock)
    again = sign_up(client, activity, clock, note="坐前排")
    main = text(again).partition("<main")[2]
    assert "<title>已经报过名了：合唱班" in text(again)
    assert "<h1>已经报过名了</h1>" in main
    assert 'class="govuk-button" href="/lookup/"' in main
    assert "坐前排" in main  # for somebody else it can be sent again
    assert errors(again) == []


def test_two_of_one_name_are_asked_about(client, clock):
    response = sign_up(client, make_activity(make_town()), clock, others="李四\n李 四")
    assert errors(response) == ["有两位写的是同一个名字，请只写一次。"]


@pytest.mark.parametrize("field", ["name", "others", "telephone", "proxy", "note"])
@pytest.mark.parametrize("typed", ["长" * 5000, "\0", "<script>alert(1)</script>", "' OR 1=1 --", "\ud83d"])
def test_whatever_is_typed_is_answered(client, clock, field, typed):
    response = sign_up(client, make_activity(make_town()), clock, **{field: typed.encode("utf-8", "replace").decode()})
    assert response.status_code in (200, 302)
    assert "<script>alert" not in text(response)
    assert re.findall(r"确保|[A-Za-z]{6,}", " ".join(errors(response))) == []


def test_four_at_once_with_a_helper_and_a_word_for_the_organiser(client, clock):
    sign_up(client, make_activity(make_town()), clock, others="李四\n\n王五\n赵六", proxy=" 女儿 ", note="一位坐轮椅")
    booking = Booking.objects.get()
    assert list(booking.sign_ups.values_list("name", flat=True)) == ["张三", "李四", "王五", "赵六"]
    assert (booking.proxy, booking.note, booking.consent_version) == ("女儿", "一位坐轮椅", CONSENT_VERSION)


def test_no_tick_stores_nothing(client, clock):
    sign_up(client, make_activity(make_town()), clock, consent="")
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("fields", "hours", "why"),
    [
        ({"status": "cancelled", "note": "下雨"}, 24, "这个活动取消了，不能报名。"),
        ({"status": "finished"}, -48, "这个活动已经结束了，不能报名。"),
        ({}, -48, "这个活动已经结束了，不能报名。"),  # not tidied up yet
        ({"takes_sign_up": False}, 24, "这个活动不用报名，直接来就行。"),
        ({}, 0.5, "报名已经截止。想来的话，请先打个电话问问。"),
        ({}, -0.5, "这个活动已经开始了，不能在网上报名。想来的话，请先打个电话问问。"),
    ],
)
def test_what_takes_no_names_says_why_and_shows_no_form(client, fields, hours, why):
    activity = make_activity(make_town(), starts_in=timedelta(hours=hours), **fields)
    page = text(client.get(f"{activity.get_absolute_url()}sign-up/"))
    assert why in page
    assert fields.get("note", "") in page
    assert 'name="telephone"' not in page


def test_what_was_once_sent_back_for_is_nobodys_business(client):
    activity = make_activity(make_town(), starts_in=timedelta(hours=1), note="和合唱班撞了")
    assert "和合唱班撞了" not in text(client.get(f"{activity.get_absolute_url()}sign-up/"))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": "finished"}, "这门课后面没有可以报名的课次了"),
        ({"takes_sign_up": False}, "这门课不用报名，直接来就行。"),
        ({"sign_up_until": timezone.now() - timedelta(days=1)}, "报名都截止了"),
    ],
)
def test_a_course_that_takes_no_names_says_why(client, fields, why):
    course = make_course(make_town(), **fields)
    page = text(client.get(f"{course.get_absolute_url()}sign-up/"))
    assert why in page
    assert 'name="telephone"' not in page


def test_a_form_that_was_open_when_it_closed_is_told_why_and_keeps_what_was_typed(client, clock):
    activity = make_activity(make_town(), starts_in=timedelta(hours=3))
    address = f"{activity.get_absolute_url()}sign-up/"
    given = filled(client, address, clock)
    clock.shift(timedelta(hours=1, minutes=30))
    late = client.post(address, given)
    assert late.status_code == 409
    assert errors(late) == ["报名已经截止。想来的话，请先打个电话问问。"]
    assert TELEPHONE in text(late)


def test_a_full_one_says_so_before_and_after(client, clock):
    activity = make_activity(make_town(), capacity=1)
    signup.join(activity, names=["先来"], telephone="19900002222")
    assert "报了先候补" in text(client.get(f"{activity.get_absolute_url()}sign-up/"))
    page = text(client.get(sign_up(client, activity, clock)["Location"]))
    assert "<h1>先排上候补了</h1>" in page
    assert "候补，排在最前面" in page


def test_a_double_tap_is_one_booking(client, clock):
    activity = make_activity(make_town())
    address = f"{activity.get_absolute_url()}sign-up/"
    given = filled(client, address, clock)
    answers = {client.post(address, given)["Location"] for _ in range(3)}
    assert len(answers) == 1
    assert SignUp.objects.count() == 1


def test_going_back_to_sign_up_somebody_else_is_another_booking(client, clock):
    activity = make_activity(make_town())
    address = f"{activity.get_absolute_url()}sign-up/"
    given = filled(client, address, clock)
    first = client.post(address, given)["Location"]
    second = client.post(address, given | {"name": "李四"})["Location"]
    assert first != second
    assert set(SignUp.objects.values_list("name", "status")) == {("张三", "confirmed"), ("李四", "confirmed")}


def test_a_key_taken_along_to_another_activity_books_that_one(client, clock):
    home = make_town()
    one, other = make_activity(home), make_activity(home, title="下棋")
    given = filled(client, f"{one.get_absolute_url()}sign-up/", clock)
    for activity in (one, other):
        client.post(f"{activity.get_absolute_url()}sign-up/", given)
    assert {row.activity_id for row in SignUp.objects.all()} == {one.pk, other.pk}


def test_whoever_fills_in_what_nobody_sees_is_no_person(client, clock):
    response = sign_up(client, make_activity(make_town()), clock, website="http://example.com")
    assert errors(response) == [open_forms.NOT_A_PERSON]
    assert not Booking.objects.exists()


def test_a_hundred_posts_without_a_form_store_nothing(client):
    address = f"{make_activity(make_town()).get_absolute_url()}sign-up/"
    for number in range(100):
        client.post(address, {"name": f"机器{number}", "telephone": f"138{number:08}", "consent": "on"})
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("seconds", "refusal"), [(1, open_forms.TOO_FAST), (90 * 60, None), (2 * 60 * 60 + 1, open_forms.TOO_OLD)]
)
def test_the_time_a_form_takes(client, clock, seconds, refusal):
    activity = make_activity(make_town())
    address = f"{activity.get_absolute_url()}sign-up/"
    given = filled(client, address, clock)
    clock.shift(seconds - 30)
    response = client.post(address, given)
    assert errors(response) == ([refusal] if refusal else [])
    if refusal:  # the page that comes back can be sent
        assert TELEPHONE in text(response)
        fresh = re.search(r'name="made_at" value="([^"]+)"', text(response))[1]
        clock.shift(10)
        response = client.post(address, given | {"made_at": fresh})
    assert response.status_code == 302


def test_a_form_with_a_made_up_time_is_asked_again(client, clock):
    response = sign_up(client, make_activity(make_town()), clock, made_at="1")
    assert errors(response) == [open_forms.TOO_OLD]


def test_a_telephone_signs_up_five_times_a_day(client, clock):
    home = make_town()
    answers = [sign_up(client, make_activity(home, title=f"讲座{n}"), clock) for n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert errors(answers[-1]) == ["这个电话今天已经报了好几次，明天再报，或者打电话给组织者。"]
    assert answers[-1]["Retry-After"] == str(24 * 60 * 60)
    assert 'href="tel:' in text(answers[-1])


@pytest.mark.parametrize(("proves", "times"), [(True, 20), (False, 6)])
def test_how_often_an_address_signs_up_in_an_hour_whatever_it_says_of_itself(
    client, clock, settings, easy_work, proves, times
):
    settings.SITE_TELEPHONE = "0731-1234 5678"
    activity = make_activity(make_town(), capacity=None)
    address = f"{activity.get_absolute_url()}sign-up/"
    answers = []
    for number in range(times + 1):
        given = filled(client, address, clock, telephone=f"138{number:08}")
        given["proof"] = proof_of(given) if proves else ""
        answers.append(client.post(address, given, headers={"X-Forwarded-For": f"192.0.2.{number}"}))
    assert [answer.status_code for answer in answers] == [302] * times + [429]
    assert errors(answers[-1]) == [open_forms.TOO_MANY]
    assert answers[-1]["Retry-After"] == "3600"
    assert SignUp.objects.count() == times
    page = text(answers[-1]).partition("<main")[2]
    assert page.count('href="tel:') == 1
    assert f"138{times:08}" in page  # what was typed


def test_a_double_tap_costs_nothing_once_the_proof_is_spent(client, clock, easy_work):
    activity = make_activity(make_town())
    address = f"{activity.get_absolute_url()}sign-up/"
    given = filled(client, address, clock)
    given["proof"] = proof_of(given)
    answers = {(answer.status_code, answer["Location"]) for answer in (client.post(address, given) for _ in range(30))}
    assert answers == {(302, f"/lookup/booking/{Booking.objects.get().pk}/")}
    for number in range(6):  # others are still let in without a proof
        other = filled(client, address, clock, name="李四", telephone=f"138{number:08}")
        assert client.post(address, other).status_code == 302


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_all_that_a_sign_up_writes_is_on_the_disk_by_one_commit(client, clock, cache_in_the_database):
    activity = make_activity(make_town())
    address = f"{activity.get_absolute_url()}sign-up/"
    given, before = filled(client, address, clock), content.current()
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(address, given)
    asked = [row["sql"] for row in asked]
    begins, ends = next(n for n, sql in enumerate(asked) if sql.startswith("BEGIN")), asked.index("COMMIT")
    written = [n for n, sql in enumerate(asked) if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert begins < written[0] < written[-1] < ends
    assert asked.count("COMMIT") == 1
    assert tuple(cache_in_the_database.get(key) for key in KEYS) == content.current() != before
    assert content.current()[0] == before[0]  # what lasts is as it was
    assert len([sql for sql in asked if "portal_cache" in sql and "content-version" in sql]) == 1
    assert "<h1>报上了</h1>" in text(client.get(answer["Location"]))


@pytest.mark.both
def test_who_is_refused_has_been_counted_all_the_same(client, clock, cache_in_the_database):
    activity = make_activity(make_town())
    answers = [sign_up(client, activity, clock).status_code for _ in range(open_forms.PER_TELEPHONE.number + 1)]
    assert answers == [302, *[409] * (open_forms.PER_TELEPHONE.number - 1), 429]
    assert Booking.objects.count() == 1
