"""/circles/: who can walk to a home in a quarter of an hour, where, and what the circles lack; for everybody."""

from functools import partial
from typing import NamedTuple

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from branches.map import WIDTH, Projection
from config.caching import public_page, remember
from config.site import district
from config.templatetags.amounts import amount
from homes.circles import lacking
from homes.circles.drawing import path_of, thinned
from homes.circles.pace import CIRCLE_MINUTES, PACES, USUAL, pace_named
from homes.models import Home
from homes.views.circle_counts import Counts
from homes.views.pages import place_in_words

PAGE_SIZE = 30
UNSEEN = 0.6  # units of the map


class Listed(NamedTuple):
    """A public home as these pages name it; `why` says why it has no circle."""

    pk: int
    name: str
    url: str
    street: str
    where: str
    is_sample: bool
    why: str


class Drawn(NamedTuple):
    """All public homes with their circles at one pace, as one drawing on the outline of the district."""

    homes: list
    viewbox: str
    outline: str
    circles: str
    dots: str
    source: object  # a circle, which says by what they were found


def address(page, pace, street=""):
    """The address of one of these pages; the usual pace is not named."""
    asked = {"pace": "" if pace is USUAL else pace.key, "street": street}
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse(f"circles:{page}") + (f"?{query}" if query else "")


def paces(page, chosen, street=""):
    """[(pace, how far one comes, address, whether it is chosen)]"""
    return [(pace, pace.metres(), address(page, pace, street), pace is chosen) for pace in PACES]


def drawn(pace):
    """The homes and their map, made once, until one of them is edited."""
    return remember(f"circles-{pace.key}", partial(_draw, pace), lasting=True)


def _draw(pace):
    rows = Home.objects.public().select_related("division__parent", "circle__network")
    rows = list(rows.defer("division__outline", "division__parent__outline", "story", "circle__streets"))
    circles = [home.circle for home in rows if hasattr(home, "circle")]
    here = district()
    projection = Projection(here.outline) if here and here.outline else None
    shapes = dots = ""
    for circle in circles if projection else ():
        for ring, *_holes in circle.outlines.get(str(pace.metres()), {}).get("coordinates", ()):
            shapes += path_of(thinned([projection.place(*point) for point in ring], UNSEEN)[:-1], "z", 0)
        x, y = projection.place(circle.longitude, circle.latitude)
        dots += f"M{x:g} {y:g}h0"
    box, outline = (f"0 0 {WIDTH} {projection.height:g}", projection.path()) if projection else ("", "")
    # while some are estimates, nothing is called measured
    source = next((circle for circle in circles if circle.is_estimate), circles[0] if circles else None)
    return Drawn([_listed(home) for home in rows], box, outline, shapes, dots, source)


def _listed(home):
    circle, street = getattr(home, "circle", None), home.street
    why = ""
    if not home.is_located:
        why = "还没有标位置，算不出圈"
    elif circle is None:
        why = "位置刚标上，圈还没有算"
    elif not circle.reached:
        why = "门口连不到路，无法步行到达"
    code, where = street.code if street else "", place_in_words(home)
    return Listed(home.pk, home.name, home.get_absolute_url(), code, where, home.is_sample, why)


@require_safe
@public_page
def circles(request):
    """Coverage by street and community and over time, the map, the homes, and how all that is reckoned."""
    pace, asked = pace_named(request.GET.get("pace", "")), request.GET.get("street", "")
    counts, found = Counts(pace, timezone.localdate(), asked), drawn(pace)
    street = counts.place.division if counts.is_street else None
    homes = [home for home in found.homes if street is None or home.street == street.code]
    page = Paginator(homes, PAGE_SIZE).get_page(request.GET.get("page"))
    unplaced = any(each.row.members_unplaced for each in counts.below)

    def link(told):
        return "" if street else address("circles", pace, told.division.code)

    return render(
        request,
        "homes/circles/circles.html",
        {
            "pace": pace,
            "metres": pace.metres(),
            "minutes": CIRCLE_MINUTES,
            "paces": paces("circles", pace, street.code if street else ""),
            "counts": counts,
            "place": counts.place,
            "street": street,
            "unknown": bool(asked) and street is None,
            "whole": address("circles", pace),
            "lacking": address("lacking", pace, street.code if street else ""),
            "kind": "社区" if street else "街道",
            "members": counts.bars("share"),
            "of_members": ["圈里", "圈外", *(["没位置"] if unplaced else [])],
            "members_rows": [
                (each.division.short_name, link(each), each.cells[1 : 4 if unplaced else 3]) for each in counts.below
            ],
            "buildings": counts.bars("share_of_buildings"),
            "of_buildings": ["圈里", "一共"],
            "buildings_rows": [
                (each.division.short_name, "", [amount(each.row.buildings_inside), amount(each.row.buildings)])
                for each in counts.below
            ],
            "line": counts.line(),
            "drawn": found,
            "source": counts.place.row if counts.place else found.source,
            "page": page,
            "query": {"pace": pace.key, "street": street.code if street else None},
        },
    )


@require_safe
@public_page
def what_is_lacking(request):
    """What the circle of each home does not have yet, in the order of the directory."""
    pace, asked = pace_named(request.GET.get("pace", "")), request.GET.get("street", "")
    homes = drawn(pace).homes
    here = [home for home in homes if home.street == asked] if asked else []
    page = Paginator(here or homes, PAGE_SIZE).get_page(request.GET.get("page"))
    found = lacking.lacks(pace.metres())
    street = asked if here else ""
    return render(
        request,
        "homes/circles/lacking.html",
        {
            "pace": pace,
            "metres": pace.metres(),
            "days": lacking.DAYS,
            "paces": paces("lacking", pace, street),
            "street": here[0].where.split(" · ")[0] if here else "",
            "unknown": asked and not here,
            "whole": address("lacking", pace),
            "circles": address("circles", pace, street),
            "source": drawn(pace).source,
            "rows": [(home, found.get(home.pk)) for home in page.object_list],
            "page": page,
            "query": {"pace": pace.key, "street": street or None},
        },
    )
