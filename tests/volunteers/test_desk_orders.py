"""The desk: whose orders its pages show, that people are masked, and every step of an order by its page."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches.models import AuditEntry, Event
from tests.activities.desk import errors
from tests.cast import AREAS, CANARIES
from tests.volunteers.desk import (
    DESK,
    STEPS,
    TELEPHONES,
    ask_for_help,
    newest,
    now,
    orders_of,
    page,
    send,
    typed,
    waiting,
    when,
)
from tests.volunteers.errands import accepted, done, in_days, make_category
from tests.volunteers.troop import make_duty, make_shift, make_team, make_volunteer
from tests.whole_site.addresses import routes
from volunteers import dispatching, duties, ordering
from volunteers.models import Assignment, ServiceOrder, Skill, TeamMembership, Volunteer
from volunteers.open_contact import OPEN_SECONDS
from volunteers.order_steps import MOVED_ON

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


@pytest.mark.parametrize("person", ["officer", "secretary", "district_officer"])
def test_from_one_street_to_another_the_district_decides(cast, client_of, person):
    order, client = ask_for_help(cast, "here"), client_of(getattr(cast, person))
    offered = client.get(page(order, "route/")).content.decode()
    assert cast.branches["next_door"].name in offered
    assert (cast.branches["elsewhere"].name in offered) == (person == "district_officer")


@pytest.fixture
def desk(cast, client_of):
    """The secretary's browser."""
    return client_of(cast.secretary)


@pytest.fixture
def order(cast):
    return ask_for_help(cast, "here")


@pytest.fixture
def person(cast):
    """Somebody of the team here, free at any hour of the week."""
    Volunteer.objects.filter(pk=cast.volunteers["here"].pk).update(free_times=0)
    return Volunteer.objects.get(pk=cast.volunteers["here"].pk)


def events(order):
    return list(Event.objects.filter(subject="volunteers.serviceorder", subject_pk=order.pk))


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


# --- every step by its page
def test_an_order_goes_through_its_life_at_the_desk(cast, desk, order, person):
    chosen = page(order, "offer/") + when()
    assert "示例" not in person.name
    shown = desk.get(chosen).text
    assert f'name="volunteer" value="{person.pk}"' in shown
    assert send(desk, chosen, volunteer=person.pk).status_code == 302
    assert (now(order).status, timezone.localtime(now(order).visit_at).hour) == ("dispatching", 15)
    assert send(desk, page(order, "people/{who}/answer/"), said="no", reason="腿疼").status_code == 302
    assert now(order).status == "submitted"
    text = desk.get(page(order)).text
    assert "腿疼" in text
    assert f"替{person}" in text
    assert f'name="volunteer" value="{person.pk}"' not in desk.get(chosen).text  # said no: not offered again
    second = make_volunteer(cast.teams["here"], 8)
    send(desk, chosen, volunteer=second.pk)
    assert send(desk, page(order, "people/{who}/answer/"), said="yes").status_code == 302
    assert now(order).status == "accepted"
    assert send(desk, page(order, "complete/"), what="换好了灯", **{f"minutes_{second.pk}": 35}).status_code == 302
    assert (now(order).status, now(order).outcome) == ("done", "换好了灯")
    assert second.assignments.get().minutes == 35
    assert send(desk, page(order, "rate/"), rating="fair", words="来得慢").status_code == 302
    assert (now(order).status, now(order).rating) == ("closed", "fair")
    assert events(order)[-1].on_behalf_of == "居民"
    assert send(desk, page(order, "reopen/"), reason="又坏了").status_code == 302
    assert now(order).status == "submitted"
    assert send(desk, page(order, "cancel/"), reason="本人说修好了").status_code == 302
    assert now(order).status == "cancelled"
    assert "更正" not in desk.get(page(order)).text
    assert send(desk, page(order, "correct/"), reason="点错了一下").status_code == 409


