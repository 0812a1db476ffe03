"""The verbs of care: pair two members, change the rhythm, end a pair, log a visit. They keep `next_visit_on`.

Whoever writes about a member's care locks the member first, as branches/membership.py does.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from branches.models import CareVisit, CommunityMembership, Event, Member, Pairing
from branches.transitions import IllegalTransition, not_later_than_today, record_event, told

Kind = CareVisit.Kind
LATEST = 60  # days back that a visit may still be logged
LONGEST = 365  # days between two visits
NOTE = CareVisit._meta.get_field("note").max_length


@transaction.atomic
def pair(member, carer, *, every_days, by, since=None):
    """Let `carer` look in on `member` every `every_days` days. Both must be active in the district."""
    since = not_later_than_today(since, "结对")
    both = _locked({member.pk, carer.pk})
    if len(both) != 2:
        raise IllegalTransition("结对的是两个人，不能是同一个人。")
    for one in both:
        active = _active(one)
        if active is None:
            raise IllegalTransition(f"{one} 不在册，不能结对。")
        if since < active.since:
            raise IllegalTransition(f"结对不能早于 {one} 在册的日期。")
    if Pairing.objects.running().filter(member=member, carer=carer).exists():
        raise IllegalTransition("这两位已经结对了。")
    pairing = Pairing(member=member, carer=carer, every_days=_rhythm(every_days), since=since)
    pairing.next_visit_on = _next(pairing)
    _save(pairing, "pair", by=by)
    return pairing


@transaction.atomic
def change_rhythm(pairing, *, every_days, by):
    """Visit more or less often; the next visit counts from the last one."""
    pairing = _running(pairing)
    pairing.every_days = _rhythm(every_days)
    pairing.next_visit_on = _next(pairing)
    _save(pairing, "rhythm", by=by)
    return pairing


@transaction.atomic
def end_pair(pairing, *, by, reason, on=None):
    """End a pair on a day, no earlier than it began."""
    on = not_later_than_today(on, "结束")
    pairing = _running(pairing)
    if on < pairing.since:
        raise IllegalTransition("结束的日期不能早于结对的日期。")
    pairing.until = on
    _save(pairing, "end_pair", by=by, reason=told(reason))
    return pairing


def end_pairs_of(member, *, by, on):
    """End every pair that the member, whose membership ends, is one of. Inside the caller's transaction."""
    pairs = Pairing.objects.select_for_update().running().filter(Q(member=member) | Q(carer=member))
    for pairing in pairs.order_by("pk"):
        pairing.until = max(on, pairing.since)
        _save(pairing, "end_pair", by=by, reason="有一方不在册了")


@transaction.atomic
def log_visit(member, *, kind, by, visited_on=None, note="", pairing=None, key=""):
    """Write down that somebody was with `member`. 去了没人 is kept and moves no date: the visit is still due.

    A visit of one pair counts for that pair; one without a pair, for all who look in on the member. `key` is the word
    of one filled-in form: sent twice (a double tap, a page sent again), it is one visit, which is returned both times;
    sent again with other words, it is refused, for nothing typed may get lost unsaid.
    """
    visited_on = not_later_than_today(visited_on, "走访")
    if visited_on < timezone.localdate() - timedelta(days=LATEST):
        raise IllegalTransition(f"只能补记最近{LATEST}天的走访。更早的请写在纸上存档。")
    if kind not in Kind:
        raise IllegalTransition("请从名单里选做了什么。")
    note = note.strip()
    if len(note) > NOTE:
        raise IllegalTransition(f"写得有点长，请留在{NOTE}个字以内。")
    (member,) = _locked({member.pk})
    known = _logged_before(member, key)
    if known is not None and (known.kind, known.visited_on, known.note) == (kind, visited_on, note):
        return known
    if known is not None:
        raise IllegalTransition("这一页已经记过一次了。要再记一次，请从名单里重新点“记一笔”。")
    if _active(member) is None:
        raise IllegalTransition(f"{member} 不在册了，不能再记走访。可能刚刚有人处理过，请刷新看看。")
    pairings = list(Pairing.objects.select_for_update().running().filter(member=member).order_by("pk"))
    if pairing is not None:
        pairings = [each for each in pairings if each.pk == pairing.pk]
        if not pairings:
            raise IllegalTransition("这一对已经结束了。可能刚刚有人处理过，请刷新看看。")
    visit = CareVisit(
        member=member,
        pairing=pairings[0] if len(pairings) == 1 else None,
        kind=Kind(kind),
        visited_on=visited_on,
        note=note,
        logged_by=by,
    )
    visit._history_user = by
    visit.save()
    record_event(member, "visit", by=by, before="", after=visit.kind, visit=visit.pk, key=key)
    for each in pairings:
        each.next_visit_on = _next(each)
        each._history_user = by
        each.save(update_fields=["next_visit_on"])
    return visit


@transaction.atomic
def enter(pairings, visits, *, by, reason):
    """Enter unsaved pairings and their unsaved visits that exist already (or samples), in bulk.

    Each visit names its pairing; the next visit of a pairing follows from them as it does in `log_visit`.
    """
    last = {}  # by identity: rows that are not saved yet have no hash
    for visit in sorted(visits, key=lambda visit: visit.visited_on):
        if visit.kind != Kind.NOBODY_HOME:
            last[id(visit.pairing)] = visit.visited_on
    for pairing in pairings:
        pairing.next_visit_on = last.get(id(pairing), pairing.since) + timedelta(days=pairing.every_days)
    kept = {"batch_size": 500, "default_user": by, "default_change_reason": reason}
    bulk_create_with_history(pairings, Pairing, **kept)
    bulk_create_with_history(visits, CareVisit, **kept)


def _locked(pks):
    """These members, locked in one order."""
    return list(Member.objects.select_for_update().filter(pk__in=pks).order_by("pk"))


def _running(pairing):
    """The pair, locked after its member; IllegalTransition where it has ended."""
    _locked({pairing.member_id})
    pairing = Pairing.objects.select_for_update().get(pk=pairing.pk)
    if pairing.until is not None:
        raise IllegalTransition("这一对已经结束了。可能刚刚有人处理过，请刷新看看。")
    return pairing


def _active(member):
    """The membership in force, or None."""
    return member.memberships.filter(status=CommunityMembership.Status.ACTIVE).first()


def _rhythm(every_days):
    if not 1 <= every_days <= LONGEST:
        raise IllegalTransition(f"每隔多少天，请填1到{LONGEST}之间的数。")
    return every_days


def _logged_before(member, key):
    """The visit that this form has logged already, or None."""
    told_of = Event.objects.filter(subject=member._meta.label_lower, subject_pk=member.pk, event="visit")
    event = told_of.filter(data__key=key).first() if key else None
    return CareVisit.objects.filter(pk=event.data["visit"]).first() if event else None


def _next(pairing):
    """The day of the next visit: the rhythm after the last one that met somebody, or after the beginning."""
    met = CareVisit.objects.filter(member=pairing.member_id).exclude(kind=Kind.NOBODY_HOME)
    met = met.filter(Q(pairing=None) | Q(pairing=pairing.pk), visited_on__gte=pairing.since)
    last = met.order_by("-visited_on").values_list("visited_on", flat=True).first()
    return (last or pairing.since) + timedelta(days=pairing.every_days)


def _save(pairing, event, *, by, reason=""):
    pairing._history_user, pairing._change_reason = by, event
    pairing.save()
    state = "ended" if pairing.until else "running"
    record_event(pairing, event, by=by, before="", after=state, reason=reason, every_days=pairing.every_days)
