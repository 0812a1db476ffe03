"""The register in the staff pages: masked, in full only for a reason, in scope at every relation."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches.audit import Action
from branches.models import (
    AuditEntry,
    Branch,
    Building,
    CareVisit,
    CentreHousehold,
    CommunityMembership,
    Enterprise,
    Grid,
    Member,
    PartyGroup,
    ResidentCompound,
)
from homes.models import HostedBranch
from tests.cast import AREAS, CANARIES, MOBILES, make_member
from tests.staff_forms import errors_of, filled

BASE = "/admin/branches"
MEMBERS = f"{BASE}/member/"
REASON = "约星期三上门"
LIST_QUESTIONS = 8


def page(row, name="change"):
    return f"{BASE}/{row._meta.model_name}/{row.pk}/{name}/"


def rows(response):
    return set(response.context["cl"].queryset)


def secrets_of(area):
    """What no page may tell of the members of this area until somebody says why."""
    canary = CANARIES[area]
    return [*MOBILES[area], f"{canary}老人", f"{canary}邻居", f"{canary}新来", f"{canary}女儿", f"{canary}家园3栋401"]


@pytest.fixture
def client(cast, client_of):
    return client_of(cast.secretary)


@pytest.fixture
def member(cast):
    return cast.members["here"]


# --- the list
def test_the_list_is_masked_and_has_no_scores(cast, client, member):
    text = client.get(MEMBERS).content.decode()
    assert "金*" in text
    assert "199****1101" in text
    assert "金丝雀家园 金丝雀3栋" in text
    assert "金丝雀银龄支部" in text
    assert "要上门" in text
    assert [secret for secret in secrets_of("here") if secret in text] == []


@pytest.mark.parametrize(
    "asked", ["金丝雀老人", "金丝雀老", "19900001101", "199 0000 1101", "8619900001101", "１９９００００１１０１"]
)
def test_a_member_is_found_by_name_and_by_telephone(cast, client, member, asked):
    assert member in rows(client.get(MEMBERS, {"q": asked}))


@pytest.mark.parametrize("asked", ["老人", "1990000", "0001101", "画眉鸟老人", "19900002201"])
def test_a_part_of_a_name_or_number_or_a_neighbour_finds_nobody(cast, client, asked):
    assert rows(client.get(MEMBERS, {"q": asked})) == set()


def test_filters_narrow_to_branch_group_visits_and_belonging(cast, client_of):
    client = client_of(cast.district_officer)
    here = {cast.members["here"], cast.carers["here"], cast.newcomers["here"]}
    assert rows(client.get(MEMBERS, {"branch": cast.branches["here"].pk})) == here
    both = {"branch": cast.branches["here"].pk, "group": cast.groups["here"].pk}
    assert rows(client.get(MEMBERS, both)) == {cast.members["here"]}
    assert rows(client.get(MEMBERS, {"group": "none"})) == set(cast.carers.values())
    assert rows(client.get(MEMBERS, {"needs_home_visit__exact": "1"})) == set(cast.members.values())
    assert rows(client.get(MEMBERS, {"belongs": "no"})) == set(cast.newcomers.values())


@pytest.mark.parametrize("query", ["branch=x", "group=x", "branch=9999999999999", "belongs=x", "group=%00"])
def test_an_odd_filter_breaks_nothing(cast, client, query):
    assert client.get(f"{MEMBERS}?{query}", follow=True).status_code == 200


def test_a_branch_or_group_of_another_area_in_the_address_shows_nobody(cast, client):
    for query in ({"branch": cast.branches["elsewhere"].pk}, {"group": cast.groups["elsewhere"].pk}):
        assert rows(client.get(MEMBERS, query)) == set()


@pytest.mark.parametrize("model", ["member", "communitymembership", "pairing", "carevisit", "building", "partygroup"])
def test_a_list_asks_as_often_for_many_rows_as_for_few(cast, client_of, model):
    client, counts = client_of(cast.district_officer), []
    for number in (1, 60):
        for each in range(number):
            lives = ResidentCompound.objects.create(name=f"园{number}{each}", division=cast.communities["here"])
            building = Building.objects.create(name="1栋", compound=lives)
            make_member(cast.branches["here"], "新人", telephone="19900009999", building=building)
        client.get(f"{BASE}/{model}/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{BASE}/{model}/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= LIST_QUESTIONS


# --- the page of a member
def test_the_page_is_masked_and_holds_no_sealed_field(cast, client, member):
    response = client.get(page(member))
    text = response.content.decode()
    assert [secret for secret in secrets_of("here") if secret in text] == []
    assert not {"name", "telephone", "address", "contact"} & set(response.context["adminform"].form.fields)
    assert f"{member.pk}/reveal/" in text


def test_saving_the_masked_page_leaves_what_is_sealed_as_it_was(cast, client, member):
    data = filled(
        client.get(page(member)), birth_year="1940", name="张*", telephone="199****1101", address="", contact=""
    )
    assert client.post(page(member), data).status_code == 302
    after = Member.objects.get(pk=member.pk)
    assert after.birth_year == 1940
    sealed = ("name", "telephone", "telephone_index", "address", "contact", "care_class")
    assert [getattr(after, field) for field in sealed] == [getattr(member, field) for field in sealed]


def test_looking_needs_a_reason_and_is_kept(cast, client, member):
    assert [
        secret for secret in secrets_of("here") if secret in client.get(page(member, "reveal")).content.decode()
    ] == []
    for short in ("", "看看", "     "):
        refused = client.post(page(member, "reveal"), {"reason": short})
        assert MOBILES["here"][0] not in refused.content.decode()
    assert not AuditEntry.objects.filter(action=Action.REVEAL).exists()
    response = client.post(page(member, "reveal"), {"reason": REASON})
    text = response.content.decode()
    assert all(secret in text for secret in ("金丝雀老人", MOBILES["here"][0], "金丝雀家园3栋401", "金丝雀女儿"))
    assert "no-store" in response["Cache-Control"]
    entry = AuditEntry.objects.get(action=Action.REVEAL)
    assert (entry.actor, entry.subject_pk, entry.reason) == ("secretary", str(member.pk), REASON)
    assert MOBILES["here"][0] not in client.get(page(member)).content.decode()  # nothing is remembered


def test_what_was_shown_can_be_changed_in_the_same_answer(cast, client, member):
    shown = client.post(page(member, "reveal"), {"reason": REASON})
    data = filled(shown, telephone="19900001177", _save="1")
    assert client.post(page(member, "reveal"), data).status_code == 302
    after = Member.objects.get(pk=member.pk)
    assert (after.name, after.telephone, after.address) == (member.name, "19900001177", member.address)
    assert Member.objects.by_telephone("19900001177").get() == member


def test_a_wrong_telephone_is_told_and_nothing_typed_is_lost(cast, client, member):
    data = filled(client.post(page(member, "reveal"), {"reason": REASON}), telephone="123", address="新地址", _save="1")
    response = client.post(page(member, "reveal"), data)
    assert set(errors_of(response)) == {"telephone"}
    assert "新地址" in response.content.decode()
    assert Member.objects.get(pk=member.pk).address == member.address


def test_saving_without_having_looked_shows_nothing(cast, client, member):
    response = client.post(page(member, "reveal"), {"_save": "1", "name": ""})
    assert response.status_code == 200
    assert [secret for secret in secrets_of("here") if secret in response.content.decode()] == []


@pytest.mark.parametrize(
    "person", ["next_door_secretary", "street_officer", "organiser", "auditor", "elsewhere_officer"]
)
def test_nobody_else_may_look_or_save(cast, client_of, person, member):
    client = client_of(getattr(cast, person))
    for sent in ({"reason": REASON}, {"_save": "1", "name": "改名"}):
        response = client.post(page(member, "reveal"), sent)
        assert response.status_code in (302, 403)
        assert "金丝雀老人" not in response.content.decode()
    assert Member.objects.get(pk=member.pk).name == member.name
    assert not AuditEntry.objects.filter(action=Action.REVEAL).exists()


def test_the_history_tells_that_sealed_fields_changed_and_not_to_what(cast, client, member):
    for field, value in (("name", "金丝雀改名"), ("telephone", "19900001188"), ("address", "金丝雀新地址")):
        setattr(member, field, value)
    member.save()
    text = client.get(page(member, "history")).content.decode()
    assert "改了，不在这里显示" in text
    told = [*secrets_of("here"), "金丝雀改名", "19900001188", "金丝雀新地址"]
    assert [secret for secret in told if secret in text] == []


def test_a_building_must_be_in_the_compound(cast, client, member):
    other = ResidentCompound.objects.create(name="金丝雀别园", division=cast.communities["here"])
    response = client.post(page(member), filled(client.get(page(member)), compound=other.pk))
    assert set(errors_of(response)) == {"building"}


# --- a new member
def new(client, **changes):
    data = filled(client.get(f"{MEMBERS}add/"), name="金丝雀刚到", home_unit="示例机械厂党委", telephone="19900001155")
    return client.post(f"{MEMBERS}add/", data | changes)


def test_a_new_member_reports_to_a_branch_in_the_same_step(cast, client):
    assert new(client, branch=cast.branches["here"].pk).status_code == 302
    membership = CommunityMembership.objects.get(member__name="金丝雀刚到")
    assert (membership.status, membership.branch, membership.reported_by) == (
        "pending", cast.branches["here"], cast.secretary,
    )  # fmt: skip


def test_a_new_member_is_not_put_into_a_neighbours_branch_or_one_that_does_not_answer(cast, client, client_of):
    assert set(errors_of(new(client, branch=cast.branches["next_door"].pk))) == {"branch"}
    compound = cast.members["next_door"].compound.pk
    answer = new(client_of(cast.district_officer), branch=cast.branches["here"].pk, compound=compound)
    assert set(errors_of(answer)) == {"branch"}
    assert not Member.objects.filter(name="金丝雀刚到").exists()


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


# --- memberships, pairs, visits
def test_a_membership_is_only_looked_at_and_moved_by_its_verbs(cast, client):
    active = cast.members["here"].memberships.get()
    waiting = cast.newcomers["here"].memberships.get()
    assert client.post(page(active), {"status": "ended"}).status_code == 403
    for membership, names in ((active, ["place", "end"]), (waiting, ["confirm", "reject"])):
        text = client.get(page(membership)).content.decode()
        for name in ("confirm", "reject", "place", "transfer", "end"):
            assert (f"/desk/memberships/{membership.pk}/{name}/" in text) == (name in names)
    CommunityMembership.objects.create(
        member=cast.members["next_door"], branch=cast.branches["here"], home_unit="示例厂", status="pending"
    )
    moving = CommunityMembership.objects.get(member=cast.members["next_door"], status="pending")
    assert f"/desk/memberships/{moving.pk}/transfer/" in client.get(page(moving)).content.decode()


def test_a_street_officer_sees_memberships_and_no_buttons(cast, client_of):
    text = client_of(cast.street_officer).get(page(cast.members["here"].memberships.get())).content.decode()
    assert "金丝雀银龄支部" in text
    assert "/desk/memberships/" not in text


def test_the_timeline_tells_who_did_what(cast, client, client_of):
    waiting = cast.newcomers["here"].memberships.get()
    client.post(f"/desk/memberships/{waiting.pk}/confirm/", {"on": timezone.localdate().isoformat()})
    text = client.get(page(waiting)).content.decode()
    assert "金丝雀书记 确认在册" in text


def test_pairs_that_are_due_come_first_and_ended_ones_are_put_away(cast, client):
    pairing = cast.pairings["here"]
    assert rows(client.get(f"{BASE}/pairing/?due=yes")) == {pairing}
    type(pairing).objects.filter(pk=pairing.pk).update(until=timezone.localdate())
    assert rows(client.get(f"{BASE}/pairing/")) == set()
    assert rows(client.get(f"{BASE}/pairing/?due=ended")) == {pairing}


def test_the_note_of_a_visit_is_hidden_until_somebody_says_why(cast, client, client_of):
    visit = CareVisit.objects.get(member=cast.members["here"])
    assert "说家里都好" not in client.get(page(visit)).content.decode()
    assert "说家里都好" not in client.get(f"{BASE}/carevisit/").content.decode()
    assert "说家里都好" not in client.post(page(visit, "reveal"), {"reason": "看"}).content.decode()
    assert "说家里都好" in client.post(page(visit, "reveal"), {"reason": REASON}).content.decode()
    entry = AuditEntry.objects.get(action=Action.REVEAL)
    assert (entry.subject, entry.subject_pk, entry.data) == ("branches.carevisit", str(visit.pk), {"fields": ["note"]})
    assert client.post(page(visit, "reveal"), {"_save": "1", "note": "改"}).status_code == 403
    assert client_of(cast.district_officer).post(page(visit, "reveal"), {"reason": REASON}).status_code == 403


# --- the index
def lines(response):
    return {line["label"]: line for line in response.context["to_do"]}


def test_the_index_asks_for_what_waits_and_every_line_leads_to_as_many_rows(cast, client_of):
    CentreHousehold.objects.filter(group=cast.groups["here"]).update(consent_on=None)
    client = client_of(cast.officer)
    found = lines(client.get("/admin/"))
    wanted = {"等着确认", "该去看望了", "还没有分到党小组", "还没问户主同不同意公开"}
    assert {label: found[label]["count"] for label in wanted} == dict.fromkeys(wanted, 1)
    for label in wanted:
        assert client.get(found[label]["url"]).context["cl"].result_count == 1


@pytest.mark.parametrize("person", ["street_officer", "organiser", "auditor"])
def test_those_who_may_not_act_are_not_asked_to(cast, client_of, person):
    assert not {"等着确认", "该去看望了", "还没有分到党小组"} & set(
        lines(client_of(getattr(cast, person)).get("/admin/"))
    )
