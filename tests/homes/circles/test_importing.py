"""`manage.py import_streets`: what is taken in, what is refused, and that nothing is lost by a refusal."""

from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import CommandError

from branches.models import Building, Division, ResidentCompound
from homes.circles.importing import import_streets
from homes.circles.pace import STORED
from homes.models import Coverage, Home, ServiceCircle, StreetNetwork, Walk
from tests.districts.folders import run
from tests.homes.circles import town

HERE, ACROSS, BY_THE_BRIDGE, ISLAND = (-310, 520), (310, 520), (-240, 490), (0, -1000)
ELSEWHERE = (-46.6, -23.5)  # a town of another continent


@pytest.fixture
def streets(tmp_path):
    return town.write(tmp_path / "小城.osm.pbf")


@pytest.fixture
def homes(district):
    """A home, one on the other bank, one on the island; a building by the bridge."""
    found = dict(zip(("here", "across", "island"), Home.objects.order_by("pk"), strict=False))
    Home.objects.exclude(pk__in=[home.pk for home in found.values()]).update(
        longitude=None, latitude=None, location_precision=""
    )
    for home, point in zip(found.values(), (HERE, ACROSS, ISLAND), strict=True):
        home.longitude, home.latitude = (Decimal(f"{degrees:.6f}") for degrees in town.degrees(*point))
        home.location_precision = "surveyed"
        home.save()
    compound = ResidentCompound.objects.create(name="示例院", division=Division.objects.exclude(parent=None).last())
    longitude, latitude = (Decimal(f"{degrees:.6f}") for degrees in town.degrees(*BY_THE_BRIDGE))
    Building.objects.create(name="1栋", compound=compound, longitude=longitude, latitude=latitude)
    return found


def test_the_streets_come_in_and_walks_are_measured_on_them(homes, streets):
    run("compute_circles")
    assert all(circle.is_estimate for circle in ServiceCircle.objects.all())
    said = run("import_streets", streets)
    assert "正在读街道" in said
    assert "服务圈算好了：3个家" in said
    network = StreetNetwork.objects.in_use()
    assert (network.source, network.checksum) == ("小城.osm.pbf", sha256(streets.read_bytes()).hexdigest())
    assert network.source_date == town.SOURCE_DATE
    assert "OpenStreetMap" in network.licence
    here, across, island = (ServiceCircle.objects.get(home=home) for home in homes.values())
    assert {circle.network for circle in (here, across, island)} == {network}
    walked = {(walk.circle_id, walk.home_id): walk.metres for walk in Walk.objects.exclude(home=None)}
    expected = pytest.approx(town.walk(HERE, ACROSS), abs=2)
    assert walked == {(here.pk, across.home_id): expected, (across.pk, here.home_id): expected}
    building = here.walks.get(building__isnull=False)
    assert building.metres == pytest.approx(town.walk(HERE, BY_THE_BRIDGE), abs=2)
    assert across.walks.filter(building__isnull=False).exists()
    assert not island.walks.exists()
    assert island.reached
    assert here.streets
    assert here.hectares["900"] > here.hectares["300"] > 0


def test_a_home_that_moves_is_measured_on_the_streets_in_use(homes, streets, django_capture_on_commit_callbacks):
    run("import_streets", streets, "-v0")
    home = homes["island"]
    home.longitude, home.latitude = (Decimal(f"{degrees:.6f}") for degrees in town.degrees(-330, 500))
    with django_capture_on_commit_callbacks(execute=True):
        home.save()
    assert home.circle.network == StreetNetwork.objects.in_use()
    assert home.circle.walks.get(home=homes["here"]).metres == pytest.approx(town.walk((-330, 500), HERE), abs=2)


def test_after_an_import_that_was_cut_short_whoever_saves_next_has_everything_measured(
    homes, streets, django_capture_on_commit_callbacks
):
    run("compute_circles")
    for touched in (homes["here"], Building.objects.get()):
        StreetNetwork.objects.update(is_in_use=False)
        network = import_streets(streets)  # and no circle is computed on it
        with django_capture_on_commit_callbacks(execute=True):
            touched.save()
        for counted in (ServiceCircle, Coverage):
            assert set(counted.objects.values_list("network", "factor")) == {(network.pk, None)}


@pytest.mark.parametrize("area", ["district", "whole"])
def test_what_cannot_be_used_is_refused_and_what_was_there_stays(homes, streets, tmp_path, area):
    run("import_streets", streets, "-v0")
    before = StreetNetwork.objects.get(), list(Walk.objects.values())
    kept = set(Path(before[0].file.path).parent.iterdir())
    broken, other = tmp_path / "broken.osm.pbf", tmp_path / "other.osm.pbf"
    broken.write_bytes(streets.read_bytes()[:-400])
    other.write_bytes(b"<html>404</html>" * 100)
    empty = town.Paper().write(tmp_path / "empty.osm.pbf")
    far = town.write(tmp_path / "far.osm.pbf", at=ELSEWHERE)
    words = {broken: "损坏", other: "不是 .osm.pbf", empty: "没有可以步行的街道", tmp_path / "none.osm.pbf": "打不开"}
    for path, why in (words | {far: "天心区" if area == "whole" else "对不上"}).items():
        with pytest.raises(CommandError, match=why) as refused:
            run("import_streets", path, "--area", area, "-v0")
        assert "原来的路网没有变" in str(refused.value)
    assert (StreetNetwork.objects.get(), list(Walk.objects.values())) == before
    assert set(Path(before[0].file.path).parent.iterdir()) == kept


def test_without_a_district_nobody_knows_which_streets(db, streets):
    with pytest.raises(CommandError, match="load_district"):
        run("import_streets", streets)


def test_a_newer_import_takes_the_place_of_the_older(homes, streets, tmp_path):
    run("import_streets", streets, "-v0")
    paper = town.Paper()
    paper.way([(-400, 500), (400, 500)], highway="residential")
    run("import_streets", paper.write(tmp_path / "later.osm.pbf"), "-v0")
    assert StreetNetwork.objects.in_use().source == "later.osm.pbf"
    assert StreetNetwork.objects.count() == 2
    assert {circle.network.source for circle in ServiceCircle.objects.all()} == {"later.osm.pbf"}
    island = homes["island"].circle
    assert (island.reached, island.outlines["900"]["coordinates"], island.hectares["900"]) == (False, [], 0)
    assert Walk.objects.filter(metres__gt=STORED).count() == 0
