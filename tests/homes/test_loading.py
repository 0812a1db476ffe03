"""Reading the homes of a data folder: what a row may say, and which rows are the same home."""

from decimal import Decimal

import pytest

from branches.data_folder import DataError, Folder, Record
from branches.loading import Arrivals
from homes.loading import by_slug, home_values, position_values
from homes.models import Theme
from tests.districts.folders import YUNSHAN


def record(**values):
    return Record("homes.csv 第2行", values, [])


def test_only_what_the_row_fills_becomes_a_value():
    row = record(slug="a", name=" 甲 ", host="", division="1", lead="", telephone="0999-1", step_free="否", lift="")

    assert home_values(row, {"1": "somewhere"}) == {
        "slug": "a",
        "name": "甲",
        "host": "community",
        "division": "somewhere",
        "telephone": "0999-1",
        "step_free": False,
    }
    assert row.problems == []


def test_a_division_is_needed():
    row = record(slug="a", name="甲", division="")

    home_values(row, {})

    assert row.problems == ["homes.csv 第2行的“division”：不能空着；不知道社区就写街道或区的代码。"]


@pytest.mark.parametrize(
    ("longitude", "latitude", "datum", "told"),
    [
        ("112.97", "", "WGS-84", "都是数字"),
        ("东经", "28.1", "WGS-84", "都是数字"),
        ("28.1", "112.97", "WGS-84", "写反了"),
        ("112.97", "28.1", "", "没有写明基准"),
        ("112.97", "28.1", "CGCS", "没有写明基准"),
        ("nan", "28.1", "WGS-84", "不在地球上"),
    ],
)
def test_a_position_that_is_none(longitude, latitude, datum, told):
    row = record(longitude=longitude, latitude=latitude, datum=datum)

    assert position_values(Folder(YUNSHAN), row, "甲", None, Arrivals()) == {}
    assert len(row.problems) == 1
    assert told in row.problems[0]


def test_a_position_keeps_six_places():
    row = record(longitude="112.9712345", latitude="28.1", datum="wgs84")

    assert position_values(Folder(YUNSHAN), row, "甲", None, Arrivals()) == {
        "longitude": Decimal("112.971234"),
        "latitude": Decimal("28.100000"),
        "location_precision": "hand_placed",
    }


def test_a_position_needs_all_four_words():
    row = record(position={"longitude": 112.97, "latitude": 28.1, "datum": "WGS-84"})

    problems = []
    folder = Folder(YUNSHAN)
    folder.problems = problems
    position_values(folder, row, "甲", None, Arrivals())

    assert problems == [
        "homes.csv 第2行的position的“precision”：position 要写 longitude、latitude、datum、precision 四项，不多不少。"
    ]


def test_more_problems_than_fit_are_counted():
    told = str(DataError([f"第{number}处" for number in range(1, 26)]))

    assert "第20处" in told
    assert "第21处" not in told
    assert "还有 5 处" in told


@pytest.mark.django_db
def test_a_row_is_found_under_its_former_slug():
    theme = Theme.objects.create(slug="old", name="旧")
    theme.slug = "new"
    theme.save()

    assert by_slug(Theme) == {"old": theme, "new": theme}


@pytest.mark.django_db
def test_a_slug_belongs_to_the_row_that_has_it_now():
    first = Theme.objects.create(slug="one", name="一")
    first.slug = "two"
    first.save()
    second = Theme.objects.create(slug="one", name="又一")

    assert by_slug(Theme)["one"] == second
