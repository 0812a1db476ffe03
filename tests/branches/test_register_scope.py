"""Whose register comes in: nobody is moved, seen or pointed at outside one's own posts; groups follow the sheet."""

import pytest
from django.utils import timezone

from branches.models import Building, Event, GroupPlacement, PartyGroup, ResidentCompound
from tests.branches.register_sheets import IMPORT, NEW, confirm, problems, sheet, snapshot, upload
from tests.cast import CANARIES


@pytest.fixture
def secretary(cast, client_of):
    return client_of(cast.secretary)


@pytest.fixture
def district(cast, client_of):
    return client_of(cast.district_officer)


def test_nobody_is_moved_to_another_branch_or_unit(cast, district):
    member, before = cast.members["here"], snapshot()
    answer = upload(district, {"登记号": member.pk, "支部": "画眉鸟银龄支部", "组织关系所在单位": "别的单位"})
    assert problems(answer) == {(2, "支部"), (2, "组织关系所在单位")}
    assert "转入" in answer.context["problems"][0][2]
    assert snapshot() == before


def test_members_of_others_are_neither_seen_nor_changed(cast, secretary):
    foreign, before = cast.members["next_door"], snapshot()
    answer = upload(secretary, {"登记号": foreign.pk, "联系人": "我"})
    missing = upload(secretary, {"登记号": 987654, "联系人": "我"})
    assert answer.context["problems"] == missing.context["problems"]
    assert CANARIES["next_door"] not in answer.content.decode()
    assert snapshot() == before


@pytest.mark.parametrize(
    "row",
    [
        NEW | {"小区": "画眉鸟家园", "楼栋": ""},
        NEW | {"小区": "画眉鸟家园", "楼栋": "画眉鸟3栋"},
        NEW | {"党小组": "画眉鸟楼栋组"},
    ],
)
def test_nothing_of_another_area_can_be_pointed_at(secretary, district, row):
    before = snapshot()
    for client in (secretary, district):
        assert upload(client, row).context["problems"]
    assert snapshot() == before


def test_a_preview_tells_nothing_that_is_masked(cast, secretary):
    member = cast.members["here"]
    row = {"登记号": member.pk, "姓名": "改名示例", "电话": "19900009999", "地址": "别处", "联系人": "别人"}
    page = upload(secretary, row).content.decode()
    for hidden in (member.name, member.telephone, member.address, member.contact, "19900009999", "改名示例"):
        assert hidden not in page
    assert "199****1101" in page


def test_who_waits_to_be_confirmed_is_not_placed_and_not_confirmed(cast, secretary):
    newcomer = cast.newcomers["here"]
    assert problems(upload(secretary, {"登记号": newcomer.pk, "党小组": "金丝雀楼栋组"})) == {(2, "党小组")}
    confirm(secretary, upload(secretary, {"登记号": newcomer.pk, "出生年份": "1960"}))
    assert newcomer.memberships.get().status == "pending"


def test_only_roles_with_the_grant_import(cast, client_of):
    for person in (cast.street_officer, cast.officer, cast.organiser, cast.auditor):
        client = client_of(person)
        assert client.get(IMPORT).status_code == 403
        assert client.post(IMPORT, {"file": sheet(NEW)}).status_code == 403
        assert client.get(f"{IMPORT}template/").status_code == 403
        assert client.post(IMPORT, {"ticket": "x"}).status_code == 403


# --- groups
def test_a_changed_group_ends_the_old_placement_where_the_new_one_begins(cast, secretary):
    other = PartyGroup.objects.create(name="片区组", branch=cast.branches["here"])
    row = {"登记号": cast.members["here"].pk, "党小组": "片区组"}
    assert "导入完成" in confirm(secretary, upload(secretary, row))
    new, old = GroupPlacement.objects.filter(membership__member=cast.members["here"]).order_by("-since")
    today = timezone.localdate()
    assert (old.group, old.until, new.group, new.since, new.until) == (cast.groups["here"], today, other, today, None)
    placed = Event.objects.filter(subject="branches.communitymembership", event="place")
    assert placed.filter(subject_pk=new.membership_id).count() == 1
    back = {"登记号": cast.members["here"].pk, "党小组": cast.groups["here"].name}
    confirm(secretary, upload(secretary, back))  # the same day: corrected, not a third placement
    new.refresh_from_db()
    assert (new.group, GroupPlacement.objects.filter(membership=new.membership_id).count()) == (cast.groups["here"], 2)


def test_another_compound_without_a_building_leaves_the_old_building(cast, secretary):
    ResidentCompound.objects.create(name="新家园", division=cast.communities["here"])
    confirm(secretary, upload(secretary, {"登记号": cast.members["here"].pk, "小区": "新家园"}))
    cast.members["here"].refresh_from_db()
    assert (cast.members["here"].compound.name, cast.members["here"].building) == ("新家园", None)
    archived = Building.objects.create(name="旧栋", compound=cast.members["here"].compound, is_archived=True)
    assert problems(upload(secretary, {"登记号": cast.members["here"].pk, "楼栋": archived.name})) == {(2, "楼栋")}
