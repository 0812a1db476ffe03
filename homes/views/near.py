"""The homes near somebody: by their phone's position, by where they live, or by a press on the map.

A position comes by POST, so that it stands in no address, log or history, and is forgotten after the answer.
"""

import re
from collections import defaultdict
from itertools import groupby

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from branches.coordinates import inside, read_point
from branches.map import box_of, draw
from branches.models import Division, ResidentCompound
from config.caching import public_page, remember
from config.site import district
from homes.circles.nearest import nearest, places
from homes.circles.pace import PACES, USUAL, pace_named
from homes.circles.walks import source
from homes.models import Home
from homes.views.near_map import Picture, part_about

MOST = 30  # homes listed about a community
NUMBER = re.compile(r"[0-9]{1,12}")
FAR = 60  # minutes: farther nobody should be sent on foot
INEXACT = 300  # metres: a phone that says it knows no better is told of
DRAWN = 20_000  # metres: homes farther away are not drawn on one map with the reader
AROUND = 0.004  # degrees that the map shows about what is on it

NO_POSITION = "没有收到您的位置。请从下面选您住的社区和小区，或者打电话问。"
NO_PRESS = "没有看到您点在图的哪里。请用手指或者鼠标点；用键盘的，请从名单里选您住的社区和小区。"
NO_PLACE = "没有找到这个社区。请从下面的名单里再选一次。"
NO_COMPOUND = "没有找到这个小区，或者还不知道它在哪里。请从下面的名单里再选一次。"
OUTSIDE = "您的位置好像不在本区，路可能有点远。"


@csrf_exempt  # nothing is stored: the answer depends on the form alone
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def near(request):
    """The page where somebody says where they are, and the three homes nearest to it."""
    asked = request.POST if request.method == "POST" else request.GET
    pace = pace_named(asked.get("pace"))
    outline = district().outline if district() else None
    context = {
        "pace": pace,
        "start": _address(pace),
        "streets": remember("communities", _communities, lasting=True),
        "picture": Picture(outline) if outline else None,
    }
    if request.method == "POST":
        answer = _pressed if "at.x" in asked or "at.y" in asked else _located
        context |= answer(asked, outline, pace)
    elif asked.get("compound"):
        context |= _at_compound(asked["compound"], outline, pace)
    elif asked.get("place"):
        context |= _at_place(asked["place"], pace)
    context["paces"] = _paces(context, pace)
    response = render(request, "homes/near.html", context)
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


def candidates():
    """The homes that may be the nearest today."""
    return remember("nearest homes", places, lasting=True)


def _located(form, outline, pace):
    if not form.get("longitude") or not form.get("latitude"):
        return {"problem": NO_POSITION}
    try:
        point = read_point(form["longitude"], form["latitude"])
    except ValueError as problem:
        return {"problem": f"{problem}也可以从下面选您住的社区和小区。"}
    accuracy = form.get("accuracy", "")
    inexact = int(accuracy) if NUMBER.fullmatch(accuracy) and int(accuracy) > INEXACT else 0
    return _answer(point, outline, pace) | {"from_phone": True, "inexact": inexact}


def _pressed(form, outline, pace):
    try:
        point = Picture(outline, form.get("part", "")[:7]).at(form.get("at.x"), form.get("at.y"))
    except (TypeError, ValueError):  # no outline, no part, no numbers
        return {"problem": NO_PRESS}
    if (form["at.x"], form["at.y"]) == ("0", "0"):  # what a keyboard sends
        return {"problem": NO_PRESS}
    return _answer(point, outline, pace) | {"pressed": True, "picture": Picture(outline, part_about(outline, point))}


def _at_compound(number, outline, pace):
    placed = ResidentCompound.objects.filter(is_archived=False).exclude(longitude=None)
    compound = placed.select_related("division__parent").filter(pk=number).first() if NUMBER.fullmatch(number) else None
    if compound is None:
        return {"problem": NO_COMPOUND}
    point = float(compound.longitude), float(compound.latitude)
    return _answer(point, outline, pace) | {"compound": compound, "chosen": compound.division}


def _at_place(code, pace):
    place = Division.objects.select_related("parent").filter(code=code).first() if NUMBER.fullmatch(code) else None
    if place is None:
        return {"problem": NO_PLACE}
    compounds = ResidentCompound.objects.filter(division__in=Division.objects.within(place), is_archived=False)
    listed = compounds.exclude(longitude=None).select_related("division").order_by("division__code", "name")
    return {
        "place": place,
        "chosen": place,
        "found": _around(place),
        "compounds": [
            (community, [(each, _address(pace, compound=each.pk)) for each in some])
            for community, some in groupby(listed, lambda compound: compound.division)
        ],
    }


def _answer(point, outline, pace):
    """What is said to somebody at a WGS-84 point."""
    ways = source()
    walks = nearest(point, candidates(), ways, pace)
    near_by = [walk for walk in walks if walk.straight <= DRAWN]
    drawn = [(walk.home.longitude, walk.home.latitude) for walk in near_by]
    marks = [
        (*at, {"label": walk.home.name, "number": number, "href": walk.home.get_absolute_url(),
               "sample": walk.home.is_sample})
        for number, (at, walk) in enumerate(zip(drawn, near_by, strict=True), 1)
    ]  # fmt: skip
    west, south, east, north = box_of([point, *drawn])
    box = west - AROUND, south - AROUND, east + AROUND, north + AROUND
    return {
        "walks": walks,
        "ways": ways,
        "far": FAR,
        "outside": bool(outline) and not inside(outline, *point),
        "unreachable": bool(walks) and all(walk.metres is None for walk in walks),
        "map": draw(district(), marks, "您和最近的家在哪里", box=box, here=point) if near_by else None,
    }


def _paces(context, pace):
    """[(pace, address of this page for it, whether it is the one)]; an answer that came by POST has no address."""
    kept = {}
    if "compound" in context:
        kept["compound"] = context["compound"].pk
    elif "place" in context:
        kept["place"] = context["place"].code
    return [(each, _address(each, **kept), each == pace) for each in PACES]


def _address(pace, **parameters):
    """This page at a pace, which the usual one need not name."""
    parameters |= {} if pace == USUAL else {"pace": pace.key}
    return reverse("homes:near") + (f"?{urlencode(parameters)}" if parameters else "")


def _communities():
    """[(street, [community, ...])] of the whole district, for the list to choose from. One query."""
    rows = list(Division.objects.exclude(level=Division.Level.DISTRICT))
    below = defaultdict(list)
    for row in rows:
        below[row.parent_id].append(row)
    return [(row, below[row.pk]) for row in rows if row.level == Division.Level.STREET]


def _around(place):
    """The homes of a community and of its street: [(where in words, [home, ...])], the closest first, none empty."""
    street = place.street
    homes = list(Home.objects.public().within(street or place).for_cards()[:MOST])
    if place.level != Division.Level.COMMUNITY:
        groups = [(f"{place.name}的家", homes)]
    else:
        groups = [
            (f"就在{place.short_name}", [home for home in homes if home.division_id == place.pk]),
            (f"同在{street.name}", [home for home in homes if home.division_id != place.pk]),
        ]
    return [(words, found) for words, found in groups if found]