def test_the_district_corrects(cast, client_of, order):
    officer = client_of(cast.district_officer)
    send(officer, page(order, "cancel/"), reason="弄错了一单")
    assert "reason" in errors(send(officer, page(order, "correct/"), reason="错了"))
    assert send(officer, page(order, "correct/"), reason="撤错了一单").status_code == 302
    assert now(order).status == "submitted"


def test_turning_down_tells_why(desk, order):
    assert "reason" in errors(send(desk, page(order, "reject/"), reason=" "))
    send(desk, page(order, "reject/"), reason="要找燃气公司")
    assert (now(order).status, now(order).outcome, waiting()) == ("unable", "要找燃气公司", ["unable"])


def test_a_secretary_sends_it_on_and_it_is_out_of_their_sight(cast, desk, order):
    answer = send(desk, page(order, "route/"), branch=cast.branches["next_door"].pk)
    assert answer["Location"] == DESK
    assert desk.get(page(order)).status_code == 404
    assert now(order).branch == cast.branches["next_door"]


def test_the_same_matter_twice(cast, desk, order):
    again, foreign = ask_for_help(cast, "here"), ask_for_help(cast, "elsewhere")
    assert f'value="{order.pk}"' in desk.get(page(again, "duplicate/")).text  # the same telephone
    for wrong in ({}, {"number": foreign.pk}, {"likely": foreign.pk}, {"number": "x"}, {"number": 10**11}):
        assert send(desk, page(again, "duplicate/"), **wrong).status_code == 200
    assert send(desk, page(again, "duplicate/"), number=again.pk).status_code == 200
    assert send(desk, page(again, "duplicate/"), likely=order.pk).status_code == 302
    assert (now(again).status, now(again).duplicate_of) == ("duplicate", order)


def test_a_call_to_whole_teams_and_somebody_who_rings(cast, desk, order, person):
    address = page(order, "call/") + when()
    assert CANARIES["elsewhere"] not in desk.get(address).text
    assert "teams" in errors(send(desk, address))
    assert "teams" in errors(send(desk, address, teams=[cast.teams["elsewhere"].pk]))
    assert send(desk, address, teams=[cast.teams["here"].pk]).status_code == 302
    assert "全队的人" in desk.get(page(order)).text
    assert send(desk, page(order, "recall-call/"), reason="换个时间").status_code == 302
    assert now(order).status == "submitted"
    send(desk, address, teams=[cast.teams["here"].pk])
    assert "volunteer" in errors(send(desk, page(order, "take/"), volunteer=cast.volunteers["elsewhere"].pk))
    assert send(desk, page(order, "take/"), volunteer=person.pk).status_code == 302
    assert now(order).status == "accepted"


def test_somebody_taken_off_and_a_visit_in_vain(cast, desk, order, person):
    accepted(order, person)
    assert send(desk, page(order, "people/{who}/fail/"), note="敲门没人").status_code == 302
    assert (now(order).status, now(order).attempts) == ("submitted", 1)
    second = make_volunteer(cast.teams["here"], 8)
    last = accepted(order, second)
    assert send(desk, f"{DESK}{order.pk}/people/{last.pk}/recall/", reason="换一位").status_code == 302
    assert Assignment.objects.get(pk=last.pk).status == "recalled"
    assert "recalled" in waiting()


def test_two_things_at_a_time_only_with_a_reason(cast, desk, order, person):
    shift = make_shift(make_duty(cast.teams["here"], name="护学"), day=timezone.localdate(in_days()))
    duties.join(shift, person, by=person)
    dispatching.offer(order, person, visit_at=shift.starts_at, by=cast.officer)
    address = page(order, "people/{who}/answer/")
    refused = send(desk, address, said="yes")
    assert (refused.status_code, "护学" in refused.text) == (409, True)
    assert desk.post(address, typed(refused, override="他说护学换了人")).status_code == 302
    assert [event.reason for event in events(order) if event.event == "override"] == ["他说护学换了人"]


