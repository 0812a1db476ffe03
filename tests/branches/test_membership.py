"""The verbs of a membership: every event in every state, and what each of them writes."""

import itertools
from datetime import date, timedelta

import pytest

from branches import grouping
from branches import membership as verbs
from branches.membership import END_REASONS, EndReason, Status
from branches.models import (
    Branch,
    CommunityMembership,
    Event,
    GroupPlacement,
    Member,
    Pairing,
    ResidentCompound,
)
from branches.transitions import IllegalTransition

TODAY = date(2026, 11, 22)
YESTERDAY, LAST_MONTH = TODAY - timedelta(1), TODAY - timedelta(30)
EVENTS = ("confirm", "reject", "withdraw", "end", "place")
# {event: {state before: state after}}; whatever is not here is refused
LIFE = {
    "confirm": {"pending": "active"},
    "reject": {"pending": "rejected"},
    "withdraw": {"pending": "withdrawn"},
    "end": {"active": "ended"},
    "place": {"active": "active"},
}
DATES = {
    "pending": {},
    "active": {"since": LAST_MONTH},
    "rejected": {},
    "ended": {"since": LAST_MONTH, "until": YESTERDAY, "end_reason": "moved"},
    "withdrawn": {},
}


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-22T10:00:00+08:00")


@pytest.fixture
def branch(cast):
    return cast.branches["here"]


@pytest.fixture
def report_of(branch):
    """`report_of(state)`: a membership of the branch in that state."""

    def make(state, **fields):
        member = Member.objects.create(name="金丝雀张三")
        fields = DATES[state] | {"reported_on": LAST_MONTH} | fields
        return CommunityMembership.objects.create(
            member=member, branch=branch, status=state, home_unit="示例厂", **fields
        )

    return make


def do(event, membership, by, **given):
    needs = {
        "reject": {"reason": "重复报到"},
        "end": {"end_reason": "moved"},
        "place": {"group": membership.branch.groups.first()},
    }
    return getattr(grouping if event == "place" else verbs, event)(membership, by=by, **needs.get(event, {}) | given)


# --- the table
@pytest.mark.parametrize(("event", "before"), list(itertools.product(EVENTS, Status.values)))
def test_every_event_in_every_state(cast, report_of, event, before):
    membership, after = report_of(before), LIFE[event].get(before)
    steps = membership.history.count()
    if after is None:
        with pytest.raises(IllegalTransition, match="刷新"):
            do(event, membership, cast.secretary)
        membership.refresh_from_db()
        assert (membership.status, membership.history.count()) == (before, steps)
        assert not Event.objects.filter(subject="branches.communitymembership", subject_pk=membership.pk).exists()
    else:
        do(event, membership, cast.secretary)
        membership.refresh_from_db()
        assert membership.status == after
        told = Event.objects.get(subject="branches.communitymembership", subject_pk=membership.pk)
        assert (told.event, told.before, told.after, told.actor) == (event, before, after, "secretary")


def test_a_stale_page_is_refused(cast, report_of):
    membership = report_of("pending")
    stale = CommunityMembership.objects.get(pk=membership.pk)
    verbs.reject(membership, by=cast.secretary, reason="重复报到")
    with pytest.raises(IllegalTransition, match="刚刚有人处理过"):
        verbs.confirm(stale, by=cast.secretary)


@pytest.mark.parametrize("reason", ["", "  ", None])
def test_a_rejection_and_an_end_for_other_reasons_are_explained(cast, report_of, reason):
    with pytest.raises(IllegalTransition, match="原因"):
        verbs.reject(report_of("pending"), by=cast.secretary, reason=reason)
    with pytest.raises(IllegalTransition, match="原因"):
        verbs.end(report_of("active"), by=cast.secretary, end_reason="other", reason=reason)


@pytest.mark.parametrize("end_reason", ["", "transferred", "fled", None])
def test_an_end_has_one_of_its_reasons(cast, report_of, end_reason):
    with pytest.raises(IllegalTransition, match="原因"):
        verbs.end(report_of("active"), by=cast.secretary, end_reason=end_reason)


@pytest.mark.parametrize("event", ["confirm", "end", "place"])
def test_nothing_is_dated_later_than_today_or_too_early(cast, report_of, event):
    before = {"confirm": "pending"}.get(event, "active")
    for on in (TODAY + timedelta(1), LAST_MONTH - timedelta(1)):
        with pytest.raises(IllegalTransition, match=r"日期|报到是"):
            do(event, report_of(before), cast.secretary, on=on)


