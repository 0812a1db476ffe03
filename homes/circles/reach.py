"""How far a reader gets from one home at their pace: metres of the walks that are kept, and the outlines to draw."""

from dataclasses import dataclass
from functools import cached_property
from math import floor
from typing import NamedTuple

from homes.circles.estimate import CERTAIN, POSSIBLE, Estimate
from homes.circles.pace import BANDS, CIRCLE_MINUTES, Pace
from homes.models import ServiceCircle


class Outline(NamedTuple):
    """One line of the map: `key` for its looks, `label` on the map, `words` beside it, a GeoJSON geometry."""

    key: str
    label: str
    words: str
    geometry: dict


@dataclass(frozen=True)
class Reach:
    """A circle as somebody walks it. On a street network what is reached is certain; an estimate has two limits:
    walks of `certain` metres were hardly ever longer than a quarter of an hour, those beyond `farthest` hardly ever
    shorter."""

    circle: ServiceCircle
    pace: Pace

    @property
    def is_estimate(self):
        return self.circle.is_estimate

    @cached_property
    def certain(self):
        return floor(self._straight(CERTAIN)) if self.is_estimate else self.pace.metres()

    @cached_property
    def farthest(self):
        return floor(self._straight(POSSIBLE)) if self.is_estimate else self.pace.metres()

    @property
    def paced(self):
        """The pace as it is printed beside every figure."""
        return f"{self.pace.name}（每秒{self.pace.speed:.1f}米）"

    @property
    def how(self):
        """By what an estimate was made; what was measured needs no such words."""
        return f"估算：直线距离乘{float(self.circle.factor):g}，按{self.paced}算" if self.is_estimate else ""

    def _straight(self, winding):
        """Estimated metres of the longest straight line that is a quarter of an hour on ways so winding."""
        return self.pace.metres() * float(self.circle.factor) / winding

    def outlines(self):
        """What is drawn, the innermost first; those that enclose nothing are left out."""
        if self.is_estimate:
            limit = self.pace.metres()
            point = float(self.circle.longitude), float(self.circle.latitude)
            drawn = [
                Outline(key, label, words, Estimate(winding).reaches(point, [limit])[limit])
                for key, label, words, winding in (
                    ("certain", "肯定走得到", f"肯定走得到：路再绕，{CIRCLE_MINUTES}分钟也够（估算）", CERTAIN),
                    ("possible", "可能走得到", f"可能走得到：路不绕，{CIRCLE_MINUTES}分钟就够（估算）", POSSIBLE),
                )
            ]
        else:
            drawn = [
                Outline(str(minutes), f"{minutes}分钟", f"{minutes}分钟以内走得到",
                        self.circle.outlines.get(str(self.pace.metres(minutes)), {"coordinates": []}))
                for minutes in BANDS
            ]  # fmt: skip
        return [outline for outline in drawn if outline.geometry["coordinates"]]
