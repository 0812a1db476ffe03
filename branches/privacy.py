"""What a person can ask of us, and what time asks: find, hand over, erase, and let go of what is no longer needed.

A member who is erased stays as an empty row, so that counts and the audit trail keep their footing: no name, no dates,
no place, no telephone, in the row and in all its history. What is erased is gone from the tables; `scrub` in
branches/residue.py takes it out of the files as well.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce, Length
from django.utils import timezone

from branches import audit, care, membership, register_requests
from branches.expired_cache import ExpiredCache
from branches.models import CareVisit, CommunityMembership, Event, Member, Pairing
from branches.sealing import telephone_index
from branches.telephones import numbers_in

BLANK = {
    "name": "", "birth_year": None, "joined_on": None, "enterprise": None, "compound": None, "building": None,
    "telephone": "", "address": "", "contact": "", "needs_home_visit": False, "care_class": "",
}  # fmt: skip
REASON = "删除个人信息"


def hash_of(telephone):
    """The keyed hash of a number, which is also what it is where the hash itself is given."""
    return telephone if re.fullmatch(r"[0-9a-f]{64}", telephone) else telephone_index(telephone)


def holds(text, hashed):
    """Whether a telephone number with this keyed hash stands in the text, however it is written there."""
    return any(telephone_index(number) == hashed for number in numbers_in(text))


@dataclass(frozen=True)
class Elsewhere:
    """What an app to the right of this one keeps about people under a telephone number, or its keyed hash.

    `count(telephone)` and `erase(telephone, names, by=)` return how many records there are, were emptied;
    `copies(telephone, names)` returns {heading: rows} for branches/hand_over.py. `names` are those of one person where
    several share the number; None stands for whoever is found under it.
    """

    name: str
    count: callable
    erase: callable
    copies: callable


ELSEWHERE = []  # filled by the apps when they are ready


@dataclass
class Found:
    """Who has to do with a telephone number: those who have it, those who had it, those whose contact person has it.

    And how many records of other apps stand under it: {name: number}.
    """

    members: list = field(default_factory=list)
    former: list = field(default_factory=list)
    of_contact: list = field(default_factory=list)
    elsewhere: dict = field(default_factory=dict)


def find(telephone):
    """Whom this number belongs to, also in the histories. Opens every sealed telephone: for a command, not a page.

    In place of the number its keyed hash will do: it finds a person in a database restored from an older backup.
    """
    hashed = hash_of(telephone)
    if not hashed:
        return Found()
    members = list(Member.objects.filter(telephone_index=hashed).order_by("pk"))
    had, named = set(), set()
    for pk, former, contact in Member.history.values_list("id", "telephone", "contact").iterator(2000):
        had |= {pk} if telephone_index(former) == hashed else set()
        named |= {pk} if holds(contact, hashed) else set()
    for pk, contact in Member.objects.values_list("pk", "contact").iterator(2000):
        named |= {pk} if holds(contact, hashed) else set()
    former = Member.objects.filter(pk__in=had).exclude(pk__in=[member.pk for member in members])
    counted = {each.name: each.count(telephone) for each in ELSEWHERE}
    return Found(
        members,
        list(former.order_by("pk")),
        list(Member.objects.filter(pk__in=named).order_by("pk")),
        {name: number for name, number in counted.items() if number},
    )


@transaction.atomic
def erase(member, *, by, reason):
    """Take everything personal out of a member's rows and their histories; end what is still running.

    The audit trail keeps the number of the row and a keyed hash of the telephone, so that the erasure can be proved.
    """
    member = Member.objects.select_for_update().get(pk=member.pk)
    today, hashed = timezone.localdate(), member.telephone_index
    for each in member.memberships.filter(status__in=CommunityMembership.CURRENT):
        if each.status == CommunityMembership.Status.PENDING:
            membership.withdraw(each, by=by)
        else:
            membership.end(each, by=by, end_reason=CommunityMembership.EndReason.ASKED)
    care.end_pairs_of(member, by=by, on=today)
    for household in member.hosted_households.filter(consent_on__isnull=False, consent_withdrawn_on=None):
        household.consent_withdrawn_on = today
        household.save(update_fields=["consent_withdrawn_on"])
    _empty(member, by=by)
    audit.record(audit.Action.ERASE, by=by, subject=member, reason=reason, telephone_hash=hashed)


def _empty(member, *, by):
    own = member.memberships.values("pk")
    paired = Pairing.objects.filter(Q(member=member) | Q(carer=member)).values("pk")
    Member.history.filter(id=member.pk).update(**BLANK, history_change_reason=None)
    for manager in (CommunityMembership.objects, CommunityMembership.history):
        manager.filter(member=member.pk).update(note="", home_unit="", lives_in=None)
    for manager in (CareVisit.objects, CareVisit.history):
        manager.filter(member=member.pk).update(note="")
    for model, keys in ((Member, [member.pk]), (CommunityMembership, own), (Pairing, paired)):
        told = Event.objects.filter(subject=model._meta.label_lower, subject_pk__in=keys)
        told.update(reason="", on_behalf_of="")
    for name, value in BLANK.items():
        setattr(member, name, value)
    member._history_user, member._change_reason = by, REASON
    member.save()
    logged = LogEntry.objects.filter(content_type__app_label="branches", content_type__model="member")
    logged.filter(object_id=str(member.pk)).update(object_repr=str(member))


@transaction.atomic
def erase_contact(member, *, telephone_hash, by, reason):
    """Take the contact person out of a member's row and history, because that person asked for it."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    past = [row.pk for row in Member.history.filter(id=member.pk) if holds(row.contact, telephone_hash)]
    Member.history.filter(pk__in=past).update(contact="")
    if holds(member.contact, telephone_hash):
        member.contact = ""
        member._history_user, member._change_reason = by, REASON
        member.save()
    audit.record(audit.Action.ERASE, by=by, subject=member, reason=reason, contact=True, telephone_hash=telephone_hash)


