"""The verbs of a membership (双报到, 双重管理): report, confirm, reject, withdraw, transfer, end.

Only this module writes `CommunityMembership.status` and its dates. The formal relation of the member stays with the
home unit and is not touched here. No step can be dated later than today: what is active is active now, and the dates
say since when. Groups inside the branch: branches/grouping.py.
"""

from django.db import transaction

from branches import care, grouping
from branches.bulk_history import remember
from branches.models import Branch, CommunityMembership, Member
from branches.transitions import IllegalTransition, not_later_than_today, record_event, record_known, step, told

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
def report(member, branch, *, home_unit, by, on=None, note="", lives_in=None):
    """Ask a branch to take the member in. `by` is who typed it; the home unit must be named.

    Where it is known in which compound the member lives, it has to be one that the branch answers for. `lives_in` is
    said where the member has moved house; the register follows when the branch takes them in, not before.
    """
    on = not_later_than_today(on)
    member = Member.objects.locked(member.pk)
    if not home_unit.strip():
        raise IllegalTransition("请写明组织关系在哪个单位。")
    if branch.is_archived:
        raise IllegalTransition(f"“{branch}”已经归档，不能再报到。")
    if member.memberships.filter(status=Status.PENDING).exists():
        raise IllegalTransition("这位党员已经有一份报到在等确认。")
    if member.memberships.filter(status=Status.ACTIVE, branch=branch).exists():
        raise IllegalTransition(f"这位党员已经在“{branch}”在册。")
    if lives_in is None and not answers_for(branch, member.compound):
        raise IllegalTransition(f"登记的小区不归“{branch}”管。搬过来了，请选现在住的小区；没有搬，请报到别的支部。")
    if not answers_for(branch, lives_in):
        raise IllegalTransition(f"“{lives_in}”不归“{branch}”管。请看看小区选对没有，或者报到别的支部。")
    membership = CommunityMembership(
        member=member,
        branch=branch,
        home_unit=home_unit.strip(),
        reported_on=on,
        reported_by=by,
        note=note.strip(),
        lives_in=lives_in,
    )
    _save(membership, "report", by=by, before="")
    return membership


@transaction.atomic
def report_new(branch, *, by, home_unit, note="", **facts):
    """Enter somebody who is not in the register yet, and let them report to the branch in the same step.

    `facts` are fields of Member. Somebody of the same name with the same telephone is known already: IllegalTransition.
    """
    Branch.objects.select_for_update(no_key=True).get(pk=branch.pk)  # where two who enter the same person meet
    if Member.objects.by_telephone(facts["telephone"]).filter(name=facts["name"]).exists():
        raise IllegalTransition("这个电话登记过同名的党员，不要重复登记。请重新查一下电话。")
    member = Member(**facts)
    member._history_user, member._change_reason = by, "report"
    member.save()
    return report(member, branch, home_unit=home_unit, by=by, note=note)


@transaction.atomic
def confirm(membership, *, by, on=None):
    """The receiving secretary takes the member in. Whoever is active elsewhere must be transferred instead."""
    on = not_later_than_today(on)
    membership = CommunityMembership.objects.locked(membership)
    status = step(MACHINE, "confirm", membership)
    if membership.branch.is_archived:
        raise IllegalTransition(f"“{membership.branch}”已经归档，不能再收人。")
    _reported_by_another(membership, by)
    if membership.member.memberships.filter(status=Status.ACTIVE).exists():
        raise IllegalTransition("这位党员还在别的支部在册，请用“转入”，不要直接确认。")
    before, membership.status = membership.status, status
    membership.since = _first_day(membership, on)
    _move_in(membership, by=by)
    _save(membership, "confirm", by=by, before=before)
    return membership


@transaction.atomic
def reject(membership, *, by, reason):
    membership = CommunityMembership.objects.locked(membership)
    before, membership.status = membership.status, step(MACHINE, "reject", membership)
    _save(membership, "reject", by=by, before=before, reason=told(reason))
    return membership


@transaction.atomic
def withdraw(membership, *, by):
    membership = CommunityMembership.objects.locked(membership)
    before, membership.status = membership.status, step(MACHINE, "withdraw", membership)
    _save(membership, "withdraw", by=by, before=before)
    return membership


