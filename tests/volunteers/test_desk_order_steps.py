"""Every step of an order by its page of the desk, and what pages from before are told."""

import pytest
from django.utils import timezone

from branches.models import Event
from tests.activities.desk import errors
from tests.cast import CANARIES
from tests.volunteers.desk import DESK, ask_for_help, now, page, send, somebody_free, typed, waiting, when
from tests.volunteers.errands import accepted, done, in_days, make_category
from tests.volunteers.troop import make_duty, make_shift, make_team, make_volunteer
from volunteers import dispatching, duties
from volunteers.models import Assignment, Skill, TeamMembership
from volunteers.order_steps import MOVED_ON

pytestmark = pytest.mark.django_db


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


def events(order):
    return list(Event.objects.filter(subject="volunteers.serviceorder", subject_pk=order.pk))


# --- every step by its page
@pytest.mark.parametrize("person", ["officer", "secretary", "district_officer"])
def test_from_one_street_to_another_the_district_decides(cast, client_of, person):
    order, client = ask_for_help(cast, "here"), client_of(getattr(cast, person))
    offered = client.get(page(order, "route/")).content.decode()
    assert cast.branches["next_door"].name in offered
    assert (cast.branches["elsewhere"].name in offered) == (person == "district_officer")


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


def test_only_teams_of_the_street_are_called(cast, desk, order, person):
    """A team elsewhere is not in reach because one of its people serves here, too."""
    far = cast.teams["elsewhere"]
    TeamMembership.objects.create(team=far, volunteer=person, status="active", since=timezone.localdate())
    offered = desk.get(page(order, "call/") + when()).context["form"].fields["teams"].queryset
    assert cast.teams["here"] in offered
    assert far not in offered


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
