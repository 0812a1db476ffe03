"""Signing up: who has a seat, who waits, who moves up, and what is told to whom."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from activities import seats, signup
from activities.models import Booking, Message, SignUp
from branches.models import Event, User
from branches.transitions import IllegalTransition
from tests.activities.town import make_activity, make_course, make_kind, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_town()


@pytest.fixture
def by():
    return User.objects.create_user("by", name="小陈")


def join(activity, *names, telephone=None, **given):
    number = Booking.objects.count()
    return signup.join(activity, names=names, telephone=telephone or f"199000000{number:02}", **given)


def statuses(activity):
    return dict(activity.sign_ups.exclude(status="cancelled").values_list("name", "status"))


# --- join
def test_a_booking_has_a_code_and_a_sealed_telephone(home):
    booking = join(make_activity(home), "甲", telephone="19900000001", proxy="女儿", consent_version="2026-11")
    assert (len(booking.code), booking.code.isdigit(), booking.proxy) == (8, True, "女儿")
    assert booking.consented_at is not None
    assert booking.code not in str(booking)
    event = Event.objects.get(subject="activities.signup")
    assert (event.event, event.after, event.actor, event.actor_name) == ("join", "confirmed", "", "居民")


def test_a_code_that_somebody_has_is_drawn_again(home, monkeypatch):
    activity = make_activity(home)
    first = join(activity, "王明")
    monkeypatch.setattr(signup, "random_code", iter((first.code, "00000001")).__next__)
    second = join(activity, "李四")
    assert second.code == "00000001"
    assert second.sign_ups.count() == 1


def test_a_group_sits_together_or_waits_together(home):
    activity = make_activity(home, capacity=3)
    join(activity, "甲", "乙")
    join(activity, "丙", "丁")
    join(activity, "戊")  # one seat is free, but others came first
    assert statuses(activity) == {
        "甲": "confirmed", "乙": "confirmed", "丙": "waitlisted", "丁": "waitlisted", "戊": "waitlisted",
    }  # fmt: skip


@pytest.mark.parametrize("again", ["甲", " 甲", "甲\u200b", "甲 "])
def test_the_same_person_has_one_place_however_it_is_typed(home, again):
    activity = make_activity(home)
    join(activity, "甲", telephone="19900000001")
    with pytest.raises(signup.AlreadySignedUp, match="已经报过名了"):
        join(activity, again, telephone="19900000001")
    assert activity.sign_ups.count() == Booking.objects.count() == 1


def test_the_same_name_with_another_telephone_is_another_person(home):
    activity = make_activity(home)
    join(activity, "甲", telephone="19900000001")
    join(activity, "甲", telephone="19900000002")
    assert activity.sign_ups.count() == 2


def test_whoever_left_may_come_back_at_the_end_of_the_queue(home):
    activity = make_activity(home, capacity=1)
    first = join(activity, "甲", telephone="19900000001").sign_ups.get()
    join(activity, "乙")
    signup.leave(first)
    join(activity, "甲", telephone="19900000001")
    assert statuses(activity) == {"乙": "confirmed", "甲": "waitlisted"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "draft"}, "还没发布"),
        ({"status": "cancelled", "note": "停办"}, "取消了"),
        ({"takes_sign_up": False}, "直接来"),
        ({"starts_in": timedelta(hours=1)}, "截止"),
        ({"starts_in": -timedelta(days=1)}, "已经结束"),
    ],
)
def test_where_nobody_can_sign_up_the_reason_is_said(home, fields, sentence):
    with pytest.raises(IllegalTransition, match=sentence):
        join(make_activity(home, **fields), "甲")
    assert not Booking.objects.exists()


def test_a_colleague_on_the_telephone_may_sign_somebody_up_until_it_begins(home, by):
    activity = make_activity(home, starts_in=timedelta(hours=1))
    booking = join(activity, "甲", by=by)
    assert (booking.taken_by, statuses(activity)) == (by, {"甲": "confirmed"})


@pytest.mark.parametrize("names", [(), ("",), ("甲", "乙", "丙", "丁", "戊"), ("甲", "甲 ")])
def test_one_to_four_different_people(home, names):
    with pytest.raises(IllegalTransition):
        join(make_activity(home), *names)


# --- leave and move up
def test_a_place_given_back_goes_to_the_first_in_the_queue_and_is_told_once(home):
    activity = make_activity(home, capacity=1)
    first = join(activity, "甲").sign_ups.get()
    for name in "乙丙":
        join(activity, name)
    signup.leave(first)
    assert statuses(activity) == {"乙": "confirmed", "丙": "waitlisted"}
    message = Message.objects.get()
    assert (message.sign_up.name, message.kind, message.status) == ("乙", "promoted", "waiting")
    with pytest.raises(IllegalTransition):
        signup.leave(first)


def test_nobody_jumps_a_group_that_is_too_large_and_its_leaving_lets_the_next_in(home):
    activity = make_activity(home, capacity=2)
    first = join(activity, "甲").sign_ups.get()
    join(activity, "乙")
    group = join(activity, "丙", "丁")
    join(activity, "戊")
    signup.leave(first)
    assert statuses(activity)["戊"] == "waitlisted"
    signup.leave(group.sign_ups.get(name="丙"))
    assert (statuses(activity)["丁"], statuses(activity)["戊"]) == ("confirmed", "waitlisted")


def test_close_to_the_start_the_organiser_rings_instead(home, by):
    activity = make_activity(home, capacity=1, starts_in=timedelta(hours=5))
    first = join(activity, "甲").sign_ups.get()
    second, third = (join(activity, name).sign_ups.get() for name in "乙丙")
    late = activity.starts_at - timedelta(hours=1)
    signup.leave(first, now=late)
    assert statuses(activity) == {"乙": "waitlisted", "丙": "waitlisted"}
    with pytest.raises(IllegalTransition, match="原因"):
        signup.offer_late(third, by=by, now=late)
    signup.offer_late(third, by=by, reason="乙的电话打不通", now=late)
    assert statuses(activity)["丙"] == "confirmed"
    with pytest.raises(IllegalTransition, match="满了"):
        signup.offer_late(second, by=by, now=late)


def test_a_kitchen_closes_the_day_before_and_moves_nobody_up_after_that(home):
    meal = make_kind("meal", day_before_at=time(16))
    noon = timezone.localtime().replace(hour=11, minute=30) + timedelta(days=3)
    activity = make_activity(home, kind=meal, capacity=1, starts_in=noon - timezone.localtime())
    activity.sign_up_until = noon - timedelta(hours=19, minutes=30)
    activity.save()
    first = join(activity, "甲").sign_ups.get()
    join(activity, "乙")
    signup.leave(first, now=activity.sign_up_until + timedelta(minutes=1))
    assert statuses(activity) == {"乙": "waitlisted"}
    with pytest.raises(IllegalTransition, match="截止"):
        join(activity, "丙", now=activity.sign_up_until)


# --- seats
def test_more_seats_let_those_who_wait_in(home, by):
    activity = make_activity(home, capacity=1)
    for name in "甲乙丙":
        join(activity, name)
    signup.set_capacity(activity, capacity=2, by=by)
    assert list(statuses(activity).values()) == ["confirmed", "confirmed", "waitlisted"]
    signup.set_capacity(activity, capacity=None, by=by)
    assert set(statuses(activity).values()) == {"confirmed"}


def test_fewer_seats_than_people_want_a_decision_and_drop_nobody(home, by):
    activity = make_activity(home, capacity=3)
    rows = [join(activity, name).sign_ups.get() for name in "甲乙丙丁"]
    with pytest.raises(IllegalTransition, match="3位"):
        signup.set_capacity(activity, capacity=2, by=by)
    activity = signup.set_capacity(activity, capacity=2, by=by, keep=True)
    assert (activity.over_by, list(statuses(activity).values()).count("confirmed")) == (1, 3)
    signup.leave(rows[0])
    activity.refresh_from_db()
    assert (activity.over_by, statuses(activity)["丁"]) == (0, "waitlisted")
    signup.leave(rows[1])
    assert statuses(activity)["丁"] == "confirmed"
    with pytest.raises(IllegalTransition, match="至少是1"):
        signup.set_capacity(activity, capacity=0, by=by)


# --- courses
def test_a_whole_course_is_one_code_and_each_session_its_own_seat(home):
    course = make_course(home, sessions=3, capacity=1)
    first = course.sessions.order_by("starts_at").first()
    join(first, "乙")
    booking = signup.enrol(course, names=["甲"], telephone="19900000001")
    by_session = list(booking.sign_ups.order_by("activity__starts_at").values_list("status", flat=True))
    assert by_session == ["waitlisted", "confirmed", "confirmed"]
    second = booking.sign_ups.order_by("activity__starts_at")[1]
    signup.leave(second)
    assert booking.sign_ups.filter(status="confirmed").count() == 1
    assert seats.free(second.activity) == 1


def test_enrolling_twice_is_refused_and_a_session_joined_before_is_kept(home):
    course = make_course(home, sessions=2)
    join(course.sessions.first(), "甲", telephone="19900000001")
    booking = signup.enrol(course, names=["甲"], telephone="19900000001")
    assert booking.sign_ups.count() == 1
    with pytest.raises(signup.AlreadySignedUp):
        signup.enrol(course, names=["甲"], telephone="19900000001")
    assert SignUp.objects.count() == 2


def test_leaving_a_course_gives_back_every_session_to_come(home):
    course = make_course(home, sessions=3)
    booking = signup.enrol(course, names=["甲", "乙"], telephone="19900000001")
    signup.leave_course(booking)
    assert set(booking.sign_ups.values_list("status", flat=True)) == {"cancelled"}
    signup.leave_course(booking)  # twice is as good as once


def test_a_course_that_is_over_takes_nobody(home):
    course = make_course(home, sessions=1)
    course.sessions.update(status="finished")
    with pytest.raises(IllegalTransition, match="没有可以报名的课次"):
        signup.enrol(course, names=["甲"], telephone="19900000001")
