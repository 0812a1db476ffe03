"""What is computed and kept: by estimate, of the cast's homes and of what lies about them."""

from decimal import Decimal

import pytest

from branches.models import Building, Member
from homes import founding
from homes.circles import computing, coverage, keeping
from homes.circles.estimate import METRES_A_DEGREE, Estimate, band
from homes.circles.pace import BRISK, PACES, SLOW, STORED, USUAL
from homes.models import Coverage, Home, ServiceCircle, StreetNetwork, Walk
from tests.districts.folders import run

LATITUDE, LONGITUDE = 28.1, 112.98


def north(metres):
    """Where one is so many estimated metres to the north of the home."""
    return Decimal(f"{LATITUDE + metres / 1.4 / METRES_A_DEGREE:.6f}")


@pytest.fixture
def place(cast):
    """The home `here` on the map, its building 700 metres off; the other homes nowhere."""
    home, building = cast.homes["here"], Building.objects.get(compound__division=cast.communities["here"])
    Home.objects.exclude(pk=home.pk).update(longitude=None, latitude=None, location_precision="")
    Building.objects.exclude(pk=building.pk).update(longitude=None, latitude=None)
    Building.objects.update(compound=building.compound)
    type(building.compound).objects.update(longitude=None, latitude=None)
    home.longitude, home.latitude, home.location_precision = LONGITUDE, LATITUDE, "surveyed"
    building.longitude, building.latitude = LONGITUDE, north(700)
    home.save(), building.save()
    home.refresh_from_db(), building.refresh_from_db()
    keeping.waiting().clear()
    return home, building


def walked():
    return {(walk.circle.home_id, walk.building_id): walk.metres for walk in Walk.objects.select_related("circle")}


def test_a_walk_is_kept_for_what_lies_near_and_counted_at_every_pace(place, cast):
    home, building = place
    outcome = computing.compute_all()
    assert outcome.circles == 1
    assert outcome.unplaced == Home.objects.exclude(status=Home.Status.CLOSED).count() - 1
    assert walked() == {(home.pk, building.pk): pytest.approx(700, abs=1)}
    circle = home.circle
    assert (circle.kind, circle.factor, circle.network) == ("estimate", Decimal("1.40"), None)
    assert circle.hectares["900"] == pytest.approx(129.9, abs=0.5)  # a circle of 900 / 1.4 metres, with 64 corners
    here = {row.pace: row for row in Coverage.objects.filter(division=cast.communities["here"])}
    lives_there = Member.objects.active().filter(building=building).count()
    assert lives_there
    assert {key: row.members_inside for key, row in here.items()} == dict.fromkeys(
        ("slow", "usual", "brisk"), lives_there
    )
    assert here["slow"].members_certain == 0  # 500 m straight: certain within 720 / 1.75
    assert here["brisk"].members_certain == lives_there
    district = Coverage.objects.get(division=cast.district, pace="usual")
    assert district.members == Member.objects.active().count()
    assert district.members_unplaced == district.members - lives_there
    assert (district.buildings, district.buildings_inside, district.homes) == (1, 1, 1)


def test_computed_again_nothing_is_written_anew(place):
    computing.compute_all()
    before = list(Walk.objects.values()), list(ServiceCircle.objects.values())
    run("compute_circles")
    assert (list(Walk.objects.values()), list(ServiceCircle.objects.values())) == before


def test_what_moves_is_measured_by_itself(place, django_capture_on_commit_callbacks):
    home, building = place
    with django_capture_on_commit_callbacks(execute=True):
        home.save()
    assert walked() == {(home.pk, building.pk): pytest.approx(700, abs=1)}
    for metres, kept in ((1490, 1490), (1510, None), (0, 0)):
        building.latitude = north(metres)
        with django_capture_on_commit_callbacks(execute=True):
            building.save()
        assert walked().get((home.pk, building.pk)) == (kept if kept is None else pytest.approx(kept, abs=1))
    home.latitude = north(-300)
    with django_capture_on_commit_callbacks(execute=True):
        home.save()
    assert walked() == {(home.pk, building.pk): pytest.approx(300, abs=1)}
    home.circle.refresh_from_db()
    assert home.circle.latitude == north(-300)
    home.longitude = home.latitude = None
    home.location_precision = ""
    with django_capture_on_commit_callbacks(execute=True):
        home.save()
    assert not ServiceCircle.objects.exists()


