"""The rota, planned from duties and the calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.models import CalendarDay
from branches.transitions import IllegalTransition
from tests.makers import make_user
from tests.volunteers.troop import make_duty, make_team
from volunteers import duties
from volunteers.models import Shift

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 21)  # a Monday, before the holidays of October


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-09-21T10:00:00+08:00", tick=False)
    return time_machine


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def duty(team):
    return make_duty(team)


@pytest.fixture
def officer():
    return make_user("officer", name="小陈")


def days(duty):
    return [timezone.localdate(shift.starts_at) for shift in duty.shifts.order_by("starts_at")]


def test_holidays_are_left_out_and_worked_weekends_are_in(duty):
    CalendarDay.objects.create(day=date(2026, 9, 20), is_worked=True, name="国庆调休")  # past
    CalendarDay.objects.create(day=date(2026, 10, 10), is_worked=True, name="国庆调休")  # a Saturday
    for number in range(1, 8):
        CalendarDay.objects.create(day=date(2026, 10, number), name="国庆节")
    duties.plan(duty, through=date(2026, 10, 12))
    planned = [*(date(2026, 9, number) for number in (22, 23, 24, 25, 28, 29, 30)),
               *(date(2026, 10, number) for number in (8, 9, 10, 12))]  # fmt: skip
    assert days(duty) == planned
    first = duty.shifts.earliest("starts_at")
    local = timezone.localtime(first.starts_at), timezone.localtime(first.ends_at)
    assert [moment.time() for moment in local] == [time(7, 30), time(8, 30)]
    assert (first.needed, first.status, first.history.count()) == (2, "planned", 1)


def test_a_duty_of_every_day_knows_no_holidays(team):
    duty = make_duty(team, weekdays=0b1111111, working_days=False)
    CalendarDay.objects.create(day=date(2026, 9, 25), name="中秋节")
    duties.plan(duty, through=date(2026, 9, 28))
    assert days(duty) == [date(2026, 9, number) for number in range(22, 29)]


def test_a_duty_of_one_weekday_is_not_moved_to_a_worked_sunday(team):
    duty = make_duty(team, weekdays=0b0000001)
    CalendarDay.objects.create(day=date(2026, 9, 27), is_worked=True, name="调休")
    duties.plan(duty, through=date(2026, 10, 5))
    assert days(duty) == [date(2026, 9, 28), date(2026, 10, 5)]


def test_today_is_planned_only_while_it_is_to_come(team):
    assert days_of_plan(make_duty(team, begins=time(16), ends=time(17)))[0] == TODAY
    assert days_of_plan(make_duty(team))[0] == TODAY + timedelta(days=1)


def days_of_plan(duty):
    duties.plan(duty)
    return days(duty)


def test_it_keeps_to_the_days_of_the_duty(team):
    duty = make_duty(team, since=date(2026, 9, 24), until=date(2026, 9, 28))
    assert days_of_plan(duty) == [date(2026, 9, 24), date(2026, 9, 25), date(2026, 9, 28)]


def test_planning_twice_leaves_what_is_there(duty, officer):
    made = duties.plan(duty)
    duties.cancel(made[0], by=officer, reason="学校停课")
    duty.begins = time(7)
    duty.save()
    assert duties.plan(duty) == []
    assert duty.shifts.count() == len(made)


@pytest.mark.parametrize("archived", ["duty", "team"])
def test_what_is_archived_is_not_planned(duty, archived):
    record = duty if archived == "duty" else duty.team
    record.is_archived = True
    record.save()
    assert duties.plan(duty) == []


def test_the_timer_plans_four_weeks_of_all_duties(team, capsys):
    for name in ("早上护学", "放学护学"):
        make_duty(team, name=name)
    call_command("plan_shifts")
    assert capsys.readouterr().out.strip() == "新排的班次：36"  # 19 days without 国庆节, without this morning
    call_command("plan_shifts")
    assert capsys.readouterr().out.strip() == "新排的班次：0"


@given(
    weekdays=st.integers(1, 127), working=st.booleans(), since=st.integers(-5, 20), lasts=st.integers(0, 30),
    off=st.sets(st.integers(0, 40)), worked=st.sets(st.integers(0, 40)), ahead=st.lists(st.integers(0, 40), min_size=1),
)  # fmt: skip
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_in_however_many_pieces_it_is_planned(team, weekdays, working, since, lasts, off, worked, ahead):
    """Every day once, none outside the duty, none on a holiday; in pieces the same as in one."""
    with transaction.atomic():
        since = TODAY + timedelta(days=since)
        duty = make_duty(team, weekdays=weekdays, working_days=working, since=since,
                         until=since + timedelta(days=lasts))  # fmt: skip
        CalendarDay.objects.create(day=date(2026, 1, 1), name="元旦")  # this year is entered
        for number in off | worked:
            day = TODAY + timedelta(days=number)
            CalendarDay.objects.create(day=day, is_worked=number in worked, name="调整")
        for number in ahead:
            duties.plan(duty, through=TODAY + timedelta(days=number))
        last = TODAY + timedelta(days=max(ahead))
        assert days(duty) == [day for day in duties.days_of(duty, TODAY, last) if day > TODAY]
        holidays = {TODAY + timedelta(days=number) for number in off - worked} if working else set()
        for day in days(duty):
            assert since <= day <= duty.until
            assert day not in holidays
            made_up = working and (day - TODAY).days in worked
            assert weekdays & 1 << day.weekday() or made_up
        transaction.set_rollback(True)


def test_a_duty_that_ends_takes_its_shifts_along(duty, officer):
    duties.plan(duty)
    duties.end(duty, by=officer, reason="放假了")
    assert set(duty.shifts.values_list("status", "note")) == {("cancelled", "放假了")}
    assert duties.plan(duty) == []
    with pytest.raises(IllegalTransition, match="已经结束"):
        duties.end(duty, by=officer, reason="放假了")


def test_the_length_of_a_shift_over_midnight(duty):
    begins = datetime(2026, 9, 22, 14, tzinfo=UTC)
    assert duties.length(Shift(duty=duty, starts_at=begins, ends_at=begins + timedelta(hours=3))) == 180
