"""Working days: weekends and holidays do not count, weekends that are worked instead do."""

from datetime import date, timedelta

import pytest

from branches.models import CalendarDay

pytestmark = pytest.mark.django_db


def day(text):
    return date.fromisoformat(text)


def after(first, number):
    return CalendarDay.objects.working_day_after(day(first), number)


@pytest.fixture
def october():
    """国庆 of 2026: off from the 1st to the 7th, worked on Saturday the 10th and on Sunday, September 20th."""
    for number in range(1, 8):
        CalendarDay.objects.create(day=date(2026, 10, number), name="国庆节")
    for worked in (date(2026, 9, 20), date(2026, 10, 10)):
        CalendarDay.objects.create(day=worked, is_worked=True, name="国庆节调休")


@pytest.mark.parametrize(
    ("first", "number", "expected"),
    [
        ("2026-11-23", 1, "2026-11-24"),  # Monday
        ("2026-11-26", 1, "2026-11-27"),
        ("2026-11-27", 1, "2026-11-30"),  # Friday
        ("2026-11-28", 1, "2026-11-30"),  # Saturday
        ("2026-11-29", 3, "2026-12-02"),
        ("2026-11-23", 10, "2026-12-07"),
    ],
)
def test_weekends_do_not_count(first, number, expected):
    assert after(first, number) == day(expected)


@pytest.mark.parametrize(
    ("first", "number", "expected"),
    [
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-29", 3, "2026-10-09"),
        ("2026-10-03", 1, "2026-10-08"),  # from within
        ("2026-10-08", 2, "2026-10-10"),  # a Saturday that is worked
        ("2026-10-09", 2, "2026-10-12"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-18", 1, "2026-09-20"),  # a Sunday that is worked
        ("2026-09-19", 2, "2026-09-21"),
    ],
)
def test_holidays_do_not_and_weekends_worked_instead_do(october, first, number, expected):
    assert after(first, number) == day(expected)


def test_of_a_year_that_nobody_entered_the_fixed_holidays_are_known(october):
    assert after("2027-09-30", 1) == day("2027-10-04")  # 1 to 3 October, the last two a weekend
    assert after("2026-12-31", 1) == day("2027-01-04")  # 元旦 is a Friday


def test_of_a_year_that_was_entered_only_what_was_entered_counts():
    CalendarDay.objects.create(day=date(2027, 2, 8), name="春节")
    assert after("2027-04-30", 1) == day("2027-05-03")
    assert after("2026-12-31", 1) == day("2027-01-01")  # nobody entered it as off


def test_it_never_lands_on_a_day_off_and_only_goes_forward(october):
    off = CalendarDay.objects.holidays(day("2026-09-01"), day("2027-12-31"))
    worked = set(CalendarDay.objects.filter(is_worked=True).values_list("day", flat=True))
    start = day("2026-09-15")
    for ahead in range(0, 60, 7):
        found = [
            CalendarDay.objects.working_day_after(start + timedelta(days=ahead), number) for number in (1, 2, 3, 10, 60)
        ]
        assert found == sorted(set(found))
        assert found[0] > start + timedelta(days=ahead)
        assert all(each in worked or (each.weekday() < 5 and each not in off) for each in found)
