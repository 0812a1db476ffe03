"""Shifts and places in them: joined, swapped, called off, ticked."""

import itertools
from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction

from branches.models import Event
from branches.transitions import IllegalTransition
from tests.makers import make_user
from tests.volunteers.troop import make_duty, make_shift, make_team, make_volunteer
from volunteers import duties
from volunteers.models import Shift, ShiftPlace

pytestmark = pytest.mark.django_db
# {event: states of a place it may start from}
TABLE = {
    "leave": {"joined"}, "ask_swap": {"joined"}, "keep": {"joined"}, "served": {"joined", "served", "absent"},
    "absent": {"joined", "served", "absent"},
}  # fmt: skip
TICKS = ("served", "absent")


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-09-21T10:00:00+08:00", tick=False)
    return time_machine


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def duty(team):
    return make_duty(team)


@pytest.fixture
def shift(duty):
    return make_shift(duty)


@pytest.fixture
def officer():
    return make_user("officer", name="小陈")


@pytest.fixture
def people(team):
    return [make_volunteer(team, number) for number in range(1, 5)]


def at(clock, moment):
    clock.move_to(moment, tick=False)


# --- joining
def test_joining_until_it_is_full(shift, people):
    for volunteer in people[:2]:
        duties.join(shift, volunteer, by=volunteer)
    with pytest.raises(IllegalTransition, match="满了"):
        duties.join(shift, people[2], by=people[2])
    assert shift.places.standing().count() == 2
    told = Event.objects.filter(subject="volunteers.shiftplace").first()
    assert (told.event, told.before, told.after, told.actor_name) == ("join", "", "joined", "示*")


def test_pressing_twice_is_one_place(shift, people):
    assert duties.join(shift, people[0], by=people[0]) == duties.join(shift, people[0], by=people[0])
    assert shift.places.count() == 1


def test_only_those_of_the_team(shift, team):
    other = make_volunteer(make_team(team.home, name="别的队", slug="other"), 9)
    gone = make_volunteer(team, 10, status="left")
    for volunteer in (other, gone):
        with pytest.raises(IllegalTransition, match="在队"):
            duties.join(shift, volunteer, by=volunteer)


def test_not_on_something_else(team, shift, people):
    other = make_shift(make_duty(team, name="楼栋巡查", begins=time(8), ends=time(9)))
    duties.join(shift, people[0], by=people[0])
    with pytest.raises(IllegalTransition, match="早上护学 9月22日上午7:30到8:30"):
        duties.join(other, people[0], by=people[0])


def test_not_once_it_has_begun_and_staff_may_write_down_who_stood_in(clock, shift, people, officer):
    at(clock, shift.starts_at)
    with pytest.raises(IllegalTransition, match="已经开始"):
        duties.join(shift, people[0], by=people[0])
    assert duties.join(shift, people[0], by=officer).status == "joined"
    at(clock, shift.ends_at + timedelta(days=8))
    with pytest.raises(IllegalTransition, match="已经开始"):
        duties.join(shift, people[1], by=officer)


def test_a_place_given_back_is_free_for_others_and_for_oneself(shift, people):
    for volunteer in people[:2]:
        duties.join(shift, volunteer, by=volunteer)
    duties.leave(shift.places.first(), by=people[0])
    duties.join(shift, people[2], by=people[2])
    with pytest.raises(IllegalTransition, match="满了"):
        duties.join(shift, people[0], by=people[0])


# --- the table of a place
@pytest.mark.parametrize(("event", "before"), list(itertools.product(TABLE, ShiftPlace.Status.values)))
def test_every_event_in_every_state(clock, shift, people, officer, event, before):
    place = ShiftPlace.objects.create(
        shift=shift, volunteer=people[0], status=before, minutes=60 if before == "served" else None
    )
    if event in TICKS:
        at(clock, shift.starts_at)
    verb = getattr(duties, event)
    if before in TABLE[event]:
        assert verb(place, by=officer).status == duties.PLACES[event][1]
        return
    with pytest.raises(IllegalTransition, match="刷新"):
        verb(place, by=officer)
    place.refresh_from_db()
    assert place.status == before
    assert not Event.objects.exists()


def test_the_table_is_what_the_verbs_do():
    assert {event: starts for event, (starts, _) in duties.PLACES.items()} == TABLE | {
        "join": {""}, "take_over": {"joined"}
    }  # fmt: skip


@pytest.mark.parametrize("event", ["leave", "ask_swap", "keep"])
def test_places_are_ones_own_or_the_captains(team, shift, people, event):
    place = duties.join(shift, people[0], by=people[0])
    with pytest.raises(IllegalTransition, match="不是您的"):
        getattr(duties, event)(place, by=people[1])
    team.captain = people[1]
    team.save()
    assert getattr(duties, event)(place, by=people[1])


@pytest.mark.parametrize("event", ["leave", "ask_swap", "keep"])
def test_nothing_of_it_once_it_has_begun(clock, shift, people, officer, event):
    place = duties.join(shift, people[0], by=people[0])
    at(clock, shift.starts_at)
    with pytest.raises(IllegalTransition, match="已经开始"):
        getattr(duties, event)(place, by=officer)


def test_under_twelve_hours_somebody_is_rung_up(clock, shift, people, officer):
    place = duties.join(shift, people[0], by=people[0])
    at(clock, shift.starts_at - timedelta(hours=12) + timedelta(minutes=1))
    with pytest.raises(IllegalTransition, match="打电话给队长"):
        duties.leave(place, by=people[0])
    assert duties.ask_swap(place, by=people[0]).wants_swap
    assert duties.leave(place, by=officer).status == "left"


