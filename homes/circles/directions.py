"""The way to a place in the words of somebody who is asked for it on the street."""

from typing import NamedTuple

COMPASS = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
MOST = 6  # legs that anybody keeps in mind
NEGLIGIBLE = 15  # metres of a path without a name that nobody would mention


class Leg(NamedTuple):
    """A part of the way that keeps its street and its direction."""

    street: str  # "" where it has no name
    metres: float
    towards: str
    steps: bool

    def __str__(self):
        along, steps = f"沿{self.street}" if self.street else "", "（有台阶）" if self.steps else ""
        return f"往{self.towards}，{along}走约{about(self.metres)}米{steps}"


def compass(degrees):
    """The nearest of the eight directions: 0 is 北, 90 is 东."""
    return COMPASS[round(degrees / 45) % len(COMPASS)]


def about(metres):
    """Metres as people say them: 40, 350, 1200."""
    step = 10 if metres < 100 else 50 if metres < 1000 else 100
    return max(10, round(metres / step) * step)


def as_the_crow_flies(degrees, metres):
    return f"在您的{compass(degrees)}边，直线约{about(metres)}米。"


def in_words(legs):
    """A way in words. `legs` are (street name, metres, compass degrees, whether there are steps), from door to door."""
    legs = _joined(legs)
    if not legs:
        return "就在旁边。"
    told, rest = legs[:MOST], sum(leg.metres for leg in legs[MOST:])
    parts = [f"{'再' if number else '出门'}{leg}" for number, leg in enumerate(told)]
    parts += [f"再走约{about(rest)}米"] if rest else []
    return f"{'；'.join(parts)}就到。"


def _joined(legs):
    """`Leg`s, those that go on in the same way made one, and steps that nobody would mention added to what follows."""
    joined, carried = [], 0
    for street, metres, degrees, steps in legs:
        if not street and metres < NEGLIGIBLE and not steps:
            carried += metres
            continue
        leg = Leg(street, metres + carried, compass(degrees), steps)
        carried = 0
        if joined and (joined[-1].street, joined[-1].towards) == (leg.street, leg.towards):
            last = joined[-1]
            joined[-1] = last._replace(metres=last.metres + leg.metres, steps=last.steps or leg.steps)
        else:
            joined.append(leg)
    if carried and joined:
        joined[-1] = joined[-1]._replace(metres=joined[-1].metres + carried)
    return joined
