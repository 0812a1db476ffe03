"""Where a member stands inside a branch: which group, which centre household, from which day on.

Only this module writes group placements. They lie inside their membership: branches/membership.py ends them with it.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from branches.bulk_history import remember
from branches.models import CentreHousehold, CommunityMembership, GroupPlacement, Member
from branches.transitions import IllegalTransition, not_later_than_today, record_event, record_events

Status = CommunityMembership.Status


@transaction.atomic
def place(membership, group, *, by, household=None, on=None):
    """Put an active member into a group of the same branch (and a centre household of that group), from a day on.

    Placed again on the same day, the day's placement is corrected: nobody was in two groups that day.
    """
    on = not_later_than_today(on)
    membership = CommunityMembership.objects.locked(membership)
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
def enter_placements(placements, *, by, reason):
    """Enter unsaved placements that exist already, in bulk; IllegalTransition where one leaves its membership."""
    for placement in placements:
        membership = placement.membership
        if placement.group.branch_id != membership.branch_id:
            raise IllegalTransition(f"“{placement.group}”不是“{membership.branch}”的党小组。")
        if placement.since < membership.since or (membership.until and not placement.until):
            raise IllegalTransition("分组的日期要在在册的日期以内。")
    GroupPlacement.objects.bulk_create(placements)
    remember(placements, by=by, reason=reason, created=True)
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
    GroupPlacement.objects.bulk_update(kept, ["group", "household", "until"], batch_size=200)
    remember(kept, by=by, reason=reason, created=False)
    enter_placements(new, by=by, reason=reason)
    record_events([(membership, {"group": str(group)}) for membership, group in placed], "place", by=by, reason=reason)


def end_with(membership, on, *, by):
    """End on a day what hangs on a membership: the placements, and the household the member hosts with its links.

    Inside the caller's transaction, the member locked.
    """
    for placement in membership.placements.filter(Q(until=None) | Q(until__gt=on)):
        _end_placement(placement, on, by=by)
    hosted = membership.member.hosted_households.select_for_update().filter(until=None)
    for household in hosted.filter(group__branch=membership.branch_id):
        _end_household(household, on, by=by)


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
