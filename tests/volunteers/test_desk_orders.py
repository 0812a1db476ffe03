"""The desk: whose orders its pages show, that people are masked, and what its list says."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches.models import AuditEntry
from tests.cast import AREAS, CANARIES
from tests.volunteers.desk import DESK, STEPS, TELEPHONES, ask_for_help, now, orders_of, page, send, somebody_free, when
from tests.volunteers.errands import accepted, done, in_days
from tests.whole_site.addresses import routes
from volunteers import dispatching, ordering
from volunteers.models import Assignment, ServiceOrder
from volunteers.open_contact import OPEN_SECONDS

pytestmark = pytest.mark.django_db
EDITORS = {"officer", "next_door_officer", "elsewhere_officer", "secretary", "next_door_secretary", "organiser",
           "district_officer", "technician"}  # fmt: skip
# of those who do the same in another place, one
PEOPLE = sorted(EDITORS - {"next_door_officer", "next_door_secretary", "technician"} | {"street_officer", "auditor"})
NAMES = {
    "desk_orders", "desk_new_order", "desk_order_calls", "desk_order_calls_open", "desk_order", "desk_open_order",
    "desk_route", "desk_reject", "desk_duplicate", "desk_offer", "desk_call", "desk_take", "desk_recall_call",
    "desk_answer", "desk_recall", "desk_fail", "desk_complete", "desk_rate", "desk_reopen", "desk_cancel",
    "desk_correct",
}  # fmt: skip


@pytest.fixture
def desk(cast, client_of):
    """The secretary's browser."""
    return client_of(cast.secretary)


@pytest.fixture
def order(cast):
    return ask_for_help(cast, "here")


@pytest.fixture
def person(cast):
    return somebody_free(cast)


# --- whose it is
def test_every_page_of_the_desk_is_tried_here():
    assert {route.name for route in routes() if route.route.startswith("desk/orders/")} == NAMES


@pytest.mark.parametrize("person", PEOPLE)
def test_an_order_opens_in_ones_own_area_alone(cast, client_of, person):
    orders, client, wrong = orders_of(cast), client_of(cast.people[person]), {}
    for area, order in orders.items():
        own = area in cast.areas_of(person)
        for tail in ("", *STEPS):
            may = own and (person in EDITORS or tail == "")
            status = client.get(page(order, tail)).status_code
            if status not in ((200,) if may else (403, 404)):
                wrong[area, tail] = status
    assert wrong == {}


@pytest.mark.parametrize("person", PEOPLE)
def test_posting_in_another_area_changes_and_tells_nothing(cast, client_of, person):
    orders, client, wrong = orders_of(cast), client_of(cast.people[person]), {}
    before = list(ServiceOrder.objects.order_by("pk").values()), list(Assignment.objects.order_by("pk").values())
    sent = {"reason": "试一试可不可以", "note": "没人", "what": "好了", "said": "yes", "rating": "good"}
    for area, order in orders.items():
        if area in cast.areas_of(person) and person in EDITORS:
            continue
        who = cast.volunteers[area]
        extra = {"version": order.version, f"minutes_{who.pk}": 30, "volunteer": who.pk, "teams": cast.teams[area].pk,
                 "branch": cast.branches["here"].pk, "number": orders["here"].pk}  # fmt: skip
        for tail in ("open/", *STEPS):
            answer = client.post(page(order, tail) + when(), sent | extra)
            told = CANARIES[area] in answer.text or TELEPHONES[area] in answer.text
            if answer.status_code not in (403, 404) or told:
                wrong[area, tail] = answer.status_code
    assert wrong == {}
    after = list(ServiceOrder.objects.order_by("pk").values()), list(Assignment.objects.order_by("pk").values())
    assert after == before
    assert not AuditEntry.objects.filter(action="reveal").exists()


@pytest.mark.parametrize("person", PEOPLE)
def test_the_list_and_the_calls_tell_of_ones_own_area_alone(cast, client_of, person):
    orders, client = orders_of(cast), client_of(cast.people[person])
    for address in (DESK, f"{DESK}calls/", f"{DESK}?state=dispatching", f"{DESK}?branch={cast.branches['here'].pk}"):
        answer = client.get(address)
        seen = {area for area, order in orders.items() if f"{DESK}{order.pk}/" in answer.text}
        assert seen <= cast.areas_of(person)
        if "calls" not in address and person != "auditor":
            narrowed = "branch" in address and "here" in cast.areas_of(person)
            assert seen == ({"here"} if narrowed else cast.areas_of(person))


def test_a_visitor_is_led_to_the_log_in_page(cast, client):
    order = orders_of(cast)["here"]
    for address in (DESK, f"{DESK}new/", f"{DESK}calls/", page(order), *(page(order, tail) for tail in STEPS)):
        for answer in (client.get(address), client.post(address)):
            assert (answer.status_code, "/account/login/" in answer["Location"]) == (302, True)


def test_no_page_is_kept_anywhere(cast, desk):
    order = orders_of(cast)["here"]
    for address in (DESK, f"{DESK}new/", f"{DESK}calls/", page(order), *(page(order, tail) for tail in STEPS)):
        assert desk.get(address)["Cache-Control"] == "private, no-store"


def test_areas_are_all_tried():
    assert set(TELEPHONES) == set(AREAS)


