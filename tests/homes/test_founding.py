"""The life of a home: every event in every state, who did it, why, and nothing lost when two press at once."""

import inspect
from datetime import timedelta

import pytest

from branches.transitions import IllegalTransition
from homes import founding
from homes.models import Home
from tests.makers import call_off, make_activity_of, make_home

PREPARING, OPEN, SUSPENDED, CLOSED = Home.Status
EVENTS = ("publish", "suspend", "reopen", "archive")
# {event: {state before: state after}}; whatever is not here is refused
LIFE = {
    "publish": {PREPARING: OPEN, CLOSED: OPEN},
    "suspend": {OPEN: SUSPENDED},
    "reopen": {SUSPENDED: OPEN},
    "archive": {PREPARING: CLOSED, OPEN: CLOSED, SUSPENDED: CLOSED},
}


def do(event, home, by, reason="屋顶漏雨"):
    verb = getattr(founding, event)
    reasons = {"reason": reason} if "reason" in inspect.signature(verb).parameters else {}
    return verb(home, by=by, **reasons)


@pytest.fixture
def home_in(cast):
    return lambda status: make_home(cast.communities["here"], "测试家", "test", status=status)


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("before", Home.Status)
def test_every_event_in_every_state(cast, home_in, event, before):
    home = home_in(before)
    steps = home.history.count()
    after = LIFE[event].get(before)
    if after is None:
        with pytest.raises(IllegalTransition, match="测试家"):
            do(event, home, cast.officer)
        home.refresh_from_db()
        assert (home.status, home.history.count()) == (before, steps)
    else:
        assert do(event, home, cast.officer).status == after
        home.refresh_from_db()
        latest = home.history.first()
        assert (home.status, home.history.count()) == (after, steps + 1)
        assert (latest.history_user, bool(latest.history_change_reason)) == (cast.officer, True)


@pytest.mark.parametrize("event", ["suspend", "archive"])
@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_taking_something_from_residents_needs_a_reason(cast, home_in, event, reason):
    home = home_in(OPEN)
    with pytest.raises(IllegalTransition, match="原因"):
        do(event, home, cast.officer, reason)
    home.refresh_from_db()
    assert home.status == OPEN


def test_a_home_where_people_are_still_expected_is_not_archived(cast, home_in):
    home = home_in(OPEN)
    make_activity_of(home, "还没办的讲座")
    make_activity_of(home, "办完了的讲座", status="finished", starts_in=timedelta(days=-1))
    with pytest.raises(IllegalTransition, match="还有1场"):
        do("archive", home, cast.officer)
    call_off(home, by=cast.officer)
    assert do("archive", home, cast.officer).status == CLOSED


def test_the_reason_is_shown_until_the_next_step(cast, home_in):
    home = do("suspend", home_in(OPEN), cast.officer, "  屋顶漏雨 ")
    assert home.status_note == "屋顶漏雨"
    assert do("reopen", home, cast.officer).status_note == ""


def test_a_second_press_on_an_old_page_is_refused_and_explained(cast, home_in):
    home = home_in(PREPARING)
    stale = Home.objects.get(pk=home.pk)
    do("publish", home, cast.officer)
    with pytest.raises(IllegalTransition, match="刷新"):
        do("publish", stale, cast.street_officer)


@pytest.mark.parametrize("event", ["suspend", "archive"])
def test_a_very_long_reason_is_refused_in_words(cast, home_in, event):
    home = home_in(OPEN)
    with pytest.raises(IllegalTransition, match="最多120个字"):
        do(event, home, cast.officer, "漏" * 121)
    assert do(event, home, cast.officer, "漏" * 120).status_note == "漏" * 120


def test_a_step_touches_no_fact_of_the_home(cast, home_in):
    home = home_in(OPEN)
    stale = Home.objects.get(pk=home.pk)
    Home.objects.filter(pk=home.pk).update(telephone="0731-5555 5555")
    do("suspend", stale, cast.officer)
    home.refresh_from_db()
    assert home.telephone == "0731-5555 5555"


def test_confirming_records_who_looked_and_when(cast, home_in, time_machine):
    time_machine.move_to("2026-11-23T00:10:00+08:00")  # still yesterday in Greenwich
    home = founding.confirm_facts(home_in(OPEN), by=cast.officer)
    home.refresh_from_db()
    assert (home.verified_on.isoformat(), home.verified_by) == ("2026-11-23", cast.officer)
    assert home.history.first().history_user == cast.officer


def test_missing_facts_are_named(cast):
    known = cast.homes["here"]
    assert founding.missing_facts(known) == []
    bare = make_home(
        cast.communities["here"], "空家", "bare",
        address="", theme=None, longitude=None, latitude=None, location_precision="",
    )  # fmt: skip
    bare.hours.all().delete()
    assert founding.missing_facts(bare) == ["地址", "电话", "位置", "开放时间", "主题"]
