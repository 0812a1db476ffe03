"""The desk's steps of a membership: confirmed, rejected, moved, placed, ended; stale pages; forged choices."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from branches import grouping, membership
from branches.access import Action
from branches.models import AuditEntry, CommunityMembership, Member, PartyGroup
from branches.reveal import reveal
from tests.branches.desk_pages import KEY, OF_PAIR, address, everything
from tests.cast import CANARIES
from tests.makers import make_member


@pytest.fixture
def desk(cast, client_of):
    """The secretary's browser."""
    return client_of(cast.secretary)


# --- memberships
def test_a_report_is_confirmed_placed_and_ended(cast, desk):
    row, today = cast.newcomers["here"].memberships.get(), timezone.localdate().isoformat()
    assert desk.post(address("confirm", row.pk), {"on": today}).status_code == 302
    sent = {"group": cast.groups["here"].pk, "on": today, "seen": ""}
    assert desk.post(address("place", row.pk), sent).status_code == 302
    assert row.placements.get().group == cast.groups["here"]
    sent = {"end_reason": "moved", "on": today, "reason": ""}
    assert desk.post(address("end", row.pk), sent).status_code == 302
    row.refresh_from_db()
    assert row.status == "ended"
    assert desk.get(address("member", cast.newcomers["here"].pk)).status_code == 404


