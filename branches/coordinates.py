"""Datums and positions. The database holds WGS-84 degrees; whatever comes in declares its datum and is converted.

Around Changsha GCJ-02 lies some 660 m and BD-09 some 1,230 m from WGS-84, more than half a walking circle, so an
undeclared datum is refused rather than guessed.

The GCJ-02 offset is the formula published with the open source tool "eviltransform"; BD-09 adds Baidu's own. Both are
inverted by fixed-point iteration, exact to well under a centimetre.
"""

from enum import StrEnum
from math import asin, atan2, cos, degrees, hypot, isfinite, pi, radians, sin, sqrt

EARTH_RADIUS = 6_371_008.8  # metres, mean radius (IUGG)
_A, _EE = (6_378_245.0, 0.006_693_421_622_965_943_23)  # Krasovsky 1940, as the GCJ-02 formula uses it
_X_PI = pi * 3000 / 180


class Datum(StrEnum):
    """What a pair of numbers means."""

    WGS84 = "WGS-84"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"

    @property
    def hint(self):
        return {"WGS-84": "手持GPS、天地图", "GCJ-02": "高德、腾讯、微信", "BD-09": "百度地图"}[self.value]


CHINA = ((73, 136), (3, 54))  # degrees of longitude and of latitude that nothing in the country lies beyond


def in_china(longitude, latitude):
    """Whether degrees may be a place in China, in whatever datum; those the wrong way round never are."""
    return all(low <= degrees <= high for (low, high), degrees in zip(CHINA, (longitude, latitude), strict=True))


def parse_datum(text):
    """Return the `Datum` that `text` names; ValueError for an empty or unknown one."""
    key = "".join(character for character in str(text).upper() if character.isalnum())
    for datum in Datum:
        if key == datum.replace("-", ""):
            return datum
    raise ValueError("坐标没有写明基准。请填 WGS-84、GCJ-02（高德、腾讯）或 BD-09（百度）。")


def read_point(longitude, latitude, datum=Datum.WGS84):
    """The WGS-84 (longitude, latitude) of two numbers as somebody wrote them.

    ValueError with a sentence for that person where they are no place in China.
    """
    try:
        point = float(longitude), float(latitude)
    except (TypeError, ValueError):
        point = ()
    if not point or not all(isfinite(number) for number in point):
        raise ValueError("经度和纬度要写成数字，例如经度112.987654、纬度28.123456。")
    if not in_china(*point):
        if in_china(*reversed(point)):
            raise ValueError("好像把经度和纬度写反了。在中国，经度是73到136，纬度是3到54。")
        raise ValueError("这个位置不在中国。请核对经度和纬度。")
    return to_wgs84(*point, datum)


def to_wgs84(longitude, latitude, datum):
    """Convert degrees in `datum` to WGS-84 degrees: (longitude, latitude) as floats."""
    point = (float(longitude), float(latitude))
    if datum is Datum.BD09:
        point = _inverse(_gcj_to_bd, point)
    return point if datum is Datum.WGS84 else _inverse(_wgs_to_gcj, point)


def from_wgs84(longitude, latitude, datum):
    """Convert WGS-84 degrees to degrees in `datum`."""
    point = (float(longitude), float(latitude))
    if datum is Datum.WGS84:
        return point
    point = _wgs_to_gcj(point)
    return _gcj_to_bd(point) if datum is Datum.BD09 else point


def metres_between(a, b):
    """Great-circle metres between two WGS-84 (longitude, latitude) points."""
    (lon1, lat1), (lon2, lat2) = ((radians(float(x)), radians(float(y))) for x, y in (a, b))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(sqrt(half))


def bearing(a, b):
    """The direction from a WGS-84 point to another near it, in degrees: 0 is north, 90 is east."""
    (lon1, lat1), (lon2, lat2) = ((float(x), float(y)) for x, y in (a, b))
    return degrees(atan2((lon2 - lon1) * cos(radians((lat1 + lat2) / 2)), lat2 - lat1)) % 360


def inside(outline, longitude, latitude):
    """Whether a WGS-84 point lies in a GeoJSON Polygon or MultiPolygon; holes are outside."""
    polygons = outline["coordinates"] if outline["type"] == "MultiPolygon" else [outline["coordinates"]]
    x, y = float(longitude), float(latitude)
    return any(
        _in_ring(polygon[0], x, y) and not any(_in_ring(hole, x, y) for hole in polygon[1:]) for polygon in polygons
    )


def _in_ring(ring, x, y):
    """Even-odd rule: count the edges crossed by a ray to the east."""
    crossings = 0
    for (x1, y1, *_), (x2, y2, *_) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            crossings += 1
    return crossings % 2 == 1


def _inverse(forward, target):
    """Solve forward(point) == target; each round shrinks the error more than a hundredfold."""
    point = target
    for _ in range(6):
        reached = forward(point)
        point = (point[0] + target[0] - reached[0], point[1] + target[1] - reached[1])
    return point


def _wgs_to_gcj(point):
    longitude, latitude = point
    x, y = longitude - 105, latitude - 35
    ripple = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (ripple + 20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (
        (ripple + 20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    )
    phi = radians(latitude)
    magic = 1 - _EE * sin(phi) ** 2
    north = north * 180 / (_A * (1 - _EE) / (magic * sqrt(magic)) * pi)
    east = east * 180 / (_A / sqrt(magic) * cos(phi) * pi)
    return longitude + east, latitude + north


def _gcj_to_bd(point):
    x, y = point
    distance = hypot(x, y) + 0.00002 * sin(y * _X_PI)
    angle = atan2(y, x) + 0.000003 * cos(x * _X_PI)
    return distance * cos(angle) + 0.0065, distance * sin(angle) + 0.006