def test_who_lacks_the_skill_is_found_by_name_and_asked_with_a_reason(cast, desk):
    skill = Skill.objects.create(name="修管道", slug="pipes")
    order = ask_for_help(cast, "here", category=make_category("pipes", skill=skill))
    handy = make_volunteer(cast.teams["here"], 8, name="钱师傅")
    far = make_volunteer(make_team(cast.homes["elsewhere"], slug="far", name="远队"), 9, name="钱大爷")
    address = page(order, "offer/") + when()
    assert f'name="volunteer" value="{handy.pk}"' not in desk.get(address).text
    sheet = typed(desk.get(address))
    for words in ("钱", handy.telephone):
        found = desk.post(address, sheet | {"find": "1", "q": words}).text
        assert f'name="volunteer" value="{handy.pk}"' in found
        assert f'name="volunteer" value="{far.pk}"' not in found  # of the other street
        assert "钱师傅" not in found
    assert now(order).status == "submitted"  # looking for somebody asks nobody
    refused = send(desk, address, volunteer=handy.pk)
    assert (refused.status_code, "没有登记会" in refused.text) == (409, True)
    assert "volunteer" in errors(send(desk, address, volunteer=far.pk, override="他真的会修"))
    assert desk.post(address, typed(refused, volunteer=handy.pk, override="上次是他修的")).status_code == 302
    assert now(order).status == "dispatching"


@pytest.mark.parametrize("odd", ["?day=2026-13-40", "?day=&begins=&minutes=", "?minutes=-1", "?day=%00", "?begins=%ff"])
def test_an_odd_time_is_asked_for_again(desk, order, odd):
    for tail in ("offer/", "call/"):
        answer = desk.get(page(order, tail) + odd)
        assert (answer.status_code, "什么时候去" in answer.text) == (200, True)
        assert desk.post(page(order, tail) + odd, {"volunteer": 1}).status_code == 200
    assert now(order).status == "submitted"


def test_a_time_that_is_over_is_refused(desk, order):
    assert "已经过了" in desk.get(page(order, "offer/") + when(-1)).text


# --- pages from before
@pytest.mark.parametrize(
    ("tail", "sent"),
    [("reject/", {"reason": "不归我们"}), ("cancel/", {"reason": "不办了"}), ("offer/", {}), ("call/", {}),
     ("people/{who}/answer/", {"said": "yes"}), ("people/{who}/answer/", {"said": "no"}),
     ("people/{who}/recall/", {"reason": "换人"}), ("people/{who}/fail/", {"note": "没人"})],
)  # fmt: skip
def test_a_page_from_before_is_told_and_changes_nothing(cast, desk, person, tail, sent):
    order = ask_for_help(cast, "here", needed=2)
    accepted(order, make_volunteer(cast.teams["here"], 8))
    dispatching.offer(order, person, visit_at=now(order).visit_at, by=cast.officer)
    given = {"volunteer": person.pk, "teams": cast.teams["here"].pk, "version": now(order).version - 1}
    before = now(order).version
    answer = desk.post(page(order, tail) + when(), sent | given)
    assert (answer.status_code, MOVED_ON in answer.text) == (409, True)
    assert now(order).version == before


@pytest.mark.parametrize(("tail", "sent"), [("rate/", {"rating": "good"}), ("reopen/", {"reason": "又坏"}),
                                            ("complete/", {"what": "好了"})])  # fmt: skip
def test_so_it_is_at_the_end(desk, order, person, tail, sent):
    done(order, person) if tail != "complete/" else accepted(order, person)
    given = {"version": 0, f"minutes_{person.pk}": 5}
    answer = desk.post(page(order, tail), sent | given)
    assert (answer.status_code, MOVED_ON in answer.text) == (409, True)


def test_what_was_typed_counts_when_it_is_sent_once_more(desk, order):
    refused = desk.post(page(order, "cancel/"), {"reason": "不办了", "version": 0})
    assert refused.status_code == 409
    assert "不办了" in refused.text
    assert desk.post(page(order, "cancel/"), typed(refused)).status_code == 302


