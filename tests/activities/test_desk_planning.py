"""The desk: what stands against a day or a room, and when it is free next."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from activities import planning
from activities.models import Activity
from branches.models import CalendarDay
from homes.models import Facility
from tests.activities.desk import page, send, typed
from tests.activities.town import make_activity

pytestmark = pytest.mark.django_db


def test_the_same_room_at_the_same_time_warns_and_forbids_nothing(cast, organiser, activities):
    room = cast.homes["here"].facilities.first()
    other, draft = activities["published"]["here"], activities["draft"]["here"]
    Activity.objects.filter(pk__in=(other.pk, draft.pk)).update(room=room)
    for tail in ("", "publish/"):
        text = organiser.get(page(draft, tail)).text
        assert "请留意" in text
        assert str(room) in text
    assert send(organiser, page(draft, "publish/")).status_code == 302
    draft.refresh_from_db()
    assert draft.status == "published"


@pytest.mark.parametrize(
    ("changes", "warned"),
    [({}, True), ({"setting": "alley", "place": "后巷"}, False), ({"status": "cancelled", "note": "不办了"}, False),
     ({"shift": timedelta(minutes=90)}, False), ({"shift": timedelta(minutes=89)}, True), ({"room": "other"}, False)],
)  # fmt: skip
def test_who_is_in_the_way(cast, kind, changes, warned):
    home = cast.homes["here"]
    room, other_room = home.facilities.first(), Facility.objects.create(slug="hall", name="大厅")
    starts_at = planning.moment(timezone.localdate() + timedelta(days=40), time(10))
    at_ten = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=90)}
    first = make_activity(home, kind=kind, room=room, **at_ten)
    changes = dict(changes)
    shift = changes.pop("shift", timedelta())
    changes["room"] = other_room if changes.get("room") else room
    later = {name: moment + shift for name, moment in at_ten.items()}
    make_activity(home, kind=kind, title="别的活动", **later | {"room": room} | changes)
    assert bool(planning.clashes(first)) is warned


def test_a_day_the_home_is_shut_warns(cast, organiser, kind):
    home = cast.homes["here"]
    monday = date(2027, 3, 1)
    starts = planning.moment(monday, time(10))
    activity = make_activity(home, kind=kind, status="draft", starts_at=starts, ends_at=starts + timedelta(hours=1))
    assert planning.warnings(activity) == []
    home.exceptions.create(first_day=monday, last_day=monday, reason="修电梯")
    assert "修电梯" in planning.warnings(activity)[0]
    home.exceptions.all().delete()
    CalendarDay.objects.create(day=monday, name="示例节")
    assert "示例节" in planning.warnings(activity)[0]
    sunday = planning.moment(monday - timedelta(days=1), time(10))
    activity.starts_at, activity.ends_at = sunday, sunday + timedelta(hours=1)
    assert "星期日" in planning.warnings(activity)[0]
    CalendarDay.objects.create(day=monday - timedelta(days=1), name="调休", is_worked=True)
    assert planning.warnings(activity) == []


def test_moving_onto_a_shut_day_is_told_first_and_then_counts(cast, organiser, activities):
    activity = activities["published"]["here"]
    day = timezone.localdate() + timedelta(days=12)
    cast.homes["here"].exceptions.create(first_day=day, last_day=day, reason="大扫除")
    told = send(organiser, page(activity, "reschedule/"), day=day.isoformat(), begins="10:00", ends="")
    assert told.status_code == 200
    assert "大扫除" in told.text
    activity.refresh_from_db()
    assert timezone.localdate(activity.starts_at) != day
    assert organiser.post(page(activity, "reschedule/"), typed(told)).status_code == 302
    activity.refresh_from_db()
    assert timezone.localdate(activity.starts_at) == day


def test_the_next_free_day_leaves_out_what_is_taken_shut_or_a_holiday(cast, kind):
    home, eve = cast.homes["here"], date(2027, 3, 5)  # a Friday: the home is shut at weekends
    begins = time(9, 30)
    assert planning.next_free_day(home, begins, 60, after=eve) == date(2027, 3, 8)
    starts = planning.moment(date(2027, 3, 8), time(10))
    make_activity(home, kind=kind, starts_at=starts, ends_at=starts + timedelta(hours=1))
    assert planning.next_free_day(home, begins, 60, after=eve) == date(2027, 3, 9)
    assert planning.next_free_day(home, begins, 30, after=eve) == date(2027, 3, 8)
    CalendarDay.objects.create(day=date(2027, 3, 9), name="示例节")
    home.exceptions.create(first_day=date(2027, 3, 10), last_day=date(2027, 3, 10), reason="修路")
    assert planning.next_free_day(home, begins, 60, after=eve) == date(2027, 3, 11)
