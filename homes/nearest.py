"""The nearest homes to a point, by an estimate: straight line × 1.4 at 0.8 m/s, always labelled 估算.

Factor and pace are explained in docs/decisions/0005-estimate.md. A street network will replace the estimate where the
operator has imported one.
"""

from dataclasses import dataclass
from math import ceil

from branches.coordinates import metres_between
from homes.models import Home

DETOUR = 1.4
PACE = 0.8  # metres a second, the slow walk of most people past 75 (Asher 2012; Bath 2018)


@dataclass(frozen=True)
class Walk:
    """A home and how far it is on foot: metres along the estimated way, whole minutes, rounded up, at least one."""

    home: Home
    metres: int

    @property
    def minutes(self):
        return max(1, ceil(self.metres / PACE / 60))


def nearest(longitude, latitude, homes, count=3):
    """The `count` homes of the queryset `homes` closest to a WGS-84 point, nearest first. Homes without a position
    cannot be compared and are left out."""
    origin = (longitude, latitude)
    positions = homes.exclude(longitude=None).values_list("pk", "longitude", "latitude")
    ranked = sorted((metres_between(origin, (east, north)), pk) for pk, east, north in positions)[:count]
    found = homes.in_bulk([pk for _, pk in ranked])
    return [Walk(found[pk], round(metres * DETOUR)) for metres, pk in ranked]
