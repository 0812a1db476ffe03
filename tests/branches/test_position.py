"""/desk/position/: one place converts what is typed and what is pressed."""

from decimal import Decimal

import pytest

from branches.coordinates import Datum, from_wgs84, metres_between
from branches.map import Projection

POINT = (112.99, 28.11)


@pytest.fixture
def ask(cast, client_of):
    client = client_of(cast.officer)
    return lambda **question: client.get("/desk/position/", question).json()


def test_what_is_typed_is_shown_where_it_lies_whatever_map_it_is_from(cast, ask):
    drawn = Projection(cast.district.outline).place(*POINT)
    for datum in Datum:
        longitude, latitude = from_wgs84(*POINT, datum)
        answer = ask(longitude=f"{longitude:.8f}", latitude=f"{latitude:.8f}", datum=datum.value)
        assert (answer["x"], answer["y"]) == drawn
        assert "112.990000, 28.110000" in answer["words"]
        assert "longitude" not in answer  # what somebody typed stays as it is


def test_a_press_becomes_degrees_and_comes_back_to_the_same_place(cast, ask):
    x, y = Projection(cast.district.outline).place(*POINT)
    answer = ask(x=x, y=y)
    assert (answer["x"], answer["y"]) == (x, y)
    assert metres_between((Decimal(answer["longitude"]), Decimal(answer["latitude"])), POINT) < 10
    far = ask(x=0, y=0)
    assert "不在望岳区的轮廓里面" in far["words"]
    assert far["longitude"]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"longitude": "28.1", "latitude": "113.0", "datum": "GCJ-02"}, "写反了。是不是经度113.0、纬度28.1"),
        ({"longitude": "2.35", "latitude": "48.86", "datum": "WGS-84"}, "不在中国"),
        ({"longitude": "113.0", "latitude": "28.1"}, "请选这组数字是从哪里来的"),
        ({"longitude": "NaN", "latitude": "28.1", "datum": "WGS-84"}, "经度要写成数字"),
        ({"longitude": "1e999", "latitude": "28.1", "datum": "WGS-84"}, "不在中国"),
        ({"x": "nan", "y": "1e400"}, "要写成数字"),
        ({"x": "left"}, "请再点一次"),
        ({}, ""),
    ],
)
def test_bad_input_is_told_and_never_drawn(ask, question, words):
    answer = ask(**question)
    assert words in answer["words"]
    assert "x" not in answer
    assert bool(answer.get("swapped")) == ("写反了" in words)