def test_a_new_home_a_closed_one_and_two_at_one_point(place, cast, django_capture_on_commit_callbacks):
    home, building = place
    twin = cast.drafts["next_door"]
    twin.longitude, twin.latitude, twin.location_precision = home.longitude, home.latitude, "surveyed"
    with django_capture_on_commit_callbacks(execute=True):
        home.save(), twin.save()
    assert {(walk.circle.home_id, walk.home_id): walk.metres for walk in Walk.objects.exclude(home=None)} == {
        (home.pk, twin.pk): 0,
        (twin.pk, home.pk): 0,
    }
    with django_capture_on_commit_callbacks(execute=True):
        founding.archive(twin, by=cast.district_officer, reason="搬走了")
    assert set(walked()) == {(home.pk, building.pk)}


def test_buildings_go_with_their_compound_and_come_back_with_it(place, django_capture_on_commit_callbacks):
    _, building = place
    computing.compute_all()
    before = walked()
    assert before
    for archived, expected in ((True, {}), (False, before)):
        building.compound.is_archived = archived
        with django_capture_on_commit_callbacks(execute=True):
            building.compound.save()
        assert walked() == expected


def test_a_home_that_stays_where_it_is_is_not_measured_again(place, monkeypatch, django_capture_on_commit_callbacks):
    home, _ = place
    computing.compute_all()
    measured = []
    monkeypatch.setattr(Estimate, "metres", lambda *asked: measured.append(asked) or iter(()))
    for longitude, times in ((home.longitude, 0), (home.longitude + Decimal("0.001"), 2)):
        home.telephone, home.longitude = "0731-00000 123", longitude
        with django_capture_on_commit_callbacks(execute=True):
            home.save()
        assert len(measured) == times  # its walks to places, and those of others to it


def test_hundreds_saved_at_once_are_computed_once(place, monkeypatch, django_capture_on_commit_callbacks):
    _, building = place
    runs = []
    monkeypatch.setattr(computing, "compute_all", lambda: runs.append("all"))
    monkeypatch.setattr(computing, "compute_place", lambda one: runs.append(one.pk))
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(3):
            Building.objects.create(compound=building.compound, name=f"{number + 100}栋")
    assert len(runs) == 3
    runs.clear()
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(30):
            Building.objects.create(compound=building.compound, name=f"{number + 200}栋")
    assert runs == ["all"]


def test_a_draft_has_a_circle_but_covers_nobody(place, cast):
    home, building = place
    computing.compute_all()
    Home.objects.filter(pk=home.pk).update(status=Home.Status.PREPARING)
    computing.compute_all()
    assert walked()
    assert [dwelling.metres for dwelling in coverage.dwellings() if dwelling.pk == building.pk] == [None]


def test_members_live_in_their_building_their_compound_or_nowhere_on_the_map(place, cast):
    _, building = place
    computing.compute_all()
    member = Member.objects.active().filter(building=building).first()
    everybody = Member.objects.active().count()
    for living in ({"building": None}, {"building": None, "compound": None}):
        for name, value in living.items():
            setattr(member, name, value)
        member.save()
        places = coverage.dwellings()
        assert sum(dwelling.members for dwelling in places) == everybody
        district = coverage.tallies(places, USUAL.metres(), 1.4)[cast.district.pk]
        assert district.members_unplaced == everybody - Member.objects.active().filter(building=building).count()


def test_a_brisker_walk_never_reaches_fewer_and_the_bands_hold_each_other():
    for metres in range(0, STORED, 7):
        bands = [band(metres, 1.4, pace.metres()) for pace in PACES]
        assert bands == sorted(bands, key=("out", "possible", "certain").index)
        assert [band(metres, 1.4, 900) == "certain", metres <= 900, band(metres, 1.4, 900) != "out"] == sorted(
            [band(metres, 1.4, 900) == "certain", metres <= 900, band(metres, 1.4, 900) != "out"]
        )
    assert [SLOW.minutes(720), USUAL.minutes(900), BRISK.minutes(1080), USUAL.minutes(0)] == [15, 15, 15, 1]
    assert USUAL.minutes(901) == 16


def test_a_factor_of_many_digits_is_that_which_is_kept(place, settings):
    home, building = place
    settings.WALK_FACTOR = 1.3333
    computing.compute_all()
    drawn = ServiceCircle.objects.get().computed_at
    computing.compute_place(building)
    computing.compute_home(home)
    assert ServiceCircle.objects.get().computed_at == drawn
    assert walked() == {(home.pk, building.pk): pytest.approx(700 / 1.4 * 1.33, abs=1)}


def test_a_network_whose_file_is_gone_gives_estimates_that_say_so(place, caplog):
    home, _ = place
    StreetNetwork.objects.create(
        file="streets/gone.npz", source="x.osm.pbf", checksum="0" * 64, licence="ODbL", nodes=1, edges=1, kilometres=1,
        is_in_use=True,
    )  # fmt: skip
    computing.compute_all()
    assert home.circle.is_estimate
    assert "cannot be read" in caplog.text
