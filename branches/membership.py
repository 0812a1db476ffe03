"""The verbs of a membership (双报到, 双重管理): report, confirm, reject, withdraw, place in a group, transfer, end.

Only this module writes `CommunityMembership.status`, its dates, and group placements. The formal relation of the
member stays with the home unit and is not touched here. No step can be dated later than today: what is active is active
now, and the dates say since when.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from branches import care
from branches.models import CentreHousehold, CommunityMembership, GroupPlacement, Member
from branches.transitions import IllegalTransition, record_event, record_known, step, told

Status = CommunityMembership.Status
EndReason = CommunityMembership.EndReason

MACHINE = {
    "confirm": ({Status.PENDING}, Status.ACTIVE),
    "reject": ({Status.PENDING}, Status.REJECTED),
    "withdraw": ({Status.PENDING}, Status.WITHDRAWN),
    "end": ({Status.ACTIVE}, Status.ENDED),
}
# What somebody may give as the reason of an end; a transfer is a verb of its own.
END_REASONS = [reason for reason in EndReason if reason != EndReason.TRANSFERRED]


@transaction.atomic
def report(member, branch, *, home_unit, by, on=None, note=""):
    """Ask a branch to take the member in. `by` is who typed it; the home unit must be named.

    Where the compound is known, it has to be one that the branch answers for.
    """
    on = _not_later_than_today(on)
    member = _locked_member(member.pk)
    if not home_unit.strip():
        raise IllegalTransition("请写明组织关系在哪个单位。")
    if branch.is_archived:
        raise IllegalTransition(f"“{branch}”已经归档，不能再报到。")
    if not answers_for(branch, member.compound):
        raise IllegalTransition(f"“{member.compound}”不归“{branch}”管。请看看小区填对没有，或者报到别的支部。")
    if member.memberships.filter(status=Status.PENDING).exists():
        raise IllegalTransition("这位党员已经有一份报到在等确认。")
    if member.memberships.filter(status=Status.ACTIVE, branch=branch).exists():
        raise IllegalTransition(f"这位党员已经在“{branch}”在册。")
    membership = CommunityMembership(
        member=member,
        branch=branch,
        home_unit=home_unit.strip(),
        reported_on=on,
        reported_by=by,
        note=note.strip(),
    )
    _save(membership, "report", by=by, before="")
    return membership


@transaction.atomic
def confirm(membership, *, by, on=None):
    """The receiving secretary takes the member in. Whoever is active elsewhere must be transferred instead."""
    on = _not_later_than_today(on)
    membership = _locked(membership)
    status = step(MACHINE, "confirm", membership)
    if membership.branch.is_archived:
        raise IllegalTransition(f"“{membership.branch}”已经归档，不能再收人。")
    if by is not None and membership.reported_by_id == by.pk:
        raise IllegalTransition("谁填的报到，不能由同一个人确认，请另一位同事来确认。")
    if membership.member.memberships.filter(status=Status.ACTIVE).exists():
        raise IllegalTransition("这位党员还在别的支部在册，请用“转入”，不要直接确认。")
    before, membership.status = membership.status, status
    membership.since = _first_day(membership, on)
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
    """End an active membership on a day. What hangs on it ends the same day: the group, the centre household the
    member hosts and the links of neighbours to it, and every pair the member is one of.
    """
    on = _not_later_than_today(on)
    if end_reason not in END_REASONS:
        raise IllegalTransition("请从名单里选一个结束的原因。转到别的支部，请由那边的支部办“转入”。")
    if end_reason == EndReason.OTHER:
        told(reason)
    membership = _locked(membership)
    _end(membership, "end", by=by, end_reason=EndReason(end_reason), on=on, reason=reason)
    return membership


@transaction.atomic
def transfer(member, branch, *, by, on=None, reason=""):
    """Move an active membership to `branch` on a day: the old one ends where the new one begins.

    A report to `branch` that was waiting becomes the new membership, with the home unit it names; one that was waiting
    elsewhere is withdrawn.
    """
    on = _not_later_than_today(on)
    member = _locked_member(member.pk)
    old = member.memberships.select_for_update().filter(status=Status.ACTIVE).first()
    if old is None:
        raise IllegalTransition("这位党员现在不在任何支部在册，请先报到。")
    if old.branch_id == branch.pk:
        raise IllegalTransition(f"这位党员已经在“{branch}”在册。")
    if branch.is_archived:
        raise IllegalTransition(f"“{branch}”已经归档，不能转入。")
    _end(old, "transfer", by=by, end_reason=EndReason.TRANSFERRED, on=on, reason=reason)
    new = None
    for waiting in member.memberships.select_for_update().filter(status=Status.PENDING):
        if waiting.branch_id == branch.pk:
            new = waiting
        else:
            before, waiting.status = waiting.status, Status.WITHDRAWN
            _save(waiting, "withdraw", by=by, before=before, reason="已办转入")
    before = new.status if new else ""
    if new is None:
        new = CommunityMembership(member=member, branch=branch, home_unit=old.home_unit, reported_on=on, reported_by=by)
    new.status, new.since = Status.ACTIVE, on
    _save(new, "transfer", by=by, before=before, reason=reason)
    return new


@transaction.atomic
def place(membership, group, *, by, household=None, on=None):
    """Put an active member into a group of the same branch (and a centre household of that group), from a day on.

    Placed again on the same day, the day's placement is corrected: nobody was in two groups that day.
    """
    on = _not_later_than_today(on)
    membership = _locked(membership)
    if membership.status != Status.ACTIVE:
        raise IllegalTransition("只有在册的党员才能分到党小组。可能刚刚有人处理过，请刷新看看。")
    if group.branch_id != membership.branch_id or group.is_archived:
        raise IllegalTransition(f"“{group}”不是“{membership.branch}”现有的党小组。")
    if household is not None:
        in_use = CentreHousehold.objects.select_for_update().filter(pk=household.pk, group=group, until=None)
        if not in_use.current(on):
            raise IllegalTransition("这个中心户不在这个党小组，或者不在用了。")
    if on < membership.since:
        raise IllegalTransition("分组的日期不能早于在册的日期。")
    current = membership.placements.current().first()
    wanted = (group.pk, household and household.pk)
    if current and (current.group_id, current.household_id) == wanted:
        return current
    if (current and on < current.since) or membership.placements.filter(until__gt=on).exists():
        raise IllegalTransition("新的分组不能早于现在这个分组开始的日期。")
    if current and current.since == on:
        placement = current
        placement.group, placement.household = group, household
    else:
        if current:
            _end_placement(current, on, by=by)
        placement = GroupPlacement(membership=membership, group=group, household=household, since=on)
    placement._history_user = by
    placement.save()
    record_event(membership, "place", by=by, before=membership.status, after=membership.status, group=str(group))
    return placement


@transaction.atomic
def enter(stays, *, by, reason):
    """Enter memberships that exist already (or samples), in the state they are known to be in; return them saved.

    A stay is a dict of the fields of a CommunityMembership, `status` and the dates that fit it among them. For the
    loading of thousands of rows, which knows no earlier steps: rows, histories and one event each are written in bulk.
    The database refuses a second active membership and dates that do not fit the status.
    """
    memberships = [CommunityMembership(**stay) for stay in stays]
    bulk_create_with_history(
        memberships, CommunityMembership, batch_size=500, default_user=by, default_change_reason=reason
    )
    record_known(memberships, by=by, reason=reason)
    return memberships


@transaction.atomic
def enter_placements(placements, *, by, reason):
    """Enter unsaved placements that exist already, in bulk; IllegalTransition where one leaves its membership."""
    for placement in placements:
        membership = placement.membership
        if placement.group.branch_id != membership.branch_id:
            raise IllegalTransition(f"“{placement.group}”不是“{membership.branch}”的党小组。")
        if placement.since < membership.since or (membership.until and not placement.until):
            raise IllegalTransition("分组的日期要在在册的日期以内。")
    bulk_create_with_history(placements, GroupPlacement, batch_size=500, default_user=by, default_change_reason=reason)
    return placements


@transaction.atomic
def place_all(groups, *, by, reason):
    """`place` for many at once, from today on: {key of an active membership: group}. All of them, or IllegalTransition.

    Whoever stays in the same group is left as they are.
    """
    today = timezone.localdate()
    rows = CommunityMembership.objects.filter(pk__in=groups)
    list(Member.objects.select_for_update().filter(pk__in=rows.values("member")).order_by("pk"))
    placements = GroupPlacement.objects.select_for_update().filter(membership__in=list(groups))
    current = {each.membership_id: each for each in placements.filter(until=None)}
    later = set(placements.filter(until__gt=today).values_list("membership_id", flat=True))
    kept, new, placed = [], [], []
    for membership in rows.select_for_update(of=("self",)).select_related("branch", "member").order_by("pk"):
        group, old = groups[membership.pk], current.get(membership.pk)
        if membership.status != Status.ACTIVE or group.branch_id != membership.branch_id or group.is_archived:
            raise IllegalTransition(f"“{group}”不是“{membership.branch}”现有的党小组，或者这位党员不在册。")
        if today < membership.since or membership.pk in later or (old and today < old.since):
            raise IllegalTransition("新的分组不能早于现在这个分组开始的日期。")
        if old and old.group_id == group.pk:
            continue
        placed.append((membership, group))
        if old and old.since == today:
            old.group, old.household = group, None
        else:
            new.append(GroupPlacement(membership=membership, group=group, since=today))
            if old:
                old.until = today
        kept += [old] if old else []
    in_bulk = {"batch_size": 200, "default_user": by, "default_change_reason": reason}
    bulk_update_with_history(kept, GroupPlacement, ["group", "household", "until"], **in_bulk)
    bulk_create_with_history(new, GroupPlacement, **in_bulk)
    for membership, group in placed:
        record_event(membership, "place", by=by, before=Status.ACTIVE, after=Status.ACTIVE, group=str(group))


def _not_later_than_today(on):
    """The day of a step, today unless told."""
    today = timezone.localdate()
    if on is not None and on > today:
        raise IllegalTransition("日期不能在今天以后，到了那一天再来办。")
    return on or today


def _locked_member(pk):
    """Whoever changes anything about a member's memberships waits here, whichever of them it is."""
    return Member.objects.select_for_update(of=("self",)).select_related("compound__division__parent").get(pk=pk)