@transaction.atomic
def end(membership, *, by, end_reason, on=None, reason=""):
    """End an active membership on a day. What hangs on it ends the same day: the group, the centre household the
    member hosts and the links of neighbours to it, and every pair the member is one of.
    """
    on = not_later_than_today(on)
    if end_reason not in END_REASONS:
        raise IllegalTransition("请从名单里选一个结束的原因。转到别的支部，请由那边的支部办“转入”。")
    if end_reason == EndReason.OTHER:
        told(reason)
    membership = CommunityMembership.objects.locked(membership)
    _end(membership, "end", by=by, end_reason=EndReason(end_reason), on=on, reason=reason)
    return membership


@transaction.atomic
def transfer(member, branch, *, by, on=None, reason=""):
    """Move an active membership to `branch` on a day: the old one ends where the new one begins.

    A report to `branch` that was waiting becomes the new membership, with the home unit it names, and like any report
    it is not for whoever typed it to accept; one that was waiting elsewhere is withdrawn.
    """
    on = not_later_than_today(on)
    member = Member.objects.locked(member.pk)
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
            _reported_by_another(waiting, by)
            _not_before_it_was_asked_for(waiting, on)
            new = waiting
        else:
            before, waiting.status = waiting.status, Status.WITHDRAWN
            _save(waiting, "withdraw", by=by, before=before, reason="已办转入")
    before = new.status if new else ""
    if new is None:
        new = CommunityMembership(member=member, branch=branch, home_unit=old.home_unit, reported_on=on, reported_by=by)
    new.status, new.since = Status.ACTIVE, on
    _move_in(new, by=by)
    _save(new, "transfer", by=by, before=before, reason=reason)
    return new


@transaction.atomic
def enter(stays, *, by, reason):
    """Enter memberships that exist already (or samples), in the state they are known to be in; return them saved.

    A stay is a dict of the fields of a CommunityMembership, `status` and the dates that fit it among them. For the
    loading of thousands of rows, which knows no earlier steps: rows, histories and one event each are written in bulk.
    The database refuses a second active membership and dates that do not fit the status.
    """
    memberships = [CommunityMembership(**stay) for stay in stays]
    CommunityMembership.objects.bulk_create(memberships)
    remember(memberships, by=by, reason=reason, created=True)
    record_known(memberships, by=by, reason=reason)
    return memberships


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


def _reported_by_another(membership, by):
    if by is not None and membership.reported_by_id == by.pk:
        raise IllegalTransition("谁填的报到，不能由同一个人确认，请另一位同事来确认。")


def _move_in(membership, *, by):
    """Where the report told of another compound, the member lives there now; building and address are to be asked."""
    member = membership.member
    if membership.lives_in_id and membership.lives_in_id != member.compound_id:
        member.compound_id, member.building, member.address = membership.lives_in_id, None, ""
        member._history_user, member._change_reason = by, "move"
        member.save()


def _first_day(membership, on):
    """A membership begins no earlier than it was asked for, nor before the last one ended."""
    ended = membership.member.memberships.filter(status=Status.ENDED)
    last = ended.order_by("-until").values_list("until", flat=True).first()
    if last and on < last:
        raise IllegalTransition(f"上一次在册到{last:%Y年%m月%d日}为止，新的在册不能更早。")
    _not_before_it_was_asked_for(membership, on)
    return on


def _not_before_it_was_asked_for(membership, on):
    if on < membership.reported_on:
        raise IllegalTransition(f"报到是{membership.reported_on:%Y年%m月%d日}，在册不能更早。")


def _end(membership, event, *, by, end_reason, on, reason):
    before, status = membership.status, step({"transfer": MACHINE["end"], **MACHINE}, event, membership)
    if on < membership.since:
        raise IllegalTransition("结束的日期不能早于在册的日期。")
    membership.status, membership.until, membership.end_reason = status, on, end_reason
    grouping.end_with(membership, on, by=by)
    care.end_pairs_of(membership.member, by=by, on=on)
    _save(membership, event, by=by, before=before, reason=reason)


def _save(membership, event, *, by, before, reason=""):
    membership._history_user, membership._change_reason = by, event
    membership.save()
    record_event(membership, event, by=by, before=before, after=membership.status, reason=reason.strip()[:300])
