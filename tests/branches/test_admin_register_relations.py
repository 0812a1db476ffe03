"""Relations in the staff pages of the register: no row of another area, and rules between the rows."""

import pytest

from branches.models import Branch, Enterprise, Grid, PartyGroup, ResidentCompound
from homes.models import HostedBranch
from tests.branches.register_pages import BASE, page, rows
from tests.cast import AREAS, CANARIES
from tests.staff_forms import errors_of, filled


@pytest.fixture
def client(cast, client_of):
    return client_of(cast.secretary)


# --- every relation, with a row of another area
def foreign(cast):
    """{(model, field): a row next door that the officer here may not point at}"""
    there = cast.members["next_door"]
    grid = Grid.objects.get(division=cast.communities["next_door"])
    return {
        ("member", "compound"): there.compound,
        ("member", "building"): there.building,
        ("building", "compound"): there.compound,
        ("building", "grid"): grid,
        ("residentcompound", "division"): cast.communities["next_door"],
        ("grid", "division"): cast.communities["next_door"],
        ("partygroup", "branch"): cast.branches["next_door"],
        ("partygroup", "buildings"): there.building,
        ("centrehousehold", "group"): cast.groups["next_door"],
        ("centrehousehold", "host"): there,
    }


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("member", "compound"), ("member", "building"), ("building", "compound"), ("building", "grid"),
        ("residentcompound", "division"), ("grid", "division"), ("partygroup", "branch"), ("partygroup", "buildings"),
        ("centrehousehold", "group"), ("centrehousehold", "host"),
    ],
)  # fmt: skip
def test_no_relation_takes_a_row_of_another_area(cast, client_of, model, field):
    client, row = client_of(cast.officer), foreign(cast)[model, field]
    own = {
        "name": "新的", "kind": "building", "since": "2025-01-01", "home_unit": "示例机械厂",
        "division": cast.communities["here"].pk, "compound": cast.members["here"].compound.pk,
        "branch": cast.branches["here"].pk, "group": cast.groups["here"].pk,
        "host": cast.members["here"].pk,
    }  # fmt: skip
    address = f"{BASE}/{model}/add/"
    offered = filled(client.get(address))
    sent = offered | {name: value for name, value in own.items() if name in offered}
    refused = client.post(address, sent | {field: row.pk})
    assert set(errors_of(refused)) == {field}
    assert CANARIES["next_door"] not in refused.content.decode()
    assert client.post(address, sent).status_code == 302  # it was that row alone


def test_a_home_takes_in_no_branch_of_another_area(cast, client_of):
    home, client = cast.homes["here"], client_of(cast.officer)
    address = f"/admin/homes/home/{home.pk}/change/"
    row = {"hosted_branches-TOTAL_FORMS": 2, "hosted_branches-1-home": home.pk, "hosted_branches-1-id": ""}
    sent = filled(client.get(address)) | row
    refused = client.post(address, sent | {"hosted_branches-1-branch": cast.branches["next_door"].pk})
    assert set(errors_of(refused)) == {"hosted_branches-1-branch"}
    second = Branch.objects.create(name="金丝雀二支部", slug="here-second", division=cast.communities["here"])
    assert client.post(address, sent | {"hosted_branches-1-branch": second.pk}).status_code == 302
    assert HostedBranch.objects.get(branch=second).home == home


def test_links_that_one_may_not_see_are_kept(cast, client_of):
    group, client = cast.groups["here"], client_of(cast.officer)
    group.buildings.add(cast.members["elsewhere"].building)
    response = client.get(page(group))
    assert CANARIES["elsewhere"] not in response.content.decode()
    own = cast.members["here"].building.pk
    assert client.post(page(group), filled(response, name="金丝雀改名组", buildings=[own])).status_code == 302
    assert cast.members["elsewhere"].building in group.buildings.all()


def test_an_enterprise_tells_each_reader_of_their_own_compounds(cast, client_of):
    enterprise = Enterprise.objects.get()
    enterprise.compounds.set(ResidentCompound.objects.all())
    text = client_of(cast.officer).get(page(enterprise)).content.decode()
    assert [CANARIES[area] in text for area in AREAS] == [True, False, False]