def _locked(membership):
    """The membership and its member, locked in one order: the member first."""
    _locked_member(membership.member_id)
    rows = CommunityMembership.objects.select_for_update(of=("self",)).select_related("member", "branch")
    return rows.get(pk=membership.pk)


def answers_for(branch, compound, own=None):
    """Whether the branch answers for people of this compound (None: not known, which is no reason to refuse).

    `own` are the keys of the branch's own compounds, for callers who ask about thousands.
    """
    if compound is None:
        return True
    above = {compound.division_id, compound.division.parent_id}
    above.add(compound.division.parent and compound.division.parent.parent_id)
    if own is None:
        own = set(branch.compounds.values_list("pk", flat=True))
    return branch.division_id in above and (not own or compound.pk in own)


def _first_day(membership, on):
    """A membership begins no earlier than it was asked for, nor before the last one ended."""
    ended = membership.member.memberships.filter(status=Status.ENDED)
    last = ended.order_by("-until").values_list("until", flat=True).first()
    if last and on < last:
        raise IllegalTransition(f"上一次在册到{last:%Y年%m月%d日}为止，新的在册不能更早。")
    if on < membership.reported_on:
        raise IllegalTransition(f"报到是{membership.reported_on:%Y年%m月%d日}，在册不能更早。")
    return on


