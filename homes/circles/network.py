"""Walking metres along the streets of OpenStreetMap.

A door belongs to the nearest point of the nearest street, at most `ACCESS_MOST` metres away in a straight line; from
there the shortest way is found by Dijkstra, exactly. Each straight piece of street is an edge of the graph, so that two
edges between the same crossings never differ but by their steps and names.
"""

from datetime import datetime
from itertools import pairwise
from math import atan2, degrees, inf
from typing import NamedTuple

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from homes.circles import network_file
from homes.circles.plane import LEAST, metres_apart, on_plane, stretch, to_degrees
from homes.circles.reach_shape import shapes
from homes.circles.streets import BACKWARD, FIXED, FORWARD, STEPS, ExtractError

ACCESS_MOST = 300  # metres from a door to its street
LEAST_PIECE = 300  # metres of street: a lost footpath in a yard would catch all doors around it
NEAR = (2000, 8000, inf)  # metres in which the nearest are looked for, farther only while there are too few
CORNER = 0.02  # metres: whoever is this near to a crossing is at it, and bound by no direction of one street
CELLS = 4_000_000  # distances kept at once, 8 bytes each
LICENCE = "© OpenStreetMap contributors, ODbL 1.0"


class Leg(NamedTuple):
    """A part of a walk along one street."""

    street: str  # "" where it has no name, and between a door and its street
    metres: float
    direction: float  # degrees from north, clockwise, from where the leg begins to where it ends
    steps: bool  # whether there are steps on it


class Snap(NamedTuple):
    """Where doors belong to: arrays of one value for each door; `edge` is -1 where there is no street near enough."""

    degrees: np.ndarray
    edge: np.ndarray
    along: np.ndarray  # metres from the edge's first end
    leg: np.ndarray  # metres from the door
    at: np.ndarray  # the point of the street, on the plane


