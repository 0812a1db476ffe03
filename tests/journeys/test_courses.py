"""A course over a term with 国庆 in it: laid out at the desk, enrolled in, one session left out, kept in a calendar.

It is a Monday in September, before the term.
"""

from datetime import UTC, date, datetime

import pytest
import time_machine
import vobject
from django.utils.formats import date_format

from activities.models import Activity, Course, SignUp
from branches.models import CalendarDay

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)  # ten in the morning in Changsha
HELD = ["2026-09-17", "2026-09-24", "2026-10-08", "2026-10-15"]  # Thursdays, without 1 October


@pytest.fixture(autouse=True)
def september():
    with time_machine.travel(MONDAY):
        yield


@pytest.fixture
def holiday(cast):
    CalendarDay.objects.bulk_create(CalendarDay(day=date(2026, 10, day), name="国庆节") for day in range(1, 8))
    CalendarDay.objects.create(day=date(2026, 10, 10), name="国庆节调休", is_worked=True)


def in_words(event):
    """An event of a calendar file as the pages write it, by the clock that it carries itself."""
    starts, ends = event.dtstart.value, event.dtend.value
    assert starts.hour > 12  # of this course
    clock = f"下午{starts.hour - 12}:{starts:%M}到{ends.hour - 12}:{ends:%M}"
    return f"{date_format(starts.replace(tzinfo=None), 'n月j日（l）')}{clock}"


@pytest.mark.usefixtures("holiday", "as_fast_as_a_machine")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_course_over_a_term_with_a_holiday_in_it(cast, phone, log_in, axe, scripts):
    desk = phone(scripts)
    log_in(desk.page, desk.site, "organiser", to="/desk/activities/")
    desk.follow("开一门课")
    assert desk.page.input_value("[name=home]") == str(cast.homes["here"].pk)
    desk.page.get_by_label("种类").select_option(label="课程班")
    desk.fill(title="金丝雀二胡班", first="2026-09-17", last="2026-10-15", begins="14:30", ends="16:00", capacity="8")
    desk.press("看看排出来哪些日子")
    days = desk.page.locator("ol.days > li").all_inner_texts()
    assert len(days) == 5
    assert "2026年10月1日（星期四） 不上课：国庆节" in [" ".join(day.split()) for day in days]
    assert not Course.objects.filter(title="金丝雀二胡班").exists()  # only looked at so far
    if scripts:
        assert axe(desk.page) == []
    desk.press("就这样，排4次课")
    course = Course.objects.get(title="金丝雀二胡班")
    resident = phone(scripts)
    resident.open("/courses/")
    assert course.title not in resident.text
    desk.follow("全部发布").press("全部发布")
    assert "发布了4次课" in desk.text

    # A resident enrols in all of it, and leaves out the one after the holiday.
    resident.open("/courses/").go_to(course.get_absolute_url())
    lines = ("".join(line.split()) for line in resident.page.locator(".sessions a").all_inner_texts())
    on_page = [line.rpartition("，")[2] for line in lines]
    days = ("9月17日", "9月24日", "10月8日", "10月15日")
    assert on_page == [f"{day}（星期四）下午2:30到4:00" for day in days]
    if scripts:
        assert axe(resident.page) == []
    resident.follow("整门课都报名").fill(name="示例爷爷", telephone="19900007001", consent=True).press("报名")
    assert resident.heading == "报上了"
    resident.follow("10月8日", exact=False)
    assert "10月8日" in resident.text
    resident.press("是的，不去了")
    rows = SignUp.objects.filter(booking__course=course).order_by("activity__starts_at")
    assert [(f"{row.activity.starts_at:%Y-%m-%d}", row.status) for row in rows] == list(
        zip(HELD, ("confirmed", "confirmed", "cancelled", "confirmed"), strict=True)
    )

    # The calendar file of the course, as another program reads it, says what the page says.
    resident.open(course.get_absolute_url())
    link = resident.page.get_by_role("link", name="整门课放进手机日历").get_attribute("href")
    answer = resident.page.context.request.get(f"{resident.site}{link}")
    assert answer.headers["content-type"].startswith("text/calendar")
    events = vobject.readOne(answer.text()).contents["vevent"]
    assert [in_words(event) for event in events] == on_page
    assert {event.dtstart.value.utcoffset().total_seconds() for event in events} == {8 * 60 * 60}
    assert [f"{event.dtstart.value:%Y-%m-%d}" for event in events] == HELD
    assert not Activity.objects.filter(course=course, starts_at__date="2026-10-01").exists()
