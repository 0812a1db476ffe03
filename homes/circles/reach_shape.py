"""The outline of what lies within a walk: the streets walked, 25 m to either side, with bays closed and yards filled.

A street is cut 25 m before the limit, for the outline ends 25 m farther: whoever lives at its end, or beside it near
its end, has used up the walk there. Against a town whose walks are known, 1 to 2 of 100 places within a quarter of an
hour lie outside the outline, and as many inside it are farther; cut at the limit itself it would be 5 of 100.
"""

import numpy as np
import shapely

from homes.circles.plane import LEAST, on_plane, stretch, to_degrees

BESIDE = 25  # metres to either side of a street
BAY = 35  # metres: bays between streets are closed where they are no wider than twice this
YARD = 20_000  # square metres: smaller holes are yards that one walks around, or into
COARSE = 2  # metres that an outline may be off
GRID = 1e-6  # degrees, a tenth of a metre
CORNERS = 3  # of a quarter of a circle


def shapes(network, start, walked, limits):
    """{limit: GeoJSON MultiPolygon}, each holding the lesser; `walked` has the metres from `start` to every node."""
    tall = float(stretch(start.at[0]))
    edges = np.flatnonzero((walked[network.ends] < max(limits)).any(axis=1))
    covered = held = shapely.MultiPolygon()
    found = {}
    for limit in sorted(limits):
        lines, edges = _lines(network, start, edges, walked, limit - BESIDE)
        beside = shapely.buffer(lines, BESIDE * tall, quad_segs=CORNERS)
        covered = _filled(shapely.union(covered, shapely.union_all(beside)), YARD * tall**2)
        closed = covered.buffer(BAY * tall, quad_segs=CORNERS).buffer(-BAY * tall, quad_segs=CORNERS)
        held = shapely.union(held, shapely.simplify(_filled(closed, YARD * tall**2), COARSE * tall))
        found[limit] = _geojson(held)
    return found


def _lines(network, start, edges, walked, limit):
    """(what of some edges is walked within `limit` metres, as lines; the edges of which there is more)."""
    ends, lengths, drawn = network.ends[edges], network.lengths[edges], network.drawn[edges]
    there, back = np.clip(limit - walked[ends], 0, lengths[:, None]).T
    there, back = there * network.forward[edges], back * network.backward[edges]
    whole = there + back >= lengths
    lines = [drawn[whole]]
    for metres, begin, end in ((there, drawn[:, 0], drawn[:, 1]), (back, drawn[:, 1], drawn[:, 0])):
        some = ~whole & (metres > 0)
        share = (metres[some] / lengths[some])[:, None]
        lines.append(np.stack((begin[some], begin[some] + share * (end[some] - begin[some])), axis=1))
    lines.append(_from_the_door(network, start, limit))
    merged = shapely.line_merge(shapely.multilinestrings(np.concatenate(lines)))
    return shapely.get_parts(merged), edges[~whole]


def _from_the_door(network, start, limit):
    """The way to the street, and along its first edge, both ways, as lines."""
    edge, leg, along = (int(start.edge[0]), float(start.leg[0]), float(start.along[0]))
    (door,), at = on_plane(start.degrees), start.at[0]
    left, length = limit - leg, network.lengths[edge]
    lines = [(door, door + (at - door) * min(1, max(limit, 0) / max(leg, LEAST)))]
    if left > 0:
        first, last = network.drawn[edge]
        if network.backward[edge]:
            lines.append((at, at + (first - at) * min(1, left / max(along, LEAST))))
        if network.forward[edge]:
            lines.append((at, at + (last - at) * min(1, left / max(length - along, LEAST))))
    return np.array(lines)


def _filled(shape, most):
    """A shape without holes smaller than `most`."""
    kept = []
    for polygon in shapely.get_parts(shape):
        holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= most]
        kept.append(shapely.Polygon(polygon.exterior, holes))
    return shapely.MultiPolygon(kept)


def _geojson(shape):
    drawn = shapely.set_precision(shapely.transform(shape, to_degrees), GRID)
    polygons = [polygon for polygon in shapely.get_parts(drawn) if not polygon.is_empty]
    rings = [[polygon.exterior, *polygon.interiors] for polygon in polygons]
    return {
        "type": "MultiPolygon",
        "coordinates": [[shapely.get_coordinates(ring).round(6).tolist() for ring in each] for each in rings],
    }