class Network:
    """A source of walking metres: the streets of an import. Nothing of it changes, so threads may share one."""

    kind = "network"

    def __init__(self, arrays, names, source_date, checksum, licence=LICENCE):
        self.arrays, self.names = arrays, names
        self.source_date, self.checksum, self.licence = source_date, checksum, licence
        self.nodes = arrays["nodes"] / FIXED
        self.ends = arrays["ends"]
        self.lengths = arrays["metres"].astype(float)
        self.forward = arrays["walked"] & FORWARD > 0
        self.backward = arrays["walked"] & BACKWARD > 0
        self.drawn = on_plane(self.nodes)[self.ends]  # (edges, both ends, x and y)
        first, last = self.ends.T
        forward, backward = self.forward, self.backward
        self._keys = first.astype(np.int64) * len(self.nodes) + last
        self.graph = csr_array(
            (
                np.append(self.lengths[forward], self.lengths[backward]),
                (np.append(first[forward], last[backward]), np.append(last[forward], first[backward])),
            ),
            shape=(len(self.nodes),) * 2,
        )
        self._tree = shapely.STRtree(shapely.linestrings(self.drawn))
        self._tree.query(shapely.Point(0, 0))  # the first question builds it, which no two threads should do at once

    # --- made, kept, read ---------------------------------------------------------------------------------------------

    @classmethod
    def build(cls, streets):
        """The network of some `Streets`, without the scattered ends that lead nowhere."""
        pieces = _once(streets.ends, streets.walked, streets.street, len(streets.nodes))
        nodes, ends = _parted(streets.nodes, pieces[0], streets.stops)
        ends, walked, street = _once(ends, *pieces[1:], len(nodes))
        metres = np.maximum(metres_apart(*(nodes[ends[:, side]] / FIXED for side in (0, 1))), LEAST)
        _, piece = connected_components(csr_array((metres, tuple(ends.T)), shape=(len(nodes),) * 2), directed=False)
        kept = np.bincount(piece[ends[:, 0]], metres, len(nodes))[piece[ends[:, 0]]] >= LEAST_PIECE
        if not kept.any():
            raise ExtractError("这个文件里没有连成片的街道，算不出步行距离。")
        used, ends = np.unique(ends[kept], return_inverse=True)
        arrays = {"nodes": nodes[used], "ends": ends.reshape(-1, 2).astype(np.int32)}
        arrays |= {"metres": metres[kept].astype(np.float32), "walked": walked[kept], "street": street[kept]}
        return cls(arrays, streets.names, streets.source_date, streets.checksum)

    def save(self, file):
        """Write it to a path or an open file."""
        date = self.source_date and self.source_date.isoformat()
        about = {"source_date": date, "checksum": self.checksum, "licence": self.licence}
        network_file.write(file, self.arrays, self.names, about)

    @classmethod
    def load(cls, file):
        """The network in a path or an open file; NetworkError where it is damaged."""
        arrays, names, about = network_file.read(file)
        date = about["source_date"] and datetime.fromisoformat(about["source_date"])
        return cls(arrays, names, date, about["checksum"], about["licence"])

    # --- asked --------------------------------------------------------------------------------------------------------

    def metres(self, origins, places, limit):
        """Yield (index of the origin, index of the place, whole metres) for every walk of at most `limit` metres.

        Both are sequences of (longitude, latitude) in WGS-84 degrees; ValueError where one is none.
        """
        starts, stays = self._snap(origins), self._snap(places)
        for origin, walked in self._walks(starts, stays, limit):
            near = np.flatnonzero(walked <= limit)
            for place, metres in zip(near.tolist(), np.rint(walked[near]).astype(int).tolist(), strict=True):
                yield origin, place, metres

    def nearest(self, origin, places, count):
        """The `count` places with the shortest walks from `origin`: [(index, whole metres)], those that are reached."""
        start, stays = self._snap([origin]), self._snap(places)
        for limit in NEAR:
            ((_, walked),) = self._walks(start, stays, limit)
            within = np.flatnonzero(walked <= limit)
            if len(within) >= count:
                break
        within = within[np.isfinite(walked[within])]
        order = within[np.argsort(walked[within], kind="stable")][:count]
        return [(int(place), round(float(walked[place]))) for place in order]

    def snapped(self, point):
        """Metres from a door to its street, or None where there is none near enough."""
        snap = self._snap([point])
        return None if snap.edge[0] < 0 else float(snap.leg[0])

    def reaches(self, origin, limits):
        """{limit: GeoJSON geometry}: what lies within a walk of `limit` metres from `origin`."""
        start = self._snap([origin])
        if start.edge[0] < 0:
            return {limit: {"type": "MultiPolygon", "coordinates": []} for limit in limits}
        (walked,) = self._distances(start, slice(0, 1), max(limits))
        return shapes(self, start, walked, limits)

    def way(self, origin, place):
        """The shortest walk as a list of `Leg`, from door to door; None where one cannot walk."""
        start, stay = self._snap([origin]), self._snap([place])
        if (start.degrees == stay.degrees).all():
            return []
        if start.edge[0] < 0 or stay.edge[0] < 0:
            return None
        (before,), (walked,) = self._distances(start, slice(0, 1), inf, predecessors=True)
        total, through = self._arrive(start, 0, stay, walked)
        if not np.isfinite(total[0]):
            return None
        path, node = [], int(through[0])
        while 0 <= node < len(self.nodes):
            path.append(node)
            node = int(before[node])
        return self._legs(start, stay, path[::-1])

    def streets_near(self, point, metres):
        """The streets within `metres` of a point, for drawing: lists of [longitude, latitude]."""
        (middle,) = on_plane(_positions([point]))
        found = self._tree.query(shapely.Point(middle), "dwithin", metres * float(stretch(middle)))
        merged = shapely.line_merge(shapely.multilinestrings(self.drawn[np.sort(found)]))
        return [to_degrees(shapely.get_coordinates(line)).round(6).tolist() for line in shapely.get_parts(merged)]

    # --- worked out ---------------------------------------------------------------------------------------------------

    def _snap(self, points):
        """The `Snap` of points in degrees."""
        points = _positions(points)
        drawn = on_plane(points)
        edge = np.full(len(points), -1)
        tall = stretch(drawn)
        reach = ACCESS_MOST * float(tall.max(initial=1)) * 1.001
        asked, found = self._tree.query_nearest(shapely.points(drawn), max_distance=reach, all_matches=False)
        edge[asked] = found
        first, last = self.drawn[edge, 0], self.drawn[edge, 1]
        way = last - first
        share = np.clip(((drawn - first) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), LEAST**2), 0, 1)
        at = first + share[:, None] * way
        leg = np.hypot(*(drawn - at).T) / tall
        edge[leg > ACCESS_MOST] = -1
        return Snap(points, edge, share * self.lengths[edge], leg, at)

    def _distances(self, starts, chosen, limit, *, predecessors=False):
        """Metres from doors to every node, a row for each; each door is a node of its own that nothing leads to."""
        edges, leg, along = starts.edge[chosen], starts.leg[chosen], starts.along[chosen]
        rest = self.lengths[edges] - along
        ends = self.ends[edges]
        there = edges >= 0
        open_ = np.column_stack((
            there & (self.backward[edges] | (along < CORNER)),
            there & (self.forward[edges] | (rest < CORNER)),
        ))  # fmt: skip
        metres = np.maximum(np.column_stack((leg + along, leg + rest)), LEAST)
        graph, doors = self.graph, np.arange(len(edges))
        size = len(self.nodes) + len(edges)
        graph = csr_array(
            (
                np.append(graph.data, metres[open_]),
                np.append(graph.indices, ends[open_]).astype(np.int32),
                np.append(graph.indptr, graph.indptr[-1] + np.cumsum(open_.sum(axis=1))).astype(np.int32),
            ),
            shape=(size, size),
        )
        found = dijkstra(graph, indices=len(self.nodes) + doors, limit=limit, return_predecessors=predecessors)
        return (found[1], found[0]) if predecessors else found

    def _walks(self, starts, stays, limit):
        """Yield (index of the door, array of metres to every stay) for each door; inf where it is too far."""
        together = max(1, CELLS // (len(self.nodes) + len(starts.edge)))
        for begin in range(0, len(starts.edge), together):
            rows = self._distances(starts, slice(begin, begin + together), limit)
            for origin, walked in enumerate(rows, begin):
                yield origin, self._arrive(starts, origin, stays, walked)[0]

    def _arrive(self, starts, origin, stays, walked):
        """(metres to every stay, the node by which one comes to it, or -1 along the door's own edge)."""
        edge, along = stays.edge, stays.along
        rest = self.lengths[edge] - along
        first, last = self.ends[edge].T
        ways = np.full((3, len(edge)), inf)
        ways[0] = np.where(self.forward[edge] | (along < CORNER), walked[first] + along, inf)
        ways[1] = np.where(self.backward[edge] | (rest < CORNER), walked[last] + rest, inf)
        own = np.flatnonzero(edge == starts.edge[origin])
        apart = along[own] - starts.along[origin]
        free = np.where(apart > 0, self.forward[edge[own]], self.backward[edge[own]]) | (np.abs(apart) < CORNER)
        ways[2, own] = np.where(free, np.abs(apart) + starts.leg[origin], inf)
        by = ways.argmin(axis=0)
        metres = ways.min(axis=0) + stays.leg
        metres[(edge < 0) | (starts.edge[origin] < 0)] = inf
        metres[(stays.degrees == starts.degrees[origin]).all(axis=1)] = 0
        return metres, np.choose(by, (first, last, -1))

    def _legs(self, start, stay, path):
        """The legs of a walk over the nodes of `path`, those along the same street made one."""
        between = np.sort(np.column_stack((path[:-1], path[1:])), axis=1)
        edges = np.searchsorted(self._keys, between[:, 0].astype(np.int64) * len(self.nodes) + between[:, 1])
        edges = [-1, *start.edge[: len(path[:1])], *edges, stay.edge[0], -1]
        points = [
            *on_plane(start.degrees),
            start.at[0],
            *on_plane(self.nodes[path]),
            stay.at[0],
            *on_plane(stay.degrees),
        ]
        legs = []
        for edge, (begin, end) in zip(edges, pairwise(points), strict=True):
            metres = float(np.hypot(*(end - begin)) / stretch((begin + end) / 2))
            name = "" if edge < 0 else self.names[self.arrays["street"][edge]]
            steps = edge >= 0 and bool(self.arrays["walked"][edge] & STEPS)
            if legs and legs[-1][0] == name:
                legs[-1][1:] = [legs[-1][1] + metres, legs[-1][2], end, legs[-1][4] or steps]
            elif metres >= LEAST:
                legs.append([name, metres, begin, end, steps])
        return [Leg(name, metres, _bearing(begin, end), steps) for name, metres, begin, end, steps in legs]


def _positions(points):
    """Points as an array of degrees; ValueError for what is no position on earth."""
    positions = np.asarray(list(points), dtype=float).reshape(-1, 2)
    if not (np.isfinite(positions).all() and (np.abs(positions) <= (180, 90)).all()):
        raise ValueError("经纬度不对：经度要在-180到180之间，纬度要在-90到90之间。")
    return positions


def _bearing(begin, end):
    east, north = end - begin
    return degrees(atan2(east, north)) % 360


def _parted(nodes, ends, stops):
    """(nodes, ends) in which every piece that touches a closed gate ends there on its own."""
    closed = stops[ends]
    there = nodes[ends[closed]]
    ends = ends.copy()
    ends[closed] = len(nodes) + np.arange(len(there))
    return np.concatenate((nodes, there)), ends


def _once(ends, walked, street, nodes):
    """(ends, walked, street) with one piece between any two nodes, the lesser node first, sorted."""
    turned = ends[:, 0] > ends[:, 1]
    ends = np.sort(ends, axis=1)
    back = walked >> 1 & 1 | (walked & 1) << 1 | walked & STEPS
    walked = np.where(turned, back, walked).astype(np.uint8)
    keys = ends[:, 0].astype(np.int64) * nodes + ends[:, 1]
    order = np.lexsort((-street, keys))  # what has a name first
    _, begins = np.unique(keys[order], return_index=True)
    ways = np.bitwise_or.reduceat(walked[order] & (FORWARD | BACKWARD), begins)
    steps = np.bitwise_and.reduceat(walked[order] & STEPS, begins)
    chosen = order[begins]
    return ends[chosen], ways | steps, street[chosen]
