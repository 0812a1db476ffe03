"""A second opinion on walks: slow, plain, and made of nothing that the engine is made of."""

import heapq
from math import inf

import numpy as np

from branches.coordinates import EARTH_RADIUS, metres_between

DOOR, PLACE = "door", "place"
AT_THE_CORNER = 0.02  # metres


class Reference:
    """Dijkstra by hand over a network's pieces of street, with door and place put in as nodes of their own."""

    def __init__(self, network):
        self.nodes = [tuple(position) for position in network.nodes.tolist()]
        self.ends = network.ends.tolist()
        self.open = list(zip(network.forward.tolist(), network.backward.tolist(), strict=True))
        self.corners = network.nodes[network.ends]
        self.beside = {}
        for (first, last), (forward, backward) in zip(self.ends, self.open, strict=True):
            metres = metres_between(self.nodes[first], self.nodes[last])
            if forward:
                self.beside.setdefault(first, []).append((last, metres))
            if backward:
                self.beside.setdefault(last, []).append((first, metres))

    def walk(self, door, place):
        """Metres, or inf where one cannot walk."""
        (edge, leg, share), (other, other_leg, other_share) = self.snap(door), self.snap(place)
        if leg > 300 or other_leg > 300:
            return inf
        (first, last), (forward, backward) = self.ends[edge], self.open[edge]
        length = metres_between(self.nodes[first], self.nodes[last])
        extra = {DOOR: [(last, (1 - share) * length)] * (forward or (1 - share) * length < AT_THE_CORNER)}
        extra[DOOR] += [(first, share * length)] * (backward or share * length < AT_THE_CORNER)
        if edge == other and (forward if other_share >= share else backward):
            extra[DOOR].append((PLACE, abs(other_share - share) * length))
        (first, last), (forward, backward) = self.ends[other], self.open[other]
        length = metres_between(self.nodes[first], self.nodes[last])
        if forward or other_share * length < AT_THE_CORNER:
            extra[first] = [(PLACE, other_share * length)]
        if backward or (1 - other_share) * length < AT_THE_CORNER:
            extra[last] = [(PLACE, (1 - other_share) * length)]
        return leg + self._shortest(extra) + other_leg

    def _shortest(self, extra):
        done, line, count = set(), [(0, 0, DOOR)], 0
        while line:
            metres, _, node = heapq.heappop(line)
            if node == PLACE:
                return metres
            if node in done:
                continue
            done.add(node)
            for there, length in (*self.beside.get(node, ()), *extra.get(node, ())):
                count += 1
                heapq.heappush(line, (metres + length, count, there))
        return inf

    def snap(self, point):
        """(edge, metres, share of its length) of the nearest piece of street, by looking at each of them."""
        east = np.radians(self.corners[..., 0] - point[0]) * np.cos(np.radians(point[1])) * EARTH_RADIUS
        north = np.radians(self.corners[..., 1] - point[1]) * EARTH_RADIUS
        (x, away_x), (y, away_y) = east.T, north.T
        long = np.maximum((away_x - x) ** 2 + (away_y - y) ** 2, 1e-9)
        share = np.clip(-(x * (away_x - x) + y * (away_y - y)) / long, 0, 1)
        metres = np.hypot(x + share * (away_x - x), y + share * (away_y - y))
        edge = int(metres.argmin())
        return edge, float(metres[edge]), float(share[edge])
