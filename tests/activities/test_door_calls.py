"""The call list: telephones stay open for a while, reminders stand apart, and words say from when to when."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from activities import outbox, publishing, sending, signup
from activities.door_forms import READY
from activities.models import Activity, Booking, Message, SignUp
from activities.telephones import OPEN_SECONDS
from branches.models import AuditEntry
from homes.models import Home
from tests.activities.door import page
from tests.activities.town import make_activity, make_course
from tests.cast import BOOKED

WHY = {"ready": READY[1]}
OTHER = "19900000001"


@pytest.fixture
def called_off(cast):
    """Called off: two calls to make."""
    activity = cast.activities["here"]
    signup.join(activity, names=["张伟"], telephone=OTHER)
    publishing.cancel(activity, by=cast.officer, reason="下大雨")
    return activity


def reveals():
    return AuditEntry.objects.filter(action="reveal").order_by("number")


def keys(text):
    return re.findall(r'name="told" value="([\d-]+)"', text)


# --- telephones stay open
def test_numbers_stay_open_after_a_tick_is_saved(cast, door, called_off):
    address = page("calls_of", called_off.pk)
    opened = door.post(page("calls_open", called_off.pk), WHY, follow=True).text
    assert BOOKED["here"] in opened
    assert OTHER in opened
    left = door.post(address, {"told": keys(opened)[0]}, follow=True).text
    assert len(keys(left)) == 1
    assert (BOOKED["here"] in left) != (OTHER in left)
    entry = reveals().get()
    assert (entry.reason, entry.actor) == (READY[1], "organiser")
    assert entry.data["bookings"] == sorted(Booking.objects.filter(sign_ups__activity=called_off).distinct()
                                            .values_list("pk", flat=True))  # fmt: skip
    assert "no-store" in door.get(address)["Cache-Control"]


def test_after_half_an_hour_they_are_masked(door, called_off):
    door.post(page("calls_open", called_off.pk), WHY)
    now = timezone.now()
    for seconds, is_open in ((OPEN_SECONDS - 60, True), (OPEN_SECONDS + 1, False)):
        with time_machine.travel(now + timedelta(seconds=seconds)):
            text = door.get(page("calls_of", called_off.pk)).text
        assert (OTHER in text) is is_open


def test_what_came_since_is_masked_until_it_is_asked_for(cast, door):
    activity = cast.activities["here"]
    later = {"starts_at": activity.starts_at + timedelta(hours=1), "ends_at": activity.ends_at + timedelta(hours=1)}
    publishing.reschedule(activity, by=cast.officer, **later)
    door.post(page("calls_open", activity.pk), {"ready": READY[0]})
    signup.join(activity, names=["张伟"], telephone=OTHER)
    outbox.tell(SignUp.objects.get(name="张伟"), Message.Kind.PROMOTED)
    text = door.get(page("calls_of", activity.pk)).text
    assert BOOKED["here"] in text
    assert OTHER not in text
    assert "199****0001" in text
    assert f'value="{READY[0]}" checked' in re.sub(r"\s+", " ", text)  # only one press more
    assert reveals().count() == 1  # reading wrote nothing
    assert OTHER in door.post(page("calls_open", activity.pk), {"ready": READY[0]}, follow=True).text
    assert [len(entry.data["bookings"]) for entry in reveals()] == [1, 2]


def test_they_are_open_for_this_activity_alone(cast, door):
    course = make_course(cast.homes["here"], sessions=2)
    signup.enrol(course, names=["张伟"], telephone=OTHER)  # one booking, two activities
    for session in course.sessions.all():
        publishing.cancel(session, by=cast.officer, reason="下大雨")
    first, second = course.sessions.all()
    door.post(page("calls_open", first.pk), WHY)
    assert OTHER in door.get(page("calls_of", first.pk)).text
    assert OTHER not in door.get(page("calls_of", second.pk)).text


def test_they_are_open_for_this_person_alone(door, client_of, cast, called_off):
    door.post(page("calls_open", called_off.pk), WHY)
    assert OTHER not in client_of(cast.officer).get(page("calls_of", called_off.pk)).text
    session = door.session
    session["telephones"][str(called_off.pk)]["by"] = cast.officer.pk
    session.save()
    assert OTHER not in door.get(page("calls_of", called_off.pk)).text


def test_whose_post_has_ended_sees_them_no_more(cast, door, called_off):
    door.post(page("calls_open", called_off.pk), WHY)
    cast.homes["here"].organisers.clear()
    answer = door.get(page("calls_of", called_off.pk))
    assert (answer.status_code, OTHER in answer.text) == (404, False)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"ready": READY[1]}, READY[1]),
        ({"reason": " 问一问要不要接送 "}, "问一问要不要接送"),
        ({"ready": READY[0], "reason": "问一问要不要接送"}, f"{READY[0]}；问一问要不要接送"),
        ({}, None),
        ({"reason": "短"}, None),
        ({"ready": "随便看看电话"}, None),
        ({"ready": READY[0], "reason": "长" * 301}, None),
        ({"ready": READY[0], "reason": "长" * 300}, None),
    ],
)
@pytest.mark.parametrize("name", ["calls_open", "calls_paper"])
def test_a_usual_reason_is_chosen_or_ones_own_is_written(door, called_off, name, sent, reason):
    answer = door.post(page(name, called_off.pk), sent, follow=True)
    assert (OTHER in answer.text) == (reason is not None)
    assert [entry.reason for entry in reveals()] == ([reason] if reason else [])
    if reason is None:
        assert "<title>错误：" in answer.text
        assert sent.get("reason", "") in answer.text


def test_the_reason_is_asked_above_the_list(door, called_off):
    text = door.get(page("calls_of", called_off.pk)).text
    assert text.index('name="ready"') < text.index('name="told"')


# --- reminders
@pytest.fixture
def reminded(cast):
    """What begins in a while, and is only reminded of."""
    activity = make_activity(cast.homes["here"], title="书法班", starts_in=timedelta(hours=20))
    booking = signup.join(activity, names=["李梅"], telephone="19900000002")
    outbox.tell(booking.sign_ups.get(), Message.Kind.REMINDER)
    return activity


def to_do(client):
    """{heading: titles} of the parts of the desk's list that come first."""
    return {
        part.heading: [each.title for each in rows]
        for part, rows, _ in client.get("/desk/activities/").context["to_do"]
    }


