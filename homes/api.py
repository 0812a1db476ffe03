"""The homes and their circles for programs: read-only JSON and GeoJSON, WGS-84, for anybody. Samples say so.

docs/api.md tells what each address takes and gives; the nearest homes are in homes/nearest_api.py.
"""

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from config.caching import public_page
from homes.circles.pace import BANDS, CIRCLE_MINUTES, PACES, USUAL
from homes.models import Home, ServiceCircle

DATUM = "WGS-84"
ESTIMATED = "估算"


class ParameterError(ValueError):
    """A parameter that cannot be used, with a sentence for whoever wrote the program."""


def answer(found, status=200, content_type="application/json"):
    """JSON that a page of any site may read."""
    response = JsonResponse(found, status=status, json_dumps_params={"ensure_ascii": False}, content_type=content_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def refusal(problem, status=400):
    response = answer({"error": str(problem)}, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def collection(features, **about):
    """The answer with GeoJSON features; `about` stands beside them."""
    found = {"type": "FeatureCollection", "datum": DATUM, **about, "features": features}
    return answer(found, content_type="application/geo+json")


def pace_of(parameters):
    key = parameters.get("pace", USUAL.key)
    for pace in PACES:
        if pace.key == key:
            return pace
    raise ParameterError(f"pace 只能写 {'、'.join(f'{pace.key}（{pace.name}）' for pace in PACES)}。")


def about_walks(ways):
    """How the metres of a `Source`, or of a circle, were found."""
    network = ways.network
    return {
        "kind": "estimate" if ways.is_estimate else "network",
        "factor": float(ways.factor) if ways.is_estimate else None,
        "label": ESTIMATED if ways.is_estimate else None,
        "source_date": network.source_date if network else None,
        "attribution": network.licence if network else None,
    }


def about_pace(pace):
    return {"pace": pace.key, "metres_per_second": pace.speed}


def as_dict(home):
    """One home (from `for_cards`) with what its public page says. Unknown facts are null."""
    return {
        "name": home.name,
        "url": home.get_absolute_url(),
        "status": home.status,
        "division": {"code": home.division.code, "name": home.division.name},
        "theme": home.theme.name if home.theme else None,
        "lead": home.lead or None,
        "address": home.address or None,
        "telephone": home.telephone or None,
        "position": position(home),
        "position_precision": home.location_precision or None,
        "accessibility": {name: getattr(home, name) for name in Home.ACCESSIBILITY},
        "demonstration_since": home.demonstration_since,
        "verified_on": home.verified_on,
        "is_sample": home.is_sample,
        "sample_note": "示例数据" if home.is_sample else None,
    }


def position(home):
    return [float(home.longitude), float(home.latitude)] if home.is_located else None


@require_safe
@public_page
def homes(request):
    """`{"datum": "WGS-84", "count": int, "homes": [...]}`, the homes in the order of the directory."""
    rows = [as_dict(home) for home in Home.objects.public().for_cards()]
    return answer({"datum": DATUM, "count": len(rows), "homes": rows})


@require_safe
@public_page
def homes_geojson(request):
    """The same homes as points; one whose place nobody knows has no geometry."""
    features = []
    for home in Home.objects.public().for_cards():
        properties = as_dict(home)
        at = properties.pop("position")
        geometry = {"type": "Point", "coordinates": at} if at else None
        features.append({"type": "Feature", "id": home.slug, "geometry": geometry, "properties": properties})
    return collection(features)


@require_safe
@public_page
def circles_geojson(request):
    """What lies within `minutes` (5, 10 or 15) of each home at a `pace`. Homes without a position have no circle."""
    try:
        pace, minutes = pace_of(request.GET), _minutes(request.GET)
    except ParameterError as problem:
        return refusal(problem)
    metres = pace.metres(minutes)
    circles = ServiceCircle.objects.filter(home__in=Home.objects.public()).select_related("home", "network")
    features = [_circle(circle, metres) for circle in circles.order_by("home__division__code", "home__pk")]
    return collection(features, **about_pace(pace), minutes=minutes, metres=metres)


def _minutes(parameters):
    text = parameters.get("minutes", str(CIRCLE_MINUTES))
    if text not in map(str, BANDS):
        raise ParameterError(f"minutes 只能写 {'、'.join(map(str, BANDS))}。")
    return int(text)


def _circle(circle, metres):
    properties = {
        "name": circle.home.name,
        "url": circle.home.get_absolute_url(),
        "metres": metres,
        "hectares": circle.hectares.get(str(metres)),
        "reached": circle.reached,
        **about_walks(circle),
        "computed_at": circle.computed_at,
        "is_sample": circle.home.is_sample,
        "sample_note": "示例数据" if circle.home.is_sample else None,
    }
    geometry = circle.outlines.get(str(metres)) if circle.reached else None
    return {"type": "Feature", "id": circle.home.slug, "geometry": geometry, "properties": properties}
