"""The homes nearest to a position, for programs. A position stands in the address: it is neither kept nor logged here,
no cache may keep the answer, and docs/api.md tells the operator to keep it out of the web server's log."""

from django.views.decorators.http import require_safe

from branches.coordinates import Datum, parse_datum, read_point
from config.client_address import client_address, neighbourhood
from config.limits import TOO_MANY, Limit
from homes.api import DATUM, ParameterError, about_pace, about_walks, answer, pace_of, position, refusal
from homes.circles.nearest import nearest
from homes.circles.walks import source
from homes.views.near import candidates

OFTEN = Limit("nearest homes for a program, from an address", 60, 60)


@require_safe
def nearest_homes(request):
    """The three homes nearest to `lon` and `lat` (of `datum`, WGS-84 unless told) at a `pace`, as on /near/."""
    if not OFTEN.take(neighbourhood(client_address(request))):
        response = refusal(f"问得太勤了：一分钟最多{OFTEN.number}次，请过一分钟再问。", TOO_MANY)
        response.headers["Retry-After"] = str(OFTEN.seconds)
        return response
    try:
        pace, point = pace_of(request.GET), _point(request.GET)
    except ValueError as problem:
        return refusal(problem)
    ways = source()
    found = nearest(point, candidates(), ways, pace)
    about = {"datum": DATUM, **about_pace(pace), **about_walks(ways), "count": len(found)}
    response = answer(about | {"homes": [_as_dict(each) for each in found]})
    response.headers["Cache-Control"] = "no-store"
    return response


def _point(parameters):
    longitude, latitude = parameters.get("lon", ""), parameters.get("lat", "")
    if not longitude or not latitude:
        raise ParameterError("请写明 lon（经度）和 lat（纬度），例如 ?lon=112.987654&lat=28.123456。")
    return read_point(longitude, latitude, parse_datum(parameters.get("datum", Datum.WGS84)))


def _as_dict(found):
    home = found.home
    return {
        "name": home.name,
        "url": home.get_absolute_url(),
        "reachable": found.metres is not None,
        "metres": found.metres,
        "minutes": found.minutes,
        "straight_metres": found.straight,
        "way": found.way,
        "directions": home.directions or None,
        "open_now": bool(home.open_until) if home.hours_known or home.special_reason else None,
        "open_until": home.open_until,
        "opens_later_today": home.opens_later,
        "opens_next": found.opens_next or None,
        "telephone": home.telephone or None,
        "position": position(home),
        "is_sample": home.is_sample,
        "sample_note": "示例数据" if home.is_sample else None,
    }
