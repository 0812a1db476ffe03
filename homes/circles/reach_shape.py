"""The outline of what lies within a walk: the streets walked, 25 m to either side, yards filled."""

import numpy as np
import shapely

from homes.circles.plane import stretch, to_degrees

BESIDE = 25  # metres to either side of a street
YARD = 20_000  # square metres: smaller holes are yards that one walks around, or into
COARSE = 2  # metres that an outline may be off
PLACES = 6  # of degrees, a tenth of a metre
CORNERS = 4  # of a quarter of a circle


def shapes(network, start, edges, walked, limits):
    """{limit: GeoJSON MultiPolygon}, each holding the lesser ones. `walked` has the metres to every node, and `edges`
    are those that are come to at all."""
    tall = float(stretch(start.at[0]))
    held = shapely.Polygon()
    found = {}
    for limit in sorted(limits):
        lines = _lines(network, start, edges, walked, limit)
        held = held.union(shapely.buffer(lines, BESIDE * tall, quad_segs=CORNERS))
        held = _filled(held, YARD * tall**2)
        held = held.union(held.simplify(COARSE * tall))
        found[limit] = _geojson(held)
    return found


def _lines(network, start, edges, walked, limit):
    """What of the streets is walked within `limit` metres, as one shape."""
    lengths = network.lengths[edges]
    first, last = walked[network.ends[edges]].T
    there = np.where(network.forward[edges], np.clip(limit - first, 0, lengths), 0)
    back = np.where(network.backward[edges], np.clip(limit - last, 0, lengths), 0)
    whole = there + back >= lengths
    drawn = network.drawn[edges]
    lines = [drawn[whole]]
    for some, side, walked_in in ((~whole & (there > 0), 0, there), (~whole & (back > 0), 1, back)):
        begin, end = drawn[some, side], drawn[some, 1 - side]
        share = (walked_in[some] / lengths[some])[:, None]
        lines.append(np.stack((begin, begin + share * (end - begin)), axis=1))
    lines = np.concatenate(lines)
    return shapely.line_merge(shapely.multilinestrings(lines))


def _filled(shape, most):
    kept = []
    for polygon in shapely.get_parts(shape):
        holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= most]
        kept.append(shapely.Polygon(polygon.exterior, holes))
    return shapely.MultiPolygon(kept)


def _geojson(shape):
    drawn = shapely.transform(shape, to_degrees)
    parts = shapely.get_parts(shapely.set_precision(drawn, 10**-PLACES))
    return shapely.geometry.mapping(shapely.MultiPolygon(list(parts)))
