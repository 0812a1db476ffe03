"""The outbox as people work through it: one call a telephone, ticked off once; what nobody needs any more goes."""

from datetime import timedelta

import pytest

from activities import outbox, publishing, signup
from activities.models import Activity, Message, SignUp
from branches.models import User
from branches.transitions import IllegalTransition
from tests.activities.town import make_activity, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return User.objects.create_user("by")


@pytest.fixture
def activity():
    return make_activity(make_town(), capacity=2, starts_in=timedelta(days=3))


def reschedule(activity, by, hours=1):
    activity.refresh_from_db()
    later = timedelta(hours=hours)
    return publishing.reschedule(
        activity, by=by, starts_at=activity.starts_at + later, ends_at=activity.ends_at + later
    )  # fmt: skip


def calls():
    return outbox.calls(Message.objects.to_ring())


def test_one_call_tells_all_of_a_booking(activity, by):
    signup.join(activity, names=["甲", "乙"], telephone="19900000001")
    reschedule(activity, by)
    (call,) = calls()
    assert call.people == ["甲", "乙"]
    assert len(call.words) == 1
    assert "改了" in call.words[0]


def test_one_call_tells_all_bookings_of_a_telephone_and_all_reasons(activity, by):
    signup.join(activity, names=["甲"], telephone="19900000001")
    leaver = signup.join(activity, names=["丁"], telephone="19900000009").sign_ups.get()
    signup.join(activity, names=["乙"], telephone="19900000001")
    signup.join(activity, names=["丙"], telephone="19900000002")
    signup.leave(leaver)  # 乙 moves up
    reschedule(activity, by)
    found = {tuple(sorted(call.people)): call.words for call in calls()}
    assert set(found) == {("乙", "甲"), ("丙",)}
    assert [text[5:8] for text in found["乙", "甲"]] == ["有位子", "改了："]


def test_calls_come_by_activity_the_soonest_first(activity, by):
    sooner = make_activity(activity.home, starts_in=timedelta(days=1))
    for each in (activity, sooner):
        signup.join(each, names=["甲"], telephone="19900000001")
        signup.join(each, names=["乙"], telephone="19900000002")
        reschedule(each, by)
    assert [call.activity.pk for call in calls()] == [sooner.pk, sooner.pk, activity.pk, activity.pk]


def test_a_call_is_ticked_off_whole_and_once(activity, by):
    signup.join(activity, names=["甲", "乙"], telephone="19900000001")
    reschedule(activity, by)
    keys = [int(key) for key in calls()[0].key.split("-")]
    assert len(outbox.tick_off_call(keys, by=by)) == 2
    first = list(Message.objects.values_list("status", "done_by", "done_at"))
    outbox.tick_off_call(keys, by=User.objects.create_user("another"))
    assert list(Message.objects.values_list("status", "done_by", "done_at")) == first
    assert calls() == []


def test_what_came_since_the_page_was_opened_is_not_ticked(activity, by):
    signup.join(activity, names=["甲"], telephone="19900000001")
    reschedule(activity, by)
    keys = [int(key) for key in calls()[0].key.split("-")]
    reschedule(activity, by)
    with pytest.raises(IllegalTransition, match="又有了变化"):
        outbox.tick_off_call(keys, by=by)
    assert len(calls()) == 1


def test_an_old_thing_told_once_more_does_not_silence_the_new_one(activity):
    row = signup.join(activity, names=["甲"], telephone="19900000001").sign_ups.get()
    for version in (1, 2, 1):
        outbox.tell(row, "rescheduled", version=version)
    assert list(Message.objects.waiting().values_list("version", flat=True)) == [2]


@pytest.mark.parametrize("status", ["draft", "pending", "cancelled", "finished"])
def test_nobody_is_reminded_of_what_is_not_on_any_more(activity, status):
    row = signup.join(activity, names=["甲"], telephone="19900000001").sign_ups.get()
    outbox.tell(row, "reminder")
    Activity.objects.update(status=status, note="原因")
    assert outbox.forget() == 1


def test_who_has_left_is_not_rung_up(activity, by):
    booking = signup.join(activity, names=["甲", "乙"], telephone="19900000001")
    reschedule(activity, by)
    signup.leave(booking.sign_ups.get(name="甲"))
    assert [call.people for call in calls()] == [["乙"]]


@pytest.mark.parametrize(
    ("kind", "moment", "kept"),
    [
        ("reminder", lambda a: a.starts_at - timedelta(minutes=1), True),
        ("reminder", lambda a: a.starts_at, False),
        ("promoted", lambda a: a.starts_at, True),
        ("promoted", lambda a: a.ends_at, False),
        ("cancelled", lambda a: a.ends_at - timedelta(minutes=1), True),
        ("cancelled", lambda a: a.ends_at, False),
    ],
)
def test_what_is_past_is_not_told_any_more(activity, kind, moment, kept):
    row = signup.join(activity, names=["甲"], telephone="19900000001").sign_ups.get()
    outbox.tell(row, kind)
    assert outbox.forget(now=moment(activity)) == (0 if kept else 1)
    assert Message.objects.waiting().count() == (1 if kept else 0)


@pytest.mark.parametrize("status", [SignUp.Status.CANCELLED, SignUp.Status.WAITLISTED])
def test_a_reminder_is_for_those_who_have_a_seat(activity, status):
    row = signup.join(activity, names=["甲"], telephone="19900000001").sign_ups.get()
    outbox.tell(row, "reminder")
    dates = {"cancelled_at": row.created_at, "cancelled_by": "person"} if status == "cancelled" else {}
    SignUp.objects.update(status=status, waitlisted_at=row.created_at, **dates)
    assert outbox.forget() == 1


def test_what_is_told_holds_no_name_and_no_telephone(activity, by):
    signup.join(activity, names=["金丝雀"], telephone="19900000001", note="画眉鸟", proxy="啄木鸟")
    reschedule(activity, by)
    text = Message.objects.get().words
    assert not any(word in text for word in ("金丝雀", "画眉鸟", "啄木鸟", "1990"))
