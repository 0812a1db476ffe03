"""/desk/circles/siting/: what is chosen, for whom, in which words; the workbook says the same."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from branches.models import AuditEntry, Building, ResidentCompound
from homes.circles import computing, proposals, siting, walks
from homes.circles.estimate import METRES_A_DEGREE, Estimate
from homes.circles.pace import PACES, USUAL
from homes.models import Coverage, Home, HomeApplication, ServiceCircle, StreetNetwork
from tests.cast import CANARIES
from tests.makers import make_application, make_member

DESK = "/desk/circles/siting/"
LATITUDE, LONGITUDE = 28.1, 112.98
BASIS = "估算：直线距离×1.4；平常走每秒1.0米"


def north(metres):
    """A position so many estimated metres to the north of the home."""
    return {"longitude": LONGITUDE, "latitude": Decimal(f"{LATITUDE + metres / 1.4 / METRES_A_DEGREE:.6f}")}


@pytest.fixture
def scene(cast):
    """Members about the only home on the map (one, 800 m off) and far from it, some next door; applications there."""
    for model in (Home, Building, ResidentCompound):
        model.objects.update(longitude=None, latitude=None, **({"location_precision": ""} if model is Home else {}))
    Home.objects.filter(pk=cast.homes["here"].pk).update(**north(0), location_precision="surveyed")
    lived = (("near", 800, 1, "here"), ("A", 3000, 5, "here"), ("B", 6000, 3, "here"), ("C", 9000, 2, "here"),
             ("E", 12000, 4, "elsewhere"))  # fmt: skip
    for name, metres, number, area in lived:
        compound = ResidentCompound.objects.create(name=name, division=cast.communities[area], **north(metres))
        for count in range(number):
            make_member(cast.branches[area], f"{name}{count}", compound=compound)
    asked = (("A", 3100, "here", 100_000), ("B", 6000, "here", 50_000), ("D", 5900, "here", 60_000),
             ("C", 9100, "here", None), ("E", 12000, "elsewhere", 10_000), ("Z", 40000, "here", 1))  # fmt: skip
    for name, metres, area, yuan in asked:
        by = cast.officer if area == "here" else cast.elsewhere_officer
        make_application(cast.communities[area], f"{CANARIES[area]}{name}", by=by, asked=yuan, **north(metres))
    computing.compute_all()
    return cast


def asked(client, **query):
    return client.get(DESK, query)


def names(response):
    return [line["application"].name.removeprefix(CANARIES["here"]) for line in response.context["chosen"]]


def sheets(response):
    book = openpyxl.load_workbook(BytesIO(response.content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def test_the_page_of_a_community_from_choice_to_workbook(scene, client_of):
    client, bird = client_of(scene.officer), CANARIES["here"]
    assert f'href="{DESK}"' in client.get("/desk/applications/").text
    page = asked(client, most="2")
    answer, text = page.context["answer"], " ".join(page.text.split())
    assert (names(page), answer.outside, answer.reachable, answer.best.members) == (["A", "B"], 10, 10, 8)
    assert '能让<b class="number">8</b>名党员走进15分钟服务圈；现在圈外一共有<b class="number">10</b>名' in text
    assert text.count(BASIS) >= 5
    assert CANARIES["elsewhere"] not in text
    first, second = page.context["chosen"]
    assert (first["adds"], first["lost"], first["instead"], first["with_instead"]) == (5, 5, f"{bird}C", 5)
    assert (second["adds"], second["lost"], second["instead"], second["fewer"]) == (3, 3, f"{bird}D", 0)
    assert f'不建它，换成“{bird}C”最好，一共<b class="number">5</b>名，少<b class="number">3</b>名' in text
    assert "一样多。" in text
    assert [other["names"] for other in page.context["ties"]] == [f"{bird}A、{bird}D"]
    assert [(other["members"], other["fewer"]) for other in page.context["runners_up"]] == [(7, 1), (5, 3), (5, 3)]
    assert [marker.label for marker in page.context["map"].markers] == [f"{bird}A", f"{bird}B"]
    assert [row.name for row in page.context["found"].unplaced] == [f"{bird}新家"]
    assert [row.name for row in page.context["found"].useless] == [f"{bird}Z"]

    book = sheets(client.get(f"{DESK}export/", {"most": "2"}))
    assert [row[2] for row in book["建在哪里"][1:]] == [f"{bird}A", f"{bird}B"]
    for row, line in zip(book["建在哪里"][1:], page.context["chosen"], strict=True):
        told = [line["adds"], line["members"], line["lost"], line["instead"], line["with_instead"]]
        assert row[4:9] == [str(each) for each in told]
        assert (row[9], row[10]) == (line["application"].asked, BASIS)
    others = page.context["ties"] + page.context["runners_up"]
    assert [row[:3] for row in book["别的选法"][1:]] == [
        [other["names"], str(other["members"]), str(other["fewer"])] for other in others
    ]
    assert book["没有选的原因"][1:] == [
        [f"{bird}新家", "没有标位置，算不进去"], [f"{bird}Z", "圈外的党员没有一名走得到"],
    ]  # fmt: skip
    assert ["这样选能走到的", "8"] in book["怎么算的"]
    entry = AuditEntry.objects.filter(action="export").latest("pk")
    assert (entry.label, entry.data["rows"]) == ("建在哪里最好", 2)


def test_money_fewer_than_asked_for_and_those_that_were_turned_down(scene, client_of):
    client = client_of(scene.officer)
    page = asked(client, most="2", budget="100000元")
    assert names(page) == ["A"]
    assert '不限钱，选2处能走到<b class="number">8</b>名，多<b class="number">3</b>名' in page.text
    assert "在这个钱数以内，再加哪一处都不会多一名，所以只选1处" in page.text
    bird = CANARIES["here"]
    assert [row.name for row in page.context["unpriced"]] == [f"{bird}C"]
    assert [f"{bird}C", "没有写申请经费，限了钱就不能选"] in sheets(
        client.get(f"{DESK}export/", {"most": "2", "budget": "100000"})
    )["没有选的原因"]
    assert "不限钱，也不会多" in asked(client, most="2", budget="150000").text
    none = asked(client, most="2", budget="2")
    assert (names(none), "能走到他们的申报一处也选不了" in none.text) == ([], True)
    assert names(asked(client, most="10")) == ["A", "B", "C"]
    HomeApplication.objects.filter(name=f"{bird}A").update(status="rejected")
    assert names(asked(client, most="2")) == ["B", "C"]
    assert names(asked(client, most="2", which="all")) == ["A", "B"]


def test_the_district_counts_as_the_coverage_does_at_every_pace(scene, client_of):
    client = client_of(scene.district_officer)
    for pace in PACES:
        answer = asked(client, most="2", pace=pace.key).context["answer"]
        row = Coverage.objects.get(division=scene.district, pace=pace.key)
        assert answer.outside == row.members - row.members_inside - row.members_unplaced
        assert answer.outside == (15 if pace == PACES[0] else 14)
        assert answer.best.members == 9
    found = proposals.propose(scene.district_officer, most=2, pace=USUAL)
    assert [found.applications[step.key].name[-1] for step in found.answer.order] == ["A", "E"]
    assert found.homeless == Coverage.objects.get(division=scene.district, pace="usual").members_unplaced


def test_the_factor_is_printed_as_it_is(scene, client_of, settings):
    settings.WALK_FACTOR = 1.35
    computing.compute_all()
    client = client_of(scene.officer)
    assert "估算：直线距离×1.35；" in asked(client).text
    (_, rows) = next(iter(sheets(client.get("/desk/circles/export/")).items()))
    assert all("估算：直线距离×1.35；" in row[-1] for row in rows[1:])


def test_on_measured_streets_it_is_not_called_an_estimate_unless_one_is_kept(scene, client, client_of, monkeypatch):
    network = StreetNetwork.objects.create(source="changsha.osm.pbf", nodes=1, edges=1, kilometres=1)
    monkeypatch.setattr(walks, "source", lambda: walks.Source(Estimate(1.4), network, None))
    monkeypatch.setattr(StreetNetwork, "__str__", lambda network: network.source)
    officer = client_of(scene.officer)
    ServiceCircle.objects.update(network=network, factor=None)
    text = asked(officer).text
    assert "按路网：changsha.osm.pbf，© OpenStreetMap 贡献者，ODbL；平常走每秒1.0米" in text
    assert "估算" not in text
    # an import that was cut short: the first circle is measured, another is not yet
    point = {"longitude": LONGITUDE, "latitude": LATITUDE}
    Home.objects.filter(pk=scene.homes["elsewhere"].pk).update(**point, location_precision="surveyed")
    ServiceCircle.objects.create(home=scene.homes["elsewhere"], factor="1.40", **point)
    assert BASIS in asked(officer).text
    for reader, page in ((officer, "/desk/circles/"), (officer, DESK), (client, "/circles/lacking/")):
        assert "<b>估算</b>" in reader.get(page).text


def test_who_may_ask_and_what_cannot_be_asked(cast, client_of, monkeypatch):
    for name, person in cast.people.items():
        status = {"visitor": 302, "organiser": 403, "auditor": 403}.get(name, 200)
        assert {client_of(person).get(page).status_code for page in (DESK, f"{DESK}export/")} == {status}
    client = client_of(cast.officer)
    assert "没有可选的" in asked(client).text  # no application has a position
    for name, value in [
        ("most", "0"), ("most", "99"), ("most", "三"), ("most", ""), ("most", "9" * 5000), ("most", "2.5"),
        ("budget", "-1"), ("budget", "abc"), ("budget", "9" * 30), ("budget", "0"), ("budget", "NaN"),
        ("pace", "100"), ("pace", ""), ("which", "drafts\0"),
    ]:  # fmt: skip
        page = asked(client, **{name: value})
        assert (page.status_code, list(page.context["form"].errors), page.context["found"]) == (200, [name], None)
        assert page.context["form"][name].value() == value
        assert client.get(f"{DESK}export/", {name: value}).status_code == 302
    monkeypatch.setattr(siting, "SECONDS", -1)
    HomeApplication.objects.update(longitude=LONGITUDE, latitude=LATITUDE)
    make_member(
        cast.branches["here"],
        "远",
        compound=ResidentCompound.objects.create(name="远", division=cast.communities["here"], **north(100)),
    )
    Home.objects.update(longitude=None, latitude=None, location_precision="")
    assert "没有算完" in asked(client).text