# --- report and confirm
def test_a_report_waits_and_names_the_home_unit(cast, branch):
    member = Member.objects.create(name="金丝雀张三", compound=cast.members["here"].compound)
    made = verbs.report(member, branch, home_unit=" 示例厂 ", by=cast.secretary)
    assert (made.status, made.home_unit, made.reported_on, made.since) == ("pending", "示例厂", TODAY, None)
    second = Branch.objects.create(name="金丝雀第二支部", slug="second", division=branch.division)
    with pytest.raises(IllegalTransition, match="等确认"):
        verbs.report(member, second, home_unit="示例厂", by=cast.secretary)
    with pytest.raises(IllegalTransition, match="同一个人"):
        verbs.confirm(made, by=cast.secretary)
    assert verbs.confirm(made, by=cast.officer).status == "active"
    with pytest.raises(IllegalTransition, match="已经在"):
        verbs.report(member, branch, home_unit="示例厂", by=cast.secretary)


@pytest.mark.parametrize("home_unit", ["", "   "])
def test_a_report_without_a_home_unit_is_refused(branch, home_unit):
    with pytest.raises(IllegalTransition, match="哪个单位"):
        verbs.report(Member.objects.create(name="金丝雀张三"), branch, home_unit=home_unit, by=None)


def test_a_report_goes_to_a_branch_that_answers_for_the_compound(cast, branch):
    lives_next_door = Member.objects.create(name="金丝雀张三", compound=cast.members["next_door"].compound)
    with pytest.raises(IllegalTransition, match="不归"):
        verbs.report(lives_next_door, branch, home_unit="示例厂", by=None)
    own = cast.members["here"].compound
    branch.compounds.add(ResidentCompound.objects.create(name="金丝雀新村", division=own.division))
    with pytest.raises(IllegalTransition, match="不归"):
        verbs.report(Member.objects.create(name="金丝雀李四", compound=own), branch, home_unit="示例厂", by=None)
    street = Branch.objects.create(name="东街支部", slug="east", division=cast.streets["east"])
    assert verbs.report(lives_next_door, street, home_unit="示例厂", by=None).status == "pending"


def test_who_has_moved_house_lives_there_once_the_branch_takes_them_in(cast, branch):
    """The register says what was known until then; the new compound has to be the branch's."""
    there, here = cast.members["next_door"].compound, cast.members["here"].compound
    member = Member.objects.create(
        name="金丝雀张三", compound=there, building=cast.members["next_door"].building, address="画眉鸟家园1栋"
    )
    with pytest.raises(IllegalTransition, match="“画眉鸟家园”不归"):
        verbs.report(member, branch, home_unit="示例厂", by=None, lives_in=there)
    waiting = verbs.report(member, branch, home_unit="示例厂", by=None, lives_in=here)
    member.refresh_from_db()
    assert (member.compound, member.address) == (there, "画眉鸟家园1栋")
    verbs.confirm(waiting, by=cast.secretary)
    member.refresh_from_db()
    assert (member.compound, member.building, member.address) == (here, None, "")
    told = member.history.first()
    assert (told.history_user, told.history_change_reason) == (cast.secretary, "move")


def test_who_has_not_moved_keeps_building_and_address(cast, branch):
    lives = cast.members["here"]
    facts = {"compound": lives.compound, "building": lives.building, "address": "金丝雀家园3栋9号"}
    member = Member.objects.create(name="金丝雀张三", **facts)
    verbs.confirm(verbs.report(member, branch, home_unit="示例厂", by=None, lives_in=lives.compound), by=cast.secretary)
    member.refresh_from_db()
    assert {name: getattr(member, name) for name in facts} == facts


def test_an_archived_branch_takes_nobody_in(cast, branch, report_of):
    waiting, moving = report_of("pending"), cast.members["next_door"]
    branch.is_archived = True
    branch.save()
    for step in (
        lambda: verbs.confirm(waiting, by=cast.officer),
        lambda: verbs.transfer(moving, branch, by=cast.officer),
        lambda: verbs.report(Member.objects.create(name="金丝雀"), branch, home_unit="示例厂", by=None),
    ):
        with pytest.raises(IllegalTransition, match="归档"):
            step()


def test_who_is_active_elsewhere_is_not_confirmed(cast, branch):
    member = cast.members["next_door"]
    waiting = CommunityMembership.objects.create(member=member, branch=branch, home_unit="示例厂")
    with pytest.raises(IllegalTransition, match="转入"):
        verbs.confirm(waiting, by=cast.secretary)


def test_a_new_membership_begins_no_earlier_than_the_last_one_ended(cast, report_of, branch):
    ended = report_of("ended")
    again = CommunityMembership.objects.create(
        member=ended.member, branch=branch, home_unit="示例厂", reported_on=LAST_MONTH
    )
    with pytest.raises(IllegalTransition, match="上一次在册"):
        verbs.confirm(again, by=cast.secretary, on=YESTERDAY - timedelta(1))
    assert verbs.confirm(again, by=cast.secretary, on=YESTERDAY).since == YESTERDAY


