"""How long somebody served: what counts, what counts once, and that a statement is the sum of its rows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities import attendance, signup
from activities.models import SignUp
from branches.names import person_key
from tests.activities.town import make_activity
from tests.volunteers.test_busy import visit
from tests.volunteers.troop import make_duty, make_shift, make_team, make_volunteer
from volunteers import hours
from volunteers.models import Assignment, ServiceOrder, Shift, ShiftPlace

pytestmark = pytest.mark.django_db
BEGINS = datetime(2026, 6, 1, 0, tzinfo=UTC)  # eight in the morning here
HOUR = timedelta(hours=1)


@pytest.fixture
def volunteer():
    return make_volunteer(make_team())


@pytest.fixture
def duty(volunteer):
    return make_duty(volunteer.memberships.get().team)


def closed(volunteer, at, minutes=50, status="closed"):
    assignment = visit(volunteer, at)
    Assignment.objects.filter(pk=assignment.pk).update(status="completed", minutes=minutes, ended_at=at + HOUR)
    ServiceOrder.objects.filter(pk=assignment.order_id).update(
        status=status, rating="good" if status == "closed" else "", done_at=at + HOUR,
        ended_at=at + HOUR if status == "closed" else None,
    )  # fmt: skip
    return assignment


def stood(duty, volunteer, at, minutes=60, status="served"):
    shift = Shift.objects.create(duty=duty, starts_at=at, ends_at=at + HOUR, needed=2)
    return ShiftPlace.objects.create(
        shift=shift, volunteer=volunteer, status=status, minutes=minutes if status == "served" else None
    )


def attended(volunteer, at, minutes=90, status="attended"):
    activity = make_activity(volunteer.memberships.get().team.home, status="finished")
    type(activity).objects.filter(pk=activity.pk).update(starts_at=at, ends_at=at + timedelta(minutes=minutes))
    key = person_key(volunteer.name, volunteer.telephone)
    return SignUp.objects.create(activity=activity, name=volunteer.name, person_key=key, status=status)


def minutes(volunteer):
    return [(row.what, row.minutes) for row in hours.served(volunteer)]


def test_closed_orders_shifts_and_activities_count(volunteer, duty):
    closed(volunteer, BEGINS)
    stood(duty, volunteer, BEGINS + 2 * HOUR, minutes=45)
    attended(volunteer, BEGINS + 4 * HOUR)
    assert minutes(volunteer) == [("修水电", 50), ("早上护学", 45), ("合唱班", 90)]


def test_what_is_not_over_or_was_not_done_counts_not(volunteer, duty):
    closed(volunteer, BEGINS, status="done")
    visit(volunteer, BEGINS + 2 * HOUR)
    for number, status in enumerate(("joined", "left", "absent")):
        stood(duty, volunteer, BEGINS + timedelta(days=number), status=status)
    for status in ("confirmed", "absent"):
        attended(volunteer, BEGINS + 4 * HOUR, status=status)
    assert minutes(volunteer) == []


def test_what_others_did_is_not_mine(volunteer, duty):
    other = make_volunteer(volunteer.memberships.get().team, 2)
    stood(duty, other, BEGINS)
    closed(other, BEGINS + 2 * HOUR)
    attended(other, BEGINS + 4 * HOUR)
    assert minutes(volunteer) == []
    assert len(minutes(other)) == 3


@pytest.mark.parametrize("what", ["shift", "order"])
def test_an_activity_during_something_else_is_not_counted_again(volunteer, duty, what):
    stood(duty, volunteer, BEGINS) if what == "shift" else closed(volunteer, BEGINS, minutes=60)
    attended(volunteer, BEGINS + HOUR / 2)
    assert [number for _, number in minutes(volunteer)] == [60]
    attended(volunteer, BEGINS + HOUR)  # touches, and falls on nothing that counts
    assert [number for _, number in minutes(volunteer)] == [60, 90]


def test_two_activities_at_one_time_are_one(volunteer):
    attended(volunteer, BEGINS)
    attended(volunteer, BEGINS + HOUR / 2)
    assert [number for _, number in minutes(volunteer)] == [90]


def test_a_walk_in_who_told_their_number_is_counted(volunteer, time_machine):
    activity = make_activity(volunteer.memberships.get().team.home)
    signup.join(activity, names=["别人"], telephone="19900079999")
    time_machine.move_to(activity.starts_at, tick=False)
    attendance.walk_in(activity, name=volunteer.name, telephone=volunteer.telephone, by=None)
    assert minutes(volunteer) == [("合唱班", 90)]


@pytest.mark.parametrize(("number", "words"), [(0, "0分钟"), (59, "59分钟"), (60, "1小时"), (135, "2小时15分钟")])
def test_minutes_in_words(number, words):
    assert hours.in_words(number) == words


def test_a_period_holds_what_began_in_it(volunteer, duty):
    late = datetime(2026, 5, 31, 15, 30, tzinfo=UTC)  # half an hour before midnight here
    stood(duty, volunteer, late, minutes=60)
    stood(duty, volunteer, BEGINS, minutes=30)
    june = hours.statement(volunteer, date(2026, 6, 1), date(2026, 6, 30))
    assert [row.minutes for row in june.rows] == [30]
    assert hours.statement(volunteer, date(2026, 5, 1), date(2026, 5, 31)).minutes == 60


things = st.lists(
    st.tuples(st.sampled_from(("order", "open order", "shift", "absence", "activity")), st.integers(0, 60),
              st.integers(1, 200)),
    max_size=12,
)  # fmt: skip


@given(things=things, cut=st.integers(0, 4))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_statement_is_the_sum_of_what_counts_each_minute_once(volunteer, duty, things, cut):
    with transaction.atomic():
        expected, taken = 0, set()
        for what, number, long in things:
            at = BEGINS + number * HOUR
            match what:
                case "order":
                    closed(volunteer, at, minutes=long)
                    expected += long
                case "open order":
                    closed(volunteer, at, minutes=long, status="done")
                case "shift" | "absence":
                    if number not in taken:
                        taken.add(number)
                        stood(duty, volunteer, at, minutes=long, status="served" if what == "shift" else "absent")
                        expected += long if what == "shift" else 0
                case "activity":
                    attended(volunteer, at, minutes=long)
        rows = hours.served(volunteer)
        own = [row for row in rows if row.what != "合唱班"]
        assert sum(row.minutes for row in own) == expected
        for row in rows:
            if row.what == "合唱班":
                others = [each for each in rows if each is not row]
                assert not any(row.starts_at < each.ends_at and each.starts_at < row.ends_at for each in others)
        begins, days = BEGINS.date(), timedelta(days=1)
        first = hours.statement(volunteer, begins, begins + cut * days)
        rest = hours.statement(volunteer, begins + (cut + 1) * days, begins + 10 * days)
        whole = hours.statement(volunteer, begins, begins + 10 * days)
        assert whole.minutes == sum(row.minutes for row in whole.rows) == first.minutes + rest.minutes
        transaction.set_rollback(True)


def test_without_overlap_every_activity_counts(volunteer):
    for number in range(3):
        attended(volunteer, BEGINS + number * timedelta(days=1))
    assert hours.statement(volunteer, date(2026, 6, 1), date(2026, 6, 2)).minutes == 180


def test_a_long_shift_is_counted_as_ticked(volunteer, duty):
    shift = make_shift(duty, day=date(2026, 6, 1))
    ShiftPlace.objects.create(shift=shift, volunteer=volunteer, status="served", minutes=20)
    assert minutes(volunteer) == [("早上护学", 20)]
