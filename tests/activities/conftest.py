"""Who posts and who stands at the door, and what there is to post about, for the tests of the desk."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.activities.door import let_begin
from tests.activities.reading import DAY, HOUR, WEDNESDAY
from tests.activities.town import make_activity, make_kind, make_town
from tests.cast import AREAS, CANARIES


@pytest.fixture
def kind():
    return make_kind("lecture", name="讲座", usual_minutes=60, usual_capacity=25)


@pytest.fixture
def organiser(cast, client_of, kind):
    """The browser of the organiser of the home `here`."""
    return client_of(cast.organiser)


@pytest.fixture
def activities(cast, kind):
    """A draft and a published one in each area, by status."""
    return {
        status: {
            area: make_activity(cast.homes[area], status=status, title=f"{CANARIES[area]}讲座", kind=kind,
                                branch=cast.branches[area], starts_in=timedelta(days=3))
            for area in AREAS
        }
        for status in ("draft", "published")
    }  # fmt: skip


# --- at the door
@pytest.fixture
def door(cast, client_of):
    """The organiser's browser."""
    return client_of(cast.organiser)


@pytest.fixture
def activity(cast):
    """The activity here, in which two have a seat: tomorrow."""
    return cast.activities["here"]


@pytest.fixture
def now(cast):
    """Half an hour before the activities of all areas."""
    let_begin(30, *cast.activities.values())


# --- what residents find
@pytest.fixture
def wednesday(request):
    """A Wednesday morning; the cast was made today, and lives today."""
    if "cast" in request.fixturenames:
        yield
        return
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


@pytest.fixture
def home():
    return make_town()


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as moved:
        yield moved


@pytest.fixture
def week(home):
    """Something at every hour of interest, by name."""
    for title, starts_in in {
        "已经结束": -3 * HOUR, "正在进行": -HOUR, "今天晚上": 9 * HOUR, "明天": DAY, "星期天": 4 * DAY,
        "下星期一": 5 * DAY, "月底": 12 * DAY, "下个月": 14 * DAY,
    }.items():  # fmt: skip
        make_activity(home, title=title, starts_in=starts_in)
    for status in ("draft", "pending", "cancelled"):
        make_activity(home, title=status, status=status, note="下雨" if status == "cancelled" else "")
    return home
