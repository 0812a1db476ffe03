"""The homes nearest to a position, for programs. A position stands in the address: it is neither kept nor logged here,
no cache may keep the answer, and docs/api.md tells the operator to keep it out of the web server's log."""

from branches.coordinates import parse_datum, read_point
from config.open_data.answering import ParameterError, clock, open_data, phones, sample
from config.open_data.schemas import DATUM
from config.site import address_of
from homes.api import about_pace, about_walks, opening, pace_of, position
from homes.circles.nearest import nearest
from homes.circles.walks import source
from homes.views.near import candidates


@open_data("/api/nearest")
def nearest_homes(request, asked):
    """The three homes nearest to `lon` and `lat` (of `datum`) at a `pace`, as on /near/."""
    try:
        point = read_point(asked["lon"], asked["lat"], parse_datum(asked["datum"]))
    except ValueError as problem:
        raise ParameterError(str(problem)) from problem
    pace, ways, site = pace_of(asked), source(), address_of(request)
    found = [_as_dict(each, site) for each in nearest(point, candidates(), ways, pace)]
    return {"datum": DATUM, **about_pace(pace), **about_walks(ways), "homes": found}


def _as_dict(found, site):
    home = found.home
    longitude, latitude = position(home)
    return {
        "id": home.slug,
        "name": home.name,
        "url": f"{site}{home.get_absolute_url()}",
        "reachable": found.metres is not None,
        "metres": found.metres,
        "minutes": found.minutes,
        "straight_metres": found.straight,
        "way": found.way,
        "transportation": home.directions or None,
        **opening(home),
        "opens_later_today": clock(home.opening.later),
        "opens_next": found.opens_next or None,
        "phones": phones(home.telephone),
        "latitude": latitude,
        "longitude": longitude,
        **sample(home),
    }
