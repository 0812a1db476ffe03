"""The verbs of a membership (双报到, 双重管理): report, confirm, reject, withdraw, place in a group, transfer, end.

Only this module writes `CommunityMembership.status`, its dates, and group placements. The formal relation of the
member stays with the home unit and is not touched here.
"""

from django.db import transaction
from django.utils import timezone

from branches.models import CommunityMembership, GroupPlacement, Member
from branches.transitions import IllegalTransition, record_event, step, told

Status = CommunityMembership.Status
EndReason = CommunityMembership.EndReason

MACHINE = {
    "confirm": ({Status.PENDING}, Status.ACTIVE),
    "reject": ({Status.PENDING}, Status.REJECTED),
    "withdraw": ({Status.PENDING}, Status.WITHDRAWN),
    "end": ({Status.ACTIVE}, Status.ENDED),
}


@transaction.atomic
def report(member, branch, *, home_unit, by, on=None, note=""):
    """Ask a branch to take the member in. `by` is who typed it; the home unit must be named."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    if not home_unit.strip():
        raise IllegalTransition("请写明组织关系在哪个单位。")
    if branch.is_archived:
        raise IllegalTransition(f"“{branch}”已经归档，不能再报到。")
    if member.memberships.filter(status=Status.PENDING).exists():
        raise IllegalTransition("这位党员已经有一份报到在等确认。")
    if member.memberships.filter(status=Status.ACTIVE, branch=branch).exists():
        raise IllegalTransition(f"这位党员已经在“{branch}”在册。")
    membership = CommunityMembership(
        member=member,
        branch=branch,
        home_unit=home_unit.strip(),
        reported_on=on or timezone.localdate(),
        reported_by=by,
        note=note,
    )
    _save(membership, "report", by=by, before="")
    return membership


@transaction.atomic
def confirm(membership, *, by, on=None):
    """The receiving secretary takes the member in. Whoever is active elsewhere must be transferred instead."""
    membership = _locked(membership)
    status = step(MACHINE, "confirm", membership)
    if by is not None and membership.reported_by_id == by.pk:
        raise IllegalTransition("谁填的报到，不能由同一个人确认，请另一位同事来确认。")
    if membership.member.memberships.filter(status=Status.ACTIVE).exists():
        raise IllegalTransition("这位党员还在别的支部在册，请用“转入”，不要直接确认。")
    before, membership.status = membership.status, status
    membership.since = _first_day(membership.member, on or timezone.localdate())
    _save(membership, "confirm", by=by, before=before)
    return membership


@transaction.atomic
def reject(membership, *, by, reason):
    membership = _locked(membership)
    before, membership.status = membership.status, step(MACHINE, "reject", membership)
    _save(membership, "reject", by=by, before=before, reason=told(reason))
    return membership


@transaction.atomic
def withdraw(membership, *, by):
    membership = _locked(membership)
    before, membership.status = membership.status, step(MACHINE, "withdraw", membership)
    _save(membership, "withdraw", by=by, before=before)
    return membership


@transaction.atomic
def end(membership, *, by, end_reason, on=None, reason=""):
    """End an active membership on a day; group and centre household end the same day."""
    membership = _locked(membership)
    _end(membership, "end", by=by, end_reason=EndReason(end_reason), on=on or timezone.localdate(), reason=reason)
    return membership


@transaction.atomic
def transfer(member, branch, *, by, on=None, reason=""):
    """Move an active membership to `branch` on a day: the old one ends where the new one begins."""
    on = on or timezone.localdate()
    member = Member.objects.select_for_update().get(pk=member.pk)
    old = member.memberships.select_for_update().filter(status=Status.ACTIVE).first()
    if old is None:
        raise IllegalTransition("这位党员现在不在任何支部在册，请先报到。")
    if old.branch_id == branch.pk:
        raise IllegalTransition(f"这位党员已经在“{branch}”在册。")
    if branch.is_archived:
        raise IllegalTransition(f"“{branch}”已经归档，不能转入。")
    _end(old, "transfer", by=by, end_reason=EndReason.TRANSFERRED, on=on, reason=reason)
    for waiting in member.memberships.filter(status=Status.PENDING):
        before, waiting.status = waiting.status, Status.WITHDRAWN
        _save(waiting, "withdraw", by=by, before=before, reason="已办转入")
    new = CommunityMembership(
        member=member,
        branch=branch,
        status=Status.ACTIVE,
        home_unit=old.home_unit,
        reported_on=on,
        reported_by=by,
        since=on,
    )
    _save(new, "transfer", by=by, before="", reason=reason)
    return new


@transaction.atomic
def place(membership, group, *, by, household=None, on=None):
    """Put an active member into a group of the same branch (and a centre household of that group), from a day on."""
    on = on or timezone.localdate()
    membership = _locked(membership)
    if membership.status != Status.ACTIVE:
        raise IllegalTransition("只有在册的党员才能分到党小组。")
    if group.branch_id != membership.branch_id or group.is_archived:
        raise IllegalTransition(f"“{group}”不是“{membership.branch}”现有的党小组。")
    if household is not None and (household.group_id != group.pk or household.until is not None):
        raise IllegalTransition("这个中心户不在这个党小组，或者已经结束。")
    if on < membership.since:
        raise IllegalTransition("分组的日期不能早于在册的日期。")
    current = membership.placements.select_for_update().current().first()
    if current and (current.group_id, current.household_id) == (group.pk, household and household.pk):
        return current
    if current and on < current.since:
        raise IllegalTransition("新的分组不能早于现在这个分组开始的日期。")
    if current:
        current.until = on
        current.save(update_fields=["until"])
    placement = GroupPlacement.objects.create(membership=membership, group=group, household=household, since=on)
    record_event(membership, "place", by=by, before=membership.status, after=membership.status, group=str(group))
    return placement


def _locked(membership):
    """The membership and its member, locked in one order: the member first."""
    Member.objects.select_for_update().get(pk=membership.member_id)
    return CommunityMembership.objects.select_for_update(of=("self",)).select_related("member", "branch").get(
        pk=membership.pk
    )


def _first_day(member, on):
    """A membership may not begin before the last one ended."""
    last = member.memberships.filter(status=Status.ENDED).order_by("-until").values_list("until", flat=True).first()
    if last and on < last:
        raise IllegalTransition(f"上一次在册到{last:%Y年%m月%d日}为止，新的在册不能更早。")
    return on


def _end(membership, event, *, by, end_reason, on, reason):
    before, status = membership.status, step({"transfer": MACHINE["end"], **MACHINE}, event, membership)
    if on < membership.since:
        raise IllegalTransition("结束的日期不能早于在册的日期。")
    membership.status, membership.until, membership.end_reason = status, on, end_reason
    for placement in membership.placements.current():
        placement.until = max(on, placement.since)
        placement.save(update_fields=["until"])
    if end_reason in (EndReason.DIED, EndReason.MOVED):
        for household in membership.member.hosted_households.filter(until=None):
            household.until = max(on, household.since)
            household.save(update_fields=["until"])
    _save(membership, event, by=by, before=before, reason=reason)


def _save(membership, event, *, by, before, reason=""):
    membership._history_user, membership._change_reason = by, event
    membership.save()
    record_event(membership, event, by=by, before=before, after=membership.status, reason=reason.strip()[:300])