def test_a_report_is_rejected_with_a_reason(cast, desk):
    row = cast.newcomers["here"].memberships.get()
    assert "请写明原因" in desk.post(address("reject", row.pk), {"reason": " "}).text
    assert desk.post(address("reject", row.pk), {"reason": "重复报到"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "rejected"


def test_who_is_active_elsewhere_is_transferred_and_not_confirmed(cast, desk):
    moving = cast.members["next_door"]
    row = CommunityMembership.objects.create(member=moving, branch=cast.branches["here"], home_unit="示例厂")
    text = desk.get("/desk/memberships/").text
    assert f"/desk/memberships/{row.pk}/transfer/" in text
    assert f"/desk/memberships/{row.pk}/confirm/" not in text
    today = timezone.localdate().isoformat()
    assert desk.post(address("confirm", row.pk), {"on": today}).status_code == 409
    assert desk.post(address("transfer", row.pk), {"on": today}).status_code == 302
    assert list(moving.memberships.active()) == [row]


@pytest.fixture
def mover(cast):
    """Somebody active next door who reported here: to be taken in or not, and nothing more yet."""
    member = cast.members["next_door"]
    CommunityMembership.objects.create(member=member, branch=cast.branches["here"], home_unit="示例厂")
    return member


def test_a_report_that_waits_opens_no_notes_of_another_branch_and_no_care(cast, client_of, desk, mover):
    pairing = cast.pairings["next_door"]
    page = desk.get(address("member", mover.pk))
    assert page.status_code == 200
    own = client_of(cast.next_door_secretary).get(address("member", mover.pk)).text
    for secret in ("画眉鸟说家里都好", "谁去看望", "最近的走访", "联系人</dt>", "每14天一次"):
        assert secret in own
        assert secret not in page.text
    before = everything()
    for name, pk in (("visit_member", mover.pk), ("pair", mover.pk), *((name, pairing.pk) for name in OF_PAIR)):
        for answer in (desk.get(address(name, pk)), desk.post(address(name, pk), {"kind": "visit", "key": KEY})):
            assert (name, answer.status_code) == (name, 404)
    assert "上门看望" not in desk.get(address("year", mover.pk)).text
    assert everything() == before


def test_a_report_that_waits_shows_name_and_telephone_for_a_reason_and_nothing_else(cast, desk, mover):
    """Whoever reported has to be rung up; where they live and whom else to call is for the branch they are in."""
    for member, area in ((mover, "next_door"), (cast.newcomers["here"], "here")):
        page = address("full", member.pk)
        assert set(re.findall(r'name="fields_wanted"[^>]*value="(\w+)"', desk.get(page).text)) == {"name", "telephone"}
        told = desk.post(page, {"fields_wanted": ["name", "telephone"], "reason": "打电话核对报到"}).text
        assert member.name in told
        assert member.telephone in told
        entry = AuditEntry.objects.filter(action=AuditEntry.Action.REVEAL).latest("number")
        assert (entry.subject_pk, entry.data) == (str(member.pk), {"fields": ["name", "telephone"]})
        before = everything()
        for wanted in (["address"], ["contact"], ["name", "address"]):
            answer = desk.post(page, {"fields_wanted": wanted, "reason": "打电话核对报到"}).text
            assert "请从名单里选要看什么" in answer
            assert f"{CANARIES[area]}家园3栋401" not in answer
            with pytest.raises(Member.DoesNotExist):
                reveal([member], wanted, by=cast.secretary, reason="打电话核对报到")
        assert everything() == before
    assert reveal([mover], ["address"], by=cast.next_door_secretary, reason="约星期三上门")[mover.pk]["address"]


def test_a_report_that_waits_lets_nobody_change_or_take_out_a_member_of_another_branch(cast, mover):
    newcomer = cast.newcomers["here"]
    for action in (Action.CHANGE, Action.IMPORT, Action.EXPORT):
        seen = Member.objects.visible_to(cast.secretary, action)
        assert set(seen) == {cast.members["here"], cast.carers["here"], newcomer}
    assert set(Member.objects.visible_to(cast.secretary)) == {*seen, mover}
    assert set(Member.objects.visible_to(cast.secretary, Action.REVEAL)) == {cast.members["here"], cast.carers["here"]}
    assert set(Member.objects.all().asking(cast.secretary)) == {mover, newcomer}
    for nobody in (cast.street_officer, cast.organiser, cast.auditor, AnonymousUser()):
        assert not Member.objects.all().asking(nobody).exists()
    membership.transfer(mover, cast.branches["here"], by=cast.secretary)
    assert mover in Member.objects.visible_to(cast.secretary, Action.REVEAL)
    assert mover not in Member.objects.visible_to(cast.next_door_secretary)


@pytest.mark.parametrize("name", ["confirm", "reject", "transfer"])
def test_a_stale_page_answers_politely(cast, client_of, desk, name):
    row = cast.newcomers["here"].memberships.get()
    membership.confirm(row, by=cast.officer)
    before = everything()
    sent = {"on": timezone.localdate().isoformat(), "reason": "来晚了一步"}
    for response in (desk.get(address(name, row.pk)), desk.post(address(name, row.pk), sent)):
        assert "刚刚有人处理过" in response.text
        assert "在册" in response.text
    assert everything() == before


def test_a_group_chosen_meanwhile_by_somebody_else_is_not_written_over(cast, desk):
    row = cast.carers["here"].memberships.get()
    other = PartyGroup.objects.create(name="金丝雀片区组", branch=cast.branches["here"])
    grouping.place(row, other, by=cast.officer)
    sent = {"group": cast.groups["here"].pk, "on": timezone.localdate().isoformat(), "seen": ""}
    response = desk.post(address("place", row.pk), sent)
    assert response.status_code == 409
    assert "刚刚有人处理过：现在在金丝雀片区组" in response.text
    assert row.placements.get().group == other
    seen = re.search(r'name="seen" value="([^"]*)"', response.text)[1]
    assert desk.post(address("place", row.pk), sent | {"seen": seen}).status_code == 302
    assert row.placements.get().group == cast.groups["here"]


def test_a_rhythm_changed_meanwhile_is_not_written_over(cast, desk):
    pairing = cast.pairings["here"]
    response = desk.post(address("rhythm", pairing.pk), {"every_days": "7", "seen": "30"})
    assert response.status_code == 409
    assert "每14天" in response.text
    assert desk.post(address("rhythm", pairing.pk), {"every_days": "7", "seen": "14"}).status_code == 302
    pairing.refresh_from_db()
    assert pairing.every_days == 7


# --- forged choices
def test_forged_groups_households_and_carers_are_refused(cast, desk):
    today, before = timezone.localdate().isoformat(), everything()
    mine = cast.members["here"]
    row = mine.memberships.get()
    seen = str(row.placements.get().pk)
    foreign_household = cast.groups["next_door"].households.get()
    ended = make_member(cast.branches["here"], "金丝雀走了")
    membership.end(ended.memberships.get(), by=cast.officer, end_reason="moved")
    before = everything()
    for page, sent in (
        (address("place", row.pk), {"group": cast.groups["next_door"].pk, "on": today, "seen": seen}),
        (address("place", row.pk), {"group": cast.groups["here"].pk, "household": foreign_household.pk, "on": today,
                                    "seen": seen}),
        (address("pair", mine.pk), {"carer": cast.carers["next_door"].pk, "every_days": "14"}),
        (address("pair", mine.pk), {"carer": cast.newcomers["here"].pk, "every_days": "14"}),
        (address("pair", mine.pk), {"carer": ended.pk, "every_days": "14"}),
        (address("pair", mine.pk), {"carer": mine.pk, "every_days": "14"}),
        (address("pair", mine.pk), {"carer": "x", "every_days": "14"}),
    ):  # fmt: skip
        response = desk.post(page, sent)
        assert response.status_code == 200
        assert "请从名单里选" in response.text
        assert CANARIES["next_door"] not in response.text
    assert everything() == before