def test_reminders_are_no_changes_nobody_was_told_of(door, reminded, called_off):
    found = to_do(door)
    assert found["要打电话告诉的人"] == [called_off.title]
    assert found["要打电话提醒的人"] == ["书法班"]


def test_reminders_stand_by_themselves_among_the_calls(door, reminded, called_off):
    text = door.get(page("calls")).text
    order = [text.index(part) for part in ("有变动，要告诉到的", called_off.title, "快开始了，提醒一声的", "书法班")]
    assert order == sorted(order)


def test_within_one_activity_what_changed_comes_first_also_on_paper(cast, door, reminded):
    booking = signup.join(reminded, names=["安平"], telephone=OTHER)  # before 李梅 by the sound of the surname
    outbox.tell(booking.sign_ups.get(), Message.Kind.REMINDER)
    booking = signup.join(reminded, names=["张伟"], telephone="19900000003")
    outbox.tell(booking.sign_ups.get(), Message.Kind.PROMOTED)
    listed = door.get(page("calls_of", reminded.pk)).text
    printed = door.post(page("calls_paper", reminded.pk), WHY).text
    for text in (listed, printed):
        found = re.findall("要告诉到的|张伟|提醒一声的|安平|李梅", text[text.index("要告诉到的") :])
        assert [*dict.fromkeys(found)] == ["要告诉到的", "张伟", "提醒一声的", "安平", "李梅"]


def test_who_signed_up_since_the_hour_of_reminding_is_not_reminded(cast):
    activity = make_activity(cast.homes["here"], starts_in=timedelta(hours=20))
    hour = activity.starts_at - timedelta(hours=24)
    for name, number, at in (("甲", 1, hour - timedelta(minutes=1)), ("乙", 2, hour)):
        booking = signup.join(activity, names=[name], telephone=f"1990000000{number}")
        Booking.objects.filter(pk=booking.pk).update(created_at=at)
    sending.remind()
    assert list(Message.objects.values_list("sign_up__name", flat=True)) == ["甲"]


