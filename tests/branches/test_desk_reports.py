"""A report made for somebody at the desk: by telephone first, nobody twice, and confirmed by somebody else."""

import pytest
from django.utils import timezone

from branches import membership
from branches.models import AuditEntry, Branch, CommunityMembership, Member, ResidentCompound
from tests.at_once import together
from tests.branches.desk_pages import address, everything
from tests.cast import CANARIES, MOBILES, make_cast

PAGE = "/desk/report/"
UNIT = "示例纺织厂离退休党总支"
NEW = "19900007777"


@pytest.fixture
def desk(cast, client_of):
    """The community officer's browser: who reports for somebody is not who confirms."""
    return client_of(cast.officer)


@pytest.fixture
def second(cast):
    """Another branch of the same community, so that there is one to choose."""
    return Branch.objects.create(name="金丝雀二支部", slug="here-second", division=cast.communities["here"])


def new(desk, **sent):
    return desk.post(PAGE, {"telephone": NEW, "name": "金丝雀新人", "home_unit": UNIT, "branch": ""} | sent)


def report_of(telephone):
    return CommunityMembership.objects.get(member__in=Member.objects.by_telephone(telephone), status="pending")


def test_an_unknown_telephone_leads_to_a_new_member_who_waits(cast, desk, client_of):
    form = desk.post(PAGE, {"telephone": "+86 199 0000 7777"}).text
    assert "没有登记过" in form
    assert f'name="telephone" value="{NEW}"' in form
    here = {"branch": cast.branches["here"].pk, "compound": cast.members["here"].compound.pk}
    assert new(desk, birth_year="1950", address="金丝雀家园9栋", **here)["Location"] == "/desk/memberships/"
    row = report_of(NEW)
    assert (row.branch, row.home_unit, row.reported_by) == (cast.branches["here"], UNIT, cast.officer)
    member = row.member
    assert (member.name, member.birth_year, member.address) == ("金丝雀新人", 1950, "金丝雀家园9栋")
    assert member.compound == cast.members["here"].compound
    assert member.history.get().history_user == cast.officer
    waiting = desk.get("/desk/memberships/").text
    assert "是您填的" in waiting
    assert f"/desk/memberships/{row.pk}/confirm/" not in waiting
    today = {"on": timezone.localdate().isoformat()}
    assert desk.post(address("confirm", row.pk), today).status_code == 409
    assert client_of(cast.secretary).post(address("confirm", row.pk), today).status_code == 302
    assert list(member.memberships.active()) == [row]


def test_a_known_telephone_asks_first_who_it_is_and_tells_no_more_than_that(cast, desk):
    member = cast.members["next_door"]
    asked = desk.post(PAGE, {"telephone": member.telephone}).text
    assert "画*，在别的支部在册" in asked
    assert CANARIES["next_door"] not in asked
    entry = AuditEntry.objects.get(action=AuditEntry.Action.REVEAL)
    assert (entry.subject_pk, entry.data, entry.actor) == (str(member.pk), {"fields": ["registered"]}, "officer")
    assert "请选是哪一位" in desk.post(PAGE, {"telephone": member.telephone, "asked": "1"}).text
    own = desk.post(PAGE, {"telephone": MOBILES["here"][0]}).text
    assert "金*，已经在册" in own
    assert "金*，有一份报到在等确认" in desk.post(PAGE, {"telephone": MOBILES["here"][2]}).text
    assert AuditEntry.objects.filter(action=AuditEntry.Action.REVEAL).count() == 1  # one's own are one's own


def test_somebody_of_another_branch_moves_here_and_the_formal_relation_stays(cast, desk, client_of):
    member, old = cast.members["next_door"], cast.members["next_door"].memberships.get()
    steps = {"telephone": member.telephone, "asked": "1", "who": member.pk}
    sent = steps | {"branch": cast.branches["here"].pk, "home_unit": UNIT}
    assert "住的小区" in desk.post(PAGE, sent).text  # the compound of the register is next door
    assert desk.post(PAGE, sent | {"lives_in": cast.members["here"].compound.pk}).status_code == 302
    row = report_of(member.telephone)
    member.refresh_from_db()
    assert (member.compound, row.lives_in) == (old.member.compound, cast.members["here"].compound)
    secretary, today = client_of(cast.secretary), {"on": timezone.localdate().isoformat()}
    assert "说是搬到金丝雀家园了" in secretary.get("/desk/memberships/").text
    assert secretary.post(address("transfer", row.pk), today).status_code == 302
    stays = list(member.memberships.order_by("pk").values_list("status", "since", "until", "home_unit"))
    day = timezone.localdate()
    assert stays == [("ended", old.since, day, "示例机械厂党委"), ("active", day, None, UNIT)]
    member.refresh_from_db()
    assert (member.compound, member.building, member.address) == (row.lives_in, None, "")


