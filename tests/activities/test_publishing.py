"""The life of an activity: every step from every state, what each refuses, and what it brings about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activities import publishing, signup
from activities.models import Activity, Message, SignUp
from branches.models import Event, User
from branches.transitions import IllegalTransition
from homes import founding
from tests.activities.town import make_activity, make_course, make_town
from tests.makers import make_home

pytestmark = pytest.mark.django_db
Status = Activity.Status
# what each step needs beside the activity
STEPS = {
    "submit_review": {},
    "publish": {},
    "send_back": {"reason": "时间写错了"},
    "reschedule": {},
    "cancel": {"reason": "老师病了"},
    "finish": {},
    "unpublish": {},
}
ALLOWED = {
    ("submit_review", "draft"): "pending",
    ("publish", "draft"): "published",
    ("publish", "pending"): "published",
    ("send_back", "pending"): "draft",
    ("reschedule", "published"): "published",
    ("cancel", "published"): "cancelled",
    ("finish", "published"): "finished",
    ("unpublish", "published"): "draft",
}


@pytest.fixture
def home():
    return make_town()


@pytest.fixture
def by():
    return User.objects.create_user("by", name="小陈")


def take(step, activity, by, **given):
    given = STEPS[step] | given
    if step == "reschedule":
        begins = activity.starts_at + timedelta(days=1)
        given = {"starts_at": begins, "ends_at": begins + timedelta(hours=1)} | given
    return getattr(publishing, step)(activity, by=by, **given)


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_where_the_table_says_so_and_nowhere_else(home, by, step, status):
    note = "老师病了" if status == "cancelled" else ""
    activity = make_activity(home, status=status, note=note)
    if step == "finish":
        Activity.objects.filter(pk=activity.pk).update(
            starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() - timedelta(hours=1)
        )
    if (step, status) in ALLOWED:
        assert take(step, activity, by).status == ALLOWED[step, status]
        event = Event.objects.get(subject="activities.activity", subject_pk=activity.pk)
        assert (event.event, event.before, event.after, event.actor) == (step, status, ALLOWED[step, status], "by")
        assert activity.history.first().history_user == by
    else:
        with pytest.raises(IllegalTransition):
            take(step, activity, by)
        assert Activity.objects.get(pk=activity.pk).status == status
        assert not Event.objects.exists()


@pytest.mark.parametrize("step", ["send_back", "cancel"])
def test_some_steps_want_a_reason(home, by, step):
    activity = make_activity(home, status="pending" if step == "send_back" else "published")
    with pytest.raises(IllegalTransition, match="原因"):
        take(step, activity, by, reason=" ")


def test_a_page_from_before_is_refused(home, by):
    activity = make_activity(home)
    seen = activity.version
    take("reschedule", activity, by, version=seen)
    with pytest.raises(IllegalTransition, match="刚刚有人改过"):
        take("cancel", activity, by, version=seen)


def test_what_has_begun_is_not_published(home, by):
    late = make_activity(home, status="draft", starts_in=-timedelta(hours=1))
    with pytest.raises(IllegalTransition, match="已经过了"):
        publishing.publish(late, by=by)


def test_publishing_at_a_moment_waits_for_it(home, by):
    activity = make_activity(home, status="draft", starts_in=timedelta(days=3))
    at = timezone.now() + timedelta(days=1)
    publishing.publish(activity, by=by, at=at)
    assert publishing.publish_due() == 0
    assert publishing.publish_due(now=at + timedelta(minutes=1)) == 1
    assert publishing.publish_due(now=at + timedelta(minutes=1)) == 0
    assert Activity.objects.get(pk=activity.pk).status == "published"


def test_nothing_is_published_at_a_home_that_residents_cannot_see(home, by):
    hidden = make_home(home.division, "没公布的家", "hidden", status="preparing")
    activity = make_activity(hidden, status="draft")
    with pytest.raises(IllegalTransition, match="没有对外公布"):
        publishing.publish(activity, by=by)
    published = make_activity(home)
    with pytest.raises(IllegalTransition, match="没有对外公布"):
        take("reschedule", published, by, home=hidden)
    founding.publish(hidden, by=by)
    assert publishing.publish(activity, by=by).status == "published"
    assert take("reschedule", published, by, home=hidden).home == hidden


def test_at_a_home_that_is_closed_for_now_what_comes_later_is_published(home, by):
    founding.suspend(home, by=by, reason="装修到月底")
    assert publishing.publish(make_activity(home, status="draft"), by=by).status == "published"


def test_another_time_is_told_once_to_everybody_with_a_place(home, by):
    activity = make_activity(home, capacity=1)
    signup.join(activity, names=["甲"], telephone="19900000001")
    signup.join(activity, names=["乙"], telephone="19900000002")
    gone = signup.join(activity, names=["丙"], telephone="19900000003").sign_ups.get()
    signup.leave(gone)
    moved = take("reschedule", activity, by)
    told = Message.objects.filter(kind="rescheduled", version=moved.sequence)
    assert sorted(message.sign_up.name for message in told) == ["乙", "甲"]
    assert "改了" in told[0].words
    again = take("reschedule", moved, by)
    assert Message.objects.waiting().filter(kind="rescheduled").count() == 2  # the older words say nothing any more
    assert {message.version for message in Message.objects.waiting()} == {again.sequence}


def test_the_same_time_again_tells_nobody(home, by):
    activity = make_activity(home)
    signup.join(activity, names=["甲"], telephone="19900000001")
    same = publishing.reschedule(activity, by=by, starts_at=activity.starts_at, ends_at=activity.ends_at)
    assert (same.sequence, Message.objects.count()) == (0, 0)


def test_calling_it_off_tells_everybody_once_and_reminds_nobody(home, by):
    activity = make_activity(home, capacity=1)
    for number in range(3):
        signup.join(activity, names=[f"示例{number}"], telephone=f"1990000000{number}")
    publishing.cancel(activity, by=by, reason="老师病了")
    assert set(activity.sign_ups.values_list("status", "cancelled_by")) == {("cancelled", "activity")}
    told = Message.objects.waiting()
    assert {(message.kind, message.sign_up_id) for message in told} == {
        ("cancelled", sign_up.pk) for sign_up in SignUp.objects.all()
    }
    assert all("老师病了" in message.words for message in told)


def test_only_what_nobody_ever_signed_up_for_goes_back_to_a_draft(home, by):
    activity = make_activity(home)
    gone = signup.join(activity, names=["甲"], telephone="19900000001").sign_ups.get()
    signup.leave(gone)
    with pytest.raises(IllegalTransition, match="取消活动"):
        publishing.unpublish(activity, by=by)


def test_finishing_by_the_clock_twice_is_as_good_as_once(home):
    activity = make_activity(home)
    assert publishing.finish_over() == 0
    later = activity.ends_at + timedelta(minutes=1)
    assert (publishing.finish_over(now=later), publishing.finish_over(now=later)) == (1, 0)


def test_a_copy_is_a_draft_without_people_or_past(home, by):
    activity = make_activity(home, bring="水杯", sign_up_until=timezone.now() + timedelta(hours=5))
    signup.join(activity, names=["甲"], telephone="19900000001")
    begins = activity.starts_at + timedelta(days=7)
    again = publishing.copy(activity, starts_at=begins, by=by)
    assert (again.status, again.title, again.bring, again.capacity) == ("draft", activity.title, "水杯", 10)
    assert (again.starts_at, again.ends_at - again.starts_at) == (begins, activity.ends_at - activity.starts_at)
    assert again.sign_up_until - activity.sign_up_until == timedelta(days=7)
    assert not again.sign_ups.exists()


def test_a_session_published_later_has_those_enrolled_in_the_course(home, by):
    course = make_course(home, sessions=2, capacity=2)
    signup.enrol(course, names=["甲", "乙"], telephone="19900000001")
    left = signup.enrol(course, names=["丙"], telephone="19900000002")
    signup.leave_course(left)
    session = make_activity(home, status="draft", course=course, starts_in=timedelta(days=30), capacity=1)
    publishing.publish(session, by=by)
    assert sorted(session.sign_ups.values_list("name", "status")) == [("乙", "waitlisted"), ("甲", "waitlisted")]
