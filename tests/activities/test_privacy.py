"""Bookings go when their time is over, and when somebody asks; with them whatever else tells who came."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError
from django.utils import timezone

from activities import attendance, privacy, signup
from activities.models import Booking, Message, SignUp
from branches.models import AuditEntry, Event, Member
from branches.privacy import overdue
from tests.activities.town import make_activity, make_course
from tests.districts.folders import run
from tests.makers import make_member
from tests.whole_site.database_bytes import whole_database

TELEPHONE = "19900007701"
PERSONAL = ("夜莺建国", "夜莺玉兰", "夜莺代办", "夜莺忌口", "nightingale@example.cn", TELEPHONE)
HALF_A_YEAR = timedelta(days=183)


@pytest.fixture
def no_rewriting(monkeypatch):
    """The file of the database is rewritten outside transactions only."""
    for module in ("erase_person", "purge"):
        monkeypatch.setattr(f"branches.management.commands.{module}.scrub", lambda: True)


@pytest.fixture
def activity(cast):
    return make_activity(cast.homes["here"], starts_in=timedelta(days=1), capacity=2)


def book(activity, names=("夜莺建国", "夜莺玉兰"), telephone=TELEPHONE, **about):
    given = {"proxy": "夜莺代办", "note": "夜莺忌口", "email": "nightingale@example.cn"} | about
    return signup.join(activity, names=names, telephone=telephone, **given)


@pytest.fixture
def later(activity):
    """`later(days)` after the end of the activity."""
    return lambda days: time_machine.travel(activity.ends_at + timedelta(days=days), tick=False)


# --- by time
def test_half_a_year_after_the_last_activity_a_booking_is_emptied(activity, later, no_rewriting):
    booking = book(activity)
    assert [text for text in PERSONAL if text not in whole_database()] == []
    with later(182):
        run("purge")
    assert Booking.objects.get(pk=booking.pk).code == booking.code
    with later(184):
        there = overdue()["bookings"]
        report = run("purge")
        assert (there > 0, overdue()["bookings"]) == (True, 0)
    assert f"活动过去半年的报名单：清空姓名和电话：{there}" in report
    assert [text for text in PERSONAL if text in whole_database()] == []
    booking.refresh_from_db()
    assert {name: getattr(booking, name) for name in privacy.BLANK} == privacy.BLANK
    assert set(booking.sign_ups.values_list("name", "person_key")) == {("", "")}
    assert set(SignUp.history.filter(id__in=booking.sign_ups.values("pk")).values_list("name", flat=True)) == {""}
    assert booking.sign_ups.filter(status="confirmed").count() == 2  # how many is still known


def test_a_booking_stays_for_its_latest_activity(cast, no_rewriting):
    course = make_course(cast.homes["here"], sessions=3, every=timedelta(days=60))
    booking = signup.enrol(course, names=["夜莺建国"], telephone=TELEPHONE)
    last = course.sessions.last()
    with time_machine.travel(last.ends_at + HALF_A_YEAR - timedelta(days=1), tick=False):
        run("purge")
        assert Booking.objects.get(pk=booking.pk).code
    with time_machine.travel(last.ends_at + HALF_A_YEAR + timedelta(days=1), tick=False):
        run("purge")
        assert Booking.objects.get(pk=booking.pk).code is None


def test_whoever_is_enrolled_stays_while_the_course_goes_on(cast):
    course = make_course(cast.homes["here"], sessions=1)
    signup.enrol(course, names=["夜莺建国"], telephone=TELEPHONE)
    course.until = timezone.localdate() + timedelta(days=400)
    course.save()
    with time_machine.travel(timezone.now() + timedelta(days=300), tick=False):
        assert not privacy.old_bookings().filter(course=course).exists()
        signup.leave_course(Booking.objects.get(course=course))
        assert privacy.old_bookings().filter(course=course).exists()


def test_who_just_came_in_is_forgotten_too(activity, cast, later, no_rewriting):
    row = attendance.walk_in(activity, name="夜莺建国", telephone=TELEPHONE, by=cast.officer, now=activity.starts_at)
    with later(184):
        assert overdue()["walk_ins"] == 1
        run("purge")
        assert overdue()["walk_ins"] == 0
    row.refresh_from_db()
    assert (row.name, row.person_key, row.status) == ("", "", "attended")
    assert "夜莺建国" not in whole_database()


def test_two_emptied_bookings_get_along(activity, cast, later, no_rewriting):
    other = make_activity(cast.homes["here"], starts_in=timedelta(days=1))
    bookings = [book(each).pk for each in (activity, other)]
    with later(184):
        run("purge")
    assert set(Booking.objects.filter(pk__in=bookings).values_list("code", "form_key")) == {(None, None)}


# --- by telephone
WRITTEN = (TELEPHONE, "+86 199-0000-7701", "１９９００００７７０１")


@pytest.mark.parametrize("written", WRITTEN)
def test_afterwards_nothing_is_left_however_the_number_was_written(activity, cast, no_rewriting, written):
    booking = book(activity)
    attendance.walk_in(activity, name="夜莺阿三", telephone=TELEPHONE, by=cast.officer, now=activity.starts_at)
    signup.leave(booking.sign_ups.first(), by=cast.officer, reason="夜莺说病了")
    personal = (*PERSONAL, "夜莺阿三", "夜莺说病了")
    assert [text for text in personal if text not in whole_database()] == []
    report = run("erase_person", written, "--yes", "--reason", "本人来电")
    assert "活动报名：2" in report
    assert "请人工处理" not in report
    assert [text for text in personal if text in whole_database()] == []
    entry = AuditEntry.objects.get(action="erase")
    assert (entry.reason, entry.data["counts"]) == ("本人来电", {"活动报名": 2})
    with pytest.raises(CommandError, match="没有找到"):
        run("hand_over", written)


def test_a_place_still_to_come_is_given_to_the_next(activity, no_rewriting):
    book(activity)
    signup.join(activity, names=["下一位"], telephone="19900000001")
    run("erase_person", TELEPHONE, "--yes")
    assert activity.sign_ups.get(name="下一位").status == "confirmed"
    assert set(activity.sign_ups.filter(name="").values_list("status", flat=True)) == {"cancelled"}
    assert not Message.objects.waiting().filter(sign_up__name="").exists()


def test_what_others_booked_stays(activity, cast, no_rewriting):
    book(activity, names=["夜莺建国"])
    other = signup.join(activity, names=["画眉鸟"], telephone="19900000002")
    run("erase_person", TELEPHONE, "--yes")
    other.refresh_from_db()
    assert (other.telephone, other.sign_ups.get().name) == ("19900000002", "画眉鸟")


def test_of_a_couple_with_one_telephone_one_goes_and_the_other_stays(activity, cast, no_rewriting):
    members = [make_member(cast.branches["here"], name, telephone=TELEPHONE) for name in ("夜莺建国", "夜莺玉兰")]
    booking = book(activity, proxy="夜莺建国")
    with pytest.raises(CommandError, match="--member"):
        run("erase_person", TELEPHONE, "--yes")
    run("erase_person", TELEPHONE, "--yes", "--member", members[0].pk)
    booking.refresh_from_db()
    assert (booking.telephone, booking.proxy, bool(booking.code)) == (TELEPHONE, "", True)
    assert sorted(booking.sign_ups.values_list("name", "status")) == [("", "cancelled"), ("夜莺玉兰", "confirmed")]
    assert Member.objects.get(pk=members[1].pk).name == "夜莺玉兰"


def test_a_restored_backup_is_erased_by_the_printed_hash(activity, no_rewriting):
    booking = book(activity)
    run("erase_person", booking.telephone_index, "--yes")
    booking.refresh_from_db()
    assert booking.code is None


def test_a_copy_holds_bookings_and_sign_ups(activity, cast):
    booking = book(activity)
    signup.leave(booking.sign_ups.first(), reason="有事")
    content = json.loads(run("hand_over", TELEPHONE))
    assert content["报名单"][0]["报名码"] == booking.code
    assert content["报名单"][0]["要跟组织者说的话"] == "夜莺忌口"
    assert [row["姓名"] for row in content["报名"]] == ["夜莺建国", "夜莺玉兰"]
    assert any(row.get("原因") == "有事" for row in content["报名的办理经过"])
    assert booking.telephone_index not in json.dumps(content)
    assert booking.sign_ups.first().person_key not in json.dumps(content)


def test_a_copy_for_one_of_two_masks_the_other(activity, cast):
    members = [make_member(cast.branches["here"], name, telephone=TELEPHONE) for name in ("夜莺建国", "夜莺玉兰")]
    book(activity, proxy="")
    text = run("hand_over", TELEPHONE, "--member", members[0].pk)
    content = json.loads(text)
    assert [row["姓名"] for row in content["报名"]] == ["夜莺建国"]
    assert [row["姓名"] for row in content["一起报名的人"]] == ["夜*"]
    assert "夜莺玉兰" not in text


def test_events_of_sign_ups_keep_their_footing(activity, no_rewriting):
    booking = book(activity)
    before = Event.objects.filter(subject="activities.signup").count()
    run("erase_person", TELEPHONE, "--yes")
    assert Event.objects.filter(subject="activities.signup").count() == before + 2  # the two places given back
    assert booking.sign_ups.count() == 2