def test_who_was_let_in_by_telephone_is_not_reminded(cast):
    activity = make_activity(cast.homes["here"], starts_in=timedelta(days=3), capacity=1, remind_hours=24)
    first = signup.join(activity, names=["甲"], telephone="19900000001").sign_ups.get()
    late = signup.join(activity, names=["乙"], telephone="19900000002").sign_ups.get()
    with time_machine.travel(activity.starts_at - timedelta(hours=1, minutes=30)):
        signup.leave(first, by=cast.officer)
        signup.offer_late(late, by=cast.officer)
        assert sending.remind() == 0
    SignUp.history.filter(history_change_reason="offer_late").update(history_date=timezone.now())
    assert sending.remind(now=activity.starts_at - timedelta(hours=1)) == 1  # were it long ago, they would be


def test_members_of_a_course_are_reminded_of_a_session_published_late(cast):
    course = make_course(cast.homes["here"])
    booking = signup.enrol(course, names=["甲"], telephone="19900000001")
    Booking.objects.filter(pk=booking.pk).update(created_at=timezone.now() - timedelta(days=30))
    session = make_activity(cast.homes["here"], course=course, status="draft", starts_in=timedelta(hours=10))
    publishing.publish(session, by=cast.officer)
    sending.remind()
    assert Message.objects.filter(kind="reminder", sign_up__activity=session).count() == 1


# --- from when to when
@pytest.fixture
def activity(cast):
    activity = make_activity(cast.homes["here"], starts_in=timedelta(days=3))
    signup.join(activity, names=["甲"], telephone=OTHER)
    return activity


def move(activity, by, hours=0, **place):
    activity.refresh_from_db()
    later = timedelta(hours=hours)
    return publishing.reschedule(
        activity, by=by, starts_at=activity.starts_at + later, ends_at=activity.ends_at + later, **place
    )


def said():
    """What still waits to be said."""
    return Message.objects.waiting().get().words


def test_another_time_is_told_beside_the_old_one(cast, activity):
    before = outbox.when(activity)
    after = outbox.when(move(activity, cast.officer, hours=1))
    assert said() == f"“合唱班”改了：原来{before}，改到{after}，{activity.where}。"


def test_another_place_is_told_beside_the_old_one(cast, activity):
    moved = move(activity, cast.officer, place="二楼活动室")
    assert said() == f"“合唱班”改了地方：原来在{activity.where}，改到{moved.where}，还是{outbox.when(moved)}。"


def test_both_are_told_beside_the_old_ones(cast, activity):
    moved = move(activity, cast.officer, hours=1, place="二楼活动室")
    assert said() == (
        f"“合唱班”改了：原来{outbox.when(activity)}，在{activity.where}，改到{outbox.when(moved)}，在{moved.where}。"
    )


def test_who_was_not_told_of_the_first_change_hears_of_both_as_one(cast, activity):
    first = outbox.when(activity)
    middle = outbox.when(move(activity, cast.officer, hours=1))
    last = outbox.when(move(activity, cast.officer, hours=1))
    assert said() == f"“合唱班”改了：原来{first}，改到{last}，{activity.where}。"
    assert middle not in said()


def test_who_was_told_of_the_first_change_hears_of_the_second_alone(cast, activity):
    middle = outbox.when(move(activity, cast.officer, hours=1))
    outbox.tick_off(Message.objects.get(), by=cast.officer)
    signup.join(activity, names=["乙"], telephone="19900000002")  # for the second time and place
    last = outbox.when(move(activity, cast.officer, hours=1))
    waiting = Message.objects.waiting().values_list("words", flat=True)
    assert set(waiting) == {f"“合唱班”改了：原来{middle}，改到{last}，{activity.where}。"}
    assert len(waiting) == 2


def test_only_another_end_says_when_it_ends(cast, activity):
    publishing.reschedule(
        activity, by=cast.officer, starts_at=activity.starts_at, ends_at=activity.ends_at + timedelta(hours=1)
    )
    ends = outbox.clock(timezone.localtime(activity.ends_at + timedelta(hours=1)))
    assert said() == f"“合唱班”改了：{outbox.when(activity)}到{ends}，{activity.where}。"


@pytest.mark.parametrize("hours", [0, 1])
def test_however_long_the_places_the_new_one_is_told_whole(cast, activity, hours):
    Activity.objects.filter(pk=activity.pk).update(title="名" * 60)
    Home.objects.filter(pk=activity.home_id).update(name="家" * 60)
    move(activity, cast.officer, place="旧" * 80)
    outbox.tick_off(Message.objects.get(), by=cast.officer)
    moved = move(activity, cast.officer, hours=hours, place="新" * 80)
    assert len(said()) <= 300
    assert outbox.when(moved) in said()
    assert "新" * 80 in said()
    assert said().endswith("。")
