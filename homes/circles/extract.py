"""The walkable streets of an OpenStreetMap extract (.osm.pbf), as arrays.

Read twice: first the ways that are walked, then only the nodes they name, so that memory goes with the streets and not
with the file.
"""

import hashlib
import json
from array import array
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import osmium
import shapely

from homes.circles.foot_access import node_stops, way_on_foot
from homes.circles.plane import on_plane, stretch
from homes.circles.streets import BACKWARD, FIXED, FORWARD, STEPS, ExtractError, Streets

TOLD_EVERY = 20_000  # ways or nodes
BEGINS = b"\n\tOSMHeader"  # after four bytes that tell its length
OLDEST = datetime(2004, 1, 1, tzinfo=UTC)  # OpenStreetMap is no older; times before it were left out by some program


def read(path, area=None, margin=0, progress=lambda words: None):
    """The `Streets` of the file at `path`; `progress` is told in words how far it is.

    `area` leaves out what lies more than `margin` metres outside it: (west, south, east, north) in degrees, or GeoJSON.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            if file.read(4 + len(BEGINS))[4:] != BEGINS:
                raise ExtractError(f"“{path.name}”不是 .osm.pbf 格式的地图文件。请下载 .osm.pbf 格式的。")
            file.seek(0)
            checksum = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ExtractError(f"打不开文件“{path}”：没有这个文件，或者没有权限读它。") from error
    try:
        ways = _read_ways(path, progress)
        nodes = _read_nodes(path, np.unique(ways.refs), progress)
    except (RuntimeError, ValueError, UnicodeDecodeError) as error:
        raise ExtractError(f"“{path.name}”不完整或者已经损坏，请重新下载。（{error}）") from error
    progress("正在连成路网……")
    extract = _joined(ways, nodes, checksum)
    if not len(extract.ends):
        raise ExtractError(f"“{path.name}”里没有可以步行的街道。")
    return extract if area is None else _within(extract, area, margin, path.name)


class _Ways:
    """What the first reading keeps: every way's nodes one after the other, and for each way how many they are."""

    def __init__(self, header_date):
        self.refs, self.counts, self.walked, self.street = array("q"), array("i"), array("B"), array("i")
        self.names = {"": 0}
        self.source_date = header_date
        self.newest = OLDEST


def _read_ways(path, progress):
    progress("正在读街道……")
    processor = osmium.FileProcessor(osmium.io.File(str(path), "pbf"), osmium.osm.WAY)
    ways = _Ways(_date(processor.header.get("osmosis_replication_timestamp", "")))
    for count, way in enumerate(processor.with_filter(osmium.filter.KeyFilter("highway")), 1):
        if not count % TOLD_EVERY:
            progress(f"正在读街道……已经看过 {count} 条")
        tags = way.tags
        foot = way_on_foot(tags)
        if foot is None:
            continue
        ways.refs.extend(node.ref for node in way.nodes)
        ways.counts.append(len(way.nodes))
        ways.walked.append(FORWARD * foot.forward | BACKWARD * foot.backward | STEPS * foot.steps)
        name = (tags.get("name:zh") or tags.get("name") or "").strip()
        ways.street.append(ways.names.setdefault(name, len(ways.names)))
        if ways.source_date is None:
            ways.newest = max(ways.newest, way.timestamp)
    return ways


def _read_nodes(path, wanted, progress):
    """(numbers, positions, stops) of the nodes wanted, in the order of their numbers."""
    progress(f"正在读 {len(wanted)} 个路口和拐点的位置……")
    # osmium's own filter of numbers takes a gigabyte; this one lets a few strangers through, who leave below
    size = max(1024, 16 * 2 ** len(wanted).bit_length())
    sieve = np.zeros(size, np.uint8)
    sieve[wanted % size] = 1
    sieve = sieve.tobytes()
    numbers, positions, stops = array("q"), array("i"), array("B")
    for node in osmium.FileProcessor(osmium.io.File(str(path), "pbf"), osmium.osm.NODE):
        if not sieve[node.id % size] or not node.location.valid():
            continue
        numbers.append(node.id)
        positions.extend((node.location.x, node.location.y))
        stops.append(bool(node.tags) and node_stops(node.tags))
        if not len(numbers) % TOLD_EVERY:
            progress(f"正在读位置……已经读了 {len(numbers)} 个")
    numbers, first = np.unique(np.frombuffer(numbers, np.int64), return_index=True)
    asked = np.isin(numbers, wanted)
    numbers, first = numbers[asked], first[asked]
    positions, stops = np.frombuffer(positions, np.int32).reshape(-1, 2), np.frombuffer(stops, np.uint8)
    return numbers, positions[first], stops[first].astype(bool)


def _joined(ways, nodes, checksum):
    """Pieces of street out of ways; a piece with an end that the file does not have is left out, as at its rim."""
    numbers, positions, stops = nodes
    refs = np.frombuffer(ways.refs, np.int64)
    belongs = np.repeat(np.arange(len(ways.counts)), np.frombuffer(ways.counts, np.int32))
    place = np.searchsorted(numbers, refs)
    place[place == len(numbers)] = 0
    known = numbers[place] == refs if len(numbers) else np.zeros(len(refs), bool)
    piece = (belongs[:-1] == belongs[1:]) & known[:-1] & known[1:] & (place[:-1] != place[1:])
    belongs = belongs[:-1][piece]
    newest = ways.source_date or (ways.newest if ways.newest > OLDEST else None)
    return Streets(
        positions,
        stops,
        np.column_stack((place[:-1][piece], place[1:][piece])).astype(np.int32),
        np.frombuffer(ways.walked, np.uint8)[belongs],
        np.frombuffer(ways.street, np.int32)[belongs],
        list(ways.names),
        newest,
        checksum,
    )


def _within(extract, area, margin, name):
    """Only the pieces with an end in the area or its margin."""
    shape = shapely.box(*area) if isinstance(area, tuple | list) else shapely.from_geojson(json.dumps(area))
    drawn = shapely.transform(shape, on_plane)
    drawn = drawn.buffer(margin * stretch(np.array(drawn.centroid.coords))[0])
    shapely.prepare(drawn)
    inside = shapely.contains_xy(drawn, on_plane(extract.nodes / FIXED))
    kept = inside[extract.ends].any(axis=1)
    if not kept.any():
        used = extract.nodes[np.unique(extract.ends)] / FIXED
        raise ExtractError(
            f"“{name}”里的街道在{_about((*used.min(axis=0), *used.max(axis=0)))}，"
            f"要用的地方在{_about(shape.bounds)}，对不上。请下载包含那里的地图文件。"
        )
    nodes, ends = np.unique(extract.ends[kept], return_inverse=True)
    streets, street = np.unique(np.append(extract.street[kept], 0), return_inverse=True)
    return Streets(
        extract.nodes[nodes],
        extract.stops[nodes],
        ends.reshape(-1, 2).astype(np.int32),
        extract.walked[kept],
        street[:-1].astype(np.int32),
        [extract.names[each] for each in streets],
        extract.source_date,
        extract.checksum,
    )


def _about(bounds):
    """A box of degrees in words."""
    west, south, east, north = bounds
    return f"{_side(west, east, '东经', '西经')}、{_side(south, north, '北纬', '南纬')}"


def _side(least, most, positive, negative):
    if most < 0:
        least, most, positive = -most, -least, negative
    return f"{positive}{least:.2f}至{most:.2f}度"


def _date(text):
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