def test_the_whole_story_is_told_with_who_and_why(cast, desk, order, person):
    accepted(order, person, by=cast.officer)
    dispatching.complete(order, by=person, what="好了", minutes={person.pk: 20})
    text = desk.get(page(order)).text
    for words in ("点单", "请一位去", "有人接单", f"{person}：说去", "办完了", "居民", str(cast.officer), str(person)):
        assert words in text


# --- by proxy
CALLER = {
    "via": "telephone", "what": "水管漏了", "name": "陈娭毑", "telephone": "199 0000 4567", "caller": "她的女儿",
    "place": "金丝雀家园3栋402", "division": "", "home": "", "wish": "", "needed": "1", "consent": "on",
}  # fmt: skip


def test_an_order_by_telephone_keeps_both_names_and_shows_its_code_once(cast, desk):
    before = ServiceOrder.objects.count()
    sheet = typed(desk.get(f"{DESK}new/"), **CALLER, category=make_category().pk)
    answer = desk.post(f"{DESK}new/", sheet)
    order = newest()
    assert (order.name, order.proxy_name, order.telephone) == ("陈娭毑", "她的女儿", "19900004567")
    assert (order.taken_by, order.via, order.branch) == (cast.secretary, "telephone", cast.branches["here"])
    code = f"{order.code[:4]} {order.code[4:]}"
    assert code in answer.text
    assert answer["Cache-Control"] == "private, no-store"
    assert order.consented_at is not None
    for address in (DESK, page(order), f"{DESK}calls/"):
        text = desk.get(address).text
        assert code not in text
        assert order.code not in text
    again = desk.post(f"{DESK}new/", sheet)  # a double tap
    assert code in again.text
    assert ServiceOrder.objects.count() == before + 1


def test_what_is_missing_is_told_beside_its_field_and_nothing_typed_is_lost(desk):
    before = ServiceOrder.objects.count()
    for name in ("what", "name", "telephone", "place", "needed", "consent", "category"):
        answer = send(desk, f"{DESK}new/", **CALLER | {"category": make_category().pk} | {name: ""})
        assert list(errors(answer)) == [name]
        assert ("水管漏了" in answer.text) is (name != "what")
    for nothing in ("\u200b", "\u3000"):
        assert "name" in errors(send(desk, f"{DESK}new/", **CALLER | {"category": make_category().pk, "name": nothing}))
    assert ServiceOrder.objects.count() == before


def test_a_home_of_another_area_cannot_be_chosen(cast, client_of):
    sent = CALLER | {"category": make_category().pk, "home": cast.homes["elsewhere"].pk}
    assert "home" in errors(send(client_of(cast.officer), f"{DESK}new/", **sent))


def test_the_organiser_enters_for_their_home(cast, client_of):
    door = client_of(cast.organiser)
    sent = CALLER | {"category": make_category().pk, "home": cast.homes["here"].pk, "via": "desk", "place": "家里大厅"}
    assert send(door, f"{DESK}new/", **sent).status_code == 200
    assert newest().home == cast.homes["here"]


def test_a_post_is_needed_to_enter_one(cast, client_of):
    assert client_of(cast.street_officer).get(f"{DESK}new/").status_code == 403
    assert client_of(cast.auditor).get(DESK).status_code == 403


def test_areas_are_all_tried():
    assert set(TELEPHONES) == set(AREAS)


def test_only_teams_of_the_street_are_called(cast, desk, order, person):
    """A team elsewhere is not in reach because one of its people serves here, too."""
    far = cast.teams["elsewhere"]
    TeamMembership.objects.create(team=far, volunteer=person, status="active", since=timezone.localdate())
    offered = desk.get(page(order, "call/") + when()).context["form"].fields["teams"].queryset
    assert cast.teams["here"] in offered
    assert far not in offered
