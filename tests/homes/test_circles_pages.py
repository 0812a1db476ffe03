"""/circles/ and /desk/circles/: the numbers are those of the register, small ones are not said, who reads what."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from branches.models import AuditEntry, Building, PartyGroup, ResidentCompound
from homes.circles import lacking
from homes.circles.computing import compute_all
from homes.circles.coverage import dwellings, tallies
from homes.circles.walks import source
from homes.models import Coverage, Facility, Home
from tests.cast import CANARIES
from tests.makers import make_home, make_member

AT = (112.99, 28.11)  # the cast's homes
NEAR, FAR = (112.991, 28.111), (113.02, 28.11)  # 150 metres and 3 kilometres away
PEOPLE = {"here": (30, 20), "next_door": (25, 2), "elsewhere": (0, 40)}  # who live near, and far away


@pytest.fixture
def town(cast):
    """{area: (the building near the homes, the one far from them)}, full of members; one home has no position."""
    town = {}
    Building.objects.update(longitude=NEAR[0], latitude=NEAR[1])  # where the two of each branch live
    for area, numbers in PEOPLE.items():
        compound = ResidentCompound.objects.create(name=f"{CANARIES[area]}大院", division=cast.communities[area])
        town[area] = tuple(
            Building.objects.create(name=name, compound=compound, longitude=at[0], latitude=at[1])
            for name, at in (("近楼", NEAR), ("远楼", FAR))
        )
        for building, number in zip(town[area], numbers, strict=True):
            for _ in range(number):
                make_member(cast.branches[area], f"{CANARIES[area]}人", compound=compound, building=building)
    make_home(cast.communities["here"], "还没标的家", "nowhere", longitude=None, latitude=None, location_precision="")
    compute_all()
    return town


def text(response):
    assert response.status_code == 200
    return "".join(response.content.decode().split())


def cells(response, name):
    """What the first table with a row of this name says in it."""
    row = response.content.decode().split(f'<th scope="row">{name}<', 1)[1].split("</tr>", 1)[0]
    return [part.split("<")[0] for part in row.split('class="number">')[1:]]


def test_everybody_reads_what_was_counted_and_never_a_small_number(cast, town, client):
    district = tallies(dwellings(), 900, source().factor)[cast.district.pk]
    page = client.get("/circles/")
    said = text(page)
    assert (district.members_inside, district.members_outside) == (61, 62)
    for number in (district.members, district.members_certain, district.members_possible, district.buildings):
        assert f">{number}<" in said
    assert all(words in said for words in ("估算", "乘1.4", "每秒1.0米", "900米", "第一次算是"))
    assert "还没标的家</a>还没有标位置，算不出圈" in said
    assert 'href="/homes/here/circle/"' in page.content.decode()
    street = client.get(f"/circles/?street={cast.streets['east'].code}")
    assert cells(street, cast.communities["next_door"].short_name)[1] == "少于3"
    assert cells(street, cast.communities["next_door"].short_name)[0] == "不细说"  # 29 less 27 would be it
    assert "没有找到您要的街道" in text(client.get("/circles/?street=nowhere&pace=fast&page=x"))


def test_months_and_paces_are_told_apart(cast, town, client):
    this = Coverage.objects.get(division=cast.district, pace="slow")
    Coverage.objects.filter(division=cast.district, pace="slow").update(members_inside=11, members_certain=0)
    assert ">11<" in text(client.get("/circles/?pace=slow"))
    assert ">11<" not in text(client.get("/circles/"))
    before = date(this.month.year - (this.month.month == 1), (this.month.month - 2) % 12 + 1, 1)
    this.pk, this.month, this.members_inside = None, before, this.members
    this.save()
    said = text(client.get("/circles/?pace=slow&page=1"))
    assert f"{before.year}年{before.month}月（估算）" in said
    assert ">100%<" in said


def test_one_person_cannot_be_had_from_two_paces(cast, town, client):
    usual, slow = (Coverage.objects.get(division=cast.district, pace=pace) for pace in ("usual", "slow"))
    Coverage.objects.filter(pk=slow.pk).update(members_inside=usual.members_inside - 1, members_certain=0)
    assert client.get("/circles/").context["place"].cells[1] == f"{usual.members_inside}"
    assert client.get("/circles/?pace=slow").context["place"].cells[1:3] == ["不细说", "不细说"]
    Coverage.objects.filter(pk=slow.pk).update(members_inside=usual.members_inside - 3)
    assert client.get("/circles/?pace=slow&page=1").context["place"].cells[1] == f"{usual.members_inside - 3}"
    street = client.get(f"/circles/?pace=slow&street={cast.streets['east'].code}").text
    assert "只按“平常走”写" in street
    assert "一百栋楼里" in street
    page = client.get(f"/circles/?street={cast.streets['east'].code}")
    for members in ("党员住在圈里", "一百名党员里", "在册党员一共"):
        assert members in page.text
        assert members not in street
    assert page.context["place"].bands is None


def test_what_neither_a_home_nor_its_neighbours_have_is_lacking(cast, town, client):
    reading, kitchen = Facility.objects.get(), Facility.objects.create(slug="kitchen", name="暖心厨房")
    Home.objects.filter(slug="elsewhere").update(longitude=FAR[0], step_free=False)
    Home.objects.get(slug="elsewhere").facilities.clear()
    Home.objects.get(slug="next-door").facilities.add(kitchen)
    PartyGroup.objects.all().update(is_archived=True)
    compute_all()
    found = lacking.lacks(900)
    named = {slug: [label for _, labels in found[Home.objects.get(slug=slug).pk] for label in labels]
             for slug in ("here", "elsewhere")}  # fmt: skip
    assert {lacking.GROUP, lacking.HOUSEHOLD} <= set(named["here"])
    assert not {reading.name, kitchen.name, lacking.BRANCH, lacking.DOOR, "志愿服务队", "座谈"} & set(named["here"])
    assert {reading.name, kitchen.name, lacking.DOOR, lacking.GRID} <= set(named["elsewhere"])
    assert "暖心厨房" in text(client.get("/circles/lacking/"))
    for street, told in (("990100001000", False), ("990100001001", True), ("9" * 30, True), ("", False)):
        assert ("先给您看全区的" in client.get(f"/circles/lacking/?street={street}").text) == told


def test_each_reader_of_the_desk_meets_those_they_answer_for(cast, town, client_of):
    far = {area: town[area][1].compound for area in PEOPLE}
    own = client_of(cast.secretary)
    said = text(own.get("/desk/circles/"))
    assert f'{far["here"].name}</a>（<spanclass="number">20名' in said
    assert far["elsewhere"].name not in said
    names = text(own.get(f"/desk/circles/compounds/{far['here'].pk}/"))
    assert names.count("人</a>") == 0
    assert names.count("/desk/members/") == 20
    assert own.get(f"/desk/circles/compounds/{far['elsewhere'].pk}/").status_code == 404
    everything = client_of(cast.district_officer)
    assert far["elsewhere"].name in text(everything.get("/desk/circles/?pace=slow"))
    where = text(everything.get(f"/desk/circles/?where={cast.communities['elsewhere'].code}"))
    assert (far["elsewhere"].name in where, far["here"].name in where) == (True, False)
    assert "各个圈里还缺什么" in text(everything.get("/desk/circles/lacking/?pace=brisk"))
    assert client_of(cast.organiser).get("/desk/circles/").status_code == 403
    book = load_workbook(BytesIO(own.get("/desk/circles/export/").content))
    _heading, *lines = book.active.iter_rows(values_only=True)
    assert [line[2:5] for line in lines if line[3] == "远楼"] == [(far["here"].name, "远楼", "20")]
    assert "估算" in lines[0][6]
    assert not any(CANARIES["here"] + "人" in str(cell) for line in lines for cell in line)
    assert AuditEntry.objects.filter(action=AuditEntry.Action.EXPORT, label__contains="服务圈外").count() == 1