# --- masked until somebody says why
def test_name_telephone_and_place_are_masked_until_a_reason_is_told(cast, desk, order):
    secrets = (f"{CANARIES['here']}大娘", TELEPHONES["here"], "3栋401")
    for address in (DESK, page(order), page(order, "offer/") + when(), page(order, "duplicate/")):
        text = desk.get(address).text
        assert [secret for secret in secrets if secret in text] == []
    assert "199****4101" in desk.get(page(order)).text
    short = desk.post(page(order, "open/"), {"reason": "看看"})
    assert "至少5个字" in short.text
    assert TELEPHONES["here"] not in short.text
    text = desk.post(page(order, "open/"), {"reason": "打电话问清楚门牌"}, follow=True).text
    assert [secret for secret in secrets if secret not in text] == []
    entry = AuditEntry.objects.get(action="reveal")
    assert (entry.actor, entry.reason, entry.subject_pk) == ("secretary", "打电话问清楚门牌", str(order.pk))
    assert [secret for secret in secrets if secret in desk.get(DESK).text] == []


def test_after_logging_in_again_the_form_is_there_once_more(desk, order):
    for page_of_form, only_sent in ((page(order), "open/"), (f"{DESK}calls/", "open/")):
        assert desk.get(f"{page_of_form}{only_sent}", follow=True).redirect_chain == [("../", 302)]
    assert desk.delete(page(order, "open/")).status_code == 405
    assert not AuditEntry.objects.filter(action="reveal").exists()


def test_what_was_opened_closes_after_half_an_hour_and_is_ones_own(cast, desk, client_of, order):
    desk.post(page(order, "open/"), {"reason": "打电话问清楚门牌"})
    assert TELEPHONES["here"] not in client_of(cast.officer).get(page(order)).text
    start = timezone.now()
    for seconds, is_open in ((OPEN_SECONDS - 60, True), (OPEN_SECONDS + 1, False)):
        with time_machine.travel(start + timedelta(seconds=seconds)):
            assert (TELEPHONES["here"] in desk.get(page(order)).text) is is_open


def test_who_loses_their_post_sees_nothing_any_more(cast, desk, order):
    desk.post(page(order, "open/"), {"reason": "打电话问清楚门牌"})
    cast.secretary.postings.update(until=timezone.localdate() - timedelta(days=1))
    assert desk.get(page(order)).status_code != 200


# --- the list
def test_what_is_most_pressing_stands_on_top(cast, desk, person):
    back = ask_for_help(cast, "here")
    assignment = dispatching.offer(back, person, visit_at=in_days(), by=cast.officer)
    dispatching.decline(assignment, by=person)
    fresh = ask_for_help(cast, "here")
    late = ask_for_help(cast, "here")
    ServiceOrder.objects.filter(pk=late.pk).update(accept_by=timezone.localdate() - timedelta(days=3))
    again = ask_for_help(cast, "here")
    ordering.reopen(done(again, person, visit_at=in_days(2)) or again, reason="又坏了")
    asked = ask_for_help(cast, "here")
    dispatching.offer(asked, person, visit_at=in_days(3), by=cast.officer)
    over = ask_for_help(cast, "here")
    done(over, person, visit_at=in_days(5))
    text = desk.get(DESK).text
    shown = [int(pk) for pk in re.findall(rf'<a href="{DESK}(\d+)/"', text)]
    shown.remove(cast.orders["here"].pk)
    assert shown == [each.pk for each in (again, back, late, fresh, asked, over)]
    assert "过了3天还没人接" in text
    for heading in ("重新办理的", "刚刚没请到人的", "新来的", "等人回话的", "等评价的"):
        assert heading in text


def test_what_nobody_could_do_three_times_is_flagged(cast, desk, person, order):
    for day in (1, 2, 3):
        dispatching.fail(accepted(order, person, visit_at=in_days(day)), by=person, note="没人在家")
    assert "三次没办成的" in desk.get(DESK).text


def test_what_no_branch_answers_for_waits_in_a_part_of_its_own(cast, client_of, desk, order):
    ServiceOrder.objects.filter(pk=order.pk).update(branch=None)
    assert "还没有支部负责的" in client_of(cast.officer).get(DESK).text
    assert page(order) not in desk.get(DESK).text  # the secretary's is what their branch answers for
    officer = client_of(cast.district_officer)
    assert send(officer, page(order, "route/"), branch=cast.branches["here"].pk).status_code == 302
    assert now(order).branch == cast.branches["here"]


def test_the_list_can_be_narrowed_and_odd_questions_break_nothing(cast, client_of, desk, order):
    ordering.cancel(order)
    assert page(order) not in desk.get(DESK).text
    assert page(order) in desk.get(f"{DESK}?state=cancelled").text
    assert "没有求助单" in desk.get(f"{DESK}?state=done").text
    for odd in ("state=nowhere", "branch=%00", "branch=99999999999999999999", "page=-1", "state=%ff&branch=x"):
        assert desk.get(f"{DESK}?{odd}").status_code == 200


def test_the_list_asks_as_much_for_many_orders_as_for_one(cast, desk, person):
    counts = []
    for number in (1, 2, 9):
        for _ in range(number):
            order = ask_for_help(cast, "here")
            dispatching.open_call(order, [cast.teams["here"]], visit_at=in_days(), by=cast.officer)
        desk.get(DESK)
        with CaptureQueriesContext(connection) as asked:
            desk.get(DESK)
        counts.append(len(asked))
    assert len(set(counts)) == 1
    assert counts[0] <= 8
