"""Several who save homes and places at the same moment, and the nightly run meanwhile."""

import pytest

from branches.models import Building
from homes.circles import computing
from homes.models import Coverage, Home, ServiceCircle, Walk
from tests.at_once import together
from tests.cast import make_cast


@pytest.mark.django_db(transaction=True)
def test_all_walks_are_there_once_whoever_computes_them():
    cast = make_cast()
    Home.objects.update(longitude="112.980000", latitude="28.100000", location_precision="surveyed")
    Building.objects.update(longitude="112.981000", latitude="28.101000")
    homes, buildings = list(Home.objects.order_by("pk")), list(Building.objects.order_by("pk"))
    ServiceCircle.objects.all().delete()
    compute_home, compute_place = computing.compute_home, computing.compute_place
    together(
        computing.compute_all,
        *(lambda home=home: compute_home(home) for home in homes * 2),
        computing.compute_all,
        *(lambda building=building: compute_place(building) for building in buildings * 4),
    )
    assert ServiceCircle.objects.count() == len(homes)
    to_homes = {(walk.circle.home_id, walk.home_id) for walk in Walk.objects.exclude(home=None)}
    assert to_homes == {(a.pk, b.pk) for a in homes for b in homes if a != b}
    assert Walk.objects.exclude(building=None).count() == len(homes) * len(buildings)
    assert Coverage.objects.filter(division=cast.district).count() == 3
