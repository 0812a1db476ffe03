"""/api/ says what it does and does what it says: each answer is held against the description, which is a valid one."""

import json
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker

from activities import publishing
from activities.models import Activity
from branches.figures import keep
from branches.models import FigureNote, PublishedFigure
from config.content_version import content
from config.open_data.description import OFTEN, OPERATIONS, document
from homes.circles.computing import compute_all
from homes.models import Home, StreetNetwork
from tests.makers import make_homes
from tests.whole_site.addresses import routes

DOCUMENT = document()


def described(client, path, address, status=200, **options):
    """What the address answers, after a look at whether `path` of the description has an answer like it."""
    response = client.get(address, **options)
    told = DOCUMENT["paths"][path]["get"]["responses"]
    assert (address, response.status_code) == (address, status)
    told = told[str(status)]
    if "$ref" in told:
        told = DOCUMENT["components"]["responses"][told["$ref"].rpartition("/")[2]]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    if "content" not in told:
        assert response.content == b""
        return response
    ((kind, answer),) = told["content"].items()
    assert response.headers["Content-Type"] == kind
    found = json.loads(response.content)
    shape = answer["schema"] | {"components": DOCUMENT["components"]}
    problems = Draft202012Validator(shape, format_checker=FormatChecker()).iter_errors(found)
    assert [f"{address} {problem.json_path}: {problem.message}" for problem in problems] == []
    return found


def every_answer(client):
    """{path: what it answers} of every address that there is something at."""
    content.renew()
    found = {}
    ids = {
        "slug": Home.objects.public().values_list("slug", flat=True).first(),
        "pk": Activity.objects.public().values_list("pk", flat=True).first(),
    }
    for path, told in OPERATIONS.items():
        missing = [name for name in re.findall(r"{(\w+)}", path) if ids[name] is None]
        address = path.format(**{name: ids[name] or 9 for name in ids}) + told["x-example"]
        found[path] = described(client, path, address, status=404 if missing else 200)
    return found


def test_the_description_is_valid_and_names_every_address():
    from openapi_spec_validator import validate  # noqa: PLC0415 - half a second of every process that collects the tests

    validate(DOCUMENT)
    served = {
        "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route.route) for route in routes() if route.route.startswith("api/")
    }
    assert served == {*DOCUMENT["paths"]}
    shapes = [shape for shape in DOCUMENT["components"]["schemas"].values() if "properties" in shape]
    assert all(shape["additionalProperties"] is False for shape in shapes)


def test_every_answer_is_as_described_where_nothing_is_there(db, client):
    found = every_answer(client)
    assert found["/api/homes/"]["homes"] == found["/api/figures/"]["figures"] == []
    assert found["/api/activities/"]["total"] == 0
    assert client.get("/api/").status_code == 200
    assert client.get("/homes/directory.csv").status_code == 200


def test_every_answer_is_as_described_in_the_district(district, client):
    compute_all()
    found = every_answer(client)
    assert len(found["/api/homes/"]["homes"]) == 5
    assert {figure["key"] for figure in found["/api/figures/"]["figures"]} >= {"homes_in_use", "volunteer_teams"}


@pytest.fixture
def rich(cast):
    """The cast with whatever has a shape of its own: samples, gaps, shut days, what is called off, measured walks."""
    here, today = cast.homes["here"], timezone.localdate()
    Home.objects.filter(slug="here").update(is_sample=True, verified_on=today, directions="=1+1", lead="+一起唱")
    Home.objects.filter(slug="elsewhere").update(
        longitude=None, latitude=None, location_precision="", theme=None, address="", telephone="", step_free=None,
        status=Home.Status.SUSPENDED, status_note="屋顶在修",
    )  # fmt: skip
    here.exceptions.create(first_day=today, last_day=today, opens="09:00", closes="10:00", reason="开会")
    here.exceptions.create(first_day=today + timedelta(days=3), last_day=today + timedelta(days=4), reason="修路")
    compute_all()
    network = StreetNetwork.objects.create(
        file="streets/x", source="town.osm.pbf", licence="© OpenStreetMap contributors, ODbL 1.0", nodes=4, edges=4,
        kilometres=1, source_date="2026-10-01T00:00:00Z",
    )  # fmt: skip
    circle = here.circle
    circle.network, circle.factor, circle.reached = network, None, False
    circle.save()
    for value, on in ((28, "2025-10-01"), (29, "2026-10-01")):
        PublishedFigure.objects.create(
            key="homes_in_use", label="家", value=value, unit="个", published_on=on, source="某报"
        )
    PublishedFigure.objects.create(
        key="volunteer_backbone", label="志愿者", value=1600, unit="名", published_on="2026-10-01", source="某报"
    )
    FigureNote.objects.create(key="homes_in_use", words="有的搬走了", by=cast.officer, written_on="2026-11-01")
    keep({"volunteer_backbone": {None: 2}, "homes_in_use": {None: 3}}, on=date(2026, 10, 31), is_sample=True)
    return cast


