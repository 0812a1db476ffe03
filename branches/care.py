"""The verbs of care: pair two members, change the rhythm, end a pair, log a visit. They keep `next_visit_on`."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from branches.models import CareVisit, CommunityMembership, Member, Pairing
from branches.transitions import IllegalTransition, record_event, told

Kind = CareVisit.Kind
LATEST = 60  # days back that a visit may still be logged


def pair(member, carer, *, every_days, by, since=None):
    """Let `carer` look in on `member` every `every_days` days. Both must be active in the district."""
    since = since or timezone.localdate()
    with transaction.atomic():
        both = Member.objects.select_for_update().filter(pk__in=(member.pk, carer.pk)).order_by("pk")
        if len(both) != 2:  # noqa: PLR2004 - the two of a pair
            raise IllegalTransition("结对的是两个人，不能是同一个人。")
        for one in both:
            if not one.memberships.filter(status=CommunityMembership.Status.ACTIVE).exists():
                raise IllegalTransition(f"{one} 不在册，不能结对。")
        if Pairing.objects.running().filter(member=member, carer=carer).exists():
            raise IllegalTransition("这两位已经结对了。")
        pairing = Pairing(member=member, carer=carer, every_days=every_days, since=since)
        pairing.next_visit_on = since + timedelta(days=every_days)
        _save(pairing, "pair", by=by)
    return pairing


def change_rhythm(pairing, *, every_days, by):
    """Visit more or less often; the next visit counts from the last one."""
    with transaction.atomic():
        pairing = Pairing.objects.select_for_update().get(pk=pairing.pk)
        pairing.every_days = every_days
        pairing.next_visit_on = _next(pairing)
        _save(pairing, "rhythm", by=by)
    return pairing


def end_pair(pairing, *, by, reason, on=None):
    with transaction.atomic():
        pairing = Pairing.objects.select_for_update().get(pk=pairing.pk)
        if pairing.until is not None:
            raise IllegalTransition("这一对已经结束了。")
        on = on or timezone.localdate()
        pairing.until = max(on, pairing.since)
        _save(pairing, "end_pair", by=by, reason=told(reason))
    return pairing


def log_visit(member, *, kind, by, visited_on=None, note="", pairing=None):
    """Write down that somebody was with `member`. 去了没人 is kept and moves no date: the visit is still due."""
    today = timezone.localdate()
    visited_on = visited_on or today
    if visited_on > today:
        raise IllegalTransition("走访的日期不能在今天以后。")
    if visited_on < today - timedelta(days=LATEST):
        raise IllegalTransition(f"只能补记最近{LATEST}天的走访。更早的请写在纸上存档。")
    with transaction.atomic():
        pairings = Pairing.objects.select_for_update().running().filter(member=member).order_by("pk")
        if pairing is not None:
            pairings = pairings.filter(pk=pairing.pk)
        pairings = list(pairings)
        visit = CareVisit(
            member=member,
            pairing=pairings[0] if len(pairings) == 1 else pairing,
            kind=Kind(kind),
            visited_on=visited_on,
            note=note.strip(),
            logged_by=by,
        )
        visit._history_user = by
        visit.save()
        for each in pairings:
            each.next_visit_on = _next(each)
            each._history_user = by
            each.save(update_fields=["next_visit_on"])
    return visit


def _next(pairing):
    """The day of the next visit: the rhythm after the last one that met somebody, or after the beginning."""
    met = CareVisit.objects.filter(member=pairing.member_id).exclude(kind=Kind.NOBODY_HOME)
    last = met.filter(visited_on__gte=pairing.since).order_by("-visited_on").values_list("visited_on", flat=True).first()
    return (last or pairing.since) + timedelta(days=pairing.every_days)


def _save(pairing, event, *, by, reason=""):
    pairing._history_user, pairing._change_reason = by, event
    pairing.save()
    state = "ended" if pairing.until else "running"
    record_event(pairing, event, by=by, before="", after=state, reason=reason, every_days=pairing.every_days)
