"""A volunteer's own page: what they are asked, yes and no, where to go once they said yes, and how it went."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches.models import AuditEntry
from tests.activities.desk import errors
from tests.volunteers.errands import ASKED, accepted, done, in_days, make_crew, make_order
from tests.volunteers.troop import enter, make_duty, make_shift, make_team, make_volunteer, with_code
from tests.whole_site.addresses import routes
from volunteers import dispatching, duties
from volunteers.models import Assignment, ServiceOrder

pytestmark = pytest.mark.django_db
OWN = "/volunteer/"
SECRET = (ASKED["name"], ASKED["telephone"], "3栋")


@pytest.fixture
def crew():
    return make_crew()


@pytest.fixture
def home(crew):
    return crew[0]


@pytest.fixture
def person(crew):
    return with_code(crew[2][0])


@pytest.fixture
def phone(client, person):
    """The browser of the first of them."""
    enter(client, person)
    return client


@pytest.fixture
def order(home):
    return make_order(home)


@pytest.fixture
def offered(order, person):
    return dispatching.offer(order, person, visit_at=in_days(), by=None)


def page(order, tail=""):
    return f"{OWN}orders/{order.pk}/{tail}"


def another_phone(volunteer, code="87654321"):
    client = Client()
    enter(client, with_code(volunteer, code))
    return client


def reveals():
    return AuditEntry.objects.filter(action="reveal").count()


def test_every_page_is_tried_here():
    found = {route.name for route in routes() if route.route.startswith("volunteer/orders/")}
    assert found == {"own_order", "own_accept", "own_decline", "own_done", "own_failed"}


# --- the question
@pytest.mark.parametrize("where", ["", "orders/{}/"])
def test_the_question_tells_what_when_and_roughly_where_and_nobody(phone, order, offered, where):
    answer = phone.get(OWN + where.format(order.pk))
    text = answer.text
    assert [word for word in SECRET if word in text] == []
    assert order.category.name in text
    assert order.division.short_name in text
    assert "大约60分钟" in text
    assert "以前回话" in text
    assert "我去" in text
    assert "去不了" in text
    assert answer["Cache-Control"] == "private, no-store"
    assert reveals() == 0


def test_yes_opens_the_telephone_and_each_look_is_written_down(phone, order, offered, person):
    text = phone.post(page(order, "accept/"), follow=True).text
    assert [word for word in SECRET if word not in text] == []
    assert f'href="tel:{ASKED["telephone"]}"' in text
    assert reveals() == 1
    phone.get(page(order))
    assert reveals() == 2
    entry = AuditEntry.objects.filter(action="reveal").last()
    assert (entry.subject_pk, entry.data["volunteer"]) == (str(order.pk), person.pk)
    assert [word for word in SECRET if word in phone.get(OWN).text] == []


def test_pressed_twice_it_is_one_yes(phone, order, offered):
    for _ in range(2):
        assert phone.post(page(order, "accept/")).status_code == 302
    assert Assignment.objects.filter(status="accepted").count() == 1


def test_no_with_a_reason_or_without(phone, order, offered):
    assert "为什么去不了" in phone.get(page(order, "decline/")).text
    for _ in range(2):  # pressed twice
        assert "没有关系" in phone.post(page(order, "decline/"), {"reason": "带孙子"}, follow=True).text
    found = Assignment.objects.get()
    assert (found.status, found.reason) == ("declined", "带孙子")
    assert "我去" not in phone.get(OWN).text
    assert "请别人去" in phone.get(page(order)).text


def test_reading_answers_nothing(phone, order, offered):
    assert phone.get(page(order, "accept/")).status_code == 405
    phone.get(page(order, "decline/"))
    assert Assignment.objects.get().status == "offered"


def test_an_offer_that_is_over_is_told_kindly(phone, order, offered):
    with time_machine.travel(timezone.now() + timedelta(hours=20)):
        assert "我去" in another_phone(offered.volunteer, "12345678").get(OWN).text
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        late = another_phone(offered.volunteer, "12345678")
        assert "我去" not in late.get(OWN).text
        answer = late.post(page(order, "accept/"))
        assert (answer.status_code, dispatching.TOO_LATE in answer.text) == (409, True)
    assert Assignment.objects.get().status == "offered"


def test_two_things_at_a_time_are_told_with_what_is_in_the_way(phone, crew, order, person):
    shift = make_shift(make_duty(crew[1]))
    duties.join(shift, person, by=person)
    dispatching.offer(order, person, visit_at=shift.starts_at, by=None)
    answer = phone.post(page(order, "accept/"))
    assert (answer.status_code, "早上护学" in answer.text) == (409, True)
    assert [word for word in SECRET if word in answer.text] == []


# --- an open call
def test_the_first_of_the_team_goes_and_the_second_is_thanked(phone, crew, order, person):
    dispatching.open_call(order, [crew[1]], visit_at=in_days(), by=None)
    second = another_phone(crew[2][1])
    for each in (phone, second):
        text = each.get(OWN).text
        assert "我去" in text
        assert "去不了" not in text
        assert "我去" in each.get(page(order)).text
    assert second.post(page(order, "accept/")).status_code == 302
    answer = phone.post(page(order, "accept/"))
    assert (answer.status_code, dispatching.TAKEN in answer.text) == (409, True)
    assert "我去" not in phone.get(OWN).text
    assert [word for word in SECRET if word in phone.get(page(order)).text] == []


def test_a_call_that_is_over_is_not_shown_and_told_kindly(crew, order, person):
    dispatching.open_call(order, [crew[1]], visit_at=in_days(3), by=None)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        late = another_phone(person)
        assert "我去" not in late.get(OWN).text
        answer = late.post(page(order, "accept/"))
        assert (answer.status_code, dispatching.TOO_LATE in answer.text) == (409, True)


def test_a_call_to_another_team_is_not_theirs(phone, home, order):
    dispatching.open_call(order, [make_team(home, slug="b", name="b队")], visit_at=in_days(), by=None)
    assert "我去" not in phone.get(OWN).text
    for answer in (phone.get(page(order)), phone.post(page(order, "accept/"))):
        assert answer.status_code == 404


# --- whose it is
def test_nobody_elses_order_opens(phone, crew, order):
    dispatching.offer(order, crew[2][1], visit_at=in_days(), by=None)
    for tail in ("", "decline/", "done/", "failed/"):
        assert phone.get(page(order, tail)).status_code == 404
    for tail in ("accept/", "decline/", "done/", "failed/"):
        assert phone.post(page(order, tail)).status_code == 404
    assert Assignment.objects.get().status == "offered"


def test_without_the_code_one_is_led_to_where_it_is_asked_for(client, order, offered):
    for tail in ("", "accept/", "decline/", "done/", "failed/"):
        answer = client.post(page(order, tail)) if tail == "accept/" else client.get(page(order, tail))
        assert (answer.status_code, answer["Location"].startswith("/volunteer/enter/")) == (302, True)
    assert Assignment.objects.get().status == "offered"


# --- how it went
def test_done_with_the_minutes_of_all_who_went(phone, crew, home, person):
    order, second = make_order(home, needed=2), crew[2][1]
    accepted(order, person)
    assert "还差人" in phone.get(page(order, "done/")).text
    accepted(order, second, visit_at=ServiceOrder.objects.get(pk=order.pk).visit_at)
    text = phone.get(page(order, "done/")).text
    assert "您服务了多少分钟" in text
    assert second.name not in text
    minutes = {f"minutes_{person.pk}": "40", f"minutes_{second.pk}": "30"}
    for wrong in ({"what": ""}, {f"minutes_{person.pk}": "721"}, {f"minutes_{second.pk}": ""}):
        answer = phone.post(page(order, "done/"), {"what": "换好了灯"} | minutes | wrong)
        assert list(errors(answer)) == list(wrong)
    for _ in range(2):  # pressed twice
        assert "辛苦" in phone.post(page(order, "done/"), {"what": "换好了灯"} | minutes, follow=True).text
    assert ServiceOrder.objects.get(pk=order.pk).status == "done"
    assert sorted(Assignment.objects.values_list("minutes", flat=True)) == [30, 40]


def test_in_vain(phone, order, person):
    accepted(order, person)
    assert "note" in errors(phone.post(page(order, "failed/"), {"note": ""}))
    for _ in range(2):  # pressed twice
        assert "辛苦" in phone.post(page(order, "failed/"), {"note": "敲门没人"}, follow=True).text
    assert ServiceOrder.objects.get(pk=order.pk).attempts == 1


def test_what_is_no_longer_theirs_is_told(phone, order, person):
    assignment = accepted(order, person)
    dispatching.recall(assignment, by=None, reason="换人")
    for tail in ("done/", "failed/"):
        answer = phone.post(page(order, tail), {"what": "好了", "note": "没人"})
        assert (answer.status_code, "不在您手里" in answer.text) == (409, True)
    text = phone.get(page(order)).text
    assert "不用您去了" in text
    assert [word for word in SECRET if word in text] == []


def test_seven_days_after_it_is_over_the_telephone_is_gone(order, person):
    done(order, person)
    start = timezone.now()
    for days, is_open in ((6.9, True), (7.1, False)):
        with time_machine.travel(start + timedelta(days=days)):
            text = another_phone(person).get(page(order)).text
            assert (ASKED["telephone"] in text) is is_open


def test_the_page_asks_as_much_for_many_as_for_one(phone, home, crew, person):
    phone.get(OWN)  # the district is read once a process
    counts = []
    for number in (1, 5, 12):
        for day in range(number):
            dispatching.offer(make_order(home), person, visit_at=in_days(1 + day), by=None)
            dispatching.open_call(make_order(home), [crew[1]], visit_at=in_days(), by=None)
        with CaptureQueriesContext(connection) as asked:
            assert phone.get(OWN).text.count("我去") >= 2 * number
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_somebody_who_left_is_not_called_any_more(phone, crew, order, person):
    dispatching.open_call(order, [crew[1]], visit_at=in_days(), by=None)
    person.memberships.update(status="left", until=timezone.localdate())
    assert "我去" not in phone.get(OWN).text
    assert phone.post(page(order, "accept/")).status_code == 404


def test_a_stranger_of_the_same_name_sees_nothing(crew, order, offered):
    other = make_volunteer(crew[1], 9)
    assert another_phone(other).get(page(order)).status_code == 404
