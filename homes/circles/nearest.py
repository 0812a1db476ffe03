"""The homes nearest to somebody on foot that receive them now or soon, and how to get there.

Ranked by walking metres of the source in use (homes/circles/walks.py): the straight line alone picks the wrong home for
10 to 16 points of 100. Homes that nobody can walk to come after all others, and say so.
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone

from branches.coordinates import bearing, metres_between
from homes.circles import directions
from homes.circles.pace import PACES, Pace
from homes.models import Home
from homes.week import next_opening

COUNT = 3


class Place(NamedTuple):
    """A home that may be the nearest: its number, and where its door is."""

    pk: int
    point: tuple[float, float]


@dataclass(frozen=True)
class Found:
    """A home, and the way there: `metres` on foot, None where nobody can walk; `straight` metres as the crow flies."""

    home: Home
    metres: int | None
    straight: int
    way: str  # in words
    opens_next: str  # in words, "" where it opens today or nobody knows
    pace: Pace

    @property
    def minutes(self):
        return None if self.metres is None else self.pace.minutes(self.metres)

    @property
    def other_paces(self):
        """[(name, minutes)] of those who walk faster or slower."""
        return [(pace.name, pace.minutes(self.metres)) for pace in PACES if pace != self.pace]

    @property
    def metres_about(self):
        return directions.about(self.metres)

    @property
    def straight_about(self):
        return directions.about(self.straight)

    @property
    def rings_first(self):
        """Whether one had better ring up before one goes: nobody knows when the door opens."""
        opening = self.home.opening
        return not (opening.is_known or self.opens_next)


def places():
    """Every home that may be the nearest, as `Place`s."""
    rows = Home.objects.receiving().exclude(longitude=None).order_by("pk")
    return [Place(pk, (float(x), float(y))) for pk, x, y in rows.values_list("pk", "longitude", "latitude")]


def nearest(point, among, ways, pace, count=COUNT):
    """The `count` nearest to a WGS-84 point of the `Place`s `among`, by the `Source` `ways`, as `Found`s."""
    walks = [(among[index], metres) for index, metres in ways.walks.nearest(point, [at for _, at in among], count)]
    if len(walks) < count:
        reached = {place.pk for place, _ in walks}
        others = sorted((metres_between(point, place.point), place) for place in among if place.pk not in reached)
        walks += [(place, None) for _, place in others[: count - len(walks)]]
    return _found(point, walks, ways, pace)


def _found(point, walks, ways, pace):
    now = timezone.localtime()
    known = Home.objects.for_cards(now).in_bulk([place.pk for place, _ in walks])
    found = []
    for place, metres in walks:
        home = known.get(place.pk)
        if home is None:
            continue  # gone since it was listed
        straight = round(metres_between(point, place.point))
        if ways.is_estimate or metres is None:
            way = directions.as_the_crow_flies(bearing(point, place.point), straight)
        else:
            way = directions.in_words(ways.walks.way(point, place.point))
        opening = home.opening_at(now)
        shut_today = not (opening.until or opening.later)
        found.append(Found(home, metres, straight, way, next_opening(home, now) if shut_today else "", pace))
    return found
