"""Compute circles, and keep what was found. The only writer of ServiceCircle and Walk.

What is read for it may be out of date by the time it is written, so that every home is looked at again under its lock.
"""

from collections import defaultdict
from itertools import batched
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from branches.models import Building, ResidentCompound
from homes.circles import coverage, outlines
from homes.circles.pace import LIMITS, STORED
from homes.circles.walks import source
from homes.models import Home, ServiceCircle, Walk

AT_ONCE = 50  # homes whose walks are held in memory
PLACES = {Building: "building", ResidentCompound: "compound", Home: "home"}  # the columns of Walk


class Place(NamedTuple):
    column: str
    pk: int
    point: tuple[float, float]


class Outcome(NamedTuple):
    """Circles that were computed, homes that have none for want of a position, walks kept."""

    circles: int
    unplaced: int
    walks: int


def compute_all(*, tell=lambda words: None):
    """Every circle anew, and the coverage of this month. Returns an `Outcome`."""
    ways, homes, places = source(), list(_homes()), _places()
    walks = done = 0
    for some in batched(homes, AT_ONCE):
        found = _metres(ways, some, places)
        for home in some:
            walks += _keep(home, ways, found[home.pk])
            done += 1
            tell(f"{done}/{len(homes)} {home}")
    ServiceCircle.objects.exclude(home__in=_homes()).delete()
    coverage.count(ways)
    in_use = Home.objects.exclude(status=Home.Status.CLOSED)
    return Outcome(len(homes), in_use.count() - len(homes), walks)


def compute_home(home):
    """The circle of one home that was opened, moved or closed, and the walks of others to it."""
    ways = source()
    if _is_out_of_date(ways):
        compute_all()
        return
    placed = _homes().filter(pk=home.pk).first()
    if placed is None:
        ServiceCircle.objects.filter(home=home.pk).delete()
        Walk.objects.filter(home=home.pk).delete()
    elif not _circles_of(placed, ways).exists():  # it has moved, and did not only change its telephone
        _keep(placed, ways, _metres(ways, [placed], _places())[placed.pk])
        _keep_places([Place("home", placed.pk, _point(placed))], ways)
    coverage.count(ways)


def compute_place(place):
    """The walks from every home to a building or compound that was entered, moved or archived; a compound's buildings
    are archived with it, and brought back."""
    ways, column = source(), PLACES[type(place)]
    if _is_out_of_date(ways):
        compute_all()
        return
    places = _places(type(place), pk=place.pk)
    if not places:
        Walk.objects.filter(**{column: place.pk}).delete()
    _keep_places(places, ways)
    if isinstance(place, ResidentCompound):
        _keep_buildings(place, ways)
    coverage.count(ways)


def _keep_buildings(compound, ways):
    """Let the buildings of a compound that is in use have their walks, and those of an archived one none."""
    places = _places(Building, compound=compound.pk)
    gone = Building.objects.filter(compound=compound.pk).exclude(pk__in=[place.pk for place in places])
    Walk.objects.filter(building__in=gone).delete()
    _keep_places(places, ways)


def _is_out_of_date(ways):
    """Whether circles of another source are kept, as after an import that was cut short: estimates and measured walks
    counted together would be called by one of the two names."""
    of_this = ServiceCircle.objects.filter(**ways.written)
    return ServiceCircle.objects.exclude(pk__in=of_this.values("pk")).exists()


def _homes():
    """Those that have a circle: also before they open, so that it is there when they do."""
    return Home.objects.exclude(status=Home.Status.CLOSED).exclude(longitude=None).order_by("pk")


def _places(*models, **condition):
    """What walks lead to, of these models or of all, as `Place`s."""
    kept = {
        Building: Building.objects.filter(is_archived=False, compound__is_archived=False),
        ResidentCompound: ResidentCompound.objects.filter(is_archived=False),
        Home: _homes(),
    }
    return [
        Place(PLACES[model], pk, (float(longitude), float(latitude)))
        for model, rows in kept.items()
        if model in (models or PLACES)
        for pk, longitude, latitude in rows.exclude(longitude=None)
        .filter(**condition)
        .order_by("pk")
        .values_list("pk", "longitude", "latitude")
    ]


