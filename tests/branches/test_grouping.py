"""Where a member stands inside a branch: one group at a time, inside the membership, and nobody else's household."""

from datetime import date, timedelta

import pytest

from branches import grouping
from branches import membership as verbs
from branches.models import CentreHousehold, GroupPlacement, PartyGroup
from branches.transitions import IllegalTransition
from tests.makers import make_member

TODAY = date(2026, 11, 22)
YESTERDAY, LAST_MONTH = TODAY - timedelta(1), TODAY - timedelta(30)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-22T10:00:00+08:00")


@pytest.fixture
def membership(cast):
    """In force since last month, in no group."""
    return make_member(cast.branches["here"], "金丝雀张三", since=LAST_MONTH).memberships.get()


def test_a_member_is_in_one_group_at_a_time_one_after_the_other(cast, membership):
    first = cast.groups["here"]
    second = PartyGroup.objects.create(name="金丝雀片区组", branch=membership.branch)
    grouping.place(membership, first, by=cast.secretary, on=YESTERDAY)
    grouping.place(membership, second, by=cast.secretary)
    assert list(membership.placements.order_by("since").values_list("group", "since", "until")) == [
        (first.pk, YESTERDAY, TODAY),
        (second.pk, TODAY, None),
    ]
    corrected = grouping.place(membership, first, by=cast.secretary)
    assert (corrected.group, corrected.since, membership.placements.count()) == (first, TODAY, 2)
    with pytest.raises(IllegalTransition, match="不能早于"):
        grouping.place(membership, second, by=cast.secretary, on=YESTERDAY)


def test_groups_and_households_of_others_are_refused(cast, membership):
    here = cast.groups["here"]
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
            grouping.place(membership, group, by=cast.secretary, household=household)
    assert grouping.place(membership, here, by=cast.secretary, household=own).household == own


def test_an_end_before_the_last_placement_undoes_it(cast, membership):
    """News of a death comes late: who had died by then was never moved to another group."""
    other = PartyGroup.objects.create(name="金丝雀片区组", branch=membership.branch)
    grouping.place(membership, cast.groups["here"], by=None, on=LAST_MONTH)
    grouping.place(membership, other, by=None)
    verbs.end(membership, by=cast.secretary, end_reason="died", on=YESTERDAY)
    kept = membership.placements.values_list("group", "since", "until")
    assert list(kept) == [(cast.groups["here"].pk, LAST_MONTH, YESTERDAY)]
    assert GroupPlacement.history.filter(group_id=other.pk, history_type="-").count() == 1