@pytest.mark.both
def test_every_answer_is_as_described_for_all_that_there_may_be(rich, client):
    found = every_answer(client)
    homes = {home["id"]: home for home in found["/api/homes/"]["homes"]}
    assert homes.keys() == {"here", "next-door", "elsewhere"}  # no draft
    here, elsewhere = homes["here"], homes["elsewhere"]
    assert (here["url"], here["status"], here["sample_note"]) == ("http://testserver/homes/here/", "active", "示例数据")
    assert [(each["byday"], each["opens_at"]) for each in here["schedules"]] == [("MO,TU,WE,TH,FR", "09:00")]
    assert [each["description"] for each in here["schedule_exceptions"]] == ["开会", "修路"]
    assert (here["latitude"], here["longitude"]) == (28.11, 112.99)
    assert here["phones"] == [{"number": "0731-000011", "type": "voice"}]
    assert [each["id"] for each in here["accessibility"]] == [*Home.ACCESSIBILITY]
    assert (here["open_now"], here["open_until"]) == (False, None)  # it is 10:20
    assert found["/api/homes/{slug}/"]["home"] == here
    assert (elsewhere["status"], elsewhere["alert"]) == ("temporarily closed", "屋顶在修")
    assert (elsewhere["latitude"], elsewhere["addresses"], elsewhere["phones"]) == (None, [], [])
    assert elsewhere["accessibility"][0]["available"] is None
    for feature in found["/api/homes.geojson"]["features"]:
        whole = homes[feature["id"]]
        assert feature["properties"] == {name: whole[name] for name in feature["properties"]}
    figures = {figure["key"]: figure for figure in found["/api/figures/"]["figures"]}
    assert [each["value"] for each in figures["homes_in_use"]["earlier"]] == [28]
    assert figures["homes_in_use"]["counted"]["value"] == 3
    assert figures["homes_in_use"]["note"] == "有的搬走了"
    assert [(each["street"]["name"], each["value"]) for each in figures["homes_in_use"]["by_street"]] == [
        ("东街街道", 2), ("西街街道", 1),
    ]  # fmt: skip
    assert figures["volunteer_backbone"]["by_month"] == [{"month": "2026-10", "value": None, "few": True}]


@pytest.mark.both
def test_activities_by_days_and_places(rich, client):
    path, soon = "/api/activities/", rich.activities["here"]
    Activity.objects.filter(pk=soon.pk).update(note="退回过一次")  # between the staff
    publishing.cancel(rich.activities["next_door"], by=rich.officer, reason="下雨")
    content.renew()

    def asked(query):
        return {each["name"]: each for each in described(client, path, f"{path}{query}")["activities"]}

    tomorrow = timezone.localdate(soon.starts_at)
    coming, all_day = asked(""), asked(f"?from={tomorrow}&until={tomorrow}")
    gone = rich.activities["next_door"].title
    assert coming[soon.title]["status_note"] is None
    assert (gone in coming, all_day[gone]["status"], all_day[gone]["status_note"]) == (False, "cancelled", "下雨")
    assert all_day[gone]["places_left"] is None
    assert coming[soon.title]["home"] == {
        "id": "here", "name": rich.homes["here"].name, "url": "http://testserver/homes/here/",
    }  # fmt: skip
    assert coming[soon.title]["places_left"] == soon.capacity - 2
    assert {each["home"]["id"] for each in asked("?home=here").values()} == {"here"}
    assert asked("?street=990100002000").keys() == asked("?home=elsewhere").keys() != set()
    assert asked("?kind=nothing") == asked("?home=nowhere") == asked("?until=2026-11-01&from=2026-10-01") == {}
    assert asked("?until=2026-11-25").keys().isdisjoint(coming)
    for query, sentence in (
        ("from=2026-13-01", "from 要写成"),
        ("from=20261125", "from 要写成"),
        ("until=0001-01-01", "until 要写成"),
        ("from=2026-11-25&until=2026-11-24", "from 不能晚于 until"),
        ("home=a%20b", "home 写得不对"),
        ("street=430103", "street 写得不对"),
    ):
        assert sentence in described(client, path, f"{path}?{query}", 400)["error"]
    for number in (rich.draft_activities["here"].pk, 10**30):
        described(client, "/api/activities/{pk}/", f"/api/activities/{number}/", 404)
    described(client, "/api/homes/{slug}/", f"/api/homes/{rich.drafts['here'].slug}/", 404)
    assert "/api/" in client.get("/api/nothing/").json()["error"]
    courses = described(client, "/api/courses/", "/api/courses/?home=here")["courses"]
    assert [(each["id"], each["sessions_to_come"]) for each in courses] == [("here-class", 1)]


