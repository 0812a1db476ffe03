"""The pictures of shared links: what is on them, how they are found, and what they cost."""

import io
from datetime import time

import pytest
from django.core.cache import caches
from PIL import Image

from activities.models import Activity
from activities.views import picture as activity_pictures
from config import shared_pictures
from config.marks_drawn import mark
from config.pictures import HEIGHT, WIDTH, WITHIN, Picture, draw, fitting, wide, wrapped
from config.templatetags.drawings import KINDS
from homes.models import Home, OpeningHours, Theme
from homes.views import picture as home_pictures
from homes.week import in_short

WORDS = Picture(
    "marks/erhu", "red", "东街街道 · 甲社区", "甲社区老党员之家", ("星期一到星期五 8:30–17:30",), "美在金秋"
)


@pytest.fixture
def drawn(monkeypatch):
    """What was drawn, in place of drawing it."""
    pictures = []

    def plain(picture):
        pictures.append(picture)
        return b"png of " + picture.version.encode()

    monkeypatch.setattr(shared_pictures, "draw", plain)
    return pictures


def of_home(home):
    home = Home.objects.select_related("theme", "division__parent").get(pk=home.pk)
    return home_pictures.picture_of(home, home.hours.all())


def test_a_picture_is_as_large_as_it_says_and_light():
    long = WORDS._replace(name="很" * 60, lines=("远" * 60, "久" * 60), is_sample=True)
    for words in (WORDS, long):
        body = draw(words)
        picture = Image.open(io.BytesIO(body))
        assert (picture.size, picture.format) == ((WIDTH, HEIGHT), "PNG")
        assert len(body) < 100_000
    assert draw(WORDS) == draw(WORDS)  # so that a picture has one version


