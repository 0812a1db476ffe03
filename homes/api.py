"""The homes and their circles for programs, to read only. Samples say so.

What each address takes and gives is said in config/open_data/; the nearest homes are in homes/nearest_api.py.
"""

from itertools import groupby

from django.http import Http404
from django.utils import timezone

from config.open_data.answering import clock, named, open_data, page_of, phones, sample
from config.open_data.schemas import DATUM, DAYS, STATUS
from config.site import address_of
from homes.circles.pace import PACES
from homes.models import Home, ServiceCircle
from homes.public_list import whole

ESTIMATED = "估算"


@open_data("/api/homes/")
def homes(request, asked):
    rows = Home.objects.public()
    if asked["street"]:
        rows = rows.in_street(asked["street"])
    if asked["theme"]:
        rows = rows.filter(theme__slug=asked["theme"], theme__is_archived=False)
    page, beside = page_of(request, asked, whole(rows))
    site = address_of(request)
    return {"datum": DATUM, **beside, "homes": [as_dict(home, site) for home in page]}


@open_data("/api/homes/{slug}/")
def home(request, asked, slug):
    found = whole(Home.objects.public()).filter(slug=slug).first()
    if found is None:
        raise Http404(f"没有“{slug[:60]}”这个家，或者没有公布。")
    return {"datum": DATUM, "home": as_dict(found, address_of(request))}


@open_data("/api/homes.geojson")
def homes_geojson(request, asked):
    """The same homes as points; one whose place nobody knows has no geometry."""
    site = address_of(request)
    features = []
    for each in Home.objects.public().for_cards():
        at = {"type": "Point", "coordinates": position(each)} if each.is_located else None
        features.append({"type": "Feature", "id": each.slug, "geometry": at, "properties": brief(each, site)})
    return {"datum": DATUM, "features": features}


@open_data("/api/circles.geojson")
def circles_geojson(request, asked):
    """What lies within `minutes` of each home at a `pace`."""
    pace, minutes, site = pace_of(asked), asked["minutes"], address_of(request)
    metres = pace.metres(minutes)
    circles = ServiceCircle.objects.filter(home__in=Home.objects.public()).select_related("home", "network")
    features = [_circle(circle, metres, site) for circle in circles.order_by("home__division__code", "home__pk")]
    return {"datum": DATUM, **about_pace(pace), "minutes": minutes, "metres": metres, "features": features}


def brief(home, site):
    """What a card of a home (from `for_cards`) says. Unknown facts are null."""
    theme = home.theme if home.theme and not home.theme.is_archived else None
    place = {"address_1": home.address, "country": "CN", "address_type": "physical"}
    return {
        "id": home.slug,
        "name": home.name,
        "url": f"{site}{home.get_absolute_url()}",
        "status": STATUS[home.status],
        "alert": (home.status == Home.Status.SUSPENDED and home.status_note) or None,
        "summary": home.lead or None,
        "division": _place(home.division) | {"street": home.street and _place(home.street)},
        "theme": named(theme, site),
        "addresses": [place] if home.address else [],
        "phones": phones(home.telephone),
        "location_precision": home.location_precision or None,
        "demonstration_since": home.demonstration_since,
        "assured_date": home.verified_on,
        **sample(home),
    }


def as_dict(home, site):
    """What the page of a home (from `whole`) says."""
    longitude, latitude = position(home)
    return brief(home, site) | {
        "description": home.story or None,
        "source": home.source or None,
        "latitude": latitude,
        "longitude": longitude,
        "transportation": home.directions or None,
        "schedules": _schedules(home.weekly),
        "schedule_exceptions": [_exception(each) for each in home.special],
        **opening(home),
        "accessibility": [
            {"id": name, "description": _question(name), "available": value, "details": words or None}
            for name, (_about, value, words, *_) in zip(Home.ACCESSIBILITY, home.accessibility, strict=True)
        ],
        "facilities": [
            {"id": slug, "name": name, "description": note or None} for slug, name, note in home.facility_list
        ],
    }


def _question(name):
    return Home._meta.get_field(name).verbose_name


def position(home):
    return (float(home.longitude), float(home.latitude)) if home.is_located else (None, None)


def opening(home):
    """Whether the door is open, of a home from `for_cards`: null where nobody knows the hours."""
    now = home.opening
    return {"open_now": bool(now.until) if now.is_known else None, "open_until": clock(now.until)}


def _place(division):
    return {"code": division.code, "name": division.name}


def _schedules(hours):
    """The weekly rule, days with the same hours together."""

    def when(row):
        return row.opens, row.closes

    offset = timezone.localtime().utcoffset().total_seconds() / 3600
    return [
        {
            "freq": "WEEKLY",
            "byday": ",".join(DAYS[row.weekday] for row in rows),
            "opens_at": clock(opens),
            "closes_at": clock(closes),
            "timezone": offset,
        }
        for (opens, closes), rows in groupby(sorted(hours, key=lambda row: (*when(row), row.weekday)), key=when)
    ]


def _exception(each):
    return {
        "valid_from": each.first_day,
        "valid_to": each.last_day,
        "opens_at": clock(each.opens),
        "closes_at": clock(each.closes),
        "description": each.reason,
    }


# --- how far
def pace_of(asked):
    return next(pace for pace in PACES if pace.key == asked["pace"])


def about_pace(pace):
    return {"pace": pace.key, "metres_per_second": pace.speed}


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


def _circle(circle, metres, site):
    properties = {
        "name": circle.home.name,
        "url": f"{site}{circle.home.get_absolute_url()}",
        "metres": metres,
        "hectares": circle.hectares.get(str(metres)),
        "reached": circle.reached,
        "computed_at": circle.computed_at,
        **about_walks(circle),
        **sample(circle.home),
    }
    geometry = circle.outlines.get(str(metres)) if circle.reached else None
    return {"type": "Feature", "id": circle.home.slug, "geometry": geometry, "properties": properties}