# --- swaps
def test_a_colleague_takes_over_once(shift, people):
    place = duties.join(shift, people[0], by=people[0])
    duties.join(shift, people[1], by=people[1])
    with pytest.raises(IllegalTransition, match="不用换了"):
        duties.take_over(place, people[2], by=people[2])
    duties.ask_swap(place, by=people[0])
    with pytest.raises(IllegalTransition, match="自己也在"):
        duties.take_over(place, people[1], by=people[1])
    assert duties.take_over(place, people[2], by=people[2]).volunteer == people[2]
    with pytest.raises(IllegalTransition, match="刚刚有人接了"):
        duties.take_over(place, people[3], by=people[3])
    place.refresh_from_db()
    assert (place.status, place.wants_swap) == ("left", False)
    assert shift.places.standing().count() == 2


def test_a_swap_that_clashes_leaves_everything_as_it_was(team, shift, people):
    other = make_shift(make_duty(team, name="楼栋巡查"))
    duties.join(other, people[1], by=people[1])
    place = duties.join(shift, people[0], by=people[0])
    duties.ask_swap(place, by=people[0])
    with pytest.raises(IllegalTransition, match="别的事"):
        duties.take_over(place, people[1], by=people[1])
    place.refresh_from_db()
    assert (place.status, place.wants_swap) == ("joined", True)


def test_a_wish_to_swap_is_taken_back(shift, people):
    place = duties.join(shift, people[0], by=people[0])
    duties.ask_swap(place, by=people[0])
    assert not duties.keep(place, by=people[0]).wants_swap


# --- called off
def test_a_cancelled_shift_says_why(shift, people, officer):
    place = duties.join(shift, people[0], by=people[0])
    duties.ask_swap(place, by=people[0])
    duties.cancel(shift, by=officer, reason="学校停课")
    shift.refresh_from_db()
    place.refresh_from_db()
    assert (shift.status, shift.note, place.status, place.wants_swap) == ("cancelled", "学校停课", "joined", False)
    for verb in (lambda: duties.join(shift, people[1], by=people[1]), lambda: duties.leave(place, by=people[0])):
        with pytest.raises(IllegalTransition, match="取消了：学校停课"):
            verb()
    with pytest.raises(IllegalTransition, match="刷新"):
        duties.cancel(shift, by=officer, reason="学校停课")


def test_nothing_is_cancelled_without_a_reason_or_afterwards(clock, shift, people, officer):
    with pytest.raises(IllegalTransition, match="原因"):
        duties.cancel(shift, by=officer, reason="")
    with pytest.raises(IllegalTransition, match="120"):
        duties.cancel(shift, by=officer, reason="长" * 121)
    place = duties.join(shift, people[0], by=people[0])
    at(clock, shift.starts_at)
    duties.served(place, by=officer)
    with pytest.raises(IllegalTransition, match="已经记了"):
        duties.cancel(shift, by=officer, reason="下雨")
    at(clock, shift.ends_at)
    with pytest.raises(IllegalTransition, match="过去"):
        duties.cancel(shift, by=officer, reason="下雨")


# --- who came
def test_minutes_are_the_length_unless_told_and_corrections_are_kept(clock, shift, people, officer):
    place = duties.join(shift, people[0], by=people[0])
    at(clock, shift.starts_at + timedelta(minutes=5))
    assert duties.served(place, by=officer).minutes == 60
    duties.served(place, by=officer)  # pressed twice
    assert duties.served(place, by=officer, minutes=45).minutes == 45
    assert duties.absent(place, by=officer).minutes is None
    told = Event.objects.filter(subject="volunteers.shiftplace", subject_pk=place.pk).order_by("pk")
    assert list(told.values_list("event", "reason")) == [
        ("join", ""),
        ("served", "60分钟"),
        ("served", "45分钟"),
        ("absent", ""),
    ]


@pytest.mark.parametrize("minutes", [0, -1, 721])
def test_nobody_serves_no_time_or_all_day(clock, shift, people, officer, minutes):
    place = duties.join(shift, people[0], by=people[0])
    at(clock, shift.starts_at)
    with pytest.raises(IllegalTransition, match="分钟"):
        duties.served(place, by=officer, minutes=minutes)


@pytest.mark.parametrize("verb", TICKS)
def test_not_before_it_began_nor_a_week_after(clock, shift, people, officer, verb):
    place = duties.join(shift, people[0], by=people[0])
    for moment, why in ((shift.starts_at - timedelta(seconds=1), "还没开始"),
                        (shift.ends_at + timedelta(days=7, seconds=1), "七天")):  # fmt: skip
        at(clock, moment)
        with pytest.raises(IllegalTransition, match=why):
            getattr(duties, verb)(place, by=officer)


@pytest.mark.parametrize("verb", TICKS)
def test_nobody_ticks_themselves(clock, team, shift, people, verb):
    team.captain = people[1]
    team.save()
    mine, others = (duties.join(shift, each, by=each) for each in people[1::-1])
    at(clock, shift.starts_at)
    for place, by in ((others, people[0]), (mine, people[1]), (others, people[2])):
        with pytest.raises(IllegalTransition, match="来记"):
            getattr(duties, verb)(place, by=by)
    assert getattr(duties, verb)(others, by=people[1])


# --- what the database says too
def test_the_database_refuses_what_no_verb_does(shift, people):
    wrong = [
        {"status": "served", "minutes": None}, {"status": "joined", "minutes": 5}, {"status": "served", "minutes": 721},
        {"status": "left", "wants_swap": True},
    ]  # fmt: skip
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            ShiftPlace.objects.create(shift=shift, volunteer=people[0], **fields)
    ShiftPlace.objects.create(shift=shift, volunteer=people[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        ShiftPlace.objects.create(shift=shift, volunteer=people[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(duty=shift.duty, starts_at=shift.starts_at, ends_at=shift.ends_at, needed=2)
