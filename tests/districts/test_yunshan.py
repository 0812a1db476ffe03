"""An invented district, far away, comes up from a folder and settings alone."""

from datetime import time

import pytest

from branches.coordinates import metres_between
from branches.models import Division, PublishedFigure
from homes.models import CommunityProject, Facility, Home, Theme
from tests.districts.folders import YUNSHAN, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def yunshan(settings):
    settings.SITE_NAME, settings.DISTRICT_DIR = "云杉晚晴", YUNSHAN
    run("load_district")


def test_divisions_and_outline(yunshan):
    district = Division.objects.district()

    assert (district.name, district.code) == ("云杉区", "990101000000")
    assert district.outline["type"] == "Polygon"
    assert district.outline["coordinates"][0][0] == [101.0, 42.0]
    assert [street.name for street in Division.objects.streets()] == ["松果街道", "雪线镇"]
    communities = Division.objects.filter(level="community")
    assert {(place.short_name, place.parent.name) for place in communities} == {
        ("松针社区", "松果街道"),
        ("松塔社区", "松果街道"),
        ("冰湖村", "雪线镇"),
        ("暖泉社区", "雪线镇"),
    }


def test_a_home_with_every_fact(yunshan):
    home = Home.objects.get(slug="binghu")

    assert home.status == Home.Status.OPEN
    assert (home.name, home.division.short_name, home.theme.name) == ("冰湖村老党员之家", "冰湖村", "冰湖渔歌")
    assert (home.address, home.telephone) == ("冰湖村一组1号", "0999-0000 0001")
    assert [answer for _, answer, _ in home.accessibility] == [True, False, None, None, None, None]
    assert [(part.facility.name, part.note) for part in home.home_facilities.all()] == [
        ("大火炉", "冬天烧得旺"),
        ("阅览角", ""),
    ]
    assert [(row.weekday, row.opens, row.closes) for row in home.hours.all()] == [
        (0, time(9), time(12)),
        (0, time(14), time(16, 30)),
        (1, time(9), time(12)),
        (2, time(9), time(12)),
        (2, time(14), time(16, 30)),
        (3, time(9), time(12)),
        (4, time(9), time(12)),
        (6, time(14), time(16, 30)),
    ]


def test_a_position_is_converted_from_its_datum(yunshan):
    home = Home.objects.get(slug="binghu")

    moved = metres_between((101.1024, 42.1012), (home.longitude, home.latitude))
    assert 100 < moved < 1000
    assert home.location_precision == Home.Precision.BUILDING


def test_a_home_of_which_little_is_known(yunshan):
    home = Home.objects.get(slug="linhai-huayuan")

    assert home.division.level == Division.Level.DISTRICT
    assert (home.theme, home.longitude, home.location_precision, home.address) == (None, None, "", "")
    assert {answer for _, answer, _ in home.accessibility} == {None}
    assert not home.hours.exists()


def test_a_project_of_which_little_is_known(yunshan):
    project = CommunityProject.objects.get()

    assert (project.name, project.home.slug, project.status) == ("湖边装路灯", "binghu", "funding")
    assert (project.households, project.leading_members, project.raised_at_least, project.accepted_on) == (
        40, None, None, None,
    )  # fmt: skip


def test_nothing_of_another_district_is_left(yunshan):
    assert {home.name for home in Home.objects.all()} == {
        "冰湖村老党员之家",
        "松针社区老党员之家",
        "林海花园老党员之家",
    }
    assert [theme.name for theme in Theme.objects.all()] == ["冰湖渔歌"]
    assert [facility.name for facility in Facility.objects.all()] == ["大火炉", "阅览角"]
    assert [(figure.value, figure.source) for figure in PublishedFigure.objects.all()] == [(3, "云杉报")]


def test_pages_speak_of_this_district(yunshan, client):
    for path in ("/", "/homes/", "/homes/binghu/"):
        page = client.get(path).content.decode()
        assert "云杉区" in page
        assert "云杉晚晴" in page
        assert "天心" not in page
    assert "林海花园老党员之家" in client.get("/homes/").content.decode()


def test_samples_of_this_district(yunshan):
    run("load_demo", "--scale", 3)

    samples = Home.objects.public().filter(is_sample=True)
    assert Home.objects.public().count() == 18
    assert all(home.telephone.startswith("0999-0000 ") for home in samples)
    assert {home.division.code[:6] for home in samples} == {"990101"}
    assert {home.theme.name for home in samples} == {"下棋"}
