"""The verbs of a membership: every event in every state, the invariants in whatever order, and two at once.

M-I1 at most one active; M-I2 no overlap; M-I3 the home unit is the member's own word; M-I4 groups and households lie
inside the membership; M-I5 who has ended is in no pick-list.
"""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from branches import membership as verbs
from branches.membership import END_REASONS, EndReason, Status
from branches.models import (
    Branch,
    CentreHousehold,
    CommunityMembership,
    Division,
    Event,
    GroupPlacement,
    Member,
    Pairing,
    PartyGroup,
    ResidentCompound,
)
from branches.transitions import IllegalTransition
from tests.cast import make_member, make_user

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
    return getattr(verbs, event)(membership, by=by, **needs.get(event, {}) | given)


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
        assert not Event.objects.filter(subject_pk=membership.pk).exists()
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


def test_a_report_that_waited_becomes_the_new_membership(cast, branch):
    member = cast.members["next_door"]
    waiting = CommunityMembership.objects.create(member=member, branch=branch, home_unit="示例新单位")
    assert verbs.transfer(member, branch, by=cast.secretary) == waiting
    waiting.refresh_from_db()
    assert (waiting.status, waiting.since, waiting.home_unit) == ("active", TODAY, "示例新单位")
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


# --- groups and households
def test_a_member_is_in_one_group_at_a_time_one_after_the_other(cast, branch, report_of):
    membership, first = report_of("active"), cast.groups["here"]
    second = PartyGroup.objects.create(name="金丝雀片区组", branch=branch)
    verbs.place(membership, first, by=cast.secretary, on=YESTERDAY)
    verbs.place(membership, second, by=cast.secretary)
    assert list(membership.placements.order_by("since").values_list("group", "since", "until")) == [
        (first.pk, YESTERDAY, TODAY),
        (second.pk, TODAY, None),
    ]
    corrected = verbs.place(membership, first, by=cast.secretary)
    assert (corrected.group, corrected.since, membership.placements.count()) == (first, TODAY, 2)
    with pytest.raises(IllegalTransition, match="不能早于"):
        verbs.place(membership, second, by=cast.secretary, on=YESTERDAY)


def test_groups_and_households_of_others_are_refused(cast, report_of):
    membership, here = report_of("active"), cast.groups["here"]
    archived = PartyGroup.objects.create(name="金丝雀旧组", branch=membership.branch, is_archived=True)
    own = here.households.get()
    ended = CentreHousehold.objects.create(group=here, host=cast.members["here"], since=LAST_MONTH, until=YESTERDAY)
    later = CentreHousehold.objects.create(group=here, host=cast.members["here"], since=TODAY + timedelta(3))
    for group, household in (
        (cast.groups["next_door"], None),
        (archived, None),
        (here, cast.groups["next_door"].households.get()),
        (here, ended),
        (here, later),
    ):
        with pytest.raises(IllegalTransition, match="党小组"):
            verbs.place(membership, group, by=cast.secretary, household=household)
    assert verbs.place(membership, here, by=cast.secretary, household=own).household == own


# --- what ends with a membership
@pytest.mark.parametrize("end_reason", END_REASONS)
def test_everything_that_hangs_on_a_membership_ends_with_it(cast, report_of, end_reason):
    """The carer of the cast hosts the household that a neighbour is linked to, and looks in on the member."""
    host, household = cast.carers["here"], cast.groups["here"].households.get()
    neighbour = verbs.place(report_of("active"), cast.groups["here"], by=None, household=household, on=LAST_MONTH)
    own = verbs.place(host.memberships.get(), cast.groups["here"], by=None, on=LAST_MONTH)
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


