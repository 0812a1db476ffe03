"""What holds of memberships whatever anybody does, in whatever order, and at the same moment.

M-I1 at most one active; M-I2 no overlap; M-I3 the home unit is the member's own word; M-I4 groups and households lie
inside the membership; M-I5 who has ended is in no pick-list.
"""

import itertools
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from branches import grouping
from branches import membership as verbs
from branches.membership import EndReason
from branches.models import Branch, CentreHousehold, CommunityMembership, Division, Event, Member, PartyGroup
from branches.transitions import IllegalTransition
from tests.at_once import together
from tests.makers import make_member, make_user


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-22T10:00:00+08:00")


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
            self.attempt(grouping.place, row, self.groups[group], household=hosted, on=on)

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
@pytest.mark.once
def test_the_invariants_hold_whatever_anybody_does():
    run_state_machine_as_test(
        Register,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


# --- two at once
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
        assert sorted(isinstance(text, str) for text in said) == [False, True]
        assert "转入" in next(text for text in said if isinstance(text, str))
        assert member.memberships.filter(status="active").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_end_a_membership_once_and_two_transfers_leave_one_active():
    district = Division.objects.create(code="990100000000", name="望岳区", level="district")
    branches = [Branch.objects.create(name=name, slug=name, division=district) for name in ("one", "two", "three")]
    row = make_member(branches[0], "甲").memberships.get()
    said = together(*[lambda: verbs.end(row, by=None, end_reason="moved")] * 2)
    assert sorted(isinstance(text, str) for text in said) == [False, True]
    assert Event.objects.filter(subject="branches.communitymembership", subject_pk=row.pk, event="end").count() == 1
    member = make_member(branches[0], "乙")
    together(*(lambda to=to: verbs.transfer(member, to, by=None) for to in branches[1:]))
    assert member.memberships.filter(status="active").count() == 1
    dated = member.memberships.order_by("since", "pk").values_list("since", "until")
    assert all(until == after for (_, until), (after, _) in itertools.pairwise(dated))