def test_who_typed_a_report_does_not_transfer_by_it(cast, desk):
    member = cast.members["next_door"]
    row = membership.report(
        member, cast.branches["here"], home_unit=UNIT, by=cast.officer, lives_in=cast.members["here"].compound
    )
    before = everything()
    answer = desk.post(address("transfer", row.pk), {"on": timezone.localdate().isoformat()})
    assert (answer.status_code, everything()) == (409, before)
    assert "另一位同事" in answer.text
    assert f"/desk/memberships/{row.pk}/transfer/" not in desk.get("/desk/memberships/").text


def test_the_same_person_is_not_entered_twice(cast, desk):
    here = cast.branches["here"].pk
    assert new(desk, branch=here).status_code == 302
    before = everything()
    again = new(desk, branch=here, asked="1", who="new")
    assert (again.status_code, everything()) == (409, before)
    assert "不要重复登记" in again.text
    waiting = desk.post(
        PAGE, {"telephone": NEW, "asked": "1", "who": report_of(NEW).member_id, "branch": here, "home_unit": UNIT}
    )
    assert (waiting.status_code, everything()) == (409, before)
    assert "等确认" in waiting.text
    # a couple with one telephone is two people
    assert new(desk, branch=here, asked="1", who="new", name="金丝雀老伴").status_code == 302
    assert Member.objects.by_telephone(NEW).count() == 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"telephone": ""}, "请写下电话"),
        ({"telephone": "12345"}, "电话要写全"),
        ({"telephone": "示例"}, "电话只写一个号码"),
        ({"name": "\u200b "}, "请写明姓名"),
        ({"name": "长" * 41}, "40个字以内"),
        ({"home_unit": " "}, "请写明组织关系"),
        ({"birth_year": "1750"}, "四位数字"),
        ({"branch": ""}, "请选一个支部"),
        ({"compound": "x"}, "请从名单里选一个小区"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(cast, desk, second, sent, said):
    before = everything()
    answer = new(desk, **{"branch": cast.branches["here"].pk, "note": "记着这一句"} | sent)
    assert said in answer.text
    assert "<title>错误：" in answer.text
    assert "telephone" in sent or "记着这一句" in answer.text
    assert everything() == before


def test_forged_members_branches_and_compounds_are_refused(cast, desk, second):
    before = everything()
    there = cast.members["next_door"]
    own = {"telephone": cast.members["here"].telephone, "asked": "1", "home_unit": UNIT}
    for sent, said in (
        (own | {"who": there.pk, "branch": cast.branches["here"].pk}, "请从名单里选是哪一位"),  # not of this telephone
        (own | {"who": cast.members["here"].pk, "branch": cast.branches["next_door"].pk}, "请从名单里选一个支部"),
        ({"telephone": NEW, "name": "金丝雀", "home_unit": UNIT, "branch": cast.branches["here"].pk,
          "compound": there.compound.pk}, "请从名单里选一个小区"),
    ):  # fmt: skip
        answer = desk.post(PAGE, sent)
        assert said in answer.text
        assert CANARIES["next_door"] not in answer.text
    assert everything() == before


def test_a_compound_of_another_branch_of_the_same_community_is_refused_by_the_verb(cast, desk):
    branch, own = cast.branches["here"], ResidentCompound.objects.create(name="新村", division=cast.communities["here"])
    branch.compounds.add(own)
    answer = new(desk, branch=branch.pk, compound=cast.members["here"].compound.pk)
    assert answer.status_code == 409
    assert "不归“金丝雀银龄支部”管" in answer.text
    assert new(desk, branch=branch.pk, compound=own.pk).status_code == 302


@pytest.mark.parametrize("person", ["street_officer", "organiser", "auditor"])
def test_others_report_for_nobody(cast, client_of, person):
    client, before = client_of(cast.people[person]), everything()
    assert client.get(PAGE).status_code == 403
    answer = client.post(PAGE, {"telephone": MOBILES["here"][0]})
    assert (answer.status_code, "金*" in answer.text) == (403, False)
    assert everything() == before
    assert PAGE not in client.get("/desk/").text


def test_the_only_branch_is_not_asked_for_and_no_other_one_is_taken(cast, client_of):
    secretary = client_of(cast.secretary)
    assert 'name="branch"' not in secretary.post(PAGE, {"telephone": NEW}).text
    assert new(secretary, branch=cast.branches["next_door"].pk).status_code == 302
    assert report_of(NEW).branch == cast.branches["here"]


@pytest.mark.django_db(transaction=True)
def test_the_same_new_member_entered_twice_at_once_is_entered_once():
    cast = make_cast()
    branch = Branch.objects.get(pk=cast.branches["here"].pk)
    said = together(
        *[lambda: membership.report_new(branch, by=None, home_unit=UNIT, name="金丝雀新人", telephone=NEW).pk] * 3
    )
    assert sum("不要重复登记" in str(each) for each in said) == 2
    assert Member.objects.by_telephone(NEW).count() == 1
