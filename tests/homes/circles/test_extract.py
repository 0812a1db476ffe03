"""What is read from an .osm.pbf, and how a file is refused."""

import hashlib
from datetime import UTC, datetime

import osmium
import pytest
from osmium.osm.mutable import Node, Way

from homes.circles import extract
from homes.circles.extract import ExtractError
from homes.circles.streets import BACKWARD, FIXED, FORWARD, STEPS
from tests.homes.circles import town


def test_streets_with_names_directions_steps_and_gates(tmp_path):
    paper = town.Paper()
    paper.way([(0, 0), (100, 0), (200, 0)], highway="residential", name="Example Road", name__zh="示例路")
    paper.way([(100, 0), (100, 50)], highway="steps", oneway__foot="yes")
    paper.way([(100, 50), (100, 90)], highway="motorway", name="示例高速")
    paper.way([(200, 0), (200, 0), (300, 0)], highway="service")
    paper.node(200, 0, barrier="gate", access="private")
    said = []
    streets = extract.read(paper.write(tmp_path / "paper.osm.pbf"), progress=said.append)
    assert streets.walked.tolist() == [FORWARD | BACKWARD] * 2 + [FORWARD | STEPS, FORWARD | BACKWARD]
    assert [streets.names[street] for street in streets.street] == ["示例路", "示例路", "", ""]
    assert len(streets.nodes) == 5
    assert [bool(streets.stops[node]) for node in streets.ends[3]] == [True, False]
    assert (streets.nodes[streets.ends[0, 0]] / FIXED).tolist() == pytest.approx(town.MIDDLE, abs=1e-7)
    assert streets.source_date == town.SOURCE_DATE
    assert streets.checksum == hashlib.sha256((tmp_path / "paper.osm.pbf").read_bytes()).hexdigest()
    assert said


def test_the_date_is_that_of_the_newest_way_where_the_file_does_not_say(tmp_path):
    path = tmp_path / "dated.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for number in (1, 2):
            writer.add_node(Node(id=number, location=town.degrees(number * 10, 0)))
        for number, year in enumerate((2024, 2025, 2023), 1):
            at = datetime(year, 1, 1, tzinfo=UTC)
            writer.add_way(Way(id=number, nodes=[1, 2, 99], tags={"highway": "path"}, timestamp=at))
    streets = extract.read(path)
    assert streets.source_date == datetime(2025, 1, 1, tzinfo=UTC)
    assert len(streets.ends) == 3, "what leads to a node outside the file ends at its rim"
    paper = town.Paper()
    paper.way([(0, 0), (1, 0)], highway="path")
    assert extract.read(paper.write(path, source_date=None)).source_date is None


def test_only_the_area_and_its_margin(town_file):
    west, south = town.degrees(-1000, -1000)
    east, north = town.degrees(-500, -500)
    box = (west, south, east, north)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    outline = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    for area in (box, outline, {"type": "FeatureCollection", "features": [outline]}):
        streets = extract.read(town_file, area, margin=210)
        xs, ys = (streets.nodes / FIXED).T
        # two more blocks to each side, and the pieces that lead out of them
        assert len(set(xs.round(5))) == len(set(ys.round(5))) == 6 + 2 * 2 + 2
        assert set(streets.names) == {""} | {f"横{row}路" for row in range(4, 14)} | {
            f"纵{row}街" for row in range(4, 14)
        }
    assert len(extract.read(town_file, box).ends) < len(streets.ends)


def test_a_file_that_gives_no_streets_is_refused_with_a_reason(tmp_path, town_file):
    def refused(path, area=None):
        with pytest.raises(ExtractError) as refusal:
            extract.read(path, area)
        return str(refusal.value)

    def made(name, content):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    whole = town_file.read_bytes()
    assert "打不开" in refused(tmp_path / "nowhere.osm.pbf")
    assert "打不开" in refused(tmp_path)
    for content in (b"", b"<osm version='0.6'></osm>", b"PK\x03\x04" + whole):
        assert "不是" in refused(made("other.osm.pbf", content))
    half = len(whole) // 2
    for content in (whole[:half], whole[:-1], whole[:half] + bytes(40) + whole[half + 40 :]):
        assert "损坏" in refused(made("broken.osm.pbf", content))
    paper = town.Paper()
    paper.way([(0, 0), (900, 0)], highway="motorway")
    assert "没有可以步行的街道" in refused(paper.write(tmp_path / "motorway.osm.pbf"))
    far = refused(town_file, area=(-51.3, -30.2, -51.1, -29.9))
    assert "东经112.96至113.00度、北纬28.09至28.11度" in far
    assert "西经51.10至51.30度、南纬29.90至30.20度" in far