def test_an_end_before_the_last_placement_undoes_it(cast, report_of):
    """News of a death comes late: who had died by then was never moved to another group."""
    membership = report_of("active")
    other = PartyGroup.objects.create(name="金丝雀片区组", branch=membership.branch)
    verbs.place(membership, cast.groups["here"], by=None, on=LAST_MONTH)
    verbs.place(membership, other, by=None)
    verbs.end(membership, by=cast.secretary, end_reason="died", on=YESTERDAY)
    kept = membership.placements.values_list("group", "since", "until")
    assert list(kept) == [(cast.groups["here"].pk, LAST_MONTH, YESTERDAY)]
    assert GroupPlacement.history.filter(group_id=other.pk, history_type="-").count() == 1


def test_who_has_ended_is_in_no_pick_list(cast):
    assert cast.members["here"] in Member.objects.active()
    verbs.end(cast.members["here"].memberships.get(), by=cast.secretary, end_reason="moved")
    assert cast.members["here"] not in Member.objects.active()
    assert cast.members["here"] not in Member.objects.visible_to(cast.secretary)


# --- however the steps follow each other
class Register(RuleBasedStateMachine):
    """Three members, two branches, and whatever anybody does on any day: M-I1 to M-I5 hold after every step."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        district = Division.objects.create(code="990100000000", name="望岳区", level="district")
        self.branches = [Branch.objects.create(name=name, slug=name, division=district) for name in ("one", "two")]
        self.groups = [PartyGroup.objects.create(name=branch.name, branch=branch) for branch in self.branches]
        self.members = [Member.objects.create(name=name) for name in "甲乙丙"]
        self.units = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, verb, *given, **named):
        try:
            return verb(*given, by=None, **named)
        except IllegalTransition:
            return None

    def some(self, number):
        rows = list(CommunityMembership.objects.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    days = st.integers(-40, 2).map(lambda number: timezone.localdate() + timedelta(number))
    number = st.integers(0, 30)

    @rule(member=st.integers(0, 2), branch=st.integers(0, 1), unit=st.sampled_from("ab"), on=days)
    def report(self, member, branch, unit, on):
        made = self.attempt(verbs.report, self.members[member], self.branches[branch], home_unit=unit, on=on)
        if made:
            self.units[made.pk] = unit

    @rule(member=st.integers(0, 2), branch=st.integers(0, 1))
    def a_second_report_from_before(self, member, branch):
        """The database may hold two reports of one member: from an import, or from the admin."""
        made = CommunityMembership.objects.create(
            member=self.members[member], branch=self.branches[branch], home_unit="c",
            reported_on=timezone.localdate() - timedelta(40),
        )  # fmt: skip
        self.units[made.pk] = "c"

    @rule(which=number, on=days)
    def confirm(self, which, on):
        if row := self.some(which):
            self.attempt(verbs.confirm, row, on=on)

    @rule(which=number, step=st.sampled_from(("reject", "withdraw")))
    def refuse(self, which, step):
        if row := self.some(which):
            self.attempt(getattr(verbs, step), row, **({"reason": "x"} if step == "reject" else {}))

    @rule(which=number, on=days, why=st.sampled_from(EndReason.values))
    def end(self, which, on, why):
        if row := self.some(which):
            self.attempt(verbs.end, row, end_reason=why, on=on, reason="x")

    @rule(member=st.integers(0, 2), branch=st.integers(0, 1), on=days)
    def transfer(self, member, branch, on):
        made = self.attempt(verbs.transfer, self.members[member], self.branches[branch], on=on)
        if made:
            self.units.setdefault(made.pk, made.home_unit)

    @rule(which=number, group=st.integers(0, 1), household=st.booleans(), on=days)
    def place(self, which, group, household, on):
        hosted = CentreHousehold.objects.filter(group=self.groups[group], until=None).first() if household else None
        if row := self.some(which):
            self.attempt(verbs.place, row, self.groups[group], household=hosted, on=on)

    @rule(which=number)
    def host(self, which):
        row = self.some(which)
        if row and row.status == "active" and not row.member.hosted_households.filter(until=None).exists():
            group = PartyGroup.objects.get(branch=row.branch)
            CentreHousehold.objects.create(group=group, host=row.member, since=row.since)

    @invariant()
    def at_most_one_is_active_and_none_overlap(self):
        for member in self.members:
            rows = list(member.memberships.filter(status__in=("active", "ended")).order_by("since", "until"))
            assert sum(row.status == "active" for row in rows) <= 1
            for earlier, later in itertools.combinations(rows, 2):
                ends = earlier.until or date.max
                begins = later.since
                assert ends <= begins or (later.until or date.max) <= earlier.since
            assert all(row.since <= timezone.localdate() for row in rows)

    @invariant()
    def the_home_unit_is_what_the_report_said(self):
        assert {row.pk: row.home_unit for row in CommunityMembership.objects.all()} == self.units

    @invariant()
    def placements_lie_inside_the_membership_and_follow_each_other(self):
        for membership in CommunityMembership.objects.all():
            rows = list(membership.placements.order_by("since", "until"))
            for row in rows:
                assert membership.since <= row.since
                assert (row.until or date.max) <= (membership.until or date.max)
                assert row.group.branch_id == membership.branch_id
                assert row.household is None or row.household.group_id == row.group_id
                assert row.household is None or (row.until or date.max) <= (row.household.until or date.max)
            for earlier, later in itertools.pairwise(rows):
                assert earlier.until is not None
                assert earlier.until <= later.since

    @invariant()
    def households_are_hosted_by_active_members_of_the_branch(self):
        for household in CentreHousehold.objects.filter(until=None).select_related("group"):
            assert household.host.memberships.filter(status="active", branch=household.group.branch_id).exists()

    @invariant()
    def pick_lists_offer_the_active_alone(self):
        active = set(CommunityMembership.objects.active().values_list("member", flat=True))
        assert set(Member.objects.active().values_list("pk", flat=True)) == active


@pytest.mark.django_db
def test_the_invariants_hold_whatever_anybody_does():
    run_state_machine_as_test(
        Register,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


# --- two at once
def together(*steps):
    """Run the steps in threads that begin at the same moment; return what each said: None, or the refusal."""
    barrier = Barrier(len(steps))

    def run(step):
        try:
            barrier.wait(10)
            step()
        except IllegalTransition as refusal:
            return str(refusal)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(run, steps))


@pytest.mark.django_db(transaction=True)
def test_two_confirms_of_two_reports_of_one_member_give_one_active():
    district = Division.objects.create(code="990100000000", name="望岳区", level="district")
    by = make_user("both")
    branches = [Branch.objects.create(name=name, slug=name, division=district) for name in ("one", "two")]
    for _ in range(5):
        member = Member.objects.create(name="甲")
        reports = [
            CommunityMembership.objects.create(member=member, branch=branch, home_unit="示例厂") for branch in branches
        ]
        said = together(*(lambda report=report: verbs.confirm(report, by=by) for report in reports))
        assert sorted(text is None for text in said) == [False, True]
        assert "转入" in next(text for text in said if text)
        assert member.memberships.filter(status="active").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_end_a_membership_once_and_two_transfers_leave_one_active():
    district = Division.objects.create(code="990100000000", name="望岳区", level="district")
    branches = [Branch.objects.create(name=name, slug=name, division=district) for name in ("one", "two", "three")]
    row = make_member(branches[0], "甲").memberships.get()
    said = together(*[lambda: verbs.end(row, by=None, end_reason="moved")] * 2)
    assert sorted(text is None for text in said) == [False, True]
    assert Event.objects.filter(subject_pk=row.pk, event="end").count() == 1
    member = make_member(branches[0], "乙")
    together(*(lambda to=to: verbs.transfer(member, to, by=None) for to in branches[1:]))
    assert member.memberships.filter(status="active").count() == 1
    dated = member.memberships.order_by("since", "pk").values_list("since", "until")
    assert all(until == after for (_, until), (after, _) in itertools.pairwise(dated))
