"""The nearest homes: whom one can go to, by which metres, and the way in words."""

import os
import subprocess
import sys
from datetime import time
from math import ceil

import pytest
import time_machine

from branches.coordinates import metres_between
from homes.circles import directions
from homes.circles.nearest import nearest, places
from homes.circles.pace import BRISK, SLOW, USUAL
from homes.circles.walks import source
from homes.models import Home, OpeningHours
from tests.homes.streets import measured
from tests.makers import make_home

HERE = (113.0, 28.1)
MONDAY_EVENING = "2026-11-23T20:30:00+08:00"


@pytest.fixture
def homes(cast):
    """Three homes east of HERE by name, and such as nobody should be sent to, though they are nearer."""
    Home.objects.update(status=Home.Status.CLOSED)
    here = cast.communities["here"]
    for number, (name, longitude) in enumerate({"远": 113.02, "近": 113.001, "中": 113.01}.items()):
        make_home(here, name, f"home-{number}", longitude=longitude, latitude=28.1)
    at = {"longitude": 113.0, "latitude": 28.1}
    make_home(here, "草稿", "draft", status=Home.Status.PREPARING, **at)
    make_home(here, "停着", "suspended", status=Home.Status.SUSPENDED, **at)
    make_home(here, "不知在哪", "nowhere", longitude=None, latitude=None, location_precision="")
    repaired = make_home(here, "在修", "repaired", **at)
    repaired.exceptions.create(first_day="2026-11-01", last_day="2026-12-31", reason="修屋顶")
    return {home.name: home for home in Home.objects.all()}


@time_machine.travel(MONDAY_EVENING, tick=False)
def test_the_nearest_that_receive_somebody_now_or_soon_with_metres_minutes_and_hours(homes):
    OpeningHours.objects.filter(home=homes["近"]).delete()
    OpeningHours.objects.filter(home=homes["中"]).delete()
    OpeningHours.objects.create(home=homes["中"], weekday=2, opens=time(9), closes=time(11))
    homes["中"].exceptions.create(first_day="2026-11-25", last_day="2026-11-25", reason="开会")
    homes["远"].exceptions.create(first_day="2026-11-20", last_day="2026-11-23", reason="停电")
    homes["远"].exceptions.create(
        first_day="2026-11-24", last_day="2026-11-24", opens=time(14, 5), closes=time(15), reason="活动"
    )
    found = nearest(HERE, places(), source(), SLOW)
    assert [each.home.name for each in found] == ["近", "中", "远"]
    assert [each.opens_next for each in found] == ["", "", "明天14:05"]
    assert [each.rings_first for each in found] == [True, False, False]
    middle = found[1]
    straight = metres_between(HERE, (113.01, 28.1))
    assert (middle.metres, middle.straight) == (round(straight * 1.4), round(straight))
    assert middle.minutes == ceil(middle.metres / 0.8 / 60)
    assert middle.other_paces == [(pace.name, pace.minutes(middle.metres)) for pace in (USUAL, BRISK)]
    assert middle.way == "在您的东边，直线约1000米。"
    Home.objects.update(status=Home.Status.CLOSED)
    assert nearest(HERE, places(), source(), SLOW) == []


def test_on_streets_the_straight_line_decides_nothing_and_what_cannot_be_walked_to_comes_last(homes):
    walks = {(113.01, 28.1): 1300, (113.02, 28.1): 1100}
    legs = [("劳动路", 700, 88, False), ("", 400, 2, True)]
    found = nearest(HERE, places(), measured(walks, legs), USUAL)
    assert [(each.home.name, each.metres) for each in found] == [("远", 1100), ("中", 1300), ("近", None)]
    assert found[0].way == "出门往东，沿劳动路走约700米；再往北，走约400米（有台阶）就到。"
    assert (found[2].minutes, found[2].way) == (None, "在您的东边，直线约100米。")
    assert [each.home.name for each in nearest(HERE, places(), measured({}), USUAL)] == ["近", "中", "远"]


def test_a_way_is_told_as_somebody_on_the_street_would():
    for legs, words in (
        ([], "就在旁边。"),
        ([("", 4, 0, False)], "就在旁边。"),
        ([("", 4, 0, True)], "出门往北，走约10米（有台阶）就到。"),
        ([("劳动路", 303, 90, False)], "出门往东，沿劳动路走约300米就到。"),
        # the path to the street is no news; a street that goes on is one leg, a bend in it two
        ([("", 9, 180, False), ("劳动路", 150, 85, False), ("劳动路", 140, 95, False), ("劳动路", 40, 130, False),
          ("", 6, 0, False)],
         "出门往东，沿劳动路走约300米；再往东南，沿劳动路走约50米就到。"),
        # beyond six nobody listens
        ([(f"{number}路", 100, number * 90, False) for number in range(9)],
         "；".join([f"{'再' if number else '出门'}往{'北东南西'[number % 4]}，沿{number}路走约100米"
                   for number in range(6)] + ["再走约300米就到。"])),
    ):  # fmt: skip
        assert directions.in_words(legs) == words
    turned = [directions.compass(degrees) for degrees in (0, 44, 90, 135, 180, 225, 270, 315, 338, 359.9)]
    assert turned == ["北", "东北", "东", "东南", "南", "西南", "西", "西北", "北", "北"]
    assert [directions.about(metres) for metres in (3, 44, 212, 1249)] == [10, 40, 200, 1200]


@pytest.mark.once
def test_an_estimate_loads_nothing_large():
    """A server without streets does not carry the libraries of the street network; numpy comes with those of Excel."""
    program = (
        "import django, sys; django.setup(); import homes.urls\n"
        "print([name for name in ('scipy', 'shapely', 'osmium') if name in sys.modules])"
    )
    environment = {"PATH": os.environ["PATH"], "DEMO": "1", "ENV_FILE": os.devnull}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
