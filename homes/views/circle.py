"""The public page of one home's circle: what can be walked to, drawn and in words, at the reader's pace."""

from datetime import timedelta

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from branches.views.pages import in_words
from config.caching import public_page
from homes.circles.drawing import draw
from homes.circles.inside import Inside
from homes.circles.pace import CIRCLE_MINUTES, PACES, USUAL, pace_named
from homes.circles.reach import Reach
from homes.circles.walks import ATTRIBUTION
from homes.models import Home

NEXT = 5  # activities shown of those that come next
DAYS = 7


def home_and_circle(slug):
    """(the home, its circle or None). A circle of where the home stood before is none."""
    homes = Home.objects.public().select_related("theme", "division__parent", "circle__network")
    home = get_object_or_404(homes, slug=slug)
    circle = getattr(home, "circle", None)
    if circle and (circle.longitude, circle.latitude) != (home.longitude, home.latitude):
        circle = None
    return home, circle


@require_safe
@public_page
def circle(request, slug):
    home, found = home_and_circle(slug)
    pace = pace_named(request.GET.get("pace"))
    inside = Inside(Reach(found, pace)) if found and found.reached else None
    others = [neighbour.home for neighbour in inside.homes] if inside else []
    today = timezone.localdate()
    activities = Home.activities.rel.related_model.objects.filter(home__in=[home, *others]).upcoming().for_cards()
    week = list(activities.between(today, today + timedelta(days=DAYS - 1))[: NEXT + 1])
    return render(
        request,
        "homes/circle.html",
        {
            "home": home,
            "circle": found,
            "pace": pace,
            "minutes": CIRCLE_MINUTES,
            "unknown_pace": request.GET.get("pace") not in (None, pace.key),
            "paces": [(one, circle_address(home, one)) for one in PACES],
            "paper": circle_address(home, pace, "homes:circle_poster"),
            "inside": inside,
            "counts": _counts(inside) if inside else [],
            "map": draw(inside.reach, others, f"{home.name}的十五分钟服务圈") if inside else None,
            "next": week[:NEXT],
            "has_more": len(week) > NEXT,
            "licence": ATTRIBUTION,
            "big_map": _geojson_address(home, pace),
            "tiles_key": settings.TIANDITU_KEY,
        },
    )


def circle_address(home, pace, page="homes:circle"):
    """The usual pace needs no saying."""
    page = reverse(page, args=[home.slug])
    return page if pace is USUAL else f"{page}?{urlencode({'pace': pace.key})}"


def _geojson_address(home, pace):
    return f"{reverse('homes:circle_geojson', args=[home.slug])}?{urlencode({'pace': pace.key})}"


def _counts(inside):
    """[(what, how many in words)] of everything inside."""
    estimate = "估算" if inside.reach.is_estimate else ""
    return [
        ("小区", f"{inside.compounds_reached}个"),
        ("楼", f"{inside.buildings}栋"),
        ("网格", f"{inside.grids_reached}个"),
        ("党小组", f"{inside.groups}个"),
        ("同意公开的党员中心户", f"{estimate}{in_words(inside.households, '户')}"),
        ("支部", f"{estimate}{len(inside.branches)}个"),
        ("别的家", f"{inside.homes_reached}个"),
    ]


@require_safe
@public_page
def geojson(request, slug):
    """What the big map draws: outlines at one pace, streets, this home and the others inside, in WGS-84 degrees.

    An estimate says so, with its factor and pace; of streets it says whose they are.
    """
    home, found = home_and_circle(slug)
    pace = pace_named(request.GET.get("pace"))
    reach = Reach(found, pace) if found else None
    features = []
    if found and found.reached:
        features += [
            _feature(outline.geometry, what="outline", key=outline.key, words=outline.words)
            for outline in reversed(reach.outlines())
        ]
        if found.streets:
            features.append(_feature({"type": "MultiLineString", "coordinates": found.streets}, what="streets"))
        walks = found.walks.within(reach.farthest).filter(home__status__in=Home.PUBLIC).select_related("home")
        homes = [(home, None), *((walk.home, pace.minutes(walk.metres)) for walk in walks)]
        for number, (place, minutes) in enumerate(homes):
            point = {"type": "Point", "coordinates": [float(place.longitude), float(place.latitude)]}
            about = {"name": place.name, "url": place.get_absolute_url(), "is_sample": place.is_sample}
            features.append(_feature(point, what="home", number=number or None, minutes=minutes, **about))
    about = {
        "datum": "WGS-84",
        "kind": found.kind if found else None,
        "estimate": reach.how or None if reach else None,
        "factor": float(found.factor) if found and found.is_estimate else None,
        "pace": {"key": pace.key, "name": pace.name, "metres_per_second": pace.speed},
        "attribution": ATTRIBUTION if found and not found.is_estimate else None,
    }
    return JsonResponse(
        {"type": "FeatureCollection", **about, "features": features},
        content_type="application/geo+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _feature(geometry, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}
