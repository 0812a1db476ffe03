"""The nearest homes, by the estimate that is shown with its factor and pace."""

from math import ceil

from branches.coordinates import metres_between
from homes.models import Home
from homes.nearest import DETOUR, nearest
from tests.cast import make_home


def test_nearest_first_with_metres_and_minutes(cast):
    Home.objects.update(longitude=None, latitude=None, location_precision="")
    places = {"远": 113.02, "近": 113.001, "中": 113.01}
    for number, (name, longitude) in enumerate(places.items()):
        make_home(cast.communities["here"], name, f"home-{number}", longitude=longitude, latitude=28.1)
    make_home(cast.communities["here"], "不知在哪", "nowhere", longitude=None, latitude=None, location_precision="")
    walks = nearest(113.0, 28.1, Home.objects.public().for_cards())
    assert [walk.home.name for walk in walks] == ["近", "中", "远"]
    straight = metres_between((113.0, 28.1), (113.01, 28.1))
    assert walks[1].metres == round(straight * DETOUR)
    assert walks[1].minutes == ceil(walks[1].metres / 0.8 / 60)


def test_no_more_than_asked_for_and_none_without_positions(cast):
    assert len(nearest(113.0, 28.1, Home.objects.public(), count=2)) == 2
    Home.objects.update(longitude=None, latitude=None, location_precision="")
    assert nearest(113.0, 28.1, Home.objects.public()) == []
