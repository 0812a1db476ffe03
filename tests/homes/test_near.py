"""/near/: where somebody is, said in three ways, and what they are told; nothing of it is kept."""

import logging

import pytest

from branches.coordinates import metres_between
from branches.map import MARGIN, WIDTH, Projection
from branches.models import ResidentCompound
from config.content_version import content
from homes.models import Home
from homes.views.near_map import PIXELS, Picture, part_about
from tests.homes.streets import measured

HERE = {"longitude": "112.99", "latitude": "28.11"}


def test_community_then_compound_and_the_pace_stays(cast, client):
    known = {"division": cast.communities["here"], "longitude": "112.992", "latitude": "28.11"}
    compound = ResidentCompound.objects.create(name="望江苑", **known)
    away = ResidentCompound.objects.create(name="拆了的", is_archived=True, **known)
    response = client.get("/near/?place=990100001002")
    assert [(words, [home.name for home in homes]) for words, homes in response.context["found"]] == [
        ("就在乙社区", ["画眉鸟之家"]),
        ("同在东街街道", ["金丝雀之家"]),
    ]
    response = client.get("/near/?place=990100002000")
    assert [(words, len(homes)) for words, homes in response.context["found"]] == [("西街街道的家", 1)]
    response = client.get("/near/?place=990100001001&pace=brisk")
    ((community, links),) = response.context["compounds"]
    # neither archived ones nor those without a position
    assert (community, [each for each, _ in links]) == (cast.communities["here"], [compound])
    link = f"/near/?compound={compound.pk}&pace=brisk"
    assert link.replace("&", "&amp;") in response.text
    response = client.get(link)
    assert "离望江苑最近的3个家" in response.text
    assert response.text.count('name="pace" value="brisk"') == 3  # all three forms
    assert "按“走得快”每秒1.2米算" in response.text
    assert "<b>估算</b>：直线距离乘1.4" in response.text
    assert f'href="/near/?compound={compound.pk}&amp;pace=slow"' in response.text
    assert f'href="/near/?compound={compound.pk}"' in response.text  # the usual pace need not be named
    for place in ("place=000", "place=990100000000x", "place=%00", f"place={'9' * 5000}"):
        assert "没有找到这个社区" in client.get(f"/near/?{place}").text
    for number in ("0", "x", "9" * 5000, "%00", away.pk):
        assert "没有找到这个小区" in client.get(f"/near/?compound={number}").text


def test_by_position_which_leaves_no_trace(cast, client, caplog):
    caplog.set_level(logging.DEBUG)
    at = {"longitude": "112.987654", "latitude": "28.123456", "accuracy": "1200"}
    response = client.post("/near/", at | {"pace": "slow"})
    assert [walk.pace.key for walk in response.context["walks"]] == ["slow"] * 3
    assert "走路约" in response.text
    assert "（估算）" in response.text
    assert "可能差1200米" in response.text
    assert "好像不在本区" not in response.text
    assert 'href="tel:' in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert not client.cookies
    for trace in ("112.987654", "28.123456"):
        assert trace not in response.text + caplog.text
    assert "好像不在本区" in client.post("/near/", HERE | {"longitude": "113.99"}).text
    assert "太远，最好坐车" in client.post("/near/", HERE | {"longitude": "113.99"}).text


def test_what_is_no_position_is_said_and_the_list_remains(cast, client):
    for longitude, latitude, sentence in (
        ("", "", "没有收到您的位置"),
        ("112.99", "", "没有收到您的位置"),
        ("x", "1", "要写成数字"),
        ("nan", "28", "要写成数字"),
        ("112", "inf", "要写成数字"),
        (f"1{'0' * 400}", "28", "要写成数字"),
        ("28.11", "112.99", "好像把经度和纬度写反了"),
        ("-0.1", "51.5", "不在中国"),
        ("181", "1", "不在中国"),
    ):
        response = client.post("/near/", {"longitude": longitude, "latitude": latitude, "pace": "0"})
        assert (response.status_code, response.context.get("walks")) == (200, None)
        assert sentence in response.text
        assert "甲社区" in response.text


