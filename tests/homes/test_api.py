"""What programs are told about homes, circles and the nearest homes, and how they are refused."""

import json
import logging

from branches.coordinates import Datum, from_wgs84
from config.content_version import content
from homes.circles.computing import compute_all
from homes.models import Home, StreetNetwork
from tests.homes.streets import measured


def test_homes_as_points_those_without_a_place_too(cast, client):
    Home.objects.filter(slug="elsewhere").update(longitude=None, latitude=None, location_precision="")
    found = json.loads(client.get("/api/homes.geojson").text)
    assert (found["type"], found["datum"]) == ("FeatureCollection", "WGS-84")
    features = {feature["id"]: feature for feature in found["features"]}
    assert features.keys() == {"here", "next-door", "elsewhere"}
    assert features["here"]["geometry"] == {"type": "Point", "coordinates": [112.99, 28.11]}
    assert features["elsewhere"]["geometry"] is None


def test_circles_by_pace_and_minutes_say_how_they_were_found(cast, client):
    compute_all()
    for query, metres, pace, minutes in (
        ("", 900, "usual", 15),
        ("?pace=slow", 720, "slow", 15),
        ("?minutes=5", 300, "usual", 5),
        ("?pace=brisk&minutes=10", 720, "brisk", 10),
    ):
        found = json.loads(client.get(f"/api/circles.geojson{query}").text)
        assert (found["metres"], found["pace"], found["minutes"], found["datum"]) == (metres, pace, minutes, "WGS-84")
        assert [feature["id"] for feature in found["features"]] == ["here", "next-door", "elsewhere"]  # no draft
        feature = found["features"][0]
        assert feature["geometry"] == cast.homes["here"].circle.outlines[str(metres)]
        about = feature["properties"]
        assert (about["kind"], about["factor"], about["label"]) == ("estimate", 1.4, "估算")
        assert about["hectares"] == cast.homes["here"].circle.hectares[str(metres)]
        assert about["attribution"] is None
    network = StreetNetwork.objects.create(
        file="streets/x", source="town.osm.pbf", licence="© OpenStreetMap contributors, ODbL 1.0", nodes=4, edges=4,
        kilometres=1, source_date="2026-10-01T00:00:00Z",
    )  # fmt: skip
    circle = cast.homes["here"].circle
    circle.network, circle.factor, circle.reached = network, None, False
    circle.save()
    content.renew()
    feature = json.loads(client.get("/api/circles.geojson").text)["features"][0]
    about = feature["properties"]
    assert (feature["geometry"], about["reached"], about["kind"], about["label"]) == (None, False, "network", None)
    assert (about["attribution"], about["source_date"]) == (network.licence, "2026-10-01T00:00:00Z")
    for query, sentence in (
        ("?pace=0", "pace 只能写"),
        ("?pace=100", "pace 只能写"),
        ("?minutes=20", "minutes 只能写"),
    ):
        response = client.get(f"/api/circles.geojson{query}")
        assert response.status_code == 400
        assert sentence in json.loads(response.text)["error"]


def test_the_nearest_homes_of_a_position_that_nobody_keeps(cast, client, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    Home.objects.filter(slug="elsewhere").update(longitude="112.981")
    Home.objects.filter(slug="next-door").update(status=Home.Status.SUSPENDED)
    response = client.get("/api/nearest?lon=112.98&lat=28.11&pace=slow")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    found = json.loads(response.text)
    assert (found["datum"], found["kind"], found["factor"], found["label"]) == ("WGS-84", "estimate", 1.4, "估算")
    assert (found["pace"], found["metres_per_second"]) == ("slow", 0.8)
    assert [home["id"] for home in found["homes"]] == ["elsewhere", "here"]
    assert found["homes"][0]["minutes"] == 3
    for datum in (Datum.GCJ02, Datum.BD09):
        longitude, latitude = from_wgs84(112.98, 28.11, datum)
        query = f"lon={longitude:.7f}&lat={latitude:.7f}&pace=slow&datum={datum}"
        assert json.loads(client.get(f"/api/nearest?{query}").text) == found
    monkeypatch.setattr("homes.nearest_api.source", lambda: measured({(112.99, 28.11): 480}))
    homes = json.loads(client.get("/api/nearest?lon=112.98&lat=28.11").text)["homes"]
    told = [(home["id"], home["reachable"], home["metres"], home["minutes"]) for home in homes]
    assert told == [("here", True, 480, 8), ("elsewhere", False, None, None)]
    assert "112.98" not in caplog.text


def test_a_program_is_told_what_is_wrong(cast, client, caplog):
    position = "lon=112.98&lat=28.11"
    for query, sentence in (
        ("", "请写明 lon"),
        ("lon=112.98", "请写明 lon"),
        ("lon=x&lat=28", "要写成数字"),
        ("lon=nan&lat=28", "要写成数字"),
        ("lon=112&lat=-inf", "要写成数字"),
        (f"lon=1{'0' * 400}&lat=28", "要写成数字"),
        ("lon=28.11&lat=112.98", "写反了"),
        ("lon=2.35&lat=48.85", "不在中国"),
        (f"{position}&pace=0", "pace 只能写"),
        (f"{position}&pace=100", "pace 只能写"),
        (f"{position}&datum=", "datum 只能写"),
        (f"{position}&datum=GPS", "datum 只能写"),
    ):
        response = client.get(f"/api/nearest?{query}")
        assert (response.status_code, response.headers["Content-Type"]) == (400, "application/json")
        assert sentence in json.loads(response.text)["error"]
        assert response.headers["Cache-Control"] == "no-store"
    assert "28.11" not in caplog.text  # the log names the address without what was asked
