"""The desk's pages about members: found, narrowed, revealed for a reason, and the year."""

import re

import pytest

from branches.counted import Pages
from branches.models import AuditEntry, CareVisit, Posting
from branches.views import members
from tests.branches.desk_pages import address
from tests.cast import MOBILES
from tests.makers import make_member, make_user


@pytest.fixture
def desk(cast, client_of):
    """The secretary's browser."""
    return client_of(cast.secretary)


# --- the list
def test_a_member_is_found_by_name_and_by_telephone(cast, desk):
    link = f'href="/desk/members/{cast.members["here"].pk}/"'
    for asked in ("金丝雀老", "19900001101", "199 0000 1101", "+86 199-0000-1101", "１９９００００１１０１"):
        assert link in desk.post("/desk/members/", {"q": asked}).text, asked
    for asked in ("丝雀老", "画眉鸟老人", MOBILES["next_door"][0], "1990000110", "", "   ", "\0", "长" * 100):
        assert link not in desk.post("/desk/members/", {"q": asked}).text, asked
    assert str(cast.members["next_door"].pk) not in re.findall(
        r"/desk/members/(\d+)/", desk.post("/desk/members/", {"q": MOBILES["next_door"][0]}).text
    )


def test_the_list_is_narrowed_by_group(cast, desk):
    def shown(question):
        return set(map(int, re.findall(r'href="/desk/members/(\d+)/"', desk.get(f"/desk/members/?{question}").text)))

    member, carer = cast.members["here"].pk, cast.carers["here"].pk
    assert shown("") == {member, carer}
    assert shown("group=none") == {carer}
    assert shown("group=any") == {member}
    assert shown(f"group={cast.groups['here'].pk}") == {member}
    for nonsense in (f"group={cast.groups['next_door'].pk}", "group=%00", "group=x", "branch=999", "page=-1", "page=x"):
        assert shown(nonsense) == {member, carer}


def test_the_list_has_pages_of_thirty(cast, desk):
    for number in range(35):
        make_member(cast.branches["here"], f"金丝雀{number}")
    texts = [desk.get(f"/desk/members/?page={page}").text for page in (1, 2)]
    pages = [re.findall(r'href="/desk/members/(\d+)/"', text) for text in texts]
    assert [len(page) for page in pages] == [30, 7]
    assert set(pages[0]).isdisjoint(pages[1])


def test_a_list_longer_than_anybody_walks_says_so_and_comes_branch_by_branch(cast, client_of, monkeypatch):
    client = client_of(cast.district_officer)

    def shown():
        response = client.get("/desk/members/")
        return [row.branch_id for row in response.context["rows"]], "位以上" in response.text

    for area in ("elsewhere", "here", "next_door"):
        make_member(cast.branches[area], f"没有门牌{area}")
    in_doors, cut = shown()
    assert (in_doors == sorted(in_doors), cut) == (False, False)
    monkeypatch.setattr(Pages, "MOST", 5)
    branches, cut = shown()
    assert (branches, cut) == (sorted(in_doors)[:5], True)
    assert client.get("/desk/").text.count("<small>以上</small>") == 3


def test_many_branches_are_chosen_street_by_street(cast, client_of, monkeypatch):
    client = client_of(cast.district_officer)

    def shown(question):
        response = client.get(f"/desk/members/?{question}")
        branches = {area for area, branch in cast.branches.items() if f'"?branch={branch.pk}"' in response.text}
        return branches, {row.branch_id for row in response.context["rows"]}

    everywhere = {branch.pk for branch in cast.branches.values()}
    assert shown("") == (set(cast.branches), everywhere)
    monkeypatch.setattr(members, "MANY", 2)
    west, here = cast.streets["west"], cast.branches["here"]
    for nothing in ("", "street=1", "street=%00", f"street={cast.communities['here'].code}", f"branch={'9' * 400}"):
        assert shown(nothing) == (set(), everywhere)
    assert shown(f"street={west.code}") == ({"elsewhere"}, {cast.branches["elsewhere"].pk})
    assert shown(f"branch={here.pk}")[1] == {here.pk}


# --- reveal
def test_a_telephone_is_shown_once_for_a_reason_that_is_kept(cast, desk):
    member = cast.members["here"]
    page = address("full", member.pk)
    response = desk.post(page, {"fields_wanted": ["telephone"], "reason": "约星期三上门"})
    assert MOBILES["here"][0] in response.text
    assert "金丝雀家园3栋401" not in response.text
    entry = AuditEntry.objects.get(action=AuditEntry.Action.REVEAL)
    assert (entry.actor, entry.subject_pk, entry.reason) == ("secretary", str(member.pk), "约星期三上门")
    assert entry.data == {"fields": ["telephone"]}
    assert MOBILES["here"][0] not in desk.get(page).text
    assert not any(MOBILES["here"][0] in str(value) for value in AuditEntry.objects.values_list().get(pk=entry.pk))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"fields_wanted": ["telephone"], "reason": "看看"}, "至少5个字"),
        ({"fields_wanted": ["telephone"], "reason": "        "}, "为什么"),
        ({"fields_wanted": [], "reason": "约星期三上门"}, "要看什么"),
        ({"fields_wanted": ["care_class"], "reason": "约星期三上门"}, "要看什么"),
        ({"fields_wanted": ["telephone"], "reason": "长" * 301}, "300"),
    ],
)
def test_without_a_reason_nothing_is_shown(cast, desk, sent, said):
    response = desk.post(address("full", cast.members["here"].pk), sent)
    assert said in response.text
    assert "<title>错误：" in response.text
    assert MOBILES["here"][0] not in response.text
    assert sent["reason"].strip() in response.text
    assert not AuditEntry.objects.filter(action=AuditEntry.Action.REVEAL).exists()


def test_a_secretary_of_two_branches_chooses(cast, client_of):
    two = make_user("two", "secretary", cast.branches["here"])
    Posting.objects.create(user=two, role="secretary", branch=cast.branches["elsewhere"], since="2020-01-01")
    client = client_of(two)
    assert "金丝雀银龄支部" in client.get("/desk/members/").text
    only = client.get(f"/desk/members/?branch={cast.branches['elsewhere'].pk}").text
    assert f'href="/desk/members/{cast.members["elsewhere"].pk}/"' in only
    assert f'href="/desk/members/{cast.members["here"].pk}/"' not in only


# --- what is written about visits
@pytest.mark.parametrize(
    ("person", "reads"), [("secretary", True), ("officer", True), ("district_officer", False), ("technician", True)]
)
def test_notes_of_visits_are_for_those_who_look_after_the_member(cast, client_of, person, reads):
    text = client_of(cast.people[person]).get(address("member", cast.members["here"].pk)).text
    assert "上门看望" in text
    assert ("金丝雀说家里都好" in text) == reads


# --- the year
def test_the_year_tells_what_happened_and_counts_nothing(cast, desk, time_machine):
    time_machine.move_to("2026-11-22T10:00:00+08:00")
    member = cast.members["here"]
    CareVisit.objects.all().delete()
    for day, kind in (("2026-01-15", "visit"), ("2026-01-20", "study"), ("2025-12-31", "call")):
        CareVisit.objects.create(member=member, visited_on=day, kind=kind)
    text = desk.get(address("year", member.pk)).text
    assert "15日 上门看望；20日 送学上门" in text
    assert "打电话" not in text
    assert "12月" not in text
    assert "31日 打电话" in desk.get(address("year", member.pk) + "?year=2025").text
    for nonsense in ("x", "", "99999", "-1", "１９９９", "%00", "0000"):
        assert desk.get(address("year", member.pk) + f"?year={nonsense}").status_code == 200