def _held(rows):
    """The rows, kept from being written by others, while walks that name them may still be."""
    return rows.select_for_update(of=("self",), no_key=True)


def _point(record):
    return float(record.longitude), float(record.latitude)


def _metres(ways, homes, places):
    """{number of a home: [(place, metres)]}, without the walk to itself."""
    found = defaultdict(list)
    measured = ways.walks.metres([_point(home) for home in homes], [place.point for place in places], STORED)
    for origin, index, metres in measured:
        home, place = homes[origin], places[index]
        if (place.column, place.pk) != ("home", home.pk):
            found[home.pk].append((place, metres))
    return found


@transaction.atomic
def _keep(home, ways, found):
    """Write the circle of a home and its walks, unless the home has moved meanwhile. Returns the number of walks."""
    held = _held(_homes()).filter(pk=home.pk).first()
    if held is None or (held.longitude, held.latitude) != (home.longitude, home.latitude):
        return 0  # whoever moved it computes it
    circle = _held(_circles_of(home, ways)).first() or _drawn(home, ways)
    _write(circle, {(place.column, place.pk): metres for place, metres in found})
    return len(found)


def _circles_of(home, ways):
    """The circle of a home for the place where it stands, by this source; none where that is still to be computed."""
    where = {"longitude": home.longitude, "latitude": home.latitude}
    return ServiceCircle.objects.filter(home=home, **where, **ways.written)


def _drawn(home, ways):
    """Draw the circle of a home anew: what it was by another source, or elsewhere, says nothing any more."""
    outlined = ways.walks.reaches(_point(home), LIMITS)
    circle, _ = ServiceCircle.objects.update_or_create(
        home=home,
        defaults=ways.written
        | {
            "longitude": home.longitude,
            "latitude": home.latitude,
            "reached": any(geometry["coordinates"] for geometry in outlined.values()),
            "outlines": {str(limit): geometry for limit, geometry in outlined.items()},
            "hectares": {str(limit): outlines.hectares(geometry) for limit, geometry in outlined.items()},
            "streets": ways.streets_near(_point(home)),
            "computed_at": timezone.now(),
        },
    )
    return circle


def _write(circle, found):
    """Let the walks of a circle be `found`, {(column, pk): metres}; what is so already is left alone."""
    stale = []
    for walk in circle.walks.all():
        place = next((column, getattr(walk, f"{column}_id")) for column in PLACES.values()
                     if getattr(walk, f"{column}_id"))  # fmt: skip
        if found.get(place) == walk.metres:
            del found[place]
        else:
            stale.append(walk.pk)
    Walk.objects.filter(pk__in=stale).delete()
    Walk.objects.bulk_create(
        (Walk(circle=circle, metres=metres, **{f"{column}_id": pk}) for (column, pk), metres in found.items()),
        batch_size=1000,
    )


@transaction.atomic
def _keep_places(places, ways):
    """Write the walks from every home to some places of one model. Circles of another source are computed by others."""
    circles = list(_held(ServiceCircle.objects.filter(**ways.written)).order_by("pk"))
    for column in {place.column for place in places}:
        Walk.objects.filter(circle__in=circles, **{f"{column}__in": [place.pk for place in places]}).delete()
    origins, points = [_point(circle) for circle in circles], [place.point for place in places]
    for origin, index, metres in ways.walks.metres(origins, points, STORED):
        circle, place = circles[origin], places[index]
        if (place.column, place.pk) != ("home", circle.home_id):
            # one by one, so that stored pages learn of it
            Walk.objects.create(circle=circle, metres=metres, **{f"{place.column}_id": place.pk})
