"""A course over a term: the days it comes to with 国庆 in it, its drafts, publishing all, and its pages on the desk."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from activities import courses, planning, publishing, signup
from activities.models import Activity, Course
from branches.models import CalendarDay, User
from branches.transitions import IllegalTransition
from tests.activities.desk import DESK, errors, in_days, send, typed
from tests.activities.town import make_activity, make_kind, make_town
from tests.cast import CANARIES

pytestmark = pytest.mark.django_db
SUMMER = datetime(2026, 8, 1, 2, tzinfo=ZoneInfo("UTC"))
NEW = f"{DESK}courses/new/"


@pytest.fixture
def home():
    return make_town()


@pytest.fixture
def by():
    return User.objects.create_user("by", name="小陈")


@pytest.fixture
def autumn():
    """国庆 from Thursday 1 October to Wednesday 7 October 2026; Saturday 10 October is worked."""
    days = [CalendarDay(day=date(2026, 10, number), name="国庆节") for number in range(1, 8)]
    CalendarDay.objects.bulk_create([*days, CalendarDay(day=date(2026, 10, 10), name="国庆调休", is_worked=True)])


def held(home, first, last, weekdays):
    return [day for day, why in planning.term(home, first, last, weekdays) if not why]


# --- the days
def test_a_weekly_course_skips_the_holiday(home, autumn):
    days = planning.term(home, date(2026, 9, 24), date(2026, 10, 15), [3])
    assert days == [
        (date(2026, 9, 24), ""), (date(2026, 10, 1), "国庆节"), (date(2026, 10, 8), ""), (date(2026, 10, 15), ""),
    ]  # fmt: skip


def test_in_a_year_nobody_has_entered_the_fixed_holidays_are_skipped_and_the_rest_is_said(home, autumn):
    days = dict(planning.term(home, date(2027, 9, 24), date(2027, 10, 8), [4]))
    assert days == {date(2027, 9, 24): "", date(2027, 10, 1): "国庆节", date(2027, 10, 8): ""}
    assert planning.term(home, date(2027, 5, 1), date(2027, 5, 1), [5]) == [(date(2027, 5, 1), "劳动节")]
    assert planning.term(home, date(2027, 1, 1), date(2027, 1, 1), [4]) == [(date(2027, 1, 1), "元旦")]
    assert "2027年" in planning.not_entered(date(2026, 12, 1), date(2027, 3, 1))
    assert "2026年" not in planning.not_entered(date(2026, 12, 1), date(2027, 3, 1))
    assert planning.not_entered(date(2026, 9, 1), date(2026, 12, 31)) == ""
    CalendarDay.objects.create(day=date(2027, 10, 6), name="国庆节")  # the year is entered: what it says counts
    assert dict(planning.term(home, date(2027, 10, 1), date(2027, 10, 1), [4])) == {date(2027, 10, 1): ""}


def test_a_weekly_course_skips_the_days_on_which_its_home_is_shut(home, autumn):
    home.exceptions.create(first_day=date(2026, 9, 20), last_day=date(2026, 9, 25), reason="粉刷")
    home.exceptions.create(
        first_day=date(2026, 10, 8), last_day=date(2026, 10, 8), opens=time(9), closes=time(12), reason="只开上午"
    )
    days = dict(planning.term(home, date(2026, 9, 17), date(2026, 10, 8), [3]))
    assert days[date(2026, 9, 24)] == "粉刷"
    assert days[date(2026, 10, 8)] == ""  # open for some hours: held


def test_a_worked_weekend_counts_as_a_weekday(home, autumn):
    assert date(2026, 10, 10) in held(home, date(2026, 9, 21), date(2026, 10, 11), [0, 1, 2, 3, 4])
    assert date(2026, 10, 10) in held(home, date(2026, 9, 21), date(2026, 10, 11), [5])  # a Saturday as any other
    assert date(2026, 10, 10) not in held(home, date(2026, 9, 21), date(2026, 10, 11), [4])
    assert date(2026, 9, 26) not in held(home, date(2026, 9, 21), date(2026, 10, 11), [0, 1, 2, 3, 4])


def test_what_else_goes_on_is_told_day_by_day(home):
    day = timezone.localdate() + timedelta(days=5)
    room = home.facilities.first()
    starts = planning.moment(day, time(10))
    make_activity(home, title="合唱", room=room, starts_at=starts, ends_at=starts + timedelta(hours=1))
    for begins, ends, found in (
        (time(9), time(10), False),
        (time(10, 30), time(12), True),
        (time(11), time(12), False),
    ):
        taken = planning.beside(home, room, [day, day + timedelta(days=7)], begins, ends)
        assert [(each, other.title) for each, other in taken.items()] == ([(day, "合唱")] if found else [])


# --- the verbs
def lay_out(home, by, days, **fields):
    course = Course(title="二胡班", kind=make_kind("class"), home=home)
    return courses.lay_out(course, days=days, begins=time(9, 30), ends=time(11), by=by, **fields)


def test_a_course_over_a_term_is_kept_as_drafts(home, by, autumn):
    with time_machine.travel(SUMMER, tick=False):
        days = held(home, date(2026, 9, 3), date(2026, 12, 17), [3])
        course = lay_out(home, by, days, capacity=12, bring="二胡")
    meetings = list(course.sessions.order_by("starts_at"))
    assert len(meetings) == 15  # sixteen Thursdays without the holiday
    assert [meeting.number for meeting in meetings] == list(range(1, 16))
    assert {timezone.localtime(meeting.starts_at).time() for meeting in meetings} == {time(9, 30)}
    assert {(meeting.status, meeting.capacity, meeting.bring) for meeting in meetings} == {("draft", 12, "二胡")}
    assert (course.since, course.until, course.division) == (date(2026, 9, 3), date(2026, 12, 17), home.division)
    assert course.slug == "town-20260903"
    assert meetings[0].created_by == by


def test_what_cannot_be_laid_out_is_refused_whole(home, by):
    today = timezone.localdate()
    for days in ([], [today - timedelta(days=1)], [today + timedelta(days=number) for number in range(1, 122)]):
        with pytest.raises(IllegalTransition):
            lay_out(home, by, days)
    with pytest.raises(IllegalTransition, match="晚于"):
        courses.lay_out(
            Course(title="二胡班", kind=make_kind("class"), home=home),
            days=[today + timedelta(days=1)], begins=time(10), ends=time(9), by=by,
        )  # fmt: skip
    assert not Course.objects.exists()
    assert not Activity.objects.exists()


def test_two_courses_that_begin_on_one_day_have_two_addresses(home, by):
    days = [timezone.localdate() + timedelta(days=1)]
    first, second = lay_out(home, by, days), lay_out(home, by, days)
    assert second.slug == f"{first.slug}-2"


def test_publishing_all_publishes_what_is_still_to_come_once(home, by):
    today = timezone.localdate()
    course = lay_out(home, by, [today + timedelta(days=number) for number in (1, 8, 15)])
    Activity.objects.filter(course=course, number=1).update(
        starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() - timedelta(hours=1)
    )
    assert courses.publish_all(course, by=by) == 2
    assert sorted(course.sessions.values_list("number", "status")) == [
        (1, "draft"), (2, "published"), (3, "published"),
    ]  # fmt: skip
    with pytest.raises(IllegalTransition, match="没有"):
        courses.publish_all(course, by=by)


def test_whoever_enrolled_is_in_the_meeting_that_is_added(home, by):
    today = timezone.localdate()
    course = lay_out(home, by, [today + timedelta(days=1)], capacity=5)
    courses.publish_all(course, by=by)
    signup.enrol(course, names=["甲"], telephone="19900000001")
    first = course.sessions.get()
    again = publishing.copy(first, starts_at=first.starts_at + timedelta(days=7), by=by)
    assert (again.number, again.course) == (2, course)
    publishing.publish(again, by=by)
    assert again.sign_ups.get().name == "甲"


@pytest.mark.parametrize("way", ["copy", "reschedule", "draft"])
def test_a_course_meets_once_at_a_moment(home, by, way):
    today = timezone.localdate()
    course = lay_out(home, by, [today + timedelta(days=1), today + timedelta(days=8)])
    first, second = course.sessions.order_by("starts_at")
    times = {"starts_at": first.starts_at, "ends_at": first.ends_at}
    if way == "copy":
        verb, given = publishing.copy, {"starts_at": first.starts_at}
    elif way == "draft":
        verb, given = publishing.draft, {}
        second.starts_at, second.ends_at = times.values()
    else:
        second = publishing.publish(second, by=by)
        verb, given = publishing.reschedule, times
    with pytest.raises(IllegalTransition, match="已经有一次"):
        verb(second, by=by, **given)
    assert course.sessions.filter(starts_at=first.starts_at).count() == 1


# --- the pages
@pytest.fixture
def organiser(cast, client_of):
    make_kind("lesson", name="二胡课", usual_minutes=90, usual_capacity=15)
    return client_of(cast.organiser)


def test_the_days_are_shown_before_they_are_kept(cast, organiser, autumn):
    kind = make_kind("lesson")
    with time_machine.travel(SUMMER, tick=False):
        organiser.force_login(cast.organiser)
        given = {"title": "国庆二胡班", "kind": kind.pk, "first": "2026-09-24", "last": "2026-10-15", "begins": "9:30"}
        shown = send(organiser, NEW, **given, ends="")
        assert shown.status_code == 200
        assert "不上课：国庆节" in shown.text
        assert "排出来3次课" in shown.text
        assert not Course.objects.filter(title="国庆二胡班").exists()
        plan = shown.context["plan"]
        changed = organiser.post(NEW, typed(shown, plan=plan, last="2026-10-22"))
        assert "排出来4次课" in changed.text  # what was agreed to is no longer what comes of it
        organiser.post(NEW, typed(shown, plan=plan, again="1"))
        assert not Course.objects.filter(title="国庆二胡班").exists()
        answer = organiser.post(NEW, typed(shown, plan=plan))
        course = Course.objects.get(title="国庆二胡班")
        assert answer["Location"] == f"{DESK}courses/{course.pk}/"
        assert [timezone.localdate(each.starts_at).day for each in course.sessions.order_by("starts_at")] == [24, 8, 15]
        assert {each.ends_at - each.starts_at for each in course.sessions.all()} == {timedelta(minutes=90)}
        page = organiser.get(answer["Location"])
        assert "全部发布" in page.text
        send(organiser, f"{DESK}courses/{course.pk}/publish/")
        assert set(course.sessions.values_list("status", flat=True)) == {"published"}
        assert send(organiser, f"{DESK}courses/{course.pk}/publish/").status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first": in_days(-1)}, "first"),
        ({"first": in_days(9), "last": in_days(8)}, "last"),
        ({"last": in_days(900)}, "last"),
        ({"begins": "10:00", "ends": "9:00"}, "ends"),
        ({"begins": "23:30", "ends": ""}, "ends"),
        ({"weekdays": ["9"]}, "weekdays"),
        ({"home": ""}, "home"),
        ({"title": ""}, "title"),
        ({"capacity": "0"}, "capacity"),
    ],
)
def test_what_is_wrong_with_a_course_is_said_beside_the_field(organiser, changes, field):
    given = {"title": "二胡课", "kind": make_kind("lesson").pk, "begins": "9:30", "ends": "11:00", "lead": "拉一拉二胡"}
    answer = send(organiser, NEW, **(given | changes))
    assert answer.status_code == 200
    assert field in errors(answer)
    assert "拉一拉二胡" in answer.text


def test_nothing_but_days_off_is_refused(cast, organiser):
    cast.homes["here"].exceptions.create(first_day=in_days(1), last_day=in_days(200), reason="大修")
    given = {"title": "二胡课", "kind": make_kind("lesson").pk, "first": in_days(2), "last": in_days(40)}
    shown = send(organiser, NEW, **given)
    assert "排出来0次课" in shown.text
    answer = organiser.post(NEW, typed(shown, plan=shown.context["plan"]))
    assert (answer.status_code, "排不出来" in errors(answer)["__all__"]) == (409, True)
    assert "大修" in answer.text


def test_an_activity_once_a_week_over_a_term(cast, organiser):
    activity = make_activity(cast.homes["here"], title="读报", bring="老花镜", starts_in=timedelta(days=2))
    form = organiser.get(f"{DESK}{activity.pk}/repeat/").context["form"]
    assert (form["title"].value(), form["bring"].value()) == ("读报", "老花镜")
    assert form["weekdays"].value() == [timezone.localdate(activity.starts_at).weekday()]


def test_a_course_of_another_area_is_missing(cast, organiser, client_of):
    for area, status in (("here", 200), ("next_door", 404), ("elsewhere", 404)):
        course = cast.courses[area]
        for tail in ("", "publish/"):
            address = f"{DESK}courses/{course.pk}/{tail}"
            assert organiser.get(address).status_code == status
            if area != "here":
                assert organiser.post(address, {"version": "0"}).status_code == (404 if tail else 405)
    forged = {"title": "越界", "kind": make_kind("lesson").pk, "home": cast.homes["next_door"].pk}
    assert "home" in errors(send(organiser, NEW, **forged))
    assert CANARIES["next_door"] not in organiser.get(NEW).text
