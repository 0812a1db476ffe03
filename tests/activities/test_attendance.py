"""Who came: ticks, codes, walk-ins, and when they may be written down."""

from datetime import timedelta

import pytest

from activities import attendance, publishing, signup
from branches.models import Event, User
from branches.transitions import IllegalTransition
from tests.activities.town import make_activity, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return User.objects.create_user("by")


@pytest.fixture
def activity():
    return make_activity(make_town(), capacity=2)


def names(activity, status):
    return sorted(activity.sign_ups.filter(status=status).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (lambda a: a.starts_at - timedelta(minutes=61), False),
        (lambda a: a.starts_at - timedelta(minutes=59), True),
        (lambda a: a.ends_at + timedelta(days=7), True),
        (lambda a: a.ends_at + timedelta(days=7, minutes=1), False),
    ],
)
def test_from_an_hour_before_until_a_week_after(activity, by, moment, is_open):
    now = moment(activity)
    assert attendance.is_open(activity, now) is is_open
    if is_open:
        attendance.walk_in(activity, name="甲", by=by, now=now)
    else:
        with pytest.raises(IllegalTransition, match="不能签到"):
            attendance.walk_in(activity, name="甲", by=by, now=now)


def test_many_are_ticked_at_once_and_a_wrong_tick_is_taken_back(activity, by):
    rows = [
        signup.join(activity, names=[name], telephone=f"1990000000{n}").sign_ups.get() for n, name in enumerate("甲乙")
    ]
    now = activity.starts_at
    assert attendance.mark(activity, attended=[rows[0].pk], absent=[rows[1].pk], by=by, now=now) == 2
    assert (names(activity, "attended"), names(activity, "absent")) == (["甲"], ["乙"])
    assert attendance.mark(activity, attended=[row.pk for row in rows], by=by, now=now) == 1
    assert names(activity, "attended") == ["乙", "甲"]
    assert Event.objects.filter(event="mark_attended").count() == 2


def test_those_who_wait_or_have_left_are_not_ticked(activity, by):
    for number, name in enumerate("甲乙丙"):
        signup.join(activity, names=[name], telephone=f"1990000000{number}")
    waiting = activity.sign_ups.get(name="丙")
    with pytest.raises(IllegalTransition, match="候补"):
        attendance.mark(activity, attended=[waiting.pk], by=by, now=activity.starts_at)
    assert names(activity, "waitlisted") == ["丙"]


def test_a_sign_up_of_another_activity_is_not_touched(activity, by):
    other = make_activity(activity.home, title="别的")
    row = signup.join(other, names=["甲"], telephone="19900000001").sign_ups.get()
    assert attendance.mark(activity, attended=[row.pk], by=by, now=activity.starts_at) == 0
    assert names(other, "confirmed") == ["甲"]


def test_a_code_checks_in_everybody_of_the_booking(activity, by):
    booking = signup.join(activity, names=["甲", "乙"], telephone="19900000001")
    assert attendance.check_in(activity, code=booking.code, by=by, now=activity.starts_at) == ["甲", "乙"]
    assert attendance.check_in(activity, code=booking.code, by=by, now=activity.starts_at) == []
    with pytest.raises(IllegalTransition, match="不在这次活动的名单里"):
        attendance.check_in(activity, code="00000000", by=by, now=activity.starts_at)


def test_a_walk_in_takes_no_seat_but_needs_a_chair(activity, by):
    activity.room_limit = 3
    activity.save()
    for number, name in enumerate("甲乙"):
        signup.join(activity, names=[name], telephone=f"1990000000{number}")
    walked = attendance.walk_in(activity, name="丙", by=by, now=activity.starts_at)
    assert (walked.status, walked.walk_in, activity.sign_ups.seated().count()) == ("attended", True, 2)
    with pytest.raises(IllegalTransition, match="最多坐3人"):
        attendance.walk_in(activity, name="丁", by=by, now=activity.starts_at)
    attendance.strike_out(walked, by=by, now=activity.starts_at)
    attendance.walk_in(activity, name="丁", by=by, now=activity.starts_at)
    assert names(activity, "attended") == ["丁"]


def test_an_activity_that_is_finished_can_still_be_ticked(activity, by):
    row = signup.join(activity, names=["甲"], telephone="19900000001").sign_ups.get()
    later = activity.ends_at + timedelta(days=1)
    publishing.finish(activity, now=later)
    attendance.mark(activity, attended=[row.pk], by=by, now=later)
    assert names(activity, "attended") == ["甲"]