# --- transfer
def test_a_transfer_has_no_gap_and_no_overlap(cast, branch):
    member = cast.members["next_door"]
    old = member.memberships.get()
    new = verbs.transfer(member, branch, by=cast.secretary, on=YESTERDAY, reason="搬家")
    old.refresh_from_db()
    assert (old.status, old.until, old.end_reason) == ("ended", YESTERDAY, EndReason.TRANSFERRED)
    assert (new.status, new.since, new.until, new.branch) == ("active", YESTERDAY, None, branch)
    assert new.home_unit == old.home_unit
    assert not GroupPlacement.objects.current().filter(membership=old).exists()


def test_a_report_that_waited_becomes_the_new_membership_from_the_day_of_the_transfer_on(cast, branch):
    member = cast.members["next_door"]
    old = member.memberships.get()
    waiting = CommunityMembership.objects.create(
        member=member, branch=branch, home_unit="示例新单位", reported_on=LAST_MONTH
    )
    with pytest.raises(IllegalTransition, match="在册不能更早"):
        verbs.transfer(member, branch, by=cast.secretary, on=LAST_MONTH - timedelta(1))
    assert verbs.transfer(member, branch, by=cast.secretary, on=YESTERDAY) == waiting
    waiting.refresh_from_db()
    old.refresh_from_db()
    assert (waiting.status, waiting.since, waiting.home_unit) == ("active", YESTERDAY, "示例新单位")
    assert (old.status, old.until, old.home_unit) == ("ended", YESTERDAY, "示例机械厂党委")
    assert member.memberships.count() == 2


def test_a_report_that_waited_elsewhere_is_withdrawn(cast, branch):
    member = cast.members["next_door"]
    waiting = CommunityMembership.objects.create(member=member, branch=cast.branches["elsewhere"], home_unit="示例厂")
    verbs.transfer(member, branch, by=cast.secretary)
    waiting.refresh_from_db()
    assert waiting.status == "withdrawn"


def test_only_who_is_active_elsewhere_is_transferred(cast, branch):
    for member, said in ((cast.newcomers["here"], "先报到"), (cast.members["here"], "已经在")):
        with pytest.raises(IllegalTransition, match=said):
            verbs.transfer(member, branch, by=cast.secretary)
    with pytest.raises(IllegalTransition, match="今天以后"):
        verbs.transfer(cast.members["next_door"], branch, by=cast.secretary, on=TODAY + timedelta(1))
    with pytest.raises(IllegalTransition, match="早于在册"):
        verbs.transfer(cast.members["next_door"], branch, by=cast.secretary, on=date(2020, 1, 1))


# --- what ends with a membership
@pytest.mark.parametrize("end_reason", END_REASONS)
def test_everything_that_hangs_on_a_membership_ends_with_it(cast, report_of, end_reason):
    """The carer of the cast hosts the household that a neighbour is linked to, and looks in on the member."""
    host, household = cast.carers["here"], cast.groups["here"].households.get()
    neighbour = grouping.place(report_of("active"), cast.groups["here"], by=None, household=household, on=LAST_MONTH)
    own = grouping.place(host.memberships.get(), cast.groups["here"], by=None, on=LAST_MONTH)
    verbs.end(host.memberships.get(), by=cast.secretary, end_reason=end_reason, on=YESTERDAY, reason="说明一下")
    for row in (household, own, cast.pairings["here"]):
        row.refresh_from_db()
        assert row.until == YESTERDAY
    neighbour.refresh_from_db()
    after = neighbour.membership.placements.current().get()
    assert (neighbour.until, after.since, after.group, after.household) == (
        YESTERDAY, YESTERDAY, cast.groups["here"], None,
    )  # fmt: skip


def test_pairs_end_on_either_side_and_those_of_others_go_on(cast):
    verbs.end(cast.members["here"].memberships.get(), by=cast.secretary, end_reason="died", on=YESTERDAY)
    assert list(Pairing.objects.running().order_by("pk")) == [cast.pairings["next_door"], cast.pairings["elsewhere"]]


def test_who_has_ended_is_in_no_pick_list(cast):
    assert cast.members["here"] in Member.objects.active()
    verbs.end(cast.members["here"].memberships.get(), by=cast.secretary, end_reason="moved")
    assert cast.members["here"] not in Member.objects.active()
    assert cast.members["here"] not in Member.objects.visible_to(cast.secretary)