def test_a_sample_is_marked_where_wechat_cuts():
    square = (WIDTH // 2 - HEIGHT // 2, 0, WIDTH // 2 + HEIGHT // 2, 120)
    plain, marked = (
        Image.open(io.BytesIO(draw(WORDS._replace(is_sample=sample)))).convert("RGB").crop(square)
        for sample in (False, True)
    )
    assert plain.tobytes() != marked.tobytes()
    assert "示例数据" in WORDS._replace(is_sample=True).words


def test_every_mark_can_be_drawn():
    drawings = [f"marks/{name}" for name in Theme.Mark] + [f"kinds/{name}" for name in (*KINDS, "other")]
    empty = [name for name in drawings if not mark(name, 48, "#941a12").getbbox()]
    assert empty == []


def test_long_names_are_wrapped_within_the_square():
    assert wrapped("甲社区老党员之家", 100, WITHIN) == ["甲社区", "老党员之家"]
    assert wrapped("天天向上网格老党员之家", 88, WITHIN) == ["天天向上网格", "老党员之家"]
    assert wrapped("年度情况报告会", 104, WITHIN) == ["年度情况", "报告会"]
    for text in (
        "长" * 60,
        "冬天怎么吃：老年人的三餐（第二次）",
        "A" * 80,
        "讲座，讲座，讲座，讲座，讲座。",
        "（一）（二）（三）",
    ):
        for size in (40, 100):
            lines = wrapped(text, size, WITHIN)
            assert max(wide(line, size) for line in lines) <= WITHIN
            assert "".join(lines) == text
            assert not any(line[0] in "，。：）" or line[-1] == "（" for line in lines)
    size, lines = fitting("长" * 600, (80, 40), WITHIN, 200)
    assert (size, len(lines), lines[-1][-1]) == (40, 4, "…")


def test_a_week_is_said_in_short():
    def hours(days, opens="8:30", closes="17:30"):
        clock = [time(*map(int, text.split(":"))) for text in (opens, closes)]
        return [OpeningHours(weekday=day, opens=clock[0], closes=clock[1]) for day in days]

    assert in_short([]) == ""
    assert in_short(hours(range(7))) == "每天 8:30–17:30"
    assert in_short(hours(range(5)) + hours([5], "9:00", "12:00")) == "星期一到星期五 8:30–17:30，星期六 9:00–12:00"
    assert in_short(hours([0, 1, 3])) == "星期一、星期二、星期四 8:30–17:30"
    assert in_short(hours([0], "14:00") + hours([0], "8:00", "12:00")) == "星期一 8:00–12:00、14:00–17:30"


def test_it_is_drawn_once_and_anew_when_what_is_on_it_changes(cast, client, drawn):
    home = cast.homes["here"]
    address = of_home(home).address
    first = client.get(address)
    assert (first.status_code, first["Content-Type"], len(drawn)) == (200, "image/png", 1)
    assert client.get(address).content == first.content
    Home.objects.filter(pk=home.pk).update(telephone="0731-9999", story="新的故事")
    assert of_home(home).address == address
    assert len(drawn) == 1
    Home.objects.filter(pk=home.pk).update(name="金丝雀新家")
    assert of_home(home).address != address
    assert client.get(address)["Location"] == of_home(home).address  # what WeChat has stored leads to the newest
    assert client.get(of_home(home).address).status_code == 200
    assert [picture.name for picture in drawn] == ["金丝雀之家", "金丝雀新家"]


def test_only_what_is_public_has_one(cast, client, drawn):
    activity = Activity.objects.for_cards().get(pk=cast.activities["here"].pk)
    addresses = [
        of_home(cast.homes["here"]).address,
        activity_pictures.picture_of(activity).address,
        activity_pictures.picture_of_course(cast.courses["here"]).address,
        shared_pictures.of_portal().address,
    ]
    assert [client.get(address).status_code for address in addresses] == [200] * 4
    Activity.objects.filter(home=cast.homes["here"]).update(status="cancelled", note="下雨")
    Home.objects.filter(pk=cast.homes["here"].pk).update(status="closed")
    assert [client.get(address).status_code for address in addresses] == [404, 404, 200, 200]
    Activity.objects.filter(course=cast.courses["here"]).update(status="draft")
    assert client.get(addresses[2]).status_code == 404
    activity.refresh_from_db()
    assert activity_pictures.picture_of(activity) is None


def test_nobody_is_on_it(cast, client, drawn):
    cast.courses["here"].teacher = "黄老师"
    activity = Activity.objects.for_cards().get(pk=cast.activities["here"].pk)
    pictures = (
        of_home(cast.homes["here"]),
        activity_pictures.picture_of(activity),
        activity_pictures.picture_of_course(cast.courses["here"]),
    )
    for _, picture in pictures:
        words = f"{picture} {picture.words}"
        assert not [word for word in ("黄老师", "来宾", "0731-", "1990", "老谭") if word in words]
    assert "金丝雀之家路1号" in pictures[0].picture.words
    assert "金丝雀讲座" in pictures[1].picture.words


def test_a_flood_draws_no_more_than_a_few(cast, client, drawn):
    homes = [of_home(home).address for home in cast.homes.values()]
    for _ in range(shared_pictures.DRAWN.number - 1):
        shared_pictures.DRAWN.take("all")
    assert [client.get(address).status_code for address in homes] == [200, 302, 302]
    refused = client.get(homes[1])
    assert (refused["Location"], refused["Cache-Control"]) == (shared_pictures.of_portal().address, "no-store")
    assert client.get(refused["Location"]).status_code == 200  # that of the portal is always there
    assert client.get(homes[0]).status_code == 200  # and what was drawn is
    assert len(drawn) == 2
    for address in ("/pictures/h/1-aaaaaaaaaaaa.png", "/pictures/portal-aaaaaaaaaaaa.png"):
        assert client.get(address).status_code in (302, 404)
    assert len(drawn) == 2


@pytest.fixture(autouse=True)
def empty_store():
    caches["pictures"].clear()
    yield
    caches["pictures"].clear()