def test_pages_follow_each_other_and_nothing_else_is_taken(cast, client):
    make_homes(cast.communities["here"], 4)
    path = "/api/homes/"
    address, seen, pages = f"{path}?per_page=3&street=990100001000", [], []
    while address:
        page = described(client, path, address)
        pages.append(page)
        seen += [home["id"] for home in page["homes"]]
        address = page["next"]
    assert seen == list(Home.objects.public().in_street("990100001000").values_list("slug", flat=True))
    assert [(page["page"], page["total"], len(page["homes"])) for page in pages] == [(1, 6, 3), (2, 6, 3)]
    assert described(client, path, pages[1]["previous"]) == pages[0]
    for query, sentence in (
        ("page=4&per_page=3", "没有第4页：一共3页"),
        ("page=0", "page 要写成1到"),
        ("page=01", "page 要写成1到"),
        ("page=٣", "page 要写成1到"),
        ("page=-1", "page 要写成1到"),
        (f"page=1{'0' * 400}", "page 要写成1到"),
        ("per_page=101", "per_page 要写成1到100"),
        ("page=1&page=2", "page 只能写一次"),
        ("utm=1", "没有“utm”这个参数"),
        ("theme=%00", "theme 写得不对"),
    ):
        assert sentence in described(client, path, f"{path}?{query}", 400)["error"]
    assert "不用写参数" in described(client, "/api/figures/", "/api/figures/?page=1", 400)["error"]


def test_stored_answers_are_free_and_work_is_limited(cast, client):
    path = "/api/homes/"
    first = client.get(path)
    assert "no-cache" in first.headers["Cache-Control"]
    described(client, path, path, 304, headers={"If-None-Match": first.headers["ETag"]})
    for page in range(2, OFTEN.number + 1):
        described(client, path, f"{path}?page={page}", 400)
    refused = client.get(f"{path}?per_page=7")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert refused.headers["Cache-Control"] == "no-store"
    described(client, path, f"{path}?per_page=7", 429)
    assert client.get(path).content == first.content
    assert client.head(path).status_code == 200
    assert client.get(f"{path}?per_page=7", REMOTE_ADDR="2001:db8::1").status_code == 200
    for _ in range(OFTEN.number):
        client.get("/api/figures/?x", REMOTE_ADDR="2001:db8::2")  # of the same house
    assert client.get("/api/courses/", REMOTE_ADDR="2001:db8::3").status_code == 429


def test_other_sites_may_read_and_nobody_may_write(cast, client):
    strict = type(client)(enforce_csrf_checks=True)
    for path in ("/api/homes/", "/api/nearest", "/api/figures/"):
        asked = strict.options(path, headers={"Origin": "https://example.cn"})
        assert (asked.status_code, asked.headers["Access-Control-Allow-Headers"]) == (204, "If-None-Match")
        assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        for method in ("post", "put", "delete", "patch"):
            refused = getattr(strict, method)(path)
            assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
            assert "只能读" in refused.json()["error"]
    assert "Access-Control-Allow-Origin" not in client.get("/homes/").headers
    assert json.loads(client.get("/api/openapi.json").content) == json.loads(json.dumps(DOCUMENT))
    assert client.get("/api/openapi.json?x=1").status_code == 400


def test_the_page_has_examples_that_work_and_every_field(cast, client, settings):
    settings.OPEN_DATA_LICENCE = "随便用，写明来自望岳区"
    page = client.get("/api/").content.decode()
    assert "随便用，写明来自望岳区" in page
    assert json.loads(client.get("/api/homes/").content)["licence"] == "随便用，写明来自望岳区"
    examples = re.findall(r'<p class="asked">试一试：<a href="([^"]+)"', page)
    assert len(examples) == len(OPERATIONS)
    for example in examples:
        assert client.get(example.replace("&amp;", "&")).status_code == 200
    for name, shape in DOCUMENT["components"]["schemas"].items():
        assert f'id="{name}"' in page
        assert [field for field in shape["properties"] if f"<code>{field}</code>" not in page] == []
    assert {*re.findall(r'<a href="#(\w+)"', page)} <= {*re.findall(r'id="(\w+)"', page)}
