"""The page of a home's circle in every state, and what its big map draws."""

import json
from decimal import Decimal

import pytest

from branches.models import Member
from config.content_version import content
from homes.circles.estimate import Estimate
from homes.circles.pace import LIMITS
from homes.models import Home, ServiceCircle, StreetNetwork
from tests.makers import make_compound, make_walks

PAGE, MAP = "/homes/here/circle/", "/homes/here/circle.geojson"


def main(response):
    assert response.status_code == 200
    return response.content.decode().split("<main", 1)[-1]


@pytest.fixture
def circle(cast):
    """Of the home `here`, by estimate: one compound certain, one possible, another home."""
    certain, *more = make_compound(cast.communities["here"], "近园", 2)
    (possible,) = make_compound(cast.communities["here"], "远园")
    home = cast.homes["here"]
    make_walks(home, certain, cast.homes["next_door"], metres=250)
    make_walks(home, *more, metres=600)
    return make_walks(home, possible, metres=1000)


def test_by_estimate_every_number_says_so_at_the_pace_that_is_printed(circle, cast, client):
    response = client.get(PAGE)
    page = main(response)
    assert "按<b>平常走（每秒1.0米）</b>算" in page
    assert "估算：直线距离乘1.4，按平常走（每秒1.0米）算" in page
    assert "2栋楼里，估算2栋走得到，最近的估算约5分钟" in page
    assert "1栋楼里，估算最多1栋走得到，最近的估算约17分钟" in page
    assert page.count("可能走得到</span>") == 2  # the compound and its grid
    assert "估算2到3栋" in page
    assert "OpenStreetMap" not in page
    assert {activity.home.slug for activity in response.context["next"]} == {"here", "next-door"}
    slow, brisk = (main(client.get(f"{PAGE}?pace={key}")) for key in ("slow", "brisk"))
    assert "慢慢走（每秒0.8米）" in slow
    assert "远园" not in slow
    assert "走得快（每秒1.2米）" in brisk
    assert "没有这种走法" not in brisk
    unknown = main(client.get(f"{PAGE}?pace=%00run"))
    assert "没有这种走法，先按平常走给您算。" in unknown
    assert "按<b>平常走" in unknown
    people = [*Member.objects.values_list("name", flat=True)]
    assert people
    assert [name for name in people if name in page] == []
    assert "少于3户" in page


def test_on_streets_it_says_whose_they_are_and_nothing_is_estimated(circle, client):
    network = StreetNetwork.objects.create(
        source="here.osm.pbf", checksum="0" * 64, licence="ODbL 1.0", nodes=1, edges=1, kilometres=1, is_in_use=True
    )
    point = float(circle.longitude), float(circle.latitude)
    outlines = {str(metres): shape for metres, shape in Estimate(1.3).reaches(point, LIMITS).items()}
    streets = [[[112.985, 28.11], [112.995, 28.11]]]
    ServiceCircle.objects.update(network=network, factor=None, outlines=outlines, streets=streets)
    response = client.get(PAGE)
    page = main(response)
    assert "估算" not in page
    assert "© OpenStreetMap 贡献者，ODbL" in page
    assert "2栋楼里，2栋走得到，最近的约5分钟" in page
    assert "远园" not in page  # a thousand metres
    assert [shape.label for shape in response.context["map"].keys] == ["5分钟", "10分钟", "15分钟"]
    drawn = json.loads(client.get(f"{MAP}?pace=brisk").content)
    assert (drawn["estimate"], drawn["factor"], drawn["attribution"]) == (None, None, "© OpenStreetMap 贡献者，ODbL")
    assert [one["properties"].get("key") for one in drawn["features"][:4]] == ["15", "10", "5", None]
    assert drawn["features"][0]["geometry"] == outlines["1080"]
    assert drawn["features"][3]["geometry"]["coordinates"] == streets


def test_the_big_map_draws_the_estimate_and_says_so(circle, cast, client):
    drawn = json.loads(client.get(MAP).content)
    assert drawn["estimate"] == "估算：直线距离乘1.4，按平常走（每秒1.0米）算"
    assert (drawn["datum"], drawn["kind"], drawn["factor"], drawn["attribution"]) == ("WGS-84", "estimate", 1.4, None)
    about = [one["properties"] for one in drawn["features"]]
    told = [(one["what"], one.get("key") or one["name"]) for one in about]
    assert told == [("outline", "possible"), ("outline", "certain"), ("home", "金丝雀之家"), ("home", "画眉鸟之家")]
    assert about[3] | {"what": "", "url": ""} == {
        "what": "", "url": "", "name": "画眉鸟之家", "number": 1, "minutes": 5, "is_sample": False,
    }  # fmt: skip
    Home.objects.filter(slug="next-door").update(status=Home.Status.CLOSED)
    content.renew()
    assert [one["properties"]["what"] for one in json.loads(client.get(MAP).content)["features"]] == [
        "outline", "outline", "home",
    ]  # fmt: skip


def test_without_a_circle_the_page_says_why_and_whom_to_call(cast, client):
    def becomes(**fields):
        Home.objects.filter(slug="here").update(**fields)
        content.renew()

    def told():
        assert json.loads(client.get(MAP).content)["features"] == []
        page = main(client.get(PAGE))
        assert 'href="tel:' in page
        assert "big-map" not in page
        assert "这个星期，这个家有什么" in page
        return page

    assert "还没有算出来" in told()
    make_walks(cast.homes["here"])
    content.renew()
    assert "为什么没有圈" not in main(client.get(PAGE))
    ServiceCircle.objects.update(reached=False)
    content.renew()
    assert "无法步行到达" in (page := told())
    assert "© OpenStreetMap" in page
    becomes(longitude=Decimal("112.991"))  # moved since
    assert "还没有算出来" in told()
    becomes(longitude=None, latitude=None, location_precision="", telephone="")
    page = told()
    assert "还没有标在地图上，所以算不出" in page
    assert "先打服务电话" in page
    becomes(status=Home.Status.SUSPENDED)
    assert "暂停开放" in told()
    becomes(status=Home.Status.PREPARING)
    assert [client.get(address).status_code for address in (PAGE, MAP)] == [404, 404]


def test_a_home_leads_to_its_circle(cast, client):
    assert f'href="{PAGE}"' in main(client.get("/homes/here/"))


def test_tiles_are_asked_for_only_with_a_key(circle, client, settings):
    assert 'data-key=""' in main(client.get(PAGE))
    assert "天地图" not in main(client.get("/about/privacy/"))
    settings.TIANDITU_KEY = "0123abcd"
    content.renew()
    page = main(client.get(PAGE))
    assert 'data-key="0123abcd"' in page
    assert "天地图会知道您在看哪一片" in page
    assert "天地图会知道您在看哪一片" in main(client.get("/about/privacy/"))
