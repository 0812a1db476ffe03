"""The register in the staff pages: found, masked, in full only for a reason."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.audit import Action
from branches.models import (
    AuditEntry,
    Building,
    CommunityMembership,
    Member,
    ResidentCompound,
)
from tests.branches.register_pages import BASE, REASON, page, rows
from tests.cast import CANARIES, MOBILES
from tests.makers import make_member
from tests.staff_forms import errors_of, filled

MEMBERS = f"{BASE}/member/"
LIST_QUESTIONS = 8


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


def test_somebody_known_by_name_and_telephone_is_not_entered_again(cast, client):
    there = cast.members["next_door"]
    sent = {"branch": cast.branches["here"].pk, "name": there.name, "telephone": f"+86 {there.telephone}"}
    answer = new(client, **sent)
    assert set(errors_of(answer)) == {"telephone"}
    assert "画眉鸟银龄支部" not in answer.content.decode()
    assert new(client, **sent | {"name": "金丝雀老伴"}).status_code == 302  # one telephone, two people
