"""Calendar files as another program reads them: wall-clock times, identities, what is cancelled."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
import vobject
from django.core.cache import caches
from django.utils import timezone
from django.utils.html import strip_tags

from activities import publishing
from activities.models import Activity
from branches.models import Branch, User
from homes.models import Theme
from tests.activities.town import make_activity, make_course, make_town

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sunday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def by():
    return User.objects.create_user("by")


def events(client, address):
    caches["pages"].clear()  # what a test writes is never committed, so it tells no page that it is old
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    text = response.getvalue().decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return vobject.readOne(text).contents.get("vevent", [])


def test_the_clock_in_the_file_is_the_clock_on_the_page(client):
    activity = make_activity(make_town(), starts_in=timedelta(days=2, hours=3, minutes=30))
    (event,) = events(client, f"/activities/{activity.pk}.ics")
    assert f"{event.dtstart.value:%Y-%m-%d %H:%M}" == "2026-11-24 15:30"
    assert event.dtstart.value == timezone.localtime(activity.starts_at)
    assert event.dtend.value - event.dtstart.value == timedelta(minutes=90)
    page = strip_tags(client.get(activity.get_absolute_url()).content.decode())
    assert "2026年11月24日（星期二）下午3:30到5:00" in page
    assert event.location.value == activity.where
    assert "TZID=Asia/Shanghai" in client.get(f"/activities/{activity.pk}.ics").getvalue().decode()


def test_another_time_is_the_same_event_in_a_later_version(client, by):
    activity = make_activity(make_town())
    (before,) = events(client, f"/activities/{activity.pk}.ics")
    later = activity.starts_at + timedelta(hours=2)
    publishing.reschedule(activity, by=by, starts_at=later, ends_at=later + timedelta(hours=1))
    (after,) = events(client, f"/activities/{activity.pk}.ics")
    assert (after.uid.value, after.sequence.value) == (before.uid.value, "1")
    assert after.dtstart.value == later


def test_a_cancelled_one_is_crossed_out_for_thirty_days(client, by):
    home = make_town()
    activity = make_activity(home)
    publishing.cancel(activity, by=by, reason="老师病了")
    (event,) = events(client, "/homes/town/calendar.ics")
    assert (event.status.value, event.sequence.value) == ("CANCELLED", "1")
    assert "老师病了" in event.description.value
    with time_machine.travel(NOON + timedelta(days=32), tick=False):
        assert events(client, "/homes/town/calendar.ics") == []


@pytest.mark.parametrize(("days", "shown"), [(0, 1), (29, 1), (31, 0)])
def test_one_cancelled_long_before_its_day_goes_after_thirty_days(client, by, days, shown):
    publishing.cancel(make_activity(make_town(), starts_in=timedelta(days=90)), by=by, reason="老师病了")
    with time_machine.travel(NOON + timedelta(days=days), tick=False):
        assert len(events(client, "/homes/town/calendar.ics")) == shown


@pytest.mark.parametrize(("days", "shown"), [(29, 1), (31, 0)])
def test_what_is_over_stays_for_thirty_days(client, days, shown):
    make_activity(make_town(), status="finished", starts_in=-timedelta(days=days))
    assert len(events(client, "/homes/town/calendar.ics")) == shown


def test_a_sample_says_so_in_the_calendar_too(client):
    make_activity(make_town(), is_sample=True)
    (event,) = events(client, "/homes/town/calendar.ics")
    assert event.summary.value == "【示例数据】合唱班"


def test_what_has_no_page_has_no_calendar(client, cast):
    home = cast.homes["here"]
    course = make_course(home, sessions=2, status="draft")
    Branch.objects.filter(pk=cast.branches["here"].pk).update(is_archived=True)
    Theme.objects.update(is_archived=True)
    for address in (
        f"/homes/{cast.drafts['here'].slug}/",
        f"/courses/{course.slug}/",
        f"/branches/{cast.branches['here'].slug}/",
        "/themes/garden/",
    ):
        assert client.get(f"{address}calendar.ics").status_code == 404


def test_drafts_are_in_no_calendar(client):
    home = make_town()
    for status in ("draft", "pending"):
        make_activity(home, status=status)
    assert events(client, "/homes/town/calendar.ics") == []
    draft = Activity.objects.first()
    assert client.get(f"/activities/{draft.pk}.ics").status_code == 404


def test_a_course_a_branch_and_a_theme_have_calendars_of_their_own(client, cast):
    home = cast.homes["here"]
    course = make_course(home, sessions=3, branch=cast.branches["here"])
    meetings = {f"activity-{pk}" for pk in course.sessions.values_list("pk", flat=True)}
    at_home = {f"activity-{pk}" for pk in home.activities.public().values_list("pk", flat=True)}

    def uids(address):
        found = [event.uid.value.split("@")[0] for event in events(client, address)]
        assert len(found) == len(set(found))
        return set(found)

    assert uids(f"/courses/{course.slug}/calendar.ics") == meetings
    assert uids(f"/homes/{home.slug}/calendar.ics") == at_home > meetings
    of_branch = uids(f"/branches/{cast.branches['here'].slug}/calendar.ics")
    assert of_branch == meetings | {f"activity-{cast.activities['here'].pk}"}
    of_theme = uids("/themes/garden/calendar.ics")
    assert of_theme > at_home
    assert f"activity-{cast.activities['elsewhere'].pk}" in of_theme


def test_words_of_any_length_and_kind_come_through(client):
    words = "第一行；有分号，有逗号, 有\\反斜杠\n第二行" + "很长" * 100
    activity = make_activity(make_town(), title="名称：“引号”;与,号", description=words)
    (event,) = events(client, f"/activities/{activity.pk}.ics")
    assert event.summary.value == activity.title
    assert event.description.value.startswith(words)