def test_a_press_on_the_picture_is_a_place_and_the_second_is_exact(cast, client):
    outline = cast.district.outline
    Home.objects.filter(slug="elsewhere").update(longitude="113.05", latitude="28.05")
    x, y = (number * PIXELS / WIDTH for number in Projection(outline).place(113.051, 28.05))
    response = client.post("/near/", {"at.x": round(x), "at.y": round(y), "part": "", "pace": "usual"})
    assert response.context["walks"][0].home.slug == "elsewhere"
    assert response.context["map"].here is not None
    part = response.context["picture"]
    assert part.part == part_about(outline, (113.051, 28.05))
    assert part.url in response.text
    x, y = (number * PIXELS / WIDTH for number in part.projection.place(113.051, 28.05))
    again = client.post("/near/", {"at.x": round(x), "at.y": round(y), "part": part.part, "pace": "usual"})
    exact, finger = again.context["walks"][0].straight, metres_between((113.051, 28.05), (113.05, 28.05))
    assert abs(exact - finger) < 15  # metres: a pixel of the part
    west, north = Picture(outline).at(MARGIN * PIXELS / WIDTH, MARGIN * PIXELS / WIDTH)
    assert (west, north) == pytest.approx((112.9, 28.2), abs=0.001)
    for wrong in (
        {"at.x": "0", "at.y": "0"},  # a keyboard
        {"at.x": "281", "at.y": "9"},
        {"at.x": "9" * 5000, "at.y": "9"},
        {"at.x": "9"},
        {"at.x": "9", "at.y": "9", "part": "99-99"},
        {"at.x": "9", "at.y": "9", "part": "../.."},
    ):
        assert "没有看到您点在图的哪里" in client.post("/near/", wrong).text
    type(cast.district).objects.update(outline=None)
    content.renew()
    assert "没有看到您点在图的哪里" in client.post("/near/", {"at.x": "9", "at.y": "9"}).text


def test_the_picture_shows_homes_and_names_and_no_draft(cast, client):
    ResidentCompound.objects.create(
        name="望江苑", division=cast.communities["here"], longitude="113.06", latitude="28.05"
    )
    response = client.get("/near/map.svg")
    assert (response.headers["Content-Type"], response.headers["Content-Security-Policy"]) == (
        "image/svg+xml",
        "default-src 'none'",
    )
    assert response.text.count("<circle") == Home.objects.public().count() == 3
    assert ">东街<" in response.text
    part = client.get(f"/near/map.svg?part={part_about(cast.district.outline, (113.06, 28.05))}")
    assert ">甲社区<" in part.text
    assert "<circle" not in part.text  # the homes are elsewhere
    for strange in ("9-99", "x", "-1-2", "1-2-3", "9" * 5000):
        assert client.get(f"/near/map.svg?part={strange}").status_code == 404


def test_on_streets_the_way_is_told_and_nobody_is_sent_where_no_way_leads(cast, client, monkeypatch):
    Home.objects.filter(slug="here").update(directions="红色大门", telephone="")
    Home.objects.filter(slug="next-door").update(longitude="112.995")
    walks = {(112.99, 28.11): 480}
    legs = [("劳动路", 300, 90, False), ("书院路", 180, 0, False)]
    monkeypatch.setattr("homes.views.near.source", lambda: measured(walks, legs))
    Home.objects.filter(slug="elsewhere").update(status=Home.Status.SUSPENDED)
    page = client.post("/near/", HERE).text
    assert "走路约8分钟、500米</p>" in page
    assert "出门往东，沿劳动路走约300米；再往北，沿书院路走约200米就到。" in page
    assert "红色大门" in page
    assert "OpenStreetMap contributors" in page
    assert "估算" not in page.split("<main")[1]
    assert page.count("无法步行到达") == 1  # the other one
    monkeypatch.setattr("homes.views.near.source", lambda: measured({}))
    page = client.post("/near/", HERE).text
    assert "从这里没有路走得到任何一个家：无法步行到达" in page
    assert "OpenStreetMap contributors" in page  # the streets say so
    assert "每秒" not in page.split("<nav aria-labelledby")[0].split("<main")[1]