@transaction.atomic
def erase_elsewhere(telephone, names=None, *, by, reason):
    """Empty what other apps keep under a telephone number; returns {name: how many records}."""
    emptied = {each.name: each.erase(telephone, names, by=by) for each in ELSEWHERE}
    emptied = {name: number for name, number in emptied.items() if number}
    if emptied:
        audit.record(audit.Action.ERASE, by=by, reason=reason, counts=emptied, telephone_hash=hash_of(telephone))
    return emptied


# --- what time asks --------------------------------------------------------------------------------------------------


def _before(*, years=0, months=0):
    """The day that lies so long ago; counted in the longest years and months there are, so never too late."""
    return timezone.localdate() - timedelta(days=366 * years + 31 * months)


def gone_members():
    """Members who have belonged to no branch for `KEEP_MEMBERS_YEARS`, and are not erased yet."""
    limit = _before(years=settings.KEEP_MEMBERS_YEARS)
    current = CommunityMembership.objects.filter(status__in=CommunityMembership.CURRENT)
    last = Max(Coalesce(F("memberships__until"), F("memberships__reported_on")))
    return (
        Member.objects.exclude(name="")
        .exclude(pk__in=current.values("member"))
        .annotate(last=last)
        .filter(Q(last__lt=limit) | Q(last=None, created_at__date__lt=limit))
        .order_by("pk")
    )


def _old_notes(manager):
    limit = _before(years=settings.KEEP_VISIT_NOTES_YEARS)
    return manager.annotate(length=Length("note")).filter(length__gt=0, visited_on__lt=limit)


def _old_events():
    limit = _before(months=settings.KEEP_LOGS_MONTHS)
    return Event.objects.filter(at__date__lt=limit).exclude(reason="", on_behalf_of="")


def _old_log():
    return LogEntry.objects.filter(action_time__date__lt=_before(months=settings.KEEP_LOGS_MONTHS))


def _old_waiting():
    return ExpiredCache()


def _old_sessions():
    return Session.objects.filter(expire_date__lt=timezone.now())


@dataclass(frozen=True)
class Kind:
    """Something that is kept for a time: what to call it, which rows are over it, and how to let them go."""

    name: str
    rows: callable
    let_go: callable


def _let_go_of_members(rows):
    for member in rows:
        erase(member, by=None, reason="超过保存期限")


KINDS = {  # the apps to the right add theirs when they are ready
    "members": Kind("离开支部已久的党员：清空个人信息", gone_members, _let_go_of_members),
    "notes": Kind("走访的文字", lambda: _old_notes(CareVisit.objects), lambda rows: rows.update(note="")),
    "past_notes": Kind("走访历史里的文字", lambda: _old_notes(CareVisit.history), lambda rows: rows.update(note="")),
    "events": Kind("办理经过里写的原因和代办人", _old_events, lambda rows: rows.update(reason="", on_behalf_of="")),
    "log": Kind("后台操作日志", _old_log, lambda rows: rows.delete()),
    "waiting": Kind("过期的临时内容（上传后没有导入的名册等）", _old_waiting, lambda rows: rows.delete()),
    "exports": Kind("一个月以前的导出申请", register_requests.over, lambda rows: rows.delete()),
    "sessions": Kind("过期的登录", _old_sessions, lambda rows: rows.delete()),
}


def overdue():
    """{kind: how many rows are kept longer than they may be}"""
    return {key: kind.rows().count() for key, kind in KINDS.items()}


@transaction.atomic
def purge():
    """Let go of everything that is kept longer than it may be; return {kind: how many rows}. The audit trail stays."""
    counts = overdue()
    for kind in KINDS.values():
        kind.let_go(kind.rows())
    audit.record(audit.Action.PURGE, counts=counts)
    return counts