def _end(membership, event, *, by, end_reason, on, reason):
    before, status = membership.status, step({"transfer": MACHINE["end"], **MACHINE}, event, membership)
    if on < membership.since:
        raise IllegalTransition("结束的日期不能早于在册的日期。")
    membership.status, membership.until, membership.end_reason = status, on, end_reason
    for placement in membership.placements.filter(Q(until=None) | Q(until__gt=on)):
        _end_placement(placement, on, by=by)
    hosted = membership.member.hosted_households.select_for_update().filter(until=None)
    for household in hosted.filter(group__branch=membership.branch_id):
        _end_household(household, on, by=by)
    care.end_pairs_of(membership.member, by=by, on=on)
    _save(membership, event, by=by, before=before, reason=reason)


def _end_placement(placement, on, *, by):
    """End it on a day. One that was to begin later never took place: only its history tells of it."""
    placement._history_user = by
    if placement.since > on:
        placement.delete()
    else:
        placement.until = on
        placement.save(update_fields=["until"])


def _end_household(household, on, *, by):
    """A household ends with its host. Its neighbours stay in their group, without a household to look after them."""
    household._history_user = by
    household.until = max(on, household.since)
    household.save(update_fields=["until"])
    for linked in household.placements.select_for_update().current():
        placement = linked
        if linked.since < on:
            _end_placement(linked, on, by=by)
            placement = GroupPlacement(membership_id=linked.membership_id, group_id=linked.group_id, since=on)
        placement.household = None
        placement._history_user = by
        placement.save()


def _save(membership, event, *, by, before, reason=""):
    membership._history_user, membership._change_reason = by, event
    membership.save()
    record_event(membership, event, by=by, before=before, after=membership.status, reason=reason.strip()[:300])
