"""What a minute on foot is. Metres are stored, so that a change of pace computes nothing anew.

Slow is the mean of women over 65 and of people over 75 (Asher 2012); usual is what the circles of the district are
measured with (900 m in a quarter of an hour; 社区生活圈: 15 minutes are about a kilometre). Speeds are measured on flat
ground without traffic lights: a real walk takes longer.
"""

from math import ceil
from typing import NamedTuple

CIRCLE_MINUTES = 15
BANDS = (5, 10, 15)  # minutes that a circle is drawn for
STORED = 1500  # metres; farther walks are not kept


class Pace(NamedTuple):
    """A way of walking: its name in addresses, its name for people, metres a second."""

    key: str
    name: str
    speed: float

    def minutes(self, metres):
        """Whole minutes for a walk of `metres`, rounded up, at least one."""
        return max(1, ceil(round(metres / self.speed / 60, 6)))

    def metres(self, minutes=CIRCLE_MINUTES):
        """How far one comes in `minutes`, in whole metres."""
        return round(self.speed * 60 * minutes)


SLOW, USUAL, BRISK = PACES = (Pace("slow", "慢慢走", 0.8), Pace("usual", "平常走", 1.0), Pace("brisk", "走得快", 1.2))
LIMITS = sorted({pace.metres(minutes) for pace in PACES for minutes in BANDS})  # metres that a circle is drawn for


def pace_named(key):
    """The pace of an address, the usual one where it names none that there is."""
    return next((pace for pace in PACES if pace.key == key), USUAL)
