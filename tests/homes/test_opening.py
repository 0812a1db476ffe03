"""When a home is open: the weekly rule, and the exceptions that beat it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from homes.models import Demonstration, Home, OpeningException, OpeningHours
from homes.week import week
from tests.makers import make_home

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = date(2026, 11, 25)


def at(clock, day=WEDNESDAY):
    return datetime.combine(day, time.fromisoformat(clock), SHANGHAI)


def seen(home, moment):
    opening = Home.objects.with_opening(moment).get(pk=home.pk).opening_at(moment)
    return opening.until, opening.later, opening.reason


@pytest.fixture
def home(cast):
    """Open Monday to Friday 9:00–11:30 and 14:00–17:00."""
    home = make_home(cast.communities["here"], "两段之家", "two-spells")
    home.hours.all().delete()
    for weekday in range(5):
        for opens, closes in ((time(9), time(11, 30)), (time(14), time(17))):
            OpeningHours.objects.create(home=home, weekday=weekday, opens=opens, closes=closes)
    return home


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("00:00", (None, time(9), "")),
        ("08:59:59", (None, time(9), "")),
        ("09:00", (time(11, 30), time(14), "")),
        ("11:29:59", (time(11, 30), time(14), "")),
        ("11:30", (None, time(14), "")),
        ("14:00", (time(17), None, "")),
        ("16:59:59", (time(17), None, "")),
        ("17:00", (None, None, "")),
        ("23:59:59", (None, None, "")),
    ],
)
def test_open_from_the_first_minute_up_to_the_last(home, clock, expected):
    assert seen(home, at(clock)) == expected


def test_closed_on_the_days_without_hours(home):
    assert seen(home, at("10:00", WEDNESDAY + timedelta(days=3))) == (None, None, "")


def test_the_day_is_the_day_in_changsha_whatever_the_server_thinks(home):
    """Tuesday 22:00 UTC is Wednesday morning; Friday 17:00 UTC is Saturday."""
    utc = datetime(2026, 11, 24, 22, 0, tzinfo=ZoneInfo("UTC"))
    assert seen(home, utc) == (None, time(9), "")
    assert seen(home, datetime(2026, 11, 27, 17, tzinfo=ZoneInfo("UTC"))) == (None, None, "")


def test_an_exception_beats_the_weekly_rule_on_its_days_alone(home):
    OpeningException.objects.create(
        home=home, first_day=WEDNESDAY, last_day=WEDNESDAY + timedelta(days=1), reason="国庆节休息"
    )
    assert seen(home, at("10:00")) == (None, None, "国庆节休息")
    assert seen(home, at("10:00", WEDNESDAY + timedelta(days=1))) == (None, None, "国庆节休息")
    assert seen(home, at("10:00", WEDNESDAY + timedelta(days=2)))[0] == time(11, 30)
    assert seen(home, at("10:00", WEDNESDAY - timedelta(days=1)))[0] == time(11, 30)


def test_a_make_up_workday_opens_a_saturday(home):
    saturday = WEDNESDAY + timedelta(days=3)
    OpeningException.objects.create(
        home=home, first_day=saturday, last_day=saturday, opens=time(10), closes=time(12), reason="调休上班"
    )
    assert seen(home, at("11:00", saturday)) == (time(12), None, "")
    assert seen(home, at("12:00", saturday)) == (None, None, "")  # the reason was one to open


def test_a_reason_is_read_as_it_was_typed(home):
    reason = '修\x1e"路\x1f,]\n\\'
    OpeningException.objects.create(home=home, first_day=WEDNESDAY, last_day=WEDNESDAY, reason=reason)
    (row,) = Home.objects.with_opening(at("10:00")).get(pk=home.pk).special
    assert row == (WEDNESDAY, WEDNESDAY, None, None, reason)


def test_a_suspended_home_is_not_open_and_keeps_its_hours(home):
    Home.objects.filter(pk=home.pk).update(status=Home.Status.SUSPENDED)
    opening = Home.objects.with_opening(at("10:00")).get(pk=home.pk).opening_at(at("10:00"))
    assert opening == (True, "", None, None)


def test_unknown_hours_are_not_closed_hours(cast, home):
    home.hours.all().delete()
    assert Home.objects.with_opening().get(pk=home.pk).opening.is_known is False
    OpeningException.objects.create(
        home=home, first_day=WEDNESDAY, last_day=WEDNESDAY, opens=time(9), closes=time(10), reason="试开放"
    )
    assert Home.objects.with_opening(at("11:00")).get(pk=home.pk).opening_at(at("11:00")).is_known is True


def test_the_week_shows_seven_days_from_today(home):
    OpeningException.objects.create(home=home, first_day=WEDNESDAY, last_day=WEDNESDAY, reason="检修")
    days = week(home.hours.all(), home.exceptions.all(), WEDNESDAY, WEDNESDAY)
    assert [day.label for day in days] == ["星期三", "星期四", "星期五", "星期六", "星期日", "星期一", "星期二"]
    assert [len(day.intervals) for day in days] == [0, 2, 2, 0, 0, 2, 2]
    assert [(day.today, day.reason) for day in days[:2]] == [(True, "检修"), (False, "")]


def test_a_day_that_nobody_has_spoken_of_is_not_a_closed_day(home):
    home.hours.all().delete()
    OpeningException.objects.create(home=home, first_day=WEDNESDAY, last_day=WEDNESDAY, reason="检修")
    days = week([], home.exceptions.all(), WEDNESDAY)
    assert [day.is_known for day in days] == [True] + 6 * [False]


def test_a_week_of_nothing_known_is_empty():
    assert week([], [], WEDNESDAY) == []


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (OpeningHours, {"weekday": 0, "opens": time(9), "closes": time(9)}),
        (OpeningHours, {"weekday": 7, "opens": time(9), "closes": time(10)}),
        (OpeningException, {"first_day": WEDNESDAY, "last_day": WEDNESDAY - timedelta(days=1)}),
        (OpeningException, {"first_day": WEDNESDAY, "last_day": WEDNESDAY, "opens": time(9)}),
        (OpeningException, {"first_day": WEDNESDAY, "last_day": WEDNESDAY, "opens": time(9), "closes": time(8)}),
        (Demonstration, {"granted_on": WEDNESDAY, "valid_until": WEDNESDAY - timedelta(days=1)}),
        (Demonstration, {"granted_on": WEDNESDAY, "revoked_on": WEDNESDAY}),
        (Demonstration, {"granted_on": WEDNESDAY, "reason": "没有日期"}),
    ],
)
def test_the_database_refuses_what_cannot_be(home, model, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(home=home, **fields)


def test_a_demonstration_counts_on_its_days(home):
    Demonstration.objects.create(
        home=home, granted_on=WEDNESDAY, valid_until=WEDNESDAY + timedelta(days=9), revoked_on=None
    )
    since = {
        offset: Home.objects.with_demonstration(at("12:00", WEDNESDAY + timedelta(days=offset)))
        .get(pk=home.pk)
        .demonstration_since
        for offset in (-1, 0, 9, 10)
    }
    assert since == {-1: None, 0: WEDNESDAY, 9: WEDNESDAY, 10: None}
    Demonstration.objects.update(revoked_on=WEDNESDAY + timedelta(days=2), reason="搬迁")
    assert [Demonstration.objects.current(WEDNESDAY + timedelta(days=day)).count() for day in (1, 2)] == [1, 0]


def test_ninety_days_without_a_check_is_stale(home):
    today = timezone.localdate()
    for days, stale in ((0, False), (90, False), (91, True)):
        home.verified_on = today - timedelta(days=days)
        Home.objects.filter(pk=home.pk).update(verified_on=home.verified_on)
        assert home.is_stale is stale
        assert Home.objects.unverified().filter(pk=home.pk).exists() is stale