# --- the organisation
def test_a_secretary_changes_the_telephone_of_the_own_branch_and_no_more(cast, client):
    branch = cast.branches["here"]
    data = filled(client.get(page(branch)), telephone="0731-00001999", name="改名", slug="other", is_archived="on")
    assert client.post(page(branch), data | {"division": cast.district.pk}).status_code == 302
    after = Branch.objects.get(pk=branch.pk)
    assert (after.telephone, after.name, after.slug, after.division, after.is_archived) == (
        "0731-00001999", branch.name, branch.slug, branch.division, False,
    )  # fmt: skip


def test_what_is_still_in_use_is_not_archived(cast, client_of):
    client = client_of(cast.district_officer)
    for row in (cast.branches["here"], cast.groups["here"]):
        response = client.post(page(row), filled(client.get(page(row)), is_archived="on"))
        assert set(errors_of(response)) == {"is_archived"}
    empty = PartyGroup.objects.create(name="空组", branch=cast.branches["here"])
    assert client.post(page(empty), filled(client.get(page(empty)), is_archived="on")).status_code == 302
    assert empty not in rows(client.get(f"{BASE}/partygroup/"))
    assert empty in rows(client.get(f"{BASE}/partygroup/?archived=all"))


def test_a_branch_names_only_compounds_inside_its_area(cast, client_of):
    client, branch = client_of(cast.district_officer), cast.branches["here"]
    outside = cast.members["elsewhere"].compound
    response = client.post(page(branch), filled(client.get(page(branch)), compounds=[outside.pk]))
    assert set(errors_of(response)) == {"compounds"}


def test_a_host_is_an_active_member_of_the_groups_branch(cast, client_of):
    client = client_of(cast.officer)
    other = Branch.objects.create(name="金丝雀二支部", slug="here-second", division=cast.communities["here"])
    group = PartyGroup.objects.create(name="二组", branch=other)
    sent = filled(client.get(f"{BASE}/centrehousehold/add/"), group=group.pk, host=cast.members["here"].pk)
    assert set(errors_of(client.post(f"{BASE}/centrehousehold/add/", sent))) == {"host"}
    sent |= {"group": cast.groups["here"].pk, "host": cast.newcomers["here"].pk}
    assert set(errors_of(client.post(f"{BASE}/centrehousehold/add/", sent))) == {"host"}


def test_a_position_is_typed_with_its_map(cast, client_of):
    client, building = client_of(cast.officer), cast.members["here"].building
    sent = filled(client.get(page(building)), longitude="113.0", latitude="28.1")
    assert set(errors_of(client.post(page(building), sent))) == {"datum"}
    assert client.post(page(building), sent | {"datum": "GCJ-02"}).status_code == 302
    building.refresh_from_db()
    assert 0.001 < abs(float(building.longitude) - 113.0) < 0.02  # turned into WGS-84


# --- type-ahead
def suggested(client, model, field, term=""):
    question = {"app_label": "branches", "model_name": model, "field_name": field, "term": term}
    return [row["text"] for row in client.get("/admin/autocomplete/", question).json()["results"]]


def test_type_ahead_offers_active_members_masked_and_nothing_archived(cast, client_of):
    client = client_of(cast.officer)
    texts = suggested(client, "centrehousehold", "host")
    assert texts == ["金* · 金丝雀家园 金丝雀3栋 · 199****1101", "金* · 金丝雀家园 金丝雀3栋 · 199****1102"]
    assert len(suggested(client, "building", "compound")) == 1
    ResidentCompound.objects.filter(division=cast.communities["here"]).update(is_archived=True)
    assert suggested(client, "building", "compound") == []


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("member", "building"), ("member", "compound"), ("building", "compound"), ("building", "grid"),
        ("centrehousehold", "host"), ("centrehousehold", "group"), ("partygroup", "buildings"), ("branch", "compounds"),
    ],
)  # fmt: skip
def test_long_lists_are_never_a_plain_select(cast, client_of, model, field):
    response = client_of(cast.technician).get(f"{BASE}/{model}/add/")
    assert "admin-autocomplete" in str(response.context["adminform"].form[field])
